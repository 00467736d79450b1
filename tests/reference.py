"""Slow, obvious versions of what the product computes fast. No vectors, no sharing, no code of the product."""

import itertools
import math

# --- crowding ---------------------------------------------------------------------------------------------------------


def decay(d, limit, kind):
    if not d <= limit:
        return 0.0
    if kind == "binary":
        return 1.0
    if kind == "step":
        return 1.0 if d <= limit / 3 else 0.68 if d <= 2 * limit / 3 else 0.22
    return (math.exp(-0.5 * (d / limit) ** 2) - math.exp(-0.5)) / (1 - math.exp(-0.5))


def crowding(d, children, area, limit, kind="gaussian", omega=None):
    """A_ib by two plain loops: first each site's ratio, then each cell's sum. d: cells × sites, limit: bands × sites."""
    cells, sites, bands = len(d), len(area), len(limit)
    omega = [1.0] * bands if omega is None else omega
    ratio = []
    for j in range(sites):
        asked = sum(
            omega[b] * children[i][b] * decay(d[i][j], limit[b][j], kind) for i in range(cells) for b in range(bands)
        )
        ratio.append(area[j] / asked if asked > 0 else 0.0)
    return [
        [sum(ratio[j] * decay(d[i][j], limit[b][j], kind) for j in range(sites)) for b in range(bands)]
        for i in range(cells)
    ]


# --- walks on a network -----------------------------------------------------------------------------------------------
# edges: rows (node, node, mm, x, y, x, y); a stop: (edge, mm along it, mm to it), edge −1 = not attached.


def attach(edges, x, y):
    """The nearest edge by looking at every one; of equally near ones (to the millimetre) the first."""
    best = (-1, 0, 0)
    least = None
    for e, (_, _, length, ax, ay, bx, by) in enumerate(edges):
        dx, dy = bx - ax, by - ay
        t = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
        t = min(max(t, 0.0), 1.0)
        away = math.hypot(ax + t * dx - x, ay + t * dy - y)
        if least is None or round(away * 1e6) < least:
            least = round(away * 1e6)
            best = (e, round(t * length), round(away * 1000))
    return best


def walks(edges, cells, doors):
    """Table cell × site of mm by plain Dijkstra from each cell; inf = no way. doors: one list of stops per site.

    Every stop becomes a node of its own in the graph, and the edge it is on is cut there.
    """
    graph = {}

    def link(a, b, mm):
        graph.setdefault(a, []).append((b, mm))
        graph.setdefault(b, []).append((a, mm))

    on_edge = {}
    for i, (edge, along, offset) in enumerate(cells):
        if edge >= 0:
            on_edge.setdefault(edge, []).append((along, ("foot of cell", i)))
            link(("cell", i), ("foot of cell", i), offset)
    for j, stops in enumerate(doors):
        for k, (edge, along, offset) in enumerate(stops):
            if edge >= 0:
                on_edge.setdefault(edge, []).append((along, ("foot of door", j, k)))
                link(("site", j), ("foot of door", j, k), offset)
    for e, (u, v, length, *_) in enumerate(edges):
        row = [(0, ("node", u)), *sorted(on_edge.get(e, [])), (length, ("node", v))]
        for (from_mm, a), (to_mm, b) in itertools.pairwise(row):
            link(a, b, to_mm - from_mm)
    table = []
    for i in range(len(cells)):
        reached = _dijkstra(graph, ("cell", i))
        table.append([reached.get(("site", j), math.inf) for j in range(len(doors))])
    return table


def _dijkstra(graph, start):
    """Nodes other than cells and sites are passed through; a site ends a walk."""
    done, open_ = {}, {start: 0}
    while open_:
        node = min(open_, key=open_.get)
        mm = open_.pop(node)
        done[node] = mm
        if node[0] == "site" or (node[0] == "cell" and node != start):
            continue
        for other, step in graph.get(node, []):
            if other not in done and mm + step < open_.get(other, math.inf):
                open_[other] = mm + step
    return done


def pairs(table, limit_mm):
    """(cell, site) → mm within the limit."""
    return {(i, j): mm for i, row in enumerate(table) for j, mm in enumerate(row) if mm <= limit_mm}


def nearest(table):
    """Least mm of each cell and the first site at it; (inf, −1) = none."""
    out = []
    for row in table:
        least = min(row, default=math.inf)
        out.append((least, row.index(least) if least < math.inf else -1))
    return out


def nearest_seeds(edges, seeds):
    """Node → (least mm, first site at it) by relaxing every edge until nothing changes, one seed (node, mm, site) at a time."""
    best = {}
    for start, mm, site in seeds:
        reached = {start: mm}
        changed = True
        while changed:
            changed = False
            for u, v, length in edges:
                for a, b in ((u, v), (v, u)):
                    if a in reached and reached[a] + length < reached.get(b, math.inf):
                        reached[b] = reached[a] + length
                        changed = True
        for node, far in reached.items():
            best[node] = min(best.get(node, (far, site)), (far, site))
    return best


# --- two results compared ---------------------------------------------------------------------------------------------
# a side of a cell: a list of rows (children, state), state "bad", "good", "?" = not known, children None = number not known;
# None = the cell lies outside that side's area.


def change_parts(one, two):
    """One cell, one norm: part → children, said in words rather than in arrays."""

    def bad(rows):
        return sum(n for n, state in rows or [] if n is not None and state == "bad")

    def people(rows):
        return sum(n for n, _ in rows if n is not None)

    def known(rows):
        return all(n is not None and (state != "?" or n == 0) for n, state in rows)

    change = bad(two) - bad(one)
    if one is None or two is None:
        return {"only_second" if one is None else "only_first": change}
    if not (known(one) and known(two)):
        name = (
            "unknown_both" if not known(one) and not known(two) else "newly_known" if known(two) else "no_longer_known"
        )
        return {name: change}
    p1, p2 = people(one), people(two)
    if p1 == 0 or p2 == 0:
        return {"children": change}
    b1, b2 = bad(one) / p1, bad(two) / p2
    return {"children": (p2 - p1) * (b1 + b2) / 2, "ground": (b2 - b1) * (p1 + p2) / 2}


def split_by_hand(cell, one, two):
    """Share of a rectangle `cell` ∩ `one` that lies in each rectangle of `two`, and outside all: boxes (x0, y0, x1, y1)."""

    def cut(a, b):
        return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])

    def area(a):
        return max(a[2] - a[0], 0) * max(a[3] - a[1], 0)

    mine = cut(cell, one)
    shares = [area(cut(mine, box)) / area(mine) if area(mine) else 0.0 for box in two]
    return [*shares, 1 - sum(shares)]
