"""Parcels: the land on offer, and all that is known of one parcel."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import pandas as pd
from fastapi import APIRouter, Path, Query, Request
from sanchoi.api import explain, links
from sanchoi.api.library import Entry
from sanchoi.api.rest.gaps import BBOX, ROWS, with_bbox
from sanchoi.api.rest.query import Commune, Paging, Result, Strict
from sanchoi.api.rest.shape import Record, cut, listed, listing, respond_of, row, told
from sanchoi.gis import results
from sanchoi.gis.errors import UnknownId
from starlette.responses import Response

router = APIRouter(prefix="/api/v1/results/{result}", tags=["parcels"], dependencies=[Strict])
Verdict = Literal["eligible", "conditional", "excluded"]
Sort = Literal["rank", "-score", "score", "cost", "-cost", "-children_gained", "-usable_m2", "parcel_id"]
OF_PARCEL = ("screening", "contributions", "acceptability", "effects", "sites", "why_not")
EXAMPLE = {
    "parcel_id": "90113-2-64#2",
    "commune_id": "90113",
    "land_use": "BCS",
    "verdict": "conditional",
    "usable_m2": 1240.5,
    "cost": None,
    "score": 0.61,
    "rank": 3,
    "links": [],
}


@router.get("/parcels", summary="Parcels", responses=told(listed(row("parcels", BBOX)), {"items": [EXAMPLE]}))
def parcels(
    request: Request,
    entry: Result,
    page: Paging,
    verdict: Annotated[Verdict | None, Query(description="Only this verdict.")] = None,
    commune: Commune = None,
    min_score: Annotated[
        float | None, Query(ge=0, le=1, description="Only parcels with at least this score.", examples=[0.5])
    ] = None,
    sort: Annotated[
        Sort | None, Query(description="Order; - begins with the largest. Unknown values come last.")
    ] = None,
) -> Response:
    """Parcels in the order of their ids, unless another is asked for; ties too stand in the order of ids."""
    table = entry.table("parcels")
    keep = np.ones(len(table), dtype=bool)
    if verdict is not None:
        keep &= (table["verdict"] == verdict).to_numpy(dtype=bool)
    if commune is not None:
        keep &= (table["commune_id"] == commune).to_numpy(dtype=bool, na_value=False)
    if min_score is not None:
        keep &= (table["score"] >= min_score).to_numpy(dtype=bool)
    places = np.flatnonzero(keep)
    if sort is not None:
        column, falling = sort.removeprefix("-"), sort.startswith("-")
        order = table[column].iloc[places].reset_index(drop=True)
        places = places[order.sort_values(ascending=not falling, kind="stable", na_position="last").index.to_numpy()]
    found = with_bbox(cut(table.iloc[places], page) if len(places) else table.iloc[:0])
    return respond_of(
        entry, request, listing(request, [_linked(request, entry, each) for each in found], len(places), page)
    )


@router.get(
    "/parcels/{parcel:path}",
    summary="One parcel",
    responses=told(
        row("parcels", {**BBOX, **dict.fromkeys(OF_PARCEL, ROWS)}), {**EXAMPLE, "screening": [], "why_not": []}
    ),
)
def parcel(
    request: Request,
    entry: Result,
    parcel: Annotated[str, Path(description="Id of the parcel.", examples=["90101-1-10"])],
) -> Response:
    """A parcel with its ledger (screening), what its score is made of, whom it would serve, and why it is not in the plan."""
    mine = entry.rows("parcels", "parcel_id", parcel)
    if mine.empty:
        raise UnknownId(
            f"parcel {parcel}", "the id of a parcel of the result", f"see /api/v1/results/{entry.id}/parcels"
        )
    found = explain.facts(_alone(entry, parcel, mine), parcel)
    told = {**_linked(request, entry, {**found.pop("parcel"), "bbox": mine.total_bounds.tolist()}), **found}
    return respond_of(entry, request, told)


def _alone(entry: Entry, parcel: str, mine: pd.DataFrame) -> results.Result:
    """The result as if it had this one parcel."""
    rows = {name: entry.rows(name, "parcel_id", parcel) for name in OF_PARCEL if entry.has(name)}
    return results.Result({**rows, "parcels": mine}, entry.run)


def _linked(request: Request, entry: Entry, found: Record) -> Record:
    own, home = links.part(found["parcel_id"]), found["commune_id"]
    found["links"] = [
        links.link(request, f"/api/v1/results/{entry.id}/parcels/{own}", "self"),
        links.page(request, entry.id, f"parcels/{own}", found["parcel_id"]),
        links.link(request, f"/r/{entry.id}/ogc/collections/parcels/items/{own}", "item", kind="application/geo+json"),
    ]
    if home is not None:
        found["links"].append(
            links.link(request, f"/api/v1/results/{entry.id}/communes/{links.part(home)}", "up", "commune")
        )
    return found
