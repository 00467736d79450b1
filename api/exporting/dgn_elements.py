"""Elements of a DGN V7 file, byte by byte: shapes, lines, points and texts, each with a level, a colour and a number to link by.

Numbers of 32 bits stand with their high word first. A shape of more than 101 corners is a complex one, made of line strings.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LINE_STRING, SHAPE, COMPLEX_SHAPE, COMPLEX_CHAIN, TEXT = 4, 6, 14, 12, 17
MOST = 101
"""Corners of one element."""
END = b"\xff\xff"
ATTRIBUTES, HOLE, PLANAR = 0x0800, 0x8000, 0x2000
LINK = 0x5E62
"""Kind of a link to a database: ODBC."""
MIDDLE_CENTRE = 7
"""Justification of a text."""
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Look:
    """What elements have in common.

    Attributes
    ----------
    group : of those that belong together. number : by which a row of a table is found, 0 = none.
    """

    level: int
    colour: int
    weight: int
    group: int
    number: int


def shape(corners: Ints, look: Look, hole: bool = False) -> bytes:
    """A closed outline; the first corner stands at the end too."""
    return _string(corners, look, SHAPE, COMPLEX_SHAPE, HOLE if hole else 0)


def line(corners: Ints, look: Look) -> bytes:
    """A line; a point is one of no length."""
    return _string(corners, look, LINE_STRING, COMPLEX_CHAIN, 0)


def text(place: Ints, look: Look, words: bytes, height: int) -> bytes:
    """A text of at most 255 bytes around a place; height in units of the file."""
    words = words[:255]
    size = _long(round(height * 1000 / 6))
    left = place - np.array([round(height * 0.75 * len(words) / 2), height // 2])
    body = bytes([0, MIDDLE_CENTRE]) + size + size + _long(0) + _long(int(left[0])) + _long(int(left[1]))
    body += bytes([len(words), 0]) + words + b"\0" * (len(words) % 2)
    return _element(TEXT, place[None, :], look, body, PLANAR)


def _string(corners: Ints, look: Look, kind: int, large: int, more: int) -> bytes:
    if len(corners) <= MOST:
        return _element(kind, corners, look, struct.pack("<H", len(corners)) + _longs(corners), more)
    pieces = [corners[at : at + MOST] for at in range(0, len(corners) - 1, MOST - 1)]
    parts = [
        _element(LINE_STRING, each, look, struct.pack("<H", len(each)) + _longs(each), 0, inner=True) for each in pieces
    ]
    inside = sum(map(len, parts))
    # the length counts the words behind it, its own linkage too
    head = _element(large, corners, look, struct.pack("<HH", inside // 2 + 11, len(parts)), more)
    return head + b"".join(parts)


def _element(kind: int, corners: Ints, look: Look, body: bytes, more: int, inner: bool = False) -> bytes:
    low, high = corners.min(axis=0), corners.max(axis=0)
    span = b"".join(_long(int(each), unsigned=True) for each in (low[0], low[1], 0, high[0], high[1], 0))
    link = b"" if inner or not look.number else _link(look.number)
    index = 2 + len(body) // 2  # words from here to the linkage
    more |= ATTRIBUTES if link else 0
    head = span + struct.pack("<HHHBB", look.group, index, more, look.weight << 3, look.colour)
    words = (len(head) + len(body) + len(link)) // 2
    return bytes([look.level | (0x80 if inner else 0), kind]) + struct.pack("<H", words) + head + body + link


def _link(number: int) -> bytes:
    return struct.pack("<BBHBBHII", 7, 0x10, LINK, 0x81, 0x0F, 1, number, 0)


def _long(value: int, unsigned: bool = False) -> bytes:
    value = (value & 0xFFFFFFFF) ^ (0x80000000 if unsigned else 0)
    return struct.pack("<HH", value >> 16, value & 0xFFFF)


def _longs(corners: Ints) -> bytes:
    values = corners.astype("<i4").view("<u2").reshape(-1, 2)[:, ::-1]
    return np.ascontiguousarray(values).tobytes()


def grid(data: bytes) -> tuple[int, Any]:
    """Where the elements that are drawn begin in a file, and the corners of the first line string or line of it."""
    at = 0
    while data[at : at + 2] != END:
        kind = data[at + 1] & 0x7F
        if kind in (3, LINE_STRING):
            first = at + (36 if kind == 3 else 38)
            words = np.frombuffer(data, "<u2", 8, first).reshape(-1, 2)[:, ::-1]
            return at, np.ascontiguousarray(words).view("<i4").reshape(-1, 2).astype(np.int64)
        at += 4 + 2 * struct.unpack_from("<H", data, at + 2)[0]
    raise ValueError("no line in the file")
