"""Cutting: what plain outlines leave of plain outlines, some ten times as fast as a union and a difference by GEOS.

After Greiner & Hormann (1998). It does only what it can do for certain: outlines that touch are refused, and GEOS is asked.
"""

from __future__ import annotations

import numpy as np
from sanchoi.gis.kernels import compiled

SAME, CUT, REFUSED = 0, 1, 2
TOUCH_M = 1e-7
"""Outlines that come closer without crossing, or cross in two places closer than that, are left to GEOS."""
MOST_CROSSINGS, MOST_POINTS = 64, 4096
"""Of one outline with another; of what is left of one parcel."""


@compiled
def _ring(xy, a, b, x0, y0, out):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Write outline `xy[a:b]` anticlockwise about an origin, without closing point and repeated points; return its size."""
    n, twice = 0, 0.0
    for k in range(a, b):
        x, y = xy[k, 0] - x0, xy[k, 1] - y0
        if n == 0 or x != out[n - 1, 0] or y != out[n - 1, 1]:
            out[n, 0], out[n, 1] = x, y
            n += 1
    while n > 1 and out[n - 1, 0] == out[0, 0] and out[n - 1, 1] == out[0, 1]:
        n -= 1
    for k in range(n):
        before = k - 1 if k else n - 1
        twice += out[before, 0] * out[k, 1] - out[k, 0] * out[before, 1]
    if twice < 0:
        for k in range(n // 2):
            x, y = out[k, 0], out[k, 1]
            out[k, 0], out[k, 1] = out[n - 1 - k, 0], out[n - 1 - k, 1]
            out[n - 1 - k, 0], out[n - 1 - k, 1] = x, y
    return n


@compiled
def _bounds(ring):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    x0 = y0 = np.inf
    x1 = y1 = -np.inf
    for k in range(len(ring)):
        x0, x1, y0, y1 = min(x0, ring[k, 0]), max(x1, ring[k, 0]), min(y0, ring[k, 1]), max(y1, ring[k, 1])
    return x0, x1, y0, y1


@compiled
def _apart(one, other):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Whether bounds lie apart by more than a touch."""
    across = max(one[0] - other[1], other[0] - one[1])
    return max(across, one[2] - other[3], other[2] - one[3]) > TOUCH_M


@compiled
def _holds(ring, x, y):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Whether a point that is not on the outline is inside."""
    inside = False
    for k in range(len(ring)):
        ax, ay, bx, by = ring[k - 1, 0], ring[k - 1, 1], ring[k, 0], ring[k, 1]
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            inside = not inside
    return inside


@compiled
def _crossings(p, q, found):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Where outline p crosses outline q: (place along p, place along q, x, y, 1 = into q); how many, -1 = they touch."""
    count = 0
    x0, x1, y0, y1 = _bounds(p)
    for j in range(len(q)):
        ax, ay, bx, by = q[j - 1, 0], q[j - 1, 1], q[j, 0], q[j, 1]
        u0, u1, v0, v1 = min(ax, bx) - TOUCH_M, max(ax, bx) + TOUCH_M, min(ay, by) - TOUCH_M, max(ay, by) + TOUCH_M
        if u1 < x0 or u0 > x1 or v1 < y0 or v0 > y1:
            continue
        ex, ey = bx - ax, by - ay
        near_q = TOUCH_M * np.sqrt(ex * ex + ey * ey)
        for i in range(len(p)):
            cx, cy, dx, dy = p[i - 1, 0], p[i - 1, 1], p[i, 0], p[i, 1]
            if max(cx, dx) < u0 or min(cx, dx) > u1 or max(cy, dy) < v0 or min(cy, dy) > v1:
                continue
            c, d = ex * (cy - ay) - ey * (cx - ax), ex * (dy - ay) - ey * (dx - ax)
            if min(c, d) > near_q or max(c, d) < -near_q:
                continue
            fx, fy = dx - cx, dy - cy
            near_p = TOUCH_M * np.sqrt(fx * fx + fy * fy)
            a, b = fx * (ay - cy) - fy * (ax - cx), fx * (by - cy) - fy * (bx - cx)
            if min(a, b) > near_p or max(a, b) < -near_p:
                continue
            if min(abs(c), abs(d)) <= near_q or min(abs(a), abs(b)) <= near_p or count == len(found):
                return -1
            t = c / (c - d)
            found[count, 0], found[count, 1] = i + t, j + a / (a - b)
            found[count, 2], found[count, 3] = cx + t * fx, cy + t * fy
            found[count, 4] = 1.0 if c < 0 else 0.0
            count += 1
    return count


