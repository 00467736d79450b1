"""Land: parcels where a play area could stand, and the layers that constrain them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import shapely
from sanchoi.gis.cells import without_overlaps
from sanchoi.gis.errors import StudyError
from sanchoi.gis.sources import columns, rows, vector
from sanchoi.gis.study import nearest

if TYPE_CHECKING:
    from sanchoi.gis.sources.load import Reader

SLIVER_M2 = 1.0


def parcels(reader: Reader) -> gpd.GeoDataFrame | None:
    """Parcels: parcel_id, land_use, owner, cost and polygons without overlap; None when the study names none.

    Ground that two parcels claim stays with the smaller one and is counted in a note; parcels of less than 1 m² are left out.
    """
    section = reader.study["parcels"]
    if section["path"] is None:
        return None
    found = reader.vector("parcels", section["path"], section)
    keys = columns.keys(found, section["id"], "parcels") if section["id"] else [str(i + 1) for i in range(len(found))]
    columns.unique(keys, "parcels", str(section["id"]))
    found = vector.repair(found.assign(_key=keys), "_key", reader.notes, name="parcels")
    single, doubled, pairs = without_overlaps(found)
    if pairs:
        reader.notes.add(
            "parcels_overlap",
            f"{pairs} pairs of parcels overlap on {doubled:,.0f} m² · every m² in one parcel · the smaller one keeps the ground",
            layer="parcels",
            count=pairs,
        )
    slivers = shapely.area(single.geometry.to_numpy()) < SLIVER_M2
    if slivers.any():
        reader.notes.add(
            "parcels_slivers",
            f"{int(slivers.sum())} parcels have less than {SLIVER_M2:g} m² · ground to build on · they are left out",
            layer="parcels",
            count=int(slivers.sum()),
            ids=single["_key"][slivers],
        )
    single = single[~slivers]
    return gpd.GeoDataFrame(
        {
            "parcel_id": single["_key"].to_numpy(),
            "land_use": columns.texts(single, section["land_use"], "parcels"),
            "owner": columns.texts(single, section["owner"], "parcels"),
            "cost": columns.numbers(single, section["cost"], "parcels"),
        },
        geometry=single.geometry.array,
        crs=single.crs,
    )


def layers(reader: Reader) -> dict[str, gpd.GeoDataFrame]:
    """Constraint layers by name; a layer that is not there stays absent, for absent is not the same as empty.

    Raises
    ------
    StudyError : a name that no row of data/constraints.csv speaks of.
    """
    known = sorted(set(rows.packaged("constraints.csv")["layer"]))
    found = {}
    for name, section in reader.study.constraints.items():
        if name not in known:
            near = nearest(name, known)
            raise StudyError(
                f"study.toml: [constraints.{name}]",
                "a layer that a constraint speaks of: " + ", ".join(known),
                f'did you mean "{near}"?' if near else "name one of them",
            )
        found[name] = reader.vector(f"constraints.{name}", section["path"], section)
    return found
