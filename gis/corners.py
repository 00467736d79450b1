"""Corners of land in VN-2000, as papers list them: X north, Y east, one corner a line.

No zone is assumed silently: the answer says which one was taken and why, and asks for a confirmation until the user names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from sanchoi.gis import corner_rows
from sanchoi.gis.corner_rings import Ring, compose, rings
from sanchoi.gis.corner_words import WAYS, Pair, number, refusal, remark, shown
from sanchoi.gis.crs import VN2000

Floats = npt.NDArray[np.float64]
DEGREES = 4326
ZONES = (*VN2000, 3405, 3406)
"""EPSG codes a table may be in: VN-2000 in zones of 3°, and the two of 6°."""
MOST_INSIDE = 0.5
EDGE_M = 0.05
AREA_SHARE, AREA_M2 = 0.005, 1.0
TOLD = 5
STUDY: Pair = ("vùng nghiên cứu", "the study")


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
class Zone:
    """A zone the table could be in. `share` : of the land that lies inside the commune or study, None = not asked."""

    epsg: int
    name_vi: str
    name_en: str
    share: float | None = None


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
    common = _code(usual)
    if zone is not None and zone not in (*ZONES, DEGREES):
        raise refusal("zone", came=f"EPSG:{zone}", known=", ".join(f"EPSG:{each}" for each in ZONES))
    found, told = rings(table)
    degrees = found[0].degrees
    if degrees:
        told.append(remark("degrees"))
        if not found[0].east_first:
            told.append(remark("latitude_first"))
        epsg, zones, share = _of_degrees(found, common, inside, what)
        found = [ring.moved(_turn(DEGREES, epsg).transform) for ring in found]
    land, more = compose(found)
    if not degrees:
        epsg, zones, share, words = _choose(land, inside, common, zone, table.meridian, what)
        told += _swaps(table, found) + words
    if share is not None and share < 0.995:
        told.append(remark("partly", share=number(100 * share, 0 if share >= 0.01 else 2), what=what))
    told += more + _edges(found) + _area(table.area, land.area) + _unused(table.unused)
    head = remark(
        "read", n=sum(len(ring.xy) for ring in found), area=number(land.area, 1), length=number(land.length, 1)
    )
    points = tuple(point for part, ring in enumerate(found, 1) for point in _points(part, ring))
    there = shapely.transform(land, _turn(epsg, DEGREES).transform, interleaved=False)
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
        zone is None,
    )


def table(geometry: Any, epsg: int) -> tuple[Point, ...]:  # noqa: ANN401 - shapely geometry
    """Corners of a polygon (EPSG:4326) as papers list them, to the millimetre; holes are parts of their own."""
    turn = _turn(DEGREES, epsg)
    points: list[Point] = []
    part = 0
    for polygon in getattr(geometry, "geoms", [geometry]):
        for line in (polygon.exterior, *polygon.interiors):
            part += 1
            xy = np.round(np.column_stack(turn.transform(*shapely.get_coordinates(line)[:-1].T)), 3)
            names = tuple(str(i) for i in range(len(points) + 1, len(points) + len(xy) + 1))
            points += _points(part, Ring(xy, names, (None,) * len(xy), (0,) * len(xy), False, False))
    return tuple(points)


def zone_words(epsg: int) -> Pair:
    """A zone in words: its central meridian and width."""
    meridian, width = _meridian(epsg)
    whole, minutes = divmod(round(meridian * 60), 60)
    return (
        f"kinh tuyến trục {whole}°{minutes:02d}′, múi {width}°",
        f"central meridian {whole}°{minutes:02d}′, {width}° zone",
    )


@cache
def _turn(source: int, target: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


@cache
def _meridian(epsg: int) -> tuple[float, int]:
    operation = pyproj.CRS.from_epsg(epsg).coordinate_operation
    values: dict[str, Any] = {each.name: each.value for each in operation.params} if operation is not None else {}
    width = 3 if values["Scale factor at natural origin"] == 0.9999 else 6
    return values["Longitude of natural origin"], width


def _code(usual: int | str | pyproj.CRS | None) -> int | None:
    """EPSG code of the province's CRS, None = it is no VN-2000 zone."""
    if usual is None:
        return None
    code = pyproj.CRS.from_user_input(usual).to_epsg()
    return code if code in ZONES else None


def _zone(epsg: int, share: float | None) -> Zone:
    return Zone(epsg, *zone_words(epsg), share)


def _share(land: Any, inside: Any) -> float:  # noqa: ANN401 - shapely geometry
    """Share of a piece of land that lies inside; `land` and `inside` in degrees."""
    if not shapely.box(*land.bounds).intersects(shapely.box(*inside.bounds)):
        return 0.0
    return float(land.intersection(inside).area / land.area)


