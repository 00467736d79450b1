"""Store: the service's own state (jobs, scenarios, accounts, proposals, the audit log) in SQLite or PostgreSQL/PostGIS."""

from sanchoi.api.store.engine import Store
from sanchoi.api.store.models import Base, Job, JobEvent, Scenario, ScenarioChange
from sanchoi.api.store.people import Attempt, Invitation, Session, Token, User
from sanchoi.api.store.proposed import Attachment, Proposal, ProposalVersion, Remark, Replay
from sanchoi.api.store.trail import AuditRow

__all__ = [
    "Attachment",
    "Attempt",
    "AuditRow",
    "Base",
    "Invitation",
    "Job",
    "JobEvent",
    "Proposal",
    "ProposalVersion",
    "Remark",
    "Replay",
    "Scenario",
    "ScenarioChange",
    "Session",
    "Store",
    "Token",
    "User",
]
