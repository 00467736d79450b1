"""The demo study: a synthetic district in the style of the Quảng Nam coast, generated from a seed.

`write(folder)` makes a study folder: `study.toml` and its layers. Nothing in it is real; every output
says "synthetic demo". `SHOWCASE` names the commune that is built to show each status and each part of a reason.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sanchoi.data import (
    demo_constraints,
    demo_files,
    demo_land,
    demo_parcels,
    demo_pieces,
    demo_roads,
    demo_settlements,
)
from sanchoi.data.demo_land import Land, Shapes
from sanchoi.data.demo_plan import COMMUNES, CRS, HALO, SHOWCASE
from sanchoi.data.demo_settlements import Settlement
from sanchoi.data.demo_study import TEXT

__all__ = ["SEED", "SHOWCASE", "write"]

SEED = 20250701
CELL_M = 100.0
SEA_M = 1_000.0
DEM_M = 50.0
AS_POINTS = ("90103", "90110")
"""Communes whose inventory has points with a recorded area instead of outlines."""
SIZE_UNKNOWN = "90112"
"""Commune of which one play area was seen and not measured."""
PART_USABLE = {"90122": 0.85}
"""Commune → share of its play areas that is not pond or path."""


def write(folder: Path, seed: int = SEED) -> Path:
    """Generate the demo study.

    Parameters
    ----------
    folder : made if missing; files of an earlier run are replaced.
    seed : the same seed gives the same bytes on one machine.

    Returns
    -------
    The folder. It holds study.toml, children.csv, population.tif, dem.tif and, as GeoPackages of one layer in EPSG:5899,
    communes, buildings, play_areas, roads, barriers, parcels, halo and what constrains the parcels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    land = demo_land.build(_random(seed, "land"))
    pieces = demo_pieces.build(land, _random(seed, "pieces"))
    keep_off = [each.closed for each in pieces if each.closed is not None]
    taken = [shapely.get_coordinates(lane).mean(axis=0) for each in pieces for lane in each.lanes[:1]]
    taken += [np.asarray(plot.shape.centroid.coords[0]) for each in pieces for plot in each.plots]
    villages = demo_settlements.scatter(land, _random(seed, "villages"), taken, keep_off)
    settlements = [*pieces, *villages]
    roads = demo_roads.build(land, settlements, _random(seed, "roads"))
    _keep_roads_off(settlements, roads)
    buildings = _buildings(settlements, roads)
    parcels = demo_parcels.build(land, settlements, buildings.geometry.to_numpy(), roads, _random(seed, "parcels"))
    for name, frame in {
        "communes": _communes(land),
        "play_areas": _play_areas(settlements),
        "buildings": buildings,
        "roads": roads,
        "barriers": gpd.GeoDataFrame({"name": ["Sông Lụa"], "kind": ["river"]}, geometry=[land.river], crs=CRS),
        "parcels": parcels,
        **demo_constraints.build(land, settlements, parcels, roads, _random(seed, "constraints")),
        "halo": gpd.GeoDataFrame(
            {
                "halo_id": [*(name for name, _ in HALO), "Biển"],
                "children_0_5": [*(children[0] for _, children in HALO), 0],
                "children_6_14": [*(children[1] for _, children in HALO), 0],
            },
            geometry=[*land.halo, _sea(land)],
            crs=CRS,
        ),
    }.items():
        frame["geometry"] = shapely.set_precision(frame.geometry.to_numpy(), demo_land.GRID_M, mode="pointwise")
        demo_files.layer(frame, folder / f"{name}.gpkg")
    _population(land, buildings, folder / "population.tif", _random(seed, "population"))
    _terrain(land, folder / "dem.tif")
    _children().to_csv(folder / "children.csv", index=False, lineterminator="\n")
    (folder / "study.toml").write_text(TEXT, encoding="utf-8", newline="\n")
    return folder


def _random(seed: int, part: str) -> np.random.Generator:
    """A stream of its own for each part, so that a change to one leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(part.encode())])


def _communes(land: Land) -> gpd.GeoDataFrame:
    share = {"hill": 0.35, "town": 0.24}
    return gpd.GeoDataFrame(
        {
            "commune_id": [c.code for c in COMMUNES],
            "name": [c.name for c in COMMUNES],
            "kind": [c.kind for c in COMMUNES],
            "surveyed": [c.surveyed for c in COMMUNES],
            "population": [round(sum(c.children) / share.get(c.ground, 0.27)) or 64 for c in COMMUNES],
        },
        geometry=land.communes,
        crs=CRS,
    )


def _children() -> pd.DataFrame:
    return pd.DataFrame(
        [(c.code, c.name, *c.children) for c in COMMUNES],
        columns=["commune_id", "name", "children_0_5", "children_6_14"],
    )


def _sea(land: Land) -> shapely.Geometry:
    """Water beyond the district: known to be without children, so that the coast is no open border."""
    ground = shapely.union_all([*land.communes, *land.halo])
    low_x, low_y, high_x, high_y = ground.bounds
    return shapely.box(low_x - SEA_M, low_y - SEA_M, high_x + SEA_M, high_y + SEA_M).difference(ground)


def _buildings(settlements: list[Settlement], roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Houses that stand on dry ground, off the roads and plots, and do not overlap; each settlement's order is kept."""
    shapes: Shapes = np.concatenate([each.houses for each in settlements])
    frame = gpd.GeoDataFrame(
        {
            "storeys": np.concatenate([each.storeys for each in settlements]),
            "residential": np.concatenate([_lived_in(each) for each in settlements]),
        },
        geometry=shapes,
        crs=CRS,
    )
    plots = [plot.shape for each in settlements for plot in each.plots]
    good = demo_settlements.on_dry_land(shapes)
    tree = shapely.STRtree(shapes)
    for others, gap_m in ((roads.geometry.to_numpy(), 2.5), (np.array(plots, dtype=object), 2.0)):
        good[np.unique(tree.query(others, predicate="dwithin", distance=gap_m)[1])] = False
    frame = frame[good].reset_index(drop=True)
    one, two = shapely.STRtree(frame.geometry.to_numpy()).query(frame.geometry.to_numpy(), predicate="intersects")
    later = np.unique(np.maximum(one, two)[one != two])
    return gpd.GeoDataFrame(frame.drop(index=later).reset_index(drop=True), crs=CRS)


