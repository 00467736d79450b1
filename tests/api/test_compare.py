"""`sanchoi compare`: every row of its part of docs/bad-input.md, and what it writes."""

import json
import re
import shutil

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import small
from sanchoi.api.cli import main
from sanchoi.gis import job, results
from shared import ROOT

SECTION = (ROOT / "docs" / "bad-input.md").read_text("utf-8").split("## Two results compared")[1].split("\n## ")[0]
ROWS = {
    case: (int(code), text)
    for case, code, text in re.findall(r"^\| ([\w-]+) \| (\d) \| (.+?) \|$", SECTION, re.MULTILINE)
}
CASES = {}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A study and its result."""
    folder = tmp_path_factory.mktemp("base")
    small.write(folder / "study")
    results.write(job.run(folder / "study"), folder / "result")
    return folder


def study(old, new, file="study.toml"):
    """The other result is of this study with a text changed."""

    def make(base, tmp):
        shutil.copytree(base / "study", tmp / "study")
        small.replace(tmp / "study", old, new, file)
        return [base / "result", results.write(job.run(tmp / "study"), tmp / "B")]

    return make


def spoilt(change):
    """The other result is a copy that was spoilt."""

    def make(base, tmp):
        shutil.copytree(base / "result", tmp / "B")
        change(tmp / "B")
        return [base / "result", tmp / "B"]

    return make


def record(**changed):
    def change(folder):
        path = folder / "run.json"
        run = json.loads(path.read_text("utf-8"))
        for key, value in changed.items():
            run[key] = {**run[key], **value} if isinstance(value, dict) else value
        path.write_text(json.dumps({k: v for k, v in run.items() if v is not None}), "utf-8")

    return change


def without_bands(folder):
    (folder / "tables" / "cell_bands.parquet").unlink()
    names = json.loads((folder / "run.json").read_text("utf-8"))["tables"]
    record(tables=[name for name in names if name != "cell_bands"])(folder)


def odd_cells(folder):
    path = folder / "tables" / "cells.parquet"
    cells = gpd.read_parquet(path)
    cells.loc[0, "cell_id"] = "cell 7"
    cells.to_parquet(path)


def away(folder):
    path = folder / "tables" / "communes.parquet"
    communes = gpd.read_parquet(path)
    communes.set_geometry(communes.translate(0.5, 0.2)).to_parquet(path)


def turned(base, tmp):
    first, second = study("2026-06-01", "2026-07-01")(base, tmp)
    return [second, first]


CASES["no-result"] = lambda base, tmp: [base / "result", tmp]
CASES["a-study"] = lambda base, tmp: [base / "study", base / "result"]
CASES["lost-table"] = spoilt(
    lambda folder: (folder / "tables" / "cells.parquet").unlink() or (folder / "tables" / "cells.parquet").touch()
)
CASES["never-had-it"] = spoilt(without_bands)
CASES["old-record"] = spoilt(record(settings=None))
CASES["broken-record"] = spoilt(lambda folder: (folder / "run.json").write_text("{", "utf-8"))
CASES["other-crs"] = spoilt(record(study={"crs": "EPSG:9217"}))
CASES["apart"] = spoilt(away)
CASES["sizes-do-not-nest"] = study('language = "en"', 'language = "en"\ncell_m = 70')
CASES["other-ages"] = study('"6-14"', '"6-15"')
CASES["odd-cells"] = spoilt(odd_cells)
CASES["odd-language"] = lambda base, tmp: [base / "result", base / "result", "--lang", "fr"]
CASES["out-is-a-result"] = lambda base, tmp: [base / "result", base / "result", "--out", base / "result"]
CASES["out-is-another-result"] = lambda base, tmp: [
    *(base / "result",) * 2,
    "--out",
    shutil.copytree(base / "result", tmp / "B"),
]
CASES["out-is-a-file"] = lambda base, tmp: [base / "result", base / "result", "--out", base / "study" / "study.toml"]
CASES["the-same-twice"] = lambda base, tmp: [base / "result", base / "result"]
CASES["other-norm"] = study("walk_m = 300", "walk_m = 400")
CASES["sizes-that-nest"] = study('language = "en"', 'language = "en"\ncell_m = 50')
CASES["other-bands"] = study('"0-5" = "young", "6-14" = "old"', '"0-4" = "young", "5-14" = "old"')
CASES["surveyed-since"] = lambda base, tmp: study("surveyed = true", "surveyed = false")(base, tmp)[::-1]
CASES["turned-round"] = turned


def test_the_document_and_the_cases_agree():
    assert set(ROWS) == set(CASES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_row(name, base, tmp_path, capsys):
    arguments = CASES[name](base, tmp_path)
    code, message = ROWS[name]
    before = sorted(path.name for path in (base / "result").rglob("*"))
    language = [] if "--lang" in arguments else ["--lang", "en"]
    assert main(["compare", *map(str, arguments), *language]) == code
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    told = " ".join((shown.err if code else shown.out).split())
    assert not code or shown.out == ""
    for part in message.split(" · "):
        assert part in told, f"{part!r} is not in {told!r}"
    assert sorted(path.name for path in (base / "result").rglob("*")) == before


@pytest.fixture(scope="module")
def compared(base, tmp_path_factory):
    """One play area less; names that a page or a spreadsheet could trip over."""
    folder = tmp_path_factory.mktemp("compared")
    shutil.copytree(base / "study", folder / "study")
    areas = small.play_areas()
    small.layer(folder / "study", "play_areas", areas[areas["site"] == "A"])
    communes = small.communes()
    communes["name"] = ["<img src=x onerror=alert(1)>", "=1+1"]
    small.layer(folder / "study", "communes", communes)
    results.write(job.run(folder / "study"), folder / "B")
    assert main(["compare", str(base / "result"), str(folder / "B"), "--out", str(folder / "out"), "-q"]) == 0
    return folder


def test_the_folder_tells_the_same_everywhere(compared):
    out = compared / "out"
    record_ = json.loads((out / "compare.json").read_text("utf-8"))
    assert record_["play_areas"]["closed"] == 1
    assert record_["communes"]["change"] == {"better": 0, "worse": 1, "same": 1, "not_comparable": 0}
    tables = pd.read_csv(out / "tables" / "communes.csv", encoding="utf-8-sig")
    assert tables["Thay đổi"].tolist() == ["không đổi", "kém hơn"] or tables["Thay đổi"].tolist() == [
        "kém hơn",
        "không đổi",
    ]
    assert "'=1+1" in tables["Tên"].tolist()
    book = openpyxl.load_workbook(out / "compare.xlsx")
    assert book.sheetnames[:3] == ["Tóm tắt", "Xã, phường", "Gồm đất của"]
    heading = [cell.value for cell in book["Xã, phường"][1]]
    assert heading[:3] == ["Mã xã/phường", "Địa giới từ ngày", "Tên"]
    assert all(not re.search(r"[a-z]_[a-z]", text) for sheet in book for text in (cell.value for cell in sheet[1]))
    lost = record_["lost"]
    sums = {
        row["part"]: row["children"]
        for row in record_["tables"]["parts"]
        if row["measure"] == "uncovered" and row["band"] == "all"
    }
    assert sums["second"] - sums["first"] == pytest.approx(lost)
    assert lost == pytest.approx(record_["second"]["uncovered"] - record_["first"]["uncovered"])


def test_the_same_results_give_the_same_bytes(base, compared, tmp_path):
    assert main(["compare", str(base / "result"), str(compared / "B"), "--out", str(tmp_path), "-q"]) == 0
    for path in sorted((compared / "out").rglob("*.*")):
        assert (tmp_path / path.relative_to(compared / "out")).read_bytes() == path.read_bytes(), path.name


def test_json_is_one_value(base, compared, capsys):
    assert main(["compare", str(base / "result"), str(compared / "B"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["nothing_on_the_ground"] is False
    assert found["tables"]["play_areas"][0]["change"] == "closed"
    assert main(["compare", str(base), str(compared / "B"), "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["exit_code"] == 4
