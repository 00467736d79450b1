"""What if? The answer equals a full run of the changed study, by hand on the small study, and on random ones."""

import contextlib
import json
import math
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import random_study
import shapely
import small
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sanchoi.gis import job, model_files, places, results, what_if
from sanchoi.gis.errors import ContractError, SourceError, UnknownId
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import load
from small import X, Y

CENTRES = [50 + 100 * i for i in range(10)]


def degrees(shape):
    return random_study.degrees(shape)


def point(x, y, area=500.0, **more):
    return {"action": "add", "geometry": degrees(shapely.Point(X + x, Y + y)), "area_m2": area, **more}


def line(*xy):
    return {"action": "crossing", "geometry": degrees(shapely.LineString([(X + x, Y + y) for x, y in xy]))}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return small.write(tmp_path_factory.mktemp("base") / "study")


@pytest.fixture(scope="module")
def model(base):
    return job.run(base).model


def row(frame, commune, band="all"):
    return frame[(frame["commune_id"] == commune) & (frame["band"] == band)].iloc[0]


# --- by hand


def cells_near(door, others, limit=300.0):
    """(x, y) of the cell centres of both communes within the limit of a door on the road, and of no other."""
    out = []
    for x in range(50, 2000, 100):
        for y in CENTRES:
            walks = [abs(y - 500) + abs(x - at) for at in (door, *others)]
            if walks[0] <= limit and min(walks[1:]) > limit:
                out.append((x, y))
    return out


def test_a_play_area_beside_the_road_by_hand(model):
    """Hòa Phú has 3 children a cell, Đại Lãnh 1.1. A stands at 250, B at 1750; the new one at 1000 is 300 m from both."""
    got = what_if.ask(model, [point(1000, 500)])
    new = cells_near(1000, (250, 1750))
    want = sum(3.0 if x < 1000 else 1.1 for x, _ in new)
    assert got.newly_covered["all"] == pytest.approx(want, rel=1e-9)
    assert got.newly_covered["0-5"] == pytest.approx(sum(1.0 if x < 1000 else 0.5 for x, _ in new), rel=1e-9)
    assert got.no_longer_covered == {"0-5": 0.0, "6-14": 0.0, "all": 0.0}
    before, after = row(got.before, "Hòa Phú"), row(got.after, "Hòa Phú")
    assert before["children_uncovered"] == pytest.approx(0.82 * 300, rel=1e-9)
    gained = sum(3.0 for x, _ in new if x < 1000)
    assert after["children_uncovered"] == pytest.approx(0.82 * 300 - gained, rel=1e-9)
    shown = got.cells[got.cells["covered_after"].astype(bool) & ~got.cells["covered_before"].astype(bool)]
    assert sorted((round(x - X), round(y - Y)) for x, y in shown[["x", "y"]].to_numpy()) == sorted(new)


@pytest.mark.parametrize(("at", "inside"), [(799.999, True), (800.0, True), (800.001, False)])
def test_children_exactly_at_the_limit_are_covered(model, at, inside):
    """From x = 800 the cells at (550, 450) and (550, 550) are exactly 300 m away, and 350 m from A."""
    got = what_if.ask(model, [point(at, 500)])
    new = cells_near(at, (250, 1750))
    assert ((550, 450) in new) is inside
    assert got.newly_covered["all"] == pytest.approx(sum(3.0 if x < 1000 else 1.1 for x, _ in new), rel=1e-9)


def test_closing_takes_everybody_who_had_no_other(model):
    got = what_if.ask(model, [{"action": "close", "play_area_id": "A"}])
    assert got.no_longer_covered["all"] == pytest.approx(18 * 3.0, rel=1e-9)
    assert got.changed_class == [("Hòa Phú", "Hòa Phú", "out_of_reach", "no_supply")]
    assert row(got.after, "Hòa Phú")["play_area_m2"] == 0


def test_enlarging_halves_the_crowd_and_covers_nobody(model):
    got = what_if.ask(model, [{"action": "enlarge", "play_area_id": "A", "area_m2": 1000.0}])
    assert got.newly_covered["all"] == 0
    before, after = (row(frame, "Hòa Phú") for frame in (got.before, got.after))
    assert after["access_m2_per_child"] == pytest.approx(2 * before["access_m2_per_child"], rel=1e-9)
    assert after["play_area_m2"] == 1000.0