def _keep_roads_off(settlements: list[Settlement], roads: gpd.GeoDataFrame) -> None:
    """Cut plots back to the larger part at one side of the roads that pass."""
    lines = roads.geometry.to_numpy()
    tree = shapely.STRtree(lines)
    for each in settlements:
        for number, plot in enumerate(each.plots):
            near = tree.query(plot.shape, predicate="dwithin", distance=4.0)
            rest = shapely.difference(plot.shape, shapely.union_all(lines[near]).buffer(4.0, quad_segs=2))
            parts = shapely.get_parts(rest)
            each.plots[number] = replace(plot, shape=parts[int(np.argmax(shapely.area(parts)))])


def _lived_in(each: Settlement) -> np.ndarray:
    """Whether people live in each building of a settlement; among workshops the first is a workers' hostel."""
    return np.full(len(each.houses), True) if each.homes else np.arange(len(each.houses)) == 0


def _play_areas(settlements: list[Settlement]) -> gpd.GeoDataFrame:
    rows = []
    counts: dict[str, int] = {}
    for each in settlements:
        code = COMMUNES[each.commune].code if each.commune >= 0 else "halo"
        for plot in each.plots:
            counts[code] = counts.get(code, 0) + 1
            open_ground = plot.access == "public"
            point = open_ground and (code in AS_POINTS or (code == SIZE_UNKNOWN and counts[code] == 1))
            known = point and code != SIZE_UNKNOWN
            usable = PART_USABLE.get(code) if open_ground else None
            rows.append(
                {
                    "play_area_id": f"SC-{code}-{counts[code]:02d}",
                    "name": plot.name or f"{_WORDS[plot.kind]} số {counts[code]}",
                    "kind": plot.kind,
                    "access": plot.access,
                    "area_m2": round(plot.shape.area) if known else np.nan,
                    "usable_m2": np.nan if usable is None else round(plot.shape.area * usable),
                    "ages": "0-15" if plot.kind in ("playground", "garden") and open_ground else None,
                    "geometry": plot.shape.centroid if point else plot.shape,
                }
            )
    return gpd.GeoDataFrame(rows, crs=CRS).sort_values("play_area_id", ignore_index=True)


_WORDS = {
    "playground": "Sân chơi",
    "park": "Công viên",
    "garden": "Vườn hoa",
    "pitch": "Sân bóng",
    "schoolyard": "Sân trường",
}


def _population(land: Land, buildings: gpd.GeoDataFrame, path: Path, rng: np.random.Generator) -> None:
    """Persons per cell as such rasters guess them: floor space of homes ÷ 22 m², with an error of some 20 %."""
    low_x, low_y, high_x, high_y = shapely.total_bounds(np.append(land.communes, land.halo))
    col0, row0 = int(low_x // CELL_M), int(low_y // CELL_M)
    cols, rows = int(high_x // CELL_M) + 1 - col0, int(high_y // CELL_M) + 1 - row0
    homes = buildings[buildings["residential"]]
    middle = homes.geometry.centroid
    column = (middle.x // CELL_M).astype(int).to_numpy() - col0
    row = (middle.y // CELL_M).astype(int).to_numpy() - row0
    people = (homes.area * homes["storeys"]).to_numpy() / 22.0
    total = np.bincount(row * cols + column, people, rows * cols).reshape(rows, cols)
    noisy = total * np.exp(rng.normal(0.0, 0.2, total.shape))
    x, y = np.meshgrid((np.arange(cols) + col0 + 0.5) * CELL_M, (np.arange(rows) + row0 + 0.5) * CELL_M)
    ground = shapely.union_all([land.mainland, land.island]).buffer(CELL_M)
    values = np.where(shapely.contains_xy(ground, x, y) | (total > 0), noisy, demo_files.NO_DATA)
    demo_files.raster(values[::-1].astype(np.float32), col0 * CELL_M, (row0 + rows) * CELL_M, CELL_M, path)


def _terrain(land: Land, path: Path) -> None:
    """Write a height model of 50 m cells that reaches beyond the district."""
    west, south, east, north = (float(v) for v in land.mainland.union(land.island).bounds)
    left, top = west - SEA_M, north + SEA_M
    cols, rows = int((east - west + 2 * SEA_M) // DEM_M), int((north - south + 2 * SEA_M) // DEM_M)
    x, y = np.meshgrid(left + (np.arange(cols) + 0.5) * DEM_M, top - (np.arange(rows) + 0.5) * DEM_M)
    demo_files.raster(demo_constraints.heights(x, y).round(1).astype(np.float32), left, top, DEM_M, path)
