"""Picture: the pages of a sheet as PNG, drawn from its PDF strip by strip, so that A0 needs no more memory than A3."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
from sanchoi.maps.sheets.refusals import grouped, refusal

DPI = 150.0
MOST = 15_000
"""Pixels of a side at most: A0 at 300 dpi has 14,043."""
STRIP = 12_000_000
"""Pixels drawn at once."""
UP = 2
"""Filter of the lines of a PNG: what differs from the line above (PNG specification, 9.2)."""


def pages(pdf: bytes, dpi: float = DPI) -> list[bytes]:
    """One PNG a page, with the resolution written in it.

    Raises
    ------
    ContractError : a resolution that is none, or a picture that is too large.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            wide, high = page.get_size()
            check(dpi, (wide * 25.4 / 72, high * 25.4 / 72))
        return [b"".join(_png(page, dpi)) for page in document]
    finally:
        document.close()


def check(dpi: float, size: tuple[float, float]) -> None:
    """Refuse a resolution that is none, or too fine for a page of a size in mm. Raises ContractError."""
    if not 20 <= dpi <= 1200:
        raise refusal("dpi", came=f"{dpi:g}")
    side = max(size) * dpi / 25.4
    if side > MOST:
        fits = math.floor(MOST / max(size) * 25.4)
        raise refusal("pixels", came=grouped(side), most=grouped(MOST), fits=fits)


def _png(page: pypdfium2.PdfPage, dpi: float) -> Iterator[bytes]:
    """A PNG in pieces: colour type 2, eight bits."""
    k = dpi / 72
    wide, high = (math.ceil(side * k) for side in page.get_size())
    yield b"\x89PNG\r\n\x1a\n"
    yield _chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    yield _chunk(b"pHYs", struct.pack(">IIB", round(dpi / 0.0254), round(dpi / 0.0254), 1))
    packer = zlib.compressobj(6)
    above = np.zeros((1, wide * 3), dtype=np.uint8)
    step = max(1, STRIP // wide)
    for top in range(0, high, step):
        below = max(0, high - top - step)
        # pdfium rounds the margins that are cut off up to pixels: half a pixel less is the same and is safe
        cut = (0, max(0, below - 0.5) / k, 0, max(0, top - 0.5) / k)
        bitmap = page.render(scale=k, crop=cut)
        drawn = bitmap.to_numpy()[:, :wide, 2::-1].reshape(-1, wide * 3)
        lines = np.empty((len(drawn), wide * 3 + 1), dtype=np.uint8)
        lines[:, 0] = UP
        lines[0, 1:] = drawn[0] - above[0]
        lines[1:, 1:] = drawn[1:] - drawn[:-1]
        above = drawn[-1:].copy()
        bitmap.close()
        if packed := packer.compress(lines.tobytes()):
            yield _chunk(b"IDAT", packed)
    yield _chunk(b"IDAT", packer.flush())
    yield _chunk(b"IEND", b"")
    page.close()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
