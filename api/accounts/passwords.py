"""Passwords: argon2 hashes, a few rules, and no more of the slow work at once than the service can bear."""

from __future__ import annotations

import threading
import unicodedata
from functools import cached_property

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from sanchoi.api.problems import Problem

LEAST, MOST = 10, 200
AT_ONCE = 2
"""So many hashes are worked on at once in a process: each takes 64 MB and a processor for a while."""
PATIENCE_S = 10.0
_COMMON = """
1234567890 0123456789 12345678910 123456789a 123456789abc 1234567891 0987654321 9876543210 1111111111 0000000000
password12 password123 password1234 passw0rd123 p@ssw0rd123 passwordpassword qwertyuiop qwerty12345 qwerty123456
1q2w3e4r5t 1qaz2wsx3edc asdfghjkl1 abcdefghij abcd123456 abc1234567 abcdef1234 a123456789 aa123456789 iloveyou123
welcome123 welcome1234 administrator admin12345 admin123456 adminadmin letmein1234 changeme123 football123 monkey12345
matkhau123 matkhau1234 matkhau12345 matkhau123456 mậtkhẩu123 matkhaumoi khongbiet123 khongcopass
anhyeuem123 anhyeuem12345 emyeuanh123 yeuemnhieu yeuanhnhieu iloveyou1234 vietnam123 vietnam1234 vietnam2024
vietnam2025 vietnam2026 vietnamvodich hochiminh123 saigon12345 hanoi12345 hanoi123456 nguyenvana nguyenvana123
congtuhoang tinhyeu123 giadinh123 hanhphuc123 sanchoi123 sanchoi1234 sanchoi2026 ubndxa12345 ubnd123456 ubnd@12345
daklak12345 daklak2026 0905123456 0912345678 0987654321a zxcvbnm123 zaq12wsxcde
"""
COMMON = frozenset(_COMMON.split())
"""The commonest of ten characters and more, in small letters."""
_turn = threading.BoundedSemaphore(AT_ONCE)


class Hasher:
    """Makes and checks hashes; the costs are the library's recommended ones unless a test asks for less."""

    def __init__(self, argon2: Argon2Hasher | None = None) -> None:
        self._hash = PasswordHash((argon2 or Argon2Hasher(),))

    @cached_property
    def _dummy(self) -> str:
        """The hash that is checked where there is none."""
        return self._hash.hash("nobody has this password")

    def make(self, password: str) -> str:
        """The hash of a password."""
        with _working():
            return self._hash.hash(_folded(password))

    def check(self, password: str, made: str | None) -> bool:
        """Whether a password is the one of a hash. Without one as much work is done, so that the time tells nothing."""
        if len(password) > MOST:
            password, made = "", None
        dummy = self._dummy
        with _working():
            try:
                right = self._hash.verify(_folded(password), made or dummy)
            except UnknownHashError:
                right = False
        return right and made is not None


class _working:  # noqa: N801 - used as a statement
    """One of the few places at which hashes are worked on."""

    def __enter__(self) -> None:
        if not _turn.acquire(timeout=PATIENCE_S):
            words = ("Đang có nhiều người đăng nhập.", "Many people are logging in.")
            raise Problem("unavailable", pairs={"message": words}, headers={"Retry-After": "5"})

    def __exit__(self, *_: object) -> None:
        _turn.release()


def _folded(password: str) -> str:
    """One spelling of the same letters, whichever keyboard they were typed with."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode()


def fault(password: str, login: str = "", name: str = "") -> tuple[str, str] | None:
    """Why a new password will not do, Vietnamese and English; None = it will."""
    text = _folded(password)
    low = text.casefold()
    if len(text) < LEAST:
        return (f"mật khẩu phải có ít nhất {LEAST} ký tự", f"a password has at least {LEAST} characters")
    if len(text) > MOST:
        return (f"mật khẩu chỉ được dài tối đa {MOST} ký tự", f"a password has at most {MOST} characters")
    own = {part.casefold() for part in (login, name) if part}
    if low in COMMON or len(set(low)) < 4 or low in own or low.strip("0123456789") in own:
        return ("mật khẩu này quá dễ đoán", "this password is too easy to guess")
    return None
