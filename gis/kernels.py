"""Kernels: shortest paths in compiled code, for which the layout of the data counts more than the algorithm.

Nodes are in Z-order (see `network.Graph`) and lengths are whole millimetres. The search goes tile by tile, so that labels and
queues stay in the processor's cache. A label is set again whenever a shorter one is found (label-correcting), so the
answer does not depend on tiles or threads: the least distance and, among equals, the least site.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

TILE = 13
"""2^13 places in a row are searched together."""
BUCKET, BUCKETS = 15, 1024
"""A bucket is 2^15 mm wide."""
HIGH, LOW = np.int64(-1 << 32), np.int64(0xFFFFFFFF)
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
def spread(indptr, roads, low, high, seed, seed_key, limit, key):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Label the places low … high − 1 with the least key (mm << 32 | site) that leads to them within `limit` mm, in place.

    The range is worked off tile by tile (`TILE` places in a row, which fit the processor's cache). In a tile, places wait in
    buckets of `BUCKET` mm; what crosses into another tile waits for it there. A label is set again whenever a lesser key comes, so
    the answer depends neither on tiles and buckets nor on how ranges are shared among threads.

    `roads` : (mm << 32 | place) of each edge. `seed`, `seed_key` : places of the range to start from.
    Returns rows (key, place) that lead out of the range.
    """
    n_tiles = ((high - low - 1) >> TILE) + 1
    beyond = (np.int64(limit) + 1) << 32
    drop = np.int64(32 + BUCKET)
    last = np.int64(BUCKETS - 1)
    mail = np.empty((max(4096, 2 * len(seed)), 2), np.int64)  # key, next << 32 | place: one list a tile
    mail_top, mail_free = np.int64(0), np.int64(-1)
    first = np.full(n_tiles, -1, np.int64)
    for s in range(len(seed)):
        place, k = seed[s], seed_key[s]
        if k < beyond and k < key[place]:
            key[place] = k
            tile = (place - low) >> TILE
            mail[mail_top, 0] = k
            mail[mail_top, 1] = (first[tile] << 32) | place
            first[tile] = mail_top
            mail_top += 1
    out = np.empty((1024, 2), np.int64)
    n_out = 0
    head = np.full(BUCKETS, -1, np.int64)
    wait = np.empty((8192, 2), np.int64)  # key, next << 32 | place: one list a bucket
    again = True
    while again:
        again = False
        for tile in range(n_tiles):
            if first[tile] < 0:
                continue
            again = True
            t_low = low + (np.int64(tile) << TILE)
            size = np.uint64(min(t_low + (np.int64(1) << TILE), high) - t_low)
            top, free, count = np.int64(0), np.int64(-1), 0
            now = np.int64(2**62)
            at = first[tile]
            while at >= 0:
                now = min(now, mail[at, 0] >> drop)
                at = mail[at, 1] >> 32
            at = first[tile]
            first[tile] = -1
            while at >= 0:
                k, link = mail[at, 0], mail[at, 1]
                place = link & LOW
                mail[at, 1] = mail_free << 32
                mail_free = at
                at = link >> 32
                if key[place] == k:
                    if top == len(wait):
                        wait = _twice(wait)
                    b = min(k >> drop, now + last) & last
                    wait[top, 0] = k
                    wait[top, 1] = (head[b] << 32) | place
                    head[b] = top
                    top += 1
                    count += 1
            while count > 0:
                b = now & last
                entry = head[b]
                if entry < 0:
                    now += 1
                    continue
                k, link = wait[entry, 0], wait[entry, 1]
                place = link & LOW
                head[b] = link >> 32
                if key[place] == k and (k >> drop) > now:  # it was beyond the last bucket
                    b = min(k >> drop, now + last) & last
                    wait[entry, 1] = (head[b] << 32) | place
                    head[b] = entry
                    continue
                wait[entry, 1] = free << 32
                free = entry
                count -= 1
                if key[place] != k:
                    continue
                for edge in range(indptr[place], indptr[place + 1]):
                    road = roads[edge]
                    far = k + (road & HIGH)
                    other = road & LOW
                    if np.uint64(other - t_low) < size:
                        if far < key[other] and far < beyond:
                            key[other] = far
                            if free >= 0:
                                entry = free
                                free = wait[entry, 1] >> 32
                            else:
                                if top == len(wait):
                                    wait = _twice(wait)
                                entry = top
                                top += 1
                            b = min(far >> drop, now + last) & last
                            wait[entry, 0] = far
                            wait[entry, 1] = (head[b] << 32) | other
                            head[b] = entry
                            count += 1
                    elif low <= other < high:
                        if far < key[other] and far < beyond:
                            key[other] = far
                            if mail_free >= 0:
                                at = mail_free
                                mail_free = mail[at, 1] >> 32
                            else:
                                if mail_top == len(mail):
                                    mail = _twice(mail)
                                at = mail_top
                                mail_top += 1
                            to = (other - low) >> TILE
                            mail[at, 0] = far
                            mail[at, 1] = (first[to] << 32) | other
                            first[to] = at
                    elif far < beyond:
                        if n_out == len(out):
                            out = _twice(out)
                        out[n_out, 0] = far
                        out[n_out, 1] = other
                        n_out += 1
    return out[:n_out]


@compiled
def _twice(rows):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    grown = np.empty((2 * len(rows), 2), np.int64)
    grown[: len(rows)] = rows
    return grown


@compiled
def adjacency(rank, u, v, mm):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Edges of each place, by the place they lead to: indptr, indices and weights."""
    n = len(rank)
    indptr = np.zeros(n + 1, np.int64)
    for e in range(len(u)):
        indptr[rank[u[e]] + 1] += 1
        indptr[rank[v[e]] + 1] += 1
    for place in range(n):
        indptr[place + 1] += indptr[place]
    at = indptr[:-1].copy()
    indices, weights = np.empty(2 * len(u), np.int32), np.empty(2 * len(u), np.int32)
    for e in range(len(u)):
        for tail, other in ((rank[u[e]], rank[v[e]]), (rank[v[e]], rank[u[e]])):
            k = at[tail]
            at[tail] += 1
            while k > indptr[tail] and indices[k - 1] > other:  # rows are short
                indices[k] = indices[k - 1]
                weights[k] = weights[k - 1]
                k -= 1
            indices[k] = other
            weights[k] = mm[e]
    return indptr, indices, weights


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
