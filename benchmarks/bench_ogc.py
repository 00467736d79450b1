"""Items of a collection of 200,000 parcels, read by GDAL over HTTP: our service against pygeoapi, on the same GeoPackage.

Both run with one uvicorn process on this machine, in turns, and GDAL (in a process of its own) takes pages of 10,000: with
pages of 1,000 pygeoapi, which counts and skips anew for each, needs a quarter of an hour. What is compared: the whole collection,
and a box with a hundredth of it. pygeoapi gets an environment of its own and Debian's libsqlite3-mod-spatialite, without which its
GeoPackage provider does not run.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sanchoi.api.features import prepare
from sanchoi.api.library import Library
from sanchoi.api.settings import VARIABLE, Settings
from timing import Row, median, once

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from odd_results import write_many

STAGE = "read features over HTTP"
PYGEOAPI = "0.21.0"
PAGE = 10_000
READ = """
import json, sys, pyogrio
address, layer, options = sys.argv[1:]
options = json.loads(options)
if "bbox" in options:
    options["bbox"] = tuple(options["bbox"])
frame = pyogrio.read_dataframe("OAPIF:" + address, layer=layer, PAGE_SIZE="{page}", **options)
print(len(frame), sorted(frame["parcel_id"])[0], float(frame["area_m2"].sum()))
"""


def rows(quick: bool) -> Iterator[Row]:
    """20,000 or 200,000 parcels; the whole, and a box."""
    count = 5_000 if quick else 200_000
    with tempfile.TemporaryDirectory(prefix="sanchoi-bench-") as place:
        folder = Path(place)
        settings = Settings((write_many(folder / "big", count, odd=False),), folder / "data")
        entry = Library(settings).first()
        making, index = once(lambda: prepare(entry, settings))
        note = f"index made in {making:.1f} s, {index.stat().st_size / 1e6:.0f} MB"
        ours_at = {VARIABLE: settings.text()}
        python = peer_python()
        if python is None:
            with served(
                [sys.executable, "-m", "uvicorn", "--factory", "sanchoi.api.app:of_environment"], ours_at, "/ogc"
            ) as (at, ours):
                spent, _ = median(lambda: read(f"{at}/ogc", "parcels"), repeat=3)
                yield Row(
                    STAGE,
                    "sanchoi",
                    "pygeoapi",
                    f"{count:,}",
                    ours_s=spent,
                    peak_mb=peak(ours),
                    note=f"{note}; pygeoapi cannot be installed here",
                )
            return
        theirs_at = configured(folder, index)
        with (
            served(
                [sys.executable, "-m", "uvicorn", "--factory", "sanchoi.api.app:of_environment"], ours_at, "/ogc"
            ) as (at, ours),
            served(
                [str(python), "-m", "uvicorn", "pygeoapi.starlette_app:APP"], theirs_at, "/collections/parcels?f=json"
            ) as (there, theirs),
        ):
            box = narrow(index)
            for name, options in (("whole", {}), ("box", {"bbox": box})):
                mine, told = median(lambda options=options: read(f"{at}/ogc", "parcels", **options), repeat=3)
                other, answer = median(lambda options=options: read(there, "parcels", **options), repeat=3)
                said = f"{name}, {told.split()[0]} features; server {peak(ours):.0f} MB, pygeoapi {peak(theirs):.0f} MB; {note}"
                yield Row(
                    STAGE,
                    "sanchoi",
                    f"pygeoapi {PYGEOAPI}",
                    f"{count:,}",
                    "1/1",
                    mine,
                    other,
                    same=agree(told, answer),
                    note=said,
                )


def agree(told: str, answer: str) -> bool:
    """Whether both gave as many features, the same first one, and the same ground in all."""
    (count, first, area), (other, another, ground) = told.split(), answer.split()
    return count == other and first == another and abs(float(area) - float(ground)) <= 1e-9 * float(area)


def read(address: str, layer: str, **options: object) -> str:
    """What GDAL reads, in short."""
    command = [sys.executable, "-c", READ.replace("{page}", str(PAGE)), address, layer, json.dumps(options)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def narrow(index: Path) -> list[float]:
    """A box with about a hundredth of the parcels, in their midst."""
    import pyogrio

    west, south, east, north = pyogrio.read_info(index, layer="parcels")["total_bounds"]
    x, y, wide, high = (west + east) / 2, (south + north) / 2, (east - west) / 20, (north - south) / 20
    return [x - wide, y - high, x + wide, y + high]


@contextmanager
def served(command: list[str], own: Mapping[str, str], first: str) -> Iterator[tuple[str, int]]:
    """Address and process number of a service, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: value.replace("{port}", str(port)) for name, value in own.items()}
    for name, value in own.items():
        if name == "PYGEOAPI_CONFIG":
            path = Path(value)
            path.write_text(path.read_text().replace("{port}", str(port)))
    process = subprocess.Popen(
        [*command, "--port", str(port), "--log-level", "warning"],
        env={**os.environ, **own},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                with urllib.request.urlopen(address + first, timeout=30):
                    break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError(f"{command[2]} stopped") from None
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def peak(pid: int) -> float:
    """Peak memory of a process, MB."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else float("nan")


def peer_python() -> Path | None:
    """Python of an environment with pygeoapi, made beside the program's own if it is missing; None = it cannot be made.

    Its GeoPackage provider loads an extension into SQLite, which not every Python's SQLite lets it do: Debian's does.
    """
    home = Path(sys.prefix) / f"pygeoapi-{PYGEOAPI}"
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--disable-pip-version-check"]
    able = "import sqlite3; sqlite3.connect(':memory:').enable_load_extension(True)"
    if not (home / "whole").is_file():
        bases = (sys.executable, "/usr/bin/python3")
        base = next((each for each in bases if _runs([each, "-c", able])), None)
        own = {
            name: value for name, value in os.environ.items() if not name.startswith(("PIP_CONSTRAINT", "PIP_BUILD"))
        }
        if base is None or not _runs([base, "-m", "venv", "--without-pip", "--clear", str(home)]):
            return None
        if not _runs([*pip, f"pygeoapi=={PYGEOAPI}", "uvicorn", "starlette"], own):
            return None
        (home / "whole").touch()
    if not list(Path("/usr/lib").glob("*/mod_spatialite.so")):
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "libsqlite3-mod-spatialite"]
        if os.geteuid() or not _runs(install):
            return None
    return python


def _runs(command: list[str], own: Mapping[str, str] | None = None) -> bool:
    try:
        return not subprocess.run(command, env=own, capture_output=True, check=False).returncode
    except OSError:
        return False


def configured(folder: Path, index: Path) -> dict[str, str]:
    """Configuration of pygeoapi, and the environment that names it."""
    told = {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 5000},
            "url": "http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "limits": {"default_items": PAGE, "max_items": PAGE},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "peer",
                "description": "peer",
                "keywords": ["peer"],
                "keywords_type": "theme",
                "terms_of_service": "none",
                "url": "http://127.0.0.1",
            },
            "license": {"name": "none", "url": "http://127.0.0.1"},
            "provider": {"name": "peer", "url": "http://127.0.0.1"},
            "contact": {"name": "peer"},
        },
        "resources": {
            "parcels": {
                "type": "collection",
                "title": "parcels",
                "description": "parcels",
                "keywords": ["parcels"],
                "links": [],
                "extents": {
                    "spatial": {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
                },
                "providers": [
                    {"type": "feature", "name": "SQLiteGPKG", "data": str(index), "id_field": "fid", "table": "parcels"}
                ],
            }
        },
    }
    config, document = folder / "pygeoapi.yml", folder / "openapi.json"
    config.write_text(json.dumps(told))
    document.write_text(json.dumps({"openapi": "3.0.2", "info": {"title": "peer", "version": "1"}, "paths": {}}))
    return {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(document)}


if __name__ == "__main__":
    import run

    run.one(__file__)
