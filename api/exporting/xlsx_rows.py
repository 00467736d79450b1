"""Rows of the planners' workbook: for each sheet its table, in words of one language, cut to what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from sanchoi.api.exporting import parts
from sanchoi.api.exporting import xlsx_values as values
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.csv_tables import Kept, placed
from sanchoi.api.exporting.xlsx_words import LAYERS, say
from sanchoi.gis.workbook import OWN, PASSED
from sanchoi.maps import summary
from sanchoi.maps.advice_words import LAWS

PARCELS, LEDGER = 20_000, 50
"""Parcels that are listed at most, the best first; and those of the best whose ledger stands beside that of the sites."""


def _named(context: Context, table: pd.DataFrame) -> pd.DataFrame:
    """With the name of each row's commune."""
    names = context.result.tables["communes"].set_index("commune_id")["name"]
    return pd.DataFrame(table).assign(commune=table["commune_id"].map(names))


def gaps(context: Context, kept: Kept) -> pd.DataFrame | None:
    """What each commune and age group has and lacks."""
    table, language = kept.of("gaps"), context.language
    if table is None:
        return None
    communes = context.result.tables["communes"].set_index("commune_id")
    out = table.assign(
        kind=values.words(table["commune_id"].map(communes["kind"]), "u_", language),
        band=values.bands(table["band"], language),
        status=values.words(table["status"], "t_", language),
        reason=table[f"reason_{language}"],
        flags=values.flags(table["flags"], language),
        commune=table["name"],
    )
    columns = ["commune_id", "commune", "kind", "band", "status", "children", "children_uncovered", "covered_share"]
    columns += ["shortfall_m2", "play_area_m2", "play_area_known_m2", "access_m2_per_child", "provision_m2_per_person"]
    columns += ["norm_walk_m", "norm_m2_per_child", "reason", "flags"]
    return out[columns]


def reasons(context: Context, kept: Kept) -> pd.DataFrame | None:
    """Children not served, by reason."""
    table, language = kept.of("reasons"), context.language
    if table is None:
        return None
    out = _named(context, table).assign(
        band=values.bands(table["band"], language),
        part=values.words(table["part"], "p_", language),
        uncovered=table["children"],
    )
    return out[["commune_id", "commune", "band", "part", "uncovered"]]


def change(context: Context, kept: Kept) -> pd.DataFrame | None:
    """Before and after the plan."""
    table, language = kept.of("plan_gaps"), context.language
    if table is None or "sites" not in context.result.tables:
        return None
    out = _named(context, table).assign(
        band=values.bands(table["band"], language),
        status_before=values.words(table["status_before"], "t_", language),
        status_after=values.words(table["status_after"], "t_", language),
    )
    first = ["commune_id", "commune", "band"]
    return out[[*first, *(each for each in table.columns if each not in (*first, "vintage"))]]


FACTS = ["land_use", "land_class", "owner", "verdict", "who", "area_m2", "usable_m2", "circle_m"]


def _land(context: Context, table: pd.DataFrame) -> pd.DataFrame:
    """Parcels in words, with the commune's name."""
    language = context.language
    names = _rule_names(context)
    against = [
        "; ".join(names.get(each, each) for each in str(text).split(";") if each) or None
        for text in table["against"].fillna("")
    ]
    return _named(context, pd.DataFrame(table.drop(columns="geometry", errors="ignore"))).assign(
        verdict=values.words(table["verdict"], "v_", language),
        who=table[f"who_{language}"],
        against=pd.Series(against, index=table.index, dtype="str"),
    )


