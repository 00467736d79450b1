"""The page of a comparison in a browser without network: both languages, a phone, names that would be code."""

import shutil

import pytest
import small
from browser import chromium, faults, visit
from sanchoi.gis import job
from sanchoi.gis.compare import compare
from sanchoi.maps import compare as page
from sanchoi.maps import compare_words

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
