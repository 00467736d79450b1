"""Shapefiles: one zip with every layer; what comes back is what went in, or the loss is told."""

import csv
import io
import zipfile

import cad_export as exported
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
import small
from hypothesis import HealthCheck, given, settings
from sanchoi.api.exporting import layers, shp, shp_fields, shp_values
from sanchoi.gis.errors import ContractError


def made(context, folder):
    folder.mkdir(exist_ok=True)
    [path] = shp.make(context, "", folder)
    assert [each.name for each in folder.iterdir()] == [shp.NAME]
    return path


def table(path):
    with zipfile.ZipFile(path) as packed:
        rows = csv.DictReader(io.StringIO(packed.read(shp.TABLE).decode("utf-8-sig")))
        return {(row["layer"], row["short_name"]): row for row in rows}


def test_every_layer_comes_back_as_it_was(tmp_path):
    context = exported.context()
    path = made(context, tmp_path / "a")
    names = table(path)
    assert "conditional = Có điều kiện" in names["parcels", "KET_LUAN"]["values_vi"]
    assert "no_supply = No play area" in names["gaps_all", "TINH_TRANG"]["values_en"]
    seen = set()
    for layer in layers.layers(context):
        back = pyogrio.read_dataframe(f"/vsizip/{path}/{layer.name}.shp")
        assert back.crs.to_epsg() == 5899
        there = layer.to("EPSG:5899").frame
        assert shapely.equals_exact(back.geometry.normalize(), there.geometry.normalize(), 1e-3).all()
        for short in back.columns.drop(["geometry", "SO_TT"], errors="ignore"):
            column = names[layer.name, short]["name"]
            seen.add(column)
            old, new = there[column], back[short]
            assert (old.isna() | (old.astype(str) == "")).tolist() == new.isna().tolist(), column
            known = new.notna().to_numpy()
            if shp_values.is_text(old):
                assert [shp_values.cut(each) for each in old[known]] == new[known].tolist()
            else:
                np.testing.assert_allclose(old[known].astype(float), new[known].astype(float), rtol=1e-12, atol=1e-15)
    assert {"reason_vi", "parcel_id", "cost", "surveyed", "walk_m", "build_order"} <= seen
    assert made(context, tmp_path / "b").read_bytes() == path.read_bytes()
    assert any("VN-2000" in each for each in context.notes[shp.NAME])


def test_files_of_a_shapefile(tmp_path):
    path = made(exported.context(), tmp_path / "a")
    with zipfile.ZipFile(path) as packed:
        assert {each.date_time for each in packed.infolist()} == {(2025, 7, 1, 0, 0, 0)}
        stems = {each.rsplit(".", 1)[0] for each in packed.namelist()} - {"fields", "DOC-TRUOC-README"}
        assert {"communes", "gaps_all", "gaps_0_5", "parcels", "sites", "cells", "play_areas"} <= stems
        for stem in stems:
            assert packed.read(f"{stem}.cpg") == b"UTF-8"
            prj = packed.read(f"{stem}.prj").decode("ascii")
            assert prj.startswith('PROJCS["VN_2000_TM-3_107-45",GEOGCS["GCS_VN_2000"')
            dbf = packed.read(f"{stem}.dbf")
            assert tuple(dbf[1:4]) == (125, 7, 1)  # 1 July 2025: years from 1900


def test_names_of_columns_are_short_unique_and_of_ascii():
    for short, vi, en in shp_fields.FIELDS.values():
        assert short.isascii()
        assert len(short) <= 10
        assert vi
        assert en
    assert shp_fields.short(["children", "children_0_5", "children_6_14", "covered_0_5"]) == {
        "children": "TRE_EM",
        "children_0_5": "TRE_0_5",
        "children_6_14": "TRE_6_14",
        "covered_0_5": "PV_0_5",
    }
    assert shp_fields.heading("children_6_14") == ("Trẻ em, 6–14 tuổi", "Children, ages 6–14")
    given = ["Diện tích rất dài một", "Diện tích rất dài hai", "???", "TEN", "name"]
    assert list(shp_fields.short(given).values()) == ["DIEN_TICH", "DIEN_TIC_2", "COT", "TEN", "TEN_2"]