@compiled
def _order(keys, k):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Positions of the first k keys, the least first."""
    order = np.arange(k)
    for r in range(1, k):
        mine, at = order[r], r
        while at > 0 and keys[order[at - 1]] > keys[mine]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = mine
    return order


@compiled
def _outside(p, q, found, k, out, ends, count):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Add the parts of p outside q to the rings of `out` (Greiner and Hormann 1998); how many there are then.

    -1 = the crossings do not alternate, or there is no room. From where p leaves q along p to where it enters, from there back
    along q to where p leaves, until the ring closes.
    """
    n, m = len(p), len(q)
    by_p, by_q = _order(found[:, 0], k), _order(found[:, 1], k)
    after, before, seen = np.empty(k, np.int64), np.empty(k, np.int64), np.zeros(k, np.bool_)
    for r in range(k):
        after[by_p[r - 1]], before[by_q[r]] = by_p[r], by_q[r - 1]
    for r in range(k):
        for other in (after[r], before[r]):
            gap = abs(found[r, 2] - found[other, 2]) + abs(found[r, 3] - found[other, 3])
            if not gap > TOUCH_M or found[r, 4] == found[other, 4]:
                return -1
    if ends[count] + n + m + k > len(out) or count + k >= len(ends):
        return -1
    for r in range(k):
        at, size = r, ends[count]
        while not seen[at] and (at != r or found[at, 4] == 0.0):
            seen[at] = True
            out[size, 0], out[size, 1] = found[at, 2], found[at, 3]
            size += 1
            leaves = found[at, 4] == 0.0
            to, along, ring = (after[at], 0, p) if leaves else (before[at], 1, q)
            edge, last = int(found[at, along]), int(found[to, along])
            steps = (last - edge) % n if leaves else (edge - last) % m
            if steps == 0 and (found[to, along] < found[at, along]) == leaves:
                steps = len(ring)
            for step in range(steps):
                corner = (edge + step) % n if leaves else (edge - 1 - step) % m
                out[size, 0], out[size, 1] = ring[corner, 0], ring[corner, 1]
                size += 1
            at = to
        if size > ends[count]:
            count += 1
            ends[count] = size
    return count


@compiled
def _take(rings, ends, count, q, found, out, out_ends):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Write what is left of the rings outside q; their number (-1 = refused), and 0 = as before, 1 = cut, 2 = q within a ring."""
    left, state, bounds = 0, 0, _bounds(q)
    for r in range(count):
        p = rings[ends[r] : ends[r + 1]]
        apart = _apart(_bounds(p), bounds)
        k = 0 if apart else _crossings(p, q, found)
        if k:
            left = -1 if k < 0 else _outside(p, q, found, k, out, out_ends, left)
            if left < 0:
                return -1, 1
            state = 1
        elif not apart and _holds(q, p[0, 0], p[0, 1]):
            state = 1
        else:
            end = out_ends[left] + len(p)
            if end > len(out) or left + 2 > len(out_ends):
                return -1, 1
            for i in range(len(p)):
                out[out_ends[left] + i, 0], out[out_ends[left] + i, 1] = p[i, 0], p[i, 1]
            left += 1
            out_ends[left] = end
            if not apart and _holds(p, q[0, 0], q[0, 1]):
                state = 2
    return left, state


@compiled
def _add(points, begins, rings, ring, x0, y0):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Write a ring, closed, after the others."""
    end = begins[rings]
    for k in range(len(ring) + 1):
        points[end + k, 0], points[end + k, 1] = ring[k % len(ring), 0] + x0, ring[k % len(ring), 1] + y0
    begins[rings + 1] = end + len(ring) + 1
    return rings + 1


