"""Survey files: a filled form as its lines, read from a workbook or a GeoPackage that somebody sent; nothing in it is believed."""

from __future__ import annotations

import io
import shutil
import sqlite3
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import shapely
from sanchoi.api.uploads import archive
from sanchoi.api.uploads.limits import MB, Limits
from sanchoi.api.uploads.words import REFUSALS, Refused, told
from sanchoi.gis.corner_words import shown
from sanchoi.gis.errors import SanchoiError
from sanchoi.gis.names import fold
from sanchoi.gis.survey_cells import is_blank, plain
from sanchoi.gis.survey_form import COLUMNS, DRAWN, HEAD, MOST, Filled, Form, Formula, Line, parse
from sanchoi.gis.survey_words import Pair, refusal

LIMITS = Limits()
RECORD = "sanchoi"
HEADER, LAYERS = "phieu", ("san_choi_diem", "san_choi_vung")
WIDE, DEEP = 60, 20_000
"""Columns and rows of a sheet that are looked at."""
DEGREES = "EPSG:4326"


def read(path: Path) -> Filled:
    """A filled form.

    Raises
    ------
    SourceError : no file, too large, broken, or of another kind. ContractError : no form, of another version, or changed.
    """
    if not path.is_file():
        raise refusal("file_missing", file=path)
    size = path.stat().st_size
    if size > LIMITS.site_bytes:
        raise refusal("file_large", file=path.name, came=f"{size / MB:.1f}", most=LIMITS.site_bytes // MB)
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"PK\x03\x04"):
        return _workbook(path)
    if start.startswith(b"SQLite format 3\x00"):
        return _layers(path)
    raise refusal("file_old" if start.startswith(b"\xd0\xcf\x11\xe0") else "file_kind", file=path.name)


def _broken(path: Path, why: object) -> SanchoiError:
    return refusal("file_broken", file=path.name, came=why if isinstance(why, tuple) else shown(str(why)))


def _workbook(path: Path) -> Filled:
    data = path.read_bytes()
    try:
        parts = archive.unpack(data, archive.members(data, LIMITS, folders=True, nested=True), LIMITS)
    except Refused as error:
        _, vi, en = REFUSALS[error.code]
        words = told((vi, en), error.values)
        raise _broken(path, (words[0].split(" · ")[0], words[1].split(" · ")[0])) from error
    if "xl/workbook.xml" not in parts:
        raise refusal("file_kind", file=path.name)
    if any(name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in body[:4096] for name, body in parts.items()):
        raise _broken(path, "DOCTYPE")
    try:
        with (
            warnings.catch_warnings()
        ):  # of lists that spreadsheet programs write their own way, and of unknown extensions
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data))
        sheets = {each.title: _cells(each) for each in book.worksheets}
    except (
        zipfile.BadZipFile, zlib.error, SyntaxError, ValueError, TypeError, AttributeError, KeyError, IndexError,
        EOFError, RuntimeError, OSError, OverflowError,
    ) as error:  # fmt: skip  # XML faults are SyntaxErrors
        raise _broken(path, error) from error
    record = {plain(row[0]): _text(row[1]) for row in sheets.get(RECORD, []) if len(row) > 1 and plain(row[0])}
    form = parse(record, path.name)
    for rows in (rows for name, rows in sheets.items() if name != RECORD):
        at = _heading(rows)
        if at is not None:
            return _filled(path, form, rows, *at)
    raise refusal("columns", file=path.name, came=COLUMNS["no"])


def _cells(sheet: Any) -> list[list[object]]:  # noqa: ANN401 - a sheet
    """Cells of a sheet as far as a form goes; formulas as formulas."""
    rows = sheet.iter_rows(max_row=min(sheet.max_row, DEEP), max_col=min(sheet.max_column, WIDE))
    return [
        [Formula(plain(getattr(c.value, "text", c.value))) if c.data_type == "f" else c.value for c in row]
        for row in rows
    ]


def _text(value: object) -> str:
    """A text of the record as it was written."""
    return "" if value is None or isinstance(value, Formula) else str(value)


def _labels(pairs: Mapping[str, Pair]) -> dict[str, str]:
    """What a heading may say → its key: one language, or both in either order."""
    out: dict[str, str] = {}
    for key, (vi, en) in pairs.items():
        out |= dict.fromkeys((fold(text) for text in (vi, en, f"{vi} ({en})", f"{en} ({vi})")), key)
    return out


HEADINGS, LABELS = _labels(COLUMNS), _labels(HEAD)


def _said(row: Sequence[object], labels: Mapping[str, str]) -> dict[str, int]:
    """Keys of the labels in a row, and where they stand."""
    told = ((labels.get(fold(plain(cell))), k) for k, cell in enumerate(row) if isinstance(cell, str))
    return {key: k for key, k in told if key is not None}


