"""Events: a job's progress as server-sent events, read from the database, so that any web worker can tell any job."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator

import anyio
from anyio import to_thread
from sanchoi.api import ops
from sanchoi.api.jobs import queue, told
from sanchoi.api.problems import Problem
from sanchoi.api.store import JobEvent, Store

LOOK_S = 0.3
ALIVE_S = 15.0
"""A comment at least so often, so that proxies keep the line open."""


async def stream(store: Store, job_id: str, after: int, language: str) -> AsyncIterator[str]:
    """The events of a job after the one numbered `after`, as they come, until the job ends or the service stops.

    A listener that loses the line says the last number it heard (Last-Event-ID) and hears the rest. While the database is
    away there are comments alone.
    """
    yield "retry: 2000\n\n"
    said = time.monotonic()
    while not ops.STOPPING.is_set():
        try:
            found = await to_thread.run_sync(queue.events, store, job_id, after)
        except Problem:
            found = []
        for each in found:
            after = each.number
            yield _event(each, language)
            if each.status in queue.ENDS:
                return
        moment = time.monotonic()
        if found:
            said = moment
        elif moment - said >= ALIVE_S:
            said = moment
            yield ": alive\n\n"
        await anyio.sleep(LOOK_S)


def _event(each: JobEvent, language: str) -> str:
    kind = "done" if each.status in queue.ENDS else "progress"
    return f"id: {each.number}\nevent: {kind}\ndata: {json.dumps(told.event(each, language), ensure_ascii=False)}\n\n"
