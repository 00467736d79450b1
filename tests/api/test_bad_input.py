"""Every row of docs/bad-input.md: one clear error or a recorded warning, never a traceback, never a silent zero."""

import json
import re
import shutil

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
import small
from sanchoi.api.cli import main
from sanchoi.gis.encoding import encode
from shared import ROOT
from small import CRS, X, Y

ROWS = re.findall(
    r"^\| ([\w-]+) \| (.+?) \| (.+?) \| (\d) \|$", (ROOT / "docs" / "bad-input.md").read_text("utf-8"), re.MULTILINE
)
DOCUMENTED = {case: (message, int(code)) for case, _, message, code in ROWS}
CASES = {}


def case(function):
    CASES[function.__name__.replace("_", "-")] = function
    return function


def spoil(old, new, file="study.toml"):
    return lambda folder: small.replace(folder, old, new, file)


CASES["toml-typo"] = spoil('name = "Small"', 'naem = "Small"')
CASES["toml-section"] = spoil("[communes]", "[comunes]")
CASES["toml-syntax"] = spoil("[communes]", "[communes")
CASES["toml-type"] = spoil("surveyed = true", "surveyed = 3")
CASES["toml-date"] = spoil("date = 2026-06-01", 'date = "someday"')
CASES["crossings-alone"] = spoil('path = "roads.gpkg"', 'crossings = "roads.gpkg"')
CASES["bands-overlap"] = spoil('"6-14"', '"5-14"')
CASES["missing-file"] = spoil("play_areas.gpkg", "play_area.gpkg")
CASES["degrees"] = spoil("EPSG:5899", "EPSG:4326")
CASES["web-mercator"] = spoil("EPSG:5899", "EPSG:3857")
CASES["no-communes"] = spoil('path = "communes.gpkg"', 'path = "communes.gpkg"\nwhere = "name = \'Huế\'"')
CASES["negative-count"] = spoil("Phú,100", "Phú,-5", "children.csv")
CASES["text-count"] = spoil("Phú,100", "Phú,many", "children.csv")
CASES["thousands-mark"] = spoil("Phú,100", "Phú,1.200", "children.csv")
CASES["surveyed-unset"] = spoil("surveyed = true\n", "")
CASES["missing-band"] = spoil('"young"', '"youth"')
CASES["unknown-norm"] = spoil("qcvn-01-2021", "qcvn-01-2012")
CASES["old-norm"] = spoil("2026-06-01", "2019-06-01")
CASES["partial-join"] = spoil("Hòa Phú", "Hoà Phú", "children.csv")
CASES["spare-rows"] = spoil("Đại Lãnh,50,60", "Đại Lãnh,50,60\nTam Kỳ,1,1", "children.csv")


@case
def no_inventory(folder):
    text = (folder / "study.toml").read_text("utf-8")
    (folder / "study.toml").write_text(re.sub(r"\[play_areas\].*?\n\n", "", text, flags=re.DOTALL), "utf-8")


@case
def no_study(folder):
    (folder / "study.toml").unlink()


@case
def broken_gpkg(folder):
    path = folder / "play_areas.gpkg"
    path.write_bytes(path.read_bytes()[:5000])


