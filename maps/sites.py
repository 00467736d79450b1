"""The map of parcels and sites: one page that works from a file with no network, however many parcels there are."""

from __future__ import annotations

from pathlib import Path

import folium
import geopandas as gpd
from sanchoi.gis.errors import ContractError
from sanchoi.gis.results import Result
from sanchoi.maps import outline, page, parcel_pack, parcel_record, sites_words, style
from sanchoi.maps.sites_words import word

SCRIPTS = (
    "core.js",
    "notes.js",
    "fold.js",
    "sites_blocks.js",
    "sites_draw.js",
    "sites_map.js",
    "sites_parcel.js",
    "sites_advice.js",
    "sites_plan.js",
    "sites_panel.js",
    "sites_table.js",
    "sites_notes.js",
    "sites_search.js",
    "sites_start.js",
)


def render(result: Result) -> str:
    """Draw the parcels of a result as one HTML page that loads nothing. The same result gives the same bytes.

    Raises
    ------
    ContractError : the result has no table of parcels. SourceError : the browser assets were not copied at set-up.
    """
    if "parcels" not in result.tables:
        raise ContractError(
            "a result without parcels", "a table of parcels to draw", "add [parcels] to the study and run it again"
        )
    packed = parcel_pack.pack(result)
    data = {**parcel_record.page(result), **packed.record, "words": sites_words.table()}
    for part in (data["best"], *([data["plan"]["sites"]] if data["plan"] else [])):
        part["position"] = packed.at(part["id"])
    communes = gpd.GeoDataFrame(result.tables["communes"])
    shapes, decimals = outline.simplify(communes, result.run["study"]["crs"])
    language = data["language"]
    return page.compose(
        result,
        page.ground(communes),
        {"communes": folium.GeoJson(outline.features(shapes, decimals), name="communes", smooth_factor=0)},
        SCRIPTS,
        data,
        title=word("title", language),
        no_script=word("no_script", language),
        frame="sites.html",
        css=("page.css", "sites.css"),
        patterns=style.verdict_patterns(),
        blocks=packed.blocks,
    )


def write(result: Result, folder: Path) -> None:
    """Write `maps/sites.html` into a result folder.

    Raises
    ------
    ContractError : the result has no table of parcels.
    SourceError : the folder cannot be written, or the browser assets are missing.
    """
    page.save({"maps/sites.html": render(result)}, folder)
