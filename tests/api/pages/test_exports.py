"""The page of exports and the buttons of communes and parcels: what is chosen becomes a job, what is wrong is told beside it."""

import re

import lxml.html
import people
import pytest
import service
from sanchoi.api.exporting import FORMATS
from sanchoi.api.jobs import queue, registry
from sanchoi.api.pages import exports, exports_words
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.settings import Limits
from sanchoi.api.store import AuditRow
from sqlalchemy import select

HTML = {"accept": "text/html"}
AT = "/vi/r/small/export"
HOME, OTHER = "Hòa Phú", "Đại Lãnh"
FORM = {
    "formats": ["sheet-gap"],
    "scope": "some",
    "communes": [HOME],
    "as_": "pdf",
    "paper": "A3",
    "portrait": "",
    "fit": "",
    "scale": "",
    "language": "vi",
    "style": "plain",
    "sign": ["", "", "", ""],
    "crs": "",
    "bom": "1",
}
PLAIN = {
    "result": "small",
    "formats": ["sheet-gap"],
    "communes": [HOME],
    "as": "pdf",
    "paper": "A3",
    "portrait": False,
    "lang": "vi",
    "style": "plain",
}


@pytest.fixture
def asked(tmp_path):
    with service.client(data=tmp_path / "data", limits=Limits(jobs_waiting=3)) as found:
        yield found


def get(asked, address, status=200):
    answer = asked.get(address, headers=HTML)
    assert answer.status_code == status, (address, answer.text[:500])
    return lxml.html.fromstring(answer.text)


def post(asked, status=303, at=AT, **changed):
    answer = asked.post(
        at, data={key: value for key, value in (FORM | changed).items() if value is not None}, headers=HTML
    )
    assert answer.status_code == status, answer.text[:800]
    return answer


def text(node, path):
    return [" ".join(each.text_content().split()) for each in node.xpath(path)]


def started(asked, **changed):
    place = post(asked, **changed).headers["location"]
    return queue.get(asked.app.state.store, re.fullmatch("/vi/jobs/([0-9a-f]{32})", place)[1])


@pytest.mark.parametrize(
    ("language", "title", "button"),
    [("vi", "Xuất hồ sơ", "Lập hồ sơ"), ("en", "Export for a dossier", "Make the files")],
)
def test_the_page_offers_every_format_every_commune_and_the_plan(asked, language, title, button):
    node = get(asked, f"/{language}/r/small/export")
    assert text(node, "//h1") == [title]
    assert text(node, "//form[contains(@class,'job')]//button") == [button]
    assert set(node.xpath("//input[@name='formats']/@value")) == set(FORMATS)
    assert node.xpath("//input[@name='communes']/@value") == [OTHER, HOME]
    assert set(node.xpath("//input[@name='sites']/@value")) <= {row[0] for row in service.ROWS}
    for field in node.xpath(
        "//form[contains(@class,'job')]//input[@type!='hidden'] | //form[contains(@class,'job')]//select"
    ):
        assert field.xpath("ancestor::label") or node.xpath(f"//label[@for='{field.get('id')}']"), field.get("name")


def test_every_format_has_a_group_and_words():
    for language in ("vi", "en"):
        t = tongue(language)
        offered = [name for _, names in exports_words.groups(t) for name in names]
        assert sorted(offered) == sorted(FORMATS)
        assert all(exports_words.name_of(name, t) and exports_words.per(name, t) for name in FORMATS)
    assert exports_words.per("report", tongue("vi")) == "luôn gồm toàn bộ kết quả"  # whatever is ticked
    assert exports_words.per("xlsx", tongue("vi")) == "chung cho các nơi đã chọn"


