"""Groups: where the rows of one key stand in a table, so that no request reads a whole table."""

from __future__ import annotations

import numpy as np
import pandas as pd


class Groups:
    """Index of a column of texts: key → positions of its rows, in their order.

    A table sorted by the column, as results are written, needs no more than the first row of each key.
    """

    def __init__(self, column: pd.Series) -> None:
        codes, keys = pd.factorize(column)
        self._key = dict(zip(keys.tolist(), range(len(keys)), strict=True))
        steps = np.diff(codes)
        sorted_already = bool((steps >= 0).all()) and bool((codes >= 0).all())
        self._order = None if sorted_already else np.argsort(codes, kind="stable")
        counts = np.bincount(codes[codes >= 0], minlength=len(keys))
        first = int((codes < 0).sum())  # rows without a key come first in the order
        self._start = first + np.concatenate([[0], np.cumsum(counts)])

    def __contains__(self, key: str) -> bool:
        return key in self._key

    def places(self, key: str) -> slice | np.ndarray:
        """Positions of the rows of a key."""
        code = self._key.get(key)
        if code is None:
            return slice(0, 0)
        found = slice(int(self._start[code]), int(self._start[code + 1]))
        return found if self._order is None else self._order[found]
