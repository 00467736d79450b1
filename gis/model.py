"""Model: what a run leaves so that "what if?" can be answered without running again.

Children on cells, ways with every attachment, play areas with their doors, and every walk within the limit: what `job` computed,
kept as plain arrays that several processes can share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import changes
from sanchoi.gis.catchments import Steps, groups
from sanchoi.gis.changes import Change
from sanchoi.gis.constraints import Constraint
from sanchoi.gis.crowding import Shared
from sanchoi.gis.demand import Demand
from sanchoi.gis.gaps import Ground, survey_rank
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.lists import spans
from sanchoi.gis.norms import Limits
from sanchoi.gis.outcome import State
from sanchoi.gis.places import Places
from sanchoi.gis.reach import Reach
from sanchoi.gis.reasons import Ways
from sanchoi.gis.rulebook import Rulebook
from sanchoi.gis.service import Service, Terms, terms_of
from sanchoi.gis.study import Study
from sanchoi.gis.supply import Sites
from sanchoi.gis.window import Around, Squares

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Walks:
    """Every walk within the limit under one set of distances, to be looked up by cell and by play area.

    Attributes
    ----------
    cell, site, walk_m : (pairs,) sorted by cell, then play area. by_cell : where the pairs of each cell begin.
    order, by_site : pairs by play area, and where those of each begin. shared : who shares each play area.
    """

    cell: Small
    site: Small
    walk_m: Floats
    by_cell: Ints
    order: Small
    by_site: Ints
    shared: Shared

    @classmethod
    def of(cls, way: Reach, service: Service) -> Walks:
        """Walks of a reach, and who shares the play areas by its service."""
        cell, site = way.cell.astype(np.int32), way.site.astype(np.int32)
        _, by_cell = groups(way.cell, len(way.nearest_m))
        order, by_site = groups(way.site, len(service.crowding.demand))
        return cls(cell, site, way.walk_m, by_cell, order.astype(np.int32), by_site, service.crowding.shared)

    def of_cells(self, cells: Ints) -> Ints:
        """Positions of the pairs of some cells, in order."""
        return spans(self.by_cell, cells)

    def of_sites(self, sites: Ints) -> Ints:
        """Positions of the pairs of some play areas, play area by play area, each in the order of the cells."""
        return self.order[spans(self.by_site, sites)].astype(np.int64)


@dataclass(frozen=True)
class Path:
    """One network, as it is walked: its cells, doors and labels, and where to look places up in it."""

    steps: Steps
    around: Around

    @classmethod
    def of(cls, way: Reach, barriers: Geometries | None) -> Path | None:
        """Of a reach along a network; None = it is along none."""
        if way.steps is None:
            return None
        network = way.steps.homes.network
        return cls(way.steps, Around(network, Squares.of(network), barriers))


@dataclass(frozen=True)
class Reaches:
    """All that a run walked.

    Attributes
    ----------
    ways : under each set of distances. free : without barriers, before nobody's walk is longer than now; None = there are none.
    aside : straight walks that cross no barrier, likewise. barriers, gates : or None.
    """

    ways: Ways[Reach]
    free: Reach | None
    aside: Reach | None
    barriers: Geometries | None
    gates: Geometries | None


def _dry(reaches: Reaches) -> npt.NDArray[np.bool_] | None:
    """Which straight walks cross no barrier."""
    if reaches.aside is None:
        return None
    n = int(reaches.ways.straight.site.max(initial=0)) + 1
    keys = [way.cell * n + way.site for way in (reaches.ways.straight, reaches.aside)]
    return np.isin(keys[0], keys[1])


@dataclass(frozen=True)
class Model:
    """A study as it was measured. Lengths in metres, geometry in the study's CRS.

    Attributes
    ----------
    study, limits : what was measured, and by what.
    communes : commune_id, vintage, name, surveyed, population, halo, and the outlines without overlaps.
    counts : (communes, bands) children. rank : survey rank. ground : supply and conditions. common : flags of every row.
    cell_id, x, y, commune, children : of the cells, as in `demand.Demand`. off, straight_m, nearest_m, nearest_site : of each cell.
    sites : the inventory. walks : under each set of distances. now, free : the networks with and without barriers, or None.
    barriers, gates : or None. dry : which pairs of `walks.straight` cross no barrier. gaps : the table of that name.
    run_id : name of the run. book : what land is judged by; None = no parcels, or a model of an earlier version.
    """

    study: Study
    limits: Limits
    communes: gpd.GeoDataFrame
    counts: Floats
    rank: list[int | None]
    ground: Ground
    common: list[str]
    cell_id: npt.NDArray[np.bytes_]
    x: Floats
    y: Floats
    commune: Ints
    children: Floats
    off: npt.NDArray[np.bool_]
    straight_m: Floats
    nearest_m: Floats
    nearest_site: Ints
    sites: Sites
    walks: Ways[Walks]
    now: Path | None
    free: Path | None
    barriers: Geometries | None
    gates: Geometries | None
    dry: npt.NDArray[np.bool_] | None = None
    gaps: pd.DataFrame = field(default_factory=pd.DataFrame)
    run_id: str = ""
    book: Rulebook | None = None

    @classmethod
    def of(
        cls,
        study: Study,
        inputs: Inputs,
        limits: Limits,
        demand: Demand,
        sites: Sites,
        known: State,
        reaches: Reaches,
        services: Ways[Service],
    ) -> Model:
        """The model of a run, of what its stages computed."""
        now, barriers = reaches.ways.now, reaches.barriers
        columns = ["commune_id", "vintage", "name", "surveyed", "population", "halo"]
        communes = gpd.GeoDataFrame(inputs.communes[columns], geometry=demand.outlines, crs=study.crs)
        made: dict[int, Walks] = {}
        for way, service in zip(reaches.ways, services, strict=True):
            made.setdefault(id(way), Walks.of(way, service))
        return cls(
            study,
            limits,
            communes,
            known.counts,
            survey_rank(known.counts, known.ground.surveyed),
            known.ground,
            known.common,
            np.array(demand.cell_id, dtype=np.bytes_),
            demand.x,
            demand.y,
            demand.commune,
            demand.children,
            known.off,
            known.straight_m,
            now.nearest_m,
            now.nearest_site,
            sites,
            Ways(*(made[id(way)] for way in reaches.ways)),
            Path.of(now, barriers),
            None if reaches.free is None else Path.of(reaches.free, None),
            barriers,
            reaches.gates,
            _dry(reaches),
        )

    @cached_property
    def trees(self) -> tuple[shapely.STRtree, shapely.STRtree]:
        """Indexes of the inventory's geometry and of the communes' outlines."""
        return shapely.STRtree(self.places.geometry), shapely.STRtree(self.outlines)

    @cached_property
    def places(self) -> Places:
        """The inventory as plain columns."""
        return Places.of(self.sites.table)

    @cached_property
    def known_ids(self) -> tuple[frozenset[str], frozenset[str]]:
        """Ids of the inventory, and of the supply."""
        return frozenset(self.places.ids.tolist()), frozenset(self.places.ids[self.sites.supply].tolist())

    @cached_property
    def outlines(self) -> Geometries:
        """Outlines of the communes, without overlaps."""
        return np.asarray(self.communes.geometry.to_numpy())

    @cached_property
    def bounds(self) -> tuple[float, ...]:
        """xmin, ymin, xmax, ymax of the communes."""
        return tuple(float(v) for v in self.communes.total_bounds)

    @cached_property
    def terms(self) -> Terms:
        """What the service is judged by today."""
        supply = self.sites.supply
        return terms_of(self.study, self.sites.area_m2[supply], self.sites.size_m2[supply], self.limits)

    def parse(self, documents: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
        """Changes to this study, checked; see `changes.parse`."""
        return changes.parse(documents, *self.known_ids, self.study.crs, self.bounds)

    @cached_property
    def rules(self) -> list[Constraint]:
        """Rules by which land is judged; none where there is no book."""
        return [] if self.book is None else self.book.rules(self.study)

    @cached_property
    def gap_rows(self) -> dict[str, list[int]]:
        """Rows of the table gaps by commune."""
        rows: dict[str, list[int]] = {}
        for at, commune in enumerate(self.gaps["commune_id"].tolist()):
            rows.setdefault(commune, []).append(at)
        return rows

    @cached_property
    def rows(self) -> tuple[Ints, Ints]:
        """Cells by commune, and where those of each begin."""
        order, start = groups(self.commune, len(self.communes))
        return order, start

    @cached_property
    def inside(self) -> npt.NDArray[np.bool_]:
        """(communes,) of the study, not of its halo."""
        return np.asarray(~self.communes["halo"].to_numpy(dtype=bool))

    def cells_of(self, communes: Ints) -> Ints:
        """Cells of some communes, in order."""
        order, start = self.rows
        return np.sort(order[spans(start, communes)])
