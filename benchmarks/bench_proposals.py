"""Proposals under load: 50 readers and 10 proposers for 60 s on loopback, and whether any proposal was lost or doubled.

Bounded in count and time; the server is our own, on this machine. A proposer draws a site in the own commune, asks what it is
worth, saves it with an Idempotency-Key, sends every fifth of these twice, and submits it; readers read pages, tables, features and
the lists of proposals. Afterwards the database is compared with what was acknowledged, and with its audit log. No tool serves the
same, so there is no peer.

    python benchmarks/bench_proposals.py --seconds 10
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from bench_service import PATHS as SHOWN
from bench_service import WORKERS, Server, command, demo
from sanchoi.api.accounts import register, tokens
from sanchoi.api.settings import Settings
from sanchoi.api.store import Store
from timing import Row

STAGE = "proposals"
READERS, PROPOSERS, SECONDS, ROOM_S = 50, 10, 60.0, 180.0
LISTS = ("/api/v1/proposals?limit=50&sort=-value", "/vi/proposals", "/vi/desk")


@dataclass
class Seen:
    """What the clients saw. `saved`: id by key."""

    spent: list[tuple[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    saved: dict[str, str] = field(default_factory=dict)
    submitted: set[str] = field(default_factory=set)


class Line:
    """A connection that is kept."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes, float]:
        """One request; status, body and seconds."""
        if not hasattr(self, "reader"):
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        data = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Content-Length: {len(data)}"]
        lines += [f"Authorization: Bearer {self.token}", "Content-Type: application/json"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        start = time.perf_counter()
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + data)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        told = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
        if "content-length" in told:
            found = await self.reader.readexactly(int(told["content-length"]))
        else:
            found = b""
            while (size := int((await self.reader.readuntil(b"\r\n")).strip() or b"0", 16)) > 0:
                found += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readexactly(2)
        return int(head.split(" ", 2)[1]), found, time.perf_counter() - start


async def read(port: int, token: str, until: float, seed: int, seen: Seen) -> None:
    """One reader."""
    own, line = random.Random(seed), Line(port, token)
    while time.monotonic() < until:
        path = own.choice(SHOWN).format(r="demo") if own.random() < 0.8 else own.choice(LISTS)
        code, _, seconds = await line.ask("GET", path)
        seen.spent.append(("read", seconds))
        if code != 200:
            seen.wrong.append(f"{code} {path}")


async def propose(port: int, token: str, until: float, seed: int, home: shapely.Geometry, seen: Seen) -> None:
    """One proposer; what was begun before the end is finished, so that nothing is left open."""
    own, line = random.Random(1000 + seed), Line(port, token)
    while time.monotonic() < until:
        land = shapely.geometry.mapping(_site(own, home))
        site = {"geometry": land, "land_use": "BCS", "cost": own.choice([2e8, 4e8, None])}
        code, _, seconds = await line.ask("POST", "/api/v1/results/demo/worth", site)
        _note(seen, "worth", code, seconds, (200,))
        key = uuid.uuid4().hex
        new = {"result": "demo", "name": f"Khu {key[:6]}", **site}
        for _ in range(2 if own.random() < 0.2 else 1):
            code, found, seconds = await line.ask("POST", "/api/v1/proposals", new, Idempotency_Key=key)
            _note(seen, "save", code, seconds, (200, 201))
        if code not in (200, 201):
            continue
        made = json.loads(found)
        seen.saved[key] = made["id"]
        move = {"to": "submitted", "reason": "xin gửi"}
        path = f"/api/v1/proposals/{made['id']}/moves"
        code, _, seconds = await line.ask("POST", path, move, If_Match=f'"{made["revision"]}"')
        _note(seen, "submit", code, seconds, (200,))
        if code == 200:
            seen.submitted.add(made["id"])


def _note(seen: Seen, kind: str, code: int, seconds: float, right: tuple[int, ...]) -> None:
    seen.spent.append((kind, seconds))
    if code not in right:
        seen.wrong.append(f"{code} {kind}")


def _site(own: random.Random, home: shapely.Geometry) -> shapely.Polygon:
    """A square of 30 m well within a commune."""
    west, south, east, north = home.bounds
    while True:
        x, y = own.uniform(west, east), own.uniform(south, north)
        made = shapely.box(x, y, x + 0.00028, y + 0.00027)
        if home.contains(made):
            return made


