"""The gap map: one Folium page that works from a file with no network, and the front page of a result folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
from branca.element import Element
from folium.raster_layers import ImageOverlay
from sanchoi.gis.results import Result
from sanchoi.maps import cells, index, outline, page, record
from sanchoi.maps.words import word

SCRIPTS = (
    "core.js",
    "gaps.js",
    "draw.js",
    "legend.js",
    "panel.js",
    "notes.js",
    "table.js",
    "fold.js",
    "search.js",
    "start.js",
)
BARRIER_VERTICES = 6_000


def render(result: Result) -> str:
    """Draw the gap map of a result as one HTML page that loads nothing. The same result gives the same bytes.

    Raises
    ------
    SourceError : the browser assets were not copied at set-up.
    """
    data = record.page(result)
    communes = gpd.GeoDataFrame(result.tables["communes"])
    layers = _pictures(result, data)
    shapes, decimals = outline.simplify(communes, result.run["study"]["crs"])
    layers["communes"] = folium.GeoJson(outline.features(shapes, decimals), name="communes", smooth_factor=0)
    barriers = _barriers(result)
    if barriers is not None:
        layers["barriers"] = folium.GeoJson(barriers, name="barriers", show=False, interactive=False)
    language = data["language"]
    return page.compose(
        result,
        page.ground(communes),
        layers,
        SCRIPTS,
        data,
        title=word("title", language),
        no_script=word("no_script", language),
    )


def write(result: Result, folder: Path) -> None:
    """Write `maps/gap.html` and `index.html` into a result folder.

    Raises
    ------
    SourceError : the folder cannot be written, or the browser assets are missing.
    """
    page.save({"maps/gap.html": render(result), "index.html": index.render(result)}, folder)


def _pictures(result: Result, data: dict[str, Any]) -> dict[str, Element]:
    """Image overlays of the cells, none of them shown at first."""
    bands = [band for band in data["bands"] if band != "all"]
    found = cells.pictures(result, bands, data["limits"])
    return {
        f"picture:{key}": ImageOverlay(
            picture.uri, picture.bounds, name=key, show=False, interactive=False, class_name="cells"
        )
        for key, picture in found.items()
    }


def _barriers(result: Result) -> dict[str, Any] | None:
    table = result.tables.get("barriers")
    if table is None or not len(table):
        return None
    metric = gpd.GeoSeries(gpd.GeoDataFrame(table).geometry).to_crs(result.run["study"]["crs"])
    tolerance = 5.0
    light = metric.simplify(tolerance)
    while light.count_coordinates().sum() > BARRIER_VERTICES and tolerance < 500:
        tolerance *= 2
        light = metric.simplify(tolerance)
    return outline.features(light.to_crs("EPSG:4326"), outline.decimals_for(tolerance))
