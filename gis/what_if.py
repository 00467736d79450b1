"""What if? The gap of every commune that changes touch, as a full run of the changed study would give it.

Only what the changes touch is computed: a play area's children are shared by itself alone (E2SFCA: R_j depends on the walks to j),
so play areas that are not walked anew keep their R_j, and communes none of whose cells reach a changed one keep their rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import altered as altering
from sanchoi.gis import changes as changing
from sanchoi.gis import gaps, outcome, reach, reasons, rewalked
from sanchoi.gis.altered import Altered
from sanchoi.gis.changes import Change
from sanchoi.gis.crowding import Shared, share, within
from sanchoi.gis.model import Model, Walks
from sanchoi.gis.reach import Reach
from sanchoi.gis.reasons import Ways
from sanchoi.gis.rewalked import Rewalked, Triples
from sanchoi.gis.service import Service, Terms, serve, terms_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Answer:
    """What changes do.

    Attributes
    ----------
    run_id : of the run that the changes are made to. changes : as checked.
    before, after : rows of the table gaps of every commune that may have changed, in the same order.
    cells : cell_id, commune_id, x, y (study CRS), children, before_m, after_m (walk to the nearest play area; NaN = no way),
        covered_before, covered_after (in any band), new_m (walk to the nearest play area that is added or enlarged; NaN = beyond
        the limit), straight_m (the same as the crow flies): cells within the limit of what changes, and those whose cover changes.
    newly_covered, no_longer_covered, undecided : band → children of surveyed communes; undecided: play areas of unknown size
        decide. in_reach, unsurveyed : children within the limit of what is added or enlarged, and those of them in communes that
        nobody surveyed: how many of these were covered before is not known.
    """

    run_id: str
    changes: tuple[Change, ...]
    before: pd.DataFrame
    after: pd.DataFrame
    cells: pd.DataFrame
    newly_covered: dict[str, float]
    no_longer_covered: dict[str, float]
    undecided: dict[str, float]
    in_reach: dict[str, float]
    unsurveyed: dict[str, float]

    @property
    def changed_class(self) -> list[tuple[str, str, str, str]]:
        """Communes whose status over all bands changes: id, name, from, to."""
        both = self.before.assign(to=self.after["status"].to_numpy())
        rows = both[(both["band"] == "all") & (both["status"] != both["to"])]
        return list(rows[["commune_id", "name", "status", "to"]].itertuples(index=False, name=None))


def ask(model: Model, documents: Sequence[Mapping[str, Any]]) -> Answer:
    """Answer a question.

    Parameters
    ----------
    documents : changes as in `changes`.

    Raises
    ------
    ContractError, UnknownId : see `changes.parse`; a crossing that joins nothing.
    """
    made = changing.parse(documents, model.sites.table, model.study.crs, model.communes.total_bounds)
    lines = changing.crossings(made)
    after = altering.alter(model, made)
    walked = rewalked.walk(model, after, lines)
    terms = terms_of(model.study, after.sites, model.limits)
    before_terms = terms_of(model.study, model.sites, model.limits)
    retermed = _retermed(after, terms, before_terms)
    touched = _communes(model, after, walked, retermed)
    cells = model.cells_of(touched)
    services = Ways(*(_serve(model, after, walked, terms, retermed, cells, k) for k in range(4)))
    rows = _measure(model, after, walked, services, terms, touched, cells)
    return _answer(model, made, after, walked, services.now, before_terms, touched, cells, rows)


def _retermed(after: Altered, terms: Terms, before: Terms) -> Bools:
    """(supply after) Play areas that stay where they are, and whose ground or limits change."""
    out = np.zeros(len(after.before), dtype=bool)
    kept = after.before >= 0
    old = after.before[kept]
    same = _equal(terms.area_m2[kept], before.area_m2[old])
    for now, then in ((terms.limit_m, before.limit_m), (terms.possible_m, before.possible_m)):
        same &= _equal(now[:, kept], then[:, old]).all(axis=0)
    out[np.flatnonzero(kept)[~same]] = True
    return out


def _equal(one: Floats, two: Floats) -> Bools:
    return np.asarray((one == two) | (np.isnan(one) & np.isnan(two)))


def _communes(model: Model, after: Altered, walked: Rewalked, retermed: Bools) -> Ints:
    """Communes of which any number can change, sorted."""
    cells = [walked.shifted]
    gone = (
        np.flatnonzero((after.after < 0) | (walked.fresh | retermed)[np.maximum(after.after, 0)])
        if len(after.after)
        else []
    )
    for k, way in enumerate(model.walks):
        cells.append(way.cell[way.of_sites(np.asarray(gone, dtype=np.int64))])
        cells.append(_way(walked, k)[0])
    near = _renumbered(model, after)
    cells.append(np.flatnonzero((walked.nearest_m != model.nearest_m) | (walked.nearest_site != near)))
    return np.unique(np.concatenate([model.commune[np.concatenate(cells).astype(np.int64)], after.communes]))


def _renumbered(model: Model, after: Altered) -> Ints:
    """Nearest play area of each cell before, by the numbers after; −2 = closed."""
    if not len(after.after):
        return model.nearest_site
    return np.where(
        model.nearest_site < 0, -1, np.where((new := after.after[np.maximum(model.nearest_site, 0)]) < 0, -2, new)
    )


def _way(walked: Rewalked, k: int) -> Triples:
    return (walked.ways.now, walked.ways.opened, walked.ways.dry, walked.ways.straight)[k]


def _serve(
    model: Model, after: Altered, walked: Rewalked, terms: Terms, retermed: Bools, cells: Ints, k: int
) -> Service:
    """The service of some whole communes under one set of distances."""
    old: Walks = tuple(model.walks)[k]
    at = old.of_cells(cells)
    site = after.after[old.site[at]] if len(after.after) else np.empty(0, dtype=np.int64)
    keep = (site >= 0) & ~walked.fresh[np.maximum(site, 0)] if len(site) else np.zeros(0, dtype=bool)
    at, site = at[keep], site[keep]
    new_cell, new_site, new_walk = _way(walked, k)
    cell = np.concatenate([old.cell[at], new_cell]).astype(np.int64)
    site = np.concatenate([site, new_site]).astype(np.int64)
    walk_m = np.concatenate([old.walk_m[at], new_walk])
    order = np.lexsort((site, cell))
    cell, site, walk_m = np.searchsorted(cells, cell[order]), site[order], walk_m[order]
    used, local = np.unique(site, return_inverse=True)
    mine = replace(
        terms,
        area_m2=terms.area_m2[used],
        limit_m=terms.limit_m[:, used],
        possible_m=terms.possible_m[:, used],
    )
    people = model.children[cells]
    anew = (walked.fresh | retermed)[used]
    part = anew[local]
    counted = share(
        cell[part], local[part], walk_m[part], people, mine.limit_m, kind=terms.kind, band_weights=terms.band_weights
    )
    was = np.maximum(after.before[used], 0)
    known = old.shared.demand[was] if len(old.shared.demand) else np.zeros(len(used))
    blank = old.shared.blank[was] if len(old.shared.blank) else np.zeros(len(used), dtype=bool)
    shared = Shared(np.where(anew, counted.demand, known), np.where(anew, counted.blank, blank))
    nothing = np.empty(0)
    return serve(Reach(cell, local, walk_m, nothing, nothing.astype(np.int64), nothing), people, mine, shared)


def _measure(
    model: Model, after: Altered, walked: Rewalked, services: Ways[Service], terms: Terms, touched: Ints, cells: Ints
) -> pd.DataFrame:
    """Rows of the table gaps of some communes."""
    if not len(touched):
        return model.gaps.iloc[:0]
    place = np.full(len(model.communes), -1)
    place[touched] = np.arange(len(touched))
    commune = place[model.commune[cells]]
    people = model.children[cells]
    parts = reasons.parts(services, np.nan_to_num(people), commune, len(touched))
    off = model.off[cells].copy()
    if len(walked.shifted):
        off = outcome.off_network(model.study, walked.offset_m[cells])
    ground = gaps.Ground(*(np.asarray(values)[touched] for values in vars(after.ground).values()))
    return gaps.measure(
        model.communes.iloc[touched],
        [band.name for band in model.study.bands],
        model.counts[touched],
        people,
        gaps.Cells(commune, walked.nearest_m[cells], _straight_m(model, after, walked, cells), off),
        services.now,
        parts,
        ground,
        model.limits,
        terms,
        model.common,
        [model.rank[c] for c in touched],
    )


def _straight_m(model: Model, after: Altered, walked: Rewalked, cells: Ints) -> Floats:
    """Straight metres to the nearest play area on foot, worked out anew where that is another one."""
    out = model.straight_m[cells].copy()
    near = walked.nearest_site[cells]
    other = near != _renumbered(model, after)[cells]
    other |= (near >= 0) & after.moved[np.maximum(near, 0)] if len(after.moved) else False
    at = np.flatnonzero(other)
    out[at] = np.nan
    at = at[near[at] >= 0]
    out[at] = reach.straight_to(model.x[cells[at]], model.y[cells[at]], after.sites.geometry, near[at])
    return out


def _answer(
    model: Model,
    made: tuple[Change, ...],
    after: Altered,
    walked: Rewalked,
    service: Service,
    before_terms: Terms,
    touched: Ints,
    cells: Ints,
    rows: pd.DataFrame,
) -> Answer:
    mine = model.inside[touched]
    ids = model.communes["commune_id"].to_numpy()[touched[mine]]
    keys = ["commune_id", "vintage", "band"]
    rows = rows[rows["commune_id"].isin(ids)].sort_values(keys, ignore_index=True)
    before = model.gaps[model.gaps["commune_id"].isin(ids)].sort_values(keys, ignore_index=True)
    was = _covered_before(model, before_terms, cells)
    seen = model.inside[model.commune[cells]] & model.ground.surveyed[model.commune[cells]]
    tally = _tally(model, service, was, cells, seen)
    new = _added(after, made)
    table, reached = _cells(model, after, walked, service, was, cells, new)
    people = np.where(reached, np.nan_to_num(model.children[cells]), 0.0)
    unseen = ~model.ground.surveyed[model.commune[cells]]
    reach_of, unsurveyed = (_by_band(model, values) for values in (people, people * unseen[:, None]))
    return Answer(model.run_id, made, before, rows[before.columns.tolist()], table, *tally, reach_of, unsurveyed)


def _covered_before(model: Model, terms: Terms, cells: Ints) -> tuple[Bools, Bools]:
    """(cells, bands) covered before the changes: as shown by known sizes, and if unknown sizes are large enough."""
    way = model.walks.now
    at = way.of_cells(cells)
    row = np.searchsorted(cells, way.cell[at])
    out = []
    for limit in (terms.limit_m, terms.possible_m):
        mask = np.zeros((len(cells), len(limit)), dtype=bool)
        for b in range(len(limit)):
            mask[row[within(way.walk_m[at], limit[b, way.site[at]])], b] = True
        out.append(mask)
    return out[0], out[1]


def _tally(
    model: Model, service: Service, was: tuple[Bools, Bools], cells: Ints, seen: Bools
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Children newly covered, no longer covered, and of whom it is not known, by band: of surveyed communes of the study.

    Not known: play areas of unknown size decide whether they are covered, before or after.
    """
    people = np.where(seen[:, None], np.nan_to_num(model.children[cells]), 0.0)
    sure_before, sure_after = was[0] | ~was[1], service.covered | ~service.covered_possible
    sure = sure_before & sure_after
    gained = sure & ~was[0] & service.covered
    lost = sure & was[0] & ~service.covered
    blind = ~sure & ((was[0] != service.covered) | (was[1] != service.covered_possible))
    gains, losses, blinds = (_by_band(model, np.where(mask, people, 0.0)) for mask in (gained, lost, blind))
    return gains, losses, blinds


