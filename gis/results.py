"""Results: the folder that leaves the house (an edge: files out).

`run.json` says how it was made; `tables/NAME.parquet` hold the tables (GeoParquet where they have geometry, EPSG:4326);
`tables/gaps.csv` the gaps for a spreadsheet (UTF-8 with BOM); `result.gpkg` the layers for a GIS. The same input gives the same
bytes: rows are sorted, the GeoPackage's clock is fixed, and time stands in `run.json` under `timings` alone.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from openpyxl import Workbook
from sanchoi.gis.errors import SourceError

FIXED_CLOCK = "2025-07-01T00:00:00.000Z"
LAYERS = ("communes", "play_areas", "cells", "barriers", "parcels", "usable")
MAX_CELLS = 250_000
"""More cells than this stay out of the GeoPackage, where a million weigh 150 MB; they stand in `tables/cells.parquet`."""


@dataclass(frozen=True)
class Result:
    """What a run gives: named tables (geometry in EPSG:4326) and the record of how they were made."""

    tables: Mapping[str, pd.DataFrame]
    run: Mapping[str, Any] = field(default_factory=dict)


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
        gaps = _for_spreadsheet(result.tables["gaps"])
        gaps.to_csv(folder / "tables" / "gaps.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
        _write_xlsx(gaps, folder / "tables" / "gaps.xlsx")
        _write_gpkg(result, folder / "result.gpkg")
        text = json.dumps(result.run, ensure_ascii=False, indent=1, default=str)
        (folder / "run.json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def _clear(folder: Path) -> None:
    """Take away what an earlier run left, the record first: a run that is cut short leaves no whole result behind."""
    for name in ("run.json", "index.html", "maps/gap.html", "tables/gaps.csv", "tables/gaps.xlsx", "result.gpkg"):
        (folder / name).unlink(missing_ok=True)
    for path in (folder / "tables").glob("*.parquet"):
        path.unlink()


def _write_xlsx(table: pd.DataFrame, path: Path) -> None:
    """Write a workbook with one sheet and fixed dates inside: the same table, the same bytes."""
    book = Workbook()
    sheet = book.active
    sheet.title = "gaps"
    sheet.append(list(table.columns))
    for row in table.astype(object).where(table.notna(), None).itertuples(index=False):
        sheet.append(list(row))
    sheet.freeze_panes = "E2"
    draft = io.BytesIO()
    book.save(draft)
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as sink:
        for name in sorted(source.namelist()):
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", FIXED_CLOCK[:19].encode() + b"Z", data)
            sink.writestr(zipfile.ZipInfo(name, (2025, 7, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def _for_spreadsheet(table: pd.DataFrame) -> pd.DataFrame:
    """Texts that a spreadsheet would run as a formula get an apostrophe in front."""
    out = table.copy()
    texts: list[str] = out.select_dtypes(include="str").columns.tolist()
    for column in texts:
        text = out[column].fillna("")
        out[column] = out[column].where(~text.str.startswith(("=", "+", "-", "@", "\t", "\r")), "'" + text)
    return out


def unwritable(folder: Path, error: OSError) -> SourceError:
    """The error for a folder that cannot be written."""
    return SourceError(
        f"the result folder {folder} cannot be written ({error.strerror or error})",
        "a folder with room that you may write to",
        "choose another with --out",
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
        try:
            tables[path.stem] = gpd.read_parquet(path)
        except ValueError:  # no geometry in it
            tables[path.stem] = pd.read_parquet(path)
    return Result(tables, json.loads(record.read_text(encoding="utf-8")))


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


def _layer(frame: gpd.GeoDataFrame, path: Path, name: str) -> None:
    if len(frame):
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio")
