"""Coming in: passwords and their rules, guessing that grows slower, and the same work whether a login is known or not."""

import logging
import threading
import unicodedata
from datetime import UTC, datetime, timedelta

import people
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sanchoi.api.accounts import entry, passwords, register, sessions, throttle
from sanchoi.api.accounts.passwords import Hasher
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Settings
from sanchoi.api.store import Attempt, AuditRow, User
from sqlalchemy import func, select

START = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.at = START

    def __call__(self):
        return self.at

    def on(self, seconds):
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def person(store, tmp_path):
    """Tries to come in as the account "hà", from an address; gives a cookie, None, or the seconds to wait."""
    known = people.add(store, "commune", login="hà")
    with store.session() as session:
        session.get(User, known.user_id).password = people.QUICK.make(people.PASSWORD)
    clock = Clock()

    def come(password=people.PASSWORD, login="hà", address="10.0.0.1"):
        settings = Settings((), tmp_path)
        try:
            return entry.by_password(store, people.QUICK, settings, login, password, address, clock)
        except Problem as problem:
            if problem.key != "guesses":
                raise
            return int(problem.headers["Retry-After"])

    come.clock, come.store, come.id = clock, store, known.user_id
    return come


def failures(store):
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(Attempt))


def test_the_right_password_comes_in_and_leaves_no_failure(person):
    assert person("wrong one") is None
    cookie = person()
    assert isinstance(cookie, str)
    assert len(cookie) >= 43, "256 bits"
    assert failures(person.store) == 1, "the one that failed stays with its address"


def test_guesses_of_one_login_from_everywhere_grow_slower(person):
    for n in range(throttle.FREE):
        assert person(f"guess {n}", address=f"10.0.1.{n}") is None
    waits = []
    for n in range(6):
        wait = person(f"more {n}", address=f"10.0.2.{n}")
        waits.append(wait)
        person.clock.on(wait - 1)
        assert person(address="10.9.9.9") in (1, 2), "the right password must wait too"
        person.clock.on(2)
        assert person(f"more {n}", address=f"10.0.3.{n}") is None
    assert waits == [2, 4, 8, 16, 32, 64]


def test_the_wait_has_an_end_and_the_right_password_after_it_comes_in(person):
    for n in range(throttle.FREE + 14):
        assert person(f"guess {n}", address=f"10.0.1.{n}") is None
        person.clock.on(throttle.LONGEST_S)
    person.clock.on(-throttle.LONGEST_S)
    assert person() == throttle.LONGEST_S
    person.clock.on(throttle.LONGEST_S + 1)
    assert isinstance(person(), str)
    assert isinstance(person(), str), "and nothing of it is left for the login"


def test_guesses_from_one_address_grow_slower_whichever_login(person):
    for n in range(throttle.FREE_ADDRESS):
        assert person("guess", login=f"somebody-{n}") is None
    assert person("guess", login="another") == 2
    assert person() == 2
    assert isinstance(person(address="10.0.0.2"), str)
    assert person() == 2, "what others do does not help the address"


def test_one_who_logs_in_rightly_again_and_again_is_never_stopped(person):
    assert all(isinstance(person(), str) for _ in range(throttle.FREE_ADDRESS + 5))


def test_an_ipv6_network_counts_as_one():
    assert throttle.address_key("2001:db8:1:2::5") == throttle.address_key("2001:db8:1:2:ffff::9")
    assert throttle.address_key("2001:db8:1:2::5") != throttle.address_key("2001:db8:1:3::5")
    assert throttle.address_key("::ffff:10.0.0.1") == throttle.address_key("10.0.0.1")
    assert throttle.address_key("testclient") != throttle.address_key("other")


def test_old_failures_are_forgotten(person):
    for _ in range(throttle.FREE):
        assert person("guess") is None
    person.clock.on(throttle.KEPT_S + 1)
    assert isinstance(person(), str)
    assert failures(person.store) == 0


