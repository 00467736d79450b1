"""Manifest: what an export holds, of which run it is, and whose data it is made of."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanchoi.maps import summary

if TYPE_CHECKING:
    from sanchoi.api.exporting.context import Context

NAME = "manifest.json"


def entry(path: Path, name: str, of: str) -> dict[str, Any]:
    """One file: its hash, its size, its format, and the commune or site that it is of (null: the whole)."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size, "format": name, "of": of or None}


def of(context: Context, files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The manifest: result, run, program, files, sources with licences, norms, and what a reader must know of a file."""
    run = context.result.run
    for path, each in files.items():
        notes = context.notes.get(Path(path).name)
        if notes:
            each["notes"] = notes
    return {
        "result": context.name,
        "run_id": run["run_id"],
        "study": run["study"],
        "version": importlib.metadata.version("sanchoi"),
        "chosen": {"communes": list(context.wish.communes), "sites": list(context.wish.sites)},
        "files": dict(sorted(files.items())),
        "sources": summary.sources(dict(run)),
        "norms": run.get("norms", []),
        "warnings": run.get("warnings", []),
    }


def text(told: dict[str, Any]) -> str:
    """As the text of the file."""
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
