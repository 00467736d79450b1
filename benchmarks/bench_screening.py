"""Screening: parcels against every layer of data/constraints.csv, against geopandas and a plain STRtree + intersection.

Two grounds: `dense`, a town where hard rules cut two parcels in three, and `typical`, a province where they cut one in six. On
both, two questions are asked:

- cutting: the hard rules' ground off the parcels. Ours reads, cuts up and buffers the features in its time; the peers are handed
  them buffered.
- the whole ledger: every rule's value for every parcel, verdicts, the largest piece and its circle; against it stands the peers'
  cutting, an easier question, with the same target. geopandas is asked for all the values too: sjoin_nearest for every distance,
  an overlay for every layer of ground.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from provinces import CRS
from sanchoi.gis import constraints, landuse, usable
from sanchoi.gis.constraints import Constraint, told_apart
from sanchoi.gis.screening import screen
from sanchoi.gis.sources.rows import packaged
from timing import Row, median, once, peak_mb

STAGE = "screen parcels"
GROUNDS = {"dense": 1.0, "typical": 0.15}
"""Features per km², as a share of those around a small town."""
TARGET = 0.05
EAST, NORTH = 500_000.0, 1_700_000.0
PITCH_M = 60.0
LEAST_M2 = 200.0
ARC_M2 = 0.5
"""Arcs of strips are chords; ours begin elsewhere, for features are cut up first."""
SEED = 20250701


def rows(quick: bool) -> Iterator[Row]:
    """20,000 and 200,000 parcels on one ground plan; all layers, the same features per km²."""
    rules = constraints.load(packaged("constraints.csv"), date(2026, 11, 24))
    for count in (2_000,) if quick else (20_000, 200_000):
        for ground, share in GROUNDS.items():
            yield from against_peers(count, rules, ground, share)


def against_peers(count: int, rules: list[Constraint], ground: str, share: float) -> Iterator[Row]:
    """Rows at one size and on one ground; the peers are asked once, for they take minutes."""
    parcels = make_parcels(count)
    layers = make_layers(float(np.sqrt(count)) * PITCH_M, share)
    shapes = np.asarray(parcels.geometry.to_numpy())
    uses = landuse.classify(["BCS"] * count, landuse.load(packaged("landuse_codes.csv")))
    slope = np.full(count, 3.0)
    ids = parcels["parcel_id"].tolist()
    threads = f"{min(os.cpu_count() or 1, 8)}/1"
    some = slice(0, 100)
    cold, _ = once(lambda: screen(ids[some], shapes[some], uses[some], rules, layers, LEAST_M2, {"slope": slope[some]}))
    before = peak_mb()
    fast, found = median(lambda: screen(ids, shapes, uses, rules, layers, LEAST_M2, {"slope": slope}), repeat=3)
    grown = peak_mb() - before
    blocked = make_blocked(rules, layers)
    grounds = np.asarray(blocked.geometry.to_numpy())

    def overlay() -> np.ndarray:
        left = gpd.overlay(parcels, blocked, how="difference", keep_geom_type=True)
        area = np.zeros(count)
        area[left["number"].to_numpy()] = left.area.to_numpy()
        return area

    def by_tree() -> np.ndarray:
        gone = np.zeros(count)
        parcel, strip = shapely.STRtree(grounds).query(shapes, predicate="intersects")
        which, first = np.unique(parcel, return_index=True)
        for i, near in zip(which, np.split(strip, first[1:]), strict=True):
            gone[i] = shapely.intersection(shapes[i], shapely.union_all(grounds[near])).area
        return shapely.area(shapes) - gone

    hard = [rule for rule in rules if rule.kind == "hard" and rule.rule != "max_value"]
    short, cut = median(lambda: cut_only(hard, rules, layers, shapes), repeat=3)
    touched = float((cut < shapely.area(shapes) - ARC_M2).mean())
    size = f"{count:,} parcels × {len(rules)} rules, {ground}: {touched:.0%} cut"
    ledger_note = f"ours: whole ledger ({len(found.ledger):,} rows), +{grown:,.0f} MB; the peer cuts only"
    for peer, call in (("geopandas.overlay", overlay), ("STRtree + intersection", by_tree)):
        slow, theirs = once(call)
        apart = float(np.abs(cut - theirs).max())
        note = f"left ground at most {apart:.1e} m² apart (chords of arcs)"
        target = TARGET if peer == "geopandas.overlay" else None
        yield Row(STAGE, "usable.without", peer, size, "1/1", short, slow, None, apart < ARC_M2, note, target)
        agree = bool((found.usable_m2 <= theirs + ARC_M2).all())
        yield Row(STAGE, "screening.screen", peer, size, threads, fast, slow, cold, agree, ledger_note, target)
    if count <= 20_000:
        yield against_whole(parcels, rules, layers, found.ledger, size, threads, fast)


def against_whole(
    parcels: gpd.GeoDataFrame,
    rules: list[Constraint],
    layers: Mapping[str, gpd.GeoDataFrame],
    ledger: pd.DataFrame,
    size: str,
    threads: str,
    fast: float,
) -> Row:
    """All the values of the ledger by geopandas."""
    wide = ledger.pivot(index="parcel_id", columns="constraint_id", values="value").loc[parcels["parcel_id"]]
    mine = {str(name): wide[name].to_numpy() for name in wide.columns}

    def theirs() -> dict[str, np.ndarray]:
        out = {}
        for rule in rules:
            if rule.rule == "max_value":
                continue
            layer = layers[rule.layer]
            layer = layer.loc[told_apart(rule, rules, layer)[0], ["geometry"]]
            if rule.rule == "min_distance" and len(layer):
                near = gpd.sjoin_nearest(parcels, layer, distance_col="away").groupby("number")["away"].first()
                out[rule.constraint_id] = near.reindex(range(len(parcels))).to_numpy()
            elif rule.rule == "outside":
                single = gpd.GeoDataFrame(geometry=[layer.union_all()], crs=layer.crs).explode()
                both = gpd.overlay(parcels, single, how="intersection", keep_geom_type=True)
                inside = both.area.groupby(both["number"]).sum()
                out[rule.constraint_id] = inside.reindex(range(len(parcels)), fill_value=0.0).to_numpy()
        return out

    slow, found = once(theirs)
    apart = max(float(np.abs(mine[name] - values).max()) for name, values in found.items())
    note = f"values at most {apart:.1e} m or m² apart; the peer leaves out pieces, circles and verdicts"
    peer = "sjoin_nearest + overlay"
    return Row(STAGE, "screening.screen", peer, size, threads, fast, slow, None, bool(apart < 1e-5), note)


def cut_only(
    hard: list[Constraint], rules: list[Constraint], layers: Mapping[str, gpd.GeoDataFrame], shapes: np.ndarray
) -> np.ndarray:
    """What is left of parcels, m², by `usable` alone."""
    found = []
    for rule in hard:
        layer = layers[rule.layer]
        drawn = np.asarray(layer.geometry.to_numpy())[told_apart(rule, rules, layer)[0]]
        small, _ = usable.pieces(usable.sound(drawn))
        found.append(shapely.buffer(small, rule.limit, quad_segs=usable.ARC) if rule.limit else small)
    strips = np.concatenate(found)
    parcel, strip = shapely.STRtree(strips).query(shapes)
    return shapely.area(usable.without(shapes, parcel, strips, strip))


def make_parcels(count: int) -> gpd.GeoDataFrame:
    """Quadrilaterals on a lattice, every corner moved: about 1,500 m² each, none overlapping."""
    random = np.random.default_rng([SEED, 1])
    side = int(np.ceil(np.sqrt(count)))
    row, col = np.divmod(np.arange(count), side)
    corner = np.array([[6.0, 6.0], [48.0, 6.0], [48.0, 48.0], [6.0, 48.0]])
    xy = np.column_stack([col, row])[:, None, :] * PITCH_M + corner + random.uniform(-5.0, 5.0, (count, 4, 2))
    ring = np.concatenate([xy, xy[:, :1]], axis=1) + np.array([EAST, NORTH])
    return gpd.GeoDataFrame(
        {"parcel_id": [f"P{i:06d}" for i in range(count)], "number": np.arange(count)},
        geometry=shapely.polygons(ring),
        crs=CRS,
    )


def make_layers(side_m: float, share: float = 1.0) -> dict[str, gpd.GeoDataFrame]:
    """Every layer of the rules, `share` times as dense as around a small town; rivers, dikes and roads wind.

    At 200,000 parcels (27 km) a river is a polygon of 5,400 vertices, as the largest that OpenStreetMap has in northern Quảng Nam.
    """
    random = np.random.default_rng([SEED, 2])
    km2 = (side_m / 1000.0) ** 2

    def frame(shapes: np.ndarray, **columns: object) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)

    def spots(per_km2: float) -> np.ndarray:
        return random.uniform(0.0, side_m, (max(int(per_km2 * km2 * share), 2), 2)) + np.array([EAST, NORTH])

    def blobs(per_km2: float, radius_m: float) -> np.ndarray:
        return shapely.buffer(shapely.points(spots(per_km2)), radius_m, quad_segs=6)

    def winding(gap_m: float, wave_m: float, step_m: float = 10.0) -> np.ndarray:
        x = np.arange(0.0, side_m, step_m)
        lines, gap_m = [], min(gap_m / share, side_m)
        for y in np.arange(gap_m / 2, side_m, gap_m):
            shift = random.uniform(0.0, 6.0)
            way = y + wave_m * np.sin(x / (6 * wave_m) + shift) + wave_m / 8 * np.sin(x / wave_m)
            lines.append(shapely.LineString(np.column_stack([x + EAST, way + NORTH])))
        return np.array(lines, dtype=object)

    rivers = shapely.buffer(winding(4_000.0, 250.0), 30.0, quad_segs=4, cap_style="flat")
    house = spots(250.0)
    roads = winding(600.0, 60.0)
    cables = winding(3_000.0, 100.0, 250.0)
    graves = blobs(0.3, 60.0)
    bridges = shapely.linestrings(np.stack([house[:: 250 * 3], house[:: 250 * 3] + np.array([60.0, 5.0])], axis=1))
    names = np.array(["I", "II", "III", "IV", "V", "VI"], dtype=object)
    return {
        "petrol": frame(shapely.points(spots(0.2))),
        "power": frame(cables, kv=random.choice([22, 35, 110, 220, 500], len(cables))),
        "water": frame(np.concatenate([rivers, winding(1_500.0, 120.0), blobs(0.5, 50.0)])),
        "dikes": frame(winding(8_000.0, 200.0)),
        "cemeteries": frame(
            graves, kind=random.choice(["hung_tang", "chon_mot_lan", "cat_tang", "crematorium"], len(graves))
        ),
        "roads": frame(roads, **{"class": random.choice(names, len(roads))}),
        "bridges": frame(bridges, length=random.uniform(5.0, 400.0, len(bridges))),
        "landfill": frame(blobs(0.05, 80.0)),
        "industry": frame(blobs(0.2, 200.0)),
        "military": frame(blobs(0.05, 300.0)),
        "buildings": frame(shapely.box(house[:, 0], house[:, 1], house[:, 0] + 9.0, house[:, 1] + 12.0)),
        "play_areas": frame(blobs(0.5, 25.0)),
        "flood": frame(shapely.buffer(rivers, 120.0, quad_segs=4)),
    }


def make_blocked(rules: list[Constraint], layers: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Ground that hard rules take: whole features, buffered, as a planner would hand them to an overlay."""
    found = []
    for rule in rules:
        if rule.kind == "hard" and rule.rule != "max_value":
            layer = layers[rule.layer]
            shapes = np.asarray(layer.geometry.to_numpy())[told_apart(rule, rules, layer)[0]]
            found.append(shapely.buffer(shapes, rule.limit, quad_segs=usable.ARC) if rule.limit else shapes)
    return gpd.GeoDataFrame(geometry=np.concatenate(found), crs=CRS)


if __name__ == "__main__":
    import run

    run.one(__file__)
