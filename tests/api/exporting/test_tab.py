"""MapInfo tables: written only where the datum is kept right, which is measured; unknown never becomes 0."""

import csv
import io
import re
import zipfile

import cad_export as exported
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
import small
from hypothesis import given, settings
from sanchoi.api.exporting import layers, shp_values, tab, tab_datum, tab_values
from sanchoi.gis.errors import ContractError, CRSError


def made(context, folder):
    folder.mkdir(exist_ok=True)
    [path] = tab.make(context, "", folder)
    assert [each.name for each in folder.iterdir()] == [tab.NAME]
    return path


def read(path, name):
    return pyogrio.read_dataframe(f"/vsizip/{path}/{name}.tab")


def earth(shapes, crs):
    return np.column_stack(
        pyproj.Transformer.from_crs(crs, 4326, always_xy=True).transform(*shapely.get_coordinates(shapes).T)
    )


def metres(one, two):
    return float(np.max(pyproj.Geod(ellps="WGS84").inv(*one.T, *two.T)[2]))


def test_every_layer_comes_back_and_lies_where_it_lay(tmp_path):
    context = exported.context()
    path = made(context, tmp_path / "a")
    with zipfile.ZipFile(path) as packed:
        rows = list(csv.DictReader(io.StringIO(packed.read(tab.TABLE).decode("utf-8-sig"))))
    names = {(row["layer"], row["short_name"]): row for row in rows}
    for layer in layers.layers(context):
        back, there = read(path, layer.name), layer.to("EPSG:5899").frame
        assert exported.same(back.geometry, there.geometry, 1e-3)
        assert (
            metres(
                earth(shapely.point_on_surface(back.geometry.to_numpy()), back.crs),
                earth(shapely.point_on_surface(there.geometry.to_numpy()), "EPSG:5899"),
            )
            < 0.2
        )
        for short in back.columns.drop(["geometry", "SO_TT"], errors="ignore"):
            row = names[layer.name, short]
            old, new = there[row["name"]], back[short]
            if shp_values.is_text(old):
                kept = [shp_values.cut(each) if isinstance(each, str) else "" for each in old]
                assert kept == new.fillna("").tolist()
            elif row["number_as_text"]:
                assert old.isna().tolist() == new.fillna("").eq("").tolist()
                known = old.notna().to_numpy()
                told = new[known].replace({"T": 1, "F": 0}).astype(float)
                assert old[known].astype(float).tolist() == told.tolist()
            else:
                assert old.notna().all()
                np.testing.assert_allclose(old.astype(float), new.astype(float), rtol=1e-14)
    assert made(context, tmp_path / "b").read_bytes() == path.read_bytes()
    assert any("9999" in each for each in context.notes[tab.NAME])
    assert any("number_as_text" in each for each in context.notes[tab.NAME])


def test_the_datum_has_the_numbers_of_the_national_order(tmp_path):
    """Seven numbers of VN-2000 (official letter 1123, 2007) as MapInfo wants them: rotations of the frame."""
    point = exported.frame([shapely.Point(small.X, small.Y)]).to_crs(5899)
    path = tmp_path / "x.mif"
    pyogrio.write_dataframe(
        point.set_crs(tab_datum.words(pyproj.CRS("EPSG:5899")), allow_override=True), path, driver="MapInfo File"
    )
    told = re.search(r"CoordSys Earth Projection (.*)", path.read_text("utf-8"))[1]
    assert told.replace(" ", "") == (
        '8,9999,28,-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278,0,"m",'
        "107.75,0,0.9999,500000,0"
    )
    tab_datum.trial(tmp_path / "y.tab", pyproj.CRS("EPSG:5899"), BOX)


def test_without_the_numbers_it_would_lie_225_m_off_and_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tab_datum, "words", lambda crs: crs.to_wkt())
    with pytest.raises(CRSError, match=r"it would lie 225\.\d m beside its place"):
        tab.make(exported.context(), "", tmp_path)
    assert not list(tmp_path.iterdir())


BOX = (500_000.0, 1_700_000.0, 600_000.0, 1_800_000.0)


def nameless(turn):
    """VN-2000 with neither the name nor quite the numbers by which PROJ would know it, and mend its signs."""
    numbers = tab_datum._numbers(pyproj.CRS("EPSG:5899"))
    numbers = [numbers[0] + 0.01, *numbers[1:3]] + [turn * each for each in numbers[3:6]] + numbers[6:]
    return (
        'PROJCS["x",GEOGCS["x",DATUM["x",SPHEROID["WGS 84",6378137,298.257223563],'
        f'TOWGS84[{",".join(map(str, numbers))}]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],'
        'PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",107.75],'
        'PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]'
    )


