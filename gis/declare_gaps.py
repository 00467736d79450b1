"""Declarations of the tables that speak of communes, cells and play areas."""

from __future__ import annotations

from sanchoi.gis.declare import ACCESS, AREAS, PARTS, SITES, STATUSES, Declaration, number, pa, schema, text

COMMUNE_BAND = {"commune_id": text(), "vintage": text()}

GAP_TABLES: dict[str, Declaration] = {
    "communes": Declaration(
        schema(
            {
                **COMMUNE_BAND,
                "name": text(),
                "kind": text(nullable=True),
                "surveyed": pa.Column(bool),
                "area_m2": number(False),
                "population": number(),
                "weights": text(),
            }
        ),
        ("commune_id", "vintage"),
        AREAS,
    ),
    "play_areas": Declaration(
        schema(
            {
                "play_area_id": text(),
                "name": text(nullable=True),
                "kind": text(),
                "access": text(among=ACCESS),
                "ages": text(nullable=True),
                "area_m2": number(),
                "counts": pa.Column(bool),
                "commune_id": text(nullable=True),
                "demand": number(),
                "within_m": number(),
            }
        ),
        ("play_area_id",),
        SITES,
    ),
    "cells": Declaration(
        schema(
            {
                "cell_id": text(),
                "commune_id": text(),
                "walk_m": number(),
                "straight_m": number(),
                "play_area_id": text(nullable=True),
                "off_network": pa.Column(bool),
            }
        ),
        ("cell_id", "commune_id"),
        ("Point",),
    ),
    "cell_bands": Declaration(
        schema(
            {
                "cell_id": text(),
                "commune_id": text(),
                "band": text(),
                "children": number(),
                "covered": pa.Column("boolean", nullable=True),
                "m2_per_child": number(),
            }
        ),
        ("cell_id", "commune_id", "band"),
    ),
    "gaps": Declaration(
        schema(
            {
                **COMMUNE_BAND,
                "name": text(),
                "band": text(),
                "children": number(),
                "children_uncovered": number(),
                "covered_share": number(share=True),
                "play_area_m2": number(),
                "play_area_known_m2": number(),
                "provision_m2_per_child": number(),
                "provision_m2_per_person": number(),
                "access_m2_per_child": number(),
                "norm_walk_m": number(),
                "norm_m2_per_child": number(),
                "norm_m2_per_person": number(),
                "shortfall_m2": number(),
                "fgt0": number(share=True),
                "fgt1": number(share=True),
                "fgt2": number(share=True),
                "status": text(among=STATUSES),
                "reason_vi": text(),
                "reason_en": text(),
                "detour_ratio": number(),
                "flags": text(),
                "survey_rank": pa.Column("Int64", pa.Check.ge(1), nullable=True),
            }
        ),
        ("commune_id", "vintage", "band"),
    ),
    "coverage_by_tier": Declaration(
        schema(
            {
                **COMMUNE_BAND,
                "band": text(),
                "tier": text(),
                "walk_m": number(),
                "min_site_m2": number(),
                "covered_share": number(share=True),
            }
        ),
        ("commune_id", "vintage", "band", "tier"),
    ),
    "reasons": Declaration(
        schema({**COMMUNE_BAND, "band": text(), "part": text(among=PARTS), "children": number(low=None)}),
        ("commune_id", "vintage", "band", "part"),
    ),
}
