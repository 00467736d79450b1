"""Proposals over HTTP: put down, changed, moved, exported; and what an attacker tries, each refused."""

import base64
import csv
import dataclasses
import io
import json
import logging
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import geopandas as gpd
import openpyxl
import pandas as pd
import people
import pytest
import service
import shapely
from hostile import BAD, WORSE
from PIL import Image
from proposing import HOME, NEXT, body, cast, land, move, publish, put
from sanchoi.api.accounts.actor import ANONYMOUS
from sanchoi.api.proposals import figures, sheets
from sanchoi.api.store import AuditRow, Proposal, trail
from sqlalchemy import func, select

AT = "/api/v1/proposals"


@pytest.fixture(scope="module")
def asked():
    with service.client(raises=False) as client:
        client.cast = cast(client)
        yield client


@pytest.fixture
def official(asked):
    return asked.cast["official"]


@pytest.fixture
def reviewer(asked):
    return asked.cast["reviewer"]


def count(asked, table):
    with asked.app.state.store.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def problem(got, status):
    assert got.status_code == status, got.text
    assert got.headers["content-type"] == "application/problem+json"
    told = got.json()
    assert "Traceback" not in got.text
    return told


def tag(got):
    """Its ETag; compressed, an answer has a weak one."""
    return got.headers["etag"].removeprefix("W/")


# --- the way of a proposal


def test_the_way_of_a_proposal(asked, official, reviewer):
    made = put(asked, official, land(640, 480))
    assert (made["state"], made["revision"], made["commune_id"], made["author"]) == ("draft", 1, HOME, "Cán bộ Hòa Phú")
    assert made["worth"]["newly_covered"]["all"] == made["gained"]
    got = asked.get(f"{AT}/{made['id']}")
    assert (got.status_code, tag(got)) == (200, '"1"')
    assert "no-store" in got.headers["cache-control"]
    assert "access-control-allow-origin" not in got.headers
    site = {key: value for key, value in body(land(650, 480), note="có cây").items() if key != "result"}
    got = asked.put(f"{AT}/{made['id']}", json=site, headers={"If-Match": 'W/"1"'})
    assert (got.status_code, tag(got), got.json()["version"]) == (200, '"2"', 2), got.text
    found = move(asked, official, got.json(), "submitted")
    found = move(asked, reviewer, found, "under_review", "accepted")
    assert (found["state"], found["moves"]) == ("accepted", ["in_plan", "under_review", "withdrawn"])
    assert (
        asked.post(f"{AT}/{made['id']}/remarks", json={"text": "hỏi lại chủ đất", "internal": True}).status_code == 201
    )
    assert asked.post(f"{AT}/{made['id']}/remarks", json={"text": "đã rõ"}).status_code == 201
    said = asked.get(f"{AT}/{made['id']}/remarks").json()["items"]
    assert [each["to"] for each in said] == ["submitted", "under_review", "accepted", "", ""]
    people.acting(asked, official)
    assert [each["text"] for each in asked.get(f"{AT}/{made['id']}/remarks").json()["items"]][3:] == ["đã rõ"]
    versions = asked.get(f"{AT}/{made['id']}/versions").json()["items"]
    assert [each["content"]["note"] for each in versions] == ["", "có cây"]
    with asked.app.state.store.reading() as session:
        assert trail.verify(session).fault == ""


def test_a_listed_parcel_is_proposed_by_its_id(asked, official):
    made = put(asked, official, None, parcel_id=service.ROWS[0][0])
    assert (made["parcel_id"], made["source"]) == ("P1", "parcel")
    x = [at[0] for at in made["geometry"]["coordinates"][0]]
    assert min(x) == pytest.approx(min(at[0] for at in land(699.5, 499.5)["coordinates"][0]), abs=1e-7)
    told = problem(asked.post(AT, json=body(None, parcel_id="Z"), headers={"Idempotency-Key": "z"}), 404)
    assert told["detail"] == "Không có thửa Z."
    for wrong in (body(None), body(land(1, 1), parcel_id="P1")):
        problem(asked.post(AT, json=wrong, headers={"Idempotency-Key": "z"}), 400)


