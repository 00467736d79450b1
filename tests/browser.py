"""A headless Chromium without network, for the tests of pages."""

import contextlib
import shutil

import pytest

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
    yield found
    context.close()
