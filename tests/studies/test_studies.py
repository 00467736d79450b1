"""The study folders: their text is sound, and every layer they name is there."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from sanchoi.gis import study
from shared import ROOT, shared_data

STUDIES = sorted(path.parent for path in Path(__file__).parent.glob("*/study.toml"))


def document(folder):
    return tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))


def paths(section):
    """Every file that a section names, or the sections of a group such as [constraints.NAME]."""
    if isinstance(section, Mapping) and section and all(isinstance(each, Mapping) for each in section.values()):
        return [text for each in section.values() for text in paths(each)]
    found = [section.get(key, []) for key in ("path", "zones")] if isinstance(section, Mapping) else []
    return [text for value in found for text in ([value] if isinstance(value, str) else value)]


def test_there_are_three():
    assert [folder.name for folder in STUDIES] == ["las-palmas", "quang-nam", "quang-nam-north"]


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_parses_and_is_an_estimate(folder):
    found = study.parse(document(folder))
    assert found.estimate
    assert not found.synthetic
    assert [band.name for band in found.bands] == ["0-14"]
    assert found["children"]["note"]


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_its_norm_has_rows(folder):
    rows = pd.read_csv(ROOT / "data" / "norms.csv", dtype=str, keep_default_na=False)
    assert document(folder)["norms"]["profile"] in set(rows["profile"])


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_every_layer_has_a_source(folder):
    text = document(folder)
    layers = {name for name, section in text.items() if paths(section)} | {"children"}
    if "zones" in text["children"]:
        layers.add("children zones")
    assert {row["layer"] for row in text["sources"]} == layers
    for row in text["sources"]:
        assert row["name"]
        assert row["attribution"]
        assert row["licence"]
        if any(".osm." in each for each in paths(text.get(row["layer"]))):
            assert row["attribution"] == "© OpenStreetMap contributors"
            assert row["licence"].startswith("ODbL")


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_every_file_is_there(folder):
    shared_data()
    text = document(folder)
    for section in text.values():
        for each in paths(section):
            assert (folder / each).is_file(), each


def test_las_palmas_total_is_twelve_percent():
    assert document(STUDIES[0])["children"]["total"] == {"0-14": pytest.approx(378_797 * 0.12)}


def test_quang_nam_keeps_78_communes_and_knows_no_inventory():
    text = document(STUDIES[1])
    assert "play_areas" not in text
    assert text["communes"]["surveyed"] is False
    path = shared_data() / "quangnam" / "communes_2025.gpkg"
    rows = pyogrio.read_dataframe(path, read_geometry=False, where=text["communes"]["where"])
    assert len(rows) == 78
    assert rows[text["communes"]["id"]].is_unique