def test_worth_is_told_and_kept_nowhere(asked, official):
    before = count(asked, Proposal)
    people.acting(asked, ANONYMOUS)
    got = asked.post(f"/api/v1/results/{service.RESULT}/worth", json={"geometry": land(640, 480), "land_use": "BCS"})
    assert got.status_code == 200, got.text
    assert got.json()["newly_covered"]["all"] > 0
    assert count(asked, Proposal) == before
    problem(
        asked.post(
            f"/api/v1/results/{service.RESULT}/worth", json={"geometry": {"type": "Point", "coordinates": [108, 15]}}
        ),
        400,
    )


def test_everybody_sees_of_a_public_one_what_is_public(asked, official, reviewer):
    made = put(asked, official, land(300, 300), owner="Ông Tám", backer="Hội phụ nữ", note="bí mật")
    found = publish(asked, reviewer, move(asked, official, made, "submitted"))
    for actor in (ANONYMOUS, asked.cast["viewer"], asked.cast["neighbour"]):
        people.acting(asked, actor)
        got = asked.get(f"{AT}/{made['id']}")
        assert got.status_code == 200
        assert "etag" not in got.headers
        for secret in ("Ông Tám", "Hội phụ nữ", "bí mật", "Cán bộ Hòa Phú", "revision"):
            assert secret not in got.text
        problem(asked.get(f"{AT}/{made['id']}/remarks"), 404)
        problem(asked.get(f"{AT}/{made['id']}/versions"), 404)
    people.acting(asked, ANONYMOUS)
    rows = asked.get(AT).json()
    assert rows["numberMatched"] >= 1
    assert all(each["public"] and "owner" not in each for each in rows["items"])
    publish(asked, reviewer, found, public=False)
    people.acting(asked, ANONYMOUS)
    problem(asked.get(f"{AT}/{made['id']}"), 404)


def test_lists_are_filtered_sorted_and_cut_into_pages(asked, official, reviewer):
    ids = [put(asked, official, land(100 + 40 * k, 700), cost=cost)["id"] for k, cost in enumerate((4e8, 1e8, None))]
    people.acting(asked, official)
    rows = asked.get(AT, params={"state": "draft", "mine": "true", "sort": "cost", "result": service.RESULT}).json()
    mine = [each["id"] for each in rows["items"] if each["id"] in ids]
    assert mine == [ids[1], ids[0], ids[2]]
    first = asked.get(AT, params={"limit": 1, "sort": "number"}).json()
    assert (first["numberReturned"], [each["rel"] for each in first["links"]]) == (1, ["self", "next"])
    people.acting(asked, asked.cast["neighbour"])
    assert asked.get(AT, params={"commune": NEXT}).json()["items"] == []
    people.acting(asked, reviewer)
    assert all(each["state"] != "draft" for each in asked.get(AT).json()["items"])


# --- figures of an earlier run


