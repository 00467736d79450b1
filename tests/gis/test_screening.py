"""Screening by hand: every row of constraints just inside, at and just outside; usable pieces; land-use codes."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from sanchoi.gis import constraints, landuse, tables
from sanchoi.gis.errors import ContractError
from sanchoi.gis.screening import screen
from sanchoi.gis.sources import rows

CODES = landuse.load(rows.packaged("landuse_codes.csv"))
RULES = constraints.load(rows.packaged("constraints.csv"), date(2026, 11, 24))
BY_ID = {rule.constraint_id: rule for rule in RULES}
PARCEL = shapely.box(0, 0, 40, 25)  # 1,000 m²


def one(shape=PARCEL, code="BCS", rules=(), layers=None, **options):
    uses = landuse.classify([code], CODES)
    return screen(["P"], np.array([shape], dtype=object), uses, rules, layers or {}, **options)


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:5899")


def features(rule, shape):
    """A layer that the rule speaks of: the first of its values, the lower end of its range."""
    value = rule.value.partition("|")[0].strip().partition("..")[0]
    return layer(shape, **({rule.column: [value]} if rule.column else {"x": [1]}))


def row_of(found, constraint_id, parcel_id="P"):
    table = found.ledger[(found.ledger["parcel_id"] == parcel_id) & (found.ledger["constraint_id"] == constraint_id)]
    assert len(table) == 1
    return table.iloc[0]


def judged(rule, beyond):
    """The parcel, and one thing that the rule speaks of, `beyond` the limit: metres of distance or overlap, or of the unit."""
    if rule.rule == "max_value":
        return one(rules=[rule], values={rule.layer: np.array([rule.limit - beyond])})
    away = 40 + rule.limit + beyond
    return one(rules=[rule], layers={rule.layer: features(rule, shapely.box(away, 0, away + 10, 25))})


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.constraint_id)
@pytest.mark.parametrize(("beyond", "passes"), [(-0.001, False), (0.0, True), (0.001, True)])
def test_every_row_just_inside_at_and_just_outside(rule, beyond, passes):
    """0.001 m of the 25 m wide strip at the parcel's eastern end are 0.025 m²."""
    found = judged(rule, beyond)
    row = row_of(found, rule.constraint_id)
    assert row["passed"] == passes
    value, margin = {
        "min_distance": (rule.limit + beyond, beyond),
        "max_value": (rule.limit - beyond, beyond),
        "outside": (max(-beyond, 0) * 25, min(beyond, 0) * 25),
    }[rule.rule]
    assert row["value"] == pytest.approx(value, abs=1e-9)
    assert row["margin"] == pytest.approx(margin, abs=1e-9)
    assert (row["limit"], row["kind"], row["source"], row["article"]) == (
        rule.limit,
        rule.kind,
        rule.source,
        rule.article,
    )
    assert (row["unit"], row["verified"]) == (rule.unit, rule.verified)
    assert row["near_miss"] == (not passes)
    assert found.near[0] == ([] if passes else [rule.constraint_id])
    takes = rule.kind == "hard" and rule.rule != "max_value"
    assert found.usable_m2[0] == pytest.approx(1000 + min(beyond, 0) * 25 * takes, abs=1e-7)
    bars = rule.kind == "hard" and rule.rule == "max_value"
    assert found.verdict[0] == ("eligible" if passes else "excluded" if bars else "conditional")
    assert found.why[0] == ([] if passes else [rule.constraint_id])


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.constraint_id)
def test_every_row_without_its_layer_is_not_checked_and_never_passed(rule):
    found = one(rules=[rule])
    row = row_of(found, rule.constraint_id)
    assert row["passed"] is pd.NA
    assert np.isnan(row["value"])
    assert not row["near_miss"]
    assert found.verdict[0] == "conditional"
    assert found.why[0] == [rule.constraint_id]
    assert found.checked == frozenset()


@pytest.mark.parametrize("rule", [r for r in RULES if r.rule != "max_value"], ids=lambda r: r.constraint_id)
def test_every_row_with_an_empty_layer_was_looked_at(rule):
    found = one(rules=[rule], layers={rule.layer: layer()})
    assert row_of(found, rule.constraint_id)["passed"] == True  # noqa: E712
    assert found.verdict[0] == "eligible"
    assert found.checked == {rule.constraint_id}


@pytest.mark.parametrize("rule", [r for r in RULES if r.rule == "min_distance"], ids=lambda r: r.constraint_id)
def test_every_distance_takes_a_far_corner_too(rule):
    """What stands inside the parcel is at distance 0, whatever is between."""
    found = one(rules=[rule], layers={rule.layer: features(rule, shapely.Point(20, 12))})
    assert row_of(found, rule.constraint_id)["value"] == 0
    assert not row_of(found, rule.constraint_id)["near_miss"]


