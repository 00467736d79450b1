"""Siting: the best set of sites, proven, on made provinces; and against spopt's MCLP with its default solver."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sanchoi.gis.siting import Problem, solve
from sanchoi.gis.siting.groups import group
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.start import greedy
from sanchoi.gis.siting.walks import Shorter
from scipy.spatial import cKDTree
from timing import Row, absent, median, once, peer

STAGE = "siting"
LIMITS_M = (300.0, 500.0, 1000.0)
"""Walks of the three bands; the made children split 3 : 4 : 3."""
SHARES = (0.3, 0.4, 0.3)


@dataclass(frozen=True)
class Made:
    """A made province: cells of settlements on street grids of their own direction, candidates among them.

    Walks run along the streets: the Manhattan length in the direction of the settlement, 0–20 % longer by bends.
    """

    cells: int
    candidates: int
    seed: int = 0
    settlements: int = 120
    spread_m: float = 900.0
    width_m: float = 60_000.0

    def problem(self, budget: float, unit_cost: bool = True, limits: tuple[float, ...] = LIMITS_M) -> Problem:
        """Children of each band on each cell, and who walks to what."""
        rng = np.random.default_rng(self.seed)
        centre = rng.uniform(0, self.width_m, (self.settlements, 2))
        size = rng.pareto(1.1, self.settlements) + 0.3
        turn = rng.uniform(0, np.pi / 2, self.settlements)
        home, cells = self._points(rng, centre, size, turn, self.cells, 100.0)
        _, sites = self._points(rng, centre, size, turn, self.candidates, 1.0)
        children = rng.gamma(0.9, 6.0, len(cells)) * (1 + 3 * rng.random(self.settlements)[home])
        bend = rng.uniform(1.0, 1.2, len(cells))
        longest = max(limits)
        near = cKDTree(sites).query_ball_point(cells, longest)
        count = np.fromiter(map(len, near), dtype=np.int64, count=len(near))
        cell = np.repeat(np.arange(len(cells)), count)
        site = np.concatenate([np.asarray(each, dtype=np.int64) for each in near])
        apart = sites[site] - cells[cell]
        angle = turn[home[cell]]
        along = np.abs(apart[:, 0] * np.cos(angle) + apart[:, 1] * np.sin(angle))
        across = np.abs(-apart[:, 0] * np.sin(angle) + apart[:, 1] * np.cos(angle))
        walk = (along + across) * bend[cell]
        keep = [walk <= limit for limit in limits]
        shares = np.array(SHARES if len(limits) == 3 else [1.0 / len(limits)] * len(limits))
        cost = np.ones(len(sites)) if unit_cost else np.round(rng.lognormal(0.0, 0.5, len(sites)) * 2e9, -6)
        return Problem(
            demand=np.concatenate([cell[mask] + b * len(cells) for b, mask in enumerate(keep)]),
            site=np.concatenate([site[mask] for mask in keep]),
            weight=(shares[:, None] * children[None, :]).ravel(),
            cost=cost,
            budget=budget,
        )

    def _points(self, rng, centre, size, turn, count: int, grid_m: float):
        """Points around settlements, denser towards their middle, larger settlements wider."""
        home = rng.choice(len(centre), count, p=size / size.sum())
        wide = self.spread_m * np.sqrt(size[home] / size.mean())
        off = rng.standard_t(4, (count, 2)) * wide[:, None] * 0.6
        return home, np.round((centre[home] + off) / grid_m) * grid_m


def rows(quick: bool) -> Iterator[Row]:
    """The peer first, then what has none: many sites at unit cost, and a hard province."""
    solve(Made(200, 40).problem(3))  # compiles
    yield against_spopt(*((2_000, 400, 10) if quick else (10_000, 2_000, 30)))
    yield alone("many sites, unit cost", Made(10_000, 2_000 if quick else 20_000).problem(50), target_s=1.0)
    hard = Made(4_000, 600) if quick else Made(40_000, 3_000)
    yield alone("hard province", hard.problem(60), target_s=120.0, seconds=600.0)
    yield alone("hard province, money", hard.problem(60 * 2e9, unit_cost=False), target_s=120.0, seconds=600.0)


def against_spopt(cells: int, candidates: int, sites: int) -> Row:
    """Build and solve maximal covering of one band; spopt builds the same model in PuLP for its default solver, CBC.

    spopt asks for a matrix of all walks; making it is not counted.
    """
    problem = Made(cells, candidates).problem(sites, limits=(500.0,))
    n = f"{cells:,} cells × {candidates:,} parcels, p = {sites}"
    ours_s, plan = median(lambda: solve(problem))
    locate = peer("spopt.locate")
    if locate is None:
        return absent(STAGE, "cover", "spopt", n, ours_s)
    walks = np.full((len(problem.weight), candidates), 1e6)
    walks[problem.demand, problem.site] = 1.0
    pulp = importlib.import_module("pulp")

    def theirs():
        model = locate.MCLP.from_cost_matrix(walks, problem.weight, service_radius=2.0, p_facilities=sites)
        return model.solve(pulp.PULP_CBC_CMD(msg=False), results=False)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer_s, model = once(theirs)
    value = float(pulp.value(model.problem.objective))
    same = bool(np.isclose(plan.objective, value, rtol=1e-6)) and plan.mip_gap == 0
    note = f"{plan.objective:,.1f} children, proven; {value:,.1f}"
    return Row(STAGE, "cover", "spopt MCLP, CBC", n, "1/1", ours_s, peer_s, same=same, note=note, target=1.0)


def alone(what: str, problem: Problem, target_s: float, seconds: float = 60.0) -> Row:
    """A size that has no peer here: seconds to the proof, and how far greedy alone falls short."""
    cover = group(problem).walks()
    first = greedy(problem, Limits.of(problem), Shorter(cover))
    ours_s, plan = median(lambda: solve(problem, seconds=seconds), repeat=3)
    short = 1 - cover.worth(first) / plan.objective
    proof = "proven" if plan.mip_gap == 0 else f"gap {plan.mip_gap:.2%}"
    met = "met" if plan.mip_gap == 0 and ours_s <= target_s else "MISSED"
    n = f"{len(problem.weight):,} demands × {len(problem.cost):,} parcels, {len(plan.chosen)} sites"
    note = f"{what}: {proof}; greedy {short:.1%} short; target {target_s:g} s {met}"
    return Row(STAGE, "cover", "–", n, "1/–", ours_s, note=note)


if __name__ == "__main__":
    import run

    run.one(__file__)