def test_rotations_the_other_way_are_noticed(tmp_path, monkeypatch):
    """They turn places by 0.7 m, which a glance at a map would not show."""
    monkeypatch.setattr(tab_datum, "words", lambda _crs: nameless(1))
    tab_datum.trial(tmp_path / "x.tab", pyproj.CRS("EPSG:5899"), BOX)
    monkeypatch.setattr(tab_datum, "words", lambda _crs: nameless(-1))
    with pytest.raises(CRSError, match=r"it would lie 0\.7 m beside its place"):
        tab_datum.trial(tmp_path / "y.tab", pyproj.CRS("EPSG:5899"), BOX)


@pytest.mark.parametrize("crs", ["EPSG:32649", "EPSG:4326", "EPSG:3405", "EPSG:9217"])
def test_other_crs(tmp_path, crs):
    context = exported.context(crs=crs, communes=["Hòa Phú"])
    back = read(made(context, tmp_path / "a"), "communes")
    there = next(layers.layers(context)).frame
    assert (
        metres(
            earth(shapely.point_on_surface(back.geometry.to_numpy()), back.crs),
            earth(shapely.point_on_surface(there.geometry.to_numpy()), 4326),
        )
        < 0.2
    )
    assert back["TEN"].tolist() == ["Hòa Phú"]


@pytest.mark.parametrize("crs", ["EPSG:2044", "EPSG:4240"])
def test_a_datum_that_gdal_takes_for_another_is_refused(tmp_path, crs):
    with pytest.raises(CRSError, match=r"it would lie [\d,.]+ m beside"):
        tab.make(exported.context(crs=crs), "", tmp_path)


def test_unknown_is_blank_and_never_nought(tmp_path, monkeypatch):
    exported.given(monkeypatch, ("parcels", exported.parcels(["a", "b", "c"])))
    back = read(made(exported.context(), tmp_path / "a"), "parcels")
    assert [each or "" for each in back["CHI_PHI"].fillna("")] == [repr(1.5e9 / 7), "", repr(1.5e9 / 7)]
    assert back["HANG"].fillna("").tolist() == ["1", "", "3"]
    assert back["DUOC_PV"].fillna("").tolist() == ["T", "F", ""]


def test_whole_numbers_beyond_32_bits_stay_right():
    frame = exported.frame([shapely.Point(small.X, small.Y)], cost=[3_000_000_000], rank=[7])
    made, _ = tab_values.fit(frame)
    assert made["cost"].tolist() == [3e9]
    assert made["rank"].dtype == np.int32


def test_shapes_with_holes_parts_none_and_many_corners(tmp_path, monkeypatch):
    many = exported.star(100_000)
    two = shapely.MultiPolygon([exported.holed(0, 0), exported.holed(200, 200)])
    line = shapely.LineString([(small.X, small.Y), (small.X + 9, small.Y)])
    shapes = [exported.holed(), two, many, None, shapely.GeometryCollection([shapely.Point(small.X, small.Y), line])]
    frame = exported.frame(shapes)
    exported.given(monkeypatch, ("play_areas", frame))
    back = read(made(exported.context(), tmp_path / "a"), "play_areas").geometry
    there = frame.explode(ignore_index=False).to_crs(5899)
    assert len(back) == 6
    assert exported.same(back.iloc[:3], frame.to_crs(5899).geometry.iloc[:3], 1e-3)
    assert back.iloc[3] is None
    assert there.geom_type.iloc[-2:].tolist() == back.geom_type.iloc[-2:].tolist() == ["Point", "LineString"]


@pytest.mark.filterwarnings("ignore:No translation from:RuntimeWarning")
def test_a_projection_that_the_format_does_not_know_is_refused(tmp_path):
    with pytest.raises(CRSError, match="a table cannot name it"):
        tab.make(exported.context(crs="EPSG:3031"), "", tmp_path)


def test_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tab, "MOST_BYTES", 1_000)
    with pytest.raises(ContractError, match=r"GB as a MapInfo table.*choose communes"):
        tab.make(exported.context(), "", tmp_path)
    assert not list(tmp_path.iterdir())


@settings(max_examples=15, deadline=None)
@given(texts=exported.st.lists(exported.TEXTS, min_size=1, max_size=6))
def test_any_text_comes_back(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("tab")
    frame = shp_values.texts(exported.parcels(texts).to_crs(small.CRS)[["owner", "geometry"]])[0]
    tab_datum.write(frame, folder / "x.tab", frame.crs.to_wkt(), tuple(frame.total_bounds))
    for text, new in zip(texts, pyogrio.read_dataframe(folder / "x.tab")["owner"], strict=True):
        kept = shp_values.cut(text.replace("\0", "").strip(" ")).rstrip(" ")
        assert ("" if pd.isna(new) else new) == kept


def test_debian_reads_it(tmp_path):
    told = exported.ogrinfo(f"/vsizip/{made(exported.context(), tmp_path / 'a')}/communes.tab")
    assert "TEN (String) = Hòa Phú" in told
    assert '"X-axis rotation",0.00928836' in told
    assert '"Y-axis rotation",-0.01975479' in told
