"""The service under readers: 50 of them for 60 s on loopback, and what one more result costs in memory.

Bounded in count and time; the server is our own, on this machine. Each reader asks for one thing after the other over a connection
that it keeps, as people do who click through: pages, tables, features, and every tenth time "what if?". No tool serves the same, so
there is no peer.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from timing import Row

STAGE = "service"
READERS, SECONDS = 50, 60.0
WORKERS = 2
PATHS = (
    "/vi/",
    "/vi/r/{r}/communes",
    "/vi/r/{r}/parcels",
    "/vi/r/{r}/methods",
    "/api/v1/results/{r}/gaps?band=all",
    "/api/v1/results/{r}/sites",
    "/r/{r}/ogc/collections/communes/items?limit=30&f=json",
    "/r/{r}/ogc/collections/parcels/items?limit=100&f=json",
    "/r/{r}/ogc/collections/gaps/items?filter=children_uncovered%3E200&f=json",
)
ROOM_S = 120.0


def command() -> str:
    """The command line of the environment that runs this."""
    return str(Path(sys.executable).with_name("sanchoi"))


def demo(folder: Path) -> Path:
    """The demo result."""
    subprocess.run([command(), "demo", "--out", str(folder), "--quiet"], check=True)
    return folder


class Server:
    """`sanchoi serve` as a process, on a port that is free."""

    def __init__(self, results: list[Path], data: Path) -> None:
        arguments = [
            command(),
            "serve",
            *map(str, results),
            "--port",
            "0",
            "--data",
            str(data),
            "--workers",
            str(WORKERS),
        ]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline() if self.process.stdout else ""
        found = re.search(r":(\d+)", line)
        if found is None:
            raise RuntimeError(f"the server said {line!r}")
        self.port = int(found[1])

    def memory_mb(self) -> float:
        """Proportional memory of the server and all its processes, MB: shared pages count once."""
        total = 0
        for pid in _family(self.process.pid):
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total / 1024

    def stop(self) -> None:
        """Stop it as a user would."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def _family(pid: int) -> list[int]:
    out, todo = [], [pid]
    while todo:
        each = todo.pop()
        out.append(each)
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            todo += [int(child) for child in task.read_text().split()]
    return out


async def read(
    port: int, until: float, ids: list[str], seed: int, spent: list[tuple[str, float]], wrong: list[str]
) -> None:
    """One reader."""
    own = random.Random(seed)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until:
        asks = own.random() < 0.1
        path = "/what-if" if asks else own.choice(PATHS).format(r=own.choice(ids))
        body = json.dumps({"changes": [_change(own)]}).encode() if asks else b""
        head = f"{'POST' if asks else 'GET'} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        start = time.perf_counter()
        writer.write(head.encode() + body)
        status = await _answer(reader)
        spent.append(("what if" if asks else "read", time.perf_counter() - start))
        if status >= 400 and not (asks and status == 422):
            wrong.append(f"{status} {path}")
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    length = re.search(r"(?i)^content-length: (\d+)", head, re.MULTILINE)
    if length is not None:
        await reader.readexactly(int(length[1]))
    elif re.search(r"(?i)^transfer-encoding: chunked", head, re.MULTILINE):
        while (size := int((await reader.readuntil(b"\r\n")).strip() or b"0", 16)) > 0:
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    return status


def _change(own: random.Random) -> dict[str, object]:
    return {
        "action": "add",
        "geometry": {"type": "Point", "coordinates": [108.36 + 0.14 * own.random(), 15.74 + 0.12 * own.random()]},
        "area_m2": 600,
    }


async def load(port: int, ids: list[str], readers: int, seconds: float) -> tuple[list[tuple[str, float]], list[str]]:
    """All readers at once."""
    spent: list[tuple[str, float]] = []
    wrong: list[str] = []
    until = time.monotonic() + seconds
    tasks = [read(port, until, ids, seed, spent, wrong) for seed in range(readers)]
    await asyncio.wait_for(asyncio.gather(*tasks), seconds + ROOM_S)
    return spent, wrong


def rows(quick: bool = False) -> Iterator[Row]:
    """Load, then memory with one result and with four."""
    readers, seconds = (5, 5.0) if quick else (READERS, SECONDS)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        one = demo(folder / "demo")
        server = Server([one], folder / "data")
        asyncio.run(load(server.port, ["demo"], 2, 3.0))  # warm: what is made once is not what readers wait for
        empty = server.memory_mb()
        spent, wrong = asyncio.run(load(server.port, ["demo"], readers, seconds))
        after = server.memory_mb()
        server.stop()
        for kind in ("read", "what if"):
            times = np.array([s for each, s in spent if each == kind])
            p50, p99 = np.quantile(times, [0.5, 0.99])
            rate = f"{len(times) / seconds:.0f} a second, p99 {p99 * 1e3:.0f} ms"
            note = f"{rate}, errors {len(wrong)}; readers share the cores"
            yield Row(
                STAGE,
                kind,
                "–",
                f"{readers} readers, {seconds:.0f} s",
                f"{WORKERS}/–",
                float(p50),
                None,
                None,
                not wrong,
                note,
            )
        more = [one, *(Path(shutil.copytree(one, folder / f"demo{k}")) for k in (2, 3, 4))]
        server = Server(more, folder / "data4")
        asyncio.run(load(server.port, ["demo", "demo2", "demo3", "demo4"], 4, 10.0))
        four = server.memory_mb()
        server.stop()
        told = f"one result {empty:.0f} MB when warm, {after:.0f} MB after the load"
        note = f"{told}; four {four:.0f} MB: {(four - empty) / 3:.0f} MB more a result"
        yield Row(STAGE, "memory, all processes", "–", "10,382 parcels", f"{WORKERS}/–", note=note, peak_mb=four)


if __name__ == "__main__":
    import run

    os.environ.setdefault("NO_COLOR", "1")
    run.one(__file__)
