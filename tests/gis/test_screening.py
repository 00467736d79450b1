"""Screening by hand: every row of constraints just inside, at and just outside; usable pieces; land-use codes."""

from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sanchoi.gis import constraints, landuse
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
    """A layer that the rule speaks of."""
    return layer(shape, **({rule.column: [rule.value]} if rule.column else {"x": [1]}))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.rule == "min_distance"], ids=lambda r: r.constraint_id)
@pytest.mark.parametrize(("beyond", "passes"), [(-0.001, False), (0.0, True), (0.001, True)])
def test_every_distance_just_inside_at_and_just_outside(rule, beyond, passes):
    away = 40 + rule.limit + beyond
    found = one(rules=[rule], layers={rule.layer: features(rule, shapely.box(away, 0, away + 10, 25))})
    row = found.ledger.iloc[0]
    assert row["passed"] == passes
    assert row["value"] == pytest.approx(rule.limit + beyond)
    assert row["margin"] == pytest.approx(beyond, abs=1e-9)
    assert (row["source"], row["unit"]) == (rule.source, "m")
    if rule.kind == "hard":
        assert found.usable_m2[0] == pytest.approx(1000 + min(beyond, 0) * 25)
        assert found.verdict[0] == ("eligible" if passes else "conditional")
    else:
        assert found.usable_m2[0] == 1000


@pytest.mark.parametrize(("slope", "verdict"), [(14.99, "eligible"), (15.0, "eligible"), (15.01, "excluded")])
def test_slope(slope, verdict):
    found = one(rules=[BY_ID["slope"]], values={"slope": np.array([slope])})
    assert found.verdict[0] == verdict
    assert found.ledger["margin"].iloc[0] == pytest.approx(15 - slope)


def test_an_absent_layer_is_not_checked_and_never_passed():
    found = one(rules=[BY_ID["petrol-station"], BY_ID["slope"]])
    assert found.ledger["passed"].isna().all()
    assert found.ledger["value"].isna().all()
    assert found.verdict[0] == "conditional"
    assert found.why[0] == ["petrol-station", "slope"]


def test_an_empty_layer_was_looked_at():
    found = one(rules=[BY_ID["petrol-station"]], layers={"petrol": layer()})
    assert found.ledger["passed"].tolist() == [True]
    assert found.verdict[0] == "eligible"


def test_a_rule_for_one_voltage_passes_the_others_by():
    lines = layer(shapely.LineString([(-10, 12), (50, 12)]), kv=[110])
    assert one(rules=[BY_ID["power-line-22"]], layers={"power": lines}).verdict[0] == "eligible"
    assert one(rules=[BY_ID["power-line-110"]], layers={"power": lines}).usable_m2[0] == pytest.approx(
        40 * 9
    )  # 12 m up, 4 kept free


def test_a_column_that_tells_features_apart_is_missing():
    found = one(rules=[BY_ID["power-line-22"]], layers={"power": layer(PARCEL)})
    assert found.ledger["passed"].isna().all()


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


@pytest.mark.parametrize(
    "change", [{"limit": "-1"}, {"limit": "far"}, {"rule": "near"}, {"kind": "firm"}, {"source": ""}]
)
def test_a_bad_constraint_row_is_refused(change):
    table = rows.packaged("constraints.csv").iloc[:2].copy()
    table.loc[0, list(change)] = list(change.values())
    with pytest.raises(ContractError, match="constraint petrol-station"):
        constraints.load(table, date(2026, 1, 1))


def test_rows_hold_in_their_time_only():
    table = rows.packaged("constraints.csv").iloc[:2].copy()
    table.loc[0, ["valid_from", "valid_to"]] = ["2020-01-01", "2024-12-31"]
    assert len(constraints.load(table, date(2024, 12, 31))) == 2
    assert len(constraints.load(table, date(2025, 1, 1))) == 1


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
    assert len(one_way.ledger) == 40 * len(RULES)
    assert (one_way.usable_m2 <= shapely.area(shapes) + 1e-9).all()
