"""Twelve communes of which two get surveyed: what is known of those two, by hand, and that the ten others stay unknown.

row 2   Xã 9   Xã 10  Xã 11  Xã 12      each 1 km²; Xã k has 10·k children of 0–5 and 20·k of 6–14,
row 1   Xã 5   Xã 6   Xã 7   Xã 8       all in the cell from (200, 400) to (300, 500) of their commune,
row 0   Xã 1   Xã 2   Xã 3   Xã 4       and a road along the middle of each row
"""

import re

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
import small
from pypdf import PdfReader
from sanchoi.api.cli import main
from sanchoi.gis import job, results
from small import X, Y
from survey_kit import HOME, KNOWN, NEW, bring, filled

NAMES = [f"Xã {k}" for k in range(1, 13)]
WITH, WITHOUT = "Xã 2", "Xã 7"
OTHERS = [name for name in NAMES if name not in (WITH, WITHOUT)]


@pytest.fixture(scope="module")
def dozen(tmp_path_factory):
    """The study, its result, and the kits of two communes."""
    home = tmp_path_factory.mktemp("dozen")
    folder = small.write(home / "study")
    corners = [(1000 * (k % 4), 1000 * (k // 4)) for k in range(12)]
    squares = [small.square(x, y, 1000, 1000) for x, y in corners]
    small.layer(folder, "communes", gpd.GeoDataFrame({"code": NAMES, "name": NAMES}, geometry=squares, crs=small.CRS))
    lines = [shapely.LineString([(X, Y + y), (X + 4000, Y + y)]) for y in (500, 1500, 2500)]
    small.layer(folder, "roads", gpd.GeoDataFrame({"bridge": [False] * 3}, geometry=lines, crs=small.CRS))
    rows = [f"{name},{10 * k},{20 * k}" for k, name in enumerate(NAMES, 1)]
    (folder / "children.csv").write_text("\n".join(["code,young,old", *rows, ""]), "utf-8")
    people = np.zeros((30, 40))
    for x, y in corners:
        people[(3000 - y - 500) // 100, (x + 200) // 100] = 1
    small.raster(folder, people, top=3000)
    small.replace(folder, "surveyed = true", "surveyed = false")
    text = (folder / "study.toml").read_text("utf-8")
    text = re.sub(r"\[play_areas\].*?\n\n", "", text, flags=re.DOTALL) + '\n[population]\npath = "people.tif"\n'
    (folder / "study.toml").write_text(text, "utf-8")
    (folder / "play_areas.gpkg").unlink()
    results.write(job.run(folder), home / "result")
    asked = ["--commune", WITH, "--commune", WITHOUT]
    assert main(["export", str(home / "result"), "--format", "survey", *asked, "--out", str(home / "kit"), "-q"]) == 0
    return home


@pytest.fixture(scope="module")
def forms(dozen):
    """One play area of 300 m² at (250, 500) of Xã 2, beside its children; and none in Xã 7."""
    blank = {}
    for path in (dozen / "kit").glob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        record = {row[0].value: row[1].value for row in book["sanchoi"].iter_rows()}
        blank[record["commune_id"]] = path.read_bytes()
    assert set(blank) == {WITH, WITHOUT}
    yard = {**NEW, "area_m2": 300, "x": Y + 500, "y": X + 1250}
    return (
        filled(dozen / "one.xlsx", yard, surveyor="UBND Xã 2", blank=blank[WITH]),
        filled(dozen / "two.xlsx", none="X", surveyor="UBND Xã 7", blank=blank[WITHOUT]),
    )


@pytest.fixture(scope="module")
def surveyed(dozen, forms):
    """Both forms at once."""
    assert bring(*forms, study=dozen / "study", out=dozen / "new") == 0
    return job.run(dozen / "new").tables


def test_before_it_all_are_unknown_and_asked_for_most_children_first(dozen):
    table = results.read(dozen / "result").tables["gaps"].query("band == 'all'").set_index("commune_id")
    assert set(table["status"]) == {"unknown"}
    assert table["survey_rank"].to_dict() == {name: 13 - k for k, name in enumerate(NAMES, 1)}


def test_the_two_are_known_to_the_child_and_the_square_metre(surveyed):
    table = surveyed["gaps"].set_index(["commune_id", "band"])
    for band, children in {"0-5": 20, "6-14": 40, "all": 60}.items():
        row = table.loc[(WITH, band)]
        assert (row["children"], row["children_uncovered"], row["play_area_m2"]) == pytest.approx((children, 0, 300))
        assert row["provision_m2_per_child"] == pytest.approx(300 / children)
        assert (row["status"], row["shortfall_m2"]) == ("met", 0)
        assert row["access_m2_per_child"] == pytest.approx(5)  # shared by all 60
    for band, children in {"0-5": 70, "6-14": 140, "all": 210}.items():
        row = table.loc[(WITHOUT, band)]
        assert (row["children"], row["children_uncovered"], row["play_area_m2"]) == pytest.approx(
            (children, children, 0)
        )
        assert (row["status"], row["shortfall_m2"]) == ("no_supply", 2 * children)  # the norm: 2 m² a child
    assert surveyed["communes"].set_index("commune_id")["surveyed"].to_dict() == {
        name: name in (WITH, WITHOUT) for name in NAMES
    }


def test_the_ten_others_stay_unknown_and_are_never_nought(surveyed):
    table = surveyed["gaps"][surveyed["gaps"]["commune_id"].isin(OTHERS)]
    assert len(table) == 30
    assert set(table["status"]) == {"unknown"}
    unknown = ["children_uncovered", "covered_share", "play_area_m2", "provision_m2_per_child", "shortfall_m2", "fgt0"]
    assert table[unknown].isna().all(axis=None)
    ranks = table[table["band"] == "all"].set_index("commune_id")["survey_rank"].to_dict()
    assert ranks == {name: k for k, name in enumerate(reversed(OTHERS), 1)}


def test_one_after_the_other_gives_the_same(dozen, forms, surveyed):
    one, two = forms
    assert bring(two, study=dozen / "study", out=dozen / "first") == 0
    assert bring(one, study=dozen / "first", out=dozen / "second") == 0
    pd.testing.assert_frame_equal(job.run(dozen / "second").tables["gaps"], surveyed["gaps"])


# --- a place that only a square tells ---------------------------------------------------------------------------------


def with_square(folder, **columns):
    """The small study; the place of A is known to 71 m, that of B as it was measured."""
    small.write(folder)
    small.layer(folder, "play_areas", small.play_areas().assign(near=[71.0, np.nan], **columns))
    small.replace(folder, 'area = "m2"', 'area = "m2"\nwithin = "near"')
    return job.run(folder)


def told(result):
    return [each for each in result.run["warnings"] if each["code"] == "place_by_square"]


def test_the_run_says_which_places_are_known_to_a_square_and_where_results_rest_on_them(tmp_path):
    result = with_square(tmp_path / "study")
    (warning,) = told(result)
    assert (warning["count"], warning["ids"]) == (1, ["A"])
    assert "to 71 m" in warning["message"]
    assert f"in 1 communes ({HOME})" in warning["message"]  # A is 750 m from the border, B as far
    table = result.tables["play_areas"].set_index("play_area_id")["within_m"]
    assert table["A"] == 71
    assert np.isnan(table["B"])


def test_a_place_that_no_result_rests_on_is_told_as_such(tmp_path):
    result = with_square(tmp_path / "study", access=["closed", "public"])
    assert "no distance depends on them" in told(result)[0]["message"]


def test_a_study_without_such_places_says_nothing(tmp_path):
    result = job.run(small.write(tmp_path / "study"))
    assert told(result) == []
    assert result.tables["play_areas"]["within_m"].isna().all()


def test_a_square_of_the_survey_map_is_known_in_run_table_workbook_and_fact_sheet(tmp_path):
    """Tenths of squares of 100 m: half the diagonal of 10 m is 7.1 m."""
    yard = {**NEW, "x": None, "y": None, "square": "C4-37"}
    assert bring(filled(tmp_path / "a.xlsx", KNOWN, yard), out=tmp_path / "new") == 0
    result = job.run(tmp_path / "new")
    made = f"KS/{HOME}/1"
    assert [each["ids"] for each in told(result)] == [[made]]
    assert result.tables["play_areas"].set_index("play_area_id")["within_m"].dropna().to_dict() == {made: 7.1}
    results.write(result, tmp_path / "result")
    wished = ["--format", "csv", "--format", "xlsx", "--format", "fact-sheet"]
    asked = ["export", str(tmp_path / "result"), "--commune", HOME, *wished, "--out", str(tmp_path / "out"), "-q"]
    assert main(asked) == 0
    table = pd.read_csv(tmp_path / "out" / "play_areas.csv", encoding="utf-8-sig").set_index("play_area_id")
    assert table["within_m"].dropna().to_dict() == {made: 7.1}
    (book,) = (tmp_path / "out").glob("*.xlsx")
    cells = [cell.value for row in openpyxl.load_workbook(book)["Sân chơi hiện có"].iter_rows() for cell in row]
    assert "Chỗ biết chính xác tới (m)" in cells
    assert 7.1 in cells
    (sheet,) = (tmp_path / "out").glob("fact-sheet*.pdf")
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(sheet).pages))
    assert "Sân đình (chỗ biết tới 7 m)" in text
