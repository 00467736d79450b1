"""What a hostile reader of the service found: headers, bodies and folders that nobody sends or makes on purpose."""

import json
import shutil

import pandas as pd
import pytest
import service
import shapely
import small
from random_study import degrees
from sanchoi.api import library as module
from sanchoi.api.cli import main
from sanchoi.api.library import Library
from sanchoi.api.serve import check_address
from small import X, Y

AT = f"/api/v1/results/{service.RESULT}"
JSON = {"content-type": "application/json"}
ADD = '{"action": "add", "area_m2": 500, "geometry": {"type": "Point", "coordinates": [108.3, 15.7%s]%s}}'


@pytest.fixture(scope="module")
def asked():
    with service.client(raises=False, hosts=("testserver",)) as found:
        yield found


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(module, "LOOK_S", 0.0)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "["},
        {"host": "[::1"},
        {"host": ""},
        {"origin": "http://["},
        {"origin": "null"},
        {"host": "", "origin": "x"},
    ],
)
def test_a_write_whose_headers_are_no_address_is_refused_and_not_a_fault(asked, headers):
    got = asked.post("/what-if", content='{"changes": []}', headers={**JSON, **headers})
    assert got.status_code == 403


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 5000])
@pytest.mark.parametrize("form", ["bytes={}-", "bytes=0-{}", "bytes=-{}", "bytes=0-1,{}-"])
def test_a_range_of_any_length_is_no_fault(asked, form, digits):
    got = asked.get(f"/r/{service.RESULT}/files/run.json", headers={"range": form.format(digits)})
    assert got.status_code == 200
    assert got.content == (service.result() / "run.json").read_bytes()


def test_a_page_number_of_any_length_is_refused(asked):
    got = asked.get(f"/vi/r/{service.RESULT}/parcels?page=" + "9" * 5000, headers={"accept": "text/html"})
    assert got.status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        ADD % (", NaN", ""),
        ADD % (", Infinity", ""),
        ADD % (", 1e400", ""),
        ADD % ("", ', "bbox": [NaN]'),
        ADD % ("", ', "x": "\\ud800"'),
        ADD % ("", ', "x": "\\u0000"'),
        ADD % ("", ', "\\ud800": 1'),
        ADD % ("", ', "x": ' + "[" * 40 + "]" * 40),
        '{"action": "\\ud800"}',
        '{"action": "close", "play_area_id": "\\ud800"}',
        '{"action": "add", "parcel_id": "\\ud800"}',
        '{"\\ud800": 1}',
    ],
)
@pytest.mark.parametrize(
    ("path", "body"), [("/what-if", '{"changes": [%s]}'), (f"{AT}/scenarios", '{"name": "x", "changes": [%s]}')]
)
def test_what_no_answer_could_repeat_is_refused(asked, path, body, change):
    got = asked.post(path, content=body % change, headers=JSON)
    assert got.status_code in (400, 422), got.text
    assert asked.get(f"{AT}/scenarios").json()["numberMatched"] == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/what-if", '{"\\ud800": 1, "changes": [{"action": "add"}]}'),
        ("/what-if", '{"result": "\\ud800", "changes": [{"action": "add"}]}'),
        ("/what-if", '{"changes": ["\\ud800"]}'),
        ("/processes/export/execution", '{"\\ud800": 1}'),
        ("/processes/export/execution", '{"inputs": {"\\ud800": 1}}'),
    ],
)
def test_a_refusal_can_always_be_written_down(asked, path, body):
    got = asked.post(path, content=body, headers=JSON)
    assert 400 <= got.status_code < 500, got.text
    assert got.headers["content-type"] == "application/problem+json"


ENGLISH = ("Input", "should", "There was", "permitted", "valid", "Expecting", "HTTP.")


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "[]",
        '{"changes": null}',
        '{"changes": []}',
        '{"changes": [1]}',
        '{"changes": "a"}',
        '{"changes": [{}], "x": 1}',
        '{"changes": [{}], "result": 1}',
        "[" * 100_000,
    ],
)
def test_a_refusal_in_vietnamese_holds_no_english(asked, body):
    got = asked.post("/what-if", content=body, headers={**JSON, "accept-language": "vi"})
    assert got.status_code == 400
    assert not any(word in got.json()["detail"] for word in ENGLISH), got.json()["detail"]


def test_what_people_wrote_is_not_for_pages_of_other_hosts(asked):
    """A page anywhere could otherwise read the scenarios of whoever looks at it."""
    for path in (f"{AT}/scenarios", "/api/v1/scenarios/x", "/api/v1/scenarios/x/result"):
        assert "access-control-allow-origin" not in asked.get(path).headers, path
        assert asked.get(path).headers["cross-origin-resource-policy"] == "same-origin"
    for path in (f"{AT}/parcels", "/api/v1/results", "/ogc"):
        assert asked.get(path).headers["access-control-allow-origin"] == "*", path


