"""sanchoi import survey: filled forms make a study in which the commune is surveyed, and every row of its table of faults."""

import hashlib
import json
import re
import shutil
import sqlite3
import zipfile
from datetime import date, datetime, timedelta

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
import small
import survey_kit as kit
from sanchoi.api import cli_import, survey_files
from sanchoi.api.clock import VIETNAM
from sanchoi.api.survey_study import INVENTORY, RECORD, SURVEYED
from sanchoi.gis import job
from sanchoi.gis.sources import load
from sanchoi.gis.survey_form import Known
from shared import ROOT
from small import X, Y
from survey_kit import HOME, KNOWN, NEW, OTHER, bring, filled, place

SECTION = (ROOT / "docs" / "bad-input.md").read_text("utf-8").split("## Survey forms")[1].split("\n## ")[0]
ROWS = dict(re.findall(r"^\| ([\w-]+) \| .+? \| (.+?) \|$", SECTION, re.MULTILINE)[1:])
CASES = {}


class Noon(datetime):
    """A clock that stands at noon, so that no midnight comes between a form and its reading."""

    @classmethod
    def now(cls, tz=None):
        return cls(2026, 12, 1, 12, tzinfo=tz)


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr(cli_import, "datetime", Noon)


def case(function):
    CASES[function.__name__.removeprefix("form_").replace("_", "-")] = function
    return function


def run(study):
    found = job.run(study)
    return found, found.tables["gaps"].set_index(["commune_id", "band"])


def gaps(study):
    return run(study)[1]