def sites(context: Context, kept: Kept) -> pd.DataFrame | None:
    """Sites of the plan, in build order."""
    table, land = kept.of("sites"), context.result.tables.get("parcels")
    if table is None or land is None:
        return None
    mine = land[land["parcel_id"].isin(table["parcel_id"])]
    crs = parts.target(context)
    at = placed(gpd.GeoDataFrame(mine[["parcel_id", "geometry"]], crs=land.crs), crs)
    told = _land(context, mine)[
        ["parcel_id", "commune_id", "commune", *FACTS, "children_reached", "score", "rank", "against"]
    ]
    plan = table[["build_order", "parcel_id", "cost", "cost_total", "children_gained", "children_total"]]
    out = plan.merge(told, on="parcel_id", how="left").merge(at, on="parcel_id", how="left").sort_values("build_order")
    where = [each for each in ("x_north_m", "y_east_m", "lat", "lon") if each in out]
    first = ["build_order", "parcel_id", "commune_id", "commune", *FACTS, "cost", "cost_total", "children_reached"]
    return out[[*first, "children_gained", "children_total", "score", "rank", "against", *where]]


def budget(context: Context, kept: Kept) -> pd.DataFrame | None:
    """What each budget reaches."""
    return kept.of("budget_curve")


def parcels(context: Context, kept: Kept) -> pd.DataFrame | None:
    """Parcels, the best first."""
    table = kept.of("parcels")
    if table is None:
        return None
    best = table.sort_values(["rank", "parcel_id"], na_position="last").head(PARCELS)
    gain = [
        "cost",
        "children_reached",
        "children_gained",
        "shortfall_relieved_m2",
        "score",
        "rank",
        "in_best",
        "against",
    ]
    return _land(context, best)[["parcel_id", "commune_id", "commune", *FACTS, *gain]]


def ledger(context: Context, kept: Kept) -> pd.DataFrame | None:
    """Every rule, of the sites and the best parcels."""
    table, land, language = kept.of("screening"), kept.of("parcels"), context.language
    if table is None or land is None:
        return None
    best = land[land["verdict"] != "excluded"].sort_values(["rank", "parcel_id"]).head(LEDGER)["parcel_id"]
    plan = kept.of("sites")
    order = [*context.wish.sites, *([] if plan is None else plan.sort_values("build_order")["parcel_id"]), *best]
    place = {each: k for k, each in reversed(list(enumerate(order)))}
    mine = table[table["parcel_id"].isin(set(place))]
    names = _rule_names(context)
    side = values.side(language)
    out = mine.assign(
        constraint=[names.get(each, each) for each in mine["constraint_id"]],
        passed=[PASSED[None if values.none(each) else bool(each)][side] for each in mine["passed"]],
        measured=mine["value"],
        source=values.law(mine["source"], language),
        article=values.law(mine["article"], language),
        verified=values.yes(mine["verified"], language, "verified"),
        at=mine["parcel_id"].map(place),
    ).sort_values("at", kind="stable")
    return out[
        ["parcel_id", "constraint", "passed", "measured", "limit", "margin", "unit", "source", "article", "verified"]
    ]


def play_areas(context: Context, kept: Kept) -> pd.DataFrame | None:
    """Play areas and other places in the data."""
    table, language = kept.of("play_areas"), context.language
    if table is None:
        return None
    crs = parts.target(context)
    at = placed(gpd.GeoDataFrame(table[["play_area_id", "geometry"]], crs=context.result.tables["play_areas"].crs), crs)
    out = _named(context, table.drop(columns="geometry")).merge(at, on="play_area_id", how="left")
    out = out.assign(
        kind=values.words(out["kind"], "k_", language),
        access=values.words(out["access"], "a_", language),
        counts=values.yes(out["counts"], language),
    )
    where = [each for each in ("x_north_m", "y_east_m", "lat", "lon") if each in out]
    where += ["within_m"] if "within_m" in out else []  # results of earlier versions have none
    return out[["play_area_id", "name", "commune_id", "commune", "kind", "access", "ages", "area_m2", "counts", *where]]


