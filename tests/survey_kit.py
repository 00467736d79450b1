"""Survey kit of the small study: Hòa Phú, which nobody has surveyed, beside Đại Lãnh, which somebody has; forms filled in."""

import io
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import exported
import openpyxl
import small
from sanchoi.api.cli import main
from sanchoi.api.exporting import survey_xlsx
from sanchoi.api.exporting.survey import counts
from sanchoi.gis import job, results
from sanchoi.gis.survey_form import COLUMNS, HEAD, Form, Known
from small import X, Y

HOME, OTHER = "Hòa Phú", "Đại Lãnh"
FORM = "survey-hoa-phu-{}"
DAY = date(2026, 5, 11)
KNOWN = {"check": "đúng"}
NEW = {
    "name": "Sân đình",
    "kind": "sân chơi trẻ em",
    "access": "mọi người, không thu tiền",
    "area_m2": 120,
    "x": Y + 600,
    "y": X + 700,
}


def study(folder: Path) -> Path:
    """The small study, in which only Đại Lãnh is surveyed."""
    small.write(folder)
    small.layer(folder, "communes", small.communes().assign(seen=[False, True]))
    small.replace(folder, "surveyed = true", 'surveyed = "seen"')
    small.add(folder, '\n[[sources]]\nlayer = "play_areas"\nname = "Inventory"\nattribution = "A club"\n')
    return folder


@cache
def place() -> Path:
    """A folder with the study, its result, and the kit of Hòa Phú; made once, not to be changed."""
    folder = Path(mkdtemp(prefix="sanchoi-survey-"))
    study(folder / "study")
    results.write(job.run(folder / "study"), folder / "result")
    assert (
        main(["export", str(folder / "result"), "--format", "survey", "--all", "--out", str(folder / "kit"), "-q"]) == 0
    )
    return folder


def form(kind: str) -> Path:
    """The form as it was made."""
    (found,) = (place() / "kit").glob(f"*.{kind}")
    return found


@cache
def _blank() -> bytes:
    return form("xlsx").read_bytes()


def made(commune: str, *known: Known) -> bytes:
    """A form of a commune of the study as the kit would make it."""
    return survey_xlsx.make(
        Form("Small", commune, commune, "2025-07-01", "0" * 12, known),
        small.CRS,
        counts,
        "vi",
        exported.context().imprint,
    )


def top(sheet) -> int:
    """Row of the heading."""
    first = "\n".join((COLUMNS["no"][0], f"({COLUMNS['no'][1]})"))
    return next(cell.row for cell in sheet["A"] if cell.value == first)


def filled(
    path: Path,
    *rows: dict,
    surveyor="UBND xã Hòa Phú",
    surveyed_on=DAY,
    none=None,
    change=None,
    blank: bytes | None = None,
) -> Path:
    """Fill in a form: `rows` from the first line on; `change` may do what it likes to the workbook."""
    book = openpyxl.load_workbook(io.BytesIO(blank or _blank()))
    sheet = book.worksheets[1]
    at = top(sheet)
    for key, value in {"surveyor": surveyor, "surveyed_on": surveyed_on, "none": none}.items():
        (row,) = (c.row for c in sheet["A"] if c.value and str(c.value).startswith(HEAD[key][0]))
        sheet.cell(row, 6).value = value
    for k, row in enumerate(rows, at + 1):
        for column, value in row.items():
            sheet.cell(k, [*COLUMNS].index(column) + 1).value = value
    if change is not None:
        change(book)
    book.save(path)
    return path


def bring(*forms: Path, out: Path, study: Path | None = None, more=()) -> int:
    """sanchoi import survey."""
    folder = study or place() / "study"
    return main(["import", "survey", *map(str, forms), "--study", str(folder), "--out", str(out), *more])