def test_figures_tell_which_run_they_are_of_in_every_list_and_file(asked, official, reviewer, tmp_path):
    run = json.loads((service.result() / "run.json").read_text("utf-8"))["run_id"]
    made = {
        name: publish(
            asked, reviewer, move(asked, official, put(asked, official, land(x, 700), name=name), "submitted")
        )
        for name, x in (("mới", 600), ("cũ", 650), ("mất", 750))
    }
    with asked.app.state.store.session() as session:
        session.get(Proposal, made["cũ"]["id"]).etag = "before"
        session.get(Proposal, made["mất"]["id"]).result_id = "gone"
    wanted = {"mới": (run, True), "cũ": (run, False), "mất": (run, None)}
    for who in (reviewer, ANONYMOUS):
        people.acting(asked, who)
        rows = {each["name"]: each for each in asked.get(AT, params={"limit": 500}).json()["items"]}
        assert {name: (rows[name]["figures_run"], rows[name]["figures_current"]) for name in wanted} == wanted
        one = asked.get(f"{AT}/{made['cũ']['id']}").json()
        assert (one["figures_run"], one["figures_current"]) == (run, False)
    people.acting(asked, reviewer)
    text = exported(asked, f="csv", state="submitted").decode("utf-8-sig")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(text))}
    told = {name: (rows[name]["figures_run"] or None, rows[name]["figures_current"]) for name in wanted}
    assert told == {"mới": (run, "True"), "cũ": (run, "False"), "mất": (run, "")}
    assert (rows["mới"]["synthetic"], rows["mất"]["synthetic"]) == ("False", "")
    book = openpyxl.load_workbook(io.BytesIO(exported(asked, f="xlsx", state="submitted", lang="vi")))
    heads, *cells = book.worksheets[0].iter_rows(values_only=True)
    told = {row[1]: dict(zip(heads, row, strict=True)) for row in cells}
    mark = "Lần chạy đó đang hiển thị (không: của lần tính trước, nay có thể khác)"
    assert [told[name][mark] for name in wanted] == ["có", "không", None]
    assert "Số liệu của 1 đề xuất là của lần tính trước" in book.properties.description
    path = tmp_path / "proposals.gpkg"
    path.write_bytes(exported(asked, f="gpkg", state="submitted", lang="en"))
    frame = gpd.read_file(path).set_index("name")
    assert frame["figures_current"][["mới", "cũ"]].astype(bool).tolist() == [True, False]
    assert pd.isna(frame["figures_current"]["mất"])
    with closing(sqlite3.connect(path)) as base:
        (told,) = base.execute("SELECT description FROM gpkg_contents WHERE table_name = 'proposals'").fetchone()
    assert "Figures of 1 proposals are of an earlier run" in told
    assert "INVENTED" not in told


def test_no_figures_are_of_no_run_and_invented_ones_are_told():
    bare, whole = (SimpleNamespace(worth=each) for each in (None, {"run_id": "a"}))
    mine, now = SimpleNamespace(etag="e"), SimpleNamespace(etag="e", run={"study": {"synthetic": True}})
    assert (figures.run(bare), figures.current(mine, bare, now)) == (None, None)
    assert (figures.run(whole), figures.current(mine, whole, now)) == ("a", True)
    assert figures.current(SimpleNamespace(etag="d"), whole, now) is False
    assert figures.current(mine, whole, None) is None
    assert (figures.invented(now), figures.invented(None)) == (True, None)
    rows = [sheets.Row(None, whole, "", (), None, each) for each in (True, False, None, True)]
    assert sheets.about(rows, "vi").startswith("SỐ LIỆU HƯ CẤU: 2 đề xuất.")
    assert "earlier run" not in sheets.about(rows, "en")


# --- exports


def exported(asked, **parameters):
    got = asked.get(f"{AT}/export", params=parameters)
    assert got.status_code == 200, got.text
    assert got.headers["content-disposition"].startswith("attachment; filename=")
    assert "no-store" in got.headers["cache-control"]
    return got.content


