"""Main roads: how far the ground lies from fast or heavy traffic."""

from __future__ import annotations

from dataclasses import replace

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land

MAIN = frozenset(
    {
        *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"),
        *("I", "II", "III", "IV", "1", "2", "3", "4"),
    }
)
"""Values of the column `class`: kinds of OpenStreetMap, and the technical classes of Vietnamese roads down to IV."""


def measure(land: Land) -> Floats | None:
    """Value v = straight distance from the usable piece to the nearest main road, metres, at most 5,000.

    None where no roads are given, or where nothing says which of them are main roads (no column `class`).
    """
    roads = land.layers.get("roads")
    if roads is None or (len(roads) and "class" not in roads):
        return None
    if len(roads):
        main = roads["class"].astype(str).str.strip().str.removesuffix(".0").isin(MAIN)
        land = replace(land, layers={"roads": roads[main.to_numpy()]})
    return land.distance_m("roads")


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