def test_what_is_chosen_is_what_the_job_is_asked(asked):
    job = started(asked)
    assert (job.process_id, job.result_id, job.inputs) == ("export", "small", PLAIN)
    job = started(
        asked,
        scale=" 1:2.500 ",
        paper="A1",
        portrait="1",
        style="print-grey",
        as_="geopdf",
        sign=[" Chủ  tịch ", "", "", ""],
        crs="9210",
        bom=None,
        language="en",
    )
    assert job.inputs == PLAIN | {
        "scale": 2500,
        "paper": "A1",
        "portrait": True,
        "style": "print-grey",
        "as": "geopdf",
        "signatures": ["Chủ tịch"],
        "crs": "EPSG:9210",
        "bom": False,
        "lang": "en",
    }
    again = get(asked, f"{AT}?job={job.id}")
    assert again.xpath("//input[@name='scale']/@value") == ["2.500"]
    assert again.xpath("//select[@name='paper']/option[@selected]/@value") == ["A1"]
    assert again.xpath("//input[@name='communes'][@checked]/@value") == [HOME]
    assert again.xpath("//input[@name='sign']/@value") == ["Chủ tịch", "", "", ""]
    told = text(get(asked, f"/vi/jobs/{job.id}"), "//dl[@class='facts']/div")
    assert {"Khổ giấyA1, dọc", "Tỷ lệ1:2.500", f"Xã, phường{HOME}", "Các ô ký tênChủ tịch"} <= set(told)
    job = started(asked, scope="all", communes=[], unsigned="1", fit="1")
    assert {name: job.inputs.get(name) for name in ("all", "communes", "signatures", "fit")} == {
        "all": True,
        "communes": None,
        "signatures": [],
        "fit": True,
    }


