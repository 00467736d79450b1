"""Accounts by invitation: the first administrator, links that work once, the page of users, and the command line."""

import json
import re
import threading

import lxml.html
import people
import pytest
from sanchoi.api.accounts import invitations, places, register
from sanchoi.api.cli import main
from sanchoi.api.problems import Problem
from sanchoi.api.store import AuditRow, Invitation, Store, User
from sqlalchemy import select, update

HALF = "Hà <script>alert(1)</script>"


def link(text):
    return re.search(r"/account/invited/([A-Za-z0-9_-]{43})", text)[1]


def user(client, login):
    with client.app.state.store.reading() as session:
        return register.of_login(session, login)


def audit(store):
    with store.reading() as session:
        return [
            (row.actor, row.action, row.object, row.detail)
            for row in session.scalars(select(AuditRow).order_by(AuditRow.id))
        ]


def form(login="quản-trị", name="Quản trị", password=people.PASSWORD, again=None):
    return {"login": login, "name": name, "password": password, "again": again or password}


def test_while_there_is_no_administrator_a_start_makes_a_link_and_voids_the_one_before(both):
    store = both.app.state.store
    old, new = invitations.first(store), invitations.first(store)
    assert both.get(f"/vi/account/invited/{old}").status_code == 404
    assert both.get(f"/vi/account/invited/{new}").status_code == 200
    with store.reading() as session:
        (held,) = session.scalars(select(Invitation)).all()
    assert new not in (held.hash,)
    assert (held.expires - held.created).total_seconds() == 24 * 3600
    answer = both.post(f"/vi/account/invited/{new}", data=form())
    assert (answer.status_code, answer.headers["location"]) == (303, "/vi/account?said=welcome")
    assert both.get("/vi/users").status_code == 200, "and is logged in"
    assert invitations.first(store) is None
    assert both.post(f"/vi/account/invited/{new}", data={**form("hai"), "csrf": people.csrf(both)}).status_code == 404
    assert [each[1] for each in audit(store)] == ["administrator.link", "administrator.link", "user.make", "login"]
    assert "Quản" not in str(audit(store))


def test_a_link_ends_by_time(both):
    secret = invitations.first(both.app.state.store)
    with both.app.state.store.session() as session:
        session.execute(update(Invitation).values(expires=Invitation.created))
    assert both.get(f"/vi/account/invited/{secret}").status_code == 404
    assert both.post(f"/vi/account/invited/{secret}", data=form()).status_code == 404


@pytest.mark.parametrize("secret", ["x", "x" * 43, "%00" * 30, "' OR 1=1 --", "é" * 43])
def test_a_link_that_is_none(asked, secret):
    assert asked.get(f"/vi/account/invited/{secret}").status_code in (200, 404)
    assert asked.post(f"/vi/account/invited/{secret}", data=form()).status_code in (404, 405)
    with asked.app.state.store.reading() as session:
        assert session.scalars(select(User)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": ""},
        {"login": "a b"},
        {"login": "-x"},
        {"login": "<b>"},
        {"login": "x" * 65},
        {"login": "a\x00b"},
        {"name": ""},
        {"name": "x" * 101},
        {"name": "a\x07b"},
        {"password": "short", "again": "short"},
        {"again": "another password"},
        {"password": "matkhau123456", "again": "matkhau123456"},
    ],
    ids=str,
)
def test_what_will_not_do_is_told_and_the_link_still_works(asked, wrong):
    secret = invitations.first(asked.app.state.store)
    answer = asked.post(f"/vi/account/invited/{secret}", data={**form(), **wrong})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert people.PASSWORD not in answer.text
    assert asked.post(f"/vi/account/invited/{secret}", data=form()).status_code == 303


