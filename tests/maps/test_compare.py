"""The page of a comparison in a browser without network: both languages, a phone, names that would be code."""

import json
import re
import shutil

import pytest
import small
from browser import chromium, faults, visit
from sanchoi.gis import job
from sanchoi.gis.compare import compare
from sanchoi.maps import compare as page
from sanchoi.maps import compare_words, record

CODE = '</script><img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One play area less, and a commune whose name is code."""
    folder = tmp_path_factory.mktemp("compared")
    small.write(folder / "study")
    one = job.run(folder / "study")
    shutil.copytree(folder / "study", folder / "other")
    areas, communes = small.play_areas(), small.communes()
    small.layer(folder / "other", "play_areas", areas[areas["site"] == "A"])
    communes["name"] = [CODE, "Xã Đại Lãnh"]
    small.layer(folder / "other", "communes", communes)
    page.write(compare(one, job.run(folder / "other")), folder)
    return folder / "compare.html"


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


def test_words_are_there_in_both_languages():
    vi, en = (compare_words.table()[language] for language in ("vi", "en"))
    assert set(vi) == set(en)
    assert all(text.strip() for text in [*vi.values(), *en.values()])


def test_the_page_loads_nothing_and_runs_no_name(made, browser):
    with visit(browser, made) as seen:
        assert seen.said == []
        assert seen.outside == []
        assert CODE in seen.page.inner_text("#table")
        assert "1 xã" not in seen.page.inner_text("#headline")
        assert "1 sân chơi đóng" in seen.page.inner_text("#headline")
        seen.page.click("[data-language=en]")
        assert "play areas closed: 1" in seen.page.inner_text("#headline")
        assert "Closed, or counts no more" in seen.page.inner_text("#legend")
        assert faults(seen.page) == []


def test_a_commune_opens_with_its_reason_and_what_it_is_made_of(made, browser):
    with visit(browser, made) as seen:
        seen.page.click("#table tbody tr:first-child button")
        panel = seen.page.inner_text("#panel")
        assert "Kém hơn" in panel
        assert "100 % diện tích" in panel
        assert "không còn đi bộ tới được sân chơi" in panel
        seen.page.click("#show label:nth-child(2)")
        assert seen.page.locator("img.cells").count() == 1
        assert seen.said == []


def test_a_phone_shows_it_without_scrolling_sideways(made, browser):
    with visit(browser, made, 360, 740) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") == 360
        assert seen.page.is_visible("#map-area")
        assert seen.said == []


def test_a_size_that_nobody_knows_is_not_blank_and_one_cell_is_no_cells(browser, made, tmp_path):
    """The page of a comparison whose play area has no size, whose walks differ in one cell, and whose shares are tiny."""
    text = made.read_text(encoding="utf-8")
    found = re.search(r'(<script type="application/json" id="record">)(.*?)(</script>)', text, re.DOTALL)
    told = json.loads(found[2])
    told["places"][0] |= {"first_m2": None, "second_m2": None}
    told["record"]["walks"] = {"cells": 1, "children_shorter": 1.0, "children_longer": 0.2}
    told["communes"]["made_of"] = [
        [dict(each, share_of_area=0.9964, share_of_children=0.0002) for each in many]
        for many in told["communes"]["made_of"]
    ]
    other = tmp_path / "other.html"
    other.write_text(text.replace(found[0], found[1] + record.to_json(told) + found[3]), encoding="utf-8")
    with visit(browser, other) as seen:
        seen.page.click("[data-language=en]")
        about = seen.page.inner_text("#about")
        assert "size not known" in about
        assert "1 cells" not in about
        assert "below 1" in about
        seen.page.click("#table tbody tr:first-child button")
        panel = seen.page.inner_text("#panel")
        assert "99 % of the area, below 0.1 % of the children" in panel
        assert seen.said == []
