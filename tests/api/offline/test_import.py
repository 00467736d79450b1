"""Import: a file of the offline form becomes one proposal, whatever else is in it is told in words."""

import concurrent.futures
import json

import lxml.html
import offline_file as made
import pytest
import shapely
from hostile import BAD, WORSE
from offline_file import AWAY, CORNERS, HOME, inner, packed
from sanchoi.api.accounts.actor import ANONYMOUS
from sanchoi.api.offline import submission
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk, record
from sanchoi.api.store import Attachment, AuditRow, Proposal
from sqlalchemy import func, select


def words(answer):
    tree = lxml.html.fromstring(answer.text)
    return " ".join(tree.xpath("string(//ul[contains(@class, 'pp-came')])").split())


def proposals(site):
    with site.store.reading() as session:
        return list(session.scalars(select(Proposal).order_by(Proposal.number)))


def test_a_file_becomes_a_draft_with_its_worth(site):
    answer = site.send(packed(inner(site.entry.etag)))
    assert answer.status_code == 200
    assert "Đã nhập thành đề xuất ĐX-1, còn là bản nháp." in words(answer)
    (found,) = proposals(site)
    assert (found.state, found.commune_id, found.vintage, found.cost) == ("draft", HOME, made.VINTAGE, 4e8)
    assert found.origin == "0123456789abcdef0123456789abcdef"
    with site.store.reading() as session:
        version = desk.current(session, found)
        assert version.content["backer"] == "Bà Nguyễn Thị A"
        assert (version.content["source"], version.content["epsg"]) == ("offline", 5899)
        assert version.worth["area_m2"] == pytest.approx(50 * 40, abs=0.01)
        assert record.check(session).whole


def test_the_second_import_makes_nothing_and_says_so_kindly(site):
    data = packed(inner(site.entry.etag))
    site.send(data)
    again = site.send(data)
    assert again.status_code == 200
    assert "thành đề xuất ĐX-1. Không có gì bị tạo thêm" in words(again)
    later = packed(inner(site.entry.etag, saved="2026-11-27T08:00:00.000Z", language="en"))
    assert "already" in words(site.send(later, lang="en"))  # saved anew, but it says the same
    assert len(proposals(site)) == 1


def test_who_may_not_see_the_proposal_is_told_no_more_than_that_it_came(site):
    data = packed(inner(site.entry.etag))
    site.send(data)
    site.act("neighbour")
    answer = site.send(data)
    assert "Tệp này đã được nhập ngày" in words(answer)
    assert "ĐX-" not in words(answer)
    assert proposals(site)[0].id not in answer.text
    site.act("colleague")
    assert "ĐX-1" in words(site.send(data))


def test_submitted_at_once_if_asked(site):
    answer = site.send(packed(inner(site.entry.etag)), submit="1")
    assert "Đã nhập và gửi thành đề xuất ĐX-1." in words(answer)
    (found,) = proposals(site)
    assert (found.state, found.revision) == ("submitted", 2)


def test_photos_come_along_without_their_place(site):
    photos = [{"name": "lối vào.jpg", "width": 40, "height": 30, "data": made.photo()}]
    site.send(packed(inner(site.entry.etag, photos=photos)))
    with site.store.reading() as session:
        (kept,) = session.scalars(select(Attachment))
        assert (kept.kind, kept.name, kept.media_type) == ("photo", "lối vào.jpg", "image/jpeg")
        assert record.check(session).whole
    assert b"Exif" not in next((site.client.app.state.settings.data / "attachments").rglob(kept.sha256)).read_bytes()


def test_a_photo_that_is_none_is_left_out_and_told(site):
    photos = [{"name": "x.jpg", "width": 1, "height": 1, "data": "QUJD"}]
    answer = site.send(packed(inner(site.entry.etag, photos=photos)))
    assert "Ảnh x.jpg không nhận được" in words(answer)
    assert len(proposals(site)) == 1


def test_a_changed_copy_is_told_and_put_in_only_where_that_was_asked(site):
    site.send(packed(inner(site.entry.etag)))
    changed = packed(inner(site.entry.etag, said={"name": "Sân chơi thôn 3", "cost": None}))
    answer = site.send(changed)
    assert "Bản này có nội dung khác và chưa được nhập" in words(answer)
    assert "Khác với đề xuất hiện nay ở: tên, kinh phí." in words(answer)
    (found,) = proposals(site)
    assert found.name == "Sân chơi thôn 2"
    over = lxml.html.fromstring(answer.text).xpath("//input[@name='over']/@value")
    assert over == [f"{found.id}:1"]
    assert "Nội dung mới của tệp đã được đưa vào đề xuất ĐX-1" in words(site.send(changed, over=over[0]))
    (found,) = proposals(site)
    assert (found.name, found.cost is None or found.cost > 0, found.version) == ("Sân chơi thôn 3", True, 2)
    assert "Không có gì bị tạo thêm" in words(site.send(changed))
    stale = packed(inner(site.entry.etag, said={"name": "Sân chơi thôn 4"}))
    assert "Đã có người sửa" in words(site.send(stale, over=over[0]))
    with site.store.reading() as session:
        assert record.check(session).whole


