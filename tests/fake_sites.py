"""A small result with parcels, made by hand, that can be checked by eye."""

import geopandas as gpd
import pandas as pd
import shapely
from sanchoi.gis.results import Result

LON, LAT = 108.4, 15.6
STEP = 0.001
"""About 107 m eastwards and 111 m northwards."""


def square(column, row, size=1.0):
    """A square on the grid of `STEP` degrees."""
    x, y = LON + column * STEP, LAT + row * STEP
    return shapely.box(x, y, x + size * STEP, y + size * STEP)


def run(**more):
    """What run.json says, as far as the page reads it."""
    norm = {
        "band": "all",
        "tier": "garden",
        "walk_m": 400.0,
        "min_site_m2": None,
        "m2_per_child": None,
        "profile": "vn-2026",
        "source": "QCVN 01:2026/BXD",
        "article": "",
        "verified": False,
        "valid_from": "2027-01-01",
        "valid_to": "",
    }
    return {
        "run_id": "abc123def456",
        "study": {
            "name": "Tam Thử",
            "crs": "EPSG:5899",
            "date": "2027-02-01",
            "language": "vi",
            "synthetic": True,
            "estimate": False,
            "estimate_note": "",
            "vintage": "2025-07",
        },
        "inputs": [],
        "settings": {
            "bands": ["0-5", "6-15"],
            "cell_m": 100,
            "target_share": 0.8,
            "max_walk_m": 400.0,
            "network": "network",
            "detour": None,
            "decay": "gaussian",
            "distance_only": True,
            "set_by_planner": [],
        },
        "norm": {
            "profile": "vn-2026",
            "name_vi": "QCVN 01:2026",
            "name_en": "QCVN 01:2026",
            "m2_per_person": None,
            "m2_per_person_verified": False,
        },
        "norms": [{**norm, "band": band} for band in ("0-5", "6-15")],
        "sources": [
            {"layer": "parcels", "name": "Thửa đất thử", "attribution": "nhóm thử", "licence": "CC0", "url": ""}
        ],
        "warnings": [],
        "headline": {
            "communes": 2,
            "children": 1500.0,
            "communes_counted": 2,
            "communes_by_status": {"out_of_reach": 1, "no_supply": 1},
            "communes_known": 2,
            "children_in_known": 1500.0,
            "children_uncovered": 1200.0,
        },
        **more,
    }


SITING = {
    "objective": "cover",
    "sense": "max",
    "unit": "children",
    "incumbent": 430.0,
    "bound": 430.0,
    "mip_gap": 0.0,
    "proven": True,
    "seconds": 0.4,
    "seed": 7,
    "solver": "HiGHS 1.11.0",
    "candidates": 3,
    "by_need": False,
    "rules": {"budget": 2_500e6, "count": None, "min_spacing_m": 0.0},
}
IDS = ["T-1", "T-2", "T-3", "T-4", "T-5", "T-6"]


def communes(names=("An Bình", "Bình Hòa"), surveyed=True):
    west, east = shapely.box(LON, LAT, LON + 0.02, LAT + 0.03), shapely.box(LON + 0.02, LAT, LON + 0.04, LAT + 0.03)
    return gpd.GeoDataFrame(
        {
            "commune_id": ["20001", "20002"],
            "vintage": "2025-07",
            "name": list(names),
            "kind": None,
            "surveyed": surveyed,
        },
        geometry=[west, east],
        crs="EPSG:4326",
    )


def gaps(known=True):
    """Two communes, band `all`: 1,000 children of whom 700 uncovered, and 500 of whom all."""
    none = [None, None]
    return pd.DataFrame(
        {
            "commune_id": ["20001", "20002"],
            "vintage": "2025-07",
            "band": "all",
            "children": [1000.0, 500.0],
            "children_uncovered": [700.0, 500.0] if known else none,
            "covered_share": [0.3, 0.0] if known else none,
            "status": ["out_of_reach", "no_supply"] if known else "unknown",
        }
    )


