"""Survey form as a workbook: a short guide, the form with lists to choose from, and what the form keeps of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from sanchoi.api.exporting import parts
from sanchoi.api.exporting.imprint import Imprint
from sanchoi.api.exporting.survey_words import GUIDE, SHEETS, say
from sanchoi.gis import workbook
from sanchoi.gis.corner_zones import ZONES, turn, zone_words
from sanchoi.gis.survey_form import CHOICES, COLUMNS, HEAD, KINDS, LINES, Form, Known, Squares
from sanchoi.gis.survey_place import square_of
from sanchoi.gis.survey_words import Pair
from sanchoi.maps.sheets.said import when

WIDTHS = {
    "no": 9, "check": 12, "name": 24, "place": 20, "kind": 22, "access": 22, "ages": 10, "area_m2": 12, "measured": 18,
    "condition": 14, "x": 15, "y": 15, "square": 10, "note": 26, "play_area_id": 14,
}  # fmt: skip
WIDE = 74
"""Width of the guide, which a page takes without making it smaller."""
SPAN = 5
"""Columns over which a label of the head runs; its cell follows."""
ASKED = ("right", "corrected", "gone")
FILL, LOCKED = PatternFill("solid", fgColor="FFF7D6"), PatternFill("solid", fgColor="ECECEA")
HEADING = PatternFill("solid", fgColor="DDE7F0")
EDGE = Border(*(Side("thin", color="9A9A9A"),) * 4)
WRAP = Alignment(wrap_text=True, vertical="center")


def make(form: Form, crs: str, counts: Callable[[str], bool], language: str, imprint: Imprint) -> bytes:
    """A workbook to be filled in. `crs` : of the study, in which known places are given where it is VN-2000."""
    book = Workbook()
    book.properties.title, book.properties.description = parts.plain(imprint.title), parts.plain(imprint.text)
    names = {key: pair[language == "en"] for key, pair in SHEETS.items()}
    guide, sheet = book.worksheets[0], book.create_sheet(names["form"])
    guide.title = names["guide"]
    lists, record = book.create_sheet(names["lists"]), book.create_sheet("sanchoi")
    _guide(guide, form, language, crs, imprint)
    ranges = _lists(lists, names["lists"], counts, language)
    _form(sheet, form, crs, ranges, language)
    for row in form.record().items():
        record.append(list(row))
    for each in record["B"]:
        each.data_type = "s"
    record.sheet_state = "hidden"
    for each in book.worksheets:
        each.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    book.active = 1
    guide.sheet_view.tabSelected = False
    return workbook.sealed(book)


def heading(pair: Pair, language: str) -> str:
    """Vietnamese over English; in English forms the other way round."""
    one, two = pair if language == "vi" else pair[::-1]
    return f"{one}\n({two})"


def _guide(sheet: Any, form: Form, language: str, crs: str, imprint: Imprint) -> None:  # noqa: ANN401 - a sheet
    sheet.column_dimensions["A"].width = WIDE
    _text(sheet.cell(1, 1), say("guide_title", language, commune=form.commune), Font(bold=True, size=14))
    zone = _zone(crs, language)
    for k, pair in enumerate(GUIDE, 3):
        cell = sheet.cell(k, 1)
        told = pair[language == "en"].format(zone=zone, form=form.form_id)
        _text(cell, f"{k - 2}. {told}", Font(size=12))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[k].height = 17 * (1 + len(told) // (WIDE - 10))
    for k, told in enumerate(imprint.lines, len(GUIDE) + 4):
        cell = sheet.cell(k, 1)
        _text(cell, told, Font(size=9))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[k].height = 13 * (1 + len(told) // (WIDE + 10))
    _printed(sheet, "portrait")


def _printed(sheet: Any, orientation: str) -> None:  # noqa: ANN401 - a sheet
    """A4, as wide as the page, narrow margins: what is printed is read and written on."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = orientation, 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(0.4, 0.4, 0.4, 0.5, 0.2, 0.2)
    sheet.oddFooter.right.text = "&P/&N"


def _zone(crs: str, language: str) -> str:
    code = int(crs.partition(":")[2]) if crs.startswith("EPSG:") and crs[5:].isdigit() else 0
    return zone_words(code)[language == "en"] if code in ZONES else crs


def _lists(sheet: Any, name: str, counts: Callable[[str], bool], language: str) -> dict[str, str]:  # noqa: ANN401
    """Lists of words, a column each; returns where they stand."""
    out = {}
    for k, (column, words) in enumerate(CHOICES.items()):
        at = get_column_letter(k + 1)
        sheet.column_dimensions[at].width = 34
        _text(sheet[f"{at}1"], heading(COLUMNS[column], language), Font(bold=True))
        sheet[f"{at}1"].alignment, sheet[f"{at}1"].fill = WRAP, HEADING
        used = {key: pair for key, pair in words.items() if column != "check" or key in ASKED}
        for row, pair in enumerate(used.values(), 2):
            _text(sheet[f"{at}{row}"], pair[language == "en"])
        out[column] = f"'{name}'!${at}$2:${at}${len(used) + 1}"
    sheet.row_dimensions[1].height = 34
    _printed(sheet, "landscape")
    at = get_column_letter(len(CHOICES) + 2)
    sheet.column_dimensions[at].width = 60
    _text(sheet[f"{at}1"], say("counted_head", language), Font(bold=True))
    sheet[f"{at}1"].alignment, sheet[f"{at}1"].fill = WRAP, HEADING
    for row, (kind, pair) in enumerate(KINDS.items(), 2):
        _text(
            sheet[f"{at}{row}"],
            say("counted" if counts(kind) else "not_counted", language, kind=pair[language == "en"]),
        )
    return out


