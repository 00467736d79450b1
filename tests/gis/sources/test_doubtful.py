"""Numbers that cannot be meant: refused or told, never taken as they stand."""

import ezdxf
import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from sanchoi.gis import guess
from sanchoi.gis.errors import ContractError, CRSError
from sanchoi.gis.sources import columns, table, vector
from sanchoi.gis.sources.arrival import Arrival


def workbook(path, rows, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    book.save(path)
    return path


@pytest.mark.parametrize("number", [120, 120.5])
def test_a_number_merged_over_two_rows_is_of_neither(tmp_path, number):
    """120 children of A and B together: 120 of each would be 240."""
    rows = [["Mã", "Tên", "Trẻ em"], ["1", "A", number], ["2", "B", None], ["3", "C", 50]]
    told = []
    found = table.read(workbook(tmp_path / "a.xlsx", rows, ["C2:C3"]), told=told)
    assert [each.code for each in told] == ["merged_filled", "merged_numbers"]
    assert f"{number}" in told[1].en
    with pytest.raises(ContractError, match=f"{number} .*one cell.* several rows") as refused:
        columns.numbers(found, "Trẻ em", "children", keys=found["Mã"].tolist())
    assert "1" in str(refused.value)
    assert columns.numbers(found.iloc[[2]], "Trẻ em", "children").tolist() == [50]


def test_a_code_or_a_name_merged_over_its_rows_is_of_each(tmp_path):
    rows = [["Huyện", "Mã huyện", "Trẻ em"], ["Núi Thành", 517, 1], [None, None, 2], ["Tiên Phước", 510, 3]]
    told = []
    found = table.read(workbook(tmp_path / "a.xlsx", rows, ["A2:A3", "B2:B3"]), told=told)
    assert found["Huyện"].tolist() == ["Núi Thành", "Núi Thành", "Tiên Phước"]
    assert columns.keys(found, "Mã huyện", "zones") == ["517", "517", "510"]
    assert columns.numbers(found, "Trẻ em", "children").tolist() == [1, 2, 3]


def rows(tmp_path, *lines):
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("x", "y", "crs"),
    [
        ("108.2", "15.9", "5899"),  # degrees
        ("540.000", "1720.000", "5899"),  # marks between thousands
        ("540000000", "1720000000", "5899"),  # millimetres
        ("48540000", "1720000", "3405"),  # the number of the zone before the easting
    ],
)
def test_numbers_that_cannot_be_in_the_crs_confirmed_are_refused(tmp_path, x, y, crs):
    path = rows(tmp_path, "id,x,y", f"1,{x},{y}")
    with pytest.raises(CRSError, match=f"cannot be in EPSG:{crs}"):
        vector.read(path, arrival=Arrival(assume_crs=crs))


@pytest.mark.parametrize("turned", [False, True])
def test_rows_of_which_one_stands_in_the_other_order_are_refused(tmp_path, turned):
    good, bad = "560000.5,1740000.25", "1740000.25,560000.5"
    lines = [f"1,{bad if turned else good}", f"2,{good if turned else bad}", f"3,{bad if turned else good}"]
    with pytest.raises(CRSError, match=f"{2 if turned else 1} of 3 places cannot be in EPSG:5899"):
        vector.read(rows(tmp_path, "id,x,y", *lines), arrival=Arrival(assume_crs="5899"))


def test_a_latitude_of_108_degrees_is_refused(tmp_path):
    with pytest.raises(CRSError, match=r"1 of 1 .*15\.9.*108\.2"):
        vector.read(rows(tmp_path, "id,lon,lat", "1,15.9,108.2"))
    assert vector.read(rows(tmp_path, "id,lon,lat", "1,108.2,15.9")).geometry.iloc[0].coords[0] == (108.2, 15.9)


def drawing(path, *places, side=50.0):
    made = ezdxf.new("R2010")
    for x, y in places:
        made.modelspace().add_lwpolyline([(x, y), (x + side, y), (x + side, y + side), (x, y + side)], close=True)
    made.saveas(path)
    return path


def test_a_drawing_in_millimetres_is_refused_and_one_stray_thing_is_told(tmp_path):
    """A square at the origin is a sign of the draughtsman, not of another unit."""
    arrival = Arrival(assume_crs="5899", from_lines=True)
    with pytest.raises(CRSError, match="millimetres"):
        vector.read(drawing(tmp_path / "mm.dxf", (5.6e8, 1.74e9), side=50_000), arrival=arrival)
    path = drawing(tmp_path / "a.dxf", (560_000, 1_740_000), (560_100, 1_740_000), (0, 0))
    found = vector.read(path, arrival=arrival)
    assert "stray" in [each.code for each in found.attrs["told"]]