def test_a_footbridge_gives_back_what_a_river_took(base, tmp_path):
    folder = small.write(tmp_path / "river")
    river = gpd.GeoDataFrame(geometry=[small.square(400, -100, 20, 1200)], crs=small.CRS)
    small.layer(folder, "river", river)
    small.add(folder, '\n[barriers]\npath = "river.gpkg"\n')
    cut = job.run(folder).model
    got = what_if.ask(cut, [line((395, 500), (425, 500))])
    whole = row(job.run(base).tables["gaps"], "Hòa Phú")
    assert row(got.before, "Hòa Phú")["children_uncovered"] > whole["children_uncovered"] + 1
    assert row(got.after, "Hòa Phú")["children_uncovered"] == pytest.approx(whole["children_uncovered"], rel=1e-9)


def test_closing_what_was_added_is_no_change(model):
    got = what_if.ask(model, [point(700, 500, id="z"), {"action": "close", "play_area_id": "z"}])
    assert got.newly_covered["all"] == 0
    pd.testing.assert_frame_equal(got.after, got.before, check_exact=True, check_dtype=False)


def test_two_halves_are_one(model):
    one = what_if.ask(model, [point(700, 500, 800.0)])
    two = what_if.ask(model, [point(700, 500, 300.0), point(700, 500, 500.0)])
    numbers = one.after.select_dtypes("number").columns
    pd.testing.assert_frame_equal(one.after[numbers], two.after[numbers], rtol=1e-9)
    assert one.newly_covered["all"] == pytest.approx(two.newly_covered["all"], rel=1e-12)


def test_more_play_areas_never_cover_fewer(model):
    seen = 0.0
    changes = []
    for x in (400, 900, 1300, 600):
        changes.append(point(x, 480))
        got = what_if.ask(model, changes)
        assert got.newly_covered["all"] >= seen - 1e-9
        assert got.no_longer_covered["all"] == 0
        seen = got.newly_covered["all"]


def test_a_question_changes_nothing_in_the_model(model):
    one = what_if.ask(model, [point(1000, 500), {"action": "close", "play_area_id": "A"}, line((100, 500), (180, 520))])
    two = what_if.ask(model, [point(1000, 500), {"action": "close", "play_area_id": "A"}, line((100, 500), (180, 520))])
    pd.testing.assert_frame_equal(one.after, two.after, check_exact=True)
    pd.testing.assert_frame_equal(one.cells, two.cells, check_exact=True)


def test_nobody_surveyed_says_how_many_are_in_reach_and_no_more(tmp_path):
    folder = small.write(tmp_path / "blind")
    small.replace(folder, "surveyed = true", "surveyed = false")
    got = what_if.ask(job.run(folder).model, [point(1000, 500)])
    assert got.newly_covered["all"] == 0
    # On each side of the border: rows 50 m off the road have 3 columns, 150 m off 2, 250 m off 1, above and below it.
    assert got.unsurveyed["all"] == got.in_reach["all"] == pytest.approx(12 * 3.0 + 12 * 1.1, rel=1e-9)
    assert set(got.after["status"]) == {"unknown"}
    assert got.cells["covered_before"].isna().all()


# --- equal to a full run, on random studies


def full(study, layers, answer):
    return job.measure(study, places.apply(layers, answer.changes)).tables["gaps"]


def must_equal(model, answer, table):
    """Every row of a full run is that of the answer, or of the run where the answer does not speak of the commune."""
    keys = ["commune_id", "vintage", "band"]
    known = model.gaps[~model.gaps["commune_id"].isin(answer.after["commune_id"])]
    mine = pd.concat([known, answer.after]).sort_values(keys, ignore_index=True)
    table = table.sort_values(keys, ignore_index=True)
    for column in table.columns:
        if pd.api.types.is_float_dtype(table[column]):
            np.testing.assert_array_equal(
                mine[column].to_numpy(dtype=float), table[column].to_numpy(dtype=float), column
            )
        else:
            told = [frame[column].astype(object).where(frame[column].notna(), None).tolist() for frame in (mine, table)]
            assert told[0] == told[1], column


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_random_changes_equal_a_full_run_to_the_bit(seed):
    rng = np.random.default_rng(seed)
    study = random_study.study(rng)
    layers = random_study.inputs(rng, study)
    model = job.measure(study, layers).model
    for _ in range(2):
        asked = random_study.question(rng, study, layers)
        try:
            answer = what_if.ask(model, asked)
        except (
            ContractError
        ) as error:  # no way near an end of a crossing, or no room in an outline: the full run refuses it too
            made, told = model.parse(asked), re.escape(str(error))
            with pytest.raises(ContractError, match=told):
                job.measure(study, places.apply(layers, made))
            continue
        must_equal(model, answer, full(study, layers, answer))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_a_model_that_was_written_answers_alike(seed, tmp_path_factory):
    rng = np.random.default_rng(seed)
    study = random_study.study(rng)
    layers = random_study.inputs(rng, study)
    result = job.measure(study, layers)
    folder = results.write(result, tmp_path_factory.mktemp("written"))
    read = results.read(folder).model
    asked = random_study.question(rng, study, layers)
    try:
        one = what_if.ask(result.model, asked)
    except ContractError:
        return
    two = what_if.ask(read, asked)
    pd.testing.assert_frame_equal(one.after, two.after, check_exact=True)
    pd.testing.assert_frame_equal(one.cells, two.cells, check_exact=True)
    pd.testing.assert_frame_equal(one.before, two.before, check_exact=True, check_dtype=False)


