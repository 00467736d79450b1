"""Palette PNG: class numbers to a picture as small as it can be, as a data URI. The same numbers give the same bytes."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Colour = tuple[int, int, int, int]


def encode(classes: npt.NDArray[np.uint8], palette: Sequence[Colour]) -> bytes:
    """Encode a PNG with 1, 2, 4 or 8 bits a pixel (PNG specification 2003, colour type 3 with a tRNS chunk).

    Parameters
    ----------
    classes : (rows, columns) positions in the palette, first row at the top.
    palette : red, green, blue, alpha of each class, at most 256.
    """
    rows, columns = classes.shape
    bits = next(depth for depth in (1, 2, 4, 8) if 2**depth >= len(palette))
    each = 8 // bits
    padded = np.zeros((rows, -(-columns // each) * each), dtype=np.uint8)
    padded[:, :columns] = classes
    packed = np.zeros((rows, padded.shape[1] // each), dtype=np.uint8)
    for k in range(each):
        packed |= padded[:, k::each] << (8 - bits * (k + 1))
    lines = np.zeros((rows, packed.shape[1] + 1), dtype=np.uint8)  # each line starts with filter 0
    lines[:, 1:] = packed
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, bits, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(value for colour in palette for value in colour[:3])),
            _chunk(b"tRNS", bytes(colour[3] for colour in palette)),
            _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def uri(classes: npt.NDArray[np.uint8], palette: Sequence[Colour]) -> str:
    """Encode as a data URI."""
    return "data:image/png;base64," + base64.b64encode(encode(classes, palette)).decode("ascii")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
