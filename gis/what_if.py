"""What if? The gap of every commune that changes touch, as a full run of the changed study would give it.

Only what the changes touch is computed: walks to new play areas and through new ways (`rewalked`), the service of the communes
that these reach (`touched`), and their rows of the table gaps. All other rows are those of the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import answer, gaps, outcome, places, reach, reasons, rewalked
from sanchoi.gis.altered import alter
from sanchoi.gis.answer import Answer
from sanchoi.gis.changes import Change
from sanchoi.gis.model import Model
from sanchoi.gis.touched import Touched

__all__ = ["Answer", "ask", "make"]
Floats = npt.NDArray[np.float64]


def ask(model: Model, documents: Sequence[Mapping[str, Any]]) -> Answer:
    """Answer a question.

    Parameters
    ----------
    documents : changes as in `changes`.

    Raises
    ------
    ContractError, UnknownId : see `changes.parse`; a crossing that joins nothing.
    """
    return make(model, model.parse(documents))


def make(model: Model, made: tuple[Change, ...]) -> Answer:
    """The same, of changes that are checked already and stand in the study's CRS."""
    after = alter(model, made)
    touched = Touched(model, after, rewalked.walk(model, after, places.crossings(made)))
    return answer.compose(touched, made, _measure(touched))


def _measure(touched: Touched) -> pd.DataFrame:
    """Rows of the table gaps of the communes that are touched."""
    model, walked, communes, cells = touched.model, touched.walked, touched.communes, touched.cells
    if not len(communes):
        return model.gaps.iloc[:0]
    commune = np.searchsorted(communes, model.commune[cells])
    parts = reasons.parts(touched.services, np.nan_to_num(touched.children), commune, len(communes))
    off = outcome.off_network(model.study, walked.offset_m[cells]) if len(walked.shifted) else model.off[cells]
    return gaps.measure(
        model.communes.iloc[communes],
        [band.name for band in model.study.bands],
        model.counts[communes],
        touched.children,
        gaps.Cells(commune, walked.nearest_m[cells], _straight_m(touched), off),
        touched.services.now,
        parts,
        gaps.Ground(*(np.asarray(values)[communes] for values in vars(touched.after.ground).values())),
        model.limits,
        touched.terms,
        model.common,
        [model.rank[c] for c in communes],
    )


def _straight_m(touched: Touched) -> Floats:
    """Straight metres to the nearest play area on foot, worked out anew where that is another one."""
    model, cells, shapes = touched.model, touched.cells, touched.after.shapes
    out = np.array(model.straight_m[cells])
    near = touched.walked.nearest_site[cells]
    other = near != touched.was_nearest[cells]
    if len(shapes):
        other |= (near >= 0) & touched.after.moved[np.maximum(near, 0)]
    out[other] = np.nan
    at = np.flatnonzero(other & (near >= 0))
    out[at] = reach.straight_to(model.x[cells[at]], model.y[cells[at]], shapes, near[at])
    return out
