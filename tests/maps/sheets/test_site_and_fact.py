"""Site plans and fact sheets: what stands in them, by hand, and that nothing leaves its page."""

import dataclasses
import io

import pdf_pages
import pypdfium2
import pytest
import service
from hostile import BAD, WORSE
from sanchoi.gis import results
from sanchoi.gis.errors import UnknownId
from sanchoi.maps.sheets import making
from sanchoi.maps.sheets.ground import Ground

LONG = ["Ưỡ" * 1500, "thôn Đồng Dương " * 150, "\x00\u202e\x1bأهلا 🛝 " + "ế" * 300]


@pytest.fixture(scope="module")
def ground():
    return Ground(results.read(service.result()))


@pytest.fixture(scope="module")
def plan(ground):
    return making.site(ground, "P1", making.Options())


def outside(pdf):
    """Letters whose box leaves the page's margins, mm."""
    found = []
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    for page in document:
        wide, high = page.get_size()
        text = page.get_textpage()
        for k in range(text.count_chars()):
            left, low, right, top = text.get_charbox(k)
            if left < 9 * 2.83 or right > wide - 4 * 2.83 or low < 4 * 2.83 or top > high - 4 * 2.83:
                found.append((text.get_text_range(k, 1), left, low))
        text.close()
        page.close()
    document.close()
    return [each for each in found if each[0].strip()]


def test_the_corner_table_is_the_geometry_to_the_centimetre(plan):
    """P1 is a square of 30 m from 699.5, 499.5 of 560,000 E and 1,740,000 N."""
    text = pdf_pages.words(plan)
    for word in (
        "1.740.499,50",
        "1.740.529,50",
        "560.699,50",
        "560.729,50",
        "30,00",
        "Diện tích tính từ tọa độ: 900,0 m²",
        "X (Bắc), m",
        "Y (Đông), m",
    ):
        assert word in text, word
    assert text.count("30,00") == 4


def test_the_edges_of_the_site_are_as_long_as_the_scale_says(plan):
    """At 1:500 a side of 30 m is 60 mm; the strong outline is drawn once."""
    page = pdf_pages.pages(plan)[0]
    assert "Tỷ lệ 1:500" in page.extract_text()
    assert pdf_pages.outline(page, 0.7) == pytest.approx((60.0, 60.0), abs=0.002)


def test_the_ledger_is_told_in_words_with_its_sources(ground, plan):
    text = pdf_pages.words(plan)
    passed = ground.result.tables["screening"].query("parcel_id == 'P1'")["passed"]
    good, bad = int((passed == True).sum()), int((passed == False).sum())  # noqa: E712 - null is neither
    assert f"Kiểm tra điều kiện: {good} đạt, {bad} không đạt, {len(passed) - good - bad} chưa kiểm tra" in text
    for word in ("Nghị định 53/2024/NĐ-CP", "chưa kiểm chứng", "Điểm số gồm những gì", "BCS (nhóm A)", "UBND xã"):
        assert word in text, word


def test_other_parcels_are_labelled_by_their_code(ground):
    page = pdf_pages.pages(making.site(ground, "P1", making.Options(scale=1000)))[0]
    assert "HNK" in page.extract_text()  # P2 lies 50 m to the east


def test_a_parcel_that_is_not_there_is_named(ground):
    with pytest.raises(UnknownId, match="P9"):
        making.site(ground, "P9", making.Options())


@pytest.mark.parametrize("parcel_id", ["P2#1", "P/3", "P4", "P5"])
def test_excluded_parcels_and_odd_ids_have_a_plan(ground, parcel_id):
    text = pdf_pages.words(making.site(ground, parcel_id, making.Options("A4", landscape=False, language="en")))
    assert f"Site {parcel_id}" in text


def test_a_fact_sheet_is_two_pages_of_a4(ground):
    made = making.fact(ground, "Hòa Phú", making.Options("A0"))
    found = pdf_pages.pages(made)
    assert [pdf_pages.size(page) for page in found] == [pytest.approx((210, 297), abs=0.005)] * 2
    text = pdf_pages.words(made)
    row = ground.gaps("0-5").loc["Hòa Phú"]
    for word in (row["reason_vi"], "Số liệu theo nhóm tuổi", "Những thửa đất tốt nhất trong xã", "P1", "Người lập"):
        assert word in text, word
    best = ground.result.tables["parcels"].query("commune_id == 'Hòa Phú' and rank.notna()").sort_values("rank")
    assert text.index(best["parcel_id"].iloc[0]) < text.index(best["parcel_id"].iloc[-1])


def test_texts_that_would_be_markup_stay_texts():
    hostile = Ground(results.read(service.hostile_result()))
    text = pdf_pages.words(making.fact(hostile, "Hòa Phú", making.Options()))
    assert BAD[:20] in text
    plan = pdf_pages.words(making.site(hostile, "P1", making.Options()))
    assert WORSE[:20] in plan or BAD[:20] in plan


@pytest.mark.parametrize("paper", [("A4", False), ("A4", True)])
@pytest.mark.parametrize("name", LONG, ids=["one word", "many words", "no letters"])
def test_the_longest_names_stay_on_the_page(ground, name, paper):
    tables = dict(ground.result.tables)
    for table in ("communes", "gaps", "play_areas"):
        tables[table] = tables[table].assign(name=name)
    tables["parcels"] = tables["parcels"].assign(owner=name, land_use=name[:60])
    run = {**ground.run, "study": {**ground.run["study"], "name": name}}
    sources = [{"layer": "communes", "name": name, "attribution": name, "licence": name}]
    odd = Ground(dataclasses.replace(ground.result, tables=tables, run={**run, "sources": sources}))
    options = making.Options(*paper, scale=10_000, signatures=[name, "b"], title=f"\ud800{name}", result_id=name[:50])
    assert outside(making.gap(odd, ["Hòa Phú"], options)) == []
    if paper == ("A4", False):
        assert outside(making.site(odd, "P1", options)) == []
        assert outside(making.fact(odd, "Hòa Phú", options)) == []