def test_all_that_is_astray_is_counted(tmp_path):
    """Of 4,000 features every 20th at the origin: 200."""
    x, y = np.full(4_000, 560_000.0), np.full(4_000, 1_740_000.0)
    x[3::20] = y[3::20] = 0
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"id": range(4_000)}, geometry=gpd.points_from_xy(x, y), crs=5899).to_file(path)
    told = vector.read(path, arrival=Arrival(assume_crs="5899")).attrs["told"]
    assert [each.count for each in told if each.code == "stray"] == [200]


def test_an_arc_has_its_area(tmp_path):
    """Half a disc of 50 m: π ÷ 2 · 50² = 3,926.99 m²; chords of 4° lose 3.2 m² of it."""
    made = ezdxf.new("R2010")
    made.modelspace().add_lwpolyline([(560_000, 1_740_000, 1), (560_100, 1_740_000, 0)], format="xyb", close=True)
    made.saveas(tmp_path / "a.dxf")
    found = vector.read(tmp_path / "a.dxf", arrival=Arrival(assume_crs="5899", from_lines=True))
    assert found["area_m2"].iloc[0] == pytest.approx(np.pi / 2 * 50**2, abs=0.3)


GROUND = shapely.box(560_000, 2_300_000, 568_000, 2_308_000)


def test_a_zone_that_fits_better_than_the_study_s_own_makes_it_doubtful():
    """The zones of 3° and of 6° at 105° differ by 690 m north: about 5 % of the places fall outside in the study's own."""
    places = shapely.points(*np.random.default_rng(3).uniform(GROUND.bounds[:2], GROUND.bounds[2:], (200, 2)).T)
    xy = guess.places(gpd.GeoSeries(places, crs=5897).to_crs(3405).to_numpy())
    found = guess.guess(xy, GROUND, "EPSG:5897", 5897)
    assert 0.9 < guess.share(xy, "EPSG:5897", GROUND, "EPSG:5897") < 0.98
    assert {found.best.epsg, *(each.epsg for each in found.rivals)} >= {5897, 3405}
    assert not found.sure
    own = guess.places(places)
    assert guess.guess(own, GROUND, "EPSG:5897", 5897).sure


def test_one_outline_is_more_than_its_first_corner():
    """A commune's own outline: its corners lie on the border, its ground does not."""
    assert len(guess.places(np.array([GROUND], dtype=object))) == 1
    for turn in range(4):
        corners = np.roll(np.array(GROUND.exterior.coords)[:-1], turn, axis=0)
        xy = guess.places(np.array([shapely.Polygon(corners)], dtype=object))
        inside = GROUND.buffer(-10)  # drawn a little otherwise
        assert guess.share(xy, "EPSG:5897", inside, "EPSG:5897") == 1


def test_what_an_accepted_guess_could_also_be_is_told(tmp_path):
    wide = shapely.box(500_000, 1_680_000, 620_000, 1_800_000)
    path = rows(tmp_path, "id,x,y", "1,560000,1740000")
    arrival = Arrival(inside=lambda: (wide, "EPSG:5899"), usual=5899, accept_guess=True)
    told = vector.read(path, arrival=arrival).attrs["told"]
    assert [each.code for each in told] == ["crs_guessed"]
    assert "EPSG:5898" in told[0].en
    assert isinstance(pd.Series([told[0].vi]).iloc[0], str)


LINES = Arrival(assume_crs="5899", from_lines=True)


def square(space, x, y, side, **more):
    corners = [(560_000 + x, 1_740_000 + y), (560_000 + x + side, 1_740_000 + y)]
    corners += [(560_000 + x + side, 1_740_000 + y + side), (560_000 + x, 1_740_000 + y + side)]
    space.add_lwpolyline(corners, close=True, dxfattribs=more)
    return corners


def parcel(path):
    """One parcel of 50 m with its number, area and code in it."""
    made = ezdxf.new("R2010")
    square(made.modelspace(), 0, 0, 50)
    made.modelspace().add_text("1 2500.0 DVH", dxfattribs={"insert": (560_010, 1_740_010)})
    return made, path


def test_a_hatch_fills_ground_and_bounds_none(tmp_path):
    """A house is hatched within the parcel: 15 m by 15 m, with the parcel's text in it."""
    made, path = parcel(tmp_path / "a.dxf")
    corners = [(560_005, 1_740_005), (560_020, 1_740_005), (560_020, 1_740_020), (560_005, 1_740_020)]
    made.modelspace().add_hatch().paths.add_polyline_path(corners, is_closed=True)
    made.saveas(path)
    found = vector.read(path, arrival=LINES)
    assert found[["parcel_no", "land_use", "area_m2"]].to_numpy().tolist() == [["1", "DVH", 2500.0]]
    assert "hatches" in [each.code for each in found.attrs["told"]]


