"""A headless Chromium without network, or with one live service on loopback and nothing else, for the tests of pages."""

import contextlib
import shutil
import threading
import time
from pathlib import Path

import pytest
import uvicorn

NAMES = ("chromium", "chromium-browser", "google-chrome")


class Visit:
    """One page with what it said and what it asked the network for."""

    def __init__(self, page):
        self.page, self.said, self.asked = page, [], []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: (self.said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: self.asked.append(request.url))

    @property
    def outside(self):
        return [url for url in self.asked if not url.startswith(("file:", "data:"))]


@contextlib.contextmanager
def chromium():
    """Start the system's Chromium, or skip with the reason."""
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("needs Chromium (on Debian: apt-get install chromium)")
    sync = pytest.importorskip("playwright.sync_api")
    sync.expect.set_options(timeout=30_000)  # as long as playwright waits for everything else
    with sync.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextlib.contextmanager
def visit(browser, path, width=1280, height=800):
    """Open a file with the network switched off."""
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    found = Visit(context.new_page())
    found.page.goto(path.resolve().as_uri())
    found.page.wait_for_selector("#table tbody tr")
    try:
        yield found
    finally:
        context.close()


AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"


@contextlib.contextmanager
def live(app):
    """Serve an application on loopback; gives its address."""
    how = {"host": "127.0.0.1", "port": 0, "log_level": "warning", "ws": "none"}
    # a line is not closed under who pauses for long, as happens on a busy machine
    server = uvicorn.Server(uvicorn.Config(app, **how, timeout_keep_alive=120))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(60)
    assert not thread.is_alive(), "the service waits for a reader who has not left"


@contextlib.contextmanager
def reader(browser, address, width=1280, height=800, **more):
    """A reader who can reach one address only: whatever is asked of another host fails and is noted in `outside`."""
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=address, **more)
    found = Visit(context.new_page())

    def gate(route):
        if route.request.url.startswith((address + "/", "data:", "blob:")):
            route.continue_()
        else:
            route.abort()

    context.route("**/*", gate)
    found.foreign = lambda: [url for url in found.asked if not url.startswith((address + "/", "data:", "blob:"))]
    try:
        yield found
    finally:
        context.close()


@contextlib.contextmanager
def leading(page):
    """What is done inside leads to another page, which has come at the end: a click or a key is over before that."""
    with page.expect_navigation():
        yield


def until(page, expression):
    """Wait until an expression is true on a page.

    Playwright's `wait_for_function` asks again from within the page, where our policy allows no `eval`.
    """
    end = time.monotonic() + 30
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(30)


def calm(page):
    """Wait until no map of the page is moving: Leaflet begins with the next frame and marks what it moves."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_selector(".leaflet-zoom-anim, .leaflet-pan-anim", state="detached")


def take(page, asked):
    """Search for a parcel on the sites map; gives what the panel says of it."""
    page.fill("#search", asked)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#panel[data-parcel="{asked}"]')
    calm(page)
    return page.inner_text("#panel")


def faults(page):
    """What axe-core finds serious or critical on a page: rule, how many, the first place."""
    if not AXE.is_file():
        pytest.skip("needs axe-core in node_modules (make setup)")
    page.wait_for_load_state()  # with its style: a click is over once the next page begins
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {iframes: false}).then(r => r.violations)")
    return [
        (each["id"], len(each["nodes"]), each["nodes"][0]["html"][:200], each["nodes"][0]["failureSummary"])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