def test_a_list_is_exported_in_every_form_and_formulas_do_nothing(asked, official, reviewer, tmp_path):
    made = put(asked, official, land(820, 200), name="=1+1", owner="@SUM(A1)", note="-2", cost=None)
    twin = put(asked, official, land(830, 200), name="Trùng")
    for each in (made, twin):
        move(asked, official, each, "submitted")
    people.acting(asked, reviewer)
    before = count(asked, AuditRow)
    data = exported(asked, f="csv", state="submitted")
    assert data.startswith(b"\xef\xbb\xbf")
    assert exported(asked, f="csv", bom="false")[:6] == b"number"
    rows = {int(row["number"]): row for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))}
    mine = rows[made["number"]]
    assert (mine["name"], mine["owner"], mine["note"], mine["cost"]) == ("'=1+1", "'@SUM(A1)", "'-2", "")
    assert str(twin["number"]) in mine["overlaps"].split(", ")
    book = openpyxl.load_workbook(io.BytesIO(exported(asked, f="xlsx", state="submitted", lang="vi")))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[:3] == ["Đề xuất số", "Tên", "Mã xã/phường"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref[:2]) == ("C2", "A1")
    for row in sheet.iter_rows(min_row=2):
        told = dict(zip(heads, row, strict=True))
        assert isinstance(told["Đề xuất số"].value, int)
        assert not any(cell.data_type == "f" for cell in row)
        if told["Đề xuất số"].value == made["number"]:
            assert (told["Tên"].value, told["Chi phí (đồng)"].value) == ("'=1+1", None)
            assert isinstance(told["Trẻ em được phục vụ thêm"].value, int | float)
    for crs, epsg in (("EPSG:4326", 4326), ("study", 5899)):
        path = tmp_path / f"{epsg}.gpkg"
        path.write_bytes(exported(asked, f="gpkg", crs=crs, result=service.RESULT, state="submitted"))
        frame = gpd.read_file(path)
        assert (frame.crs.to_epsg(), set(frame["number"]) >= {made["number"], twin["number"]}) == (epsg, True)
    assert frame.set_index("number").geometry[made["number"]].area == pytest.approx(900, rel=1e-3)
    assert count(asked, AuditRow) == before + 5
    people.acting(asked, official)
    problem(asked.get(f"{AT}/export"), 403)
    people.acting(asked, ANONYMOUS)
    problem(asked.get(f"{AT}/export"), 401)


# --- files


def test_files_go_in_with_json_or_as_they_are_and_leave_as_downloads(asked, official, reviewer):
    made = put(asked, official, land(700, 700))
    at = f"{AT}/{made['id']}/attachments"
    note = "Biên bản họp thôn 2".encode()
    got = asked.post(at, json={"name": "../biên bản.txt", "data": base64.b64encode(note).decode()})
    assert got.status_code == 201, got.text
    told = got.json()
    assert (told["kind"], told["name"], told["size"]) == ("document", "biên bản.txt", len(note))
    sink = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(sink, "PNG")
    got = asked.post(
        at, content=sink.getvalue(), headers={"X-File-Name": "l%E1%BB%91i.png", "content-type": "image/png"}
    )
    assert got.status_code == 201, got.text
    assert (got.json()["kind"], got.json()["name"], got.json()["media_type"]) == ("photo", "lối.jpg", "image/jpeg")
    listed = asked.get(at).json()["items"]
    assert [each["id"] for each in listed] == [told["id"], got.json()["id"]]
    down = asked.get(f"{at}/{told['id']}")
    assert down.content == note
    assert down.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in down.headers["content-security-policy"]
    problem(asked.post(at, json={"name": "x.svg", "data": base64.b64encode(b"<svg onload=alert(1)>").decode()}), 415)
    for wrong in ({"name": "x"}, {"name": "x", "data": "%%"}, {"name": "", "data": ""}, {"data": 3, "name": "x"}, [1]):
        problem(asked.post(at, json=wrong), 400)
    problem(asked.post(at, content=b"x", headers={"content-type": "application/octet-stream"}), 400)
    people.acting(asked, asked.cast["neighbour"])
    problem(asked.post(at, json={"name": "x.txt", "data": "eA=="}), 404)
    problem(asked.get(f"{at}/{told['id']}"), 404)
    move(asked, official, made, "submitted")
    problem(asked.post(at, json={"name": "x.txt", "data": "eA=="}), 409)
    problem(asked.delete(f"{at}/{told['id']}"), 409)
    people.acting(asked, reviewer)
    assert asked.delete(f"{at}/{told['id']}").status_code == 204
    problem(asked.get(f"{at}/{told['id']}"), 404)
    with asked.app.state.store.reading() as session:
        actions = list(session.scalars(select(AuditRow.action).where(AuditRow.object == f"proposal:{made['id']}")))
    assert actions == ["proposal.create", "attachment.add", "attachment.add", "proposal.state", "attachment.remove"]


# --- attacks


