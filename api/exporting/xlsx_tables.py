"""Sheets of the planners' workbook as tables: what stands on each, in words of one language, cut to what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sanchoi.api.exporting import parts
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.csv_columns import CH, M2, PER_CHILD, PER_PERSON, SHARE, VND, M, heading, meaning
from sanchoi.api.exporting.csv_tables import Kept, placed
from sanchoi.api.exporting.xlsx_words import COLUMNS, LAYERS, NOTES, OF_PAGE, SHEETS, say
from sanchoi.gis.workbook import BY_NEED, HEADINGS, OWN, PASSED, VALUES
from sanchoi.maps import summary
from sanchoi.maps.advice_words import LAWS
from sanchoi.maps.words import WORDS

PARCELS, LEDGER = 20_000, 50
"""Parcels that are listed at most, the best first; and those of the best whose ledger stands beside that of the sites."""
FORMS = {M: "whole", M2: "whole", CH: "whole", VND: "money", PER_CHILD: "fine", PER_PERSON: "fine", SHARE: "share"}
OWN_FORMS = {
    "score": "score",
    "score_high": "score",
    "detour_ratio": "fine",
    "x_north_m": "metres",
    "y_east_m": "metres",
    "lon": "degrees",
    "lat": "degrees",
    "circle_m": "tenth",
}


UNKNOWN = (
    "children",
    "uncovered",
    "children_uncovered",
    "covered_share",
    "shortfall_m2",
    "play_area_m2",
    "access_m2_per_child",
    "provision_m2_per_person",
    "children_uncovered_before",
    "children_uncovered_after",
    "covered_share_before",
    "covered_share_after",
    "shortfall_m2_before",
    "shortfall_m2_after",
    "population",
    "area_m2",
    "cost",
    "cost_total",
    "owner",
    "land_use",
    "children_gained",
    "children_total",
    "status",
)
"""Columns in which nothing means that it is not known; in the others it means none, or that it does not apply."""


@dataclass(frozen=True)
class Page:
    """One sheet.

    Attributes
    ----------
    forms : by column, how its numbers are shown ("text" for texts). unknown : by column, whether empty cells are marked.
    limits : of which rows it is, where not of all.
    notes : what else a reader must know first.
    """

    key: str
    name: str
    table: pd.DataFrame
    headings: list[str]
    forms: list[str]
    unknown: list[bool]
    limits: list[str]
    notes: list[str]


def pages(context: Context) -> Iterator[Page]:
    """The sheets in order; those of which the result has no table are left out."""
    kept = Kept(context)
    made: tuple[tuple[str, str, Callable[[Context, Kept], pd.DataFrame | None]], ...] = (
        ("gaps", "gaps", _gaps),
        ("reasons", "reasons", _reasons),
        ("change", "plan_gaps", _change),
        ("sites", "sites", _sites),
        ("budget", "budget_curve", _budget),
        ("parcels", "parcels", _parcels),
        ("ledger", "screening", _ledger),
        ("play_areas", "play_areas", _play_areas),
        ("survey", "communes", _survey),
        ("rules", "constraints", _rules),
        ("norms", "norms", _norms),
        ("sources", "sources", _sources),
    )
    for key, of, make in made:
        table = make(context, kept)
        if table is not None:
            yield _page(context, key, of, table.reset_index(drop=True), kept)


def _page(context: Context, key: str, of: str, table: pd.DataFrame, kept: Kept) -> Page:
    language, run = context.language, context.result.run
    need = bool(run.get("siting", {}).get("by_need")) and key in ("sites", "budget")
    bare = run["settings"]["distance_only"]
    return Page(
        key,
        SHEETS[key][_side(language)],
        table,
        [_heading(key, of, BY_NEED.get(each, each) if need else each, language) for each in table.columns],
        [_form(of, str(each), table[each]) for each in table.columns],
        [_asks(key, str(each), bare) for each in table.columns],
        _limits(context, key, table, kept),
        _notes(key, table, language),
    )


def _asks(key: str, column: str, bare: bool) -> bool:
    """Whether nothing in a column means that it is not known. `bare` : the norm asks for no ground."""
    if key in ("norms", "sources", "rules") or (bare and column.startswith("shortfall")):
        return False
    return column in UNKNOWN


def _side(language: str) -> int:
    return 1 if language == "en" else 0


def _heading(key: str, of: str, column: str, language: str) -> str:
    own = OF_PAGE.get((key, column)) or COLUMNS.get(column) or HEADINGS.get(column)
    return own[_side(language)] if own else heading(of, column, language)


def _form(of: str, column: str, values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        return "text"
    if column in OWN_FORMS:
        return OWN_FORMS[column]
    if column in ("value", "limit", "margin", "measured"):
        return "whole" if of == "budget_curve" else "any"
    if column == "budget":
        return "money" if values.max() >= 1e6 else "whole"
    return FORMS.get(meaning(of, column)[2], "whole")


def _limits(context: Context, key: str, table: pd.DataFrame, kept: Kept) -> list[str]:
    language = context.language
    if key == "parcels":
        found = kept.of("parcels")
        whole = 0 if found is None else len(found)
        return [say("parcels_most", language, n=len(table), whole=whole)] if whole > len(table) else []
    if key == "ledger":
        return [say("ledger_most", language, n=table["parcel_id"].nunique(), best=LEDGER)]
    if key in ("budget", "norms", "rules") and kept.cut:
        return [say("whole", language)]
    return []


def _notes(key: str, table: pd.DataFrame, language: str) -> list[str]:
    out = [NOTES[key][_side(language)]] if key in NOTES else []
    if not len(table):
        out.append(say("nothing", language))
    elif key not in ("norms", "sources", "rules"):
        out.append(say("empty", language))
    return out


def _named(context: Context, table: pd.DataFrame) -> pd.DataFrame:
    """With the name of each row's commune."""
    names = context.result.tables["communes"].set_index("commune_id")["name"]
    return pd.DataFrame(table).assign(commune=table["commune_id"].map(names))


