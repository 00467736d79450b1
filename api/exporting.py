"""Exporting: what of a result goes into a plan dossier, as files with a manifest of their hashes, sources and licences."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sanchoi.gis import results
from sanchoi.gis.errors import ContractError, SourceError, UnknownId
from sanchoi.gis.names import fold
from sanchoi.gis.sources import rows
from sanchoi.maps import summary
from sanchoi.maps.sheets import making
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.making import Options

SHEETS: dict[str, tuple[str, Callable[..., bytes]]] = {
    "sheet-gap": ("commune", making.gap),
    "sheet-reach": ("commune", making.reach),
    "sheet-site": ("site", making.site),
    "fact-sheet": ("commune", making.fact),
}
"""Sheet → what there is one of for each, and who draws it."""
AS = ("pdf", "geopdf", "png")
DPI = 150
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Wish:
    """What is wanted. `communes`, `sites` : ids. `formats` : names of `SHEETS`. `as_` : one of `AS`."""

    communes: Sequence[str] = ()
    sites: Sequence[str] = ()
    formats: Sequence[str] = ("sheet-gap",)
    as_: str = "pdf"
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        for name in self.formats:
            if name not in SHEETS:
                raise ContractError(f"format {name}", "one of " + ", ".join(SHEETS), "choose a format")
        if self.as_ not in AS:
            raise ContractError(f"sheets as {self.as_}", "one of " + ", ".join(AS), "choose one")


def write(result: Path, wish: Wish, folder: Path, progress: Progress = lambda done, of: None) -> dict[str, Any]:
    """Write sheets of a result into a folder that is new or empty; returns the manifest, which is written last.

    Raises
    ------
    SourceError : no result, or a folder that holds something or cannot be written. UnknownId, ContractError : see `making`.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SourceError(f"{folder} holds files already", "a new or empty folder", "choose another with --out")
    found = results.read(result)
    ground = Ground(found)
    options = _options(wish, result)
    todo = [(name, each) for name in wish.formats for each in _ids(ground, wish, SHEETS[name][0])]
    if not todo:
        raise ContractError("nothing to draw", "--commune, --site or --all", "name what the sheets are of")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files: dict[str, dict[str, Any]] = {}
        for done, (name, each) in enumerate(todo):
            progress(done, len(todo))
            for path, body in _drawn(ground, name, each, wish.as_, options):
                (folder / path).write_bytes(body)
                files[path] = {
                    "sha256": hashlib.sha256(body).hexdigest(),
                    "bytes": len(body),
                    "format": name,
                    "of": each,
                }
        progress(len(todo), len(todo))
        manifest = {
            "result": result.resolve().name,
            "run_id": found.run["run_id"],
            "study": found.run["study"],
            "version": importlib.metadata.version("sanchoi"),
            "files": dict(sorted(files.items())),
            "sources": summary.sources(dict(found.run)),
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
        (folder / "manifest.json").write_text(text, encoding="utf-8")
    except OSError as error:
        raise results.unwritable(folder, error) from error
    return manifest


def everything(result: Path) -> tuple[list[str], list[str]]:
    """Ids of all communes of a result, and of the sites of its plan."""
    found = results.read(result)
    sites = found.tables.get("sites")
    return [str(i) for i in found.tables["communes"]["commune_id"]], [] if sites is None else [
        str(i) for i in sites["parcel_id"]
    ]


def _options(wish: Wish, result: Path) -> Options:
    scales = rows.packaged("sheet_scales.csv").to_dict("records")
    return Options(
        **{**vars(wish.options), "scales": scales, "result_id": result.resolve().name, "geo": wish.as_ == "geopdf"}
    )


def _ids(ground: Ground, wish: Wish, kind: str) -> list[str]:
    asked, layer, key = (
        (wish.communes, "communes", "commune_id") if kind == "commune" else (wish.sites, "parcels", "parcel_id")
    )
    known = set(ground.result.tables[layer][key]) if layer in ground.result.tables else set()
    for each in asked:
        if each not in known:
            raise UnknownId(f"{kind} {each}", f"the id of a {kind} of this result", "see its tables")
    return list(dict.fromkeys(asked))


def _drawn(ground: Ground, name: str, each: str, as_: str, options: Options) -> list[tuple[str, bytes]]:
    """Files of one sheet: name, bytes."""
    make = SHEETS[name][1]
    one = name in ("fact-sheet", "sheet-site")
    body = make(ground, each if one else [each], options)
    stem = f"{name}-{_plain(each)}"
    if as_ != "png":
        return [(f"{stem}.pdf", body)]
    return [(f"{stem}-{k}.png", page) for k, page in enumerate(making.png(body, DPI), 1)]


def _plain(text: str) -> str:
    """An id as part of a file name; two ids never share one."""
    plain = re.sub(r"[^a-z0-9-]+", "-", fold(text)).strip("-")[:60]
    return plain if plain == text else f"{plain}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
