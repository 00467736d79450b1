"""Children: counts per zone and band, from the communes, from a table that joins them, or for other zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import names
from sanchoi.gis.arrival_words import Remark
from sanchoi.gis.errors import ContractError
from sanchoi.gis.norms import Band
from sanchoi.gis.sources import columns, table, vector
from sanchoi.gis.study import Section

if TYPE_CHECKING:
    from sanchoi.gis.sources.load import Reader

Floats = npt.NDArray[np.float64]


def read(reader: Reader, communes: gpd.GeoDataFrame) -> tuple[Floats, gpd.GeoDataFrame | None]:
    """Counts of children per zone and band, and the zones when they are not the communes."""
    section = reader.study["children"]
    bands = [band.name for band in reader.study.bands]
    if section["total"]:
        whole = gpd.GeoDataFrame(geometry=[communes.union_all()], crs=communes.crs)
        by_band = {Band.parse(name).name: float(number) for name, number in section["total"].items()}
        return np.array([[by_band[band] for band in bands]]), whole
    zones, keys = None, communes["commune_id"].tolist()
    if section["zones"]:
        path = reader.path(section["zones"])
        zones = vector.read(
            path,
            layer=section["zones_layer"],
            crs=reader.study.crs,
            name="children zones",
            arrival=reader.arrival(section),
        )
        reader.remember("children zones", zones.attrs["told"])
        reader.place("children zones", zones)
        reader.record("children zones", path, len(zones), zones.attrs.get("crs"))
        keys = columns.keys(zones, section["zones_id"], "children zones")
        columns.unique(keys, "children zones", str(section["zones_id"]))
        zones = vector.repair(zones.assign(_key=keys), "_key", reader.notes, name="children zones")
        keys = zones["_key"].tolist()
    if section["path"]:
        rows = _table(reader, section)
        joined = join(reader, rows, section["id"], keys, "children")
    else:
        joined = reader.columns.loc[keys].reset_index(drop=True)
    counts = np.column_stack([columns.numbers(joined, reader.study.columns[b], "children", keys=keys) for b in bands])
    return counts, zones


def _table(reader: Reader, section: Section) -> pd.DataFrame:
    """The table of counts."""
    path = reader.path(section["path"])
    told: list[Remark] = []
    rows = table.read(path, arrival=reader.arrival(section), told=told)
    reader.remember("children", told)
    reader.record("children", path, len(rows))
    return rows


def join(reader: Reader, rows: pd.DataFrame, column: str, keys: list[str], name: str) -> pd.DataFrame:
    """Rows of a table in the order of `keys`; what does not join is noted, and all missing is an error."""
    found = [names.nfc(str(v)) for v in columns.series(rows, column, name)]
    columns.unique(found, name, column)
    rows = rows.set_axis(pd.Index(found))
    missing = [key for key in keys if key not in rows.index]
    spare = [key for key in found if key not in set(keys)]
    if len(missing) == len(keys):
        raise ContractError(
            f"table {name}: none of its {len(found)} ids ({', '.join(found[:3])}, …) is one of the {len(keys)} of the "
            f"layer ({', '.join(keys[:3])}, …)",
            f"the same ids in column {column} and in the layer",
            "check [children] id, and that both are of the same vintage; a spreadsheet takes leading zeros away unless the "
            "column is text",
        )
    if missing:
        reader.notes.add(
            "children_missing",
            f"{len(missing)} of {len(keys)} zones have no row in the table: {', '.join(missing[:20])} · a row for each · "
            f"their children are unknown, not zero. {names.explain_mismatch(missing, spare)}".strip(),
            layer=name,
            count=len(missing),
            ids=missing,
        )
    if spare:
        reader.notes.add(
            "children_spare",
            f"{len(spare)} rows of the table belong to no zone: {', '.join(spare[:20])} · ids of the layer · "
            "they are left out",
            layer=name,
            count=len(spare),
            ids=spare,
        )
    return rows.reindex(keys).reset_index(drop=True)
