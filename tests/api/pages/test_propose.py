"""Proposing without a script: every way to give land, what is told of it, what is refused kindly, and what is kept of it."""

import html
import io
import json
import re
import zipfile

import geopandas as gpd
import lxml.html
import numpy as np
import people
import pytest
import service
import shapely
import small
from hostile import BAD, WORSE
from PIL import Image
from sanchoi.api import worth
from sanchoi.api.accounts import actor, guard
from sanchoi.api.proposals import desk
from sanchoi.api.store import Proposal
from sanchoi.gis.cells import to_crs
from sqlalchemy import func, select

VINTAGE, HOME, BESIDE = "2025-07-01", "Hòa Phú", "Đại Lãnh"
AT = "/vi/r/small/propose"


def table(x, y, w=30, h=30, north_first=True):
    """A table of corners of a rectangle in the small study, as papers have it."""
    corners = [(x, y), (x, y + h), (x + w, y + h), (x + w, y)]
    pairs = [(small.Y + north, small.X + east) for east, north in corners]
    pairs = pairs if north_first else [pair[::-1] for pair in pairs]
    return "\n".join(f"{n} {a:.2f} {b:.2f}" for n, (a, b) in enumerate(pairs, 1))


TABLE = table(700, 500)


def shape(x, y, w=30, h=30):
    box = small.square(x, y, w, h)
    return shapely.transform(box, lambda xy: np.column_stack(to_crs(*xy.T, small.CRS, "EPSG:4326")))


def geojson(*place):
    return json.dumps(shapely.geometry.mapping(shape(*place)))


@pytest.fixture(scope="module")
def client():
    with service.client(headers={"accept": "text/html"}) as asked:
        yield asked


@pytest.fixture(scope="module")
def cast(client):
    store = client.app.state.store
    return {
        "official": people.add(store, "commune", [HOME], VINTAGE, login="a", name="Chị Hạnh"),
        "second": people.add(store, "commune", [HOME], VINTAGE, login="a2", name="Anh Ba"),
        "neighbour": people.add(store, "commune", [BESIDE], VINTAGE, login="b"),
        "reviewer": people.add(store, "reviewer", login="c"),
        "viewer": people.add(store, "viewer", login="d"),
        "old": people.add(store, "commune", [HOME], "2024-01-01", login="e"),
        "elsewhere": people.add(store, "commune", ["Xa"], VINTAGE, login="f"),
        "nobody": actor.ANONYMOUS,
    }


@pytest.fixture
def acting(client, cast):
    """Let the next requests be somebody's; at first the official's."""

    def become(name):
        people.acting(client, cast[name])

    become("official")
    yield become
    client.app.state.who = guard.who


@pytest.fixture(autouse=True)
def _official(acting):
    """The official acts unless a test says otherwise."""


def said(answer):
    """Words of a page."""
    return " ".join(lxml.html.fromstring(answer.text).text_content().split())


def fields(answer, form="form"):
    """What a form of a page would send, its button left out."""
    tree = lxml.html.fromstring(answer.text)
    (found,) = tree.xpath(f"//form[@id='{form}']")
    return {name: value or "" for name, value in found.form_values()}


def saved(client, place=(700, 500), lang="vi", **texts):
    """A draft put down by the form; its address."""
    sent = {"geometry": geojson(*place), "name": "Bãi sau đình", "key": f"k{place}{len(texts)}{texts}".replace(" ", "")}
    answer = client.post(f"/{lang}/r/small/propose", data=sent | texts)
    assert answer.status_code == 303, said(answer)
    return answer.headers["location"].split("?")[0]


def row(client, address):
    with client.app.state.store.reading() as session:
        return session.get(Proposal, address.rsplit("/", 1)[-1])


def count(client):
    with client.app.state.store.reading() as session:
        return session.scalar(select(func.count()).select_from(Proposal))


