"""Each later commune: then and now on the same ground, the parts of the change, its class and its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import compare_communes as through
from sanchoi.gis import compare_inputs as went_in
from sanchoi.gis import compare_places as where
from sanchoi.gis import compare_sentences as sentences
from sanchoi.gis.compare_cells import Aligned, Rows
from sanchoi.gis.compare_communes import Split
from sanchoi.gis.compare_inputs import Taken
from sanchoi.gis.compare_parts import PARTS
from sanchoi.gis.demand import COUNTED_SHARE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ONE = 0.5
"""Children: less than this is nobody."""
CLASSES = ("better", "worse", "same", "not_comparable", "only_first", "only_second")
ENOUGH_KNOWN = 0.5
"""Less than this share of a commune's children on comparable cells: the commune cannot be compared."""
NAMED = 0.01
"""An earlier commune is named when it brings this share of the children or the area."""
Parted = Mapping[str, Mapping[str, Floats]]


@dataclass(frozen=True)
class Share:
    """How a cell's change falls to later communes (−1 = outside all): pairs of cell, commune and share, which sum to 1 a cell."""

    cell: Ints
    commune: Ints
    share: Floats

    def total(self, values: Floats, n: int) -> Floats:
        """Sum of a value of cells over later communes; the last is what lies outside all."""
        at = np.where(self.commune < 0, n, self.commune)
        return np.bincount(at, values[self.cell] * self.share, n + 1).astype(float)


def shares(aligned: Aligned, rows: Rows, cut: Split) -> Share:
    """By the later result's children in the cell; where it has none, by where the earlier's live."""
    second, first = aligned.second, aligned.first
    mass = np.nan_to_num(rows.children).sum(axis=1) + 1e-12
    cell, commune = second.cell, rows.commune
    here = ~second.there[first.cell[cut.row]]
    cell = np.concatenate([cell, first.cell[cut.row[here]]])
    commune = np.concatenate([commune, cut.commune[here]])
    mass = np.concatenate([mass, cut.share[here]])
    whole = np.bincount(cell, mass, len(aligned.row))
    return Share(cell, commune, mass / whole[cell])


def communes(
    first: Taken,
    second: Taken,
    aligned: Aligned,
    found: Mapping[str, Mapping[str, Floats]],
    share: Share,
    rows: Rows,
    cut: Split,
    shapes: gpd.GeoSeries,
) -> pd.DataFrame:
    """One row a later commune, all ages: then and now on the same ground, and the parts of the change."""
    communes = second.tables["communes"]
    n = len(communes)
    asked = [went_in.asked_m2(first.run).get(band) is not None for band in first.run["settings"]["bands"]]
    before = through.then(cut, rows, first.tables, shapes, first.run, asked)
    before = before[before["band"] == "all"].reset_index(drop=True)
    now = second.tables["gaps"]
    now = communes[["commune_id"]].merge(now[now["band"] == "all"], on="commune_id", how="left")
    out: dict[str, Any] = {key: communes[key].to_numpy() for key in ("commune_id", "vintage", "name")}
    whole = (before["area_share"] >= COUNTED_SHARE) & before["children"].notna()
    out |= {
        "children_then": before["children"].where(whole),
        "children_now": now["children"],
        "uncovered_then": np.where(
            whole & (before["uncovered_high"] - before["uncovered_low"] <= 1e-9 * before["children"].fillna(0.0)),
            before["uncovered_low"],
            np.nan,
        ),
        "uncovered_now": now["children_uncovered"],
        "status_then": before["status"],
        "status_now": now["status"],
        "area_share_then": before["area_share"],
        "surveyed_share_then": before["surveyed_share"],
    }
    for measure, each in found.items():
        for part in PARTS:
            out[f"{measure}_{part}"] = share.total(each[part].sum(axis=1), n)[:n]
    ground = found["uncovered"]["ground"].sum(axis=1)
    out["gained"] = share.total(np.maximum(-ground, 0.0), n)[:n]
    out["lost"] = share.total(np.maximum(ground, 0.0), n)[:n]
    known = (aligned.first.uncovered.known & aligned.second.uncovered.known).all(axis=1)
    people = aligned.second.uncovered.people.sum(axis=1)
    live = share.total(people, n)[:n]
    both = known & aligned.first.uncovered.inside & aligned.second.uncovered.inside
    compared = share.total(np.where(both, people, 0.0), n)[:n]
    out["comparable_share"] = np.divide(compared, live, out=np.full(n, np.nan), where=live > 0)
    frame = pd.DataFrame(out)
    frame["change"] = [_class(row) for row in frame.to_dict("records")]
    return frame