def test_parts_alone_are_as_before(asked):
    job = started(asked, formats=[], parts=["tables", "maps"])
    assert job.inputs == {"result": "small", "parts": ["tables", "maps"]}


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"formats": []}, "formats", "ít nhất một thứ"),
        ({"formats": ["map"]}, "formats", "sheet-gap"),
        ({"formats": ["sheet-gap", "sheet-gap"]}, "formats", "khác nhau"),
        ({"communes": []}, "places", "ít nhất một xã"),
        ({"communes": ["../../etc/passwd"]}, "places", "có trong kết quả"),
        ({"scope": "all"}, "places", "bỏ một trong hai"),
        ({"formats": ["sheet-site"]}, "places", "khu đất"),
        ({"formats": ["sheet-site"], "sites": ["P/3/../x"]}, "places", "có trong kết quả"),
        ({"paper": "A9"}, "paper", "A4"),
        ({"as_": "svg"}, "as_", "pdf"),
        ({"language": "fr"}, "language", "vi"),
        ({"style": "neon"}, "style", "plain"),
        ({"scale": "lớn"}, "scale", "số"),
        ({"scale": "5"}, "scale", "100"),
        ({"scale": "9" * 30}, "scale", "số"),
        ({"sign": ["x" * 5000]}, "signatures", "80"),
        ({"sign": ["a", "b", "c", "d", "e"]}, "signatures", "4"),
        ({"sign": ["a\x07b"]}, "signatures", "ký tự"),
        ({"sign": ["a"], "unsigned": "1"}, "signatures", "một trong hai"),
        ({"crs": "999999"}, "crs", "EPSG"),
        ({"crs": "+proj=longlat"}, "crs", "ký tự"),
        ({"formats": [], "parts": ["study"]}, "parts", "tables"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(asked, changed, field, words):
    node = lxml.html.fromstring(post(asked, 400, **changed).text)
    assert words in text(node, f"//*[@id='{field}-fault']")[0]
    assert node.xpath(f"//*[@role='alert']//a[@href='#{field}']")
    assert node.xpath(f"//*[@id='{field}']")
    assert queue.listed(asked.app.state.store, 9)[1] == 0


def test_ten_thousand_communes_are_told_to_be_too_many(asked):
    answer = post(asked, 413, communes=[f"9{k}" for k in range(10_000)])
    assert "nhiều nhất 1000" in answer.text
    body = {"inputs": {"result": "small", "formats": ["sheet-gap"], "communes": [f"9{k}" for k in range(10_000)]}}
    answer = asked.post("/processes/export/execution?lang=en", json=body)
    assert (answer.status_code, answer.json()["detail"].endswith("0 to 1000 items.")) == (400, True)
    assert queue.listed(asked.app.state.store, 9)[1] == 0


def test_many_files_are_asked_about_and_too_many_refused(asked, monkeypatch):
    monkeypatch.setattr(exports, "MANY", 1)
    whole = {"scope": "all", "communes": []}
    node = lxml.html.fromstring(post(asked, 200, **whole).text)
    assert "2 tệp" in text(node, "//*[@id='many']")[0]
    assert node.xpath("//input[@name='confirm'][not(@checked)]")
    assert queue.listed(asked.app.state.store, 9)[1] == 0
    assert started(asked, confirm="1", **whole).inputs["all"] is True
    few = service.client(limits=Limits(export_files=1))
    with few as other:
        refused = lxml.html.fromstring(post(other, 400, confirm="1", **whole).text)
        assert "2 tệp" in text(refused, "//*[@id='formats-fault']")[0]
        body = {"inputs": {"result": "small", "formats": ["sheet-gap"], "all": True}}
        answer = other.post("/processes/export/execution?lang=vi", json=body)
        assert answer.status_code == 400
        assert "nhiều nhất 1 tệp" in answer.json()["detail"]


def test_a_commune_and_a_parcel_lead_there_with_themselves_chosen(asked):
    node = get(asked, f"/vi/r/small/communes/{HOME}")
    links = dict(
        zip(
            text(node, "//p[contains(@class,'buttons')]/a"),
            node.xpath("//p[contains(@class,'buttons')]/a/@href"),
            strict=True,
        )
    )
    assert {"Tải bản đồ (PDF)", "Phiếu số liệu (PDF)", "Xuất hồ sơ"} <= set(links)
    chosen = get(asked, links["Xuất hồ sơ"])
    assert chosen.xpath("//input[@name='communes'][@checked]/@value") == [HOME]
    node = get(asked, "/vi/r/small/parcels/P%2F3")
    links = dict(
        zip(
            text(node, "//p[contains(@class,'buttons')]/a"),
            node.xpath("//p[contains(@class,'buttons')]/a/@href"),
            strict=True,
        )
    )
    chosen = get(asked, links["Xuất hồ sơ"])
    assert chosen.xpath("//input[@name='sites'][@checked]/@value") == ["P/3"]
    assert chosen.xpath("//input[@name='formats'][@checked]/@value") == ["sheet-site"]
    assert links["Bản vẽ khu đất (PDF)"] == "/vi/r/small/parcels/P%2F3/sheet.pdf"
    assert get(asked, "/vi/r/small/").xpath(f"//main//a[@href='{AT}']")


def test_the_log_says_who_took_what(asked):
    reviewer = people.add(asked.app.state.store, "reviewer")
    people.acting(asked, reviewer)
    page = get(asked, AT)
    job = started(asked, csrf=page.xpath("//input[@name='csrf']/@value")[0])
    with asked.app.state.store.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "export.make")).one()
    assert (row.actor, row.object) == (reviewer.id, f"job:{job.id}")
    run = asked.app.state.library.get("small").run["run_id"]
    assert f'"run":"{run}"' in row.detail
    assert HOME not in row.detail


def test_rights_seals_and_other_hosts(tmp_path):
    with service.client(data=tmp_path / "data", private=True, guarded=True) as found:
        sheet = f"/vi/r/small/communes/{HOME}/sheet.pdf"
        rest = f"/api/v1/results/small/communes/{HOME}/sheet.pdf"
        for address in (AT, sheet, rest):
            assert found.get(address, headers={"accept": "application/json"}).status_code == 401, address
        people.logged_in(found, "viewer")
        assert found.get(AT).status_code == 403
        found.cookies.clear()
        people.logged_in(found, "reviewer")
        assert found.get(AT).status_code == 200
        assert found.post(AT, data=FORM).status_code == 403  # no seal
        assert found.post(AT, data=FORM | {"csrf": people.csrf(found)}).status_code == 303
    with service.client(data=tmp_path / "open") as found:
        foreign = found.post(AT, data=FORM, headers={"sec-fetch-site": "cross-site", **HTML})
        assert foreign.status_code == 403


def test_the_process_takes_what_the_page_sends():
    assert registry.process("export").check is not None
