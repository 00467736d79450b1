"""What if over HTTP, and scenarios: the numbers of the analysis, what is refused, and what is kept."""

import io
import json
import shutil
import zipfile

import pandas as pd
import pytest
import random_study
import service
import shapely
from sanchoi.api.settings import Limits
from sanchoi.gis import job, model_files, what_if
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import load
from small import X, Y

AT = f"/api/v1/results/{service.RESULT}"


def point(x, y, area=500.0, **more):
    return {"action": "add", "geometry": random_study.degrees(shapely.Point(X + x, Y + y)), "area_m2": area, **more}


CLOSE = {"action": "close", "play_area_id": "A"}


@pytest.fixture(scope="module")
def asked():
    with service.client() as found:
        yield found


@pytest.fixture(scope="module")
def model():
    return model_files.load(service.result())


def ask(asked, *changes, **options):
    return asked.post(f"{AT}/what-if", json={"changes": list(changes)}, **options)


def test_the_answer_is_that_of_the_analysis(asked, model):
    changes = [point(1000, 500), CLOSE]
    got, want = ask(asked, *changes).json(), what_if.ask(model, json.loads(json.dumps(changes)))
    assert got["run_id"] == want.run_id
    assert got["newly_covered"] == want.newly_covered
    assert got["no_longer_covered"] == want.no_longer_covered
    after = want.after.set_index(["commune_id", "band"])
    for row in got["communes"]:
        mine = after.loc[(row["commune_id"], row["band"])]
        for key in ("children_uncovered", "covered_share", "shortfall_m2", "access_m2_per_child"):
            assert row["after"][key] == (None if pd.isna(mine[key]) else pytest.approx(mine[key], rel=1e-12)), key
        assert row["after"]["status"] == mine["status"]
        assert row["before"] != row["after"]
    assert got["cells"]["cell_id"] == want.cells["cell_id"].tolist()
    assert got["cells"]["covered_after"] == [None if v is pd.NA else bool(v) for v in want.cells["covered_after"]]
    assert "1 sân chơi" in got["sentence_vi"]
    assert got["sentence_en"].startswith("If 1 play area is added and 1 play area is closed: ")


def test_both_addresses_answer_alike(asked):
    one = ask(asked, CLOSE).json()
    two = asked.post("/what-if", json={"changes": [CLOSE]}).json()
    three = asked.post("/what-if", json={"result": service.RESULT, "changes": [CLOSE]}).json()
    for each in (one, two, three):
        del each["seconds"]
    assert one == two == three


def test_a_listed_parcel_is_its_usable_ground(asked):
    usable = pd.read_parquet(service.result() / "tables" / "parcels.parquet").set_index("parcel_id")["usable_m2"]
    name = usable[usable > 0].index[0]
    got = ask(asked, {"action": "add", "parcel_id": name})
    assert got.status_code == 200
    assert got.json()["changes"] == [{"action": "add", "parcel_id": name}]
    assert got.json()["in_reach"]["all"] > 0


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        ({"action": "add", "parcel_id": "nowhere"}, 404, "nowhere"),
        ({"action": "add", "parcel_id": ["P1"]}, 404, "P1"),
        ({"action": "add", "parcel_id": "P1", "geometry": point(1, 1)["geometry"]}, 400, "parcel_id"),
        ({"action": "close", "play_area_id": "Z"}, 404, "Z"),
        ({"action": "raze"}, 422, "raze"),
        (point(1, 1, -1), 422, "area_m2"),
        ({**point(1, 1), "access_points": [[[[1]]]]}, 422, "lối vào"),
        ({"action": "add", "geometry": {"type": "Polygon", "coordinates": [[[0, 0]]]}}, 422, "hình"),
    ],
)
def test_what_is_refused_is_told_in_the_askers_language(asked, change, status, told):
    got = ask(asked, change, headers={"accept-language": "vi"})
    assert got.status_code == status
    assert got.headers["content-type"] == "application/problem+json"
    assert told in got.json()["detail"]
    other = ask(asked, change, headers={"accept-language": "en"}).json()
    assert other["detail"] != got.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"changes": []},
        {"changes": {}},
        {"changes": ["close"]},
        {"changes": [CLOSE], "more": 1},
        {"changes": None},
        [],
        "close",
    ],
)
def test_a_body_that_is_no_question(asked, body):
    got = asked.post(f"{AT}/what-if", json=body)
    assert got.status_code == 400
    assert got.json()["type"] == "/problems/bad_body"


@pytest.mark.parametrize("text", ["", "{", '{"changes": [{"action": "add", "area_m2": NaN}]}', "\x00"])
def test_a_body_that_is_no_json(asked, text):
    got = asked.post(f"{AT}/what-if", content=text, headers={"content-type": "application/json"})
    assert got.status_code in (400, 422)


def test_nesting_without_end_is_refused_and_not_a_fault(asked):
    deep = "[" * 900 + "]" * 900
    text = (
        f'{{"changes": [{{"action": "add", "area_m2": 5, "geometry": {{"type": "Polygon", "coordinates": {deep}}}}}]}}'
    )
    got = asked.post(f"{AT}/what-if", content=text, headers={"content-type": "application/json"})
    assert 400 <= got.status_code < 500


def test_limits_exactly_at_and_just_over():
    close = [point(x, 500) for x in (100, 200, 300)]
    with service.client(limits=Limits(changes=2)) as asked:
        assert ask(asked, *close[:2]).status_code == 200
        assert ask(asked, *close).status_code == 413
    square = {
        "action": "add",
        "geometry": random_study.degrees(shapely.box(X + 1, Y + 1, X + 20, Y + 20)),
    }  # 5 vertices
    with service.client(limits=Limits(vertices=5)) as asked:
        assert ask(asked, square).status_code == 200
    with service.client(limits=Limits(vertices=4)) as asked:
        assert ask(asked, square).status_code == 413