def _form(sheet: Any, form: Form, crs: str, ranges: Mapping[str, str], language: str) -> None:  # noqa: ANN401
    _text(sheet.cell(1, 1), say("form_title", language, commune=form.commune), Font(bold=True, size=15))
    _text(
        sheet.cell(2, 1),
        say("form_code", language, **{**vars(form), "vintage": when(form.vintage, language)}, form=form.form_id),
        Font(color="5F5F5F"),
    )
    for row, words in enumerate(HEAD.values(), 4):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=SPAN)
        sheet.merge_cells(start_row=row, start_column=SPAN + 1, end_row=row, end_column=SPAN + 3)
        _text(sheet.cell(row, 1), heading(words, language), Font(bold=True))
        sheet.cell(row, 1).alignment = WRAP
        sheet.row_dimensions[row].height = 32
        for column in range(SPAN + 1, SPAN + 4):
            _open(sheet.cell(row, column))
    sheet.cell(5, SPAN + 1).number_format = "dd/mm/yyyy"
    _choose(sheet, [f"{get_column_letter(SPAN + 1)}6"], '"X"', language)
    top = 4 + len(HEAD) + 1
    for k, (name, pair) in enumerate(COLUMNS.items(), 1):
        cell = sheet.cell(top, k)
        _text(cell, heading(pair, language), Font(bold=True))
        cell.alignment, cell.fill, cell.border = Alignment(wrap_text=True, vertical="top"), HEADING, EDGE
        sheet.column_dimensions[get_column_letter(k)].width = WIDTHS[name]
    sheet.row_dimensions[top].height = 64
    first, known = top + 1, len(form.known)
    for k in range(known + LINES):
        line = _filled(form.known[k], form.squares, crs, language) if k < known else {"no": k + 1}
        _line(sheet, first + k, line, k < known)
    last = first + known + LINES - 1
    columns = {name: get_column_letter(k) for k, name in enumerate(COLUMNS, 1)}
    for name, where in ranges.items():
        end = first + known - 1 if name == "check" else last
        if end >= first:
            _choose(sheet, [f"{columns[name]}{first}:{columns[name]}{end}"], f"={where}", language)
    sheet.freeze_panes = sheet.cell(first, 4)
    _printed(sheet, "landscape")
    sheet.print_title_rows = f"{top}:{top}"
    sheet.print_area = f"A1:{columns['play_area_id']}{last}"


def _line(sheet: Any, row: int, line: Mapping[str, object], known: bool) -> None:  # noqa: ANN401
    for k, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(row, k)
        value = line.get(column)
        if isinstance(value, str):
            _text(cell, value)
        else:
            cell.value = value
        cell.border, cell.alignment = EDGE, WRAP
        if column in ("no", "play_area_id") or (column == "check" and not known):
            cell.fill = LOCKED
        else:
            _open(cell)
    sheet.row_dimensions[row].height = 30 if known else 21


def _filled(known: Known, squares: Squares | None, crs: str, language: str) -> dict[str, object]:
    """What the form says of a play area that is on record."""
    east, north = known.lon, known.lat
    if crs.startswith("EPSG:") and crs[5:].isdigit() and int(crs[5:]) in ZONES:
        east, north = (round(each, 2) for each in turn(4326, int(crs[5:])).transform(known.lon, known.lat))
    side = language == "en"
    return {
        "no": known.no,
        "name": known.name,
        "kind": KINDS[known.kind][side] if known.kind in KINDS else "",
        "access": CHOICES["access"][known.access][side],
        "ages": known.ages,
        "area_m2": known.area_m2,
        "measured": None if known.area_m2 is None else CHOICES["measured"]["mapped"][side],
        "x": north,
        "y": east,
        "square": "" if squares is None else square_of(squares, known.lon, known.lat),
        "play_area_id": known.play_area_id,
    }


def _open(cell: Any) -> None:  # noqa: ANN401 - a cell
    cell.protection, cell.fill, cell.border, cell.alignment = Protection(locked=False), FILL, EDGE, WRAP


def _text(cell: Any, text: str, font: Font | None = None) -> None:  # noqa: ANN401 - a cell
    """Write a text as text, even where it looks like a formula."""
    cell.value = text or None
    if text:
        cell.data_type = "s"
    if font is not None:
        cell.font = font


def _choose(sheet: Any, cells: Sequence[str], formula: str, language: str) -> None:  # noqa: ANN401 - a sheet
    rule = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = say("choose_title", language), say("choose", language)
    for each in cells:
        rule.add(each)
    sheet.add_data_validation(rule)
