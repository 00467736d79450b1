"""Answer: what changes do to communes, to children and to cells, before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis.changes import Change
from sanchoi.gis.crowding import within
from sanchoi.gis.model import Model
from sanchoi.gis.touched import Touched

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
KEYS = ["commune_id", "vintage", "band"]


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

    @property
    def uncounted(self) -> list[tuple[str, str, str]]:
        """Communes with cells in the answer and the bands whose children nobody counted there, left out of sums: id, name, band."""
        rows = self.before[self.before["children"].isna() & (self.before["band"] != "all")]
        rows = rows[rows["commune_id"].isin(self.cells["commune_id"])]
        return list(rows[["commune_id", "name", "band"]].itertuples(index=False, name=None))


def compose(touched: Touched, made: tuple[Change, ...], rows: pd.DataFrame) -> Answer:
    """The answer, from what changes touch and the rows of the table gaps after them."""
    model, cells = touched.model, touched.cells
    mine = touched.communes[model.inside[touched.communes]]
    ids = model.communes["commune_id"].to_numpy()[mine].tolist()
    after = rows[rows["commune_id"].isin(ids)].sort_values(KEYS, ignore_index=True)
    before = model.gaps.iloc[[row for commune in ids for row in model.gap_rows[commune]]]
    before = before.sort_values(KEYS, ignore_index=True)
    was = _covered_before(model, cells)
    surveyed = model.ground.surveyed[model.commune[cells]]
    tally = _tally(touched, was, model.inside[model.commune[cells]] & surveyed)
    table, reached = _cells(touched, was)
    people = np.where(reached, np.nan_to_num(touched.children), 0.0)
    in_reach, unsurveyed = (_by_band(model, values) for values in (people, people * ~surveyed[:, None]))
    return Answer(model.run_id, made, before, after[before.columns.tolist()], table, *tally, in_reach, unsurveyed)


def _covered_before(model: Model, cells: Ints) -> tuple[Bools, Bools]:
    """(cells, bands) covered before the changes: as shown by known sizes, and if unknown sizes are large enough."""
    way = model.walks.now
    at = way.of_cells(cells)
    row = np.searchsorted(cells, way.cell[at])
    out = []
    for limit in (model.terms.limit_m, model.terms.possible_m):
        mask = np.zeros((len(cells), len(limit)), dtype=bool)
        for b in range(len(limit)):
            mask[row[within(way.walk_m[at], limit[b, way.site[at]])], b] = True
        out.append(mask)
    return out[0], out[1]


def _tally(
    touched: Touched, was: tuple[Bools, Bools], seen: Bools
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Children newly covered, no longer covered, and of whom it is not known, by band: of surveyed communes of the study.

    Not known: play areas of unknown size decide whether they are covered, before or after.
    """
    service = touched.services.now
    people = np.where(seen[:, None], np.nan_to_num(touched.children), 0.0)
    sure_before, sure_after = was[0] | ~was[1], service.covered | ~service.covered_possible
    sure = sure_before & sure_after
    gained = sure & ~was[0] & service.covered
    lost = sure & was[0] & ~service.covered
    blind = ~sure & ((was[0] != service.covered) | (was[1] != service.covered_possible))
    gains, losses, blinds = (_by_band(touched.model, np.where(mask, people, 0.0)) for mask in (gained, lost, blind))
    return gains, losses, blinds


def _by_band(model: Model, people: Floats) -> dict[str, float]:
    """Sums over the cells by band, and over the bands."""
    sums = {band.name: float(total) for band, total in zip(model.study.bands, people.sum(axis=0), strict=True)}
    return {**sums, "all": float(sum(sums.values()))}


def _cells(touched: Touched, was: tuple[Bools, Bools]) -> tuple[pd.DataFrame, Bools]:
    """The cells of an answer, and (cells, bands) those within the limit of what is added or enlarged."""
    model, cells, service = touched.model, touched.cells, touched.services.now
    new = np.flatnonzero(touched.after.named)
    place = np.full(len(model.x), -1)
    place[cells] = np.arange(len(cells))
    nearest = {}
    reached = np.zeros_like(was[0])
    for name, k in (("new_m", 0), ("straight_m", 3)):
        cell, site, walk_m = touched.to(new, k)
        best = np.full(len(cells), np.inf)
        np.minimum.at(best, place[cell], walk_m)
        nearest[name] = np.where(np.isfinite(best), best, np.nan)
        if k == 0:
            for b in range(reached.shape[1]):
                reached[place[cell[within(walk_m, touched.terms.limit_m[b, site])]], b] = True
    mine = model.inside[model.commune[cells]]
    covers = (was[0] != service.covered).any(axis=1)
    shown = mine & (covers | ~np.isnan(nearest["new_m"]) | ~np.isnan(nearest["straight_m"]))
    at = cells[shown]
    seen = model.ground.surveyed[model.commune[at]]
    finite = [np.where(np.isfinite(v), v, np.nan) for v in (model.nearest_m[at], touched.walked.nearest_m[at])]
    table = pd.DataFrame(
        {
            "cell_id": model.cell_id[at].astype(str).astype(object),
            "commune_id": model.communes["commune_id"].to_numpy()[model.commune[at]],
            "x": model.x[at],
            "y": model.y[at],
            "children": model.children[at].sum(axis=1),
            "before_m": np.where(seen, finite[0], np.nan),
            "after_m": finite[1],
            "covered_before": _in_any(was[0][shown], was[1][shown]),
            "covered_after": _in_any(service.covered[shown], service.covered_possible[shown]),
            "new_m": nearest["new_m"][shown],
            "straight_m": nearest["straight_m"][shown],
        }
    )
    table.loc[~seen, "covered_before"] = pd.NA
    table.loc[~seen & ~table["covered_after"].fillna(True).to_numpy(dtype=bool), "covered_after"] = pd.NA
    return table, reached & mine[:, None]


def _in_any(sure: Bools, possible: Bools) -> pd.arrays.BooleanArray:
    """Whether a cell is covered in any band; null where play areas of unknown size decide."""
    covered, could = np.asarray(sure.any(axis=1)), np.asarray(possible.any(axis=1))
    return pd.arrays.BooleanArray(covered, np.asarray(~covered & could))
