"""Exports in a real browser: choose, wait, download; with scripts and without; axe-core, keyboard, phone width, no other host."""

import hashlib
import io
import json
import threading
import zipfile

import pytest
import service
from browser import chromium, faults, leading, live, reader
from sanchoi.api.app import create
from sanchoi.api.jobs.runner import Runner
from sanchoi.api.pages import exports

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process
WIDE, NARROW = (1280, 800), (360, 740)
WAIT_MS = 90_000
HOME = "Hòa Phú"
AT = "/vi/r/small/export"


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create(service.settings(service.result(), data=tmp_path_factory.mktemp("exports")))


@pytest.fixture(scope="module")
def address(app):
    runner = Runner(app.state.settings)
    thread = threading.Thread(target=runner.run)
    thread.start()
    with live(app) as found:
        yield found
    runner.stopping.set()
    thread.join()


def downloaded(page):
    """The zip that a job's page gives, its manifest proven."""
    page.locator("#job a[download]").wait_for(timeout=WAIT_MS)
    with page.expect_download() as caught:
        page.click("#job a[download]")
    with zipfile.ZipFile(io.BytesIO(caught.value.path().read_bytes())) as found:
        told = json.loads(found.read("manifest.json"))
        for name, each in told["files"].items():
            assert hashlib.sha256(found.read(name)).hexdigest() == each["sha256"], name
        return {each["format"] for each in told["files"].values()}, {each["of"] for each in told["files"].values()}


def test_from_the_communes_page_to_the_zip(browser, address):
    with reader(browser, address, *WIDE) as found:
        page = found.page
        page.goto(f"/vi/r/small/communes/{HOME}")
        with leading(page):
            page.click("text=Xuất hồ sơ")
        page.locator("#estimate").wait_for()  # the script that counts has come
        assert page.locator("#communes input:checked").count() == 1
        assert page.locator("#estimate").text_content() == "Khoảng 2 tệp."
        page.check("#format-xlsx")
        assert page.locator("#estimate").text_content() == "Khoảng 3 tệp."
        page.uncheck("#format-sheet-gap")
        page.select_option("#paper", "A4")
        with leading(page):
            page.click("form.job button[type=submit]")
        page.wait_for_url("**/vi/jobs/*")
        assert downloaded(page) == ({"fact-sheet", "xlsx"}, {HOME, None})
        assert (found.said, found.foreign()) == ([], [])


def test_the_same_without_scripts_on_a_phone(browser, address, monkeypatch):
    monkeypatch.setattr(exports, "MANY", 1)
    with reader(browser, address, *NARROW, java_script_enabled=False) as found:
        page = found.page
        page.goto("/en/r/small/export")
        assert page.locator("#estimate").is_hidden()
        page.uncheck("#format-sheet-gap")
        page.check("#scope-all")
        with leading(page):
            page.click("form.job button[type=submit]")
        assert "2 files" in page.locator("#many").text_content()
        page.check("#confirm")
        with leading(page):
            page.click("form.job button[type=submit]")
        page.wait_for_url("**/en/jobs/*")
        formats, of = downloaded(page)
        assert formats == {"fact-sheet"}
        assert len(of) == 2


def test_the_buttons_open_a_pdf(browser, address):
    with reader(browser, address, *WIDE) as found:
        page = found.page
        page.goto(f"/vi/r/small/communes/{HOME}")
        for words in ("Tải bản đồ (PDF)", "Phiếu số liệu (PDF)"):
            link = page.locator("main a", has_text=words).get_attribute("href")
            answer = page.request.get(address + link)
            assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
            assert answer.body().startswith(b"%PDF")


def test_the_keyboard_alone_and_the_search(browser, address):
    with reader(browser, address, *WIDE) as found:
        page = found.page
        page.goto(AT)
        page.focus("#search-text")
        page.keyboard.type("dai lanh")
        assert page.locator("#communes .choices label:visible").count() == 1
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert page.locator("#communes input:checked").get_attribute("value") == "Đại Lãnh"
        page.check("#scope-all")
        page.focus("#communes input:checked")
        page.keyboard.press("Space")
        page.keyboard.press("Space")
        assert page.locator("#scope-some").is_checked()  # a place that is ticked is meant


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desktop", "phone"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_is_sound_as_it_comes_and_as_it_is_refused(browser, address, lang, size):
    with reader(browser, address, *size, reduced_motion="reduce") as found:
        page = found.page
        page.goto(f"/{lang}/r/small/export")
        page.click("form.job summary")
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.fill("#scale", "5")
        page.fill("#crs", "1")
        with leading(page):
            page.click("form.job button[type=submit]")
        page.locator("#problem").wait_for()
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        with leading(page):  # to the field, on the same page
            page.click("#problem a")
        assert page.evaluate("document.activeElement !== document.body || location.hash.length > 1")
        assert found.foreign() == []
        assert [text for text in found.said if "400 (Bad Request)" not in text] == []
