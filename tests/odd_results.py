"""A result with many odd parcels, and a live service, for tests of OGC API – Features."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import numpy as np
import ports
from many_parcels import many
from sanchoi.api.settings import VARIABLE

OWNERS = [
    "UBND xã",
    "Hộ ông O'Neil",
    'Công "ty"',
    "50%_*?[x]\\",
    "ĐÀO thị Ấm",
    "đào Thị ấm",
    "",
    None,
    "'; DROP TABLE parcels; --",
]
"""Texts that a filter could trip over."""
ODD = ["a/b", "x#1", "thửa số 7", "50%", "q?r=1&s", 'say "hi"', "it's", "a+b", "...", "Đất"]
"""Ids that an address could trip over."""

RECORD = {
    **{name: {} for name in ("norm", "versions", "scoring")},
    **{name: [] for name in ("inputs", "norms", "sources", "warnings")},
    "settings": {"study": {}},
    "headline": {"communes": 1},
}
"""What a record holds besides what `many` says."""


def write_many(folder, count, odd=True):
    """A result with parcels of odd owners and, if so wished, odd ids, and unknown numbers; no cells, no play areas."""
    made = many(count, rules=1, merits=1)
    land = made.tables["parcels"]
    rng = np.random.default_rng(7)
    land["owner"] = rng.choice(np.array(OWNERS, dtype=object), count)
    if odd:
        land.loc[: len(ODD) - 1, "parcel_id"] = ODD
    land["circle_m"] = np.where(rng.random(count) < 0.3, np.nan, rng.integers(-3, 4, count) * 0.5)
    kept = [name for name in ("communes", "gaps", "parcels", "sites", "usable") if name in made.tables]
    (folder / "tables").mkdir(parents=True)
    for name in kept:
        made.tables[name].to_parquet(folder / "tables" / f"{name}.parquet", index=False)
    record = {**RECORD, **made.run, "tables": kept}
    (folder / "run.json").write_text(json.dumps(record, default=str), encoding="utf-8")
    return folder


@contextmanager
def served(settings):
    """Address of a live service with these settings, in a process of its own."""
    with ports.held() as port:
        command = [sys.executable, "-m", "uvicorn", "--factory", "sanchoi.api.app:of_environment", "--port", str(port)]
        process = subprocess.Popen(
            [*command, "--log-level", "warning"],
            env={**os.environ, VARIABLE: settings.text()},
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _answers(process, address)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def _answers(process, address):
    """Wait until the service answers."""
    until = time.monotonic() + 180
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except OSError:
            assert process.poll() is None, "the service stopped"
            assert time.monotonic() < until, "the service does not answer"
            time.sleep(0.1)
