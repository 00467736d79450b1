"""Outlines: land that somebody has drawn, checked and put into the study's CRS, and the communes it lies in."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis.cells import to_crs
from sanchoi.gis.change_words import refusal
from sanchoi.gis.changes import AROUND_M, CORNERS, MOST_M2, TEXT_CHARS, UNREADABLE, finite
from sanchoi.gis.model import Model
from sanchoi.gis.tables import STORAGE_CRS

LEAST_M2 = 1.0
"""Parcels with less ground are left out of a run too."""
SHARED_M2 = 1e-3
"""Land that shares no more with a commune only touches it."""
TYPES = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Land:
    """Land on which a play area is proposed.

    Attributes
    ----------
    geometry : polygon or multipolygon in EPSG:4326. land_use : its code, None = not known. owner : None = not known.
    cost : VND for the land, None = not known. cost_per_m2 : VND a m², likewise.
    """

    geometry: shapely.Geometry
    land_use: str | None = None
    owner: str | None = None
    cost: float | None = None
    cost_per_m2: float | None = None


@dataclass(frozen=True)
class Share:
    """A commune of the study and the share of the land that it holds."""

    commune_id: str
    name: str
    share: float


def check(land: Land) -> None:
    """Refuse texts and figures that no parcel could have.

    Raises
    ------
    ContractError : a text that is none, a cost below 0.
    """
    for text, name_vi, name_en in ((land.land_use, "mã loại đất", "land use"), (land.owner, "chủ sử dụng", "owner")):
        if text is not None and not (isinstance(text, str) and len(text) <= TEXT_CHARS and text.isprintable()):
            raise refusal("land_text", name_vi=name_vi, name_en=name_en, most=TEXT_CHARS)
    for cost in (land.cost, land.cost_per_m2):
        number = isinstance(cost, int | float) and not isinstance(cost, bool)
        if cost is not None and not (number and 0 <= cost < math.inf):
            raise refusal("land_cost", came=str(cost)[:40])


def read(document: object) -> shapely.Geometry:
    """A geometry of GeoJSON.

    Raises
    ------
    ContractError : it is none, or has a number that is none.
    """
    if not finite(document):
        raise refusal("land_numbers")
    try:
        return shapely.geometry.shape(document)
    except UNREADABLE as error:
        raise refusal("land_shape", came=type(error).__name__) from error


def outline(model: Model, geometry: object) -> shapely.Geometry:
    """The land in the study's CRS.

    Raises
    ------
    ContractError : it is no area, too large or too intricate, crosses itself, or lies in no commune of the study.
    """
    if not isinstance(geometry, shapely.Geometry) or geometry.geom_type not in TYPES:
        raise refusal("land_shape", came=getattr(geometry, "geom_type", type(geometry).__name__))
    if geometry.is_empty:
        raise refusal("land_empty")
    xy = shapely.get_coordinates(geometry)
    if not np.isfinite(xy).all() or (np.abs(xy) > (180.0, 90.0)).any():
        raise refusal("land_numbers")
    if len(xy) > CORNERS:
        raise refusal("land_corners", came=f"{len(xy):,}", most=f"{CORNERS:,}")
    moved = into(geometry, model.study.crs)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise refusal("land_numbers")
    if not moved.is_valid:
        raise refusal("land_crossing", came=_where(geometry)) if moved.area > 0 else refusal("land_empty")
    if moved.area < LEAST_M2:
        raise refusal("land_small", came=f"{moved.area:.2g}", least=f"{LEAST_M2:g}")
    if moved.area > MOST_M2:
        raise refusal("land_large", came=f"{moved.area:,.0f}", most=f"{MOST_M2:,.0f}")
    if moved.length > AROUND_M:
        raise refusal("land_winding", came=f"{moved.length:,.0f}", most=f"{AROUND_M:,.0f}")
    return moved


def communes(model: Model, land: shapely.Geometry) -> list[Share]:
    """Communes of the study that share ground with land in its CRS, the one that holds most of it first.

    Raises
    ------
    ContractError : there is none.
    """
    near = np.sort(model.trees[1].query(land, predicate="intersects"))
    near = near[model.inside[near]]
    held = shapely.area(shapely.intersection(model.outlines[near], land))
    near, held = near[held > SHARED_M2], held[held > SHARED_M2]
    if not len(near):
        away = shapely.distance(model.outlines[model.inside], land).min()
        raise refusal("land_outside", came=f"{away / 1000:,.1f}")
    ids, names = (model.communes[key].to_numpy() for key in ("commune_id", "name"))
    order = np.lexsort((near, -held))
    return [
        Share(str(ids[c]), str(names[c]), min(m2 / land.area, 1.0))
        for c, m2 in zip(near[order], held[order], strict=True)
    ]


def into(shape: shapely.Geometry, crs: str) -> shapely.Geometry:
    """A shape in degrees, in a study's CRS."""
    return _moved(shape, STORAGE_CRS, crs)


def out_of(shape: shapely.Geometry, crs: str) -> shapely.Geometry:
    """A shape in a study's CRS, in degrees."""
    return _moved(shape, crs, STORAGE_CRS)


def _moved(shape: shapely.Geometry, source: str, target: str) -> shapely.Geometry:
    def move(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(to_crs(xy[:, 0], xy[:, 1], source, target))

    return shapely.transform(shapely.force_2d(shape), move)


def _where(shape: shapely.Geometry) -> str:
    """Where a shape crosses itself, in degrees; "" = GEOS does not say."""
    _, bracket, place = shapely.is_valid_reason(shape).partition("[")
    return " ".join(f"{float(each):.5f}" for each in place.rstrip("]").split()) if bracket else ""
