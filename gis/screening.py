"""Screening: for every parcel and every constraint, whether it is passed, by how much, and on whose word.

All constraints are judged for all parcels, so that a near miss is seen. Hard distances and hard polygons take ground away: a
parcel is judged by the largest piece that is left, not by its centroid and not as a whole. A layer that the study does not have
is not passed but `not checked`.

Verdicts: `excluded` (land class X, a hard value failed, or no usable piece large enough), `conditional` (somebody must decide:
land class B or C, an unknown code, a constraint failed or not checked), `eligible`.

Measures, in the units of the study CRS (metres):

    min_distance   value = distance from the parcel's outline to the nearest feature, 0 where they meet; margin = value − limit
    outside        value = m² of the parcel within the union of the layer's polygons, limit 0;           margin = −value
    max_value      value = the layer's number for the usable piece (slope in %);                          margin = limit − value

Lines and points of an `outside` layer take no ground that could be measured: a parcel that one of them meets is not checked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import clearance, ledger, usable
from sanchoi.gis import grounds as cutting_up
from sanchoi.gis.constraints import Constraint
from sanchoi.gis.grounds import Ground
from sanchoi.gis.landuse import Use
from sanchoi.gis.ledger import Marks
from sanchoi.gis.usable import Floats, Geometries, Ints

BLOCK = 4096
"""Parcels that lie together and are screened together: memory stays flat however many there are."""
Value = Floats | Callable[[Geometries], Floats]


@dataclass(frozen=True)
class Screening:
    """What a screening found.

    Attributes
    ----------
    ledger : one row per parcel and constraint, and two more per parcel ("land_use", "usable_area"), in the order of their keys:
        parcel_id, constraint_id, passed (null = not checked), value, limit, margin (≥ 0 passes), unit, kind, near_miss, source,
        article, verified. Texts are categories. A distance to nothing at all is passed with no value.
    verdict : one of `VERDICTS` per parcel. usable : the largest piece clear of hard constraints (empty = none).
    usable_m2, circle_m : its area and the diameter of its largest inscribed circle. clear_m2 : of all pieces clear of them.
    why : per parcel, ids of what stands against it: "land_use", "usable_area", constraints failed, constraints not checked.
    near : per parcel, ids of what it fails by little, see `ledger.NEAR_SHARE`.
    checked : ids of the rules whose layer was given.
    """

    ledger: pd.DataFrame
    verdict: npt.NDArray[np.object_]
    usable: Geometries
    usable_m2: Floats
    circle_m: Floats
    why: list[list[str]]
    near: list[list[str]]
    checked: frozenset[str]
    clear_m2: Floats


def screen(
    parcel_id: Sequence[str],
    geometry: Geometries,
    uses: Sequence[Use],
    constraints: Sequence[Constraint],
    layers: Mapping[str, gpd.GeoDataFrame],
    least_m2: float = 0.0,
    values: Mapping[str, Value] | None = None,
    *,
    least_source: tuple[str, str, bool] = ("least ground of a play area, set by the study or its norm", "", False),
    block: int = BLOCK,
    workers: int | None = None,
    grounds: Sequence[Ground | None] | None = None,
) -> Screening:
    """Screen parcels.

    Parameters
    ----------
    parcel_id, geometry, uses : parcels in the study CRS, metres, and what their codes mean.
    constraints : rules in force.
    layers : name → features; a name that is absent was not given. An empty layer was given: nothing is near.
    least_m2 : ground that a play area needs.
    values : layer → one number per parcel for `max_value` rules (slope in %), or a function that measures the usable pieces; NaN =
        not known.
    least_source : source, article and verified of `least_m2`, for the ledger.
    block, workers : parcels screened together, and threads; the result depends on neither.
    grounds : one a rule, where the layers have been prepared already: `layers` are then not looked at.
    """
    whole = usable.sound(geometry)
    if grounds is None:
        grounds = cutting_up.grounds(constraints, cutting_up.prepare(constraints, layers))
    marks = Marks.blank(constraints, shapely.area(whole))
    left, circle_m, clear_m2 = whole.copy(), np.zeros(len(whole)), np.zeros(len(whole))
    blocks = _blocks(whole, block)

    def one(some: Ints) -> tuple[Geometries, Floats, Floats]:
        return _block(marks, grounds, some, whole[some])

    with ThreadPoolExecutor(min(workers or os.cpu_count() or 1, 8)) as pool:
        for some, (pieces, circle, clear) in zip(blocks, pool.map(one, blocks), strict=True):
            left[some], circle_m[some], clear_m2[some] = pieces, circle, clear
    for number, rule in enumerate(constraints):
        found = (values or {}).get(rule.layer) if rule.rule == "max_value" else None
        if found is not None:
            value = np.asarray(found(left) if callable(found) else found, dtype=float)
            marks.note(number, np.arange(len(whole)), value, ~np.isnan(value))
    usable_m2 = shapely.area(left)
    judged = ledger.judge(marks, uses, usable_m2, least_m2)
    given = frozenset(
        rule.constraint_id
        for rule, ground in zip(constraints, grounds, strict=True)
        if ground is not None or (rule.rule == "max_value" and rule.layer in (values or {}))
    )
    table = ledger.table(parcel_id, marks, uses, usable_m2, least_m2, least_source)
    return Screening(table, judged.verdict, left, usable_m2, circle_m, judged.why, judged.near, given, clear_m2)


def _blocks(shapes: Geometries, size: int) -> list[Ints]:
    """Parcels in blocks that lie together, along a Hilbert curve."""
    full = np.flatnonzero(~shapely.is_empty(shapes))
    order = (
        full[np.argsort(gpd.GeoSeries(shapes[full]).hilbert_distance().to_numpy(), kind="stable")]
        if len(full)
        else full
    )
    order = np.concatenate([order, np.flatnonzero(shapely.is_empty(shapes))])
    return np.array_split(order, max(-(-len(order) // size), 1))


def _block(
    marks: Marks, grounds: Sequence[Ground | None], some: Ints, parcels: Geometries
) -> tuple[Geometries, Floats, Floats]:
    """Write down what every rule of ground finds for some parcels; their usable pieces, the circles in them, and the clear m²."""
    outlines = clearance.segments(parcels)
    taken: list[tuple[Ints, Ints, Geometries]] = []
    for number, ground in enumerate(grounds):
        if ground is not None:
            value, checked = ground.measure(parcels, outlines)
            marks.note(number, some, value, checked)
            if ground.rule.kind == "hard":
                taken.append(ground.takes(parcels, value))
    clear = usable.without(parcels, *_together(taken))
    left = usable.largest(clear)
    return left, usable.circles(left), shapely.area(clear)


def _together(taken: list[tuple[Ints, Ints, Geometries]]) -> tuple[Ints, Geometries, Ints]:
    """Pairs of a parcel and a shape of all rules: the parcels, the shapes, and which shape each parcel has."""
    nothing = np.empty(0, dtype=np.intp)
    begin = np.cumsum([0, *(len(shapes) for _, _, shapes in taken)])
    return (
        np.concatenate([nothing, *(at for at, _, _ in taken)]),
        np.concatenate([np.empty(0, dtype=object), *(shapes for _, _, shapes in taken)]),
        np.concatenate([nothing, *(which + first for (_, which, _), first in zip(taken, begin[:-1], strict=True))]),
    )
