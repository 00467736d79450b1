"""Kernels: shortest paths in compiled code, for which the layout of the data counts more than the algorithm.

Nodes are in Z-order (see `network.Graph`), lengths are whole millimetres, and sources are settled in small batches of neighbours,
so that heap and labels stay in the processor's cache. A label is set again whenever a shorter one is found
(label-correcting), so the answer does not depend on the batches: the least distance and, among equals, the least site.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

BATCH = 16
FAR = np.int32(2**31 - 1)
"""Distance of what cannot be reached."""


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile at the first call; the machine code is kept on disk where a folder for it can be written."""
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no place for the cache
        return numba.njit(nogil=True)(function)


@compiled
def _push(heap, size, key):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    if size == len(heap):
        grown = np.empty(2 * size, np.int64)
        grown[:size] = heap
        heap = grown
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= key:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = key
    return heap


@compiled
def _pop(heap, size):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Take the least key, `heap[0]`, out of a heap of `size`; the caller has read it."""
    key = heap[size - 1]
    size -= 1
    at = 0
    below = 1
    while below < size:
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= key:
            break
        heap[at] = heap[below]
        at = below
        below = 2 * at + 1
    heap[at] = key


@compiled
def settle(indptr, indices, weights, seed, seed_mm, seed_site, limit, batch, dist, site):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Label every place within `limit` mm of a seed with its least distance and the site it leads to, in place.

    `seed`, `seed_mm`, `seed_site` : places, distances at which they start and sites; neighbours should follow each other.
    `dist`, `site` : labels of all places; `FAR` and the largest int where none was set.
    """
    heap = np.empty(4096, np.int64)
    for first in range(0, len(seed), batch):
        size = 0
        for s in range(first, min(first + batch, len(seed))):
            place, mm, mark = seed[s], seed_mm[s], seed_site[s]
            if mm <= limit and (mm < dist[place] or (mm == dist[place] and mark <= site[place])):
                dist[place] = mm
                site[place] = mark
                heap = _push(heap, size, (np.int64(mm) << 32) | place)
                size += 1
        while size > 0:
            key = heap[0]
            _pop(heap, size)
            size -= 1
            mm = key >> 32
            place = key & 0xFFFFFFFF
            if mm > dist[place]:
                continue
            mark = site[place]
            for edge in range(indptr[place], indptr[place + 1]):
                far = mm + weights[edge]
                if far > limit:
                    continue
                other = indices[edge]
                if far < dist[other] or (far == dist[other] and mark < site[other]):
                    dist[other] = far
                    site[other] = mark
                    heap = _push(heap, size, (far << 32) | other)
                    size += 1


@compiled
def frontier(indptr, indices, weights, dist, site, limit):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Places with a label from which a step leads beyond `limit`: where a wider search goes on."""
    count = 0
    out = np.empty(1024, np.int64)
    for place in range(len(dist)):
        if dist[place] == FAR:
            continue
        for edge in range(indptr[place], indptr[place + 1]):
            if dist[indices[edge]] == FAR and np.int64(dist[place]) + weights[edge] > limit:
                if count == len(out):
                    grown = np.empty(2 * count, np.int64)
                    grown[:count] = out
                    out = grown
                out[count] = place
                count += 1
                break
    return out[:count]


@compiled
def catchments(  # type: ignore[no-untyped-def] # noqa: ANN201
    indptr,  # noqa: ANN001
    indices,  # noqa: ANN001
    weights,  # noqa: ANN001
    door_of,  # noqa: ANN001
    door_place,  # noqa: ANN001
    door_mm,  # noqa: ANN001
    same_of,  # noqa: ANN001
    same_cell,  # noqa: ANN001
    same_mm,  # noqa: ANN001
    cell_of,  # noqa: ANN001
    cell,  # noqa: ANN001
    cell_mm,  # noqa: ANN001
    n_cells,  # noqa: ANN001
    sites,  # noqa: ANN001
    limit,  # noqa: ANN001
):
    """Every pair of a site and a cell within `limit` mm.

    For site j: `door_place[k]`, `door_mm[k]` with k in `door_of[j]:door_of[j + 1]` are places to start from, and
    `same_cell`, `same_mm` (by `same_of`) cells on the very edges of its doors. For place p: `cell`, `cell_mm` (by `cell_of`) are
    the cells attached to its edges and what it takes to get there. Returns cells, sites, mm.
    """
    n = len(indptr) - 1
    dist = np.empty(n, np.int32)
    mark = np.full(n, -1, np.int32)
    best = np.empty(n_cells, np.int32)
    seen = np.full(n_cells, -1, np.int32)
    hits = np.empty(max(n_cells, 1), np.int32)
    heap = np.empty(4096, np.int64)
    out_cell, out_site, out_mm = np.empty(4096, np.int32), np.empty(4096, np.int32), np.empty(4096, np.int32)
    count = 0
    for j in sites:
        n_hits = 0
        for k in range(same_of[j], same_of[j + 1]):
            c, mm = same_cell[k], same_mm[k]
            if mm <= limit:
                if seen[c] != j:
                    seen[c] = j
                    best[c] = mm
                    hits[n_hits] = c
                    n_hits += 1
                elif mm < best[c]:
                    best[c] = mm
        size = 0
        for k in range(door_of[j], door_of[j + 1]):
            place, start = door_place[k], door_mm[k]
            if start <= limit and (mark[place] != j or start < dist[place]):
                mark[place] = j
                dist[place] = start
                heap = _push(heap, size, (np.int64(start) << 32) | place)
                size += 1
        while size > 0:
            key = heap[0]
            _pop(heap, size)
            size -= 1
            walked = key >> 32
            place = key & 0xFFFFFFFF
            if walked > dist[place]:
                continue
            for k in range(cell_of[place], cell_of[place + 1]):
                mm = walked + cell_mm[k]
                if mm <= limit:
                    c = cell[k]
                    if seen[c] != j:
                        seen[c] = j
                        best[c] = mm
                        hits[n_hits] = c
                        n_hits += 1
                    elif mm < best[c]:
                        best[c] = mm
            for edge in range(indptr[place], indptr[place + 1]):
                far = walked + weights[edge]
                if far <= limit:
                    other = indices[edge]
                    if mark[other] != j or far < dist[other]:
                        mark[other] = j
                        dist[other] = far
                        heap = _push(heap, size, (far << 32) | other)
                        size += 1
        if count + n_hits > len(out_cell):
            room = 2 * (count + n_hits)
            grown_cell, grown_site, grown_mm = (
                np.empty(room, np.int32),
                np.empty(room, np.int32),
                np.empty(room, np.int32),
            )
            grown_cell[:count], grown_site[:count], grown_mm[:count] = (
                out_cell[:count],
                out_site[:count],
                out_mm[:count],
            )
            out_cell, out_site, out_mm = grown_cell, grown_site, grown_mm
        for h in range(n_hits):
            out_cell[count] = hits[h]
            out_site[count] = j
            out_mm[count] = best[hits[h]]
            count += 1
    return out_cell[:count], out_site[:count], out_mm[:count]


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
