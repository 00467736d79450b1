"""Place of a line of a survey form: coordinates in any zone and order, a square of the printed map, or what was drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from sanchoi.gis import corner_rows
from sanchoi.gis.corner_words import number, shown
from sanchoi.gis.corner_zones import ZONES, turn, zone_words
from sanchoi.gis.errors import ContractError
from sanchoi.gis.names import fold
from sanchoi.gis.survey_cells import plain
from sanchoi.gis.survey_form import Line, Squares
from sanchoi.gis.survey_words import Pair, refusal, remark

DEGREES = "EPSG:4326"
EDGE_M = 50.0
"""A place so far outside the border is taken: borders are drawn with less care."""
SQUARE_M = 250.0
"""A place must be known to so many metres: about the shortest walk that a norm allows."""
SQUARE = re.compile(r"([A-Z]{1,2})\s*(\d{1,2})(?:\s*[-.,/ ]\s*(\d)\s*[-.,/ ]?\s*(\d))?")


@dataclass(frozen=True)
class Place:
    """Where a play area is. `geometry` : EPSG:4326. `within_m` : how well it is known, None = as well as it was measured."""

    geometry: Any
    within_m: float | None = None
    remarks: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Within:
    """The commune in which places must lie. `outline` : EPSG:4326. `crs` : of the study, metric."""

    name: str
    outline: Any
    crs: str

    def metres(self, shape: Any, crs: str = DEGREES) -> Any:  # noqa: ANN401 - shapely geometry
        """A shape in the study's CRS."""
        return _moved(shape, crs, self.crs)

    def gap(self, shape: Any) -> float:  # noqa: ANN401 - shapely geometry, EPSG:4326
        """Metres from a shape's inner point to the commune, 0 = inside."""
        return float(shapely.distance(self.metres(shape.representative_point()), self.metres(self.outline)))


def place(line: Line, within: Within, squares: Squares | None, file: str, name: str, drawn: bool) -> Place:
    """The place of a line.

    Raises
    ------
    ContractError : none is given, it cannot be read, or it lies outside the commune.
    """
    if drawn:
        return _drawn(line, within, file, name)
    one, two = (line.cells.get(each) for each in ("x", "y"))
    if plain(one) and plain(two):
        return _coordinates(line, within, one, two, file, name)
    if plain(one) or plain(two):
        raise refusal("half", file=file, at=line.at)
    if plain(line.cells.get("square")):
        return _square(line, within, squares, file)
    raise refusal("nowhere", file=file, at=line.at)


def _drawn(line: Line, within: Within, file: str, name: str) -> Place:
    shape = line.geometry
    if shape is None or shape.is_empty:
        raise refusal("nowhere_drawn", file=file, at=line.at)
    shape = shapely.force_2d(shape)
    if shape.geom_type.startswith("Multi") and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if (
        shape.geom_type not in ("Point", "Polygon", "MultiPolygon")
        or not np.isfinite(shapely.get_coordinates(shape)).all()
    ):
        raise refusal("shape", file=file, at=line.at, came=shape.geom_type)
    if not shape.is_valid:
        raise refusal("shape", file=file, at=line.at, came=shown(shapely.is_valid_reason(shape)))
    return Place(shape, None, _inside(line, within, shape, file, name))


def _inside(line: Line, within: Within, shape: Any, file: str, name: str) -> tuple[Pair, ...]:  # noqa: ANN401
    gap = within.gap(shape)
    if not gap <= EDGE_M:
        km = number(gap / 1000, 2 if gap < 10_000 else 0) if math.isfinite(gap) else "?"
        raise refusal("outside", file=file, at=line.at, name=name, commune=within.name, km=km)
    return (remark("edge", at=line.at, commune=within.name, m=number(gap, 0)),) if gap > 0 else ()


def _coordinates(line: Line, within: Within, one: object, two: object, file: str, name: str) -> Place:
    """A point in the first CRS and order of axes in which it lies in the commune; the study's own come first."""
    north, east, turned = _pair(line, one, two, file)
    found: list[tuple[float, int, Any, list[Pair]]] = []
    for order, (shape, told) in enumerate(_readings(line, within, north, east, turned)):
        if shape is not None:
            gap = within.gap(shape)
            if gap <= EDGE_M:
                return Place(shape, None, (*told, *_inside(line, within, shape, file, name)))
            found.append((gap, order, shape, told))
    came = (f"{plain(one)}; {plain(two)}",) * 2
    if not found or found[0][0] > 100_000:  # not in the study's CRS, in which somebody may have mistyped a digit
        raise refusal("elsewhere", file=file, at=line.at, came=came, commune=within.name)
    _inside(line, within, found[0][2], file, name)
    raise refusal("elsewhere", file=file, at=line.at, came=came, commune=within.name)


