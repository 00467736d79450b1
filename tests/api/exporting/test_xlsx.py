"""The planners' workbook read back: its cells are the tables, numbers are numbers, unknown is empty, and nothing runs."""

import io
import re
import zipfile

import openpyxl
import pytest
import service
from sanchoi.api.exporting import Wish, xlsx, xlsx_rows
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.xlsx_words import ABOUT, SHEETS
from sanchoi.gis import results
from sanchoi.maps.sheets.options import Options

HOME, OTHER = "Hòa Phú", "Đại Lãnh"
FORMULA = ("=", "+", "-", "@")


def made(tmp_path, folder=None, language="vi", **wish):
    """The workbook, its path, and the tables that it is of."""
    folder = folder or service.result()
    read = results.read(folder)
    context = Context(folder, read, Wish(options=Options(language=language), **wish))
    tmp_path.mkdir(exist_ok=True)
    (path,) = xlsx.make(context, "", tmp_path)
    return openpyxl.load_workbook(path), path, read.tables


def rows(book, key, language="vi"):
    """Headings and rows of a sheet, below its notes."""
    sheet = book[SHEETS[key][language == "en"]]
    head = int(re.match(r"\$(\d+)", sheet.print_title_rows)[1])
    found = list(sheet.iter_rows(min_row=head, values_only=True))
    return list(found[0]), found[1:]


def column(book, key, name, language="vi"):
    heads, found = rows(book, key, language)
    return [row[heads.index(name)] for row in found]


def plain(values):
    return [None if value != value or value is None else float(value) for value in values.astype(float)]


def test_the_cells_are_the_tables(tmp_path):
    book, _, tables = made(tmp_path, everything=True)
    gaps, parcels, sites = tables["gaps"], tables["parcels"].sort_values(["rank", "parcel_id"]), tables["sites"]
    assert column(book, "gaps", "Mã xã, phường") == gaps["commune_id"].tolist()
    for name, heading in (
        ("children", "Trẻ em"),
        ("children_uncovered", "Trẻ không đi bộ tới được sân chơi"),
        ("covered_share", "Tỷ lệ trẻ đi bộ tới được sân chơi"),
        ("shortfall_m2", "Diện tích còn thiếu (m²)"),
        ("norm_walk_m", "Khoảng cách đi bộ theo quy định (m)"),
    ):
        assert column(book, "gaps", heading) == pytest.approx(plain(gaps[name])), name
    assert column(book, "gaps", "Lý do") == [None if each != each else each for each in gaps["reason_vi"]]
    assert column(book, "parcels", "Mã thửa đất") == parcels["parcel_id"].tolist()
    for name, heading in (("cost", "Chi phí (đồng)"), ("usable_m2", "Diện tích dùng được (m²)"), ("rank", "Hạng")):
        assert column(book, "parcels", heading) == pytest.approx(plain(parcels[name])), name
    assert column(book, "sites", "Mã thửa đất") == sites.sort_values("build_order")["parcel_id"].tolist()
    assert column(book, "budget", "Số địa điểm") == tables["budget_curve"]["sites"].tolist()
    assert column(book, "play_areas", "Mã sân chơi") == tables["play_areas"]["play_area_id"].tolist()
    kept = tables["screening"]["parcel_id"].isin(parcels.loc[parcels["verdict"] != "excluded", "parcel_id"])
    assert len(column(book, "ledger", "Điều kiện")) == int(kept.sum())
    assert len(column(book, "rules", "Điều kiện")) == len(tables["constraints"])
    assert sum(column(book, "reasons", "Trẻ không được phục vụ vì lý do đó")) == pytest.approx(
        tables["reasons"]["children"].sum()
    )


