"""Up, ready, counted: what whoever runs the service looks at."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from sanchoi.api import library, metrics
from sanchoi.api.problems import Problem
from service import client, result


def figures(text):
    """Samples by their whole name."""
    return {
        name: float(value) for name, value in re.findall(r"^([^#\s]\S*(?:\{.*\})?) (\S+)$", text, flags=re.MULTILINE)
    }


def test_up_and_ready():
    with client() as asked:
        assert asked.get("/health").json() == {"status": "ok"}
        assert asked.get("/ready").json() == {"status": "ready", "results": 1}
        assert asked.get("/ready").headers["cache-control"] == "no-store"


def test_not_ready_without_a_database_but_still_up(monkeypatch):
    with client() as asked:

        def gone():
            raise Problem("unavailable", pairs={"message": ("Không kết nối được.", "Not reached.")})

        monkeypatch.setattr(asked.app.state.store, "ping", gone)
        got = asked.get("/ready?lang=en")
        assert (got.status_code, got.json()["detail"]) == (503, "Not reached.")
        assert got.headers["retry-after"]
        assert asked.get("/health").status_code == 200
        monkeypatch.undo()
        assert asked.get("/ready").status_code == 200


def test_not_ready_when_all_results_are_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "LOOK_S", 0.0)
    shutil.copytree(result(), tmp_path / "one")
    with client(tmp_path / "one") as asked:
        (tmp_path / "one" / "run.json").unlink()
        assert asked.get("/ready").status_code == 503
        assert asked.get("/api/v1/results").json()["items"] == []
        assert asked.get("/health").status_code == 200


def test_requests_are_counted_by_route_and_not_by_address():
    with client() as asked:
        before = figures(asked.get("/metrics").text)
        for parcel in ("P1", "P4", "nix"):
            asked.get(f"/api/v1/results/small/parcels/{parcel}")
        asked.head("/health")
        for k in range(3):
            asked.get(f"/nowhere/{k}")
        asked.request("BREW", "/health")
        text = asked.get("/metrics").text
        after = figures(text)

    def more(route, method, status):
        name = f'sanchoi_requests_total{{method="{method}",route="{route}",status="{status}"}}'
        return after.get(name, 0) - before.get(name, 0)

    route = "/api/v1/results/{result}/parcels/{parcel:path}"
    assert (more(route, "GET", 200), more(route, "GET", 404)) == (2, 1)
    assert more("/health", "HEAD", 200) == 1
    assert more("/health", "other", 405) == 1
    assert more("none", "GET", 404) == 3
    assert "/nowhere" not in text
    assert "P4" not in text
    assert after["sanchoi_results"] == 1
    assert after[f'sanchoi_request_seconds_count{{method="GET",route="{route}"}}'] >= 3


def test_jobs_are_counted_by_state(monkeypatch):
    with client() as asked:
        monkeypatch.setattr(asked.app.state.store, "job_counts", lambda: {"running": 1, "successful": 4}, raising=False)
        found = figures(asked.get("/metrics").text)
    assert found['sanchoi_jobs{state="running"}'] == 1
    assert found['sanchoi_jobs{state="successful"}'] == 4


COUNT = """
from sanchoi.api import metrics
for _ in range({times}):
    metrics.count({{"route": None}}, "GET", 200, 0.01)
print(metrics.page(metrics.Now(2, {{}})).decode())
"""


def test_counts_of_all_workers_are_summed(tmp_path):
    """Two processes one after the other, as two workers: the second page shows both."""
    environment = {**os.environ, metrics.VARIABLE: str(tmp_path)}
    pages = [
        subprocess.run(
            [sys.executable, "-c", COUNT.format(times=times)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for times in (2, 3)
    ]
    name = 'sanchoi_requests_total{method="GET",route="none",status="200"}'
    assert [figures(page)[name] for page in pages] == [2, 5]
    assert figures(pages[1])["sanchoi_results"] == 2


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_they_have_no_language_and_no_page(path):
    with client() as asked:
        got = asked.get(path, headers={"Accept": "text/html"})
        assert isinstance(got.status_code, int)
        assert "html" not in got.headers["content-type"]
        assert "content-language" not in got.headers
