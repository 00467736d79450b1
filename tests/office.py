"""`make test-office`: LibreOffice opens the planners' workbook of the small result and saves it again; the cells are the same."""

import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).parent))

import service
from sanchoi.api.cli import main


def cells(path):
    """Every cell that is not empty, numbers rounded as a spreadsheet keeps them."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): round(cell.value, 9) if isinstance(cell.value, float) else cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def opened(folder):
    """The workbook as LibreOffice saves it, and as we wrote it."""
    assert (
        main(["export", str(service.result()), "--all", "--format", "xlsx", "--out", str(folder / "one"), "--quiet"])
        == 0
    )
    ours = next((folder / "one").glob("*.xlsx"))
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    asked = ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "two"), str(ours)]
    subprocess.run(asked, check=True, timeout=300)
    return cells(ours), cells(folder / "two" / ours.name)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        ours, theirs = opened(Path(place))
    other = {key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)}
    print(f"{len(ours)} cells, {len(other)} of them other in LibreOffice")
    for key in sorted(other)[:20]:
        print(key, repr(ours.get(key)), repr(theirs.get(key)))
    sys.exit(bool(other))