def _pair(line: Line, one: object, two: object, file: str) -> tuple[float, float, bool]:
    """Two numbers as north and east, and whether they came the other way round; as they came where nobody can tell."""
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in (one, two)):
        said = "\t".join(f"{float(each):.9f}" for each in (one, two) if isinstance(each, int | float))
    else:
        said = f"{plain(one)}\t{plain(two)}"
    try:
        row = corner_rows.read(f"1\t{said}").rows[0]
    except ContractError:
        try:
            first, second = (float(each.replace(",", ".").strip()) for each in said.split("\t"))
        except ValueError:
            first = second = math.nan
        if not (math.isfinite(first) and math.isfinite(second)):
            raise refusal("numbers", file=file, at=line.at, came=shown(f"{plain(one)}; {plain(two)}")) from None
        return first, second, False
    return row.north, row.east, row.east_first


def _readings(line: Line, within: Within, north: float, east: float, turned: bool) -> Iterator[tuple[Any, list[Pair]]]:
    """Points that two numbers may mean, EPSG:4326, with what is to be said of each; the likeliest first."""
    swap = [remark("swapped", at=line.at)]
    told = swap if turned else []
    if abs(north) <= 180 and abs(east) <= 180:
        for lat, lon, words in ((north, east, told), (east, north, swap)):
            if abs(lat) <= 90:
                yield shapely.Point(lon, lat), [*words, remark("degrees", at=line.at)]
        return
    yield _point(within.crs, east, north), told
    if not turned:
        yield _point(within.crs, north, east), swap
    own = pyproj.CRS.from_user_input(within.crs).to_epsg()
    for zone in ZONES:
        if zone != own:
            yield _point(f"EPSG:{zone}", east, north), [*told, remark("zone", at=line.at, zone=zone_words(zone))]


def _point(crs: str, x: float, y: float) -> Any:  # noqa: ANN401 - a point, or None where there is none
    shape = _moved(shapely.Point(x, y), crs, DEGREES)
    return shape if np.isfinite(shapely.get_coordinates(shape)).all() else None


def _moved(shape: Any, source: str, target: str) -> Any:  # noqa: ANN401 - shapely geometry
    if source == target:
        return shape
    codes = [pyproj.CRS.from_user_input(each).to_epsg() for each in (source, target)]
    if None in codes:
        step = pyproj.Transformer.from_crs(source, target, always_xy=True)
    else:
        step = turn(int(codes[0] or 0), int(codes[1] or 0))
    return shapely.transform(shape, step.transform, interleaved=False)


def _square(line: Line, within: Within, squares: Squares | None, file: str) -> Place:
    """A point in the ground that a square, or a hundredth of it, shares with the commune."""
    came = plain(line.cells.get("square"))
    if squares is None:
        raise refusal("square_map", file=file, at=line.at, came=shown(came))
    found = SQUARE.fullmatch(fold(came).upper())
    column = sum((ord(letter) - 64) * 26**k for k, letter in enumerate(reversed(found[1]))) if found else 0
    if not found or not (1 <= column <= squares.columns and 1 <= int(found[2]) <= squares.rows):
        last = f"{letters(squares.columns - 1)}{squares.rows}"
        raise refusal("square", file=file, at=line.at, came=shown(came), last=last)
    side = squares.side_m
    west, north = squares.west + (column - 1) * side, squares.north - (int(found[2]) - 1) * side
    if found[3]:  # tenths, counted as the squares are: to the right, then down
        west, north = west + int(found[3]) * side / 10, north - int(found[4]) * side / 10
        side /= 10
    ground = shapely.box(west, north - side, west + side, north)
    outline = _moved(within.outline, DEGREES, squares.crs)
    shared = ground.intersection(shapely.make_valid(outline))
    if shared.is_empty or not shared.area:
        gap = float(shapely.distance(ground, outline))
        km = number(gap / 1000, 2)
        raise refusal("outside", file=file, at=line.at, name=came, commune=within.name, km=km)
    within_m = side * math.sqrt(0.5)
    if within_m > SQUARE_M:
        told = {"side": number(side, 0), "m": number(within_m, 0), "most": number(SQUARE_M, 0)}
        raise refusal("square_large", file=file, at=line.at, came=came, **told)
    middle = ground.centroid if shared.contains(ground.centroid) else shared.representative_point()
    shape = _moved(middle, squares.crs, DEGREES)
    return Place(shape, within_m, (remark("square", at=line.at, came=came, m=number(within_m, 0)),))


def letters(position: int) -> str:
    """A column of squares by its letters: 0 → A, 26 → AA."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def square_of(squares: Squares, lon: float, lat: float) -> str:
    """Square of a place with its tenths, as people write it: C4-37; "" = outside all."""
    point = _moved(shapely.Point(lon, lat), DEGREES, squares.crs)
    across, down = (point.x - squares.west) / squares.side_m, (squares.north - point.y) / squares.side_m
    if not (0 <= across < squares.columns and 0 <= down < squares.rows):
        return ""
    tenth = f"{int(across % 1 * 10)}{int(down % 1 * 10)}"
    return f"{letters(int(across))}{int(down) + 1}-{tenth}"
