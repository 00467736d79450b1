"""Demand: the children of each zone raked onto cells, pinned to the official counts.

`P_ib = N_zb · w_i / Σ_{k in z} w_k` for cell i, band b, zone z (dasymetric allocation; Wright 1936; Mennis 2003). The zones
are the communes themselves, or other source zones whose cells are then summed to communes. No count is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sanchoi.gis import weights as weighing
from sanchoi.gis.cells import Floats, Grid, Ints, shares, without_overlaps
from sanchoi.gis.errors import ContractError
from sanchoi.gis.notes import Notes
from sanchoi.gis.raster import Raster

SNAP_SHARE = 0.9
HIDDEN_SHARE = 0.2
COUNTED_SHARE = 0.8
SLIVER_SHARE = 1e-3
"""A piece of a zone smaller than this share of zone and commune is a difference of outlines."""


@dataclass(frozen=True)
class Layers:
    """Layers that say where children live, all optional, in the study CRS (the raster in its own)."""

    population: Raster | None = None
    buildings: gpd.GeoDataFrame | None = None
    residential: gpd.GeoDataFrame | None = None


@dataclass(frozen=True)
class Demand:
    """Children on cells. A row is one cell in one commune.

    Attributes
    ----------
    cell_id : text ids.
    x, y : where the children of the row are, metres: the mean of their homes where buildings are known, else the cell's
        centre.
    commune : position in the communes table.
    children : float64, (rows, bands). NaN = the count is unknown.
    weights : one text per commune: the layers that were used, joined by "+".
    coarse : bool per commune.
    blank : bool per commune: source zones do not cover it, so its children are unknown.
    outlines : the communes without overlap, as their children were spread.
    """

    cell_id: list[str]
    x: Floats
    y: Floats
    commune: Ints
    children: Floats
    weights: list[str]
    coarse: np.ndarray
    blank: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    outlines: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=object))

    def __len__(self) -> int:
        return len(self.x)


def rake(
    communes: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame | None,
    children: Floats,
    layers: Layers,
    cell_m: float,
    notes: Notes,
) -> Demand:
    """Spread each zone's children over its cells.

    Parameters
    ----------
    communes : polygons in the study CRS.
    zones : polygons that `children` counts; None when they are the communes.
    children : (zones, bands) official counts; NaN = unknown.
    layers : weights, best first: population, buildings, residential land, plain area. A zone takes the first that covers it
        (a raster: at least 80 % of it) and is not all zero there.
    cell_m : size of a cell, metres.
    notes : record of what the user must know.

    Returns
    -------
    `Demand`; Σ over the cells of a zone equals its count to 1e-9. Rows without a child are left out.

    Notes
    -----
    A zone of which at least 90 % lies in the communes has its children raked inside them only: the rest is taken for a
    difference of outlines. Of any other zone the children outside the communes are left out, and a note counts them.
    """
    area_before = communes.area.to_numpy()
    communes, doubled, pairs = without_overlaps(communes)
    if pairs:
        notes.add(
            "communes_overlap",
            f"{pairs} pairs of communes overlap on {doubled:,.0f} m² · each cell belongs to one commune · "
            "the smaller one keeps the ground",
            layer="communes",
            count=pairs,
        )
    _refuse_hidden(area_before, communes)
    parts = _parts(communes, zones)
    blank = _uncounted(communes, parts, zones, notes)
    grid = Grid.over(parts.total_bounds, cell_m)
    pieces = shares(parts, grid)
    part = pieces["area"].to_numpy()
    n_zones = len(communes if zones is None else zones)
    zone = parts["zone"].to_numpy()
    chosen, share = _choose(pieces, parts, grid, layers, zone, n_zones, notes)
    _left_out(parts, share, zone[part], part, children, notes)
    inside = parts["commune"].to_numpy()[part] >= 0
    value = children[zone[part]] * share[:, None]
    found = _gather(pieces, parts, grid, chosen, value, inside, communes)
    children = np.where(blank[found.commune][:, None], np.nan, found.children)
    return replace(found, children=children, blank=blank, outlines=communes.geometry.to_numpy())


def _refuse_hidden(area_before: Floats, communes: gpd.GeoDataFrame) -> None:
    """Refuse communes of which smaller ones leave next to nothing: two levels of units in one layer."""
    left = np.divide(communes.area.to_numpy(), area_before, out=np.ones(len(communes)), where=area_before > 0)
    hidden = np.flatnonzero(left < HIDDEN_SHARE)
    if len(hidden):
        names = (
            communes["commune_id"].astype(str).tolist()
            if "commune_id" in communes
            else [str(i) for i in communes.index]
        )
        told = ", ".join(names[i] for i in hidden[:10])
        raise ContractError(
            f"layer communes: {told} lies under smaller ones ({100 * left[hidden[0]]:.0f} % of it is left)",
            "communes beside each other, of one level",
            "select one level with [communes] where",
        )


def _uncounted(
    communes: gpd.GeoDataFrame, parts: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None, notes: Notes
) -> np.ndarray:
    """Communes of which less than 80 % lies in any source zone: their children are unknown, not zero."""
    if zones is None:
        return np.zeros(len(communes), dtype=bool)
    mine = parts[parts["commune"] >= 0]
    counted = np.bincount(mine["commune"], mine.area, len(communes)).astype(float)
    share = counted / communes.area.to_numpy()
    blank = share < COUNTED_SHARE
    if blank.any():
        ids = communes["commune_id"][blank].tolist() if "commune_id" in communes else np.flatnonzero(blank).tolist()
        notes.add(
            "zones_missing",
            f"{int(blank.sum())} communes lie to less than {100 * COUNTED_SHARE:.0f} % in the source zones: "
            f"{', '.join(map(str, ids[:10]))} · zones that cover them · their children are unknown, not zero",
            layer="children zones",
            count=int(blank.sum()),
            ids=ids,
        )
    return np.asarray(blank)


def _parts(communes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """Pieces of ground with one `zone` and one `commune` each (−1: outside all communes)."""
    here = gpd.GeoDataFrame({"commune": np.arange(len(communes))}, geometry=communes.geometry.array, crs=communes.crs)
    if zones is None:
        return here.assign(zone=here["commune"])
    there = gpd.GeoDataFrame({"zone": np.arange(len(zones))}, geometry=zones.geometry.array, crs=zones.crs)
    shared = gpd.overlay(there, here, "intersection", keep_geom_type=True)
    beyond = [_halo(frame) for frame in (zones, communes)]
    shared = shared[beyond[0][shared["zone"]] == beyond[1][shared["commune"]]]  # the halo has children of its own
    area = there.area.to_numpy()
    small = shared.area.to_numpy() < SLIVER_SHARE * np.minimum(
        area[shared["zone"]], here.area.to_numpy()[shared["commune"]]
    )
    largest = shared.area.groupby(shared["zone"]).transform("max").to_numpy()
    shared = shared[~small | (shared.area.to_numpy() == largest)]
    whole = shapely.union_all(here.geometry.to_numpy()[~beyond[1]])
    rest = there.assign(commune=-1).set_geometry(there.geometry.difference(whole))[~beyond[0]]
    within = np.bincount(shared["zone"], shared.area, len(zones))
    outside = rest[(within < SNAP_SHARE * area)[~beyond[0]] & (rest.area > 0)]
    parts = pd.concat([shared[["zone", "commune", "geometry"]], outside[["zone", "commune", "geometry"]]])
    return gpd.GeoDataFrame(parts, crs=communes.crs).sort_values(["zone", "commune"], ignore_index=True)


def _halo(frame: gpd.GeoDataFrame) -> np.ndarray:
    return frame["halo"].to_numpy(dtype=bool) if "halo" in frame else np.zeros(len(frame), dtype=bool)


def _choose(
    pieces: pd.DataFrame,
    parts: gpd.GeoDataFrame,
    grid: Grid,
    layers: Layers,
    zone: Ints,
    n_zones: int,
    notes: Notes,
) -> tuple[pd.DataFrame, Floats]:
    """Per piece: the layer used, its place and coarseness; and its share of the zone's children (sums to 1 a zone)."""
    part = pieces["area"].to_numpy()
    known: list[weighing.Weight] = []
    if layers.buildings is not None and len(layers.buildings):
        known.append(weighing.by_buildings(pieces, parts, grid, layers.buildings))
    if layers.residential is not None and len(layers.residential):
        known.append(weighing.by_landuse(pieces, parts, grid, layers.residential))
    if layers.population is not None:
        known.insert(0, weighing.by_raster(pieces, parts, grid, layers.population, known))
    known.append(weighing.by_area(pieces, len(parts), grid))
    of_piece = zone[part]
    open_zone = np.ones(n_zones, dtype=bool)
    share = np.zeros(len(pieces))
    chosen = pd.DataFrame({"layer": np.full(len(pieces), -1), "x": np.nan, "y": np.nan, "coarse": False})
    for number, weight in enumerate(known):
        total = np.bincount(of_piece, weight.value, n_zones)
        area = parts.area.to_numpy()
        usable = np.bincount(zone, area * weight.usable, n_zones) >= weighing.MIN_RASTER_SHARE * np.bincount(
            zone, area, n_zones
        )
        use = open_zone & usable & (total > 0)
        mine = use[of_piece]
        share[mine] = weight.value[mine] / total[of_piece[mine]]
        chosen.loc[mine, "layer"] = number
        for column in ("x", "y", "coarse"):
            chosen.loc[mine, column] = getattr(weight, column)[mine]
        open_zone &= ~use
        if number == 0 and len(known) > 1 and open_zone.any():
            notes.add(
                "weights_fell_back",
                f"{weight.name} weights cover {int(use.sum())} of {n_zones} zones · a layer that covers at least 80 % "
                "of a zone and is not all zero there · the other zones use the next weight",
                layer=weight.name,
                count=int(open_zone.sum()),
            )
    chosen["name"] = np.array([w.name for w in known])[chosen["layer"].to_numpy()]
    return chosen, share


