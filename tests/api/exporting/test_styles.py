"""Styles: classes are those of the maps, each row has one, and QML and SLD are sound whatever the words."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import exported
import pandas as pd
import pytest
from sanchoi.api.exporting import parts, qml, sld, styles, styles_layers
from sanchoi.api.exporting.styles import Class, Label, Style, Symbol
from sanchoi.maps import style

SE, OGC = "{http://www.opengis.net/se}", "{http://www.opengis.net/ogc}"
BAD = "a<b>&\"']]>\x01\x0b end"
GOOD = "a<b>&\"']]> end"


@pytest.fixture(scope="module")
def all_parts():
    return list(parts.parts(exported.context(), Path("x")))


def made(part, language="vi"):
    return styles_layers.of(part, language, exported.context().result.run)


def test_every_row_is_in_one_class(all_parts):
    for part in [*all_parts, *parts.parts(exported.context(exported.odd()), Path("x"))]:
        for one in made(part):
            times = sum(styles.chosen(part.frame, each.tests).astype(int) for each in one.classes)
            assert (times == 1).all(), (part.name, one.name)
            assert all(styles.chosen(part.frame, each.tests).any() for each in one.classes), (part.name, one.name)


def test_classes_by_hand():
    frame = pd.DataFrame(
        {"a": [1.0, 2.0, None], "b": pd.array([True, None, False], dtype="boolean"), "c": ["x", "y", None]}
    )
    asked = {
        (("a", "<", 2.0),): [True, False, False],
        (("a", ">=", 1.0), ("a", "<=", 2.0)): [True, True, False],
        (("a", ">", 1.0),): [False, True, False],
        (("a", "null", None),): [False, False, True],
        (("a", "known", None),): [True, True, False],
        (("b", "=", True),): [True, False, False],
        (("b", "=", False),): [False, False, True],
        (("c", "=", "y"),): [False, True, False],
        (): [True, True, True],
    }
    for tests, wanted in asked.items():
        assert styles.chosen(frame, tests).tolist() == wanted, tests


def test_colours_and_marks_are_those_of_the_maps(all_parts):
    gaps = next(part for part in all_parts if part.name == "gaps_all")
    for each in made(gaps)[0].classes:
        assert (each.symbol.fill, each.symbol.mark, each.symbol.ink) == style.STATUS[each.tests[0][2]]


def test_qml_says_what_the_style_says(all_parts):
    parcels = next(part for part in all_parts if part.layer.kind == "parcels")
    root = ET.fromstring(qml.text(made(parcels)[0], "polygon", {"parcel_id": "Mã thửa"}, "parcel_id"))
    renderer = root.find("renderer-v2")
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "verdict")
    assert len(renderer.findall("symbols/symbol")) == len(renderer.findall("categories/category"))
    striped = {each.get("value"): each.get("symbol") for each in renderer.iter("category")}["conditional"]
    symbol = renderer.find(f"symbols/symbol[@name='{striped}']")
    assert [each.get("class") for each in symbol.findall("layer")] == ["SimpleFill", "LinePatternFill", "SimpleFill"]
    settings = root.find("labeling/settings")
    assert settings.find("text-style").get("fieldName") == "coalesce(\"land_use\", '')"
    assert [each.get("name") for each in settings.iter("family")][:2] == ["Be Vietnam Pro", "Noto Sans"]
    shown = settings.find("rendering")
    assert (shown.get("scaleVisibility"), shown.get("scaleMax")) == ("1", "5000")


def test_sld_says_what_the_style_says(all_parts):
    play = next(part for part in all_parts if part.layer.kind == "play_areas")
    first = made(play)[0]
    root = ET.fromstring(sld.text(first, play.name, play.shape).encode())
    assert root.get("version") == "1.1.0"
    rules = list(root.iter(f"{SE}Rule"))
    assert len(rules) == len(first.classes) + 1  # and the labels
    asked = [
        (test.find(f"{OGC}PropertyName").text, test.find(f"{OGC}Literal").text)
        for test in rules[0].iter(f"{OGC}PropertyIsEqualTo")
    ]
    assert asked == [("counts", "true"), ("access", "public")]
    assert rules[-1].find(f"{SE}MaxScaleDenominator").text == "15000"
    order = [each.tag.removeprefix(SE).removeprefix(OGC) for each in rules[0]]
    assert order[:3] == ["Name", "Description", "Filter"]
    assert set(order[3:]) <= {"PolygonSymbolizer", "PointSymbolizer"}


@pytest.mark.parametrize("shape", ["point", "line", "polygon"])
@pytest.mark.parametrize("mark", ["plain", "stripes", "hatch", "cross", "dots", "sparse"])
def test_hostile_words(shape, mark):
    symbol = Symbol("#ff0000", mark, "#000000", pin=True, dash=True)
    label = Label(BAD, unknown="?", scale=100)
    tests = (("say \"x\" 'y'", "=", BAD), ("n", ">", 1.5), ("b", "=", True), ("u", "null", None))
    hostile = Style("status", BAD, (Class(BAD, tests, symbol), Class(BAD, (), replace(symbol, fill=""))), label)
    root = ET.fromstring(qml.text(hostile, shape, {BAD: BAD}, ""))
    assert {each.get("label") for each in root.iter("rule")} == {GOOD}
    assert root.find("aliases/alias").get("name") == GOOD
    other = ET.fromstring(sld.text(hostile, BAD, shape).encode())
    assert {each.text for each in other.iter(f"{SE}Name")} == {GOOD, "status"}
    assert next(other.iter(f"{OGC}Literal")).text == GOOD


def test_expression_quotes():
    asked = (('a"b', "=", "it's"), ("n", "<=", 0.1), ("b", "=", False), ("u", "null", None), ("k", "known", None))
    assert qml.expression(asked) == (
        '"a""b" = \'it\'\'s\' AND "n" <= 0.1 AND "b" = false AND "u" IS NULL AND "k" IS NOT NULL'
    )


def test_cells_that_nobody_knows_are_not_drawn_as_far():
    """A walk is known, but nobody has looked in the next commune: the cell is unknown, and no "2 km" of its own."""
    part = next(part for part in parts.parts(exported.context(), Path("x")) if part.layer.kind == "cells")
    frame = part.frame.head(3).copy()
    frame["walk_m"] = [100.0, 2000.0, None]
    frame["covered"] = pd.array([True, None, False], dtype="boolean")
    (walk, *_) = styles_layers.of(replace(part, frame=frame), "en", exported.RUN)
    words = {each.label: styles.chosen(frame, each.tests).tolist() for each in walk.classes}
    assert words == {
        "Within 300 m": [True, False, False],
        "No path": [False, False, True],
        "Not surveyed: unknown": [False, True, False],
    }


def test_what_is_unknown_is_drawn_in_every_style(all_parts):
    """A commune or a cell without a number is told apart, and does not vanish from the map."""
    gaps = next(part for part in all_parts if part.name == "gaps_all")
    blank = gaps.frame.assign(covered_share=[None, 0.5], status=["unknown", "met"])
    words = {each.label: each.symbol for each in made(replace(gaps, frame=blank), "en")[1].classes}
    assert list(words) == ["40 – 60 %", "Not surveyed or not known"]
    assert words["Not surveyed or not known"].mark == style.STATUS["unknown"][1]
    cells = next(part for part in all_parts if part.layer.kind == "cells")
    blank = cells.frame.head(2).assign(children=[None, 7.0])
    children = next(each for each in made(replace(cells, frame=blank), "en") if each.name == "children")
    assert [styles.chosen(blank, each.tests).tolist() for each in children.classes] == [[False, True], [True, False]]
    assert children.classes[1].label == "unknown"


def test_where_nobody_has_looked_cells_open_by_their_children():
    part = next(part for part in parts.parts(exported.context(), Path("x")) if part.layer.kind == "cells")
    frame = part.frame.assign(covered=pd.array([None] * len(part.frame), dtype="boolean"), walk_m=None)
    assert [each.name for each in styles_layers.of(replace(part, frame=frame), "vi", exported.RUN)] == [
        "children",
        "walk",
    ]
    assert made(part)[0].name == "walk"
    assert made(part)[1].ranged == "children"
