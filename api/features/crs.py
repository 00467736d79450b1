"""CRS of what goes out and of what is asked: address, order of axes, and the way to and from CRS84, in which features lie."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
ALWAYS = ("EPSG:4326", "EPSG:5899")
REACH_M = 4e7
"""Farther from its origin no CRS in metres means anything; PROJ answers with something all the same."""
STEPS = 64
"""Parts into which each side of a box of a projected CRS is cut before it is bent into degrees."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Crs:
    """One CRS. `address` : its URI. `code` : as PROJ knows it; empty = CRS84."""

    address: str
    code: str

    @cached_property
    def _known(self) -> Any:  # noqa: ANN401 - pyproj.CRS
        return pyproj.CRS.from_user_input(self.code)

    @property
    def geographic(self) -> bool:
        """Whether it is in degrees."""
        return not self.code or bool(self._known.is_geographic)

    @cached_property
    def north_first(self) -> bool:
        """Whether its authority puts the northing or latitude first."""
        return bool(self.code) and self._known.axis_info[0].direction == "north"

    @cached_property
    def _way(self) -> pyproj.Transformer | None:
        """From CRS84, easting first; None where nothing is to be done."""
        if self.code in ("", "EPSG:4326"):
            return None
        return pyproj.Transformer.from_crs("EPSG:4326", self._known, always_xy=True)

    def out(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """Geometries of the index in this CRS and its order of axes."""
        if not self.code:
            return shapes
        at = shapely.get_coordinates(shapes)
        x, y = at[:, 0], at[:, 1]
        if self._way is not None:
            x, y = self._way.transform(x, y)
        moved: npt.NDArray[np.object_] = shapely.set_coordinates(
            shapes.copy(), np.column_stack((y, x) if self.north_first else (x, y))
        )
        return moved

    def into(self, shape: BaseGeometry) -> BaseGeometry:
        """A geometry of this CRS in CRS84.

        Raises
        ------
        ValueError : it lies where the CRS does not reach.
        """
        at = shapely.get_coordinates(shape)
        x, y = (at[:, 1], at[:, 0]) if self.north_first else (at[:, 0], at[:, 1])
        if self._way is not None:
            x, y = self._way.transform(x, y, direction="INVERSE")
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise ValueError("out of reach")
        return shapely.set_coordinates(shapely.from_wkb(shapely.to_wkb(shape)), np.column_stack((x, y)))

    def area(self, numbers: list[float]) -> BaseGeometry:
        """The ground of a box of four or six numbers, in CRS84. One that crosses the antimeridian is two.

        Raises
        ------
        ValueError : they are no box of this CRS.
        """
        if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
            raise ValueError("four or six finite numbers")
        a, b, c, d = numbers if len(numbers) == 4 else (numbers[0], numbers[1], numbers[3], numbers[4])
        west, south, east, north = (b, a, d, c) if self.north_first else (a, b, c, d)
        if south > north or (west > east and not self.geographic):
            raise ValueError("the lower corner first")
        if self._way is None:
            if west > east:
                return shapely.MultiPolygon(
                    [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
                )
            return shapely.box(west, south, east, north)
        if max(map(abs, (west, south, east, north))) > REACH_M:
            raise ValueError("out of reach")
        step = max(east - west, north - south) / STEPS
        outline = shapely.box(west, south, east, north)
        ring = shapely.segmentize(outline, step) if math.isfinite(step) and step > 0 else outline
        if self.north_first:
            ring = shapely.transform(ring, lambda at: at[:, ::-1])
        return self.into(ring)


def inner(shape: BaseGeometry) -> Box | None:
    """A box that lies wholly in a shape that is nearly one: what lies in it needs no closer look. None: there is none.

    A shape may bend inwards, so the box found is tried.
    """
    if shape.geom_type != "Polygon" or not shape.area:
        return None
    west, south, east, north = shape.bounds
    spare_x, spare_y = (east - west) / 50, (north - south) / 50
    whole = shapely.box(west, south, east, north)
    if shape.equals(whole):
        return (west, south, east, north)
    small = (west + spare_x, south + spare_y, east - spare_x, north - spare_y)
    return small if shapely.covers(shape, shapely.box(*small)) else None


@cache
def known(study: str) -> dict[str, Crs]:
    """CRS that a result is given in, by address: CRS84 first, then those that always are, then the study's own."""
    found = [Crs(CRS84, "")]
    authority = pyproj.CRS.from_user_input(study).to_authority()
    own = (f"{authority[0]}:{authority[1]}",) if authority and authority[0] == "EPSG" else ()
    found += [Crs(EPSG + code.partition(":")[2], code) for code in dict.fromkeys((*ALWAYS, *own))]
    return {each.address: each for each in found}
