"""Screening against a slow, obvious version on random ground; what must not matter; shapes that are hard to overlay."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis import landuse, usable
from sanchoi.gis.constraints import Constraint
from sanchoi.gis.screening import screen
from sanchoi.gis.sources import rows

CODES = landuse.load(rows.packaged("landuse_codes.csv"))
SIDE = 300.0
SEEDS = st.integers(0, 2**32 - 1)


def rule(name, layer, kind, limit, hard, where=""):
    column, _, value = where.partition("=")
    unit = "m" if kind == "min_distance" else "m²" if kind == "outside" else "%"
    strength = "hard" if hard else "soft"
    return Constraint(name, layer, column, value, kind, limit, unit, strength, "", "", "s", "", True)


RULES = [
    rule("water", "water", "min_distance", 10.0, True),
    rule("line-a", "lines", "min_distance", 6.0, True, "kind=a"),
    rule("line-b", "lines", "min_distance", 15.0, False, "kind=b"),
    rule("zone", "zones", "outside", 0.0, True),
    rule("flood", "flood", "outside", 0.0, False, "deep=1..3"),
    rule("slope", "slope", "max_value", 15.0, True),
    rule("absent", "nothing", "min_distance", 5.0, True),
]


def random_shape(rng, kinds="ppplq"):
    x, y = rng.uniform(0, SIDE, 2)
    kind = rng.choice(list(kinds))
    if kind == "q":
        return shapely.Point(x, y)
    if kind == "l":
        return shapely.LineString(np.cumsum(np.vstack([[x, y], rng.uniform(-60, 60, (rng.integers(1, 5), 2))]), axis=0))
    turns = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 9)))
    ring = np.array([x, y]) + rng.uniform(5, 50, (len(turns), 1)) * np.column_stack([np.cos(turns), np.sin(turns)])
    outer = shapely.make_valid(shapely.Polygon(ring))
    hole = shapely.Point(x, y).buffer(3)
    return outer.difference(hole) if rng.random() < 0.3 and outer.contains(hole) else outer


def random_town(seed):
    rng = np.random.default_rng(seed)

    def layer(count, **columns):
        shapes = [random_shape(rng) for _ in range(count)]
        return gpd.GeoDataFrame({k: rng.choice(v, count) for k, v in columns.items()}, geometry=shapes, crs="EPSG:5899")

    few = rng.integers(0, 7, 4)
    layers = {
        "water": layer(few[0]),
        "lines": layer(few[1], kind=np.array(["a", "b", "c"], dtype=object)),
        "zones": layer(few[2]),
        "flood": layer(few[3], deep=[0.5, 1.0, 2.9, 3.0]),
    }
    shapes = np.empty(12, dtype=object)
    shapes[:] = [random_shape(rng, "p") for _ in range(12)]
    uses = landuse.classify(rng.choice(["BCS", "LUC", "NTD", "QQQ"], 12).tolist(), CODES)
    return shapes, uses, layers, rng.choice([3.0, 15.0, 16.0, 20.0, np.nan], 12)


def features(each, layers):
    """Known and doubtful features of a rule, by looking at every one."""
    layer = layers[each.layer]
    if not each.column:
        return list(layer.geometry), []
    named = {"lines": lambda v: v in ("a", "b"), "flood": lambda v: 1 <= v < 3}[each.layer]
    mine = (lambda v: 1 <= v < 3) if each.layer == "flood" else (lambda v: v == each.value)
    pairs = list(zip(layer[each.column], layer.geometry, strict=True))
    return [g for v, g in pairs if mine(v)], [g for v, g in pairs if not named(v)]


def ground(shapes):
    flat = [part for g in shapes for part in shapely.get_parts(shapely.get_parts(g))]
    return shapely.union_all([g for g in flat if g.geom_type == "Polygon"])


def screen_slow(shape, use, layers, slope, least):
    """One parcel: {rule: (passed, value)}, ids failed and open, usable ground, verdict."""
    found, taken = {}, []
    for each in RULES:
        if each.rule == "max_value":
            found[each.constraint_id] = (None, np.nan) if np.isnan(slope) else (slope <= each.limit, slope)
        elif each.layer not in layers:
            found[each.constraint_id] = (None, np.nan)
        elif each.rule == "outside":
            known, maybe = features(each, layers)
            value = shape.intersection(ground(known)).area
            thin = [g for g in known + maybe if g is not None and shapely.get_dimensions(g) in (0, 1)]
            doubt = shape.intersection(ground(maybe)).area > 1e-4 or any(shape.intersects(g) for g in thin)
            found[each.constraint_id] = (False, value) if value > 1e-4 else (None, np.nan) if doubt else (True, value)
            taken.append(ground(known)) if each.kind == "hard" else None
        else:
            known, maybe = features(each, layers)
            away = min((shape.distance(g) for g in known), default=np.nan)
            doubt = any(shape.distance(g) < each.limit for g in maybe)
            if away < each.limit:
                found[each.constraint_id] = (False, away)
                taken += [g.buffer(each.limit, quad_segs=usable.ARC) for g in known] if each.kind == "hard" else []
            else:
                found[each.constraint_id] = (None, np.nan) if doubt else (True, away)
    left = shape.difference(shapely.union_all(taken)) if taken else shape
    parts = [part for part in shapely.get_parts(shapely.get_parts(left)) if part.geom_type == "Polygon"]
    most = max((part.area for part in parts), default=0.0)
    most = most if most > 1e-4 else 0.0
    failed = [name for name, (passed, _) in found.items() if passed is False or passed is np.False_]
    unknown = [name for name, (passed, _) in found.items() if passed is None]
    small = most <= 0 or most < least
    if use.land_class == "X" or small or "slope" in failed:
        verdict = "excluded"
    elif use.land_class != "A" or use.who_en or failed or unknown:
        verdict = "conditional"
    else:
        verdict = "eligible"
    return found, failed, unknown, most, verdict


def run(shapes, uses, layers, slope, least=150.0, **options):
    ids = [f"{i:02d}" for i in range(len(shapes))]
    return screen(ids, shapes, uses, RULES, layers, least, {"slope": slope}, **options)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_equal_to_the_slow_version(seed):
    shapes, uses, layers, slope = random_town(seed)
    found = run(shapes, uses, layers, slope)
    cells = found.ledger.set_index([found.ledger["parcel_id"].astype(str), found.ledger["constraint_id"].astype(str)])
    for i, shape in enumerate(shapes):
        expected, failed, unknown, most, verdict = screen_slow(shape, uses[i], layers, slope[i], 150.0)
        for name, (passed, value) in expected.items():
            row = cells.loc[(f"{i:02d}", name)]
            assert (None if pd.isna(row["passed"]) else bool(row["passed"])) == (
                None if passed is None else bool(passed)
            )
            assert row["value"] == pytest.approx(value, abs=1e-6, nan_ok=True)
        assert found.usable_m2[i] == pytest.approx(most, abs=1e-5)
        assert found.verdict[i] == verdict
        assert [w for w in found.why[i] if w not in ("land_use", "usable_area")] == [*failed, *unknown]
        assert found.usable_m2[i] <= shape.area * (1 + 1e-9)
        circle = 2 * shapely.maximum_inscribed_circle(found.usable[i], 0.001).length if most else 0.0
        assert circle - 2 * usable.CIRCLE_M - 1e-6 <= found.circle_m[i] <= circle + 0.002


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_order_blocks_and_threads_change_nothing(seed):
    shapes, uses, layers, slope = random_town(seed)
    one = run(shapes, uses, layers, slope)
    order = np.random.default_rng(seed).permutation(len(shapes))
    mixed = {name: layer.sample(frac=1, random_state=seed % 1000) for name, layer in layers.items()}
    other = run(shapes[order], [uses[i] for i in order], mixed, slope[order], block=3, workers=3)
    assert other.verdict.tolist() == one.verdict[order].tolist()
    assert other.usable_m2 == pytest.approx(one.usable_m2[order], abs=1e-7)
    assert [sorted(each) for each in other.near] == [sorted(one.near[i]) for i in order]
    for block, workers in ((1, 1), (5, 2)):
        same = run(shapes, uses, layers, slope, block=block, workers=workers)
        pd.testing.assert_frame_equal(same.ledger, one.ledger, check_exact=True)
        assert shapely.equals_exact(same.usable, one.usable).all()


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_cutting_features_up_changes_distances_by_rounding_and_ground_by_the_chords_of_arcs(seed):
    shapes, uses, layers, slope = random_town(seed)
    whole = run(shapes, uses, layers, slope)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(usable, "MOST_VERTICES", 4)
        cut = run(shapes, uses, layers, slope)
    assert cut.ledger["value"].to_numpy() == pytest.approx(whole.ledger["value"].to_numpy(), abs=1.0, nan_ok=True)
    rows_of_ground = ~whole.ledger["constraint_id"].isin(["usable_area"])
    apart = (cut.ledger["value"] - whole.ledger["value"]).abs()[rows_of_ground]
    assert apart.max() < 1e-6
    assert cut.usable_m2 == pytest.approx(whole.usable_m2, abs=1.0)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_pieces_are_the_shape(seed):
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    wave = 100 + rng.uniform(5, 60) * np.sin(rng.integers(2, 30) * angle) + rng.uniform(-2, 2, 400)
    ring = np.column_stack([wave * np.cos(angle), wave * np.sin(angle)]) + np.array([560_000, 1_720_000])
    star = shapely.Polygon(ring).difference(shapely.Point(560_000, 1_720_000).buffer(10, quad_segs=30))
    line = shapely.LineString(ring)
    shapes = np.array([star, line, shapely.MultiPoint(ring[:3])], dtype=object)
    pieces, of = usable.pieces(usable.sound(shapes))
    assert shapely.is_valid(pieces).all()
    assert shapely.get_num_coordinates(pieces).max() <= 3 * usable.MOST_VERTICES
    assert shapely.area(pieces[of == 0]).sum() == pytest.approx(star.area, rel=1e-9)
    assert shapely.union_all(pieces[of == 0]).symmetric_difference(star).area < 1e-3
    assert shapely.length(pieces[of == 1]).sum() == pytest.approx(line.length, rel=1e-12)
    assert (of == 2).sum() == 3


# --- nasty shapes


BOW = shapely.Polygon([(0, 0), (40, 25), (40, 0), (0, 25)])
SPIKE = shapely.Polygon([(0, 0), (40, 0), (40, 25), (20, 25), (20, 90), (20, 25), (0, 25)])
SQUARE = shapely.box(0, 0, 40, 25)


def test_a_bow_tie_parcel_is_two_triangles():
    found = run(np.array([BOW], dtype=object), landuse.classify(["BCS"], CODES), {}, np.array([1.0]), least=1.0)
    assert found.usable_m2[0] == pytest.approx(250)
    assert found.usable[0].is_valid


@pytest.mark.parametrize(
    "shape", [BOW, SPIKE, shapely.Polygon([(0, 0), (40, 0), (0, 0)]), shapely.GeometryCollection([BOW, SQUARE])]
)
def test_bad_features_take_the_ground_they_cover(shape):
    layers = {"zones": gpd.GeoDataFrame(geometry=[shape, None, shapely.Polygon()], crs="EPSG:5899")}
    found = run(np.array([SQUARE], dtype=object), landuse.classify(["BCS"], CODES), layers, np.array([1.0]), least=0.0)
    mended = shapely.make_valid(shape)
    inside = found.ledger.set_index("constraint_id").loc["zone", "value"]
    assert inside == pytest.approx(mended.intersection(SQUARE).area, abs=1e-6)


@pytest.mark.parametrize("shape", [None, shapely.Polygon()])
def test_a_parcel_without_ground_is_excluded_and_disturbs_no_other(shape):
    shapes = np.array([SQUARE, shape, SQUARE], dtype=object)
    layers = {"water": gpd.GeoDataFrame(geometry=[shapely.Point(60, 10)], crs="EPSG:5899")}
    found = run(shapes, landuse.classify(["BCS"] * 3, CODES), layers, np.array([1.0, np.nan, 1.0]), least=0.0, block=2)
    assert found.verdict.tolist() == ["conditional", "excluded", "conditional"]
    assert found.usable_m2.tolist() == [1000, 0, 1000]


def test_an_overlay_that_fails_is_done_again_on_a_grid(monkeypatch):
    """GEOS is made to refuse the many at once, and the first parcel alone."""
    tried = []

    def difference(one, other, grid_size=None):
        tried.append(grid_size)
        if not isinstance(one, shapely.Geometry) or (grid_size is None and one.equals(SQUARE)):
            raise shapely.GEOSException("TopologyException: side location conflict")
        return shapely.difference(one, other, grid_size=grid_size)

    near = shapely.box(0, 0, 10, 25)
    parcels = np.array([SQUARE, shapely.box(0, 0, 30, 25)], dtype=object)
    left = usable._overlay(difference, parcels, np.array([near, near], dtype=object))
    assert shapely.area(left) == pytest.approx([750, 500])
    assert tried == [None, None, usable.GRID_M, None]


def test_a_union_that_fails_is_done_again_on_a_grid(monkeypatch):
    union = shapely.union_all

    def refuse(shapes, axis=None, grid_size=None):
        if grid_size is None:
            raise shapely.GEOSException("TopologyException: found non-noded intersection")
        return union(shapes, grid_size=grid_size)

    monkeypatch.setattr(shapely, "union_all", refuse)
    boxes = np.array([shapely.box(0, 0, 10, 25), shapely.box(5, 0, 15, 25)], dtype=object)
    assert usable.inside_m2(np.array([SQUARE], dtype=object), np.array([0, 0]), boxes) == pytest.approx([375])


def test_the_largest_piece_of_equals_is_the_most_western_then_southern():
    four = [shapely.box(x, y, x + 5, y + 5) for x, y in ((20, 0), (0, 20), (20, 20), (0, 0))]
    shapes = np.array([shapely.MultiPolygon(four), shapely.GeometryCollection([shapely.Point(0, 0)])], dtype=object)
    found = usable.largest(shapes)
    assert found[0].bounds == (0, 0, 5, 5)
    assert found[1].is_empty


def test_what_rounding_leaves_is_no_ground():
    sliver = shapely.Polygon([(0, 0), (40, 0), (40, 1e-6)])
    assert usable.largest(np.array([shapely.MultiPolygon([sliver])], dtype=object))[0].is_empty


def test_circles_by_hand():
    """A square of 10 m; a rectangle of 40 by 25; a 3-4-5 triangle, whose circle has radius 1; no ground."""
    shapes = [shapely.box(0, 0, 10, 10), SQUARE, shapely.Polygon([(0, 0), (4, 0), (0, 3)]), shapely.Polygon()]
    found = usable.circles(np.array(shapes, dtype=object))
    assert found == pytest.approx([10, 25, 2, 0], abs=2 * usable.CIRCLE_M)
