"""The result folder of the small study: same bytes, a record of every input, nothing that a spreadsheet would run."""

import json

import openpyxl
import pandas as pd
import pytest
import small
from sanchoi.gis import job, results, workbook


@pytest.fixture
def folder(tmp_path):
    return small.write(tmp_path / "study")


def test_the_same_input_gives_the_same_bytes(folder, tmp_path):
    one, two = (results.write(job.run(folder), tmp_path / name) for name in ("one", "two"))
    for path in sorted(one.rglob("*.*")):
        again = (two / path.relative_to(one)).read_bytes()
        if path.name == "run.json":
            both = [json.loads(text) for text in (path.read_bytes(), again)]
            assert both[0].pop("timings").keys() == both[1].pop("timings").keys()
            assert both[0] == both[1]
        else:
            assert path.read_bytes() == again, path.name


def test_the_run_id_follows_inputs_and_settings(folder):
    first = job.run(folder).run["run_id"]
    assert job.run(folder).run["run_id"] == first
    small.replace(folder, "walk_m = 300", "walk_m = 301")
    second = job.run(folder).run["run_id"]
    small.replace(folder, "Hòa Phú,100", "Hòa Phú,101", "children.csv")
    assert len({first, second, job.run(folder).run["run_id"]}) == 3


def test_a_result_reads_back(folder, tmp_path):
    result = job.run(folder)
    again = results.read(results.write(result, tmp_path / "out"))
    assert set(again.tables) == set(result.tables)
    for name, table in result.tables.items():
        pd.testing.assert_frame_equal(pd.DataFrame(again.tables[name]), pd.DataFrame(table), check_dtype=False)
    text = (tmp_path / "out" / "tables" / "gaps.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbfcommune_id,vintage,name,band,")
    assert text.count(b"\r\n") == text.count(b"\n") == len(result.tables["gaps"]) + 1


def test_the_record_names_every_input_with_its_hash(folder):
    import hashlib

    record = job.run(folder).run
    files = {row["layer"]: row for row in record["inputs"]}
    assert set(files) == {"communes", "children", "network", "play_areas"}
    digest = hashlib.sha256((folder / "children.csv").read_bytes()).hexdigest()
    assert files["children"]["sha256"] == digest
    assert set(record["timings"]) == set(job.STAGES) - {"parcels", "siting"}  # the study has none
    assert record["norms"][0]["profile"] == "planner"
    assert record["settings"]["set_by_planner"] == ["m2_per_child", "walk_m"]


def test_a_name_that_a_spreadsheet_would_run_is_disarmed_there_and_nowhere_else(folder, tmp_path):
    small.layer(folder, "communes", small.communes().assign(name=["=1+1", "@x"]))
    result = job.run(folder)
    text = (results.write(result, tmp_path / "out") / "tables" / "gaps.csv").read_text("utf-8-sig")
    assert ",'=1+1," in text
    assert ",'@x," in text
    assert set(result.tables["gaps"]["name"]) == {"=1+1", "@x"}


def test_a_workbook_leaves_out_what_xml_forbids(tmp_path):
    """A bell in a name that came out of an old file is no reason to have no workbook."""
    table = pd.DataFrame({"name": ["Xã\x07 Đồng\x0b", "=1+1", None], "n": [1.5, None, 2.0]})
    workbook.write({"a": table}, tmp_path / "a.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx")["a"].iter_rows(values_only=True))
    assert rows == [("name", "n"), ("Xã Đồng", 1.5), ("'=1+1", None), (None, 2)]
