"""Lists: many short lists in one array (compressed rows), with a few entries taken out and others put in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Array = npt.NDArray[Any]


def spans(start: Ints, which: Ints) -> Ints:
    """All numbers start[w] … start[w + 1] − 1 of each w of `which`."""
    low, size = start[which], start[which + 1] - start[which]
    return np.repeat(low - (np.cumsum(size) - size), size) + np.arange(int(size.sum()))


def patched(
    start: Ints, columns: Sequence[Array], gone: Ints, row: Ints, values: Sequence[Array], n_rows: int
) -> tuple[Ints, list[Array]]:
    """Lists after a change; the order of the entries of a list may differ.

    Parameters
    ----------
    start : (rows + 1,) where each list begins. columns : of all entries.
    gone : positions of entries that go, sorted. row, values : lists and columns of entries that come. n_rows : lists after.
    """
    order = np.argsort(row, kind="stable")
    row = row[order]
    whole = np.concatenate([start, np.full(n_rows + 1 - len(start), start[-1])])
    at = whole[row + 1] - np.searchsorted(gone, whole[row + 1])
    change = np.bincount(row + 1, minlength=n_rows + 1)
    change -= np.bincount(np.searchsorted(start, gone, side="right"), minlength=n_rows + 1)[: n_rows + 1]
    kept = np.ones(len(columns[0]), dtype=bool)
    kept[gone] = False
    out = [
        np.insert(column[kept], at, new[order].astype(column.dtype))
        for column, new in zip(columns, values, strict=True)
    ]
    return whole + np.cumsum(change), out