def test_slope_is_asked_of_the_usable_piece_and_may_be_unknown():
    def slope(pieces):
        return np.array([np.nan if piece.is_empty else piece.bounds[0] for piece in pieces])

    pond = shapely.box(-1, -1, 6, 26)  # 10 m from it: x = 16
    found = one(
        rules=[BY_ID["watercourse-bank"], BY_ID["slope"]], layers={"water": layer(pond)}, values={"slope": slope}
    )
    assert row_of(found, "slope")["value"] == pytest.approx(16)
    assert found.verdict[0] == "excluded"
    lake = one(
        rules=[BY_ID["watercourse-bank"], BY_ID["slope"]], layers={"water": layer(PARCEL)}, values={"slope": slope}
    )
    assert row_of(lake, "slope")["passed"] is pd.NA


def test_near_misses_are_within_a_tenth_of_the_limit():
    rule = BY_ID["petrol-station"]
    at = [
        one(rules=[rule], layers={"petrol": layer(shapely.box(40 + d, 0, 60 + d, 25))}) for d in (45.001, 45.0, 44.999)
    ]
    assert [found.near[0] for found in at] == [["petrol-station"], ["petrol-station"], []]
    zone = BY_ID["industry"]  # limit 0: a tenth of the parcel's 1,000 m²
    at = [one(rules=[zone], layers={"industry": layer(shapely.box(40 - d, 0, 60, 25))}) for d in (3.999, 4.0, 4.001)]
    assert [found.near[0] for found in at] == [["industry"], ["industry"], []]


@pytest.mark.parametrize(
    ("least", "passed", "near", "verdict"),
    [
        (0.0, True, False, "eligible"),
        (1000.0, True, False, "eligible"),
        (1000.001, False, True, "excluded"),
        (1111.1, False, True, "excluded"),
        (1111.2, False, False, "excluded"),
    ],
)
def test_usable_area_has_a_row_of_its_own(least, passed, near, verdict):
    """1,000 m² are nine tenths of 1,111.1."""
    found = one(least_m2=least, least_source=("the norm", "table 1", True))
    row = row_of(found, "usable_area")
    assert (row["value"], row["limit"], row["margin"]) == pytest.approx((1000, least, 1000 - least))
    assert (row["passed"], row["near_miss"], found.verdict[0]) == (passed, near, verdict)
    assert found.near[0] == (["usable_area"] if near else [])
    assert (row["unit"], row["kind"], row["source"], row["article"]) == ("m²", "hard", "the norm", "table 1")
    assert row["verified"]


@pytest.mark.parametrize(
    ("code", "passed"), [("BCS", True), ("LUC", True), ("HNK", True), ("NTD", False), ("QQQ", None)]
)
def test_land_use_has_a_row_of_its_own(code, passed):
    row = row_of(one(code=code), "land_use")
    assert (row["passed"] is pd.NA) if passed is None else row["passed"] == passed
    assert np.isnan([row["value"], row["limit"], row["margin"]]).all()
    assert (row["source"] != "") == (passed is not None)
    assert not row["verified"]


def test_the_ledger_is_sorted_by_its_key_and_holds_the_contract():
    shapes = np.array([PARCEL, PARCEL, PARCEL], dtype=object)
    found = screen(["b", "a", "10"], shapes, landuse.classify(["BCS"] * 3, CODES), RULES, {})
    keys = found.ledger[["parcel_id", "constraint_id"]].astype(str)
    assert keys.equals(keys.sort_values(["parcel_id", "constraint_id"], ignore_index=True))
    assert len(keys) == 3 * (len(RULES) + 2)
    assert tables.finish(found.ledger, "screening", ordered=True)["parcel_id"].iloc[0] == "10"
    nothing = screen([], shapes[:0], [], RULES, {})
    assert len(tables.finish(nothing.ledger, "screening")) == 0


# --- true overlap, pieces, unknown kinds


def test_ground_under_water_goes_with_the_bank():
    """The pond's 10 m and 10 m of bank on its one side inside the parcel."""
    found = one(rules=[BY_ID["watercourse-bank"]], layers={"water": layer(shapely.box(-1, -1, 10, 26))})
    assert found.usable_m2[0] == pytest.approx(20 * 25)
    assert row_of(found, "watercourse-bank")["value"] == 0


def test_ground_is_taken_by_true_overlap_not_by_the_middle():
    """The middle of the parcel is at (20, 12.5); a house in a corner of it counts all the same, and one around it too."""
    corner = one(rules=[BY_ID["building"]], layers={"buildings": layer(shapely.box(-5, -5, 10, 25))})
    assert row_of(corner, "building")["value"] == pytest.approx(250)
    assert corner.usable_m2[0] == pytest.approx(750)
    ring = shapely.box(-10, -10, 50, 35).difference(shapely.box(15, 10, 25, 15))
    around = one(rules=[BY_ID["building"]], layers={"buildings": layer(ring)})
    assert around.usable_m2[0] == pytest.approx(50)


