"""Land: parcels where a play area could stand, the layers that constrain them, and the places nearby that are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis.cells import without_overlaps
from sanchoi.gis.errors import StudyError
from sanchoi.gis.names import nfc
from sanchoi.gis.sources import columns, costs, files, osm_land, rows, vector
from sanchoi.gis.study import Section, nearest

if TYPE_CHECKING:
    from sanchoi.gis.sources.load import Reader

SLIVER_M2 = 1.0


def parcels(reader: Reader) -> gpd.GeoDataFrame | None:
    """Parcels: parcel_id, land_use, owner, cost (VND), cost_per_m2 (VND/m²) and polygons without overlap; None when there are none.

    Ground that two parcels claim stays with the smaller one and is counted in a note; parcels of less than 1 m², and those that
    meet no commune, are left out.
    """
    section = reader.study["parcels"]
    if section["path"] is None:
        return None
    found = _extract(reader, section) if files.is_pbf(reader.path(section["path"])) else _layer(reader, section)
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
            ids=single["parcel_id"][slivers],
        )
    single = single[~slivers].reset_index(drop=True)
    if not len(single):
        reader.notes.add(
            "parcels_empty",
            "layer parcels holds no ground · land where a play area could stand · check path, layer and where",
            layer="parcels",
            count=0,
        )
    reader.land = single.geometry.to_numpy()
    return single


def _inside(reader: Reader, found: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Whether a parcel shares ground with a commune; one that only touches a border does not."""
    inside = np.zeros(len(found), dtype=bool)
    shapely.prepare(reader.outlines)
    shapes = found.geometry.to_numpy()
    inside[shapely.STRtree(shapes).query(reader.outlines, predicate="intersects")[1]] = True
    wholly = np.zeros(len(found), dtype=bool)
    wholly[shapely.STRtree(shapes).query(reader.outlines, predicate="contains_properly")[1]] = True
    edge = np.flatnonzero(inside & ~wholly)
    if len(edge):
        one, two = shapely.STRtree(reader.outlines).query(shapes[edge], predicate="intersects")
        shared = np.bincount(
            one, shapely.area(shapely.intersection(shapes[edge][one], reader.outlines[two])), len(edge)
        )
        inside[edge] = shared[: len(edge)] > SLIVER_M2 * 1e-3
    return inside


