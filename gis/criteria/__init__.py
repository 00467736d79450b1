"""Criteria: measured, with unit, direction and a fixed scale; one file each, and one line in `CRITERIA`."""

from __future__ import annotations

from sanchoi.gis.criteria import (
    children_gained,
    children_in_reach,
    compactness,
    detour,
    flood,
    halls,
    inscribed_circle,
    land_class,
    main_roads,
    ownership,
    schools,
    shortfall_relieved,
    slope,
    usable_area,
    walking_connection,
    water_safety,
)
from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Land

__all__ = ["CRITERIA", "Criterion", "Land"]

CRITERIA: tuple[Criterion, ...] = (
    children_gained.CRITERION,
    children_in_reach.CRITERION,
    shortfall_relieved.CRITERION,
    usable_area.CRITERION,
    inscribed_circle.CRITERION,
    compactness.CRITERION,
    walking_connection.CRITERION,
    detour.CRITERION,
    main_roads.CRITERION,
    water_safety.CRITERION,
    slope.CRITERION,
    land_class.CRITERION,
    ownership.CRITERION,
    schools.CRITERION,
    halls.CRITERION,
    flood.CRITERION,
)
"""In the order of tables and pictures. `children_gained` and `children_in_reach` are never measured together."""
