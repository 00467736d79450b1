"""Corners of land in VN-2000, as papers list them: X north, Y east, one corner a line.

No zone is assumed silently: the answer says which one was taken and why, and asks for a confirmation until the user names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from sanchoi.gis import corner_rows
from sanchoi.gis.corner_rings import Ring, compose, rings
from sanchoi.gis.corner_words import Pair, number, refusal, remark, shown
from sanchoi.gis.corner_zones import DEGREES, STUDY, ZONES, Zone, choose, code_of, of_degrees, turn, zone_words

__all__ = ["DEGREES", "STUDY", "ZONES", "Corners", "Pair", "Point", "Zone", "parse", "table", "zone_words"]
EDGE_M = 0.05
AREA_SHARE, AREA_M2 = 0.005, 1.0
TOLD = 5


@dataclass(frozen=True)
class Point:
    """A corner. `part` counts rings from 1. `edge_m` : to the next corner. `said_m` : as the table says, None = it does not."""

    part: int
    name: str
    x_north: float
    y_east: float
    edge_m: float
    said_m: float | None = None


@dataclass(frozen=True)
class Corners:
    """Land made of a table of corners.

    Attributes
    ----------
    geometry_4326, geometry_m : the land in degrees, and in metres of `epsg` (x east, y north).
    epsg : VN-2000 zone; with `degrees` the one in which metres are given.
    swapped : the columns came as Y, X. degrees : they came as longitude and latitude.
    zones : what the table could be in, best first. share_inside : of the land, None = nobody said inside what.
    remarks_vi, remarks_en : everything that was recognised or assumed, in words, one by one the same.
    needs_confirmation : the zone was assumed; ask, and parse again with `zone`.
    """

    geometry_4326: Any
    geometry_m: Any
    epsg: int
    swapped: bool
    degrees: bool
    points: tuple[Point, ...]
    edges_m: tuple[float, ...]
    area_m2: float
    zones: tuple[Zone, ...]
    share_inside: float | None
    remarks_vi: tuple[str, ...]
    remarks_en: tuple[str, ...]
    needs_confirmation: bool


def parse(
    text: str,
    inside: Any = None,  # noqa: ANN401 - shapely geometry
    usual: int | str | pyproj.CRS | None = None,
    zone: int | None = None,
    what: Pair = STUDY,
) -> Corners:
    """Read a table of corners.

    Parameters
    ----------
    inside : the commune or study, EPSG:4326. usual : CRS of the province. zone : EPSG code that the user has confirmed;
        4326 for degrees. what : `inside` in words.

    Raises
    ------
    ContractError : it cannot be read, or is no land; `.vi` has the words in Vietnamese.
    """
    table = corner_rows.read(text)
    common = code_of(usual)
    if zone is not None and zone not in (*ZONES, DEGREES):
        raise refusal("zone", came=f"EPSG:{zone}", known=", ".join(f"EPSG:{each}" for each in ZONES))
    found, told = rings(table)
    degrees = found[0].degrees
    if degrees:
        told.append(remark("degrees"))
        if not found[0].east_first:
            told.append(remark("latitude_first"))
        epsg, zones, share = of_degrees(found, common, inside, what)
        found = [ring.moved(turn(DEGREES, epsg).transform) for ring in found]
    land, more = compose(found)
    if not degrees:
        epsg, zones, share, words = choose(land, inside, common, zone, table.meridian, what)
        told += _swaps(table, found) + words
    if share is not None and share < 0.995:
        told.append(remark("partly", share=number(100 * share, 0 if share >= 0.01 else 2), what=what))
    told += more + _edges(found) + _area(table.area, land.area) + _unused(table.unused)
    head = remark(
        "read", n=sum(len(ring.xy) for ring in found), area=number(land.area, 1), length=number(land.length, 1)
    )
    points = tuple(point for part, ring in enumerate(found, 1) for point in _points(part, ring))
    there = shapely.transform(land, turn(epsg, DEGREES).transform, interleaved=False)
    return Corners(
        there,
        land,
        epsg,
        found[0].east_first and not degrees,
        degrees,
        points,
        tuple(point.edge_m for point in points),
        float(land.area),
        zones,
        share,
        (head[0], *(each[0] for each in told)),
        (head[1], *(each[1] for each in told)),
        zone is None or degrees != (zone == DEGREES),
    )


def table(geometry: Any, epsg: int) -> tuple[Point, ...]:  # noqa: ANN401 - shapely geometry
    """Corners of a polygon (EPSG:4326) as papers list them, to the millimetre; holes are parts of their own."""
    there = turn(DEGREES, epsg)
    points: list[Point] = []
    part = 0
    for polygon in getattr(geometry, "geoms", [geometry]):
        for line in (polygon.exterior, *polygon.interiors):
            part += 1
            xy = np.round(np.column_stack(there.transform(*shapely.get_coordinates(line)[:-1].T)), 3)
            names = tuple(str(i) for i in range(len(points) + 1, len(points) + len(xy) + 1))
            points += _points(part, Ring(xy, names, (None,) * len(xy), (0,) * len(xy), False, False))
    return tuple(points)


def _swaps(read: corner_rows.Table, found: Sequence[Ring]) -> list[Pair]:
    if not found[0].east_first:
        return [remark("labels")] if read.labels == "yx" else []
    return [] if read.labels == "yx" else [remark("labels" if read.labels == "xy" else "swapped")]


def _points(part: int, ring: Ring) -> list[Point]:
    return [
        Point(part, name, float(north), float(east), float(edge), said)
        for name, (east, north), edge, said in zip(ring.names, ring.xy, ring.edges_m, ring.said, strict=True)
    ]


def _edges(found: Sequence[Ring]) -> list[Pair]:
    """Lengths that the table gives, compared with those that its coordinates give."""
    gaps = [
        (ring.edge(i), said, ring.edges_m[i]) for ring in found for i, said in enumerate(ring.said) if said is not None
    ]
    wrong = [each for each in gaps if abs(each[1] - each[2]) > EDGE_M + 1e-6]
    if not wrong:
        return [remark("edges_fit", n=len(gaps))] if gaps else []
    told = [
        remark("edge", edge=edge, said=number(said), found=number(is_m), gap=number(abs(said - is_m)))
        for edge, said, is_m in wrong[:TOLD]
    ]
    return told + ([remark("edges_more", n=len(wrong) - TOLD)] if len(wrong) > TOLD else [])


def _area(said: float | None, found: float) -> list[Pair]:
    if said is None or abs(said - found) <= max(AREA_M2, AREA_SHARE * found):
        return []
    return [remark("area", said=number(said, 1), found=number(found, 1))]


def _unused(lines: Sequence[tuple[int, str]]) -> list[Pair]:
    told = [remark("unused", line=n, text=shown(text)) for n, text in lines[:TOLD]]
    return told + ([remark("unused_more", n=len(lines) - TOLD)] if len(lines) > TOLD else [])
