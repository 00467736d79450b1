"""Files of a study: found by the paths in study.toml, and known by their hash."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from sanchoi.gis.errors import SourceError
from sanchoi.gis.study import nearest


def find(folder: Path, relative: str) -> Path:
    """Resolve a path of study.toml.

    Raises
    ------
    SourceError : no such file; names the nearest one in that folder.
    """
    path = folder / relative
    if path.is_file():
        return path
    beside = [each.name for each in path.parent.iterdir() if each.is_file()] if path.parent.is_dir() else []
    near = nearest(path.name, beside)
    raise SourceError(
        f"there is no file {relative}",
        f"a file relative to the study's folder ({folder.name or folder})",
        f'did you mean "{near}"?' if near else "check the path in study.toml",
    )


def sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces; the same file is read once."""
    stat = path.stat()
    return _sha256(str(path), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _sha256(path: str, modified: int, size: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_pbf(path: Path) -> bool:
    """Whether a file is an OSM extract by its name."""
    return path.name.lower().endswith((".osm.pbf", ".pbf"))
