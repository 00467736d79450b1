"""Where each text of a PDF stands, read by pdfium: that no two cover each other, and none leaves its page."""

import ctypes
import io

import numpy as np
import pypdfium2
import pypdfium2.raw as raw
import shapely
from pypdf import PdfReader

MM = 72 / 25.4
EDGE, HAIR = 4.0, 0.05


def reader(pdf):
    return PdfReader(io.BytesIO(pdf))


def boxes(pdf):
    """Texts with page, left, top, right, bottom in mm from the upper left corner."""
    out = []
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    for number, page in enumerate(document):
        letters, high = page.get_textpage(), page.get_height()
        for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=4):
            size = raw.FPDFTextObj_GetText(each.raw, letters.raw, None, 0)
            held = ctypes.create_string_buffer(size)
            raw.FPDFTextObj_GetText(each.raw, letters.raw, ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort)), size)
            told = held.raw[:size].decode("utf-16-le").rstrip("\0")
            left, low, right, top = each.get_bounds() if hasattr(each, "get_bounds") else each.get_pos()
            if told.strip():
                out.append((told, number, left / MM, (high - top) / MM, right / MM, (high - low) / MM))
        letters.close()
        page.close()
    document.close()
    return out


def collisions(pdf):
    """Pairs of texts of a page whose boxes meet, and texts at the edge of their page."""
    found, every = [], boxes(pdf)
    size = {
        number: tuple(float(side) / MM for side in page.mediabox[2:]) for number, page in enumerate(reader(pdf).pages)
    }
    for number, (wide, high) in size.items():
        mine = [each for each in every if each[1] == number]
        shapes = np.array(
            [
                shapely.box(left + HAIR, t + HAIR, max(r - HAIR, left + 2 * HAIR), max(b - HAIR, t + 2 * HAIR))
                for _, _, left, t, r, b in mine
            ]
        )
        for a, b in shapely.STRtree(shapes).query(shapes, predicate="intersects").T:
            if a < b:
                found.append((number, mine[a][0], mine[b][0]))
        found += [
            (number, told, "edge")
            for told, _, left, t, r, b in mine
            if left < EDGE or t < EDGE or r > wide - EDGE or b > high - EDGE
        ]
    return found
