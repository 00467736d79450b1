"""Files of a study: those that its layers need, and a copy of them in a folder that needs the old one no more."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import rasterio
import rasterio.errors
from sanchoi.gis.errors import SourceError

FILES = ("path", "zones", "crossings")
"""Keys of study.toml that name a file, those of play areas left out."""
RASTER = (
    *(".tfw", ".tifw", ".tiffw", ".jgw", ".jpgw", ".pgw", ".pngw", ".vrtw", ".ascw", ".wld", ".prj", ".hdr"),
    *(".aux.xml", ".ovr", ".msk", ".rrd", ".rde"),
)
OWN: dict[str, tuple[str, ...]] = {
    ".shp": (".shx", ".dbf", ".prj", ".qpj", ".cpg", ".cst", ".qix", ".sbn", ".sbx", ".idm", ".ind", ".xml"),
    ".tab": (".dat", ".dbf", ".map", ".id", ".ind", ".cpg"),
    ".mif": (".mid",),
    ".csv": (".csvt",),
    ".gpkg": ("-wal",),
}
"""What belongs to a file of a kind, of others that of a raster. Nothing else is taken along: what lies beside a file under the
same name may be a list of owners, and a scenario is handed out."""


def named(document: Mapping[str, Any]) -> Iterator[str]:
    """What a study names, those of its play areas left out."""
    for section, values in document.items():
        if not isinstance(values, Mapping) or section == "play_areas":
            continue
        for key, value in values.items():
            if isinstance(value, Mapping):
                yield from named({key: value})
            elif key in FILES and isinstance(value, str):
                yield value


def parts(path: Path) -> list[Path]:
    """A file or folder with what belongs to it.

    Tables and indexes of a Shapefile or a MapInfo table; world file, CRS, statistics and pyramids of a raster; rasters that a
    virtual one is made of.
    """
    found = {path}
    kind = path.suffix.lower()
    stem, whole = path.stem.lower(), path.name.lower()
    mine = {f"{name}{end}" for end in OWN.get(kind, RASTER) for name in (stem, whole)}
    for each in path.parent.iterdir() if path.parent.is_dir() else ():
        if each.name.lower() in mine and each.is_file():
            found.add(each)
    if kind == ".vrt":
        try:
            with rasterio.open(path) as source:
                found |= {Path(os.path.normpath(each)) for each in source.files}
        except rasterio.errors.RasterioError as error:
            raise SourceError(
                f"raster {path.name} cannot be read: {error}", "a whole raster", "fetch it again"
            ) from error
    return sorted(found)


def copied(folder: Path, document: dict[str, Any], work: Path, out: Path) -> None:
    """Copy what a study names into a new folder, and name what lies elsewhere from there.

    Parameters
    ----------
    folder : the study. document : its study.toml, that is changed. work : where the copy is made. out : where it will stand.
    """
    home = folder.resolve()
    moved: dict[str, str] = {}
    made = {path.name for path in work.iterdir()}
    for text in sorted(set(named(document)) - made):
        path = Path(os.path.normpath(home / text))
        own = parts(path)
        if all(each.is_relative_to(home) for each in own):
            for each in own:
                _copy(each, work / each.relative_to(home))
            moved[text] = path.relative_to(home).as_posix()
        elif not os.path.isabs(text):
            moved[text] = Path(os.path.relpath(path.resolve(), out.resolve())).as_posix()
    _renamed(document, moved)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.is_file():
        shutil.copyfile(source, target)


def _renamed(document: dict[str, Any], moved: Mapping[str, str]) -> None:
    for key, value in document.items():
        if isinstance(value, dict) and key != "play_areas":
            _renamed(value, moved)
        elif key in FILES and isinstance(value, str):
            document[key] = moved.get(value, value)
