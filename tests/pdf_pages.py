"""What a PDF shows, measured from its own operators: lengths in mm from the lower left corner."""

import io
import re

from pypdf import PdfReader

MM = 72 / 25.4
SEGMENT = re.compile(r"([\d.]+) ([\d.]+) m ([\d.]+) ([\d.]+) l S")


def pages(pdf):
    return PdfReader(io.BytesIO(pdf)).pages


def size(page):
    return float(page.mediabox.width) / MM, float(page.mediabox.height) / MM


def segments(page):
    """Straight lines on a page: x0, y0, x1, y1."""
    body = page.get_contents().get_data().decode("latin-1")
    return [tuple(float(each) / MM for each in found) for found in SEGMENT.findall(body)]


def crosses(page, half=3.0):
    """Centres of crosses with arms of a length."""
    across = {
        (round((a + c) / 2, 3), round(b, 3)) for a, b, c, d in segments(page) if b == d and abs(c - a - half) < 1e-3
    }
    down = {
        (round(a, 3), round((b + d) / 2, 3))
        for a, b, c, d in segments(page)
        if a == c and abs(abs(d - b) - half) < 1e-3
    }
    return sorted(across & down)


def text(pdf):
    return "\n".join(page.extract_text() for page in pages(pdf))


def words(pdf):
    """The text without line breaks: a name may run over two lines."""
    return re.sub(r"\s+", " ", text(pdf))


def outline(page, width):
    """Extent of the one closed line of a width, without dashes: wide, high."""
    body = page.get_contents().get_data().decode("latin-1")
    (path,) = re.findall(rf"{width * MM:.3f} w 1 J 1 j ([^S\[]*h) S", body)
    points = [tuple(map(float, each)) for each in re.findall(r"([\d.]+) ([\d.]+) [ml]", path)]
    xs, ys = zip(*points, strict=True)
    return (max(xs) - min(xs)) / MM, (max(ys) - min(ys)) / MM
