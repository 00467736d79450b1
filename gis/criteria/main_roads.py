"""Main roads: how far the ground lies from fast or heavy traffic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land

MAIN = frozenset(
    {
        *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"),
        *("I", "II", "III", "IV", "1", "2", "3", "4"),
    }
)
SMALL = frozenset(
    {
        *(
            "tertiary",
            "tertiary_link",
            "unclassified",
            "residential",
            "living_street",
            "service",
            "track",
            "path",
            "footway",
        ),
        *("V", "VI", "5", "6"),
    }
)
"""Values of the column `class`: kinds of OpenStreetMap, and the technical classes of Vietnamese roads; main ones go down to IV.
A road of any other value may be a main road: nearer than the nearest known one it leaves the distance unknown."""


def measure(land: Land) -> Floats | None:
    """Value v = straight distance from the usable piece to the nearest main road, metres, at most 5,000.

    None where no roads are given, or where nothing says which of them are main roads (no column `class`).
    """
    roads = land.layers.get("roads")
    if roads is None or (len(roads) and "class" not in roads):
        return None
    if not len(roads):
        return land.distance_m("roads")
    kind = roads["class"].astype(str).str.strip().str.removesuffix(".0")
    main = (kind.str.upper().isin(MAIN) | kind.str.lower().isin(MAIN)).to_numpy()
    known = main | (kind.str.upper().isin(SMALL) | kind.str.lower().isin(SMALL)).to_numpy()
    away = replace(land, layers={"roads": roads[main]}).distance_m("roads")
    if known.all() or away is None:
        return away
    doubtful = replace(land, layers={"roads": roads[~known]}).distance_m("roads")
    return np.where(np.asarray(doubtful) < away, np.nan, away)


CRITERION = Criterion(
    "main_roads",
    "khoảng cách tới đường lớn",
    "distance to main roads",
    "m",
    worst=0.0,
    best=100.0,
    weight=7,
    reason_vi="từ 100 m trở lên được coi là tốt nhất: lựa chọn thiết kế; hành lang an toàn theo luật nằm ở phần ràng buộc",
    reason_en="100 m and more count as best: a design choice; what the law asks for stands among the constraints",
    needs_vi="lớp đường có cột class",
    needs_en="a layer of roads with the column class",
    measure=measure,
)