def parcels():
    """T-1 good, T-2 needs a resolution, T-3 fails by 10 m, T-4 of unknown cost, T-5 a cemetery, T-6 cut in two, with a hole."""
    pond = square(10.3, 5.3, 0.4)
    cut = shapely.MultiPolygon([square(10, 5).difference(pond), square(12, 5)])
    shapes = [square(3, 3), square(5, 3), square(7, 3), square(22, 5, 2.0), square(25, 9), cut]
    return gpd.GeoDataFrame(
        {
            "parcel_id": IDS,
            "commune_id": ["20001", "20001", "20001", "20002", "20002", "20001"],
            "land_use": ["DKV", "LUC", "BCS", "DTT", "NTD", "ZZZ"],
            "land_class": ["A", "C", "A", "A", "X", None],
            "owner": ["UBND xã", None, None, "UBND xã", None, "Hợp tác xã"],
            "verdict": ["eligible", "conditional", "excluded", "eligible", "excluded", "conditional"],
            "who_vi": [None, "Hội đồng nhân dân thành phố", None, None, None, "cơ quan quản lý đất đai"],
            "who_en": [None, "the city People's Council", None, None, None, "the land agency"],
            "against": ["", "land_use", "petrol-station", "", "land_use", "land_use;flood"],
            "near_misses": ["", "", "petrol-station", "", "", ""],
            "area_m2": [11_800.0, 11_800.0, 11_800.0, 47_200.0, 11_800.0, 21_700.0],
            "usable_m2": [11_800.0, 11_800.0, 9_000.0, 47_200.0, 0.0, 11_800.0],
            "circle_m": [106.9, 106.9, 80.0, 213.8, 0.0, 106.9],
            "cost": [1_200e6, 1_250.5e6, None, None, None, 900e6],
            "children_reached": [400.0, 300.0, None, 120.0, None, 90.0],
            "children_gained": [280.4, 200.0, None, 0.0, None, 45.0],
            "shortfall_relieved_m2": [None] * 6,
            "score": [0.8125, 0.6, None, 0.45, None, 0.3],
            "score_high": [0.8125, 0.6, None, 0.45, None, 0.55],
            "rank": pd.array([1, 2, None, 3, None, 4], dtype="Int64"),
            "rank_first": [0.72, 0.28, None, 0.0, None, 0.0],
            "in_best": [1.0, 0.95, None, 0.05, None, 0.0],
        },
        geometry=shapes,
        crs="EPSG:4326",
    )


def screening():
    """Petrol station, slope and flood for each parcel, and the two rows that every parcel has."""
    rows = []
    petrol = [120.0, None, 40.0, 3000.0, 55.0, 50.0]
    usable = parcels()["usable_m2"]
    for k, name in enumerate(IDS):
        far = petrol[k]
        ok = far is None or far >= 50
        law = ("Nghị định thử", "Điều 1")
        rows += [
            (name, "flood", None, None, 0.0, None, "m²", "soft", False, "", "", False),
            (
                name,
                "land_use",
                None if k == 5 else k != 4,
                None,
                None,
                None,
                "",
                "hard",
                False,
                "TT 08/2024",
                "",
                False,
            ),
            (name, "petrol-station", ok, far, 50.0, None if far is None else far - 50, "m", "hard", not ok, *law, True),
            (name, "slope", True, 2.5, 15.0, 12.5, "%", "hard", False, "", "", False),
            (
                name,
                "usable_area",
                usable[k] >= 500,
                usable[k],
                500.0,
                usable[k] - 500,
                "m²",
                "hard",
                False,
                "Kế hoạch",
                "",
                True,
            ),
        ]
    names = [
        "parcel_id",
        "constraint_id",
        "passed",
        "value",
        "limit",
        "margin",
        "unit",
        "kind",
        "near_miss",
        "source",
        "article",
        "verified",
    ]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({"passed": "boolean", "value": float, "limit": float, "margin": float})


def constraints():
    names = [
        "constraint_id",
        "layer",
        "name_vi",
        "name_en",
        "rule",
        "limit",
        "unit",
        "kind",
        "source",
        "article",
        "verified",
        "note",
        "checked",
    ]
    return pd.DataFrame(
        [
            ("flood", "flood", "vùng ngập", "flood area", "outside", 0.0, "m²", "soft", "", "", False, "", False),
            (
                "petrol-station",
                "petrol",
                "cách trạm xăng dầu",
                "away from a petrol station",
                "min_distance",
                50.0,
                "m",
                "hard",
                "Nghị định thử",
                "Điều 1",
                True,
                "",
                True,
            ),
            ("slope", "terrain", "độ dốc", "slope", "max_value", 15.0, "%", "hard", "", "", False, "", True),
        ],
        columns=names,
    )


def criteria():
    return pd.DataFrame(
        {
            "criterion_id": ["children_gained", "usable_area", "flood"],
            "name_vi": ["trẻ em được phục vụ thêm", "diện tích dùng được", "ngập lụt"],
            "name_en": ["children newly served", "usable area", "flood"],
            "unit": ["children", "m²", "share"],
            "worst": [0.0, 500.0, 1.0],
            "best": [300.0, 5000.0, 0.0],
            "weight": [0.5, 0.3125, 0.1875],
            "measured": [True, True, True],
            "reason": ["", "", ""],
        }
    )


