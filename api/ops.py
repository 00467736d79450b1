"""Operations: whether the service runs, whether it can work, and what it counts."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from sanchoi.api import metrics
from sanchoi.api.accounts import actor
from sanchoi.api.accounts.actor import ADMINISTER
from sanchoi.api.metrics import Now
from sanchoi.api.problems import Problem
from starlette.responses import JSONResponse, Response

router = APIRouter(include_in_schema=False)
STOPPING = threading.Event()
"""Set as soon as the process is told to stop: whoever streams without end looks at it and ends."""
FRESH = {"Cache-Control": "no-store"}


@router.get("/health")
def health() -> Response:
    """The process is up."""
    return JSONResponse({"status": "ok"}, headers=FRESH)


@router.get("/ready")
def ready(request: Request) -> Response:
    """Results can be read and the database answers."""
    count = len(request.app.state.library.entries())
    if not count:
        raise Problem("unavailable", pairs={"message": ("Không có kết quả nào.", "There is no result.")})
    store = getattr(request.app.state, "store", None)
    if store is not None:
        store.ping()
    return JSONResponse({"status": "ready", "results": count}, headers=FRESH)


@router.get("/metrics")
def counts(request: Request) -> Response:
    """Figures for Prometheus: on a guarded service for this machine and for administrators alone."""
    settings = request.app.state.settings
    if (settings.guarded or settings.private) and not _near(request):
        actor.of(request).must(ADMINISTER)
    now = Now(len(request.app.state.library.entries()), _jobs(request))
    return Response(metrics.page(now), media_type=CONTENT_TYPE_LATEST, headers=FRESH)


def _near(request: Request) -> bool:
    """Whether a request comes from this machine itself, and not through a proxy on it."""
    client = request.client.host if request.client else ""
    return client in ("127.0.0.1", "::1") and not {"forwarded", "x-forwarded-for"} & set(request.headers)


def _jobs(request: Request) -> Mapping[str, int]:
    """Jobs by state; none where the store cannot tell."""
    count = getattr(getattr(request.app.state, "store", None), "job_counts", None)
    return count() if count is not None else {}
