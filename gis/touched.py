"""Touched: the communes that changes can reach, their cells, and the service there after the changes.

A play area's children are shared by itself alone (E2SFCA: R_j depends on the walks to j), so play areas that are not walked anew
keep their R_j, wherever their children live.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from sanchoi.gis.altered import Altered
from sanchoi.gis.crowding import Shared, share
from sanchoi.gis.model import Model, Walks
from sanchoi.gis.reach import Reach
from sanchoi.gis.reasons import Ways
from sanchoi.gis.rewalked import Rewalked, Triples
from sanchoi.gis.service import Service, Terms, serve, terms_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Touched:
    """What changes touch.

    Attributes
    ----------
    model : before the changes. after, walked : the supply and the walks after them.
    """

    model: Model
    after: Altered
    walked: Rewalked

    @cached_property
    def terms(self) -> Terms:
        """What the service is judged by after the changes."""
        return terms_of(self.model.study, self.after.area_m2, self.after.size_m2, self.model.limits)

    @cached_property
    def retermed(self) -> Bools:
        """(supply after) Play areas that stay where they are, and whose ground or limits change."""
        before = self.model.terms
        kept = self.after.before >= 0
        old = self.after.before[kept]
        same = _equal(self.terms.area_m2[kept], before.area_m2[old])
        for now, then in ((self.terms.limit_m, before.limit_m), (self.terms.possible_m, before.possible_m)):
            same &= _equal(now[:, kept], then[:, old]).all(axis=0)
        out = np.zeros(len(kept), dtype=bool)
        out[np.flatnonzero(kept)[~same]] = True
        return out

    @cached_property
    def was_nearest(self) -> Ints:
        """Nearest play area of each cell before, by the numbers after; see `Altered.renumbered`."""
        return self.after.renumbered(self.model.nearest_site)

    @cached_property
    def communes(self) -> Ints:
        """Communes of which any number can change, sorted."""
        model, walked, after = self.model, self.walked, self.after.after
        gone = (
            np.flatnonzero((after < 0) | self._anew[np.maximum(after, 0)])
            if len(after) and len(self._anew)
            else np.flatnonzero(after < 0)
        )
        cells = [walked.shifted]
        for way, new in zip(model.walks, walked.ways, strict=True):
            cells += [way.cell[way.of_sites(gone)].astype(np.int64), new[0]]
        cells.append(np.flatnonzero((walked.nearest_m != model.nearest_m) | (walked.nearest_site != self.was_nearest)))
        mine = model.commune[np.concatenate(cells).astype(np.int64)]
        return np.unique(np.concatenate([mine, self.after.communes]))

    @cached_property
    def cells(self) -> Ints:
        """All cells of those communes, sorted."""
        return self.model.cells_of(self.communes)

    @cached_property
    def children(self) -> Floats:
        """(cells, bands) Their children."""
        return np.asarray(self.model.children[self.cells])

    @cached_property
    def services(self) -> Ways[Service]:
        """The service of these cells under each set of distances."""
        return Ways(*(self._serve(way, new) for way, new in zip(self.model.walks, self.walked.ways, strict=True)))

    @property
    def _anew(self) -> Bools:
        return self.walked.fresh | self.retermed

    def to(self, which: Ints, k: int) -> Triples:
        """Walks to some play areas of the supply after, under the k-th set of distances."""
        cell, site, walk_m = tuple(self.walked.ways)[k]
        mine = np.isin(site, which)
        old = which[~self.walked.fresh[which]]
        way = tuple(self.model.walks)[k]
        at = way.of_sites(self.after.before[old])
        number = self.after.after[way.site[at]] if len(at) else way.site[at]
        return (
            np.concatenate([cell[mine], way.cell[at]]).astype(np.int64),
            np.concatenate([site[mine], number]).astype(np.int64),
            np.concatenate([walk_m[mine], way.walk_m[at]]),
        )

    def _serve(self, old: Walks, new: Triples) -> Service:
        after, fresh, terms = self.after, self.walked.fresh, self.terms
        at = old.of_cells(self.cells)
        site = after.after[old.site[at]] if len(after.after) else np.empty(0, dtype=np.int64)
        keep = (site >= 0) & ~fresh[np.maximum(site, 0)] if len(fresh) else np.zeros(len(site), dtype=bool)
        at, site = at[keep], site[keep]
        cell = np.concatenate([old.cell[at], new[0]]).astype(np.int64)
        site = np.concatenate([site, new[1]]).astype(np.int64)
        walk_m = np.concatenate([old.walk_m[at], new[2]])
        order = np.lexsort((site, cell))
        cell, site, walk_m = np.searchsorted(self.cells, cell[order]), site[order], walk_m[order]
        used, local = np.unique(site, return_inverse=True)
        mine = replace(
            terms,
            area_m2=terms.area_m2[used],
            limit_m=terms.limit_m[:, used],
            possible_m=terms.possible_m[:, used],
        )
        anew = self._anew[used]
        part = anew[local]
        counted = share(
            cell[part],
            local[part],
            walk_m[part],
            self.children,
            mine.limit_m,
            kind=terms.kind,
            band_weights=terms.band_weights,
        )
        was = np.maximum(after.before[used], 0)
        known, blank = (
            values[was] if len(values) else np.zeros(len(used), dtype=values.dtype)
            for values in (old.shared.demand, old.shared.blank)
        )
        shared = Shared(np.where(anew, counted.demand, known), np.where(anew, counted.blank, blank))
        nothing = np.empty(0)
        reach = Reach(cell, local, walk_m, nothing, nothing.astype(np.int64), nothing)
        return serve(reach, self.children, mine, shared)


def _equal(one: Floats, two: Floats) -> Bools:
    return np.asarray((one == two) | (np.isnan(one) & np.isnan(two)))