@pytest.mark.parametrize(
    ("lang", "zone", "button"),
    [("vi", "kinh tuyến trục 107°45′", "Lưu bản nháp"), ("en", "meridian 107°45′", "Save as a draft")],
)
def test_a_table_of_corners_becomes_a_proposal_without_a_script(client, lang, zone, button):
    at = f"/{lang}/r/small/propose/corners"
    first = client.get(at)
    assert zone in said(first)
    assert fields(first, "corner-form")["zone"] == "5899"  # the usual one is chosen before
    place = (100 if lang == "vi" else 200, 300)
    read = client.post(at, data={"table": table(*place), "zone": ""})
    words = said(read)
    assert read.status_code == 200
    assert "1.740.300,00" in words if lang == "vi" else "1,740,300.00" in words
    assert "900" in words
    assert read.text.count("<svg") >= 2
    assert 'id="form"' not in read.text  # nothing can be saved before the zone is confirmed
    confirmed = fields(read, "confirm")
    assert (confirmed["zone"], confirmed["table"].split()) == ("5899", table(*place).split())
    same = client.post(at, data={"table": table(*place), "zone": "5899"})  # it only stood there
    assert fields(same, "confirm") | {"key": ""} == confirmed | {"key": ""}
    form = client.post(at, data=confirmed)
    assert button in form.text
    sent = fields(form)
    assert (sent["source"], sent["epsg"]) == ("corners", "5899")
    got = client.post(
        f"/{lang}/r/small/propose", data=sent | {"name": "Đất đình", "land_use": "BCS", "owner": "UBND xã"}
    )
    assert got.status_code == 303
    found = row(client, got.headers["location"].split("?")[0])
    assert (found.name, found.state, found.commune_id) == ("Đất đình", "draft", HOME)
    assert shapely.hausdorff_distance(found.geometry, shape(*place)) < 1e-7
    page = client.get(got.headers["location"])
    assert page.status_code == 200
    assert ("ĐX-" if lang == "vi" else "P-") + str(found.number) in said(page)


def test_what_was_recognised_is_told(client):
    swapped = said(client.post(AT + "/corners", data={"table": table(700, 500, north_first=False)}))
    assert "đổi chỗ" in swapped or "chứa số đông" in swapped
    # the same ground in the neighbouring zone (108°15′): told, and offered first
    x, y = to_crs(
        np.array([small.X + 700.0, small.X + 730, small.X + 730]),
        np.array([small.Y + 500.0, small.Y + 500, small.Y + 530]),
        small.CRS,
        "EPSG:9217",
    )
    other = "\n".join(f"{n} {north:.2f} {east:.2f}" for n, (east, north) in enumerate(zip(x, y, strict=True), 1))
    read = client.post(AT + "/corners", data={"table": other, "zone": "5899"})  # which stood there
    assert "không phải kinh tuyến trục 107°45′" in said(read)
    assert fields(read, "confirm")["zone"] == "9217"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"table": ""}, "chưa có tọa độ nào"),
        ({"table": "ab cd\nef gh"}, "không"),
        ({"table": TABLE.split("\n")[0]}, "ít nhất 3 góc"),
        ({"table": "\n".join(np.array(TABLE.split("\n"))[[0, 2, 1, 3]])}, "tự cắt"),
        ({"table": "1 1e308 nan\n2 inf 5\n3 1 1"}, "dòng 1"),
        ({"table": table(700, 500).replace("174", "194")}, "cách"),
        ({"table": TABLE, "zone": "4326"}, "kinh tuyến"),
        ({"table": TABLE, "zone": "x\x00<script>"}, "900"),
        ({"table": "\x00" + "9" * 5000}, "dòng 1"),
    ],
)
def test_a_table_that_cannot_be_read_stays_and_is_answered_kindly(client, sent, words):
    answer = client.post(AT + "/corners", data=sent)
    assert answer.status_code in (200, 422)
    assert words in said(answer)
    assert fields(answer, "corner-form")["table"].split() == sent["table"].replace("\x00", "").split()


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("nobody", "cần tài khoản của xã, phường"),
        ("viewer", "chỉ xem được"),
        ("old", "theo địa giới ngày 01/01/2024"),
        ("elsewhere", "không thuộc xã, phường nào"),
    ],
)
def test_who_may_not_propose_is_told_how_to_and_loses_nothing(client, acting, who, words):
    acting(who)
    for address in (AT, AT + "/corners", AT + "/file", AT + "/parcels"):
        page = client.get(address)
        assert words in said(page)
        assert "Tài khoản do người quản trị" in said(page)
    before = count(client)
    answer = client.post(AT, data={"geometry": geojson(700, 500), "name": "Ruộng", "note": "giữ lại"})
    assert answer.status_code in (401, 403)
    assert fields(answer)["note"].strip() == "giữ lại"
    assert count(client) == before


