"""Processes and jobs over HTTP: descriptions, inputs, states, results, events; and the three processes with real work."""

import json
import shutil
import threading
import zipfile

import pytest
import service
from sanchoi.api import ops, stages
from sanchoi.api.jobs import queue, registry, told
from sanchoi.api.jobs.runner import Runner
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Limits
from sanchoi.gis import job as corridor
from sanchoi.gis import results

FAULT = Problem("fault")


@pytest.fixture
def asked(url, tmp_path):
    with service.client(data=tmp_path / "data", database=url, limits=Limits(jobs_waiting=3)) as found:
        yield found


def post(asked, process, **inputs):
    return asked.post(f"/processes/{process}/execution", json={"inputs": inputs}, headers={"Prefer": "respond-async"})


def events(asked, job, after=None):
    """Events of a job that has ended: (number, name, data)."""
    heard = asked.get(f"/jobs/{job}/events", headers={} if after is None else {"Last-Event-ID": str(after)})
    assert heard.status_code == 200
    assert heard.headers["content-type"].startswith("text/event-stream")
    out = []
    for block in heard.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "data" in lines:
            out.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return out


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_processes_describe_themselves(asked, language):
    found = asked.get("/processes", params={"lang": language}).json()
    assert [each["id"] for each in found["processes"]] == ["run", "plan", "proposals-plan", "export"]
    for each in found["processes"]:
        assert each["jobControlOptions"] == ["async-execute", "dismiss"]
        told = asked.get(each["links"][0]["href"], params={"lang": language}).json()
        assert {"inputs", "outputs", "version", "title"} <= set(told)
        assert all(one["title"] and one["schema"]["type"] for one in told["inputs"].values())
        assert set(told["example"]["inputs"]) <= set(told["inputs"])
    side = ["vi", "en"].index(language)
    assert found["processes"][0]["title"] == ("Tính lại một nghiên cứu", "Measure a study")[side]
    assert "core" not in str(asked.get("/processes/conformance").json())


def test_a_job_is_made_listed_and_dismissed(asked):
    made = post(asked, "export", result="small")
    assert made.status_code == 201
    assert made.headers["preference-applied"] == "respond-async"
    job = made.json()["jobID"]
    assert made.headers["location"] == f"http://testserver/jobs/{job}"
    assert (made.json()["status"], made.json()["processID"], made.json()["type"]) == ("accepted", "export", "process")
    assert asked.get(f"/jobs/{job}").json() == made.json()
    assert [each["jobID"] for each in asked.get("/jobs?status=accepted,running").json()["jobs"]] == [job]
    assert asked.get("/jobs?status=failed").json()["jobs"] == []
    early = asked.get(f"/jobs/{job}/results")
    assert early.status_code == 404
    assert early.json()["type"].endswith("/result-not-ready")
    gone = asked.delete(f"/jobs/{job}")
    assert (gone.status_code, gone.json()["status"]) == (200, "dismissed")
    assert asked.delete(f"/jobs/{job}").json()["status"] == "dismissed"
    assert asked.get(f"/jobs/{job}/results").status_code == 404


def test_pages_of_the_list(asked):
    jobs = [post(asked, "export", result="small").json()["jobID"] for _ in range(3)]
    first = asked.get("/jobs?limit=2&processID=export").json()
    assert [each["jobID"] for each in first["jobs"]] == [jobs[2], jobs[1]]
    assert first["numberMatched"] == 3
    links = {each["rel"]: each["href"] for each in first["links"]}
    second = asked.get(links["next"]).json()
    assert [each["jobID"] for each in second["jobs"]] == [jobs[0]]
    assert {each["rel"] for each in second["links"]} == {"self", "prev"}


def test_too_many_wait(asked):
    for _ in range(3):
        assert post(asked, "export", result="small").status_code == 201
    late = post(asked, "export", result="small")
    assert late.status_code == 429
    assert late.headers["retry-after"] == "30"
    assert late.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("process", "inputs"),
    [
        ("export", {}),
        ("export", {"result": "nothing"}),
        ("export", {"result": 5}),
        ("export", {"result": "../small"}),
        ("export", {"result": "small", "parts": []}),
        ("export", {"result": "small", "parts": ["maps", "maps"]}),
        ("export", {"result": "small", "parts": ["study"]}),
        ("export", {"result": "small", "colour": "red"}),
        ("plan", {"result": "small", "count": 0}),
        ("plan", {"result": "small", "count": 1.5}),
        ("plan", {"result": "small", "count": True}),
        ("plan", {"result": "small", "budget": -1}),
        ("plan", {"result": "small", "budget": 5, "count": 1}),
        ("plan", {"result": "small", "objective": "beauty"}),
        ("plan", {"result": "small", "fixed": "P1"}),
        ("plan", {"result": "small", "fixed": ["P1", 1]}),
        ("plan", {"result": "small", "name": "a\u0000b"}),
        ("plan", {"result": "small", "name": "x" * 61}),
        ("run", {"study": "/etc"}),
        ("run", {"study": ".."}),
        ("run", {"study": "small"}),  # the result does not hold its study
    ],
)
def test_inputs_that_are_not_as_asked_are_400(asked, process, inputs):
    found = post(asked, process, **inputs)
    assert found.status_code == 400
    assert found.headers["content-type"] == "application/problem+json"
    assert found.json()["detail"]
    assert asked.get("/jobs").json()["numberMatched"] == 0


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"inputs": 5}', '{"inputs": {"result": NaN}}', '{"subscriber": {}}', "[" * 9000]
)
def test_a_body_that_is_none_is_400(asked, body):
    found = asked.post("/processes/export/execution", content=body, headers={"Content-Type": "application/json"})
    assert found.status_code == 400


