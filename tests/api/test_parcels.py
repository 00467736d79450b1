"""From the command line: parcels screened and scored, one of them explained, and another plan made without walking again."""

import json
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import small
from sanchoi.api.cli import main
from sanchoi.gis import results
from small import CRS

ROWS = [
    ("P1", 699.5, 499.5, 30, "BCS", "UBND xã", 500.0),
    ("P2", 749.5, 499.5, 30, "HNK", "Hộ gia đình", 300.0),
    ("P3", 1249.5, 480.0, 20, "BCS", "=cmd|' /C calc'!A0", 900.0),
    ("P4", 300.0, 800.0, 25, "NTD", None, 1.0),
    ("P5", 1100.0, 530.0, 25, "???", None, None),
]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = small.write(tmp_path_factory.mktemp("parcels") / "study")
    small.replace(folder, "walk_m = 300", "walk_m = 310")
    columns = {
        "no": [row[0] for row in ROWS],
        "use": [row[4] for row in ROWS],
        "owner": [row[5] for row in ROWS],
        "price": [row[6] for row in ROWS],
    }
    shapes = [small.square(x, y, size, size) for _, x, y, size, *_ in ROWS]
    small.layer(folder, "land", gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS))
    small.add(
        folder,
        '\n[parcels]\npath = "land.gpkg"\nid = "no"\nland_use = "use"\nowner = "owner"\ncost = "price"\n'
        "\n[siting]\ncount = 2\n",
    )
    out = folder.parent / "out"
    assert main(["run", str(folder), "--out", str(out), "--quiet"]) == 0
    return out


def told(capsys, *arguments, code=0):
    capsys.readouterr()
    assert main([str(each) for each in arguments]) == code
    return capsys.readouterr().out


def test_the_result_holds_what_the_contract_names(result):
    assert {path.name for path in (result / "maps").iterdir()} >= {"gap.html", "sites.html"}
    for name in ("parcels", "screening", "contributions", "sites", "budget_curve", "plan_gaps", "why_not"):
        assert (result / "tables" / f"{name}.parquet").is_file()
    layers = set(gpd.list_layers(result / "result.gpkg")["name"])
    assert layers >= {"parcels", "usable", "sites"}
    proof = json.loads((result / "run.json").read_text("utf-8"))["siting"]
    assert {"objective", "incumbent", "bound", "mip_gap", "seconds", "seed", "solver"} <= set(proof)


def test_explain_prints_ledger_score_and_why_not(result, capsys):
    plan = pd.read_parquet(result / "tables" / "sites.parquet")["parcel_id"].tolist()
    shown = told(capsys, "explain", result, plan[0])
    assert "not checked" in shown
    assert "score" in shown
    assert "build order 1" in shown
    assert "excluded" in told(capsys, "explain", result, "P4")


def test_explain_as_json_has_null_for_unknown(result, capsys):
    found = json.loads(told(capsys, "explain", result, "P5", "--json"))
    assert found["parcel"]["cost"] is None
    assert found["parcel"]["land_class"] is None
    assert {row["constraint_id"] for row in found["screening"]} >= {"land_use", "usable_area", "watercourse-bank"}
    parts = sum(row["contribution"] for row in found["contributions"])
    assert parts == pytest.approx(found["parcel"]["score"])


def test_an_unknown_parcel_is_named_with_the_nearest(result, capsys):
    assert main(["explain", str(result), "P11"]) > 2
    assert "did you mean" in capsys.readouterr().err


def test_another_budget_is_another_plan_and_another_run_id(result, tmp_path, capsys):
    shown = json.loads(told(capsys, "plan", result, "--budget", "300", "--json"))
    assert [row["parcel_id"] for row in shown["sites"]] == ["P2"]
    assert shown["siting"]["rules"]["budget"] == 300
    told(capsys, "plan", result, "--budget", "300", "--out", tmp_path / "again", "--quiet")
    again = results.read(tmp_path / "again")
    before = results.read(result)
    assert again.run["run_id"] != before.run["run_id"]
    assert again.run["replanned_from"] == before.run["run_id"]
    assert again.tables["sites"]["cost_total"].iloc[-1] <= 300
    pd.testing.assert_frame_equal(again.tables["walks"], before.tables["walks"])


