"""Parcels of a drawing: polygons from its lines, with what the texts inside them say."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import label_texts, outlined
from sanchoi.gis.arrival_words import Remark, refusal, remark
from sanchoi.gis.sources.arrival import Arrival, Pair

TEXT = ("Text", "text", "TEXT", "label", "LABEL")
"""Columns that hold the texts of a drawing."""


HEAD_BYTES = 5_000_000
"""Of a DXF, in which its table of layers stands."""


def shown(found: pd.DataFrame, path: Path, told: list[Remark]) -> pd.DataFrame:
    """What a DXF draws on the ground: without the frames of its printed sheets. Layers that are switched off are told."""
    if path.suffix.lower() != ".dxf":
        return found
    if "PaperSpace" in found:
        paper = found["PaperSpace"].isin([True, 1]).to_numpy(dtype=bool)
        if paper.any():
            told.append(remark("paper", count=int(paper.sum()), file=path.name, n=int(paper.sum())))
            found = found[~paper].reset_index(drop=True)
    if "Layer" in found:
        off = found["Layer"].isin(_hidden(path))
        if off.any():
            names = sorted(set(found["Layer"][off].astype(str)))
            listed = ", ".join(names[:10])
            told.append(remark("hidden", count=int(off.sum()), file=path.name, n=int(off.sum()), names=listed))
    return found


def _hidden(path: Path) -> set[str]:
    """Layers of a DXF that are off (colour below 0) or frozen (first bit of their flags)."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        lines = head.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        lines = head.decode("latin-1").splitlines()
    out: set[str] = set()
    layer: dict[str, str] | None = None
    for code, value in zip(lines[::2], lines[1::2], strict=False):
        key = code.strip()
        if key == "0":
            if layer is not None and _is_off(layer):
                out.add(layer["2"])
            layer = {} if value.strip() == "LAYER" else None
            if value.strip() == "ENDSEC" and out:
                break
        elif layer is not None and key in ("2", "70", "62"):
            layer[key] = value.strip()
    return out


def _is_off(layer: dict[str, str]) -> bool:
    def number(key: str) -> int:
        text = layer.get(key, "0")
        return int(text) if text.removeprefix("-").isdigit() else 0

    return "2" in layer and (number("62") < 0 or number("70") & 1 == 1)


def _bounding(found: gpd.GeoDataFrame, file: str, told: list[Remark]) -> npt.NDArray[np.bool_]:
    """Which shapes bound parcels: a hatch fills ground, and bounds it only where no lines do."""
    shapes = found.geometry.to_numpy()
    drawing = np.isin(shapely.get_type_id(shapes), (1, 2, 3, 5, 6))
    if "SubClasses" not in found:
        return drawing
    hatch = found["SubClasses"].fillna("").astype(str).str.contains("AcDbHatch").to_numpy(dtype=bool) & drawing
    if not hatch.any() or not (drawing & ~hatch).any():
        return drawing
    enclosed = outlined.faces(shapes[drawing & ~hatch])
    if not len(enclosed.gaps):  # else it may fill a part of a parcel whose lines are open
        places = shapely.point_on_surface(shapely.make_valid(shapes[hatch]))
        within = shapely.STRtree(enclosed.polygons).query(places, predicate="intersects")[0]
        hatch[np.delete(np.flatnonzero(hatch), np.unique(within))] = False
    if hatch.any():
        told.append(remark("hatches", count=int(hatch.sum()), file=file, n=int(hatch.sum())))
    return np.asarray(drawing & ~hatch, dtype=bool)


