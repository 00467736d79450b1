"""Grounds: the features of which the rules speak, cut into pieces, and what each rule measures of parcels and takes from them.

A layer is prepared once (`prepare`); a rule's ground is then put together from all of its pieces or from those near one place
(`grounds`), with the same answer to the bit: pairs of a parcel and a piece always stand in the order of the layer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis import clearance, ledger, usable
from sanchoi.gis.clearance import Nearness
from sanchoi.gis.constraints import Constraint, told_apart
from sanchoi.gis.ledger import TOLERANCE
from sanchoi.gis.usable import Floats, Geometries, Ints

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cut:
    """A layer in pieces.

    Attributes
    ----------
    shapes : the pieces. of : the feature of each. thin : (features,) a point or a line: its ground cannot be measured.
    """

    shapes: Geometries
    of: Ints
    thin: Mask


@dataclass(frozen=True)
class Named:
    """Of which features of its layer a rule speaks, and of which it may speak, because no rule names their kind.

    `near`, `maybe_near`: their outlines, for a rule of distance; None = there are none, or it is no such rule.
    """

    own: Mask
    doubtful: Mask
    near: Nearness | None
    maybe_near: Nearness | None


@dataclass(frozen=True)
class Prepared:
    """Layers in pieces by name, and what each rule takes of them; None: its layer was not given, or it is no rule of ground."""

    cuts: Mapping[str, Cut]
    named: Sequence[Named | None]


@dataclass(frozen=True)
class Ground:
    """Pieces of features that a rule speaks of, and those of unknown kind that it may speak of."""

    rule: Constraint
    shapes: Geometries
    tree: shapely.STRtree
    near: Nearness | None
    doubtful: Geometries
    doubtful_tree: shapely.STRtree
    doubtful_near: Nearness | None
    flat: shapely.STRtree
    """Points and lines of an `outside` rule: something is there, and nobody knows how much ground it takes."""

    def measure(self, parcels: Geometries, outlines: tuple[Floats, Ints]) -> tuple[Floats, Mask]:
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
        parcel, piece = _ordered(*tree.query(parcels))
        which, at = np.unique(piece, return_inverse=True)
        return usable.inside_m2(parcels, parcel, shapes[which], at)


def reach_m(rules: Sequence[Constraint], layer: str) -> float:
    """How far from a parcel a feature of a layer can change what is judged of it, distances apart."""
    return max([0.0, *(rule.limit for rule in rules if rule.layer == layer and rule.rule == "min_distance")])


def prepare(rules: Sequence[Constraint], layers: Mapping[str, gpd.GeoDataFrame]) -> Prepared:
    """Cut the layers that the rules speak of into pieces."""
    cuts: dict[str, Cut] = {}
    drawn: dict[str, tuple[Floats, Ints]] = {}
    packed: dict[tuple[str, bytes], Nearness | None] = {}
    named: list[Named | None] = []
    for rule in rules:
        layer = layers.get(rule.layer)
        if layer is None or rule.rule == "max_value":
            named.append(None)
            continue
        if rule.layer not in cuts:
            raw = np.asarray(layer.geometry.to_numpy(), dtype=object)
            whole = usable.sound(raw)
            cuts[rule.layer] = Cut(*usable.pieces(whole), shapely.get_dimensions(raw) < 2)
            drawn[rule.layer] = clearance.along_curve(*clearance.segments(whole))
        own, doubtful = (np.asarray(mask, dtype=bool) for mask in told_apart(rule, rules, layer))
        near: list[Nearness | None] = []
        for mask in (own, doubtful):
            key = (rule.layer, mask.tobytes())
            if rule.rule == "min_distance" and key not in packed:
                ends, feature = drawn[rule.layer]
                mine = ends[mask[feature]]
                packed[key] = clearance.nearness(mine) if len(mine) else None
            near.append(packed[key] if rule.rule == "min_distance" else None)
        named.append(Named(own, doubtful, *near))
    return Prepared(cuts, named)


def grounds(rules: Sequence[Constraint], prepared: Prepared) -> list[Ground | None]:
    """The ground of each rule, of the pieces at hand."""
    return [
        None if named is None else _ground(rule, prepared.cuts[rule.layer], named)
        for rule, named in zip(rules, prepared.named, strict=True)
    ]


def _ground(rule: Constraint, cut: Cut, named: Named) -> Ground:
    shapes, of, own, doubtful = cut.shapes, cut.of, named.own, named.doubtful
    flat = shapes[:0]
    if rule.rule == "outside":
        ground = shapely.get_dimensions(shapes) == 2
        flat = shapes[~ground & ((own | doubtful) & cut.thin)[of]]
        shapes, of = shapes[ground], of[ground]
    mine, maybe = shapes[own[of]], shapes[doubtful[of]]
    trees = [shapely.STRtree(each) for each in (mine, maybe, flat)]
    return Ground(rule, mine, trees[0], named.near, maybe, trees[1], named.maybe_near, trees[2])


def _within(parcels: Geometries, tree: shapely.STRtree, far: float) -> tuple[Ints, Ints]:
    """Pairs of a parcel and a shape whose bounds are at most so far apart."""
    bounds = shapely.bounds(parcels) + np.array([-far, -far, far, far])
    return _ordered(*tree.query(shapely.box(*bounds.T))) if len(parcels) else (np.empty(0, np.intp),) * 2


def _ordered(parcel: Ints, piece: Ints) -> tuple[Ints, Ints]:
    """Pairs by parcel, then piece: a tree gives them in an order that depends on all that it holds."""
    order = np.lexsort((piece, parcel))
    return parcel[order], piece[order]
