"""The library: which results are served, under which names, and what happens when they change or are damaged."""

import json
import logging
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.api import library as module
from sanchoi.api.groups import Groups
from sanchoi.api.library import RESULTS, Library, slug
from sanchoi.gis.errors import SourceError, UnknownId
from service import result, settings


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch):
    monkeypatch.setattr(module, "LOOK_S", 0.0)


def put(folder: Path) -> Path:
    """A copy of the small result."""
    shutil.copytree(result(), folder)
    return folder


def ids(library):
    return [entry.id for entry in library]


def test_a_folder_of_results_is_served_in_order_and_a_new_one_is_found(tmp_path):
    put(tmp_path / "b")
    library = Library(settings(tmp_path))
    assert ids(library) == ["b"]
    put(tmp_path / "a")
    assert ids(library) == ["a", "b"]
    shutil.rmtree(tmp_path / "b")
    assert ids(library) == ["a"]
    with pytest.raises(UnknownId):
        library.get("b")


def test_results_of_jobs_come_after_those_named(tmp_path):
    put(tmp_path / "one")
    own = settings(tmp_path / "one", data=tmp_path / "data")
    library = Library(own)
    put(tmp_path / "data" / RESULTS / "job-7")
    assert ids(library) == ["one", "job-7"]
    assert library.first().id == "one"


def test_two_folders_of_one_name_have_two_addresses_that_stay(tmp_path):
    first, second = put(tmp_path / "x" / "same"), put(tmp_path / "y" / "same")
    library = Library(settings(first, second))
    names = ids(library)
    assert names[0] == "same"
    assert names[1].startswith("same-")
    assert library.get(names[1]).folder == second.resolve()
    assert ids(Library(settings(first, second))) == names
    assert ids(Library(settings(first, second, first))) == names


def test_a_damaged_result_is_left_out_and_said_once(tmp_path, caplog):
    put(tmp_path / "good")
    for name, spoil in {
        "no-json": lambda f: (f / "run.json").write_text("{", encoding="utf-8"),
        "no-record": lambda f: (f / "run.json").write_text("[]", encoding="utf-8"),
        "no-tables": lambda f: (f / "run.json").write_text('{"tables": []}', encoding="utf-8"),
        "no-study": lambda f: (f / "run.json").write_text('{"run_id": "1", "tables": ["communes", "gaps"]}', "utf-8"),
        "not-text": lambda f: (f / "run.json").write_bytes(b"\xff\xfe\x00"),
        "lost-table": lambda f: (f / "tables" / "gaps.parquet").unlink(),
        "cut-table": lambda f: os.truncate(f / "tables" / "parcels.parquet", 100),
        "empty-table": lambda f: os.truncate(f / "tables" / "parcels.parquet", 0),
    }.items():
        spoil(put(tmp_path / name))
    with caplog.at_level(logging.WARNING, "sanchoi.service"):
        library = Library(settings(tmp_path))
        assert ids(library) == ["good"]
        assert ids(library) == ["good"]
    assert len(caplog.records) == 8
    told = [record.facts for record in caplog.records]
    assert {Path(each["folder"]).name for each in told} == {p.name for p in tmp_path.iterdir()} - {"good"}
    assert all(each["fault"] for each in told)


def test_a_result_that_is_mended_comes_back(tmp_path):
    put(tmp_path / "good")
    folder = put(tmp_path / "late")
    record = (folder / "run.json").read_bytes()
    (folder / "run.json").write_bytes(record[:50])
    library = Library(settings(tmp_path))
    assert ids(library) == ["good"]
    (folder / "run.json").write_bytes(record)
    assert ids(library) == ["good", "late"]


def test_nothing_to_serve_is_said_at_once(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(SourceError) as told:
            Library(settings(folder))
        assert str(folder) in told.value.came
        assert "sanchoi run" in told.value.todo


def test_a_result_made_anew_has_another_etag_and_fresh_tables(tmp_path):
    folder = put(tmp_path / "one")
    library = Library(settings(folder))
    before = library.first()
    assert library.first() is before
    assert before.table("gaps") is before.table("gaps")
    run = json.loads((folder / "run.json").read_text("utf-8"))
    (folder / "run.json").write_text(json.dumps({**run, "run_id": "other"}), encoding="utf-8")
    after = library.first()
    assert after is not before
    assert after.etag != before.etag
    assert after.run["run_id"] == "other"


def test_records_are_read_only_when_they_have_changed(tmp_path, monkeypatch):
    put(tmp_path / "one")
    library = Library(settings(tmp_path))
    read = []
    monkeypatch.setattr(module, "_entry", lambda *given: read.append(given))
    for _ in range(5):
        library.entries()
    assert read == []


def test_folders_are_looked_at_no_more_than_once_a_second(tmp_path, monkeypatch):
    at = [1000.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: at[0]))
    monkeypatch.setattr(module, "LOOK_S", 1.0)
    put(tmp_path / "one")
    library = Library(settings(tmp_path))
    looks = []
    monkeypatch.setattr(library, "_look", lambda: looks.append(at[0]))
    for at[0] in (1000.0, 1000.5, 1000.875, 1001.0, 1001.5, 1001.875, 1002.0):
        library.get("one")
    assert looks == [1001.0, 1002.0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Huyện Đại Lộc", "Huyen-Dai-Loc"),
        ("a.b c/d", "a-b-c-d"),
        ("đ", "d"),
        ("..", "result"),
        ("結果", "result"),
        ("A_1-b", "A_1-b"),
    ],
)
def test_addresses_are_plain(name, expected):
    assert slug(name) == expected


def test_a_table_that_is_not_there_is_named(tmp_path):
    library = Library(settings())
    with pytest.raises(UnknownId):
        library.first().table("nothing")
    with pytest.raises(UnknownId):
        library.first().rows("nothing", "parcel_id", "P1")


KEYS = st.lists(st.one_of(st.none(), st.sampled_from(["a", "b", "c", "é", ""])), max_size=30)


@given(KEYS, st.booleans())
def test_groups_find_the_rows_that_a_search_finds(keys, ordered):
    """Against comparing every row, sorted tables and others, with rows that have no key."""
    if ordered:
        keys = sorted(key for key in keys if key is not None)
    table = pd.DataFrame({"key": pd.Series(keys, dtype="str"), "n": np.arange(len(keys))})
    groups = Groups(table["key"])
    for key in ["a", "b", "c", "é", "", "x"]:
        found = table.iloc[groups.places(key)]["n"].tolist()
        assert found == [n for n, each in enumerate(keys) if each == key]
        assert (key in groups) == (key in keys)
