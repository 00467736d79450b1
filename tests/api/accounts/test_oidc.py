"""Log-in with a service outside: it lets in who has an account, and believes nothing that is not signed, fresh and meant for it."""

import logging

import fake_login
import people
import pytest
import service
from fake_login import CLIENT, SECRET
from joserfc.jwk import OctKey
from sanchoi.api.accounts import invitations, register
from sanchoi.api.accounts.oidc import Outside
from sanchoi.api.settings import SECRET as VARIABLE
from sanchoi.api.settings import Oidc, Settings
from sanchoi.api.store import AuditRow, User
from sqlalchemy import delete, select


@pytest.fixture(scope="module")
def running():
    with fake_login.provider() as made:
        yield made


@pytest.fixture
def outside(running):
    running.begin()
    return running


@pytest.fixture(scope="module")
def served(running):
    with service.client(oidc=Oidc(running.issuer, CLIENT, "Cổng tỉnh")) as client:
        client.app.state.hasher = people.QUICK
        yield client


@pytest.fixture
def asked(outside, served, monkeypatch):
    monkeypatch.setenv(VARIABLE, SECRET)
    served.cookies.clear()
    served.app.state.outside = Outside(served.app.state.settings.oidc)
    with served.app.state.store.session() as session:
        session.execute(delete(User))
    yield served
    served.app.state.outside.close()


def known(client, outside, role="commune"):
    """An account whose person the service outside knows as 42."""
    store = client.app.state.store
    made = people.add(store, role)
    with store.session() as session:
        session.get(User, made.user_id).subject = f"{outside.issuer} 42"
    return made


def begin(client, outside, **asked):
    """Press the button, and log in there: the address that one is sent back to."""
    answer = client.get("/vi/account/oidc", params=asked)
    assert answer.status_code == 303, answer.text
    return outside.authorize(answer.headers["location"]).removeprefix("http://testserver")


def refused(client, back, status=403):
    answer = client.get(back)
    assert answer.status_code == status, answer.text
    assert "sanchoi=" not in answer.headers.get("set-cookie", "").replace("sanchoi-oidc=", "")
    assert client.get("/vi/account").status_code == 401


def test_who_has_an_account_comes_in_and_goes_where_they_wanted(asked, outside):
    known(asked, outside)
    assert outside.asked == []
    assert "Cổng tỉnh" in asked.get("/vi/account/login").text
    assert outside.asked == [], "the network is asked only when somebody presses the button"
    answer = asked.get(begin(asked, outside, next="/en/jobs"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/jobs")
    assert asked.get("/vi/account").status_code == 200
    with asked.app.state.store.reading() as session:
        assert "login" in session.scalars(select(AuditRow.action)).all()


def test_who_has_none_gets_none(asked, outside):
    refused(asked, begin(asked, outside))
    with asked.app.state.store.reading() as session:
        assert session.scalars(select(User)).all() == []


def test_an_account_that_is_locked_stays_out(asked, outside):
    person = known(asked, outside)
    with asked.app.state.store.session() as session:
        register.bar(session, "system", person.user_id, active=False)
    refused(asked, begin(asked, outside))


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "http://127.0.0.1:9/"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"iat": None},
    ],
    ids=lambda claims: "-".join(f"{name}={str(value)[:12]}" for name, value in claims.items()),
)
def test_what_is_claimed_wrongly_is_not_believed(asked, outside, claims, caplog):
    known(asked, outside)
    outside.claims = claims
    back = begin(asked, outside)
    with caplog.at_level(logging.WARNING, "sanchoi.refused"):
        refused(asked, back)
    assert "log-in service not believed" in caplog.messages


def test_another_signature_is_not_believed(asked, outside):
    known(asked, outside)
    outside.key = outside.other
    refused(asked, begin(asked, outside))


def test_a_key_that_the_client_knows_signs_nothing(asked, outside):
    known(asked, outside)
    outside.key, outside.header = OctKey.import_key(SECRET), {"alg": "HS256"}
    refused(asked, begin(asked, outside))