def test_many_guesses_at_once_gain_nothing(person):
    """Each is counted before its password is looked at."""
    tried, go = [], threading.Barrier(12)

    def guess(n):
        go.wait()
        tried.append(person(f"guess {n}", address=f"10.1.0.{n}"))

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(tried) == 12
    assert tried.count(None) == throttle.FREE


def test_an_unknown_login_costs_as_much_and_is_told_the_same(person, monkeypatch):
    seen = []
    inner = people.QUICK._hash.verify
    monkeypatch.setattr(people.QUICK._hash, "verify", lambda *told: seen.append(told[1][:40]) or inner(*told))
    with person.store.session() as session:
        register.make(session, "system", "no-password", "Không", register.post("viewer"), None)
        locked = register.make(
            session, "system", "locked", "Khóa", register.post("viewer"), people.QUICK.make("x" * 12)
        )
        register.bar(session, "system", locked.id, active=False)
    assert [person("x" * 12, login=login) for login in ("hà", "nobody", "no-password", "locked")] == [None] * 4
    assert person("x" * 100_000, login="nobody") is None
    costs = {text.rpartition("$")[0] for text in seen}
    assert len(seen) == 5
    assert len(costs) == 1, "hashes of one cost"


def test_sql_and_markup_in_the_login_are_a_login_that_nobody_has(person):
    for login in ("' OR 1=1 --", "hà'; DROP TABLE users; --", "<script>", "hà\x00", "%", "h_", "x" * 10_000, "\ud800"):
        assert person(login=login) is None, login
        person.clock.on(3600)
    assert isinstance(person(), str)


def test_large_letters_blanks_and_another_spelling_are_the_same_login(person):
    for login in (" HÀ ", unicodedata.normalize("NFD", "hà")):
        assert isinstance(person(login=login), str)


def test_the_audit_log_names_no_login_that_was_typed(person):
    person("guess", login="mật khẩu gõ nhầm ô")
    person("guess")
    person()
    with person.store.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    told = [(row.action, row.object) for row in rows]
    mine = f"user:{person.id}"
    assert told == [("login.refuse", "login:unknown"), ("login.refuse", mine), ("login", mine)]
    assert "khẩu" not in "".join(row.detail for row in rows)
    assert "\\u" not in "".join(row.detail for row in rows)


def test_refusals_are_logged(person, caplog):
    with caplog.at_level(logging.WARNING, "sanchoi.refused"):
        for _ in range(throttle.FREE + 1):
            person("guess")
    assert caplog.messages == ["log-in refused"] * throttle.FREE + ["log-in must wait"]
    assert not any("hà" in str(getattr(record, "facts", "")) for record in caplog.records)


def test_a_session_ends_by_age_by_rest_by_lock_and_with_the_password(store, tmp_path, monkeypatch):
    monkeypatch.setattr(sessions, "now", Clock())  # which stands: however long a test takes, nothing gets older by it
    settings = Settings((), tmp_path, session_s=1000.0, idle_s=100.0)
    known = people.add(store, "viewer")

    def fresh():
        with store.session() as session:
            return sessions.start(session, session.get(User, known.user_id), settings)

    def aged(cookie, **changed):
        with store.session() as session:
            found = session.get(sessions.Session, sessions.keys.digest(cookie))
            for name, seconds in changed.items():
                setattr(found, name, getattr(found, name) - timedelta(seconds=seconds))
        return sessions.find(store, cookie, settings)

    cookie = fresh()
    assert aged(cookie).actor.user_id == known.user_id
    assert aged(cookie, seen=90) is not None
    assert aged(cookie, seen=90) is not None, "looking at it is using it"
    assert aged(cookie, seen=101) is None
    assert aged(fresh(), expires=999) is not None
    assert aged(fresh(), expires=1001) is None
    for end in (
        lambda session, user: register.set_password(session, "system", user, "x"),
        lambda session, user: register.change(session, "system", user.id, register.post("reviewer")),
        lambda session, user: register.bar(session, "system", user.id, active=False),
    ):
        cookie = fresh()
        assert aged(cookie) is not None
        with store.session() as session:
            end(session, session.get(User, known.user_id))
        assert aged(cookie) is None
    assert sessions.find(store, "' OR 1=1 --", settings) is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("ngắn quá", "at least"),
        ("á" * 201, "at most"),
        ("1234567890", "easy"),
        ("MatKhau123456", "easy"),
        ("anhyeuem123", "easy"),
        ("aaaaaaaaaaaa", "easy"),
        ("HaNguyenAn12", "easy"),
        ("sông Ba chảy xiết 7", ""),
        ("correct horse battery", ""),
        ("12 chữ số 98", ""),
    ],
)
def test_which_passwords_will_do(password, fault):
    told = passwords.fault(password, "hanguyenan", "Hà")
    assert (told is None) == (fault == "")
    assert fault in (told[1] if told else "")
    assert told is None or told[0] != told[1]


