"""Features of a result, for GIS: one index a result, made once and read by whoever asks."""

from sanchoi.api.features.index import Features, prepare, tidy, warm
from sanchoi.api.features.layers import Collection

__all__ = ["Collection", "Features", "prepare", "tidy", "warm"]
