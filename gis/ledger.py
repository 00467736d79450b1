"""Ledger: what was measured for each parcel and constraint, what follows from it, and the table that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis.constraints import Constraint
from sanchoi.gis.landuse import Use

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]

TOLERANCE = 1e-6
"""A micrometre (for values: a millionth): coordinates of millions of metres carry no finer distance."""
TOUCH_M2 = 1e-4
"""Parcels that share a border with a polygon overlap it by what rounding leaves: up to 1 cm² is a touch."""
NEAR_SHARE = 0.10
"""A near miss fails by at most this share of the limit (of the parcel's area where the limit is 0): a survey on the ground, or a
border moved a little, may turn it. A design choice of this project."""
LAND_USE, USABLE_AREA = "land_use", "usable_area"


@dataclass(frozen=True)
class Marks:
    """Values by parcel and rule; what follows from them is worked out once, when all is noted.

    Attributes
    ----------
    rules : the columns. area_m2 : of each parcel.
    value : (parcels, rules), NaN = nothing to measure to, or not checked. checked : bool of the same shape.
    """

    rules: Sequence[Constraint]
    area_m2: Floats
    value: Floats
    checked: Mask

    @classmethod
    def blank(cls, rules: Sequence[Constraint], area_m2: Floats) -> Marks:
        """Nothing checked yet."""
        shape = (len(area_m2), len(rules))
        return cls(rules, area_m2, np.full(shape, np.nan), np.zeros(shape, dtype=bool))

    def note(self, rule: int, parcels: Ints, value: Floats, checked: Mask) -> None:
        """Write down what a rule found for some parcels."""
        self.value[parcels, rule] = np.where(checked, value, np.nan)
        self.checked[parcels, rule] = checked

    @cached_property
    def margin(self) -> Floats:
        """By how much each parcel passes (≥ 0) or fails; NaN where there is nothing to measure to, or not checked."""
        limit = np.array([rule.limit for rule in self.rules], dtype=float)
        sign = np.array([1.0 if rule.rule == "min_distance" else -1.0 for rule in self.rules])
        return np.asarray(sign * (self.value - limit))

    @cached_property
    def failed(self) -> Mask:
        """Checked, and the margin below 0 by more than rounding."""
        slack = np.array([TOUCH_M2 if rule.rule == "outside" else TOLERANCE for rule in self.rules])
        return self.checked & (self.margin < -slack)

    @cached_property
    def near(self) -> Mask:
        """Failed by little."""
        limit = np.array([rule.limit for rule in self.rules], dtype=float)
        most = NEAR_SHARE * np.where(limit > 0, limit, self.area_m2[:, None])
        return self.failed & (self.margin >= -most - TOLERANCE)


@dataclass(frozen=True)
class Judged:
    """Verdict of each parcel, ids of what stands against it, and ids of near misses."""

    verdict: npt.NDArray[np.object_]
    why: list[list[str]]
    near: list[list[str]]


def judge(marks: Marks, uses: Sequence[Use], usable_m2: Floats, least_m2: float) -> Judged:
    """What follows from the marks."""
    small = too_small(usable_m2, least_m2)
    slightly = small & (usable_m2 > 0) & (usable_m2 >= least_m2 * (1 - NEAR_SHARE - 1e-9))
    values = np.array([rule.kind == "hard" and rule.rule == "max_value" for rule in marks.rules], dtype=bool)
    failed, unknown = marks.failed, ~marks.checked
    barred = np.array([use.land_class == "X" for use in uses], dtype=bool)
    asks = np.array([bool(use.who_en) for use in uses], dtype=bool)
    land = asks | np.array([use.land_class in (None, "B", "C", "X") for use in uses], dtype=bool)
    excluded = barred | small | failed[:, values].any(axis=1)
    conditional = land | failed.any(axis=1) | unknown.any(axis=1)
    verdict = np.where(excluded, "excluded", np.where(conditional, "conditional", "eligible")).astype(object)
    ids = [rule.constraint_id for rule in marks.rules]
    against = np.column_stack([land, small, failed, unknown])
    near = np.column_stack([slightly, marks.near])
    return Judged(verdict, _ids([LAND_USE, USABLE_AREA, *ids, *ids], against), _ids([USABLE_AREA, *ids], near))


def too_small(usable_m2: Floats, least_m2: float) -> Mask:
    """No usable piece, or one below the least ground by more than rounding."""
    return np.asarray((usable_m2 <= 0) | (usable_m2 < least_m2 * (1 - 1e-9)))


def table(
    parcel_id: Sequence[str],
    marks: Marks,
    uses: Sequence[Use],
    usable_m2: Floats,
    least_m2: float,
    least_source: tuple[str, str, bool],
) -> pd.DataFrame:
    """Return the ledger as one row per parcel and constraint, sorted by both; see `Screening.ledger` for its columns."""
    n, width = len(usable_m2), len(marks.rules) + 2
    rules = marks.rules
    ids = [*(rule.constraint_id for rule in rules), LAND_USE, USABLE_AREA]
    column = np.argsort(np.array(ids, dtype=object), kind="stable")
    row = np.argsort(np.array(parcel_id, dtype=object), kind="stable")
    nothing = np.full((n, 1), np.nan)
    small = too_small(usable_m2, least_m2)
    known = np.array([use.land_class is not None for use in uses], dtype=bool)
    barred = np.array([use.land_class == "X" for use in uses], dtype=bool)
    slightly = small & (usable_m2 > 0) & (usable_m2 >= least_m2 * (1 - NEAR_SHARE - 1e-9))

    def flat(body: npt.NDArray[np.generic], land: npt.NDArray[np.generic], area: npt.NDArray[np.generic]) -> np.ndarray:
        return np.column_stack([body, land, area])[row][:, column].reshape(-1)

    def repeated(texts: Sequence[str]) -> pd.Categorical[str]:
        codes, words = pd.factorize(np.array([texts[c] for c in column], dtype=object))
        return _category(np.tile(codes.astype(np.int16), n), words)

    def by_land(texts: Sequence[str], of_uses: Sequence[str]) -> pd.Categorical[str]:
        codes, words = pd.factorize(np.array([*texts, *of_uses], dtype=object))
        codes = codes.astype(np.int16)  # land-use rows are some dozens
        body = np.broadcast_to(codes[: width - 1], (n, width - 1))
        every = np.column_stack([body[:, :-1], codes[width - 1 :], body[:, -1]])
        return _category(every[row][:, column].reshape(-1), words)

    names, order = np.array(parcel_id, dtype=object)[row], np.repeat(np.arange(n, dtype=np.int32), width)
    passed = flat(marks.checked & ~marks.failed, known & ~barred, ~small)
    unchecked = flat(~marks.checked, ~known, np.zeros(n, dtype=bool))
    source, article, verified = least_source
    return pd.DataFrame(
        {
            "parcel_id": _category(order, names) if len(set(names)) == n else names[order],
            "constraint_id": repeated(ids),
            "passed": pd.arrays.BooleanArray(passed, unchecked),
            "value": flat(marks.value, nothing, usable_m2),
            "limit": np.tile(np.array([*(r.limit for r in rules), np.nan, least_m2], dtype=float)[column], n),
            "margin": flat(marks.margin, nothing, usable_m2 - least_m2),
            "unit": repeated([*(r.unit for r in rules), "", "m²"]),
            "kind": repeated([*(r.kind for r in rules), "hard", "hard"]),
            "near_miss": flat(marks.near, np.zeros(n, dtype=bool), slightly),
            "source": by_land([*(r.source for r in rules), source], [use.source for use in uses]),
            "article": by_land([*(r.article for r in rules), article], [use.article for use in uses]),
            "verified": flat(
                np.broadcast_to(np.array([r.verified for r in rules], dtype=bool), (n, len(rules))),
                np.array([use.verified for use in uses], dtype=bool),
                np.full(n, verified),
            ),
        }
    )


def _category(codes: npt.NDArray[np.integer], words: Sequence[str] | npt.NDArray[np.object_]) -> pd.Categorical[str]:
    """Texts that repeat: a number each, and the words once."""
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(words), dtype="str"))


def _ids(names: Sequence[str], mask: Mask) -> list[list[str]]:
    """Names of the columns that hold, row by row."""
    packed = np.packbits(mask, axis=1)
    patterns, of = np.unique(packed.view(f"V{packed.shape[1]}"), return_inverse=True)
    held = np.unpackbits(patterns.view(np.uint8).reshape(-1, packed.shape[1]), axis=1, count=len(names))
    words = [[name for name, holds in zip(names, row, strict=True) if holds] for row in held.tolist()]
    return [words[i].copy() for i in of.ravel().tolist()]
