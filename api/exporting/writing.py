"""Writing: an export as a folder or a zip file, complete or not at all, its manifest last."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sanchoi.api import half
from sanchoi.api.exporting import manifest
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.csv_tables import Kept
from sanchoi.api.exporting.refusals import KINDS, refusal
from sanchoi.api.exporting.registry import FORMATS
from sanchoi.api.exporting.wish import Wish
from sanchoi.gis import results
from sanchoi.gis.errors import SourceError
from sanchoi.gis.results import Result

Progress = Callable[[int, int], None]
IN_CRS = ("xlsx", "gpkg", "fgb", "csv", "shp", "tab", "dxf", "dgn")
"""Formats whose coordinates are in the CRS that is wished."""
LAYERS = ("gpkg", "fgb", "geojson", "kml", "shp", "tab", "dxf", "dgn")
WHOLE = (
    "Thứ tự xây, hạng và các cột cộng dồn của địa điểm là của cả phương án, không riêng nơi đã chọn.",
    "Build order, ranks and running totals of sites are those of the whole plan, not of what was chosen.",
)
"""What is said of files with the sites of a plan of which only a part was chosen; tables and workbook say it themselves."""
CLOCK = (2025, 7, 1, 0, 0, 0)
"""Time of every file in a zip, so that the same export gives the same bytes."""


def write(
    result: Path, wish: Wish, out: Path, progress: Progress = lambda done, of: None, read: Result | None = None
) -> dict[str, Any]:
    """Write an export into a new or empty folder, or into a new file when `out` ends in .zip; returns the manifest.

    Parameters
    ----------
    read : the result when it has been read already. progress : is told how many files of how many are done.

    Raises
    ------
    SourceError : no result, or a place that holds something or cannot be written.
    ContractError : unknown format, nothing chosen, or what a format says of its own. UnknownId : no such commune or site.
    """
    zipped = out.suffix.lower() == ".zip"
    if out.exists() and (zipped or not out.is_dir() or any(out.iterdir())):
        raise refusal("is_there" if zipped else "holds_files", SourceError, place=out)
    _formats(wish)
    context = Context(result, results.read(result) if read is None else read, wish)
    asked = todo(context)
    _places(context, asked)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with half.beside(out, "export") as place:
            work = place / "files"
            work.mkdir()
            told = _made(context, asked, work, progress)
            if zipped:
                _pack(work, place / "made.zip")
                (place / "made.zip").replace(out)
            else:
                if out.exists():
                    out.rmdir()
                work.replace(out)
    except OSError as error:
        raise results.unwritable(out, error) from error
    return told


def _formats(wish: Wish) -> None:
    for name in wish.formats:
        if name not in FORMATS:
            raise refusal("format", came=name, known=", ".join(FORMATS))


def todo(context: Context) -> list[tuple[str, str]]:
    """Format and id of everything that is to be made."""
    found = []
    for name in dict.fromkeys(context.wish.formats):
        form = FORMATS[name]
        if form.per == "whole":
            ids = [""]
        elif context.wish.everything and form.choose is not None:
            ids = form.choose(context)
        else:
            ids = context.communes if form.per == "commune" else context.sites
        found += [(name, each) for each in ids]
    if not found:
        raise refusal("nothing")
    return found


def _places(context: Context, todo: list[tuple[str, str]]) -> None:
    """Refuse a format of which nothing would be made, unless everything was wished and there is none.

    Raises
    ------
    ContractError : it is of communes or sites, and none is named.
    """
    made = {name for name, _ in todo}
    for name in () if context.wish.everything else context.wish.formats:
        if name not in made:
            kind = FORMATS[name].per
            raise refusal("of_none", name=name, kind=KINDS[kind], option=kind)


def _made(context: Context, todo: list[tuple[str, str]], work: Path, progress: Progress) -> dict[str, Any]:
    files: dict[str, dict[str, Any]] = {}
    kept = Kept(context)
    sites = kept.of("sites") if kept.cut else None
    whole = sites is not None and len(sites) > 0
    for done, (name, each) in enumerate(todo):
        progress(done, len(todo))
        made = FORMATS[name].make(context, each, work)
        afar = context.afar() if made and name in IN_CRS else None
        if afar is not None:
            context.note(made[-1], *afar)
        if made and name in LAYERS and whole:
            context.note(next((path for path in made if path.stem == "sites"), made[-1]), *WHOLE)
        for path in made:
            files[path.relative_to(work).as_posix()] = manifest.entry(path, name, each)
    progress(len(todo), len(todo))
    told = manifest.of(context, files)
    (work / manifest.NAME).write_text(manifest.text(told), encoding="utf-8")
    return told


def _pack(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as sink:
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                info = zipfile.ZipInfo(each.relative_to(folder).as_posix(), CLOCK)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with each.open("rb") as source, sink.open(info, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target)