def test_another_communes_proposal_is_not_there_and_that_is_logged(asked, official, caplog):
    made = put(asked, official, land(500, 700))
    people.acting(asked, asked.cast["neighbour"])
    site = {key: value for key, value in body(land(500, 700)).items() if key != "result"}
    own = f"{AT}/{made['id']}"
    tries = [
        lambda: asked.get(own),
        lambda: asked.put(own, json=site, headers={"If-Match": '"1"'}),
        lambda: asked.post(f"{own}/moves", json={"to": "withdrawn", "reason": "x"}, headers={"If-Match": '"1"'}),
        lambda: asked.post(f"{own}/publication", json={"public": True, "reason": "x"}, headers={"If-Match": '"1"'}),
        lambda: asked.get(f"{own}/remarks"),
        lambda: asked.post(f"{own}/remarks", json={"text": "x"}),
        lambda: asked.get(f"{own}/versions"),
        lambda: asked.get(f"{own}/attachments"),
    ]
    for n, ask in enumerate(tries):
        caplog.clear()
        with caplog.at_level(logging.WARNING, "sanchoi.refused"):
            got = ask()
        if n == 3:  # a right is asked first
            assert got.status_code in (403, 404)
        else:
            problem(got, 404)
        assert any(record.name == "sanchoi.refused" for record in caplog.records), n
    caplog.clear()
    with caplog.at_level(logging.WARNING, "sanchoi.refused"):
        told = problem(asked.post(AT, json=body(land(500, 700)), headers={"Idempotency-Key": "other"}), 403)
    assert HOME in told["detail"]
    assert caplog.records


def test_a_token_without_the_scope_may_not(asked, official, reviewer):
    made = move(asked, official, put(asked, official, land(460, 700)), "submitted")
    people.acting(asked, dataclasses.replace(official, id="token:1", scopes=frozenset({"read"})))
    problem(asked.post(AT, json=body(land(460, 700)), headers={"Idempotency-Key": "scope"}), 403)
    problem(
        asked.post(f"{AT}/{made['id']}/moves", json={"to": "withdrawn", "reason": "x"}, headers={"If-Match": '"2"'}),
        403,
    )
    people.acting(asked, dataclasses.replace(reviewer, id="token:2", scopes=frozenset({"read", "propose"})))
    problem(asked.get(f"{AT}/export"), 403)
    got = asked.post(
        f"{AT}/{made['id']}/moves", json={"to": "under_review", "reason": "x"}, headers={"If-Match": '"2"'}
    )
    assert got.status_code in (403, 404)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sort", "number; DROP TABLE proposals"),
        ("sort", "(SELECT hash FROM audit)"),
        ("state", "draft' OR '1'='1"),
        ("result", "x' UNION SELECT * FROM users --"),
        ("commune", "90101' OR 1=1 --"),
        ("mine", "1 OR 1=1"),
        ("public", "(SELECT 1)"),
        ("limit", "1; DELETE FROM audit"),
        ("offset", "0 UNION SELECT 1"),
        ("q", "x"),
    ],
)
def test_sql_in_filters_is_a_value_or_refused(asked, reviewer, name, text):
    people.acting(asked, reviewer)
    before = count(asked, Proposal), count(asked, AuditRow)
    got = asked.get(AT, params={name: text})
    if name in ("result", "commune"):
        assert got.json()["items"] == []
    else:
        problem(got, 400)
    assert (count(asked, Proposal), count(asked, AuditRow)) == before


def test_ids_that_are_none_are_not_found(asked, reviewer):
    people.acting(asked, reviewer)
    for wrong in ("x' OR '1'='1", "..%2f..%2fetc", "0" * 33, "é" * 5, "%00", "1;--", "0" * 32):
        problem(asked.get(f"{AT}/{wrong}"), 404)


