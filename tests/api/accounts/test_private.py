"""A private service shows nothing to whoever has not logged in, whichever route is asked; a guarded one lets nobody write."""

import json
import re

import people
import pytest
import service
from sanchoi.api.accounts import tokens
from sanchoi.api.app import create
from sanchoi.api.serve import guards
from sanchoi.api.settings import Settings
from sanchoi.api.store import User
from starlette.testclient import TestClient

OPEN = {
    "/health",
    "/ready",
    "/metrics",  # it looks itself who asks
    "/static/{hash_}/{name}",
    "/{lang:lang}/account/login",
    "/{lang:lang}/account/logout",
    "/{lang:lang}/account/invited/{secret}",
    "/{lang:lang}/account/oidc",
    "/{lang:lang}/account/oidc/back",
    "/{lang:lang}/receipt/{row}/{mark}",  # says yes or no to whoever has the hash
}
VALUES = {"lang": "vi", "result": service.RESULT, "hash_": "x", "name": "gap", "path": "run.json"}


@pytest.fixture(scope="module")
def private():
    with service.client(private=True, guarded=True) as client:
        client.app.state.hasher = people.QUICK
        yield client


@pytest.fixture
def nobody(private):
    private.cookies.clear()
    return private


def routes(found):
    """Path and methods of every route of the application, of included routers and what is mounted too."""
    for each in found:
        inner = getattr(each, "original_router", each)
        if hasattr(inner, "methods"):
            yield inner.path, sorted(inner.methods or {"GET"})
        else:
            assert not getattr(getattr(each, "include_context", None), "prefix", ""), "prefixes stand in the routers"
            yield from routes(inner.routes)


def filled(path):
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: VALUES.get(found[1], "x"), path)


def test_every_route_is_closed_but_those_by_which_one_comes_in(nobody):
    known = {}
    for path, methods in routes(nobody.app.routes):
        known.setdefault(path, set()).update(methods)
    assert len(known) > 90
    assert set(known) >= OPEN, "a route that is listed as open is no more"
    for path, methods in known.items():
        if path in OPEN:
            continue
        for method in sorted(methods):
            answer = nobody.request(method, filled(path), headers={"accept": "application/json"})
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert "access-control-allow-origin" not in answer.headers
            assert "no-store" in answer.headers["cache-control"]
            assert method == "HEAD" or set(answer.json()) == {"type", "title", "status", "detail", "instance"}, path
            html = nobody.request(method, filled(path), headers={"accept": "text/html"})
            if method in ("GET", "HEAD"):
                assert html.status_code == 303, (method, path)
                assert re.match(r"/(vi|en)/account/login\?next=", html.headers["location"])
                assert "no-store" in html.headers["cache-control"]
            else:
                assert html.status_code == 401, (method, path)


def test_an_address_that_is_none_tells_nothing_either(nobody):
    for path in (
        "/nothing",
        "/vi/nothing",
        "/vi/r/nothing/",
        "/account/login",
        "/vi/account/loginx/../../",
        "/static/../vi/",
    ):
        answer = nobody.get(path, headers={"accept": "application/json"})
        assert answer.status_code in (401, 404, 405), path
        assert service.RESULT not in answer.text.replace(path, "")
    assert nobody.get("/vi/account/login/../../r/small/", headers={"accept": "application/json"}).status_code == 401


def test_the_open_ones_show_no_result(nobody):
    assert nobody.get("/health").status_code == nobody.get("/ready").status_code == 200
    page = nobody.get("/vi/account/login")
    assert page.status_code == 200
    assert service.RESULT not in page.text
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page.text)[1]
    answer = nobody.get(sheet)
    assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)
    refused = nobody.get("/vi/account/invited/" + "x" * 43)
    assert (refused.status_code, service.RESULT in refused.text) == (404, False)


def test_who_logs_in_goes_on_to_the_page_they_wanted_and_reads(nobody):
    wanted = f"/vi/r/{service.RESULT}/parcels?sort=-score"
    to = nobody.get(wanted, headers={"accept": "text/html"}).headers["location"]
    form = nobody.get(to).text
    after = re.search(r'name="next" value="([^"]*)"', form)[1].replace("&amp;", "&")
    assert after == wanted
    person = people.add(nobody.app.state.store, "viewer", login="xem")
    with nobody.app.state.store.session() as session:
        session.get(User, person.user_id).password = people.QUICK.make(people.PASSWORD)
    assert people.log_in(nobody, "xem", next=after).headers["location"] == wanted
    for path in (wanted, f"/api/v1/results/{service.RESULT}", f"/r/{service.RESULT}/files/run.json", "/ogc?f=json"):
        answer = nobody.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"].startswith("private")
        assert "access-control-allow-origin" not in answer.headers
        assert "Cookie" in answer.headers["vary"]
    nobody.cookies.clear()
    for path in (f"/api/v1/results/{service.RESULT}", f"/r/{service.RESULT}/files/run.json"):
        assert nobody.get(path).status_code == 401, "what somebody was given is given to nobody else"
        assert nobody.get(path, headers={"if-none-match": "*"}).status_code == 401


