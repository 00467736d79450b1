"""The audit log in words, Vietnamese and English: who did what, and to what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sanchoi.api.proposals.states import STATES
from sanchoi.api.store import AuditRow, Proposal, Token, User
from sqlalchemy import select
from sqlalchemy.orm import Session

Pair = tuple[str, str]
ACTIONS: dict[str, Pair] = {
    "proposal.create": ("lập bản nháp", "made a draft"),
    "proposal.edit": ("sửa nội dung, thành bản {version}", "changed the content, now version {version}"),
    "proposal.state": ("chuyển từ “{from}” sang “{to}”", "moved it from “{from}” to “{to}”"),
    "proposal.comment": ("ghi ý kiến", "made a comment"),
    "proposal.public": ("cho mọi người xem, hoặc thôi: {shown}", "showed it to everybody, or no more: {shown}"),
    "proposal.erase": ("xoá dữ liệu cá nhân trong nội dung", "erased personal data of the content"),
    "proposal.import": ("nhập từ tệp ngoại tuyến", "brought in from an offline file"),
    "export.make": ("xuất hồ sơ của kết quả {result}", "made an export of result {result}"),
    "proposals.export": ("tải danh sách đề xuất", "exported the proposals"),
    "attachment.add": ("thêm tệp", "added a file"),
    "attachment.remove": ("bỏ tệp", "removed a file"),
    "token.make": ("tạo khoá cho chương trình", "made a token"),
    "token.revoke": ("huỷ khoá của chương trình", "revoked a token"),
    "user.make": ("tạo tài khoản", "made an account"),
    "user.change": ("đổi vai trò hoặc xã của tài khoản", "changed role or communes of an account"),
    "user.lock": ("khoá tài khoản", "locked an account"),
    "user.unlock": ("mở lại tài khoản", "opened an account again"),
    "user.invite": ("tạo lời mời lập tài khoản", "made an invitation"),
    "user.uninvite": ("huỷ lời mời", "withdrew an invitation"),
    "user.reset": ("tạo đường dẫn đặt lại mật khẩu", "made a link for a new password"),
    "user.link": ("nối tài khoản với nơi đăng nhập khác", "joined an account with a log-in elsewhere"),
    "user.erase": ("xoá dữ liệu cá nhân của tài khoản", "erased the personal data of an account"),
    "administrator.link": ("tạo đường dẫn lập người quản trị đầu tiên", "made the link for the first administrator"),
    "password.change": ("đổi mật khẩu", "changed a password"),
    "login": ("đăng nhập", "logged in"),
    "login.refuse": ("đăng nhập không được", "was not let in"),
    "logout": ("đăng xuất", "logged out"),
    "backup.make": ("sao lưu", "made a backup"),
    "backup.restore": ("khôi phục từ bản sao lưu", "restored from a backup"),
    "retention.run": ("dọn dữ liệu quá hạn", "removed what was kept long enough"),
}
OBJECTS: dict[str, Pair] = {
    "service": ("dịch vụ", "the service"),
    "proposals": ("danh sách đề xuất", "the list of proposals"),
    "system": ("hệ thống", "the system"),
    "anonymous": ("người chưa đăng nhập", "somebody not logged in"),
    "gone": ("tài khoản đã xoá dữ liệu", "an account whose data were erased"),
    "token": ("{name} (qua chương trình)", "{name} (by a program)"),
    "public": ("cho xem", "shown"),
    "hidden": ("thôi", "no more"),
}


@dataclass(frozen=True)
class Line:
    """A row in words. `proposal`: id of the one that it is about, "" = of none."""

    number: int
    at: str
    who: str
    what: str
    of: str
    proposal: str
    hash: str


def lines(session: Session, rows: Iterable[AuditRow], language: str) -> list[Line]:
    """Rows in words of one language."""
    found = list(rows)
    side = 1 if language == "en" else 0
    names = _names(session, found, side)
    return [
        Line(
            row.id,
            row.at,
            names.get(row.actor, row.actor),
            _what(row, side),
            names.get(row.object, row.object),
            row.object.partition(":")[2] if row.object in names and row.object.startswith("proposal:") else "",
            row.hash,
        )
        for row in found
    ]


def _what(row: AuditRow, side: int) -> str:
    words = ACTIONS.get(row.action)
    if words is None:
        return row.action
    try:
        detail: Mapping[str, Any] = json.loads(row.detail)
        told = {
            key: STATES[value][side] if value in STATES else value for key, value in detail.items() if _plain(value)
        }
        shown = OBJECTS.get(str(detail.get("to")), ("", ""))[side]
        return words[side].format(**{"version": "?", "from": "?", "to": "?", "shown": shown} | told)
    except (ValueError, AttributeError, TypeError):
        return row.action


def _plain(value: object) -> bool:
    return isinstance(value, str | int | float)


def _names(session: Session, rows: list[AuditRow], side: int) -> dict[str, str]:
    """What people call the actors and objects of some rows."""
    keys: dict[str, set[str]] = {"user": set(), "token": set(), "proposal": set()}
    for row in rows:
        for text in (row.actor, row.object):
            kind, _, key = text.partition(":")
            keys.setdefault(kind, set()).add(key)
    tokens = {each.id: each for each in session.scalars(select(Token).where(Token.id.in_(sorted(keys["token"]))))}
    people = keys["user"] | {each.user_id for each in tokens.values()}
    users = {each.id: each for each in session.scalars(select(User).where(User.id.in_(sorted(people))))}
    numbers = session.execute(select(Proposal.id, Proposal.number).where(Proposal.id.in_(sorted(keys["proposal"]))))
    made = {
        key: words[side] for key, words in OBJECTS.items() if key in ("service", "proposals", "system", "anonymous")
    }
    made |= {f"user:{key}": OBJECTS["gone"][side] if each.erased else each.name for key, each in users.items()}
    for key, token in tokens.items():
        made[f"token:{key}"] = OBJECTS["token"][side].format(name=made.get(f"user:{token.user_id}", "?"))
    prefix = ("ĐX", "P")[side]
    return made | {f"proposal:{key}": f"{prefix}-{number}" for key, number in numbers}