def contributions():
    """Utilities by hand; flood is not known of T-6."""
    weight = {"children_gained": 0.5, "usable_area": 0.3125, "flood": 0.1875}
    utility = {
        "T-1": {"children_gained": 0.95, "usable_area": 1.0, "flood": 0.133333},
        "T-2": {"children_gained": 0.4, "usable_area": 0.9, "flood": 0.633333},
        "T-4": {"children_gained": 0.0, "usable_area": 1.0, "flood": 0.733333},
        "T-6": {"children_gained": 0.15, "usable_area": 0.72, "flood": None},
    }
    rows = [
        (parcel, name, None if u is None else 100 * u, u, weight[name], weight[name] * (u or 0.0))
        for parcel, by in utility.items()
        for name, u in by.items()
    ]
    return pd.DataFrame(
        rows, columns=["parcel_id", "criterion_id", "value", "utility", "weight", "contribution"]
    ).astype({"value": float, "utility": float})


def small(name="Tam Thử", **tables):
    """The small result; `tables` replace its own (None leaves one out)."""
    found = {
        "communes": communes(),
        "gaps": gaps(),
        "parcels": parcels(),
        "usable": gpd.GeoDataFrame(
            {"parcel_id": ["T-1", "T-6"]}, geometry=[square(3, 3), square(12, 5)], crs="EPSG:4326"
        ),
        "screening": screening(),
        "constraints": constraints(),
        "criteria": criteria(),
        "contributions": contributions(),
        "acceptability": pd.DataFrame(
            {"parcel_id": ["T-1", "T-1", "T-2", "T-2"], "rank": [1, 2, 1, 2], "share": [0.72, 0.28, 0.28, 0.67]}
        ),
        "effects": pd.DataFrame(
            {
                "parcel_id": ["T-1", "T-1", "T-1", "T-2"],
                "commune_id": ["20001", "20002", "20001", "20001"],
                "band": ["0-5", "0-5", "6-15", "6-15"],
                "children_reached": [100.0, 50.0, 250.0, 300.0],
                "children_gained": [60.0, 50.0, 170.4, 200.0],
                "shortfall_relieved_m2": [None, None, None, None],
            }
        ),
        "sites": pd.DataFrame(
            {
                "parcel_id": ["T-1", "T-2"],
                "build_order": [1, 2],
                "verdict": ["eligible", "conditional"],
                "cost": [1_200e6, 1_250.5e6],
                "cost_total": [1_200e6, 2_450.5e6],
                "children_gained": [280.4, 149.6],
                "children_total": [280.4, 430.0],
                "objective_total": [280.4, 430.0],
            }
        ),
        "budget_curve": pd.DataFrame(
            {
                "budget": [1_000e6, 1_500e6, 2_500e6],
                "sites": [1, 1, 2],
                "cost": [900e6, 1_200e6, 2_450.5e6],
                "value": [45.0, 280.4, 430.0],
                "bound": [45.0, 300.0, 430.0],
                "mip_gap": [0.0, 0.07, 0.0],
            }
        ),
        "plan_gaps": pd.DataFrame(
            {
                "commune_id": ["20001", "20002"],
                "band": "all",
                "children": [1000.0, 500.0],
                "children_uncovered_before": [700.0, 500.0],
                "children_uncovered_after": [320.0, 450.0],
                "covered_share_before": [0.3, 0.0],
                "covered_share_after": [0.68, 0.1],
                "shortfall_m2_before": [None, None],
                "shortfall_m2_after": [None, None],
                "status_before": ["out_of_reach", "no_supply"],
                "status_after": ["out_of_reach", "out_of_reach"],
            }
        ),
        "why_not": pd.DataFrame(
            {
                "parcel_id": IDS,
                "reason_vi": [
                    "Có trong phương án.",
                    "Có trong phương án.",
                    "Bị loại.",
                    "Chưa rõ chi phí.",
                    "Bị loại.",
                    "Nếu buộc phải chọn, phương án mất 105 trẻ em.",
                ],
                "reason_en": [
                    "In the plan.",
                    "In the plan.",
                    "Excluded.",
                    "Cost unknown.",
                    "Excluded.",
                    "Forced in, the plan loses 105 children.",
                ],
                "loss_at_least": [None, None, None, None, None, 105.0],
                "loss_at_most": [None, None, None, None, None, 105.0],
            }
        ),
        **tables,
    }
    told = run(siting=SITING)
    told["study"]["name"] = name
    if found["sites"] is None:
        told.pop("siting")
    return Result({key: table for key, table in found.items() if table is not None}, told)
