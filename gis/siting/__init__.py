"""Siting: which parcels together do most for the children, with proof."""

from sanchoi.gis.siting.choose import SOLVERS, solve
from sanchoi.gis.siting.curve import curve
from sanchoi.gis.siting.order import PROVEN
from sanchoi.gis.siting.posed import Progress
from sanchoi.gis.siting.problem import OBJECTIVES, Plan, Problem
from sanchoi.gis.siting.why import Reason, forced, reasons

__all__ = [
    "OBJECTIVES",
    "PROVEN",
    "SOLVERS",
    "Plan",
    "Problem",
    "Progress",
    "Reason",
    "curve",
    "forced",
    "reasons",
    "solve",
]
