"""Blocks: parcels packed for a page that opens from a file, where nothing beside it can be fetched.

Parcels run along a Hilbert curve and are cut into blocks of `SIZE`. A block is columns of whole numbers, deflated and written in
base64; the page inflates only those it draws or is asked about. A column is zigzag-coded (0 = null), split into byte planes so
that deflate finds the zeros; outlines are differences between neighbouring vertices on the Web Mercator plane at zoom `ZOOM`.
Web Mercator is for drawing only: nothing is measured in it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]

SIZE = 500
ZOOM = 20
"""One unit is a pixel of zoom 20: 0.15 m at the equator."""
LARGE_M = 1500.0
"""Parcels longer than this stand in blocks of their own, so that the boxes of the other blocks stay small."""
GRAIN = 0.5
"""Vertices within so many units of a straight line are left out of drawings: less than half a pixel at the closest zoom, 19."""
MOST = 2**30
"""Largest whole number of a column."""


@dataclass(frozen=True)
class Rings:
    """Outlines as rings: `start[i]:start[i + 1]` are the rings of shape i, `at[r]:at[r + 1]` the vertices of ring r."""

    start: Ints
    at: Ints
    x: Ints
    y: Ints

    def part(self, low: int, high: int) -> list[Ints]:
        """Columns of the shapes low … high − 1: rings a shape, vertices a ring, differences of x and of y."""
        first, last = self.start[low], self.start[high]
        a, b = self.at[first], self.at[last]
        return [
            np.diff(self.start[low : high + 1]),
            np.diff(self.at[first : last + 1]),
            np.diff(self.x[a:b], prepend=0),
            np.diff(self.y[a:b], prepend=0),
        ]


def order(shapes: gpd.GeoSeries) -> Ints:
    """Positions of shapes along a Hilbert curve, large ones first. Empty shapes and null come last."""
    blank = (shapes.is_empty | shapes.isna()).to_numpy()
    box = shapely.bounds(shapes.to_numpy())
    long = np.nan_to_num(np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])) * 111_320 > LARGE_M
    curve = np.zeros(len(shapes), dtype=np.int64)
    if not blank.all():
        curve[~blank] = shapes[~blank].hilbert_distance().to_numpy().astype(np.int64)
    return np.lexsort((np.arange(len(shapes)), curve, ~long, blank)).astype(np.int64)


def rings(shapes: gpd.GeoSeries) -> Rings:
    """Outlines on the plane of zoom `ZOOM`, whole numbers, without the vertex that closes a ring.

    Parameters
    ----------
    shapes : Polygon or MultiPolygon in any CRS; null and empty give no ring.
    """
    drawn = shapely.simplify(_plane(shapes), GRAIN, preserve_topology=True)
    drawn = shapely.orient_polygons(drawn)
    parts, owner = shapely.get_parts(drawn, return_index=True)
    areal = shapely.get_type_id(parts) == 3
    lines, of_part = shapely.get_rings(parts[areal], return_index=True)
    of_shape = owner[areal][of_part]
    corners, of_ring = shapely.get_coordinates(lines, return_index=True)
    whole = np.rint(corners).astype(np.int64)
    closing = np.append(np.diff(of_ring) != 0, True) if len(of_ring) else np.empty(0, dtype=bool)
    whole, of_ring = whole[~closing], of_ring[~closing]
    return Rings(
        np.searchsorted(of_shape, np.arange(len(shapes) + 1)).astype(np.int64),
        np.searchsorted(of_ring, np.arange(len(lines) + 1)).astype(np.int64),
        whole[:, 0],
        whole[:, 1],
    )


def boxes(found: Rings, size: int = SIZE) -> list[list[int] | None]:
    """West, north, east, south of each block on the plane (y grows southwards); None for a block without outlines."""
    out: list[list[int] | None] = []
    count = len(found.start) - 1
    for low in range(0, count, size):
        a, b = found.at[found.start[low]], found.at[found.start[min(low + size, count)]]
        x, y = found.x[a:b], found.y[a:b]
        out.append([int(x.min()), int(y.min()), int(x.max()), int(y.max())] if b > a else None)
    return out


def scaled(values: pd.Series | Floats, decimals: int) -> tuple[Ints, int]:
    """Whole numbers of 10^-decimals units, and the decimals that fit (fewer where values are large); null, NaN, ±inf → `NULL`."""
    raw = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(raw)
    top = float(np.abs(raw[known]).max()) if known.any() else 0.0
    while top * 10.0**decimals >= MOST:
        decimals -= 1
    out = np.full(len(raw), NULL, dtype=np.int64)
    out[known] = np.rint(raw[known] * 10.0**decimals).astype(np.int64)
    return out, decimals


NULL = np.iinfo(np.int64).min


def pack(columns: Sequence[Ints], texts: Any = None) -> str:  # noqa: ANN401 - any JSON value
    """Columns of whole numbers, and texts as JSON, in one deflated base64 string. Read by templates/sites_blocks.js.

    Layout, little-endian uint32: bytes of the JSON; number of columns; for each column its length and its byte planes;
    then the JSON (UTF-8), then the planes, lowest byte first.
    """
    told = b"" if texts is None else json.dumps(texts, ensure_ascii=False, allow_nan=False).encode()
    head, body = [len(told), len(columns)], []
    for column in columns:
        coded = np.where(column == NULL, 0, np.where(column < 0, -2 * column, 2 * column + 1)).astype("<u4")
        planes = int(np.ceil(int(coded.max()).bit_length() / 8)) if len(coded) else 0
        head += [len(coded), planes]
        body.append(coded.view(np.uint8).reshape(-1, 4).T[:planes].tobytes())
    raw = np.array(head, dtype="<u4").tobytes() + told + b"".join(body)
    return base64.b64encode(zlib.compress(raw, 6)).decode()


def _plane(shapes: gpd.GeoSeries) -> Geometries:
    """Shapes on the Web Mercator plane in pixels of zoom `ZOOM`, y growing southwards."""
    world = 256 * 2**ZOOM
    degrees = shapes.to_crs("EPSG:4326").to_numpy()

    def project(lonlat: Floats) -> Floats:
        latitude = np.radians(np.clip(lonlat[:, 1], -85.0, 85.0))
        x = (lonlat[:, 0] + 180) / 360 * world
        y = (1 - np.arcsinh(np.tan(latitude)) / np.pi) / 2 * world
        return np.column_stack([x, y])

    return np.asarray(shapely.transform(degrees, project))
