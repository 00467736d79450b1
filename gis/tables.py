"""Tables that cross a module border: each declared once, with key, columns, units, geometry and nulls.

`check(frame, name)` holds a table against its declaration and raises one ContractError that names the first bad row. CRS and
geometry type are checked here and not by pandera, which raises a bare TypeError on a wrong CRS, knows no geometry types and,
with `coerce`, stamps a CRS on data that has none.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

with warnings.catch_warnings():  # pandera warns of its own import layout on some versions
    warnings.simplefilter("ignore")
    import pandera.pandas as pa

from sanchoi.gis.errors import ContractError, CRSError

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

_AREAS = ("Polygon", "MultiPolygon")
_SITES = ("Point", *_AREAS)


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


def _text(nullable: bool = False, among: tuple[str, ...] | None = None) -> pa.Column:
    return pa.Column(str, pa.Check.isin(among) if among else None, nullable=nullable)


def _number(nullable: bool = True, *, share: bool = False, low: float | None = 0) -> pa.Column:
    checks = [pa.Check.ge(low)] if low is not None else []
    if share:
        checks.append(pa.Check.le(1 + 1e-9))
    return pa.Column(float, checks, nullable=nullable)


_COMMUNE_BAND = {"commune_id": _text(), "vintage": _text()}


def _schema(columns: dict[str, pa.Column]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, strict=True, ordered=True)


DECLARATIONS: dict[str, Declaration] = {
    "communes": Declaration(
        _schema(
            {
                **_COMMUNE_BAND,
                "name": _text(),
                "kind": _text(nullable=True),
                "surveyed": pa.Column(bool),
                "area_m2": _number(False),
                "population": _number(),
                "weights": _text(),
            }
        ),
        ("commune_id", "vintage"),
        _AREAS,
    ),
    "play_areas": Declaration(
        _schema(
            {
                "play_area_id": _text(),
                "name": _text(nullable=True),
                "kind": _text(),
                "access": _text(among=ACCESS),
                "ages": _text(nullable=True),
                "area_m2": _number(),
                "counts": pa.Column(bool),
                "commune_id": _text(nullable=True),
                "demand": _number(),
            }
        ),
        ("play_area_id",),
        _SITES,
    ),
    "cells": Declaration(
        _schema(
            {
                "cell_id": _text(),
                "commune_id": _text(),
                "walk_m": _number(),
                "straight_m": _number(),
                "play_area_id": _text(nullable=True),
                "off_network": pa.Column(bool),
            }
        ),
        ("cell_id", "commune_id"),
        ("Point",),
    ),
    "cell_bands": Declaration(
        _schema(
            {
                "cell_id": _text(),
                "commune_id": _text(),
                "band": _text(),
                "children": _number(),
                "covered": pa.Column("boolean", nullable=True),
                "m2_per_child": _number(),
            }
        ),
        ("cell_id", "commune_id", "band"),
    ),
    "gaps": Declaration(
        _schema(
            {
                **_COMMUNE_BAND,
                "name": _text(),
                "band": _text(),
                "children": _number(),
                "children_uncovered": _number(),
                "covered_share": _number(share=True),
                "play_area_m2": _number(),
                "play_area_known_m2": _number(),
                "provision_m2_per_child": _number(),
                "provision_m2_per_person": _number(),
                "access_m2_per_child": _number(),
                "norm_walk_m": _number(),
                "norm_m2_per_child": _number(),
                "norm_m2_per_person": _number(),
                "shortfall_m2": _number(),
                "fgt0": _number(share=True),
                "fgt1": _number(share=True),
                "fgt2": _number(share=True),
                "status": _text(among=STATUSES),
                "reason_vi": _text(),
                "reason_en": _text(),
                "detour_ratio": _number(),
                "flags": _text(),
                "survey_rank": pa.Column("Int64", pa.Check.ge(1), nullable=True),
            }
        ),
        ("commune_id", "vintage", "band"),
    ),
    "coverage_by_tier": Declaration(
        _schema(
            {
                **_COMMUNE_BAND,
                "band": _text(),
                "tier": _text(),
                "walk_m": _number(),
                "min_site_m2": _number(),
                "covered_share": _number(share=True),
            }
        ),
        ("commune_id", "vintage", "band", "tier"),
    ),
    "reasons": Declaration(
        _schema({**_COMMUNE_BAND, "band": _text(), "part": _text(among=PARTS), "children": _number(low=None)}),
        ("commune_id", "vintage", "band", "part"),
    ),
    "parcels": Declaration(
        _schema(
            {
                "parcel_id": _text(),
                "commune_id": _text(nullable=True),
                "land_use": _text(nullable=True),
                "land_class": _text(nullable=True),
                "owner": _text(nullable=True),
                "verdict": _text(among=VERDICTS),
                "who_vi": _text(nullable=True),
                "who_en": _text(nullable=True),
                "against": _text(),
                "area_m2": _number(False),
                "usable_m2": _number(False),
                "circle_m": _number(False),
                "cost": _number(),
                "children_reached": _number(),
                "children_gained": _number(),
            }
        ),
        ("parcel_id",),
        _AREAS,
    ),
    "usable": Declaration(_schema({"parcel_id": _text()}), ("parcel_id",), _AREAS),
    "screening": Declaration(
        _schema(
            {
                "parcel_id": _text(),
                "constraint_id": _text(),
                "passed": pa.Column("boolean", nullable=True),
                "value": _number(),
                "limit": _number(False),
                "margin": _number(low=None),
                "unit": _text(),
                "kind": _text(),
                "source": _text(),
                "article": _text(),
                "verified": pa.Column(bool),
            }
        ),
        ("parcel_id", "constraint_id"),
    ),
    "sites": Declaration(
        _schema(
            {
                "parcel_id": _text(),
                "build_order": pa.Column(int, pa.Check.ge(1)),
                "verdict": _text(among=VERDICTS),
                "cost": _number(),
                "children_gained": _number(False),
                "children_total": _number(False),
            }
        ),
        ("build_order",),
    ),
    "effects": Declaration(
        _schema({"parcel_id": _text(), "band": _text(), "children_reached": _number(), "children_gained": _number()}),
        ("parcel_id", "band"),
    ),
}


def finish(frame: pd.DataFrame, name: str, *, ordered: bool = False) -> pd.DataFrame:
    """Columns in the declared order, rows by key unless they are in order already, geometry in EPSG:4326; checked."""
    declared = DECLARATIONS[name]
    if declared.geometry:
        places = gpd.GeoDataFrame(frame)
        frame = places if places.crs == STORAGE_CRS else places.to_crs(STORAGE_CRS)
    if not ordered:
        frame = frame.sort_values(list(declared.key))
    frame = frame[declared.columns].reset_index(drop=True)
    frame = frame.astype(dict.fromkeys(declared.texts, "str"))  # a column without a single text has no type of its own
    return check(frame, name, STORAGE_CRS if declared.geometry else None)


def check(frame: pd.DataFrame, name: str, crs: str | None = None) -> pd.DataFrame:
    """Hold a table against its declaration and give it back unchanged.

    Parameters
    ----------
    frame : the table.
    name : a key of `DECLARATIONS`.
    crs : the CRS that its geometry must be in; None for a table without geometry.

    Raises
    ------
    ContractError : wrong columns, types, nulls, values, a repeated key, or a geometry of another type; names the first bad row.
    CRSError : geometry in no CRS or another one.
    """
    declared = DECLARATIONS[name]
    plain = pd.DataFrame(frame.drop(columns="geometry")) if declared.geometry else frame
    try:
        declared.schema.validate(plain, lazy=True)
    except pa.errors.SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        row = first["index"]
        key = "" if row is None or pd.isna(row) else f" at {_key(frame, declared, row)}"
        raise ContractError(
            f"table {name}, column {first['column']}: {first['failure_case']!r}{key} "
            f"({len(error.failure_cases)} breaches in all)",
            str(first["check"]),
            "mend the table that feeds it",
        ) from error
    twice = frame.index[frame.duplicated(list(declared.key))]
    if len(twice):
        raise ContractError(
            f"table {name}: {_key(frame, declared, twice[0])} stands twice", "one row a key", "remove one of the rows"
        )
    if declared.geometry:
        _check_geometry(gpd.GeoDataFrame(frame), name, declared, crs)
    return frame


def _key(frame: pd.DataFrame, declared: Declaration, row: object) -> str:
    return ", ".join(f"{column} {frame.at[row, column]!s}" for column in declared.key)


def _check_geometry(frame: gpd.GeoDataFrame, name: str, declared: Declaration, crs: str | None) -> None:
    if crs is None or frame.crs is None or frame.crs != crs:
        raise CRSError(
            f"table {name} is in {frame.crs}", f"geometry in {crs}", "reproject it before it crosses a border"
        )
    wrong = frame.index[~frame.geom_type.isin(declared.geometry or ())]
    if len(wrong):
        raise ContractError(
            f"table {name}: {frame.geom_type[wrong[0]]} at {_key(frame, declared, wrong[0])}",
            " or ".join(declared.geometry or ()),
            "mend the layer",
        )
