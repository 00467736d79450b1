"""Several files of one kind as one zip, and rows as text files beside them; the same files give the same bytes."""

from __future__ import annotations

import csv
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

CLOCK = (2025, 7, 1, 0, 0, 0)


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
        made = csv.writer(sink, lineterminator="\n")
        made.writerow(header)
        made.writerows(rows)
    return path
