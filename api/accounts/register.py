"""Register: the accounts there are. Whoever changes one calls this, so that each change is checked, and told to the audit log."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sanchoi.api.accounts import sessions, throttle
from sanchoi.api.accounts.actor import ADMINISTRATOR, COMMUNE, ROLES
from sanchoi.api.problems import Problem
from sanchoi.api.store import Store, User, trail
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session as Database

LOCK = 5_720_433
"""Name of the lock under which accounts are changed on PostgreSQL."""
LOGIN, NAME, CODE, COMMUNES = 64, 100, 100, 200
_LOGIN = re.compile(r"[^\W_](?:[\w.@+-]{0,62}[^\W_])?")
_VINTAGE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Post:
    """What an account may do, and for whom."""

    role: str
    communes: tuple[str, ...] = ()
    vintage: str = ""


def post(role: str, communes: Collection[str] = (), vintage: str = "") -> Post:
    """A checked post: communes are those of an official alone, and all of one vintage.

    Raises
    ------
    Problem : it is none.
    """
    if role not in ROLES:
        raise Problem("bad_parameter", {"name": "role", "came": role[:40] or "–", "expected": ", ".join(ROLES)})
    codes = tuple(sorted({each.strip() for each in communes} - {""}))
    if role != COMMUNE:
        if codes:
            words = ("chỉ tài khoản xã, phường mới có mã xã", "only an account of a commune has commune codes")
            raise Problem("bad_parameter", {"name": "communes", "came": codes[0][:40]}, {"expected": words})
        return Post(role)
    wrong = next((each for each in codes if len(each) > CODE or not each.isprintable()), "" if codes else "–")
    if wrong or len(codes) > COMMUNES:
        words = (f"từ 1 đến {COMMUNES} mã xã, phường", f"1 to {COMMUNES} codes of communes")
        raise Problem("bad_parameter", {"name": "communes", "came": wrong[:40] or len(codes)}, {"expected": words})
    if not _VINTAGE.fullmatch(vintage):
        words = ("ngày của bộ địa giới, ví dụ 2025-07-01", "the date of the boundaries, such as 2025-07-01")
        raise Problem("bad_parameter", {"name": "vintage", "came": vintage[:40] or "–"}, {"expected": words})
    return Post(role, codes, vintage)


def login_of(typed: str) -> str:
    """A login that an account can have.

    Raises
    ------
    Problem : it cannot.
    """
    login = unicodedata.normalize("NFC", typed).strip().casefold()
    if len(login) > LOGIN or not _LOGIN.fullmatch(login):
        words = (
            f"chữ cái và số, ở giữa có thể có . - _ @ +, nhiều nhất {LOGIN} ký tự",
            f"letters and figures, . - _ @ + between them, at most {LOGIN}",
        )
        raise Problem("bad_parameter", {"name": "login", "came": typed[:40] or "–"}, {"expected": words})
    return login


def name_of(typed: str) -> str:
    """A name that an account can have.

    Raises
    ------
    Problem : it cannot.
    """
    name = unicodedata.normalize("NFC", " ".join(typed.split()))
    if not name or len(name) > NAME or not name.isprintable():
        words = (f"họ tên, nhiều nhất {NAME} ký tự", f"a name of at most {NAME} characters")
        raise Problem("bad_parameter", {"name": "name", "came": name[:40] or "–"}, {"expected": words})
    return name


def lock(database: Database) -> None:
    """Let nobody else change accounts until the session ends; on SQLite every writer holds that already."""
    if database.get_bind().dialect.name == "postgresql":
        database.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": LOCK})


def make(database: Database, by: str, login: str, name: str, duty: Post, password: str | None) -> User:
    """A new account; `by` makes it, `password` is a hash.

    Raises
    ------
    Problem : there is one of that login, or login or name are none.
    """
    lock(database)
    login, name = login_of(login), name_of(name)
    if database.scalars(select(User.id).where(User.login == login)).first() is not None:
        words = (f"Đã có tài khoản {login}; hãy chọn tên khác.", f"There is an account {login}; choose another login.")
        raise Problem("conflict", pairs={"message": words})
    made = User(
        login=login,
        name=name,
        role=duty.role,
        communes=list(duty.communes),
        vintage=duty.vintage,
        password=password,
    )
    database.add(made)
    database.flush()
    detail = {"role": duty.role, "communes": list(duty.communes), "vintage": duty.vintage}
    trail.note(database, by, "user.make", f"user:{made.id}", detail)
    return made


def change(database: Database, by: str, user_id: str, duty: Post) -> User:
    """Give an account another post; its sessions and tokens end.

    Raises
    ------
    Problem : there is no such account, or no administrator would be left.
    """
    lock(database)
    user = get(database, user_id)
    if (user.role, tuple(user.communes), user.vintage) == (duty.role, duty.communes, duty.vintage):
        return user
    if duty.role != ADMINISTRATOR:
        _not_last(database, user)
    before = {"role": user.role, "communes": list(user.communes), "vintage": user.vintage}
    user.role, user.communes, user.vintage = duty.role, list(duty.communes), duty.vintage
    turn(database, user)
    after = {"role": user.role, "communes": list(user.communes), "vintage": user.vintage}
    trail.note(database, by, "user.change", f"user:{user.id}", {"before": before, "after": after})
    return user


def bar(database: Database, by: str, user_id: str, active: bool) -> User:
    """Lock an account, or unlock it.

    Raises
    ------
    Problem : there is no such account, no administrator would be left, or its person's data have been erased.
    """
    lock(database)
    user = get(database, user_id)
    if user.active == active:
        return user
    if not active:
        _not_last(database, user)
    elif user.erased is not None:
        words = (
            "Dữ liệu của người này đã bị xóa; tài khoản không mở lại được.",
            "This person's data were erased; the account stays locked.",
        )
        raise Problem("conflict", pairs={"message": words})
    user.active = active
    turn(database, user)
    if active:
        throttle.forget(database, [user.login])
    trail.note(database, by, "user.unlock" if active else "user.lock", f"user:{user.id}")
    return user


def set_password(database: Database, by: str, user: User, made: str) -> None:
    """Give an account another password, of which `made` is the hash; its sessions and tokens end."""
    user.password = made
    turn(database, user)
    throttle.forget(database, [user.login])
    trail.note(database, by, "password.change", f"user:{user.id}")


def turn(database: Database, user: User) -> None:
    """Let every session and token that an account has be void from now on."""
    user.epoch += 1
    sessions.end_all(database, user.id)
    database.flush()


def get(database: Database, user_id: str) -> User:
    """An account by its id.

    Raises
    ------
    Problem : there is none.
    """
    found = database.get(User, user_id, populate_existing=True) if re.fullmatch("[0-9a-f]{32}", user_id) else None
    if found is None:
        raise Problem("not_found")
    return found


def of_login(database: Database, typed: str) -> User | None:
    """The account of a login."""
    login = unicodedata.normalize("NFC", typed).strip().casefold()
    return database.scalars(select(User).where(User.login == login)).first() if login.isprintable() else None


def every(database: Database, limit: int = 1_000, offset: int = 0) -> Sequence[User]:
    """The accounts in order of their logins, those that were erased left out."""
    asked = select(User).where(User.erased.is_(None)).order_by(User.login).limit(limit).offset(offset)
    return database.scalars(asked).all()


def count(database: Database) -> int:
    """How many those are."""
    return int(database.scalar(select(func.count()).select_from(User).where(User.erased.is_(None))) or 0)


def administrators(database: Database) -> int:
    """How many administrators can log in or be let in."""
    found = select(func.count()).select_from(User).where(User.role == ADMINISTRATOR, User.active)
    return int(database.scalar(found) or 0)


def has_administrator(store: Store) -> bool:
    """Whether there is an administrator."""
    with store.reading() as database:
        return administrators(database) > 0


def _not_last(database: Database, user: User) -> None:
    if user.role == ADMINISTRATOR and user.active and administrators(database) <= 1:
        words = (
            "Đây là người quản trị duy nhất; hãy giao quyền quản trị cho người khác trước.",
            "This is the only administrator; make another one first.",
        )
        raise Problem("conflict", pairs={"message": words})
