"""Place: in which commune a piece of land lies, and whether the actor may propose there.

share_c = area(land ∩ commune_c) / area(land), in the study's CRS. The land belongs to the commune with the largest share; an
official's land must lie for `INSIDE` of its area within communes that they hold, so that an outline which is a metre off at the
border is not refused, and one that takes the neighbours' ground is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from sanchoi.api.accounts.actor import REVIEW, Actor, refused
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.proposals.desk import Place
from sanchoi.gis.cells import to_crs
from sanchoi.gis.model import Model
from sanchoi.gis.tables import STORAGE_CRS

INSIDE = 0.95
"""Least share of the land's area within the communes that an official holds."""


@dataclass(frozen=True)
class Shares:
    """Shares of a land by commune of the study, largest first, and the names of those communes."""

    share: Mapping[str, float]
    name: Mapping[str, str]


def shares(model: Model, geometry: shapely.Geometry) -> Shares:
    """Where a land in EPSG:4326 lies; communes of the halo are not of the study."""
    land = shapely.transform(
        geometry, lambda xy: np.column_stack(to_crs(xy[:, 0], xy[:, 1], STORAGE_CRS, model.study.crs))
    )
    near = np.sort(model.trees[1].query(land, predicate="intersects"))
    near = near[model.inside[near]]
    part = shapely.area(shapely.intersection(model.outlines[near], land)) / land.area
    order = [int(k) for k in np.argsort(-part, kind="stable") if part[k] > 0]
    ids, names = model.communes["commune_id"].to_numpy(), model.communes["name"].to_numpy()
    found = [int(near[k]) for k in order]
    return Shares(
        {str(ids[c]): float(part[k]) for k, c in zip(order, found, strict=True)},
        {str(ids[c]): str(names[c]) for c in found},
    )


def place(entry: Entry, model: Model, actor: Actor, geometry: shapely.Geometry) -> Place:
    """To what a proposal of this land belongs, if the actor may make it.

    Raises
    ------
    Problem : "contract" for land outside the study; "forbidden" for another commune's.
    """
    found = shares(model, geometry)
    if not found.share:
        message = (
            "Khu đất nằm ngoài các xã, phường của nghiên cứu này. Cần: đất trong xã của bạn. "
            "Hãy kiểm tra lại tọa độ và kinh tuyến trục.",
            "The land lies outside the communes of this study. Expected: land in your commune. "
            "Check the coordinates and the zone.",
        )
        raise Problem("contract", pairs={"message": message})
    vintage = model.study.vintage
    commune = next(iter(found.share))
    held = sum(share for code, share in found.share.items() if actor.holds(code, vintage))
    if not actor.may(REVIEW) and (held < INSIDE or not actor.holds(commune, vintage)):
        refused.warning("another commune", extra={"actor": actor.id, "commune": commune})
        away = max(
            (c for c in found.share if not actor.holds(c, vintage)), key=found.share.__getitem__, default=commune
        )
        percent = round(100 * held)
        why = (
            f"chỉ {percent} % khu đất nằm trong xã bạn được đề xuất; phần còn lại ở {found.name[away]} ({away})",
            f"only {percent} % of the land lies in a commune you may propose for; the rest is in {found.name[away]} ({away})",
        )
        raise Problem("forbidden", pairs={"why": why})
    return Place(entry.id, entry.etag, commune, vintage)