@pytest.mark.parametrize("text", [BAD, WORSE, "<svg onload=alert(1)>", "javascript:alert(1)", "\u202e\u0000x"])
def test_markup_in_every_text_is_text(asked, official, reviewer, text):
    fields = dict.fromkeys(("name", "land_use", "owner", "backer", "note"), text)
    people.acting(asked, official)
    got = asked.post(AT, json=body(land(540, 700), **fields), headers={"Idempotency-Key": f"html{hash(text)}"})
    if "\u0000" in text:
        problem(got, 400)
        return
    assert got.status_code == 201, got.text
    made = got.json()
    assert all(made[key] == text for key in fields)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["x-content-type-options"] == "nosniff"
    found = move(asked, official, made, "submitted", reason=text)
    people.acting(asked, reviewer)
    assert asked.post(f"{AT}/{found['id']}/remarks", json={"text": text}).status_code == 201
    for lang in ("vi", "en"):
        for path in ("/desk", f"/proposals/{found['id']}", f"/desk/compare?ids={found['id']}"):
            page = asked.get(f"/{lang}{path}", headers={"accept": "text/html"})
            if page.status_code == 200 and "<" in text:
                assert text not in page.text, path


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e308", "1e999", "9" * 400])
def test_numbers_that_are_no_place_are_refused(asked, official, number):
    people.acting(asked, official)
    ring = f"[[[{number}, 15], [108, 15.1], [108.1, 15], [{number}, 15]]]"
    text = json.dumps(body("LAND")).replace('"LAND"', f'{{"type": "Polygon", "coordinates": {ring}}}')
    headers = {"Idempotency-Key": "n", "content-type": "application/json"}
    problem(asked.post(AT, content=text, headers=headers), 400)
    cost = json.dumps(body(land(1, 1), cost="COST")).replace('"COST"', number)
    problem(asked.post(AT, content=cost, headers=headers), 400)


def test_shapes_that_are_no_land_are_refused(asked, official):
    people.acting(asked, official)
    n = 5_000
    xs = [108.0 + 0.001 * k / n for k in range(n)]
    bow = [[x, 15.0] for x in xs] + [[x, 15.001] for x in xs]
    bow = [*bow, bow[0]]
    shapes = [
        ({"type": "Polygon", "coordinates": [bow]}, (400, 413)),  # 10,001 vertices, and crossing itself
        ({"type": "Polygon", "coordinates": [bow[:4_999] + bow[5_000:9_000] + [bow[0]]]}, (400,)),
        ({"type": "Polygon", "coordinates": [[[108, 15], [108.1, 15.1], [108.1, 15], [108, 15.1], [108, 15]]]}, (400,)),
        ({"type": "Polygon", "coordinates": [[[108, 15], [108.1, 15.1], [108, 15]]]}, (400,)),
        ({"type": "Polygon", "coordinates": []}, (400,)),
        ({"type": "GeometryCollection", "geometries": []}, (400,)),
        ({"type": "Point", "coordinates": [108, 15]}, (400,)),
        ({"type": "Polygon", "coordinates": "x"}, (400,)),
        (land(5_000_000, 0), (400, 422)),
        (land(3_000, 3_000), (422,)),  # outside the study
    ]
    for shape, expected in shapes:
        got = asked.post(AT, json=body(shape), headers={"Idempotency-Key": "s"})
        assert got.status_code in expected, (got.status_code, got.text[:200])
        problem(got, got.status_code)


def test_a_submission_sent_again_makes_nothing_new(asked, official):
    people.acting(asked, official)
    headers = {"Idempotency-Key": "again"}
    before = count(asked, Proposal), count(asked, AuditRow)
    got = [asked.post(AT, json=body(land(580, 700)), headers=headers) for _ in range(3)]
    assert [each.status_code for each in got] == [201, 200, 200]
    assert len({each.json()["id"] for each in got}) == 1
    assert (count(asked, Proposal), count(asked, AuditRow)) == (before[0] + 1, before[1] + 1)
    problem(asked.post(AT, json=body(land(580, 700), name="Khác"), headers=headers), 422)
    for none in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 101}, {"Idempotency-Key": "a b"}):
        told = problem(asked.post(AT, json=body(land(580, 700)), headers=none), 400)
        assert "Idempotency-Key" in told["detail"]
        assert "mã riêng" in told["detail"]