def hashes(folder):
    return {
        each.relative_to(folder).as_posix(): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def test_a_confirmed_inventory_gives_what_a_study_gives_that_was_surveyed_from_the_start(tmp_path):
    before = hashes(place() / "study")
    unknown = pd.read_parquet(place() / "result" / "tables" / "gaps.parquet")
    assert set(unknown.loc[unknown["commune_id"] == HOME, "status"]) == {"unknown"}
    assert bring(filled(tmp_path / "a.xlsx", KNOWN), out=tmp_path / "new") == 0
    assert hashes(place() / "study") == before
    found = gaps(tmp_path / "new")
    small.write(tmp_path / "known")
    expected = gaps(tmp_path / "known")
    assert "unknown" not in set(found["status"])
    pd.testing.assert_frame_equal(found, expected)


def test_new_corrected_and_struck_play_areas_stand_where_they_were_put(tmp_path):
    gone = {"check": "không có"}
    by_square = {**NEW, "name": "Sân thôn 2", "x": None, "y": None, "square": "C4-37", "area_m2": None}
    form = filled(tmp_path / "a.xlsx", gone, NEW, by_square)
    assert bring(form, out=tmp_path / "new") == 0
    found = load.inputs(load.study(tmp_path / "new"), tmp_path / "new", load.Notes()).play_areas.set_index(
        "play_area_id"
    )
    assert list(found.index) == ["B", f"KS/{HOME}/1", f"KS/{HOME}/2"]
    one, two = found.iloc[1], found.iloc[2]
    assert one.geometry.distance(shapely.Point(X + 700, Y + 600)) < 0.01
    assert (one["name"], one["kind"], one["access"], one["area_m2"]) == ("Sân đình", "playground", "public", 120.0)
    assert two.geometry.distance(shapely.Point(X + 235, Y + 625)) < 0.01  # squares of 100 m from the north-west corner
    assert pd.isna(two["area_m2"])
    table = gaps(tmp_path / "new").loc[(HOME, "all")]
    assert table["play_area_known_m2"] == 120.0
    assert pd.isna(table["play_area_m2"])
    assert table["status"] != "unknown"
    kept = pyogrio.read_dataframe(tmp_path / "new" / SURVEYED).set_index("play_area_id")
    row = kept.loc[f"KS/{HOME}/2"]
    assert (row["surveyor"], row["surveyed_on"], row["commune_id"]) == ("UBND xã Hòa Phú", "2026-05-11", HOME)
    assert row["within_m"] == pytest.approx(7.1, abs=0.05)


def test_a_commune_with_none_has_no_supply_and_says_who_looked(tmp_path, capsys):
    form = filled(tmp_path / "a.xlsx", {"check": "không có"}, none="X")
    assert bring(form, out=tmp_path / "new", more=["--lang", "vi"]) == 0
    assert "0 sân chơi mới, 0 đã có, 1 không còn" in capsys.readouterr().out
    result, found = run(tmp_path / "new")
    assert set(found.loc[HOME, "status"]) == {"no_supply"}
    sources = result.run["sources"]
    (told,) = (row for row in sources if row["attribution"] == "UBND xã Hòa Phú")
    assert told["date"] == "2026-05-11"
    assert HOME in told["name"]
    assert any(row["attribution"] == "A club" for row in sources)


def test_the_only_inventory_may_be_that_of_the_form(tmp_path):
    folder = kit.study(tmp_path / "study")
    text = re.sub(r"\[play_areas\].*?\n\n", "", (folder / "study.toml").read_text("utf-8"), flags=re.DOTALL)
    (folder / "study.toml").write_text(text.replace('surveyed = "seen"', "surveyed = false"), "utf-8")
    for name, rows, none, status in (("one", [NEW], None, None), ("none", [], "x", "no_supply")):
        form = filled(tmp_path / f"{name}.xlsx", *rows, none=none, blank=kit.made(HOME))
        assert bring(form, study=folder, out=tmp_path / name) == 0
        found = gaps(tmp_path / name)
        assert set(found.loc[OTHER, "status"]) == {"unknown"}
        assert "unknown" not in set(found.loc[HOME, "status"])
        assert status is None or set(found.loc[HOME, "status"]) == {status}


def test_the_same_form_twice_is_taken_once(tmp_path, capsys):
    form = filled(tmp_path / "a.xlsx", KNOWN, NEW)
    shutil.copy(form, tmp_path / "b.xlsx")
    assert bring(form, tmp_path / "b.xlsx", out=tmp_path / "new") == 0
    assert "b.xlsx: the same as a.xlsx, taken once" in capsys.readouterr().out
    record = json.loads((tmp_path / "new" / RECORD).read_text("utf-8"))
    assert [row["play_areas"] for row in record] == [2]
    assert bring(form, out=tmp_path / "again", study=tmp_path / "new") == 6
    assert "nothing is added twice" in capsys.readouterr().err
    other = filled(tmp_path / "c.xlsx", KNOWN)
    assert bring(other, out=tmp_path / "again", study=tmp_path / "new") == 6
    assert "has another form in this study, of 11/05/2026" in capsys.readouterr().err
    assert not (tmp_path / "again").exists()


def test_a_second_commune_is_added_to_the_first(tmp_path):
    folder = kit.study(tmp_path / "study")
    small.layer(folder, "communes", small.communes().assign(seen=[False, False]))
    place_of = {name: Known(1, name, "", "playground", "public", "", None, 108.3, 15.7) for name in "AB"}
    at = folder
    for k, (commune, own) in enumerate({OTHER: "B", HOME: "A"}.items()):
        blank = kit.made(commune, place_of[own])
        head = {"surveyor": f"UBND {k}", "surveyed_on": date(2026, 5, 11 + k), "blank": blank}
        form = filled(
            tmp_path / f"{k}.xlsx", {**KNOWN, "area_m2": 500 - 100 * (own == "B"), "x": None, "y": None}, **head
        )
        assert bring(form, study=at, out=tmp_path / f"new{k}") == 0
        at = tmp_path / f"new{k}"
    assert sorted(pyogrio.read_dataframe(at / SURVEYED)["play_area_id"]) == ["A", "B"]
    assert not (at / INVENTORY).exists()
    assert [row["attribution"] for row in load.study(at).sources] == ["A club", "UBND 0", "UBND 1"]
    pd.testing.assert_frame_equal(gaps(at), gaps(small.write(tmp_path / "k")), check_exact=False)


def test_a_layer_drawn_in_gis(tmp_path):
    path = shutil.copy(kit.form("gpkg"), tmp_path / "form.gpkg")
    points = pyogrio.read_dataframe(path, layer="san_choi_diem")
    assert points["play_area_id"].tolist() == ["A"]
    points["check"] = "right"
    write(path, points, "san_choi_diem")
    yard = {
        **dict.fromkeys(points.columns),
        "name": "Sân đình",
        "kind": "playground",
        "access": "public",
        "area_m2": 200.0,
    }
    yard["measured"] = "paced"
    yard["geometry"] = small.square(600, 600, 20, 20)
    write(path, gpd.GeoDataFrame([yard], geometry="geometry", crs=small.CRS), "san_choi_vung")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE phieu SET surveyor = 'UBND', surveyed_on = '2026-05-11'")
    database.close()
    assert bring(path, out=tmp_path / "new") == 0
    found = load.inputs(load.study(tmp_path / "new"), tmp_path / "new", load.Notes()).play_areas.set_index(
        "play_area_id"
    )
    made = found.loc[f"KS/{HOME}/1"]
    assert made.geometry.equals_exact(small.square(600, 600, 20, 20), 1e-3, normalize=True)
    assert made["usable_m2"] == 200.0  # of the 400 m² that were drawn
    assert found.loc["A"].geometry.distance(shapely.Point(X + 250, Y + 500)) < 1e-6


def write(path, frame, layer):
    with sqlite3.connect(path) as database:
        database.execute(f"DELETE FROM {layer}")
    database.close()
    kind = "MultiPolygon" if layer == "san_choi_vung" else "Point"
    pyogrio.write_dataframe(
        frame, path, layer=layer, driver="GPKG", append=True, geometry_type=kind, promote_to_multi=kind != "Point"
    )


def test_files_elsewhere_are_named_from_the_new_folder(tmp_path):
    folder = kit.study(tmp_path / "deep" / "study")
    (tmp_path / "data").mkdir()
    shutil.move(folder / "roads.gpkg", tmp_path / "data" / "roads.gpkg")
    (folder / "tables").mkdir()
    shutil.move(folder / "children.csv", folder / "tables" / "children.csv")
    small.replace(folder, "roads.gpkg", "../../data/roads.gpkg")
    small.replace(folder, "children.csv", "tables/children.csv")
    assert bring(filled(tmp_path / "a.xlsx", KNOWN), study=folder, out=tmp_path / "x" / "y" / "new") == 0
    new = tmp_path / "x" / "y" / "new"
    assert load.study(new)["network"]["path"] == "../../../data/roads.gpkg"
    assert (new / "tables" / "children.csv").is_file()
    assert "unknown" not in set(gaps(new)["status"])


def test_the_folder_must_be_free_and_errors_can_be_had_as_json_and_in_vietnamese(tmp_path, capsys):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine.txt").write_text("", "utf-8")
    form = filled(tmp_path / "a.xlsx", {**KNOWN, "area_m2": "1.200"}, surveyed_on=None)
    assert bring(form, out=tmp_path / "new") == 4
    capsys.readouterr()
    assert bring(form, out=tmp_path / "other", more=["--json"]) == 6
    errors = json.loads(capsys.readouterr().out)["errors"]
    assert len(errors) == 2
    assert all(each["came"] and each["expected"] and each["todo"] and each["vi"] for each in errors)
    assert bring(form, out=tmp_path / "other", more=["--lang", "vi"]) == 6
    assert "chưa ghi ngày khảo sát" in capsys.readouterr().err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.xlsx", "new"]


# --- every row of the table of faults ---------------------------------------------------------------------------------


def changed(record):
    """A form whose record of itself is other."""

    def change(book):
        for row in book["sanchoi"].iter_rows():
            if row[0].value in record:
                row[1].value = record[row[0].value]

    return change


@case
def wrong_commune(path):
    return filled(path, KNOWN, change=other(commune_id="X9"))


@case
def wrong_name(path):
    return filled(path, KNOWN, change=other(commune="Tam Kỳ"))


@case
def wrong_vintage(path):
    return filled(path, KNOWN, change=other(vintage="2019-01-01"))


def other(**record):
    """A form that was made of another commune or study: its own id fits what it says."""
    form = survey_files.read(kit.form("xlsx")).form
    made = type(form)(**{**vars(form), **record})
    return changed({**record, "form_id": made.form_id})


@case
def changed_record(path):
    return filled(path, KNOWN, change=changed({"commune_id": OTHER}))


@case
def old_version(path):
    return filled(path, KNOWN, change=changed({"version": "0"}))


@case
def no_form(path):
    openpyxl.Workbook().save(path)
    return path


@case
def no_column(path):
    def change(book):
        sheet = book.worksheets[1]
        sheet.cell(kit.top(sheet), 5).value = "Thứ"

    return filled(path, KNOWN, change=change)


@case
def outside(path):
    return filled(path, KNOWN, {**NEW, "y": X + 1500})


@case
def no_zone(path):
    return filled(path, KNOWN, {**NEW, "x": 2_400_000})


@case
def half_coordinates(path):
    return filled(path, KNOWN, {**NEW, "y": None})


@case
def no_place(path):
    return filled(path, KNOWN, {**NEW, "x": None, "y": None})


@case
def bad_square(path):
    return filled(path, KNOWN, {**NEW, "x": None, "y": None, "square": "Z99"})


@case
def unknown_kind(path):
    return filled(path, KNOWN, {**NEW, "kind": "sân golf"})


@case
def no_kind(path):
    return filled(path, KNOWN, {**NEW, "kind": None})


@case
def area_thousands(path):
    return filled(path, KNOWN, {**NEW, "area_m2": "1.200"})


@case
def area_zero(path):
    return filled(path, KNOWN, {**NEW, "area_m2": 0})


@case
def area_and_unknown(path):
    return filled(path, KNOWN, {**NEW, "measured": "chưa biết"})


@case
def no_name(path):
    return filled(path, KNOWN, {**NEW, "name": None})


@case
def formula(path):
    return filled(path, KNOWN, {**NEW, "area_m2": "=10*12"})


@case
def row_twice(path):
    return filled(path, KNOWN, NEW, NEW)


@case
def on_record(path):
    return filled(path, KNOWN, {**NEW, "x": Y + 501, "y": X + 250})


@case
def not_answered(path):
    return filled(path, {}, NEW)


@case
def row_lost(path):
    def change(book):
        sheet = book.worksheets[1]
        for cell in sheet[kit.top(sheet) + 1]:
            cell.value = None

    return filled(path, {}, NEW, change=change)


@case
def none_and_rows(path):
    return filled(path, KNOWN, none="X")


@case
def not_filled(path):
    return filled(path, {"check": "không có"})


@case
def no_surveyor(path):
    return filled(path, KNOWN, surveyor=None)


@case
def no_date(path):
    return filled(path, KNOWN, surveyed_on=None)


@case
def future_date(path):
    return filled(path, KNOWN, surveyed_on=Noon.now(VIETNAM).date() + timedelta(days=1))


@case
def bad_date(path):
    return filled(path, KNOWN, surveyed_on="31/02/2026")


@case
def two_forms(path):
    return filled(path, KNOWN), filled(path.with_name("b.xlsx"), KNOWN, NEW)


@case
def missing(path):
    return path


@case
def old_xls(path):
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    return path


@case
def no_workbook(path):
    path.write_text("Sân chơi", "utf-8")
    return path


@case
def other_zip(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("word/document.xml", "<a/>")
    return path


def repacked(path, name, body):
    """A form in which one part of the file is other."""
    with (
        zipfile.ZipFile(filled(path.with_name(f"sound-{path.name}"), KNOWN)) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as sink,
    ):
        for each in source.namelist():
            sink.writestr(each, body if each == name else source.read(each))
    return path


@case
def broken(path):
    return repacked(path, "xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row>")


@case
def zip_bomb(path):
    return repacked(path, "xl/worksheets/sheet2.xml", b"<worksheet>" + b" " * 60_000_000)


@case
def entities(path):
    body = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'
    return repacked(path, "xl/worksheets/sheet2.xml", body)


@case
def large(path):
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(11_000_000)
    return path


@case
def broken_gpkg(path):
    path.write_bytes(kit.form("gpkg").read_bytes()[:20_000])
    return path


@case
def gpkg_without_place(path):
    form = shutil.copy(kit.form("gpkg"), path.with_name("form.gpkg"))
    with sqlite3.connect(form) as database:
        database.execute("UPDATE phieu SET surveyor = 'UBND', surveyed_on = '2026-05-11'")
    database.close()
    yard = pyogrio.read_dataframe(form, layer="san_choi_diem").assign(play_area_id=None, check=None, name="Sân")
    write(form, yard.set_geometry(gpd.GeoSeries([None], crs=yard.crs)), "san_choi_vung")
    return form.rename(path)  # whatever its name


@case
def none_and_stock(path):
    return filled(path, none="x", blank=kit.made(HOME))


def test_play_areas_that_a_form_does_not_list_are_told(tmp_path, capsys):
    """A stands in Hòa Phú since the form was made: nobody looked at it, and it counts."""
    form = filled(tmp_path / "a.xlsx", NEW, blank=kit.made(HOME))
    assert bring(form, out=tmp_path / "new") == 0
    assert f"the study has play areas in {HOME} that the form does not list, 1: A" in capsys.readouterr().out
    assert bring(filled(tmp_path / "b.xlsx", KNOWN, NEW), out=tmp_path / "other") == 0
    assert "does not list" not in capsys.readouterr().out


def test_the_table_and_the_cases_agree():
    assert set(ROWS) == set(CASES)


ALONE = ("two-forms", "on-record")
"""Faults that a form has beside others, and not by itself."""


def test_every_row_in_one_call_since_all_faults_of_all_forms_are_told(tmp_path, capsys):
    forms = {name: make(tmp_path / f"{name}.xlsx") for name, make in CASES.items() if name not in ALONE}
    assert bring(*forms.values(), out=tmp_path / "new", more=["--json"]) in (4, 6)
    shown = capsys.readouterr()
    assert shown.err == ""
    errors = json.loads(shown.out)["errors"]
    assert all(each["came"] and each["expected"] and each["todo"] and each["vi"] for each in errors)
    for name in forms:
        own = [each for each in errors if f"{name}.xlsx" in each["came"]]
        assert {each["exit_code"] for each in own} <= {4, 6}
        holds(name, " ".join(" · ".join((each["came"], each["expected"], each["todo"])) for each in own))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ALONE)
def test_row(name, tmp_path, capsys):
    made = CASES[name](tmp_path / "a.xlsx")
    assert bring(*(made if isinstance(made, tuple) else (made,)), out=tmp_path / "new") == 6
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Traceback" not in shown.err
    holds(name, shown.err)
    assert not (tmp_path / "new").exists()


def holds(name, told):
    for part in ROWS[name].split(" · "):
        assert part.strip("`") in told, f"{name}: {part!r} is not in {told!r}"


def test_a_sheet_that_claims_a_million_rows_is_read_as_far_as_a_form_goes(tmp_path):
    def change(book):
        book.worksheets[1]["A1048576"] = None
        book.worksheets[1]["XFD1"] = None

    read = survey_files.read(filled(tmp_path / "a.xlsx", KNOWN, change=change))
    assert len(read.lines) == 1


def test_a_layer_that_is_a_view_is_no_layer(tmp_path, capsys):
    path = shutil.copy(kit.form("gpkg"), tmp_path / "form.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE san_choi_diem")
        database.execute("CREATE VIEW san_choi_diem AS SELECT * FROM phieu")
    database.close()
    assert bring(path, out=tmp_path / "new") in (4, 6)
    assert "san_choi_diem" in capsys.readouterr().err