def test_numbers_are_numbers_with_their_formats_and_texts_are_words(tmp_path):
    book, _, _ = made(tmp_path, everything=True)
    heads, _ = rows(book, "sites")
    sheet = book[SHEETS["sites"][0]]
    first = int(re.match(r"\$(\d+)", sheet.print_title_rows)[1]) + 1
    found = {heads[k]: cell for k, cell in enumerate(sheet[first])}
    assert found["Chi phí (đồng)"].number_format == '#,##0" đ"'
    assert found["Diện tích dùng được (m²)"].number_format == "#,##0"
    assert found["Chi phí (đồng)"].data_type == "n"
    gaps = book[SHEETS["gaps"][0]]
    heads, _ = rows(book, "gaps")
    share = gaps.cell(gaps.max_row, heads.index("Tỷ lệ trẻ đi bộ tới được sân chơi") + 1)
    assert (share.number_format, share.data_type) == ("0.0%", "n")
    assert all(re.fullmatch(r"\d+–\d+ tuổi|tất cả", each) for each in column(book, "gaps", "Nhóm tuổi"))
    words = {
        value
        for key in ABOUT
        if SHEETS[key][0] in book.sheetnames
        for row in rows(book, key)[1]
        for value in row
        if isinstance(value, str)
    }
    assert not words & {"eligible", "excluded", "no_supply", "met", "unknown", "True", "public", "nan", "None"}


def test_what_is_unknown_is_empty_and_marked_and_never_0(tmp_path):
    book, _, tables = made(tmp_path, everything=True)
    heads, _ = rows(book, "parcels")
    sheet = book[SHEETS["parcels"][0]]
    cost = heads.index("Chi phí (đồng)") + 1
    unknown = next(row[cost - 1] for row in sheet.iter_rows() if row[0].value == "P5")
    assert tables["parcels"].set_index("parcel_id")["cost"].isna()["P5"]
    assert unknown.value is None
    assert unknown.fill.fgColor.rgb == "00" + xlsx.UNKNOWN_FILL.fgColor.rgb[-6:]
    assert any("chưa biết, không phải 0" in str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row)
    guide = " ".join(str(cell.value) for row in book["Hướng dẫn"].iter_rows() for cell in row if cell.value)
    assert "không phải 0" in guide
    assert " Ngày xét quy định 01/06/2026 Địa giới có từ ngày 01/07/2025 " in guide
    assert "P5" in [row[0] for row in rows(book, "parcels")[1]]


def test_a_row_is_as_high_as_its_texts(tmp_path):
    book, _, _ = made(tmp_path, everything=True)
    long = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.alignment.wrap_text and cell.fill.fgColor.rgb != "000A4D7D":
                    lines = len(cell.value) / sheet.column_dimensions[cell.column_letter].width
                    long += lines > 1
                    assert lines <= 1 or sheet.row_dimensions[cell.row].height >= 15 * lines, (
                        sheet.title,
                        cell.coordinate,
                    )
    assert long > 10


