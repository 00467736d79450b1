"""The datum in a MapInfo table: given as numbers, and held against PROJ, because GDAL knows VN-2000 by no name there.

Without them a table lies on WGS 84 by name: 225 m beside its place. MapInfo turns the frame and GDAL
the vector; GDAL changes the signs as it writes.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
from pyproj.crs import BoundCRS
from pyproj.crs.coordinate_operation import ToWGS84Transformation
from pyproj.transformer import TransformerGroup
from sanchoi.api.exporting.refusals import refusal
from sanchoi.gis.errors import CRSError, SanchoiError

WGS84 = "EPSG:4326"
MOST_PLANE_M, MOST_EARTH_M = 0.001, 0.2
Box = tuple[float, float, float, float]


def words(crs: pyproj.CRS) -> str:
    """WKT of a CRS with the numbers of its datum, as GDAL passes them on to MapInfo.

    Raises
    ------
    CRSError : PROJ knows no numbers for the datum.
    """
    plain = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    if _is_wgs84(plain):
        return str(plain.to_wkt("WKT1_GDAL"))
    numbers = _turned(crs.coordinate_operation) if crs.is_bound and crs.coordinate_operation else _numbers(plain)
    if len(numbers) not in (3, 7):
        raise refused(crs, DATUM_UNKNOWN)
    numbers += [0.0] * (7 - len(numbers))
    turn = ToWGS84Transformation(plain.geodetic_crs, *numbers)
    return str(BoundCRS(plain, WGS84, turn).to_wkt("WKT1_GDAL"))


DATUM_UNKNOWN = (
    "PROJ không biết các tham số từ gốc tọa độ của hệ này sang WGS 84",
    "PROJ knows no numbers that lead from its datum to WGS 84",
)


def refused(crs: pyproj.CRS, why: tuple[str, str]) -> SanchoiError:
    """The error for a CRS that a table cannot hold rightly."""
    return refusal("datum", CRSError, crs=crs.name, why=why)


def check(path: Path, crs: pyproj.CRS, places: np.ndarray) -> None:
    """Read a table of points back, and refuse a CRS with which they came to lie elsewhere.

    Parameters
    ----------
    places : (n, 2) of the points in `crs`.

    Raises
    ------
    CRSError : off by more than a millimetre in the plane, or 0.2 m on the earth.
    """
    back = pyogrio.read_dataframe(path)
    if back.crs is None:
        raise refused(crs, ("bảng không ghi được tên hệ này", "a table cannot name it"))
    told = np.column_stack([back.geometry.x, back.geometry.y])
    plane = float(np.abs(told - places).max())
    if crs.is_geographic:
        plane *= 111_320
    if plane > MOST_PLANE_M:
        raise refused(crs, (f"điểm bị dời {plane * 1000:.1f} mm", f"places move by {plane * 1000:.1f} mm"))
    try:
        there = pyproj.Transformer.from_crs(back.crs, WGS84, always_xy=True).transform(*told.T)
    except pyproj.exceptions.ProjError as error:
        raise refused(crs, ("bảng không ghi được tên hệ này", "a table cannot name it")) from error
    right = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True).transform(*places.T)
    off = float(np.max(pyproj.Geod(ellps="WGS84").inv(*there, *right)[2]))
    if not off <= MOST_EARTH_M:
        raise refused(crs, (f"hình sẽ lệch chỗ {off:.1f} m", f"it would lie {off:,.1f} m beside its place"))


def trial(path: Path, crs: pyproj.CRS, box: Box) -> None:
    """Write a table of five points of a box, and read it back; see `check`."""
    west, south, east, north = box
    middle = ((west + east) / 2, (south + north) / 2)
    places = np.array([(west, south), (east, south), (east, north), (west, north), middle])
    points = gpd.GeoDataFrame({"n": range(5)}, geometry=gpd.points_from_xy(*places.T))
    write(points, path, words(crs), box)
    check(path, crs, places)


def write(frame: gpd.GeoDataFrame, path: Path, wkt: str, box: Box) -> None:
    """Write one table; its numbers lie on a grid of a two-milliardth part of the box, widened to round sides."""
    options = {"ENCODING": "UTF-8", "BOUNDS": ",".join(f"{side:.0f}" for side in bounds(box))}
    data = frame.set_crs(wkt, allow_override=True)
    pyogrio.write_dataframe(data, path, driver="MapInfo File", layer_options=options)
    _blank(path.with_suffix(".dat"))


def _blank(path: Path) -> None:
    """Put zeros behind the names of columns, where GDAL leaves whatever was in memory."""
    with path.open("r+b") as file:
        head = bytearray(file.read(struct.unpack("<H", file.read(10)[8:])[0] - 10))
        for at in range(22, len(head) - 31, 32):
            name = bytes(head[at : at + 11]).split(b"\0")[0]
            head[at : at + 11] = name.ljust(11, b"\0")
        file.seek(10)
        file.write(head)


def bounds(box: Box) -> Box:
    """Round sides around a box: whole degrees, or 100 km."""
    step = 1.0 if max(map(abs, box)) <= 360 else 100_000.0
    low = [np.floor(side / step - 0.5) * step for side in box[:2]]
    high = [np.ceil(side / step + 0.5) * step for side in box[2:]]
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _is_wgs84(crs: pyproj.CRS) -> bool:
    return crs.geodetic_crs is not None and crs.geodetic_crs.to_epsg() == 4326


def _numbers(crs: pyproj.CRS) -> list[float]:
    """The numbers of the operation that PROJ takes itself."""
    found = TransformerGroup(crs.geodetic_crs, WGS84, always_xy=True).transformers
    for operation in found[0].operations or () if found else ():
        if operation.towgs84:
            return _turned(operation)
    return []


def _turned(operation: Any) -> list[float]:  # noqa: ANN401 - a CoordinateOperation, which pyproj does not export
    """Numbers of an operation as for turning the vector, in seconds; those for turning the frame have other signs."""
    numbers = [float(each) for each in operation.towgs84]
    if "Coordinate Frame" in operation.method_name:
        numbers[3:6] = [-each for each in numbers[3:6]]
    return numbers
