"""The page of a comparison: one file that works with no network, in both languages, on a phone too. Draws, computes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
from branca.element import Element
from folium.raster_layers import ImageOverlay
from sanchoi.gis import compare_headings as headings
from sanchoi.gis.compare import Comparison
from sanchoi.gis.compare_files import native, records
from sanchoi.gis.results import Result
from sanchoi.gis.sentences import whole
from sanchoi.maps import cells, compare_words, outline, page, record, style

SCRIPTS = ("core.js", "compare_map.js", "compare_panel.js", "compare_about.js", "compare.js")
COLOURS: dict[str, tuple[str, str, str]] = {
    "better": ("#2a6fa8", "plus", "#ffffff"),
    "worse": ("#e07b27", "stripes", "#5c2300"),
    "same": ("#f4efe3", "plain", "#f4efe3"),
    "not_comparable": ("#e0e0e0", "hatch", "#8a8a8a"),
    "only_first": ("#b9a6cf", "plain", "#b9a6cf"),
    "only_second": ("#8fc7a5", "plain", "#8fc7a5"),
}
"""Class → fill, pattern, its colour: apart for colour-blind readers and in grey print. Communes have the first four."""
MARKS = {
    "plain": "",
    "plus": '<path d="M6 3 V9 M3 6 H9" stroke="{c}" stroke-width="1.6"/>',
    "stripes": '<path d="M-2 10 L10 -2 M4 16 L16 4" stroke="{c}" stroke-width="2.2"/>',
    "hatch": '<path d="M-2 2 L10 14 M-2 -6 L14 10" stroke="{c}" stroke-width="1"/>',
}
MOST = 200
"""Rows of play areas, data and codes that the page lists; the tables have all."""
THEN_VERTICES = 9_000


def render(found: Comparison, language: str = "vi") -> str:
    """Draw a comparison as one HTML page that loads nothing. The same comparison gives the same bytes.

    Raises
    ------
    SourceError : the browser assets were not copied at set-up.
    """
    communes = gpd.GeoDataFrame(found.outlines[1])
    crs = str(found.record["crs"])
    shapes, decimals = outline.simplify(communes, crs)
    before, places = outline.simplify(gpd.GeoDataFrame(found.outlines[0]), crs, THEN_VERTICES)
    layers: dict[str, Element] = {}
    picture = _picture(found, crs)
    if picture is not None:
        layers["picture:cells"] = ImageOverlay(
            picture.uri, picture.bounds, name="cells", show=False, interactive=False, class_name="cells"
        )
    layers["communes"] = folium.GeoJson(outline.features(shapes, decimals), name="communes", smooth_factor=0)
    layers["before"] = folium.GeoJson(
        outline.features(before, places), name="before", smooth_factor=0, interactive=False, show=False
    )
    data = _data(found, communes, language)
    one, two = found.record["first"]["name"], found.record["second"]["name"]
    words = data["words"][language]
    return page.compose(
        Result({}, {"study": {"name": one if one == two else f"{one} → {two}"}}),
        page.ground(communes),
        layers,
        SCRIPTS,
        data,
        title=words["title"],
        no_script=words["no_script"],
        frame="compare.html",
        css=("page.css", "compare.css"),
        patterns=patterns(),
    )


def write(found: Comparison, folder: Path, language: str = "vi") -> None:
    """Write `compare.html` into a folder.

    Raises
    ------
    SourceError : the folder cannot be written, or the browser assets are missing.
    """
    page.save({"compare.html": render(found, language)}, folder)


def patterns() -> str:
    """SVG patterns of the classes: none is told by colour alone."""
    return "".join(
        f'<pattern id="c-{name}" width="12" height="12" patternUnits="userSpaceOnUse">'
        f'<rect width="12" height="12" fill="{fill}"/>{MARKS[mark].format(c=colour)}</pattern>'
        for name, (fill, mark, colour) in COLOURS.items()
    )


def _picture(found: Comparison, crs: str) -> cells.Picture | None:
    """Every cell by its class."""
    aligned = found.aligned
    n = len(aligned.row)
    if not n:
        return None
    every = np.arange(n)
    grid = cells.Grid(aligned.row, aligned.col, every, every, aligned.cell_m, crs)
    palette = [(0, 0, 0, 0), *(style.rgba(fill) for fill, _, _ in COLOURS.values())]
    codes = np.asarray(found.classes + 1, dtype=np.uint8)
    return grid.canvas().draw(codes, palette)


def _data(found: Comparison, communes: gpd.GeoDataFrame, language: str) -> dict[str, Any]:
    """Everything that the page's script needs, in plain JSON types; null = unknown."""
    rows = found.tables["communes"]
    made: dict[str, list[dict[str, Any]]] = {}
    for row in records(found.tables["made_of"]):
        if row["share_of_area"] >= 0.001 or (row["share_of_children"] or 0) >= 0.001:
            keys = ("first_id", "first_name", "share_of_area", "share_of_children")
            made.setdefault(str(row["commune_id"]), []).append({key: row[key] for key in keys})
    keep = ["change", "status_then", "status_now", "children_then", "children_now", "uncovered_then", "uncovered_now"]
    keep += ["gained", "lost", "boundaries_alone", "why_vi", "why_en"]
    places = found.tables["play_areas"]
    points = gpd.GeoSeries(places["geometry"]).representative_point() if len(places) else None
    inputs = [row for row in records(found.tables["inputs"]) if row["change"] != "same"]
    for row in inputs:
        for side in ("first", "second"):
            value = row.pop(side)
            row[f"{side}_vi"], row[f"{side}_en"] = (_short(row["what"], value, k) for k in (0, 1))
        row["key_vi"], row["key_en"] = (headings.key(row["what"], row["key"], k) for k in (0, 1))
    out = {
        "language": language,
        "words": compare_words.table(),
        "study": {"name": ""},
        "record": {key: value for key, value in found.record.items() if key != "tables"},
        "communes": {
            "id": rows["commune_id"].tolist(),
            "name": rows["name"].tolist(),
            "box": record.boxes(communes),
            "label": record.points(communes),
            **{key: rows[key].tolist() for key in keep},
            "made_of": [made.get(code, []) for code in rows["commune_id"]],
        },
        "places": [
            {**row, "at": [round(float(point.y), 6), round(float(point.x), 6)]}
            for row, point in zip(records(places), points if points is not None else [], strict=True)
        ],
        "inputs": inputs,
        "classes": list(COLOURS),
        "cell_classes": [list(COLOURS)[k] for k in np.unique(found.classes).tolist()],
        "most": MOST,
        "parts": _parts(found),
    }
    done: dict[str, Any] = native(out)
    return done


