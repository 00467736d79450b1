"""Queue: every change of a job's state, each one transaction that happens only from the states it may come from.

    accepted ──► running ──► successful | failed | dismissed
       ▲  │         │
       │  └─────────┼──► failed | dismissed
       └────────────┘ its runner has gone: it is tried once more

Whoever runs a job holds it by name (`owner`); a change by anybody else finds no row and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sanchoi.api.problems import KINDS, Problem
from sanchoi.api.store import Job, JobEvent, Store
from sanchoi.api.store.models import now
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

STATES = ("accepted", "running", "successful", "failed", "dismissed")
ENDS = ("successful", "failed", "dismissed")
FROM = {
    "accepted": ("running",),
    "running": ("accepted",),
    "successful": ("running",),
    "failed": ("accepted", "running"),
    "dismissed": ("accepted", "running"),
}
ATTEMPTS = 2
LOCK = 5_899_002
"""Number of the advisory lock on PostgreSQL under which jobs are counted."""
NO_JOB = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job"


def submit(
    store: Store, process_id: str, inputs: dict[str, Any], result_id: str | None, language: str, most: int
) -> Job:
    """Put a job into the queue.

    Parameters
    ----------
    most : jobs that may wait at once.

    Raises
    ------
    Problem : "too_many".
    """
    with store.session() as session:
        store.lock(session, LOCK)
        waiting = _count(session, "accepted")
        if waiting >= most:
            raise Problem("too_many", {"came": waiting, "limit": most}, headers={"Retry-After": "30"})
        job = Job(process_id=process_id, inputs=inputs, result_id=result_id, language=language, events=1)
        session.add(job)
        session.flush()
        _note(session, job)
        return job


def get(store: Store, job_id: str) -> Job:
    """One job.

    Raises
    ------
    Problem : there is none.
    """
    with store.reading() as session:
        found = session.get(Job, job_id) if len(job_id) <= 32 and job_id.isalnum() else None
    if found is None:
        short = job_id[:40]
        words = (f"việc số {short}", f"job {short}")
        raise Problem("unknown_id", pairs={"message": words}, members={"type": NO_JOB})
    return found


def listed(
    store: Store, limit: int, offset: int = 0, status: Sequence[str] = (), process_id: Sequence[str] = ()
) -> tuple[list[Job], int]:
    """A page of jobs, the newest first, and how many there are in all."""
    mine = []
    if status:
        mine.append(Job.status.in_(status))
    if process_id:
        mine.append(Job.process_id.in_(process_id))
    with store.reading() as session:
        count = session.scalar(select(func.count()).select_from(Job).where(*mine)) or 0
        found = select(Job).where(*mine).order_by(Job.created.desc(), Job.id).limit(limit).offset(offset)
        return list(session.scalars(found)), count


def events(store: Store, job_id: str, after: int) -> list[JobEvent]:
    """What a job told after the event of a number."""
    with store.reading() as session:
        mine = select(JobEvent).where(JobEvent.job_id == job_id, JobEvent.number > after)
        return list(session.scalars(mine.order_by(JobEvent.number).limit(1000)))


def claim(store: Store, owner: str, running: int) -> Job | None:
    """Take the job that has waited longest, unless as many run already as may; `owner` and the attempt are its new holder.

    Parameters
    ----------
    running : jobs that may run at once, whoever runs them.
    """
    with store.reading() as session:
        if not _count(session, "accepted"):
            return None
    with store.session() as session:
        store.lock(session, LOCK)
        if _count(session, "running") >= running:
            return None
        first = select(Job).where(Job.status == "accepted").order_by(Job.created, Job.id).limit(1)
        job = session.scalar(first.with_for_update(skip_locked=True))
        if job is None:
            return None
        moment = now()
        values: dict[str, Any] = {
            "owner": f"{owner}/{job.attempts + 1}",
            "attempts": job.attempts + 1,
            "heartbeat": moment,
            "started": moment,
        }
        return job if _move(session, job.id, "running", **values) else None


def beat(store: Store, job_id: str, owner: str) -> bool:
    """Say that a job's holder lives; False = it holds it no more."""
    with store.session() as session:
        return _touch(session, job_id, owner, heartbeat=now())


def tell(store: Store, job_id: str, owner: str, stage: str, share: float, progress: int) -> bool:
    """Say where a job stands; False = whoever says so holds it no more."""
    with store.session() as session:
        values = {"stage": stage, "share": share, "progress": progress, "heartbeat": now()}
        if not _touch(session, job_id, owner, events=Job.events + 1, **values):
            return False
        _note(session, _row(session, job_id))
        return True


