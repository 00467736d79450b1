"""Worker: reads one upload in a process that has given up everything else. `python -m sanchoi.api.uploads.worker REQUEST`.

REQUEST is a JSON object; the upload comes on standard input. On standard output goes one line of JSON, and bytes after it.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

from sanchoi.api.uploads import confine, drivers
from sanchoi.api.uploads.limits import Limits
from sanchoi.api.uploads.words import Refused

AGAIN = "SANCHOI_UPLOAD_AGAIN"
MODULE = "sanchoi.api.uploads.worker"
Answer = tuple[dict[str, Any], bytes]


def main(text: str, source: BinaryIO, sink: BinaryIO) -> None:
    """Work on one request."""
    asked = json.loads(text)
    limits = Limits(**asked["limits"])
    folder = Path.cwd()
    confine.limit(limits)
    confine.apart()
    _load(asked["what"], asked["kind"], text, sink)
    confine.seal(folder)
    try:
        told, kept = work(asked, source.read(limits.body_bytes + 1), folder, limits)
    except Refused as refused:
        told, kept = {"refused": refused.code, "values": refused.values}, b""
    except MemoryError:
        told, kept = {"refused": "memory", "values": {}}, b""
    except RecursionError:
        told, kept = {"refused": "deep", "values": {"kind": asked["kind"].upper(), "most": limits.depth}}, b""
    except Exception as error:  # noqa: BLE001 - hostile files find faults nobody foresaw; what they hold is not told
        last = traceback.extract_tb(error.__traceback__)[-1]
        told, kept = {"fault": f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"}, b""
    sink.write(json.dumps(told).encode() + b"\n" + kept)
    sink.flush()


def _load(what: str, kind: str, text: str, sink: BinaryIO) -> None:
    """Load what will be needed, before the doors are closed. A GDAL with drivers that nobody foresaw is started again without."""
    if what == "photo":
        from sanchoi.api.uploads import pictures

        pictures.load()
    elif what == "sites":
        from sanchoi.api.uploads import geojson, gpkg, kml, ogr  # noqa: F401

        if kind in ogr.DRIVERS and (beside := ogr.load(kind)):
            if AGAIN in os.environ:
                raise SystemExit(3)
            environment = os.environ | drivers.environment(ogr.DRIVERS[kind], beside) | {AGAIN: "1"}
            os.dup2(sink.fileno(), 1)
            os.execve(sys.executable, [sys.executable, "-I", "-B", "-m", MODULE, text], environment)


def work(asked: dict[str, Any], data: bytes, folder: Path, limits: Limits) -> Answer:
    """Read an upload.

    Raises
    ------
    Refused : it is none that is taken.
    """
    what, kind = asked["what"], asked["kind"]
    if what == "photo":
        from sanchoi.api.uploads import pictures

        kept, width, height = pictures.remake(data, kind, limits)
        return {"width": width, "height": height}, kept
    if what == "document":
        from sanchoi.api.uploads import papers

        return {"extension": papers.kind(data, kind, limits)}, b""
    import numpy as np

    with np.errstate(all="ignore"):  # numbers that are none are refused in words
        found = _sites(kind, data, folder, limits, asked["assume_epsg"])
    return {"sites": found.sites, "remarks": found.remarks}, b""


def _sites(kind: str, data: bytes, folder: Path, limits: Limits, assume: int | None) -> Any:  # noqa: ANN401 - shapes.Found
    from sanchoi.api.uploads import geojson, gpkg, kml, ogr

    if kind == "geojson":
        return geojson.read(data, limits, assume)
    if kind == "gpkg":
        return gpkg.read(data, folder, limits, assume)
    if kind == "kml":
        return kml.read(data, limits)
    if kind == "kmz":
        return kml.read_zipped(data, limits)
    if kind == "dxf":
        return ogr.read_drawing(data, folder, limits, assume)
    return ogr.read_shapefile(data, folder, limits, assume)


if __name__ == "__main__":
    with open(os.dup(1), "wb") as answer:
        os.dup2(2, 1)
        main(sys.argv[1], sys.stdin.buffer, answer)
