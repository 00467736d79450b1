"""XLSX: the planners' workbook: a guide, and a sheet for each table with filters, frozen panes and print set-up."""

from __future__ import annotations

import importlib.metadata
import math
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from sanchoi.api.exporting import parts, xlsx_tables
from sanchoi.api.exporting.xlsx_tables import Page
from sanchoi.api.exporting.xlsx_words import ABOUT, SHEETS, say
from sanchoi.gis.workbook import harmless, sealed
from sanchoi.maps import summary
from sanchoi.maps.report import figures

if TYPE_CHECKING:
    from sanchoi.api.exporting.context import Context

FORMATS = {
    "whole": "#,##0",
    "tenth": "#,##0.0",
    "fine": "#,##0.00",
    "share": "0.0%",
    "score": "0.000",
    "money": '#,##0" đ"',
    "metres": "0.00",
    "degrees": "0.000000",
    "any": "General",
}
WIDTHS = {"whole": 12.0, "tenth": 12.0, "fine": 12.0, "share": 11.0, "score": 10.0, "money": 20.0, "metres": 15.0}
NARROW, WIDE, LONG, GUIDE = 9.0, 46.0, 62.0, 100.0
"""Widths in characters: of the narrowest column, of the widest with texts, of one with sentences, and of the guide's."""
A4, A3 = 9, 8
ACROSS = {A4: 240.0, A3: 340.0}
"""Characters that paper on its side holds with letters of 6 points and more; what is wider goes on several sheets."""
LINE_PT, LETTER = 15.0, 1.15
"""Height of a line in points; how much wider than a column's unit a letter may be in a spreadsheet's own typeface."""
HEAD = Font(bold=True, color="FFFFFF")
HEAD_FILL = PatternFill("solid", fgColor="0A4D7D")
UNKNOWN_FILL = PatternFill("solid", fgColor="E7E6E1")
WRONG = Font(bold=True, color="B3260B")
SOFT = Font(color="55524B", italic=True)
LINE = Border(bottom=Side(style="hair", color="B8B4AA"))
TOP = Alignment(vertical="top")
WRAPPED = Alignment(vertical="top", wrap_text=True)
FIXED = {"gaps": 4, "reasons": 3, "change": 3, "sites": 2, "parcels": 1, "ledger": 2, "play_areas": 2, "survey": 3}
"""Columns that stay in sight when one goes to the right."""


def make(context: Context, of: str, folder: Path) -> list[Path]:
    """Write the workbook in the language of the wish.

    Raises
    ------
    CRSError : the CRS of coordinates is unknown, or neither in degrees nor in metres.
    """
    book = Workbook()
    book.properties.title = parts.plain(context.imprint.title)
    book.properties.description = parts.plain(context.imprint.text)
    guide = book.worksheets[0]
    guide.title = SHEETS["guide"][1 if context.language == "en" else 0]
    pages = list(xlsx_tables.pages(context))
    for page in pages:
        _sheet(book.create_sheet(page.name), page, context)
    _guide(guide, pages, context)
    for sheet in book.worksheets:
        _printed(sheet, context)
    path = folder / f"so-lieu-{context.language}.xlsx"
    path.write_bytes(sealed(book))
    for page in pages:
        for words in page.limits:
            context.note(path, f"{page.name}: {words}", f"{page.name}: {words}")
    return [path]


def _sheet(sheet: Worksheet, page: Page, context: Context) -> None:
    """Title, notes, headings, rows."""
    told = [*([say("synthetic", context.language)] if context.imprint.mark else []), *page.notes, *page.limits]
    first = len(told) + 3
    _text(sheet.cell(1, 1), page.name, Font(bold=True, size=14))
    for row, words in enumerate(told, 2):
        _text(sheet.cell(row, 1), words, WRONG if row == 2 and context.imprint.mark else SOFT)
    sheet.row_dimensions[first].height = 48
    for column, words in enumerate(page.headings, 1):
        cell = _text(sheet.cell(first, column), words, HEAD)
        cell.fill, cell.alignment = HEAD_FILL, Alignment(vertical="center", wrap_text=True)
    safe, styles = harmless(page.table), Styles(sheet, context.language)
    widths = [_width(page, str(name), form) for name, form in zip(page.table.columns, page.forms, strict=True)]
    for row, values in enumerate(safe.astype(object).where(safe.notna(), None).itertuples(index=False), first + 1):
        for column, (value, form, asks) in enumerate(zip(values, page.forms, page.unknown, strict=True), 1):
            styles.put(row, column, value, form, asks)
        lines = max((_lines(value, width) for value, width in zip(values, widths, strict=True)), default=1)
        if lines > 1:
            sheet.row_dimensions[row].height = LINE_PT * lines
    last, end = first + len(page.table), get_column_letter(len(page.headings))
    sheet.auto_filter.ref = f"A{first}:{end}{max(last, first)}"
    sheet.freeze_panes = sheet.cell(first + 1, FIXED.get(page.key, 1) + 1)
    sheet.print_title_rows = f"{first}:{first}"
    sheet.print_title_cols = f"A:{get_column_letter(FIXED.get(page.key, 1))}"
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width


