"""Jobs in a real browser: from the form to the file with a real runner, with scripts and without; axe-core, phone width."""

import io
import threading
import zipfile

import pytest
import service
from browser import chromium, faults, leading, live, reader
from sanchoi.api.app import create
from sanchoi.api.jobs import queue
from sanchoi.api.jobs.runner import Runner
from sanchoi.api.problems import Problem

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process
WIDE, NARROW = (1280, 800), (360, 740)
WAIT_MS = 60_000
REFUSED = "400 (Bad Request)"
EXPORT = "/r/small/export"


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def app(tmp_path):
    return create(service.settings(service.result(), data=tmp_path / "data"))


@pytest.fixture
def address(app):
    with live(app) as found:
        yield found


@pytest.fixture
def start(app):
    """Start a runner with its workers; it is stopped at the end."""
    runner = Runner(app.state.settings)
    thread = threading.Thread(target=runner.run)
    yield thread.start
    runner.stopping.set()
    if thread.ident is None:
        runner.store.close()
    else:
        thread.join()


def held(app, **inputs):
    """A job and a holder who tells how far it is, as a worker does."""
    job = queue.submit(app.state.store, "plan", {"result": "small", **inputs}, "small", "vi", 20).id
    return job, queue.claim(app.state.store, "here/1/a", 9).owner


def zipped(page):
    with page.expect_download() as caught:
        page.click("#job a[download]")
    with zipfile.ZipFile(io.BytesIO(caught.value.path().read_bytes())) as found:
        assert found.testzip() is None
        return set(found.namelist())


def test_an_export_from_the_form_to_its_file(browser, address, start):
    """The page follows the job by itself: it is never loaded anew."""
    with reader(browser, address, *WIDE) as found:
        page = found.page
        page.goto("/vi/r/small/")
        with leading(page):
            page.click(f"main a[href$='{EXPORT}']")
        page.click("form.job summary")
        for each in ("#format-sheet-gap", "#format-fact-sheet"):
            page.uncheck(each)
        for each in ("#part-tables", "#part-maps"):
            page.check(each)
        with leading(page):
            page.click("form.job button")
        page.wait_for_url("**/vi/jobs/*")
        assert page.locator("#state").text_content() == "Đang chờ"
        assert page.locator("#refresh").is_hidden()
        page.evaluate("window.same = true")
        start()
        page.locator("#job a[download]").wait_for(timeout=WAIT_MS)
        assert page.evaluate("window.same") is True
        assert page.title().startswith("Xuất hồ sơ: Đã xong")
        assert page.locator("#said").text_content() == "Đã xong"
        assert page.locator("#job button").count() == 0
        names = zipped(page)
        assert {"small/run.json", "small/tables/gaps.csv", "small/maps/gap.html"} <= names
        assert "small/result.gpkg" not in names
        assert (found.said, found.foreign()) == ([], [])


def test_the_same_without_scripts(browser, address, start):
    """The page renews itself every few seconds, and has a link for who cannot wait."""
    with reader(browser, address, *NARROW, java_script_enabled=False) as found:
        page = found.page
        page.goto(f"/en{EXPORT}")
        page.uncheck("#format-sheet-gap")
        page.uncheck("#format-fact-sheet")
        page.click("form.job summary")
        page.check("#part-geopackage")
        with leading(page):
            page.click("form.job button")
        page.wait_for_url("**/en/jobs/*")
        with page.expect_request(lambda asked: asked.is_navigation_request()):  # the page renews itself meanwhile
            page.click("#refresh")
        assert page.locator("#state").text_content() == "Waiting"
        start()
        page.locator("#job a[download]").wait_for(timeout=WAIT_MS)  # nobody touches the page
        assert "small/result.gpkg" in zipped(page)


def test_the_bar_and_the_words_follow_the_events(browser, app, address):
    store = app.state.store
    job, owner = held(app, count=3)
    with reader(browser, address, *NARROW) as found:
        page = found.page
        page.goto(f"/vi/jobs/{job}")
        queue.tell(store, job, owner, "siting", 0.5, 37)
        page.locator("#percent", has_text="37").wait_for()
        assert page.evaluate("document.getElementById('bar').value") == 37
        assert page.locator("#stage").text_content() == "Chọn nơi xây"
        assert page.locator("#said").text_content() == "Đang làm: chọn nơi xây"
        page.focus("#job button")
        queue.fail(store, job, owner, Problem("job_failed", pairs={"message": ("Hết bộ nhớ.", "No memory.")}))
        page.locator("#job .problem", has_text="Hết bộ nhớ.").wait_for()
        assert page.evaluate("document.activeElement.id") == "main"  # the button that had the focus is gone
        assert faults(page) == []
        assert found.said == []


def test_a_job_is_cancelled_by_its_button(browser, app, address):
    job, _ = held(app)
    with reader(browser, address) as found:
        page = found.page
        page.goto(f"/vi/jobs/{job}")
        page.click("#job button")
        page.locator(".state.dismissed").wait_for()
        assert page.url.endswith(f"/vi/jobs/{job}")
        assert queue.get(app.state.store, job).status == "dismissed"
        assert found.said == []


def test_a_refused_form_leads_to_its_fields_and_keeps_them(browser, address):
    with reader(browser, address, *NARROW) as found:
        page = found.page
        page.goto("/vi/r/small/sites")
        with leading(page):
            page.click("main a[href$='plan-again']")
        page.fill("#fixed", "nope\nP1")
        page.fill("#count", "2")
        with leading(page):
            page.click("form.job button")
        page.locator("#fixed-fault").wait_for()
        assert page.input_value("#fixed") == "nope\nP1"
        assert faults(page) == []
        with leading(page):  # to the field, on the same page
            page.click("#problem a")
        assert page.url.endswith("#fixed")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
        assert [text for text in found.said if REFUSED not in text] == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desktop", "phone"])
def test_every_page_is_sound(browser, app, address, size):
    """No error, nothing asked elsewhere, nothing wider than the screen, nothing serious for axe-core."""
    store = app.state.store
    jobs = {way: held(app, name="x" * 60, fixed=["y" * 200]) for way in ("running", "failed", "done", "dismissed")}
    jobs["accepted"] = (queue.submit(store, "export", {"result": "small"}, "small", "vi", 20).id, "")
    queue.fail(store, *jobs["failed"], Problem("fault"))
    queue.succeed(store, *jobs["done"], lambda: {"file": "gone.zip"})
    queue.dismiss(store, jobs["dismissed"][0])
    places = ["jobs", "run", "r/small/plan-again", "r/small/export", *(f"jobs/{job}" for job, _ in jobs.values())]
    with reader(browser, address, *size, reduced_motion="reduce") as found:
        for lang in ("vi", "en"):
            for place in places:
                found.page.goto(f"/{lang}/{place}")
                assert found.page.locator("html").get_attribute("lang") == lang
                assert faults(found.page) == [], place
                assert found.page.evaluate("document.documentElement.scrollWidth") <= size[0], place
        assert (found.said, found.foreign()) == ([], [])