def _by_band(model: Model, people: Floats) -> dict[str, float]:
    """Sums over the cells by band, and over the bands."""
    sums = {band.name: float(total) for band, total in zip(model.study.bands, people.sum(axis=0), strict=True)}
    return {**sums, "all": float(sum(sums.values()))}


def _added(after: Altered, made: Sequence[Change]) -> Ints:
    """Play areas of the supply after that are added or enlarged."""
    named = {change.play_area_id for change in made if change.action in ("add", "enlarge")}
    ids = after.sites.table["play_area_id"].to_numpy()[after.sites.supply]
    return np.flatnonzero(np.isin(ids.astype(object), list(named)))


def _cells(
    model: Model, after: Altered, walked: Rewalked, service: Service, was: tuple[Bools, Bools], cells: Ints, new: Ints
) -> tuple[pd.DataFrame, Bools]:
    """The cells of an answer, and (cells, bands) those within the limit of what is added or enlarged."""
    terms = terms_of(model.study, after.sites, model.limits)
    place = np.full(len(model.x), -1)
    place[cells] = np.arange(len(cells))
    nearest = {}
    reached = np.zeros(was[0].shape, dtype=bool)
    for name, k in (("new_m", 0), ("straight_m", 3)):
        cell, site, walk_m = _to_sites(model, after, walked, new, k)
        best = np.full(len(cells), np.inf)
        np.minimum.at(best, place[cell], walk_m)
        nearest[name] = np.where(np.isfinite(best), best, np.nan)
        if k == 0:
            for b in range(reached.shape[1]):
                reached[place[cell[within(walk_m, terms.limit_m[b, site])]], b] = True
    mine = model.inside[model.commune[cells]]
    covers = (was[0] != service.covered).any(axis=1)
    shown = mine & (covers | ~np.isnan(nearest["new_m"]) | ~np.isnan(nearest["straight_m"]))
    at = cells[shown]
    seen = model.ground.surveyed[model.commune[at]]
    finite = [np.where(np.isfinite(v), v, np.nan) for v in (model.nearest_m[at], walked.nearest_m[at])]
    table = pd.DataFrame(
        {
            "cell_id": model.cell_id[at].astype(str).astype(object),
            "commune_id": model.communes["commune_id"].to_numpy()[model.commune[at]],
            "x": model.x[at],
            "y": model.y[at],
            "children": model.children[at].sum(axis=1),
            "before_m": np.where(seen, finite[0], np.nan),
            "after_m": finite[1],
            "covered_before": pd.array(was[0][shown].any(axis=1), dtype="boolean"),
            "covered_after": pd.array(service.covered[shown].any(axis=1), dtype="boolean"),
            "new_m": nearest["new_m"][shown],
            "straight_m": nearest["straight_m"][shown],
        }
    )
    table.loc[~seen, "covered_before"] = pd.NA
    table.loc[~seen & ~table["covered_after"].to_numpy(dtype=bool), "covered_after"] = pd.NA
    return table, reached & mine[:, None]


def _to_sites(model: Model, after: Altered, walked: Rewalked, which: Ints, k: int) -> Triples:
    """Walks to some play areas of the supply after."""
    cell, site, walk_m = _way(walked, k)
    mine = np.isin(site, which)
    old = which[~walked.fresh[which]]
    way: Walks = tuple(model.walks)[k]
    at = way.of_sites(after.before[old])
    return (
        np.concatenate([cell[mine], way.cell[at]]).astype(np.int64),
        np.concatenate([site[mine], after.after[way.site[at]] if len(at) else way.site[at]]).astype(np.int64),
        np.concatenate([walk_m[mine], way.walk_m[at]]),
    )
