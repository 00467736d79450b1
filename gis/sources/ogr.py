"""Files that GDAL reads: their bytes of text are looked at before a declared code page is believed."""

from __future__ import annotations

import contextlib
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from sanchoi.gis.arrival_words import Remark, refusal
from sanchoi.gis.errors import SanchoiError, SourceError, StudyError
from sanchoi.gis.sources import drawing_data, texts
from sanchoi.gis.sources.arrival import AS_IS, Arrival

DRIVERS = (".gpkg", ".shp", ".zip", ".geojson", ".json", ".fgb", ".tab", ".mif", ".dxf", ".dgn")
BYTES = (".shp", ".zip", ".tab", ".mif", ".dxf", ".dgn")
"""Kinds whose text is bytes of some code page."""
UTF8 = ("UTF-8", "UTF8", "65001")
LATIN = (
    "",
    "ISO-8859-1",
    "ISO 8859-1",
    "ISO8859-1",
    "88591",
    "CP1252",
    "WINDOWS-1252",
    "1252",
    "ANSI 1252",
    "ANSI_1252",
    "ASCII",
)
DROPPED = ("1258", "TCVN")
"""Code pages with tones of their own: GDAL drops the last letter of what it reads by them."""
RAW = "ISO-8859-1"
ARC_DEGREES = "1"
"""Chords of arcs in a drawing: at a radius of 50 m they lie within 2 mm of it. GDAL's own 4° lose 0.1 % of a disc."""
OLE = b"\xd0\xcf\x11\xe0"
"""First bytes of DGN V8, which is kept like an old Word document."""


def read(
    path: Path, layer: str | None, where: str | None, name: str, arrival: Arrival, told: list[Remark]
) -> pd.DataFrame:
    """Read a layer of a file, its text in Unicode; `where` selects by that text.

    Raises
    ------
    SourceError : broken, of a version that is not read, or several layers. StudyError : `where` cannot be used.
    """
    if path.suffix.lower() == ".dgn" and _head(path) == OLE:
        raise refusal("dgn8", file=path.name)
    inside: list[str] = []
    try:
        inside = [str(each) for each, kind in pyogrio.list_layers(path) if kind is not None]
        if layer is not None and layer not in inside and path.suffix.lower() in (".dxf", ".dgn"):
            return texts.settle(_drawn(path, layer, name), arrival, name, told, "unicode")
        if layer is not None and layer not in inside:
            raise SourceError(
                f'layer {name}: {path.name} holds no layer "{layer}"', "one of " + ", ".join(inside), "mend [layer]"
            )
        if layer is None and len(inside) > 1:
            raise SourceError(
                f"layer {name}: {path.name} holds {len(inside)} layers: {', '.join(inside[:10])}",
                "one layer",
                'name it: layer = "…"',
            )
        chosen = layer or (inside[0] if inside else None)
        if where is None:
            whole, otherwise = _whole(path, chosen, arrival)
            return texts.settle(whole, arrival, name, told, otherwise)
        return _selected(path, chosen, where, name, arrival, told)
    except SanchoiError:  # some of ours are ValueErrors
        raise
    except (ValueError, RuntimeError, shapely.errors.GEOSException) as error:  # the errors of pyogrio are RuntimeErrors
        if where is None or not inside:
            raise _broken(path, name, error) from error
        raise StudyError(
            f'[{name}] where = "{where}" cannot be used: {str(error)[:200]}',
            "a condition such as \"former_province = 'Quảng Nam'\"",
            "check the column's name and the quotes",
        ) from error


def _drawn(path: Path, layer: str, name: str) -> pd.DataFrame:
    """Rows of a layer that an exported DXF holds, with their attributes, or what lies on layers (levels) of any drawing, as "A,B".

    Raises
    ------
    SourceError : there is nothing of that name.
    """
    own = drawing_data.layers(path) if path.suffix.lower() == ".dxf" else None
    if own is not None and layer in own:
        mine: pd.DataFrame = own[layer]
        return mine
    found, _ = _whole(path, None, AS_IS)
    column = next(each for each in ("Layer", "Level") if each in found)
    there = found[column].astype(str)
    kept: pd.DataFrame = found[there.isin([each.strip() for each in layer.split(",")])].reset_index(drop=True)
    if not len(kept):
        names = [*(own or ()), *sorted(set(there))]
        raise SourceError(
            f'layer {name}: {path.name} holds no layer "{layer}"', "one of " + ", ".join(names[:40]), "mend [layer]"
        )
    return kept


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _selected(
    path: Path, layer: str | None, where: str, name: str, arrival: Arrival, told: list[Remark]
) -> pd.DataFrame:
    """Features that a condition selects, which speaks of the text as it reads once it is in order."""
    own: list[Remark] = []
    before, otherwise = _whole(path, layer, arrival, geometry=False)
    after = texts.settle(before, arrival, name, own, otherwise)
    if after is before:
        told += own
        return _frame(path, layer, where=where)
    whole = texts.settle(_whole(path, layer, arrival)[0], arrival, name, told, otherwise)
    attributes = pd.DataFrame(whole.drop(columns="geometry", errors="ignore")).assign(_row=range(len(whole)))
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "layer.gpkg"
        pyogrio.write_dataframe(attributes, store)
        rows = pyogrio.read_dataframe(store, where=where, read_geometry=False, columns=["_row"])
    kept: pd.DataFrame = whole.iloc[rows["_row"].to_numpy()].reset_index(drop=True)
    return kept


