"""CSV: a file a table, harmless in a spreadsheet, with a dictionary of its columns."""

import csv
import math

import exported
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from sanchoi.api.exporting import csv_tables, imprint
from sanchoi.api.exporting.csv_columns import COLUMNS, OF_TABLE, heading, meaning
from sanchoi.api.exporting.parts import NEVER
from sanchoi.gis.errors import CRSError
from sanchoi.gis.tables import DECLARATIONS
from sanchoi.gis.workbook import FORMULA


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return exported.make("csv", tmp_path_factory.mktemp("csv"))


def test_every_table_and_its_rows(made):
    files, _ = made
    tables = exported.small().tables
    for name in ("gaps", "parcels", "screening", "sites", "plan_gaps", "play_areas", "constraints", "why_not"):
        found = read(files[f"{name}.csv"])
        assert len(found) == len(tables[name]), name
        equal(found, tables[name])


def equal(found, table, lost=lambda text: text):
    for row, (_, wanted) in zip(found, table.iterrows(), strict=True):
        for column in table.columns.drop("geometry", errors="ignore"):
            value, text = wanted[column], row[column]
            if exported.unknown(value) or value == "":
                assert text == "", column
            elif isinstance(value, str):
                kept = lost(value)
                assert text == ("'" + kept if kept.startswith(FORMULA) else kept), column
            elif text in ("true", "false"):
                assert (text == "true") == bool(value), column
            elif isinstance(value, pd.Timestamp):
                assert pd.Timestamp(text) == value
            else:
                assert float(text) == float(value), column


def test_a_spreadsheet_runs_nothing(made):
    files, at_work = made
    (row,) = [row for row in read(files["parcels.csv"]) if row["parcel_id"] == "P/3"]
    assert row["owner"] == "'=cmd|' /C calc'!A0"
    assert any("dấu nháy đơn" in each for each in at_work.notes["parcels.csv"])


def test_x_is_north_and_y_is_east(made):
    files, _ = made
    land = exported.small().tables["parcels"].set_index("parcel_id").to_crs(5899)
    for row in read(files["parcels.csv"]):
        centre = land.geometry[row["parcel_id"]].centroid
        assert float(row["x_north_m"]) == pytest.approx(centre.y, abs=2e-3)
        assert float(row["y_east_m"]) == pytest.approx(centre.x, abs=2e-3)
        assert 1.5e6 < float(row["x_north_m"]) < 2e6  # northings of central Vietnam
        assert 3e5 < float(row["y_east_m"]) < 7e5


def test_the_point_lies_inside():
    bay = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 3, 2) - shapely.box(2.9, 0, 3, 3)
    hook = shapely.Polygon([(0, 0), (3, 0), (3, 3), (2.8, 3), (2.8, 0.2), (0, 0.2)])
    table = exported.gpd.GeoDataFrame({"k": [1, 2, 3]}, geometry=[bay, hook, None], crs=4326)
    found = csv_tables.placed(table, pyproj.CRS(4326))
    assert not hook.contains(hook.centroid)
    assert hook.intersects(shapely.Point(found["lon"][1], found["lat"][1]))
    assert math.isnan(found["lon"][2])
    assert list(found.columns) == ["k", "lon", "lat"]


def test_bom_only_where_it_is_wanted(tmp_path, made):
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in made[0].values())
    files, _ = exported.make("csv", tmp_path, bom=False)
    assert not any(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in files.values())
    assert {n: b"\xef\xbb\xbf" + p.read_bytes() for n, p in files.items()} == {
        n: p.read_bytes() for n, p in made[0].items()
    }
    assert all(path.read_bytes().endswith(b"\r\n") for path in files.values())


def test_a_commune_alone(tmp_path):
    files, at_work = exported.make("csv", tmp_path, communes=("Hòa Phú",))
    tables = exported.small().tables
    mine = set(tables["parcels"].query("commune_id == 'Hòa Phú'")["parcel_id"])
    assert {row["parcel_id"] for row in read(files["screening.csv"])} == mine
    assert {row["commune_id"] for row in read(files["gaps.csv"])} == {"Hòa Phú"}
    assert len(read(files["constraints.csv"])) == len(tables["constraints"])
    if "budget_curve.csv" in files:
        lost = imprint.WORDS["lost"][0]
        assert at_work.notes["budget_curve.csv"] == [lost, "Của cả kết quả, không riêng phần đã chọn."]


def test_dictionary_tells_every_column(made):
    files, at_work = made
    told = {(row["table"], row["column"]): row for row in read(files["columns.csv"])}
    for name, path in files.items():
        if name != "columns.csv":
            for column in read(path)[0]:
                row = told[(name.removesuffix(".csv"), column)]
                assert row["vi"]
                assert row["en"]
    assert told["parcels", "x_north_m"]["vi"] == "X (Bắc) của điểm đó"
    assert told["parcels", "verdict"]["values_vi"].startswith("eligible = Phù hợp; conditional = Có điều kiện")
    assert "crowded = Crowded" in told["gaps", "status"]["values_en"]
    assert told["parcels", "area_m2"]["values_vi"] == ""
    assert "X (bắc)" in at_work.notes["columns.csv"][0]
    assert "EPSG:5899" in at_work.notes["columns.csv"][0]


def test_every_declared_column_has_words():
    for name, declared in DECLARATIONS.items():
        for column in declared.columns:
            if column != "geometry":
                assert column in COLUMNS or (name, column) in OF_TABLE, (name, column)
    assert meaning("cells", "covered_0_5")[:2] == (
        "Đi bộ tới được sân chơi, 0–5 tuổi",
        "Within walking distance of one, ages 0–5",
    )
    assert heading("gaps", "access_m2_per_child", "vi").endswith("(m²/trẻ)")
    assert heading("gaps", "children", "en") == "Children"


def test_crs_in_degrees_and_in_feet(tmp_path):
    files, at_work = exported.make("csv", tmp_path / "a", crs="EPSG:4326")
    assert "x_north_m" not in read(files["parcels.csv"])[0]
    assert "không có X, Y" in at_work.notes["columns.csv"][0]
    with pytest.raises(CRSError, match="foot"):
        exported.make("csv", tmp_path / "b", crs="EPSG:2263")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exported.hostile_tables())
def test_whatever_the_rows(tmp_path_factory, tables):
    files, _ = exported.make("csv", tmp_path_factory.mktemp("any"), tables)
    equal(read(files["play_areas.csv"]), tables["play_areas"], lambda text: NEVER.sub("", text))


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", '"', ",", "\t"])
def test_no_sign_in_a_name_breaks_its_row(tmp_path, sign):
    """A bare carriage return ends a line for spreadsheets as well as for the csv module."""
    csv_tables.write(pd.DataFrame({"name": [f"Xã{sign}A", "B"], "children": [1.0, 2.0]}), tmp_path / "a.csv", bom=False)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["name", "children"], [f"Xã{sign}A", "1.0"], ["B", "2.0"]]
