"""Scenarios are kept, found, changed with a version and deleted, on either database alike."""

import random

import pytest
import shapely
from sanchoi.api.problems import Problem
from sanchoi.api.store import Scenario, ScenarioChange, scenarios
from sanchoi.api.store.geometry import shape
from sqlalchemy import func, select, text

POINT = {"action": "add", "geometry": {"type": "Point", "coordinates": [108.2, 15.5]}, "area_m2": 400}
CLOSE = {"action": "close", "play_area_id": "Sân số 1"}


def saved(store, changes=(POINT, CLOSE), name="Phương án 1"):
    with store.session() as session:
        return scenarios.create(session, "demo", "e1", name, changes)


def test_what_is_saved_is_read_back(store):
    made = saved(store)
    with store.reading() as session:
        found = scenarios.get(session, made.id)
        assert (found.name, found.note, found.version, found.result_id, found.etag) == (
            "Phương án 1",
            "",
            1,
            "demo",
            "e1",
        )
        assert [each.document for each in found.changes] == [POINT, CLOSE]
        assert [each.geometry for each in found.changes] == [shapely.Point(108.2, 15.5), None]
        assert found.created_at.utcoffset().total_seconds() == 0


def test_a_change_asks_for_the_version_that_it_changes(store):
    made = saved(store)
    with store.session() as session:
        changed = scenarios.update_(session, made.id, 1, name="Khác", changes=[CLOSE])
        assert (changed.version, changed.name) == (2, "Khác")
    with pytest.raises(Problem) as found, store.session() as session:
        scenarios.update_(session, made.id, 1, name="Muộn", changes=[])
    assert found.value.key == "conflict"
    assert found.value.members == {"version": 2}
    with store.reading() as session:
        kept = scenarios.get(session, made.id)
        assert (kept.name, [each.document for each in kept.changes]) == ("Khác", [CLOSE])


def test_deleting_takes_the_changes_and_their_boxes(store):
    made = saved(store)
    assert len(store.changes_in((108, 15, 109, 16))) == 1
    with store.session() as session:
        scenarios.delete(session, made.id)
    assert store.changes_in((-180, -90, 180, 90)) == []
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(ScenarioChange)) == 0
        if store.is_sqlite:
            assert session.scalar(text("SELECT count(*) FROM scenario_change_boxes")) == 0
    with pytest.raises(Problem) as found, store.session() as session:
        scenarios.delete(session, made.id)
    assert found.value.key == "unknown_id"


def test_pages_of_the_list(store):
    ids = [saved(store, name=f"số {k}").id for k in range(5)]
    with store.reading() as session:
        page, count = scenarios.listed(session, "demo", limit=2, offset=1)
        assert count == 5
        assert [each.id for each in page] == [ids[3], ids[2]]
        assert scenarios.listed(session, "other") == ([], 0)


def test_a_fault_in_the_middle_leaves_nothing(store):
    def half():
        with store.session() as session:
            scenarios.create(session, "demo", "e", "Hỏng", [POINT])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Scenario)) == 0
    assert store.changes_in((-180, -90, 180, 90)) == []


def test_the_spatial_query_is_that_of_a_plain_loop(store):
    """Random shapes near box corners, some a hair off the edge, where an index of 32-bit floats alone would err."""
    rng = random.Random(4)
    shapes = []
    for _ in range(120):
        x, y = rng.choice([108.0, 108.1, 108.3]) + rng.choice([0, 1e-9, -1e-9, 0.05]), 15 + rng.random()
        size = rng.choice([1e-9, 1e-4, 0.2])
        kind = rng.choice(["Point", "LineString", "Polygon"])
        ring = [[x, y], [x + size, y], [x, y + size], [x, y]]
        coordinates = {"Point": ring[0], "LineString": ring[1:3], "Polygon": [ring]}[kind]
        shapes.append({"type": kind, "coordinates": coordinates})
    for k in range(0, 120, 40):
        saved(store, [{"n": k + i, "geometry": each} for i, each in enumerate(shapes[k : k + 40])])
    for _ in range(40):
        west, south = rng.choice([108.0, 108.1, 107.9]), 15 + rng.random()
        box = (west, south, west + rng.choice([0.0, 1e-9, 0.1]), south + rng.choice([0.0, 0.3]))
        area = shapely.box(*box) if box[0] < box[2] and box[1] < box[3] else shapely.LineString([box[:2], box[2:]])
        if box[:2] == box[2:]:
            area = shapely.Point(box[:2])
        wanted = {k for k, each in enumerate(shapes) if shapely.geometry.shape(each).intersects(area)}
        assert {each.document["n"] for each in store.changes_in(box)} == wanted


