"""Every test here runs on SQLite and on a real PostgreSQL + PostGIS."""

import postgres
import pytest


@pytest.fixture(params=postgres.DATABASES)
def url(request, tmp_path):
    return postgres.fresh(request.param, tmp_path)


@pytest.fixture
def store(url):
    with postgres.opened(url) as opened:
        yield opened