@pytest.mark.parametrize(
    ("text", "bytes_", "kept"),
    [("abc", 3, "abc"), ("abđ", 3, "ab"), ("abđ", 4, "abđ"), ("ae\u0301", 2, "a"), ("🙂", 3, "")],
)
def test_a_text_is_cut_between_letters(text, bytes_, kept):
    assert shp_values.cut(text, bytes_) == kept


def test_what_was_cut_is_told(tmp_path, monkeypatch):
    exported.given(monkeypatch, ("parcels", exported.parcels(["đ" * 128, "x" * 254, None])))
    context = exported.context()
    back = pyogrio.read_dataframe(f"/vsizip/{made(context, tmp_path / 'a')}/parcels.shp")
    assert back["CHU_SD"].tolist()[:2] == ["đ" * 127, "x" * 254]
    assert [each for each in context.notes[shp.NAME] if "owner (1)" in each]


def test_kinds_of_shapes_have_files_of_their_own(tmp_path, monkeypatch):
    point, line = shapely.Point(small.X, small.Y), shapely.LineString([(small.X, small.Y), (small.X + 9, small.Y)])
    shapes = [point, small.square(0, 0, 9, 9), line, None, shapely.GeometryCollection([point, line])]
    exported.given(monkeypatch, ("play_areas", exported.frame(shapes)))
    context = exported.context()
    path = made(context, tmp_path / "a")
    kinds = {
        name: pyogrio.read_dataframe(f"/vsizip/{path}/{name}.shp").geom_type.value_counts().to_dict()
        for name in ("play_areas_point", "play_areas_line", "play_areas_polygon")
    }
    assert kinds == {
        "play_areas_point": {"Point": 2},
        "play_areas_line": {"LineString": 2},
        "play_areas_polygon": {"Polygon": 1},
    }
    assert any("play_areas" in each for each in context.notes[shp.NAME])


def test_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(shp, "MOST_BYTES", 5_000)
    with pytest.raises(ContractError, match=r"GB as a Shapefile.*choose communes"):
        shp.make(exported.context(), "", tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_size_that_is_foretold_is_not_too_small(tmp_path):
    context = exported.context()
    path = made(context, tmp_path / "a")
    with zipfile.ZipFile(path) as packed:
        sizes = {each.filename: each.file_size for each in packed.infolist()}
    for layer in layers.layers(context):
        frame = shp_values.texts(layer.to(context.crs).frame)[0]
        most = max(shp.sizes(frame))
        real = max(sizes[f"{layer.name}.shp"], sizes[f"{layer.name}.dbf"])
        assert real <= most < real * 1.5 + 2000


def test_a_commune_alone_in_another_crs_without_parcels(tmp_path, monkeypatch):
    context = exported.context(communes=["Hòa Phú"], crs="EPSG:32649")
    path = made(context, tmp_path / "a")
    back = pyogrio.read_dataframe(f"/vsizip/{path}/communes.shp")
    assert back["TEN"].tolist() == ["Hòa Phú"]
    assert back.crs.to_epsg() == 32649
    for name in ("parcels", "usable", "sites"):
        context.result.tables.pop(name)
    path = made(context, tmp_path / "b")
    with zipfile.ZipFile(path) as packed:
        assert not [each for each in packed.namelist() if each.startswith(("parcels", "sites", "usable"))]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=exported.st.lists(exported.TEXTS, min_size=1, max_size=6))
def test_any_text_comes_back(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("shp")
    frame, _ = shp_values.texts(exported.parcels(texts).to_crs(small.CRS))
    short = shp_fields.short(frame.columns.drop("geometry"))
    shp.write(frame.rename(columns=short), folder / "x.shp", "")
    back = pyogrio.read_dataframe(folder / "x.shp")["CHU_SD"]
    for text, new in zip(texts, back, strict=True):
        kept = shp_values.cut(text.replace("\0", "").strip(" ")).rstrip(" ")
        assert ("" if pd.isna(new) else new) == kept
        assert len(kept.encode()) <= 254


def test_debian_reads_it(tmp_path):
    told = exported.ogrinfo(f"/vsizip/{made(exported.context(), tmp_path / 'a')}/communes.shp")
    assert "TEN (String) = Hòa Phú" in told
    assert 'ID["EPSG",5899]' in told
