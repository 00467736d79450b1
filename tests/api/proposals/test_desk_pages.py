"""The review desk on its pages: what reviewers see and decide, what is refused and kept, and what nobody else may do there."""

import csv
import io
import re
import time

import lxml.html
import people
import pytest
import service
from proposing import HOME, cast, land, move, publish, put
from sanchoi.api.accounts.actor import ANONYMOUS
from sanchoi.api.proposals.states import MOVES, STATES
from sanchoi.api.store import Proposal, trail

PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
def asked():
    with service.client(raises=False, headers=PAGE) as client:
        client.cast = cast(client)
        yield client


@pytest.fixture(scope="module")
def rows(asked):
    """Sent: one that costs much, one that costs little, one of unknown cost on the ground of the first."""
    official = asked.cast["official"]
    told = (("Đắt", 640, 8e8), ("Rẻ", 700, 1e8), ("Chưa rõ giá", 655, None))
    return [
        move(asked, official, put(asked, official, land(x, 470), name=name, cost=cost), "submitted")
        for name, x, cost in told
    ]


def soup(got):
    assert got.status_code == 200, got.text[-1500:]
    return lxml.html.fromstring(got.text)


def text(part):
    return " ".join(part.text_content().split())


def table(page):
    """Cells by the name of the proposal."""
    rows = page.xpath("//table[@class='desk']/tbody/tr")
    return {
        re.search(r"· (.*)", text(row.find("th").find("a")))[1]: [text(td) for td in row.findall("td")] for row in rows
    }


def names(page):
    return list(table(page))


def forms(page):
    """Forms of the review, by what they do and to what end."""
    found = page.xpath("//*[@id='review']//form")
    return {(form.get("action").split("#")[0].rsplit("/", 1)[1], form.fields["to"]): form for form in found}


def test_the_list_sorts_by_children_per_dong_with_the_unknown_last_and_marks_doubles(asked, rows):
    people.acting(asked, asked.cast["reviewer"])
    page = soup(asked.get("/vi/desk?sort=-value"))
    assert names(page) == ["Rẻ", "Đắt", "Chưa rõ giá"]
    assert names(soup(asked.get("/vi/desk?sort=value"))) == ["Đắt", "Rẻ", "Chưa rõ giá"]
    cells = table(page)
    assert cells["Chưa rõ giá"][2] == "chưa biết"
    gained = rows[1]["gained"]
    assert cells["Rẻ"][2] == f"{round(gained / 1e8 * 1e9):,}".replace(",", ".")
    assert "(50 %)" in cells["Đắt"][7]  # 15 of 30 metres
    assert cells["Rẻ"][7] == "–"


def test_the_list_is_filtered(asked, rows):
    people.acting(asked, asked.cast["reviewer"])
    assert len(names(soup(asked.get("/en/desk", params={"state": "waiting", "commune": HOME})))) == 3
    assert "No proposal is so" in asked.get("/en/desk?state=accepted").text
    assert "No proposal is so" in asked.get("/en/desk?commune=x' OR 1=1 --").text
    assert asked.get("/en/desk?sort=name; DROP TABLE x").status_code == 400
    assert asked.get("/en/desk?state=x").status_code == 400
    assert asked.get("/en/desk?x=1").status_code == 400


@pytest.mark.parametrize("path", ["/vi/desk", "/vi/desk/plan", "/vi/desk/compare?ids=a,b", "/vi/desk/export?f=csv"])
def test_only_reviewers_come_in(asked, rows, path):
    for name, status in (("official", 403), ("viewer", 403)):
        people.acting(asked, asked.cast[name])
        assert asked.get(path).status_code == status
    people.acting(asked, ANONYMOUS)
    assert asked.get(path).status_code == 401


def test_the_list_as_files(asked, rows):
    people.acting(asked, asked.cast["reviewer"])
    got = asked.get("/vi/desk/export?f=csv&state=waiting&sort=-value")
    told = list(csv.DictReader(io.StringIO(got.content.decode("utf-8-sig"))))
    assert [row["name"] for row in told] == ["Rẻ", "Đắt", "Chưa rõ giá"]
    assert [row["overlaps"] for row in told] == ["", str(rows[2]["number"]), str(rows[0]["number"])]
    assert asked.get("/vi/desk/export?f=xlsx").content[:2] == b"PK"
    assert asked.get("/vi/desk/export?f=gpkg&crs=study").content[:6] == b"SQLite"


