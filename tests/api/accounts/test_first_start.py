"""`sanchoi serve` for the first time: it prints the link that makes the administrator, and its workers keep what is private."""

import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request

from service import result

PROGRAM = [sys.executable, "-c", "from sanchoi.api.cli import main; raise SystemExit(main())"]


def status(address, accept="application/json"):
    asked = urllib.request.Request(address, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(asked, timeout=30) as got:
            return got.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_the_first_start_prints_a_link_that_works_and_logs_no_secret(tmp_path):
    errors = tmp_path / "errors"
    words = ["serve", str(result()), "--port", "0", "--data", str(tmp_path / "data"), "--private", "--workers", "1"]
    with errors.open("w") as sink:
        process = subprocess.Popen([*PROGRAM, *words], stdout=subprocess.PIPE, stderr=sink, text=True)
    try:
        address = process.stdout.readline().split()[-1].rstrip("/")
        link = process.stdout.readline().split()[-1]
        assert re.fullmatch(re.escape(address) + r"/vi/account/invited/[A-Za-z0-9_-]{43}", link), errors.read_text()
        assert status(link) == 200
        assert status(f"{address}/api/v1/results") == 401
        assert status(f"{address}/health") == 200
        assert status(f"{address}/metrics") == 200, "this machine itself"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        process.stdout.close()
    told = errors.read_text()
    assert "/account/invited/…" in told
    assert link.rpartition("/")[2] not in told
