"""Survey kit: the form as workbook and GeoPackage, and the printed map measured; for communes that nobody has surveyed."""

import io
import re
import sqlite3
from itertools import pairwise
from types import SimpleNamespace

import exported
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
import small
import survey_kit as kit
from pypdf import PdfReader
from sanchoi.api import survey_files
from sanchoi.api.cli import main
from sanchoi.api.exporting import survey, survey_xlsx
from sanchoi.api.exporting.survey import counts
from sanchoi.gis.survey_form import CHOICES, COLUMNS, Form, Known, Squares
from small import X, Y
from survey_kit import HOME, OTHER, place

MM = 72 / 25.4


def export(out, *given):
    return main(["export", str(place() / "result"), "--format", "survey", "--out", str(out), "--quiet", *given])


def test_all_means_the_unknown_ones_most_children_first():
    table = pd.DataFrame({"commune_id": list("aabbcc"), "survey_rank": [3, 3, 1, 1, None, None]})
    assert survey.unknown(SimpleNamespace(result=SimpleNamespace(tables={"gaps": table}))) == ["b", "a"]
    assert [each.suffix for each in sorted((place() / "kit").iterdir())] == [".json", ".gpkg", ".pdf", ".xlsx"]


def test_a_surveyed_commune_needs_no_form(tmp_path, capsys):
    assert export(tmp_path / "out", "--commune", OTHER) == 6
    assert "is surveyed already" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_same_kit_twice(tmp_path):
    assert export(tmp_path / "out", "--commune", HOME) == 0
    for each in (place() / "kit").glob("survey-*"):
        assert each.read_bytes() == (tmp_path / "out" / each.name).read_bytes()


def test_cells_that_are_not_to_be_filled_are_locked_and_lists_hold_every_word():
    book = openpyxl.load_workbook(kit.form("xlsx"))
    assert [each.title for each in book.worksheets] == ["Hướng dẫn", "Phiếu khảo sát", "Danh mục", "sanchoi"]
    assert all(each.protection.sheet for each in book.worksheets)
    assert book["sanchoi"].sheet_state == "hidden"
    sheet = book.worksheets[1]
    line = sheet[kit.top(sheet) + 1]
    told = dict(zip(COLUMNS, line, strict=True))
    assert [column for column, cell in told.items() if cell.protection.locked] == ["no", "play_area_id"]
    assert (told["no"].value, told["play_area_id"].value, told["kind"].value) == (1, "A", "sân chơi trẻ em")
    assert (told["x"].value, told["y"].value) == (pytest.approx(Y + 500, abs=0.01), pytest.approx(X + 250, abs=0.01))
    assert told["check"].value is None  # nobody has looked yet
    rules = {
        str(rule.sqref).rstrip("0123456789").split(":")[0][0]: rule.formula1
        for rule in sheet.data_validations.dataValidation
    }
    letters = {column: "ABCDEFGHIJKLMNO"[k] for k, column in enumerate(COLUMNS)}
    lists = book["Danh mục"]
    for column, words in CHOICES.items():
        where = rules[letters[column]].removeprefix("='Danh mục'!").removeprefix("'Danh mục'!").replace("$", "")
        said = [cell.value for (cell,) in lists[where]]
        assert said == [vi for key, (vi, _) in words.items() if (column, key) != ("check", "new")]


def test_what_the_form_keeps_comes_back():
    for kind in ("xlsx", "gpkg"):
        found = survey_files.read(kit.form(kind))
        assert found.form.commune_id == HOME
        assert found.form.squares == Squares(small.CRS, X, Y + 1000, 100.0, 10, 10)
        assert [(each.play_area_id, each.area_m2) for each in found.form.known] == [("A", 500.0)]
        assert [each.cells["play_area_id"] for each in found.lines] == ["A"]


def test_names_that_look_like_formulas_stay_text():
    known = Known(1, "=1+1", "=HYPERLINK(1)", "playground", "public", "", None, 108.5, 15.7)
    body = survey_xlsx.make(
        Form("=A1", "c", "@Xã", "2025", "r", (known,)), small.CRS, counts, "vi", exported.context().imprint
    )
    for sheet in openpyxl.load_workbook(io.BytesIO(body)).worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_form_in_english_reads_back_too():
    body = survey_xlsx.make(
        Form("S", HOME, HOME, "2025-07-01", "0" * 12), small.CRS, counts, "en", exported.context().imprint
    )
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert [each.title for each in book.worksheets[:3]] == ["Guide", "Survey form", "Lists"]
    assert "looked everywhere" in str(book.worksheets[1]["A6"].value)