def _of_degrees(
    found: Sequence[Ring],
    common: int | None,
    inside: Any,  # noqa: ANN401 - shapely geometry
    what: Pair,
) -> tuple[int, tuple[Zone, ...], float | None]:
    """Zone to measure degrees in, and whether they lie inside."""
    middle = np.concatenate([ring.xy for ring in found]).mean(axis=0)
    epsg = common or min(VN2000, key=lambda code: abs(_meridian(code)[0] - middle[0]))
    share = None
    if inside is not None:
        hull = shapely.MultiPoint(np.concatenate([ring.xy for ring in found])).convex_hull
        share = _share(hull, inside) if hull.area else float(hull.intersects(inside))
        if not share:
            raise _far(hull, inside, ("WGS 84", "WGS 84"), what)
        share = None if len(found) > 1 or share < 1 else share
    return epsg, (Zone(DEGREES, "độ, WGS 84", "degrees, WGS 84", share),), share


def _choose(
    land: Any,  # noqa: ANN401 - shapely geometry
    inside: Any,  # noqa: ANN401
    common: int | None,
    chosen: int | None,
    written: float | None,
    what: Pair,
) -> tuple[int, tuple[Zone, ...], float | None, list[Pair]]:
    """The zone of a table: what the user says, else what puts the land where it must lie; told in words."""
    named = [code for code in ZONES if written is not None and abs(_meridian(code)[0] - written) < 1e-6]
    if inside is None:
        epsg = chosen or (named[0] if named else common)
        if epsg is None:
            raise refusal("unknown_zone")
        word = "chosen" if chosen else "written" if named else "usual"
        return epsg, (_zone(epsg, None),), None, [remark(word, zone=zone_words(epsg))]
    shares = {}
    for code in ZONES:
        there = shapely.transform(land, _turn(code, DEGREES).transform, interleaved=False)
        if np.isfinite(there.bounds).all() and (share := _share(there, inside)) > 0:
            shares[code] = share
    if chosen == DEGREES:
        raise refusal("zone", came="EPSG:4326", known=", ".join(f"EPSG:{each}" for each in ZONES))
    if not shares or (chosen and chosen not in shares):
        epsg = chosen or (named[0] if named else None) or common or VN2000[3]
        if chosen and shares:
            better = " · ".join(zone_words(code)[1] for code in shares)
            raise refusal("zone", came=(zone_words(chosen)[0], zone_words(chosen)[1]), known=better)
        raise _far(
            shapely.transform(land, _turn(epsg, DEGREES).transform, interleaved=False), inside, zone_words(epsg), what
        )
    order = sorted(
        shares, key=lambda code: (shares[code] < MOST_INSIDE, code not in named, code != common, -shares[code])
    )
    epsg = chosen or order[0]
    words = [_chosen_word(epsg, chosen, common, named, shares, what)]
    if named and named[0] not in shares:
        words.append(remark("contradicts", zone=zone_words(named[0]), what=what))
    others = [code for code in order if code != epsg and shares[code] >= MOST_INSIDE]
    if others and not chosen and not named:
        names = [zone_words(code) for code in others]
        words.append(remark("several", zones=("; ".join(n[0] for n in names), "; ".join(n[1] for n in names))))
    zones = tuple(_zone(code, shares[code]) for code in sorted(order, key=lambda code: code != epsg))
    return epsg, zones, shares[epsg], words


def _chosen_word(
    epsg: int, chosen: int | None, common: int | None, named: list[int], shares: dict[int, float], what: Pair
) -> Pair:
    zone = zone_words(epsg)
    if chosen:
        return remark("chosen", zone=zone)
    if epsg in named:
        return remark("written", zone=zone)
    if epsg == common:
        return remark("usual", zone=zone)
    if common is not None and common not in shares:
        return remark("other", zone=zone, usual=zone_words(common), what=what)
    return remark("only", zone=zone, what=what)


def _far(land: Any, inside: Any, zone: Pair, what: Pair) -> Exception:  # noqa: ANN401 - shapely geometry
    """The refusal for land that lies elsewhere: how far, and which way."""
    here, there = inside.centroid, land.centroid
    azimuth, _, _ = pyproj.Geod(ellps="WGS84").inv(here.x, here.y, there.x, there.y)
    near = shapely.get_coordinates(shapely.shortest_line(inside, land))
    _, _, gap = pyproj.Geod(ellps="WGS84").inv(*near[0], *near[1])
    way = WAYS[round(azimuth % 360 / 45) % 8]
    return refusal("far", zone=zone, km=number(gap / 1000, 1), way=way, what=what)


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