def test_new_keys_of_the_service_are_fetched(asked, outside):
    known(asked, outside)
    assert asked.get(begin(asked, outside)).status_code == 303
    outside.key = outside.own = outside.other
    assert asked.get(begin(asked, outside)).status_code == 303


def test_a_state_works_once_even_if_the_code_would_again(asked, outside):
    known(asked, outside)
    outside.reuse = True
    back = begin(asked, outside)
    cookie = asked.cookies["sanchoi-oidc"]
    assert asked.get(back).status_code == 303
    asked.cookies.clear()
    asked.cookies.set("sanchoi-oidc", cookie)
    refused(asked, back)


def test_another_browsers_state_is_refused(asked, outside):
    known(asked, outside)
    back = begin(asked, outside)
    asked.cookies.clear()
    refused(asked, back)
    begin(asked, outside)
    refused(asked, back)


@pytest.mark.parametrize("cookie", ["", "x", "e30", "eyJzdGF0ZSI6IDF9", "=" * 5000, "bnVsbA"])
def test_a_cookie_that_is_none_of_ours_is_refused(asked, outside, cookie):
    back = begin(asked, outside)
    asked.cookies.clear()
    asked.cookies.set("sanchoi-oidc", cookie)
    refused(asked, back)


def test_what_the_service_calls_an_error_is_told(asked, outside):
    state = begin(asked, outside).rpartition("state=")[2]
    refused(asked, f"/vi/account/oidc/back?error=access_denied&state={state}")


def test_a_service_that_does_not_answer_is_told():
    with service.client(oidc=Oidc("http://127.0.0.1:9", CLIENT)) as other:
        answer = other.get("/vi/account/oidc")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert "không trả lời" in answer.text


def test_without_such_a_service_there_is_no_button():
    with service.client() as client:
        assert client.get("/vi/account/oidc").status_code == 404
        assert "oidc" not in client.get("/vi/account/login").text


def test_a_link_binds_a_person_to_a_new_account_and_works_once(asked, outside):
    store = asked.app.state.store
    with store.session() as session:
        secret = invitations.invite(session, "system", register.post("reviewer"))
    outside.claims = {"preferred_username": "Bình.An", "name": "Bình <b>An</b>"}
    assert "Cổng tỉnh" in asked.get(f"/vi/account/invited/{secret}").text
    answer = asked.get(begin(asked, outside, invitation=secret))
    assert (answer.status_code, answer.headers["location"]) == (303, "/vi/account?said=linked")
    page = asked.get("/vi/account").text
    assert "bình.an" in page
    assert "Bình &lt;b&gt;An&lt;/b&gt;" in page
    assert 'name="old"' not in page, "it has no password to change"
    asked.cookies.clear()
    assert people.log_in(asked, "bình.an", "").status_code == 401
    outside.claims = {"sub": "43"}
    asked.cookies.clear()
    refused(asked, begin(asked, outside, invitation=secret), 404)
    asked.cookies.clear()
    outside.claims = {}
    assert asked.get(begin(asked, outside)).status_code == 303


def test_a_link_for_an_account_that_is_there_binds_it(asked, outside):
    person = people.add(asked.app.state.store, "viewer")
    with asked.app.state.store.session() as session:
        secret = invitations.reset(session, "system", session.get(User, person.user_id))
    assert asked.get(begin(asked, outside, invitation=secret)).status_code == 303
    with asked.app.state.store.reading() as session:
        assert session.get(User, person.user_id).subject == f"{outside.issuer} 42"


def test_the_secret_stands_in_no_settings_and_no_answer(asked, outside):
    known(asked, outside)
    settings = asked.app.state.settings
    assert SECRET not in settings.text()
    assert SECRET not in repr(settings)
    assert Settings.of_text(settings.text()) == settings
    back = begin(asked, outside)
    assert SECRET not in back


def test_the_secret_may_lie_in_a_file(tmp_path):
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    assert Oidc("https://x", "c", "", str(tmp_path / "secret")).secret() == SECRET
