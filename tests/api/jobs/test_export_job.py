"""The job "export" with its real worker: to the downloaded zip, with its manifest; cancelled; a full disk; a run that changes."""

import contextlib
import errno
import hashlib
import io
import json
import shutil
import sys
import threading
import time
import zipfile

import pytest
import service
from sanchoi.api import exporting
from sanchoi.api.jobs import export_work
from sanchoi.api.jobs.runner import WORKER, Runner
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem, of_error
from sanchoi.gis.errors import SourceError

HOME, OTHER = "Hòa Phú", "Đại Lãnh"


@pytest.fixture
def asked(tmp_path):
    with service.client(data=tmp_path / "data") as found:
        yield found


@contextlib.contextmanager
def running(asked, command=WORKER):
    made = Runner(asked.app.state.settings, command)
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        yield made
    finally:
        made.stopping.set()
        thread.join()


@pytest.fixture
def runner(asked):
    with running(asked) as made:
        yield made


def submit(asked, **inputs):
    answer = asked.post("/processes/export/execution", json={"inputs": {"result": "small", **inputs}})
    assert answer.status_code == 201, answer.text
    return answer.json()["jobID"]


def wait(asked, job, until, seconds=120):
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        told = asked.get(f"/jobs/{job}?lang=en").json()
        if until(told):
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def ended(asked, job):
    return wait(asked, job, lambda told: told["status"] not in ("accepted", "running"))


def download(asked, job):
    told = ended(asked, job)
    assert told["status"] == "successful", told
    answer = asked.get(f"/jobs/{job}/results/file")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="small-{job[:12]}.zip"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private"
    return answer.content


def test_from_the_choice_to_the_zip_and_its_manifest(asked, runner):
    chosen = {"formats": ["sheet-gap", "fact-sheet"], "communes": [HOME], "paper": "A4", "signatures": ["Trưởng phòng"]}
    job = submit(asked, **chosen, parts=["tables"])
    body = download(asked, job)
    stages = [each for each in asked.get(f"/jobs/{job}/events").text.split("\n") if each.startswith("data:")]
    told = [json.loads(each.removeprefix("data: ")) for each in stages]
    assert {"read", "export", "pack"} <= {each["stage"] for each in told}
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        assert found.testzip() is None
        names = set(found.namelist())
        manifest = json.loads(found.read("manifest.json"))
        assert set(manifest["files"]) == names - {"manifest.json"}
        for name, each in manifest["files"].items():
            data = found.read(name)
            assert (hashlib.sha256(data).hexdigest(), len(data)) == (each["sha256"], each["bytes"]), name
        assert {each["format"] for each in manifest["files"].values()} == {"sheet-gap", "fact-sheet", "result"}
        assert {each["of"] for each in manifest["files"].values() if each["format"] != "result"} == {HOME}
        assert manifest["run_id"] == asked.app.state.library.get("small").run["run_id"]
        assert {"small/run.json", "small/tables/gaps.csv", "small/tables/gaps.parquet"} <= names
        assert not [name for name in names if name.startswith(("/", "..")) or "\\" in name]
    again = download(asked, submit(asked, **chosen, parts=["tables"]))
    assert again == body
    assert list((asked.app.state.settings.data / "work").iterdir()) == []


def test_parts_alone_have_a_manifest_too(asked, tmp_path):
    entry = asked.app.state.library.get("small")
    made = export_work.pack(entry, {"result": "small", "parts": ["maps"]}, _folder(tmp_path), lambda stage, share: None)
    with zipfile.ZipFile(made) as found:
        names = set(json.loads(found.read("manifest.json"))["files"])
    assert {"small/run.json", "small/maps/gap.html"} <= names
    assert not [name for name in names if "tables" in name]


UNENDING = """
import sys, time
from sanchoi.api import exporting
from sanchoi.api.jobs import worker
write = exporting.write
def unending(*given, **more):
    write(*given, **more)
    time.sleep(600)
exporting.write = unending
sys.exit(worker.main(sys.argv[1]))
"""
"""The worker, which has written what it was asked for and does not come to an end."""


def test_a_cancelled_job_leaves_nothing(asked):
    data = asked.app.state.settings.data
    with running(asked, (sys.executable, "-c", UNENDING)) as runner:
        job = submit(asked, formats=["sheet-gap", "sheet-reach", "fact-sheet"], all=True, paper="A0", scale=2000)
        wait(asked, job, lambda told: told["stage"] == "export" and list((data / "work").rglob("*.pdf")))
        assert asked.delete(f"/jobs/{job}").json()["status"] == "dismissed"
        wait(asked, job, lambda told: job not in runner.children)
        assert list((data / "work").iterdir()) == []
        assert not (data / "exports").exists() or list((data / "exports").iterdir()) == []
        assert asked.get(f"/jobs/{job}/results/file").status_code == 404


def test_a_full_disk_is_503(asked, tmp_path, monkeypatch):
    def full(*given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export_work.shutil, "copyfileobj", full)
    entry = asked.app.state.library.get("small")
    with pytest.raises(SourceError, match="No space left") as refused:
        export_work.pack(entry, {"parts": ["maps"]}, _folder(tmp_path), lambda stage, share: None)
    assert of_error(refused.value).status == 503


@pytest.mark.parametrize("when", ["while", "before"])
def test_a_result_that_is_made_anew_meanwhile_gives_nothing(tmp_path, monkeypatch, when):
    folder = shutil.copytree(service.result(), tmp_path / "small")
    entry = Entry("small", folder, (folder / "run.json").read_bytes())
    record = (folder / "run.json").read_text(encoding="utf-8")
    write = exporting.write

    def changing(*given, **more):
        told = write(*given, **more)
        (folder / "run.json").write_text(record + " ", encoding="utf-8")
        return told

    if when == "while":
        monkeypatch.setattr(exporting, "write", changing)
    else:
        (folder / "run.json").write_text(record + " ", encoding="utf-8")
    given = {"formats": ["fact-sheet"], "communes": [OTHER]}
    with pytest.raises(Problem) as refused:
        export_work.pack(entry, given, _folder(tmp_path), lambda stage, share: None)
    assert refused.value.key == "conflict"
    assert "gửi lại" in refused.value.told("vi", "")["detail"]


def test_too_many_sheets_of_one_commune_are_told_in_words(asked, tmp_path):
    entry = asked.app.state.library.get("small")
    given = {"formats": ["sheet-gap"], "communes": [HOME], "scale": 100, "paper": "A4"}
    with pytest.raises(Problem) as refused:
        export_work.pack(entry, given, _folder(tmp_path), lambda stage, share: None)
    told = {language: refused.value.told(language, "") for language in ("vi", "en")}
    assert (told["vi"]["status"], told["vi"]["title"]) == (422, "Cần quá nhiều tờ bản đồ")
    assert "Ở tỷ lệ 1:100 cần 3.888 tờ" in told["vi"]["detail"]
    assert "At 1:100 there are 3,888 sheets" in told["en"]["detail"]


def _folder(tmp_path):
    made = tmp_path / "job"
    made.mkdir()
    return made
