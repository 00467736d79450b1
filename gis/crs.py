"""CRS rules: nothing is measured outside a projected CRS in metres, and no layer is believed where it cannot lie."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyproj
from sanchoi.gis.errors import CRSError

Box = tuple[float, float, float, float]

VN2000 = (*range(5896, 5900), *range(9205, 9219))
"""EPSG codes of VN-2000 / TM-3, one central meridian each; a province uses one of them."""
ELSEWHERE = (4326, 32648, 32649, 3405, 3406)
"""What a Vietnamese layer is in when it is not TM-3: degrees, UTM 48N and 49N on WGS 84 and on VN-2000."""
SPARE_DEGREES = 1.0
SAMPLE = 500
DOUBTFUL_SHARE, SURE_SHARE = 0.5, 0.95
"""Below the one, a layer's zone is doubted; a zone that puts at least the other among the communes is believed instead."""


def require_metric(text: str) -> pyproj.CRS:
    """Return the study's CRS.

    Raises
    ------
    CRSError : unknown to PROJ, not projected, not in metres, or Web Mercator, whose metres are none (8 % too long in Quảng Nam).
    """
    try:
        crs = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f'[study] crs = "{text}" is not a CRS', 'such as "EPSG:5899"', "mend the code") from error
    if not crs.is_projected or {axis.unit_name for axis in crs.axis_info} != {"metre"}:
        raise CRSError(
            f'[study] crs = "{text}" ({crs.name}) is not in metres',
            "a projected CRS in metres; for Quảng Nam EPSG:5899",
            "name the CRS in which the province draws its plans",
        )
    method = "" if crs.coordinate_operation is None else crs.coordinate_operation.method_name
    if "Mercator" in method and not any(word in method for word in ("Transverse", "Oblique")):
        raise CRSError(
            f'[study] crs = "{text}" ({crs.name}) stretches distances',
            "a projected CRS that keeps metres; for Quảng Nam EPSG:5899",
            "name a national or UTM zone instead",
        )
    return crs


def check_communes(bounds: Box, study: pyproj.CRS | str, raw: tuple[Box, str] | None) -> None:
    """Refuse communes that lie more than a degree outside the ground for which the study's CRS is made.

    Parameters
    ----------
    bounds : of the communes in the study's CRS. raw : their bounds as stored, and the CRS the file names.
    """
    study = pyproj.CRS.from_user_input(study)
    if study.area_of_use is None:
        return
    west, south, east, north = study.area_of_use.bounds
    usable = (west - SPARE_DEGREES, south - SPARE_DEGREES, east + SPARE_DEGREES, north + SPARE_DEGREES)
    here = moved(bounds, study, pyproj.CRS("EPSG:4326"))
    if here is None or not _meet(here, usable):
        where = "nowhere on earth" if here is None else _place(here)
        raise CRSError(
            f"layer communes lies {where}",
            f"inside the ground of {study.to_string()} ({study.name}): {_place((west, south, east, north))}",
            _advice(raw, usable, pyproj.CRS("EPSG:4326"), "communes", study),
        )


def check_placement(
    bounds: Box,
    crs: pyproj.CRS | str,
    near: Box,
    study: pyproj.CRS | str,
    layer: str,
    raw: tuple[Box, str] | None = None,
) -> None:
    """Refuse a layer that lies nowhere near the communes, and guess why.

    Parameters
    ----------
    bounds : of the layer, in `crs`. near : of the communes and their surroundings, in the study's CRS.
    raw : bounds of the coordinates as stored, and the CRS that the file names.

    Raises
    ------
    CRSError : the boxes do not meet; names the CRS, or the order of axes, under which they would.
    """
    here = moved(bounds, crs, study)
    if here is not None and _meet(here, near):
        return
    centre = ((near[0] + near[2]) / 2, (near[1] + near[3]) / 2)
    away = (
        ""
        if here is None
        else f", {np.hypot((here[0] + here[2]) / 2 - centre[0], (here[1] + here[3]) / 2 - centre[1]) / 1000:,.0f} km away"
    )
    raise CRSError(
        f"layer {layer} lies outside the communes{away}",
        "a layer that touches them",
        _advice(
            raw if raw is not None else (bounds, pyproj.CRS.from_user_input(crs).to_string()), near, study, layer, study
        ),
    )


