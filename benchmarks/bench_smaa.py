"""Rank acceptability of parcels under 10,000 draws of weights, against sorting every draw with numpy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sanchoi.gis.smaa import DRAWS, acceptability, concentration
from timing import Row, median, once

STAGE = "smaa"
TARGET_S = 10.0
PEER_DRAWS = 1_000


def rows(quick: bool) -> Iterator[Row]:
    """Parcels with independent utilities, the hardest case: hardly any is worse in everything than another."""
    parcels, criteria = (5_000, 12) if quick else (20_000, 12)
    rng = np.random.default_rng(7)
    utility, weight = rng.random((parcels, criteria)), rng.uniform(1, 5, criteria)
    for p in (10, 50):
        cold, _ = once(lambda p=p: acceptability(utility, weight, p))
        ours_s, found = median(lambda p=p: acceptability(utility, weight, p))
        slow, _ = median(lambda p=p: by_sorting(utility, weight, p, PEER_DRAWS), repeat=3)
        few = acceptability(utility, weight, p, draws=PEER_DRAWS)
        best, ranks = by_sorting(utility, weight, p, PEER_DRAWS)
        same = np.allclose(few.in_best, best, atol=1e-12) and np.allclose(few.ranks, ranks, atol=1e-12)
        yield Row(
            STAGE,
            f"acceptability, best {p}",
            "numpy argsort",
            f"{parcels:,} parcels, {criteria} criteria, {DRAWS:,} draws",
            "1/1",
            ours_s,
            slow * DRAWS / PEER_DRAWS,
            cold,
            bool(same and abs(found.in_best.sum() - p) < 1e-6),
            f"peer: {PEER_DRAWS:,} draws timed, × {DRAWS // PEER_DRAWS}; at most {TARGET_S:g} s asked: "
            + ("met" if ours_s <= TARGET_S else "MISSED"),
        )


def by_sorting(utility: np.ndarray, weight: np.ndarray, p: int, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """Share of draws among the best p, and of each of the first ten ranks, 200 draws sorted at a time."""
    drawn = np.random.default_rng(0).dirichlet(concentration(len(weight)) * weight / weight.sum(), draws)
    best, ranks = np.zeros(len(utility)), np.zeros((len(utility), min(p, 10)))
    for start in range(0, draws, 200):
        order = np.argsort(-(drawn[start : start + 200] @ utility.T), axis=1)
        best += np.bincount(order[:, :p].ravel(), minlength=len(utility))
        for rank in range(ranks.shape[1]):
            ranks[:, rank] += np.bincount(order[:, rank], minlength=len(utility))
    return best / draws, ranks / draws


if __name__ == "__main__":
    import run

    run.one(__file__)
