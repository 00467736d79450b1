"""The review desk in a real browser: no other host, nothing that axe-core finds, by keyboard alone, at the width of a phone."""

import time

import people
import proposing
import pytest
import service
from browser import chromium, faults, live, reader, until
from fastapi.testclient import TestClient
from proposing import land, move, publish, put
from sanchoi.api.app import create
from sanchoi.api.jobs import proposals_work

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process
WIDE, NARROW = (1280, 800), (360, 740)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A service with a reviewer, three proposals of theirs and others', and a plan; its address and what is on it."""
    data = tmp_path_factory.mktemp("desk") / "data"
    app = create(service.settings(service.result(), data=data))
    asked = TestClient(app)
    cast = proposing.cast(asked)
    rows = []
    for name, x in (("official", 640), ("official", 655), ("neighbour", 1400)):
        rows.append(move(asked, cast[name], put(asked, cast[name], land(x, 470)), "submitted"))
    accepted = move(asked, cast["reviewer"], rows[2], "under_review", "accepted")
    publish(asked, cast["reviewer"], accepted)
    folder = data / "results" / "a-plan"
    folder.mkdir(parents=True)
    inputs = {"fixed_proposals": [accepted["id"]], "count": 2}
    entry = app.state.library.get(service.RESULT)
    proposals_work.plan(app.state.settings, entry, inputs, folder, lambda stage, share: None)
    time.sleep(1.1)
    people.acting(asked, cast["second"])
    with live(app) as address, chromium() as browser:
        yield browser, address, [each["id"] for each in rows], asked


def test_every_page_is_sound_at_both_widths(desk):
    browser, address, ids, _ = desk
    parts = ["desk", f"desk/compare?ids={ids[0]},{ids[1]}", "desk/plan", "desk/plan/a-plan", f"proposals/{ids[0]}"]
    pages = [*(f"vi/{each}" for each in parts), "en/desk"]
    with reader(browser, address, *WIDE) as found:
        for path in pages:
            found.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
            assert found.page.goto(f"{address}/{path}").status == 200
            found.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert faults(found.page) == [], path
            found.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
            until(found.page, f"innerWidth === {NARROW[0]}")
            spare = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert found.page.evaluate(spare) <= 0, path
            assert faults(found.page) == [], path
        assert found.said == []
        assert [url for url in found.asked if not url.startswith((address, "data:"))] == []


def test_a_reviewer_decides_without_scripts_and_by_keyboard_alone(desk):
    browser, address, ids, asked = desk
    with reader(browser, address, *NARROW, java_script_enabled=False) as found:
        page = found.page
        page.goto(f"{address}/vi/desk?state=waiting")
        page.get_by_role("link", name="ĐX-1 ·").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/vi/proposals/{ids[0]}")
        page.locator("#review summary", has_text="Nhận thẩm định").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("Tôi xem ngay")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**sent=move**")
        assert "đang thẩm định" in page.inner_text("main").lower()
        assert "Tôi xem ngay" in page.inner_text("main")
    assert asked.get(f"/api/v1/proposals/{ids[0]}").json()["state"] == "under_review"
