"""DXF: layers a theme, outlines with attributes that come back, texts that every reader shows, nothing of a text that is a code."""

import cad_export as exported
import ezdxf
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
import small
from hypothesis import given, settings
from sanchoi.api.cli import main
from sanchoi.api.exporting import dxf, dxf_text, dxf_themes, layers
from sanchoi.gis.errors import CRSError, SourceError
from sanchoi.gis.sources import drawing_data, vector
from sanchoi.gis.sources.arrival import Arrival
from shapely.geometry.base import BaseGeometry


def made(context, folder):
    folder.mkdir(exist_ok=True)
    paths = dxf.make(context, "", folder)
    assert sorted(folder.iterdir()) == sorted(paths)
    return paths[0]


def equal(old, new):
    """Whether a column came back."""
    for one, two in zip(old, new, strict=True):
        if isinstance(one, str):
            assert two == one
        else:
            assert pd.isna(two) if pd.isna(one) else float(one) == float(two)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    context = exported.context()
    return context, made(context, tmp_path_factory.mktemp("dxf") / "a")


def test_every_layer_comes_back_with_its_attributes(drawn):
    context, path = drawn
    back = drawing_data.layers(path)
    for layer in layers.layers(context):
        there, new = layer.to(context.crs).frame, back.pop(layer.name)
        assert exported.same(new.geometry, there.geometry, 1e-6)
        for column in there.columns.drop("geometry"):
            equal(there[column], new[column] if column in new else [None] * len(new))
    assert not back


def test_the_same_layers_give_the_same_bytes(drawn, tmp_path):
    _, path = drawn
    again = made(exported.context(), tmp_path / "b")
    assert again.read_bytes() == path.read_bytes()
    assert not ezdxf.options.write_fixed_meta_data_for_testing


def test_the_drawing_is_sound_and_says_what_it_is(drawn):
    context, path = drawn
    drawing = ezdxf.readfile(path)
    audit = drawing.audit()
    assert not audit.errors
    assert not audit.fixes
    assert drawing.dxfversion == "AC1024"
    head = drawing.header
    assert (head["$INSUNITS"], head["$MEASUREMENT"]) == (6, 1)
    assert head["$EXTMAX"][0] - head["$EXTMIN"][0] == pytest.approx(2000, abs=0.01)  # two communes of 1 km
    assert head["$EXTMIN"][0] == pytest.approx(small.X, abs=0.01)
    assert drawing.styles.get(dxf.STYLE).dxf.font == "arial.ttf"
    names = {each.dxf.name: each for each in drawing.layers}
    assert {"RANH_XA", "RANH_XA_CHU", "HIEN_TRANG_TAT_CA", "SAN_CHOI", "THUA_DAT", "THUA_DAT_CHU", "DIA_DIEM"} <= set(
        names
    )
    assert all(name.isascii() for name in names)
    assert names["HIEN_TRANG_0_5"].description == "Hiện trạng sân chơi theo xã, 0–5 tuổi"
    assert names["HIEN_TRANG_0_5"].is_off()
    assert names["HIEN_TRANG_TAT_CA"].is_on()
    notes = [each.text for each in drawing.modelspace().query(f'MTEXT[layer=="{dxf_themes.NOTE}"]')]
    assert "VN-2000 / TM-3 107-45 (EPSG:5899)" in notes[1]
    assert pyproj.CRS(path.with_suffix(".prj").read_text("ascii")).to_epsg(min_confidence=20) == 5899
    assert any("VN-2000" in each for each in context.notes[dxf.NAME])


def test_texts_stand_inside_their_parcels(drawn):
    context, path = drawn
    texts = pyogrio.read_dataframe(path)
    texts = texts[texts["Layer"] == "THUA_DAT_CHU"]
    parcels = next(each for each in layers.layers(context) if each.kind == "parcels").to(context.crs).frame
    for _, parcel in parcels.iterrows():
        inside = texts[texts.within(parcel.geometry)]["Text"].tolist()
        assert inside == [f"{parcel['parcel_id']}\n{parcel['land_use']}"]


def test_gdal_reads_vietnamese_and_so_does_debian(drawn):
    _, path = drawn
    ours = pyogrio.read_dataframe(path)
    assert {"Hòa Phú", "Đại Lãnh"} <= set(ours.loc[ours["Layer"] == "RANH_XA_CHU", "Text"])
    hatches = ours[ours["Layer"] == "HIEN_TRANG_TAT_CA"]
    assert hatches.geom_type.tolist() == ["Polygon", "Polygon"]
    told = exported.ogrinfo(path)
    assert "Text (String) = Đại Lãnh" in told
    assert "Layer (String) = HIEN_TRANG_TAT_CA" in told


def test_convert_makes_polygons_with_attributes_of_it(drawn, tmp_path, capsys):
    _, path = drawn
    asked = ["--assume-crs", "5899", "--layer"]
    assert main(["convert", str(path), str(tmp_path / "out.gpkg"), *asked, "parcels"]) == 0
    back = pyogrio.read_dataframe(tmp_path / "out.gpkg")
    assert back.geom_type.unique().tolist() == ["Polygon"]
    assert back.loc[back["parcel_id"] == "P/3", "owner"].tolist() == ["=cmd|' /C calc'!A0"]
    assert back.crs.to_epsg() == 5899
    assert main(["convert", str(path), str(tmp_path / "b.gpkg"), *asked, "RANH_XA,RANH_XA_CHU"]) == 0
    assert pyogrio.read_info(tmp_path / "b.gpkg")["features"] == 4  # two outlines, two names
    with pytest.raises(SourceError, match=r"one of .*parcels.*RANH_XA"):
        vector.read(path, "nothing", arrival=Arrival(assume_crs="5899"))
    outlines = Arrival(assume_crs="5899", from_lines=True)
    found = vector.read(path, "THUA_DAT,THUA_DAT_CHU", arrival=outlines)
    assert found["land_use"].dropna().tolist().count("BCS") == 2
    capsys.readouterr()


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4756", "EPSG:2228"])
def test_degrees_and_feet_are_refused(crs, tmp_path):
    with pytest.raises(CRSError, match=r"are no metres.*--crs"):
        dxf.make(exported.context(crs=crs), "", tmp_path)
    assert not list(tmp_path.iterdir())


