"""The pages in a real browser against a live service, all other hosts blocked."""

import contextlib
import re
import time
import urllib.parse

import pandas as pd
import pytest
import service
from browser import chromium, faults, leading, live, reader, until
from sanchoi.api.app import create

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process
WIDE, NARROW = (1280, 800), (360, 740)
HTTP_404 = "404 (Not Found)"
LIMIT_BYTES = 300_000
BITS, DELAY_MS = 1_600_000, 150


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(results):
    with live(create(service.settings(*results.values()))) as found:
        yield found


def pages(results, lang):
    """One of each kind of page, on results that know much and little."""
    small = f"/{lang}/r/small"
    parcels = pd.read_parquet(results["small"] / "tables" / "parcels.parquet")
    names = {verdict: rows["parcel_id"].iloc[0] for verdict, rows in parcels.groupby("verdict")}
    commune = urllib.parse.quote("Hòa Phú")
    return [
        f"/{lang}/",
        f"{small}/",
        f"{small}/gap",
        f"{small}/sites",
        f"{small}/communes",
        f"{small}/communes/{commune}",
        f"{small}/parcels",
        *(f"{small}/parcels/{urllib.parse.quote(name, safe='')}" for name in names.values()),
        f"{small}/budget",
        f"{small}/methods",
        f"{small}/parcels/nothing",
        f"/{lang}/r/bare/sites",
        f"/{lang}/r/unknown/",
        f"/{lang}/r/unknown/communes/{commune}",
        f"/{lang}/r/hostile/methods",
    ]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desktop", "phone"])
def test_every_page_is_sound(browser, address, results, lang, size):
    """No error, nothing asked elsewhere, nothing wider than the screen, nothing serious for axe-core."""
    with reader(browser, address, *size, reduced_motion="reduce") as found:
        for path in pages(results, lang):
            found.page.goto(path, wait_until="load")
            assert faults(found.page) == [], path
            width = found.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size[0], (path, width)
            found.said = [text for text in found.said if HTTP_404 not in text or "nothing" not in path]
            assert found.said == [], path
        assert found.foreign() == []


@pytest.mark.parametrize(("page", "mark"), [("gap", "#legend li"), ("sites", "#legend li")])
def test_the_maps_work_in_their_sandbox(browser, address, page, mark):
    with reader(browser, address) as found:
        found.page.goto(f"/vi/r/small/{page}")
        frame = found.page.frame_locator("iframe")
        frame.locator(mark).first.wait_for()
        assert frame.locator("html").get_attribute("lang") == "vi"
        assert frame.locator("path.leaflet-interactive").count() >= 2
        inside = found.page.frames[1]
        assert inside.evaluate("self.origin") == "null"
        assert faults(inside) == []
        assert found.said == []
        assert found.foreign() == []


def test_lists_are_renewed_in_place(browser, address):
    expect = pytest.importorskip("playwright.sync_api").expect
    with reader(browser, address) as found:
        page = found.page
        page.goto("/vi/r/odd/parcels")
        page.evaluate("window.same = true")
        lines = page.locator("#list tbody tr")
        page.select_option("#verdict", "excluded")
        expect(lines).to_have_count(1)
        page.wait_for_url("**verdict=excluded**")
        expect(page.locator("#languages a[lang=en]")).to_have_attribute("href", re.compile("verdict=excluded"))
        expect(page.locator("#found")).to_contain_text("1 trong 6")
        page.select_option("#verdict", "")
        expect(lines).to_have_count(6)
        expect(page.locator("#list")).not_to_have_class(re.compile("htmx-added"))  # its links lead by script only then
        page.click("#list thead th:first-child a")
        expect(page.locator("#list thead th").first).to_have_attribute("aria-sort", "ascending")
        assert page.evaluate("window.same") is True
        page.go_back()
        expect(page.locator("#list thead th[aria-sort] a")).to_have_text(re.compile("Hạng"))
        assert found.said == []


def test_a_list_that_does_not_come_leaves_no_other_beside_the_filter(browser, address):
    """Where the answer to a filter is a refusal or none at all, figures of the filter before do not stay beside it."""
    with reader(browser, address) as found:
        page = found.page
        refused = {"status": 503, "content_type": "text/html", "body": "<h1>Đang bận</h1>"}
        for act in (lambda route: route.fulfill(**refused), lambda route: route.abort()):
            page.goto("/vi/r/odd/parcels")
            page.locator("#list tbody tr").first.wait_for()
            page.route("**/parcels?*verdict=excluded*", act)
            page.select_option("#verdict", "excluded")
            page.locator("#list").wait_for(state="detached")
            page.unroute("**/parcels?*verdict=excluded*")


def into(held):
    return lambda route: held.append(route)