def _heading(rows: Sequence[Sequence[object]]) -> tuple[int, dict[str, int]] | None:
    """Row of the heading, and where each column stands."""
    for at, row in enumerate(rows[:60]):
        found = _said(row, HEADINGS)
        if len(found) >= 4:
            return at, found
    return None


def _filled(path: Path, form: Form, rows: Sequence[Sequence[object]], at: int, where: Mapping[str, int]) -> Filled:
    for column, pair in COLUMNS.items():
        if column not in where:
            raise refusal("columns", file=path.name, came=pair)
    head: dict[str, object] = {}
    for row in rows[:at]:
        for key, place in _said(row, LABELS).items():
            head[key] = next((cell for cell in row[place + 1 :] if isinstance(cell, Formula) or plain(cell)), None)
    for key, pair in HEAD.items():
        if key not in head:
            raise refusal("columns", file=path.name, came=pair)
    lines = []
    for k, row in enumerate(rows[at + 1 :], at + 2):
        line = Line((f"hàng {k}", f"row {k}"), {column: row[place] for column, place in where.items()})
        if plain(line.cells["play_area_id"]) or not is_blank(line):
            lines.append(line)
    if len(lines) > MOST:
        raise refusal("lines", file=path.name, most=MOST)
    return Filled(path.name, form, head["surveyor"], head["surveyed_on"], head["none"], lines)


def _layers(path: Path) -> Filled:
    with tempfile.TemporaryDirectory() as place:  # SQLite and GDAL go by the name, and may write beside the file
        own = Path(shutil.copyfile(path, Path(place) / "form.gpkg"))
        try:
            head, record, counts = _tables(own)
        except (sqlite3.Error, ValueError) as error:
            raise _broken(path, error) from error
        form = parse(record, path.name)
        for layer in LAYERS:
            if layer not in counts:
                raise refusal("columns", file=path.name, came=layer)
            if counts[layer] > MOST:
                raise refusal("lines", file=path.name, most=MOST)
        lines = [line for layer in LAYERS for line in _features(own, path.name, layer)]
    if len(lines) > MOST or shapely.get_num_coordinates([each.geometry for each in lines]).sum() > LIMITS.vertices:
        raise refusal("lines", file=path.name, most=MOST)
    return Filled(path.name, form, head.get("surveyor"), head.get("surveyed_on"), head.get("none"), lines, drawn=True)


def _features(own: Path, file: str, layer: str) -> Iterator[Line]:
    """Lines of a layer, places in EPSG:4326."""
    try:
        found = pyogrio.read_dataframe(own, layer=layer, fid_as_index=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError) as error:
        raise _broken(Path(file), f"{layer}: {error}") from error
    wanted = [each for each in COLUMNS if each not in DRAWN]
    lost = next((each for each in wanted if each not in found.columns), None)
    if lost is not None:
        raise refusal("columns", file=file, came=f"{layer}.{lost}")
    if found.crs is None:
        raise refusal("columns", file=file, came=f"{layer}: CRS")
    found = found.to_crs(DEGREES)
    for fid, row in zip(found.index, found.to_dict("records"), strict=True):
        shape = row["geometry"]
        cells = {column: _cell(row[column]) for column in wanted}
        at = (f"lớp {layer}, đối tượng {fid}", f"layer {layer}, feature {fid}")
        line = Line(at, cells, None if shape is None or shape.is_empty else shape)
        if plain(cells["play_area_id"]) or not is_blank(line):
            yield line


def _cell(value: Any) -> object:  # noqa: ANN401 - a cell
    return None if value is None or value != value else value


def _tables(path: Path) -> tuple[dict[str, object], dict[str, str], dict[str, int]]:
    """The head, the record, and how many features each layer holds, read without running anything of the file."""
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        for pragma in ("trusted_schema = OFF", "query_only = ON"):
            database.execute(f"PRAGMA {pragma}")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LIMITS.site_bytes)
        tables = {
            str(name)
            for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master")
            if kind == "table" and str(sql).lstrip().lower().startswith("create table")
        }
        if RECORD not in tables or HEADER not in tables:
            return {}, {}, {}
        record = {str(k): str(v) for k, v in database.execute(f"SELECT key, value FROM {RECORD}").fetchmany(MOST + 20)}
        rows = database.execute(f"SELECT surveyor, surveyed_on, none FROM {HEADER}").fetchmany(2)
        head = dict(zip(("surveyor", "surveyed_on", "none"), rows[0], strict=True)) if rows else {}
        counts = {
            layer: int(database.execute(f"SELECT count(*) FROM {layer}").fetchone()[0])
            for layer in LAYERS
            if layer in tables
        }
        return head, record, counts
    finally:
        database.close()
