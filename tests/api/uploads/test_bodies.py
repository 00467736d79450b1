"""Bodies of requests: how large, where, and how slowly they may come."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from types import SimpleNamespace

import pytest
import uvicorn
from sanchoi.api import middleware
from sanchoi.api.middleware import Bounded
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Limits as Asked
from sanchoi.api.uploads.limits import ADDRESSES, Limits
from service import client

FILES = "/vi/r/small/propose/file"
PLAIN = "/api/v1/results/small/what-if"


class Instant(asyncio.SelectorEventLoop):
    """A loop for which time passes only while all wait, and then at once: how busy the machine is changes no pace."""

    moment = 0.0

    def time(self):
        return self.moment

    def _run_once(self):
        if self._scheduled and not self._ready:
            self.moment = max(self.moment, min(each.when() for each in self._scheduled))
        super()._run_once()


class Sender:
    """A client that sends so many parts of so many bytes, and counts how many were asked for."""

    def __init__(self, parts, size, pause=0.0, length=None):
        self.parts, self.size, self.pause, self.asked = parts, size, pause, 0
        self.headers = [] if length is None else [(b"content-length", str(length).encode())]

    async def receive(self):
        if self.pause:
            await asyncio.sleep(self.pause)
        self.asked += 1
        return {"type": "http.request", "body": b"x" * self.size, "more_body": self.asked < self.parts}


def sent(sender, path=FILES, pace=None):
    """Length of the body that comes through; and in `sender.took`, the seconds that it took, of the loop's."""
    got = []

    async def application(scope, receive, send):
        got.append(len((await receive())["body"]))

    async def run():
        bounded = Bounded(application, 2_000_000, 20_000_000, pace or Limits())
        await bounded({"type": "http", "method": "POST", "path": path, "headers": sender.headers}, sender.receive, None)

    with pytest.MonkeyPatch.context() as patch, asyncio.Runner(loop_factory=Instant) as runner:
        patch.setattr(middleware, "time", SimpleNamespace(monotonic=runner.get_loop().time))
        try:
            runner.run(run())
        finally:
            sender.took = runner.get_loop().time()
    return got[0]


def test_files_may_be_larger_than_other_bodies_and_no_larger():
    assert sent(Sender(20, 1_000_000)) == 20_000_000
    assert sent(Sender(2, 1_000_000), PLAIN) == 2_000_000
    for sender, path in ((Sender(21, 1_000_000), FILES), (Sender(3, 1_000_000), PLAIN)):
        with pytest.raises(Problem, match="too_large") as caught:
            sent(sender, path)
        assert caught.value.status == 413


def test_fifty_megabytes_are_refused_before_they_are_read(caplog):
    sender = Sender(50, 1_000_000, length=50_000_000)
    with pytest.raises(Problem, match="too_large"):
        sent(sender)
    assert sender.asked == 0
    (logged,) = [each for each in caplog.records if each.name == "sanchoi.refused"]
    assert logged.facts == {"reason": "large", "bytes": 50_000_000}


def test_fifty_megabytes_that_are_not_announced_are_cut_off():
    sender = Sender(50, 1_000_000)
    with pytest.raises(Problem, match="too_large"):
        sent(sender)
    assert sender.asked == 21


def test_a_body_that_trickles_is_cut_off(caplog):
    """100 bytes each 0.1 s are 1,000 a second; 2,000 are asked for after 0.3 s."""
    pace = Limits(bytes_per_second=2_000, grace_seconds=0.3)
    sender = Sender(100, 100, 0.1)
    with pytest.raises(Problem, match="timeout") as caught:
        sent(sender, pace=pace)
    assert caught.value.status == 408
    assert sender.took == pytest.approx(0.3)
    assert sender.asked in (2, 3)  # the third comes at the very moment
    assert caught.value.headers == {"Connection": "close"}
    assert "bytes" in caught.value.told("en", "")["detail"]
    assert caplog.records[-1].facts["reason"] == "slow"


def test_a_body_that_stops_is_cut_off():
    sender = Sender(2, 10, 5)
    with pytest.raises(Problem, match="timeout"):
        sent(sender, pace=Limits(grace_seconds=0.2))
    assert sender.took == pytest.approx(0.2)


def test_a_body_that_stops_after_a_good_beginning_is_cut_off():
    class Stops(Sender):
        async def receive(self):
            self.pause = 0 if self.asked < 3 else 5
            return await super().receive()

    sender = Stops(5, 1_000_000)
    with pytest.raises(Problem, match="timeout"):
        sent(sender, pace=Limits(idle_seconds=0.2))
    assert (sender.asked, sender.took) == (3, pytest.approx(0.2))


def test_a_slow_line_that_keeps_coming_is_waited_for():
    pace = Limits(bytes_per_second=20, grace_seconds=0.2)
    assert sent(Sender(6, 100, 0.1), pace=pace) == 600
    sender = Sender(100, 1_000_000, 0.1)
    with pytest.raises(Problem, match="timeout"):
        sent(sender, pace=Limits(body_seconds=0.35))
    assert (sender.asked, sender.took) == (3, pytest.approx(0.35))


@pytest.mark.parametrize(
    "path",
    [
        *(FILES, "/en/proposals/1/photos", "/api/v1/proposals/ab/attachments", "/vi/uploads/"),
        *("/api/v1/proposals/a/documents/b", "/vi/offline/import"),
    ],
)
def test_addresses_for_files(path):
    assert ADDRESSES.fullmatch(path)


@pytest.mark.parametrize(
    "path", [PLAIN, "/", "/vi", "/uploads", "/x/vi/uploads", "/vi/r/small/profile", "/vi/file/a/b"]
)
def test_addresses_for_anything_else(path):
    assert not ADDRESSES.fullmatch(path)


def test_the_service_refuses_in_words():
    with client(limits=Asked(body_bytes=1000, upload_bytes=5000)) as asked:
        for path, size in ((PLAIN, 1001), (FILES, 5001)):
            headers = {"content-type": "application/json", "accept": "application/json"}
            told = asked.post(path, content=b"x" * size, headers=headers)
            assert told.status_code == 413
            assert told.json()["type"] == "/problems/too_large"
            assert f"{size - 1:,}" in told.json()["detail"]


@contextlib.contextmanager
def served(pace):
    """The middleware in a real server on the loopback."""

    async def application(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"taken"})

    async def told(scope, receive, send):
        if scope["type"] != "http":
            return
        try:
            await Bounded(application, 1_000, 20_000_000, pace)(scope, receive, send)
        except Problem as problem:
            headers = [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
            await send({"type": "http.response.start", "status": problem.status, "headers": headers})
            await send({"type": "http.response.body", "body": json.dumps(problem.told("vi", "")).encode()})

    server = uvicorn.Server(uvicorn.Config(told, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def test_a_slow_client_of_a_real_server_is_told_and_cut_off():
    with served(Limits(grace_seconds=0.5)) as port, socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(f"POST {FILES} HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nslow".encode())
        told = b""
        while part := line.recv(4096):  # until the server closes
            told += part
    assert told.startswith(b"HTTP/1.1 408")
    assert "Gửi lên quá chậm" in json.loads(told[told.index(b"{") : told.rindex(b"}") + 1])["title"]