def _class(row: Mapping[Any, Any]) -> str:
    """Better, worse, same or not comparable, by what changed on the ground alone.

    Coverage comes first, unless more children lost ground than gained coverage, or the other way round.
    """
    enough = row["comparable_share"] >= ENOUGH_KNOWN or row["children_now"] == 0
    if "unknown" in (row["status_then"], row["status_now"]) or not enough:
        none = row["status_then"] == row["status_now"] == "no_children"
        return "same" if none else "not_comparable"
    undivided = abs(row["uncovered_undivided"]) >= ONE or abs(row.get("lacking_undivided", 0.0)) >= ONE
    if undivided:
        return "not_comparable"
    value = float(decisive(row["uncovered_ground"], row.get("lacking_ground", 0.0), ONE))
    if abs(value) >= ONE:
        return "worse" if value > 0 else "better"
    return "same"


def decisive(uncovered: Any, lacking: Any, least: float) -> Any:  # noqa: ANN401 - numbers or arrays
    """What changed on the ground for those not covered; where that is little, or less than what went the other way for those who
    find too little ground (who shares a place is no change of the ground), for these.
    """
    against = (uncovered * lacking < 0) & (np.abs(lacking) > np.abs(uncovered))
    return np.where((np.abs(uncovered) >= least) & ~against, uncovered, lacking)


def classes(aligned: Aligned, found: Mapping[str, Mapping[str, Floats]]) -> npt.NDArray[np.uint8]:
    """(cells,) position in `CLASSES`."""
    one, two = aligned.first.uncovered, aligned.second.uncovered
    ground = found["uncovered"]["ground"].sum(axis=1)
    if "lacking" in found:
        ground = decisive(ground, found["lacking"]["ground"].sum(axis=1), 1e-9)
    out = np.where(ground > 1e-9, 1, np.where(ground < -1e-9, 0, 2))
    undivided = np.abs(found["uncovered"]["undivided"]).sum(axis=1) > 1e-9
    out[undivided | ~(one.known & two.known).all(axis=1)] = 3
    out[one.inside & ~two.inside] = 4
    out[two.inside & ~one.inside] = 5
    return out.astype(np.uint8)


def told(
    communes: pd.DataFrame,
    made: pd.DataFrame,
    first: Taken,
    second: Taken,
    places: pd.DataFrame,
    record: Mapping[str, Any],
) -> pd.DataFrame:
    """Which earlier communes, which of them had another status, and the sentence of each commune."""
    gaps = first.tables["gaps"]
    status = gaps[gaps["band"] == "all"].set_index("commune_id")["status"]
    kinds = places[places["change"].isin([*where.GROUND, "found", "no_longer_looked_for"])]
    here = {code: group["change"].value_counts().to_dict() for code, group in kinds.groupby("commune_id")}
    by = dict(iter(made.groupby("commune_id", sort=False)))
    empty = made.iloc[:0]
    rows = []
    for row in communes.to_dict("records"):
        mine = by.get(row["commune_id"], empty)
        big = mine[(mine["share_of_children"].fillna(0) >= NAMED) | (mine["share_of_area"] >= NAMED)]
        earlier = [
            {
                "name": each["first_name"],
                "id": each["first_id"],
                "status": str(status.get(each["first_id"], "unknown")),
                "share": each["share_of_children"],
                "area": each["share_of_area"],
                "part": each["area_of_first"],
            }
            for each in big.to_dict("records")
        ]
        row["made_of"] = "; ".join(f"{each['name']} ({each['id']})" for each in earlier)
        row["made_of_count"] = len(earlier)
        row["boundaries_alone"] = bool(
            row["change"] == "same"
            and row["status_then"] == row["status_now"]
            and any(each["status"] != row["status_now"] for each in earlier)
        )
        for language in ("vi", "en"):
            row[f"why_{language}"] = sentences.sentence(row, earlier, here.get(row["commune_id"], {}), record, language)
        rows.append(row)
    return pd.DataFrame(rows)


def counted(communes: pd.DataFrame, made: pd.DataFrame, first: Taken, second: Taken) -> dict[str, Any]:
    """How many communes of each class, and codes that mean another ground now."""
    return {
        "change": {kind: int((communes["change"] == kind).sum()) for kind in CLASSES[:4]},
        "boundaries_alone": int(communes["boundaries_alone"].sum()),
        "status_changed": int((communes["status_then"] != communes["status_now"]).sum()),
        "codes_reused": sentences.reused(made, first.tables["communes"], second.tables["communes"]),
    }
