"""Every refusal of an export or a sheet has words in both languages: in the code by reading it, and as people meet it."""

import ast
import re
from pathlib import Path
from string import Formatter

import pyproj
import pytest
import sanchoi.api.exporting
import sanchoi.maps.sheets
import service
import shapely
from sanchoi.api import exporting
from sanchoi.api.exporting import refusals as of_export
from sanchoi.api.exporting import tab_datum
from sanchoi.api.exporting.context import Context
from sanchoi.api.problems import of_error
from sanchoi.gis import errors, results
from sanchoi.gis.errors import SanchoiError
from sanchoi.maps.sheets import refusals as of_sheets
from sanchoi.maps.sheets import scales, theme, window
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.paper import Box
from shared import ROOT

ERRORS = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, SanchoiError)}
FILES = [
    *sorted((ROOT / "api" / "exporting").glob("*.py")),
    *sorted((ROOT / "api" / "jobs").glob("export*.py")),
    *sorted((ROOT / "maps" / "sheets").glob("*.py")),
    *sorted((ROOT / "maps" / "report").glob("*.py")),
    *(ROOT / "api" / name for name in ("drawer.py", "drawing.py", "sheet_answers.py", "cli_export.py")),
    ROOT / "maps" / "survey_map.py",
]
WORDS = {**of_export.WORDS, **of_sheets.WORDS}
LETTERS = set("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")


def calls(tree, names):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_error_is_made_in_one_language(path):
    """An error that is made by its class alone is given its words beside it, in the same function."""
    tree = ast.parse(path.read_text("utf-8"))
    worded = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            steps = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
            given = {t.value.id for s in steps for t in s.targets if isinstance(t, ast.Attribute) and t.attr == "vi"}
            for step in steps:
                if any(isinstance(t, ast.Name) and t.id in given for t in step.targets):
                    worded |= {id(node) for node in ast.walk(step.value)}
    bare = [node.lineno for node in calls(tree, ERRORS) if id(node) not in worded]
    assert bare == []


def test_every_word_is_used_and_every_use_has_words():
    used = set()
    for path in FILES:
        for call in calls(ast.parse(path.read_text("utf-8")), {"refusal"}):
            used |= {node.value for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant)}
    assert used == set(WORDS)  # sheet_answers names its words, commune and parcel, by a variable; ground uses them too
    assert not set(of_export.WORDS) & set(of_sheets.WORDS)


@pytest.mark.parametrize("word", WORDS)
def test_the_words_are_three_parts_in_each_language_with_the_same_values(word):
    vi, en = WORDS[word]
    assert all(vi)
    assert all(en)
    assert len(vi) == len(en) == 3

    def values(told):
        return {name for text in told for _, name, _, _ in Formatter().parse(text) if name}

    assert values(vi) == values(en)
    assert LETTERS & set(" ".join(vi).lower())
    assert not LETTERS & set(" ".join(en).lower())


def wish(**given):
    return lambda place: exporting.write(service.result(), exporting.Wish(**given), place / "out")


def full(place):
    (place / "out").mkdir()
    (place / "out" / "mine.txt").touch()
    exporting.write(service.result(), exporting.Wish(everything=True, formats=["csv"]), place / "out")


HOME = "Hòa Phú"
BOX = Box(0, 0, 100, 100)
CASES = {
    "is_there": lambda place: (
        (place / "a.zip").touch(),
        exporting.write(service.result(), exporting.Wish(formats=["csv"]), place / "a.zip"),
    ),
    "holds_files": full,
    "format": wish(communes=[HOME], formats=["map"]),
    "nothing": wish(formats=["sheet-gap"]),
    "of_none": wish(communes=[HOME], formats=["csv", "sheet-site"]),
    "as": wish(communes=[HOME], as_="svg"),
    "all_and_some": wish(communes=[HOME], everything=True),
    "unknown": wish(communes=["x"], formats=["csv"]),
    "no_crs": lambda place: Context(service.result(), results.read(service.result()), exporting.Wish(crs="EPSG:1")).crs,
    "metres": wish(formats=["dxf"], everything=True, crs="EPSG:4326"),
    "surveyed": wish(communes=[HOME], formats=["survey"]),
    "datum": lambda place: raised(tab_datum.refused(pyproj.CRS(5899), tab_datum.DATUM_UNKNOWN)),
    "language": lambda place: Options(language="fr"),
    "signatures": lambda place: Options(signatures=["a"] * 9),
    "fit_and_scale": lambda place: Options(fit=True, scale=5000),
    "paper": lambda place: Options("A9"),
    "dpi": lambda place: Options(dpi=3),
    "pixels": lambda place: Options("A0", dpi=1200),
    "style": lambda place: theme.theme("red"),
    "scale": lambda place: window.windows(shapely.box(0, 0, 1, 1), BOX, 1),
    "no_ground": lambda place: window.windows(shapely.Polygon(), BOX, 1000),
    "sheets": lambda place: window.windows(shapely.box(0, 0, 1e6, 1e6), BOX, 1000),
    "no_rule": lambda place: scales.legal([], 1.0),
}


def raised(error):
    raise error


@pytest.mark.parametrize("word", CASES)
def test_what_people_meet_is_told_in_both_languages(tmp_path, word):
    with pytest.raises(SanchoiError) as refused:
        CASES[word](tmp_path)
    problem = of_error(refused.value)
    told = {language: problem.told(language, "")["detail"] for language in ("vi", "en")}
    for side, language in enumerate(("vi", "en")):
        pattern = ".+".join(re.escape(part) for part, *_ in Formatter().parse(WORDS[word][side][0]) if part)
        assert re.search(pattern, told[language]), told
        assert "{" not in told[language]
    assert LETTERS & set(told["vi"].lower())


def test_the_files_are_those_of_the_packages():
    for package in (sanchoi.api.exporting, sanchoi.maps.sheets):
        assert {Path(each).name for each in Path(package.__path__[0]).glob("*.py")} <= {path.name for path in FILES}