def test_each_sheet_of_the_form_prints_on_a4():
    """Whole in width; the guide is narrower than the page by itself (some programs do not make one column smaller)."""
    book = openpyxl.load_workbook(io.BytesIO(kit.form("xlsx").read_bytes()))
    for sheet in book.worksheets[:3]:
        assert sheet.page_setup.paperSize == 9, sheet.title
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0), sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
    assert book.worksheets[0].column_dimensions["A"].width < 80
    assert "địa giới ngày 01/07/2025" in str(book.worksheets[1]["A2"].value)


def test_layers_of_the_geopackage():
    path = kit.form("gpkg")
    assert [name for name, _ in pyogrio.list_layers(path)] == [
        "san_choi_diem", "san_choi_vung", "ranh_gioi", "duong", "phieu", "sanchoi", "layer_styles",
    ]  # fmt: skip
    points = pyogrio.read_dataframe(path, layer="san_choi_diem")
    assert points.crs == small.CRS
    assert points.geometry[0].distance(shapely.Point(X + 250, Y + 500)) < 1e-3  # through degrees and back
    assert len(pyogrio.read_dataframe(path, layer="san_choi_vung")) == 0
    assert pyogrio.read_dataframe(path, layer="ranh_gioi").area.sum() == pytest.approx(1e6, rel=1e-7)
    assert pyogrio.read_dataframe(path, layer="duong").length.sum() >= 1000 - 1e-6
    with sqlite3.connect(path) as database:
        words = dict(
            database.execute(
                "SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = 'access'"
            )
        )
        title = database.execute(
            "SELECT name, constraint_name FROM gpkg_data_columns WHERE table_name = 'san_choi_vung' AND column_name = 'kind'"
        ).fetchone()
        styled = [
            name for (name,) in database.execute("SELECT f_table_name FROM layer_styles WHERE styleQML LIKE '%<qgis%'")
        ]
    database.close()
    assert styled == ["san_choi_diem", "san_choi_vung", "ranh_gioi", "duong"]
    assert words == {key: vi for key, (vi, _) in CHOICES["access"].items()}
    assert title == ("Loại", "kind")


def test_the_map_is_one_page_to_scale_and_says_what_must_be_said():
    reader = PdfReader(kit.form("pdf"))
    (page,) = reader.pages
    assert [float(side) / MM for side in page.mediabox[2:]] == pytest.approx([420, 297], abs=0.01)
    text = page.extract_text()
    form = survey_files.read(kit.form("xlsx")).form
    for said in (
        "Hòa Phú",
        "1:5.000",
        form.form_id,
        "A",
        "J",
        "Cơ quan khảo sát",
        "KHÔNG có sân chơi nào",
        "A club",
        "địa giới ngày 01/07/2025",
        "Y 560.000",
        "X 1.740.000",
        "Ô để ghi chỗ",
        "Nơi có trong danh sách",
    ):
        assert said in text, said
    assert re.search("C(5-59|6-50)", text)  # (250, 500): 2.5 squares east, 5 south
    assert "Ô lớn" not in text  # a square of 100 m tells a place well enough
    lines = squares(page)
    assert len(lines) == 11 + 11
    upright = sorted({x for x, _, a, _ in lines if abs(x - a) < 1e-6})
    assert [b - a for a, b in pairwise(upright)] == pytest.approx([20 * MM] * 10, abs=0.01)
    assert {round(abs(b - y) / MM, 2) for x, y, a, b in lines if abs(x - a) < 1e-6} == {200.0}


def squares(page):
    """Lines of the grid of squares, as drawn: the path with their width and colour."""
    body = page.get_contents().get_data().decode("latin-1")
    (path,) = (each for each in body.split("\n") if each.startswith("q 0.510 0.588 0.667 RG 0.425 w"))
    numbers = path.split("j ")[1].split(" S")[0].split()
    points = [(float(numbers[k]), float(numbers[k + 1])) for k in range(0, len(numbers), 3)]
    return [(*one, *two) for one, two in zip(points[::2], points[1::2], strict=True)]