def test_holes_parts_none_and_many_corners(tmp_path, monkeypatch):
    point, line = shapely.Point(small.X, small.Y), shapely.LineString([(small.X, small.Y), (small.X + 9, small.Y + 1)])
    two = shapely.MultiPolygon([exported.holed(0, 0), exported.holed(200, 200)])
    shapes: list[BaseGeometry] = [exported.holed(), two, exported.star(20_000), shapely.MultiPoint([point]), line]
    frame = exported.frame([*shapes, None, shapely.Polygon(), shapely.GeometryCollection([point, line])])
    exported.given(
        monkeypatch, ("play_areas", frame), ("gaps_all", "gaps", frame.iloc[:3].assign(status=["met", "unknown", None]))
    )
    context = exported.context()
    path = made(context, tmp_path / "a")
    back = drawing_data.layers(path)
    whole = frame.to_crs(5899).geometry
    assert exported.same(back["play_areas"].geometry.iloc[:5], whole.iloc[:5], 1e-6)
    assert back["play_areas"].geom_type.iloc[5:].tolist() == ["GeometryCollection"]
    assert exported.same(back["gaps_all"].geometry, whole.iloc[:3], 1e-6)
    assert any("geometry (2)" in each for each in context.notes[dxf.NAME])
    assert not ezdxf.readfile(path).audit().errors
    gdal = pyogrio.read_dataframe(path)
    holed = gdal[gdal["Layer"] == "HIEN_TRANG_TAT_CA"].geometry.iloc[0]
    assert holed.area == pytest.approx(100 * 100 - 20 * 20, abs=0.01)


def test_a_result_without_parcels_and_a_commune_alone(tmp_path):
    context = exported.context(communes=["Hòa Phú"])
    for name in ("parcels", "usable", "sites"):
        context.result.tables.pop(name)
    back = drawing_data.layers(made(context, tmp_path / "a"))
    assert back["communes"]["name"].tolist() == ["Hòa Phú"]
    assert "parcels" not in back
    drawing = ezdxf.readfile(tmp_path / "a" / dxf.NAME)
    assert not [each for each in drawing.layers if each.dxf.name.startswith(("THUA", "DIA"))]


def test_a_text_too_long_for_a_drawing_is_left_out_and_told(tmp_path, monkeypatch):
    exported.given(monkeypatch, ("parcels", exported.parcels(["x" * 20_000, "y" * 14_000])))
    context = exported.context()
    back = drawing_data.layers(made(context, tmp_path / "a"))["parcels"]
    assert back["owner"].isna().tolist() == [True, False]
    assert any("owner (1)" in each for each in context.notes[dxf.NAME])


@settings(max_examples=40, deadline=None)
@given(text=exported.TEXTS)
def test_any_text_is_one_line_and_comes_back(text):
    escaped = drawing_data.escape(text)
    assert "\n" not in escaped
    assert "\r" not in escaped
    assert drawing_data.plain(escaped) == text
    found, left = drawing_data.tags(
        "parcels", 1, 2, 3, {"owner": text, "cost": 1.5, "rank": 7, "no": None, "yes": True}
    )
    assert not left
    assert all(len(str(value).encode()) <= 255 for _, value in found)
    assert drawing_data.values(found[4:]) == {"owner": text, "cost": 1.5, "rank": 7, "yes": True}


@settings(max_examples=4, deadline=None)
@given(texts=exported.st.lists(exported.TEXTS, min_size=1, max_size=4))
def test_no_text_becomes_part_of_the_drawing(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("dxf")
    frame = exported.parcels(texts).assign(parcel_id=texts, land_use=texts)
    with pytest.MonkeyPatch.context() as patch:
        exported.given(patch, ("parcels", frame))
        path = made(exported.context(), folder / "a")
    drawing = ezdxf.readfile(path)
    assert not drawing.audit().errors
    kinds = {each.dxftype() for each in drawing.modelspace()}
    assert kinds <= {"LWPOLYLINE", "MTEXT"}
    assert len(drawing.modelspace().query("LWPOLYLINE")) == len(texts)
    back = drawing_data.layers(path)["parcels"]
    equal(texts, back["owner"])
    shown = pyogrio.read_dataframe(path)
    lines = [each for each in (dxf_text.one_line(text) for text in texts) if each]
    told = shown.loc[shown["Layer"] == "THUA_DAT_CHU", "Text"].dropna().tolist()
    assert len(told) == len(lines)
    for line, text in zip(lines, told, strict=True):
        one, two = text.split("\n")
        assert one == two
        assert line == one or (one.endswith("...") and line.startswith(one[:-3]))


def test_values_keep_their_kinds():
    given = {
        "a": np.bool_(True),
        "b": np.int64(5),
        "c": np.float64(5.0),
        "d": 2**40,
        "e": "5",
        "f": float("inf"),
        "g": "",
    }
    found, _ = drawing_data.tags("x", 0, 0, 0, given)
    back = drawing_data.values(found[4:])
    assert back == {"a": True, "b": 5, "c": 5.0, "d": float(2**40), "e": "5", "g": ""}
    assert isinstance(back["a"], bool)
    assert isinstance(back["e"], str)
