"""Own state: the service's database and folder, opened by a command while the service runs or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sanchoi.gis.errors import SourceError

if TYPE_CHECKING:
    from sanchoi.api.settings import Settings
    from sanchoi.api.store import Store

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The service's own folder.")]
Database = Annotated[str, typer.Option("--database", metavar="URL", help="postgresql://…, else SQLite in that folder.")]
FOLDER = Path("sanchoi-data")


@contextmanager
def opened(data: Path, database: str, new: bool = False) -> Iterator[tuple[Settings, Store]]:
    """Settings without results, and the store with its tables up to date.

    Parameters
    ----------
    new : make the database where there is none; else that is an error.

    Raises
    ------
    SourceError : there is none, it does not answer, or what is done with it is refused.
    """
    from sanchoi.api.problems import Problem  # here, so that other commands need not load the database
    from sanchoi.api.settings import Settings
    from sanchoi.api.store import Store

    settings = Settings((), data, database)
    store = Store(settings.url)
    try:
        if store.file is not None and not new and not store.file.is_file():
            raise SourceError(
                f"{store.file} is not there", "the database of a service", "name its folder with --data, or --database"
            )
        store.migrate()
        yield settings, store
    except Problem as problem:
        raise SourceError(problem.told("en", "")["detail"], "", "") from problem
    finally:
        store.close()
