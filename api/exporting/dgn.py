"""DGN V7: outlines and texts on a level a theme, metres to a tenth of a millimetre, and a table a layer for what a DGN cannot hold.

GDAL makes the head of the file from its seed; the elements are written here, because its driver takes no levels and links from us.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from sanchoi.api.exporting import dgn_elements, dgn_text, dxf_text, dxf_themes, imprint, layers, shp_pack, shp_values
from sanchoi.api.exporting.dgn_elements import Look
from sanchoi.api.exporting.dxf_themes import THEMES
from sanchoi.api.exporting.refusals import refusal
from sanchoi.gis import workbook

if TYPE_CHECKING:
    from sanchoi.api.exporting.context import Context
    from sanchoi.api.exporting.layers import Layer

NAME = "drawing.dgn"
FINE, COARSE = 10, 1
"""Units of the file in a millimetre: the first over 400 km, else the second."""
MOST_UNITS = 2**31 - 10
COLOURS = {"no_supply": 3, "out_of_reach": 6, "crowded": 4, "met": 1, "eligible": 2, "conditional": 6, "excluded": 8}
"""Status or verdict → colour of the usual table: 1 blue, 2 green, 3 red, 4 yellow, 6 orange."""
LINE = 1.7
"""Distance of lines of text, in heights."""


class Plane:
    """Metres to units of a file whose middle lies in the middle of the data."""

    def __init__(self, box: tuple[float, float, float, float]) -> None:
        self.middle = tuple(1000.0 * round((box[i] + box[i + 2]) / 2000) for i in (0, 1))
        half = max(max(abs(box[i] - self.middle[i % 2]) for i in range(4)) * 1.05, 1000.0)
        self.fine = FINE if half * 1000 * FINE < MOST_UNITS else COARSE
        if half * 1000 * self.fine >= MOST_UNITS:
            raise refusal("wide")
        self.head, self._from, self._at = self._seed()

    def units(self, xy: Any) -> Any:  # noqa: ANN401 - arrays of numpy
        """Units of places in metres."""
        return np.rint((np.asarray(xy) - self._at) * 1000 * self.fine).astype(np.int64) + self._from

    def _seed(self) -> tuple[bytes, Any, Any]:
        """Head of the file, and where a known place lies in it."""
        import warnings

        import geopandas as gpd
        import pyogrio

        at = np.array(self.middle)
        known = gpd.GeoDataFrame(geometry=[shapely.LineString([at, at + 100, at + np.array([200, 0])])])
        options = {
            "ORIGIN": f"{-at[0]:.0f},{-at[1]:.0f},0",
            "MASTER_UNIT_NAME": "m",
            "SUB_UNIT_NAME": "mm",
            "SUB_UNITS_PER_MASTER_UNIT": "1000",
            "UOR_PER_SUB_UNIT": str(self.fine),
        }
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # no CRS: a DGN has none
            path = Path(folder) / "seed.dgn"
            pyogrio.write_dataframe(known, path, driver="DGN", dataset_options=options)
            data = path.read_bytes()
        begin, corners = dgn_elements.grid(data)
        return data[:begin], corners[0], at


def make(context: Context, _id: str, folder: Path) -> list[Path]:
    """Write the drawing, and a table a layer.

    Raises
    ------
    CRSError : the CRS is not in metres. ContractError : it is too wide.
    """
    dxf_themes.metres(context, "DGN")
    bounds = context.result.tables["communes"].to_crs(context.crs).total_bounds  # type: ignore[operator]
    for layer in layers.layers(context):
        own = layer.to(context.crs).frame.total_bounds
        if own[0] == own[0]:
            bounds = np.array([*np.minimum(bounds[:2], own[:2]), *np.maximum(bounds[2:], own[2:])])
    notes, high = _notes(context), max(float(max(bounds[2:] - bounds[:2])) / 100, 0.01)
    low = float(bounds[1]) - 2 * high
    plane = Plane((float(bounds[0]), low - LINE * high * len(notes), float(bounds[2]), float(bounds[3])))
    files, number, mended, bands = [folder / NAME], 0, 0, 0
    with (folder / NAME).open("wb") as sink:
        sink.write(plane.head)
        for layer in layers.layers(context):
            level = THEMES[layer.kind].level
            if layer.kind == "gaps":
                level, bands = level + 2 * min(bands, 4), bands + 1
            made = layer.to(context.crs)
            rows = made.frame.drop(columns=made.frame.geometry.name)
            path = folder / f"drawing-dgn-{layer.name}.csv"
            kept = workbook.harmless(rows.copy())
            kept.insert(0, "mslink", range(number + 1, number + 1 + len(rows)))
            kept.insert(1, "level", level)
            shp_pack.table(path, kept.columns, _cells(kept))
            context.note(path, *imprint.WORDS["lost"])
            files.append(path)
            for data, whole in _elements(plane, made, level, number, context.language):
                sink.write(data)
                mended += not whole
            number += len(rows)
        for at, (level, line) in enumerate(notes):
            sink.write(_note(plane, level, line, (float(bounds[0]), low - at * LINE * high), high))
        sink.write(dgn_elements.END)
    _tell(context, files[0], plane, mended)
    return files


def _notes(context: Context) -> list[tuple[int, str]]:
    """Lines under the drawing that say what it is, with their levels; what must be read first stands first."""
    said, first = dxf_themes.NOTE_LEVELS
    told = [(first, each) for each in context.imprint.warnings] + [(said, each) for each in dxf_themes.about(context)]
    return [(level, line) for level, text in told for line in dxf_text.wrapped(text)]


def _note(plane: Plane, level: int, line: str, at: tuple[float, float], high: float) -> bytes:
    """A line that begins at a place. Words in capitals that TCVN3 has not are small."""
    data, _ = dgn_text.of(dgn_text.small(line))
    middle = plane.units([at[0] + 0.75 * high * len(data) / 2, at[1] - high / 2])
    colour = COLOURS["no_supply"] if level == dxf_themes.NOTE_LEVELS[1] else 0
    return dgn_elements.text(middle, Look(level, colour, 0, 0, 0), data, round(high * 1000 * plane.fine))


def _cells(frame: Any) -> Iterator[list[Any]]:  # noqa: ANN401 - a table
    for row in frame.astype(object).itertuples(index=False):
        yield ["" if pd.isna(each) else each for each in row]


def _elements(plane: Plane, layer: Layer, level: int, number: int, language: str) -> Iterator[tuple[bytes, bool]]:
    """Bytes of each row, and whether its texts are whole; rows are numbered on."""
    frame, kind = layer.frame, layer.kind
    rows = frame.drop(columns=frame.geometry.name).astype(object).to_dict("records")
    shapes = frame.geometry.to_numpy()
    spots = dxf_text.places(kind, shapes) if kind in dxf_text.HEIGHTS else [None] * len(rows)
    areas = shapely.area(shapes)
    weight = round(THEMES[kind].weight / 18)
    for row, shape, spot, area in zip(rows, shapes, spots, areas, strict=True):
        number += 1
        told = row.get("status") if kind == "gaps" else row.get("verdict")
        look = Look(level, COLOURS.get(str(told), THEMES[kind].index), weight, number % 65535 or 1, number)
        out = [] if shape is None else [_outline(plane, each, look) for each in shp_values.single(shape)]
        lines = [dxf_text.one_line(each) for each in dxf_themes.labels(kind, row, language)]
        lines = [each for each in lines if each]
        whole = True
        if lines and spot is not None and not spot.is_empty:
            high = dxf_text.height(kind, float(area), lines)
            up = {"gaps": -2.5 * high, "sites": 2 * high}.get(kind, 0.85 * high * (len(lines) - 1))
            for at, words in enumerate(lines):
                data, own = dgn_text.of(words)
                whole &= own
                place = plane.units([spot.x, spot.y + up - 1.7 * high * at])
                written = Look(level + 1, look.colour, 0, look.group, number)
                out.append(dgn_elements.text(place, written, data, round(high * 1000 * plane.fine)))
        yield b"".join(out), whole


def _outline(plane: Plane, shape: Any, look: Look) -> bytes:  # noqa: ANN401 - a shapely geometry
    if shape.geom_type == "Polygon":
        rings = [plane.units(shapely.get_coordinates(each)) for each in (shape.exterior, *shape.interiors)]
        return b"".join(dgn_elements.shape(each, look, hole=at > 0) for at, each in enumerate(rings))
    corners = plane.units(shapely.get_coordinates(shape))
    return dgn_elements.line(np.repeat(corners, 2, axis=0) if len(corners) == 1 else corners, look)


def _tell(context: Context, path: Path, plane: Plane, mended: int) -> None:
    crs = context.crs.name
    error = f"{0.5 / plane.fine:g}"
    context.note(
        path,
        f"DGN V7 không mang hệ tọa độ: bản vẽ ở {crs}, đơn vị mét (1 m = 1000 mm), sai số làm tròn nhiều nhất {error} mm.",
        f"A DGN V7 carries no CRS: this one is in {crs}, metres (1 m = 1000 mm), rounded by {error} mm at most.",
    )
    context.note(
        path,
        "Thuộc tính không nằm trong DGN V7: tra drawing-dgn-LỚP.csv theo mslink. Lỗ thủng là vùng riêng cùng mslink.",
        "A DGN V7 holds no attributes: find them in drawing-dgn-LAYER.csv by mslink. Holes are shapes with the same mslink.",
    )
    context.note(
        path,
        "Chữ theo bảng mã TCVN3 (phông .Vn…)"
        + (f"; {mended} nhãn mất chữ hoa có dấu hoặc ký tự lạ." if mended else "."),
        "Texts are in TCVN3 (fonts .Vn…)"
        + (f"; {mended} lost capitals with a tone, or other letters." if mended else "."),
    )
