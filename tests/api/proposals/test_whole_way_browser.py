"""The whole way in a real browser, no other host reached: drawn, answered, sent, asked back, sent again, accepted, adopted.

Three people log in with their passwords. After it the gap map is another one.
"""

import contextlib
import threading
import time

import numpy as np
import people
import pytest
import service
import small
from browser import chromium, live, reader
from sanchoi.api.app import create
from sanchoi.api.jobs.runner import Runner
from sanchoi.api.store import Proposal, User, trail
from sanchoi.gis.cells import to_crs
from sqlalchemy import select

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process
HOME, VINTAGE = "Hòa Phú", "2025-07-01"
LAND = ((700, 500), (740, 500), (740, 540), (700, 540))
NAMES = {"hanh": ("commune", [HOME]), "lan": ("reviewer", []), "minh": ("reviewer", [])}


@pytest.fixture
def app():
    made = create(service.settings())
    made.state.hasher = people.QUICK
    for login, (role, communes) in NAMES.items():
        actor = people.add(made.state.store, role, communes, VINTAGE, login=login, name=login.title())
        with made.state.store.session() as session:
            session.get(User, actor.user_id).password = people.QUICK.make(people.PASSWORD)
    return made


def degrees(x, y):
    lon, lat = to_crs(np.array([small.X + x]), np.array([small.Y + y]), small.CRS, "EPSG:4326")
    return [float(lat[0]), float(lon[0])]


@contextlib.contextmanager
def entered(browser, address, login):
    with reader(browser, address, 1280, 800, reduced_motion="reduce") as found:
        found.page.goto("/vi/account/login")
        found.page.locator("input[name=login]").fill(login)
        found.page.locator("input[name=password]").fill(people.PASSWORD)
        found.page.locator("input[name=password]").press("Enter")
        found.page.wait_for_url(lambda url: "login" not in url)
        yield found.page
        assert found.foreign() == []


def draw(page):
    page.goto("/vi/r/small/propose")
    page.locator("#map[data-layers]").wait_for()
    page.evaluate("at => { Propose.map.setView(at, 18, {animate: false}); }", degrees(720, 520))
    for corner in LAND:
        js = "at => { const p = Propose.map.latLngToContainerPoint(at); return [p.x, p.y]; }"
        left, top = page.evaluate(js, degrees(*corner))
        page.locator("#map").click(position={"x": left, "y": top})
    page.locator("#answer .headline").wait_for()
    page.locator("#done").click()
    page.locator("#name").fill("Bãi sau đình")
    page.locator("#land_use").select_option("BCS")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.locator("#saved").wait_for()
    return page.url.split("?")[0]


def send(page, url, reason):
    page.goto(url)
    page.locator("#submit-reason").fill(reason)
    page.locator("form:has(#submit-reason) button").click()
    page.wait_for_url("**sent**")


def decide(page, url, path, to, reason):
    page.goto(url)
    box = page.locator(f"#reason-{path}-{to}")
    page.locator(f"details:has(#reason-{path}-{to}) summary").click()
    box.fill(reason)
    page.locator(f"form:has(#reason-{path}-{to}) button").click()
    page.wait_for_url("**sent=**")


def test_from_the_first_corner_to_another_gap_map(app):
    with (
        live(app) as address,
        chromium() as browser,
        entered(browser, address, "hanh") as official,
        entered(browser, address, "lan") as lan,
        entered(browser, address, "minh") as minh,
    ):
        url = draw(official)
        send(official, url, "thôn chưa có sân chơi")
        decide(lan, url, "move", "needs_info", "xin ghi chủ sử dụng đất")
        official.goto(url)
        assert "xin ghi chủ sử dụng đất" in official.inner_text("main")
        official.goto(url + "/edit")
        official.locator("[name=owner]").fill("UBND phường")
        official.locator("form:has([name=owner]) button[type=submit]").first.click()
        official.wait_for_url(lambda found: "/edit" not in found)
        send(official, url, "đã ghi")
        decide(lan, url, "move", "under_review", "nhận")
        decide(minh, url, "move", "accepted", "đúng quy hoạch")
        decide(minh, url, "publish", "public", "ai cũng được biết")
        plan(app, minh)
        official.goto("/vi/r/small/gap")
        assert official.locator("a[href$='/gap/plan']").count() == 1
        official.goto("/vi/r/small/gap/plan")
        assert "ĐX-1" in official.inner_text("main")
    with app.state.store.reading() as session:
        found = session.scalars(select(Proposal)).one()
        assert (found.state, found.version, found.public) == ("in_plan", 2, True)
        assert found.scenario_id
        assert trail.verify(session).fault == ""


def plan(app, page):
    """Let sites be chosen anew by a real job, look at it, and adopt it."""
    page.goto("/vi/desk/plan")
    page.locator("select[name=use]").select_option(index=1)
    page.locator("[name=count]").fill("2")
    page.locator("form.wide button[type=submit]").last.click()
    page.wait_for_url("**/jobs/**")
    job = page.url.rsplit("/", 1)[1].split("?")[0]
    runner = Runner(app.state.settings)
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        address = f"/jobs/{job}"
        until = time.monotonic() + 120
        while page.request.get(address).json()["status"] in ("accepted", "running"):
            assert time.monotonic() < until
            page.wait_for_timeout(300)
    finally:
        runner.stopping.set()
        thread.join()
    made = page.locator("main a[href*='/desk/plan/']")
    for _ in range(20):  # a new result is seen within a second or two
        page.goto(f"/vi/jobs/{job}")
        if made.count():
            break
        page.wait_for_timeout(500)
    assert made.count(), page.inner_text("main")
    made.first.click()
    page.wait_for_url("**/desk/plan/**")
    page.locator("main textarea[name=reason], main input[name=reason]").first.fill("hội đồng đã thống nhất")
    page.locator("form:has([name=seen]) button[type=submit]").first.click()
    page.wait_for_url("**/gap/plan**")
