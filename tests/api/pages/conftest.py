"""Results that the pages must be able to show, and one service over all of them."""

from types import SimpleNamespace

import geopandas as gpd
import lxml.html
import pytest
import service
import small
from sanchoi.api.cli import main

ODD = ["Thửa 7/Đ", "a b#2", "50%&x=1", '"q"<i>', "?page=2", "…/..x"]
"""Ids of parcels that need care in an address or on a page."""
LANGUAGES = ("vi", "en")


def _run(study, out):
    assert main(["run", str(study), "--out", str(out), "--quiet"]) == 0
    return out


def _land(folder, siting):
    """Parcels with odd ids; beside those of the small study these have neither owner nor cost."""
    squares = [small.square(690.0 + 60 * k, 499.5, 30, 30) for k in range(len(ODD))]
    uses = ["BCS", "BCS", "HNK", "NTD", "???", "BCS"]
    small.layer(folder, "land", gpd.GeoDataFrame({"no": ODD, "use": uses}, geometry=squares, crs=small.CRS))
    small.replace(folder, "walk_m = 300", "walk_m = 310")
    small.add(folder, f'\n[parcels]\npath = "land.gpkg"\nid = "no"\nland_use = "use"\n{siting}')
    return folder


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    """Result folders by name; each name is also the id in addresses."""
    root = tmp_path_factory.mktemp("page-results")
    bare = small.write(root / "studies" / "bare")
    small.replace(bare, "m2_per_child = 2\n", "")
    odd = _land(small.write(root / "studies" / "odd"), "")
    unknown = _land(small.write(root / "studies" / "unknown"), "\n[siting]\ncount = 2\n")
    small.replace(unknown, "surveyed = true", "surveyed = false")
    small.replace(unknown, '[network]\npath = "roads.gpkg"\nbridge = "bridge"\n', "")
    made = {
        name: _run(folder, root / "out" / name) for name, folder in (("bare", bare), ("odd", odd), ("unknown", unknown))
    }
    return {"small": service.result(), **made, "hostile": service.hostile_result()}


@pytest.fixture(scope="session")
def site(results):
    """A client of one service over all results; `get` gives a page's tree."""
    with service.client(*results.values()) as asked:
        yield SimpleNamespace(
            ask=lambda address, **more: ask(asked, address, **more), get=lambda address: get(asked, address)
        )


def ask(client, address, accept="text/html", **more):
    return client.get(address, headers={"accept": accept, **more})


def get(client, address):
    """The tree of a page that must be there."""
    answer = ask(client, address)
    assert answer.status_code == 200, (address, answer.status_code, answer.text[:300])
    tree = lxml.html.fromstring(answer.text)
    tree.answer = answer.text
    return tree