def test_each_fault_is_told_at_its_field_and_all_is_kept(client):
    sent = {"geometry": "", "name": " ", "cost": "nhiều lắm", "owner": "x" * 501, "note": "giữ", "land_use": "LẠ"}
    answer = client.post(AT, data=sent)
    assert answer.status_code == 422
    kept = fields(answer)
    assert {name: kept[name].strip() for name in ("cost", "owner", "note", "land_use")} == {
        "cost": "nhiều lắm", "owner": "x" * 501, "note": "giữ", "land_use": "LẠ",
    }  # fmt: skip
    tree = lxml.html.fromstring(answer.text)
    assert {each.get("id") for each in tree.xpath("//*[@class='fault']")} == {"name-fault", "owner-fault", "cost-fault"}
    assert "Chưa có khu đất" in said(answer)


@pytest.mark.parametrize(
    "geometry",
    [
        "{", "[]", '"x"', "null", '{"type":"Point","coordinates":[108,15]}', '{"type":"Polygon","coordinates":[]}',
        '{"type":"Polygon","coordinates":[[[1e308,1e308],[0,0],[1,1],[1e308,1e308]]]}',
        '{"type":"Polygon","coordinates":[[[NaN,0],[0,0],[1,1],[NaN,0]]]}',
        '{"type":"Polygon","coordinates":[[[108.3,15.7],[108.3,15.7],[108.3,15.7],[108.3,15.7]]]}',
        "[" * 100_000,
        json.dumps({"type": "Polygon", "coordinates": [[[108 + k / 1e6, 15 + (k % 2) / 1e6] for k in range(10_002)]]}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", [AT, AT + "/answer"])
def test_an_outline_that_is_none_is_refused_in_words(client, geometry, address):
    before = count(client)
    answer = client.post(address, data={"geometry": geometry, "name": "X"})
    assert answer.status_code in (200, 400, 413, 422)
    assert answer.status_code == 200 if address.endswith("answer") else answer.status_code != 200
    assert count(client) == before


def test_a_bow_tie_is_told_in_plain_words(client):
    a, b, c, d = shape(700, 500).exterior.coords[:-1]
    told = json.dumps({"type": "Polygon", "coordinates": [[a, c, b, d, a]]})
    assert "như số 8" in said(client.post(AT, data={"geometry": told, "name": "X"}))


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("vi", "1.200.000.000", 1.2e9), ("vi", "1,2 tỷ", 1.2e9), ("vi", "500 triệu đồng", 5e8), ("vi", "0", 0),
        ("en", "1,200,000,000", 1.2e9), ("en", "1.2 billion", 1.2e9), ("vi", "350tr", 3.5e8),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(client, lang, text, value):
    assert row(client, saved(client, lang=lang, cost=text)).cost == value


@pytest.mark.parametrize("text", ["-5", "1e9", "1.2.3", "1 000 000 000 000 000 000", "٣", "tỷ", "nan"])
def test_what_is_no_amount_is_not_taken_for_one(client, text):
    answer = client.post(AT, data={"geometry": geojson(700, 500), "name": "X", "cost": text})
    assert answer.status_code == 422
    assert "cost-fault" in answer.text


def test_land_of_another_commune_is_refused_by_its_name(client):
    before = count(client)
    for place in ((1500, 500), (980, 500, 40, 30)):
        answer = client.post(AT, data={"geometry": geojson(*place), "name": "Đất bạn", "note": "giữ"})
        assert answer.status_code == 403
        assert BESIDE in said(answer)
        assert fields(answer)["note"].strip() == "giữ"
    far = client.post(
        AT, data={"geometry": json.dumps(shapely.geometry.mapping(shapely.box(105, 21, 105.001, 21.001))), "name": "X"}
    )
    assert far.status_code == 422
    assert "nằm ngoài" in said(far)
    assert count(client) == before
    assert saved(client, (960, 500, 41, 30))  # a metre over the border is no other commune's land


def test_pressing_twice_makes_one_and_a_changed_one_is_led_to_it(client):
    sent = {"geometry": geojson(600, 600), "name": "Bấm hai lần", "key": "twice"}
    before = count(client)
    one, two = (client.post(AT, data=sent) for _ in range(2))
    assert one.headers["location"] == two.headers["location"]
    assert count(client) == before + 1
    changed = client.post(AT, data=sent | {"name": "Đổi tên"})
    assert changed.status_code == 422
    assert f"{one.headers['location'].split('?')[0]}/edit" in changed.text
    again = fields(changed)
    assert (again["name"], again["key"] != "twice") == ("Đổi tên", True)
    assert client.post(AT, data=again).status_code == 303
    assert count(client) == before + 2


def test_the_answer_is_that_of_the_interface_and_tells_what_stands_there(client, acting):
    place = (400, 500)
    mine = saved(client, place, name="Đã có")
    acting("neighbour")
    theirs = saved(client, (1400, 500), name="Của xã bên")
    acting("official")
    answer = client.post(
        AT + "/answer", data={"geometry": geojson(*place), "land_use": "BCS", "owner": "UBND xã"}
    ).json()
    state = client.app.state
    entry = state.library.get("small")
    land = {"geometry": shapely.geometry.mapping(shape(*place)), "land_use": "BCS", "owner": "UBND xã"}
    told = worth.worth(entry, state.models.get(entry), land)
    assert answer["fine"]
    assert [answer[key] for key in ("sentence", "verdict", "score", "rank")] == [
        told[key] for key in ("sentence_vi", "verdict", "score", "rank")
    ]
    assert html.escape(told["sentence_vi"]) in answer["html"]
    assert answer["overlaps"] == [{"share": 1.0, "theirs": 1.0, "number": row(client, mine).number}]
    assert "Đã có" in answer["html"]
    acting("reviewer")  # sees no drafts of others
    other = client.post(AT + "/answer", data={"geometry": geojson(1400, 500)}).json()
    assert other["overlaps"] == []
    acting("neighbour")
    client.post(f"{theirs}/act", data={"do": "submit", "reason": "cần", "revision": "1"})
    acting("viewer")
    hidden = client.post(AT + "/answer", data={"geometry": geojson(1400, 500)}).json()
    assert hidden["overlaps"] == []  # who may not propose hears of public ones only
    assert "Của xã bên" not in hidden["html"]


def test_listed_parcels_are_those_of_the_own_commune_best_first(client):
    tree = lxml.html.fromstring(client.get(AT + "/parcels").text)
    listed = [each.text_content() for each in tree.xpath("//tbody//th")]
    parcels = gpd.read_parquet(service.result() / "tables" / "parcels.parquet").set_index("parcel_id")
    assert listed
    assert set(parcels.loc[listed, "commune_id"]) == {HOME}
    assert parcels.loc[listed, "rank"].is_monotonic_increasing
    everyone = lxml.html.fromstring(client.get(AT + "/parcels?all=1").text).xpath("//tbody//th")
    assert len(everyone) == (parcels["commune_id"] == HOME).sum()


def test_a_parcel_is_proposed_and_is_one_no_more_when_its_corners_move(client):
    page = client.get(AT + "?parcel=P2%231")
    sent = fields(page)
    assert (sent["parcel_id"], sent["owner"], sent["land_use"], sent["cost"]) == ("P2#1", "Hộ gia đình", "HNK", "300")
    got = client.post(AT, data=sent)
    found = row(client, got.headers["location"].split("?")[0])
    assert (found.parcel_id, found.name) == ("P2#1", "Thửa P2#1")
    moved = client.post(AT, data=sent | {"geometry": geojson(749, 499, 31, 31), "key": "moved"})
    assert row(client, moved.headers["location"].split("?")[0]).parcel_id is None
    assert client.get(AT + "?parcel=none").status_code == 404
    assert f'href="{AT}?parcel=P1"' in client.get("/vi/r/small/parcels/P1").text


def upload(client, name, data, lang="vi"):
    return client.post(f"/{lang}/r/small/propose/file/upload", files={"file": (name, data)})


def test_outlines_of_a_file_are_shown_and_one_is_taken(client):
    frame = gpd.GeoDataFrame({"name": ["Ruộng một", BAD]}, geometry=[shape(300, 300), shape(400, 300)], crs="EPSG:4326")
    page = upload(client, "ranh.geojson", frame.to_json().encode())
    assert page.status_code == 200
    tree = lxml.html.fromstring(page.text)
    assert not tree.xpath("//img")
    choices = tree.xpath("//ul[@class='pp-sites']//form")
    assert len(choices) == 2
    taken = client.post(choices[0].get("action"), data=dict(choices[0].form_values()))
    sent = fields(taken)
    assert (sent["name"], sent["source"]) == ("Ruộng một", "file")
    found = row(client, client.post(AT, data=sent).headers["location"].split("?")[0])
    assert shapely.hausdorff_distance(found.geometry, shape(300, 300)) < 1e-7


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"PK\x03\x04rubbish"])
def test_a_file_that_is_none_is_refused_in_words(client, data):
    page = upload(client, "x.geojson", data)
    assert 400 <= page.status_code < 500
    assert lxml.html.fromstring(page.text).xpath("//div[@id='refusal']")
    assert 'id="file-form"' in page.text


def test_a_file_without_its_zone_is_asked_for_it(client, tmp_path):
    frame = gpd.GeoDataFrame({"name": ["Bãi"]}, geometry=[shape(300, 300)], crs="EPSG:4326").to_crs(small.CRS)
    frame.to_file(tmp_path / "x.shp")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as sink:
        for ending in ("shp", "shx", "dbf"):
            sink.write(tmp_path / f"x.{ending}", f"x.{ending}")
    address, file = f"{AT}/file/upload", {"file": ("x.zip", packed.getvalue())}
    for zone in ("", "9999", "٣"):  # none, and what is no zone
        page = client.post(address, files=file, data={"zone": zone})
        assert page.status_code == 422
        assert "kinh tuyến trục" in said(page)
    (usual,) = lxml.html.fromstring(page.text).xpath("//select[@name='zone']/option[contains(., 'thường dùng')]/@value")
    assert usual == small.CRS.removeprefix("EPSG:")
    taken = client.post(address, files=file, data={"zone": usual})
    assert taken.status_code == 200
    found = row(client, client.post(AT, data=fields(taken)).headers["location"].split("?")[0])
    assert shapely.hausdorff_distance(found.geometry, shape(300, 300)) < 1e-7


def test_no_file_is_told_too(client):
    page = client.post(AT + "/file/upload", data={"x": "y"})
    assert page.status_code == 422
    assert "Chưa chọn tệp" in said(page)


@pytest.mark.parametrize("text", ["00000000001" + "9" * 30, "00000000001" + "9" * 5000, "0", "-1", "٣", "1e9", ""])
def test_what_is_no_revision_is_refused_in_words(client, text):
    at = client.post(AT, data={"name": f"Lần {len(text)}{text[:3]}", "geometry": geojson(300, 300)}).headers["location"]
    at = at.split("?")[0]
    for page in (
        client.post(at + "/act", data={"do": "submit", "reason": "vì thế", "revision": text}),
        client.post(at + "/edit", data={"name": "khác", "geometry": geojson(300, 300), "revision": text}),
    ):
        assert page.status_code == 400
        assert "revision" in said(page)
    assert row(client, at).revision == 1


def test_from_draft_to_answer_to_withdrawal(client, acting, cast):
    at = saved(client, (200, 700), note="dòng một\ndòng hai")
    page = client.get(at + "?saved=1")
    assert "Bản nháp" in said(page)
    assert "dòng một\ndòng hai" in page.text
    blank = client.post(at + "/act", data={"do": "submit", "reason": "  ", "revision": "1"})
    assert blank.status_code == 400
    assert "Hãy viết một câu" in said(blank)
    stale = client.post(at + "/act", data={"do": "submit", "reason": "giữ câu này", "revision": "9"})
    assert stale.status_code == 412
    assert "giữ câu này" in stale.text
    for _ in range(2):  # pressed twice
        sent = client.post(at + "/act", data={"do": "submit", "reason": "trẻ thiếu chỗ", "revision": "1"})
        assert (sent.status_code, "sent=submit" in sent.headers["location"]) == (303, True)
    assert client.get(at + "/edit").status_code == 200
    late = client.post(at + "/edit", data=fields(client.get(at + "/edit")) | {"note": "muộn"})
    assert late.status_code == 409
    assert fields(late)["note"].strip() == "muộn"
    with client.app.state.store.session() as session:
        desk.move(session, cast["reviewer"], at.rsplit("/", 1)[-1], 2, "needs_info", "xin thêm ảnh lối vào")
    asked = client.get(at)
    assert "xin thêm ảnh lối vào" in said(asked)
    assert "Cần bổ sung" in said(asked)
    edit = fields(client.get(at + "/edit"))
    assert edit["revision"] == "3"
    assert client.post(at + "/edit", data=edit | {"note": "đã có lối", "owner": "UBND xã"}).status_code == 303
    for _ in range(2):
        assert client.post(at + "/act", data={"do": "say", "reason": "đã bổ sung"}).status_code == 303
    assert client.post(at + "/act", data={"do": "submit", "reason": "xong", "revision": "4"}).status_code == 303
    last = said(client.get(at))
    assert last.count("đã bổ sung") == 1
    for words in ("Bản 2", "đã có lối", "Chủ sử dụng đất: – → UBND xã", "Bản nháp → đã gửi"):
        assert words in last
    assert client.post(at + "/act", data={"do": "withdraw", "reason": "nhầm", "revision": "5"}).status_code == 303
    assert row(client, at).state == "withdrawn"
    listed = said(client.get("/vi/proposals?state=withdrawn"))
    assert "đề xuất đã rút" in listed


def test_who_was_slower_sees_both_and_chooses(client, acting):
    at = saved(client, (200, 800), owner="cũ", note="cũ")
    form = fields(client.get(at + "/edit"))
    acting("second")
    assert client.post(at + "/edit", data=form | {"owner": "của người kia", "note": "ghi chú kia"}).status_code == 303
    acting("official")
    answer = client.post(at + "/edit", data=form | {"owner": "của tôi", "note": "ghi chú tôi", "name": "Tên tôi"})
    assert answer.status_code == 412
    for words in ("của người kia", "của tôi", "ghi chú kia", "ghi chú tôi", "Tên tôi"):
        assert words in said(answer)
    again = fields(answer)
    assert (again["revision"], again["owner"], again["pick_owner"]) == ("2", "của tôi", "mine")
    assert client.post(at + "/edit", data=again | {"pick_note": "theirs"}).status_code == 303
    with client.app.state.store.reading() as session:
        kept = desk.current(session, session.get(Proposal, at.rsplit("/", 1)[-1])).content
    assert (kept["name"], kept["owner"], kept["note"]) == ("Tên tôi", "của tôi", "ghi chú kia")


def test_others_see_no_draft_and_nobody_another_communes(client, acting):
    at = saved(client, (100, 800))
    for who in ("neighbour", "viewer", "reviewer", "nobody"):
        acting(who)
        for address in (at, at + "/edit", at + "/attachments/" + "0" * 32):
            assert client.get(address).status_code in (401, 404)
        assert client.post(at + "/act", data={"do": "submit", "reason": "x", "revision": "1"}).status_code in (401, 404)
        assert client.post(at + "/attachments", files={"files": ("a.txt", b"x")}).status_code in (401, 403, 404)
    acting("nobody")
    assert "Hãy đăng nhập" in said(client.get("/vi/proposals"))
    assert client.get("/vi/proposals/" + "f" * 32).status_code == 404
    assert client.get("/vi/proposals/xyz").status_code == 404


def test_a_result_made_anew_is_told_and_worked_out_again(client):
    at = saved(client, (100, 700))
    assert "tính lại sau đó" not in said(client.get(at))
    with client.app.state.store.session() as session:
        session.get(Proposal, at.rsplit("/", 1)[-1]).etag = "before"
    assert "tính lại sau đó" in said(client.get(at))
    assert "Vừa tính lại" in said(client.get(at + "?again=1"))
    with client.app.state.store.session() as session:
        session.get(Proposal, at.rsplit("/", 1)[-1]).result_id = "gone"
    page = client.get(at)
    assert page.status_code == 200
    assert "không còn hiển thị" in said(page)
    assert client.get(at + "/edit").status_code == 404


def test_photos_are_shown_made_anew_and_the_rest_only_downloaded(client):
    at = saved(client, (100, 600))
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "15.8 108.3"
    Image.new("RGB", (40, 30), "green").save(picture, "JPEG", exif=exif)
    sent = [
        ("files", ("sân.jpg", picture.getvalue())),
        ("files", ("x.svg", b"<svg/>")),
        ("files", ("ghi.txt", "chữ".encode())),
    ]
    answer = client.post(at + "/attachments", files=sent)
    assert answer.status_code in (415, 422)
    assert "x.svg" in said(answer)
    tree = lxml.html.fromstring(client.get(at).text)
    (image,) = tree.xpath("//img/@src")
    shown = client.get(image)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert b"15.8 108.3" not in shown.content
    links = tree.xpath("//ul[@class='pp-files']//span/a/@href")
    assert len(links) == 2
    for link in links:
        got = client.get(link)
        assert got.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in got.headers["content-security-policy"]
    assert client.post(links[0] + "/remove").status_code == 303
    assert client.get(links[0]).status_code == 404
    assert client.post(at + "/attachments", data={"x": "y"}).status_code == 422
    client.post(at + "/act", data={"do": "submit", "reason": "đủ", "revision": str(row(client, at).revision)})
    assert client.post(links[1] + "/remove").status_code == 409


def test_hostile_texts_stay_texts(client, acting):
    texts = dict.fromkeys(("name", "owner", "backer", "note", "land_use"), BAD + WORSE)
    at = saved(client, (300, 800), **texts)
    client.post(at + "/act", data={"do": "submit", "reason": BAD, "revision": "1"})
    with client.app.state.store.session() as session:
        session.get(Proposal, at.rsplit("/", 1)[-1]).state = "needs_info"
    wrong = client.post(
        AT, data=texts | {"geometry": BAD, "cost": WORSE, "source": BAD, "parcel_id": WORSE, "key": BAD}
    )
    pages = [wrong, *(client.get(each) for each in (at, at + "/edit", "/vi/proposals"))]
    pages.append(client.post(at + "/edit", data=texts | {"name": BAD, "geometry": geojson(300, 800), "revision": "1"}))
    pages.append(client.post(AT + "/corners", data={"table": BAD + WORSE, **texts}))
    for page in pages:
        tree = lxml.html.fromstring(page.text)
        assert not [each for each in tree.iter("img", "script") if "alert" in lxml.html.tostring(each).decode()]
        assert not tree.xpath("//*[@onerror or @onload]")
        assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|>49<", page.text)
    told = client.post(AT + "/answer", data={"geometry": geojson(300, 800), "owner": BAD, "land_use": WORSE}).json()
    assert "<img" not in told["html"]
    assert "<script" not in told["html"]


def test_the_map_is_light_and_knows_its_own(client):
    ground = client.get("/r/small/propose/ground.json", params={"own": HOME})
    told = ground.json()
    assert [each["properties"]["id"] for each in told["own"]["features"]] == [HOME]
    assert len(told["communes"]["features"]) == 2
    (border,) = told["own"]["features"]
    assert shapely.hausdorff_distance(shapely.geometry.shape(border["geometry"]), shape(0, 0, 1000, 1000)) < 3e-5
    assert client.get("/r/small/propose/ground.json?own=Xa").json()["own"]["features"] == []
    layers = client.get("/r/small/propose/layers.json", params={"own": HOME}).json()
    # the road from (0, 500) to (1000, 500), and what goes on from there: a kilometre of longitude is 0.00934 degrees here
    assert [abs(way[2]) for way in layers["ways"]] == pytest.approx([934, 934], abs=3)
    assert len(layers["homes"]) == 100
    near = client.get("/r/small/propose/parcels.json?box=108.31,15.73,108.33,15.75").json()
    assert {each["id"] for each in near} == {each[0] for each in service.ROWS}
    for box in ("", "1,2,3", "a,b,c,d", "nan,0,1,1", "9,9,1,1", "1e999,0,1,1"):
        assert client.get("/r/small/propose/parcels.json", params={"box": box}).status_code == 400


def test_the_first_load_is_small(client):
    import gzip

    page = client.get(AT)
    tree = lxml.html.fromstring(page.text)
    styles = tree.xpath("//link[@rel='stylesheet']/@href")
    parts = [page, client.get("/r/small/propose/ground.json", params={"own": HOME}), *map(client.get, styles)]
    own = [each for each in tree.xpath("//script/@src") if "propose" in each]
    parts += [client.get(each) for each in own]
    assert all(each.status_code == 200 for each in parts)
    assert sum(len(gzip.compress(each.content, 5)) for each in parts) < 60_000
