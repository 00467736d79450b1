"""Exporting: what of a result goes into a plan dossier, as files with a manifest of their hashes, sources and licences."""

from sanchoi.api.exporting.registry import FORMATS
from sanchoi.api.exporting.wish import AS, Wish
from sanchoi.api.exporting.writing import write

__all__ = ["AS", "FORMATS", "Wish", "write"]
