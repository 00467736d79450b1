"""Sheets of the planners' workbook as tables: what stands on each, in words of one language, cut to what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd
from sanchoi.api.exporting import xlsx_rows
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.csv_columns import CH, M2, PER_CHILD, PER_PERSON, SHARE, VND, M, heading, meaning
from sanchoi.api.exporting.csv_tables import Kept
from sanchoi.api.exporting.xlsx_words import COLUMNS, NOTES, OF_PAGE, SHEETS, say
from sanchoi.gis.workbook import BY_NEED, HEADINGS

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
    "children_reached",
    "children_gained",
    "children_total",
    "shortfall_relieved_m2",
    "usable_m2",
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
        ("gaps", "gaps", xlsx_rows.gaps),
        ("reasons", "reasons", xlsx_rows.reasons),
        ("change", "plan_gaps", xlsx_rows.change),
        ("sites", "sites", xlsx_rows.sites),
        ("budget", "budget_curve", xlsx_rows.budget),
        ("parcels", "parcels", xlsx_rows.parcels),
        ("ledger", "screening", xlsx_rows.ledger),
        ("play_areas", "play_areas", xlsx_rows.play_areas),
        ("survey", "communes", xlsx_rows.survey),
        ("rules", "constraints", xlsx_rows.rules),
        ("norms", "norms", xlsx_rows.norms),
        ("sources", "sources", xlsx_rows.sources),
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
        told = [say("parcels_most", language, n=len(table), whole=whole)] if whole > len(table) else []
        if kept.cut and len(table):
            ranked = int(kept.tables["parcels"]["rank"].notna().sum())
            told.append(say("ranks_whole", language, n=ranked))
        return told
    if key == "ledger":
        return [say("ledger_most", language, n=table["parcel_id"].nunique(), best=xlsx_rows.LEDGER)]
    if key in ("sites", "survey") and kept.cut and len(table):
        return [say(f"{key}_whole", language)]
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
