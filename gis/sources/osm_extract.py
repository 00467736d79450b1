"""One reading of an OSM extract (PBF): the nodes, ways and areas near a study, in lon and lat, with bounded memory.

Only node locations inside the padded box are kept, plus those that a kept way or relation needs beyond it. What lies
elsewhere in the file passes by and is not stored: a country's extract costs time and no memory. The readers of one
study share one reading. A way or relation without any node in the padded box is not seen, even if its ground covers it.

The id sets of pyosmium (`IdTracker`, `IdFilter`) are not used: they take 4 MB for each 33 million ids touched, 1.4 GB
for the nodes of any city.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium
import pyproj
import shapely
from sanchoi.gis.errors import CRSError, SourceError
from sanchoi.gis.sources import osm_passes
from sanchoi.gis.sources.osm_passes import Box, Floats, Ints, Tags

Geometries = npt.NDArray[np.object_]

PAD_DEGREES = 0.01
"""Node locations are kept this far beyond the bounds (about 1 km)."""


@dataclass(frozen=True)
class Extract:
    """What one reading found. Coordinates are lon and lat (EPSG:4326).

    Attributes
    ----------
    box : west, south, east, north of the node locations kept.
    nodes, node_tags, node_xy : ids, tags and (n, 2) locations of tagged nodes.
    ways, way_tags : ids and tags of tagged ways; vertices of way i are `way_xy[start[i]:start[i + 1]]`.
    closed : whether a way ends at its first node.
    relations, relation_tags, relation_shapes : multipolygon relations; the shape is None when its rings do not close.
    stored : number of node locations held.
    """

    box: Box
    nodes: list[int]
    node_tags: list[Tags]
    node_xy: Floats
    ways: list[int]
    way_tags: list[Tags]
    start: Ints
    way_xy: Floats
    closed: npt.NDArray[np.bool_]
    relations: list[int]
    relation_tags: list[Tags]
    relation_shapes: list[shapely.Geometry | None]
    stored: int

    def lines(self, rows: Sequence[int]) -> tuple[Geometries, Ints]:
        """LineStrings of ways and the way each comes from; a way with unknown nodes is cut where they are missing."""
        xy, start, way = self._vertices(rows)
        known = ~np.isnan(xy[:, 0])
        piece = np.cumsum(start | ~known)[known]
        _, first, size = np.unique(piece, return_index=True, return_counts=True)
        long = np.repeat(size >= 2, size)
        numbers = np.repeat(np.arange(int((size >= 2).sum())), size[size >= 2])
        lines = shapely.linestrings(xy[known][long], indices=numbers) if len(numbers) else np.empty(0, dtype=object)
        return lines, way[known][first[size >= 2]]

    def polygons(self, rows: Sequence[int]) -> Geometries:
        """Polygon of each way, None where it is not closed, misses nodes or has no ground."""
        out = np.full(len(rows), None, dtype=object)
        xy = self._vertices(rows)[0]
        row = np.repeat(np.arange(len(rows)), self._sizes(rows))
        broken = np.zeros(len(rows), dtype=bool)
        broken[row[np.isnan(xy[:, 0])]] = True
        good = (
            ~broken & (self._sizes(rows) >= 4) & self.closed[np.asarray(rows, dtype=np.int64)] if len(rows) else broken
        )
        if not good.any():
            return out
        at = good[row]
        numbers = (np.cumsum(good) - 1)[row[at]]
        out[good] = [
            osm_passes.solid(shape) for shape in shapely.polygons(shapely.linearrings(xy[at], indices=numbers))
        ]
        return out

    def _sizes(self, rows: Sequence[int]) -> Ints:
        at = np.asarray(rows, dtype=np.int64)
        return self.start[at + 1] - self.start[at]

    def _vertices(self, rows: Sequence[int]) -> tuple[Floats, npt.NDArray[np.bool_], Ints]:
        """Vertices of ways one after the other, whether a way begins there, and the way."""
        size = self._sizes(rows)
        way = np.repeat(np.asarray(rows, dtype=np.int64), size)
        begin = np.cumsum(size) - size
        index = np.arange(size.sum()) - np.repeat(begin, size) + self.start[way]
        first = np.zeros(len(index), dtype=bool)
        first[begin] = True
        return self.way_xy[index], first, way


def lonlat(crs: str, bounds: Box) -> Box:
    """Bounds in `crs` as west, south, east, north in degrees, padded by `PAD_DEGREES`.

    Raises
    ------
    CRSError : the bounds have no place on earth in that CRS.
    """
    turn = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    west, south, east, north = turn.transform_bounds(*bounds)
    if not np.isfinite([west, south, east, north]).all() or west > east:
        raise CRSError(
            f"bounds {bounds} have no lon and lat in {crs}", "bounds in the study's CRS", "check [study] crs"
        )
    return west - PAD_DEGREES, south - PAD_DEGREES, east + PAD_DEGREES, north + PAD_DEGREES


_last: dict[tuple[str, int, int], Extract] = {}


def read(path: Path, crs: str, bounds: Box) -> Extract:
    """Read what lies near `bounds`; a second call for the same file and ground inside the first reuses the reading.

    Raises
    ------
    SourceError : no such file, or it is broken. CRSError : see `lonlat`.
    """
    box = lonlat(crs, bounds)
    with reading(path):
        stat = path.stat()
        key = (str(path.resolve()), stat.st_mtime_ns, stat.st_size)
        last = _last.get(key)
        if last is None or not _inside(box, last.box):
            _last.clear()
            _last[key] = last = _read(str(path), box)
    return last


def header_box(path: Path) -> Box | None:
    """West, south, east, north that the file says it covers, None where it says nothing."""
    with reading(path), osmium.io.Reader(str(path)) as source:
        box = source.header().box()
    if not box.valid():
        return None
    return box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat


def _inside(box: Box, other: Box) -> bool:
    return box[0] >= other[0] and box[1] >= other[1] and box[2] <= other[2] and box[3] <= other[3]


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the PBF reader raises into a SourceError that names the file."""
    try:
        yield
    except (RuntimeError, OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise SourceError(
            f"{path.name} cannot be read: {reason}",
            "a whole OSM extract in PBF format",
            "download it again, and compare its size or checksum with the source",
        ) from error


def _read(path: str, box: Box) -> Extract:
    """Pass over the file: nodes, tagged nodes, ways, relations, their members, nodes beyond the box, areas."""
    ids, xy, more = osm_passes.nodes_in(path, box)
    inside = set(ids.tolist())
    nodes, node_tags, node_xy = osm_passes.tagged_nodes(path, box)
    touching, ways, way_tags, sizes, refs = osm_passes.ways_in(path, inside)
    relations, members = osm_passes.relations_in(path, touching)
    member_refs = osm_passes.refs_of(path, members)
    missing = (set(refs.tolist()) | set(member_refs.tolist())) - inside
    if missing and more:
        far, far_xy = osm_passes.nodes_of(path, missing)
        ids, xy = np.concatenate([ids, far]), np.concatenate([xy, far_xy])
    order = np.argsort(ids, kind="stable")
    ids, xy = ids[order], xy[order]
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    last = np.maximum(start[1:] - 1, 0)
    closed = refs[start[:-1]] == refs[last] if len(ways) else np.zeros(0, dtype=bool)
    shapes = osm_passes.areas(path, set(relations), members, ids, xy, np.unique(member_refs))
    return Extract(
        box,
        nodes,
        node_tags,
        node_xy,
        ways,
        way_tags,
        start,
        osm_passes.locate(ids, xy, refs),
        closed,
        list(relations),
        list(relations.values()),
        [shapes.get(key) for key in relations],
        len(ids),
    )