class Styles:
    """Styles of cells, each made once: assigning its parts to every cell anew would take most of the time."""

    def __init__(self, sheet: Worksheet, language: str) -> None:
        self.sheet, self.unverified = sheet, say("unverified", language)
        self._made: dict[tuple[str, str], StyleArray] = {}

    def put(self, row: int, column: int, value: Any, form: str, unknown: bool) -> None:  # noqa: ANN401
        """Write a value. `unknown` : whether nothing means that it is not known."""
        cell = self.sheet.cell(row, column)
        kind = "number"
        if value is None:
            kind = "unknown" if unknown else "text"
        elif isinstance(value, str):
            _text(cell, value)
            kind = "wrong" if value == self.unverified else "long" if len(value) > WIDE else "text"
        else:
            cell.value = value.item() if hasattr(value, "item") else value
        cell._style = copy(self._style(kind, form))

    def _style(self, kind: str, form: str) -> StyleArray:
        found = self._made.get((kind, form))
        if found is None:
            cell = Cell(self.sheet)
            cell.border, cell.alignment = LINE, WRAPPED if kind == "long" else TOP
            if kind == "unknown":
                cell.fill = UNKNOWN_FILL
            elif kind == "wrong":
                cell.font = WRONG
            elif kind == "number":
                cell.number_format = FORMATS.get(form, "General")
            found = self._made[kind, form] = cell._style
        return found


def _text(cell: Cell, words: str, font: Font | None = None) -> Cell:
    """A text that is never a formula."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", words)
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell


def _width(page: Page, name: str, form: str) -> float:
    if form != "text":
        return WIDTHS.get(form, 13.0)
    lengths = page.table[name].dropna().astype(str).str.len()
    longest = int(lengths.max()) if len(lengths) else 0
    return max(NARROW, min(longest + 3.0, LONG if longest > 2 * WIDE else WIDE))


def _lines(value: object, width: float) -> int:
    """Lines of a text that is wrapped, in a column of a width."""
    if not isinstance(value, str) or len(value) <= WIDE:
        return 1
    return math.ceil(len(value) * LETTER / width)


def _guide(sheet: Worksheet, pages: list[Page], context: Context) -> None:
    """What the workbook is, how to read it, and where what stands."""
    run, language = context.result.run, context.language
    study = run["study"]
    _text(sheet.cell(1, 1), say("title", language), Font(bold=True, size=16))
    row = 3
    for key, value in (
        ("study", study["name"]),
        ("result", context.name),
        ("run", run["run_id"]),
        ("date", figures.day(study["date"], language)),
        ("vintage", ", ".join(figures.day(each, language) for each in context.imprint.record["vintage"])),
        ("norm", run["norm"][f"name_{language}"]),
        ("crs", parts.code(parts.target(context))),
        ("program", f"sanchoi {importlib.metadata.version('sanchoi')}"),
        ("chosen", _chosen(context)),
        ("headline", summary.headline(run, language)),
    ):
        _text(sheet.cell(row, 1), say(key, language), Font(bold=True)).alignment = TOP
        cell = _text(sheet.cell(row, 2), _plain(str(value)))
        cell.alignment = WRAPPED
        sheet.row_dimensions[row].height = LINE_PT * _lines(cell.value, GUIDE)
        row += 1
    row = _list(sheet, row + 1, say("remarks", language), _remarks(context), WRONG)
    told = [say(key, language) for key in ("read_empty", "read_round", "read_filter", "read_apostrophe")]
    row = _list(sheet, row + 1, say("how", language), told, None)
    _text(sheet.cell(row + 1, 1), say("sheets", language), Font(bold=True, size=12))
    for at, page in enumerate(pages, row + 2):
        cell = _text(sheet.cell(at, 1), page.name, Font(color="0A4D7D", underline="single"))
        cell.hyperlink = Hyperlink(cell.coordinate, location=f"'{page.name}'!A1")
        _text(
            sheet.cell(at, 2),
            f"{ABOUT[page.key][1 if language == 'en' else 0]} ({say('rows', language, n=len(page.table))})",
        )
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26.0, GUIDE


def _list(sheet: Worksheet, row: int, title: str, lines: list[str], font: Font | None) -> int:
    """A heading and a line for each; the row after them."""
    if not lines:
        return row - 1
    _text(sheet.cell(row, 1), title, Font(bold=True, size=12))
    for at, words in enumerate(lines, row + 1):
        _text(sheet.cell(at, 2), words, font).alignment = WRAPPED
        sheet.row_dimensions[at].height = LINE_PT * _lines(words, GUIDE)
    return row + len(lines) + 1


def _remarks(context: Context) -> list[str]:
    run, language = context.result.run, context.language
    out = list(context.imprint.warnings) + [say("estimate", language)] * bool(run["study"]["estimate"])
    return list(dict.fromkeys(out + [each[language] for each in summary.warnings(run)]))


def _chosen(context: Context) -> str:
    wish = context.wish
    if not wish.communes and not wish.sites:
        return say("all_chosen", context.language)
    names = context.result.tables["communes"].set_index("commune_id")["name"]
    told = [str(names.get(each) or each) for each in wish.communes] + list(wish.sites)
    return say("some_chosen", context.language, names=", ".join(told[:40]) + (" …" if len(told) > 40 else ""))


def _plain(text: str) -> str:
    """A text of the data that a spreadsheet would not run."""
    return "'" + text if text.startswith(("=", "+", "-", "@")) else text


def _printed(sheet: Worksheet, context: Context) -> None:
    """On its side, on as few sheets beside each other as can be read, with page numbers and the run."""
    study, run = context.result.run["study"], context.result.run["run_id"]
    sheet.page_setup.orientation = "landscape"
    across = sum(each.width for each in sheet.column_dimensions.values())
    paper = A4 if across <= ACROSS[A4] else A3
    sheet.page_setup.paperSize = paper
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = math.ceil(across / ACROSS[paper]), 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.75
    sheet.oddHeader.left.text = str(study["name"]).replace("&", "&&")[:80]
    sheet.oddHeader.right.text = sheet.title
    sheet.oddFooter.left.text = f"{context.name} · {run}".replace("&", "&&")
    sheet.oddFooter.right.text = f"{say('page', context.language)} &P / &N"