def test_a_move_without_its_right_does_nothing(asked, official, reviewer):
    made = put(asked, official, land(340, 500))
    first = {"If-Match": '"1"'}
    at = f"{AT}/{made['id']}/moves"
    problem(asked.post(at, json={"to": "accepted", "reason": "x"}, headers=first), 409)
    problem(asked.post(at, json={"to": "submitted", "reason": "  "}, headers=first), 400)
    problem(asked.post(at, json={"to": "submitted"}, headers=first), 400)
    problem(asked.post(at, json={"to": "draft", "reason": "x"}, headers=first), 400)
    found = move(asked, official, made, "submitted")
    problem(asked.post(at, json={"to": "under_review", "reason": "x"}, headers={"If-Match": '"2"'}), 403)
    problem(
        asked.post(f"{AT}/{made['id']}/publication", json={"public": True, "reason": "x"}, headers={"If-Match": '"2"'}),
        403,
    )
    people.acting(asked, ANONYMOUS)
    problem(asked.post(at, json={"to": "withdrawn", "reason": "x"}, headers={"If-Match": '"2"'}), 404)
    problem(asked.post(AT, json=body(land(340, 500)), headers={"Idempotency-Key": "anon"}), 401)
    mine = move(asked, reviewer, put(asked, reviewer, land(380, 500)), "submitted", "under_review")
    told = problem(
        asked.post(
            f"{AT}/{mine['id']}/moves",
            json={"to": "accepted", "reason": "x"},
            headers={"If-Match": f'"{mine["revision"]}"'},
        ),
        403,
    )
    assert "tự quyết định" in told["detail"]
    people.acting(asked, official)
    assert asked.get(f"{AT}/{made['id']}").json()["revision"] == found["revision"]


def test_a_change_without_or_with_a_wrong_revision_is_refused(asked, official):
    made = put(asked, official, land(420, 500))
    at = f"{AT}/{made['id']}"
    site = {key: value for key, value in body(land(420, 500), owner="Hộ A").items() if key != "result"}
    assert "If-Match" in problem(asked.put(at, json=site), 428)["detail"]
    assert asked.put(at, json=site, headers={"If-Match": '"1"'}).status_code == 200
    told = problem(asked.put(at, json={**site, "owner": "Hộ B"}, headers={"If-Match": '"1"'}), 412)
    assert told["difference"] == {"owner": {"yours": "Hộ B", "theirs": "Hộ A"}}
    assert told["revision"] == 2
    for garbled in ("1", "*", '"x"', '"-1"', '"0"', '"1", "2"', "", '"' + "9" * 30 + '"', "\xff"):
        raw = garbled.encode("latin-1")
        assert "If-Match" in problem(asked.put(at, json=site, headers={"If-Match": raw}), 400)["detail"]
    problem(asked.post(f"{at}/moves", json={"to": "submitted", "reason": "x"}, headers={"If-Match": '"1"'}), 412)
    problem(asked.post(f"{at}/moves", json={"to": "submitted", "reason": "x"}), 428)
    assert asked.get(at).json()["owner"] == "Hộ A"


def test_the_file_of_the_database_still_holds_every_table(asked):
    """What the attacks above left."""
    base = sqlite3.connect(asked.app.state.store.file)
    assert base.execute("SELECT count(*) FROM proposals").fetchone()[0] == count(asked, Proposal)
    assert base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    base.close()
    with asked.app.state.store.reading() as session:
        assert trail.verify(session).fault == ""


def test_other_sites_may_not_write(asked, official):
    people.acting(asked, official)
    headers = {"Idempotency-Key": "csrf", "origin": "https://evil.example"}
    problem(asked.post(AT, json=body(land(420, 500)), headers=headers), 403)
    form = {"content-type": "application/x-www-form-urlencoded", "Idempotency-Key": "csrf"}
    problem(asked.post(AT, content=b"name=x", headers=form), 403)


def test_shapes_of_the_tests_lie_where_they_say():
    assert shapely.geometry.shape(land(0, 0, 1000)).is_valid