def test_a_result_of_an_earlier_version_says_so(tmp_path):
    folder = shutil.copytree(service.result(), tmp_path / service.RESULT)
    shutil.rmtree(folder / "model")
    with service.client(folder) as asked:
        got = ask(asked, CLOSE, headers={"accept-language": "vi"})
    assert got.status_code == 409
    assert "tính lại" in got.json()["detail"].lower()


def test_a_damaged_model_is_503_and_recovers(tmp_path):
    folder = shutil.copytree(service.result(), tmp_path / service.RESULT)
    path = folder / "model" / "x.npy"
    whole = path.read_bytes()
    path.write_bytes(b"no")
    with service.client(folder) as asked:
        assert ask(asked, CLOSE).status_code == 503
        path.write_bytes(whole)
        assert ask(asked, CLOSE).status_code == 200


def test_hostile_names_stay_texts(asked):
    bad = "<script>alert(1)</script>"
    got = ask(asked, point(1000, 500, name=bad))
    assert got.status_code == 200
    assert got.headers["content-type"].startswith("application/json")


# --- scenarios


def saved(asked, name, *changes, **more):
    got = asked.post(f"{AT}/scenarios", json={"name": name, "changes": list(changes), **more})
    assert got.status_code == 201, got.text
    assert got.headers["location"] == f"/api/v1/scenarios/{got.json()['id']}"
    return got.json()


def test_a_scenario_is_kept_answered_changed_and_deleted(asked):
    one = saved(asked, "  Thêm sân  ", point(1000, 500), note="thử")
    assert one["name"] == "Thêm sân"
    assert one["version"] == 1
    assert one["stale"] is False
    read = asked.get(f"/api/v1/scenarios/{one['id']}").json()
    assert read == one
    assert any(each["id"] == one["id"] for each in asked.get(f"{AT}/scenarios").json()["items"])
    answer = asked.get(f"/api/v1/scenarios/{one['id']}/result").json()
    assert answer["newly_covered"] == ask(asked, point(1000, 500)).json()["newly_covered"]
    changed = asked.put(f"/api/v1/scenarios/{one['id']}", json={"version": 1, "changes": [CLOSE]}).json()
    assert changed["version"] == 2
    assert changed["changes"] == [CLOSE]
    late = asked.put(f"/api/v1/scenarios/{one['id']}", json={"version": 1, "name": "B"})
    assert late.status_code == 409
    assert late.json()["version"] == 2
    assert asked.get(f"/api/v1/scenarios/{one['id']}").json()["name"] == "Thêm sân"
    assert asked.delete(f"/api/v1/scenarios/{one['id']}?version=1").status_code == 409
    assert asked.delete(f"/api/v1/scenarios/{one['id']}?version=2").status_code == 204
    for path in ("", "/result", "/export", "/compare?with=x"):
        assert asked.get(f"/api/v1/scenarios/{one['id']}{path}").status_code == 404


def test_what_cannot_be_answered_is_not_saved(asked):
    before = asked.get(f"{AT}/scenarios").json()["numberMatched"]
    got = asked.post(f"{AT}/scenarios", json={"name": "x", "changes": [{"action": "close", "play_area_id": "Z"}]})
    assert got.status_code == 404
    assert asked.get(f"{AT}/scenarios").json()["numberMatched"] == before


def test_two_scenarios_beside_each_other(asked):
    one, two = saved(asked, "one", point(1000, 500)), saved(asked, "two", point(1000, 500), point(600, 500))
    got = asked.get(f"/api/v1/scenarios/{one['id']}/compare?with={two['id']}").json()
    assert got["difference"]["newly_covered"]["all"] == pytest.approx(
        got["two"]["newly_covered"]["all"] - got["one"]["newly_covered"]["all"]
    )
    assert got["difference"]["newly_covered"]["all"] > 0
    assert "cells" not in got["one"]


def test_a_scenario_exported_as_a_study_runs_to_the_same_numbers(asked, tmp_path):
    changes = [point(1000, 500, name="Sân mới"), CLOSE, {"action": "enlarge", "play_area_id": "B", "area_m2": 900.0}]
    one = saved(asked, "Xuất", *changes)
    got = asked.get(f"/api/v1/scenarios/{one['id']}/export")
    assert got.headers["content-type"] == "application/zip"
    assert got.content == asked.get(f"/api/v1/scenarios/{one['id']}/export").content
    folder = tmp_path / "study"
    with zipfile.ZipFile(io.BytesIO(got.content)) as file:
        file.extractall(folder)
        told = file.read("README.txt").decode()
    for name in (
        "communes.gpkg",
        "children.csv",
        "roads.gpkg",
        "land.gpkg",
    ):  # the result holds no study: they are asked for by name
        assert name in told
        shutil.copy(service.study() / name, folder / name)
    study = load.study(folder)
    run = job.measure(study, load.inputs(study, folder, Notes())).tables["gaps"].set_index(["commune_id", "band"])
    for row in asked.get(f"/api/v1/scenarios/{one['id']}/result").json()["communes"]:
        mine = run.loc[(row["commune_id"], row["band"])]
        for key in ("children_uncovered", "shortfall_m2", "access_m2_per_child", "play_area_m2"):
            assert row["after"][key] == pytest.approx(mine[key], rel=1e-9), key
        assert row["after"]["reason_vi"] == mine["reason_vi"]
    assert "Sân mới" in set(run.index.size and job.run(folder).tables["play_areas"]["name"].dropna())
