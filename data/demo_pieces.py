"""Set pieces of the demo district: the places that are built to show one thing each. Metres in EPSG:5899."""

from __future__ import annotations

import numpy as np
import shapely
from sanchoi.data.demo_land import Floats, Land, bank, place, river_half, river_y
from sanchoi.data.demo_plan import BARRIER_KM, COMMUNES, DETOUR_KM, ISLAND_KM, ORIGIN, TOWN_KM
from sanchoi.data.demo_settlements import Local, Plot, Settlement, houses_along, on_dry_land

BLOCK_M = (125.0, 100.0)
TOWN_M = (1_120.0, 640.0)


def commune_of(set_piece: str, name: str = "") -> int:
    """Position of the commune that holds a set piece."""
    return next(i for i, c in enumerate(COMMUNES) if c.set_piece == set_piece and name in ("", c.name))


def build(land: Land, rng: np.random.Generator) -> list[Settlement]:
    """All set pieces."""
    return [*_across_the_river(rng), _side_by_side(rng), *_town(land, rng), _industry(land, rng), _island(rng)]


def _across_the_river(rng: np.random.Generator) -> list[Settlement]:
    """Barrier: most children of Bến Cau live on the north bank and see their park, 200 m away, on the south bank."""
    c = commune_of("barrier")
    middle = ORIGIN[0] + BARRIER_KM * 1000.0
    x = middle + np.arange(-168.0, 169.0, 28.0)
    front = shapely.LineString(bank(x, 1, 26.0))
    across = [np.vstack([bank(x[k : k + 1], 1, off) for off in (26.0, 50.0, 74.0)]) for k in (1, 4, 6, 9, 11)]
    lanes = [front, *map(shapely.LineString, across), shapely.LineString(bank(x[1:-1], 1, 74.0))]
    houses = houses_along(lanes, rng, 110, step_m=10.0)
    north = Settlement(c, bank(x[6:7], 1, 74.0)[0], lanes, houses, np.ones(len(houses)), name="Bến Cau Bắc")
    strip = middle + np.arange(-90.0, 91.0, 10.0)
    park = shapely.Polygon(np.vstack([bank(strip, -1, 31.0), bank(strip, -1, 76.0)[::-1]]))
    quay = shapely.LineString(bank(middle + np.arange(-240.0, 241.0, 30.0), -1, 22.0))
    few = houses_along([quay], rng, 10)
    south = Settlement(
        c, np.asarray(quay.coords[0]), [quay], few, np.ones(len(few)), [Plot(park, "park", name="Công viên Bờ Nam")]
    )
    return [north, south]


def _side_by_side(rng: np.random.Generator) -> Settlement:
    """Detour: two streets of Gò Trâm, 130 m apart with paddy between them, meet only 700 m to the west."""
    c = commune_of("detour")
    node = np.round(place(*DETOUR_KM) + np.array([-850.0, 0.0]), 2)
    local = Local(node, 0.12, 0.0)
    living = local.line([0.0, 90.0, 560.0, 1120.0], [0.0, 62.0, 66.0, 66.0], 40.0)
    playing = local.line([0.0, 90.0, 560.0, 1120.0], [0.0, -62.0, -64.0, -64.0], 40.0)
    lanes_up = [local.line([u, u], [66.0, 118.0]) for u in (640.0, 760.0, 880.0, 1000.0)]
    homes = local.line([640.0, 1120.0], [66.0, 66.0])
    houses = houses_along([homes, *lanes_up], rng, 80, step_m=12.0)
    field = local.block(800.0, -56.0, 70.0, 58.0)
    closed = shapely.Polygon(local.xy(np.array([60, 1180, 1180, 60]), np.array([-130, -130, 190, 190])))
    lanes = [living, playing, *lanes_up]
    plot = Plot(field, "playground", name="Sân chơi Gò Trâm Dưới")
    return Settlement(c, node, lanes, houses, np.ones(len(houses)), [plot], name="Gò Trâm Trên", closed=closed)


