"""Squares: a grid that lists the edges touching each square, and the search for the nearest edge in it, in compiled code."""

from __future__ import annotations

import numpy as np
from sanchoi.gis.kernels import compiled


@compiled
def squares(ax, ay, bx, by, x0, y0, size, n_cols, n_rows):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Edges by the square they may touch: edges `item[ptr[s]:ptr[s + 1]]` in square s."""
    ptr = np.zeros(n_cols * n_rows + 1, np.int64)
    item = np.empty(0, np.int32)
    for fill in (False, True):
        if fill:
            for s in range(n_cols * n_rows):
                ptr[s + 1] += ptr[s]
            item = np.empty(ptr[-1], np.int32)
            at = ptr[:-1].copy()
        for e in range(len(ax)):
            dx, dy = bx[e] - ax[e], by[e] - ay[e]
            pieces = max(int(np.ceil(max(abs(dx), abs(dy)) / size)), 1)
            for step in range(pieces):
                s0, s1 = step / pieces, (step + 1) / pieces
                c0 = min(max(int((ax[e] + s0 * dx - x0) // size), 0), n_cols - 1)
                r0 = min(max(int((ay[e] + s0 * dy - y0) // size), 0), n_rows - 1)
                c1 = min(max(int((ax[e] + s1 * dx - x0) // size), 0), n_cols - 1)
                r1 = min(max(int((ay[e] + s1 * dy - y0) // size), 0), n_rows - 1)
                for r in range(min(r0, r1), max(r0, r1) + 1):
                    for c in range(min(c0, c1), max(c0, c1) + 1):
                        s = r * n_cols + c
                        if fill:
                            item[at[s]] = e
                            at[s] += 1
                        else:
                            ptr[s + 1] += 1
    return ptr, item


@compiled
def nearest_edges(  # type: ignore[no-untyped-def] # noqa: ANN201
    px,  # noqa: ANN001
    py,  # noqa: ANN001
    ax,  # noqa: ANN001
    ay,  # noqa: ANN001
    bx,  # noqa: ANN001
    by,  # noqa: ANN001
    ptr,  # noqa: ANN001
    item,  # noqa: ANN001
    x0,  # noqa: ANN001
    y0,  # noqa: ANN001
    size,  # noqa: ANN001
    n_cols,  # noqa: ANN001
    n_rows,  # noqa: ANN001
    rings,  # noqa: ANN001
    edge,  # noqa: ANN001
):
    """Nearest edge of each point by a grid of squares that list their edges, ring by ring; −1 where `rings` do not suffice.

    The distance is compared in whole micrometres, and of equally near edges the first is taken.
    """
    for i in range(len(px)):
        x, y = px[i], py[i]
        col, row = int(np.floor((x - x0) / size)), int(np.floor((y - y0) / size))
        best, found = np.int64(2**62), -1
        for r in range(rings):
            for rr in range(max(row - r, 0), min(row + r, n_rows - 1) + 1):
                step = 1 if rr in (row - r, row + r) or r == 0 else 2 * r
                cc = col - r
                while cc <= col + r:
                    if 0 <= cc < n_cols:
                        square = rr * n_cols + cc
                        for k in range(ptr[square], ptr[square + 1]):
                            e = item[k]
                            dx, dy = bx[e] - ax[e], by[e] - ay[e]
                            whole = dx * dx + dy * dy
                            t = ((x - ax[e]) * dx + (y - ay[e]) * dy) / whole if whole > 0 else 0.0
                            t = min(max(t, 0.0), 1.0)
                            ex, ey = ax[e] + t * dx - x, ay[e] + t * dy - y
                            away = np.int64(np.rint(np.sqrt(ex * ex + ey * ey) * 1e6))
                            if away < best or (away == best and e < found):
                                best = away
                                found = e
                    cc += step
            margin = min(
                min(x - (x0 + (col - r) * size), x0 + (col + r + 1) * size - x),
                min(y - (y0 + (row - r) * size), y0 + (row + r + 1) * size - y),
            )
            if found >= 0 and best + 1 <= margin * 1e6:
                edge[i] = found
                break
