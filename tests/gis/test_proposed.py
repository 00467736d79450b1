"""Drawn land on the small study, by hand: limits just at, inside and outside, ground that is taken, children, what is refused.

One walks 310 m at most, straight to the road at y = 500 and along it. Hòa Phú (x < 1000) has 3 children a cell, Đại Lãnh 1.1. A
petrol station stands at (1500, 300): 50 m must be kept. A house covers 10 × 10 m at (600, 800); land use M is no land for anybody.
"""

import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
import small
from sanchoi.gis import job, outlines, proposed
from sanchoi.gis.errors import ContractError
from sanchoi.gis.proposed import Land
from small import CRS, X, Y

PARCELS = '\n[parcels]\npath = "land.gpkg"\nid = "no"\nland_use = "use"\n'
OWN = (100, 480, 40, 40)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = small.write(tmp_path_factory.mktemp("proposed") / "study")
    small.replace(folder, "walk_m = 300", "walk_m = 310")
    columns = {"no": ["P1", "P2"], "use": ["BCS", "NTD"]}
    shapes = [small.square(*OWN), small.square(200, 800, 40, 40)]
    small.layer(folder, "land", gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS))
    station = shapely.Point(X + 1500, Y + 300)
    small.layer(folder, "petrol", gpd.GeoDataFrame({"a": [1]}, geometry=[station], crs=CRS))
    small.layer(folder, "houses", gpd.GeoDataFrame({"a": [1]}, geometry=[small.square(600, 800, 10, 10)], crs=CRS))
    layers = '\n[constraints.petrol]\npath = "petrol.gpkg"\n[constraints.buildings]\npath = "houses.gpkg"\n'
    small.raster(folder, np.full((40, 70), 7.0), x=-200, top=1200, size=50, name="dem.tif")
    small.add(folder, PARCELS + "build_cost = 2e8\n" + layers + '[terrain]\npath = "dem.tif"\n')
    return folder


@pytest.fixture(scope="module")
def result(folder):
    return job.run(folder)


@pytest.fixture(scope="module")
def model(result):
    return result.model


def drawn(shape):
    """Degrees that come back as the shape: there and back again is 0.2 mm off, for the change of datum is not its own reverse."""
    found = outlines.out_of(shape, CRS)
    for _ in range(3):
        off = shapely.get_coordinates(outlines.into(found, CRS)) - shapely.get_coordinates(shape)
        near = shapely.transform(outlines.into(found, CRS), lambda xy, off=off: xy - off)
        step = shapely.get_coordinates(outlines.out_of(near, CRS)) - shapely.get_coordinates(
            outlines.out_of(outlines.into(found, CRS), CRS)
        )
        found = shapely.transform(found, lambda xy, step=step: xy + step)
    return found


def land(x, y, w, h, use="BCS", **more):
    return Land(drawn(small.square(x, y, w, h)), use, **more)


def rule(told, name):
    return told.ledger.set_index("constraint_id").loc[name]


# --- rules


@pytest.mark.parametrize(("left", "passed"), [(1549.999, False), (1550.0, True), (1550.001, True)])
def test_a_distance_just_at_inside_and_outside_its_limit(model, left, passed):
    found = rule(proposed.judge(model, land(left, 280, 40, 40)), "petrol-station")
    assert bool(found["passed"]) is passed
    assert found["value"] == pytest.approx(left - 1500, abs=1e-6)
    assert bool(found["near_miss"]) is not passed


def test_ground_too_near_is_taken_and_told(model):
    """Of the square from 30 m on, the disc of 50 m takes ∫ (√(2500 − y²) − 30) dy over ±20 = 745.3 m²."""
    told = proposed.judge(model, land(1530, 280, 40, 40))
    taken = 2 * (10 * math.sqrt(2100) + 1250 * math.asin(0.4)) - 1200
    assert told.excluded_m2 == pytest.approx(taken, rel=1e-3)
    assert told.row["usable_m2"] == pytest.approx(1600 - taken, rel=1e-3)
    assert told.usable.area == told.row["usable_m2"]


def test_a_house_is_cut_out_and_what_only_touches_it_loses_nothing(model):
    assert proposed.judge(model, land(580, 780, 50, 50)).excluded_m2 == pytest.approx(100, abs=1e-3)
    beside = proposed.judge(model, land(610, 780, 50, 50))
    assert beside.excluded_m2 == 0
    assert rule(beside, "building")["passed"]


