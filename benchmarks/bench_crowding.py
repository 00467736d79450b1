"""Crowding: m² per child by the enhanced two-step floating catchment area, against PySAL access and plain sparse matrices."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import scipy.sparse
from provinces import Province
from sanchoi.gis import reach
from sanchoi.gis.crowding import crowding, decay
from timing import Row, absent, median, once, peer

STAGE = "crowding"
LIMIT = 1500.0


def rows(quick: bool) -> Iterator[Row]:
    """One band, every play area of known size: the cases in which access answers the same question."""
    province = Province(60_000 if quick else 1_200_000)
    x, y = province.cells()
    sites = province.play_areas()
    pairs = reach.straight(x, y, sites, LIMIT)
    people = province.children(len(x))
    area = np.random.default_rng(6).uniform(50.0, 5000.0, len(sites))
    size = f"{len(x):,} cells, {len(sites):,} sites, {len(pairs.cell):,} pairs"
    limits = np.full((1, len(sites)), LIMIT)
    for kind in ("binary", "step", "gaussian"):

        def ours(kind: str = kind) -> np.ndarray:
            return crowding(pairs.cell, pairs.site, pairs.walk_m, people, area, limits, kind=kind).m2_per_child[:, 0]

        cold, _ = once(ours)
        fast, mine = median(ours)

        def by_matrix(kind: str = kind) -> np.ndarray:
            weight = decay(pairs.walk_m, np.full(len(pairs.cell), LIMIT), kind)
            matrix = scipy.sparse.csr_array((weight, (pairs.cell, pairs.site)), shape=(len(x), len(sites)))
            demand = matrix.T @ people[:, 0]
            return matrix @ np.divide(area, demand, out=np.zeros_like(area), where=demand > 0)

        slow, theirs = median(by_matrix)
        yield Row(STAGE, f"crowding, {kind}", "scipy.sparse", size, "1/1", fast, slow, cold, *close(mine, theirs))
        yield against_access(kind, pairs, people[:, 0], area, size, fast, mine)


def close(mine: np.ndarray, theirs: np.ndarray) -> tuple[bool, str]:
    """Whether two answers agree to 1e-9, and the worst relative difference."""
    apart = float(np.max(np.abs(mine - theirs) / np.maximum(np.abs(mine), 1e-300), where=mine != 0, initial=0.0))
    return bool(apart <= 1e-9 and np.array_equal(mine == 0, theirs == 0)), f"worst relative difference {apart:.1e}"


def weight_of(kind: str) -> Callable[[float], float] | None:
    """The decay as access takes it: a function of one distance."""
    if kind == "binary":
        return None
    if kind == "step":
        return peer("access").weights.step_fn({LIMIT / 3: 1.0, LIMIT * 2 / 3: 0.68, LIMIT: 0.22})
    edge = np.exp(-0.5)
    return lambda walk_m: (np.exp(-0.5 * (walk_m / LIMIT) ** 2) - edge) / (1 - edge)


def against_access(
    kind: str, pairs: reach.Reach, people: np.ndarray, area: np.ndarray, size: str, fast: float, mine: np.ndarray
) -> Row:
    """Access leaves out cells that reach nothing; they are 0 for us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if peer("access") is None:
            return absent(STAGE, f"crowding, {kind}", "PySAL access", size, fast)
        from access.fca import two_stage_fca

        cells = pd.DataFrame({"demand": people}, index=pd.Index(np.arange(len(people)), name="geoid"))
        supply = pd.DataFrame({"supply": area}, index=pd.Index(np.arange(len(area)), name="geoid"))
        costs = pd.DataFrame({"origin": pairs.cell, "dest": pairs.site, "cost": pairs.walk_m})
        weight = weight_of(kind)
        slow, found = median(
            lambda: two_stage_fca(cells, supply, costs, LIMIT, demand_index=True, weight_fn=weight), repeat=3
        )
    theirs = np.zeros(len(people))
    theirs[found.index.to_numpy()] = found.to_numpy()
    return Row(STAGE, f"crowding, {kind}", "PySAL access", size, "1/1", fast, slow, None, *close(mine, theirs))


if __name__ == "__main__":
    import run

    run.one(__file__)
