"""Record: what run.json says of how a result was made."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping

import pandas as pd
from sanchoi.gis import tables
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.norms import Limits
from sanchoi.gis.notes import Notes
from sanchoi.gis.study import Study

PACKAGES = (
    "sanchoi",
    "geopandas",
    "shapely",
    "pyproj",
    "exactextract",
    "numba",
    "numpy",
    "pandas",
    "osmium",
    "pyogrio",
    "highspy",
    "scipy",
)


def record(
    study: Study,
    inputs: Inputs,
    limits: Limits,
    notes: Notes,
    seconds: Mapping[str, float],
    found: Mapping[str, pd.DataFrame],
) -> dict[str, object]:
    """What run.json says: how the result was made. `run_id` is the hash of inputs and settings."""
    settings = {
        "study": json.loads(json.dumps(study.raw, default=str)),
        "cell_m": study.cell_m,
        "bands": [band.name for band in study.bands],
        "target_share": limits.target_share,
        "max_walk_m": limits.max_walk_m,
        "network": "network" if inputs.lines is not None else "straight line",
        "detour": None if inputs.lines is not None else study.detour,
        "decay": study["norms"]["decay"] or "gaussian",
        "distance_only": "distance_only" in {code for code, _ in limits.remarks},
        "set_by_planner": sorted(
            k for k in ("walk_m", "m2_per_child", "target_share") if study["norms"][k] is not None
        ),
    }
    versions = {name: importlib.metadata.version(name) for name in PACKAGES} | {"python": platform.python_version()}
    used = [{**vars(t), "valid_from": str(t.valid_from or ""), "valid_to": str(t.valid_to or "")} for t in limits.tiers]
    told = json.dumps([list(inputs.files), settings, used, versions], sort_keys=True, default=str)
    return {
        "run_id": hashlib.sha256(told.encode()).hexdigest()[:12],
        "study": {
            "name": study.name,
            "crs": study.crs,
            "date": str(study.date),
            "language": study.language,
            "synthetic": study.synthetic,
            "estimate": study.estimate,
            "estimate_note": study["children"]["note"] or "",
            "vintage": study.vintage,
        },
        "inputs": list(inputs.files),
        "settings": settings,
        "norm": {
            "profile": limits.profile,
            "name_vi": limits.name_vi,
            "name_en": limits.name_en,
            "m2_per_person": limits.m2_per_person,
            "m2_per_person_verified": bool(limits.rows[limits.rows["m2_per_person"].notna()]["verified"].all()),
            "rows": json.loads(limits.rows.to_json(orient="records", date_format="iso")),
        },
        "norms": used,
        "sources": [dict(row) for row in study.sources],
        "versions": versions,
        "seeds": {},
        "headline": _headline(found["gaps"]),
        "warnings": [vars(note) for note in notes],
        "timings": seconds,
    }


def _headline(measured: pd.DataFrame) -> dict[str, object]:
    """Totals over band `all`. Children not covered are counted where they are known."""
    whole = measured[measured["band"] == "all"]
    known = whole[whole["children_uncovered"].notna()]
    return {
        "communes": len(whole),
        "children": float(whole["children"].sum()) if whole["children"].notna().any() else None,
        "communes_counted": int(whole["children"].notna().sum()),
        "communes_by_status": {s: int((whole["status"] == s).sum()) for s in tables.STATUSES},
        "communes_known": len(known),
        "children_in_known": float(known["children"].sum()) if len(known) else None,
        "children_uncovered": float(known["children_uncovered"].sum()) if len(known) else None,
    }
