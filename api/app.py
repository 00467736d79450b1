"""The service: one FastAPI application over a library of results."""

from __future__ import annotations

from fastapi import FastAPI
from sanchoi.api.library import Library
from sanchoi.api.settings import Settings


def create(settings: Settings) -> FastAPI:
    """The application. State that routes use: `settings`, `library`.

    Raises
    ------
    SourceError : there is no result to show.
    """
    app = FastAPI(title="Sân Chơi", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.library = Library(settings)
    return app


def of_environment() -> FastAPI:
    """The application in a worker process, with the settings that the parent left in the environment."""
    return create(Settings.of_environment())
