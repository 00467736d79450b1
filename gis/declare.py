"""Declarations: how a table that crosses a module border is declared, and the words its columns may hold."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import pandas as pd

with warnings.catch_warnings():  # pandera warns of its own import layout on some versions
    warnings.simplefilter("ignore")
    import pandera.pandas as pa

__all__ = ["Declaration", "number", "pa", "schema", "text"]

STATUSES = ("unknown", "no_children", "no_supply", "out_of_reach", "crowded", "met")
FLAGS = (
    "edge",
    "lower_bound",
    "estimate",
    "unverified_norm",
    "coarse_weights",
    "off_network",
    "area_unknown",
    "norm_out_of_date",
)
ACCESS = ("public", "restricted", "fee", "closed", "unknown")
PARTS = ("barrier", "detour", "area", "supply")
VERDICTS = ("eligible", "conditional", "excluded")
STORAGE_CRS = "EPSG:4326"

AREAS = ("Polygon", "MultiPolygon")
SITES = ("Point", *AREAS)


@dataclass(frozen=True)
class Declaration:
    """What a table must be: pandera's schema, its key, and the geometry types it may hold (None: no geometry)."""

    schema: pa.DataFrameSchema
    key: tuple[str, ...]
    geometry: tuple[str, ...] | None = None

    @property
    def columns(self) -> list[str]:
        """Declared columns in order, geometry last."""
        return [*self.schema.columns, *(["geometry"] if self.geometry else [])]

    @property
    def texts(self) -> list[str]:
        """Declared columns that hold text."""
        return [name for name, column in self.schema.columns.items() if pd.api.types.is_string_dtype(column.dtype.type)]


def text(nullable: bool = False, among: tuple[str, ...] | None = None) -> pa.Column:
    """A column of text, of a closed list where one is given."""
    return pa.Column(str, pa.Check.isin(among) if among else None, nullable=nullable)


def number(nullable: bool = True, *, share: bool = False, low: float | None = 0) -> pa.Column:
    """A column of numbers, 0 or more unless another floor is given; a share is at most 1."""
    checks = [pa.Check.ge(low)] if low is not None else []
    if share:
        checks.append(pa.Check.le(1 + 1e-9))
    return pa.Column(float, checks, nullable=nullable)


def schema(columns: dict[str, pa.Column]) -> pa.DataFrameSchema:
    """Columns that must be there, in this order, and no others."""
    return pa.DataFrameSchema(columns, strict=True, ordered=True)