def survey(context: Context, kept: Kept) -> pd.DataFrame | None:
    """Communes that nobody has surveyed or that could not be judged, those with most children first."""
    communes, gaps, language = kept.of("communes"), kept.of("gaps"), context.language
    if communes is None or gaps is None:
        return None
    whole = gaps[gaps["band"] == "all"].set_index("commune_id")
    out = pd.DataFrame(communes.drop(columns="geometry")).assign(
        survey_rank=communes["commune_id"].map(whole["survey_rank"]),
        children=communes["commune_id"].map(whole["children"]),
        state=communes["commune_id"].map(whole["status"]),
        kind=values.words(communes["kind"], "u_", language),
        commune=communes["name"],
    )
    out = out[~out["surveyed"].astype(bool) | (out["state"] == "unknown")]
    out = out.assign(surveyed=values.yes(out["surveyed"], language)).sort_values(
        ["survey_rank", "children", "commune_id"], ascending=[True, False, True], na_position="last"
    )
    return out[["survey_rank", "commune_id", "commune", "kind", "surveyed", "children", "population", "area_m2"]]


def rules(context: Context, kept: Kept) -> pd.DataFrame | None:
    """Rules that land must keep."""
    table, language = context.result.tables.get("constraints"), context.language
    if table is None:
        return None
    out = table.assign(
        constraint=table[f"name_{language}"],
        kind=[say(f"rule_{each}", language) for each in table["kind"]],
        source=values.law(table["source"], language),
        article=values.law(table["article"], language),
        checked=values.yes(table["checked"], language),
        verified=values.yes(table["verified"], language, "verified"),
    )
    return out[["constraint", "kind", "limit", "unit", "source", "article", "checked", "verified"]]


def norms(context: Context, kept: Kept) -> pd.DataFrame:
    """Norms that were used."""
    language = context.language
    told = summary.norms(context.result.run)
    rows = [_norm(each, language) for each in told["rows"]]
    person = {"tier": told[language], "m2_per_person": told["m2_per_person"]}
    verified = "verified" if told["m2_per_person_verified"] else "unverified"
    if told["m2_per_person"] is not None:
        rows.append(person | {"verified": say(verified, language)})
    columns = [
        "band",
        "tier",
        "walk_m",
        "min_site_m2",
        "m2_per_child",
        "m2_per_person",
        "source",
        "article",
        "from",
        "to",
    ]
    out = pd.DataFrame(rows, columns=[*columns, "verified"])
    numbers = ["walk_m", "min_site_m2", "m2_per_child", "m2_per_person"]
    return out.astype({name: "float64" if name in numbers else "str" for name in out.columns})


def _norm(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    law = LAWS if language == "vi" else {}
    start, end = (str(each)[:10] or None for each in row["valid"])
    return {
        "band": say("ages", language, of=row["band"].replace("-", "–")),
        "tier": values.word("tier_", row["tier"], language),
        **{name: row[name] for name in ("walk_m", "min_site_m2", "m2_per_child")},
        "source": law.get(row["source"], row["source"]) or None,
        "article": law.get(row["article"], row["article"]) or None,
        "from": start,
        "to": end,
        "verified": say("own" if row["planner"] else "verified" if row["verified"] else "unverified", language),
    }


def sources(context: Context, kept: Kept) -> pd.DataFrame:
    """Sources and licences."""
    rows = summary.sources(context.result.run)
    columns = ["layer", "name", "attribution", "licence", "date", "url"]
    out = pd.DataFrame(rows, columns=columns).astype("str")
    out["layer"] = [LAYERS[each][values.side(context.language)] if each in LAYERS else each for each in out["layer"]]
    return out.rename(columns={"name": "source_name"}).mask(lambda table: table == "")


def _rule_names(context: Context) -> dict[str, str]:
    """Names of the constraints."""
    language = context.language
    table = context.result.tables.get("constraints")
    own = {key: pair[values.side(language)] for key, pair in OWN.items()}
    if table is None:
        return own
    return own | dict(zip(table["constraint_id"], table[f"name_{language}"], strict=True))