def check_zone(xy: npt.NDArray[np.float64], own: str, study: pyproj.CRS | str, extent: Box, layer: str) -> None:
    """Refuse a layer of which most lies beside the communes, if its numbers read in another zone would put nearly all among them.

    Neighbouring zones of VN-2000 differ by 27 km: in a province the boxes of a layer and the communes still meet.

    Parameters
    ----------
    xy : (n, 2) places of the layer in the study's CRS. own : the CRS that the file names. extent : box of the communes.
    """
    step = max(len(xy) // SAMPLE, 1)
    xy = xy[::step][: 2 * SAMPLE]
    if not len(xy) or _share(xy, extent) >= DOUBTFUL_SHARE:
        return
    stored = np.column_stack(pyproj.Transformer.from_crs(study, own, always_xy=True).transform(xy[:, 0], xy[:, 1]))
    study = pyproj.CRS.from_user_input(study)
    for there in (study, *(pyproj.CRS.from_epsg(code) for code in VN2000)):
        if there == pyproj.CRS.from_user_input(own):
            continue
        turn = pyproj.Transformer.from_crs(there, study, always_xy=True)
        if _share(np.column_stack(turn.transform(stored[:, 0], stored[:, 1])), extent) >= SURE_SHARE:
            raise CRSError(
                f"layer {layer}: {100 * (1 - _share(xy, extent)):.0f} % of it lies beside the communes",
                "most of it among them",
                f"its numbers fit {there.to_string()} ({there.name}), not {own}; set the right CRS of {layer} in a GIS "
                "(assign, not reproject)",
            )


def _share(xy: npt.NDArray[np.float64], box: Box) -> float:
    inside = (xy[:, 0] >= box[0]) & (xy[:, 0] <= box[2]) & (xy[:, 1] >= box[1]) & (xy[:, 1] <= box[3])
    return float(inside.mean())


def _advice(
    raw: tuple[Box, str] | None, near: Box, target: pyproj.CRS | str, layer: str, study: pyproj.CRS | str
) -> str:
    guess = None if raw is None else _guess(raw[0], raw[1], near, target, pyproj.CRS.from_user_input(study))
    if guess is None:
        return "check the CRS of the file, and that it is of this place"
    said = f", or say swap_xy = true in [{layer}]" if "swapped" in guess else ""
    return f"{guess}; set the right CRS of {layer} in a GIS (assign, not reproject){said}"


def _guess(box: Box, crs: str, near: Box, target: pyproj.CRS | str, study: pyproj.CRS) -> str | None:
    """Say what the stored numbers would have to be to lie near.

    Its own CRS with swapped axes comes first, then the study's CRS, then whichever puts the middle nearest.
    """
    centre = np.array([(near[0] + near[2]) / 2, (near[1] + near[3]) / 2])
    swapped = (box[1], box[0], box[3], box[2])
    own = pyproj.CRS.from_user_input(crs)
    tried = [(0, own, swapped), (1, study, box), (2, study, swapped)]
    for code in (*VN2000, *ELSEWHERE):
        tried += [(3, pyproj.CRS.from_epsg(code), each) for each in (box, swapped)]
    found = []
    for rank, candidate, each in tried:
        there = moved(each, candidate, target)
        if there is None or not _meet(there, near):
            continue
        miss = np.hypot(*(np.array([(there[0] + there[2]) / 2, (there[1] + there[3]) / 2]) - centre))
        said = ["its axes look swapped (north before east)"] if each is swapped else []
        if candidate != own:
            said.append(f"its numbers fit {candidate.to_string()} ({candidate.name}), not {own.to_string()}")
        found.append((rank, round(float(miss), 3), each is swapped, "; ".join(said)))
    return min(found)[-1] if found else None


def moved(box: Box, source: pyproj.CRS | str, target: pyproj.CRS | str) -> Box | None:
    """Box in another CRS, None where it has no place there."""
    if not np.isfinite(box).all():
        return None
    source, target = pyproj.CRS.from_user_input(source), pyproj.CRS.from_user_input(target)
    if source.is_geographic and (max(abs(box[0]), abs(box[2])) > 360 or max(abs(box[1]), abs(box[3])) > 90):
        return None
    if source == target:
        return box
    found = pyproj.Transformer.from_crs(source, target, always_xy=True).transform_bounds(*box)
    return tuple(float(v) for v in found) if np.isfinite(found).all() else None  # type: ignore[return-value]


def _meet(one: Box, two: Box) -> bool:
    return one[0] <= two[2] and one[2] >= two[0] and one[1] <= two[3] and one[3] >= two[1]


def _place(box: Box) -> str:
    return f"{box[0]:.2f}…{box[2]:.2f}° E, {box[1]:.2f}…{box[3]:.2f}° N"