@pytest.mark.parametrize(("side", "verdict"), [(10.0, "conditional"), (9.99, "excluded")])
def test_the_least_ground_is_200_m2(model, side, verdict):
    told = proposed.judge(model, land(700, 480, 20, side))
    assert told.row["verdict"] == verdict
    assert (told.rank is None) == (told.answer is None) == (verdict == "excluded")


@pytest.mark.parametrize(("deep", "large"), [(100.0, False), (100.01, True)])
def test_land_larger_than_a_play_area_has_a_ledger_and_no_score(model, deep, large):
    told = proposed.judge(model, land(600, 600, 200, deep))
    assert told.limit_m2 == (20_000 if large else None)
    assert (told.score, told.effects, told.answer, told.reached) == (None,) * 4 or not large
    assert rule(told, "petrol-station")["passed"]
    assert (told.rank is None) is large


@pytest.mark.parametrize("use", [None, "", "???", " bcs + ??? "])
def test_a_land_use_that_nobody_knows_is_conditional(model, use):
    told = proposed.judge(model, land(700, 480, 40, 40, use))
    assert told.row["verdict"] == "conditional"
    assert rule(told, "land_use")["passed"] is not True
    assert told.use.who_en == "the land agency says what land it is"
    assert told.rank is not None


def test_slope_is_known_far_from_the_parcels_too(model):
    """The ground is level everywhere; the parcels lie at x < 300."""
    found = rule(proposed.judge(model, land(1800, 100, 40, 40)), "slope")
    assert (bool(found["passed"]), found["value"]) == (True, 0.0)


# --- children, score, cost


def test_children_by_hand(model):
    """Doors at (700, 500) and (740, 500). Rows 50 m off the road: 3 columns on each side, 150 m: 2, 250 m: 1; above and below.

    A, at x = 250, covers the two cells at x = 450 in the rows 50 m off.
    """
    told = proposed.judge(model, land(700, 480, 40, 40))
    assert told.reached == pytest.approx({"0-5": 24.0, "6-14": 48.0, "all": 72.0})
    assert told.gained == pytest.approx({"0-5": 22.0, "6-14": 44.0, "all": 66.0})
    assert told.answer.newly_covered == pytest.approx(told.gained)
    assert [(share.commune_id, round(share.share, 9)) for share in told.communes] == [("Hòa Phú", 1.0)]


def test_land_across_a_border_reaches_children_of_both(model):
    """The left door at x = 990, the right one at 1030: on each side 3, 2 and 1 columns again, all without a play area."""
    told = proposed.judge(model, land(990, 480, 40, 40))
    assert told.gained["all"] == pytest.approx(12 * 3.0 + 12 * 1.1)
    assert [(share.commune_id, round(share.share, 6)) for share in told.communes] == [
        ("Đại Lãnh", 0.75),
        ("Hòa Phú", 0.25),
    ]


def test_the_same_land_has_the_rank_of_the_parcel(result):
    told = proposed.judge(result.model, land(*OWN))
    mine = result.tables["parcels"].set_index("parcel_id").loc["P1"]
    assert told.score == pytest.approx(mine["score"], abs=1e-7)
    assert (told.ranked, mine["rank"]) == (2, 1)
    better = proposed.judge(result.model, land(700, 480, 40, 40))
    assert (better.rank, better.score > told.score) == (1, True)
    worse = proposed.judge(result.model, land(300, 900, 20, 11))
    assert (worse.rank, worse.score < told.score) == (2, True)


def test_cost_is_the_land_and_what_is_built(model):
    assert proposed.judge(model, land(700, 480, 40, 40)).row["cost"] == 2e8  # public land: what is built is paid
    assert proposed.judge(model, land(700, 480, 40, 40, cost=5e8)).row["cost"] == 7e8
    told = proposed.judge(model, land(700, 480, 40, 40, cost_per_m2=1e6)).row["cost"]
    assert told == pytest.approx(2e8 + 1600e6, rel=1e-8)


# --- what is not known


def test_without_a_survey_nobody_knows_who_gains(folder, tmp_path):
    study = small.write(tmp_path / "blind")
    small.replace(study, "surveyed = true", "surveyed = false")
    told = proposed.judge(job.run(study).model, land(700, 480, 40, 40))
    assert told.gained == {"0-5": None, "6-14": None, "all": None}
    assert told.reached["all"] > 50