def test_a_moved_geometry_moves_in_the_index(store):
    made = saved(store)
    with store.session() as session:
        scenarios.get(session, made.id).changes[0].geometry = shapely.Point(10, 20)
    assert store.changes_in((108, 15, 109, 16)) == []
    assert len(store.changes_in((9, 19, 11, 21))) == 1


def test_the_index_is_used(store):
    saved(store)
    plan = "EXPLAIN QUERY PLAN " if store.is_sqlite else "EXPLAIN "
    where = (
        "id IN (SELECT id FROM scenario_change_boxes WHERE west <= 1 AND east >= 0)"
        if store.is_sqlite
        else "geometry && ST_MakeEnvelope(0, 0, 1, 1, 4326)"
    )
    with store.session() as session:
        if not store.is_sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        rows = session.execute(text(f"{plan} SELECT id FROM scenario_changes WHERE {where}"))
        told = " ".join(str(each) for row in rows for each in row)
    assert "VIRTUAL TABLE INDEX" in told if store.is_sqlite else "scenario_changes_geometry" in told


@pytest.mark.parametrize(
    ("geometry", "key"),
    [
        ({"type": "Point", "coordinates": [15.5, 108.2]}, "bad_body"),  # latitude first
        ({"type": "Point", "coordinates": [108.2]}, "bad_body"),
        ({"type": "Point", "coordinates": [True, 1]}, "bad_body"),
        ({"type": "Point", "coordinates": [float("nan"), 1]}, "bad_body"),
        ({"type": "Point", "coordinates": [10**400, 1]}, "bad_body"),
        ({"type": "Point"}, "bad_body"),
        ({"type": "GeometryCollection", "geometries": []}, "bad_body"),
        ({"type": ["Point"], "coordinates": [1, 1]}, "bad_body"),
        ({"type": "LineString", "coordinates": [[1, 1]]}, "bad_body"),
        ({"type": "Polygon", "coordinates": []}, "bad_body"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "bad_body"),  # a bow tie
        ({"type": "LineString", "coordinates": [[0, k / 1e6] for k in range(10_001)]}, "too_large"),
        ("Point", "bad_body"),
        ([], "bad_body"),
    ],
)
def test_a_geometry_that_is_none_is_refused(geometry, key):
    with pytest.raises(Problem) as found:
        shape(geometry)
    assert found.value.key == key
    for language in ("vi", "en"):
        assert found.value.told(language, "/")["detail"]


def test_heights_are_left_out():
    assert not shape({"type": "Point", "coordinates": [108, 15, 7]}).has_z


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\x00b", "\ud800", 5, None])
def test_a_name_that_is_none_is_refused(store, name):
    with pytest.raises(Problem) as found:
        saved(store, name=name)
    assert found.value.key == "bad_body"


def test_the_vertices_of_all_changes_count_together(store):
    line = {"geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1], [2, 2]]}}
    with store.session() as session:
        scenarios.create(session, "demo", "e", "vừa", [line, line], vertices=6)
    with pytest.raises(Problem) as found, store.session() as session:
        scenarios.create(session, "demo", "e", "quá", [line, line], vertices=5)
    assert found.value.key == "too_large"
    with pytest.raises(Problem) as found, store.session() as session:
        scenarios.create(session, "demo", "e", "quá", [line] * 3, most=2)
    assert found.value.key == "too_large"
