"""Results made by hand for the report: any number of communes, what is known of each, with a plan or without."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sanchoi.gis.results import Result

CRS = "EPSG:5899"
X, Y, SIDE = 500_000.0, 1_720_000.0, 4_000.0
RUN = "0123456789ab"
NORM = {
    "band": "0-14",
    "tier": "garden",
    "walk_m": 300.0,
    "min_site_m2": None,
    "m2_per_child": 2.0,
    "profile": "qcvn-01-2021",
    "source": "QCVN 01:2021/BXD",
    "article": "vườn hoa",
    "verified": False,
    "valid_from": "2021-07-05",
    "valid_to": "2026-12-31",
}


def commune(k, children, uncovered, status, **rest):
    """A commune: id 2000k; children, how many cannot walk, status; None = unknown."""
    known = uncovered is not None and children
    return {
        "commune_id": str(20_000 + k),
        "vintage": "2025-07-01",
        "name": f"Xã số {k}",
        "kind": None,
        "band": "all",
        "surveyed": status != "unknown",
        "children": np.nan if children is None else float(children),
        "children_uncovered": np.nan if uncovered is None else float(uncovered),
        "covered_share": 1 - uncovered / children if known else np.nan,
        "shortfall_m2": np.nan if uncovered is None else 2.0 * uncovered,
        "status": status,
        "reason_vi": f"Lý do của xã {k}.",
        "reason_en": f"Reason of commune {k}.",
        "flags": "",
        "survey_rank": pd.NA,
        **rest,
    }


def ranked(rows):
    """The same rows with the order in which to survey the unknown ones: most children first, no count last."""
    blind = sorted(
        (row for row in rows if row["status"] == "unknown" and not row["surveyed"]),
        key=lambda row: -1 if np.isnan(row["children"]) else row["children"],
        reverse=True,
    )
    for k, row in enumerate(blind, 1):
        row["survey_rank"] = k
    return rows


def result(rows, *, curve=None, run=None, settings=None, study=None):
    """A result of these communes, on squares of 4 km; `curve`: rows of the budget curve, with a plan of one site."""
    wide = int(np.ceil(np.sqrt(len(rows)))) if rows else 1
    shapes = [
        shapely.box(
            X + (k % wide) * SIDE, Y + (k // wide) * SIDE, X + (k % wide + 1) * SIDE, Y + (k // wide + 1) * SIDE
        )
        for k in range(len(rows))
    ]
    table = pd.DataFrame(rows, columns=list(commune(0, 1, 0, "met")))
    table["survey_rank"] = table["survey_rank"].astype("Int64")
    places = table[["commune_id", "vintage", "name", "kind", "surveyed"]].assign(area_m2=SIDE**2, weights="buildings")
    counts = table["status"].value_counts()
    known = table[table["children_uncovered"].notna()]
    tables = {
        "communes": gpd.GeoDataFrame(places, geometry=shapes, crs=CRS).to_crs("EPSG:4326"),
        "gaps": table.drop(columns=["kind", "surveyed"]),
        "play_areas": gpd.GeoDataFrame(
            {"play_area_id": [], "commune_id": [], "area_m2": [], "counts": np.zeros(0, dtype=bool)},
            geometry=[],
            crs="EPSG:4326",
        ),
    }
    record = {
        "run_id": RUN,
        "study": {
            "name": "Tỉnh thử",
            "crs": CRS,
            "date": "2026-07-01",
            "language": "vi",
            "synthetic": False,
            "estimate": False,
            "estimate_note": "",
            "vintage": "2025-07-01",
            **(study or {}),
        },
        "inputs": [{"layer": "communes", "path": "d/xa.gpkg", "sha256": "ab" * 32, "bytes": 9, "rows": 7, "crs": CRS}],
        "settings": {
            "bands": ["0-5", "6-14"],
            "cell_m": 100.0,
            "target_share": 0.8,
            "detour": None,
            "distance_only": False,
            "set_by_planner": [],
            **(settings or {}),
        },
        "norm": {"profile": "qcvn-01-2021", "name_vi": "QCVN 01", "name_en": "QCVN 01", "m2_per_person": None},
        "norms": [NORM],
        "sources": [{"layer": "communes", "name": "Sổ địa giới", "attribution": "Sở Nội vụ", "licence": "nội bộ"}],
        "versions": {"sanchoi": "0.1.0"},
        "headline": {
            "communes": len(rows),
            "children": float(table["children"].sum()) if table["children"].notna().any() else None,
            "communes_counted": int(table["children"].notna().sum()),
            "communes_by_status": {str(k): int(v) for k, v in counts.items()},
            "communes_known": int((table["status"] != "unknown").sum()),
            "children_in_known": float(known["children"].sum()) if len(known) else None,
            "children_uncovered": float(known["children_uncovered"].sum()) if len(known) else None,
        },
        "warnings": [],
        **(run or {}),
    }
    if curve is not None:
        tables |= _planned(table, curve)
        last = curve[-1]
        record["siting"] = {
            "objective": "cover",
            "sense": "max",
            "unit": "children",
            "incumbent": last["value"],
            "bound": last["bound"],
            "mip_gap": last["mip_gap"],
            "proven": last["mip_gap"] == 0,
            "seconds": 3.0,
            "seed": 0,
            "solver": "HiGHS",
            "candidates": 1,
            "by_need": False,
            "verified": True,
            "rules": {"budget": last["budget"], "count": None, "money": True},
        }
    return Result(tables, record)


def _planned(communes, curve):
    last = curve[-1]
    home = communes["commune_id"].iloc[0]
    parcel = {
        "parcel_id": "T-1",
        "commune_id": home,
        "land_use": "DGD",
        "verdict": "conditional",
        "who_vi": "Ủy ban nhân dân tỉnh",
        "who_en": "the provincial committee",
        "against": "land_use;dike;slope",
        "usable_m2": 640.0,
        "cost": last["cost"],
    }
    rules = [("dike", None), ("slope", False)]
    before = communes["children_uncovered"]
    after = before.copy()
    after.iloc[0] -= last["value"]
    return {
        "parcels": gpd.GeoDataFrame(
            [parcel], geometry=[shapely.box(X + 900, Y + 900, X + 930, Y + 930)], crs=CRS
        ).to_crs("EPSG:4326"),
        "sites": pd.DataFrame(
            {
                "parcel_id": ["T-1"],
                "build_order": [1],
                "verdict": ["conditional"],
                "cost": [last["cost"]],
                "cost_total": [last["cost"]],
                "children_gained": [last["value"]],
                "children_total": [last["value"]],
            }
        ),
        "screening": pd.DataFrame(
            [{"parcel_id": "T-1", "constraint_id": rule, "passed": ok} for rule, ok in rules]
        ).astype({"passed": "boolean"}),
        "constraints": pd.DataFrame(
            {
                "constraint_id": ["dike", "slope"],
                "layer": ["dikes", "terrain"],
                "name_vi": ["hành lang đê", "độ dốc"],
                "name_en": ["dike corridor", "slope"],
                "checked": [False, True],
                "verified": [True, True],
            }
        ),
        "budget_curve": pd.DataFrame(curve),
        "plan_gaps": pd.DataFrame(
            {
                "commune_id": communes["commune_id"],
                "band": "all",
                "children": communes["children"],
                "children_uncovered_before": before,
                "children_uncovered_after": after,
                "covered_share_before": 1 - before / communes["children"],
                "covered_share_after": 1 - after / communes["children"],
                "shortfall_m2_before": np.nan,
                "shortfall_m2_after": np.nan,
                "status_before": communes["status"],
                "status_after": communes["status"],
            }
        ),
    }