def test_a_study_without_rules_still_says_whom_it_helps(tmp_path):
    study = small.write(tmp_path / "plain")
    small.replace(study, "walk_m = 300", "walk_m = 310")
    told = proposed.judge(job.run(study).model, land(700, 480, 40, 40))
    assert (told.ledger, told.score, told.rank, told.row, told.excluded_m2) == (None,) * 5
    assert told.gained["all"] == pytest.approx(66)
    assert proposed.judge(job.run(study).model, land(600, 600, 300, 100)).limit_m2 == 20_000


def test_a_norm_without_a_walking_distance_leaves_children_unknown(tmp_path):
    study = small.write(tmp_path / "norm")
    small.replace(study, "walk_m = 300\n", "")
    model = job.run(study).model
    if any(model.limits.walk_m(band.name) is None for band in model.study.bands):
        told = proposed.judge(model, land(700, 480, 40, 40))
        assert told.gained["all"] is None
        assert told.reached["all"] is None


def test_a_model_of_an_earlier_version_answers_what_if_alone(model):
    told = proposed.judge(replace(model, book=None), land(700, 480, 40, 40))
    assert (told.ledger, told.score) == (None, None)
    assert told.answer.newly_covered["all"] == pytest.approx(66)


# --- what is refused


def degrees(*xy):
    return outlines.out_of(shapely.Polygon([(X + x, Y + y) for x, y in xy]), CRS)


BOW_TIE = degrees((700, 480), (740, 520), (740, 480), (700, 520))
with np.errstate(invalid="ignore"):
    NOWHERE = shapely.Polygon([(108.2, 15.7), (math.nan, 15.7), (108.3, 15.8), (108.2, 15.7)])
ZIGZAG = shapely.Polygon([(108.3 + 1e-6 * k, 15.7 + 1e-4 * (k % 2)) for k in range(1200)])


@pytest.mark.parametrize(
    ("geometry", "vi"),
    [
        (BOW_TIE, "cắt nhau"),
        (shapely.Point(108.3, 15.7), "không đọc được"),
        (None, "không đọc được"),
        (shapely.Polygon(), "không có gì bên trong"),
        (shapely.Polygon([(108.3, 15.7), (108.4, 15.7), (108.3, 15.7)]), "không có gì bên trong"),
        (degrees((700, 480), (700.5, 480), (700.5, 480.5)), "chỉ rộng"),
        (NOWHERE, "không phải là kinh độ"),
        (shapely.Polygon([(1e308, 15.7), (108.3, 15.7), (108.3, 15.8)]), "không phải là kinh độ"),
        (shapely.Polygon([(560_000, 1_740_000), (560_040, 1_740_000), (560_040, 1_740_040)]), "không phải là kinh độ"),
        (ZIGZAG, "1,201 góc"),
        (degrees((5000, 5000), (5040, 5000), (5040, 5040)), "ngoài mọi xã, phường"),
        (degrees((2000, 0), (2040, 0), (2040, 40)), "ngoài mọi xã, phường"),
        (shapely.Polygon([(-70.0, -15.7), (-69.9999, -15.7), (-69.9999, -15.6999)]), "ngoài mọi xã, phường"),
    ],
)
def test_land_that_cannot_be_judged_is_refused_in_both_languages(model, geometry, vi):
    with pytest.raises(ContractError) as refused:
        proposed.judge(model, Land(geometry))
    assert vi in refused.value.vi
    assert " · " in str(refused.value)


@pytest.mark.parametrize(
    "more", [{"cost": -1.0}, {"cost": math.nan}, {"cost": "5"}, {"cost_per_m2": math.inf}, {"cost": True}]
)
def test_a_cost_that_is_none_is_refused(model, more):
    with pytest.raises(ContractError, match="cost of the land") as refused:
        proposed.judge(model, land(700, 480, 40, 40, **more))
    assert "chi phí" in refused.value.vi


@pytest.mark.parametrize("more", [{"use": "x" * 201}, {"use": 7}, {"owner": "a\x00b"}])
def test_texts_that_are_none_are_refused(model, more):
    with pytest.raises(ContractError, match="cannot be used"):
        proposed.judge(model, land(700, 480, 40, 40, **more))
