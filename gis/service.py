"""Service: which children are covered, and which find enough ground, for one set of walking distances.

The same function serves the real network and every counterfactual, so a reason's numbers are made exactly as the gap's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sanchoi.gis.crowding import TOLERANCE, Crowding, Shared, crowding, within
from sanchoi.gis.norms import Limits
from sanchoi.gis.reach import Reach
from sanchoi.gis.study import Study
from sanchoi.gis.supply import reach_limits

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Terms:
    """What the service is judged by.

    Attributes
    ----------
    area_m2 : (play areas,) S_j, NaN = unknown.
    limit_m : (bands, play areas) D_bj as shown by known sizes, NaN = not counted.
    possible_m : the same if every unknown size were large enough.
    asked_m2 : (bands,) n_b, NaN = the norm asks for none.
    """

    area_m2: Floats
    limit_m: Floats
    possible_m: Floats
    asked_m2: Floats
    kind: str = "gaussian"
    band_weights: Floats | None = None


def terms_of(study: Study, area_m2: Floats, size_m2: Floats, limits: Limits) -> Terms:
    """What the service is judged by in a study, from the own ground and the whole size of each play area of the supply."""
    names = [band.name for band in study.bands]
    low, high = reach_limits(limits, names, size_m2)
    asked = [limits.m2_per_child(name) for name in names]
    weights = study["norms"]["band_weights"]
    return Terms(
        area_m2,
        low,
        high,
        np.array([np.nan if a is None else a for a in asked]),
        study["norms"]["decay"] or "gaussian",
        None if weights is None else np.array([float(weights.get(name, 1.0)) for name in names]),
    )


@dataclass(frozen=True)
class Service:
    """Masks of (cells, bands). `possible` = if unknown sizes were large enough; the truth lies between.

    `size_unknown`: a play area of unknown size lies within the limit, so ground per child there is a lower bound.
    """

    covered: Bools
    enough: Bools
    covered_possible: Bools
    enough_possible: Bools
    crowding: Crowding
    size_unknown: Bools

    @property
    def served(self) -> Bools:
        """Covered, and with enough ground where the norm asks for it."""
        return self.covered & self.enough


def serve(reach: Reach, children: Floats, terms: Terms, shared: Shared | None = None) -> Service:
    """Coverage and crowding of every cell and band under one set of distances.

    A child is covered when a play area that counts for its band lies within the limit: d ≤ D. It finds enough when A ≥ n.
    `shared`: who shares each play area, where the cells given are not all of them.
    """
    crowd = crowding(
        reach.cell,
        reach.site,
        reach.walk_m,
        children,
        terms.area_m2,
        terms.limit_m,
        kind=terms.kind,
        band_weights=terms.band_weights,
        shared=shared,
    )
    shape = children.shape
    covered, possible, unknown = (np.zeros(shape, dtype=bool) for _ in range(3))
    blank = np.isnan(terms.area_m2)[reach.site]
    for b in range(shape[1]):
        covered[reach.cell[within(reach.walk_m, terms.limit_m[b, reach.site])], b] = True
        near = within(reach.walk_m, terms.possible_m[b, reach.site])
        possible[reach.cell[near], b] = True
        unknown[reach.cell[near & blank], b] = True
    asked = np.where(np.isnan(terms.asked_m2), 0.0, terms.asked_m2)
    floor = asked * (1 - TOLERANCE)
    enough, could = crowd.least_m2 >= floor, crowd.m2_per_child >= floor
    return Service(covered, enough, possible, could | unknown, crowd, unknown | crowd.contested)