@compiled
def cut(xy, start, first, which, shape_xy, shape_start):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Take the shapes `which[first[k] : first[k + 1]]` off parcel k; both are closed rings, one after the other from `start` on.

    Returns the state of each parcel (`SAME`, `CUT`, `REFUSED`) and polygons as shapely's ragged arrays: points, first point of
    each ring, first ring of each polygon; and the parcel of each polygon. A parcel is refused where an outline is missing or very
    long, where outlines touch rather than cross, and where what is left has a hole that meets anything else.
    """
    state = np.full(len(first) - 1, REFUSED, np.int8)
    points, begins, polygons, of = (
        np.empty((64, 2)),
        np.zeros(64, np.int64),
        np.zeros(64, np.int64),
        np.zeros(64, np.int64),
    )
    rings = parts = 0
    one, two, q = np.empty((MOST_POINTS, 2)), np.empty((MOST_POINTS, 2)), np.empty((MOST_POINTS, 2))
    ends, two_ends = np.zeros(MOST_CROSSINGS, np.int64), np.zeros(MOST_CROSSINGS, np.int64)
    holes, hole_bounds = np.empty(MOST_CROSSINGS, np.int64), np.empty((MOST_CROSSINGS, 4))
    found = np.empty((MOST_CROSSINGS, 5))
    for k in range(len(first) - 1):
        size = start[k + 1] - start[k]
        if size < 4 or size > MOST_POINTS:
            continue
        x0, y0 = xy[start[k], 0] // 1024 * 1024, xy[start[k], 1] // 1024 * 1024  # taken off without rounding
        ends[1] = _ring(xy, start[k], start[k + 1], x0, y0, one)
        whole, count, pierced, now = _bounds(one[: ends[1]]), 1, 0, SAME
        for turn in range(2):  # first what sticks out of the parcel's bounds: holes come last
            for at in range(first[k], first[k + 1]):
                s = which[at]
                m = shape_start[s + 1] - shape_start[s]
                if now == REFUSED or m < 4 or m > MOST_POINTS:
                    now = REFUSED
                    break
                ring = q[: _ring(shape_xy, shape_start[s], shape_start[s + 1], x0, y0, q)]
                b = _bounds(ring)
                if (b[0] > whole[0] and b[1] < whole[1] and b[2] > whole[2] and b[3] < whole[3]) != (turn == 1):
                    continue
                left, did = _take(one, ends, count, ring, found, two, two_ends)
                for hole in range(pierced):
                    if did == 1 or (did == 2 and not _apart(hole_bounds[hole], b)):
                        left = -1
                if left < 0 or pierced == MOST_CROSSINGS - 1:
                    now = REFUSED
                    break
                if did == 2:
                    holes[pierced], pierced = s, pierced + 1
                    hole_bounds[pierced - 1, 0], hole_bounds[pierced - 1, 1] = b[0], b[1]
                    hole_bounds[pierced - 1, 2], hole_bounds[pierced - 1, 3] = b[2], b[3]
                now = CUT if did else now
                one, two, ends, two_ends, count = two, one, two_ends, ends, left
        state[k] = now
        if now != CUT:
            continue
        room = begins[rings] + ends[count] + count
        for hole in range(pierced):
            room += shape_start[holes[hole] + 1] - shape_start[holes[hole]] + 1
        if room > len(points):
            points = np.concatenate((points, np.empty((room, 2))))
        if rings + count + pierced + 2 > len(begins):
            more = np.zeros(rings + count + pierced + 2, np.int64)
            begins, polygons, of = np.append(begins, more), np.append(polygons, more), np.append(of, more)
        for r in range(count):
            p = one[ends[r] : ends[r + 1]]
            polygons[parts], of[parts], parts = rings, k, parts + 1
            rings = _add(points, begins, rings, p, x0, y0)
            for hole in range(pierced):
                s = holes[hole]
                ring = q[: _ring(shape_xy, shape_start[s], shape_start[s + 1], x0, y0, q)]
                if _holds(p, ring[0, 0], ring[0, 1]):
                    rings = _add(points, begins, rings, ring, x0, y0)
    polygons[parts] = rings
    return state, points[: begins[rings]], begins[: rings + 1], polygons[: parts + 1], of[:parts]