# --- refused


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "action"),
        ("close", "action"),
        ({"action": "raze"}, "raze"),
        ({"action": ["add"]}, "action"),
        ({**point(1, 1), "colour": "red"}, "colour"),
        ({"action": "add", "geometry": degrees(shapely.Point(X, Y))}, "area_m2"),
        (point(1, 1, 0), "area_m2"),
        (point(1, 1, -5), "area_m2"),
        (point(1, 1, math.nan), "area_m2"),
        (point(1, 1, math.inf), "area_m2"),
        (point(1, 1, True), "area_m2"),
        (point(1, 1, "500"), "area_m2"),
        (point(1, 1, 1e9), "area_m2"),
        ({"action": "add", "area_m2": 5}, "geometry"),
        ({"action": "add", "area_m2": 5, "geometry": {"type": "Point"}}, "geometry"),
        ({"action": "add", "area_m2": 5, "geometry": {"type": "Point", "coordinates": []}}, "geometry"),
        ({"action": "add", "area_m2": 5, "geometry": {"type": "Point", "coordinates": ["x", "y"]}}, "geometry"),
        ({"action": "add", "area_m2": 5, "geometry": {"type": "Point", "coordinates": [math.nan, 1]}}, "geometry"),
        ({"action": "add", "area_m2": 5, "geometry": {"type": "Point", "coordinates": [1e308, 1]}}, "geometry"),
        ({"action": "add", "area_m2": 5, "geometry": {"type": "Point", "coordinates": [15.7, 108.2]}}, "geometry"),
        ({"action": "add", "area_m2": 5, "geometry": {"type": "Point", "coordinates": [2.0, 48.0]}}, "outside"),
        ({"action": "add", "geometry": degrees(shapely.LineString([(X, Y), (X + 9, Y)]))}, "LineString"),
        (
            {
                "action": "add",
                "geometry": degrees(shapely.Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)])),
            },
            "Self-intersection",
        ),
        ({"action": "add", "geometry": degrees(shapely.box(X, Y, X + 9000, Y + 9000))}, "m²"),
        ({"action": "add", "geometry": degrees(shapely.box(X, Y, X + 10, Y + 10)), "area_m2": 101.0}, "outline"),
        (point(1, 1, name=7), "name"),
        (point(1, 1, name="x" * 201), "name"),
        (point(1, 1, id="A"), "taken"),
        ({**point(1, 1), "access_points": [[1, 2, 3]]}, "access_points"),
        ({**point(1, 1), "access_points": "here"}, "access_points"),
        (
            {
                "action": "add",
                "geometry": degrees(shapely.box(X, Y, X + 10, Y + 10)),
                "access_points": [list(degrees(shapely.Point(X + 100, Y))["coordinates"])],
            },
            "outline",
        ),
        ({"action": "enlarge", "play_area_id": "A"}, "neither"),
        ({**line((0, 500), (10, 500)), "kind": "tunnel"}, "tunnel"),
        (line((0, 500), (2100, 500)), "long"),
        (line((0, 0), (0, 10)), "end"),
        ({"action": "crossing", "geometry": degrees(shapely.Point(X, Y))}, "Point"),
    ],
)
def test_changes_that_are_refused_say_why_in_both_languages(model, change, told):
    with pytest.raises(ContractError) as refused:
        what_if.ask(model, [change])
    assert told in str(refused.value)
    assert refused.value.vi
    assert refused.value.vi != str(refused.value)


@pytest.mark.parametrize("name", ["C", "", None, 5])
@pytest.mark.parametrize("action", ["close", "enlarge"])
def test_a_play_area_that_is_not_there(model, action, name):
    with pytest.raises(UnknownId) as refused:
        what_if.ask(model, [{"action": action, "play_area_id": name}])
    assert refused.value.vi


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
KEYS = ["geometry", "area_m2", "access_points", "name", "id", "play_area_id", "kind"]
TYPES = ["Point", "Polygon", "MultiPolygon", "LineString", "GeometryCollection", "Feature", "x"]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["add", "close", "enlarge", "crossing"]),
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5),
    st.sampled_from(TYPES),
    JSON,
)
def test_whatever_json_holds_is_answered_or_refused(model, action, more, kind, coordinates):
    change = {**more, "action": action}
    if "geometry" in change:
        change["geometry"] = {"type": kind, "coordinates": coordinates}
    with contextlib.suppress(ContractError, UnknownId):
        what_if.ask(model, [change])


