"""Sites proposals: the public proposals of a result beside its sites, as a small map with their numbers and a table."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
from fastapi import Request
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import desk, pictures, propose_picture
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import public
from sanchoi.api.proposals.desk import Asked
from sanchoi.api.proposals.readings import currents

MOST = 200
NOTHING: dict[str, Any] = {"proposals": [], "proposed": None, "proposed_count": 0}


def shown(request: Request, entry: Entry) -> tuple[dict[str, Any], str]:
    """What the template shows, and what changes when it does; nothing where there is none, or nobody can say now."""
    t = tongue(language_of(request))
    try:
        with request.app.state.store.reading() as session:
            found, count = public.listed(session, Asked(result_id=entry.id, sort="number", limit=MOST))
            versions = currents(session, found)
    except Problem:
        return NOTHING, ""
    if not found:
        return NOTHING, ""
    table = entry.table("communes")
    places = dict(zip(table["commune_id"], table["name"].fillna(table["commune_id"]), strict=True))
    rows = [
        {
            **desk.row(each, versions[each.id], t),
            "commune": places.get(each.commune_id, each.commune_id),
            "stale": each.etag != entry.etag,
        }
        for each in found
    ]
    drawn = pictures.communes(entry, pictures.COARSE)
    crs = entry.run["study"]["crs"]
    low_x, _, high_x, high_y = (
        float(each) for each in gpd.GeoDataFrame(entry.table("communes")).to_crs(crs).total_bounds
    )
    scale = drawn.wide / max(high_x - low_x, 1e-6)
    middles = [propose_picture.moved(each.geometry, crs).centroid for each in found]
    points = [
        {"number": each.number, "x": round((at.x - low_x) * scale), "y": round((high_y - at.y) * scale)}
        for each, at in zip(found, middles, strict=True)
    ]
    seal = " ".join(f"{each.number}.{each.revision}" for each in found)
    return {"proposals": rows, "proposed": {"drawn": drawn, "points": points}, "proposed_count": count}, seal
