"""Receipt: one A4 page whose text, corners and code say what the proposal and the log say."""

import io
import logging
import re
import unicodedata
from pathlib import Path

import people
import pypdf
import pyproj
import pytest
import record_cast
import segno
import service
import shapely
from record_cast import Cast
from sanchoi.api.proposals import audit_words, receipt, receipt_facts, record
from sanchoi.api.proposals.receipt_facts import gather
from sanchoi.api.store import AuditRow, Proposal
from sanchoi.gis import corners

NAMES = "Đỗ Thị Ngọc Ánh – ẵm, quẫy, nghĩa, ừ, ữ, ỡ, ợ, ặ, ễ, ỵ, ọ"
LAND = shapely.Polygon([(108.0, 15.0), (108.0013, 15.0001), (108.001, 15.0009), (108.0002, 15.0011)])
HOLED = shapely.MultiPolygon(
    [
        shapely.box(108.0, 15.0, 108.002, 15.002).difference(shapely.box(108.0005, 15.0005, 108.001, 15.001)),
        shapely.box(108.003, 15.0, 108.0035, 15.0005),
    ]
)
ZONE = 5899


@pytest.fixture(scope="module")
def asked():
    with service.client() as client:
        client.cast = Cast(client.app.state.store)
        client.cast.official = people.add(client.app.state.store, "commune", ["90101"], login="anh", name=NAMES)
        client.administrator = people.add(client.app.state.store, "administrator", login="admin")
        client.made = {}
        for name, land in (("plain", LAND), ("holed", HOLED)):
            found = client.cast.create(geometry=land, name=f"Khu đất “{name}” ở thôn Đồng Lứa")
            client.cast.move(found, "submitted")
            client.made[name] = found.id
        client.made["draft"] = client.cast.create(name="Nháp").id
        yield client


def fetched(asked, name, lang="vi", actor=None):
    people.acting(asked, actor or asked.cast.official)
    return asked.get(f"/{lang}/proposals/{asked.made[name]}/receipt.pdf")


def opened(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(answer.content))


def words(page):
    return unicodedata.normalize("NFC", " ".join(page.extract_text().split()))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_its_text_says_what_was_received(asked, lang):
    paper = opened(fetched(asked, "plain", lang))
    assert len(paper.pages) == 1
    told = words(paper.pages[0])
    with asked.app.state.store.reading() as session:
        found = session.get(Proposal, asked.made["plain"])
        row = session.scalars(
            record.select(AuditRow).where(AuditRow.object == f"proposal:{found.id}").order_by(AuditRow.id.desc())
        ).first()
        version = session.get(record.ProposalVersion, (found.id, 1))
        assert row.action == "proposal.state"
        sent = receipt.local(found.submitted)
    own = {
        "vi": ["GIẤY BIÊN NHẬN", "ĐX-1", "đã gửi", "bản 1", record_cast.WORTH["sentence_vi"]],
        "en": ["RECEIPT FOR A PROPOSED", "P-1", "submitted", "version 1"],
    }[lang]
    for text in (*own, "Khu đất “plain” ở thôn Đồng Lứa", NAMES, "90101", sent, row.hash, version.digest):
        assert text in told, text
    assert f"--receipt {row.id}:{row.hash}" in told
    assert f"/{lang}/receipt/{row.id}/{row.hash}" in told.replace(" ", "") or row.hash in told
    assert paper.trailer["/Root"]["/Lang"] == lang


def test_a4_and_every_typeface_within_it(asked):
    page = opened(fetched(asked, "plain")).pages[0]
    assert [round(float(v) / 72 * 25.4, 1) for v in page.mediabox[2:]] == [210.0, 297.0]
    fonts = [each.get_object() for each in page["/Resources"]["/Font"].values()]
    assert len(fonts) == 2
    for font in fonts:
        assert "BeVietnamPro" in font["/BaseFont"]
        assert "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/ToUnicode" in font
    assert "/Annots" not in page


def test_the_same_state_makes_the_same_bytes(asked):
    one, two = fetched(asked, "plain").content, fetched(asked, "plain").content
    assert one == two
    assert one != fetched(asked, "plain", "en").content


