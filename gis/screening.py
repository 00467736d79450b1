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
from sanchoi.gis.clearance import Nearness
from sanchoi.gis.constraints import Constraint, told_apart
from sanchoi.gis.landuse import Use
from sanchoi.gis.ledger import TOLERANCE, Marks
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
    usable_m2, circle_m : its area and the diameter of its largest inscribed circle.
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
    """
    whole = usable.sound(geometry)
    grounds = _grounds(constraints, layers)
    marks = Marks.blank(constraints, shapely.area(whole))
    left, circle_m = whole.copy(), np.zeros(len(whole))
    blocks = _blocks(whole, block)

    def one(some: Ints) -> tuple[Geometries, Floats]:
        return _block(marks, grounds, some, whole[some])

    with ThreadPoolExecutor(min(workers or os.cpu_count() or 1, 8)) as pool:
        for some, (pieces, circle) in zip(blocks, pool.map(one, blocks), strict=True):
            left[some], circle_m[some] = pieces, circle
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
    return Screening(table, judged.verdict, left, usable_m2, circle_m, judged.why, judged.near, given)


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
    marks: Marks, grounds: Sequence[_Ground | None], some: Ints, parcels: Geometries
) -> tuple[Geometries, Floats]:
    """Write down what every rule of ground finds for some parcels; their usable pieces and the circles in them."""
    outlines = clearance.segments(parcels)
    taken: list[tuple[Ints, Ints, Geometries]] = []
    for number, ground in enumerate(grounds):
        if ground is not None:
            value, checked = ground.measure(parcels, outlines)
            marks.note(number, some, value, checked)
            if ground.rule.kind == "hard":
                taken.append(ground.takes(parcels, value))
    left = usable.largest(usable.without(parcels, *_together(taken)))
    return left, usable.circles(left)


def _together(taken: list[tuple[Ints, Ints, Geometries]]) -> tuple[Ints, Geometries, Ints]:
    """Pairs of a parcel and a shape of all rules: the parcels, the shapes, and which shape each parcel has."""
    nothing = np.empty(0, dtype=np.intp)
    begin = np.cumsum([0, *(len(shapes) for _, _, shapes in taken)])
    return (
        np.concatenate([nothing, *(at for at, _, _ in taken)]),
        np.concatenate([np.empty(0, dtype=object), *(shapes for _, _, shapes in taken)]),
        np.concatenate([nothing, *(which + first for (_, which, _), first in zip(taken, begin[:-1], strict=True))]),
    )


@dataclass(frozen=True)
class _Ground:
    """Features that a rule speaks of, cut into pieces, and those of unknown kind that it may speak of."""

    rule: Constraint
    shapes: Geometries
    tree: shapely.STRtree
    near: Nearness | None
    doubtful: Geometries
    doubtful_tree: shapely.STRtree
    doubtful_near: Nearness | None
    flat: shapely.STRtree
    """Points and lines of an `outside` rule: something is there, and nobody knows how much ground it takes."""

    def measure(self, parcels: Geometries, outlines: tuple[Floats, Ints]) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Value of each parcel (NaN where there is nothing to measure to), and whether the rule could be checked."""
        if self.rule.rule == "outside":
            value = self._inside_m2(parcels, self.shapes, self.tree)
            doubt = self._inside_m2(parcels, self.doubtful, self.doubtful_tree) > ledger.TOUCH_M2
            doubt[self.flat.query(parcels, predicate="intersects")[0]] = True
            return value, ~doubt | (value > ledger.TOUCH_M2)
        value = np.full(len(parcels), np.nan)
        if self.near is not None:
            value = clearance.clearance(*outlines, len(parcels), self.near)
            value[self.tree.query(parcels, predicate="intersects")[0]] = 0.0
        checked = np.ones(len(parcels), dtype=bool)
        if self.doubtful_near is not None:
            most = self.rule.limit - TOLERANCE
            checked = clearance.clearance(*outlines, len(parcels), self.doubtful_near, most) >= most
            checked[self.doubtful_tree.query(parcels, predicate="intersects")[0]] = False
        return value, checked | (value < self.rule.limit - TOLERANCE)

    def takes(self, parcels: Geometries, value: Floats) -> tuple[Ints, Ints, Geometries]:
        """Pairs of a parcel and a shape of ground that the rule takes from it: parcels, which shapes, the shapes."""
        far = 0.0 if self.rule.rule == "outside" else self.rule.limit
        failed = np.flatnonzero(value > 0 if not far else value < far - TOLERANCE)
        parcel, piece = _within(parcels[failed], self.tree, far)
        which, at = np.unique(piece, return_inverse=True)
        shapes = self.shapes[which]
        return failed[parcel], at, shapes if not far else shapely.buffer(shapes, far, quad_segs=usable.ARC)

    def _inside_m2(self, parcels: Geometries, shapes: Geometries, tree: shapely.STRtree) -> Floats:
        parcel, piece = tree.query(parcels)
        which, at = np.unique(piece, return_inverse=True)
        return usable.inside_m2(parcels, parcel, shapes[which], at)


def _within(parcels: Geometries, tree: shapely.STRtree, far: float) -> tuple[Ints, Ints]:
    """Pairs of a parcel and a shape whose bounds are at most so far apart."""
    bounds = shapely.bounds(parcels) + np.array([-far, -far, far, far])
    return tree.query(shapely.box(*bounds.T)) if len(parcels) else (np.empty(0, np.intp), np.empty(0, np.intp))


def _grounds(constraints: Sequence[Constraint], layers: Mapping[str, gpd.GeoDataFrame]) -> list[_Ground | None]:
    """One a rule; None where its layer was not given, or it is no rule of ground."""
    cut: dict[str, tuple[Geometries, Ints]] = {}
    drawn: dict[str, tuple[Floats, Ints]] = {}
    out: list[_Ground | None] = []
    for rule in constraints:
        layer = layers.get(rule.layer)
        if layer is None or rule.rule == "max_value":
            out.append(None)
            continue
        if rule.layer not in cut:
            whole = usable.sound(np.asarray(layer.geometry.to_numpy(), dtype=object))
            cut[rule.layer] = usable.pieces(whole)
            drawn[rule.layer] = clearance.along_curve(*clearance.segments(whole))
        shapes, of = cut[rule.layer]
        own, doubtful = told_apart(rule, constraints, layer)
        flat = shapes[:0]
        if rule.rule == "outside":
            ground = shapely.get_dimensions(shapes) == 2
            thin = shapely.get_dimensions(np.asarray(layer.geometry.to_numpy(), dtype=object)) < 2
            flat = shapes[~ground & ((own | doubtful) & thin)[of]]
            shapes, of = shapes[ground], of[ground]
        mine, maybe = shapes[own[of]], shapes[doubtful[of]]
        ends, feature = drawn[rule.layer]
        near, maybe_near = (_nearness(rule, ends[those[feature]]) for those in (own, doubtful))
        out.append(
            _Ground(
                rule,
                mine,
                shapely.STRtree(mine),
                near,
                maybe,
                shapely.STRtree(maybe),
                maybe_near,
                shapely.STRtree(flat),
            )
        )
    return out


def _nearness(rule: Constraint, ends: Floats) -> Nearness | None:
    return clearance.nearness(ends) if rule.rule == "min_distance" and len(ends) else None
