"""Layer: the public proposals of a result as features, read from the database when they are asked for; and their pulse.

They carry what everybody may know: never owner, author, note, or who stands behind them.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict

from anyio import to_thread
from sanchoi.api.features.live import Live
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import figures
from sanchoi.api.proposals.public import HIDDEN
from sanchoi.api.proposals.readings import currents
from sanchoi.api.store import Proposal, Store
from sqlalchemy import func, select

NAME = "proposals"
COLUMNS = {
    "number": "integer",
    "name": "text",
    "commune_id": "text",
    "vintage": "text",
    "state": "text",
    "gained": "number",
    "cost": "number",
    "score": "number",
    "rank": "integer",
    "figures_run": "text",
    "figures_current": "boolean",
    "submitted": "text",
}
KEPT = 16
BEAT_S = 1.0
_made: OrderedDict[tuple[object, ...], Live] = OrderedDict()
_lock = threading.Lock()


def live(store: Store, now: Entry) -> Live | None:
    """The public proposals of a result as it is now; None = there is none.

    Raises
    ------
    Problem : the database is not available.
    """
    shown = (Proposal.public.is_(True), Proposal.state.not_in(HIDDEN), Proposal.result_id == now.id)
    with store.reading() as session:
        marks = session.execute(
            select(Proposal.id, Proposal.revision, Proposal.etag).where(*shown).order_by(Proposal.number)
        ).all()
        if not marks:
            return None
        key = (str(store.url), now.id, now.etag, tuple(tuple(row) for row in marks))
        with _lock:
            if key in _made:
                _made.move_to_end(key)
                return _made[key]
        found = list(session.scalars(select(Proposal).where(*shown).order_by(Proposal.number)))
        if not found:
            return None
        versions = currents(session, found)
        rows = []
        for each in found:
            worth = versions[each.id].worth or {}
            values = {
                **{name: getattr(each, name) for name in ("number", "name", "commune_id", "vintage", "state")},
                **{name: getattr(each, name) for name in ("gained", "cost")},
                "score": worth.get("score"),
                "rank": worth.get("rank"),
                "figures_run": figures.run(versions[each.id]),
                "figures_current": figures.current(each, versions[each.id], now),
                "submitted": None if each.submitted is None else each.submitted.isoformat(timespec="seconds"),
            }
            rows.append((str(each.number), each.geometry, [values[name] for name in COLUMNS]))
    made = Live(NAME, COLUMNS, rows)
    with _lock:
        _made[key] = made
        while len(_made) > KEPT:
            _made.popitem(last=False)
    return made


class Pulse:
    """Tells answers that are kept when something public has changed: looked at no more often than once in `BEAT_S`.

    While one looks, all others go by what was seen last: a database that does not answer holds up nobody else.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: object = None
        self._looked = -math.inf

    def __call__(self) -> object:
        """What differs when the public proposals do."""
        return self._told

    async def beat(self) -> None:
        """Look again, if it is time."""
        if time.monotonic() - self._looked >= BEAT_S:
            self._looked = time.monotonic()
            self._told = await to_thread.run_sync(self._look)

    def _look(self) -> object:
        public = select(func.count(), func.max(Proposal.updated)).where(Proposal.public.is_(True))
        try:
            with self._store.reading() as session:
                return tuple(session.execute(public).one())
        except Problem:  # what was kept stays as good as it was
            return self._told
