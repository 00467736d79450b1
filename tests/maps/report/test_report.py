"""The report of a result, read back from its own PDF."""

import functools
import io
import json
import re

import numpy as np
import pdf_pages
import pytest
import report_result as made
import service
from pypdf import PdfReader
from sanchoi.api.cli import main
from sanchoi.gis import results
from sanchoi.maps.report import making
from sanchoi.maps.sheets.ground import Ground

VI, EN = (making.Options(language=language, result_id="thu") for language in ("vi", "en"))


def told(result, options=VI):
    return making.report(Ground(result), options)


@functools.cache
def read(pdf):
    """Text of each page."""
    return [page.extract_text() for page in pdf_pages.pages(pdf)]


def pages(pdf):
    """The same without line breaks."""
    return [re.sub(r"\s+", " ", page) for page in read(pdf)]


def section(pdf, number):
    """Text of a section, without heads and feet of pages."""
    reader = PdfReader(io.BytesIO(pdf))
    whole = "\n".join(
        re.sub(r"^(Trang \d|Page \d|Báo cáo về|Report on).*$", "", each, flags=re.M) for each in read(pdf)
    )
    titles = [each.title for each in reader.outline]
    rest = whole[whole.rindex(f"\n{titles[number - 1]}\n") + 1 :]
    return rest if number == len(titles) else rest[: rest.index(f"\n{titles[number]}\n")]


@pytest.fixture(scope="module")
def town():
    """Two communes of 1 km² with 300 and 110 children, evenly spread; a road through the middle with a play area in each.

    Of the 100 cells of a commune 18 are within 310 m: |x - x0| + |y - 500| at 50 + 100 n from the road and 0 … 200 m along it.
    So 82 % cannot walk to one: 246 and 90.2.
    """
    return results.read(service.result())


@pytest.fixture(scope="module")
def small(town):
    return {options.language: told(town, options) for options in (VI, EN)}


@pytest.fixture(scope="module")
def many():
    """Communes of every status, the unknown among them, in no order."""
    rng = np.random.default_rng(3)
    rows = []
    for k in range(240):
        children = int(rng.integers(10, 5000))
        status = ("out_of_reach", "met", "unknown", "crowded")[k % 4]
        left = None if status == "unknown" else children // 2 if status == "out_of_reach" else children // 10
        rows.append(made.commune(k, children, left, status, name=f"Xã {'Rất Dài ' * (k % 9)}{k}"))
    rows[7] = made.commune(7, 0, 0, "no_children")
    rows[10] = made.commune(10, None, None, "unknown")
    return made.ranked(rows)


@pytest.fixture(scope="module")
def large(many):
    return told(made.result(many))


CURVE = [
    {"budget": 0.0, "sites": 0, "cost": 0.0, "value": 0.0, "bound": 0.0, "mip_gap": 0.0},
    {"budget": 5e8, "sites": 1, "cost": 4.512e8, "value": 120.4, "bound": 120.4, "mip_gap": 0.0},
    {"budget": 1e9, "sites": 1, "cost": 7.5e8, "value": 1500.0, "bound": 1561.0, "mip_gap": 0.0402},
]


@pytest.fixture(scope="module")
def planned():
    rows = [made.commune(1, 4000, 2500, "out_of_reach"), made.commune(2, 900, 45, "met")]
    return made.result(rows, curve=CURVE)


def test_figures_of_the_town_are_those_worked_out_by_hand(small):
    vi, en = (" ".join(pages(small[language])) for language in ("vi", "en"))
    assert "Trong 410 trẻ em ở 2 xã, phường đã khảo sát, 336 trẻ (82 %) không đi bộ tới được sân chơi" in vi
    assert "Of 410 children in 2 surveyed communes, 336 (82 %) cannot walk to a play area" in en
    table = re.sub(r"\s+", " ", section(small["en"], 3))
    assert re.search(r"1 Hòa Phú Hòa Phú Out of reach 300 246 18 \d", table)
    assert re.search(r"2 Đại Lãnh Đại Lãnh Out of reach 110 90 18 \d", table)
    assert re.search(r"Total\s+410\s+336\s", table)


