"""Two results drawn by hand: cells of 100 m, whose children and walks are set one by one."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sanchoi.gis.results import Result

CRS = "EPSG:5899"
X, Y = 560_000.0, 1_740_000.0


def box(x, y, w, h):
    return shapely.box(X + x, Y + y, X + x + w, Y + y + h)


def result(communes, cells, sites=(), surveyed=None, run_id="one", **settings_):
    """A result of tables drawn by hand.

    communes: code → (name, x, y, w, h). cells: (column, row, commune, children, covered, walk, site, m2).
    sites: (id, x, y, m2, access).
    """
    surveyed = {} if surveyed is None else surveyed
    codes = list(communes)
    shapes = [box(*communes[code][1:]) for code in codes]
    frame = gpd.GeoDataFrame(
        {
            "commune_id": codes,
            "vintage": settings_.get("vintage", "2025-07-01"),
            "name": [communes[code][0] for code in codes],
            "kind": None,
            "surveyed": [surveyed.get(code, True) for code in codes],
            "area_m2": [shape.area for shape in shapes],
            "population": np.nan,
            "weights": "area",
        },
        geometry=shapes,
        crs=CRS,
    ).to_crs("EPSG:4326")
    at = gpd.GeoSeries([shapely.Point(X + 100 * c[0] + 50, Y + 100 * c[1] + 50) for c in cells], crs=CRS)
    ids = [f"100mN{int(Y / 100) + c[1]}E{int(X / 100) + c[0]}" for c in cells]
    table = gpd.GeoDataFrame(
        {
            "cell_id": pd.array(ids, dtype="str"),
            "commune_id": pd.array([c[2] for c in cells], dtype="str"),
            "walk_m": [np.nan if c[5] is None else float(c[5]) for c in cells],
            "straight_m": np.nan,
            "play_area_id": pd.array([c[6] for c in cells], dtype="str"),
            "off_network": False,
        },
        geometry=at.to_crs("EPSG:4326"),
    )
    by_band = pd.DataFrame(
        {
            "cell_id": table["cell_id"],
            "commune_id": table["commune_id"],
            "band": pd.array(["0-14"] * len(cells), dtype="str"),
            "children": [np.nan if c[3] is None else float(c[3]) for c in cells],
            "covered": pd.array([c[4] for c in cells], dtype="boolean"),
            "m2_per_child": [np.nan if c[7] is None else float(c[7]) for c in cells],
        }
    )
    places_ = gpd.GeoDataFrame(
        {
            "play_area_id": pd.array([s[0] for s in sites], dtype="str"),
            "name": pd.array([None] * len(sites), dtype="str"),
            "kind": "playground",
            "access": [s[4] for s in sites],
            "ages": None,
            "area_m2": [np.nan if s[3] is None else float(s[3]) for s in sites],
            "counts": [s[4] in ("public", "unknown") for s in sites],
            "commune_id": [
                next((k for k in codes if box(*communes[k][1:]).covers(shapely.Point(X + s[1], Y + s[2]))), None)
                for s in sites
            ],
            "demand": 0.0,
        },
        geometry=gpd.GeoSeries([shapely.Point(X + s[1], Y + s[2]) for s in sites], crs=CRS),
        crs=CRS,
    ).to_crs("EPSG:4326")
    gaps = []
    for code in codes:
        mine = [c for c in cells if c[2] == code]
        known = surveyed.get(code, True)
        total = np.nan if any(c[3] is None for c in mine) else sum(c[3] for c in mine)
        missed = sum(c[3] or 0 for c in mine if c[4] is False)
        status = settings_.get("status", {}).get(code)
        if status is None:
            share = 1 - missed / total if total > 0 else 1.0
            status = "unknown" if not known or np.isnan(total) else "met" if share >= 0.8 else "out_of_reach"
            inside = [s for s in sites if box(*communes[code][1:]).covers(shapely.Point(X + s[1], Y + s[2]))]
            status = "no_supply" if status == "out_of_reach" and missed == total and not inside else status
        row = {"commune_id": code, "band": "all", "children": total, "status": status}
        gaps.append({**row, "children_uncovered": missed if known else np.nan})
    norm = {"band": "0-14", "tier": "t", "walk_m": settings_.get("walk_m", 300.0), "min_site_m2": None}
    run = {
        "run_id": run_id,
        "study": {"name": "Drawn", "crs": settings_.get("crs", CRS), "date": "2026-01-01", "vintage": "2025-07-01"},
        "settings": {
            "cell_m": 100,
            "bands": ["0-14"],
            "target_share": 0.8,
            "max_walk_m": norm["walk_m"],
            "network": "network",
            "detour": None,
            "decay": "gaussian",
            "distance_only": False,
            "study": {"children": {}},
        },
        "norm": {"profile": "own"},
        "norms": [{**norm, "m2_per_child": settings_.get("asked", 2.0)}],
        "inputs": settings_.get("inputs", []),
        "sources": [],
        "versions": {"sanchoi": "0.1.0"},
    }
    tables = {
        "communes": frame,
        "cells": table,
        "cell_bands": by_band,
        "gaps": pd.DataFrame(gaps),
        "play_areas": places_,
    }
    return Result(tables, run)


# Trà Dơn had the code that Trà Leng has now: both, side by side, 200 × 100 m each; four cells of 10 children.
THEN = {"20938": ("Xã Trà Dơn", 0, 0, 200, 100), "20935": ("Xã Trà Leng", 200, 0, 200, 100)}
NOW = {"20938": ("Xã Trà Leng", 0, 0, 400, 100)}
SITE = [("S", 50, 50, 500, "public")]


def cell(column, commune, children=10, covered=True, walk=100, site="S", m2=3.0):
    return column, 0, commune, children, covered, walk, site, m2


def far(column, commune, children=10, walk=900):
    return cell(column, commune, children, False, walk, "S", 0.0)


def leng(**changed):
    """Trà Dơn covered, Trà Leng not: and the two as one."""
    then = result(THEN, [cell(0, "20938"), cell(1, "20938"), far(2, "20935"), far(3, "20935")], SITE)
    cells = [cell(0, "20938"), cell(1, "20938"), far(2, "20938"), far(3, "20938")]
    return then, result(NOW, changed.pop("cells", cells), changed.pop("sites", SITE), run_id="two", **changed)
