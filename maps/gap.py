"""The gap map: one Folium page that works from a file with no network, and the front page of a result folder."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
from branca.element import Element, Figure, MacroElement
from folium.raster_layers import ImageOverlay
from folium.template import Template
from sanchoi.gis.results import Result, unwritable
from sanchoi.maps import assets, cells, index, outline, record, style
from sanchoi.maps.words import word

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("core.js", "draw.js", "legend.js", "panel.js", "notes.js", "table.js", "search.js", "start.js")
BARRIER_VERTICES = 6_000


class Ground(folium.Map):
    """A Folium map without tiles and without the libraries that Folium fetches from the network."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - Folium's own attribute
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - options of folium.Map
        super().__init__(**options)
        self._template = Template(template("map.html"))


class Page(MacroElement):
    """The page around the map: controls, legend, panel, table and the script that ties them together.

    Its script gets the JavaScript names of the map and its layers.
    """

    def __init__(self, ground: Ground, layers: dict[str, Element], data: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Page"
        self._template = Template(
            "{% macro script(this, kwargs) %}"
            "(function () {\nvar handles = {{ this.handles() }};\n{{ this.source }}\n})();"
            "{% endmacro %}"
        )
        self.ground, self.layers = ground, layers
        self.source = "\n".join(template(name) for name in SCRIPTS)
        self.json = record.to_json(data)

    def handles(self) -> str:
        """A JavaScript object that names the map and its layers."""
        pictures = ", ".join(
            f'"{key[8:]}": {element.get_name()}' for key, element in self.layers.items() if key.startswith("picture:")
        )
        rest = ", ".join(
            f"{key}: {element.get_name()}" for key, element in self.layers.items() if not key.startswith("picture:")
        )
        return f"{{ map: {self.ground.get_name()}, pictures: {{ {pictures} }}, {rest} }}"


def render(result: Result) -> str:
    """Draw the gap map of a result as one HTML page that loads nothing. The same result gives the same bytes.

    Raises
    ------
    SourceError : the browser assets were not copied at set-up.
    """
    data = record.page(result)
    language = data["language"]
    crs = result.run["study"]["crs"]
    communes = gpd.GeoDataFrame(result.tables["communes"])
    south, west, north, east = (float(communes.total_bounds[k]) for k in (1, 0, 3, 2))
    ground = Ground(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
    )
    layers = _pictures(result, data)
    shapes, decimals = outline.simplify(communes, crs)
    layers["communes"] = folium.GeoJson(outline.features(shapes, decimals), name="communes", smooth_factor=0)
    barriers = _barriers(result)
    if barriers is not None:
        layers["barriers"] = folium.GeoJson(barriers, name="barriers", show=False, interactive=False)
    for element in layers.values():
        ground.add_child(element)
    page = Page(ground, layers, data)
    ground.add_child(page)
    figure: Any = ground.get_root()
    _number(figure)
    figure._template = Template(template("page.html"))
    figure.title = escape(f"{word('title', language)} · {result.run['study']['name']}")
    figure.page = {
        "language": language,
        "study": escape(str(result.run["study"]["name"])),
        "css": assets.asset("leaflet.css") + "\n" + template("page.css"),
        "leaflet": f"/*!\n{assets.asset('leaflet-LICENSE.txt')}\n*/\n{assets.asset('leaflet.js')}",
        "patterns": patterns(),
        "json": page.json,
        "no_script": escape(word("no_script", language)),
    }
    return _sealed(str(figure.render()))


def write(result: Result, folder: Path) -> None:
    """Write `maps/gap.html` and `index.html` into a result folder.

    Raises
    ------
    SourceError : the folder cannot be written, or the browser assets are missing.
    """
    pages = {"maps/gap.html": render(result), "index.html": index.render(result)}
    try:
        for name, text in pages.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise unwritable(folder, error) from error


@cache
def template(name: str) -> str:
    """Text of a template or script of the pages."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def patterns() -> str:
    """SVG patterns of the statuses: none is told by colour alone."""
    marks = {
        "plain": "",
        "stripes": '<path d="M-2 10 L10 -2 M4 16 L16 4" stroke="{c}" stroke-width="2.2"/>',
        "hatch": '<path d="M-2 2 L10 14 M-2 -6 L14 10" stroke="{c}" stroke-width="1"/>',
        "dots": '<circle cx="3" cy="3" r="1.5" fill="{c}"/><circle cx="9" cy="9" r="1.5" fill="{c}"/>',
        "sparse": '<circle cx="6" cy="6" r="1" fill="{c}"/>',
        "cross": '<path d="M3 3 L9 9 M9 3 L3 9" stroke="{c}" stroke-width="1.6"/>',
    }
    return "".join(
        f'<pattern id="p-{status}" width="12" height="12" patternUnits="userSpaceOnUse">'
        f'<rect width="12" height="12" fill="{fill}"/>{marks[mark].format(c=colour)}</pattern>'
        for status, (fill, mark, colour) in style.STATUS.items()
    )


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


def _number(figure: Figure) -> None:
    """Give every element a running number instead of Folium's random id: the same result, the same bytes."""
    todo: list[Element] = [figure]
    count = 0
    while todo:
        element = todo.pop()
        element._id = f"{count:03d}"
        count += 1
        todo += reversed(list(element._children.values()))


def _sealed(html: str) -> str:
    """Allow just the scripts that stand in the page, by their hashes, and nothing from the network."""
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'" for body in scripts
    )
    policy = (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {hashes}; base-uri 'none'; "
        "form-action 'none'"
    )
    return html.replace("@POLICY@", policy, 1)
