"""Every message of the pages has a Vietnamese text, and the catalogue has no others."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from sanchoi.api.pages.tongue import CATALOGUE, HERE, catalogue, tongue
from sanchoi.maps.sheets import figures

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]


def extracted():
    """Messages of code and templates: text → where."""
    found = {}
    told = extract_from_dir(
        str(HERE),
        METHODS,
        {"templates/**.html": {"newstyle_gettext": "true"}},
        {"_": None, "say": None, "ngettext": (1, 2)},
    )
    for name, line, message, *_ in told:
        for text in [message] if isinstance(message, str) else message:
            found.setdefault(text, f"{name}:{line}")
    return found


def test_every_message_is_said_in_vietnamese():
    told = {each.id: each.string for each in catalogue() if each.id}
    blank = {text: place for text, place in extracted().items() if not told.get(text)}
    assert not blank


def test_the_catalogue_has_no_message_that_nothing_says():
    spare = {each.id for each in catalogue() if each.id} - set(extracted())
    assert not spare
    assert not catalogue().obsolete


def test_no_message_is_fuzzy_and_every_blank_is_filled_by_both():
    for each in catalogue():
        if each.id:
            assert not each.fuzzy, each.id
            assert set(re.findall(r"%\((\w+)\)s", each.id)) == set(re.findall(r"%\((\w+)\)s", each.string)), each.id


def test_the_extraction_finds_messages_of_code_and_of_templates():
    places = {Path(place.split(":")[0]).suffix for place in extracted().values()}
    assert places == {".py", ".html"}
    assert len(extracted()) > 80


@pytest.mark.parametrize(
    ("language", "number", "date", "money"),
    [("vi", "1.234,5", "05/07/2021", "2.450,5 triệu đồng"), ("en", "1,234.5", "5 July 2021", "2,450.5 million VND")],
)
def test_numbers_and_dates_are_written_as_the_language_does(language, number, date, money):
    t = tongue(language)
    assert t.number(1234.5, 1) == number
    assert t.date("2021-07-05T00:00:00.000") == date
    assert t.money(2_450.5e6) == money


@pytest.mark.parametrize(
    ("share", "digits", "said"),
    [
        (0.796, 0, "79\u00a0%"),
        (0.79996, 1, "79,9\u00a0%"),
        (0.8, 0, "80\u00a0%"),
        (0.997, 0, "99\u00a0%"),
        (0.004, 0, "<\u00a01\u00a0%"),
        (0.0, 0, "0\u00a0%"),
    ],
)
def test_a_share_is_not_rounded_to_none_to_all_or_across_the_target(share, digits, said):
    assert tongue("vi").covered(share, 0.8, digits) == said
    if not digits:
        assert figures.percent(share, "vi", 0.8).replace("\u00a0", " ") == said.replace("\u00a0", " ")


def test_what_is_unknown_is_never_a_number():
    t = tongue("vi")
    for say in (t.number, t.percent, t.area, t.metres, t.money, t.million, t.exact, t.chance):
        for nothing in (None, float("nan")):
            assert "chưa biết" in say(nothing)
        assert "chưa biết" not in say(0)


def test_the_catalogue_is_read_as_it_stands():
    assert CATALOGUE.is_file()
    assert tongue("vi").say("Skip to the content") != "Skip to the content"
    assert tongue("en").say("Page %(n)s of %(all)s", n=1, all=2) == "Page 1 of 2"
