"""DGN V7: outlines to a tenth of a millimetre on levels, texts in TCVN3, tables for what it cannot hold."""

import csv

import cad_export as exported
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
import small
from hypothesis import example, given, settings
from sanchoi.api.cli import main
from sanchoi.api.exporting import dgn, dgn_text, layers
from sanchoi.gis import encoding
from sanchoi.gis.errors import ContractError, CRSError

RAW = "ISO-8859-1"


def made(context, folder):
    folder.mkdir(exist_ok=True)
    paths = dgn.make(context, "", folder)
    assert sorted(folder.iterdir()) == sorted(paths)
    return paths[0]


def rows(path, name):
    with (path.parent / f"drawing-dgn-{name}.csv").open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    context = exported.context()
    return context, made(context, tmp_path_factory.mktemp("dgn") / "a")


def test_every_outline_comes_back_and_its_number_finds_its_row(drawn):
    context, path = drawn
    back = pyogrio.read_dataframe(path, encoding=RAW)
    for layer in layers.layers(context):
        there, told = layer.to(context.crs).frame, rows(path, layer.name)
        assert len(told) == len(there)
        for (_, row), said in zip(there.iterrows(), told, strict=True):
            own = back[(back["MSLink"] == int(said["mslink"])) & (back["Level"] == int(said["level"]))]
            shape = row["geometry"]
            if shape.geom_type == "Point":
                place = own.geometry.iloc[0]
                assert shapely.Point(place.coords[0]).distance(shape) < 1e-4
            else:
                assert shapely.union_all(own.geometry.to_numpy()).symmetric_difference(shape).area < 1e-4 * shape.length
                assert exported.same(own.geometry, shapely.get_parts(shape), 1e-4)
            for column in there.columns.drop("geometry"):
                value = row[column]
                text = said[column].removeprefix("'")
                if pd.isna(value):
                    assert text == ""
                elif isinstance(value, str):
                    assert text == value.removeprefix("'")
                elif isinstance(value, (bool, np.bool_)):
                    assert text == str(value)
                else:
                    assert float(text) == float(value)


def test_texts_are_what_cadastral_drawings_have(drawn):
    context, path = drawn
    back = pyogrio.read_dataframe(path, encoding=RAW)
    names = back[(back["Level"] == 2) & (back["Type"] == 17)]["Text"].tolist()
    assert [encoding.decode_tcvn3(each) for each in names] == ["Hòa Phú", "Đại Lãnh"]
    assert any("TCVN3" in each for each in context.notes[dgn.NAME])
    assert any("0.05 mm" in each for each in context.notes[dgn.NAME])


@pytest.mark.parametrize(
    ("text", "read", "whole"),
    [
        ("Điện Bàn Đông", "Điện Bàn Đông", True),
        ("Ái Nghĩa", "ái Nghĩa", False),
        ("P/3 HNK", "P/3 HNK", True),
        ("m² 🙂", "m? ?", False),
        ("Quế Sơn ắ ọ ỹ", "Quế Sơn ắ ọ ỹ", True),
    ],
)
def test_a_text_in_tcvn3(text, read, whole):
    data, all_there = dgn_text.of(text)
    assert encoding.decode_tcvn3(data.decode("latin-1")) == read
    assert all_there == whole


@pytest.mark.parametrize(
    ("line", "small"),
    [
        ("SỐ LIỆU HƯ CẤU: chỉ để thử", "số liệu hư cấu: chỉ để thử"),
        ("[HƯ CẤU] Huyện Sông Lụa", "[hư cấu] Huyện Sông Lụa"),
        ("Hệ VN-2000, QCVN 01, ĐT 604", "Hệ VN-2000, QCVN 01, ĐT 604"),
    ],
)
def test_a_phrase_in_capitals_is_small_as_a_whole(line, small):
    assert dgn_text.small(line) == small


def test_the_same_layers_give_the_same_bytes(drawn, tmp_path):
    _, path = drawn
    made(exported.context(), tmp_path / "b")
    for each in sorted(path.parent.iterdir()):
        assert (tmp_path / "b" / each.name).read_bytes() == each.read_bytes()