@pytest.mark.parametrize("name", ["plain", "holed"])
def test_the_corners_are_those_of_the_land_to_the_centimetre(asked, name):
    told = opened(fetched(asked, name)).pages[0].extract_text()
    land = {"plain": LAND, "holed": HOLED}[name]
    rows = re.findall(r"^(?:\d+–)?\d+ (\d{7},\d\d) (\d{6},\d\d) (\d+,\d\d)$", told, re.MULTILINE)
    turn = pyproj.Transformer.from_crs(
        "EPSG:4326", f"EPSG:{ZONE}"
    )  # axes as the registry has them: latitude, longitude
    expected = []
    for polygon in getattr(land, "geoms", [land]):
        for ring in (polygon.exterior, *polygon.interiors):
            xy = [turn.transform(lat, lon) for lon, lat in ring.coords[:-1]]
            xy = [(y, x) for x, y in xy] if ZONE_EAST_FIRST else xy
            for here, there in zip(xy, xy[1:] + xy[:1], strict=True):
                expected.append((*here, ((here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2) ** 0.5))
    assert len(rows) == len(expected)
    for row, right in zip(rows, expected, strict=True):
        assert [float(v.replace(",", ".")) for v in row] == pytest.approx(right, abs=0.011)
    if name == "plain":  # whoever types the paper's table in again has the same land
        again = corners.parse("\n".join(" ".join(row[:2]) for row in rows), zone=ZONE)
        assert again.geometry_4326.symmetric_difference(LAND).area < 1e-4 * LAND.area


ZONE_EAST_FIRST = pyproj.CRS("EPSG:5899").axis_info[0].direction == "east"


def squares(page):
    """Rectangles of the page, x, y, width, height, y downwards: paths are drawn in a turned plane."""
    text = page.get_contents().get_data().decode("latin-1")
    found = [[float(v) for v in each] for each in re.findall(r"([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) re\b", text)]
    return found


def test_the_code_holds_the_address_and_the_row(asked):
    """Its modules are read from the page, and compared with those of the text that it must hold."""
    page = opened(fetched(asked, "plain")).pages[0]
    with asked.app.state.store.reading() as session:
        facts = gather(session, session.get(Proposal, asked.made["plain"]), None)
    text = f"http://testserver/vi/proposals/{asked.made['plain']}#{facts.mark}"
    expected = [list(map(bool, row)) for row in segno.make_qr(text, error="m").matrix]
    rows = squares(page)
    unit = min(abs(h) for *_, h in rows)
    rows = [each for each in rows if abs(abs(each[3]) - unit) < 1e-2]  # one module high
    left, top = min(x for x, *_ in rows), min(y for _, y, *_ in rows)
    read = [[False] * len(expected) for _ in expected]
    for x, y, wide, _ in rows:
        first, line = round((x - left) / unit), round((y - top) / unit)
        for k in range(first, first + round(wide / unit)):
            read[line][k] = True
    assert read == expected


def test_only_for_who_may_see_the_proposal(asked):
    neighbour = people.add(asked.app.state.store, "commune", ["90102"], login="b")
    assert fetched(asked, "plain", actor=neighbour).status_code == 404
    assert fetched(asked, "plain", actor=record_anonymous()).status_code == 404
    assert fetched(asked, "plain", actor=asked.cast.reviewer).status_code == 200
    assert fetched(asked, "draft", actor=asked.cast.reviewer).status_code == 404


def record_anonymous():
    from sanchoi.api.accounts.actor import ANONYMOUS

    return ANONYMOUS


def test_no_receipt_for_what_was_not_received(asked):
    answer = fetched(asked, "draft")
    assert answer.status_code == 409
    assert "chưa gửi" in answer.json()["detail"]


def test_the_public_page_says_yes_or_no_and_nothing_else(asked):
    with asked.app.state.store.reading() as session:
        facts = gather(session, session.get(Proposal, asked.made["plain"]), None)
    people.acting(asked, record_anonymous())
    yes = asked.get(f"/vi/receipt/{facts.row}/{facts.hash}")
    assert yes.status_code == 200
    assert "Nhật ký có dòng" in yes.text
    assert "Đồng Lứa" not in yes.text
    assert facts.id not in yes.text
    wrong = facts.hash[:-1] + ("0" if facts.hash[-1] != "0" else "1")
    for row, mark in (
        (facts.row, wrong),
        (facts.row + 1, facts.hash),
        (0, facts.hash),
        ("-1", facts.hash),
        ("9" * 30, facts.hash),
        ("x<b>", "'--"),
    ):
        answer = asked.get(f"/en/receipt/{row}/{mark}")
        assert answer.status_code == 200
        assert "No. The log has no such row." in answer.text
        assert "<b>" not in answer.text


@pytest.mark.parametrize(("corners_", "long"), [(4, False), (60, True), (1000, True)], ids=["short", "long", "endless"])
def test_it_stays_one_page_whatever_is_on_it(corners_, long):
    facts = invented(corners_, "rất dài " * 24 if long else "a", "Một câu nói dài. " * 60 if long else "b")
    paper = pypdf.PdfReader(
        io.BytesIO(receipt.pdf(facts, "vi", "https://x.example/" + "y" * 60, "https://x.example/z"))
    )
    assert len(paper.pages) == 1
    lowest = []
    paper.pages[0].extract_text(visitor_text=lambda text, cm, tm, *_: text.strip() and lowest.append(tm[5] or cm[5]))
    assert min(lowest) > 15  # points above the edge
    told = words(paper.pages[0])
    assert "không phải là quyết định giao đất" in told
    if corners_ == 1000:
        shown = len(re.findall(r"(?<=\s)\d+ \d{7},\d\d", told))
        assert f"còn {1000 - shown} điểm góc nữa" in told


def invented(count, name, sentence):
    """Facts of a regular polygon."""
    import datetime
    import math

    at = datetime.datetime(2026, 11, 26, 8, 15, tzinfo=datetime.UTC)
    ring = [
        (108 + math.cos(2 * math.pi * k / count) / 1e3, 15 + math.sin(2 * math.pi * k / count) / 1e3)
        for k in range(count)
    ]
    return receipt_facts.Facts(
        "a" * 32, 12, name, "accepted", at, 1, at, at, "", "Xã X", "90101", "2025-07-01", None, 1234.0, ZONE,
        corners.table(shapely.Polygon(ring), ZONE), (sentence, sentence), "demo", None, "0" * 64, 7, "f" * 64,
    )  # fmt: skip


def test_characters_that_the_typeface_lacks_are_marked(asked, caplog):
    facts = invented(4, "Sân ☃ 你 chơi", "b")
    told = words(pypdf.PdfReader(io.BytesIO(receipt.pdf(facts, "vi", "u", "v"))).pages[0])
    assert "Sân ? ? chơi" in told
    assert "(tên đã xoá theo yêu cầu)" in told
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]


