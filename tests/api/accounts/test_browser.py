"""Accounts in a real browser that reaches no other host: from the link to the key, with scripts and without; axe, phone width."""

import re

import people
import pytest
import service
from browser import chromium, faults, leading, live, reader
from sanchoi.api.accounts import invitations
from sanchoi.api.app import create

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process
PHONE = (360, 740)


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def app():
    return create(service.settings(), people.QUICK)


@pytest.fixture
def address(app):
    with live(app) as found:
        yield found


def fits(page):
    """Nothing is wider than the phone."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def checked(page):
    page.wait_for_load_state()  # a page whose style is still on its way is laid out without it
    assert fits(page), page.url
    assert faults(page) == [], page.url


@pytest.mark.parametrize(("lang", "scripts"), [("vi", True), ("en", False)])
def test_from_the_first_link_to_an_official_who_logs_in(browser, app, address, lang, scripts):
    secret = invitations.first(app.state.store)
    with reader(browser, address, *PHONE, java_script_enabled=scripts) as found:
        page = found.page
        look = checked if scripts else lambda page: None
        page.goto(f"/{lang}/account/invited/{secret}")
        look(page)
        page.fill("#login", "quản-trị")
        page.fill("#name", "Người quản trị có tên rất dài để xem trang có bị vỡ trên điện thoại không")
        page.fill("#password", people.PASSWORD)
        page.fill("#again", people.PASSWORD)
        with leading(page):
            page.click("main form button")
        page.wait_for_url(re.compile("said=welcome"))
        look(page)
        page.goto(f"/{lang}/users")
        look(page)
        page.check("input[name=role][value=commune]")
        page.check("input[name=communes] >> nth=0")
        if scripts:
            page.fill("#search-text", "hoa phu")
            shown = page.eval_on_selector_all("#communes label.tick", "all => all.filter(e => !e.hidden).length")
            assert shown == 2, "the one that is looked for, and the one that is chosen"
            page.fill("#search-text", "")
        with leading(page):
            page.click("form[action$=invite] button")
        link = page.inner_text("#secret")
        look(page)
        with leading(page):
            page.click("#who button")
        page.wait_for_url(re.compile("said=out"))
        look(page)
        page.goto(link.replace("http://testserver", ""))
        page.fill("#login", "hà")
        page.fill("#name", "Hà")
        page.fill("#password", "một con suối nhỏ")
        page.fill("#again", "một con suối nhỏ")
        with leading(page):
            page.click("main form button")
        with leading(page):
            page.click("#who button")
        page.fill("#login", "hà")
        page.fill("#password", "sai mật khẩu")
        with leading(page):
            page.click("main form button")
        page.wait_for_selector("#fault")
        look(page)
        page.fill("#password", "một con suối nhỏ")
        with leading(page):
            page.press("#password", "Enter")
        page.wait_for_url(re.compile("/account$"))
        page.click("summary:has-text('khóa'), summary:has-text('key')")
        page.fill("#token-name", "QGIS")
        with leading(page):
            page.click("form[action$=tokens] button")
        assert page.inner_text("#secret").startswith("sc_")
        look(page)
        assert found.foreign() == []
        said = [each for each in found.said if "401" not in each]
        assert said == []


def test_the_what_if_page_answers_who_has_logged_in(browser, app, address):
    """Its script sends what the session's writes must carry."""
    secret = invitations.first(app.state.store)
    with reader(browser, address) as found:
        page = found.page
        page.goto(f"/vi/account/invited/{secret}")
        page.fill("#login", "qt")
        page.fill("#name", "Quản trị")
        page.fill("#password", people.PASSWORD)
        page.fill("#again", people.PASSWORD)
        with leading(page):
            page.click("main form button")
        answers = []
        page.on("response", lambda answer: answers.append((answer.request.method, answer.status)))
        gone = app.state.library.get(service.RESULT).table("play_areas")["play_area_id"].iloc[0]
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.goto(f"/vi/r/{service.RESULT}/what-if?changes=" + f'[{{"action":"close","play_area_id":"{gone}"}}]')
        page.wait_for_load_state("networkidle")
        assert {status for method, status in answers if method == "POST"} == {200}
        assert all(status < 400 for _, status in answers), answers


def test_a_closed_page_leads_to_the_log_in_and_back(browser, app):
    closed = create(service.settings(private=True), people.QUICK)
    secret = invitations.first(closed.state.store)
    with live(closed) as address, reader(browser, address, *PHONE) as found:
        page = found.page
        page.goto(f"/en/account/invited/{secret}")
        page.fill("#login", "qt")
        page.fill("#name", "Administrator")
        page.fill("#password", people.PASSWORD)
        page.fill("#again", people.PASSWORD)
        with leading(page):
            page.click("main form button")
        with leading(page):
            page.click("#who button")
        page.goto(f"/en/r/{service.RESULT}/communes")
        assert "/en/account/login?next=" in page.url
        checked(page)
        page.fill("#login", "qt")
        page.fill("#password", people.PASSWORD)
        with leading(page):
            page.click("main form button")
        page.wait_for_url(re.compile(f"/en/r/{service.RESULT}/communes$"))
        with leading(page):
            page.click("#who button")
        with leading(page):
            page.go_back()
        assert "/account/login" in page.url, "going back shows nothing that was kept"
