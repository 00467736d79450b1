"""Settlements of the demo district: lanes, houses and plots of ordinary villages. Metres in EPSG:5899."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from sanchoi.data.demo_land import Floats, Land, Shapes, coast_x, river_half, river_y, side_of_river
from sanchoi.data.demo_plan import COMMUNES, HALO, ORIGIN

APART_M = 1_000.0
"""Least distance between two villages: no child of one can walk to the play area of the other."""

NO_COMMUNE = -1

PATTERNS = ((-0.62, -0.34, 0.46), (-0.72, -0.32, 0.36, 0.78), (-0.86, -0.58, -0.34, 0.36, 0.72), (-0.42, 0.34, 0.66))
"""Where cross lanes leave a village's main street, shares of half its length; the middle stays free for a play area."""

NOT_OPEN = {
    "schoolyard": (42.0, 34.0, "restricted"),
    "pitch": (48.0, 28.0, "fee"),
    "under repair": (24.0, 18.0, "closed"),
}
"""Ground that is no open supply: width and depth in metres, access."""


@dataclass(frozen=True)
class Plot:
    """Ground with a purpose: `kind` as in the inventory of play areas, `access` likewise."""

    shape: shapely.Polygon
    kind: str
    access: str = "public"
    name: str = ""
    point: bool = False
    area_known: bool = True


@dataclass
class Settlement:
    """A village, hamlet, quarter or yard.

    Attributes
    ----------
    commune : position in `COMMUNES`; −1 = in the halo.
    node : where the district's roads reach it (2,), also a vertex of its lanes.
    lanes : LineStrings.
    houses : polygons, not yet freed of overlaps; `storeys` one number each.
    plots : play areas and other ground that is kept free.
    name : name of the village.
    linked : whether roads lead to it.
    closed : ground that no other road may cross, or None.
    homes : whether people live in its buildings.
    """

    commune: int
    node: Floats
    lanes: list[shapely.LineString]
    houses: Shapes
    storeys: Floats
    plots: list[Plot] = field(default_factory=list)
    name: str = ""
    linked: bool = True
    closed: shapely.Polygon | None = None
    homes: bool = True


def houses_along(
    lanes: list[shapely.LineString],
    rng: np.random.Generator,
    count: int,
    *,
    step_m: float = 15.0,
    back_m: tuple[float, float] = (8.5, 13.0),
    front_m: tuple[float, float] = (6.0, 10.0),
    deep_m: tuple[float, float] = (9.0, 14.0),
) -> Shapes:
    """`count` houses at both sides of the lanes, fronts along them; fewer when there is no room for more."""
    slots = []
    for lane in lanes:
        at = np.arange(step_m * 0.6, lane.length, step_m)
        here = shapely.get_coordinates(shapely.line_interpolate_point(lane, at))
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(lane, np.minimum(at + 1.0, lane.length)))
        behind = shapely.get_coordinates(shapely.line_interpolate_point(lane, np.maximum(at - 1.0, 0.0)))
        course = np.arctan2(*(ahead - behind).T[::-1])
        slots += [np.column_stack([here, course, np.full(len(at), side)]) for side in (-1.0, 1.0)]
    free = np.vstack(slots)
    chosen = free[np.sort(rng.permutation(len(free))[:count])]
    n = len(chosen)
    front, deep = rng.uniform(*front_m, n) / 2, rng.uniform(*deep_m, n) / 2
    turn = chosen[:, 2] + rng.normal(0, 0.05, n)
    out = deep + rng.uniform(*back_m, n) - 6.0
    along = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    middle = chosen[:, :2] + across * (chosen[:, 3] * out)[:, None]
    corners = [middle + a * front[:, None] * along + b * deep[:, None] * across for a, b in _CORNERS]
    return np.asarray(shapely.polygons(np.stack(corners, axis=1)))


_CORNERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))


class Local:
    """A village's own axes: u along its main street, v across; the street bends by `bend` · u²."""

    def __init__(self, node: Floats, course: float, bend: float) -> None:
        self.node, self.bend = node, bend
        self.axes = np.array([[np.cos(course), np.sin(course)], [-np.sin(course), np.cos(course)]])

    def xy(self, u: Floats, v: Floats) -> Floats:
        """Local (u, v) → metres in the CRS, (n, 2)."""
        u, v = np.broadcast_arrays(np.asarray(u, float), np.asarray(v, float))
        return np.asarray(np.stack([u, v + self.bend * u**2], axis=-1) @ self.axes + self.node)

    def line(self, u: list[float], v: list[float], step_m: float = 45.0) -> shapely.LineString:
        """A line between local points, with a vertex at least every `step_m`."""
        straight = shapely.segmentize(shapely.LineString(np.column_stack([u, v])), step_m)
        return shapely.LineString(self.xy(*shapely.get_coordinates(straight).T))

    def block(self, u: float, v: float, wide: float, deep: float) -> shapely.Polygon:
        """A plot with its first corner at (u, v)."""
        return shapely.Polygon(
            self.xy(np.array([u, u + wide, u + wide * 0.97, u]), np.array([v, v, v + deep, v + deep * 0.95]))
        )


