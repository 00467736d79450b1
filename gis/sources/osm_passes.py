"""Passes over an OSM extract in PBF format; each keeps only what is asked for. Coordinates are lon and lat."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import osmium
import shapely
from osmium.filter import KeyFilter
from osmium.osm import NODE, RELATION, WAY
from sanchoi.gis.errors import SourceError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Tags = dict[str, str]
Box = tuple[float, float, float, float]

DEGREE = 10_000_000
"""OSM stores degrees as whole numbers of 1e-7."""

NODE_KEYS = ("leisure", "amenity", "landuse", "barrier", "entrance")
WAY_KEYS = (
    *("highway", "leisure", "amenity", "landuse", "building"),
    *("power", "waterway", "natural", "man_made", "military"),
)
_WAY_KEYS = frozenset(WAY_KEYS)
_ON_FOOT = ("access", "foot", "sidewalk", "sidewalk:left", "sidewalk:right", "sidewalk:both", "bridge", "locked")
_OTHER = (
    "type",
    "name",
    "name:vi",
    "fee",
    "opening_hours",
    "min_age",
    "max_age",
    "building:levels",
    "voltage",
    "tunnel",
    "parking",
)
KEPT = frozenset((*NODE_KEYS, *WAY_KEYS, *_ON_FOOT, *_OTHER))
"""Tags that a rule reads; the others are dropped while reading."""


def solid(shape: shapely.Geometry) -> shapely.Geometry | None:
    """Return the polygonal part of a shape made valid, None when it has no ground; one part is a Polygon."""
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    parts = [
        part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon" and part.area > 0
    ]
    if len(parts) < 2:
        return parts[0] if parts else None
    return shapely.MultiPolygon(parts)


def _tags(thing: osmium.osm.OSMObject) -> Tags:
    return {tag.k: tag.v for tag in thing.tags if tag.k in KEPT}


def _grid(box: Box) -> tuple[int, int, int, int]:
    west, south, east, north = (round(side * DEGREE) for side in box)
    return west, south, east, north


def nodes_in(path: str, box: Box) -> tuple[Ints, Floats, bool]:
    """Ids and lon, lat of all nodes in the box, and whether the file has others."""
    west, south, east, north = _grid(box)
    ids, places = array("q"), array("q")
    count = 0
    for count, node in enumerate(osmium.FileProcessor(path, NODE), start=1):  # noqa: B007
        place = node.location
        x = place.x
        if west <= x <= east:
            y = place.y
            if south <= y <= north:
                ids.append(node.id)
                places.append(x)
                places.append(y)
    return _ints(ids), _ints(places).reshape(-1, 2) / DEGREE, count > len(ids)


def nodes_of(path: str, wanted: set[int]) -> tuple[Ints, Floats]:
    """Ids and lon, lat of the nodes named."""
    ids, places = array("q"), array("q")
    for node in osmium.FileProcessor(path, NODE):
        if node.id in wanted and node.location.valid():
            ids.append(node.id)
            places.append(node.location.x)
            places.append(node.location.y)
    return _ints(ids), _ints(places).reshape(-1, 2) / DEGREE


def tagged_nodes(path: str, box: Box) -> tuple[list[int], list[Tags], Floats]:
    """Ids, tags and lon, lat of the nodes in the box that have a key of `NODE_KEYS`."""
    west, south, east, north = _grid(box)
    ids, tags, places = [], [], array("q")
    for node in osmium.FileProcessor(path, NODE).with_filter(KeyFilter(*NODE_KEYS)):
        x, y = node.location.x, node.location.y
        if west <= x <= east and south <= y <= north:
            ids.append(node.id)
            tags.append(_tags(node))
            places.append(x)
            places.append(y)
    return ids, tags, _ints(places).reshape(-1, 2) / DEGREE


def ways_in(path: str, inside: set[int]) -> tuple[set[int], list[int], list[Tags], list[int], Ints]:
    """Ways with a node inside: ids of all; of those with a key of `WAY_KEYS` ids, tags, sizes, nodes one after the other."""
    touching, ids, tags, sizes, refs = set(), [], [], [], array("q")
    for way in osmium.FileProcessor(path, WAY):
        nodes = [node.ref for node in way.nodes]
        if inside.isdisjoint(nodes):
            continue
        touching.add(way.id)
        kept = _tags(way)
        if len(nodes) >= 2 and not _WAY_KEYS.isdisjoint(kept):
            ids.append(way.id)
            tags.append(kept)
            sizes.append(len(nodes))
            refs.extend(nodes)
    return touching, ids, tags, sizes, _ints(refs)


def relations_in(path: str, touching: set[int]) -> tuple[dict[int, Tags], set[int]]:
    """Tags of the multipolygon relations that have one of the ways named, and all their member ways."""
    found: dict[int, Tags] = {}
    members: set[int] = set()
    for relation in osmium.FileProcessor(path, RELATION).with_filter(KeyFilter(*WAY_KEYS)):
        tags = _tags(relation)
        if tags.get("type") in ("multipolygon", "boundary"):
            ways = [member.ref for member in relation.members if member.type == "w"]
            if not touching.isdisjoint(ways):
                found[relation.id] = tags
                members.update(ways)
    return found, members


def refs_of(path: str, ways: set[int]) -> Ints:
    """Nodes of the ways named."""
    refs = array("q")
    if ways:
        for way in osmium.FileProcessor(path, WAY):
            if way.id in ways:
                refs.extend(node.ref for node in way.nodes)
    return _ints(refs)


class _Pick:
    """Lets only the named ways and relations pass."""

    def __init__(self, relations: set[int], ways: set[int]) -> None:
        self.relations, self.ways = relations, ways

    def relation(self, relation: osmium.osm.Relation) -> bool:
        return relation.id not in self.relations

    def way(self, way: osmium.osm.Way) -> bool:
        return way.id not in self.ways


def areas(
    path: str, relations: set[int], ways: set[int], ids: Ints, xy: Floats, needed: Ints
) -> dict[int, shapely.Geometry | None]:
    """Shapes of multipolygon relations; those whose rings do not close are absent."""
    if not relations:
        return {}
    if len(needed) and needed.min() < 0:
        raise SourceError(
            f"an area has a node numbered {needed.min()}: data of an editor that were never uploaded",
            "ids of 1 and more",
            "renumber the file: osmium renumber",
        )
    table = osmium.index.create_map("flex_mem")
    place = locate(ids, xy, needed)
    for node, (x, y) in zip(needed.tolist(), place.tolist(), strict=True):
        if x == x:
            table.set(node, osmium.osm.Location(x, y))
    manager, pick, wkb = osmium.area.AreaManager(), _Pick(relations, ways), osmium.geom.WKBFactory()
    with osmium.io.Reader(path, RELATION) as reader:
        osmium.apply(reader, pick, manager.first_pass_handler())
    locations = osmium.NodeLocationsForWays(table)
    locations.ignore_errors()
    shapes: dict[int, shapely.Geometry | None] = {}

    def collect(found: Iterator[osmium.osm.Area]) -> None:
        for area in found:
            if not area.from_way() and area.num_rings()[0] > 0:
                shapes[area.orig_id()] = solid(shapely.from_wkb(wkb.create_multipolygon(area)))

    done = osmium.BufferIterator()
    assemble = manager.second_pass_to_buffer(done)
    with osmium.io.Reader(path, WAY) as reader:
        for _ in osmium.OsmFileIterator(reader, pick, locations, assemble):
            if done:
                collect(done)
    if done:
        collect(done)
    return shapes


def locate(ids: Ints, xy: Floats, refs: Ints) -> Floats:
    """(n, 2) lon, lat of nodes by id, NaN where unknown; `ids` are sorted."""
    if not len(ids):
        return np.full((len(refs), 2), np.nan)
    at = np.minimum(np.searchsorted(ids, refs), len(ids) - 1)
    return np.where((ids[at] == refs)[:, None], xy[at], np.nan)


def _ints(values: array[int]) -> Ints:
    return np.frombuffer(values, dtype=np.int64).copy() if len(values) else np.empty(0, dtype=np.int64)
