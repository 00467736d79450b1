"""Photos: decoded within limits and made anew, so that nothing of the file is kept but its picture."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps, UnidentifiedImageError
from sanchoi.api.uploads.limits import Limits
from sanchoi.api.uploads.words import Refused


def load() -> None:
    """Load what reads pictures."""
    Image.init()


def remake(data: bytes, kind: str, limits: Limits) -> tuple[bytes, int, int]:
    """The picture as a JPEG, its width and height: upright, no larger than the limit, without position, profile or comments.

    Raises
    ------
    Refused : it cannot be read, or has too many pixels.
    """
    try:
        with _at_most(limits.pixels), warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[kind]) as image:
                if image.width * image.height > limits.pixels:
                    raise Refused("pixels", most=limits.pixels // 1_000_000)
                return _made(image, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels", most=limits.pixels // 1_000_000) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError):
        raise Refused("broken", kind=kind, why="") from None


@contextmanager
def _at_most(pixels: int) -> Iterator[None]:
    """Pillow's limit, which holds for the whole process, for as long as one picture is read."""
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = pixels
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _made(image: Image.Image, limits: Limits) -> tuple[bytes, int, int]:
    image.draft("RGB", (limits.side, limits.side))
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        ground = Image.new("RGBA", upright.size, "white")
        ground.alpha_composite(upright.convert("RGBA"))
        upright = ground
    upright = upright.convert("RGB")
    upright.thumbnail((limits.side, limits.side), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    sink = io.BytesIO()
    clean.save(sink, "JPEG", quality=limits.quality, optimize=True)
    return sink.getvalue(), clean.width, clean.height
