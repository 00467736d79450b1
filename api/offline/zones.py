"""Zones: what a browser without PROJ needs to turn metres into degrees, read from the operations that PROJ itself would use.

A zone is a transverse Mercator projection. The step from its datum to WGS 84 is a Helmert transformation, or none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pyproj
from sanchoi.api.problems import Problem
from sanchoi.gis import corners
from sanchoi.gis.tables import STORAGE_CRS

TURN = ("x", "y", "z", "rx", "ry", "rz", "s")
NAMES = (
    "Longitude of natural origin",
    "Scale factor at natural origin",
    "False easting",
    "False northing",
    "Latitude of natural origin",
)


def zone(code: str, x: float, y: float) -> dict[str, Any]:
    """A projected CRS: `epsg`, `lon0`, `k`, `x0`, `y0`, `a`, `f`, and `turn`, the Helmert parameters at a place, or null.

    Parameters
    ----------
    x, y : a place of it in longitude and latitude: PROJ chooses by the place.

    Raises
    ------
    Problem : "crs" where it is no transverse Mercator, or gets to WGS 84 by a grid.
    """
    own = _projection(code)
    there = pyproj.Transformer.from_crs(STORAGE_CRS, code, always_xy=True)
    back = pyproj.Transformer.from_crs(code, STORAGE_CRS, always_xy=True)
    back.transform(*there.transform(x, y))
    return {**own, "turn": _turn(code, back.get_last_used_operation().definition)}


def zones(study: str, x: float, y: float) -> list[dict[str, Any]]:
    """The study's zone, and, if that is one of VN-2000, the others that a table of corners may be in: their datum is the same."""
    own = zone(study, x, y)
    if own["epsg"] not in corners.ZONES:
        name = f"EPSG:{own['epsg']}" if own["epsg"] else str(pyproj.CRS.from_user_input(study).name)
        return [{**own, "vi": name, "en": name, "vietnam": False}]
    found = []
    for code in (own["epsg"], *(code for code in corners.ZONES if code != own["epsg"])):
        words = corners.zone_words(code)
        told = {"vi": words[0], "en": words[1], "vietnam": True}
        found.append({**_projection(f"EPSG:{code}"), "turn": own["turn"], **told})
    return found


@cache
def _projection(code: str) -> dict[str, Any]:
    crs = pyproj.CRS.from_user_input(code)
    operation, ellipsoid = crs.coordinate_operation, crs.ellipsoid
    if operation is None or ellipsoid is None or operation.method_name != "Transverse Mercator":
        raise _unfit(code)
    values = {each.name: each.value for each in operation.params}
    lon0, scale, east, north, lat0 = (float(values[name]) for name in NAMES)
    return {
        "epsg": crs.to_epsg(),
        "lon0": lon0,
        "k": scale,
        "x0": east,
        "y0": north - _northing(lat0, scale, crs),
        "a": ellipsoid.semi_major_metre,
        "f": 1 / ellipsoid.inverse_flattening,
    }


def _turn(code: str, definition: str) -> dict[str, float] | None:
    steps = [dict(re.findall(r"(\w+)=(\S+)", step)) for step in definition.split("step ")[1:]]
    known = {"tmerc", "utm", "push", "cart", "helmert", "pop", "unitconvert", "axisswap"}
    if any(step.get("proj") not in known for step in steps):
        raise _unfit(code)
    turns = [step for step in steps if step["proj"] == "helmert"]
    if not turns:
        return None
    told = turns[0]
    if len(turns) > 1 or told.get("convention", "coordinate_frame") != "coordinate_frame":
        raise _unfit(code)
    return {name: float(told.get(name, 0.0)) for name in TURN}


def _northing(lat0: float, scale: float, crs: pyproj.CRS) -> float:
    """Metres from the equator to the latitude of origin along the meridian."""
    if not lat0:
        return 0.0
    geod = crs.get_geod()
    if geod is None:
        raise _unfit(crs.to_string())
    return scale * float(geod.line_length([0.0, 0.0], [0.0, lat0]))


def _unfit(code: str) -> Problem:
    message = (
        f"Hệ tọa độ {code} của nghiên cứu không phải là phép chiếu Mercator ngang (VN-2000, UTM), tờ khai ngoại tuyến không tính "
        "được. Hãy đề xuất trực tiếp trên trang.",
        f"The study's CRS {code} is no transverse Mercator projection (VN-2000, UTM), which the offline form needs. "
        "Propose in the service itself.",
    )
    return Problem("crs", pairs={"message": message})
