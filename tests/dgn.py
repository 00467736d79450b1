"""A DGN V7 drawing with texts: GDAL writes the lines, and the text elements are put behind them by hand, byte by byte."""

import struct
import warnings

import geopandas as gpd
import pyogrio

TEXT, LINES = 17, (3, 4)
END = b"\xff\xff"


def _middle(value):
    """A number of 32 bits, its high word first, each word little-endian."""
    return struct.pack("<HH", value >> 16 & 0xFFFF, value & 0xFFFF)


def _number(data, at):
    high, low = struct.unpack_from("<HH", data, at)
    return struct.unpack("<i", struct.pack("<HH", low, high))[0]


def write(path, lines, texts):
    """Lines, and texts as (x, y, bytes)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # no CRS: that is the point
        pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=lines), path, driver="DGN")
    data = path.read_bytes()
    at, grid = 0, None
    while data[at : at + 2] != END:
        if data[at + 1] & 0x7F in LINES and grid is None:
            first = at + (36 if data[at + 1] & 0x7F == 3 else 38)
            grid = _number(data, first), _number(data, first + 4), lines[0].coords[0]
            second = first + 8
            grid = (*grid, (_number(data, second) - grid[0]) / (lines[0].coords[1][0] - lines[0].coords[0][0]))
        at += 4 + 2 * struct.unpack_from("<H", data, at + 2)[0]
    x0, y0, (x, y), scale = grid
    made = b""
    for east, north, text in texts:
        place = [round(x0 + scale * (east - x)), round(y0 + scale * (north - y))]
        body = bytes([0, 1]) + _middle(1000) + _middle(1000) + _middle(0) + _middle(place[0]) + _middle(place[1])
        body += bytes([len(text), 0]) + text + b"\0" * (len(text) % 2)
        span = [_middle(value & 0xFFFFFFFF ^ 0x80000000) for value in (*place, 0, *place, 0)]
        head = b"".join(span) + b"\0" * 8  # group, attributes, properties, symbology
        made += bytes([1, TEXT]) + struct.pack("<H", (len(head) + len(body)) // 2) + head + body
    path.write_bytes(data[:at] + made + END)
