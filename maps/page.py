"""What the pages share: a Folium map that loads nothing, the frame around it, and the seal that keeps foreign scripts out."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from sanchoi.gis.results import Result, unwritable
from sanchoi.maps import assets, record, style

TEMPLATES = Path(__file__).parent / "templates"


class Ground(folium.Map):
    """A Folium map without tiles and without the libraries that Folium fetches from the network."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - Folium's own attribute
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - options of folium.Map
        super().__init__(**options)
        self._template = Template(template("map.html"))


class Page(MacroElement):
    """The page around the map: controls, legend, panel, table and the scripts that tie them together.

    The scripts get the JavaScript names of the map and its layers; layers called `picture:NAME` are gathered in one object.
    """

    def __init__(self, ground: Ground, layers: Mapping[str, Element], scripts: Sequence[str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Page"
        self._template = Template(
            "{% macro script(this, kwargs) %}"
            "(function () {\nvar handles = {{ this.handles() }};\n{{ this.source }}\n})();"
            "{% endmacro %}"
        )
        self.ground, self.layers = ground, layers
        self.source = "\n".join(template(name) for name in scripts)

    def handles(self) -> str:
        """A JavaScript object that names the map and its layers."""
        pictures = ", ".join(
            f'"{key[8:]}": {element.get_name()}' for key, element in self.layers.items() if key.startswith("picture:")
        )
        rest = ", ".join(
            f"{key}: {element.get_name()}" for key, element in self.layers.items() if not key.startswith("picture:")
        )
        return f"{{ map: {self.ground.get_name()}, pictures: {{ {pictures} }}, {rest} }}"


def ground(communes: gpd.GeoDataFrame) -> Ground:
    """An empty map over the communes."""
    south, west, north, east = (float(communes.total_bounds[k]) for k in (1, 0, 3, 2))
    return Ground(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
    )


def compose(
    result: Result,
    on: Ground,
    layers: Mapping[str, Element],
    scripts: Sequence[str],
    data: Mapping[str, Any],
    *,
    title: str,
    no_script: str,
    frame: str = "page.html",
    css: Sequence[str] = ("page.css",),
    patterns: str = "",
    blocks: Sequence[str] = (),
) -> str:
    """Put map, frame, words and scripts into one HTML page that loads nothing. The same input gives the same bytes.

    Parameters
    ----------
    layers : layers of the map by the names that the scripts know them by. scripts, css : names of templates.
    data : the record that the scripts read. blocks : packed data (base64), one inert element each: `block-0`, `block-1`, …

    Raises
    ------
    SourceError : the browser assets were not copied at set-up.
    """
    for element in layers.values():
        on.add_child(element)
    on.add_child(Page(on, layers, scripts))
    figure: Any = on.get_root()
    _number(figure)
    figure._template = Template(template(frame))
    name = str(result.run["study"]["name"])
    figure.title = escape(f"{title} · {name}")
    figure.page = {
        "language": data["language"],
        "study": escape(name),
        "css": "\n".join([assets.asset("leaflet.css"), *(template(each) for each in css)]),
        "leaflet": f"/*!\n{assets.asset('leaflet-LICENSE.txt')}\n*/\n{assets.asset('leaflet.js')}",
        "patterns": style.patterns() + patterns,
        "json": record.to_json(data),
        "no_script": escape(no_script),
        "land": "parcels" in result.tables,
    }
    figure.page["blocks"] = "\n".join(
        f'<script type="text/plain" id="block-{k}">{text}</script>' for k, text in enumerate(blocks)
    )
    return _sealed(str(figure.render()))


def save(pages: Mapping[str, str], folder: Path) -> None:
    """Write pages into a result folder, by their paths in it.

    Raises
    ------
    SourceError : the folder cannot be written.
    """
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