async def load(
    port: int, people: list[tuple[str, shapely.Geometry]], reader: str, seconds: float, readers: int
) -> Seen:
    """Everybody at once."""
    seen, until = Seen(), time.monotonic() + seconds
    tasks = [read(port, reader, until, k, seen) for k in range(readers)]
    tasks += [propose(port, token, until, k, home, seen) for k, (token, home) in enumerate(people)]
    await asyncio.wait_for(asyncio.gather(*tasks), seconds + ROOM_S)
    return seen


def _tokens(result: Path, data: Path) -> tuple[list[tuple[str, shapely.Geometry]], str]:
    """Keys of ten officials, each of a commune, and of a reviewer who reads."""
    communes = gpd.read_parquet(result / "tables" / "communes.parquet").to_crs(4326)
    vintage = json.loads((result / "run.json").read_text())["study"]["vintage"]
    store = Store.of(Settings((), data).url)
    people = []
    with store.session() as session:

        def token(login: str, duty: register.Post, *scopes: str) -> str:
            made = register.make(session, "system", login, login, duty, None)
            return tokens.make(session, "system", made, "bench", scopes)[1]

        for k in range(PROPOSERS):
            row = communes.iloc[k % len(communes)]
            duty = register.post("commune", [str(row["commune_id"])], vintage)
            people.append((token(f"official{k}", duty, "read", "propose"), row.geometry.buffer(-0.002)))
        reader = token("reviewer", register.post("reviewer"), "read", "propose", "review")
    store.close()
    return people, reader


def _verified(data: Path) -> dict[str, Any]:
    """What `sanchoi audit verify` says."""
    asked = [command(), "audit", "verify", "--data", str(data), "--json"]
    told: dict[str, Any] = json.loads(subprocess.run(asked, check=False, capture_output=True, text=True).stdout)
    return told


def rows(quick: bool = False, seconds: float | None = None) -> Iterator[Row]:
    """Load, then what is left."""
    readers = 5 if quick else READERS
    time_s = seconds or (5.0 if quick else SECONDS)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        one, data = demo(folder / "demo"), folder / "data"
        people, reader = _tokens(one, data)
        server = Server([one], data)
        asyncio.run(load(server.port, people[:6], reader, 10.0, 4))  # warm; these count as proposals too
        warm = _verified(data)["proposals"]
        seen = asyncio.run(load(server.port, people, reader, time_s, readers))
        memory = server.memory_mb()
        server.stop()
        kept = _verified(data)
        there, ids = kept["proposals"] - warm, set(seen.saved.values())
        whole = kept["whole"] and there == len(ids) == len(seen.saved)
        told = f"{len(seen.saved)} acknowledged, {there} there; the log's {kept['rows']} rows verify: {kept['whole']}"
        for kind in ("read", "worth", "save", "submit"):
            times = np.array([s for each, s in seen.spent if each == kind])
            p50, p95, p99 = np.quantile(times, [0.5, 0.95, 0.99])
            note = f"{len(times) / time_s:.0f} a second, p95 {p95 * 1e3:.0f} ms, p99 {p99 * 1e3:.0f} ms"
            size = f"{readers} readers, {len(people)} proposers, {time_s:.0f} s"
            yield Row(STAGE, kind, "–", size, f"{WORKERS}/–", float(p50), None, None, whole, note)
        note = f"{told}; errors {len(seen.wrong)} {sorted(set(seen.wrong))[:3] or ''}"
        yield Row(
            STAGE,
            "lost or doubled: none" if whole else "LOST OR DOUBLED",
            "–",
            "",
            same=whole,
            note=note,
            peak_mb=memory,
        )


if __name__ == "__main__":
    import run

    os.environ.setdefault("NO_COLOR", "1")
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=None)
    asked = parser.parse_args()
    if asked.seconds:
        for row in rows(quick=False, seconds=asked.seconds):
            print(row.ours, row.n, f"{(row.ours_s or 0) * 1e3:.0f} ms", row.note, row.peak_mb or "")
    else:
        run.one(__file__)