def _of_communes(reader: Reader, found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Parcels that meet a commune; a note counts the others."""
    inside = _inside(reader, found)
    if not inside.all():
        reader.notes.add(
            "parcels_outside",
            f"{int((~inside).sum())} of {len(inside)} parcels lie in no commune of the study · land of its communes · "
            "they are left out",
            layer="parcels",
            count=int((~inside).sum()),
        )
    return found[inside].reset_index(drop=True)


def _layer(reader: Reader, section: Section) -> gpd.GeoDataFrame:
    """Parcels of a vector layer."""
    found = reader.vector("parcels", section["path"], section, section["where"])
    if section["id"]:
        keys = columns.keys(found, section["id"], "parcels")
    else:
        keys = [str(i + 1) for i in range(len(found))]
        reader.notes.add(
            "parcels_numbered",
            f"[parcels] id is not set · the column of the parcels' ids · the {len(keys)} parcels are numbered in the order of the "
            "file; the numbers change when the file does",
            layer="parcels",
        )
    columns.unique(keys, "parcels", str(section["id"]))
    found = vector.repair(found.assign(_key=keys), "_key", reader.notes, name="parcels")
    uses = _codes(reader, columns.texts(found, section["land_use"], "parcels"), section["codes"])
    found = _of_communes(reader, found.assign(_use=np.array(uses, dtype=object)))
    cost, cost_per_m2 = costs.read(reader, found, section)
    return gpd.GeoDataFrame(
        {
            "parcel_id": found["_key"].to_numpy(),
            "land_use": found["_use"].to_numpy(),
            "owner": columns.texts(found, section["owner"], "parcels"),
            "cost": cost,
            "cost_per_m2": cost_per_m2,
        },
        geometry=found.geometry.array,
        crs=found.crs,
    )


def _extract(reader: Reader, section: Section) -> gpd.GeoDataFrame:
    """Parcels of an OSM extract, by the rows of data/osm_parcels.csv.

    Raises
    ------
    StudyError : a key that speaks of columns, which an extract does not have.
    """
    for key in ("layer", "where", "id", "land_use", "codes", "owner", "cost", "from_lines"):
        if section[key] is not None:
            raise StudyError(
                f"[parcels] {key} with an OSM extract",
                "path alone: ids are those of OpenStreetMap, and land use comes from data/osm_parcels.csv",
                f"drop {key}, or give the parcels as a layer",
            )
    path = reader.path(section["path"])
    found = osm_land.parcels(path, reader.study.crs, reader.bounds, reader.notes)
    found = found[_inside(reader, found)].reset_index(drop=True)
    reader.record("parcels", path, len(found), "EPSG:4326")
    unknown = np.full(len(found), np.nan)
    return gpd.GeoDataFrame(
        {
            "parcel_id": found["osm_id"],
            "land_use": found["land_use"],
            "owner": np.full(len(found), None, dtype=object),
            "cost": unknown,
            "cost_per_m2": unknown,
        },
        geometry=found.geometry.array,
        crs=found.crs,
    )


def _codes(reader: Reader, values: list[str | None], codes: Mapping[str, str] | None) -> list[str | None]:
    """Values of a column as land-use codes, by the study's stated mapping; a value that it does not name stays as it is.

    Raises
    ------
    StudyError : a code of the mapping that no row of data/landuse_codes.csv knows.
    """
    if not codes:
        return values
    table = rows.packaged("landuse_codes.csv")
    known = [
        *table["code"],
        *(alias.strip() for text in table["aliases"] for alias in text.split(";") if alias.strip()),
    ]
    for value, code in codes.items():
        for part in code.split("+"):
            if part.strip().upper() not in known:
                near = nearest(part.strip(), known)
                raise StudyError(
                    f'[parcels] codes: {value} = "{code}"',
                    "a code of data/landuse_codes.csv, such as HNK",
                    f'did you mean "{near}"?' if near else "name one of them",
                )
    table_of = {nfc(value).strip().casefold(): code for value, code in codes.items()}
    plain = [None if value is None else value.strip().casefold() for value in values]
    unused = sorted(set(table_of) - set(plain) - {None})
    if unused:
        reader.notes.add(
            "codes_unused",
            f"[parcels] codes: no parcel has {', '.join(unused[:10])} · values of the column that land_use names · check how they "
            "are written",
            layer="parcels",
            count=len(unused),
            ids=unused,
        )
    return [value if key is None else table_of.get(key, value) for key, value in zip(plain, values, strict=True)]


def constraints(reader: Reader) -> dict[str, gpd.GeoDataFrame]:
    """Constraint layers by name; a layer that is not there stays absent, for absent is not the same as empty.

    An empty vector layer says that somebody looked and found nothing. An OSM extract without a feature of a layer does not: the
    layer stays absent, with a note.

    Raises
    ------
    StudyError : a name that no row of data/constraints.csv speaks of.
    """
    table = rows.packaged("constraints.csv")
    known = sorted(set(table["layer"][table["rule"] != "max_value"]) - {"play_areas"})  # they come from the inventory
    for name in reader.study.constraints:
        if name not in known:
            near = nearest(name, known)
            raise StudyError(
                f"study.toml: [constraints.{name}]",
                "a layer that a constraint speaks of: " + ", ".join(known),
                f'did you mean "{near}"?' if near else "name one of them; the slope comes from [terrain]",
            )
    return _group(reader, "constraints", reader.study.constraints)


def nearby(reader: Reader) -> dict[str, gpd.GeoDataFrame]:
    """Schools and halls by name; absent as for constraints."""
    return _group(reader, "nearby", reader.study.nearby)


def _group(reader: Reader, group: str, sections: Mapping[str, Section]) -> dict[str, gpd.GeoDataFrame]:
    read = {name: _features(reader, f"{group}.{name}", name, section) for name, section in sections.items()}
    return {name: found for name, found in read.items() if found is not None}


def _features(reader: Reader, label: str, name: str, section: Section) -> gpd.GeoDataFrame | None:
    """Features of a vector layer or an OSM extract; None where nothing was mapped in the extract."""
    path = reader.path(section["path"])
    if not files.is_pbf(path):
        found = reader.vector(label, section["path"], section, section["where"])
        if len(found) or section["where"] is None:
            return found
        reader.notes.add(
            "where_selects_nothing",
            f"[{label}] where = {section['where']} selects no feature of {path.name} · features of {name} · mend the "
            "condition; until "
            "then it is not checked",
            layer=label,
            count=0,
        )
        return None
    if name not in osm_land.known() or section["layer"] is not None or section["where"] is not None:
        raise StudyError(
            f"[{label}] from an OSM extract" + ("" if name not in osm_land.known() else " with layer or where"),
            "path alone, and one of " + ", ".join(osm_land.known()),
            f"give {name} as a vector layer" if name not in osm_land.known() else "drop layer and where",
        )
    found = osm_land.layer(path, reader.study.crs, reader.near, name, reader.notes)
    reader.record(label, path, len(found), "EPSG:4326")
    if osm_land.uncovered(path, reader.study.crs, reader.bounds):
        reader.notes.add(
            "osm_extent",
            f"[{label}]: {path.name} ends before the communes do · an extract that holds all of them · beyond its edge nothing is "
            "seen; use a larger one",
            layer=label,
        )
    if len(found):
        return found
    reader.notes.add(
        "osm_layer_empty",
        f"[{label}]: {path.name} maps nothing of it near the communes · features, or a layer that somebody has checked · "
        "nothing mapped is not nothing there: it is not checked",
        layer=label,
        count=0,
    )
    return None