def test_two_to_four_stand_beside_each_other(asked, rows):
    people.acting(asked, asked.cast["reviewer"])
    page = soup(asked.get(f"/vi/desk/compare?ids={rows[0]['id']}&ids={rows[2]['id']}"))
    assert [text(each) for each in page.xpath("//div[@class='side']//h2")] == [
        f"ĐX-{each['number']} {each['name']}" for each in (rows[0], rows[2])
    ]
    assert "50 % của" in text(page)
    assert len(page.xpath("//main//svg")) >= 3
    costs = page.xpath("//tr[th='Kinh phí']/td")
    assert [text(each) for each in costs] == ["800 triệu đồng", "chưa biết"]
    for ids in ("", rows[0]["id"], ",".join("abcde")):
        assert asked.get(f"/vi/desk/compare?ids={ids}").status_code == 400
    assert asked.get(f"/vi/desk/compare?ids={rows[0]['id']},{'0' * 32}").status_code == 404


def test_every_decision_has_its_button_and_no_other(asked):
    """The template's own table against the moves."""
    official, reviewer, second = (asked.cast[name] for name in ("official", "reviewer", "second"))
    seen = set()
    for path in (
        ["submitted", "under_review", "accepted", "in_plan"],
        ["submitted", "needs_info"],
        ["submitted", "under_review", "rejected"],
        ["submitted", "withdrawn"],
    ):
        found = put(asked, official, land(200, 200))
        for to in path:
            found = move(asked, official if to in ("submitted", "withdrawn") else reviewer, found, to)
            people.acting(asked, second)
            page = soup(asked.get(f"/vi/proposals/{found['id']}"))
            buttons = {state for do, state in forms(page) if do == "move"}
            assert buttons == {b for (a, b), step in MOVES.items() if a == to and step.right == "review"}, to
            assert all(form.inputs["reason"].get("required") is not None for form in forms(page).values())
            seen.add(to)
    assert seen == set(STATES) - {"draft"}


def test_nobody_decides_on_their_own_and_is_told_so(asked):
    reviewer = asked.cast["reviewer"]
    found = move(asked, reviewer, put(asked, reviewer, land(240, 200)), "submitted", "under_review")
    page = soup(asked.get(f"/vi/proposals/{found['id']}"))
    assert "phải có người thẩm định khác quyết định" in text(page.get_element_by_id("review"))
    assert {to for _, to in forms(page)} & {"accepted", "rejected"} == set()
    got = asked.post(
        f"/vi/proposals/{found['id']}/move", data={"to": "accepted", "revision": found["revision"], "reason": "của tôi"}
    )
    assert got.status_code == 403


def test_a_decision_is_made_with_its_reason(asked):
    found = move(asked, asked.cast["official"], put(asked, asked.cast["official"], land(280, 200)), "submitted")
    people.acting(asked, asked.cast["reviewer"])
    at = f"/vi/proposals/{found['id']}"
    got = asked.post(f"{at}/move", data={"to": "under_review", "revision": "2", "reason": " ", "seen": "1"})
    assert got.status_code == 400
    assert "Thiếu lý do" in got.text
    got = asked.post(f"{at}/move", data={"to": "under_review", "revision": "2", "reason": "Tôi xem", "seen": "1"})
    assert (got.status_code, got.headers["location"]) == (303, f"{at}?sent=move")
    got = asked.post(f"{at}/remark", data={"to": "internal", "reason": "hỏi địa chính"})
    assert got.status_code == 303
    got = asked.post(f"{at}/publish", data={"to": "public", "revision": "3", "reason": "lấy ý kiến"})
    assert got.status_code == 303
    for path, data in (
        ("move", {"to": "accepted", "revision": "x", "reason": "a"}),
        ("publish", {"to": "everybody", "revision": "4", "reason": "a"}),
        ("remark", {"to": "x", "reason": "a"}),
    ):
        assert asked.post(f"{at}/{path}", data=data).status_code == 400
    people.acting(asked, asked.cast["official"])
    page = asked.get(at).text
    assert "Tôi xem" in page
    assert "hỏi địa chính" not in page
    assert 'id="review"' not in page
    assert asked.post(f"{at}/publish", data={"to": "hidden", "revision": "4", "reason": "a"}).status_code == 403
    people.acting(asked, asked.cast["neighbour"])
    assert asked.post(f"{at}/move", data={"to": "withdrawn", "revision": "4", "reason": "a"}).status_code == 404