def test_of_many_who_use_a_link_at_once_one_alone_gets_an_account(both):
    store = both.app.state.store
    secret = invitations.first(store)
    told, go = [], threading.Barrier(6)

    def use(n):
        go.wait()
        try:
            with store.session() as session:
                invitations.accept(session, secret, f"nhanh-{n}", "Nhanh", "hash")
            told.append("made")
        except Problem as problem:
            told.append(problem.key)

    threads = [threading.Thread(target=use, args=(n,)) for n in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["invitation"] * 5 + ["made"]


def test_an_administrator_invites_an_official_by_the_names_of_communes(both):
    people.logged_in(both, "administrator")
    store, seal = both.app.state.store, people.csrf(both)
    known = [place.key for place in places.known(both.app.state.library)]
    assert known == ["2025-07-01 Đại Lãnh", "2025-07-01 Hòa Phú"]
    page = lxml.html.fromstring(both.get("/vi/users").text)
    assert [each.get("value") for each in page.xpath("//input[@name='communes']")] == known
    answer = both.post("/vi/users/invite", data={"csrf": seal, "role": "commune", "communes": known[:1]})
    secret = link(answer.text)
    assert link(both.post("/vi/users/invite", data={"csrf": seal, "role": "viewer"}).text) != secret
    assert secret not in both.get("/vi/users").text, "it is shown once"
    both.cookies.clear()
    assert "Đại Lãnh" in both.get(f"/vi/account/invited/{secret}").text
    assert both.post(f"/vi/account/invited/{secret}", data=form("hà", HALF)).status_code == 303
    made = user(both, "hà")
    assert (made.role, made.communes, made.vintage) == ("commune", ["Đại Lãnh"], "2025-07-01")
    page = both.get("/vi/account").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert both.get("/vi/users").status_code == 403
    assert "user.invite" in {each[1] for each in audit(store)}
    assert HALF not in str(audit(store))


@pytest.mark.parametrize(
    "told",
    [
        {"role": "commune"},
        {"role": "commune", "communes": ["2025-07-01 A", "2019-04-01 B"]},
        {"role": "commune", "communes": ["A"]},
        {"role": "commune", "communes": ["tomorrow A"]},
        {"role": "commune", "communes": [f"2025-07-01 {n}" for n in range(201)]},
        {"role": "commune", "communes": ["2025-07-01 a\x00b"]},
        {"role": "king"},
        {"role": ""},
        {},
    ],
    ids=lambda told: str(told)[:60],
)
def test_an_invitation_that_makes_no_sense_is_told(asked, told):
    people.logged_in(asked, "administrator")
    answer = asked.post("/vi/users/invite", data={"csrf": people.csrf(asked), **told})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    with asked.app.state.store.reading() as session:
        assert session.scalars(select(Invitation)).all() == []


def test_only_administrators_see_and_change_accounts(asked):
    other = people.add(asked.app.state.store, "viewer")
    for role in ("viewer", "commune", "reviewer"):
        people.logged_in(asked, role, ["Hòa Phú"] if role == "commune" else (), login=role)
        told = {"csrf": people.csrf(asked), "role": "administrator"}
        for path in ("invite", f"{other.user_id}/post", f"{other.user_id}/lock", f"{other.user_id}/reset"):
            assert asked.post(f"/vi/users/{path}", data=told).status_code == 403, (role, path)
        assert asked.get("/vi/users").status_code == asked.get(f"/vi/users/{other.user_id}").status_code == 403
        asked.cookies.clear()
    assert asked.get("/vi/users").status_code == 401


def test_the_last_administrator_can_be_neither_locked_nor_lowered(both):
    me = people.logged_in(both, "administrator")
    seal = people.csrf(both)
    for path, told in (("lock", {}), ("post", {"role": "reviewer"})):
        answer = both.post(f"/vi/users/{me.user_id}/{path}", data={"csrf": seal, **told})
        assert answer.status_code == 409, path
        assert "người quản trị duy nhất" in answer.text
    other = people.add(both.app.state.store, "administrator", login="hai")
    assert both.post(f"/vi/users/{other.user_id}/lock", data={"csrf": seal}).status_code == 303
    assert both.post(f"/vi/users/{me.user_id}/lock", data={"csrf": seal}).status_code == 409, (
        "one that is locked is none"
    )
    assert both.post(f"/vi/users/{other.user_id}/unlock", data={"csrf": seal}).status_code == 303
    assert both.post(f"/vi/users/{me.user_id}/post", data={"csrf": seal, "role": "viewer"}).status_code == 303
    assert both.get("/vi/account").status_code == 401, "who is lowered must log in again"


def test_two_administrators_cannot_lower_each_other_at_once(store):
    one, two = (people.add(store, "administrator", login=name) for name in ("một", "hai"))
    told, go = [], threading.Barrier(2)

    def lower(other):
        go.wait()
        try:
            with store.session() as session:
                register.change(session, "system", other, register.post("viewer"))
            told.append("done")
        except Problem as problem:
            told.append(problem.key)

    threads = [threading.Thread(target=lower, args=(each.user_id,)) for each in (one, two)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["conflict", "done"]


def test_a_role_that_changes_ends_sessions_and_a_reset_link_sets_a_password_once(both):
    people.logged_in(both, "commune", ["Hòa Phú"], login="hà")
    theirs = both.cookies["sanchoi"]
    both.cookies.clear()
    people.logged_in(both, "administrator", login="qt")
    seal, hà = people.csrf(both), user(both, "hà")
    assert both.post(f"/vi/users/{hà.id}/post", data={"csrf": seal, "role": "reviewer"}).status_code == 303
    secret = link(both.post(f"/vi/users/{hà.id}/reset", data={"csrf": seal}).text)
    again = link(both.post(f"/vi/users/{hà.id}/reset", data={"csrf": seal}).text)
    both.cookies.clear()
    both.cookies.set("sanchoi", theirs)
    assert both.get("/vi/account").status_code == 401
    both.cookies.clear()
    assert both.get(f"/vi/account/invited/{secret}").status_code == 404, "a newer link voids it"
    new = "đường đất đỏ mưa trơn"
    page = both.get(f"/vi/account/invited/{again}").text
    assert 'name="name"' not in page
    assert both.post(f"/vi/account/invited/{again}", data=form("other", "Other", new)).status_code == 303
    both.cookies.clear()
    assert people.log_in(both, "hà").status_code == 401
    assert people.log_in(both, "hà", new).status_code == 303
    assert user(both, "hà").role == "reviewer"
    assert user(both, "other") is None


def test_a_link_that_waits_can_be_made_void(asked):
    people.logged_in(asked, "administrator")
    seal = people.csrf(asked)
    secret = link(asked.post("/vi/users/invite", data={"csrf": seal, "role": "viewer"}).text)
    page = lxml.html.fromstring(asked.get("/vi/users").text)
    (address,) = page.xpath("//form[contains(@action, 'withdraw')]/@action")
    assert asked.post(address, data={"csrf": seal}).status_code == 303
    assert asked.get(f"/vi/account/invited/{secret}").status_code == 404
    for name in ("x", "%00", "0" * 64):
        assert asked.post(f"/vi/users/invitations/{name}/withdraw", data={"csrf": seal}).status_code == 404
        assert asked.post(f"/vi/users/{name}/lock", data={"csrf": seal}).status_code == 404


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_pages_in_both_languages_without_javascript(asked, lang):
    people.logged_in(asked, "administrator", name=HALF)
    own = asked.get("/api/v1/me").json()["id"]
    for path in ("account", "users", f"users/{own}", "account/login"):
        answer = asked.get(f"/{lang}/{path}")
        assert answer.status_code == 200, path
        tree = lxml.html.fromstring(answer.text)
        assert len(tree.xpath("//h1")) == 1
        assert "<script>alert" not in answer.text
        for each in tree.xpath("//form[@method='post']"):
            assert each.xpath(".//input[@name='csrf']/@value") == [people.csrf(asked)], path
        labelled = set(tree.xpath("//label/@for"))
        for each in tree.xpath("//input[not(@type='hidden') and not(@hidden)]"):
            assert each.get("id") in labelled or each.xpath("ancestor::label"), lxml.html.tostring(each)


# The command line.


def run(capsys, data, *words):
    code = main(["user", *words, "--data", str(data)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_command_line_makes_lists_locks_and_links(tmp_path, capsys):
    data = tmp_path / "data"
    data.mkdir()
    duty = ("--role", "commune", "--commune", "90101", "--vintage", "2025-07-01")
    code, out, _ = run(capsys, data, "add", "hà", "--name", "Hà", *duty, "--json")
    made = json.loads(out)
    assert (code, made["communes"], made["active"]) == (0, ["90101"], True)
    assert link(made["link"])
    code, out, _ = run(capsys, data, "link", "--base-url", "https://san-choi.example/")
    assert code == 0
    assert out.startswith("https://san-choi.example/vi/account/invited/")
    code, out, _ = run(capsys, data, "token", "hà", "--scope", "read", "--json")
    assert (code, json.loads(out)["scopes"]) == (0, ["read"])
    assert run(capsys, data, "role", "hà", "reviewer")[0] == 0
    assert run(capsys, data, "lock", "HÀ")[:2] == (0, "hà · reviewer · locked\n")
    assert run(capsys, data, "unlock", "hà")[:2] == (0, "hà · reviewer · open\n")
    assert "/account/invited/" in run(capsys, data, "reset", "hà")[1]
    (only,) = json.loads(run(capsys, data, "list", "--json")[1])["users"]
    assert (only["login"], only["role"], only["communes"]) == ("hà", "reviewer", [])
    assert run(capsys, data, "list")[1] == "hà · Hà · reviewer\n"
    store = Store(f"sqlite:///{data / 'sanchoi.db'}")
    assert {each[0] for each in audit(store)} == {"system"}
    told = "user.make user.reset user.invite token.make user.change user.lock user.unlock user.reset"
    assert [each[1] for each in audit(store)] == told.split()
    store.close()


def test_the_command_line_says_what_is_wrong(tmp_path, capsys):
    data = tmp_path / "data"
    data.mkdir()
    assert run(capsys, data, "list")[0] == 4, "no database"
    assert run(capsys, data, "add", "qt", "--name", "Quản trị", "--role", "administrator")[0] == 0
    for words in (
        ("add", "qt", "--name", "Again"),
        ("add", "a b", "--name", "X"),
        ("add", "x", "--name", "X", "--role", "king"),
        ("add", "x", "--name", "X", "--role", "commune"),
        ("lock", "qt"),
        ("role", "qt", "viewer"),
        ("token", "qt", "--scope", "everything"),
        ("token", "qt", "--scope", "read", "--days", "9999"),
    ):
        code, out, err = run(capsys, data, *words)
        assert (code, out) == (4, ""), words
        assert "error:" in err
    assert run(capsys, data, "lock", "nobody")[0] == 9
