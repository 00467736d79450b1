"""The index: what stands in it is what stands in the tables, and it is made once, whole, by one of many."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
import service
import shapely
from sanchoi.api.features import Features, index, prepare, tidy, warm
from sanchoi.api.features.build import FORMAT
from sanchoi.api.features.condition import Condition
from sanchoi.api.library import Library
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Settings


@pytest.fixture(scope="module")
def small(settings):
    entry = Library(settings).get(service.RESULT)
    return entry, Features(entry, settings)


def rows(features, name):
    """All rows of a collection, by id, with their geometry."""
    columns = list(features.collection(name).columns)
    found = {}
    for block in features.query(name, Condition(), 100_000):
        for feature, values, shape in zip(block.ids, block.values, block.shapes, strict=True):
            assert feature not in found
            found[feature] = {**dict(zip(columns, values, strict=True)), "geometry": shape}
    return found


def same(found, expected):
    """Whether a value of the index is that of a table, to the last bit."""
    if expected is None or expected is pd.NA or (isinstance(expected, float) and np.isnan(expected)):
        return found is None
    return found == expected and isinstance(found, bool) == isinstance(expected, bool | np.bool_)


def check(found, table, key):
    assert list(found) == [key(row) for row in table.drop(columns="geometry").to_dict("records")]
    for row in table.to_dict("records"):
        one = found[key(row)]
        for name, value in row.items():
            if name != "geometry":
                assert same(one[name], value), (key(row), name, one[name], value)
        assert shapely.equals_exact(shapely.normalize(one["geometry"]), shapely.normalize(_multi(row, one)), 0)


def _multi(row, one):
    """A polygon among multipolygons is one of a single part."""
    shape = row["geometry"]
    wide = one["geometry"].geom_type == "MultiPolygon" and shape.geom_type == "Polygon"
    return shapely.MultiPolygon([shape]) if wide else shape


@pytest.mark.parametrize(
    ("name", "key"), [("communes", "commune_id"), ("play_areas", "play_area_id"), ("parcels", "parcel_id")]
)
def test_a_table_is_in_the_index_as_it_is(small, name, key):
    entry, features = small
    check(rows(features, name), entry.table(name), lambda row: row[key])


def test_odd_texts_and_unknown_numbers_are_in_the_index_as_they_are(odd):
    check(rows(odd.features, "parcels"), odd.land, lambda row: row["parcel_id"])


def test_gaps_have_the_outline_of_their_commune(small):
    entry, features = small
    outlines = entry.table("communes").set_index("commune_id").geometry
    table = entry.table("gaps").assign(geometry=lambda frame: [outlines[each] for each in frame["commune_id"]])
    check(rows(features, "gaps"), table, lambda row: f"{row['commune_id']}:{row['band']}")
    assert {row["band"] for row in rows(features, "gaps").values()} == {"0-5", "6-14", "all"}


def test_cells_have_the_bands_beside_each_other(small):
    entry, features = small
    bands = entry.table("cell_bands")
    found = rows(features, "cells")
    assert len(found) == len(entry.table("cells"))
    for row in entry.table("cells").to_dict("records"):
        one = found[f"{row['cell_id']}:{row['commune_id']}"]
        assert all(same(one[name], row[name]) for name in ("walk_m", "straight_m", "play_area_id", "off_network"))
        own = bands[(bands["cell_id"] == row["cell_id"]) & (bands["commune_id"] == row["commune_id"])]
        for each in own.to_dict("records"):
            slug = each["band"].replace("-", "_")
            for name in ("children", "covered", "m2_per_child"):
                assert same(one[f"{name}_{slug}"], each[name])
        assert one["children"] == pytest.approx(own["children"].sum(), rel=1e-12)
        known = [None if pd.isna(each) else bool(each) for each in own[own["children"] > 0]["covered"]]
        assert one["covered"] is (False if False in known else None if None in known else True)


def test_cells_covered_for_some_bands_only():
    from sanchoi.api.features.layers import _cells

    cells = pd.DataFrame({"cell_id": list("abcde"), "commune_id": "1", "geometry": None})
    told = [
        ("a", 1.0, True, 1.0, True, True),
        ("b", 1.0, True, 1.0, False, False),
        ("c", 1.0, True, 0.0, False, True),  # no child is left out
        ("d", 1.0, pd.NA, 1.0, True, pd.NA),
        ("e", None, pd.NA, 1.0, False, False),
    ]
    rows = [
        (cell, "1", band, n, c)
        for cell, n1, c1, n2, c2, _ in told
        for band, n, c in (("0-5", n1, c1), ("6-14", n2, c2))
    ]
    bands = pd.DataFrame(rows, columns=["cell_id", "commune_id", "band", "children", "covered"]).assign(
        m2_per_child=0.0
    )
    bands["covered"] = bands["covered"].astype("boolean")
    found = _cells(cells, bands)[0].set_index("cell_id")
    for cell, n1, _, n2, _, expected in told:
        assert found.loc[cell, "covered"] is expected or found.loc[cell, "covered"] == expected
        total = found.loc[cell, "children"]
        assert np.isnan(total) if n1 is None else total == n1 + n2


def test_sites_are_the_usable_pieces_of_the_plan(small):
    entry, features = small
    found = rows(features, "sites")
    sites = entry.table("sites")
    pieces = entry.table("usable").set_index("parcel_id").geometry
    land = entry.table("parcels").set_index("parcel_id")
    assert list(found) == sites["parcel_id"].tolist()
    for row in sites.to_dict("records"):
        one = found[row["parcel_id"]]
        assert all(same(one[name], value) for name, value in row.items())
        assert one["score"] == land.loc[row["parcel_id"], "score"]
        assert shapely.equals(one["geometry"], pieces[row["parcel_id"]])


def test_what_a_result_has_not_is_not_listed(odd, small):
    assert list(odd.features.collections) == ["communes", "gaps", "parcels", "sites"]
    assert list(small[1].collections) == ["communes", "gaps", "play_areas", "cells", "parcels", "sites"]


def test_it_is_a_geopackage_with_rtrees_and_indexes(settings, odd):
    with closing(sqlite3.connect(index.place(odd.entry, settings))) as base:
        assert base.execute("SELECT count(*) FROM gpkg_contents").fetchone() == (4,)
        assert base.execute("SELECT count(*) FROM rtree_parcels_geom").fetchone() == (400,)
        names = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
        assert {"ix_parcels_id", "ix_parcels_verdict", "ix_parcels_commune_id"} <= names
        assert base.execute("SELECT fid FROM parcels ORDER BY fid").fetchall() == [(k,) for k in range(1, 401)]


def test_pages_put_together_are_the_whole(odd):
    condition = Condition('"verdict" = ?', ("eligible",))
    for chosen in (Condition(), condition):
        whole = [feature for block in odd.features.query("parcels", chosen, 10_000) for feature in block.ids]
        assert len(whole) == odd.features.matched("parcels", chosen)
        pages = []
        for offset in range(0, len(whole) + 7, 7):
            pages += [feature for block in odd.features.query("parcels", chosen, 7, offset) for feature in block.ids]
        assert pages == whole


def fresh(tmp_path, odd_result):
    own = Settings((odd_result,), tmp_path / "data")
    return Library(own).first(), own


def test_of_many_who_ask_at_once_one_makes_it(tmp_path, odd_result, monkeypatch):
    entry, own = fresh(tmp_path, odd_result)
    made = []
    real = index.make
    monkeypatch.setattr(index, "make", lambda command, target: (made.append(target), real(command, target)))
    with ThreadPoolExecutor(6) as pool:
        paths = set(pool.map(lambda _: prepare(entry, own), range(6)))
    assert len(paths) == len(made) == 1
    assert {path.name for path in (own.data / "index").iterdir()} == {f"{entry.etag}.gpkg", f"{entry.etag}.gpkg.lock"}


def test_of_two_processes_that_ask_at_once_both_get_the_whole(tmp_path, odd_result):
    _, own = fresh(tmp_path, odd_result)
    code = (
        "from sanchoi.api.features import Features\nfrom sanchoi.api.library import Library\n"
        "from sanchoi.api.settings import Settings\nown = Settings.of_environment()\n"
        "print(Features(Library(own).first(), own).collection('parcels').count)"
    )
    environment = {**os.environ, "SANCHOI_SETTINGS": own.text()}
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [each.communicate(timeout=120)[0].strip() for each in running] == ["400", "400"]


def test_a_damaged_or_older_index_is_made_anew(tmp_path, odd_result):
    entry, own = fresh(tmp_path, odd_result)
    path = index.place(entry, own)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database")
    assert prepare(entry, own) == path
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE sanchoi_index SET format = 0")
    assert Features(entry, own).collection("parcels").count == 400
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("SELECT DISTINCT format FROM sanchoi_index").fetchall() == [(FORMAT,)]
    for harm in (b"", b"SQLite format 3\0"):
        path.write_bytes(harm)
        assert index._format(path) is None


def test_what_cannot_be_made_is_told_and_leaves_nothing(tmp_path, odd_result):
    broken = tmp_path / "broken"
    shutil.copytree(odd_result, broken)
    entry, own = fresh(tmp_path, broken)
    (broken / "tables" / "parcels.parquet").write_bytes(b"no parquet")
    with pytest.raises(Problem) as caught:
        prepare(entry, own)
    assert caught.value.status == 503
    assert "parcels.parquet" in caught.value.told("en", "/")["detail"]
    assert [path.name for path in (own.data / "index").iterdir()] == [f"{entry.etag}.gpkg.lock"]


def test_indexes_of_results_that_are_gone_are_removed(tmp_path, odd_result):
    entry, own = fresh(tmp_path, odd_result)
    kept = prepare(entry, own)
    new, old = kept.with_name("0123456789abcdef.gpkg"), kept.with_name("fedcba9876543210-parcels.pmtiles")
    for path in (new, old):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 3600,) * 2)
    os.utime(kept, (time.time() - 3600,) * 2)
    assert tidy([entry], own) == [old]
    old.write_bytes(b"x")
    os.utime(old, (time.time() - 3600,) * 2)
    warm([entry], own).join()
    assert not old.exists()
    assert kept.is_file()
    assert new.is_file()


def test_readers_in_many_threads_see_the_same(odd):
    expected = [feature for block in odd.features.query("parcels", Condition(), 400) for feature in block.ids]
    found = []

    def read():
        for _ in range(5):
            blocks = odd.features.query("parcels", Condition(), 400)
            found.append([feature for block in blocks for feature in block.ids])

    threads = [threading.Thread(target=read) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert all(each == expected for each in found)
    assert len(found) == 40


def test_the_record_of_the_result_names_the_index(tmp_path, odd_result):
    changed = tmp_path / "changed"
    shutil.copytree(odd_result, changed)
    entry, own = fresh(tmp_path, changed)
    run = json.loads((changed / "run.json").read_text())
    (changed / "run.json").write_text(json.dumps({**run, "run_id": "another"}))
    assert index.place(Library(own).first(), own) != index.place(entry, own)
