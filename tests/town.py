"""A tiny town that can be checked by hand: blocks of 100 m, a river with one bridge, five play areas, six cells. Metres.

  y
700   o-Y---o                                      Y  YARD, a point: these streets join no others
                                .  (400, 400)
300   o-----o-----o-----o   ~~  o-----o-----o
      |     |     |     |   ~~  |     |     |
200   o-----o-----o-----o---~~--o-----o-----o      a way that the river (x 340–360) cuts
      |     |     |     |   ~~  |     |     |
      |     |     |     |   ~~  | <P> |     |      P  PARK, a diamond; each corner is 20 m from a street
100   o-----o-----o-----o   ~~  o-----o-----o
 F    |     |     | [G] |   ~~  |     |     |      F  FIELD, a diamond 100 m from the first street
      |     |     |  '  |   ~~  |     |     |      G  GREEN, 20 m from both sides; its one gate ' is on the street y = 0
  0   o--S--o-----o-----o=======o-----o-----o      S  SWING, a point 10 m from the street; = the bridge
      0    100   200   300     400   500   600  x
"""

from dataclasses import dataclass

import numpy as np
import shapely
from sanchoi.gis.attach import attach, place
from sanchoi.gis.barriers import cut
from sanchoi.gis.network import Network, from_lines
from sanchoi.gis.reach import walking
from shapely.geometry import LineString, Point, Polygon, box

SWING, GREEN, PARK, YARD, FIELD = range(5)
NONE = -1
FAR_M = 1e5


def diamond(x, y, half):
    return Polygon([(x, y - half), (x + half, y), (x, y + half), (x - half, y)])


def geometries(*shapes):
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


SITES = geometries(Point(50, 10), box(220, 10, 280, 60), diamond(450, 150, 30), Point(50, 690), diamond(-150, 50, 50))
GATES = geometries(Point(250, 8))  # 2 m outside the outline of GREEN, 8 m from the street
RIVER = geometries(box(340, -100, 360, 600))

CELLS = {
    "lane": (80.0, 5.0),  # on the street of SWING
    "edge": (235.0, 105.0),  # 300 m from SWING
    "play": (455.0, 150.0),  # inside PARK, 45 m from the street x = 500
    "bank": (310.0, 205.0),  # 5 m from the way that is cut, on the stretch that stays
    "ford": (335.0, 400.0),  # 65 m from (400, 400) across the river, 105.948 m from (300, 300) on this side
    "isle": (20.0, 695.0),  # on the streets that join no others
}
NAMES = list(CELLS)
X, Y = (np.array(column) for column in zip(*CELLS.values(), strict=True))

WALKS = {  # metres on foot with the river and the gate, to SWING, GREEN, PARK, YARD, FIELD
    "lane": (45.0, 185.0, 495.0, np.inf, 235.0),
    "edge": (300.0, 200.0, 440.0, np.inf, 390.0),
    "play": (655.0, 455.0, 0.0, np.inf, 845.0),
    "bank": (475.0, 275.0, 485.0, np.inf, 565.0),
    "ford": (665.948, 465.948, 675.948, np.inf, 755.948),
    "isle": (np.inf, np.inf, np.inf, 45.0, np.inf),
}


def lines():
    """Streets, one line each, and which of them is the bridge."""
    west = [LineString([(x, y) for x in (0, 100, 200, 300)]) for y in (0, 100, 200, 300)]
    west += [LineString([(x, y) for y in (0, 100, 200, 300)]) for x in (0, 100, 200, 300)]
    east = [LineString([(x, y) for x in (400, 500, 600)]) for y in (0, 100, 200, 300)]
    east += [LineString([(x, y) for y in (0, 100, 200, 300)]) for x in (500, 600)]
    east += [LineString([(400, y) for y in (0, 100, 200, 300, 400)])]
    over = [LineString([(300, 0), (400, 0)]), LineString([(300, 200), (400, 200)])]
    ways = geometries(*west, *east, LineString([(0, 700), (100, 700)]), *over)
    bridge = np.zeros(len(ways), dtype=bool)
    bridge[-2] = True
    return ways, bridge