@case
def broken_pbf(folder):
    osmium = pytest.importorskip("osmium")
    path = folder / "roads.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for i in range(1, 5000):
            writer.add_node(osmium.osm.mutable.Node(id=i, version=1, location=(108.3 + i * 1e-5, 15.7)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    small.replace(folder, 'path = "roads.gpkg"\nbridge = "bridge"', 'path = "roads.osm.pbf"')


@case
def not_pbf(folder):
    (folder / "roads.osm.pbf").write_text("not a map", "utf-8")
    small.replace(folder, 'path = "roads.gpkg"\nbridge = "bridge"', 'path = "roads.osm.pbf"')


@case
def not_utf8(folder):
    (folder / "children.csv").write_bytes("code,young,old\nHòa Phú,1,2\n".encode("cp1258", "replace"))


@case
def crossing_nowhere(folder):
    line = shapely.LineString([(small.X + 500, small.Y + 500), (small.X + 500, small.Y + 800)])
    small.layer(folder, "bridges", gpd.GeoDataFrame(geometry=[line], crs=small.CRS))
    small.replace(folder, 'bridge = "bridge"', 'bridge = "bridge"\ncrossings = "bridges.gpkg"')


@case
def unknown_kind(folder):
    shutil.copy(folder / "roads.gpkg", folder / "roads.dwg")
    small.replace(folder, "roads.gpkg", "roads.dwg")


@case
def several_layers(folder):
    small.roads().to_file(folder / "play_areas.gpkg", layer="more", driver="GPKG")


@case
def out_is_a_file(folder):
    (folder / "out").write_text("", "utf-8")


@case
def no_crs(folder):
    small.communes().to_file(folder / "communes.shp", encoding="utf-8")
    (folder / "communes.prj").unlink()
    small.replace(folder, "communes.gpkg", "communes.shp")


def moved(folder, name, frame, crs):
    small.layer(folder, name, frame.set_crs(crs, allow_override=True))


@case
def swapped_axes(folder):
    found = small.play_areas()
    xy = shapely.get_coordinates(found.geometry.to_numpy())
    small.layer(folder, "play_areas", found.set_geometry(gpd.points_from_xy(xy[:, 1], xy[:, 0], crs=CRS)))


@case
def wrong_zone(folder):
    moved(folder, "play_areas", small.play_areas(), "EPSG:9217")


@case
def communes_wrong_zone(folder):
    moved(folder, "communes", small.communes(), "EPSG:9207")


@case
def metres_as_degrees(folder):
    features = [
        {
            "type": "Feature",
            "properties": {"site": "A", "m2": 5, "access": "public"},
            "geometry": {"type": "Point", "coordinates": [X + 250, Y + 500]},
        }
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "play_areas.geojson").write_text(text, "utf-8")
    small.replace(folder, "play_areas.gpkg", "play_areas.geojson")


@case
def far_away(folder):
    found = small.play_areas()
    small.layer(folder, "play_areas", found.set_geometry(found.translate(-37_000, 61_000)))


def with_raster(folder, values, **place):
    small.raster(folder, values, **place)
    small.add(folder, '\n[population]\npath = "people.tif"\n')


@case
def raster_elsewhere(folder):
    with_raster(folder, [[1.0]], x=90_000)


@case
def raster_no_crs(folder):
    with_raster(folder, [[1.0]], crs=None)


@case
def negative_raster(folder):
    with_raster(folder, [[-7.0] + [1.0] * 19] * 10)


@case
def half_raster(folder):
    with_raster(folder, [[1.0] * 10] * 10)


def outline(folder, shape):
    found = small.communes()
    small.layer(folder, "communes", found.set_geometry(gpd.GeoSeries([found.geometry[0], shape], crs=CRS)))


@case
def empty_outline(folder):
    outline(folder, None)


@case
def flat_outline(folder):
    outline(folder, shapely.Polygon([(X + 1000, Y), (X + 2000, Y), (X + 1500, Y), (X + 1000, Y)]))


@case
def invalid_outline(folder):
    bow = [(1000, 0), (2000, 1000), (2000, 0), (1000, 1000), (1000, 0)]
    outline(folder, shapely.Polygon([(X + x, Y + y) for x, y in bow]))


@case
def overlapping_communes(folder):
    outline(folder, small.square(900, 0, 1100, 1000))


@case
def two_levels(folder):
    whole = gpd.GeoDataFrame({"code": ["H"], "name": ["Huyện"]}, geometry=[small.square(0, 0, 2000, 1000)], crs=CRS)
    small.layer(folder, "communes", pd.concat([small.communes(), whole], ignore_index=True))
    (folder / "children.csv").write_text("code,young,old\nHòa Phú,1,2\nĐại Lãnh,3,4\nH,4,6\n", "utf-8")


@case
def zones_missing(folder):
    small.layer(folder, "zones", gpd.GeoDataFrame({"z": ["Z"]}, geometry=[small.square(0, 0, 1000, 1000)], crs=CRS))
    (folder / "children.csv").write_text("code,young,old\nZ,100,200\n", "utf-8")
    small.replace(folder, "[children]", '[children]\nzones = "zones.gpkg"\nzones_id = "z"')


@case
def points_as_communes(folder):
    found = small.communes()
    small.layer(folder, "communes", found.set_geometry(found.centroid))


@case
def repeated_id(folder):
    small.layer(folder, "communes", small.communes().assign(code="Hòa Phú"))


@case
def nothing_joins(folder):
    (folder / "children.csv").write_text("code,young,old\n1,2,3\n", "utf-8")


@case
def unknown_access(folder):
    small.layer(folder, "play_areas", small.play_areas().assign(access="maybe"))


@case
def network_of_points(folder):
    small.layer(folder, "roads", small.play_areas().assign(bridge=False))


@case
def empty_inventory(folder):
    small.layer(folder, "play_areas", small.play_areas()[:0])


@case
def area_zero(folder):
    small.layer(folder, "play_areas", small.play_areas().assign(m2=[0.0, 400.0]))


@case
def unknown_size(folder):
    small.layer(folder, "play_areas", small.play_areas().assign(m2=[float("nan"), 400.0]))


def with_parcels(folder, *boxes, cost=1.0, more=""):
    shapes = [small.square(*box) for box in boxes]
    ids = [f"P{i + 1}" for i in range(len(shapes))]
    small.layer(folder, "land", gpd.GeoDataFrame({"no": ids, "cost": cost}, geometry=shapes, crs=CRS))
    small.add(folder, f'\n[parcels]\npath = "land.gpkg"\nid = "no"\ncost = "cost"\n{more}')


@case
def siting_both(folder):
    with_parcels(folder, (700, 500, 20, 20), more="\n[siting]\ncount = 1\nbudget = 5\n")


@case
def siting_no_land(folder):
    small.add(folder, "\n[siting]\ncount = 1\n")


@case
def small_budget(folder):
    with_parcels(folder, (700, 500, 20, 20), cost=100.0, more="\n[siting]\nbudget = 99\n")


@case
def constraint_typo(folder):
    with_parcels(folder, (700, 500, 20, 20), more='\n[constraints.watter]\npath = "roads.gpkg"\n')


@case
def constraint_no_path(folder):
    with_parcels(folder, (700, 500, 20, 20), more='\n[constraints.water]\nlayer = "roads"\n')


@case
def negative_cost(folder):
    with_parcels(folder, (700, 500, 20, 20), cost=-1.0)


@case
def siting_cover_all(folder):
    with_parcels(folder, (700, 500, 20, 20), more='\n[siting]\nobjective = "cover_all"\ncount = 1\n')


@case
def siting_objective(folder):
    with_parcels(folder, (700, 500, 20, 20), more='\n[siting]\nobjective = "covr"\ncount = 1\n')


@case
def siting_fixed_and_forbidden(folder):
    more = '\n[siting]\ncount = 1\nfixed = ["P1"]\nforbidden = ["P1"]\n'
    with_parcels(folder, (700, 500, 20, 20), more=more)


@case
def siting_too_many_fixed(folder):
    with_parcels(folder, (700, 500, 20, 20), more='\n[siting]\ncount = 1\nfixed = ["P1", "P2"]\n')


@case
def weights_negative(folder):
    with_parcels(folder, (700, 500, 20, 20), more="\n[weights]\nslope = -1\n")


@case
def nearby_typo(folder):
    with_parcels(folder, (700, 500, 20, 20), more='\n[nearby.shcools]\npath = "play_areas.gpkg"\n')


@case
def code_typo(folder):
    with_parcels(folder, (700, 500, 20, 20), more='land_use = "no"\ncodes = { field = "HNKK" }\n')


@case
def cost_unit(folder):
    with_parcels(folder, (700, 500, 20, 20), more='cost_unit = "VND/m²"\n')


@case
def parcels_where(folder):
    with_parcels(folder, (700, 500, 20, 20), more='where = "colour = 1"\n')


def with_terrain(folder, values, **place):
    with_parcels(folder, (700, 500, 20, 20), (1700, 500, 20, 20), more='\n[terrain]\npath = "dem.tif"\n')
    small.raster(folder, values, name="dem.tif", **place)


@case
def terrain_no_crs(folder):
    with_terrain(folder, [[1.0]], crs=None)


@case
def terrain_elsewhere(folder):
    with_terrain(folder, [[1.0]], x=90_000)


@case
def terrain_no_data(folder):
    with_terrain(folder, [[-9999.0] * 20] * 10)


@case
def terrain_partly(folder):
    with_terrain(folder, [[1.0] * 10] * 10)


@case
def text_cost(folder):
    with_parcels(folder, (700, 500, 20, 20), cost="1.200.000")


@case
def parcels_numbered(folder):
    with_parcels(folder, (700, 500, 20, 20))
    small.replace(folder, 'id = "no"\n', "")


@case
def parcels_outside(folder):
    with_parcels(folder, (700, 500, 20, 20), (2100, 500, 20, 20))


@case
def codes_unused(folder):
    with_parcels(folder, (700, 500, 20, 20), more='land_use = "no"\ncodes = { P1 = "HNK", paddi = "LUC" }\n')


@case
def osm_layer_empty(folder):
    osmium = pytest.importorskip("osmium")
    with osmium.SimpleWriter(str(folder / "town.osm.pbf")) as sink:
        sink.add_node(osmium.osm.mutable.Node(id=1, version=1, location=(108.3, 15.7), tags={"amenity": "fuel"}))
    with_parcels(folder, (700, 500, 20, 20), more='\n[constraints.cemeteries]\npath = "town.osm.pbf"\n')


@case
def large_parcel(folder):
    with_parcels(folder, (500, 400, 300, 200))


@case
def where_nothing(folder):
    more = '\n[constraints.water]\npath = "roads.gpkg"\nwhere = "bridge = 7"\n'
    with_parcels(folder, (700, 500, 20, 20), more=more)


@case
def fixed_excluded(folder):
    with_parcels(folder, (700, 500, 5, 5), more='min_area_m2 = 500\n\n[siting]\ncount = 1\nfixed = ["P1"]\n')


@case
def siting_no_walk(folder):
    small.replace(folder, 'profile = "qcvn-01-2021"\nwalk_m = 300\nm2_per_child = 2', 'profile = "quang-nam-2024"')
    with_parcels(folder, (700, 500, 20, 20), more="\n[siting]\ncount = 1\n")


@case
def overlapping_parcels(folder):
    with_parcels(folder, (700, 500, 20, 20), (715, 515, 20, 21))


@case
def sliver_parcel(folder):
    with_parcels(folder, (700, 500, 20, 20), (800, 500, 0.5, 0.5))


CASES["encoding-typo"] = spoil('path = "communes.gpkg"', 'path = "communes.gpkg"\nencoding = "tcvn"')


@case
def close_gaps_alone(folder):
    with_parcels(folder, (700, 500, 20, 20), more="close_gaps_m = 0.5\n")


@case
def dgn_v8(folder):
    (folder / "roads.dgn").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    small.replace(folder, "roads.gpkg", "roads.dgn")


@case
def dwg(folder):
    (folder / "roads.dwg").write_bytes(b"AC1027" + bytes(600))
    small.replace(folder, "roads.gpkg", "roads.dwg")


def play_areas_as(folder, name, frame, more="", **write):
    pyogrio.write_dataframe(frame, folder / name, **write)
    (folder / name).with_suffix(".prj").unlink(missing_ok=True)
    small.replace(folder, 'path = "play_areas.gpkg"', f'path = "{name}"\n{more}')


def turned():
    found = small.play_areas()
    xy = shapely.get_coordinates(found.geometry.to_numpy())
    return found.set_geometry(gpd.points_from_xy(xy[:, 1], xy[:, 0], crs=CRS))


@case
def crs_guessed(folder):
    play_areas_as(folder, "play_areas.shp", small.play_areas())


@case
def swapped_without_crs(folder):
    play_areas_as(folder, "play_areas.shp", turned())


@case
def swapped_as_assumed(folder):
    play_areas_as(folder, "play_areas.shp", turned(), "assume_crs = 5899")


@case
def assume_crs_typo(folder):
    play_areas_as(folder, "play_areas.shp", small.play_areas(), "assume_crs = 58999")


@case
def crs_confirmed(folder):
    play_areas_as(folder, "play_areas.shp", small.play_areas(), "assume_crs = 5899")


@case
def mapinfo_datum(folder):
    play_areas_as(folder, "play_areas.tab", small.play_areas(), driver="MapInfo File")


@case
def datum_mended(folder):
    play_areas_as(folder, "play_areas.tab", small.play_areas(), "assume_crs = 5899", driver="MapInfo File")


@case
def table_of_metres(folder):
    (folder / "play_areas.csv").write_text(f"site,X,Y,m2,access\nA,{Y + 500},{X + 250},5,public\n", "utf-8")
    small.replace(folder, "play_areas.gpkg", "play_areas.csv")


@case
def two_encodings(folder):
    names = [encode("Sân Đại Lãnh", "tcvn3"), encode("Quế Thọ, Đại Lộc", "vni")]
    small.layer(folder, "play_areas", small.play_areas().assign(ten=names))


@case
def open_lines(folder):
    lines = [shapely.LineString([(X + 700, Y + 500), (X + 720, Y + 500), (X + 720, Y + 520)])]
    small.layer(folder, "land", gpd.GeoDataFrame(geometry=lines, crs=CRS))
    small.add(folder, '\n[parcels]\npath = "land.gpkg"\nfrom_lines = true\n')


@case
def tcvn3(folder):
    found = small.communes()
    names = {column: [encode(each, "tcvn3") for each in found[column]] for column in ("code", "name")}
    pyogrio.write_dataframe(found.assign(**names), folder / "communes.shp", encoding="ISO-8859-1")
    small.replace(folder, "communes.gpkg", "communes.shp")


@case
def unclear_encoding(folder):
    found = small.communes().assign(kind="Xã")
    found["code"] = found["name"] = ["Hoa Phu", "Dai Lanh"]
    pyogrio.write_dataframe(found, folder / "communes.shp", encoding="ISO-8859-1")
    small.replace(folder, "communes.gpkg", "communes.shp")
    (folder / "children.csv").write_text("code,young,old\nHoa Phu,100,200\nDai Lanh,50,60\n", "utf-8")


@case
def merged_heading(folder):
    book = openpyxl.Workbook()
    rows = [["TRẺ EM NĂM 2026"], [], ["code", "Trẻ em", None], [None, "young", "old"]]
    for row in [*rows, ["Hòa Phú", 100, 200], ["Đại Lãnh", 50, 60]]:
        book.active.append(row)
    for area in ("A1:C1", "A3:A4", "B3:C3"):
        book.active.merge_cells(area)
    book.save(folder / "children.xlsx")
    small.replace(folder, 'path = "children.csv"', 'path = "children.xlsx"')
    small.replace(folder, '"young"', '"Trẻ em / young"')
    small.replace(folder, '"old"', '"Trẻ em / old"')


@case
def stated_area(folder):
    shapes = [small.square(700, 500, 20, 20).exterior, shapely.Point(X + 710, Y + 510)]
    drawn = gpd.GeoDataFrame({"Text": [None, "64/500"]}, geometry=shapes, crs=CRS)
    small.layer(folder, "land", drawn)
    small.add(folder, '\n[parcels]\npath = "land.gpkg"\nfrom_lines = true\nid = "parcel_no"\n')


def test_a_plan_of_sites_keeps_standard_output_clean(tmp_path, capfd):
    folder = small.write(tmp_path / "study")
    with_parcels(folder, (700, 500, 20, 20), more="\n[siting]\ncount = 1\n")
    assert main(["run", str(folder), "--out", str(tmp_path / "out"), "--json"]) == 0
    json.loads(capfd.readouterr().out)  # nothing but the one value


def test_the_document_and_the_cases_agree():
    assert len(ROWS) == len(DOCUMENTED)
    assert set(DOCUMENTED) == set(CASES)


def test_the_sound_study_has_no_fault_and_no_warning(tmp_path, capsys):
    small.write(tmp_path / "study")
    assert main(["run", str(tmp_path / "study"), "--out", str(tmp_path / "out"), "--json"]) == 0
    warnings = json.loads(capsys.readouterr().out)["warnings"]
    assert [note["code"] for note in warnings] == ["unverified_norm"]  # the 2 m² per person of QCVN 01 were not read


@pytest.mark.parametrize("name", sorted(CASES))
def test_row(name, tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    CASES[name](folder)
    message, code = DOCUMENTED[name]
    target = folder / "out"
    assert main(["run", str(folder), "--out", str(target), "--quiet"]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Traceback" not in shown.err
    if code:
        told = shown.err
        assert told.startswith("error: ")
        assert not (target / "run.json").is_file()
    else:
        assert shown.err == ""
        record = json.loads((target / "run.json").read_text("utf-8"))
        gaps = pd.read_csv(target / "tables" / "gaps.csv")
        told = " ".join(f"warning {note['code']}: {note['message']}" for note in record["warnings"])
        told += " ".join(f"flag {flag}" for flags in gaps["flags"].dropna() for flag in flags.split(";"))
    for part in re.split(r" · |(?<=[a-z]): ", message):
        assert part.strip("`") in told, f"{part!r} is not in {told!r}"


LATE = ("out-is-a-file", "small-budget", "fixed-excluded", "siting-no-walk")
"""Seen only when the folder is written, or the sites are chosen among parcels that were screened."""


@pytest.mark.parametrize("name", sorted(name for name in CASES if DOCUMENTED[name][1] and name not in LATE))
def test_check_finds_it_too(name, tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    CASES[name](folder)
    assert main(["check", str(folder), "--json"]) == DOCUMENTED[name][1]
    errors = json.loads(capsys.readouterr().out)["errors"]
    assert errors[0]["exit_code"] == DOCUMENTED[name][1]
    assert all(error["came"] and error["expected"] and error["todo"] for error in errors)


def test_check_names_the_faults_of_all_layers_at_once(tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    for name in ("negative-count", "unknown-access", "network-of-points", "unknown-norm"):
        CASES[name](folder)
    assert main(["check", str(folder), "--json"]) == 7
    kinds = [error["error"] for error in json.loads(capsys.readouterr().out)["errors"]]
    assert kinds == ["NormError", "ContractError", "ContractError", "ContractError"]
