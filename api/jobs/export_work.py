"""Export work: the files that were asked for and parts of the result, in one zip with a manifest; all of one run."""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanchoi.api.jobs import export_inputs, registry
from sanchoi.api.problems import Problem
from sanchoi.gis.errors import ContractError

if TYPE_CHECKING:  # long to load
    from sanchoi.api.library import Entry

Progress = Callable[[str, float], None]
PATTERNS = {
    "tables": ("tables/*.parquet", "tables/*.csv", "tables/*.xlsx"),
    "geopackage": ("result.gpkg",),
    "maps": ("index.html", "maps/gap.html", "maps/sites.html"),
}
"""Files of each part; those that somebody else put into the folder of a result stay out."""
LESS = (
    "mỗi lần không vẽ nhiều như vậy. Hãy chọn giấy lớn hơn, tỷ lệ nhỏ hơn (mẫu số lớn hơn), hoặc “vừa một tờ”; bản đồ nhiều tờ "
    "thì lập ở trang “Xuất hồ sơ”.",
    "so many are not drawn at once. Take larger paper, a smaller scale, or one that fits on one sheet; maps of several sheets "
    "are made by an export.",
)
SHEETS = re.compile(r"([\d,]+) sheets at 1:([\d,.]+)")


def pack(entry: Entry, given: Mapping[str, Any], folder: Path, tell: Progress) -> Path:
    """Write the zip file into a folder; its path.

    Raises
    ------
    Problem : the result is made anew meanwhile, or a map needs too many sheets.
    SanchoiError : as `exporting.write`; SourceError also for a full disk.
    """
    from sanchoi.gis import results

    place, made = folder / "files", folder / "export.zip"
    try:
        told = _written(entry, given, place, tell)
        parts = list(_files(entry.folder, export_inputs.parts_of(given)))
        _manifest(told, parts, entry, place)
        _zip(place, parts, entry, made, tell)
    except ContractError as error:
        raise in_words(error) from error
    except OSError as error:
        raise error if hasattr(error, "todo") else results.unwritable(made, error) from error
    _same(entry)
    return made


def _written(entry: Entry, given: Mapping[str, Any], place: Path, tell: Progress) -> dict[str, Any]:
    """Write what was asked for besides parts; the manifest."""
    from sanchoi.api import exporting
    from sanchoi.api.exporting import manifest
    from sanchoi.api.exporting.context import Context
    from sanchoi.gis import results

    wish = export_inputs.wish_of(given)
    tell("read", 0.0)
    if not wish.formats:
        place.mkdir(parents=True)
        tell("read", 1.0)
        return manifest.of(Context(entry.folder, results.Result({}, entry.run), wish), {})
    read = results.read(entry.folder)
    _same(entry)
    tell("read", 1.0)
    return exporting.write(entry.folder, wish, place, lambda done, of: tell("export", done / max(of, 1)), read)


def _manifest(told: dict[str, Any], parts: list[Path], entry: Entry, place: Path) -> None:
    """Write the manifest, with the files of parts too."""
    from sanchoi.api.exporting import manifest

    for path in parts:
        name = f"{entry.id}/{path.relative_to(entry.folder).as_posix()}"
        told["files"][name] = manifest.entry(path, "result", "")
    told["files"] = dict(sorted(told["files"].items()))
    (place / manifest.NAME).write_text(manifest.text(told), encoding="utf-8")


def _zip(place: Path, parts: list[Path], entry: Entry, made: Path, tell: Progress) -> None:
    from sanchoi.api.exporting.writing import CLOCK

    own = [(path, path.relative_to(place).as_posix()) for path in sorted(place.rglob("*")) if path.is_file()]
    own += [(path, f"{entry.id}/{path.relative_to(entry.folder).as_posix()}") for path in parts]
    whole, done = max(1, sum(path.stat().st_size for path, _ in own)), 0
    tell("pack", 0.0)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as sink:
        for path, name in own:
            info = zipfile.ZipInfo(name, CLOCK)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with path.open("rb") as source, sink.open(info, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 1 << 20)
            done += path.stat().st_size
            tell("pack", done / whole)


def _files(folder: Path, parts: tuple[str, ...]) -> Iterator[Path]:
    """Files of a result that belong to its parts."""
    if parts:
        yield folder / "run.json"
    for part in registry.PARTS:
        for pattern in PATTERNS[part] if part in parts else ():
            yield from (path for path in sorted(folder.glob(pattern)) if path.is_file())


def _same(entry: Entry) -> None:
    """Go on only while the result is the one that was there at the beginning.

    Raises
    ------
    Problem : it was made anew meanwhile.
    """
    try:
        now = hashlib.sha256((entry.folder / "run.json").read_bytes()).hexdigest()
    except OSError:
        now = ""
    if not now.startswith(entry.etag):
        words = (
            "Kết quả được tính lại trong lúc lập hồ sơ, nên chưa đưa ra tệp nào. Hãy gửi lại việc này.",
            "The result was made anew while it was exported, so no file was given out. Send the job again.",
        )
        raise Problem("conflict", pairs={"message": words})


def in_words(error: ContractError) -> Exception:
    """An error of sheets as a problem in words, where it is one that people meet."""
    found = SHEETS.search(error.came)
    if found is None:
        return error
    count, scale = found.groups()
    vi = f"Ở tỷ lệ 1:{scale.replace(',', '.')} cần {count.replace(',', '.')} tờ; {LESS[0]}"
    return Problem("sheets", pairs={"message": (vi, f"At 1:{scale} there are {count} sheets; {LESS[1]}")})
