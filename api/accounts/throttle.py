"""Throttle: guessing passwords grows slower with each attempt that fails, in every process alike, for the database counts.

After `FREE` failures of a login (or `FREE_ADDRESS` from an address) each further attempt must wait twice as long as the one
before, up to `LONGEST_S`. An attempt is counted before the password is looked at, so that many at once gain nothing; while one
must wait, the right password is refused too. Logins and addresses stand in the database as hashes.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sanchoi.api.accounts import keys
from sanchoi.api.store import Attempt, Store
from sanchoi.api.store.models import now
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as Database

FREE, FREE_ADDRESS = 5, 20
FIRST_S, LONGEST_S = 2.0, 900.0
KEPT_S = 24 * 3600.0
"""An attempt is forgotten after this."""
LOCK = 5_720_432
"""Name of the lock under which attempts are counted on PostgreSQL."""
Clock = Callable[[], datetime]


def login_key(login: str) -> str:
    """The key of a login, known or not."""
    return keys.digest(f"login {login}")


def address_key(address: str) -> str:
    """The key of an address; of IPv6 the network counts, for each subscriber has 2⁶⁴ addresses."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return keys.digest(f"address {address}")
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return address_key(str(mapped)) if mapped else keys.digest(f"address {int(found) >> 64:x}")
    return keys.digest(f"address {found}")


def wait_s(failures: int, free: int) -> float:
    """How long after the last of so many failures the next attempt may come."""
    over = failures - free
    return 0.0 if over < 0 else min(LONGEST_S, FIRST_S * 2.0 ** min(over, 20))


def begin(store: Store, login: str, address: str, clock: Clock = now) -> float:
    """Count an attempt, and give 0; or count nothing and give the seconds that it must wait."""
    at = clock()
    both = ((login_key(login), FREE), (address_key(address), FREE_ADDRESS))
    with store.session() as database:
        store.lock(database, LOCK)
        database.execute(delete(Attempt).where(Attempt.at < at - timedelta(seconds=KEPT_S)))
        wait = max(_wait(database, key, free, at) for key, free in both)
        if wait <= 0:
            database.add_all([Attempt(key=key, at=at) for key, _ in both])
        return max(0.0, wait)


def _wait(database: Database, key: str, free: int, at: datetime) -> float:
    found = database.execute(select(func.count(), func.max(Attempt.at)).where(Attempt.key == key)).one()
    count, last = int(found[0]), found[1]
    if not count:
        return 0.0
    return wait_s(count, free) - (at - last).total_seconds()


def succeeded(database: Database, login: str, address: str) -> None:
    """Forget the failures of a login that came in, and of its address the one attempt that was none."""
    database.execute(delete(Attempt).where(Attempt.key == login_key(login)))
    last = select(func.max(Attempt.id)).where(Attempt.key == address_key(address)).scalar_subquery()
    database.execute(delete(Attempt).where(Attempt.id == last))


def forget(database: Database, logins: Sequence[str]) -> None:
    """Forget the failures of logins, when an administrator lets somebody in again."""
    database.execute(delete(Attempt).where(Attempt.key.in_([login_key(each) for each in logins])))