def test_a_password_is_the_same_whichever_way_it_was_typed():
    made = people.QUICK.make(unicodedata.normalize("NFD", people.PASSWORD))
    assert people.QUICK.check(unicodedata.normalize("NFC", people.PASSWORD), made)
    assert not people.QUICK.check(people.PASSWORD.upper(), made)
    assert not people.QUICK.check("", None)
    assert not people.QUICK.check(people.PASSWORD, "no hash at all")


def test_the_hashes_of_the_service_are_of_the_recommended_cost():
    made = Hasher().make("a password of this test")
    own = Argon2Hasher()
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert (own.time_cost if hasattr(own, "time_cost") else 3) == 3


def test_no_more_hashes_are_worked_on_at_once_than_there_are_places(monkeypatch):
    now, most, lock = 0, 0, threading.Lock()
    all_places = threading.Barrier(passwords.AT_ONCE)
    inner = people.QUICK._hash.verify

    def slow(*told):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        all_places.wait(60)  # nobody leaves before every place was taken
        threading.Event().wait(0.02)  # time for one more to come in, if it may
        with lock:
            now -= 1
        return inner(*told)

    monkeypatch.setattr(people.QUICK._hash, "verify", slow)
    threads = [threading.Thread(target=people.QUICK.check, args=("x", None)) for _ in range(4 * passwords.AT_ONCE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == passwords.AT_ONCE


def test_who_waits_too_long_for_a_place_is_told(monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    held = [passwords._turn.acquire() for _ in range(passwords.AT_ONCE)]
    try:
        with pytest.raises(Problem) as told:
            people.QUICK.check("x", None)
        assert told.value.status == 503
    finally:
        for _ in held:
            passwords._turn.release()


@pytest.mark.parametrize(
    "target", ["/vi/jobs", "/en/r/small/parcels?sort=-score&page=2", "/vi/", "/r/small/maps/gap.html"]
)
def test_after_the_log_in_one_goes_on_to_a_path_of_ours(target):
    assert entry.local(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " /vi/",
        "javascript:alert(1)",
        "vi/jobs",
        "/vi/account/login?next=/vi/",
        "/vi/account/logout",
        "/vi/../../x",
        "/" + "x" * 3000,
        "http://[",
        "/vi/\x7f",
    ],
)
def test_but_nowhere_else(target):
    assert entry.local(target) == ""


def test_below_a_root_only_what_is_below_it():
    assert entry.local("/base/vi/", "/base") == "/base/vi/"
    assert entry.local("/vi/", "/base") == ""
    assert entry.local("/baseless/vi/", "/base") == ""


def test_where_nothing_can_be_written_whoever_has_logged_in_still_reads(store, tmp_path, monkeypatch):
    settings = Settings((), tmp_path)
    known = people.add(store, "viewer")
    with store.session() as session:
        cookie = sessions.start(session, session.get(User, known.user_id), settings)
        session.get(sessions.Session, sessions.keys.digest(cookie)).seen -= timedelta(seconds=90)

    def full():
        raise Problem("unavailable", pairs={"message": ("đầy", "full")})

    monkeypatch.setattr(store, "session", full)
    assert sessions.find(store, cookie, settings).actor.user_id == known.user_id