def test_who_was_slower_sees_what_changed_and_keeps_the_reason(asked):
    found = move(asked, asked.cast["official"], put(asked, asked.cast["official"], land(320, 200)), "submitted")
    move(asked, asked.cast["reviewer"], found, "under_review", reason="tôi nhận rồi")
    people.acting(asked, asked.cast["second"])
    got = asked.post(
        f"/vi/proposals/{found['id']}/move",
        data={"to": "needs_info", "revision": str(found["revision"]), "reason": "Thiếu <b>ảnh</b>", "seen": "1"},
    )
    assert got.status_code == 412
    page = lxml.html.fromstring(got.text)
    assert "tôi nhận rồi" in text(page.get_element_by_id("faster"))
    form = forms(page)["move", "needs_info"]
    assert form.fields["reason"].strip() == "Thiếu <b>ảnh</b>"
    assert form.fields["revision"] == "3"
    got = asked.post(
        f"/vi/proposals/{found['id']}/move",
        data={"to": "needs_info", "revision": "3", "reason": "Thiếu <b>ảnh</b>", "seen": "2"},
    )
    assert got.status_code == 303


def test_the_sites_page_shows_what_is_public(asked):
    made = put(asked, asked.cast["official"], land(360, 200), name="Vườn <i>chung</i>", owner="Ông Tám")
    found = publish(asked, asked.cast["reviewer"], move(asked, asked.cast["official"], made, "submitted"))
    people.acting(asked, ANONYMOUS)
    page = soup(asked.get(f"/vi/r/{service.RESULT}/sites"))
    told = page.get_element_by_id("proposals")
    assert f"ĐX-{found['number']} · Vườn <i>chung</i>" in text(told)
    assert not told.xpath(".//i")
    assert "Ông Tám" not in text(page)
    first = asked.get(f"/vi/r/{service.RESULT}/sites").headers["etag"]
    publish(asked, asked.cast["reviewer"], found, public=False)
    people.acting(asked, ANONYMOUS)
    time.sleep(1.1)  # what was kept is looked at once a second
    known = asked.get(f"/vi/r/{service.RESULT}/sites", headers={"if-none-match": first})
    assert known.status_code == 200
    assert "Vườn" not in known.text


def test_the_log_is_whole_after_all_this(asked):
    with asked.app.state.store.reading() as session:
        assert trail.verify(session).fault == ""


def test_figures_of_an_earlier_run_are_told_wherever_they_stand(asked):
    official, reviewer = asked.cast["official"], asked.cast["reviewer"]
    one, two = (
        publish(asked, reviewer, move(asked, official, put(asked, official, land(x, 200), name=name), "submitted"))
        for name, x in (("Số cũ", 440), ("Số mới", 500))
    )
    with asked.app.state.store.session() as session:
        session.get(Proposal, one["id"]).etag = "before"
    people.acting(asked, reviewer)
    links = soup(asked.get("/vi/desk")).xpath("//table[@class='desk']/tbody/tr/th")
    told = {"lần tính trước" in text(each) for each in links if "Số cũ" in text(each)}
    assert told == {True}
    assert not any("lần tính trước" in text(each) for each in links if "Số cũ" not in text(each))
    beside = text(soup(asked.get(f"/vi/desk/compare?ids={one['id']},{two['id']}")))
    assert f"Số liệu của ĐX-{one['number']} thuộc lần tính trước" in beside
    assert f"Số liệu của ĐX-{two['number']} " not in beside
    rows = soup(asked.get(f"/vi/r/{service.RESULT}/sites")).xpath("//section[@id='proposals']//tbody/tr")
    assert [text(row.find("th")).split("· ")[1] for row in rows if "lần tính trước" in text(row)] == [
        "Số cũ (số liệu của lần tính trước)"
    ]
