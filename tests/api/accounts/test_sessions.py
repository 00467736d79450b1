"""Sessions over HTTP: the cookie, the seal of forms, log-out, passwords, keys for programs; each attack is refused and logged."""

import logging
import re

import people
import pytest
import service
from sanchoi.api.accounts import sessions, throttle, tokens
from sanchoi.api.store import AuditRow, Session, Token, User
from sanchoi.api.store.models import now
from sqlalchemy import select, update

NEW = "ba con suối nhỏ 9"


def actions(client):
    with client.app.state.store.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


def rows(client, kind):
    with client.app.state.store.reading() as session:
        return list(session.scalars(select(kind)))


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def token(client, person, *scopes, days=90):
    with client.app.state.store.session() as session:
        return tokens.make(session, person.id, session.get(User, person.user_id), "thử", scopes, days)[1]


@pytest.fixture
def _guesses_at_one_moment(monkeypatch):
    """Guesses are counted by a clock that stands: how long a request takes does not help who guesses."""
    real, at = throttle.begin, now()
    monkeypatch.setattr(
        throttle, "begin", lambda store, login, address, clock=None: real(store, login, address, lambda: at)
    )


def test_the_database_knows_the_hash_of_the_cookie_alone(both):
    people.logged_in(both)
    (held,) = rows(both, Session)
    cookie = both.cookies["sanchoi"]
    assert held.hash == sessions.keys.digest(cookie)
    assert cookie not in (held.hash, held.csrf)


@pytest.mark.parametrize(
    ("base", "name", "secure"), [("", "sanchoi", False), ("https://san-choi.example/x", "__Host-sanchoi", True)]
)
def test_what_the_cookie_is(base, name, secure):
    with service.client(base_url=base) as client:
        known = people.add(client.app.state.store, "viewer", login="hà")
        client.app.state.hasher = people.QUICK
        with client.app.state.store.session() as session:
            session.get(User, known.user_id).password = people.QUICK.make(people.PASSWORD)
        told = people.log_in(client, "hà").headers["set-cookie"]
        assert re.fullmatch(
            rf"{name}=[A-Za-z0-9_-]{{43}}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax(; Secure)?", told
        )
        assert told.endswith("; Secure") == secure


def test_a_session_that_a_browser_came_with_is_never_adopted(both):
    planted = "A" * 43
    both.cookies.set("sanchoi", planted)
    people.logged_in(both)
    given = [each.value for each in both.cookies.jar if each.name == "sanchoi"]
    assert len(set(given)) == 2
    both.cookies.clear()
    both.cookies.set("sanchoi", planted)
    assert both.get("/vi/account").status_code == 401


def test_another_log_in_ends_the_session_before(both):
    people.logged_in(both, "viewer", login="một")
    first = both.cookies["sanchoi"]
    answer = people.log_in(both, "một", csrf=people.csrf(both))
    assert answer.status_code == 303
    second = both.cookies["sanchoi"]
    assert first != second
    both.cookies.clear()
    both.cookies.set("sanchoi", first)
    assert both.get("/vi/account").status_code == 401


def test_a_write_without_the_sessions_seal_is_refused_and_logged(asked, caplog):
    people.logged_in(asked, "administrator")
    mine = people.csrf(asked)
    with service.client() as elsewhere:
        people.logged_in(elsewhere, "administrator")
        anothers = people.csrf(elsewhere)
    before = actions(asked)
    multipart = {"files": {"x": ("x.txt", b"x")}}
    with caplog.at_level(logging.WARNING, "sanchoi.refused"):
        for seal in ("", "x", anothers, mine + "x", mine[:-1]):
            for more in (
                {"data": {"csrf": seal, "role": "viewer"}},
                {"data": {"csrf": seal, "role": "viewer"}, **multipart},
            ):
                assert asked.post("/vi/users/invite", **more).status_code == 403
            assert (
                asked.post("/vi/users/invite", data={"role": "viewer"}, headers={"X-CSRF-Token": seal}).status_code
                == 403
            )
        assert asked.post("/vi/users/invite", data={"role": "viewer"}).status_code == 403
        assert asked.post("/vi/users/invite").status_code == 403
        assert asked.post(f"/vi/users/invite?csrf={mine}", data={"role": "viewer"}).status_code == 403
        assert asked.post("/vi/users/invite", data={"csrf": [mine, "x"], "role": "viewer"}).status_code == 403
        assert (
            asked.post(
                "/vi/users/invite",
                content=b"\xff&csrf=%ff",
                headers={"content-type": "application/x-www-form-urlencoded"},
            ).status_code
            == 403
        )
        bad = {"content-type": "multipart/form-data"}
        assert asked.post("/vi/users/invite", content=b"--x\r\n", headers=bad).status_code == 403
    assert caplog.messages.count("form refused") == 21
    assert actions(asked) == before


