"""Sheets at once: PDF by pages and /api/v1, drawn by a process beside the service; what is refused, kept, too late or too many."""

import asyncio
import io
import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
import service
from pypdf import PdfReader
from sanchoi.api.drawer import Drawer, Sheet
from sanchoi.api.drawing import Drawing
from sanchoi.api.problems import Problem
from sanchoi.gis.errors import ContractError

HOME = "Hòa Phú"
PAGE, REST = f"/vi/r/small/communes/{HOME}/sheet.pdf", f"/api/v1/results/small/communes/{HOME}/sheet.pdf"
SITE = "/parcels/P%2F3/sheet.pdf"
FAKE = """
import json, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    if asked["of"] == "slow": time.sleep(30)
    if asked["of"] == "gone": sys.exit(1)
    if asked["of"] == "wait": time.sleep(0.5)
    told, body = {}, ("%PDF " + asked["of"]).encode()
    if asked["of"] == "wrong": told, body = {"error": "ContractError", "told": ["a", "b", "c"], "vi": "v"}, b""
    if asked["of"] == "changed": told, body = {"changed": True}, b""
    sys.stdout.write(json.dumps({**told, "bytes": len(body), "last": asked["of"] == "last"}) + "\\n" + body.decode())
    sys.stdout.flush()
    if asked["of"] == "last": break
"""


@pytest.fixture(scope="module")
def asked():
    with service.client() as found:
        yield found


def words(answer, page=0):
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content)).pages[page].extract_text()


def test_a_map_a_fact_sheet_and_a_plan_by_pages_and_by_programs(asked):
    run = asked.app.state.library.get("small").run["run_id"]
    for address, said in (
        (f"{PAGE}?kind=gap&scale=fit", "Bản đồ"),
        (f"{PAGE}?kind=reach&scale=5000&paper=A4&style=print-grey", "1:5.000"),
        (f"{REST}?kind=fact&lang=vi", HOME),
        ("/vi/r/small" + SITE, "P/3"),
        (f"/api/v1/results/small{SITE}?lang=en&portrait=true", "P/3"),
    ):
        text = words(asked.get(address))
        assert said in text or said.upper() in text, (address, text[:400])
        assert run in text, address


