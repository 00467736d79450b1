"""Tiling: one collection of the index as an archive of vector tiles. Run in a process of its own: INDEX COLLECTION TARGET."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pyogrio
from sanchoi.api.features.layers import ID


@dataclass(frozen=True)
class Tiling:
    """Which columns go into the tiles of a collection, and at which zooms."""

    columns: tuple[str, ...]
    least: int
    most: int


TILINGS = {
    "parcels": Tiling(("verdict", "score", "rank"), 11, 14),
    "cells": Tiling(("walk_m", "children"), 7, 13),
}
"""At zoom 14 a tile's own grid is finer than a metre, so that closer views need no further tiles."""
OPTIONS = {"MAX_SIZE": 2_000_000, "MAX_FEATURES": 300_000, "EXTENT": 4096, "BUFFER": 64}


def write(index: Path, collection: str, target: Path) -> None:
    """Write the archive."""
    how = TILINGS[collection]
    frame = pyogrio.read_dataframe(index, layer=collection, columns=[ID, *how.columns])
    pyogrio.write_dataframe(
        frame.rename(columns={ID: "id"}),
        target,
        layer=collection,
        driver="PMTiles",
        MINZOOM=how.least,
        MAXZOOM=how.most,
        NAME=collection,
        **OPTIONS,
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
