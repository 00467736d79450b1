"""Forms of the what-if page: what somebody typed, turned into changes as `gis.changes` has them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sanchoi.api.pages.tongue import Tongue
from sanchoi.api.problems import Problem

Change = dict[str, Any]
FIELDS = ("lon", "lat", "area", "entrance", "corners", "parcel", "play_area", "kind", "lon2", "lat2")
"""What the forms send, besides `do`: which of them it is."""
DOES = ("point", "outline", "parcel", "close", "enlarge", "crossing")
AREA_M2 = 500
"""Ground of a play area unless another figure is given."""
MOST_CHARS = 2_000_000
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,15})?")
_GROUPED = {"vi": re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?"), "en": re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")}


def change(asked: Mapping[str, str], t: Tongue) -> Change:
    """The change that a form asks for.

    Raises
    ------
    Problem : "bad_parameter" where something is missing or is no number.
    """
    do = asked.get("do", "")
    if do == "point":
        point = {"type": "Point", "coordinates": _pair(asked, "lon", "lat", t)}
        made: Change = {"action": "add", "geometry": point, "area_m2": _area(asked, t, AREA_M2)}
        return made
    if do == "outline":
        made = {"action": "add", "geometry": {"type": "Polygon", "coordinates": [_ring(asked.get("corners", ""), t)]}}
        return made | _some(asked, t) | _entrance(asked, t)
    if do == "parcel":
        return {"action": "add", "parcel_id": _text(asked, "parcel", t)} | _some(asked, t) | _entrance(asked, t)
    if do == "close":
        return {"action": "close", "play_area_id": _text(asked, "play_area", t)}
    if do == "enlarge":
        area = _area(asked, t, None)
        return {"action": "enlarge", "play_area_id": _text(asked, "play_area", t), "area_m2": area}
    if do == "crossing":
        ends = [_pair(asked, "lon", "lat", t), _pair(asked, "lon2", "lat2", t)]
        kind = asked.get("kind", "footbridge")
        return {"action": "crossing", "geometry": {"type": "LineString", "coordinates": ends}, "kind": kind}
    raise Problem("bad_parameter", {"name": "do", "came": do[:60], "expected": ", ".join(DOES)})


def read(text: str) -> list[Change]:
    """Changes from the JSON text that the pages keep them in.

    Raises
    ------
    Problem : "bad_body" where it is none.
    """
    words = {"expected": ("danh sách các thay đổi, dạng JSON", "a list of changes as JSON")}
    try:
        found = json.loads(text, parse_constant=_refused) if len(text) <= MOST_CHARS else None
    except (ValueError, RecursionError) as error:
        raise Problem("bad_body", {"came": f"changes: {text[:60]}"}, words) from error
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Problem("bad_body", {"came": f"changes: {text[:60]}"}, words)
    return found


def written(changes: list[Change]) -> str:
    """Changes as JSON text."""
    return json.dumps(changes, ensure_ascii=False, separators=(",", ":"))


def _refused(name: str) -> float:
    raise ValueError(name)


def _pair(asked: Mapping[str, str], x: str, y: str, t: Tongue) -> list[float]:
    names = {"lon": t.say("longitude"), "lat": t.say("latitude"), "lon2": t.say("longitude"), "lat2": t.say("latitude")}
    return [_degrees(asked.get(key, ""), names[key], t) for key in (x, y)]


def _degrees(text: str, name: str, t: Tongue) -> float:
    if not _NUMBER.fullmatch(text.strip()):
        raise _bad(name, text, t.say("a number in degrees, such as %(n)s", n=t.number(108.43, 2)))
    return float(text.strip().replace(",", "."))


def _area(asked: Mapping[str, str], t: Tongue, default: float | None) -> float:
    """Square metres, with or without marks between thousands."""
    text = re.sub(r"\s|m²|m2", "", asked.get("area", ""))
    if not text and default is not None:
        return default
    if _GROUPED[t.language].fullmatch(text):
        text = text.replace("." if t.language == "vi" else ",", "")
    if not _NUMBER.fullmatch(text) or float(text.replace(",", ".")) <= 0:
        raise _bad(t.say("area"), asked.get("area", ""), t.say("a number of m², such as %(n)s", n=t.number(AREA_M2)))
    found = float(text.replace(",", "."))
    return int(found) if found == int(found) else found


def _some(asked: Mapping[str, str], t: Tongue) -> Change:
    return {"area_m2": _area(asked, t, None)} if asked.get("area") else {}


def _entrance(asked: Mapping[str, str], t: Tongue) -> Change:
    text = asked.get("entrance", "")
    return {"access_points": [_point(text, t.say("entrance"), t)]} if text else {}


def _ring(text: str, t: Tongue) -> list[list[float]]:
    """Corners, one a line, closed."""
    corners = [_point(line, t.say("corners"), t) for line in text.splitlines() if line.strip()]
    if len(corners) < 3:
        raise _bad(t.say("corners"), str(len(corners)), t.say("at least 3 corners, one a line"))
    return corners if corners[0] == corners[-1] and len(corners) > 3 else [*corners, corners[0]]


def _point(text: str, name: str, t: Tongue) -> list[float]:
    """Longitude and latitude beside each other: "108.43 15.8", "108,43; 15,8" or "108.43, 15.8"."""
    parts = [each.rstrip(",") for each in re.split(r"[;\s]+", text.strip()) if each]
    if len(parts) == 1 and parts[0].count(",") == 1:
        parts = parts[0].split(",")
    if len(parts) != 2:
        raise _bad(name, text, t.say("longitude and latitude, such as 108.43 15.80"))
    return [_degrees(part, name, t) for part in parts]


def _text(asked: Mapping[str, str], name: str, t: Tongue) -> str:
    found = asked.get(name, "").strip()
    if not found:
        words = {"parcel": t.say("Parcel id"), "play_area": t.say("play area")}
        raise _bad(words[name], "", t.say("an id"))
    return found


def _bad(name: str, came: str, expected: str) -> Problem:
    return Problem("bad_parameter", {"name": name, "came": f"“{came[:60]}”", "expected": expected})
