"""DXF: one drawing with a layer a theme, outlines as closed polylines with their attributes, and texts inside them.

Every ring is a polyline of its own, holes too; only the states of the communes are hatches, of which a ring is an edge. What each
is stands in its extended data (`gis.sources.drawing_data`), by which `sanchoi convert` makes polygons with attributes of it again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from sanchoi.api.exporting import dxf_text, dxf_themes, layers, shp_values
from sanchoi.api.exporting.dxf_themes import TEXTS, THEMES
from sanchoi.gis.sources import drawing_data

if TYPE_CHECKING:
    import ezdxf.document
    from sanchoi.api.exporting.context import Context
    from sanchoi.api.exporting.layers import Layer

NAME, PRJ = "drawing.dxf", "drawing.prj"
STYLE, FONT = "TIENG_VIET", "arial.ttf"
LINE = 1.7
"""Distance of lines of text, in heights."""
_alone = threading.Lock()


def make(context: Context, _id: str, folder: Path) -> list[Path]:
    """Write the drawing, and beside it the CRS as ESRI's words.

    Raises
    ------
    CRSError : the CRS is not in metres.
    """
    from ezdxf.filemanagement import new

    dxf_themes.metres(context, "DXF")
    left: dict[str, int] = {}
    with _fixed():
        drawing = new("R2010", units=6)
        _set_up(drawing)
        box = [float("inf"), float("inf"), -float("inf"), -float("inf")]
        for layer in layers.layers(context):
            made = layer.to(context.crs)
            _draw(drawing, made, context.language, left)
            west, south, east, north = made.frame.total_bounds
            if west == west:
                box = [min(box[0], west), min(box[1], south), max(box[2], east), max(box[3], north)]
        _finish(drawing, context, [float(side) for side in box])
        path = folder / NAME
        drawing.saveas(path)
    (folder / PRJ).write_text(context.crs.to_wkt("WKT1_ESRI"), encoding="ascii")
    _tell(context, path, left)
    return [path, folder / PRJ]


@contextmanager
def _fixed() -> Iterator[None]:
    """One fixed time and id in drawings, so that the same layers give the same bytes; one drawing at a time."""
    from ezdxf._options import options

    with _alone:
        before = options.write_fixed_meta_data_for_testing
        options.write_fixed_meta_data_for_testing = True
        try:
            yield
        finally:
            options.write_fixed_meta_data_for_testing = before


def _set_up(drawing: ezdxf.document.Drawing) -> None:
    drawing.appids.new(drawing_data.APPID)
    drawing.styles.add(STYLE, font=FONT)
    drawing.header["$MEASUREMENT"] = 1
    drawing.header["$PDMODE"] = 34  # points as a circle with a cross
    drawing.header["$PDSIZE"] = 5.0
    drawing.header["$LASTSAVEDBY"] = "sanchoi"


def _layer(drawing: ezdxf.document.Drawing, name: str, kind: str, words: str, on: bool = True) -> None:
    if drawing.layers.has_entry(name):
        return
    made = drawing.layers.add(name, color=THEMES[kind].aci, lineweight=_weight(THEMES[kind].weight))
    made.description = words
    if not on:
        made.off()


def _weight(wanted: int) -> int:
    """The next of the weights that a drawing knows."""
    from ezdxf.lldxf.const import VALID_DXF_LINEWEIGHTS

    return min(VALID_DXF_LINEWEIGHTS, key=lambda each: abs(each - wanted))


def _draw(drawing: ezdxf.document.Drawing, layer: Layer, language: str, left: dict[str, int]) -> None:
    kind, name = layer.kind, dxf_themes.name(layer)
    on = kind not in dxf_themes.OFF and layer.band in ("", "all")
    _layer(drawing, name, kind, dxf_themes.title(layer), on)
    frame, space = layer.frame, drawing.modelspace()
    columns = [each for each in frame.columns if each != frame.geometry.name]
    rows = frame[columns].astype(object).to_dict("records")
    shapes = frame.geometry.to_numpy()
    spots = dxf_text.places(kind, shapes) if kind in dxf_text.HEIGHTS else [None] * len(rows)
    areas = shapely.area(shapes)
    for number, (row, shape, spot) in enumerate(zip(rows, shapes, spots, strict=True)):
        if shape is None or shape.is_empty:
            left["geometry"] = left.get("geometry", 0) + 1
            continue
        look: dict[str, Any] = {"layer": name}
        colour = dxf_themes.colour(kind, row)
        if colour is not None:
            look["true_color"] = int(colour[1:], 16)
        _shape(space, layer, number, row, shape, look, left)
        lines = [dxf_text.one_line(str(each)) for each in dxf_themes.labels(kind, row, language)]
        lines = [each for each in lines if each]
        if lines and spot is not None and not spot.is_empty:
            _layer(drawing, name + TEXTS, kind, f"{dxf_themes.title(layer)}: chữ", on)
            _texts(space, name + TEXTS, kind, lines, spot, float(areas[number]))


def _shape(
    space: Any,  # noqa: ANN401 - a layout of ezdxf
    layer: Layer,
    number: int,
    row: dict[str, Any],
    shape: Any,  # noqa: ANN401 - a shapely geometry
    look: dict[str, Any],
    left: dict[str, int],
) -> None:
    values: dict[str, Any] | None = row
    for part, each in enumerate(shp_values.single(shape)):
        for ring, made in enumerate(_entities(space, layer.kind, each, look)):
            data, lost = drawing_data.tags(layer.name, number, part, ring, values)
            made.set_xdata(drawing_data.APPID, data)
            for column in lost:
                left[column] = left.get(column, 0) + 1
            values = None


def _entities(space: Any, kind: str, shape: Any, look: dict[str, Any]) -> Iterator[Any]:  # noqa: ANN401 - ezdxf and shapely
    if shape.geom_type == "Point":
        yield space.add_point((shape.x, shape.y), dxfattribs=look)
    elif shape.geom_type in ("LineString", "LinearRing"):
        yield space.add_lwpolyline(shapely.get_coordinates(shape).tolist(), dxfattribs=look)
    else:
        rings = [shapely.get_coordinates(each)[:-1].tolist() for each in (shape.exterior, *shape.interiors)]
        if kind == "gaps":
            hatch = space.add_hatch(dxfattribs=look)
            if "true_color" in look:
                hatch.rgb = tuple(look["true_color"].to_bytes(3, "big"))
            hatch.transparency = 0.5
            for at, ring in enumerate(rings):
                hatch.paths.add_polyline_path(ring, is_closed=True, flags=16 if at else 1)
            yield hatch
        else:
            for ring in rings:
                yield space.add_lwpolyline(ring, close=True, dxfattribs=look)


def _texts(space: Any, name: str, kind: str, lines: list[str], spot: Any, area: float) -> None:  # noqa: ANN401
    high = dxf_text.height(kind, area, lines)
    up = {"gaps": -2.5 * high, "sites": 2 * high}.get(kind, 0.0)
    look = {"layer": name, "style": STYLE, "char_height": high, "attachment_point": 5}
    space.add_mtext(dxf_text.block(lines), dxfattribs=look).set_location((spot.x, spot.y + up))


def _finish(drawing: ezdxf.document.Drawing, context: Context, box: list[float]) -> None:
    """Say in the drawing what it is, and where it lies."""
    west, south, east, north = box if box[0] < float("inf") else [0.0, 0.0, 1.0, 1.0]
    wide = max(east - west, north - south, 1.0)
    high, space = round(wide / 100, 2), drawing.modelspace()
    drawing.layers.add(dxf_themes.NOTE, color=7).description = "Ghi chú của bản vẽ"
    drawing.layers.add(dxf_themes.WARNING, color=1).description = "Lưu ý phải đọc trước"
    low = south - 2 * high
    for name, told in ((dxf_themes.WARNING, context.imprint.warnings), (dxf_themes.NOTE, dxf_themes.about(context))):
        look = {"layer": name, "style": STYLE, "char_height": high, "attachment_point": 1}
        for line in (each for text in told for each in dxf_text.wrapped(text)):
            space.add_mtext(dxf_text.block([line]), dxfattribs=look).set_location((west, low))
            low -= LINE * high
    for tag, value in context.imprint.items().items():
        for at in range(0, len(value), dxf_text.MOST):
            tag_ = f"{tag}_{at // dxf_text.MOST + 1}" if at else tag
            drawing.header.custom_vars.append(tag_, value[at : at + dxf_text.MOST])
    space.reset_extents((west, low, 0), (east, north, 0))
    space.reset_limits((west, low), (east, north))
    drawing.set_modelspace_vport(height=(north - low) * 1.05, center=((west + east) / 2, (low + north) / 2))


def _tell(context: Context, path: Path, left: dict[str, int]) -> None:
    crs = context.crs.name
    context.note(
        path,
        f"DXF không mang hệ tọa độ: bản vẽ ở {crs}, đơn vị mét, X là đông, Y là bắc; ghi trong lớp {dxf_themes.NOTE} và {PRJ}.",
        f"A DXF carries no CRS: this one is in {crs}, metres, X east, Y north; said in layer {dxf_themes.NOTE} and {PRJ}.",
    )
    context.note(
        path,
        f"Thuộc tính nằm trong dữ liệu mở rộng (XDATA, ứng dụng {drawing_data.APPID}) của từng đường; lệnh: XDLIST.",
        f"Attributes are extended data (XDATA, application {drawing_data.APPID}) of each outline; command: XDLIST.",
    )
    if left:
        told = ", ".join(f"{column} ({count})" for column, count in left.items())
        context.note(path, f"Không đủ chỗ, đã bỏ (số ô): {told}.", f"Found no room and left out (cells): {told}.")