def parcels(found: gpd.GeoDataFrame, arrival: Arrival, file: str, name: str, told: list[Remark]) -> gpd.GeoDataFrame:
    """Polygons that the lines of a drawing enclose.

    Columns: parcel_no, land_use, area_stated_m2 (None = no text says so), area_m2 (as drawn), labels (texts inside), label.

    Raises
    ------
    CRSError : the drawing is in degrees. ContractError : its lines enclose nothing.
    """
    if not found.crs.is_projected:
        raise refusal("degrees_lines", name=name, file=file, crs=found.crs.name)
    shapes = found.geometry.to_numpy()
    is_point = shapely.get_type_id(shapes) == 0
    column = next((each for each in TEXT if each in found.columns), None)
    written = (
        np.array([isinstance(each, str) and bool(each.strip()) for each in found[column]], dtype=bool)
        if column is not None
        else np.zeros(len(found), dtype=bool)
    )
    labels, texts = shapes[is_point & written], [] if column is None else found[column][is_point & written].tolist()
    drawing = shapes[_bounding(found, file, told)]
    tolerance = arrival.close_gaps_m if arrival.close_gaps_m is not None else outlined.TOLERANCE_M
    faces = outlined.faces(drawing, tolerance, close=arrival.close_gaps_m is not None)
    if not len(faces.polygons):
        raise refusal("no_faces", name=name, file=file, gaps=len(faces.gaps), todo=_todo(arrival))
    inside, free = outlined.texts_inside(faces.polygons, labels)
    areas = shapely.area(faces.polygons)
    read = [label_texts.parse([texts[i] for i in each], float(area)) for each, area in zip(inside, areas, strict=True)]
    _tell(faces, read, areas, len(drawing), len(labels) - len(free), len(free), tolerance, file, told)
    return gpd.GeoDataFrame(
        {
            "parcel_no": pd.Series([each.number for each in read], dtype=object),
            "land_use": pd.Series([each.land_use for each in read], dtype=object),
            "area_stated_m2": np.array(
                [np.nan if each.area_m2 is None else each.area_m2 for each in read], dtype=float
            ),
            "area_m2": np.round(areas, 3),
            "labels": [len(each) for each in inside],
            "label": pd.Series([each.rest or None for each in read], dtype=object),
        },
        geometry=faces.polygons,
        crs=found.crs,
    )


def _todo(arrival: Arrival) -> Pair:
    flag = f"close_gaps_m = 0.5 … [{arrival.section}]" if arrival.section else "--close-gaps 0.5"
    return f"nối các đường lại, hoặc ghi {flag}", f"join the lines, or say {flag}"


def _tell(
    faces: outlined.Faces,
    read: list[label_texts.Label],
    areas: np.ndarray,
    lines: int,
    labels: int,
    outside: int,
    tolerance: float,
    file: str,
    told: list[Remark],
) -> None:
    told.append(remark("faces", count=len(read), file=file, n=len(read), lines=lines, labels=labels, outside=outside))
    if len(faces.gaps):
        x, y = shapely.get_coordinates(faces.gaps[0])[0]
        done: Pair = ("đã được nối", "closed") if faces.closed else ("chưa nối", "left open")
        told.append(
            remark(
                "gaps",
                count=len(faces.gaps),
                file=file,
                n=len(faces.gaps),
                most=f"{tolerance:g}",
                done=done,
                x=f"{x:.2f}",
                y=f"{y:.2f}",
            )
        )
    if faces.loose:
        told.append(remark("loose", count=faces.loose, file=file, n=faces.loose))
    bare = sum(
        each.number is None and each.land_use is None and each.area_m2 is None and not each.several for each in read
    )
    if bare:
        told.append(remark("label_none", count=bare, file=file, n=bare))
    several = [each for each in read if each.several]
    if several:
        told.append(
            remark("label_several", count=len(several), file=file, n=len(several), example=several[0].rest[:60])
        )
    wrong = [
        (each, area) for each, area in zip(read, areas, strict=True) if label_texts.differs(each.area_m2, float(area))
    ]
    if wrong:
        first, area = wrong[0]
        told.append(
            remark(
                "label_area",
                count=len(wrong),
                file=file,
                n=len(wrong),
                example=first.number or "?",
                stated=f"{first.area_m2:,.1f}",
                drawn=f"{area:,.1f}",
            )
        )