def _town(land: Land, rng: np.random.Generator) -> list[Settlement]:
    """The town: a grid of streets on the north bank. Phố Lụa has wide gardens, Chợ Lụa as many small ones."""
    local = Local(place(*TOWN_KM), -0.1, 0.0)
    step_u, step_v = BLOCK_M
    columns = (np.arange(-9, 10) * step_u).astype(np.float64)
    rows = (np.arange(-8, 7) * step_v).astype(np.float64)

    def inside(u: Floats, v: Floats) -> np.ndarray:
        x, y = local.xy(u, v).T
        oval = (u / TOWN_M[0]) ** 2 + (v / TOWN_M[1]) ** 2 <= 1.0
        found: np.ndarray = oval & (y > river_y(x) + river_half(x) * 1.2 + 28.0)
        return found

    streets = []
    for fixed, moving, upright in ((columns, rows, True), (rows, columns, False)):
        for at in fixed:
            level: Floats = np.full_like(moving, at)
            u, v = (level, moving) if upright else (moving, level)
            keep = inside(u, v)
            if keep.sum() > 1:
                first, last = np.flatnonzero(keep)[[0, -1]]
                streets.append(local.line(u[first : last + 1].tolist(), v[first : last + 1].tolist(), 200.0))
    out: list[Settlement] = []
    for name in ("Phố Lụa", "Chợ Lụa"):
        c = commune_of("town", name)
        ground = land.communes[c]
        mine = [s for s in streets if ground.intersects(s)]
        parts = [p for s in mine for p in shapely.get_parts(shapely.intersection(s, ground)) if p.length > 30]
        plots = _gardens(local, inside, ground, c)
        houses = houses_along(parts, rng, 820, step_m=10.0, front_m=(5.0, 9.0), deep_m=(12.0, 19.0))
        storeys = rng.choice([1.0, 2.0, 2.0, 3.0, 4.0], len(houses))
        corner = local.xy(np.array([-3 * step_u if name == "Phố Lụa" else 3 * step_u]), np.array([0.0]))[0]
        out.append(Settlement(c, np.round(corner, 2), streets if not out else [], houses, storeys, plots, name=name))
    return out


def _gardens(local: Local, inside: object, ground: shapely.Geometry, c: int) -> list[Plot]:
    """One garden in every third block of every second row; together they have the plan's m² per child."""
    spots = []
    step_u, step_v = BLOCK_M
    for j in range(-6, 6, 2):
        for i in range(-9, 9):
            u, v = i * step_u, j * step_v
            corners = np.array([u, u + step_u]), np.array([v, v + step_v])
            if (i + j) % 3 == 0 and callable(inside) and inside(*corners).all():
                block = local.block(u + 12.0, v + 10.0, step_u - 24.0, step_v - 20.0)
                if ground.contains(block):
                    spots.append((u, v, block.area))
    plan = COMMUNES[c]
    each = min(plan.m2_per_child * sum(plan.children) / len(spots), 0.97 * min(s[2] for s in spots))
    share = float(np.sqrt(each / spots[0][2]))
    wide, deep = (step_u - 24.0) * share, (step_v - 20.0) * share
    kind = "park" if each > 1_000 else "garden"
    return [Plot(local.block(u + 12.0, v + 10.0, wide, deep), kind) for u, v, _ in spots]


def _industry(land: Land, rng: np.random.Generator) -> Settlement:
    """No children: a port store and workshops; the one dwelling is a workers' hostel."""
    c = commune_of("industry")
    local = Local(np.round(place(COMMUNES[c].x_km, COMMUNES[c].y_km), 2), 0.25, 0.0)
    lanes = [local.line([-520.0, 0.0, 520.0], [0.0, 0.0, 0.0])]
    lanes += [local.line([u, u, u], [-260.0, 0.0, 260.0]) for u in (-360.0, -120.0, 120.0, 360.0)]
    halls = houses_along(
        lanes[1:], rng, 34, step_m=62.0, front_m=(38.0, 52.0), deep_m=(52.0, 84.0), back_m=(18.0, 24.0)
    )
    return Settlement(c, local.node, lanes, halls, np.ones(len(halls)), name="Kho Muối", homes=False)


def _island(rng: np.random.Generator) -> Settlement:
    """An island hamlet: lanes of its own, no way to the mainland, no play area."""
    c = commune_of("island")
    local = Local(np.round(place(*ISLAND_KM), 2), 1.2, 8e-4)
    lanes = [local.line([-170.0, 0.0, 170.0], [0.0, 0.0, 0.0]), local.line([0.0, 0.0], [-90.0, 0.0])]
    houses = houses_along(lanes, rng, 18)
    return Settlement(c, local.node, lanes, houses, np.ones(len(houses)), name="Hòn Sẻ", linked=False)


def dry(settlement: Settlement) -> Settlement:
    """The settlement without houses that would stand in water."""
    keep = on_dry_land(settlement.houses)
    settlement.houses, settlement.storeys = settlement.houses[keep], settlement.storeys[keep]
    return settlement