def _word(prefix: str, code: object, language: str) -> object:
    """A code in words; None stays unknown."""
    if _none(code):
        return None
    pair = WORDS.get(f"{prefix}{code}") or VALUES.get(str(code))
    return pair[_side(language)] if pair else str(code)


def _words(values: pd.Series, prefix: str, language: str) -> pd.Series:
    return pd.Series([_word(prefix, each, language) for each in values], index=values.index, dtype="str")


def _bands(values: pd.Series, language: str) -> pd.Series:
    told = {"all": say("all_ages", language)}
    return pd.Series(
        [told.get(each, say("ages", language, of=str(each).replace("-", "–"))) for each in values],
        index=values.index,
        dtype="str",
    )


def _yes(values: pd.Series, language: str, key: str = "yes") -> pd.Series:
    pair = {True: say(key, language), False: say("no" if key == "yes" else "un" + key, language)}
    return pd.Series([None if _none(each) else pair[bool(each)] for each in values], index=values.index, dtype="str")


def _flags(values: pd.Series, language: str) -> pd.Series:
    told = [
        [_word("f_", each, language) for each in str(text).split(";") if each] if text else []
        for text in values.fillna("")
    ]
    return pd.Series(
        ["; ".join(str(each).rstrip(".") for each in some) or None for some in told], index=values.index, dtype="str"
    )


def _law(values: pd.Series, language: str) -> pd.Series:
    if language == "en":
        return values
    return pd.Series(
        [None if _none(each) else LAWS.get(each, each) for each in values], index=values.index, dtype="str"
    )


def _gaps(context: Context, kept: Kept) -> pd.DataFrame | None:
    table, language = kept.of("gaps"), context.language
    if table is None:
        return None
    communes = context.result.tables["communes"].set_index("commune_id")
    out = table.assign(
        kind=_words(table["commune_id"].map(communes["kind"]), "u_", language),
        band=_bands(table["band"], language),
        status=_words(table["status"], "t_", language),
        reason=table[f"reason_{language}"],
        flags=_flags(table["flags"], language),
        commune=table["name"],
    )
    columns = ["commune_id", "commune", "kind", "band", "status", "children", "children_uncovered", "covered_share"]
    columns += ["shortfall_m2", "play_area_m2", "play_area_known_m2", "access_m2_per_child", "provision_m2_per_person"]
    columns += ["norm_walk_m", "norm_m2_per_child", "reason", "flags"]
    return out[columns]


def _reasons(context: Context, kept: Kept) -> pd.DataFrame | None:
    table, language = kept.of("reasons"), context.language
    if table is None:
        return None
    out = _named(context, table).assign(
        band=_bands(table["band"], language), part=_words(table["part"], "p_", language), uncovered=table["children"]
    )
    return out[["commune_id", "commune", "band", "part", "uncovered"]]


def _change(context: Context, kept: Kept) -> pd.DataFrame | None:
    table, language = kept.of("plan_gaps"), context.language
    if table is None or "sites" not in context.result.tables:
        return None
    out = _named(context, table).assign(
        band=_bands(table["band"], language),
        status_before=_words(table["status_before"], "t_", language),
        status_after=_words(table["status_after"], "t_", language),
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
        verdict=_words(table["verdict"], "v_", language),
        who=table[f"who_{language}"],
        against=pd.Series(against, index=table.index, dtype="str"),
    )


def _sites(context: Context, kept: Kept) -> pd.DataFrame | None:
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


def _budget(context: Context, kept: Kept) -> pd.DataFrame | None:
    return kept.of("budget_curve")


def _parcels(context: Context, kept: Kept) -> pd.DataFrame | None:
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


