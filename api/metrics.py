"""Metrics: what the service counts, for Prometheus; summed over its workers through files when there are several."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import Scope

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Folder where the workers keep their counts; it must be set before this module is imported."""
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
OWN = CollectorRegistry()
REQUESTS = Counter("sanchoi_requests", "Requests answered.", ("route", "method", "status"), registry=OWN)
SECONDS = Histogram(
    "sanchoi_request_seconds",
    "Time until the last byte of an answer.",
    ("route", "method"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0),
    registry=OWN,
)


def count(scope: Scope, method: str, status: int, seconds: float) -> None:
    """Count one request under the template of its route, so that the number of series stays bounded."""
    route = str(getattr(scope.get("route"), "path", "none"))
    method = method if method in METHODS else "other"
    REQUESTS.labels(route, method, str(status)).inc()
    SECONDS.labels(route, method).observe(seconds)


class Now:
    """Figures that are read when they are asked for."""

    def __init__(self, results: int, jobs: Mapping[str, int]) -> None:
        self.results, self.jobs = results, jobs

    def collect(self) -> Iterable[Metric]:
        """Results that can be served, and jobs by state."""
        yield GaugeMetricFamily("sanchoi_results", "Results that the service can show.", value=self.results)
        jobs = GaugeMetricFamily("sanchoi_jobs", "Jobs by state.", labels=["state"])
        for state, number in sorted(self.jobs.items()):
            jobs.add_metric([state], number)
        yield jobs


def page(now: Now) -> bytes:
    """All of it in the text format of Prometheus."""
    registry = OWN
    if os.environ.get(VARIABLE):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    fresh = CollectorRegistry()
    fresh.register(now)
    return generate_latest(registry) + generate_latest(fresh)
