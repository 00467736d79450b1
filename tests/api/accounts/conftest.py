"""What touches the store runs on SQLite and on a real PostgreSQL + PostGIS; a client with people is there for the rest."""

import people
import postgres
import pytest
import service


@pytest.fixture(params=postgres.DATABASES)
def url(request, tmp_path):
    return postgres.fresh(request.param, tmp_path)


@pytest.fixture
def store(url):
    with postgres.opened(url) as opened:
        yield opened


@pytest.fixture
def asked():
    with service.client() as client:
        client.app.state.hasher = people.QUICK
        yield client


@pytest.fixture
def both(url):
    """A client over either database."""
    with service.client(database=url) as client:
        client.app.state.hasher = people.QUICK
        yield client
