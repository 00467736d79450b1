import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import pytest
import upload_files as files
from sanchoi.api import uploads
from sanchoi.api.problems import Problem
from sanchoi.api.uploads import sandbox, worker


@pytest.fixture
def home(tmp_path):
    return files.home(tmp_path / "data")


@pytest.fixture
def refused(home, caplog):
    """Whether a file of outlines is refused: its reason, after both languages and the log were looked at."""

    def ask(data, name="a", what=uploads.sites, status=422, **options):
        caplog.clear()
        with pytest.raises(Problem) as caught:
            what(data, name, home, **options)
        problem = caught.value
        told = [problem.told(language, "/")["detail"] for language in ("vi", "en")]
        assert problem.status == status
        assert told[0] != told[1]
        assert all(told)
        assert not any("{" in each for each in told)
        logged = [each for each in caplog.records if each.name == "sanchoi.refused"]
        assert len(logged) == 1
        assert logged[0].facts["bytes"] == len(data)
        assert logged[0].facts["reason"] == problem.members["reason"]
        assert not any((home.data / "uploads").glob("*")) if (home.data / "uploads").exists() else True
        return problem.members["reason"]

    return ask


@pytest.fixture
def words(home):
    """The English words of a refusal."""

    def ask(data, name="a", what=uploads.sites, **options):
        with pytest.raises(Problem) as caught:
            what(data, name, home, **options)
        return caught.value.told("en", "/")["detail"]

    return ask


@pytest.fixture
def near(monkeypatch):
    """Uploads are read in this process: as in a worker, but without its walls, and quicker."""

    def run(data, what, kind, home, limits, assume_epsg=None):
        asked = {"what": what, "kind": kind, "limits": asdict(limits), "assume_epsg": assume_epsg}
        with tempfile.TemporaryDirectory() as folder:
            told, kept = worker.work(asked, data, Path(folder), limits)
        return json.loads(json.dumps(told)), kept

    monkeypatch.setattr(sandbox, "run", run)