def test_the_answer_is_named_kept_and_not_drawn_for_who_has_it(asked):
    first = asked.get(f"{PAGE}?scale=fit", headers={"accept-encoding": "identity"})
    assert first.headers["content-disposition"].startswith('inline; filename="sheet-gap-hoa-phu')
    assert first.headers["cache-control"] == "no-cache"
    tag = first.headers["etag"]
    assert asked.get(f"{PAGE}?scale=fit", headers={"if-none-match": tag}).status_code == 304
    assert asked.get(f"{PAGE}?scale=fit&paper=A4", headers={"accept-encoding": "identity"}).headers["etag"] != tag
    again = asked.get(f"{PAGE}?scale=fit", headers={"accept-encoding": "identity"})
    assert again.content == first.content
    head = asked.head(f"{REST}?scale=fit")
    assert (head.status_code, head.content, head.headers["content-type"]) == (200, b"", "application/pdf")


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        (f"{PAGE}?kind=map", 400, "gap, reach, fact"),
        (f"{PAGE}?paper=A9", 400, "A4"),
        (f"{PAGE}?portrait=x", 400, "0, 1"),
        (f"{PAGE}?style=neon", 400, "plain"),
        (f"{PAGE}?scale=0", 400, "10000 là 1:10.000"),
        (f"{PAGE}?scale=nan", 400, "10000"),
        (f"{PAGE}?colour=red", 400, "paper"),
        (f"{PAGE}?scale=100&paper=A4", 422, "quá nhiều tờ"),
        (f"{PAGE}?scale=200", 422, "quá nhiều tờ"),
        (f"{REST}?kind=map", 400, "gap"),
        (f"{REST}?scale=1e99", 400, "10000"),
        (f"{REST}?scale=fit&scale=fit", 400, "một giá trị"),
        (f"{REST}?colour=red", 400, "paper"),
        ("/vi/r/small/communes/x/sheet.pdf", 404, "xã, phường x"),
        ("/vi/r/small/communes/..%2F..%2Fetc%2Fpasswd/sheet.pdf", 404, "passwd"),
        ("/vi/r/small/parcels/P9/sheet.pdf", 404, "thửa đất P9"),
        ("/vi/r/none/parcels/P1/sheet.pdf", 404, "none"),
        ("/api/v1/results/small/parcels/%00/sheet.pdf", 404, "thửa đất"),
    ],
)
def test_what_is_not_there_or_not_possible_is_told_in_words(asked, address, status, said):
    answer = asked.get(address, headers={"accept-language": "vi"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert said in answer.text


def test_a_plan_of_too_many_sheets_is_a_jobs_work(asked):
    """P1 is 30 m wide, 312 mm at 1:100 with its margins: two frames of A4 by three."""
    entry = asked.app.state.library.get("small")
    sheet = asdict(Sheet(str(entry.folder), "small", entry.etag, "site", "P1", "A4", scale=100.0))
    assert Drawing().draw(sheet | {"pages": 6})[:5] == b"%PDF-"
    with pytest.raises(ContractError, match="6 sheets at 1:100"):
        Drawing().draw(sheet | {"pages": 5})


def test_the_document_has_both(asked):
    paths = asked.get("/api/v1/openapi.json").json()["paths"]
    for path in ("communes/{commune}", "parcels/{parcel}"):
        told = paths[f"/api/v1/results/{{result}}/{path}/sheet.pdf"]["get"]["responses"]["200"]["content"]
        assert list(told) == ["application/pdf"]


def test_a_result_that_is_made_anew_gives_no_sheet_of_two_runs(tmp_path):
    """The process reads the new run and not the old tables that it has; while the record is another, it gives nothing."""
    folder = shutil.copytree(service.result(), tmp_path / "small")
    with service.client(folder) as found:
        assert found.get(f"{PAGE}?scale=fit").status_code == 200
        record = (folder / "run.json").read_text(encoding="utf-8")
        entry = found.app.state.library.get("small")
        (folder / "run.json").write_text(record.replace(entry.run["run_id"], "f" * 12), encoding="utf-8")
        sheet = Sheet(str(entry.folder), "small", entry.etag, "gap", HOME, scale="fit")
        with pytest.raises(Problem) as refused:
            found.portal.call(found.app.state.drawer.draw, sheet)
        assert refused.value.key == "unavailable"
        answer = found.get(f"{PAGE}?scale=fit", headers={"cache-control": "no-cache"})
        while answer.status_code == 304 or found.app.state.library.get("small").etag == entry.etag:
            answer = found.get(f"{PAGE}?scale=fit")
        assert "f" * 12 in words(found.get(f"{PAGE}?scale=fit"))


def sheet(of, **more):
    return Sheet("/nowhere", "small", "x", "gap", of, **more)


def run(drawer, *sheets):
    """What came of sheets that are all asked for at once."""

    async def all_():
        return await asyncio.gather(*(drawer.draw(each) for each in sheets), return_exceptions=True)

    return asyncio.run(all_())


@pytest.fixture
def drawer():
    made = Drawer((sys.executable, "-c", FAKE), seconds=60, waiting=4)
    yield made
    made.close()


def test_twenty_who_ask_for_one_sheet_get_one(drawer):
    assert run(drawer, *[sheet("wait")] * 20) == [b"%PDF wait"] * 20


def test_who_comes_when_too_many_wait_is_asked_to_come_again(drawer):
    came = run(drawer, *(sheet("wait", pages=k) for k in range(6)))
    assert came[:4] == [b"%PDF wait"] * 4
    assert [each.key for each in came[4:]] == ["unavailable"] * 2
    assert run(drawer, sheet("a")) == [b"%PDF a"]


def test_one_that_takes_too_long_is_ended_and_the_next_is_drawn():
    made = Drawer((sys.executable, "-c", FAKE), seconds=0.8)
    try:
        late, _ = run(made, sheet("slow"), sheet("b"))
        assert late.key == "unavailable"
        assert "lâu hơn" in late.told("vi", "")["detail"]
        made.seconds = 60  # it is not the start of the next one that is too long
        assert run(made, sheet("b")) == [b"%PDF b"]
    finally:
        made.close()


def test_a_process_that_ends_is_started_again(drawer):
    assert run(drawer, sheet("last")) == [b"%PDF last"]
    assert run(drawer, sheet("c")) == [b"%PDF c"]
    (gone,) = run(drawer, sheet("gone"))
    assert gone.key == "unavailable"
    drawer._process = None
    assert run(drawer, sheet("d")) == [b"%PDF d"]


def test_errors_come_as_they_are(drawer):
    wrong, changed = run(drawer, sheet("wrong"), sheet("changed"))
    assert isinstance(wrong, ContractError)
    assert (str(wrong), wrong.vi) == ("a · b · c", "v")
    assert changed.key == "unavailable"


def test_nothing_is_left_when_the_service_stops():
    made = Drawer((sys.executable, "-c", FAKE))
    run(made, sheet("e"))
    process = made._process
    made.close()
    assert process.poll() is not None
    assert not [each for each in threading.enumerate() if each.name.startswith("drawer")] or made._closed


def test_others_are_answered_while_sheets_are_drawn(asked):
    """Twenty different sheets wait; pages and lists are answered meanwhile, and who is refused is told when to come again."""
    asked.get(f"{PAGE}?scale=fit")
    with ThreadPoolExecutor(24) as pool:
        sheets = [pool.submit(asked.get, f"{PAGE}?scale={10_000 + k}") for k in range(20)]
        others = [pool.submit(asked.get, "/api/v1/results/small/gaps") for _ in range(4)]
        assert [each.result(timeout=120).status_code for each in others] == [200] * 4
        assert not all(each.done() for each in sheets)
        codes = [each.result().status_code for each in sheets]
        assert set(codes) <= {200, 503}
        assert codes.count(200) >= 12
        assert all(each.result().headers["retry-after"] for each in sheets if each.result().status_code == 503)