@pytest.mark.parametrize("way", ["form", "multipart", "header"])
def test_a_write_with_it_is_done(asked, way):
    people.logged_in(asked, "administrator")
    seal = people.csrf(asked)
    told = {
        "form": {"data": {"csrf": seal, "role": "viewer"}},
        "multipart": {"data": {"csrf": seal, "role": "viewer"}, "files": {"x": ("x.txt", b"\x00" * 1000)}},
        "header": {"data": {"role": "viewer"}, "headers": {"X-CSRF-Token": seal}},
    }[way]
    assert asked.post("/vi/users/invite", **told).status_code == 200


def test_json_of_a_session_needs_the_header_and_gets_it_from_me(asked):
    people.logged_in(asked, "commune", ["Hòa Phú"])
    scenario = {"name": "A", "changes": [{"action": "close", "play_area_id": service_play_area(asked)}]}
    address = f"/api/v1/results/{service.RESULT}/scenarios"
    assert asked.post(address, json=scenario).status_code == 403
    me = asked.get("/api/v1/me").json()
    assert me["csrf"] == people.csrf(asked)
    assert (me["role"], me["rights"]) == ("commune", ["read", "propose"])
    assert asked.post(address, json=scenario, headers={"X-CSRF-Token": me["csrf"]}).status_code == 201
    asked.cookies.clear()
    nobody = asked.get("/api/v1/me")
    assert nobody.json() == {
        "id": None,
        "name": "",
        "role": None,
        "rights": [],
        "communes": [],
        "vintage": None,
        "csrf": None,
    }
    assert nobody.headers["cache-control"] == "private, no-store"


def service_play_area(client):
    return client.app.state.library.get(service.RESULT).table("play_areas")["play_area_id"].iloc[0]


def test_a_get_changes_nothing(asked):
    people.logged_in(asked, "administrator")
    for path in ("logout", "password", "everywhere", "tokens"):
        assert asked.get(f"/vi/account/{path}").status_code in (404, 405)
    assert asked.get("/vi/account").status_code == 200


