"""`sanchoi convert`: read a layer as it arrives (TCVN3, VNI, no CRS, swapped axes, lines and texts), say what it is, write it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text
from sanchoi.api import convert as converting
from sanchoi.api.convert import Converted
from sanchoi.api.show import out as screen
from sanchoi.api.show import print_json
from sanchoi.gis.errors import SanchoiError, StudyError
from sanchoi.gis.outlined import TOLERANCE_M
from sanchoi.gis.sources.arrival import Arrival
from sanchoi.gis.study_keys import ENCODINGS, near


def convert(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="Shapefile, MapInfo, DXF, DGN V7, GeoPackage, XLSX, CSV…")
    ],
    target: Annotated[
        Path | None, typer.Argument(metavar="OUT", help=".gpkg, .geojson, .csv or .shp; absent: only say what IN is.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of its text: " + ", ".join(ENCODINGS) + ".")] = "auto",
    assume_crs: Annotated[
        str, typer.Option(metavar="EPSG", help="CRS of a file that names none, or a wrong one, such as 5899.")
    ] = "",
    swap_xy: Annotated[bool, typer.Option("--swap-xy", help="Its numbers stand north before east.")] = False,
    accept_guess: Annotated[
        bool, typer.Option("--accept-guess", help="Use the CRS and axes that are guessed.")
    ] = False,
    inside: Annotated[
        Path | None, typer.Option(metavar="LAYER", help="Communes in which it must lie: the CRS is guessed from them.")
    ] = None,
    to_crs: Annotated[str, typer.Option(metavar="EPSG", help="Write it in this CRS; else it keeps its own.")] = "",
    layer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Layer or sheet of a file that holds several.")
    ] = None,
    polygons_from_lines: Annotated[
        bool, typer.Option("--polygons-from-lines", help="Parcels are drawn as lines, with texts inside.")
    ] = False,
    close_gaps: Annotated[
        float | None,
        typer.Option(
            min=0.001, max=5, metavar="M", help=f"Close gaps up to so many metres; else told up to {TOLERANCE_M}."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    language: Annotated[str, typer.Option("--lang", help="Language of what is said: vi or en.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")] = False,
) -> None:
    """Read a layer as it arrives, say what was recognised, and write it in order. The file itself is never changed."""
    if encoding not in ENCODINGS:
        raise StudyError(f"--encoding {encoding}", "one of " + ", ".join(ENCODINGS), near(encoding, list(ENCODINGS)))
    if language not in ("vi", "en"):
        raise StudyError(f"--lang {language}", "vi or en", "choose one of them")
    if close_gaps is not None and not polygons_from_lines:
        raise StudyError("--close-gaps without --polygons-from-lines", "lines that enclose parcels", "say both")
    try:
        if target is not None:
            converting.check_out(source, target, force)
        ground = None if inside is None else converting.ground(inside)
        arrival = Arrival(
            encoding,
            assume_crs,
            swap_xy,
            accept_guess,
            polygons_from_lines,
            close_gaps,
            None if ground is None else (lambda: ground),
            (f"{inside.name}", f"{inside.name}") if inside is not None else ("", ""),
            None if ground is None else ground[1].to_epsg(),
        )
        found = converting.read(source, layer, arrival, to_crs)
        if target is not None:
            found = converting.write(found, target)
    except SanchoiError as error:
        if language == "vi" and error.vi:
            raise type(error)(*error.vi.split(" · ", 2)) from error
        raise
    _show(found, source, target, language, as_json)


def _show(found: Converted, source: Path, target: Path | None, language: str, as_json: bool) -> None:
    columns = [str(each) for each in found.frame.columns if each != "geometry"]
    if as_json:
        print_json(
            {
                "in": str(source),
                "out": None if target is None else str(target),
                "rows": len(found.frame),
                "crs": found.crs,
                "columns": columns,
                "remarks": [vars(each) for each in found.remarks],
            }
        )
        return
    for each in found.remarks:
        screen.print(Text(f"· {each.vi if language == 'vi' else each.en}"), soft_wrap=True)
    words = {
        "vi": (
            f"{len(found.frame):,} đối tượng".replace(",", "."),
            "hệ tọa độ",
            "không có vị trí",
            "các cột",
            "đã ghi",
        ),
        "en": (f"{len(found.frame):,} features", "CRS", "no places", "columns", "written:"),
    }[language]
    place = f"{words[1]} {found.crs}" if found.crs else words[2]
    screen.print(Text(f"{words[0]}, {place}, {words[3]}: {', '.join(columns)}"), soft_wrap=True)
    if target is not None:
        screen.print(Text(f"{words[4]} {target}", style="green"), soft_wrap=True)
