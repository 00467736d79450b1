"""Cells of two results side by side: the same square of ground on either side, whatever the communes are called.

Cells are counted from the origin of the study's CRS, so a cell has the same id in every study of that CRS and size. Where one
size is a whole multiple of the other, the finer cells are summed to the coarser ones; no child is lost or moved by it. Any
other pair is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from sanchoi.gis.cells import to_crs
from sanchoi.gis.compare_parts import Lack
from sanchoi.gis.compare_words import refuse
from sanchoi.gis.crowding import TOLERANCE, within
from sanchoi.gis.tables import STORAGE_CRS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
SPAN = 1 << 31
MOVED = 1e-6
"""Degrees (about 0.1 m): children of a cell stand elsewhere when their mean place moved by more."""


@dataclass(frozen=True)
class Rows:
    """Rows of the tables `cells` and `cell_bands` of one result: a cell in a commune.

    Attributes
    ----------
    row, col : place on the grid. commune : position in the table of communes. children : (rows, bands), NaN = not known.
    covered, enough : (rows, bands) 1, 0, NaN = not known; `enough` is all NaN where the norm asks for no ground.
    walk_m : NaN = none, or not known. site : id of the nearest play area, "" = none. x, y : degrees.
    """

    row: Ints
    col: Ints
    commune: Ints
    children: Floats
    covered: Floats
    enough: Floats
    walk_m: Floats
    site: npt.NDArray[np.object_]
    x: Floats
    y: Floats
    cell_m: float

    def __len__(self) -> int:
        return len(self.row)


def rows(tables: Mapping[str, pd.DataFrame], bands: Sequence[str], asked_m2: Mapping[str, float | None]) -> Rows:
    """The rows of a result, bands beside each other."""
    cells, by_band = tables["cells"], tables["cell_bands"]
    size, row, col = places(cells["cell_id"])
    codes = pd.Index(tables["communes"]["commune_id"])
    commune = codes.get_indexer(cells["commune_id"])
    if (commune < 0).any():
        raise refuse("cells", came=str(cells["commune_id"].iloc[int(np.argmin(commune))]))
    children, covered, enough = (np.empty((len(cells), len(bands))) for _ in range(3))
    for b, band in enumerate(bands):
        mine = _in_order(cells, by_band, band)
        children[:, b] = mine["children"].to_numpy(dtype=float)
        covered[:, b] = mine["covered"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        asked = asked_m2.get(band)
        m2 = mine["m2_per_child"].to_numpy(dtype=float)
        enough[:, b] = np.nan if asked is None else np.where(np.isnan(m2), np.nan, m2 >= asked * (1 - TOLERANCE))
    place = shapely.get_coordinates(gpd.GeoDataFrame(cells).geometry.to_numpy())
    site = cells["play_area_id"].fillna("").to_numpy(dtype=object)
    walk = cells["walk_m"].to_numpy(dtype=float)
    return Rows(row, col, commune, children, covered, enough, walk, site, place[:, 0], place[:, 1], size)


def places(ids: pd.Series) -> tuple[float, Ints, Ints]:
    """Size, rows and columns that ids of cells say, such as "100mN17512E5630".

    Raises
    ------
    ContractError : an id says no place, or cells have several sizes.
    """
    if not len(ids):
        return 0.0, np.empty(0, np.int64), np.empty(0, np.int64)
    text = pa.array(ids.array, type=pa.large_string(), from_pandas=True)
    found = pc.extract_regex(text, r"^(?P<m>[0-9.]+)mN(?P<r>-?[0-9]{1,9})E(?P<c>-?[0-9]{1,9})$")
    bad = found.is_null() if isinstance(found, pa.Array) else pc.is_null(found)
    if pc.any(bad).as_py():
        raise refuse("cells", came=str(ids.iloc[int(np.argmax(np.asarray(bad)))]))
    size = pc.unique(pc.struct_field(found, "m")).to_pylist()
    if len(size) != 1:
        raise refuse("cells", came=", ".join(size[:3]) + " m")
    row, col = (np.asarray(pc.cast(pc.struct_field(found, key), pa.int64())) for key in "rc")
    return float(size[0]), row, col


def _in_order(cells: pd.DataFrame, by_band: pd.DataFrame, band: str) -> pd.DataFrame:
    """Rows of one band in the order of the cells.

    Raises
    ------
    ContractError : a cell has no row in the band.
    """
    mine = by_band[by_band["band"] == band].reset_index(drop=True)
    keys = ["cell_id", "commune_id"]
    same = len(mine) == len(cells) and all(
        pc.all(pc.equal(pa.array(mine[key].array), pa.array(cells[key].array))).as_py() is not False for key in keys
    )
    if same:
        return mine
    found = cells[keys].merge(mine, on=keys, how="left", indicator="there")
    if (found["there"] != "both").any() or len(found) != len(cells):
        raise refuse("cells", came=band)
    return found


@dataclass(frozen=True)
class Side:
    """One result on the cells of both. (cells, bands) unless said.

    Attributes
    ----------
    cell : (rows,) cell that each of its rows belongs to. people, blank, inside : as in `compare_parts.Lack`.
    uncovered, lacking : the two things that children may lack; `lacking` is None where the norm asks for no ground.
    there : (cells,) whether children live there. site : (cells,) nearest play area of most of its children. walk_m, x, y :
    theirs.
    """

    cell: Ints
    uncovered: Lack
    lacking: Lack | None
    there: Bools
    site: npt.NDArray[np.object_]
    walk_m: Floats
    spots: Floats


@dataclass(frozen=True)
class Aligned:
    """Both results on the same cells. `row`, `col`, `cell_m` : the cells."""

    row: Ints
    col: Ints
    cell_m: float
    first: Side
    second: Side


def factors(one_m: float, two_m: float) -> tuple[int, int]:
    """How many cells of each side make one cell that both can be summed to.

    Raises
    ------
    ContractError : neither size is a whole multiple of the other.
    """
    large, small = max(one_m, two_m), min(one_m, two_m)
    times = round(large / small) if small > 0 else 0
    if times < 1 or abs(times * small - large) > 1e-9 * large:
        raise refuse("sizes", one=f"{one_m:g}", two=f"{two_m:g}")
    return (1, times) if one_m >= two_m else (times, 1)


def align(
    first: Rows,
    second: Rows,
    outlines: tuple[gpd.GeoSeries, gpd.GeoSeries],
    other_limits: tuple[Sequence[float] | None, Sequence[float] | None] = (None, None),
    one_band: bool = False,
) -> Aligned:
    """Put the rows of both results on the same cells.

    Parameters
    ----------
    outlines : of the communes of both, in the study's CRS: a cell without children lies in an area when its centre does.
    other_limits : for each side the walking limits of the *other*, by band, where its walks can be judged by them; else None.
    one_band : sum the bands of either to one.
    """
    times = factors(first.cell_m, second.cell_m)
    cell_m = max(first.cell_m, second.cell_m)
    codes = [(r.row // k) * SPAN + r.col // k for r, k in zip((first, second), times, strict=True)]
    code, at = np.unique(np.concatenate(codes), return_inverse=True)
    ends = len(codes[0])
    row = (code + SPAN // 2) // SPAN
    col = code - row * SPAN
    centre = (col + 0.5) * cell_m, (row + 0.5) * cell_m
    sides = []
    for which, cell, shapes, limits in zip(
        (first, second), (at[:ends], at[ends:]), outlines, other_limits, strict=True
    ):
        side = _side(which, cell, len(code), centre, shapes, limits)
        if one_band:
            lacking = None if side.lacking is None else whole(side.lacking)
            side = replace(side, uncovered=whole(side.uncovered), lacking=lacking)
        sides.append(side)
    return Aligned(row, col, cell_m, *sides)


def _side(
    rows: Rows,
    cell: Ints,
    n: int,
    centre: tuple[Floats, Floats],
    shapes: gpd.GeoSeries,
    limits: Sequence[float] | None,
) -> Side:
    known = np.nan_to_num(rows.children)
    people = summed(known, cell, n)
    blank = summed(np.isnan(rows.children).astype(float), cell, n) > 0
    there = np.bincount(cell, minlength=n) > 0
    inside = there.copy()
    empty = np.flatnonzero(~there)
    if len(empty):
        tree = shapely.STRtree(shapes.to_numpy())
        points = shapely.points(centre[0][empty], centre[1][empty])
        inside[empty[np.unique(tree.query(points, predicate="intersects")[0])]] = True
    other = None
    if limits is not None:
        judged = within(np.nan_to_num(rows.walk_m, nan=np.inf)[:, None], np.array(limits)[None, :])
        other = summed(np.where(np.isnan(rows.covered) | judged, 0.0, known), cell, n)
    uncovered = Lack(
        people,
        summed(np.where(rows.covered == 0, known, 0.0), cell, n),
        summed(np.where(np.isnan(rows.covered), known, 0.0), cell, n),
        blank,
        inside,
        other,
    )
    lacking = None
    if not np.isnan(rows.enough).all() or not len(rows):
        lacking = Lack(
            people,
            summed(np.where(rows.enough == 0, known, 0.0), cell, n),
            summed(np.where(np.isnan(rows.enough), known, 0.0), cell, n),
            blank,
            inside,
        )
    most = np.full(n, -1)
    order = np.argsort(known.sum(axis=1), kind="stable")
    most[cell[order]] = order
    site = np.full(n, "", dtype=object)
    site[there] = rows.site[most[there]]
    walk_m = np.full(n, np.nan)
    walk_m[there] = rows.walk_m[most[there]]
    return Side(cell, uncovered, lacking, there, site, walk_m, _spots(rows, cell, there))


def _spots(rows: Rows, cell: Ints, there: Bools) -> Floats:
    """(cells, 4) least and largest longitude and latitude of the places where children of a cell are taken to stand."""
    out = np.full((len(there), 4), np.nan)
    if len(rows):
        order = np.argsort(cell, kind="stable")
        start = np.flatnonzero(np.diff(cell[order], prepend=-1))
        for k, column in enumerate((rows.x, rows.y)):
            out[there, k] = np.minimum.reduceat(column[order], start)
            out[there, k + 2] = np.maximum.reduceat(column[order], start)
    return out


def summed(values: Floats, group: Ints, n: int) -> Floats:
    """Sum rows (rows, bands) by group: (n, bands)."""
    columns = [np.bincount(group, column, n)[:n].astype(float) for column in values.T]
    return np.column_stack(columns) if columns else np.empty((n, 0))


def moved(first: Side, second: Side) -> Bools:
    """(cells,) whether children of a cell are taken to stand elsewhere in it than before."""
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(first.spots - second.spots) > MOVED).any(axis=1))


def centres(aligned: Aligned, at: npt.NDArray[np.integer], crs: str) -> tuple[Floats, Floats]:
    """Centres of some cells, degrees."""
    x, y = (aligned.col[at] + 0.5) * aligned.cell_m, (aligned.row[at] + 0.5) * aligned.cell_m
    return to_crs(x, y, crs, STORAGE_CRS)


def ids(aligned: Aligned, at: npt.NDArray[np.integer]) -> list[str]:
    """Ids of some cells."""
    size = f"{aligned.cell_m:g}m"
    return [f"{size}N{r}E{c}" for r, c in zip(aligned.row[at].tolist(), aligned.col[at].tolist(), strict=True)]


def whole(lack: Lack) -> Lack:
    """All bands summed to one column: for results whose bands differ but span the same ages."""
    other = None if lack.other is None else lack.other.sum(axis=1, keepdims=True)
    people, bad, unsure = (each.sum(axis=1, keepdims=True) for each in (lack.people, lack.bad, lack.unsure))
    return Lack(people, bad, unsure, np.asarray(lack.blank.any(axis=1, keepdims=True)), lack.inside, other)