def test_of_a_filter_and_a_heading_one_is_asked_for(browser, address):
    """A filter goes before a heading of the list before it, whichever was first, however slow the line is."""
    expect = pytest.importorskip("playwright.sync_api").expect
    with reader(browser, address) as found:
        page = found.page
        for slow in ("verdict=excluded", "sort=parcel_id"):
            page.goto("/vi/r/odd/parcels")
            held = []
            page.route(f"**/parcels?*{slow}*", into(held))
            if slow.startswith("verdict"):
                page.select_option("#verdict", "excluded")
                until(page, "document.querySelector('.htmx-request') !== null")
                page.click("#list thead th:first-child a")
                page.wait_for_timeout(500)
            else:
                page.click("#list thead th:first-child a")
                until(page, "document.querySelector('.htmx-request') !== null")
                page.select_option("#verdict", "excluded")
                expect(page.locator("#list tbody tr")).to_have_count(1)
            with contextlib.suppress(Exception):  # it was given up
                held[0].continue_()
            expect(page.locator("#list tbody tr")).to_have_count(1)
            page.wait_for_timeout(300)
            assert page.locator("#verdict").input_value() == "excluded"
            assert "verdict=excluded" in page.url
            assert "1 trong 6" in page.locator("#found").inner_text()
            page.unroute(f"**/parcels?*{slow}*")


def test_lists_and_forms_work_without_scripts(browser, address):
    with reader(browser, address, java_script_enabled=False) as found:
        page = found.page
        page.goto("/en/r/odd/parcels")
        page.select_option("#verdict", "excluded")
        with leading(page):
            page.click("form button")
        assert "verdict=excluded" in page.url
        assert page.locator("#list tbody tr").count() == 1
        with leading(page):
            page.click("#languages a[lang=vi]")
        assert "/vi/r/odd/parcels?" in page.url
        assert page.locator("#list tbody tr").count() == 1
        page.goto("/en/r/small/gap")
        page.select_option("#band", "0-5")
        with leading(page):
            page.click("form button")
        assert "0–5 years" in page.inner_text("#list caption")
        with leading(page):
            page.click("#list thead th:first-child a")
        assert page.get_attribute("#list thead th:first-child", "aria-sort") == "ascending"
        page.goto("/en/r/small/communes")
        page.fill("#q", "dai lanh")
        with leading(page):
            page.press("#q", "Enter")
        assert page.locator("#list tbody th").all_inner_texts() == ["Đại Lãnh"]
        with leading(page):
            page.click("#list tbody th a")
        assert page.inner_text("h1") == "Đại Lãnh"


def test_the_keyboard_reaches_the_content_and_the_map(browser, address):
    with reader(browser, address) as found:
        page = found.page
        page.goto("/vi/r/small/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        box = page.locator(".skip").first.bounding_box()
        assert box["x"] >= 0
        page.keyboard.press("Enter")
        page.locator("#main:focus").wait_for()  # Chromium moves the focus with the next frame
        page.keyboard.press("Tab")  # past the map
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('svg') !== null")
        page.keyboard.press("Enter")
        page.wait_for_url("**/communes/**")


def test_the_menu_opens_on_a_phone(browser, address):
    with reader(browser, address, *NARROW, java_script_enabled=False) as found:
        page = found.page
        page.goto("/vi/r/small/gap")
        assert not page.locator("nav.wide").is_visible()
        page.click("details.narrow summary")
        with leading(page):
            page.click("details.narrow a >> text=Thửa đất")
        assert page.inner_text("h1") == "Thửa đất"


def test_paper_shows_the_content_and_no_controls(browser, address):
    with reader(browser, address) as found:
        found.page.goto("/vi/r/small/gap")
        found.page.emulate_media(media="print")
        assert found.page.locator("#list table").is_visible()
        for gone in ("header nav.wide", "iframe", "form.filters", "#languages"):
            assert not found.page.locator(gone).is_visible(), gone


def test_the_first_page_is_light_and_quick_on_a_slow_line(browser, address):
    """1.6 Mbit/s and 150 ms: the page, its style and its script in all; seen well before all has come.

    The best of some tries counts: the page is measured, not what else the machine has to do.
    """
    tries = []
    for _ in range(12):
        tries.append(first_page(browser, address))
        if min(took for _, took, _ in tries) < 4 and min(painted for _, _, painted in tries) < 2500:
            break
    for sizes, _, _ in tries:
        assert len(sizes) >= 3
        assert sum(sizes) <= LIMIT_BYTES
    assert min(took for _, took, _ in tries) < 4
    assert min(painted for _, _, painted in tries) < 2500


def first_page(browser, address):
    """Bytes of what came on a slow line, seconds until all had, and milliseconds until something was seen."""
    with reader(browser, address, *NARROW) as found:
        line = found.page.context.new_cdp_session(found.page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": DELAY_MS, "downloadThroughput": BITS / 8, "uploadThroughput": BITS / 8},
        )
        sizes = []
        line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        begun = time.monotonic()
        found.page.goto("/vi/r/small/", wait_until="load")
        took = time.monotonic() - begun
        painted = found.page.evaluate(
            "new Promise(done => new PerformanceObserver(list => done(list.getEntries()[0].startTime))"
            ".observe({type: 'paint', buffered: true}))"
        )
        return sizes, took, painted


def test_no_page_asks_for_what_it_does_not_show(browser, address):
    """A page loads its style, its icon, htmx, a line for its list, and no more; maps only where they are shown."""
    with reader(browser, address) as found:
        found.page.goto("/vi/r/small/communes", wait_until="networkidle")
        names = sorted(re.sub(r"^.*/", "", urllib.parse.urlsplit(url).path) for url in found.asked[1:])
        assert set(names) <= {"pages.css", "htmx.js", "icon.svg", "lists.js"}
