"""OpenStreetMap extracts (PBF): ways on foot, play areas, buildings, land use and gates, in the study's CRS.

Which tag means what stands in packaged tables: `walkable.csv` (ways), `osm_kinds.csv` (play areas), `osm_buildings.csv`
(homes). Bounds are (xmin, ymin, xmax, ymax) in the study's CRS; a feature is kept whole when it meets them. Rows are
sorted by id. Every reader raises SourceError for a file that is missing or broken, and CRSError for bounds that lie
nowhere on earth.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import osm_extract, rows
from sanchoi.gis.sources.osm_extract import Extract
from sanchoi.gis.sources.osm_passes import Box, Tags

GATES = frozenset(("gate", "kissing_gate", "swing_gate", "lift_gate"))
SHUT = frozenset(("no", "private"))
ON_FOOT = frozenset(("yes", "designated", "permissive", "destination"))
PAVEMENT = frozenset(("yes", "both", "left", "right"))
ACCESS = {
    **dict.fromkeys(("yes", "public", "permissive", "designated"), "public"),
    **dict.fromkeys(
        ("private", "residents", "members", "customers", "permit", "destination", "delivery"), "restricted"
    ),
    **dict.fromkeys(("students", "employees", "military"), "restricted"),
    "no": "closed",
}
"""access=* of OSM → access of an inventory; any other value is unknown."""

Geometries = npt.NDArray[np.object_]


class Ground(NamedTuple):
    """A feature: "way/123", its tags, and its shape in lon and lat (None = the outline does not close)."""

    osm_id: str
    tags: Tags
    shape: shapely.Geometry | None


def network(path: Path, crs: str, bounds: Box) -> gpd.GeoDataFrame:
    """Ways that a child may walk.

    Returns
    -------
    osm_id (int), highway, bridge (bool) and LineStrings. A square drawn as a multipolygon gives its outline, with the
    relation's id negated. A way whose nodes are partly missing from the file gives its known pieces.
    """
    found = osm_extract.read(path, crs, bounds)
    table = rows.packaged("walkable.csv")
    rules = dict(zip(table["highway"], table["walkable"], strict=True))
    lines, way = found.lines([row for row, tags in enumerate(found.way_tags) if walkable(tags, rules)])
    ids, tags = [found.ways[row] for row in way.tolist()], [found.way_tags[row] for row in way.tolist()]
    squares = [
        (key, each, ring)
        for key, each, shape in zip(found.relations, found.relation_tags, found.relation_shapes, strict=True)
        if shape is not None and walkable(each, rules)
        for ring in shapely.get_parts(shapely.boundary(shape))
    ]
    ids += [-key for key, _, _ in squares]
    tags += [each for _, each, _ in squares]
    out = gpd.GeoDataFrame(
        {
            "osm_id": np.array(ids, dtype=np.int64),
            "highway": [tag["highway"] for tag in tags],
            "bridge": np.array([tag.get("bridge", "no") != "no" for tag in tags], dtype=bool),
        },
        geometry=project(array([*lines, *(ring for _, _, ring in squares)]), crs),
        crs=crs,
    )
    return near(out[out.length > 0], bounds, "osm_id")


def walkable(tags: Tags, rules: dict[str, str]) -> bool:
    """Whether a child may walk a way: its highway class by `rules` (yes, no, if_foot), then foot=*, then access=*.

    A class with `if_foot` needs foot=yes, designated, permissive or destination, or a pavement of its own; one that the
    rules do not list is not walked.
    """
    rule, foot = rules.get(tags.get("highway", ""), "no"), tags.get("foot", "")
    if rule == "no" or foot in SHUT:
        return False
    allowed = foot in ON_FOOT
    if rule == "if_foot" and not allowed:
        sides = (tags.get(key) for key in ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"))
        if not any(side in PAVEMENT for side in sides):
            return False
    return allowed or tags.get("access") not in SHUT


def play_areas(path: Path, crs: str, bounds: Box, notes: Notes) -> gpd.GeoDataFrame:
    """Inventory of play areas by `osm_kinds.csv`; the first row of that table that a feature has is its kind.

    Returns
    -------
    play_area_id ("way/123"), name, kind, access, counts (bool: the kind is supply), ages and a point or polygon.
    Outlines that do not close are left out and counted in `notes`.
    """
    found = osm_extract.read(path, crs, bounds)
    table = rows.packaged("osm_kinds.csv").to_dict("records")

    def kind(tags: Tags) -> int | None:
        return next((i for i, row in enumerate(table) if tags.get(row["key"]) == row["value"]), None)

    places = [
        Ground(f"node/{key}", tags, shapely.Point(place))
        for key, tags, place in zip(found.nodes, found.node_tags, found.node_xy, strict=True)
        if kind(tags) is not None
    ]
    places += grounds(found, kind)
    whole = [ground for ground in places if ground.shape is not None]
    broken = [ground.osm_id for ground in places if ground.shape is None]
    if broken:
        notes.add(
            "osm_broken_areas",
            f"{len(broken)} play areas of {path.name} have an outline that does not close: {', '.join(broken[:10])} · "
            "closed rings of known nodes · they are left out",
            layer="play_areas",
            count=len(broken),
            ids=broken,
        )
    kinds = [table[kind(ground.tags) or 0] for ground in whole]
    out = gpd.GeoDataFrame(
        {
            "play_area_id": [ground.osm_id for ground in whole],
            "name": [_name(ground.tags) for ground in whole],
            "kind": [each["kind"] for each in kinds],
            "access": [access(ground.tags, each["access"]) for ground, each in zip(whole, kinds, strict=True)],
            "counts": np.array([each["counts"] == "true" for each in kinds], dtype=bool),
            "ages": [_ages(ground.tags) for ground in whole],
        },
        geometry=project(array([ground.shape for ground in whole]), crs),
        crs=crs,
    )
    return near(out, bounds, "play_area_id")


def access(tags: Tags, default: str) -> str:
    """Access of a play area (public, restricted, fee, closed, unknown); `default` where nothing is tagged."""
    given = tags.get("access")
    told = default if given is None else ACCESS.get(given, "unknown")
    if tags.get("opening_hours") in ("off", "closed"):
        return "closed"
    if tags.get("fee", "no") not in ("no", "donation") and told != "closed":
        return "fee"
    return told


def buildings(path: Path, crs: str, bounds: Box) -> gpd.GeoDataFrame:
    """Buildings: osm_id ("way/123"), building, levels (NaN = unknown), residential (bool) and polygons.

    Which value is a home stands in `osm_buildings.csv`; building=yes with an amenity is not one, nor is a value that
    the table does not list.
    """
    found = osm_extract.read(path, crs, bounds)
    table = rows.packaged("osm_buildings.csv")
    homes = dict(zip(table["building"], table["residential"] == "true", strict=True))
    out, tags = _polygons(found, "building", crs)
    out["building"] = [tag["building"] for tag in tags]
    out["levels"] = np.array([_levels(tag.get("building:levels")) for tag in tags], dtype=float)
    out["residential"] = np.array(
        [homes.get(t["building"], False) and not (t["building"] == "yes" and "amenity" in t) for t in tags], dtype=bool
    )
    return near(out[out["building"] != "no"], bounds, "osm_id")


def landuse(path: Path, crs: str, bounds: Box) -> gpd.GeoDataFrame:
    """Land use: osm_id, landuse and polygons."""
    out, tags = _polygons(osm_extract.read(path, crs, bounds), "landuse", crs)
    out["landuse"] = [tag["landuse"] for tag in tags]
    return near(out, bounds, "osm_id")


def gates(path: Path, crs: str, bounds: Box) -> gpd.GeoDataFrame:
    """Gates and entrances as points: osm_id, kind; those that are locked or closed to the public are left out."""
    found = osm_extract.read(path, crs, bounds)
    kept = [row for row, tags in enumerate(found.node_tags) if _opens(tags)]
    out = gpd.GeoDataFrame(
        {
            "osm_id": [f"node/{found.nodes[row]}" for row in kept],
            "kind": [_gate(found.node_tags[row]) for row in kept],
        },
        geometry=project(shapely.points(found.node_xy[kept]) if kept else array([]), crs),
        crs=crs,
    )
    return near(out, bounds, "osm_id")


def _gate(tags: Tags) -> str:
    barrier = tags.get("barrier", "")
    return barrier if barrier in GATES else "entrance"


def _opens(tags: Tags) -> bool:
    if tags.get("barrier") not in GATES and tags.get("entrance", "no") == "no":
        return False
    way_in = tags.get("foot", tags.get("access", "yes"))
    return way_in not in SHUT and tags.get("locked") != "yes"


def grounds(found: Extract, wanted: Callable[[Tags], object]) -> list[Ground]:
    """Ways, then relations, with tags that are wanted (not None)."""
    ways = [row for row, tags in enumerate(found.way_tags) if wanted(tags) is not None]
    relations = [row for row, tags in enumerate(found.relation_tags) if wanted(tags) is not None]
    return [
        *(
            Ground(f"way/{found.ways[row]}", found.way_tags[row], shape)
            for row, shape in zip(ways, found.polygons(ways), strict=True)
        ),
        *(
            Ground(f"relation/{found.relations[row]}", found.relation_tags[row], found.relation_shapes[row])
            for row in relations
        ),
    ]


def _polygons(found: Extract, key: str, crs: str) -> tuple[gpd.GeoDataFrame, list[Tags]]:
    """Every closed way and relation with a key."""
    whole = [each for each in grounds(found, lambda tags: tags.get(key)) if each.shape is not None]
    shapes = project(array([each.shape for each in whole]), crs)
    return gpd.GeoDataFrame({"osm_id": [each.osm_id for each in whole]}, geometry=shapes, crs=crs), [
        each.tags for each in whole
    ]


def array(shapes: list[shapely.Geometry | None]) -> Geometries:
    """Shapes as an array of objects."""
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def project(shapes: Geometries, crs: str) -> Geometries:
    """Lon, lat → the study's CRS, all vertices at once."""
    turn = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return (
        shapely.transform(shapes, lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1])))
        if len(shapes)
        else shapes
    )


def near(found: gpd.GeoDataFrame, bounds: Box, key: str) -> gpd.GeoDataFrame:
    """Rows that meet the bounds, sorted by id."""
    kept = found[shapely.intersects(found.geometry.to_numpy(), shapely.box(*bounds))]
    return kept.sort_values(key, kind="stable", ignore_index=True)


def _name(tags: Tags) -> str | None:
    name = tags.get("name") or tags.get("name:vi")
    return unicodedata.normalize("NFC", name) if name else None


def _ages(tags: Tags) -> str | None:
    """Ages as "3-14", "3-" or "-14"; None when neither is tagged."""
    low, high = tags.get("min_age", ""), tags.get("max_age", "")
    return f"{low}-{high}" if low or high else None


def _levels(text: str | None) -> float:
    """Storeys, the most of several; NaN when not tagged or not numbers."""
    parts = [part.strip().replace(",", ".") for part in re.split(r"[;]", text or "")]
    numbers = [float(part) for part in parts if re.fullmatch(r"\d+(\.\d+)?", part)]
    return max(numbers) if numbers and max(numbers) > 0 else math.nan
