"""Columns of packed parcels: what was checked, what was measured, and how much of it need not be said for every parcel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sanchoi.maps import blocks
from sanchoi.maps.blocks import NULL, Floats, Ints
from sanchoi.maps.record import texts

MARKS = ("kind", "unit", "source", "article", "verified")
"""Columns of the ledger that are the same for nearly every parcel."""


@dataclass
class Columns:
    """Columns by parcel in drawing order; a ragged one comes with the position where each parcel's values begin.

    Decimals None: values in tiers, see `tiered`.
    """

    names: list[list[Any]]
    values: list[Ints]
    starts: list[Ints | None]

    def add(self, name: str, values: Ints, decimals: int | None = 0, start: Ints | None = None) -> None:
        """Keep a column under its name."""
        self.names.append([name, decimals, int(start is not None)])
        self.values.append(values)
        self.starts.append(start)

    def part(self, low: int, high: int) -> list[Ints]:
        """Columns of the parcels low … high − 1; a ragged one as counts and values."""
        out = []
        for values, start in zip(self.values, self.starts, strict=True):
            if start is None:
                out.append(values[low:high])
            else:
                out += [np.diff(start[low : high + 1]), values[start[low] : start[high]]]
        return out


def codes(values: pd.Series, among: Sequence[Any] | pd.Index) -> Ints:
    """Position of each value among the known ones; `NULL` for others."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        known = pd.Index(among).get_indexer(pd.Index(values.cat.categories))
        own = values.cat.codes.to_numpy()
        at = np.where(own < 0, -1, np.append(known, -1)[own])
    else:
        at = pd.Index(among).get_indexer(pd.Index(values))
    return np.where(at < 0, NULL, at).astype(np.int64)


def ledger(columns: Columns, dictionaries: dict[str, list[Any]], table: pd.DataFrame | None, ids: pd.Index) -> None:
    """Columns `passed:C`, `near:C`, `value:C`, `limit:C`, `margin:C` for each constraint C, by its place in dictionary `rules`.

    `margin:C` is left out where dictionary `signs` says how it follows from value and limit. Columns of `MARKS` that are the
    same for all parcels stand in dictionary `fixed`.
    """
    if table is None:
        dictionaries["rules"] = []
        return
    owner = codes(table["parcel_id"], ids)
    rules = sorted(set(texts(pd.Series(table["constraint_id"].unique()))))
    rule = codes(table["constraint_id"], rules)
    passed = table["passed"].astype("Float64")
    near = table["near_miss"].astype(float)
    marks = {}
    for name in MARKS:
        number, words = pd.factorize(table[name])
        dictionaries[name] = [bool(word) if isinstance(word, bool | np.bool_) else str(word) for word in words]
        marks[name] = np.where(number < 0, NULL, number).astype(np.int64)
    dictionaries["rules"] = rules
    fixed: list[dict[str, int | None]] = []
    signs: list[int] = []
    for k in range(len(rules)):
        rows = np.flatnonzero((rule == k) & (owner != NULL))
        at = owner[rows]

        def spread(values: Ints, at: Ints = at) -> Ints:
            out = np.full(len(ids), NULL, dtype=np.int64)
            out[at] = values
            return out

        columns.add(f"passed:{k}", spread(blocks.scaled(passed.iloc[rows], 0)[0]))
        columns.add(f"near:{k}", spread(blocks.scaled(near.iloc[rows], 0)[0]))
        signs.append(_sign(*(table[name].iloc[rows] for name in ("value", "limit", "margin"))))
        value, margin = (table[name].iloc[rows].to_numpy(dtype=float, na_value=np.nan) for name in ("value", "margin"))
        told, places = tiered(value, margin)
        columns.add(f"value:{k}", spread(told), places)
        limit, places = blocks.scaled(table["limit"].iloc[rows], 2)
        columns.add(f"limit:{k}", spread(limit), places)
        if signs[-1] == 0:
            told, places = blocks.scaled(margin, 2)
            columns.add(f"margin:{k}", spread(told), places)
        same: dict[str, int | None] = {}
        for name, coded in marks.items():
            mine = coded[rows]
            if len(mine) and (mine == mine[0]).all():
                same[name] = None if mine[0] == NULL else int(mine[0])
            else:
                columns.add(f"{name}:{k}", spread(mine))
        fixed.append(same)
    dictionaries["fixed"], dictionaries["signs"] = fixed, signs


