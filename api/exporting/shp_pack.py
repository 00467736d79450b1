"""Several files of one kind as one zip, and rows and words as text files beside them; the same files give the same bytes."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sanchoi.api.exporting.parts import plain

if TYPE_CHECKING:
    from sanchoi.api.exporting.imprint import Imprint

CLOCK = (2025, 7, 1, 0, 0, 0)
README = "DOC-TRUOC-README.txt"
"""What a zip says of itself. Its name sorts before those of layers, as capitals do."""


def pack(folder: Path, path: Path) -> Path:
    """Zip the files of a folder, in order of their names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as sink:
        for each in sorted(folder.iterdir()):
            info = zipfile.ZipInfo(each.name, CLOCK)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with each.open("rb") as source, sink.open(info, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)
    return path


def table(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    """Write rows as CSV with the mark that spreadsheets know UTF-8 by."""
    with path.open("w", encoding="utf-8-sig", newline="") as sink:
        for row in (header, *rows):
            line = io.StringIO()
            csv.writer(line).writerow(row)  # which quotes both signs of a new line
            sink.write(line.getvalue().removesuffix("\r\n") + "\n")
    return path


def readme(folder: Path, imprint: Imprint) -> None:
    """Write what the files of a zip say of themselves, for people."""
    text = f"\ufeff{imprint.title}\n\n{imprint.text}\n"
    (folder / README).write_text(text.replace("\n", "\r\n"), encoding="utf-8", newline="")


def described(path: Path, title: str, imprint: Imprint) -> None:
    """Write the same beside a layer, as QGIS reads it: its name with the ending .qmd."""
    root = ET.Element("qgis", version="3.22")
    for tag, words in (
        ("type", "dataset"),
        ("title", imprint.mark + title),
        ("abstract", imprint.text),
        ("language", str(imprint.record["language"])),
    ):
        ET.SubElement(root, tag).text = plain(words)
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    path.with_suffix(".qmd").write_text(head + ET.tostring(root, encoding="unicode") + "\n", encoding="utf-8")