def test_the_log_page_is_for_administrators_and_speaks_in_words(asked):
    for actor, code in ((asked.cast.reviewer, 403), (record_anonymous(), 401)):
        people.acting(asked, actor)
        assert asked.get("/vi/audit").status_code == code
    people.acting(asked, asked.administrator)
    page = asked.get("/vi/audit")
    assert "chuyển từ “bản nháp” sang “đã gửi”" in page.text
    assert page.text.count("<tr>") == 6  # a heading, three proposals made, two submitted
    one = asked.get("/en/audit", params={"object": "P-1"}).text
    assert one.count("<tr>") == 3
    assert "moved it from “draft” to “submitted”" in one
    assert "ĐX-9" in asked.get("/vi/audit", params={"object": "ĐX-9"}).text
    assert "Không có gì bị sửa" in asked.get("/vi/audit", params={"check": "1"}).text
    with asked.app.state.store.reading() as session:
        facts = gather(session, session.get(Proposal, asked.made["plain"]), None)
    assert "đúng như trên giấy" in asked.get("/vi/audit", params={"receipt": facts.mark}).text
    bad = asked.get("/vi/audit", params={"receipt": f"{facts.row}:{'0' * 64}"}).text
    assert "khác với giấy biên nhận" in bad
    assert asked.get("/vi/audit", params={"receipt": "x"}).status_code == 400
    hostile = asked.get("/vi/audit", params={"object": "<script>alert(1)</script>' OR 1=1"})
    assert hostile.status_code == 200
    assert "<script>alert" not in hostile.text


def test_everything_that_is_noted_has_words():
    """Actions as the code names them."""
    told = set()
    for path in Path(audit_words.__file__).parents[1].rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        told |= set(re.findall(r'trail\.note\(\s*\w+,\s*[^,]+,\s*"([a-z]+(?:\.[a-z]+)?)"', text))
        told |= set(re.findall(r'"([a-z]+\.[a-z]+)" if active else "', text))
        told |= set(re.findall(r'^ACTION = "([a-z.]+)"', text, re.MULTILINE))
    told |= {f"proposal.{kind}" for kind in ("create", "edit", "state", "comment", "public")}
    assert len(told) > 15
    assert told <= set(audit_words.ACTIONS)
