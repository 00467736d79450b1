"""Guess of a CRS: which zone, and which order of axes, puts the numbers of a layer among the communes. It is never used unasked.

Neighbouring zones of VN-2000 differ by 27 km: in a province several may fit, in a commune hardly more than one. What fits about as
well as the best is named beside it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from sanchoi.gis.crs import ELSEWHERE, VN2000

Floats = npt.NDArray[np.float64]

SAMPLE = 1_000
LEAST_SHARE, AS_GOOD = 0.5, 0.9
"""A CRS fits if it puts at least the one share among the communes; a rival puts the other share of what the best one does."""
BETTER = 0.01
"""Of the study's own CRS, a rival that puts so much more of a layer among the communes makes it doubtful."""
NORTH, EAST = (880_000.0, 2_630_000.0), (150_000.0, 850_000.0)
"""Northings and eastings of Vietnam in metres: they share no value."""


@dataclass(frozen=True)
class Fit:
    """A CRS that numbers could be in. `swapped` : they stand north before east. `share` : of the layer among the communes."""

    epsg: int
    swapped: bool
    share: float


@dataclass(frozen=True)
class Guess:
    """The best fit, and others about as good. `usual` : the best is the CRS of the study."""

    best: Fit
    rivals: tuple[Fit, ...]
    usual: bool

    @property
    def sure(self) -> bool:
        """Whether nothing else fits, or the study's own CRS does, and nothing else fits better."""
        return not self.rivals or (self.usual and self.best.share >= max(r.share for r in self.rivals) - BETTER)


def is_swapped(xy: Floats) -> bool:
    """Whether numbers are metres of Vietnam with north before east."""
    low, high = np.nanmin(xy, axis=0), np.nanmax(xy, axis=0)
    return bool(low[0] > NORTH[0] and high[0] < NORTH[1] and low[1] > EAST[0] and high[1] < EAST[1])


def are_metres(xy: Floats) -> bool:
    """Whether numbers are metres of Vietnam, in either order."""
    return bool(len(xy)) and (is_swapped(xy) or is_swapped(xy[:, ::-1]))


def places(shapes: npt.NDArray[np.object_], every: bool = False) -> Floats:
    """One place in each feature, or in about `SAMPLE` features spread over the layer: corners of an outline lie on borders."""
    kept = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    kept = kept[:: 1 if every else max(len(kept) // SAMPLE, 1)]
    with contextlib.suppress(shapely.errors.GEOSException):
        within = shapely.point_on_surface(kept)
        good = ~(shapely.is_missing(within) | shapely.is_empty(within))
        kept = np.where(good, within, kept)
    xy, owner = shapely.get_coordinates(kept, return_index=True)
    first: Floats = xy[np.unique(owner, return_index=True)[1]]
    return first


def share(xy: Floats, crs: pyproj.CRS | str, inside: Any, there: pyproj.CRS | str) -> float:  # noqa: ANN401 - a shapely geometry
    """Share of places in `crs` that lie in `inside`, a geometry in the CRS `there`."""
    if not len(xy):
        return 0.0
    source = pyproj.CRS.from_user_input(crs)
    if source.is_geographic and (np.abs(xy[:, 0]).max() > 360 or np.abs(xy[:, 1]).max() > 90):
        return 0.0
    turn = pyproj.Transformer.from_crs(source, there, always_xy=True)
    x, y = turn.transform(xy[:, 0], xy[:, 1])
    shapely.prepare(inside)
    known = np.isfinite(x) & np.isfinite(y)
    hit = np.zeros(len(xy), dtype=bool)
    hit[known] = shapely.intersects_xy(inside, x[known], y[known])
    return float(hit.mean())


def guess(
    xy: Floats,
    inside: Any,  # noqa: ANN401 - a shapely geometry
    there: pyproj.CRS | str,
    usual: int | None = None,
    known: Sequence[int] = (*VN2000, *ELSEWHERE),
) -> Guess | None:
    """Say which CRS the numbers fit; None = none of them.

    Parameters
    ----------
    xy : (n, 2) places as stored. inside : ground in which they must lie, in the CRS `there`. usual : EPSG code of the study.
    """
    codes = dict.fromkeys(((usual,) if usual is not None else ()) + tuple(known))
    found = [
        Fit(code, swapped, share(xy[:, ::-1] if swapped else xy, f"EPSG:{code}", inside, there))
        for code in codes
        for swapped in (False, True)
    ]
    fits = sorted(
        (each for each in found if each.share >= LEAST_SHARE),
        key=lambda each: (-each.share, each.epsg != usual, each.swapped),
    )
    if not fits:
        return None
    good = [each for each in fits if each.share >= AS_GOOD * fits[0].share]
    own = [each for each in good if each.epsg == usual]
    best = own[0] if own else good[0]
    return Guess(best, tuple(each for each in good if each is not best), bool(own))


def lost_datum(crs: pyproj.CRS | None) -> int | None:
    """EPSG code of the VN-2000 zone whose projection this is on the datum of WGS 84; None = it is no such thing.

    MapInfo files that GDAL writes, and texts with `+ellps=WGS84` alone, lose the datum: what lies in them is 225 m off. Nobody
    draws TM-3 on WGS 84. The zones of 6° cannot be told from UTM, and are not.
    """
    if (
        crs is None
        or crs.is_bound
        or not crs.is_projected
        or crs.coordinate_operation is None
        or crs.geodetic_crs is None
    ):
        return None
    if "VN" in crs.geodetic_crs.name.upper() and "2000" in crs.geodetic_crs.name:
        return None
    if "Transverse Mercator" not in crs.coordinate_operation.method_name:
        return None
    own = _numbers(crs)
    return next(
        (code for code in VN2000 if np.allclose(own, _numbers(pyproj.CRS.from_epsg(code)), rtol=0, atol=1e-7)), None
    )


def _numbers(crs: pyproj.CRS) -> list[float]:
    values = {each.name: each.value for each in crs.coordinate_operation.params} if crs.coordinate_operation else {}
    names = (
        "Latitude of natural origin",
        "Longitude of natural origin",
        "Scale factor at natural origin",
        "False easting",
        "False northing",
    )
    return [float(values.get(name, np.nan)) for name in names]
