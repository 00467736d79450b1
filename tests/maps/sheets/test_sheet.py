"""Gap sheet: measured from the PDF itself."""

import itertools
import re
from datetime import UTC, datetime

import pytest
import service
from pypdf import PdfReader
from sanchoi.gis import results
from sanchoi.maps.sheets import base, gap, sheet
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.paper import Paper

MM = 72 / 25.4


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    ground = Ground(results.read(service.result()))
    row = ground.layer("communes").iloc[0]
    signed = base.default_signatures("vi")
    found = gap.sheets(ground, [row["commune_id"]], Paper("A3"), 2000, place=row["name"], signatures=signed)
    canvas = Canvas("thử", "vi", datetime(2026, 1, 1, tzinfo=UTC))
    for each in found:
        sheet.draw(canvas, each)
    path = tmp_path_factory.mktemp("sheet") / "gap.pdf"
    path.write_bytes(canvas.bytes())
    return found[0], PdfReader(path).pages[0]


def test_the_page_has_the_size_of_the_paper(page):
    assert float(page[1].mediabox.width) == pytest.approx(420 * MM, abs=0.01)
    assert float(page[1].mediabox.height) == pytest.approx(297 * MM, abs=0.01)


def test_the_crosses_are_a_hundred_millimetres_apart(page):
    body = page[1].get_contents().get_data().decode("latin-1")
    half = sheet.CROSS_MM * MM
    found = [tuple(map(float, each)) for each in re.findall(r"([\d.]+) ([\d.]+) m ([\d.]+) ([\d.]+) l S", body)]
    across = {(x0, y0) for x0, y0, x1, y1 in found if y0 == y1 and x1 - x0 == pytest.approx(half, abs=1e-3)}
    xs, ys = sorted({x for x, _ in across}), sorted({y for _, y in across})
    assert len(xs) > 1
    assert len(ys) > 1
    for values in (xs, ys):
        for a, b in itertools.pairwise(values):
            assert (b - a) / MM == pytest.approx(100.00, abs=0.001)


def test_its_words_can_be_searched_with_their_accents(page):
    text = page[1].extract_text()
    for word in ("BẢN ĐỒ THIẾU SÂN CHƠI CHO TRẺ EM", "Tỷ lệ 1:2.000", "Chú giải", "Người lập"):
        assert word in text
    assert page[0].texts.foot in text


def test_the_typefaces_are_embedded(page):
    fonts = page[1]["/Resources"]["/Font"]
    assert len(fonts) == 2
    for font in fonts.values():
        told = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in told
