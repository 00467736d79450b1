"""OGC API – Features over the index of a result."""

from sanchoi.api.ogc.routes import router

__all__ = ["router"]
