"""Zones of VN-2000: which one a table of corners is in, found by where its land must lie, and said in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyproj
import shapely
from sanchoi.gis.corner_rings import Ring
from sanchoi.gis.corner_words import WAYS, Pair, number, refusal, remark
from sanchoi.gis.crs import VN2000

DEGREES = 4326
ZONES = (*VN2000, 3405, 3406)
"""EPSG codes a table may be in: VN-2000 in zones of 3°, and the two of 6°."""
MOST_INSIDE = 0.5
STUDY: Pair = ("vùng nghiên cứu", "the study")


@dataclass(frozen=True)
class Zone:
    """A zone the table could be in. `share` : of the land that lies inside the commune or study, None = not asked."""

    epsg: int
    name_vi: str
    name_en: str
    share: float | None = None


def zone_words(epsg: int) -> Pair:
    """A zone in words: its central meridian and width."""
    meridian, width = _meridian(epsg)
    whole, minutes = divmod(round(meridian * 60), 60)
    return (
        f"kinh tuyến trục {whole}°{minutes:02d}′, múi {width}°",
        f"central meridian {whole}°{minutes:02d}′, {width}° zone",
    )


@cache
def turn(source: int, target: int) -> pyproj.Transformer:
    """From one CRS to another, x before y."""
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


@cache
def _meridian(epsg: int) -> tuple[float, int]:
    operation = pyproj.CRS.from_epsg(epsg).coordinate_operation
    values: dict[str, Any] = {each.name: each.value for each in operation.params} if operation is not None else {}
    width = 3 if values["Scale factor at natural origin"] == 0.9999 else 6
    return values["Longitude of natural origin"], width


def code_of(usual: int | str | pyproj.CRS | None) -> int | None:
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


def of_degrees(
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


def choose(
    land: Any,  # noqa: ANN401 - shapely geometry
    inside: Any,  # noqa: ANN401
    common: int | None,
    chosen: int | None,
    written: float | None,
    what: Pair,
) -> tuple[int, tuple[Zone, ...], float | None, list[Pair]]:
    """The zone of a table: what the user says, else what puts the land where it must lie; told in words."""
    if chosen == DEGREES:
        raise refusal("zone", came="EPSG:4326", known=", ".join(f"EPSG:{each}" for each in ZONES))
    named = [code for code in ZONES if written is not None and abs(_meridian(code)[0] - written) < 1e-6]
    if inside is None:
        epsg = chosen or (named[0] if named else common)
        if epsg is None:
            raise refusal("unknown_zone")
        word = "chosen" if chosen else "written" if named else "usual"
        return epsg, (_zone(epsg, None),), None, [remark(word, zone=zone_words(epsg))]
    shares = {}
    for code in ZONES:
        there = shapely.transform(land, turn(code, DEGREES).transform, interleaved=False)
        if np.isfinite(there.bounds).all() and (share := _share(there, inside)) > 0:
            shares[code] = share
    if not shares or (chosen and chosen not in shares):
        epsg = chosen or (named[0] if named else None) or common or VN2000[3]
        if chosen and shares:
            names = [zone_words(code) for code in shares]
            better = ("; ".join(n[0] for n in names), "; ".join(n[1] for n in names))
            raise refusal("elsewhere", zone=zone_words(chosen), known=better, what=what)
        raise _far(
            shapely.transform(land, turn(epsg, DEGREES).transform, interleaved=False), inside, zone_words(epsg), what
        )
    order = sorted(shares, key=lambda code: (code not in named, code != common, -shares[code]))
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