def succeed(store: Store, job_id: str, owner: str, publish: Callable[[], dict[str, Any]]) -> bool:
    """End a job well: what it made is put in its place while nobody else can end the job; False = it holds it no more.

    Parameters
    ----------
    publish : puts it there and says what it is; may be called again if the database fails afterwards.
    """
    with store.session() as session:
        mine = select(Job).where(Job.id == job_id, Job.owner == owner, Job.status == "running")
        if session.scalar(mine.with_for_update()) is None:
            return False
        output = publish()
        return _move(session, job_id, "successful", owner, output=output, progress=100, share=1.0, finished=now())


def fail(store: Store, job_id: str, owner: str | None, problem: Problem) -> bool:
    """End a job badly; False = it had ended, or belongs to somebody else."""
    with store.session() as session:
        return _move(session, job_id, "failed", owner, error=told(problem, job_id), finished=now())


def dismiss(store: Store, job_id: str) -> Job:
    """End a job because somebody asked for it; one that was dismissed before stays so.

    Raises
    ------
    Problem : there is none, or it has ended otherwise ("conflict").
    """
    job = get(store, job_id)
    with store.session() as session:
        _move(session, job_id, "dismissed", finished=now())
    job = get(store, job.id)
    if job.status != "dismissed":
        words = ("Việc này đã xong, không hủy được nữa.", "The job has ended and cannot be dismissed.")
        raise Problem("conflict", pairs={"message": words}, members={"status_of_job": job.status})
    return job


def release(store: Store, job_id: str, owner: str) -> bool:
    """Put a job back because its runner stops; the attempt does not count."""
    with store.session() as session:
        return _move(session, job_id, "accepted", owner, attempts=Job.attempts - 1, **_UNHELD)


def recover(store: Store, lease_s: float, gone: Callable[[str], bool]) -> list[str]:
    """Put back the jobs whose holder is gone, or fail those that have been tried often enough; their ids.

    Parameters
    ----------
    lease_s : seconds after the last heartbeat when a holder is taken for gone. gone : whether a holder is known to be gone.
    """
    old = now() - timedelta(seconds=lease_s)
    running = select(Job).where(Job.status == "running")
    with store.reading() as session:
        found = [job for job in session.scalars(running) if _stale(job, old) or gone(job.owner)]
    out = []
    for job in found:
        with store.session() as session:
            again = session.scalar(running.where(Job.id == job.id, Job.owner == job.owner).with_for_update())
            if again is None or not (_stale(again, old) or gone(again.owner)):
                continue
            if again.attempts >= ATTEMPTS:
                words = (
                    "Máy chủ dừng giữa chừng hai lần khi làm việc này.",
                    "The server stopped twice in the middle of this job.",
                )
                problem = Problem("job_failed", pairs={"message": words})
                _move(session, job.id, "failed", job.owner, error=told(problem, job.id), finished=now())
            else:
                _move(session, job.id, "accepted", job.owner, **_UNHELD)
            out.append(job.id)
    return out


_UNHELD: dict[str, Any] = {"owner": "", "heartbeat": None, "stage": "", "share": 0.0, "progress": 0}


def told(problem: Problem, job_id: str) -> dict[str, Any]:
    """Problem details in every language, as a job keeps them."""
    if "request" in KINDS[problem.key].detail[0]:
        problem.values.setdefault("request", job_id)
    return {language: problem.told(language, f"/jobs/{job_id}") for language in ("vi", "en")}


def _stale(job: Job, old: Any) -> bool:  # noqa: ANN401 - a moment
    return job.heartbeat is None or bool(job.heartbeat < old)


def _count(session: Session, status: str) -> int:
    return session.scalar(select(func.count()).select_from(Job).where(Job.status == status)) or 0


def _touch(session: Session, job_id: str, holder: str, **values: Any) -> bool:  # noqa: ANN401 - columns
    """Change a running job that one holds."""
    mine = update(Job).where(Job.id == job_id, Job.owner == holder, Job.status == "running").values(values)
    return _one(session, mine)


def _move(session: Session, job_id: str, to: str, holder: str | None = None, **values: Any) -> bool:  # noqa: ANN401 - columns
    """Change the status of a job; the only place that does."""
    mine = update(Job).where(Job.id == job_id, Job.status.in_(FROM[to]))
    if holder is not None:
        mine = mine.where(Job.owner == holder)
    if not _one(session, mine.values(status=to, events=Job.events + 1, **values)):
        return False
    _note(session, _row(session, job_id))
    return True


def _one(session: Session, mine: Any) -> bool:  # noqa: ANN401 - an UPDATE
    done = session.execute(mine, execution_options={"synchronize_session": False})
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _row(session: Session, job_id: str) -> Job:
    job = session.get_one(Job, job_id)
    session.refresh(job)
    return job


def _note(session: Session, job: Job) -> None:
    session.add(
        JobEvent(
            job_id=job.id,
            number=job.events,
            status=job.status,
            stage=job.stage,
            share=job.share,
            progress=job.progress,
        )
    )