def test_overlapping_polygons_never_take_more_than_the_whole():
    """Three of the same, and one that covers the parcel: 1,000 of its 1,000 m², once."""
    zone = shapely.box(-5, -5, 20, 30)
    twice = one(
        rules=[BY_ID["industry"]], layers={"industry": layer(zone, zone, shapely.box(-5, -5, 20, 30).buffer(0))}
    )
    assert row_of(twice, "industry")["value"] == pytest.approx(500)
    whole = one(rules=[BY_ID["industry"]], layers={"industry": layer(zone, PARCEL.buffer(1), zone)})
    assert row_of(whole, "industry")["value"] == 1000
    assert whole.usable[0].is_empty
    assert (whole.usable_m2[0], whole.circle_m[0], whole.verdict[0]) == (0, 0, "excluded")


def test_lines_and_points_of_a_layer_of_ground_take_none_and_are_not_passed():
    drawn = layer(shapely.LineString([(-5, 10), (50, 10)]), shapely.Point(20, 12))
    found = one(rules=[BY_ID["flood"], BY_ID["industry"]], layers={"flood": drawn, "industry": drawn})
    assert (found.usable_m2[0], found.verdict[0], found.why[0]) == (1000, "conditional", ["industry", "flood"][::-1])
    assert row_of(found, "flood")["passed"] is pd.NA
    away = layer(shapely.LineString([(-5, -10), (50, -10)]))
    assert one(rules=[BY_ID["flood"]], layers={"flood": away}).verdict[0] == "eligible"


def test_soft_ground_makes_conditional_and_stays_usable():
    found = one(rules=[BY_ID["flood"]], layers={"flood": layer(shapely.box(0, 0, 30, 25))})
    assert row_of(found, "flood")["margin"] == pytest.approx(-750)
    assert (found.usable_m2[0], found.verdict[0], found.why[0]) == (1000, "conditional", ["flood"])


def test_a_parcel_in_two_parts_is_judged_by_the_larger():
    both = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 50, 10)])
    found = one(both, least_m2=301)
    assert found.usable[0].equals(shapely.box(20, 0, 50, 10))
    assert found.verdict[0] == "excluded"


@pytest.mark.parametrize(
    ("away", "open_rows"),
    [
        (1001, []),
        (700, ["cemetery-hung-tang"]),
        (150, ["cemetery-chon-mot-lan", "cemetery-hung-tang", "crematorium"]),
    ],
)
def test_a_cemetery_of_unknown_kind_leaves_open_what_its_kind_would_decide(away, open_rows):
    rules = [rule for rule in RULES if rule.layer == "cemeteries"]
    place = shapely.box(40 + away, 0, 60 + away, 25)
    for graves in (layer(place), layer(place, kind=[None]), layer(place, kind=["church"])):
        found = one(rules=rules, layers={"cemeteries": graves})
        assert sorted(found.why[0]) == open_rows
        assert found.verdict[0] == ("conditional" if open_rows else "eligible")
        assert row_of(found, "cemetery")["passed"] == True  # noqa: E712


def test_a_bridge_of_unknown_length_takes_no_ground_and_is_not_passed():
    rules = [rule for rule in RULES if rule.layer == "bridges"]
    found = one(rules=rules, layers={"bridges": layer(shapely.LineString([(70, 0), (70, 25)]))})  # 30 m away
    assert sorted(found.why[0]) == ["bridge-300", "bridge-60", "bridge-long"]
    assert found.usable_m2[0] == 1000


@pytest.mark.parametrize(
    ("length", "rule"),
    [
        (19.99, "bridge-20"),
        (20, "bridge-60"),
        (59.99, "bridge-60"),
        (60, "bridge-300"),
        (300, "bridge-long"),
        (2000, "bridge-long"),
    ],
)
def test_a_bridge_is_judged_by_its_length(length, rule):
    rules = [each for each in RULES if each.layer == "bridges"]
    found = one(rules=rules, layers={"bridges": layer(shapely.LineString([(41, 0), (41, 25)]), length=[length])})
    assert found.why[0] == ["usable_area", rule] if found.usable_m2[0] == 0 else [rule]
    assert row_of(found, rule)["value"] == 1


def test_a_feature_of_unknown_kind_does_not_soften_a_failure():
    lines = layer(
        shapely.LineString([(41, -50), (41, 75)]), shapely.LineString([(40.5, -50), (40.5, 75)]), kv=[110, None]
    )
    found = one(rules=[BY_ID["power-line-110"]], layers={"power": lines})
    assert row_of(found, "power-line-110")["passed"] == False  # noqa: E712
    assert found.usable_m2[0] == pytest.approx(37 * 25)