def _left_out(parts: gpd.GeoDataFrame, share: Floats, zone: Ints, part: Ints, children: Floats, notes: Notes) -> None:
    """Note the children of source zones that live outside all communes."""
    outside = parts["commune"].to_numpy()[part] < 0
    if outside.any():
        lost = float(np.nansum(children[zone[outside]] * share[outside, None]))
        notes.add(
            "children_outside",
            f"{lost:,.0f} children of the source zones live outside the communes · zones inside them · "
            "they are left out; add the communes if they belong to the study",
            layer="children",
            count=len(np.unique(zone[outside])),
        )


def _gather(
    pieces: pd.DataFrame,
    parts: gpd.GeoDataFrame,
    grid: Grid,
    chosen: pd.DataFrame,
    value: Floats,
    inside: np.ndarray,
    communes: gpd.GeoDataFrame,
) -> Demand:
    """Sum pieces of several zones to one row per cell and commune."""
    keep = inside & ((value != 0) | np.isnan(value)).any(axis=1)
    part = pieces["area"].to_numpy()[keep]
    frame = pd.DataFrame({"commune": parts["commune"].to_numpy()[part], "cell": pieces["cell"].to_numpy()[keep]})
    rows = frame.groupby(["commune", "cell"], sort=True).ngroup().to_numpy()
    n = int(rows.max(initial=-1)) + 1
    first = np.full(n, -1)
    first[rows[::-1]] = np.arange(len(rows))[::-1]
    children = np.column_stack(
        [np.bincount(rows, column, n).astype(float) for column in value[keep].T] or [np.empty((0, 0))]
    )
    cell = frame["cell"].to_numpy()[first]
    centre_x, centre_y = grid.centre(frame["cell"].to_numpy())
    mass = np.maximum(np.nansum(value[keep], axis=1), 1e-300)
    x = np.where(chosen["x"].isna()[keep], centre_x, chosen["x"][keep])
    y = np.where(chosen["y"].isna()[keep], centre_y, chosen["y"][keep])
    total = np.bincount(rows, mass, n)
    used = pd.DataFrame({"commune": frame["commune"], "name": chosen["name"][keep].to_numpy()}).drop_duplicates()
    names = used.groupby("commune")["name"].agg(lambda group: "+".join(sorted(group)))
    coarse = np.zeros(len(communes), dtype=bool)
    coarse[frame["commune"][chosen["coarse"].to_numpy()[keep]]] = True
    return Demand(
        grid.ids(cell),
        np.bincount(rows, mass * x, n) / total,
        np.bincount(rows, mass * y, n) / total,
        frame["commune"].to_numpy()[first],
        children,
        [str(names.get(i, "")) for i in range(len(communes))],
        coarse,
    )
