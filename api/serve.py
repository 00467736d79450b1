"""Serve: the body of `sanchoi serve`. Looks first, then starts workers and the runner of jobs, keeps them up, and stops them."""

from __future__ import annotations

import http.client
import ipaddress
import logging
import os
import re
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from sanchoi.api import logs, metrics
from sanchoi.api.accounts import invitations
from sanchoi.api.features import index
from sanchoi.api.library import Library
from sanchoi.api.problems import Problem
from sanchoi.api.settings import VARIABLE, Oidc, Settings
from sanchoi.api.store import Store
from sanchoi.api.supervisor import Supervisor, Task, run_jobs, work
from sanchoi.gis.errors import SanchoiError, SourceError
from sanchoi.gis.results import unwritable

log = logging.getLogger("sanchoi.service")
START_S = 180.0
"""So long may it take until the first worker answers."""


def serve(settings: Settings, host: str, port: int, workers: int, quiet: bool) -> int:
    """Serve until a signal says stop, and return the exit code.

    Raises
    ------
    SourceError : no result, a port that is taken, a folder that cannot be written, a database that does not answer, or an address
        that is none.
    """
    logs.configure(quiet)
    check_address(settings.base_url)
    library = Library(settings)
    _probe(settings.data)
    with listening(host, port) as door:
        first = _migrate(settings, quiet)
        settings = replace(settings, hosts=own_hosts(host, settings.base_url))
        _prepare(library, settings)
        with _environment(settings):
            count = max(1, min(workers, len(os.sched_getaffinity(0))))
            tasks = [Task(f"worker {k + 1}", work, (door, quiet)) for k in range(count)]
            tasks.append(Task("jobs", run_jobs, (settings.text(), quiet)))
            address = _address(host, door)
            return Supervisor(tasks).run(
                lambda: answers(host, door), START_S, lambda: _tell(address, settings, first, quiet)
            )


def _tell(address: str, settings: Settings, first: str | None, quiet: bool) -> None:
    """Where it answers; and while there is no administrator, the link that makes one."""
    if quiet:
        return
    sys.stdout.write(f"Sân Chơi: {address}\n")
    if first is not None:
        link = f"{(settings.base_url or address).rstrip('/')}/{settings.language}/account/invited/{first}"
        sys.stdout.write(f"Tạo tài khoản quản trị (một lần, trong 24 giờ) · make the administrator: {link}\n")
    sys.stdout.flush()


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens, shared by all workers.

    Raises
    ------
    SourceError : the port is taken, or not to be had.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Passed on to every connection: else the second packet of an answer waits 40 ms for the first to be acknowledged.
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise _no_door(host, port, error) from error
    with door:
        try:
            door.bind(place)
            door.listen(1024)
        except OSError as error:
            raise _no_door(host, port, error) from error
        yield door


def _no_door(host: str, port: int, error: OSError) -> SourceError:
    return SourceError(
        f"{host}:{port} cannot be listened at ({error.strerror or error})",
        "an address of this machine and a free port",
        "choose another with --port or --host, or stop what uses it",
    )


def answers(host: str, door: socket.socket) -> bool:
    """Whether the service answers that it is ready."""
    found = http.client.HTTPConnection(_near(host), door.getsockname()[1], timeout=5)
    try:
        found.request("GET", "/ready")
        return found.getresponse().status == 200
    except OSError:
        return False
    finally:
        found.close()


def _near(host: str) -> str:
    """The address at which this machine reaches what listens at a host."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)


def _address(host: str, door: socket.socket) -> str:
    shown = _near(host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{door.getsockname()[1]}/"


def own_hosts(host: str, base_url: str) -> tuple[str, ...]:
    """Names under which a service that only this machine reaches may be asked to write; none = any.

    Without it a page elsewhere could let its own name point to this machine, and write as if it were ours.
    """
    if not is_loopback(host):
        return ()
    return tuple({host, "localhost", "127.0.0.1", "::1", urlsplit(base_url).hostname or host})


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, and nobody else reaches it."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def guards(host: str, base_url: str, private: bool = False) -> bool:
    """Whether a service asks for rights unless it is told: it does where others reach it, be it through a proxy."""
    check_address(base_url)
    told = urlsplit(base_url).hostname or host
    return private or not is_loopback(host) or not is_loopback(told)


def login_service(issuer: str, client: str, name: str, secret: Path | None) -> Oidc | None:
    """The log-in service that the options name, if any.

    Raises
    ------
    SourceError : half of it is missing, it is no address, or the file of the secret cannot be read.
    """
    if not (issuer or client or secret):
        return None
    todo = "see --oidc-issuer, --oidc-client and --oidc-secret-file"
    try:
        parts = urlsplit(issuer)
        good = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        good = good and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        good = False
    if not good or not client:
        came = f"the log-in service {issuer or '–'} with the client {client or '–'}"
        raise SourceError(came, "an address that begins with https://, and the id of this service there", todo)
    made = Oidc(issuer, client, name, str(secret.resolve()) if secret else "")
    try:
        made.secret()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{secret} cannot be read", "a file that holds the secret of the client", todo) from error
    return made


def check_address(text: str) -> None:
    """Find out whether links can be made with an address.

    Raises
    ------
    SourceError : they cannot.
    """
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
        right = not text or (whole and parts.port != 0 and not re.search(r"[\s\"<>\\]", text))
    except ValueError:
        right = False
    if not right:
        raise SourceError(
            f"{text} is no address of a service", "http://… or https://…, as browsers reach it", "see --base-url"
        )


def _probe(folder: Path) -> None:
    """Find out whether the service's own folder can be written.

    Raises
    ------
    SourceError : it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f".trial-{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as error:
        found = unwritable(folder, error)
        raise SourceError(
            found.came.replace("result folder", "folder"), found.expected, "choose another with --data"
        ) from error


def _migrate(settings: Settings, quiet: bool) -> str | None:
    """Bring the database up to date; give the secret of the link that makes the administrator where there is none.

    Without a place to print it there is no link: `sanchoi user link` makes one.
    """
    store = Store(settings.url)
    try:
        store.migrate()
        return None if quiet else invitations.first(store)
    except Problem as problem:
        told = problem.told("en", "")["detail"]
        raise SourceError(
            f"the database cannot be used: {told}", "a database that answers", "see --database"
        ) from problem
    finally:
        store.close()


def _prepare(library: Library, settings: Settings) -> None:
    """Make the indexes that the service reads by, once for all workers; a result that has none is served without them."""
    for entry in library:
        try:
            index.prepare(entry, settings)
        except (Problem, SanchoiError) as error:
            fault = error.told("en", "")["detail"] if isinstance(error, Problem) else str(error)
            log.warning("no index could be made", extra={"facts": {"result": entry.id, "fault": fault}})
    index.tidy(library, settings)


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """What the processes find in their environment; the folder of their counts is new each time."""
    counts = settings.data.resolve() / "metrics" / str(os.getpid())
    shutil.rmtree(counts, ignore_errors=True)
    counts.mkdir(parents=True)
    own = {VARIABLE: settings.text(), metrics.VARIABLE: str(counts)}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        shutil.rmtree(counts, ignore_errors=True)
