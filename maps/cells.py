"""Cells as pictures: the study grid seen in Web Mercator, one palette picture per question.

Only drawn here, never measured: every number comes from the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from sanchoi.gis.results import Result
from sanchoi.maps import png, style

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]
FINE_CELLS = 60_000
"""Up to so many cells a picture has two pixels a cell, each way; beyond, one."""
BUDGET = 560_000
"""Bytes that all pictures of a page may take together; one that is larger than its share is drawn coarser."""
CHILDREN_BREAKS = (1.0, 5.0, 20.0, 50.0)
SOME = 5e-3
"""Fewer children than this count as none in the drawing."""


@dataclass(frozen=True)
class Picture:
    """A picture over the map: data URI, and its corners [[south, west], [north, east]]."""

    uri: str
    bounds: list[list[float]]


@dataclass(frozen=True)
class Canvas:
    """Which cell each pixel of a Web Mercator picture shows (−1: none)."""

    pixel: npt.NDArray[np.int64]
    bounds: list[list[float]]
    max_bytes: int = BUDGET

    def draw(self, codes: Codes, palette: list[png.Colour]) -> Picture:
        """Draw class numbers of cells; class 0 is what a pixel without a cell shows."""
        seen = np.append(codes, 0)[self.pixel].astype(np.uint8)
        found = png.uri(seen, palette)
        step = 2
        while len(found) > self.max_bytes and step <= 16:
            found = png.uri(seen[step // 2 :: step, step // 2 :: step], palette)
            step *= 2
        return Picture(found, self.bounds)


@dataclass(frozen=True)
class Grid:
    """Cells of a result, one a square: position on the study grid, and the row of `cells` that rules it."""

    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    rules: npt.NDArray[np.int64]
    piece_cell: npt.NDArray[np.int64]
    cell_m: float
    crs: str

    def canvas(self, pictures: int = 1) -> Canvas:
        """Picture frame over all cells, for so many pictures."""
        row, column = self.row, self.column
        low_row, low_col = row.min(), column.min()
        rows, cols = int(row.max() - low_row + 1), int(column.max() - low_col + 1)
        lookup = np.full((rows, cols), -1, dtype=np.int64)
        lookup[row - low_row, column - low_col] = np.arange(len(row))
        left, bottom = low_col * self.cell_m, low_row * self.cell_m
        right, top = left + cols * self.cell_m, bottom + rows * self.cell_m
        to_map = pyproj.Transformer.from_crs(self.crs, "EPSG:3857", always_xy=True)
        west, south, east, north = to_map.transform_bounds(left, bottom, right, top, densify_pts=31)
        scale = 2 if len(row) <= FINE_CELLS else 1
        wide = max(1, round((right - left) / self.cell_m * scale))
        high = max(1, round((top - bottom) / self.cell_m * scale))
        x = west + (np.arange(wide) + 0.5) * (east - west) / wide
        y = north - (np.arange(high) + 0.5) * (north - south) / high
        at_x, at_y = np.meshgrid(x, y)
        from_map = pyproj.Transformer.from_crs("EPSG:3857", self.crs, always_xy=True)
        study_x, study_y = from_map.transform(at_x.ravel(), at_y.ravel())
        c = np.floor(np.asarray(study_x) / self.cell_m).astype(np.int64) - low_col
        r = np.floor(np.asarray(study_y) / self.cell_m).astype(np.int64) - low_row
        inside = (c >= 0) & (c < cols) & (r >= 0) & (r < rows)
        pixel = np.full(wide * high, -1, dtype=np.int64)
        pixel[inside] = lookup[r[inside], c[inside]]
        to_degrees = pyproj.Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
        (w, e), (s, n) = to_degrees.transform([west, east], [south, north])
        return Canvas(
            pixel.reshape(high, wide),
            [[round(float(s), 6), round(float(w), 6)], [round(float(n), 6), round(float(e), 6)]],
            BUDGET // max(pictures, 1),
        )

    def sum(self, pieces: Floats) -> Floats:
        """Sum values of pieces (rows of `cells`) over their cells."""
        return np.bincount(self.piece_cell, np.nan_to_num(pieces), len(self.row)).astype(float)


def grid(cells: gpd.GeoDataFrame, children: Floats, cell_m: float, crs: str) -> Grid:
    """Squares that the pieces of `cells` belong to. Where communes share one, the piece with most children rules it."""
    place = cells["cell_id"].str.extract(r"N(-?\d+)E(-?\d+)$").astype(np.int64).to_numpy()
    code = place[:, 0] * (1 << 31) + place[:, 1]
    _, first, piece_cell = np.unique(code, return_index=True, return_inverse=True)
    order = np.argsort(np.nan_to_num(children), kind="stable")
    rules = np.empty(len(first), dtype=np.int64)
    rules[piece_cell[order]] = order
    return Grid(place[first, 0], place[first, 1], rules, piece_cell, cell_m, crs)


def children_of(cells: pd.DataFrame, cell_bands: pd.DataFrame, band: str) -> pd.DataFrame:
    """Rows of `cell_bands` of one band, in the order of `cells`."""
    mine = cell_bands[cell_bands["band"] == band]
    keys = ["cell_id", "commune_id"]
    if len(mine) == len(cells) and (mine[keys].to_numpy() == cells[keys].to_numpy()).all():
        return mine.reset_index(drop=True)
    return cells[keys].merge(mine, on=keys, how="left")


def pictures(result: Result, bands: list[str], limits: Mapping[str, float | None]) -> dict[str, Picture]:
    """Pictures of the cells, by question and band: "walk:0-5", "circle:0-5", "children:0-5", "children:all".

    Parameters
    ----------
    result : a result whose tables hold `cells` and `cell_bands`.
    bands : age bands of the study, without `all`.
    limits : walking limit of each band, metres; None = the norm sets none.
    """
    cells = result.tables.get("cells")
    if cells is None or not len(cells):
        return {}
    by_band = {band: children_of(cells, result.tables["cell_bands"], band) for band in bands}
    children = {band: table["children"].to_numpy(dtype=float) for band, table in by_band.items()}
    total = np.sum([np.nan_to_num(values) for values in children.values()], axis=0)
    study = result.run["study"]
    squares = grid(cells, total, float(result.run["settings"]["cell_m"]), study["crs"])
    canvas = squares.canvas(len(bands) + 1 + sum(2 for limit in limits.values() if limit is not None))
    empty = squares.sum(total) < SOME
    communes = result.tables["communes"].set_index("commune_id")["surveyed"]
    surveyed = cells["commune_id"].map(communes).to_numpy(dtype=bool)[squares.rules]
    out = {}
    for band, values in [*children.items(), ("all", total)]:
        out[f"children:{band}"] = canvas.draw(*_children(squares.sum(values)))
    if not surveyed.any() or cells["straight_m"].isna().all():
        return out
    walk = cells["walk_m"].to_numpy(dtype=float)[squares.rules]
    drawn: dict[float, str] = {}
    for band, limit in limits.items():
        if limit is None:
            continue
        if limit not in drawn:
            out[f"walk:{band}"] = canvas.draw(*_walk(walk, limit, surveyed, empty))
            drawn[limit] = band
        covered = by_band[band]["covered"].fillna(False).to_numpy(dtype=bool)[squares.rules]
        claimed = _claimed(result, band, cells, squares)
        out[f"circle:{band}"] = canvas.draw(*_circle(covered, claimed, surveyed, empty))
    return out


def _tones(colours: list[str]) -> list[png.Colour]:
    """Palette: nothing, each colour, each colour again pale."""
    solid = [style.rgba(colour) for colour in colours]
    return [(0, 0, 0, 0), *solid, *(style.rgba(colour, style.PALE) for colour in colours)]


def _children(values: Floats) -> tuple[Codes, list[png.Colour]]:
    codes = np.where(values < SOME, 0, 1 + np.searchsorted(CHILDREN_BREAKS, values, side="right"))
    return codes.astype(np.uint8), [(0, 0, 0, 0), *(style.rgba(colour) for colour in style.FEW_TO_MANY)]


def _walk(walk: Floats, limit: float, surveyed: Any, empty: Any) -> tuple[Codes, list[png.Colour]]:  # noqa: ANN401
    tolerance = 1 + 1e-9
    code = np.select([np.isnan(walk), walk <= limit * tolerance, walk <= 2 * limit * tolerance], [4, 1, 2], 3)
    return _shade(code, surveyed, empty, 4), _tones(list(style.WALK.values()))


def _circle(covered: Any, claimed: Any, surveyed: Any, empty: Any) -> tuple[Codes, list[png.Colour]]:  # noqa: ANN401
    code = np.select([covered, claimed], [1, 2], 3)
    return _shade(code, surveyed, empty, 3), _tones(list(style.CIRCLE.values()))


def _shade(code: Any, surveyed: Any, empty: Any, classes: int) -> Codes:  # noqa: ANN401
    """Pale where no children live, nothing where nobody has looked."""
    shaded = np.where(surveyed, np.where(empty, code + classes, code), 0)
    return np.asarray(shaded, dtype=np.uint8)


def _claimed(result: Result, band: str, cells: gpd.GeoDataFrame, squares: Grid) -> npt.NDArray[np.bool_]:
    """Whether a circle drawn with the band's limit around some play area that counts would hold the cell."""
    crs = result.run["study"]["crs"]
    point = cells.geometry.to_crs(crs).to_numpy()[squares.rules]
    sites = result.tables["play_areas"]
    sites = sites[sites["counts"].to_numpy(dtype=bool)]
    inside = np.zeros(len(point), dtype=bool)
    if not len(sites):
        return inside
    shape = gpd.GeoSeries(sites.geometry).to_crs(crs).to_numpy()
    area = sites["area_m2"].to_numpy(dtype=float)
    tree = shapely.STRtree(point)
    for tier in result.run["norms"]:
        if tier["band"] != band or tier["walk_m"] is None:
            continue
        floor = tier["min_site_m2"]
        fit = shape if floor is None else shape[area >= floor * (1 - 1e-9)]
        inside[tree.query(fit, predicate="dwithin", distance=float(tier["walk_m"]))[1]] = True
    return inside
