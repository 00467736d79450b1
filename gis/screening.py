"""Screening: for every parcel and every constraint, whether it is passed, by how much, and on whose word.

All constraints are judged for all parcels, so that a near miss is seen. Hard distances take ground away: a parcel is judged by
the largest piece that is left, not by its centroid and not as a whole. A layer that the study does not have is not passed but
`not checked`.

Verdicts: `excluded` (land class X, or no usable piece large enough), `conditional` (somebody must decide: land class B or C, an
unknown code, a soft constraint failed, a constraint not checked), `eligible`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis.constraints import Constraint
from sanchoi.gis.landuse import Use

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]

TOLERANCE = 1e-9
CIRCLE_M = 0.5
"""Tolerance of the largest inscribed circle."""


@dataclass(frozen=True)
class Screening:
    """What a screening found.

    Attributes
    ----------
    ledger : one row per parcel and constraint: parcel_id, constraint_id, passed (null = not checked), value, limit, margin, unit,
        kind, source, article, verified. margin ≥ 0 passes.
    verdict : one of `VERDICTS` per parcel. usable : the largest piece clear of hard constraints (empty = none).
    usable_m2, circle_m : its area and the diameter of its largest inscribed circle.
    why : per parcel, ids of what stands against it: "land_use", "usable_area", or a constraint.
    """

    ledger: pd.DataFrame
    verdict: npt.NDArray[np.object_]
    usable: Geometries
    usable_m2: Floats
    circle_m: Floats
    why: list[list[str]]


def screen(
    parcel_id: Sequence[str],
    geometry: Geometries,
    uses: Sequence[Use],
    constraints: Sequence[Constraint],
    layers: Mapping[str, gpd.GeoDataFrame],
    least_m2: float = 0.0,
    values: Mapping[str, Floats] | None = None,
) -> Screening:
    """Screen parcels.

    Parameters
    ----------
    parcel_id, geometry, uses : parcels in the study CRS, metres, and what their codes mean.
    constraints : rules in force.
    layers : name → features; a name that is absent was not given. An empty layer was given: nothing is near.
    least_m2 : ground that a play area needs.
    values : layer → one number per parcel for `max_value` rules (slope in %); NaN = not known.
    """
    n = len(geometry)
    blocked: list[list[shapely.Geometry]] = [[] for _ in range(n)]
    failed: list[list[str]] = [[] for _ in range(n)]
    open_questions: list[list[str]] = [[] for _ in range(n)]
    frames = []
    for rule in constraints:
        measured, checked = _measure(rule, geometry, layers, values or {})
        sign = 1.0 if rule.rule == "min_distance" else -1.0
        margin = np.where(np.isinf(measured), np.inf, sign * (measured - rule.limit))
        passed = checked & (margin >= -TOLERANCE)
        for i in np.flatnonzero(checked & ~passed).tolist():
            failed[i].append(rule.constraint_id)
        for i in np.flatnonzero(~checked).tolist():
            open_questions[i].append(rule.constraint_id)
        if rule.kind == "hard" and rule.rule == "min_distance":
            _block(rule, geometry, layers, np.flatnonzero(checked & ~passed), blocked)
        frames.append(_rows(rule, parcel_id, measured, margin, passed, checked))
    usable = geometry.copy()
    for i, shapes in enumerate(blocked):
        if shapes:
            usable[i] = _largest(shapely.difference(geometry[i], shapely.union_all(shapes)))
    usable_m2 = shapely.area(usable)
    hard = {rule.constraint_id for rule in constraints if rule.kind == "hard" and rule.rule == "max_value"}
    verdict, why = _verdicts(uses, usable_m2, least_m2, failed, open_questions, hard)
    ledger = pd.concat(frames, ignore_index=True) if frames else _rows_of_nothing()
    return Screening(ledger, verdict, usable, usable_m2, _circles(usable), why)


def _features(rule: Constraint, layers: Mapping[str, gpd.GeoDataFrame]) -> Geometries | None:
    """Features that a rule speaks of; None = the layer, or the column that tells them apart, is not there."""
    layer = layers.get(rule.layer)
    if layer is None or (rule.column and rule.column not in layer and len(layer)):
        return None
    if rule.column and len(layer):
        layer = layer[layer[rule.column].astype(str).str.removesuffix(".0") == rule.value]
    return np.asarray(layer.geometry.to_numpy())


def _measure(
    rule: Constraint, geometry: Geometries, layers: Mapping[str, gpd.GeoDataFrame], values: Mapping[str, Floats]
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Value of each parcel and whether it could be measured; a distance to nothing is inf."""
    n = len(geometry)
    if rule.rule == "max_value":
        found = values.get(rule.layer)
        return (np.full(n, np.nan), np.zeros(n, dtype=bool)) if found is None else (found, ~np.isnan(found))
    features = _features(rule, layers)
    if features is None:
        return np.full(n, np.nan), np.zeros(n, dtype=bool)
    away = np.full(n, np.inf)
    if len(features) and n:
        (which, _), distance = shapely.STRtree(features).query_nearest(
            geometry, return_distance=True, all_matches=False
        )
        away[which] = distance
    return away, np.ones(n, dtype=bool)


