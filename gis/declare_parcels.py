"""Declarations of the tables that speak of parcels and of the sites chosen among them."""

from __future__ import annotations

from sanchoi.gis.declare import AREAS, STATUSES, VERDICTS, Declaration, number, pa, schema, text


def _rank() -> pa.Column:
    return pa.Column("Int64", pa.Check.ge(1), nullable=True)


def _plain(key: tuple[str, ...], **columns: pa.Column) -> Declaration:
    return Declaration(schema(columns), key)


PARCEL_TABLES: dict[str, Declaration] = {
    "parcels": Declaration(
        schema(
            {
                "parcel_id": text(),
                "commune_id": text(nullable=True),
                "land_use": text(nullable=True),
                "land_class": text(nullable=True),
                "owner": text(nullable=True),
                "verdict": text(among=VERDICTS),
                "who_vi": text(nullable=True),
                "who_en": text(nullable=True),
                "against": text(),
                "near_misses": text(),
                "area_m2": number(False),
                "usable_m2": number(False),
                "circle_m": number(False),
                "cost": number(),
                "demand": number(),
                "children_reached": number(),
                "children_gained": number(),
                "shortfall_relieved_m2": number(),
                "score": number(share=True),
                "score_high": number(share=True),
                "rank": _rank(),
                "rank_first": number(share=True),
                "in_best": number(share=True),
            }
        ),
        ("parcel_id",),
        AREAS,
    ),
    "usable": Declaration(schema({"parcel_id": text()}), ("parcel_id",), AREAS),
    "screening": _plain(
        ("parcel_id", "constraint_id"),
        parcel_id=text(),
        constraint_id=text(),
        passed=pa.Column("boolean", nullable=True),
        value=number(),
        limit=number(),
        margin=number(low=None),
        unit=text(),
        kind=text(),
        near_miss=pa.Column(bool),
        source=text(),
        article=text(),
        verified=pa.Column(bool),
    ),
    "constraints": _plain(
        ("constraint_id",),
        constraint_id=text(),
        layer=text(),
        name_vi=text(),
        name_en=text(),
        rule=text(),
        limit=number(False),
        unit=text(),
        kind=text(),
        source=text(),
        article=text(),
        verified=pa.Column(bool),
        note=text(),
        checked=pa.Column(bool),
    ),
    "criteria": _plain(
        ("criterion_id",),
        criterion_id=text(),
        name_vi=text(),
        name_en=text(),
        unit=text(),
        worst=number(False, low=None),
        best=number(False, low=None),
        weight=number(False, share=True),
        measured=pa.Column(bool),
        reason=text(),
    ),
    "contributions": _plain(
        ("parcel_id", "criterion_id"),
        parcel_id=text(),
        criterion_id=text(),
        value=number(low=None),
        utility=number(share=True),
        weight=number(False, share=True),
        contribution=number(False, share=True),
    ),
    "acceptability": _plain(
        ("parcel_id", "rank"), parcel_id=text(), rank=pa.Column(int, pa.Check.ge(1)), share=number(False, share=True)
    ),
    "effects": _plain(
        ("parcel_id", "commune_id", "band"),
        parcel_id=text(),
        commune_id=text(),
        band=text(),
        children_reached=number(),
        children_gained=number(),
        shortfall_relieved_m2=number(),
    ),
    "walks": _plain(
        ("cell_id", "commune_id", "parcel_id"),
        cell_id=text(),
        commune_id=text(),
        parcel_id=text(),
        walk_m=number(False),
    ),
    "parcel_limits": _plain(("parcel_id", "band"), parcel_id=text(), band=text(), limit_m=number()),
    "sites": _plain(
        ("build_order",),
        parcel_id=text(),
        build_order=pa.Column(int, pa.Check.ge(1)),
        verdict=text(among=VERDICTS),
        cost=number(),
        cost_total=number(),
        children_gained=number(False),
        children_total=number(False),
        objective_total=number(False, low=None),
    ),
    "budget_curve": _plain(
        ("budget",),
        budget=number(False),
        sites=pa.Column(int, pa.Check.ge(0)),
        cost=number(False),
        value=number(False, low=None),
        bound=number(False, low=None),
        mip_gap=number(False),
    ),
    "plan_gaps": _plain(
        ("commune_id", "band"),
        commune_id=text(),
        band=text(),
        children=number(),
        children_uncovered_before=number(),
        children_uncovered_after=number(),
        covered_share_before=number(share=True),
        covered_share_after=number(share=True),
        shortfall_m2_before=number(),
        shortfall_m2_after=number(),
        status_before=text(among=STATUSES),
        status_after=text(among=STATUSES),
    ),
    "why_not": _plain(
        ("parcel_id",),
        parcel_id=text(),
        reason_vi=text(),
        reason_en=text(),
        loss_at_least=number(),
        loss_at_most=number(),
    ),
}
