"""Place of a layer: its CRS and the order of its axes, as the file names them, as its user confirms them, or guessed and told."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from sanchoi.gis import guess as guessing
from sanchoi.gis.arrival_words import Remark, refusal, remark
from sanchoi.gis.corner_words import number
from sanchoi.gis.corners import ZONES, zone_words
from sanchoi.gis.crs import moved
from sanchoi.gis.errors import SanchoiError
from sanchoi.gis.guess import Fit, Guess
from sanchoi.gis.sources.arrival import Arrival, Pair

Floats = npt.NDArray[np.float64]
SURE_SHARE = 0.95
STRAY_SHARE = 0.5
"""A layer of which more lies where its CRS cannot be is refused; of less it is told."""
FAR_DEGREES = 5.0
"""How far from the area of its CRS a layer may lie: zones of neighbours are used too."""
SWAPPED: Pair = (", đổi chỗ X (bắc) và Y (đông)", " with north and east swapped")


def settle(
    frame: gpd.GeoDataFrame, arrival: Arrival, file: str, name: str, told: list[Remark], free: bool = False
) -> gpd.GeoDataFrame:
    """A layer with a CRS, east before north.

    Parameters
    ----------
    free : the order of axes follows from the numbers (a table of X and Y); it is told, and needs no confirmation.

    Raises
    ------
    CRSError : no CRS, a lost datum, or swapped axes, and nobody confirmed what is guessed; says the guess, and how to confirm it.
        Numbers that cannot be in the CRS: in any row of a table, or in most features of a layer whose CRS its user names.
    """
    found = _settled(frame, arrival, file, name, told, free)
    if free or (str(arrival.assume_crs).strip() and not (arrival.from_lines and found.crs.is_geographic)):
        _refuse_impossible(found, free, file, name, told)
    return found


def _refuse_impossible(frame: gpd.GeoDataFrame, each: bool, file: str, name: str, told: list[Remark]) -> None:
    shapes = frame.geometry.to_numpy()
    xy = shapely.get_coordinates(shapes) if each else guessing.places(shapes, every=True)
    bad = np.flatnonzero(~_are_possible(xy, frame.crs))
    if not len(bad):
        return
    words = _crs_words(frame.crs.to_epsg() or frame.crs.to_string())
    decimals = 2 if frame.crs.is_projected else 6
    x, y = (number(value, decimals) for value in xy[bad[0]])
    if each or len(bad) > STRAY_SHARE * len(xy):
        raise refusal("impossible", name=name, file=file, bad=len(bad), of=len(xy), crs=words, x=x, y=y)
    told.append(remark("stray", count=len(bad), file=file, n=len(bad), crs=words, x=x, y=y))


def _are_possible(xy: Floats, crs: pyproj.CRS) -> npt.NDArray[np.bool_]:
    """Whether places lie in the area that a CRS is made for, or not far from it."""
    if crs.is_geographic:
        lon, lat = xy.T
    else:
        lon, lat = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(xy[:, 0], xy[:, 1])
    area = crs.area_of_use
    box = (-180.0, -90.0, 180.0, 90.0) if area is None else (area.west, area.south, area.east, area.north)
    spare = 0.0 if crs.is_geographic else FAR_DEGREES
    with np.errstate(invalid="ignore"):
        inside = (lon >= box[0] - spare) & (lon <= box[2] + spare) & (lat >= box[1] - spare) & (lat <= box[3] + spare)
    return np.asarray(inside, dtype=bool)


def _settled(
    frame: gpd.GeoDataFrame, arrival: Arrival, file: str, name: str, told: list[Remark], free: bool
) -> gpd.GeoDataFrame:
    xy = guessing.places(frame.geometry.to_numpy())
    lost = guessing.lost_datum(frame.crs)
    assumed = _assumed(arrival)
    if assumed is not None:
        return _as_said(frame, xy, assumed, lost, arrival, file, name, told, free)
    if lost is not None:
        if not arrival.accept_guess:
            flag = arrival.flag(crs=lost, guess=True)
            raise refusal("datum", name=name, file=file, crs=f"EPSG:{lost}", flag=flag)
        told.append(remark("datum_mended", file=file, crs=_crs_words(lost)))
        frame = frame.set_crs(lost, allow_override=True)
    if frame.crs is None:
        return _guessed(frame, xy, arrival, file, name, told, free)
    if arrival.swap_xy:
        return _swap(frame, file, told)
    return _checked(frame, xy, arrival, file, name, told)


def _assumed(arrival: Arrival) -> pyproj.CRS | None:
    text = str(arrival.assume_crs).strip()
    if not text:
        return None
    try:
        return pyproj.CRS.from_user_input(f"EPSG:{int(text)}" if text.isdigit() else text)
    except pyproj.exceptions.CRSError as error:
        raise refusal("bad_crs", came=text) from error


def _as_said(
    frame: gpd.GeoDataFrame,
    xy: Floats,
    assumed: pyproj.CRS,
    lost: int | None,
    arrival: Arrival,
    file: str,
    name: str,
    told: list[Remark],
    free: bool,
) -> gpd.GeoDataFrame:
    """A layer in the CRS that its user confirmed."""
    words = _crs_words(assumed.to_epsg() or assumed.to_string())
    if lost is not None and lost == assumed.to_epsg():
        told.append(remark("datum_mended", file=file, crs=words))
    elif frame.crs is not None and not assumed.equals(frame.crs, ignore_axis_order=True):
        told.append(remark("crs_overruled", file=file, own=_name(frame.crs), crs=words))
    else:
        told.append(remark("crs_assumed", file=file, crs=words, why=""))
    frame = frame.set_crs(assumed, allow_override=True)
    swapped = bool(len(xy)) and assumed.is_projected and guessing.is_swapped(xy)
    if arrival.swap_xy or (swapped and (free or arrival.accept_guess)):
        return _swap(frame, file, told)
    if swapped:
        x, y = (f"{value:,.0f}" for value in xy[0])
        raise refusal("swapped", name=name, file=file, x=x, y=y, flag=arrival.flag(crs=_code(assumed), swapped=True))
    return frame


def _guessed(
    frame: gpd.GeoDataFrame, xy: Floats, arrival: Arrival, file: str, name: str, told: list[Remark], free: bool
) -> gpd.GeoDataFrame:
    """A layer without a CRS: the guess, if it may be used; else a refusal that says it."""
    if arrival.inside is None or not len(xy):
        code = arrival.usual if arrival.usual is not None and _is_possible(xy, arrival.usual) else "EPSG"
        flag = arrival.flag(crs=code)
        if not arrival.section:
            flag = (f"{flag[0]}, hoặc --inside LỚP để được gợi ý", f"{flag[1]}, or --inside LAYER to have it guessed")
        raise refusal("no_crs", name=name, file=file, flag=flag)
    inside, there = arrival.inside()
    found = guessing.guess(xy, inside, there, arrival.usual)
    if found is None:
        low, high = xy.min(axis=0), xy.max(axis=0)
        box = f"{low[0]:,.2f}…{high[0]:,.2f}, {low[1]:,.2f}…{high[1]:,.2f}"
        raise refusal("nowhere", name=name, file=file, box=box, inside=arrival.inside_words)
    best = found.best
    if not (arrival.accept_guess and found.sure):
        raise _ask(found, arrival, file, name, free)
    told.append(
        remark(
            "crs_guessed",
            file=file,
            crs=_crs_words(best.epsg),
            share=f"{100 * best.share:.0f}",
            inside=arrival.inside_words,
            rivals=_also(found),
        )
    )
    frame = frame.set_crs(best.epsg)
    return _swap(frame, file, told) if best.swapped or arrival.swap_xy else frame


def _is_possible(xy: Floats, epsg: int) -> bool:
    """Whether numbers lie on the ground for which a CRS is made."""
    crs = pyproj.CRS.from_epsg(epsg)
    low, high = xy.min(axis=0), xy.max(axis=0)
    here = moved((low[0], low[1], high[0], high[1]), crs, "EPSG:4326")
    area = crs.area_of_use
    return (
        here is not None
        and area is not None
        and here[0] >= area.west - 1
        and here[2] <= area.east + 1
        and here[1] >= area.south - 1
        and here[3] <= area.north + 1
    )


def _ask(found: Guess, arrival: Arrival, file: str, name: str, free: bool) -> SanchoiError:
    """The refusal that says a guess and asks for its confirmation."""
    best = found.best
    flag = arrival.flag(crs=best.epsg, swapped=best.swapped and not free, guess=found.sure)
    if not found.sure:
        return refusal("several", name=name, file=file, rivals=_rivals((best, *found.rivals)), flag=flag)
    return refusal(
        "guess",
        name=name,
        file=file,
        crs=_crs_words(best.epsg),
        swapped=SWAPPED if best.swapped else "",
        share=f"{100 * best.share:.0f}",
        inside=arrival.inside_words,
        rivals=_also(found),
        flag=flag,
    )


def _also(found: Guess) -> Pair:
    also = _rivals(found.rivals)
    return (f"; cũng hợp với {also[0]}", f"; it would fit {also[1]} too") if found.rivals else ("", "")


def _rivals(fits: tuple[Fit, ...]) -> Pair:
    words = [(_crs_words(each.epsg), SWAPPED if each.swapped else ("", "")) for each in fits]
    return "; ".join(crs[0] + swap[0] for crs, swap in words), "; ".join(crs[1] + swap[1] for crs, swap in words)


def _checked(
    frame: gpd.GeoDataFrame, xy: Floats, arrival: Arrival, file: str, name: str, told: list[Remark]
) -> gpd.GeoDataFrame:
    """A layer that names its CRS: refused where it lies elsewhere, and another zone or order of axes would fit."""
    if arrival.inside is None or arrival.section or not len(xy):  # layers of a study are looked at by gis.crs
        return frame
    inside, there = arrival.inside()
    own = guessing.share(xy, frame.crs, inside, there)
    if own >= guessing.LEAST_SHARE:
        return frame
    swapped = guessing.share(xy[:, ::-1], frame.crs, inside, there)
    if swapped >= SURE_SHARE:
        if arrival.accept_guess:
            return _swap(frame, file, told)
        x, y = (number(value, 0)[1] for value in xy[0])
        raise refusal("swapped", name=name, file=file, x=x, y=y, flag=arrival.flag(swapped=True, guess=True))
    found = guessing.guess(xy, inside, there, arrival.usual)
    if found is None or found.best.share < SURE_SHARE:
        return frame
    raise refusal(
        "wrong",
        name=name,
        file=file,
        share=f"{100 * own:.0f}",
        own=_name(frame.crs),
        better=f"{100 * found.best.share:.0f}",
        crs=_crs_words(found.best.epsg),
        swapped=SWAPPED if found.best.swapped else "",
        inside=arrival.inside_words,
        flag=arrival.flag(crs=found.best.epsg, swapped=found.best.swapped),
    )


def _swap(frame: gpd.GeoDataFrame, file: str, told: list[Remark]) -> gpd.GeoDataFrame:
    told.append(remark("axes_swapped", file=file))
    turned = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(turned, index=frame.index, crs=frame.crs))


def _code(crs: pyproj.CRS) -> str:
    return str(crs.to_epsg() or crs.to_string())


def _name(crs: pyproj.CRS) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.name


def _crs_words(code: int | str) -> Pair:
    """A CRS in words: for VN-2000 with its central meridian, as people know it."""
    if code in ZONES:
        vi, en = zone_words(int(code))
        return f"EPSG:{code} (VN-2000, {vi})", f"EPSG:{code} (VN-2000, {en})"
    text = f"EPSG:{code} ({pyproj.CRS.from_epsg(int(code)).name})" if str(code).isdigit() else str(code)
    return text, text
