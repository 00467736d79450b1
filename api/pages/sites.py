"""Where to build: the sites map, the plan with its proof, its sites in build order, before and after."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import plan, sites_proposals, tables
from sanchoi.api.pages.frame import choice, entry_of, page, query
from sanchoi.api.pages.gap import bands, weight
from sanchoi.api.pages.tongue import tongue
from sanchoi.gis.tables import VERDICTS
from sanchoi.maps import parcel_record

router = APIRouter()


@router.get("/{lang:lang}/r/{result}/sites")
def sites(request: Request, result: str) -> Response:
    """The map, and the tables beside it."""
    entry = entry_of(request, result)
    asked = query(request, ("band",))
    band = choice(asked, "band", bands(entry), "all")
    t = tongue(language_of(request))
    found = plan.of(entry)
    parcels = entry.table("parcels") if entry.has("parcels") else None
    only = 0
    if parcels is not None:
        screening = entry.table("screening") if entry.has("screening") else None
        only = int(parcel_record.only_open(parcels, screening).sum())
    proposed, seal = sites_proposals.shown(request, entry)
    return page(
        request,
        "sites.html",
        entry,
        seal=seal,
        **proposed,
        weight=weight(entry, "sites"),
        plan=found,
        wrong=bool(found and found["verified"] is False),
        open=bool(found and not found["proven"]),
        head=plan.head(found, t) if found else "",
        aim=plan.aim(found, t) if found else "",
        proof=plan.proof(found, t) if found else "",
        asks=plan.asks(found, entry, t) if found else [],
        rules=plan.rules(found, t) if found else "",
        rows=_rows(entry, found) if found else [],
        names=tables.names(entry),
        counts=[] if parcels is None else [(name, int((parcels["verdict"] == name).sum())) for name in VERDICTS],
        only=only,
        absent=plan.absent(entry, t),
        bands=bands(entry),
        band=band,
        change=_change(entry, band) if found else [],
        target=entry.run["settings"]["target_share"],
    )


def _rows(entry: Entry, found: plan.Plan) -> list[tables.Row]:
    """Sites in build order with their commune."""
    rows = tables.rows(entry.table("sites").sort_values("build_order"))
    home = dict(zip(found["sites"]["id"], found["sites"]["commune"], strict=True))
    return [{**row, "commune_id": home.get(row["parcel_id"]) or None} for row in rows]


def _change(entry: Entry, band: str) -> list[tables.Row]:
    """Communes before and after, those with the largest change first; those not known are left out."""
    if not entry.has("plan_gaps"):
        return []
    table = entry.table("plan_gaps")
    rows = [row for row in tables.rows(table[table["band"] == band]) if row["children_uncovered_before"] is not None]
    return sorted(
        rows,
        key=lambda row: (
            (row["children_uncovered_after"] or 0) - row["children_uncovered_before"],
            -row["children_uncovered_before"],
            row["commune_id"],
        ),
    )