def test_the_same_etag_is_the_same_bytes(asked):
    """Links begin with the address that was used: behind another one the answer is another."""
    one = asked.get(f"{AT}/communes")
    two = asked.get(f"{AT}/communes", headers={"host": "elsewhere"})
    assert one.content != two.content
    assert one.headers["etag"] != two.headers["etag"]
    again = asked.get(f"{AT}/communes", headers={"host": "elsewhere", "if-none-match": one.headers["etag"]})
    assert again.status_code == 200
    assert asked.get(f"{AT}/communes", headers={"if-none-match": one.headers["etag"]}).status_code == 304


# --- folders


def test_a_record_that_is_copied_before_its_tables_is_served_when_they_have_come(tmp_path, at_once):
    shutil.copytree(service.result(), tmp_path / "good")
    (tmp_path / "late").mkdir()
    shutil.copy(service.result() / "run.json", tmp_path / "late")
    library = Library(service.settings(tmp_path))
    assert [each.id for each in library] == ["good"]
    shutil.copytree(service.result() / "tables", tmp_path / "late" / "tables")
    assert [each.id for each in library] == ["good", "late"]


def garbage(record):
    """Records that nobody writes, by what is wrong with them."""
    found = {
        "deep": "[" * 100_000,
        "deeper": '{"a": ' * 100_000,
        "half a character": json.dumps({**record, "study": {**record["study"], "name": "\ud800"}}),
        "no number": json.dumps({**record, "seeds": float("nan")}),
        "a table elsewhere": json.dumps({**record, "tables": [*record["tables"], "../../run"]}),
    }
    for key in ("study", "settings", "inputs", "norm", "norms", "versions", "headline", "warnings", "scoring"):
        found[f"no {key}"] = json.dumps({name: value for name, value in record.items() if name != key})
    for key in ("headline", "study", "run_id", "tables"):
        found[f"{key} is null"] = json.dumps({**record, key: None})
    return found


def test_garbage_for_a_record_harms_no_other_result(tmp_path, at_once):
    for name in ("a", "b"):
        shutil.copytree(service.result(), tmp_path / name)
    whole = (tmp_path / "a" / "run.json").read_text("utf-8")
    with service.client(tmp_path, raises=False) as asked:
        for kind, text in garbage(json.loads(whole)).items():
            (tmp_path / "a" / "run.json").write_text(text, encoding="utf-8")
            for path in ("/vi/", "/vi/r/b/", "/ogc", "/ready"):
                assert asked.get(path, headers={"accept": "text/html"}).status_code == 200, (kind, path)
            assert [each["id"] for each in asked.get("/api/v1/results").json()["items"]] == ["b"], kind
            (tmp_path / "a" / "run.json").write_text(whole, encoding="utf-8")
            assert asked.get("/api/v1/results").json()["numberMatched"] == 2


def test_a_table_that_nobody_declared_is_no_harm(tmp_path):
    folder = shutil.copytree(service.result(), tmp_path / "more")
    pd.DataFrame({"x": [1]}).to_parquet(folder / "tables" / "barriers.parquet")
    record = json.loads((folder / "run.json").read_text("utf-8"))
    record["tables"].append("barriers")
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    assert Library(service.settings(folder)).first().table("barriers")["x"].tolist() == [1]


def test_a_table_of_another_version_is_said_and_is_no_fault(tmp_path):
    folder = shutil.copytree(service.result(), tmp_path / "old")
    path = folder / "tables" / "gaps.parquet"
    pd.read_parquet(path).drop(columns="status").to_parquet(path)
    with service.client(folder, raises=False) as asked:
        got = asked.get("/api/v1/results/old/gaps", headers={"accept-language": "en"})
    assert got.status_code == 503
    assert "status" in got.json()["detail"]


def test_a_model_of_another_run_answers_nothing(tmp_path):
    folder = shutil.copytree(service.result(), tmp_path / "mixed")
    path = folder / "model" / "model.json"
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**told, "run_id": "000000000000"}), encoding="utf-8")
    with service.client(folder) as asked:
        got = asked.post("/what-if", json={"changes": [json.loads(ADD % ("", ""))]})
        assert got.status_code == 503
        path.write_text(json.dumps(told), encoding="utf-8")
        assert asked.post("/what-if", json={"changes": [json.loads(ADD % ("", ""))]}).status_code == 200


# --- questions


def asking(asked, *changes, at=service.RESULT):
    return asked.post(f"/api/v1/results/{at}/what-if", json={"changes": list(changes)})


def point(x, y, **more):
    return {"action": "add", "geometry": degrees(shapely.Point(X + x, Y + y)), "area_m2": 500, **more}


def drawn(shape, **more):
    return {"action": "add", "geometry": degrees(shape), **more}