def _parts(found: Comparison) -> list[dict[str, Any]]:
    """Parts of the change over all ages, rounded so that what is shown still sums."""
    rows = [row for row in records(found.tables["parts"]) if row["band"] == "all"]
    for measure in sorted({row["measure"] for row in rows}):
        values = {row["part"]: row["children"] for row in rows if row["measure"] == measure}
        sides = {side: round(values.pop(side)) for side in ("first", "second")}
        rest = sides["second"] - sides["first"] - sum(whole(values).values())
        largest = max(values, key=lambda part: abs(values[part]))
        shown = {**sides, **whole(values)}
        shown[largest] += rest
        for row in rows:
            if row["measure"] == measure:
                row["shown"] = shown[row["part"]]
                outlines = found.record["same_children_data"] and row["part"] in headings.BY_OUTLINES
                row["word"] = f"{'outlines' if outlines else 'part'}_{row['part']}"
    return rows


def _short(what: str, value: Any, k: int) -> str:  # noqa: ANN401 - a fact of run.json
    """A fact in one short line: of a file its name, rows and the beginning of its hash."""
    if what == "input" and isinstance(value, dict):
        name, rows, sha = str(value.get("path") or "").split("/")[-1], value.get("rows"), value.get("sha256")
        return " · ".join([name, *([str(rows)] if rows is not None else []), f"sha256 {str(sha)[:10]}…"])
    return headings.plain(value, k)