def test_parameters_and_names_that_are_not_there(asked):
    for path in ("/processes?colour=red", "/jobs?limit=0", "/jobs?limit=x", "/jobs?status=done", "/jobs?processID=x"):
        assert asked.get(path).status_code == 400, path
    assert asked.get("/processes/paint").json()["type"].endswith("/no-such-process")
    assert asked.post("/processes/paint/execution", json={}).status_code == 404
    for path in ("", "/results", "/results/file", "/events"):
        found = asked.get(f"/jobs/nothing{path}", params={"lang": "en"})
        assert found.status_code == 404
        assert found.json()["type"].endswith("/no-such-job")
    assert asked.delete("/jobs/nothing").status_code == 404


def test_a_failed_job_says_why_in_the_askers_language(asked):
    job = post(asked, "export", result="small").json()["jobID"]
    queue.fail(asked.app.state.store, job, None, FAULT)
    for language, words in (("vi", "Lỗi của chương trình"), ("en", "A fault of ours")):
        told = asked.get(f"/jobs/{job}", params={"lang": language}).json()
        assert told["exception"]["title"] == words
        found = asked.get(f"/jobs/{job}/results", params={"lang": language})
        assert (found.status_code, found.json()["title"]) == (409, words)
    assert asked.delete(f"/jobs/{job}").status_code == 409


def test_events_go_on_after_the_last_one_heard(asked):
    store, job = asked.app.state.store, post(asked, "export", result="small").json()["jobID"]
    owner = queue.claim(store, "here/1/a", 1).owner
    queue.tell(store, job, owner, "pack", 0.5, 75)
    queue.succeed(store, job, owner, lambda: {"file": "x.zip"})
    heard = events(asked, job)
    assert [(number, name, data["status"]) for number, name, data in heard] == [
        (1, "progress", "accepted"),
        (2, "progress", "running"),
        (3, "progress", "running"),
        (4, "done", "successful"),
    ]
    assert (heard[2][2]["stage_words"], heard[2][2]["progress"]) == ("đóng gói tệp tải về", 75)
    assert [number for number, _, _ in events(asked, job, after=2)] == [3, 4]
    assert asked.get(f"/jobs/{job}/events", headers={"Last-Event-ID": "4"}).status_code == 204


def test_events_come_as_they_happen_and_end_when_the_service_stops(asked, monkeypatch):
    """Once the first was told the job begins; once that was told the service stops."""
    store, job = asked.app.state.store, post(asked, "export", result="small").json()["jobID"]
    real, then = told.event, {"accepted": lambda: queue.claim(store, "here/1/a", 1), "running": ops.STOPPING.set}

    def telling(event, language):
        then[event.status]()
        return real(event, language)

    monkeypatch.setattr(told, "event", telling)
    try:
        assert [data["status"] for _, _, data in events(asked, job)] == ["accepted", "running"]
    finally:
        ops.STOPPING.clear()


def test_every_stage_has_words_in_both_languages():
    known = {each for process in registry.PROCESSES.values() for each in process.stages} | set(corridor.STAGES)
    assert known == set(stages.STAGES)
    assert all(vi and en and vi != en for vi, en in stages.STAGES.values())
    for process in registry.PROCESSES.values():
        told = [registry.progress(process, stage, share) for stage in process.stages for share in (0.0, 0.5, 1.0)]
        assert told == sorted(told)
        assert (told[0], told[-1]) == (0, 99)


def test_run_plan_and_export_from_end_to_end(asked):
    """With the real worker: the three jobs one after another, each using what the one before it made."""
    state = asked.app.state
    shutil.copytree(service.study(), state.settings.data / "studies" / "xa-nho")
    runner = Runner(state.settings)
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        ran = post(asked, "run", study="xa-nho", name="Xã nhỏ").json()["jobID"]
        heard = events(asked, ran)
        assert heard[-1][1:2] == ("done",)
        assert heard[-1][2]["status"] == "successful", asked.get(f"/jobs/{ran}").json()
        told = list(dict.fromkeys(data["stage"] for _, _, data in heard if data["stage"]))
        assert told == [*corridor.STAGES, "write", "map"]
        made = asked.get(f"/jobs/{ran}/results").json()
        name = f"Xa-nho-{ran[:12]}"
        assert made["result"]["href"] == f"http://testserver/vi/r/{name}/"
        mine, theirs = (results.read(state.library.get(each).folder).tables["gaps"] for each in (name, "small"))
        assert mine.equals(theirs)
        planned = post(asked, "plan", result=name, count=1, forbidden=["P1"], name="Một nơi").json()["jobID"]
        packed = post(asked, "export", result=name, parts=["tables", "maps"]).json()["jobID"]
        for each in (planned, packed):
            assert events(asked, each)[-1][2]["status"] == "successful"
        sites = state.library.get(f"Mot-noi-{planned[:12]}").table("sites")["parcel_id"].tolist()
        assert len(sites) == 1
        assert "P1" not in sites
        file = asked.get(f"/jobs/{packed}/results").json()["file"]
        answer = asked.get(file["href"])
        assert answer.headers["content-type"] == "application/zip"
        path = state.settings.data / "answer.zip"
        path.write_bytes(answer.content)
        with zipfile.ZipFile(path) as found:
            names = set(found.namelist())
            assert found.testzip() is None
        assert {f"{name}/run.json", f"{name}/tables/gaps.csv", f"{name}/maps/gap.html"} <= names
        assert f"{name}/result.gpkg" not in names
        assert list((state.settings.data / "work").iterdir()) == []
    finally:
        runner.stopping.set()
        thread.join()