def test_what_is_added_can_be_given_another_size_at_once(asked):
    got = asking(asked, point(1000, 500, id="n"), {"action": "enlarge", "play_area_id": "n", "area_m2": 900})
    assert got.status_code == 200
    assert [each["play_area_id"] for each in got.json()["places"]] == ["n", "n"]
    assert got.json()["places"][0] == got.json()["places"][1]


COMB = shapely.union_all(
    [
        shapely.box(X, Y, X + 400, Y + 10),
        *(shapely.box(X + 4 * k, Y, X + 4 * k + 2, Y + 150) for k in range(80)),
    ]
)
"""24 km of outline around 3 hectares."""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([drawn(shapely.Point(X + 600, Y + 500).buffer(50, quad_segs=251))], "vertices"),
        ([drawn(COMB)], "long"),
        ([drawn(shapely.box(X, Y, X + 2000, Y + 2000), id=f"n{k}") for k in range(8)], "in all"),
    ],
)
def test_an_outline_that_would_take_minutes_is_refused(asked, changes, told):
    got = asked.post(f"{AT}/what-if", json={"changes": changes}, headers={"accept-language": "en"})
    assert got.status_code == 422
    assert told in got.json()["detail"]


def test_outlines_at_the_limit_are_answered(asked):
    round_one = shapely.Point(X + 600, Y + 500).buffer(50, quad_segs=249)
    assert shapely.get_num_coordinates(round_one) <= 1000
    assert asking(asked, drawn(round_one)).status_code == 200
    squares = [drawn(shapely.box(X, Y, X + 2000, Y + 2000), id=f"n{k}") for k in range(7)]  # 56 km
    assert asking(asked, *squares).status_code == 200


def test_gates_of_a_point_are_refused_and_take_no_play_area_from_anybody(asked):
    """A play area with an outline would have taken them for its only gates."""
    gate = degrees(shapely.Point(X + 620, Y + 500))["coordinates"]
    assert asking(asked, point(1000, 500, access_points=[gate])).status_code == 422


def sentences(got):
    return got.json()["sentence_vi"], got.json()["sentence_en"]


def test_a_closing_speaks_of_whom_it_takes_from_alone(asked):
    vi, en = sentences(asking(asked, {"action": "close", "play_area_id": "A"}))
    assert "không còn đi bộ tới được" in vi
    assert "có thêm" not in vi
    assert "more children" not in en


def test_less_ground_is_not_called_larger(asked):
    vi, en = sentences(asking(asked, {"action": "enlarge", "play_area_id": "B", "area_m2": 1}))
    assert "mở rộng" not in vi
    assert "enlarged" not in en
    assert "another size" in en


def test_children_whom_nobody_counted_are_not_told_as_none(tmp_path):
    """Hòa Phú has 200 children of 6–14 years and nobody knows how many younger ones."""
    study = small.write(tmp_path / "study")
    small.replace(study, "Phú,100", "Phú,", "children.csv")
    assert main(["run", str(study), "--out", str(tmp_path / "blank"), "--quiet"]) == 0
    with service.client(tmp_path / "blank") as asked:
        new, closed, far = (
            asking(asked, change, at="blank")
            for change in (point(600, 500), {"action": "close", "play_area_id": "A"}, point(-5000, 500))
        )
        assert new.json()["uncounted"] == [{"commune_id": "Hòa Phú", "name": "Hòa Phú", "band": "0-5"}]
        vi, en = sentences(new)
        assert "0–5 tuổi: chưa rõ; 6–14 tuổi: 40" in vi
        assert "ít nhất 40 trẻ em" in vi
        assert "0–5 years: not known" in en
        assert "at least 40 more children" in en
        for got in (new, closed):
            assert "Chưa tính trẻ 0–5 tuổi ở Hòa Phú" in sentences(got)[0]
        assert "ít nhất 36 trẻ em không còn" in sentences(closed)[0]
        assert far.json()["uncounted"] == []
        assert "không có thêm trẻ em nào" in sentences(far)[0]


@pytest.mark.parametrize(
    "text",
    [
        "http://[",
        "javascript:alert(1)",
        "example.org/x",
        "http://",
        "https://a b/",
        'http://a"b/',
        "http://h/?x=1",
        "http://h:x/",
    ],
)
def test_an_address_that_no_browser_reaches_is_said_before_anything_starts(text, tmp_path, capsys):
    assert main(["serve", str(service.result()), "--data", str(tmp_path / "data"), "--base-url", text]) == 4
    assert "is no address" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "text", ["", "http://localhost:8000", "https://sanchoi.example.vn/ban-do/", "http://[::1]:8000"]
)
def test_addresses_that_browsers_reach(text):
    check_address(text)


def test_a_study_where_there_is_none_is_said_so(asked):
    got = asked.post("/processes/run/execution", json={"inputs": {"study": "demo"}}, headers={"accept-language": "en"})
    assert got.status_code == 400
    assert "there is none yet" in got.json()["detail"]
