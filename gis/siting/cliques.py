"""Cliques: sets of sites that stand too close, each to each. One row for a set says more to the solver than a row for each pair."""

from __future__ import annotations

import numpy as np
import scipy.sparse
from sanchoi.gis.kernels import compiled
from sanchoi.gis.siting.problem import Ints


def cliques(pairs: Ints, m: int) -> tuple[Ints, Ints]:
    """Sets of candidates each of which conflicts with all others of its set, every pair in one of them at least: (row, candidate).

    Greedy: from each pair not yet in a set, every common neighbour that still fits is added, first those whose pair with the first
    site is in no set yet.

    Parameters
    ----------
    pairs : (pairs, 2) positions below m, in any order, repeated or not.
    """
    one, two = pairs[:, 0], pairs[:, 1]
    apart = one != two
    one, two = one[apart], two[apart]
    both = scipy.sparse.csr_array(
        (np.ones(2 * len(one), dtype=np.int8), (np.concatenate([one, two]), np.concatenate([two, one]))), shape=(m, m)
    )
    both.sum_duplicates()
    both.sort_indices()
    row, at = _greedy(both.indptr.astype(np.int64), both.indices.astype(np.int64))
    return row, at


@compiled
def _find(near: Ints, low: int, high: int, j: int) -> int:
    """Position of j, which is there, among the sorted near[low:high]."""
    while low < high:
        middle = (low + high) // 2
        if near[middle] < j:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _greedy(start: Ints, near: Ints):  # type: ignore[no-untyped-def] # noqa: ANN202
    m = len(start) - 1
    fresh = np.ones(len(near), dtype=np.bool_)
    row, at = [0 for _ in range(0)], [0 for _ in range(0)]
    most = 0
    for i in range(m):
        most = max(most, start[i + 1] - start[i])
    fits = np.empty(most, dtype=np.int64)
    members = np.empty(most + 1, dtype=np.int64)
    count = 0
    for i in range(m):
        for first in range(start[i], start[i + 1]):
            if not fresh[first]:
                continue
            members[0], size = i, 1
            n = start[i + 1] - start[i]
            fits[:n] = near[start[i] : start[i + 1]]
            j = near[first]
            while True:
                members[size] = j
                size += 1
                kept, e = 0, start[j]
                for f in range(n):  # what also stands close to j
                    k = fits[f]
                    while e < start[j + 1] and near[e] < k:
                        e += 1
                    if e < start[j + 1] and near[e] == k:
                        fits[kept] = k
                        kept += 1
                n = kept
                if n == 0:
                    break
                j = fits[0]
                for f in range(n):
                    if fresh[_find(near, start[i], start[i + 1], fits[f])]:
                        j = fits[f]
                        break
            for a in range(size):
                for b in range(size):
                    if a != b:
                        fresh[_find(near, start[members[a]], start[members[a] + 1], members[b])] = False
            for member in np.sort(members[:size]):
                row.append(count)
                at.append(member)
            count += 1
    return np.array(row, dtype=np.int64), np.array(at, dtype=np.int64)
