"""Words of the what-if page: what its script says, and how a change is told in a list."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sanchoi.api.library import Entry
from sanchoi.api.pages import tables
from sanchoi.api.pages.tongue import Tongue
from sanchoi.gis.sentences import number

MOST_CHARS = 200


def script(t: Tongue) -> dict[str, str]:
    """What the script and the lists say, blanks left."""
    _ = t.gettext
    return {
        "add_point": _("New play area, %(m2)s m²"),
        "add_outline": _("New play area of %(n)s corners as drawn"),
        "add_outline_m2": _("New play area of %(n)s corners as drawn, %(m2)s m² to play on"),
        "add_parcel": _("New play area on parcel %(id)s"),
        "add_parcel_m2": _("New play area on parcel %(id)s, %(m2)s m²"),
        "close": _("Close %(name)s"),
        "enlarge": _("Enlarge %(name)s to %(m2)s m²"),
        "enlarge_as": _("Enlarge %(name)s as drawn"),
        "footbridge": _("New footbridge"),
        "crossing": _("New street crossing"),
        "other": _("A change that cannot be read"),
        "remove": _("Remove"),
        "remove_what": _("Remove: %(what)s"),
        "ground": _("Ground in m²"),
        "failed": _("No answer came. Check the connection and try again."),
        "hint_look": _("Choose what to try with the buttons above."),
        "hint_point": _("Touch the map where the play area would stand."),
        "hint_outline": _(
            "Touch each corner in turn; its sides must not cross. Touch the first corner again or press Done."
        ),
        "hint_close": _("Touch the play area (a green dot) that would close."),
        "hint_enlarge": _("Write the new size in m², then touch the play area (a green dot)."),
        "hint_footbridge": _("Touch the map on one side, then on the other, each on a road; then press Done."),
        "hint_crossing": _("Touch the map on one side of the road, then on the other; then press Done."),
        "need_corners": _("An outline needs at least 3 corners."),
        "need_ends": _("A crossing needs two ends."),
        "need_area": _("Write a number of m² above 0."),
        "added": _("Added: %(what)s"),
        "removed": _("Removed: %(what)s"),
        "corner": _("Corner %(n)s"),
        "open_area": _("play area, open"),
        "other_area": _("does not count as a play area: closed, fenced off or with a fee"),
        "unknown": _("not known"),
        "only_reason": _("Only the reason changes:"),
        "nothing_changes": _("No commune changes."),
        "most": _("The list is full: at most %(n)s changes."),
    }


def play_areas(entry: Entry) -> list[dict[str, Any]]:
    """Play areas that count and are open: id and name; by name of their commune, then their own."""
    if not entry.has("play_areas"):
        return []
    where = dict(zip(entry.table("communes")["commune_id"], entry.table("communes")["name"], strict=True))
    table = entry.table("play_areas")
    rows = tables.rows(table[table["counts"]])
    for row in rows:
        row["commune"] = where.get(row["commune_id"]) or ""
    return sorted(rows, key=lambda row: (row["commune"], row["name"] or "", row["play_area_id"]))


def names(entry: Entry) -> dict[str, str]:
    """Name of each play area by its id."""
    return {row["play_area_id"]: row["name"] or row["play_area_id"] for row in play_areas(entry)}


def told(
    changes: Sequence[Mapping[str, Any]], known: Mapping[str, str], t: Tongue, *, where: bool = False
) -> list[str]:
    """Each change in words; with `where` those that are drawn say at which longitude and latitude."""
    return [describe(change, known, t) + (_place(change, t) if where else "") for change in changes]


def _place(change: Mapping[str, Any], t: Tongue) -> str:
    shape = change.get("geometry")
    found: Any = shape.get("coordinates") if isinstance(shape, dict) else None
    while isinstance(found, list) and found and isinstance(found[0], list):
        found = found[0]
    if not isinstance(found, list) or len(found) < 2:
        return ""
    return t.say(" (at %(lon)s; %(lat)s)", lon=t.number(found[0], 4), lat=t.number(found[1], 4))


def describe(change: Mapping[str, Any], known: Mapping[str, str], t: Tongue) -> str:
    """A change in words; the script says the same (what_if_list.js)."""
    words, action = script(t), change.get("action")
    area = change.get("area_m2")
    sized = isinstance(area, int | float) and not isinstance(area, bool) and math.isfinite(area)
    m2 = number(round(float(area), 0) + 0.0, t.language) if sized and area is not None else ""
    name = str(change.get("play_area_id") or "")[:MOST_CHARS]
    name = known.get(name, name)
    if action == "add" and change.get("parcel_id") is not None:
        return words["add_parcel_m2" if m2 else "add_parcel"] % {"id": str(change["parcel_id"])[:MOST_CHARS], "m2": m2}
    if action == "add" and corners(change):
        return words["add_outline_m2" if m2 else "add_outline"] % {"n": corners(change), "m2": m2}
    if action == "add" and m2:
        return words["add_point"] % {"m2": m2}
    if action == "close":
        return words["close"] % {"name": name}
    if action == "enlarge":
        return words["enlarge" if m2 else "enlarge_as"] % {"name": name, "m2": m2}
    if action == "crossing":
        return words["crossing" if change.get("kind") == "crossing" else "footbridge"]
    return words["other"]


def corners(change: Mapping[str, Any]) -> int:
    """Corners of the outer ring of a polygon; 0 = it is none."""
    shape = change.get("geometry")
    if not isinstance(shape, dict) or shape.get("type") not in ("Polygon", "MultiPolygon"):
        return 0
    rings = shape.get("coordinates")
    if shape["type"] == "MultiPolygon":
        rings = rings[0] if isinstance(rings, list) and rings else None
    ring = rings[0] if isinstance(rings, list) and rings else None
    return len(ring) - 1 if isinstance(ring, list) and len(ring) > 3 else 0