def test_a_changed_copy_of_a_submitted_one_is_refused_in_words(site):
    site.send(packed(inner(site.entry.etag)), submit="1")
    answer = site.send(packed(inner(site.entry.etag, said={"name": "Khác"})))
    assert "Lúc này không sửa được đề xuất" in words(answer)
    assert not lxml.html.fromstring(answer.text).xpath("//input[@name='over']")


def test_several_at_once_each_on_its_own_line(site):
    other = inner(site.entry.etag, id="f" * 32, corners=[(x + 100, y) for x, y in CORNERS])
    answer = site.send(packed(inner(site.entry.etag)), b"{", packed(other))
    lines = lxml.html.fromstring(answer.text).xpath("//ul[contains(@class, 'pp-came')]/li")
    assert [("ĐX-1" in each.text_content(), "hỏng" in each.text_content()) for each in lines] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert len(proposals(site)) == 2


def test_at_once_it_still_becomes_one(site):
    data = packed(inner(site.entry.etag))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda _: site.client.post("/api/v1/proposals/import", json=json.loads(data)), range(4))
        )
    assert sorted(each.status_code for each in answers) == [200, 200, 200, 201]
    assert len(proposals(site)) == 1


def test_a_result_worked_out_anew_is_told_not_refused(site):
    assert "Kết quả đã được tính lại từ khi làm tờ khai" in words(site.send(packed(inner("older"))))


def test_markup_in_texts_stays_text(site):
    said = {"name": BAD, "owner": WORSE, "backer": BAD, "note": WORSE}
    answer = site.send(packed(inner(site.entry.etag, said=said)))
    assert "ĐX-1" in words(answer)
    (found,) = proposals(site)
    assert found.name == BAD
    page = site.client.get(f"/vi/proposals/{found.id}", headers={"accept": "text/html"})
    assert BAD not in page.text
    assert WORSE not in page.text


def nested(depth):
    return "[" * depth + "]" * depth


def bad_files(etag):
    """What is wrong, and a word that the answer must hold."""
    good = packed(inner(etag))
    whole = inner(etag)
    text = json.dumps(whole)
    far = [[1e308, 15.0], *made.degrees(CORNERS)[1:-1], [1e308, 15.0]]
    bow = [(0, 0), (50, 50), (50, 0), (0, 50)]
    return {
        "empty": (b"", "trống"),
        "truncated": (good[: len(good) // 2], "hỏng"),
        "garbled": (good.replace(b"S\\u00e2n", b"S\\u00e3n"), "hỏng"),
        "one byte of the content": (good.replace(b"400000000", b"500000000"), "hỏng"),
        "not UTF-8": (b"\xff\xfe" + good, "hỏng"),
        "deep": (nested(100_000).encode(), "hỏng"),
        "deep inside": (packed(text[:-1] + ', "x": ' + nested(5_000) + "}"), "hỏng"),
        "NaN": (packed(text.replace("400000000", "NaN")), "hỏng"),
        "huge number": (packed(text.replace("400000000", "9" * 5_000)), "hỏng"),
        "another format": (b'{"type": "FeatureCollection", "features": []}', "không phải là tệp đề xuất"),
        "a list": (b"[1, 2]", "không phải là tệp đề xuất"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + b"0" * 200, "hỏng"),
        "newer": (packed(whole, version=2), "mới hơn"),
        "version true": (packed(whole, version=True), "không phải là tệp đề xuất"),
        "draft": (packed(whole, kind="draft"), "bản nháp"),
        "no outline": (packed({**whole, "geometry": None}), "geometry"),
        "no name": (packed(inner(etag, said={"name": ""})), "content.name"),
        "blank name": (packed(inner(etag, said={"name": "  "})), "name"),
        "control sign": (packed(inner(etag, said={"note": "a\x00b"})), "note"),
        "name too long": (packed(inner(etag, said={"name": "x" * 300})), "content.name"),
        "cost in words": (packed(inner(etag, said={"cost": "nhiều"})), "content.cost"),
        "negative cost": (packed(inner(etag, said={"cost": -1})), "content.cost"),
        "bow-tie": (
            packed({**whole, "geometry": {"type": "Polygon", "coordinates": [made.degrees(bow)]}}),
            "Self-intersection",
        ),
        "1e308": (packed({**whole, "geometry": {"type": "Polygon", "coordinates": [far]}}), "1e+308"),
        "a line": (
            packed({**whole, "geometry": {"type": "LineString", "coordinates": made.degrees(CORNERS)}}),
            "geometry",
        ),
        "other corners": (
            packed({**whole, "corners": inner(corners=[(x + 5, y) for x, y in CORNERS])["corners"]}),
            "điểm góc",
        ),
        "corners in no zone": (packed({**whole, "corners": {**whole["corners"], "epsg": 999_999 - 1001}}), "corners"),
        "id of another kind": (packed({**whole, "id": "../../etc"}), "id"),
        "photos that are none": (packed({**whole, "photos": [{"name": "x", "data": "%%%"}]}), "photos"),
        "another result": (packed({**whole, "result": {**whole["result"], "id": "elsewhere"}}), "elsewhere"),
        "another commune": (packed(inner(etag, corners=[(x + 1000, y) for x, y in CORNERS])), AWAY),
        "outside": (packed(inner(etag, corners=[(x + 9000, y) for x, y in CORNERS])), "nằm ngoài"),
    }


def test_every_bad_file_is_answered_in_words_and_leaves_nothing(site):
    for name, (data, word) in bad_files(site.entry.etag).items():
        answer = site.send(data)
        assert 400 <= answer.status_code < 500, (name, answer.status_code)
        assert word in words(answer), (name, words(answer))
        assert "Traceback" not in answer.text
    assert not proposals(site)
    with site.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditRow)) == 0


