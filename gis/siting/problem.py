"""The siting problem: demands, candidates, who can walk to what, money, and rules; and the plan that answers it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

OBJECTIVES = ("cover", "cover_all", "p_median", "max_min", "capacitated", "kolm_pollak")


def _ints() -> Ints:
    return np.empty(0, dtype=np.int64)


def _floats() -> Floats:
    return np.empty(0)


@dataclass(frozen=True)
class Problem:
    """What is to be covered, and by what. A demand is the children of one band on one cell.

    Attributes
    ----------
    demand, site : (pairs,) positions: demand k can walk to candidate j within its limit.
    weight : (demands,) children who lack a play area today.
    cost : (candidates,) VND; with unit costs, a number of sites.
    budget : what all chosen may cost together (fixed ones included).
    conflicts : (pairs, 2) candidates that may not both be chosen (too close).
    walk_m : (pairs,) metres on foot; p-median and Kolm-Pollak alone need them.
    today_m : (demands,) walk to the nearest open play area there is, inf = none in reach.
    beyond_m : the walk that counts for a demand that nothing in reach serves (p-median, Kolm-Pollak).
    commune : (candidates,) commune of each, −1 = none. min_per_commune : sites each commune gets at least, where it has as many
        candidates that may be chosen.
    fixed, forbidden : candidates that must and must not be chosen.
    home : (demands,) commune of each demand. children : (communes,) all children, covered ones included. covered : (communes,)
        those covered today. For max-min.
    ground_m2 : (candidates,) usable ground. m2_per_child : (demands,) what each child needs. For the capacitated problem.
    """

    demand: Ints
    site: Ints
    weight: Floats
    cost: Floats
    budget: float
    conflicts: Ints = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))
    walk_m: Floats = field(default_factory=_floats)
    today_m: Floats = field(default_factory=_floats)
    beyond_m: float = 0.0
    commune: Ints = field(default_factory=_ints)
    min_per_commune: int = 0
    fixed: Ints = field(default_factory=_ints)
    forbidden: Ints = field(default_factory=_ints)
    home: Ints = field(default_factory=_ints)
    children: Floats = field(default_factory=_floats)
    covered: Floats = field(default_factory=_floats)
    ground_m2: Floats = field(default_factory=_floats)
    m2_per_child: Floats = field(default_factory=_floats)

    @property
    def free(self) -> Bools:
        """(candidates,) not forbidden."""
        out = np.ones(len(self.cost), dtype=bool)
        out[self.forbidden] = False
        return out


@dataclass(frozen=True)
class Plan:
    """Chosen candidates in build order, with proof.

    Attributes
    ----------
    chosen : candidates; each next one is the best of the rest to build now.
    steps : value of the objective with the first 1, 2, … of them built.
    objective : its value with all of them (children, VND, metres a child, or a share: see `unit`).
    bound : no plan that keeps the rules is better: ≥ objective when more is better, ≤ when less is.
    mip_gap : |bound − objective| ÷ |objective|; 0 = proven.
    sense : "max" or "min". unit : of objective, bound and steps: "children", "VND", "sites", "m", "share".
    seconds : of solving. seed, solver : for the record.
    unreachable : children whom no candidate that may be chosen reaches: no money covers them on the land at hand ("cover_all").
    left_out : communes that no candidate can raise, or whose children are not known; they do not count ("max_min").
    children_gap : (bound − children) ÷ children of the second stage, the most children for that share; 0 = proven ("max_min").
    """

    chosen: Ints
    steps: Floats
    objective: float
    bound: float
    mip_gap: float
    solver: str
    sense: str = "max"
    unit: str = "children"
    seconds: float = 0.0
    seed: int = 0
    unreachable: float = 0.0
    left_out: Ints = field(default_factory=_ints)
    children_gap: float = 0.0
