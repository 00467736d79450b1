"""Corners: the land as a table of VN-2000 coordinates, typed or pasted. Works without a script.

What was recognised or assumed is told, with a picture; a zone that was assumed is asked for before anything can be saved.
"""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import pyproj
from fastapi import APIRouter, Form, Request, Response
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import propose_form, propose_page, propose_told
from sanchoi.api.pages.frame import entry_of, query
from sanchoi.api.pages.propose_form import Draft, Sent
from sanchoi.api.pages.tables import names
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.gis import corners
from sanchoi.gis.corners import Corners
from sanchoi.gis.errors import ContractError

router = APIRouter()
AT = "/{lang:lang}/r/{result}/propose/corners"
MOST = 200_000


class Table(Sent):
    """The table, and the zone that was chosen; empty = find it out. `confirmed`: what was understood of it was looked at."""

    table: str = ""
    zone: str = ""
    confirmed: str = ""


@router.get(AT)
def start(request: Request, result: str) -> Response:
    """The table to fill in."""
    entry = entry_of(request, result)
    query(request, ())
    return _shown(request, entry, Table(zone=""))


@router.post(AT)
def read(request: Request, result: str, typed: Annotated[Table, Form()]) -> Response:
    """What was understood of the table, and what the land is worth."""
    entry = entry_of(request, result)
    t = tongue(language_of(request))
    zone = int(typed.zone) if typed.zone.isascii() and typed.zone.isdecimal() and len(typed.zone) < 7 else None
    if zone == usual_of(entry) and not typed.confirmed:
        zone = None  # it stood there; nobody has chosen it yet
    text = typed.table[:MOST].replace("\x00", "")
    typed = typed.model_copy(update={"table": text})
    try:
        found = corners.parse(text, _inside(request, entry), usual_of(entry), zone, _what(request, entry))
    except ContractError as error:
        return _shown(request, entry, typed, refusal=error.vi if t.language == "vi" and error.vi else str(error))
    texts = {
        **typed.model_dump(),
        "geometry": propose_form.written(found.geometry_4326),
        "source": "corners",
        "epsg": str(found.epsg),
    }
    made = propose_form.read(texts, entry, t, request.app.state.settings.limits.vertices, named=False)
    return _shown(request, entry, typed, made, found)


def _shown(
    request: Request,
    entry: Entry,
    typed: Table,
    made: Draft | None = None,
    found: Corners | None = None,
    refusal: str = "",
) -> Response:
    t = tongue(language_of(request))
    usual = usual_of(entry)
    if made is None:
        texts = propose_form.blank(source="corners") | {
            name: value for name, value in typed.model_dump().items() if value and name in propose_form.FIELDS
        }
        made = Draft(texts | {"geometry": "", "source": "corners"})
    zone = typed.zone or (str(usual) if not typed.table and usual else "")
    return propose_page.shown(
        request,
        entry,
        "corners",
        made,
        propose_told.ask(request, entry, made),
        template="propose_corners.html",
        status=422 if refusal else 200,
        table=typed.table,
        zone=zone,
        zones=choices(entry, t),
        usual=usual,
        usual_words=_named(usual, t) if usual else "",
        refusal=refusal,
        found=found,
        confirmed=bool(typed.confirmed),
        remarks=() if found is None else found.remarks_vi if t.language == "vi" else found.remarks_en,
        choices=[] if found is None else [_choice(each, t) for each in found.zones],
    )


def _choice(zone: corners.Zone, t: Tongue) -> dict[str, Any]:
    return {"epsg": zone.epsg, "name": zone.name_vi if t.language == "vi" else zone.name_en, "share": zone.share}


def _named(code: int, t: Tongue) -> str:
    return corners.zone_words(code)[t.language == "en"]


def choices(entry: Entry, t: Tongue) -> list[tuple[int, str]]:
    """Zones to choose from, the usual one of the province first, and degrees: code and words."""
    first = usual_of(entry) or corners.ZONES[0]
    zones = [(code, _named(code, t)) for code in sorted(corners.ZONES, key=lambda code: code != first)]
    words = t.say("degrees of latitude and longitude (WGS 84), as a telephone shows them")
    return [*zones, (corners.DEGREES, words)]


def usual_of(entry: Entry) -> int | None:
    """The zone of the province: the study's own CRS where it is one."""
    code = pyproj.CRS.from_user_input(entry.run["study"]["crs"]).to_epsg()
    return code if code in corners.ZONES else None


def _inside(request: Request, entry: Entry) -> Any:  # noqa: ANN401 - shapely is untyped
    """Where the land must lie: the own communes, else the study."""
    table = gpd.GeoDataFrame(entry.table("communes"))
    own = propose_page.own(request, entry)
    mine = table[table["commune_id"].isin(own).to_numpy(dtype=bool)] if own else table
    return mine.geometry.union_all()


def _what(request: Request, entry: Entry) -> tuple[str, str]:
    own = propose_page.own(request, entry)
    if not own:
        return corners.STUDY
    known = names(entry)
    told = ", ".join(known[code] for code in own)
    return told, told