def key(client, role, *scopes):
    person = people.add(client.app.state.store, role)
    with client.app.state.store.session() as session:
        made = tokens.make(session, person.id, session.get(User, person.user_id), "thử", scopes)[1]
    return {"Authorization": f"Bearer {made}"}


def test_a_program_reads_with_a_key_that_may(nobody):
    assert nobody.get("/api/v1/results", headers=key(nobody, "viewer", "read")).status_code == 200
    assert nobody.get("/api/v1/results", headers=key(nobody, "commune", "propose")).status_code == 403


def test_the_figures_are_for_this_machine_and_for_administrators(nobody):
    assert nobody.get("/metrics").status_code == 401
    assert nobody.get("/metrics", headers=key(nobody, "reviewer", "read")).status_code == 403
    assert nobody.get("/metrics", headers=key(nobody, "administrator", "administer")).status_code == 200
    with service.client(guarded=True) as client:
        assert client.get("/metrics").status_code == 401
    with service.client() as client:
        assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize(("forwarded", "status"), [({}, 200), ({"x-forwarded-for": "10.0.0.1"}, 401)])
def test_a_proxy_on_this_machine_is_not_this_machine(forwarded, status):
    app = create(service.settings(guarded=True))
    with TestClient(app, client=("127.0.0.1", 5)) as client:
        assert client.get("/metrics", headers=forwarded).status_code == status


WRITES = [
    ("POST", "/api/v1/results/small/scenarios"),
    ("PUT", "/api/v1/scenarios/" + "0" * 32),
    ("DELETE", "/api/v1/scenarios/" + "0" * 32),
    ("POST", "/vi/r/small/scenarios"),
    ("POST", f"/vi/r/small/scenarios/{'0' * 32}"),
    ("POST", f"/vi/r/small/scenarios/{'0' * 32}/delete"),
]
JOBS = [
    ("POST", "/processes/export/execution"),
    ("DELETE", "/jobs/" + "0" * 32),
    ("POST", f"/vi/jobs/{'0' * 32}/cancel"),
    ("POST", "/vi/r/small/plan-again"),
    ("POST", "/vi/r/small/export"),
    ("POST", "/vi/run"),
]


def body(path):
    if path.startswith("/vi/"):
        return {"data": {"x": "y"}}
    if path.startswith("/processes"):
        return {"content": json.dumps({"inputs": {"result": "small"}}), "headers": {"content-type": "application/json"}}
    return {
        "json": {"version": 1, "name": "A", "changes": []} if "scenarios/0" in path else {"name": "A", "changes": [{}]}
    }


@pytest.mark.parametrize(("asks", "enough", "short"), [(WRITES, "commune", "viewer"), (JOBS, "reviewer", "commune")])
def test_on_a_guarded_service_writing_needs_its_right(asks, enough, short):
    with service.client(guarded=True) as client:
        for method, path in asks:
            more = body(path) if method != "DELETE" else {}
            assert client.request(method, path, **more).status_code == 401, path
        assert client.get("/vi/r/small/").status_code == 200, "and looking does not"
        assert client.get("/api/v1/results").headers["access-control-allow-origin"] == "*"
        communes = ["Hòa Phú"]
        for role, refused in ((short, True), (enough, False)):
            people.acting(client, people.add(client.app.state.store, role, communes if role == "commune" else ()))
            for method, path in asks:
                more = body(path) if method != "DELETE" else {}
                status = client.request(method, path, **more).status_code
                assert (status == 403) == refused, (role, method, path, status)
                assert status < 500


def test_on_one_that_is_not_everybody_writes_as_before():
    with service.client() as client:
        answer = client.post("/processes/export/execution", **body("/processes"))
        assert answer.status_code == 201


@pytest.mark.parametrize(
    ("host", "base", "private", "expected"),
    [
        ("127.0.0.1", "", False, False),
        ("localhost", "", False, False),
        ("::1", "http://localhost:8000", False, False),
        ("0.0.0.0", "", False, True),
        ("10.0.0.1", "", False, True),
        ("127.0.0.1", "https://san-choi.example", False, True),
        ("127.0.0.1", "", True, True),
    ],
)
def test_a_service_that_others_reach_is_guarded_unless_it_is_told(host, base, private, expected):
    assert guards(host, base, private) == expected


def test_the_settings_travel(tmp_path):
    made = Settings((tmp_path,), tmp_path, private=True, guarded=True, session_s=5.0, idle_s=2.0)
    assert Settings.of_text(made.text()) == made