def test_the_same_rules_give_the_same_plan(result, capsys):
    found = json.loads(told(capsys, "plan", result, "--json"))
    first = pd.read_parquet(result / "tables" / "sites.parquet")
    assert [row["parcel_id"] for row in found["sites"]] == first["parcel_id"].tolist()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--budget", "299"], "cheapest"),
        (["--budget", "1000", "--fixed", "P4"], "excluded"),
        (["--count", "1", "--budget", "5"], "one of the two"),
        (["--count", "1", "--objective", "covr"], "did you mean"),
        (["--count", "1", "--objective", "cover_all"], "keeps neither"),
        (["--count", "1", "--fixed", "P5", "--forbidden", "P5"], "P5"),
        (["--budget", "900", "--fixed", "P5"], "no cost"),
    ],
)
def test_a_plan_that_cannot_be_says_why(result, options, word, capsys):
    capsys.readouterr()
    assert main(["plan", str(result), *options]) > 2
    assert word in capsys.readouterr().err


@pytest.mark.parametrize("objective", ["cover", "cover_all", "p_median", "max_min", "capacitated", "kolm_pollak"])
def test_every_objective_gives_a_proven_plan(result, objective, capsys):
    number = [] if objective == "cover_all" else ["--count", "2"]
    found = json.loads(told(capsys, "plan", result, *number, "--objective", objective, "--json"))
    assert found["siting"]["proven"]
    assert found["sites"]


def test_a_result_without_parcels_says_what_to_do(tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    assert main(["run", str(folder), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert main(["explain", str(tmp_path / "out"), "P1"]) > 2
    assert "[parcels]" in capsys.readouterr().err


def test_the_workbook_has_the_plan_its_run_and_no_formula(result):
    book = openpyxl.load_workbook(result / "tables" / "sites.xlsx")
    assert book.sheetnames == [
        "About",
        "Plan",
        "Before and after",
        "Budget curve",
        "Best parcels",
        "Ledger of the plan",
    ]
    run = json.loads((result / "run.json").read_text("utf-8"))
    assert ("run_id", run["run_id"]) in [(row[0].value, row[1].value) for row in book["About"].iter_rows()]
    plan = [[cell.value for cell in row] for row in book["Plan"].iter_rows()]
    assert plan[0][:2] == ["Build order", "Parcel"]
    assert len(plan) == 3
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_same_study_gives_the_same_workbook(result, tmp_path):
    read = results.read(result)
    results.write(read, tmp_path / "again")
    one, two = (folder / "tables" / "sites.xlsx" for folder in (result, tmp_path / "again"))
    assert one.read_bytes() == two.read_bytes()
    assert zipfile.ZipFile(one).testzip() is None


def test_why_not_is_exact_where_asked(result, capsys):
    """Two of three sites: forced in, the third costs what the best plan with it lacks, found by trying all pairs."""
    best = json.loads(told(capsys, "plan", result, "--json"))
    chosen = {row["parcel_id"] for row in best["sites"]}
    other = next(each for each in ("P1", "P2", "P3", "P5") if each not in chosen)
    worth = json.loads(told(capsys, "plan", result, "--fixed", other, "--json"))["siting"]["incumbent"]
    why = json.loads(told(capsys, "explain", result, other, "--exact", "--json"))["why_not"][0]
    assert why["loss_at_most"] == pytest.approx(best["siting"]["incumbent"] - worth, abs=1e-6)
    assert why["loss_at_least"] == pytest.approx(why["loss_at_most"], abs=1e-6)


def test_why_not_of_an_excluded_parcel_names_what_stands_against_it(result, capsys):
    assert main(["explain", str(result), "P4", "--exact"]) > 2
    assert "land_use" in capsys.readouterr().err
