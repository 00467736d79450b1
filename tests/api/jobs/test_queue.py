"""The queue: every path between the states of a job that there may be, and no other; nobody ends another's job."""

import threading
from datetime import timedelta

import pytest
from sanchoi.api.jobs import queue
from sanchoi.api.problems import Problem
from sanchoi.api.store import Job
from sanchoi.api.store.models import now
from sqlalchemy import update

FAULT = Problem("fault")
OUTPUT = {"result": "x"}


def submit(store, most=20):
    return queue.submit(store, "export", {"result": "demo"}, "demo", "vi", most)


def claim(store, running=9):
    return queue.claim(store, "here/1/a", running)


def status(store, job):
    return queue.get(store, job.id).status


def age(store, job, seconds):
    with store.session() as session:
        session.execute(update(Job).where(Job.id == job.id).values(heartbeat=now() - timedelta(seconds=seconds)))


def brought(store, state):
    """A job in a state, and who holds it."""
    job = submit(store)
    owner = "" if state == "accepted" else claim(store).owner
    steps = {
        "successful": lambda: queue.succeed(store, job.id, owner, lambda: OUTPUT),
        "failed": lambda: queue.fail(store, job.id, owner, FAULT),
        "dismissed": lambda: queue.dismiss(store, job.id),
    }
    if state in steps:
        assert steps[state]()
    assert status(store, job) == state
    return job, owner


def test_a_job_goes_its_way(store):
    job = submit(store)
    held = claim(store)
    assert (held.id, held.status, held.attempts, held.owner) == (job.id, "running", 1, "here/1/a/1")
    assert queue.tell(store, job.id, held.owner, "read", 0.0, 0)
    assert queue.tell(store, job.id, held.owner, "pack", 0.5, 75)
    assert queue.succeed(store, job.id, held.owner, lambda: OUTPUT)
    done = queue.get(store, job.id)
    assert (done.status, done.progress, done.output, done.error) == ("successful", 100, OUTPUT, None)
    assert done.created <= done.started <= done.finished
    told = [(each.number, each.status, each.stage, each.progress) for each in queue.events(store, job.id, 0)]
    assert told == [
        (1, "accepted", "", 0),
        (2, "running", "", 0),
        (3, "running", "read", 0),
        (4, "running", "pack", 75),
        (5, "successful", "pack", 100),
    ]
    assert [each.number for each in queue.events(store, job.id, 3)] == [4, 5]


@pytest.mark.parametrize("state", queue.ENDS)
def test_no_path_leads_out_of_an_end(store, state):
    job, owner = brought(store, state)
    before = queue.get(store, job.id)
    age(store, job, 1000)
    published = []
    assert not queue.succeed(store, job.id, owner, lambda: published.append(1))
    assert published == []
    assert not queue.fail(store, job.id, owner, FAULT)
    assert not queue.fail(store, job.id, None, FAULT)
    assert not queue.release(store, job.id, owner)
    assert not queue.beat(store, job.id, owner)
    assert not queue.tell(store, job.id, owner, "read", 0.5, 5)
    assert queue.recover(store, 0.0, lambda owner: True) == []
    assert claim(store) is None
    if state == "dismissed":
        assert queue.dismiss(store, job.id).status == "dismissed"
    else:
        with pytest.raises(Problem) as found:
            queue.dismiss(store, job.id)
        assert found.value.status == 409
    after = queue.get(store, job.id)
    assert (after.status, after.events, after.finished, after.output, after.error) == (
        before.status,
        before.events,
        before.finished,
        before.output,
        before.error,
    )


def test_every_change_names_where_it_may_come_from():
    assert set(queue.FROM) == set(queue.STATES)
    assert not {each for states in queue.FROM.values() for each in states} & set(queue.ENDS)


def test_a_holder_that_lost_its_job_changes_nothing(store):
    job = submit(store)
    first = claim(store)
    age(store, job, 100)
    assert queue.recover(store, 60, lambda owner: False) == [job.id]
    second = claim(store)
    assert (second.owner, second.attempts) == ("here/1/a/2", 2)
    assert not queue.tell(store, job.id, first.owner, "read", 1.0, 50)
    assert not queue.succeed(store, job.id, first.owner, lambda: OUTPUT)
    assert not queue.fail(store, job.id, first.owner, FAULT)
    assert queue.succeed(store, job.id, second.owner, lambda: OUTPUT)


def test_a_job_is_tried_twice_and_then_fails(store):
    job = submit(store)
    claim(store)
    assert queue.recover(store, 60, lambda owner: False) == []  # its heartbeat is fresh
    assert queue.recover(store, 60, lambda owner: owner == "here/1/a/1") == [job.id]
    assert status(store, job) == "accepted"
    claim(store)
    assert queue.recover(store, 60, lambda owner: True) == [job.id]
    found = queue.get(store, job.id)
    assert found.status == "failed"
    assert found.error["en"]["detail"] == "The server stopped twice in the middle of this job."
    assert found.error["vi"]["detail"].startswith("Máy chủ dừng")


def test_a_released_job_has_lost_no_attempt(store):
    job = submit(store)
    assert queue.release(store, job.id, claim(store).owner)
    found = queue.get(store, job.id)
    assert (found.status, found.attempts, found.owner) == ("accepted", 0, "")


def test_the_oldest_is_first_and_no_more_run_than_may(store):
    jobs = [submit(store) for _ in range(3)]
    assert claim(store, 2).id == jobs[0].id
    assert claim(store, 2).id == jobs[1].id
    assert claim(store, 2) is None


def test_many_claim_and_each_job_has_one_holder(store):
    jobs = {submit(store).id for _ in range(12)}
    taken, lock = [], threading.Lock()

    def work(name):
        while (job := queue.claim(store, name, 100)) is not None:
            with lock:
                taken.append(job.id)

    threads = [threading.Thread(target=work, args=(f"here/{k}/x",)) for k in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(taken) == sorted(jobs)


def test_too_many_wait(store):
    for _ in range(3):
        submit(store, 3)
    with pytest.raises(Problem) as found:
        submit(store, 3)
    assert (found.value.status, found.value.headers["Retry-After"]) == (429, "30")
    claim(store)
    submit(store, 3)


def test_many_submit_and_no_more_wait_than_may(store):
    refused = []

    def work():
        try:
            submit(store, 4)
        except Problem as problem:
            refused.append(problem.status)

    threads = [threading.Thread(target=work) for _ in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert refused == [429] * 6
    assert queue.listed(store, 100)[1] == 4


def test_the_list_is_filtered_and_paged(store):
    jobs = [brought(store, state)[0].id for state in ("successful", "failed")] + [submit(store).id]
    assert [each.id for each in queue.listed(store, 10)[0]] == jobs[::-1]
    assert [each.id for each in queue.listed(store, 1, 1)[0]] == [jobs[1]]
    found, count = queue.listed(store, 10, status=["failed", "accepted"], process_id=["export"])
    assert ([each.id for each in found], count) == ([jobs[2], jobs[1]], 2)
    assert queue.listed(store, 10, process_id=["plan"]) == ([], 0)
    assert store.job_counts() == {"successful": 1, "failed": 1, "accepted": 1}


@pytest.mark.parametrize("name", ["x", "../..", "a" * 32, "a" * 99, "'; DROP TABLE jobs"])
def test_no_such_job(store, name):
    with pytest.raises(Problem) as found:
        queue.get(store, name)
    assert found.value.members["type"].endswith("/no-such-job")
