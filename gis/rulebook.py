"""Rulebook: what a run leaves so that one more piece of land can be judged as the run judged its parcels.

Layers are kept packed: of each, only what lies near the land is ever made into geometry. Distances to the nearest feature are
looked up in the whole layer, in the very boxes that the run searched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import constraints, landuse, owners
from sanchoi.gis.clearance import Nearness
from sanchoi.gis.constraints import Constraint
from sanchoi.gis.grounds import Cut, Named, Prepared, reach_m
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.landuse import Use
from sanchoi.gis.merits import COLUMNS, ROUND
from sanchoi.gis.packed import Bounds, Packed
from sanchoi.gis.raster import Raster
from sanchoi.gis.study import Study

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
Record = dict[str, Any]
NEAR = ("ends", "boxes", "start")


@dataclass(frozen=True)
class Pieces:
    """A layer that constrains, in pieces; see `grounds.Cut`."""

    shapes: Packed
    of: npt.NDArray[np.int32]
    thin: npt.NDArray[np.bool_]

    def near(self, bounds: Bounds, far_m: float) -> Cut:
        """The pieces near a box."""
        at = self.shapes.near(bounds, far_m)
        return Cut(self.shapes.shapes(at), self.of[at].astype(np.intp), self.thin)


@dataclass(frozen=True)
class Around:
    """A layer that criteria look at: its shapes, and the texts of the columns that they read."""

    shapes: Packed
    columns: Mapping[str, npt.NDArray[np.str_]]

    @classmethod
    def of(cls, layer: gpd.GeoDataFrame, columns: Sequence[str]) -> Around:
        """Of a layer; what has no geometry is left out."""
        shapes = np.asarray(layer.geometry.to_numpy(), dtype=object)
        there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        texts = {name: layer[name].to_numpy(dtype=object)[there].astype(np.str_) for name in columns if name in layer}
        return cls(Packed.of(shapes[there]), texts)

    def near(self, bounds: Bounds, far_m: float) -> gpd.GeoDataFrame:
        """What is near a box, no CRS named; of a layer that holds anything at least what is nearest: it is no empty layer."""
        at = np.union1d(self.shapes.near(bounds, far_m), self.shapes.nearest(bounds))
        texts = {name: pd.Series(values[at].tolist(), dtype=object) for name, values in self.columns.items()}
        return gpd.GeoDataFrame(texts, geometry=self.shapes.shapes(at))


@dataclass(frozen=True)
class Rulebook:
    """What land is judged by.

    Attributes
    ----------
    constraint_rows, codes_rows, kind_rows : rows of those tables; no kinds = None.
    pieces : layers that constrain, by name. named : one a rule in force. around : layers that criteria look at, by name.
    lines : ways on foot, None = there is no network. heights : the terrain, or None. scores : of the parcels that are ranked.
    """

    constraint_rows: pd.DataFrame
    code_rows: pd.DataFrame
    kind_rows: pd.DataFrame | None
    pieces: Mapping[str, Pieces]
    named: Sequence[Named | None]
    around: Mapping[str, Around]
    lines: Packed | None
    heights: Raster | None
    scores: Floats

    @classmethod
    def of(cls, inputs: Inputs, prepared: Prepared, scores: Floats) -> Rulebook:
        """Of a run: its layers, and the scores of its parcels, NaN = not ranked."""
        if inputs.constraints is None or inputs.landuse_codes is None:
            raise ValueError("a run that judged parcels has rules")
        layers = {name: inputs.constraint_layers[name] for name in ROUND if name in inputs.constraint_layers}
        return cls(
            inputs.constraints,
            inputs.landuse_codes,
            inputs.owner_kinds,
            {
                name: Pieces(Packed.of(cut.shapes), cut.of.astype(np.int32), cut.thin)
                for name, cut in prepared.cuts.items()
            },
            prepared.named,
            {name: Around.of(layer, COLUMNS.get(name, ())) for name, layer in {**layers, **inputs.nearby}.items()},
            None if inputs.lines is None else Around.of(inputs.lines, ()).shapes,
            inputs.terrain,
            np.sort(scores[~np.isnan(scores)]),
        )

    def rules(self, study: Study) -> list[Constraint]:
        """The rules in force."""
        return constraints.load(self.constraint_rows, study.date)

    @cached_property
    def codes(self) -> dict[str, Use]:
        """Land-use codes."""
        return landuse.table(landuse.load(self.code_rows))

    @cached_property
    def kinds(self) -> pd.DataFrame | None:
        """Kinds of owners."""
        return None if self.kind_rows is None else owners.load(self.kind_rows)

    def prepared(self, rules: Sequence[Constraint], bounds: Bounds) -> Prepared:
        """The layers near a box, as far as they can change what is judged of land in it."""
        cuts = {name: pieces.near(bounds, reach_m(rules, name)) for name, pieces in self.pieces.items()}
        return Prepared(cuts, self.named)

    def layers(self, bounds: Bounds, far_m: float) -> dict[str, gpd.GeoDataFrame]:
        """What criteria look at near a box."""
        return {name: layer.near(bounds, far_m) for name, layer in self.around.items()}

    def keep(self, put: Callable[[str, Array], None]) -> Record:
        """Hand out the arrays by name; what else there is comes back as JSON."""
        places: dict[int, str] = {}

        def near(thing: Nearness | None) -> str | None:
            if thing is None:
                return None
            if id(thing) not in places:
                places[id(thing)] = f"near.{len(places)}"
                for name in NEAR:
                    put(f"{places[id(thing)]}.{name}", getattr(thing, name))
            return places[id(thing)]

        for name, each in self.pieces.items():
            _put(put, f"pieces.{name}", each.shapes)
            put(f"pieces.{name}.of", each.of)
            put(f"pieces.{name}.thin", each.thin)
        for name, layer in self.around.items():
            _put(put, f"around.{name}", layer.shapes)
            for column, texts in layer.columns.items():
                put(f"around.{name}.column.{column}", texts)
        if self.lines is not None:
            _put(put, "lines", self.lines)
        named = []
        for k, rule in enumerate(self.named):
            named.append(None if rule is None else {"near": near(rule.near), "maybe": near(rule.maybe_near)})
            if rule is not None:
                put(f"named.{k}", np.array([rule.own, rule.doubtful]))
        heights = None
        if self.heights is not None:
            put("heights", _small(self.heights.values))
            heights = {"transform": list(self.heights.transform), "crs": self.heights.crs}
        put("scores", self.scores)
        tables = [self.constraint_rows, self.code_rows, self.kind_rows]
        return {
            "tables": [None if each is None else each.to_dict("records") for each in tables],
            "pieces": sorted(self.pieces),
            "around": {name: list(layer.columns) for name, layer in self.around.items()},
            "lines": self.lines is not None,
            "named": named,
            "heights": heights,
        }

    @classmethod
    def read(cls, told: Mapping[str, Any], get: Callable[[str], Array]) -> Rulebook:
        """What `keep` handed out."""
        found: dict[str, Nearness] = {}

        def near(name: str | None) -> Nearness | None:
            if name is None:
                return None
            if name not in found:
                found[name] = Nearness(*(get(f"{name}.{part}") for part in NEAR))
            return found[name]

        named = [
            None if each is None else _named(get(f"named.{k}"), near(each["near"]), near(each["maybe"]))
            for k, each in enumerate(told["named"])
        ]
        heights = told["heights"]
        rows, codes, kinds = (None if each is None else pd.DataFrame(each) for each in told["tables"])
        if rows is None or codes is None:
            raise ValueError("no rules")
        return cls(
            rows,
            codes,
            kinds,
            {
                name: Pieces(_get(get, f"pieces.{name}"), get(f"pieces.{name}.of"), get(f"pieces.{name}.thin"))
                for name in told["pieces"]
            },
            named,
            {
                name: Around(
                    _get(get, f"around.{name}"),
                    {column: get(f"around.{name}.column.{column}") for column in columns},
                )
                for name, columns in told["around"].items()
            },
            _get(get, "lines") if told["lines"] else None,
            None if heights is None else Raster(get("heights"), tuple(heights["transform"]), heights["crs"]),
            get("scores"),
        )


PACKED = ("wkb", "start", "boxes")


def _put(put: Callable[[str, Array], None], name: str, packed: Packed) -> None:
    for part in PACKED:
        put(f"{name}.{part}", getattr(packed, part))


def _get(get: Callable[[str], Array], name: str) -> Packed:
    return Packed(*(get(f"{name}.{part}") for part in PACKED))


def _named(masks: Array, near: Nearness | None, maybe: Nearness | None) -> Named:
    return Named(masks[0], masks[1], near, maybe)


def _small(values: Floats) -> Array:
    """The same numbers in half the room, where they fit."""
    half = values.astype(np.float32)
    return half if np.array_equal(half, values, equal_nan=True) else values
