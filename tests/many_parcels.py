"""Results with many parcels to measure pages with, one whose every text tries to become markup, and the slow reading of a block."""

import base64
import json
import struct
import zlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fake_sites import LAT, LON, communes, constraints, criteria, small
from hostile import BAD, WORSE
from sanchoi.gis.results import Result


def many(count, rules=28, merits=12, seed=1):
    """A result with many parcels of twelve corners on a grid of 70 m, a full ledger and full contributions, and a plan of ten."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(count)))
    at = np.arange(count)
    turn = np.linspace(0, 2 * np.pi, 13)[:-1]
    radius = (25 + 8 * rng.random((count, 12))) / 111_000
    x = LON + (at % side)[:, None] * 65e-5 + radius * np.cos(turn)
    y = LAT + (at // side)[:, None] * 65e-5 + radius * np.sin(turn)
    ids = [f"{20001 + k % 2}-{k:06d}" for k in range(count)]
    verdict = rng.choice(["eligible", "conditional", "excluded"], count, p=[0.3, 0.3, 0.4])
    score = np.where(verdict == "excluded", np.nan, rng.random(count).round(4))
    order = np.argsort(-np.nan_to_num(score, nan=-1), kind="stable")
    rank = np.full(count, np.nan)
    ranked = int((verdict != "excluded").sum())
    rank[order[:ranked]] = np.arange(1, ranked + 1)
    area = rng.uniform(900, 5000, count).round(1)
    reached = np.where(verdict == "excluded", np.nan, rng.uniform(0, 800, count))
    half = LON + side * 65e-5 / 2
    top, right = LAT + side * 65e-5, LON + side * 65e-5
    land = gpd.GeoDataFrame(
        {
            "parcel_id": ids,
            "commune_id": np.where(x[:, 0] < half, "20001", "20002"),
            "land_use": rng.choice(["DKV", "LUC", "BCS", "ONT", "HNK"], count),
            "land_class": rng.choice(["A", "B", "C"], count),
            "owner": rng.choice(["UBND xã", "Hộ ông Nguyễn Văn A", "Công ty B"], count),
            "verdict": verdict,
            "who_vi": np.where(verdict == "conditional", "Hội đồng nhân dân thành phố", None),
            "who_en": np.where(verdict == "conditional", "the city People's Council", None),
            "against": np.where(verdict == "excluded", "rule-03", ""),
            "near_misses": "",
            "area_m2": area,
            "usable_m2": (area * rng.uniform(0.5, 1, count)).round(1),
            "circle_m": rng.uniform(10, 60, count).round(1),
            "cost": rng.uniform(300e6, 2e9, count).round(-5),
            "children_reached": reached,
            "children_gained": reached * 0.6,
            "shortfall_relieved_m2": np.nan,
            "score": score,
            "score_high": score,
            "rank": pd.array(rank, dtype="Int64"),
            "rank_first": np.nan,
            "in_best": np.nan,
        },
        geometry=shapely.polygons(np.stack([x, y], axis=-1)),
        crs="EPSG:4326",
    )
    names = [f"rule-{k:02d}" for k in range(rules)]
    value = np.where(rng.random((count, rules)) < 0.8, np.nan, rng.uniform(0, 500, (count, rules))).round(3)
    ledger = pd.DataFrame(
        {
            "parcel_id": pd.Categorical.from_codes(np.repeat(at, rules), ids),
            "constraint_id": pd.Categorical.from_codes(np.tile(np.arange(rules), count), names),
            "passed": pd.array((np.nan_to_num(value, nan=999) >= 50).ravel(), dtype="boolean"),
            "value": value.ravel(),
            "limit": 50.0,
            "margin": value.ravel() - 50.0,
            "unit": "m",
            "kind": "hard",
            "near_miss": False,
            "source": "nguồn thử",
            "article": "",
            "verified": False,
        }
    )
    open_ = np.flatnonzero(verdict != "excluded")
    merit = [f"merit-{k:02d}" for k in range(merits)]
    utility = rng.random((len(open_), merits)).round(4)
    parts = pd.DataFrame(
        {
            "parcel_id": np.array(ids, dtype=object)[np.repeat(open_, merits)],
            "criterion_id": np.tile(merit, len(open_)),
            "value": (100 * utility).ravel(),
            "utility": utility.ravel(),
            "weight": 1 / merits,
            "contribution": utility.ravel() / merits,
        }
    )
    best = [ids[k] for k in order[:10]]
    base = small()
    shape = [shapely.box(LON, LAT, half, top), shapely.box(half, LAT, right, top)]
    pick = land.set_index("parcel_id").loc[best]
    tables = {
        **base.tables,
        "communes": communes().set_geometry(gpd.GeoSeries(shape, crs="EPSG:4326")),
        "parcels": land,
        "usable": gpd.GeoDataFrame(
            {"parcel_id": ids}, geometry=shapely.buffer(land.geometry.to_numpy(), -5e-5), crs="EPSG:4326"
        ),
        "screening": ledger,
        "constraints": pd.concat(
            [constraints().iloc[[1]].assign(constraint_id=name) for name in names], ignore_index=True
        ),
        "criteria": pd.concat(
            [
                criteria().iloc[[0]].assign(criterion_id=name, weight=1 / merits, worst=0.0, best=100.0)
                for name in merit
            ],
            ignore_index=True,
        ),
        "contributions": parts,
        "effects": pd.DataFrame(
            {
                "parcel_id": np.repeat(np.array(ids, dtype=object)[open_], 2),
                "commune_id": "20001",
                "band": np.tile(["0-5", "6-15"], len(open_)),
                "children_reached": np.repeat(reached[open_] / 2, 2),
                "children_gained": np.repeat(reached[open_] * 0.3, 2),
                "shortfall_relieved_m2": np.nan,
            }
        ),
        "acceptability": base.tables["acceptability"].assign(parcel_id=best[:4]),
        "why_not": pd.DataFrame(
            {
                "parcel_id": ids,
                "reason_vi": [f"Nếu buộc phải chọn thửa này, phương án mất {k % 977} trẻ em." for k in range(count)],
                "reason_en": [f"Forced in, the plan loses {k % 977} children." for k in range(count)],
                "loss_at_least": 1.0,
                "loss_at_most": 1.0,
            }
        ),
        "sites": pd.DataFrame(
            {
                "parcel_id": best,
                "build_order": np.arange(1, 11),
                "verdict": pick["verdict"].to_numpy(),
                "cost": pick["cost"].to_numpy(),
                "cost_total": pick["cost"].cumsum().to_numpy(),
                "children_gained": 100.0,
                "children_total": 100.0 * np.arange(1, 11),
                "objective_total": 100.0 * np.arange(1, 11),
            }
        ),
    }
    return Result(tables, base.run)


def unpack(text):
    """The slow obvious reading of the layout that `blocks.pack` documents."""
    raw = zlib.decompress(base64.b64decode(text))
    told, count = struct.unpack_from("<II", raw, 0)
    sizes = [struct.unpack_from("<II", raw, 8 + 8 * k) for k in range(count)]
    at = 8 + 8 * count
    texts = json.loads(raw[at : at + told]) if told else None
    at += told
    columns = []
    for length, planes in sizes:
        values = []
        for i in range(length):
            coded = sum(raw[at + p * length + i] << (8 * p) for p in range(planes))
            values.append(None if coded == 0 else (coded - 1) // 2 if coded % 2 else -(coded // 2))
        columns.append(values)
        at += planes * length
    assert at == len(raw)
    return columns, texts


def hostile_result():
    """Every text column of every table holds markup; ids differ by a number."""
    base = small(name=BAD + WORSE + "@BLOCKS@@POLICY@")
    keys = {
        "parcel_id",
        "commune_id",
        "constraint_id",
        "criterion_id",
        "vintage",
        "verdict",
        "band",
        "status",
        "status_before",
        "status_after",
        "rule",
        "kind",
        "land_class",
    }
    tables = {}
    for name, table in base.tables.items():
        changed = table.copy()
        for column in changed.columns:
            if column == "geometry" or not pd.api.types.is_string_dtype(changed[column]):
                continue
            if column == "parcel_id":
                changed[column] = changed[column] + BAD
            elif column in ("constraint_id", "criterion_id"):
                fixed = changed[column].isin(["land_use", "usable_area"])
                changed[column] = changed[column].where(fixed, "__proto__" + changed[column] + WORSE)
            elif column not in keys:
                changed[column] = WORSE + BAD
        tables[name] = changed
    run = {
        **base.run,
        "sources": [{"layer": BAD, "name": WORSE, "attribution": BAD, "licence": WORSE, "url": "javascript:alert(3)"}],
    }
    run["siting"] = {**run["siting"], "solver": BAD, "objective": WORSE}
    return Result(tables, run)
