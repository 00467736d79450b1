"""Before and after: the gap of every commune today, and with the chosen sites built.

A play area adds S_j / Q_j · f_b(d_ij) m² to each child in reach and changes nothing that the others give (see `effect`), so the
state after is a sum over the tables of a result, and equals a run with the sites built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import gaps
from sanchoi.gis.crowding import TOLERANCE, decay, within

Floats = npt.NDArray[np.float64]
SETTLED = ("unknown", "no_children", "met")
"""A new play area takes nothing from anybody: these statuses stay."""


def plan_gaps(found: Mapping[str, pd.DataFrame], chosen: Sequence[str], kind: str, target: float = 0.8) -> pd.DataFrame:
    """One row per commune and band, before and after; columns as declared.

    Parameters
    ----------
    found : tables of a result with parcels. chosen : parcel ids. kind : the decay of the run. target : share τ of the run.
    """
    sides = pd.concat([_after(found, band, chosen, kind) for band in bands(found)])
    both = [sides, sides.groupby("commune_id", as_index=False).sum(min_count=1, numeric_only=True).assign(band="all")]
    after = pd.concat(both).set_index(["commune_id", "band"])
    before = found["gaps"].set_index(["commune_id", "band"])
    after = after.reindex(before.index)
    gained = after["gained"].fillna(0.0).to_numpy()
    children = before["children"].to_numpy(dtype=float)
    missed = before["children_uncovered"].to_numpy(dtype=float)
    less = np.maximum(missed - gained, 0.0)
    share = before["covered_share"].to_numpy(dtype=float)
    more = np.divide(missed - less, children, out=np.full(len(children), np.nan), where=children > 0)
    share = np.minimum(share + more, 1.0)
    shortfall = before["shortfall_m2"].to_numpy(dtype=float)
    built_in = set(found["parcels"].set_index("parcel_id")["commune_id"].reindex(list(chosen)).dropna())
    return pd.DataFrame(
        {
            "commune_id": before.index.get_level_values(0),
            "band": before.index.get_level_values(1),
            "children": children,
            "children_uncovered_before": missed,
            "children_uncovered_after": less,
            "covered_share_before": before["covered_share"].to_numpy(),
            "covered_share_after": share,
            "shortfall_m2_before": shortfall,
            "shortfall_m2_after": np.where(
                after["blind"].fillna(0.0) > 0,
                np.nan,
                np.maximum(shortfall - after["relieved"].fillna(0.0).to_numpy(), 0.0),
            ),
            "status_before": before["status"].to_numpy(),
            "status_after": _statuses(before, after, children, target, built_in),
        }
    )


def bands(found: Mapping[str, pd.DataFrame]) -> list[str]:
    """Bands of a result, in its order, without their sum."""
    return [band for band in found["gaps"]["band"].unique() if band != "all"]


def cell_key(table: pd.DataFrame) -> pd.Index:
    """What tells the rows of a table of cells apart: a cell that a border cuts has one row a commune."""
    return pd.Index(table["cell_id"] + "|" + table["commune_id"])


def _after(found: Mapping[str, pd.DataFrame], band: str, chosen: Sequence[str], kind: str) -> pd.DataFrame:
    """Sums over the cells of each commune: what the sites gain, and the children covered and with enough ground after.

    `_low` and `_high`: if what is unknown of today's play areas is as small, and as large, as it may be.
    """
    cells = found["cell_bands"][found["cell_bands"]["band"] == band].reset_index(drop=True)
    key = cell_key(cells)
    walks = found["walks"][found["walks"]["parcel_id"].isin(chosen)]
    at = key.get_indexer(cell_key(walks))
    parcels = found["parcels"].set_index("parcel_id")
    limits = found["parcel_limits"][found["parcel_limits"]["band"] == band].set_index("parcel_id")["limit_m"]
    limit = limits.reindex(walks["parcel_id"]).to_numpy(dtype=float)
    walk = walks["walk_m"].to_numpy(dtype=float)
    near = within(walk, limit)
    reached = np.zeros(len(cells), dtype=bool)
    reached[at[near]] = True
    site = parcels.loc[walks["parcel_id"], ["usable_m2", "demand"]].to_numpy(dtype=float)
    known = ~np.isnan(site[:, 1])
    ratio = np.divide(site[:, 0], site[:, 1], out=np.zeros(len(site)), where=known & (site[:, 1] > 0))
    shared = np.zeros(len(cells), dtype=bool)  # by children of unknown number: how much each finds there is not known
    shared[at[near & ~known]] = True
    more = np.bincount(at, ratio * decay(walk, limit, kind), len(cells))[: len(cells)]

    people = cells["children"].fillna(0.0).to_numpy()
    covered = cells["covered"].astype("boolean")
    access = cells["m2_per_child"].to_numpy(dtype=float)
    asked = float(found["gaps"].loc[found["gaps"]["band"] == band, "norm_m2_per_child"].iloc[0])
    lack = np.maximum(asked - access, 0.0)
    relieved = people * (lack - np.maximum(lack - more, 0.0))
    floor = (0.0 if np.isnan(asked) else asked) * (1 - TOLERANCE)
    sums = pd.DataFrame(
        {
            "commune_id": cells["commune_id"],
            "gained": people * (reached & ~covered.fillna(True).to_numpy(dtype=bool)),
            "relieved": np.nan_to_num(relieved),
            "blind": people * (shared & (np.nan_to_num(lack) > 0)),
            "covered_low": people * (reached | covered.fillna(False).to_numpy(dtype=bool)),
            "covered_high": people * (reached | covered.fillna(True).to_numpy(dtype=bool)),
            "enough_low": people * (np.nan_to_num(access + more) >= floor),
            "enough_high": people * (np.isnan(access) | shared | (np.nan_to_num(access + more) >= floor)),
        }
    )
    return sums.groupby("commune_id", as_index=False).sum().assign(band=band)


def _statuses(
    before: pd.DataFrame, after: pd.DataFrame, children: Floats, target: float, built_in: set[str]
) -> list[str]:
    """Status by the rule of the gaps; unknown where the two sides differ. `built_in`: communes that a chosen site lies in."""
    out = []
    asking = set(before.index[before["norm_m2_per_child"].notna()].get_level_values(1))
    keys = before.index.to_frame().to_numpy(dtype=str).tolist()
    for (commune, band), row, then, count in zip(
        keys, before.itertuples(), after.itertuples(), children.tolist(), strict=True
    ):
        status = str(row.status)
        if status in SETTLED or not count > 0:
            out.append(status)
            continue
        asks = band in asking or (band == "all" and bool(asking))
        sides = {
            gaps.verdict(
                status != "no_supply" or commune in built_in, covered / count, enough / count if asks else None, target
            )
            for covered, enough in ((then.covered_low, then.enough_low), (then.covered_high, then.enough_high))
        }
        out.append(sides.pop() if len(sides) == 1 else "unknown")
    return out