def _whole(path: Path, layer: str | None, arrival: Arrival, geometry: bool = True) -> tuple[pd.DataFrame, str]:
    """A layer with its text as far as bytes can be trusted, and the reading for what its own words do not tell.

    Text is taken as the file declares it, or as Latin-1 where that fails, or where Latin-1 shows an old encoding behind it.
    """
    declared = _declared(path)
    if arrival.encoding != "utf-8" and any(each in declared for each in DROPPED):
        return _frame(path, layer, encoding=RAW, geometry=geometry), "tcvn3" if "TCVN" in declared else "cp1258"
    try:
        found = _frame(path, layer, geometry=geometry)
    except UnicodeDecodeError:
        return _frame(path, layer, encoding=RAW, geometry=geometry), ""
    if path.suffix.lower() not in BYTES or arrival.encoding == "utf-8" or declared in UTF8:
        return found, "unicode"
    if declared in LATIN or not texts.texts(found):
        return found, ""
    raw = _frame(path, layer, encoding=RAW, geometry=geometry)
    return (raw, "") if arrival.encoding != "auto" or texts.is_legacy(raw) else (found, "unicode")


def _declared(path: Path) -> str:
    """Code page that a Shapefile declares beside itself, or a drawing in its head; "" = none."""
    suffix = path.suffix.lower()
    if suffix == ".dxf":
        with path.open("rb") as file:
            hit = re.search(rb"\$DWGCODEPAGE\s+3\s+(\S+)", file.read(20_000))
        return hit[1].decode("latin-1").upper() if hit else ""
    if suffix == ".zip":
        with contextlib.suppress(OSError, zipfile.BadZipFile, KeyError, RuntimeError), zipfile.ZipFile(path) as packed:
            found = [each for each in packed.namelist() if each.lower().endswith(".cpg")]
            return packed.read(found[0])[:40].decode("latin-1").strip().upper() if len(found) == 1 else ""
        return ""
    beside = path.with_suffix(".cpg")
    if suffix != ".shp" or not beside.is_file():
        return ""
    return beside.read_bytes()[:40].decode("latin-1").strip().upper()


def _frame(
    path: Path, layer: str | None, where: str | None = None, encoding: str | None = None, geometry: bool = True
) -> pd.DataFrame:
    more = {"encoding": encoding} if encoding else {}
    with _drawing(path, encoding):
        found: pd.DataFrame = pyogrio.read_dataframe(path, layer=layer, where=where, read_geometry=geometry, **more)
    if path.suffix.lower() in (".dxf", ".dgn") and isinstance(found, gpd.GeoDataFrame):
        found = found.set_crs(None, allow_override=True)  # whatever a driver puts there: a drawing names none
    return found


@contextlib.contextmanager
def _drawing(path: Path, encoding: str | None) -> Iterator[None]:
    """Drawings have arcs, of which chords are made; DXF has its own setting for the code page."""
    if path.suffix.lower() not in (".dxf", ".dgn"):
        yield
        return
    own = {"OGR_ARC_STEPSIZE": ARC_DEGREES} | ({"DXF_ENCODING": encoding} if encoding is not None else {})
    before = {name: pyogrio.get_gdal_config_option(name) for name in own}
    pyogrio.set_gdal_config_options(own)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _broken(path: Path, name: str, error: Exception) -> SourceError:
    reason = str(error).split("; It might help")[0].replace(str(path.parent), "").replace(f"/{path.name}", path.name)
    return SourceError(f"layer {name}: {path.name} cannot be read: {reason}", "a whole file", "save or fetch it again")