def _ledger(context: Context, kept: Kept) -> pd.DataFrame | None:
    table, land, language = kept.of("screening"), kept.of("parcels"), context.language
    if table is None or land is None:
        return None
    best = land[land["verdict"] != "excluded"].sort_values(["rank", "parcel_id"]).head(LEDGER)["parcel_id"]
    plan = kept.of("sites")
    order = [*context.wish.sites, *([] if plan is None else plan.sort_values("build_order")["parcel_id"]), *best]
    place = {each: k for k, each in reversed(list(enumerate(order)))}
    mine = table[table["parcel_id"].isin(set(place))]
    names = _rule_names(context)
    side = _side(language)
    out = mine.assign(
        constraint=[names.get(each, each) for each in mine["constraint_id"]],
        passed=[PASSED[None if _none(each) else bool(each)][side] for each in mine["passed"]],
        measured=mine["value"],
        source=_law(mine["source"], language),
        article=_law(mine["article"], language),
        verified=_yes(mine["verified"], language, "verified"),
        at=mine["parcel_id"].map(place),
    ).sort_values("at", kind="stable")
    return out[
        ["parcel_id", "constraint", "passed", "measured", "limit", "margin", "unit", "source", "article", "verified"]
    ]


def _play_areas(context: Context, kept: Kept) -> pd.DataFrame | None:
    table, language = kept.of("play_areas"), context.language
    if table is None:
        return None
    crs = parts.target(context)
    at = placed(gpd.GeoDataFrame(table[["play_area_id", "geometry"]], crs=context.result.tables["play_areas"].crs), crs)
    out = _named(context, table.drop(columns="geometry")).merge(at, on="play_area_id", how="left")
    out = out.assign(
        kind=_words(out["kind"], "k_", language),
        access=_words(out["access"], "a_", language),
        counts=_yes(out["counts"], language),
    )
    where = [each for each in ("x_north_m", "y_east_m", "lat", "lon") if each in out]
    return out[["play_area_id", "name", "commune_id", "commune", "kind", "access", "ages", "area_m2", "counts", *where]]


def _survey(context: Context, kept: Kept) -> pd.DataFrame | None:
    """Communes that nobody has surveyed or that could not be judged, those with most children first."""
    communes, gaps, language = kept.of("communes"), kept.of("gaps"), context.language
    if communes is None or gaps is None:
        return None
    whole = gaps[gaps["band"] == "all"].set_index("commune_id")
    out = pd.DataFrame(communes.drop(columns="geometry")).assign(
        survey_rank=communes["commune_id"].map(whole["survey_rank"]),
        children=communes["commune_id"].map(whole["children"]),
        state=communes["commune_id"].map(whole["status"]),
        kind=_words(communes["kind"], "u_", language),
        commune=communes["name"],
    )
    out = out[~out["surveyed"].astype(bool) | (out["state"] == "unknown")]
    out = out.assign(surveyed=_yes(out["surveyed"], language)).sort_values(
        ["survey_rank", "children", "commune_id"], ascending=[True, False, True], na_position="last"
    )
    return out[["survey_rank", "commune_id", "commune", "kind", "surveyed", "children", "population", "area_m2"]]


def _rules(context: Context, kept: Kept) -> pd.DataFrame | None:
    table, language = context.result.tables.get("constraints"), context.language
    if table is None:
        return None
    out = table.assign(
        constraint=table[f"name_{language}"],
        kind=[say(f"rule_{each}", language) for each in table["kind"]],
        source=_law(table["source"], language),
        article=_law(table["article"], language),
        checked=_yes(table["checked"], language),
        verified=_yes(table["verified"], language, "verified"),
    )
    return out[["constraint", "kind", "limit", "unit", "source", "article", "checked", "verified"]]


def _norms(context: Context, kept: Kept) -> pd.DataFrame:
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
        "tier": _word("tier_", row["tier"], language),
        **{name: row[name] for name in ("walk_m", "min_site_m2", "m2_per_child")},
        "source": law.get(row["source"], row["source"]) or None,
        "article": law.get(row["article"], row["article"]) or None,
        "from": start,
        "to": end,
        "verified": say("own" if row["planner"] else "verified" if row["verified"] else "unverified", language),
    }


def _sources(context: Context, kept: Kept) -> pd.DataFrame:
    rows = summary.sources(context.result.run)
    columns = ["layer", "name", "attribution", "licence", "date", "url"]
    out = pd.DataFrame(rows, columns=columns).astype("str")
    out["layer"] = [LAYERS[each][_side(context.language)] if each in LAYERS else each for each in out["layer"]]
    return out.rename(columns={"name": "source_name"}).mask(lambda table: table == "")


def _rule_names(context: Context) -> dict[str, str]:
    """Names of the constraints."""
    language = context.language
    table = context.result.tables.get("constraints")
    own = {key: pair[_side(language)] for key, pair in OWN.items()}
    if table is None:
        return own
    return own | dict(zip(table["constraint_id"], table[f"name_{language}"], strict=True))


def _none(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))