def _block(
    rule: Constraint,
    geometry: Geometries,
    layers: Mapping[str, gpd.GeoDataFrame],
    near: npt.NDArray[np.intp],
    blocked: list[list[shapely.Geometry]],
) -> None:
    """Add the ground within the limit of a rule's features to what is blocked for the parcels near them."""
    features = _features(rule, layers)
    if features is None or not len(near):
        return
    parcel, feature = shapely.STRtree(features).query(geometry[near], predicate="dwithin", distance=rule.limit)
    strips = shapely.buffer(features[np.unique(feature)], rule.limit, quad_segs=16)
    at = np.searchsorted(np.unique(feature), feature)
    for p, strip in zip(near[parcel], strips[at], strict=True):
        blocked[p].append(strip)


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    """Largest polygon of a shape."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area) if parts else shapely.Polygon()


def _circles(shapes: Geometries) -> Floats:
    """Diameter of the largest inscribed circle, 0 where there is no ground."""
    out = np.zeros(len(shapes))
    for i, shape in enumerate(shapes):
        if not shape.is_empty and shape.area > 0:
            out[i] = 2.0 * shapely.length(shapely.maximum_inscribed_circle(_largest(shape), CIRCLE_M))
    return out


def _verdicts(
    uses: Sequence[Use],
    usable_m2: Floats,
    least_m2: float,
    failed: list[list[str]],
    open_questions: list[list[str]],
    hard_values: set[str],
) -> tuple[npt.NDArray[np.object_], list[list[str]]]:
    verdicts, reasons = [], []
    for i, use in enumerate(uses):
        small = usable_m2[i] <= 0 or usable_m2[i] < least_m2 * (1 - TOLERANCE)
        against = [each for each in failed[i] if each in hard_values]
        if use.land_class == "X" or small or against:
            verdicts.append("excluded")
        elif use.who_en or failed[i] or open_questions[i]:
            verdicts.append("conditional")
        else:
            verdicts.append("eligible")
        land = ["land_use"] if use.land_class in (None, "B", "C", "X") or use.who_en else []
        reasons.append([*land, *(["usable_area"] if small else []), *failed[i], *open_questions[i]])
    return np.array(verdicts, dtype=object), reasons


def _rows(
    rule: Constraint,
    parcel_id: Sequence[str],
    measured: Floats,
    margin: Floats,
    passed: npt.NDArray[np.bool_],
    checked: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    verdict = pd.array(passed, dtype="boolean")
    verdict[~checked] = pd.NA
    return pd.DataFrame(
        {
            "parcel_id": parcel_id,
            "constraint_id": rule.constraint_id,
            "passed": verdict,
            "value": np.where(checked & np.isfinite(measured), measured, np.nan),
            "limit": rule.limit,
            "margin": np.where(checked & np.isfinite(margin), margin, np.nan),
            "unit": rule.unit,
            "kind": rule.kind,
            "source": rule.source,
            "article": rule.article,
            "verified": rule.verified,
        }
    )


def _rows_of_nothing() -> pd.DataFrame:
    nothing = Constraint("", "", "", "", "min_distance", 1.0, "", "hard", "", "", "", "", False)
    return _rows(nothing, [], np.empty(0), np.empty(0), np.empty(0, dtype=bool), np.empty(0, dtype=bool))
