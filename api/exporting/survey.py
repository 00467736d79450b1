"""Survey kit: for a commune that nobody has surveyed, a form to fill in (workbook, GeoPackage) and a map to mark by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sanchoi.api.exporting.naming import plain
from sanchoi.api.exporting.png_text import marked
from sanchoi.api.exporting.refusals import refusal
from sanchoi.gis import survey
from sanchoi.gis.sources import rows
from sanchoi.gis.survey_form import Form, Known
from sanchoi.gis.tables import STORAGE_CRS
from sanchoi.maps import survey_map
from sanchoi.maps.sheets.making import png

if TYPE_CHECKING:
    from sanchoi.api.exporting.context import Context

DPI = 150
LISTED = 100
"""Play areas on record that a form lists; those that count come first, the others stay as they are."""


@cache
def supply() -> dict[str, bool]:
    """Kind → whether it is supply, from the table of kinds."""
    kinds = rows.packaged("osm_kinds.csv")
    return dict(zip(kinds["kind"], kinds["counts"] == "true", strict=True))


def counts(kind: str) -> bool:
    """Whether a kind of play area is supply; one that the table of kinds does not have is, as in a study."""
    return supply().get(kind, True)


def unknown(context: Context) -> list[str]:
    """Communes that nobody has surveyed, most children first."""
    gaps = context.result.tables["gaps"]
    found = gaps[gaps["survey_rank"].notna()].drop_duplicates("commune_id").sort_values(["survey_rank", "commune_id"])
    return [str(each) for each in found["commune_id"]]


def make(context: Context, commune_id: str, folder: Path) -> list[Path]:
    """Form and map of one commune.

    Raises
    ------
    ContractError : the commune is surveyed.
    """
    from sanchoi.api.exporting import survey_gpkg, survey_xlsx

    ground, language, study = context.ground, context.language, context.result.run["study"]
    row = ground.commune(commune_id)
    if bool(row["surveyed"]):
        raise refusal("surveyed", name=row["name"], came=commune_id)
    page = survey_map.layout(ground, commune_id, context.options)
    known, shapes = _known(context, commune_id)
    form = Form(
        str(study["name"]),
        commune_id,
        str(row["name"]),
        str(study["vintage"]),
        str(context.result.run["run_id"]),
        known,
        page.squares,
    )
    stem = f"survey-{plain(commune_id)}"
    out = [folder / f"{stem}.xlsx", folder / f"{stem}.gpkg"]
    out[0].write_bytes(survey_xlsx.make(form, ground.crs, counts, language, context.imprint_of_one))
    where = shapely.make_valid(row.geometry)
    found = ground.ways(where)
    ways = survey_gpkg.joined(found[shapely.intersects(found, where)])
    survey_gpkg.make(form, ground.crs, shapes, where, ways, language, out[1], context.imprint_of_one)
    body = survey_map.draw(ground, form, shapes, page, context.options)
    pages = {f"{stem}.pdf": body}
    if context.wish.as_ == "png":
        pages = {f"{stem}-{k}.png": marked(each, context.imprint_of_one) for k, each in enumerate(png(body, DPI), 1)}
    for name, data in pages.items():
        (folder / name).write_bytes(data)
        out.append(folder / name)
    return out


def _known(context: Context, commune_id: str) -> tuple[tuple[Known, ...], dict[str, Any]]:
    """Play areas on record in a commune, and their shapes in the study's CRS."""
    layer = context.ground.layer("play_areas")
    layer = layer[layer["commune_id"] == commune_id] if len(layer) else layer
    if not len(layer):
        return (), {}
    points = layer.geometry.representative_point().to_crs(STORAGE_CRS)
    found = [
        {**each, "area_m2": _area(each["area_m2"], shape), "lon": point.x, "lat": point.y}
        for each, shape, point in zip(
            layer.drop(columns="geometry").to_dict("records"), layer.geometry, points, strict=True
        )
    ]
    shapes = dict(zip(layer["play_area_id"].astype(str), layer.geometry, strict=True))
    return survey.listed(found, counts, LISTED), shapes


def _area(recorded: float, shape: shapely.Geometry) -> float:
    return round(float(recorded), 1) if np.isfinite(recorded) else float(shape.area) or float("nan")