def test_logging_out_ends_the_session_and_takes_the_cookie(both):
    people.logged_in(both)
    cookie = both.cookies["sanchoi"]
    answer = both.post("/vi/account/logout", data={"csrf": people.csrf(both)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/vi/account/login?said=out")
    assert "sanchoi" not in both.cookies
    assert rows(both, Session) == []
    both.cookies.set("sanchoi", cookie)
    assert both.get("/vi/account").status_code == 401
    assert actions(both)[-1] == "logout"
    assert both.post("/vi/account/logout").status_code == 303


def test_another_password_ends_every_other_session_and_key(both):
    person = people.logged_in(both, login="hà")
    key, first = token(both, person, "read"), both.cookies["sanchoi"]
    told = {"csrf": people.csrf(both), "old": people.PASSWORD, "new": NEW, "again": NEW}
    assert both.post("/vi/account/password", data={**told, "old": "wrong"}).status_code == 403
    assert both.post("/vi/account/password", data={**told, "again": "other"}).status_code == 400
    assert both.post("/vi/account/password", data={**told, "new": "short", "again": "short"}).status_code == 400
    assert both.get("/vi/account").status_code == 200
    answer = both.post("/vi/account/password", data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/vi/account?said=password")
    second = both.cookies["sanchoi"]
    assert second != first
    assert both.get("/vi/account").status_code == 200
    both.cookies.clear()
    both.cookies.set("sanchoi", first)
    assert both.get("/vi/account").status_code == 401
    both.cookies.clear()
    assert both.get("/api/v1/me", headers=bearer(key)).status_code == 401
    assert people.log_in(both, "hà").status_code == 401
    assert people.log_in(both, "hà", NEW).status_code == 303
    assert "password.change" in actions(both)


@pytest.mark.usefixtures("_guesses_at_one_moment")
def test_guessing_the_present_password_is_slowed_too(asked):
    people.logged_in(asked)
    told = {"csrf": people.csrf(asked), "old": "wrong", "new": NEW, "again": NEW}
    codes = [asked.post("/vi/account/password", data=told).status_code for _ in range(6)]
    assert codes == [403] * 5 + [429]
    right = asked.post("/vi/account/password", data={**told, "old": people.PASSWORD})
    assert right.status_code == 429
    assert right.headers["retry-after"] == "2"


def test_out_everywhere(both):
    people.logged_in(both, login="hà")
    first = both.cookies["sanchoi"]
    both.cookies.clear()
    people.log_in(both, "hà")
    assert len(rows(both, Session)) == 2
    assert both.post("/vi/account/everywhere", data={"csrf": people.csrf(both)}).status_code == 303
    both.cookies.set("sanchoi", first)
    assert both.get("/vi/account").status_code == 401
    assert rows(both, Session) == []


@pytest.mark.usefixtures("_guesses_at_one_moment")
def test_guessing_at_the_form_is_told_with_when_to_come_again(asked):
    codes = [people.log_in(asked, "hà", f"guess {n}").status_code for n in range(6)]
    assert codes == [401] * 5 + [429]
    answer = people.log_in(asked, "hà", "guess")
    assert answer.headers["retry-after"] == "2"
    assert "Xin chờ" in answer.text
    assert people.log_in(asked, "khác", "guess").status_code == 401


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_log_in_sends_nobody_elsewhere(asked, target):
    page = asked.get("/vi/account/login", params={"next": target})
    assert 'name="next" value=""' in page.text
    known = people.add(asked.app.state.store, "viewer", login="hà")
    with asked.app.state.store.session() as session:
        session.get(User, known.user_id).password = people.QUICK.make(people.PASSWORD)
    answer = people.log_in(asked, "hà", next=target)
    assert (answer.status_code, answer.headers["location"]) == (303, "/vi/account")


def test_a_key_does_what_its_scopes_name_and_no_more(both, caplog):
    person = people.logged_in(both, "reviewer")
    read, propose = token(both, person, "read"), token(both, person, "read", "propose")
    both.cookies.clear()
    scenario = {"name": "A", "changes": [{"action": "close", "play_area_id": service_play_area(both)}]}
    address = f"/api/v1/results/{service.RESULT}/scenarios"
    with caplog.at_level(logging.WARNING, "sanchoi.refused"):
        assert both.post(address, json=scenario, headers=bearer(read)).status_code == 403
    assert "right refused" in caplog.messages
    assert both.post(address, json=scenario, headers=bearer(propose)).status_code == 201, "and needs no seal"
    assert both.get("/api/v1/me", headers=bearer(read)).json()["rights"] == ["read"]
    assert both.get("/vi/account", headers=bearer(read)).status_code == 403, "an account is no program's to manage"
    (one, other) = rows(both, Token)
    assert {each.hash for each in (one, other)} == {sessions.keys.digest(read), sessions.keys.digest(propose)}
    assert one.used is not None


def test_with_a_key_cookies_are_passed_over(asked):
    person = people.logged_in(asked, "administrator")
    key = token(asked, person, "read")
    assert asked.get("/vi/users").status_code == 200
    assert asked.get("/vi/users", headers=bearer(key)).status_code == 403
    assert asked.get("/vi/users", headers=bearer("sc_" + "x" * 43)).status_code == 401


@pytest.mark.parametrize(
    "secret", ["", "sc_", "x", "sc_" + "A" * 43, "' OR 1=1 --", "sc_" + "é" * 30, "sc_\x00" + "A" * 40]
)
def test_a_key_that_is_none_is_refused_everywhere(asked, secret):
    headers = {"Authorization": b"Bearer " + secret.encode()}
    for path in ("/api/v1/me", "/vi/", "/ogc", f"/r/{service.RESULT}/files/run.json"):
        answer = asked.get(path, headers=headers)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert asked.get("/health", headers=headers).status_code == 200


def test_a_key_ends_when_it_is_revoked_expires_or_its_account_changes(both):
    person = people.logged_in(both, "reviewer")
    store = both.app.state.store

    def good(secret):
        return both.get("/api/v1/me", headers=bearer(secret)).status_code == 200

    one = token(both, person, "read")
    assert good(one)
    (held,) = rows(both, Token)
    answer = both.post(f"/vi/account/tokens/{held.id}/revoke", data={"csrf": people.csrf(both)})
    assert answer.status_code == 303
    assert not good(one)
    two = token(both, person, "read", days=1)
    assert good(two)
    with store.session() as session:
        session.execute(update(Token).values(expires=held.created))
    assert not good(two)
    three = token(both, person, "read")
    with store.session() as session:
        session.get(User, person.user_id).active = False
    assert not good(three)


def test_anothers_key_is_not_ones_own_to_revoke(asked):
    person = people.add(asked.app.state.store, "viewer")
    key = token(asked, person, "read")
    people.logged_in(asked, "administrator")
    (held,) = rows(asked, Token)
    told = {"csrf": people.csrf(asked)}
    for name in (held.id, "x", "%00", "0" * 32):
        assert asked.post(f"/vi/account/tokens/{name}/revoke", data=told).status_code == 404
    assert asked.get("/api/v1/me", headers=bearer(key)).status_code == 200


@pytest.mark.parametrize(
    "told",
    [
        {"scopes": ["review"]},
        {"scopes": ["administer"]},
        {"scopes": ["everything"]},
        {"scopes": []},
        {"days": "0"},
        {"days": "367"},
        {"days": "-1"},
        {"days": "1e3"},
        {"days": ""},
        {"days": "9" * 400},
        {"name": ""},
        {"name": "x" * 101},
        {"name": "a\x00b"},
    ],
    ids=str,
)
def test_no_key_beyond_the_role_or_without_an_end(asked, told):
    people.logged_in(asked, "commune")
    right = {"csrf": people.csrf(asked), "name": "QGIS", "days": "90", "scopes": ["read", "propose"]}
    answer = asked.post("/vi/account/tokens", data={**right, **told})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert rows(asked, Token) == []
    made = asked.post("/vi/account/tokens", data=right)
    secret = re.search(r'id="secret">(sc_[A-Za-z0-9_-]{43})<', made.text)[1]
    assert asked.get("/api/v1/me", headers=bearer(secret)).json()["rights"] == ["read", "propose"]
    assert secret not in asked.get("/vi/account").text, "it is shown once"
    assert actions(asked)[-1] == "token.make"


def test_what_a_person_sees_is_never_kept_for_another(asked):
    path = f"/vi/r/{service.RESULT}/"
    first = asked.get(path)
    assert "etag" in first.headers
    people.logged_in(asked, name="Người <b>khác</b>")
    mine = asked.get(path, headers={"if-none-match": first.headers["etag"]})
    assert mine.status_code == 200
    assert "Người &lt;b&gt;khác&lt;/b&gt;" in mine.text
    assert mine.headers["cache-control"] == "private, no-store"
    assert "etag" not in mine.headers
    assert "Cookie" in mine.headers["vary"]
    data = asked.get(f"/api/v1/results/{service.RESULT}")
    assert "access-control-allow-origin" not in data.headers
    assert data.headers["cache-control"] == "private, no-cache"
    asked.cookies.clear()
    again = asked.get(path)
    assert "khác" not in again.text
    assert again.headers["etag"] == first.headers["etag"]
    assert asked.get(f"/api/v1/results/{service.RESULT}").headers["access-control-allow-origin"] == "*"


def test_a_body_that_is_a_form_too_large_or_cut_off_is_refused_as_before(asked):
    people.logged_in(asked)
    big = asked.post(
        "/vi/account/tokens", content=b"x" * 2_100_000, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert big.status_code == 413