def village(
    commune: int,
    node: Floats,
    course: float,
    rng: np.random.Generator,
    houses: int,
    play_m2: float,
    others: list[str],
    size: float,
) -> Settlement:
    """One ordinary village: a main street, cross lanes, houses; a play area of `play_m2` in its middle (0 = none).

    Every house lies within some 240 m on foot of the middle when `size` is 1. `course`: of the main street,
    radians. `others` are plots that are no open supply.
    """
    local = Local(node, course + float(rng.normal(0, 0.12)), float(rng.uniform(-6e-4, 6e-4)))
    half = float(rng.uniform(128.0, 165.0)) * size
    lanes = [local.line([-half, 0, half], [0, 0, 0])]
    pattern = PATTERNS[int(rng.integers(len(PATTERNS)))]
    crosses = np.array(pattern) * half + rng.uniform(-7, 7, len(pattern))
    for u in crosses:
        up, down = rng.uniform(45, 82, 2) * size
        lanes.append(local.line([u, u, u], [-down, 0, up]))
    plots = []
    first = crosses[crosses < 0].max() + 9.0
    room = crosses[crosses > 0].min() - 9.0 - first
    if play_m2 > 0:
        wide = float(min(room, np.sqrt(play_m2 * 1.5)))
        plots.append(Plot(local.block(first, 7.0, wide, play_m2 / wide / 0.975), "playground"))
    for number, kind in enumerate(others):
        wide, deep, access = NOT_OPEN[kind]
        where = (
            local.block(first + number * 3, -9.0 - deep, wide, deep)
            if number == 0
            else local.block(first, 9.0, wide, deep)
        )
        plots.append(Plot(where, kind if kind in ("schoolyard", "pitch") else "playground", access))
    built = houses_along(lanes, rng, houses)
    return Settlement(commune, node, lanes, built, rng.choice([1.0, 1.0, 1.0, 2.0], len(built)), plots)


def scatter(
    land: Land, rng: np.random.Generator, taken: list[Floats], closed: list[shapely.Polygon]
) -> list[Settlement]:
    """All ordinary villages, district first, then the halo; `taken` and `closed` are kept free."""
    spots = list(taken)
    barred = shapely.union_all([*closed, land.river]).buffer(330.0)
    sites: list[tuple[int, int, int]] = []  # commune, number in it, halo
    for c, plan in enumerate(COMMUNES):
        ground = max(shapely.get_parts(land.communes[c]), key=lambda part: part.area)
        room = shapely.difference(shapely.buffer(ground, -300.0), barred)
        for number in range(plan.villages):
            spots.append(_spot(room, rng, spots))
            sites.append((c, number, NO_COMMUNE))
    for h, beyond in enumerate(land.halo):
        room = shapely.difference(shapely.buffer(beyond, -450.0), barred)
        for number in range(2 if HALO[h][0] == "halo-tay" else 4):
            spots.append(_spot(room, rng, spots))
            sites.append((NO_COMMUNE, number, h))
    nodes = np.array(spots[len(taken) :])
    away = np.hypot(*(nodes[:, None, :] - nodes[None, :, :]).T) + np.diag(np.full(len(nodes), np.inf))
    along = nodes[np.argmin(away, axis=1)] - nodes
    courses = np.arctan2(along[:, 1], along[:, 0])
    return [
        _beyond(h, number, node, course, rng) if c < 0 else _ordinary(c, number, node, course, rng)
        for (c, number, h), node, course in zip(sites, nodes, courses.tolist(), strict=True)
    ]


def _ordinary(c: int, number: int, node: Floats, course: float, rng: np.random.Generator) -> Settlement:
    """Village `number` of commune `c`, as its plan says; a set piece takes the larger part of a commune's children."""
    plan = COMMUNES[c]
    share = 0.42 if plan.set_piece in ("barrier", "detour") else 1.0
    play = plan.m2_per_child * sum(plan.children) * share / plan.villages if number < plan.with_play else 0.0
    others = ["schoolyard"] if number == plan.villages - 1 else ["pitch"] if number == 1 else []
    if plan.with_play == 0 and others == ["schoolyard"]:
        others.append("under repair")
    houses = {"hill": 26, "coast": 50}.get(plan.ground, 46)
    return village(c, node, course, rng, houses, play, others, 1.15 if plan.ground == "hill" else 1.0)


def _beyond(h: int, number: int, node: Floats, course: float, rng: np.random.Generator) -> Settlement:
    """Village in the halo; the first two of each part have a play area."""
    return village(NO_COMMUNE, node, course, rng, 22, sum(HALO[h][1]) if number < 2 else 0.0, [], 0.9)


def _spot(room: shapely.Geometry, rng: np.random.Generator, spots: list[Floats]) -> Floats:
    """A place in `room` away from all `spots`: the first of many random ones that keeps `APART_M`, else the best."""
    low_x, low_y, high_x, high_y = shapely.bounds(room)
    tries = np.column_stack([rng.uniform(low_x, high_x, 900), rng.uniform(low_y, high_y, 900)])
    tries = tries[shapely.contains_xy(room, *tries.T)]
    away = np.min([np.hypot(*(tries - spot).T) for spot in spots] or [np.full(len(tries), np.inf)], axis=0)
    good = np.flatnonzero(away >= APART_M)
    best: Floats = np.round(tries[good[0] if len(good) else int(np.argmax(away))], 2)
    return best


def on_dry_land(shapes: Shapes, gap_m: float = 8.0) -> np.ndarray:
    """Whether the middle of each shape lies off the river and behind the shore."""
    x, y = shapely.get_coordinates(shapely.centroid(shapes)).T
    wet = np.abs(y - river_y(x)) < (river_half(x) + gap_m) * 1.25
    dry: np.ndarray = ~wet & ((x < coast_x(y) - 40.0) | (x > ORIGIN[0] + 18_000.0))
    return dry


def side(settlement: Settlement) -> int:
    """Bank of the river: +1 north, −1 south."""
    return int(side_of_river(settlement.node[None, :])[0])
