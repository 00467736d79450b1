"""Money and effect: what other budgets would do."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sanchoi.api.languages import language_of
from sanchoi.api.pages import pictures, plan, tables
from sanchoi.api.pages.frame import entry_of, page, query
from sanchoi.api.pages.tongue import tongue

router = APIRouter()


@router.get("/{lang:lang}/r/{result}/budget")
def budget(request: Request, result: str) -> Response:
    """The curve, and its table."""
    entry = entry_of(request, result)
    query(request, ())
    t = tongue(language_of(request))
    found = plan.of(entry)
    rows = tables.rows(entry.table("budget_curve").sort_values("budget")) if entry.has("budget_curve") else []
    money = found is None or found["budget"] is not None
    mine = found["budget"] if money and found else found["count"] if found else None
    here = found["value"] if found and found["unit"] == "children" else None
    return page(
        request,
        "budget.html",
        entry,
        rows=rows,
        money=money,
        digits=0 if all(round(row["budget"] / 1e6, 1) % 1 == 0 for row in rows) else 1,
        by_need=bool(found and found["by_need"]),
        mine=mine,
        curve=pictures.curve(rows, mine, here, money=money),
        head=plan.head(found, t) if found else "",
    )
