"""Criterion: something measured of a parcel, with a unit and a fixed scale from worst to best."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sanchoi.gis.criteria.land import Floats, Land
from sanchoi.gis.errors import ContractError


@dataclass(frozen=True)
class Criterion:
    """One criterion.

    Attributes
    ----------
    worst, best : ends of the scale in `unit`, fixed: they do not depend on the parcels at hand, so that a parcel's score does not
        change with its rivals. Which way is better follows from them.
    weight : relative; the weights of `CRITERIA` are points out of about 100. A design choice, and the study may set its own.
    reason_vi, reason_en : why the scale ends where it ends. needs_vi, needs_en : what a study must give so that it can be measured.
    instead_of : a criterion in whose place this one stands where that cannot be measured ("" = none); it takes over its weight.
    measure : one number a parcel, NaN = not known for it; None = the study does not give what is needed.
    """

    criterion_id: str
    name_vi: str
    name_en: str
    unit: str
    worst: float
    best: float
    weight: float
    reason_vi: str
    reason_en: str
    needs_vi: str
    needs_en: str
    measure: Callable[[Land], Floats | None]
    instead_of: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.worst) and math.isfinite(self.best) and self.worst != self.best):
            raise ContractError(
                f"criterion {self.criterion_id}: scale {self.worst} … {self.best}", "two different numbers", "mend it"
            )
        if not (math.isfinite(self.weight) and self.weight > 0):
            raise ContractError(f"criterion {self.criterion_id}: weight {self.weight}", "a positive number", "mend it")

    def utility(self, values: Floats) -> Floats:
        """Utility u = clip((value − worst) / (best − worst), 0, 1); 0 beyond the worst end, 1 beyond the best, NaN stays."""
        return np.clip((values - self.worst) / (self.best - self.worst), 0.0, 1.0)