def test_a_rule_for_one_voltage_passes_the_others_by():
    """A line 12 m up, 4 m kept free on both sides: 9 m are left above it."""
    lines = layer(shapely.LineString([(-10, 12), (50, 12)]), kv=[110])
    found = one(rules=[BY_ID["power-line-22"], BY_ID["power-line-110"]], layers={"power": lines})
    assert row_of(found, "power-line-22")["passed"] == True  # noqa: E712
    assert found.why[0] == ["power-line-110"]
    assert found.usable_m2[0] == pytest.approx(40 * 9)


def test_a_column_that_tells_features_apart_is_missing():
    found = one(rules=[BY_ID["power-line-22"]], layers={"power": layer(PARCEL)})
    assert row_of(found, "power-line-22")["passed"] is pd.NA


def test_the_largest_piece_that_is_left_is_judged():
    """A ditch at x = 12 with 5 m on either side (a rule of 5 m): 7 × 25 m² on the left, 23 × 25 on the right."""
    rule = constraints.Constraint("t", "water", "", "", "min_distance", 5.0, "m", "hard", "", "", "s", "", True)
    ditch = layer(shapely.LineString([(12, -50), (12, 75)]))
    found = one(rules=[rule], layers={"water": ditch}, least_m2=575.0)
    assert found.usable_m2[0] == pytest.approx(23 * 25)
    assert found.usable[0].bounds == pytest.approx((17, 0, 40, 25))
    assert found.circle_m[0] == pytest.approx(23, abs=1.1)
    assert found.verdict[0] == "conditional"
    assert one(rules=[rule], layers={"water": ditch}, least_m2=575.1).verdict[0] == "excluded"


def test_overlapping_constraints_take_ground_once():
    rule = constraints.Constraint("t", "w", "", "", "min_distance", 5.0, "m", "hard", "", "", "s", "", True)
    pond = shapely.box(0, 0, 10, 25)
    found = one(rules=[rule], layers={"w": layer(pond, pond, pond.buffer(0))})
    assert found.usable_m2[0] == pytest.approx(25 * 25)
    assert one(rules=[rule], layers={"w": layer(PARCEL.buffer(1))}).usable_m2[0] == 0
    assert one(rules=[rule], layers={"w": layer(PARCEL.buffer(1))}).verdict[0] == "excluded"


# --- land-use codes


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("DKV", "eligible"),
        ("dkv ", "eligible"),
        ("DSH", "eligible"),
        ("TSC", "conditional"),
        ("HNK", "conditional"),
        ("LUC", "conditional"),
        ("NTD", "excluded"),
        ("SON", "excluded"),
        ("QQQ", "conditional"),
        (None, "conditional"),
        ("ONT+CLN", "conditional"),
        ("ONT+NTD", "excluded"),
        ("DKV+QQQ", "conditional"),
    ],
)
def test_land_use(code, verdict):
    found = one(code=code)
    assert found.verdict[0] == verdict
    assert (found.why[0] == []) == (verdict == "eligible")


def test_every_code_has_a_class_a_source_and_is_unverified_until_read():
    assert len(CODES) >= 35
    assert not CODES["verified"].any()
    assert set(CODES["class"]) == {"A", "B", "C", "X"}


@pytest.mark.parametrize("change", [{"class": "D"}, {"source": ""}, {"verified": "maybe"}])
def test_a_bad_code_row_is_refused(change):
    table = rows.packaged("landuse_codes.csv").iloc[:2].copy()
    table.loc[0, list(change)] = list(change.values())
    with pytest.raises(ContractError, match="land-use code DKV"):
        landuse.load(table)


def test_order_of_parcels_changes_nothing():
    rng = np.random.default_rng(3)
    shapes = np.array([shapely.box(x, y, x + 30, y + 30) for x, y in rng.uniform(0, 500, (40, 2))], dtype=object)
    uses = landuse.classify(rng.choice(["BCS", "LUC", "NTD", "HNK"], 40).tolist(), CODES)
    layers = {"water": layer(shapely.LineString([(0, 0), (500, 500)])), "petrol": layer(shapely.Point(250, 100))}
    order = rng.permutation(40)
    one_way = screen([str(i) for i in range(40)], shapes, uses, RULES, layers, 500.0)
    other = screen([str(i) for i in order], shapes[order], [uses[i] for i in order], RULES, layers, 500.0)
    assert other.verdict.tolist() == one_way.verdict[order].tolist()
    assert other.usable_m2 == pytest.approx(one_way.usable_m2[order])
    assert len(one_way.ledger) == 40 * (len(RULES) + 2)
    assert (one_way.usable_m2 <= shapely.area(shapes) + 1e-9).all()