def whole() -> Network:
    """Before the river cuts it."""
    return from_lines(*lines())


def network() -> Network:
    """Streets a child can walk."""
    return cut(whole(), RIVER).severed


def edge_between(net, one, two):
    """Number of the edge between two nodes given by their metres; −1 = none."""
    for e, (u, v) in enumerate(zip(net.u, net.v, strict=True)):
        ends = {(net.x[u], net.y[u]), (net.x[v], net.y[v])}
        if ends == {one, two}:
            return e
    return NONE


def edges(net):
    """Edges as plain rows: node, node, mm, x, y, x, y."""
    return [
        (int(u), int(v), int(mm), float(net.x[u]), float(net.y[u]), float(net.x[v]), float(net.y[v]))
        for u, v, mm in zip(net.u, net.v, net.length_mm, strict=True)
    ]


def stops(found):
    """Attachments or doors as plain rows: edge, mm along it, mm to it."""
    columns = (found.edge, found.along_mm, found.offset_mm)
    return [tuple(int(value) for value in row) for row in zip(*columns, strict=True)]


# --- random towns -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Random:
    """A small town at the coordinates of a real one. `cell`: (n, 2) metres."""

    ways: np.ndarray
    cell: np.ndarray
    sites: np.ndarray

    @property
    def net(self):
        return from_lines(self.ways)

    @property
    def cells(self):
        return attach(self.net, self.cell[:, 0], self.cell[:, 1])


def random_town(seed, *, points_only=False, regular=None, n_sites=None):
    """A few streets in one piece or several; on a grid of 50 m every other time, so that many ways are equally long."""
    rng = np.random.default_rng(seed)
    regular = bool(rng.integers(2)) if regular is None else regular
    origin = np.array([560_000.0, 1_780_000.0])

    def places(n):
        at = rng.integers(0, 9, (n, 2)) * 50.0 if regular else rng.integers(0, 200_000, (n, 2)) * 0.002
        return np.round(origin + at, 3)

    nodes = np.unique(places(int(rng.integers(2, 14))), axis=0)
    if len(nodes) < 2:
        nodes = origin + np.array([[0.0, 0.0], [100.0, 50.0]])
    ways = []
    for _ in range(int(rng.integers(1, 12))):
        path = rng.permutation(len(nodes))[: int(rng.integers(2, 5))]
        ways.append(LineString(nodes[path]))
    site = []
    for x, y in places(int(rng.integers(1, 7)) if n_sites is None else n_sites):
        shape = Point(x, y)
        if not points_only and rng.random() < 0.4:
            wide, high = rng.integers(5, 90, 2)
            shape = box(x, y, x + wide, y + high)
        site.append(shape)
    cell = places(int(rng.integers(1, 12)))
    cell = np.round(cell + rng.integers(-20, 20, cell.shape), 3)
    return Random(geometries(*ways), cell, geometries(*site))


def walks(one, net=None, limit_m=FAR_M, **options):
    return walking(net or one.net, one.cell[:, 0], one.cell[:, 1], one.sites, limit_m, **options)


def table(reach, n_cells, n_sites):
    """Cells × sites, inf where there is no pair."""
    out = np.full((n_cells, n_sites), np.inf)
    out[reach.cell, reach.site] = reach.walk_m
    return out


def dense(one, net=None):
    return table(walks(one, net), len(one.cell), len(one.sites))


def attached(net, places):
    """Feet on the network (n, 2) and the way to them, metres."""
    found = attach(net, *places.T)
    return np.column_stack(place(net, found)), found.offset_mm / 1000


def straight_m(cell, sites):
    """Straight metres, cells × sites."""
    return shapely.distance(shapely.points(cell)[:, None], sites[None, :])
