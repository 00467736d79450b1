"""Languages: which of them a request asks for."""

from __future__ import annotations

from sanchoi.maps.words import LANGUAGES
from starlette.requests import Request

__all__ = ["LANGUAGES", "language_of"]


def language_of(request: Request, default: str = "vi") -> str:
    """Language of an address (/vi/…, /en/…), else of `?lang=`, else the first known one of Accept-Language, else the default."""
    first = request.url.path.split("/", 2)[1] if request.url.path.startswith("/") else ""
    if first in LANGUAGES:
        return first
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    ranked = []
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, _, rest = part.strip().partition(";")
        quality = rest.strip().removeprefix("q=")
        try:
            ranked.append((-float(quality) if rest else -1.0, place, tag.split("-")[0].lower()))
        except ValueError:
            continue
    return next((tag for weight, _, tag in sorted(ranked) if tag in LANGUAGES and weight < 0), default)
