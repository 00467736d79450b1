"""Results: the folder that leaves the house (an edge: files out).

`run.json` says how it was made; `tables/NAME.parquet` hold the tables (GeoParquet where they have geometry, EPSG:4326);
`tables/gaps.csv` the gaps for a spreadsheet (UTF-8 with BOM); `result.gpkg` the layers for a GIS; `model/` what is needed to answer
"what if?". The same input gives the same bytes: rows are sorted, the GeoPackage's clock is fixed, and time stands in `run.json`
under `timings` alone.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from sanchoi.gis import model_files, workbook
from sanchoi.gis.errors import SourceError, worded
from sanchoi.gis.model import Model
from sanchoi.gis.workbook import FIXED_CLOCK

LAYERS = ("communes", "play_areas", "cells", "barriers", "parcels", "usable")
MADE = (
    "run.json",
    "index.html",
    "maps/gap.html",
    "maps/sites.html",
    "tables/gaps.csv",
    "tables/gaps.xlsx",
    "tables/sites.xlsx",
    "result.gpkg",
)
MAX_CELLS = 250_000
"""More cells than this stay out of the GeoPackage, where a million weigh 150 MB; they stand in `tables/cells.parquet`."""


@dataclass(frozen=True)
class Result:
    """What a run gives: named tables (geometry in EPSG:4326), the record of how they were made, and what "what if?" needs."""

    tables: Mapping[str, pd.DataFrame]
    run: Mapping[str, Any] = field(default_factory=dict)
    model: Model | None = None


def write(result: Result, folder: Path) -> Path:
    """Write a result folder (made if missing); files of an earlier run with the same names are replaced.

    Raises
    ------
    SourceError : the folder cannot be written.
    """
    try:
        _clear(folder)
        (folder / "tables").mkdir(parents=True, exist_ok=True)
        for name, table in result.tables.items():
            table.to_parquet(folder / "tables" / f"{name}.parquet", index=False)
        gaps = workbook.harmless(result.tables["gaps"])
        gaps.to_csv(folder / "tables" / "gaps.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n")
        sheets = {"gaps": result.tables["gaps"], "about": workbook.about(result.run)}
        workbook.write(sheets, folder / "tables" / "gaps.xlsx")
        if "parcels" in result.tables:
            workbook.write(workbook.sites(result.tables, result.run), folder / "tables" / "sites.xlsx")
        _write_gpkg(result, folder / "result.gpkg")
        if result.model is not None:
            model_files.save(result.model, folder)
        text = json.dumps({**result.run, "tables": sorted(result.tables)}, ensure_ascii=False, indent=1, default=str)
        (folder / "run.json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def _clear(folder: Path) -> None:
    """Take away what an earlier run left, the record first: a run that is cut short leaves no whole result behind."""
    for name in MADE:
        (folder / name).unlink(missing_ok=True)
    for path in (folder / "tables").glob("*.parquet"):
        path.unlink()
    shutil.rmtree(folder / model_files.FOLDER, ignore_errors=True)


def unwritable(folder: Path, error: OSError) -> SourceError:
    """The error for a folder that cannot be written."""
    return worded(
        SourceError,
        ("không ghi được vào {folder} ({why})", "nơi còn chỗ và được phép ghi", "chọn nơi khác bằng --out"),
        (
            "the result folder {folder} cannot be written ({why})",
            "a folder with room that you may write to",
            "choose another with --out",
        ),
        folder=folder,
        why=error.strerror or error,
    )


def probe(folder: Path) -> None:
    """Find out before the work whether a result folder can be written.

    Raises
    ------
    SourceError : it cannot.
    """
    try:
        (folder / "tables").mkdir(parents=True, exist_ok=True)
        trial = folder / "tables" / ".trial"
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise unwritable(folder, error) from error


def read(folder: Path) -> Result:
    """Read a result folder back.

    Raises
    ------
    SourceError : the folder has no run.json.
    """
    record = folder / "run.json"
    if not record.is_file():
        raise SourceError(
            f"{folder} holds no run.json", "a result folder", "make one with: sanchoi run STUDY --out DIR"
        )
    tables = {}
    for path in sorted((folder / "tables").glob("*.parquet")):
        tables[path.stem] = read_table(folder, path.stem)
    try:
        run = json.loads(record.read_text(encoding="utf-8"))
        made = run.get("tables", [])
    except (ValueError, AttributeError) as error:
        raise _damaged("run.json", error) from error
    lost = sorted(set(made) - set(tables))
    if lost:
        raise _damaged(f"tables/{lost[0]}.parquet", "it is not there")
    return Result(tables, run, model_files.found(folder))


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """One table of a result folder, with geometry where it has some.

    Raises
    ------
    SourceError : its file is missing or damaged.
    """
    path = folder / "tables" / f"{name}.parquet"
    try:
        if b"geo" in (pq.read_schema(path).metadata or {}):
            found: pd.DataFrame = gpd.read_parquet(path)
            return found
        return pd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _damaged(path.name, error) from error


def _damaged(name: str, error: object) -> SourceError:
    return SourceError(
        f"{name} of the result cannot be read ({error})", "the files as sanchoi wrote them", "run the study again"
    )


@contextmanager
def fixed_clock() -> Iterator[None]:
    """Let GDAL stamp GeoPackages with one fixed time, so that the same table gives the same bytes."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_CLOCK})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _write_gpkg(result: Result, path: Path) -> None:
    """Layers with geometry, the gaps with the commune's outline, one layer per band."""
    tables = result.tables
    outline = tables["communes"][["commune_id", "vintage", "geometry"]]
    with fixed_clock():
        for band, rows in tables["gaps"].groupby("band", sort=False):
            layer = gpd.GeoDataFrame(outline.merge(rows, on=["commune_id", "vintage"]), crs=outline.crs)
            _layer(layer, path, f"gaps_{band}".replace("-", "_"))
        for name in LAYERS:
            if name in tables and not (name == "cells" and len(tables[name]) > MAX_CELLS):
                _layer(gpd.GeoDataFrame(tables[name]), path, name)
        if "sites" in tables:
            pieces = gpd.GeoDataFrame(tables["usable"])
            _layer(gpd.GeoDataFrame(pieces.merge(tables["sites"], on="parcel_id"), crs=pieces.crs), path, "sites")


def _layer(frame: gpd.GeoDataFrame, path: Path, name: str) -> None:
    if len(frame):
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio")