def test_ages_are_summed_by_hand(small):
    first = pages(small["en"])[0]
    assert "ages 0-5".capitalize() in first
    assert "150 123 18 %" in first  # 100 + 50 children, 82 % of them
    assert "260 213 18 %" in first


def test_a_thousand_is_written_as_the_language_does(planned):
    assert "2.545" in " ".join(pages(told(planned)))
    english = " ".join(pages(told(planned, EN)))
    assert "2,545" in english
    assert "451.2" in english
    assert "451,2" in " ".join(pages(told(planned)))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_upright_a4_with_run_result_and_number(small, language):
    count = len(pages(small[language]))
    for k, page in enumerate(pdf_pages.pages(small[language]), 1):
        assert pdf_pages.size(page) == pytest.approx((210, 297), abs=0.005)
        text = page.extract_text()
        assert f"Trang {k}/{count}" in text if language == "vi" else f"Page {k} of {count}" in text
        assert "thu" in text
        assert made.RUN not in text


def test_the_run_stands_on_every_page(large):
    assert all(made.RUN in page for page in pages(large))


def test_the_same_result_gives_the_same_bytes(town, small):
    assert told(town) == small["vi"]
    assert told(results.read(service.result()), EN) == small["en"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_language_title_typeface_bookmarks_and_tags(small, language):
    reader = PdfReader(io.BytesIO(small[language]))
    assert reader.trailer["/Root"]["/Lang"] == language
    assert "Small" in reader.metadata.title
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    fonts = {font for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    for font in {each.get_object()["/BaseFont"]: each.get_object() for each in fonts}.values():
        assert "BeVietnamPro" in font["/BaseFont"]
        assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/ToUnicode" in font
    names = [each.title for each in reader.outline]
    assert [name.split(".")[0] for name in names] == [str(k) for k in range(1, 10)]
    for each in reader.outline:
        page = reader.pages[reader.get_destination_page_number(each)]
        assert each.title in page.extract_text()


def _kinds(element, found):
    found.append(element)
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if hasattr(kid, "get") and kid.get("/S"):
            assert kid["/P"].get_object() == element
            _kinds(kid, found)
    return found


def test_structure_names_headings_cells_and_pictures(planned):
    reader = PdfReader(io.BytesIO(told(planned)))
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    (document,) = root["/K"]
    found = _kinds(document.get_object(), [])
    kinds = [each["/S"] for each in found]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 9
    assert {"/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/TOC", "/TOCI", "/P"} <= set(kinds)
    figures = [each["/Alt"] for each in found if each["/S"] == "/Figure"]
    assert len(figures) == 2
    assert "Bản đồ" in figures[0]
    assert "1.500" in figures[1]
    heads = [each for each in found if each["/S"] == "/TH"]
    assert all(each["/A"]["/Scope"] == "/Column" for each in heads)


def test_marks_on_pages_are_those_of_the_structure(large):
    """Each mark is opened and closed, and the tree names the element of each."""
    reader = PdfReader(io.BytesIO(large))
    numbers = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    of = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for page in reader.pages:
        body = page.get_contents().get_data().decode("latin-1")
        opened = len(re.findall(r"\bBDC\b|\bBMC\b", body))
        assert opened == len(re.findall(r"\bEMC\b", body))
        marks = [int(each) for each in re.findall(r"/MCID (\d+)", body)]
        assert marks == list(range(len(marks)))
        assert len(of[page["/StructParents"]]) == len(marks)


def test_the_contents_lead_to_the_sections(large):
    reader = PdfReader(io.BytesIO(large))
    first = reader.pages[0].extract_text()
    links = [each.get_object() for each in reader.pages[0]["/Annots"]]
    assert len(links) == 8  # without a plan
    for k, link in enumerate(links, 1):
        target = link["/Dest"][0].get_object()
        number = next(n for n, page in enumerate(reader.pages, 1) if page.indirect_reference.get_object() == target)
        assert re.search(rf"^{k}\. ", reader.pages[number - 1].extract_text(), re.MULTILINE)
        assert re.search(rf"{k}\. [^\n]*\n?\s*{number}\b", first)


def test_all_communes_stand_once_by_need(large, many):
    text = section(large, 3)
    found = re.findall(r"\b20\d{3}\b", text)
    known = sorted(
        (row for row in many if row["children_uncovered"] == row["children_uncovered"]),
        key=lambda row: (-row["children_uncovered"], -row["shortfall_m2"], -row["children"], row["commune_id"]),
    )
    blind = sorted((row for row in many if row["status"] == "unknown"), key=lambda row: row["survey_rank"])
    assert found == [row["commune_id"] for row in [*known, *blind]]


def test_totals_are_sums_over_what_is_known(large, many):
    left = sum(row["children_uncovered"] for row in many if row["status"] != "unknown")
    children = sum(row["children"] for row in many if row["children"] == row["children"])
    blind = sum(row["status"] == "unknown" for row in many)
    text = section(large, 3)
    total = re.sub(r"\s+", " ", text[text.rindex("Cộng") :])
    assert f"{children:,.0f}".replace(",", ".") in total
    assert f"{left:,.0f}".replace(",", ".") in total
    assert f"chưa kể {blind} nơi" in total
    assert "chưa kể 1 nơi" in total  # one has no count of children


def test_the_heading_of_a_table_comes_again_on_every_page(large):
    inside = [page for page in pages(large) if re.search(r"Lý do của xã \d", page)]
    assert len(inside) > 8
    assert all("Xã, phường" in page and "Tình trạng" in page for page in inside)


def test_unknown_communes_are_a_list_in_the_order_of_survey(large, many):
    text = section(large, 4)
    blind = sorted((row for row in many if row["status"] == "unknown"), key=lambda row: row["survey_rank"])
    assert re.findall(r"\b20\d{3}\b", text) == [row["commune_id"] for row in blind]
    counts = [row["children"] for row in blind]
    whole = np.nansum(counts)
    flat = re.sub(r"\s+", " ", text)
    assert f"có khoảng {whole:,.0f} trẻ em".replace(",", ".") in flat
    half = int((np.cumsum(np.nan_to_num(counts)) < whole / 2).sum()) + 1
    assert f"Khảo sát {half} nơi đầu" in flat
    assert blind[-1]["commune_id"] == "20010"
    assert re.search(r"20010 chưa rõ chưa rõ Khảo sát sân chơi; bổ sung số trẻ em", flat)


def test_where_nothing_is_known_no_figure_is_nought():
    rows = made.ranked([made.commune(k, 100 * k, None, "unknown") for k in (1, 3, 2)])
    pdf = told(made.result(rows))
    text = re.sub(r"\s+", " ", section(pdf, 3))
    assert [each[-1] for each in re.findall(r"\b2000\d\b", text)] == ["3", "2", "1"]
    assert text.count("chưa rõ") >= 9
    assert text.count("chưa ai khảo sát sân chơi") == 1  # one reason for all
    assert "Lý do của xã" not in text
    assert not re.search(r"(?<![\d.,])0(?![\d.,])", text.split("không có nghĩa là bằng 0.")[1])
    assert "nhiều nhất trước" not in text
    assert "Bản đồ số trẻ em" in " ".join(pages(pdf))
    assert "Từ" in pages(pdf)[1]


def test_communes_without_children_and_none_at_all():
    pdf = told(made.result([made.commune(k, 0, 0, "no_children") for k in range(3)]))
    assert "Không có trẻ em nào được ghi nhận." in pages(pdf)[0]
    assert "Không còn nơi nào cần khảo sát" in " ".join(pages(pdf))
    text = re.sub(r"\s+", " ", section(pdf, 3))
    assert text.count("Không có trẻ") == 3
    empty = " ".join(pages(told(made.result([]))))
    assert "Kết quả không có xã, phường nào." in empty
    assert "Không có ranh giới nào" in empty


def test_a_commune_of_which_nothing_is_known_breaks_nothing():
    bare = made.commune(5, None, None, "unknown", reason_vi=None, reason_en=None, flags=None, surveyed=None)
    odd = made.commune(6, 50, None, "not a status", flags=";nope; ;edge")
    pdf = told(made.result([made.commune(1, 100, 20, "out_of_reach"), bare, odd]))
    text = re.sub(r"\s+", " ", section(pdf, 3))
    assert re.search(r"20005 Chưa biết chưa rõ chưa rõ chưa rõ chưa rõ", text)
    assert re.search(r"20006 Chưa biết \(a\) 50 chưa rõ", text)
    assert "nope" not in " ".join(pages(pdf))


LONG = "Llanfairpwllgwyngyll" * 12
ODD = ["<b>x</b> & ]]>", "()\\ Tj ET EMC", "{named} {0} %s", LONG, "שלום עולם", "a\u202eb\x00c\nd", "𠮷野家"]


def test_hostile_texts_are_texts(caplog):
    rows = [made.commune(k, 1000 + k, 500 - k, "out_of_reach", name=name, reason_vi=name) for k, name in enumerate(ODD)]
    source = [{"layer": "communes", "name": ODD[0], "attribution": ODD[1], "licence": ODD[2], "url": "javascript:1"}]
    warn = [{"code": "new_{code}", "message": "Some English message", "layer": "x", "ids": ODD}]
    run = {"sources": source, "warnings": warn}
    study = {"name": ODD[1] + LONG, "estimate_note": ODD[2]}
    pdf = told(made.result(rows, run=run, study=study))
    text = " ".join(pages(pdf))
    for name in ODD[:3]:
        assert name in text
    assert LONG[:20] in text
    assert "5 ???? ???? 20004" in re.sub(r"\s+", " ", section(pdf, 3))  # no letter is left out unseen
    assert not caplog.records
    assert "javascript" not in text
    assert "Some English" not in text
    assert len(set(re.findall(r"\b2000[0-6]\b", section(pdf, 3)))) == len(ODD)
    reader = PdfReader(io.BytesIO(pdf))
    assert not [each for page in reader.pages for each in page.get("/Annots", []) if "/A" in each.get_object()]
    assert pdf == told(made.result(rows, run=run, study=study))


def test_a_result_without_a_plan_says_so(large):
    assert "không có phương án chọn địa điểm" in re.sub(r"\s+", " ", section(large, 5))
    assert section(large, 6).startswith("6. Cách tính")


def test_budgets_with_what_is_proven(planned):
    text = re.sub(r"\s+", " ", section(told(planned), 5))
    assert "500 1 451,2 120 120 0 % (tốt nhất)" in text
    assert "1.000 1 750,0 1.500 1.561 4,1 %" in text  # 4.02 % is rounded upwards
    assert "Chưa chứng minh là tốt nhất: kém phương án tốt nhất có thể không quá 4,1 %" in text
    assert "khoảng có thể còn tốt hơn, chưa chứng minh" in text
    assert not re.search(r"\b0 0 0,0", text)


def test_sites_say_what_is_left_to_do(planned):
    text = re.sub(r"\s+", " ", section(told(planned), 6))
    assert "T-1 Xã số 1 Có điều kiện 640 1.500 1.500 750,0" in text
    assert "xin quyết định của: Ủy ban nhân dân tỉnh; xử lý điều chưa đạt: độ dốc." in text
    assert "Ở mọi điểm đều chưa kiểm tra được: hành lang đê." in text
    assert "giảm từ 2.545 xuống 1.045" in text
    assert "Xã số 1 4.000 2.500 1.000" in text


def test_the_method_has_one_page_its_norms_and_parameters(small, planned):
    for pdf, number in ((told(planned), 7), (told(planned, EN), 7), (small["vi"], 7)):
        reader = PdfReader(io.BytesIO(pdf))
        starts = [reader.get_destination_page_number(each) for each in reader.outline]
        assert starts[number] == starts[number - 1] + 1
    text = re.sub(r"\s+", " ", section(told(planned), 7))
    assert "300 m 2 QCVN 01:2021/BXD, vườn hoa" in text
    assert "hiệu lực 05/07/2021 – 31/12/2026" in text
    assert "chưa kiểm chứng" in text
    assert "80 % trẻ em" in text
    assert made.RUN in text


def test_many_norms_make_the_letters_smaller_not_the_page_more():
    norms = [{**made.NORM, "tier": f"loại-{k}", "walk_m": 100.0 * k} for k in range(1, 8)]
    pdf = told(made.result([made.commune(1, 100, 20, "out_of_reach")], run={"norms": norms}))
    reader = PdfReader(io.BytesIO(pdf))
    starts = [reader.get_destination_page_number(each) for each in reader.outline]
    assert starts[6] == starts[5] + 1
    assert "700 m" in section(pdf, 6)


def test_limits_name_norms_flags_and_warnings():
    rows = [made.commune(k, 100, 20, "out_of_reach", flags="estimate;edge" if k else "estimate") for k in range(3)]
    warn = [{"code": "osm_layer_empty", "message": "x", "layer": "constraints.dikes", "ids": []}] * 2
    text = re.sub(r"\s+", " ", section(told(made.result(rows, run={"warnings": warn})), 7))
    assert "QCVN 01:2021/BXD, vườn hoa: chưa đối chiếu với văn bản gốc" in text
    assert "Số trẻ em là ước tính (mọi nơi)." in text
    assert "chưa được tính (2 nơi: Xã số 1, Xã số 2)." in text
    assert text.count("OpenStreetMap không vẽ gì") == 1
    assert "(lớp điều kiện (đê))" in text


def test_sources_have_dates_and_licences():
    source = {"layer": "communes", "name": "Sổ", "attribution": "Sở Nội vụ", "licence": "nội bộ", "date": "2025-06-16"}
    rows = [made.commune(1, 100, 20, "out_of_reach")]
    text = re.sub(r"\s+", " ", section(told(made.result(rows, run={"sources": [source, {"layer": "network"}]})), 8))
    assert "Ranh giới xã, phường Sổ Sở Nội vụ nội bộ 16/06/2025" in text
    assert "Địa giới xã, phường theo 01/07/2025; ngày xét 01/07/2026." in text
    assert "xa.gpkg 7 abababababababab" in text
    assert "Sân Chơi 0.1.0" in text
    assert "Kết quả thu, mã lần chạy 0123456789ab" in text


def test_the_report_is_one_of_the_formats_of_an_export(tmp_path):
    for name, given in (("a", ["--lang", "en"]), ("b", ["--lang", "en"]), ("c", [])):
        asked = ["export", str(service.result()), "--format", "report", "--out", str(tmp_path / name), "--quiet"]
        assert main([*asked, *given]) == 0
    english = (tmp_path / "a" / "report-en.pdf").read_bytes()
    assert english == (tmp_path / "b" / "report-en.pdf").read_bytes()
    assert "REPORT ON PLAY AREAS FOR CHILDREN" in read(english)[0]
    assert "BÁO CÁO VỀ SÂN CHƠI CHO TRẺ EM" in read((tmp_path / "c" / "report-vi.pdf").read_bytes())[0]
    assert (
        json.loads((tmp_path / "a" / "manifest.json").read_text("utf-8"))["files"]["report-en.pdf"]["format"]
        == "report"
    )


def test_scale_and_paper_are_the_reports_own_and_signatures_stand_at_its_end(planned):
    asked = making.Options(
        "A0", scale=500, style="print-grey", signatures=["Chủ tịch", "Người lập"], title="Báo cáo riêng"
    )
    made_ = told(planned, asked)
    assert "Tỷ lệ 1:60.000" in " ".join(pages(made_))  # 8 km in 144 mm: 1:55,556 at most
    assert pages(made_)[-1].count("Chủ tịch") == 1
    assert "Báo cáo riêng" in pages(made_)[0]
    assert pdf_pages.size(pdf_pages.pages(made_)[0]) == pytest.approx((210, 297), abs=0.005)
    assert "Chủ tịch" not in " ".join(pages(told(planned)))
