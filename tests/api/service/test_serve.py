"""`sanchoi serve` as a process of its own: starts, answers, survives a dead worker, stops in time; says first what is wrong."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import ports
import pytest
from sanchoi.api.cli import main
from sanchoi.api.serve import own_hosts
from service import result

HEALTH = re.compile(rb'route="/health",status="200"} (\d+)')
PROGRAM = [sys.executable, "-c", "from sanchoi.api.cli import main; raise SystemExit(main())"]


class Served:
    """A running service on Linux: where it answers, and its output."""

    def __init__(self, process, address, errors):
        self.process, self.address, self.errors = process, address, errors
        self.port = int(address.rstrip("/").rpartition(":")[2])

    def get(self, path):
        with urllib.request.urlopen(self.address.rstrip("/") + path, timeout=60) as got:
            return got.status, got.read()

    def stop(self, number=signal.SIGTERM):
        start = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(60)
        return code, time.monotonic() - start

    def children(self):
        """Processes that it has started: workers and the runner of jobs."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@contextlib.contextmanager
def served(data, *options, folder=None):
    errors = data.parent / f"{data.name}.err"
    with errors.open("w") as sink:
        process = subprocess.Popen(
            [*PROGRAM, "serve", str(folder or result()), "--port", "0", "--data", str(data), *options],
            stdout=subprocess.PIPE,
            stderr=sink,
            text=True,
        )
    try:
        line = process.stdout.readline()
        assert line.startswith("Sân Chơi: http://127.0.0.1:"), errors.read_text()
        yield Served(process, line.split()[-1], errors)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()


def alive(pid):
    """Whether a process runs; one that has ended may wait to be counted off, for ever where nobody does."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pids):
    """Whether processes end."""
    end = time.monotonic() + 60
    while any(alive(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_it_starts_answers_finishes_what_is_under_way_and_stops(tmp_path):
    with served(tmp_path / "data") as service:
        assert service.get("/ready")[0] == 200
        assert json.loads(service.get("/api/v1/results")[1])["items"][0]["id"] == "small"
        assert b"<html" in service.get("/vi/")[1]
        assert (tmp_path / "data" / "sanchoi.db").is_file()
        assert os.listdir(tmp_path / "data" / "metrics") == [str(service.process.pid)]
        children = service.children()
        assert len(children) == min(2, len(os.sched_getaffinity(0))) + 1
        idle = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)  # one that is kept must not hold it up
        idle.request("GET", "/health")
        idle.getresponse().read()
        with contextlib.closing(idle), socket.create_connection(("127.0.0.1", service.port), timeout=60) as slow:
            head = "POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"
            slow.sendall(head.encode())
            assert slow.recv(100).startswith(b"HTTP/1.1 100")  # a worker waits for the body
            slow.sendall(b" " * 50)
            stopped = []
            thread = threading.Thread(target=lambda: stopped.append(service.stop()))
            thread.start()
            assert idle.sock.recv(1) == b""  # the workers have been told to stop
            slow.sendall(b" " * 50)
            assert slow.recv(100).startswith(b"HTTP/1.1 405")
            thread.join()
        code, seconds = stopped[0]
        assert code == 0
        assert seconds < 10
        assert gone(children)
        assert os.listdir(tmp_path / "data" / "metrics") == []
        lines = [json.loads(line) for line in service.errors.read_text().splitlines()]
        assert any(line.get("path") == "/api/v1/results" and line["status"] == 200 for line in lines)
        assert not [line for line in lines if line["level"] in ("error", "warning")]


def counted(service):
    """How many times /health was answered, over all workers."""
    found = HEALTH.search(service.get("/metrics")[1])
    return int(found[1]) if found else 0


def test_a_dead_worker_is_replaced_and_none_outlives_the_parent(tmp_path):
    with served(tmp_path / "data", "--workers", "1") as service:
        service.get("/health")
        before = service.children()
        end = time.monotonic() + 120
        while counted(service) < 1:  # a request is counted after it is answered
            assert time.monotonic() < end
        os.kill(before[0], signal.SIGKILL)
        while True:
            try:
                assert service.get("/health")[0] == 200
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.2)
        after = service.children()
        assert set(after) != set(before)
        while counted(service) < 2:  # what the dead one counted is not lost
            assert time.monotonic() < end
        service.process.kill()
        service.process.wait()
        assert gone(after)


def test_ctrl_c_stops_it_quietly(tmp_path):
    command = [*PROGRAM, "serve", str(result()), "--data", str(tmp_path), "--workers", "1", "-q"]
    with ports.held() as port:
        process = subprocess.Popen(
            [*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
        try:
            end = time.monotonic() + 120
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=20).close()
                    break
                except OSError:
                    assert process.poll() is None
                    assert time.monotonic() < end
                    time.sleep(0.2)
            os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the whole group
            out, err = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")


LEAVING = """
import os, signal
from sanchoi.api import supervisor
for each in (signal.SIGTERM, signal.SIGINT):
    signal.signal(each, supervisor._leave)
try:
    os.kill(os.getpid(), signal.SIGINT)
finally:  # what is being closed is not torn by the signals that follow
    for each in (signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), each)
    print("closed")
"""


def test_a_process_that_ends_is_not_torn_by_a_second_signal():
    ended = subprocess.run([sys.executable, "-c", LEAVING], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "closed\n", "")


def told(capsys, *arguments):
    capsys.readouterr()
    code = main(["serve", *(str(each) for each in arguments)])
    return code, capsys.readouterr().err


def test_a_folder_without_a_result_is_refused_before_anything_is_made(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    code, said = told(capsys, tmp_path / "empty", "--data", tmp_path / "data")
    assert code > 2
    assert "holds no result" in said
    assert "sanchoi run" in said
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_taken_is_said(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = told(capsys, result(), "--port", port, "--data", tmp_path / "data")
    assert code > 2
    assert f"127.0.0.1:{port} cannot be listened at" in said
    assert "--port" in said


def test_a_host_that_is_not_ours_is_said(tmp_path, capsys):
    code, said = told(capsys, result(), "--host", "192.0.2.1", "--port", "0", "--data", tmp_path / "data")
    assert code > 2
    assert "--host" in said


def test_a_folder_that_cannot_be_written_is_said(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    code, said = told(capsys, result(), "--port", "0", "--data", tmp_path / "file" / "data")
    assert code > 2
    assert "--data" in said


@pytest.mark.parametrize("url", ["postgresql://nobody:hidden@127.0.0.1:1/none", "mysql://x", "nonsense"])
def test_a_database_that_does_not_answer_is_said_without_its_password(tmp_path, capsys, url):
    code, said = told(capsys, result(), "--port", "0", "--data", tmp_path / "data", "--database", url)
    assert code > 2
    assert "database" in said
    assert "hidden" not in said
    assert "Traceback" not in said


def test_wrong_usage_is_2(capsys):
    assert main(["serve"]) == 2
    assert main(["serve", "x", "--port", "65536"]) == 2
    assert main(["serve", "x", "--workers", "0"]) == 2


@pytest.mark.parametrize(
    ("host", "base", "expected"),
    [
        ("127.0.0.1", "", {"127.0.0.1", "localhost", "::1"}),
        ("localhost", "", {"127.0.0.1", "localhost", "::1"}),
        ("::1", "https://plans.example/x", {"127.0.0.1", "localhost", "::1", "plans.example"}),
        ("0.0.0.0", "", set()),
        ("192.168.1.5", "", set()),
        ("server.example", "", set()),
    ],
)
def test_names_that_may_write(host, base, expected):
    assert set(own_hosts(host, base)) == expected