def test_what_is_closed_cannot_be_closed_again(model):
    close = {"action": "close", "play_area_id": "A"}
    with pytest.raises(UnknownId, match="change 2"):
        what_if.ask(model, [close, close])


def test_a_crossing_needs_a_network(tmp_path):
    folder = small.write(tmp_path / "straight")
    small.replace(folder, '[network]\npath = "roads.gpkg"\nbridge = "bridge"\n', "")
    with pytest.raises(ContractError, match="without a network"):
        what_if.ask(job.run(folder).model, [line((100, 500), (150, 500))])


# --- model files


@pytest.fixture
def written(base, tmp_path):
    return results.write(job.run(base), tmp_path / "result")


def test_the_same_run_writes_the_same_model(base, written, tmp_path):
    again = results.write(job.run(base), tmp_path / "again")
    names = sorted(path.name for path in (written / "model").iterdir())
    assert names == sorted(path.name for path in (again / "model").iterdir())
    for name in names:
        assert (written / "model" / name).read_bytes() == (again / "model" / name).read_bytes(), name


def test_a_result_of_another_program_has_no_model(written):
    path = written / "model" / "model.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, "format": 99}), encoding="utf-8")
    assert results.read(written).model is None
    with pytest.raises(SourceError, match="format 99"):
        model_files.load(written)


@pytest.mark.parametrize("name", ["x.npy", "communes.parquet", "network.now.u.npy"])
def test_a_damaged_model_is_told(written, name):
    (written / "model" / name).write_bytes(b"nothing")
    with pytest.raises(SourceError, match="model/"):
        model_files.load(written)


def test_a_study_may_hold_crossings(base, tmp_path):
    """[network] crossings in study.toml is the same as the change."""
    folder = small.write(tmp_path / "crossed")
    river = gpd.GeoDataFrame(geometry=[small.square(400, -100, 20, 1200)], crs=small.CRS)
    small.layer(folder, "river", river)
    small.add(folder, '\n[barriers]\npath = "river.gpkg"\n')
    got = what_if.ask(job.run(folder).model, [line((395, 500), (425, 500))])
    bridge = gpd.GeoDataFrame(geometry=[got.changes[0].geometry], crs=small.CRS)
    small.layer(folder, "bridges", bridge)
    small.replace(folder, 'bridge = "bridge"', 'bridge = "bridge"\ncrossings = "bridges.gpkg"')
    study = load.study(folder)
    run = job.measure(study, load.inputs(study, folder, Notes()))
    must_equal(job.run(folder).model, got, run.tables["gaps"])


def test_where_an_unknown_size_decides_a_cell_is_neither_covered_nor_not(tmp_path):
    """Fields in Trust: 100 m² count within 100 m, 400 within 400 m, 1,000 within 1,000 m. A's is unknown; the new one has 500."""
    folder = small.write(tmp_path / "blank")
    small.layer(folder, "play_areas", small.play_areas().assign(m2=[np.nan, 400.0]))
    small.replace(folder, "walk_m = 300\nm2_per_child = 2", "")
    small.replace(folder, 'profile = "qcvn-01-2021"', 'profile = "fields-in-trust"')
    cells = what_if.ask(job.run(folder).model, [point(300, 500, 500.0)]).cells
    at = {(round(x - X), round(y - Y)): row for row, (x, y) in enumerate(cells[["x", "y"]].to_numpy())}
    near, far = (
        cells.iloc[at[250, 450]],
        cells.iloc[at[750, 450]],
    )  # 50 and 550 m from A, 100 and 500 m from the new one
    assert near["covered_before"] is pd.NA
    assert bool(near["covered_after"]) is True
    assert far["covered_before"] is pd.NA
    assert far["covered_after"] is pd.NA


def test_closing_the_last_play_area_with_a_home_in_it(tmp_path):
    """The cell at (250, 450) lies in the only play area; closed, nobody has any."""
    folder = small.write(tmp_path / "last")
    only = small.play_areas()[:1].set_geometry([small.square(230, 430, 40, 40)])
    small.layer(folder, "play_areas", only)
    got = what_if.ask(job.run(folder).model, [{"action": "close", "play_area_id": "A"}])
    assert got.no_longer_covered["all"] > 0
    assert set(got.after["status"]) == {"no_supply"}
    assert got.cells["after_m"].isna().all()