@pytest.mark.parametrize(("language", "head"), [("vi", "Mã xã, phường"), ("en", "Commune code")])
def test_every_sheet_is_set_up_to_be_read_and_printed(tmp_path, language, head):
    book, _, _ = made(tmp_path, language=language, everything=True)
    run = results.read(service.result()).run["run_id"]
    assert book.sheetnames[0] == ("Hướng dẫn", "Read me")[language == "en"]
    assert rows(book, "gaps", language)[0][0] == head
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        across = sum(each.width for each in sheet.column_dimensions.values())
        paper, beside = int(sheet.page_setup.paperSize), int(sheet.page_setup.fitToWidth)
        assert (paper, beside) == ((9, 1) if across <= 240 else (8, -(-across // 340)))
        assert sheet.page_setup.fitToHeight == 0
        assert "&P" in sheet.oddFooter.right.text
        assert run in sheet.oddFooter.left.text
        assert len(sheet.title) <= 31
    for sheet in book.worksheets[1:]:
        first = int(re.match(r"\$(\d+)", sheet.print_title_rows)[1])
        assert sheet.auto_filter.ref.startswith(f"A{first}:")
        assert re.fullmatch(rf"[A-Z]+{first + 1}", sheet.freeze_panes)
        assert all(each.width >= 9 for each in sheet.column_dimensions.values())
    links = {cell.hyperlink.location for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"'{sheet.title}'!A1" for sheet in book.worksheets[1:]}


def test_cut_to_a_commune(tmp_path):
    book, _, tables = made(tmp_path, communes=[OTHER])
    mine = tables["parcels"].loc[tables["parcels"]["commune_id"] == OTHER, "parcel_id"]
    assert set(column(book, "gaps", "Mã xã, phường")) == {OTHER}
    assert set(column(book, "parcels", "Mã thửa đất")) == set(mine)
    assert set(column(book, "ledger", "Mã thửa đất")) <= set(mine)
    assert set(column(book, "play_areas", "Mã xã, phường")) <= {OTHER}
    guide = " ".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value)
    assert OTHER in guide
    budget = book[SHEETS["budget"][0]]
    assert any("cả kết quả" in str(row[0].value) for row in budget.iter_rows(max_row=4))


def test_a_cut_says_which_figures_are_of_the_whole(tmp_path):
    """Ranks, build order and running totals go on counting what was not chosen; the whole workbook says nothing of it."""
    site = results.read(service.result()).tables["sites"]["parcel_id"].iloc[-1]
    ranked = int(results.read(service.result()).tables["parcels"]["rank"].notna().sum())
    for wish, cut in (({"sites": [site]}, True), ({"everything": True}, False)):
        book, _, _ = made(tmp_path / str(cut), **wish)
        for key, words in (("sites", "của cả phương án"), ("parcels", f"trong {ranked} thửa được xếp hạng")):
            notes = [str(row[0].value) for row in book[SHEETS[key][0]].iter_rows(max_row=5)]
            assert any(words in each for each in notes) is cut, (key, notes)


def test_limits_are_stated(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_rows, "PARCELS", 2)
    monkeypatch.setattr(xlsx_rows, "LEDGER", 1)
    read = results.read(service.result())
    context = Context(service.result(), read, Wish(everything=True))
    (path,) = xlsx.make(context, "", tmp_path)
    book = openpyxl.load_workbook(path)
    best = read.tables["parcels"].sort_values(["rank", "parcel_id"])["parcel_id"].tolist()
    assert column(book, "parcels", "Mã thửa đất") == best[:2]
    said = " ".join(context.notes[path.name])
    assert "2 thửa tốt nhất trong 5 thửa" in said
    chosen = set(read.tables["sites"]["parcel_id"]) | set(best[:1])
    assert set(column(book, "ledger", "Mã thửa đất")) == chosen
    assert any("2 thửa tốt nhất" in str(row[0].value) for row in book[SHEETS["parcels"][0]].iter_rows(max_row=5))


def test_no_text_runs_as_a_formula(tmp_path):
    for folder in (service.hostile_result(), service.result()):
        book, path, _ = made(tmp_path / folder.name, folder, everything=True)
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (sheet.title, cell.coordinate)
                    assert not (isinstance(cell.value, str) and cell.value.startswith(FORMULA)), cell.coordinate
        with zipfile.ZipFile(path) as found:
            body = "".join(found.read(name).decode() for name in found.namelist() if "worksheets" in name)
        assert "<f>" not in body
        assert "externalLink" not in body


def test_the_same_result_gives_the_same_bytes(tmp_path):
    _, one, _ = made(tmp_path / "one", everything=True)
    _, two, _ = made(tmp_path / "two", everything=True)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(io.BytesIO(one.read_bytes())) as found:
        assert {each.date_time for each in found.infolist()} == {(2025, 7, 1, 0, 0, 0)}


def test_a_result_where_nothing_is_surveyed_says_where_to_go(tmp_path):
    """Nobody has surveyed: status and shares are empty, and the survey list has every commune."""
    read = results.read(service.result())
    tables = dict(read.tables)
    tables["communes"] = tables["communes"].assign(surveyed=False)
    blank = ["children_uncovered", "covered_share", "play_area_m2", "shortfall_m2"]
    tables["gaps"] = tables["gaps"].assign(status="unknown", **dict.fromkeys(blank, float("nan")))
    context = Context(service.result(), results.Result(tables, read.run), Wish(everything=True))
    (path,) = xlsx.make(context, "", tmp_path)
    book = openpyxl.load_workbook(path)
    assert set(column(book, "gaps", "Tỷ lệ trẻ đi bộ tới được sân chơi")) == {None}
    assert set(column(book, "gaps", "Tình trạng")) == {"Chưa biết"}
    assert sorted(column(book, "survey", "Mã xã, phường")) == sorted(tables["communes"]["commune_id"])
    assert set(column(book, "survey", "Đã khảo sát")) == {"không"}
