"""Store: the service's own state (jobs and scenarios) in SQLite or PostgreSQL/PostGIS, one code for both."""

from sanchoi.api.store.engine import Store
from sanchoi.api.store.models import Base, Job, JobEvent, Scenario, ScenarioChange

__all__ = ["Base", "Job", "JobEvent", "Scenario", "ScenarioChange", "Store"]
