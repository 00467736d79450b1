"""The halo: ground beyond the communes whose children and play areas take part, and for which no result is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sanchoi.gis.errors import StudyError
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.norms import Band
from sanchoi.gis.sources import columns, vector

if TYPE_CHECKING:
    from sanchoi.gis.sources.load import Reader

LEAST_SHARE = 0.01


def add(reader: Reader, found: Inputs) -> Inputs:
    """Append the halo to the communes (`halo` = True) and to the zones, when the study gives it.

    A row that overlaps the communes keeps its ground beyond them, and its children by that share of its area; what keeps less than
    1 % is left out. A note counts them.
    """
    section = reader.study["halo"]
    if section["path"] is None:
        return found
    ground = reader.vector("halo", section["path"], section)
    keys = columns.keys(ground, section["id"], "halo") if section["id"] else [str(i) for i in range(len(ground))]
    columns.unique(keys, "halo", str(section["id"]))
    ground = vector.repair(ground.assign(_key=keys), "_key", reader.notes, name="halo")
    named = dict(reader.study.columns)
    if section["bands"]:
        named = {Band.parse(name).name: column for name, column in section["bands"].items()}
    for band in reader.study.bands:
        if band.name not in named or not isinstance(named[band.name], str):
            raise StudyError(
                f"[halo] bands lacks {band.name}", "a column for every band of [children]", f'add "{band.name}" = "…"'
            )
    counts = np.column_stack([columns.numbers(ground, named[b.name], "halo") for b in reader.study.bands])
    shapes = ground.geometry.to_numpy()
    beyond = shapely.difference(shapes, shapely.union_all(found.communes.geometry.to_numpy()))
    share = shapely.area(beyond) / shapely.area(shapes)
    keep = share >= LEAST_SHARE
    cut = share < 1 - LEAST_SHARE
    if cut.any():
        reader.notes.add(
            "halo_overlaps",
            f"{int(cut.sum())} rows of the halo overlap the communes · ground beyond them · that part is left out, with its "
            "share of the children",
            layer="halo",
            count=int(cut.sum()),
            ids=ground["_key"][cut],
        )
    rows = gpd.GeoDataFrame(
        {
            "commune_id": [f"halo {key}" for key in ground["_key"][keep]],
            "vintage": reader.study.vintage,
            "name": ground["_key"][keep].to_numpy(),
            "kind": None,
            "surveyed": True,
            "population": np.nan,
            "halo": True,
        },
        geometry=beyond[keep],
        crs=ground.crs,
    )
    zones = found.zones
    if zones is not None:
        zones = pd.concat([zones[["geometry"]].assign(halo=False), rows[["geometry", "halo"]]], ignore_index=True)
    return Inputs(
        **{
            **vars(found),
            "communes": pd.concat([found.communes, rows], ignore_index=True),
            "counts": np.vstack([found.counts, (counts * np.where(cut, share, 1.0)[:, None])[keep]]),
            "zones": zones,
        }
    )