def test_a_drawing_of_hatches_alone_is_read(tmp_path):
    made = ezdxf.new("R2010")
    corners = [(560_000, 1_740_000), (560_050, 1_740_000), (560_050, 1_740_050), (560_000, 1_740_050)]
    made.modelspace().add_hatch().paths.add_polyline_path(corners, is_closed=True)
    made.saveas(tmp_path / "a.dxf")
    assert vector.read(tmp_path / "a.dxf", arrival=LINES)["area_m2"].tolist() == [2500.0]


def test_a_hatch_that_no_line_bounds_is_read(tmp_path):
    """A parcel that is hatched alone, 30 m by 30 m, beside one of lines and a way that encloses nothing."""
    made, path = parcel(tmp_path / "a.dxf")
    for x, side in ((0, 50), (100, 30)):
        corners = [(x, 0), (x + side, 0), (x + side, side), (x, side)]
        corners = [(560_000 + east, 1_740_000 + north) for east, north in corners]
        made.modelspace().add_hatch().paths.add_polyline_path(corners, is_closed=True)
    made.modelspace().add_line((559_900, 1_739_900), (560_300, 1_739_900))
    made.saveas(path)
    found = vector.read(path, arrival=LINES)
    assert sorted(found["area_m2"]) == [900.0, 2500.0]
    assert [each.count for each in found.attrs["told"] if each.code == "hatches"] == [1]


def test_a_hatch_beside_open_lines_is_no_parcel(tmp_path):
    made, path = parcel(tmp_path / "a.dxf")
    around = [(100, 0), (150, 0), (150, 50), (100, 50), (100, 0.3)]
    made.modelspace().add_lwpolyline([(560_000 + x, 1_740_000 + y) for x, y in around])
    corners = [(560_110, 1_740_010), (560_120, 1_740_010), (560_120, 1_740_020), (560_110, 1_740_020)]
    made.modelspace().add_hatch().paths.add_polyline_path(corners, is_closed=True)
    made.saveas(path)
    assert vector.read(path, arrival=LINES)["area_m2"].tolist() == [2500.0]


@pytest.mark.parametrize("columns", ["Tọa độ / X (m),Tọa độ / Y (m)", "VN-2000 / x,VN-2000 / y"])
def test_places_under_the_name_of_a_group(tmp_path, columns):
    found = vector.read(rows(tmp_path, f"id,{columns}", "1,560000,1740000"), arrival=Arrival(assume_crs="5899"))
    assert found.geometry.iloc[0].coords[0] == (560_000, 1_740_000)


def test_two_groups_with_places_are_not_chosen_between(tmp_path):
    path = rows(tmp_path, "id,cũ / X,cũ / Y,mới / X,mới / Y", "1,560000,1740000,560100,1740100")
    with pytest.raises(ContractError, match="no columns lon and lat"):
        vector.read(path, arrival=Arrival(assume_crs="5899"))


@pytest.mark.parametrize("pair", ["560000,25;1740000,5", "560.000,25;1.740.000,5"])
def test_metres_with_a_comma_are_told_as_metres(tmp_path, pair):
    """Nobody is sent to name metres lon and lat."""
    with pytest.raises(ContractError, match=r"row 2: x .* metres with a decimal point") as error:
        vector.read(rows(tmp_path, "id;x;y", f"1;{pair}"))
    assert "lon" not in str(error.value)


def test_the_frame_of_a_printed_sheet_is_no_ground(tmp_path):
    made, path = parcel(tmp_path / "a.dxf")
    made.layout("Layout1").add_lwpolyline([(0, 0), (420, 0), (420, 297), (0, 297)], close=True)
    made.saveas(path)
    found = vector.read(path, arrival=LINES)
    assert found["area_m2"].tolist() == [2500.0]
    assert "paper" in [each.code for each in found.attrs["told"]]


@pytest.mark.parametrize("hide", ["off", "freeze"])
def test_lines_on_a_layer_that_is_not_shown_are_told(tmp_path, hide):
    """They may be what is needed, or what is not: who sent it must be asked."""
    made, path = parcel(tmp_path / "a.dxf")
    getattr(made.layers.add("QUY HOACH CU"), hide)()
    square(made.modelspace(), 100, 0, 50, layer="QUY HOACH CU")
    made.layers.add("TRONG").off()
    made.saveas(path)
    found = vector.read(path, arrival=LINES)
    told = {each.code: each.en for each in found.attrs["told"]}
    assert len(found) == 2
    assert "QUY HOACH CU" in told["hidden"]
    assert "TRONG" not in told["hidden"]
