"""The service: one FastAPI application over a library of results."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI
from sanchoi.api import files, handlers, ogc, ops, pages, processes, rest, tiles
from sanchoi.api.accounts import guard
from sanchoi.api.accounts.oidc import Outside
from sanchoi.api.accounts.passwords import Hasher
from sanchoi.api.drawer import Drawer
from sanchoi.api.kept import Kept
from sanchoi.api.library import Library
from sanchoi.api.logs import Logged
from sanchoi.api.middleware import Bounded, Conditional, Gzipped, Headed, SameSite
from sanchoi.api.models import Models
from sanchoi.api.proposals.layer import Pulse
from sanchoi.api.settings import Settings
from sanchoi.api.store import Store

THREADS = 8
"""So many requests are worked on at once in a process; more would only take turns at the one interpreter, and all be late."""


def create(settings: Settings, hasher: Hasher | None = None) -> FastAPI:
    """The application. State that routes use: `settings`, `library`.

    Parameters
    ----------
    hasher : of passwords; a test may have one that costs less.

    Raises
    ------
    SourceError : there is no result to show.
    """
    app = FastAPI(title="Sân Chơi", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_life)
    app.state.settings = settings
    app.state.library = Library(settings)
    app.state.store = Store.of(settings.url)
    app.state.models = Models()
    app.state.drawer = Drawer()
    app.state.pulse = Pulse(app.state.store)
    app.state.who = guard.who
    app.state.hasher = hasher or Hasher()
    app.state.outside = Outside(settings.oidc) if settings.oidc else None
    handlers.install(app)
    # The last one added is the first to see a request.
    app.add_middleware(guard.Sealed)
    app.add_middleware(Bounded, limit=settings.limits.body_bytes, upload=settings.limits.upload_bytes)
    app.add_middleware(SameSite, settings=settings)
    app.add_middleware(handlers.Faults)
    app.add_middleware(Gzipped)
    app.add_middleware(Kept, state=lambda: _state(app), before=app.state.pulse.beat)
    app.add_middleware(Conditional)
    app.add_middleware(guard.Known, of=app)
    app.add_middleware(Headed)
    app.add_middleware(Logged)
    app.include_router(ops.router)
    app.include_router(processes.router)
    app.include_router(rest.router)
    app.include_router(files.router)
    app.include_router(ogc.router)
    app.include_router(tiles.router)
    pages.install(app)
    return app


def _state(app: FastAPI) -> object:
    """What answers that are kept depend on: the results, and what is public of the proposals."""
    return [(entry.id, entry.etag) for entry in app.state.library.entries()], app.state.pulse()


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """Around the life of the application."""
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield
    app.state.drawer.close()
    app.state.store.close()
    if app.state.outside is not None:
        app.state.outside.close()


def of_environment() -> FastAPI:
    """The application in a worker process, with the settings that the parent left in the environment."""
    return create(Settings.of_environment())
