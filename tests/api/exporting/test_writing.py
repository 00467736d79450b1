"""An export is a folder or a zip, whole or not there, the same bytes twice; its layers are cut to what was chosen."""

import hashlib
import json
import zipfile

import pytest
import service
from sanchoi.api import exporting
from sanchoi.api.exporting import layers, registry
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.registry import Format
from sanchoi.gis import results
from sanchoi.gis.errors import SourceError

HOME = "Hòa Phú"


def context(**wish):
    return Context(service.result(), results.read(service.result()), exporting.Wish(**wish))


def small(of):
    def make(context, each, folder):
        path = folder / f"{of}-{len(each)}.txt"
        path.write_text(each or of, "utf-8")
        context.note(path, "điều mất", "what is lost")
        return [path]

    return make


@pytest.fixture
def formats(monkeypatch):
    """Formats that are quick to make."""

    def add(**made):
        for name, form in made.items():
            monkeypatch.setitem(registry.FORMATS, name, form)

    return add


def test_a_zip_holds_the_files_and_their_manifest_and_is_the_same_twice(tmp_path, formats):
    formats(a=Format(("a", "a"), "whole", small("a")), b=Format(("b", "b"), "commune", small("b")))
    wish = exporting.Wish(communes=[HOME], formats=["a", "b"])
    told = exporting.write(service.result(), wish, tmp_path / "one.zip")
    exporting.write(service.result(), wish, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as found:
        assert found.namelist() == ["a-0.txt", f"b-{len(HOME)}.txt", "manifest.json"]
        assert json.loads(found.read("manifest.json")) == json.loads(json.dumps(told, default=str))
        for name, each in told["files"].items():
            assert hashlib.sha256(found.read(name)).hexdigest() == each["sha256"]
    assert told["files"]["a-0.txt"]["of"] is None
    assert told["files"]["a-0.txt"]["notes"] == ["điều mất"]
    assert told["files"][f"b-{len(HOME)}.txt"]["of"] == HOME
    assert told["chosen"] == {"communes": [HOME], "sites": []}
    assert [each["licence"] for each in told["sources"]] == [
        str(each.get("licence") or "") for each in results.read(service.result()).run["sources"]
    ] + [""] * (len(told["sources"]) - len(results.read(service.result()).run["sources"]))


def test_what_fails_half_way_leaves_nothing(tmp_path, formats):
    def fails(context, each, folder):
        raise SourceError("no", "yes", "try")

    formats(a=Format(("a", "a"), "whole", small("a")), b=Format(("b", "b"), "whole", fails))
    for place in ("out", "out.zip"):
        with pytest.raises(SourceError):
            exporting.write(service.result(), exporting.Wish(formats=["a", "b"]), tmp_path / place)
    assert list(tmp_path.iterdir()) == []


def test_a_zip_that_is_there_is_left_alone(tmp_path, formats):
    formats(a=Format(("a", "a"), "whole", small("a")))
    (tmp_path / "mine.zip").write_bytes(b"x")
    with pytest.raises(SourceError, match="is there already"):
        exporting.write(service.result(), exporting.Wish(formats=["a"]), tmp_path / "mine.zip")
    assert (tmp_path / "mine.zip").read_bytes() == b"x"


def test_a_format_says_what_everything_is(tmp_path, formats):
    told = []

    def make(context, each, folder):
        told.append(each)
        return []

    formats(a=Format(("a", "a"), "commune", make, choose=lambda context: context.communes[:1]))
    exporting.write(service.result(), exporting.Wish(everything=True, formats=["a"]), tmp_path / "out")
    assert told == context(everything=True).communes[:1]


def test_layers_of_the_whole_are_the_tables():
    tables = results.read(service.result()).tables
    found = {each.name: each for each in layers.layers(context())}
    assert [each.kind for each in found.values()] == sorted(
        (each.kind for each in found.values()), key=list(layers.TITLES).index
    )
    for name in ("communes", "play_areas", "cells", "parcels", "usable", "sites"):
        assert len(found[name].frame) == len(tables[name])
    bands = set(tables["gaps"]["band"])
    assert {each.band for each in found.values() if each.kind == "gaps"} == bands
    assert all(each.frame.crs == "EPSG:4326" for each in found.values())


def test_layers_of_a_commune_and_of_a_site_hold_its_rows_alone():
    tables = results.read(service.result()).tables
    of_commune = {each.name: each.frame for each in layers.layers(context(communes=[HOME]))}
    for name, frame in of_commune.items():
        if name not in ("barriers", "usable"):
            assert set(frame["commune_id"]) == {HOME}, name
    mine = set(tables["parcels"].loc[tables["parcels"]["commune_id"] == HOME, "parcel_id"])
    assert set(of_commune["usable"]["parcel_id"]) == mine & set(tables["usable"]["parcel_id"])
    parcel = tables["parcels"].iloc[0]
    of_site = {each.name: each.frame for each in layers.layers(context(sites=[parcel["parcel_id"]]))}
    assert list(of_site["parcels"]["parcel_id"]) == [parcel["parcel_id"]]
    assert set(of_site["communes"]["commune_id"]) == {parcel["commune_id"]}


def test_a_layer_goes_to_another_crs_and_its_rows_stay():
    made = next(iter(layers.layers(context())))
    moved = made.to("EPSG:5899")
    assert moved.frame.crs == "EPSG:5899"
    assert list(moved.frame["commune_id"]) == list(made.frame["commune_id"])
