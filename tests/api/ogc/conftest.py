"""A result with many odd parcels, and a live service over it and the small result."""

from types import SimpleNamespace

import pytest
import service
from odd_results import served, write_many
from sanchoi.api.features import Features
from sanchoi.api.library import Library
from sanchoi.api.settings import Settings


@pytest.fixture(scope="session")
def odd_result(tmp_path_factory):
    return write_many(tmp_path_factory.mktemp("ogc-odd") / "odd", 400)


@pytest.fixture(scope="session")
def settings(odd_result, tmp_path_factory):
    return Settings((service.result(), odd_result), tmp_path_factory.mktemp("ogc-data"))


@pytest.fixture(scope="session")
def odd(settings):
    """Features of the odd result, and their table."""
    entry = Library(settings).get("odd")
    land = entry.table("parcels")
    records = land.drop(columns="geometry").to_dict("records")
    return SimpleNamespace(features=Features(entry, settings), land=land, records=records, entry=entry)


@pytest.fixture(scope="session")
def client(settings):
    with service.client(*settings.results, raises=False, data=settings.data) as found:
        yield found


@pytest.fixture(scope="session")
def live(settings):
    with served(settings) as address:
        yield address
