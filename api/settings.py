"""Settings of the service: what it serves, where it keeps its own state, and what it refuses to do.

They pass from `sanchoi serve` to its worker processes in one environment variable, so that every process has the same.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

VARIABLE = "SANCHOI_SETTINGS"
SECRET = "SANCHOI_OIDC_SECRET"
"""Variable of the environment that holds the secret of the client at the log-in service."""


@dataclass(frozen=True)
class Limits:
    """What one request may ask for.

    Attributes
    ----------
    page : features a page holds at most. page_default : and unless asked. body_bytes : size of a request's body.
    upload_bytes : and of one sent to an address for files. vertices : of all geometries in a request. changes : in one
        what-if. jobs_waiting : jobs that may wait at once. jobs_running : and run at once. job_seconds : how long one may run.
    job_bytes : memory that one may use, 0 = three quarters of the machine's. export_files : files that one export may hold.
        filter_chars : length of a filter.
    """

    page: int = 10_000
    page_default: int = 100
    body_bytes: int = 2_000_000
    upload_bytes: int = 20_000_000
    vertices: int = 10_000
    changes: int = 50
    jobs_waiting: int = 20
    jobs_running: int = 1
    job_seconds: float = 3600.0
    job_bytes: int = 0
    export_files: int = 1_000
    filter_chars: int = 4_000


@dataclass(frozen=True)
class Oidc:
    """A service that people can log in with (OpenID Connect).

    Attributes
    ----------
    issuer : its address. client : the id that this service has there. name : what people call it, for the button.
    secret_file : file that holds the client's secret; unless given, it is in the environment, see `SECRET`. It is never in here.
    """

    issuer: str
    client: str
    name: str = ""
    secret_file: str = ""

    def secret(self, environment: Mapping[str, str] = os.environ) -> str:
        """The client's secret; empty = the client has none.

        Raises
        ------
        OSError : the file cannot be read.
        """
        if self.secret_file:
            return Path(self.secret_file).read_text(encoding="utf-8").strip()
        return environment.get(SECRET, "")


@dataclass(frozen=True)
class Settings:
    """One service.

    Attributes
    ----------
    results : result folders, or folders that hold some.
    data : the service's own folder: its database, indexes, and the results of its jobs. Made if missing.
    database : SQLAlchemy URL; empty = SQLite in `data`.
    base_url : the address that links are made with, where a proxy hides it; empty = that of the request.
    hosts : names under which the service may be asked to write; none = any.
    language : of pages and errors when the asker names none.
    private : only who has logged in may look. guarded : saving scenarios and starting jobs needs a right.
    oidc : a service that people can log in with besides passwords.
    session_s, idle_s : a session ends so long after the log-in, and after so long without use.
    """

    results: tuple[Path, ...]
    data: Path
    database: str = ""
    base_url: str = ""
    language: str = "vi"
    hosts: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    private: bool = False
    guarded: bool = False
    session_s: float = 12 * 3600.0
    idle_s: float = 4 * 3600.0
    oidc: Oidc | None = None

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database or f"sqlite:///{(self.data / 'sanchoi.db').resolve()}"

    def text(self) -> str:
        """As one JSON text."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def of_text(cls, text: str) -> Settings:
        """From the JSON text of `text`."""
        found = json.loads(text)
        oidc = found.pop("oidc", None)
        return cls(
            tuple(Path(each) for each in found.pop("results")),
            Path(found.pop("data")),
            limits=Limits(**found.pop("limits")),
            hosts=tuple(found.pop("hosts")),
            oidc=Oidc(**oidc) if oidc else None,
            **found,
        )

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings that the parent process left in the environment."""
        return cls.of_text(environment[VARIABLE])