def test_too_large_is_refused_before_it_is_read():
    with pytest.raises(Problem) as told:
        submission.read(b" " * (submission.MOST_BYTES + 1), 100)
    assert told.value.key == "too_large"


def test_more_corners_than_allowed():
    ring = [(i, (i % 2) + 1) for i in range(500)] + [(499, 0), (0, 0)]
    with pytest.raises(Problem) as told:
        submission.read(packed(inner(corners=ring)), 400)
    assert told.value.key == "too_large"


def test_what_was_typed_is_what_is_measured():
    read = submission.read(packed(inner()), 100)
    assert read.content.geometry.equals_exact(shapely.Polygon(made.degrees(CORNERS)), 1e-12)


@pytest.mark.parametrize("name", ["viewer", "nobody"])
def test_who_may_not_propose_brings_nothing_in(site, name):
    if name == "nobody":
        site.client.app.state.who = lambda request: ANONYMOUS
    else:
        site.act(name)
    shown = site.client.get("/vi/proposals/import", headers={"accept": "text/html"})
    assert 'type="file"' not in shown.text
    assert site.send(packed(inner(site.entry.etag))).status_code == (401 if name == "nobody" else 403)
    assert not proposals(site)


def test_over_rest(site):
    document = json.loads(packed(inner(site.entry.etag)))
    first = site.client.post("/api/v1/proposals/import", json=document)
    assert (first.status_code, first.json()["number"], first.json()["imported"]) == (201, 1, "new")
    assert first.headers["location"] == f"/api/v1/proposals/{first.json()['id']}"
    again = site.client.post("/api/v1/proposals/import", json=document)
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    changed = json.loads(packed(inner(site.entry.etag, said={"name": "Tên mới"})))
    told = site.client.post("/api/v1/proposals/import", json=changed)
    assert (told.status_code, told.json()["difference"], told.json()["revision"]) == (409, ["name"], 1)
    put = site.client.post("/api/v1/proposals/import", json=changed, headers={"If-Match": '"1"'})
    assert (put.status_code, put.json()["name"], put.headers["etag"].removeprefix("W/")) == (200, "Tên mới", '"2"')
    late = json.loads(packed(inner(site.entry.etag, said={"name": "Tên khác"})))
    assert site.client.post("/api/v1/proposals/import", json=late, headers={"If-Match": '"1"'}).status_code == 412
    site.act("neighbour")
    other = site.client.post("/api/v1/proposals/import", json=document)
    assert other.status_code == 409
    assert first.json()["id"] not in other.text
    site.act("viewer")
    assert site.client.post("/api/v1/proposals/import", json=document).status_code == 403


def test_over_rest_bad_files_are_problems(site):
    for name, (data, _) in bad_files(site.entry.etag).items():
        answer = site.client.post(
            "/api/v1/proposals/import", content=data, headers={"content-type": "application/json"}
        )
        assert 400 <= answer.status_code < 500, (name, answer.status_code)
        assert answer.headers["content-type"] == "application/problem+json", name