def test_convert_and_debian_read_it(drawn, tmp_path, capsys):
    _, path = drawn
    level = rows(path, "parcels")[0]["level"]
    asked = ["--assume-crs", "5899", "--layer", f"{level},{int(level) + 1}"]
    assert main(["convert", str(path), str(tmp_path / "out.gpkg"), *asked, "--polygons-from-lines"]) == 0
    back = pyogrio.read_dataframe(tmp_path / "out.gpkg")
    assert set(back.geom_type) == {"Polygon"}
    assert back["land_use"].dropna().tolist().count("BCS") == 2
    assert main(["convert", str(path), str(tmp_path / "b.gpkg"), "--assume-crs", "5899", "--layer", "1,2"]) == 0
    names = pyogrio.read_dataframe(tmp_path / "b.gpkg")
    assert names["Text"].dropna().tolist() == ["Hòa Phú", "Đại Lãnh"]
    assert names["MSLink"].tolist() == [1, 1, 2, 2]
    capsys.readouterr()
    told = exported.ogrinfo(path)
    assert "MSLink (Integer) = 1\n" in told
    assert "Level (Integer) = 50" in told


def test_holes_parts_none_and_many_corners(tmp_path, monkeypatch):
    point, line = shapely.Point(small.X, small.Y), shapely.LineString([(small.X, small.Y), (small.X + 9, small.Y + 1)])
    two = shapely.MultiPolygon([exported.holed(0, 0), exported.holed(200, 200)])
    shapes = [exported.holed(), two, exported.star(5_000), exported.star(101), exported.star(100), line, point, None]
    frame = exported.frame([*shapes, shapely.GeometryCollection([point, line])])
    exported.given(monkeypatch, ("play_areas", frame))
    back = pyogrio.read_dataframe(made(exported.context(), tmp_path / "a"), encoding=RAW)
    whole = frame.to_crs(5899).geometry
    for number, shape in enumerate(whole, 1):
        own = back[back["MSLink"] == number]
        if shape is None:
            assert not len(own)
        elif shapely.get_dimensions(shape) == 2:
            rings = [
                shapely.Polygon(ring) for each in shapely.get_parts(shape) for ring in (each.exterior, *each.interiors)
            ]
            assert exported.same(own.geometry, rings, 1e-4)
            assert own["GraphicGroup"].nunique() == 1
        else:
            assert len(own) == len(shapely.get_parts(shape))


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2228"])
def test_degrees_and_feet_are_refused(crs, tmp_path):
    with pytest.raises(CRSError, match=r"DGN in .* are no metres.*--crs"):
        dgn.make(exported.context(crs=crs), "", tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_whole_country_is_kept_to_half_a_millimetre_and_more_is_refused():
    country = dgn.Plane((150_000.0, 880_000.0, 850_000.0, 2_630_000.0))
    assert country.fine == dgn.COARSE
    province = dgn.Plane((500_000.0, 1_650_000.0, 620_000.0, 1_780_000.0))
    assert province.fine == dgn.FINE
    with pytest.raises(ContractError, match="choose dxf"):
        dgn.Plane((-3e6, 0.0, 3e6, 1e6))


def test_a_result_without_parcels_and_a_commune_alone(tmp_path):
    context = exported.context(communes=["Đại Lãnh"])
    for name in ("parcels", "usable", "sites"):
        context.result.tables.pop(name)
    path = made(context, tmp_path / "a")
    assert [each["name"] for each in rows(path, "communes")] == ["Đại Lãnh"]
    assert not (path.parent / "drawing-dgn-parcels.csv").exists()


@settings(max_examples=4, deadline=None)
@given(texts=exported.st.lists(exported.TEXTS, min_size=1, max_size=4))
@example(texts=["", "\x01", "Đ"])
def test_any_text_is_harmless(tmp_path_factory, texts):
    frame = exported.parcels(texts).assign(parcel_id=texts, land_use=None)
    with pytest.MonkeyPatch.context() as patch:
        exported.given(patch, ("parcels", frame))
        path = made(exported.context(), tmp_path_factory.mktemp("dgn") / "a")
    back = pyogrio.read_dataframe(path, encoding=RAW)
    assert (back["Type"] != 17).sum() == len(texts)
    assert set(back["Type"]) <= {6, 17}
    told = rows(path, "parcels")
    assert len(told) == len(texts)
    assert not [each for each in told if each["owner"][:1] in tuple("=+-@")]
