"""Picture: the pages of a sheet as PNG, drawn from its PDF."""

from __future__ import annotations

import io

import pypdfium2  # type: ignore[import-untyped]
from sanchoi.gis.errors import ContractError

DPI = 150.0
MOST = 12_000
"""Pixels of a side at most: A0 at 250 dpi."""


def pages(pdf: bytes, dpi: float = DPI) -> list[bytes]:
    """One PNG a page, with the resolution written in it.

    Raises
    ------
    ContractError : a resolution that is none, or a picture that is too large.
    """
    if not 20 <= dpi <= 1200:
        raise ContractError(f"{dpi:g} dpi", "20 to 1200", "give another resolution")
    out = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            side = max(page.get_size()) * dpi / 72
            if side > MOST:
                raise ContractError(f"a picture of {side:,.0f} pixels", f"at most {MOST:,} a side", "give fewer dpi")
            bitmap = page.render(scale=dpi / 72)
            held = io.BytesIO()
            bitmap.to_pil().convert("RGB").save(held, "PNG", dpi=(dpi, dpi))
            out.append(held.getvalue())
            bitmap.close()
            page.close()
    finally:
        document.close()
    return out
