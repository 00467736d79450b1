"""Drawing: a process that draws sheets for the service, one after another, `python -m sanchoi.api.drawing`.

A line of JSON comes in for each sheet, a line of JSON and the bytes of the PDF go out. It keeps the layers of the results that
were drawn last, and ends when nothing was asked for a while, when it has grown too large, or when the service has gone.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import select
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

from sanchoi.gis.errors import SanchoiError
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.refusals import grouped, refusal
from shapely import Geometry

KINDS = ("gap", "reach", "fact", "site")
KEPT = 2
"""So many results stay read."""
IDLE_S = 900.0
LARGE = 1_500_000_000
"""Bytes of memory beyond which a fresh process takes over."""
FIT = "fit"


class Drawing:
    """Draws sheets of results."""

    def __init__(self) -> None:
        self._grounds: OrderedDict[tuple[str, str], Ground] = OrderedDict()

    def draw(self, asked: dict[str, Any]) -> bytes:
        """A sheet as PDF.

        Parameters
        ----------
        asked : folder, name and etag of the result; kind, of (an id); paper, portrait, scale (a number, "fit" or None),
            language, style; pages, how many sheets at most.

        Raises
        ------
        SanchoiError : as `making`; ContractError also for too many sheets, SourceError where the result is another by now.
        """
        from sanchoi.gis.sources import rows
        from sanchoi.maps.sheets import making

        ground = self._ground(asked)
        scale, scales = asked["scale"], rows.packaged("sheet_scales.csv")
        options = Options(
            asked["paper"],
            not asked["portrait"],
            None if scale == FIT else scale,
            asked["language"],
            style=asked["style"],
            scales=[dict(row) for _, row in scales.iterrows()],
            result_id=asked["name"],
            fit=scale == FIT,
        )
        kind, of = asked["kind"], asked["of"]
        if kind in ("gap", "reach"):
            _few(ground, of, options, asked["pages"])
        elif kind == "site" and options.scale is not None:
            _limited(ground.parcel(of).geometry, options, options.scale, asked["pages"])
        if kind == "fact":
            body = making.fact(ground, of, options)
        elif kind == "site":
            body = making.site(ground, of, options)
        else:
            body = (making.gap if kind == "gap" else making.reach)(ground, [of], options)
        self._still(asked)
        return body

    def _ground(self, asked: dict[str, Any]) -> Ground:
        from sanchoi.api.lazy import Lazy
        from sanchoi.api.library import Entry
        from sanchoi.gis import model_files
        from sanchoi.gis.results import Result

        folder = Path(asked["folder"])
        key = (str(folder), asked["etag"])
        if key not in self._grounds:
            entry = Entry(asked["name"], folder, self._still(asked))
            model = model_files.found(folder)
            if model is not None and model.run_id != entry.run["run_id"]:
                model = None
            self._grounds[key] = Ground(Result(Lazy(entry), entry.run, model))
            while len(self._grounds) > KEPT:
                self._grounds.popitem(last=False)
        self._grounds.move_to_end(key)
        return self._grounds[key]

    def _still(self, asked: dict[str, Any]) -> bytes:
        """The record of the result, which must be the one that was asked for.

        Raises
        ------
        Changed : it is another.
        """
        try:
            record = (Path(asked["folder"]) / "run.json").read_bytes()
        except OSError:
            record = b""
        if not hashlib.sha256(record).hexdigest().startswith(asked["etag"]):
            self._grounds.pop((asked["folder"], asked["etag"]), None)
            raise Changed
        return record


class Changed(Exception):
    """The result is being made anew."""


def _few(ground: Ground, commune_id: str, options: Options, most: int) -> None:
    """Go on only with a few sheets.

    Raises
    ------
    ContractError : at this scale they would be more.
    """
    from sanchoi.maps.sheets import scales

    row, box = ground.commune(commune_id), options.sheet.map
    area, bounds = float(row["area_m2"]) / 1e4, row.geometry.bounds
    scale, _ = scales.chosen(options, area, scales.COMMUNE, bounds, box, ground.in_vietnam)
    _limited(row.geometry, options, scale, most)


def _limited(shape: Geometry, options: Options, scale: float, most: int) -> None:
    from sanchoi.maps.sheets.window import windows

    count = len(windows(shape, options.sheet.map, scale))
    if count > most:
        raise refusal("sheets_job", count=grouped(count), scale=grouped(scale), most=most)


def main(source: BinaryIO, sink: BinaryIO) -> None:
    """Draw until nothing more is asked."""
    drawing = Drawing()
    while select.select([source], [], [], IDLE_S)[0]:
        line = source.readline()
        if not line:
            return
        told, body = _answer(drawing, json.loads(line))
        large = _used() > LARGE
        sink.write(json.dumps({**told, "bytes": len(body), "last": large}).encode() + b"\n" + body)
        sink.flush()
        if large:
            return


def _answer(drawing: Drawing, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        return {}, drawing.draw(asked)
    except Changed:
        return {"changed": True}, b""
    except SanchoiError as error:
        return {"error": type(error).__name__, "told": [error.came, error.expected, error.todo], "vi": error.vi}, b""
    except Exception:
        logging.getLogger("sanchoi.service").exception("a sheet could not be drawn")
        return {"fault": True}, b""


def _used() -> int:
    """Memory that this process holds, bytes; 0 = unknown."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


if __name__ == "__main__":
    from sanchoi.api import logs

    logs.configure()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed goes to the log, not into an answer
    main(os.fdopen(os.dup(0), "rb", buffering=0), out)
