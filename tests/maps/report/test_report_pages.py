"""Pages of the report as they are seen: nothing outside the margins, no text over another, no word of the other language."""

import itertools
import re
import string

import pypdfium2
import pytest
import report_result as made
import service
from sanchoi.gis import results
from sanchoi.maps.report import chart, figures, gap_map, making, words
from sanchoi.maps.report.method_words import METHOD
from sanchoi.maps.report.words import WORDS
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.paper import Box
from sanchoi.maps.sheets.window import picture_scale

MM = 72 / 25.4
ENGLISH = re.compile(
    r"\b(the|of|and|with|children|commune|unknown|budget|plan|norm|not|page|within|survey)\b", re.IGNORECASE
)


def boxes(pdf):
    """Lines of text of each page: what they say, left, top, right, bottom in mm from the upper left corner."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        found = []
        for k in range(text.count_rects()):
            left, low, right, high = text.get_rect(k)
            told = text.get_text_bounded(left, low, right, high).strip()
            if told:
                found.append((told, left / MM, 297 - high / MM, right / MM, 297 - low / MM))
        yield found
        text.close()
        page.close()
    document.close()


@pytest.fixture(scope="module", params=["vi", "en"])
def pdf(request):
    rows = [
        made.commune(1, 4000, 2500, "out_of_reach", name="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch")
    ]
    rows += [made.commune(k, 1000 + k, 100, "met", name="Xã Tên Dài Lắm " * (k % 12)) for k in range(2, 50)]
    rows += [made.commune(k, 1_234_567, None, "unknown", flags="edge") for k in range(50, 60)]
    curve = [
        {"budget": k * 1e9, "sites": k, "cost": k * 9e8, "value": 1000.0 * k, "bound": 1100.0 * k, "mip_gap": 0.1}
        for k in range(3)
    ]
    return request.param, making.report(
        Ground(made.result(made.ranked(rows), curve=curve)), making.Options(language=request.param, result_id="thu")
    )


def test_nothing_is_outside_the_margins(pdf):
    for page in boxes(pdf[1]):
        for told, left, top, right, bottom in page:
            assert left > 24, told
            assert right < 194, told
            assert top > 9, told
            assert bottom < 297 - 6, told


def test_no_text_lies_over_another(pdf):
    for number, page in enumerate(boxes(pdf[1]), 1):
        lines = [each for each in page if not re.match("[XYEN] [0-9]", each[0])]
        if any("1:" in each[0] for each in lines):
            continue  # the map: names there have their own test
        for a, b in itertools.combinations(lines, 2):
            wide = min(a[3], b[3]) - max(a[1], b[1])
            high = min(a[4], b[4]) - max(a[2], b[2])
            assert wide < 0.3 or high < 0.9, (number, a, b)


def test_a_number_is_never_cut_in_two(pdf):
    whole = "\n".join(told for page in boxes(pdf[1]) for told, *_ in page)
    assert ("12.345.670" if pdf[0] == "vi" else "12,345,670") in whole


def test_the_vietnamese_report_has_no_english():
    result = results.read(service.result())
    text = " ".join(
        told for page in boxes(making.report(Ground(result), making.Options(language="vi"))) for told, *_ in page
    )
    text = text.replace("children.csv", "")
    assert sorted(set(ENGLISH.findall(text))) == []


def test_a_heading_is_never_the_last_of_a_page(pdf):
    for page in boxes(pdf[1]):
        body = [each for each in page if each[4] < 297 - 18]
        last = max(body, key=lambda each: each[4])
        assert not re.match(r"\d\. ", last[0]), last


def test_words_come_in_pairs_with_the_same_blanks():
    blanks = lambda text: {name for _, name, _, _ in string.Formatter().parse(text) if name}  # noqa: E731
    for key, (vi, en) in {**WORDS, **METHOD}.items():
        assert blanks(vi) == blanks(en) or key in ("sv_head", "sv_head_blank", "sv_open", "lm_flag"), key
        assert vi.strip(), key
        assert en.strip(), key


def test_a_word_that_is_nowhere_is_an_error():
    with pytest.raises(KeyError):
        words.say("no such word", "vi")


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        ("2025-07-01", "01/07/2025", "1 July 2025"),
        ("2025-02-31", "2025-02-31", "2025-02-31"),
        ("2023", "2023", "2023"),
        (None, "", ""),
    ],
)
def test_days_as_people_write_them(value, vi, en):
    assert (figures.day(value, "vi"), figures.day(value, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("extent", "scale"),
    [(14_600, 100_000), (14_601, 125_000), (146_000, 1_000_000), (21_901, 250_000), (0.0, 500)],
)
def test_the_map_is_at_a_scale_of_maps_or_fills_its_frame(extent, scale):
    box = Box(0, 0, 146 + 12, 500)
    assert picture_scale((0, 0, extent, extent / 10), box, gap_map.MARGIN) == scale


def test_ticks_are_round():
    assert chart.ticks(4200) == [0, 1000, 2000, 3000, 4000]
    assert chart.ticks(10) == [0, 2, 4, 6, 8, 10]
    assert chart.ticks(0) == [0]
    assert chart.ticks(0.9) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])


@pytest.mark.parametrize(("gap", "told"), [(0.0402, "4,1"), (0.04, "4,0"), (1e-4, "0,1"), (0.0, "0,0")])
def test_a_gap_never_looks_smaller_than_it_is(gap, told):
    from sanchoi.maps.report.plan_said import percent_up

    assert percent_up(gap, "vi") == told
