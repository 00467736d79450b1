"""A scenario as a study: study.toml with its changes made, the layers that change, and the others where they are at hand."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import tomli_w
from sanchoi.api.library import Entry
from sanchoi.api.study_files import named, parts
from sanchoi.gis import places
from sanchoi.gis.changes import Change
from sanchoi.gis.model import Model
from sanchoi.gis.results import fixed_clock

INVENTORY = "scenario_play_areas.gpkg"
GATES = "scenario_gates.gpkg"
CROSSINGS = "scenario_crossings.gpkg"
COLUMNS = {
    "id": "play_area_id",
    "name": "name",
    "kind": "kind",
    "area": "area_m2",
    "usable": "usable_m2",
    "access": "access",
    "ages": "ages",
}
CLOCK = (2000, 1, 1, 0, 0, 0)


def packed(
    entry: Entry,
    model: Model,
    name: str,
    documents: Sequence[Mapping[str, Any]],
) -> bytes:
    """A zip file of the study; the same scenario gives the same bytes.

    Parameters
    ----------
    name : of the scenario. documents : its changes, parcels already replaced by their ground.
    """
    made = model.parse(documents)
    folder = entry.folder / "study"
    document = copy.deepcopy(dict(entry.run["settings"]["study"]))
    document["study"] = {**document["study"], "name": f"{document['study']['name']} – {name}"}
    held, missing = _held(document, folder)
    layers = _layers(model, made, folder, document)
    text = {
        "study.toml": tomli_w.dumps(document),
        "changes.json": json.dumps(list(documents), ensure_ascii=False, indent=1) + "\n",
        "README.txt": _readme(entry, name, missing),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for each, body in sorted({**{k: v.encode() for k, v in text.items()}, **layers}.items()):
            file.writestr(zipfile.ZipInfo(each, CLOCK), body, zipfile.ZIP_DEFLATED)
        for each in held:
            file.writestr(zipfile.ZipInfo(each, CLOCK), (folder / each).read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _layers(model: Model, made: tuple[Change, ...], folder: Path, document: dict[str, Any]) -> dict[str, bytes]:
    """The layers that changes touch, as GeoPackages; the document names them."""
    crs = model.study.crs
    out: dict[str, bytes] = {}
    table = places.inventory(model.sites.table, made, crs)
    if table is not None and len(table):
        out[INVENTORY] = _gpkg(table[[*COLUMNS.values(), "geometry"]])
        document["play_areas"] = {"path": INVENTORY, **COLUMNS}
    gates = places.gates(model.gates, made)
    if gates is not None and len(gates):
        out[GATES] = _gpkg(gpd.GeoDataFrame(geometry=gates, crs=crs))
        document["play_areas"]["gates"] = GATES
    lines = places.crossings(made)
    before = document.get("network", {}).get("crossings")
    if len(lines):
        if before is not None and (folder / before).is_file():
            old = gpd.read_file(folder / before).to_crs(crs).explode(ignore_index=True).geometry.to_numpy()
            lines = np.concatenate([old, lines])
        out[CROSSINGS] = _gpkg(gpd.GeoDataFrame(geometry=lines, crs=crs))
        document["network"]["crossings"] = CROSSINGS
    return out


def _gpkg(frame: gpd.GeoDataFrame) -> bytes:
    with tempfile.TemporaryDirectory() as place, fixed_clock():
        path = Path(place) / "layer.gpkg"
        frame.to_file(path, layer="layer", driver="GPKG", engine="pyogrio")
        return path.read_bytes()


def _held(document: Mapping[str, Any], folder: Path) -> tuple[list[str], list[str]]:
    """Files that the study names: those that lie in its folder, with what belongs to them, and those that do not."""
    home = folder.resolve()
    held: set[str] = set()
    missing: set[str] = set()
    for name in named(document):
        own = parts(Path(os.path.normpath(home / name)))
        if all(each.is_file() and each.resolve().is_relative_to(home) and each.is_relative_to(home) for each in own):
            held |= {each.relative_to(home).as_posix() for each in own}
        else:
            missing.add(name)
    return sorted(held), sorted(missing)


def _readme(entry: Entry, name: str, missing: Sequence[str]) -> str:
    hashes = {row["path"]: row["sha256"] for row in entry.run["inputs"]}
    lines = [
        f"Phương án / scenario: {name}",
        f"Từ kết quả / from the result: {entry.name}, run {entry.run['run_id']}",
        "",
        "Tính lại / to run it: sanchoi run THIS_FOLDER --out DIR",
    ]
    if missing:
        lines += [
            "",
            "Cần chép thêm các tệp sau vào đúng chỗ mà study.toml ghi / put these files where study.toml names them:",
        ]
        lines += [f"  {each}  sha256 {hashes.get(Path(each).name, '?')}" for each in missing]
    return "\n".join(lines) + "\n"


def digest(body: bytes) -> str:
    """Short hash of a file, for its ETag."""
    return hashlib.sha256(body).hexdigest()[:16]