def _sign(value: pd.Series, limit: pd.Series, margin: pd.Series) -> int:
    """1 or -1 where every margin is value - limit or limit - value, so that it need not be packed too; else 0."""
    gap = value.to_numpy(dtype=float, na_value=np.nan) - limit.to_numpy(dtype=float, na_value=np.nan)
    told = margin.to_numpy(dtype=float, na_value=np.nan)
    return next((sign for sign in (1, -1) if np.allclose(sign * gap, told, rtol=0, atol=1e-9, equal_nan=True)), 0)


def contributions(
    columns: Columns,
    dictionaries: dict[str, list[Any]],
    table: pd.DataFrame | None,
    criteria: pd.DataFrame | None,
    ids: pd.Index,
) -> None:
    """Column `measured:C` for each criterion C, by its position in dictionary `criteria`.

    Dictionary `scales` has worst and best of a criterion whose utilities follow from its values, else null, and column
    `utility:C`; `weights` its weight where all parcels have the same, else null, and column `weight:C`. `contribution:C`
    too, unless every contribution is weight times utility.
    """
    names = [] if table is None else list(dict.fromkeys(texts(pd.Series(table["criterion_id"].unique()))))
    scales: list[list[float] | None] = []
    weights: list[float | None] = []
    dictionaries["criteria"], dictionaries["scales"], dictionaries["weights"] = names, scales, weights
    if table is None:
        return
    owner, criterion = codes(table["parcel_id"], ids), codes(table["criterion_id"], names)
    figures = {
        name: table[name].to_numpy(dtype=float, na_value=np.nan)
        for name in ("value", "utility", "weight", "contribution")
    }
    product = figures["weight"] * np.nan_to_num(figures["utility"])
    follows = np.allclose(product, figures["contribution"], rtol=0, atol=1e-9)
    ends = (
        {}
        if criteria is None
        else dict(zip(criteria["criterion_id"], zip(criteria["worst"], criteria["best"], strict=True), strict=True))
    )
    for k, name in enumerate(names):
        rows = np.flatnonzero((criterion == k) & (owner != NULL))
        scale = _scale(ends.get(name), figures["value"][rows], figures["utility"][rows])
        scales.append(scale)
        alike = np.unique(figures["weight"][rows])
        weights.append(float(alike[0]) if len(alike) == 1 and np.isfinite(alike[0]) else None)
        told = {"measured": ("value", 3 if scale is None else _decimals(scale))}
        if scale is None:
            told["utility"] = ("utility", 4)
        if weights[-1] is None:
            told["weight"] = ("weight", 6)
        if not follows:
            told["contribution"] = ("contribution", 5)
        for label, (column, digits) in told.items():
            coded, places = blocks.scaled(figures[column][rows], digits)
            out = np.full(len(ids), NULL, dtype=np.int64)
            out[owner[rows]] = coded
            columns.add(f"{label}:{k}", out, places)


def _scale(ends: tuple[float, float] | None, value: Floats, utility: Floats) -> list[float] | None:
    """Worst and best, where every utility is how far the value is between them."""
    if ends is None or not np.isfinite(ends).all() or ends[0] == ends[1]:
        return None
    worst, best = float(ends[0]), float(ends[1])
    found = np.clip((value - worst) / (best - worst), 0.0, 1.0)
    return [worst, best] if np.allclose(found, utility, rtol=0, atol=1e-9, equal_nan=True) else None


def _decimals(scale: list[float]) -> int:
    """Decimals at which a value tells its utility to a two-thousandth: the page writes contributions to a thousandth."""
    return int(np.clip(np.ceil(-np.log10(5e-4 * abs(scale[1] - scale[0]))), 0, 4))


def tiered(value: Floats, margin: Floats) -> tuple[Ints, int | None]:
    """Values as exactly as the page writes them: 3 k + tier, for k units of 10^(tier − 2), and None.

    Two decimals below 10 and within 10 of the limit, one below and within 100, whole numbers beyond. Negative and very large
    values are scaled to two decimals instead; then the decimals are returned.
    """
    known = np.isfinite(value)
    size = np.fmin(np.abs(value), np.abs(margin))
    tier = np.where(size < 10, 0, np.where(size < 100, 1, 2))
    coded = 3 * np.rint(np.where(known, value, 0.0) * 10.0 ** (2 - tier)) + tier
    if known.any() and (value[known].min() < 0 or coded.max() >= blocks.MOST):
        return blocks.scaled(value, 2)
    return np.where(known, coded, NULL).astype(np.int64), None
