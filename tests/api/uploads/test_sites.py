"""Every format read back: the same land, in degrees, with its texts; what cannot be land is told with its number and place."""

import json
import math
import sqlite3
import struct
from contextlib import closing
from dataclasses import replace

import geopandas as gpd
import processor
import pyproj
import pytest
import shapely
from sanchoi.api import uploads
from sanchoi.api.uploads import projections
from sanchoi.api.uploads.limits import DEFAULT
from sanchoi.gis.corners import ZONES
from upload_files import (
    LAND,
    bow_tie,
    drawing,
    frame,
    geojson,
    kml,
    placemark,
    polygon,
    shapefile,
    square,
    wkb_bytes,
    written,
    zipped,
)

pytestmark = pytest.mark.usefixtures("near")
METRES = [(543210.0, 1724567.0), (543240.0, 1724567.0), (543240.0, 1724547.0), (543210.0, 1724547.0)]


def same(found, wanted=LAND):
    """Apart by less than a centimetre."""
    return found.geometry.hausdorff_distance(wanted) < 1e-7


def degrees(pairs, epsg=5899):
    turn = pyproj.Transformer.from_crs(epsg, 4326, always_xy=True)
    return shapely.Polygon([turn.transform(x, y) for x, y in pairs])


@pytest.mark.parametrize("crs", [4326, 5899, 32648])
def test_geopackage(tmp_path, home, crs):
    path = written(frame(crs), tmp_path / "a.gpkg", layer="đề xuất")
    (found,) = uploads.sites(path.read_bytes(), "a.gpkg", home)
    assert same(found)
    assert (found.crs, found.layer, found.properties["ten"], found.properties["so"]) == (
        f"EPSG:{crs}",
        "đề xuất",
        "Đất bãi",
        12.5,
    )


@pytest.mark.parametrize("crs", [4326, 5899, 9217])
@pytest.mark.parametrize("leave", [(), (".cpg",)])
def test_shapefile(tmp_path, home, crs, leave):
    (found,) = uploads.sites(zipped(shapefile(tmp_path, crs, leave=leave)), "a.zip", home)
    assert same(found)
    assert found.crs == f"EPSG:{crs}"
    assert found.properties == {"ten": "Đất bãi", "so": 12.5}


def test_shapefile_without_its_projection(tmp_path, home, refused):
    data = zipped(shapefile(tmp_path, leave=(".prj",)))
    assert refused(data) == "no_crs"
    (found,) = sites = uploads.sites(data, "a.zip", home, assume_epsg=5899)
    assert same(found)
    assert any("EPSG:5899 was used, as chosen" in en for _, en in sites.remarks)


PROJECTED = (
    'PROJCS["{name}",GEOGCS["{name}",DATUM["{datum}",SPHEROID["WGS 84",6378137,298.257223563]{shift}],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],'
    'PARAMETER["central_meridian",107.75],PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",500000],'
    'PARAMETER["false_northing",0],UNIT["metre",1]]'
)
SHIFT = ",TOWGS84[-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PROJECTED.format(name="VN-2000", datum="Vietnam_2000", shift=SHIFT), "VN-2000"),
        (PROJECTED.format(name="WGS 84", datum="WGS_1984", shift=""), "225 m"),
        (PROJECTED.format(name="unnamed", datum="D_unknown", shift=""), "225 m"),
    ],
)
def test_a_datum_lost_on_the_way_is_told(tmp_path, home, text, said):
    """MapInfo and CAD write a zone of VN-2000 as one of WGS 84: read as it says, the land would lie 225 m aside."""
    data = zipped({**shapefile(tmp_path), "dat.prj": text.encode()})
    (found,) = sites = uploads.sites(data, "a.zip", home)
    assert same(found)
    assert any(said in en for _, en in sites.remarks)


def test_projections_as_programs_write_them():
    for epsg in (*ZONES, 4326, 32648, 32649):
        for version in ("WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"):
            crs, _ = projections.of_wkt(pyproj.CRS.from_epsg(epsg).to_wkt(version))
            assert crs.to_epsg() == epsg


@pytest.mark.parametrize(
    "text",
    [
        'LOCAL_CS["x",UNIT["metre",1]]',
        PROJECTED.format(name="x", datum="d", shift=',EXTENSION["PROJ4_GRIDS","/etc/passwd"]'),
        "+proj=utm +zone=48 +nadgrids=/etc/passwd",
        "EPSG:5899",
        "http://127.0.0.1/crs",
        "PROJCS[" + "[" * 5000,
        "x" * 20_000,
    ],
)
def test_projections_that_are_refused(tmp_path, refused, text):
    assert refused(zipped({**shapefile(tmp_path), "dat.prj": text.encode()})) == "crs"


@pytest.mark.parametrize("crs", [None, "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::5899", "EPSG:5899"])
def test_geojson(home, crs):
    members = {} if crs is None else {"crs": {"type": "name", "properties": {"name": crs}}}
    metres = crs is not None and "5899" in crs
    data = geojson(polygon([*METRES, METRES[0]] if metres else square()), **members)
    (found,) = uploads.sites(data, "a.geojson", home)
    assert same(found, degrees(METRES) if metres else LAND)


def test_geojson_in_metres_without_a_word(home, refused):
    data = geojson(polygon([*METRES, METRES[0]]))
    assert refused(data) == "no_crs"
    (found,) = uploads.sites(data, "a", home, assume_epsg=5899)
    assert same(found, degrees(METRES))


@pytest.mark.parametrize("name", ["http://127.0.0.1/crs", "+proj=longlat +nadgrids=/etc/passwd", "EPSG:99999", "", 5])
def test_geojson_of_a_strange_system(refused, name):
    member = {"type": "name", "properties": {"name": name}}
    assert refused(geojson(polygon(square()), crs=member)) == "crs"
    assert refused(geojson(polygon(square()), crs={"type": "link", "properties": {"href": "http://a"}})) == "crs"


@pytest.mark.parametrize("kind", ["Feature", "Polygon", "MultiPolygon", "GeometryCollection"])
def test_geojson_of_one_thing(home, kind):
    shape = polygon(square())
    data = {
        "Feature": {"type": "Feature", "properties": None, "geometry": shape},
        "Polygon": shape,
        "MultiPolygon": {"type": "MultiPolygon", "coordinates": [shape["coordinates"]]},
        "GeometryCollection": {"type": "GeometryCollection", "geometries": [shape]},
    }[kind]
    (found,) = uploads.sites(b"\xef\xbb\xbf" + json.dumps(data).encode(), "a", home)
    assert same(found)


def test_kml_and_kmz(home):
    more = "<description><![CDATA[<b>Bãi</b> đất]]></description>"
    more += '<ExtendedData><Data name="loại"><value>BCS</value></Data></ExtendedData>'
    hole = square(108.104, 15.504, 0.002)
    inner = "".join(f"{x},{y} " for x, y in hole)
    body = placemark(square(), "Đất A", more).replace(
        "</Polygon>",
        f"<innerBoundaryIs><LinearRing><coordinates>{inner}</coordinates></LinearRing></innerBoundaryIs></Polygon>",
    )
    data = kml(
        f"<Folder><name>Xã Trà Don</name>{body}</Folder><Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>"
    )
    for sent, name in ((data, "a.kml"), (zipped({"doc.kml": data, "files/icon.png": b"x"}), "a.kmz")):
        (found,) = sites = uploads.sites(sent, name, home)
        assert same(found, LAND - shapely.Polygon(hole))
        assert found.properties == {"name": "Đất A", "description": "Bãi đất", "loại": "BCS"}
        assert found.layer == "Xã Trà Don"
        assert any("Point 1" in en for _, en in sites.remarks)


def test_drawing(home, refused):
    assert refused(drawing(METRES)) == "no_crs"
    (found,) = uploads.sites(drawing(METRES), "a.dxf", home, assume_epsg=5899)
    assert same(found, degrees(METRES))
    assert found.layer == "RANH"
    assert refused(drawing(METRES, closed=0), assume_epsg=5899) == "no_polygons"


def test_drawing_with_blocks_and_numbers_that_are_none(home, refused):
    head = b"0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n0\nENDSEC\n"
    block = b"0\nBLOCK\n8\n0\n2\nB\n70\n0\n10\n0\n20\n0\n0\nPOINT\n8\n0\n10\n0\n20\n0\n0\nENDBLK\n"
    block = head + b"0\nSECTION\n2\nBLOCKS\n" + block + b"0\nENDSEC\n"
    insert = b"0\nINSERT\n8\n0\n2\nB\n10\n0\n20\n0\n0\nENDSEC"
    data = block + drawing(METRES).replace(b"0\nENDSEC", insert)
    assert same(uploads.sites(data, "a.dxf", home, assume_epsg=5899)[0], degrees(METRES))
    for word in (b"nan", b"1e308", b"inf"):
        assert refused(drawing(METRES).replace(b"543240.0", word), assume_epsg=5899) in (
            "finite",
            "range",
            "no_polygons",
        )


def test_drawing_with_north_as_x_is_told(home):
    (found,) = sites = uploads.sites(drawing([(y, x) for x, y in METRES]), "a.dxf", home, assume_epsg=5899)
    assert same(found, degrees(METRES))
    assert any("exchanged" in en for _, en in sites.remarks)


def test_several_layers_and_other_kinds(tmp_path, home):
    path = written(frame(), tmp_path / "a.gpkg", layer="một")
    written(frame(4326), path, layer="hai", mode="a")
    points = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(108, 15)], crs=4326)
    written(points, path, layer="điểm", mode="a")
    found = uploads.sites(path.read_bytes(), "a.gpkg", home)
    assert sorted(each.layer for each in found) == ["hai", "một"]
    assert all(same(each) for each in found)


def test_heights_are_left_out(home):
    raised = {"type": "Polygon", "coordinates": [[[x, y, 5] for x, y in square()]]}
    (found,) = uploads.sites(geojson(raised), "a", home)
    assert not found.geometry.has_z
    assert same(found)


def test_texts_are_cleaned(home):
    long = "x" * 10_000
    properties = {
        " Te\u0302n ": "A\u0300\x00\x07 b\r\n c\u202e",
        "long": long,
        "nothing": None,
        "yes": True,
        "big": 10**400,
    }
    properties |= {f"k{i}": i for i in range(100)}
    data = json.dumps({"type": "Feature", "properties": properties, "geometry": polygon(square())}).encode()
    (found,) = uploads.sites(data, "a", home)
    assert found.properties["Tên"] == "À b c"
    assert len(found.properties["long"]) == DEFAULT.text_chars
    assert "nothing" not in found.properties
    assert len(found.properties) == DEFAULT.fields


# ── What is no land ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NaN", "finite"),
        ("Infinity", "finite"),
        ("-Infinity", "finite"),
        ("1e999", "finite"),
        ("1e308", "range"),
        ("181", "range"),
        ('"108"', "shape"),
        ("true", "shape"),
        ("null", "shape"),
        ("[]", "shape"),
        ("1" * 400, "shape"),
    ],
)
def test_numbers_that_are_none(refused, text, reason):
    data = geojson(polygon(square())).replace(b"108.1,", text.encode() + b",", 1)
    assert refused(data) == reason


@pytest.mark.parametrize("word", ["nan", "inf", "1e999"])
def test_kml_numbers_that_are_none(refused, word):
    assert refused(kml(placemark([(word, 15), *square()]))) == "finite"


def test_geopackage_with_infinite_coordinates(tmp_path, refused):
    path = written(frame(4326), tmp_path / "a.gpkg")
    blob = wkb_bytes(shapely.Polygon(square()))
    blob = blob.replace(struct.pack("<d", 15.51), struct.pack("<d", math.nan))
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE a SET geom = ?", (blob,))
    assert refused(path.read_bytes()) == "finite"


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": 5},
        {"type": "Polygon", "coordinates": [[[108, 15], [109, 15]]]},
        {"type": "MultiPolygon", "coordinates": [[[[108]]]]},
        [],
        "Polygon",
    ],
)
def test_shapes_that_are_none(refused, shape):
    assert refused(geojson(shape)) == "shape"


def test_bow_tie_is_told_with_its_place(words):
    ring = [(108.0, 15.0), (108.02, 15.02), (108.02, 15.0), (108.0, 15.02), (108.0, 15.0)]
    told = words(geojson(polygon(square()), polygon(ring)))
    assert "shape 2" in told
    assert "longitude 108.010000, latitude 15.010000" in told


def test_bow_tie_of_ten_thousand_vertices_is_refused_quickly(refused):
    with processor.counted() as spent:
        assert refused(geojson(polygon(bow_tie(9_998)))) == "invalid"
    assert spent.seconds < 5


def test_land_without_area(refused):
    assert refused(geojson(polygon([(108, 15), (109, 15), (108, 15), (108, 15)]))) in ("invalid", "flat")


def test_limits_just_at_and_beyond(home, refused):
    few = replace(DEFAULT, features=2, vertices=10)
    assert len(uploads.sites(geojson(polygon(square()), polygon(square(108.2))), "a", home, limits=few)) == 2
    assert refused(geojson(*[polygon(square())] * 3), limits=few) == "features"
    two = polygon(square(), square(108.102, 15.502, 0.001))
    assert len(uploads.sites(geojson(two), "a", home, limits=few)) == 1
    assert refused(geojson(two, {"type": "Polygon", "coordinates": [square(109.0)]}), limits=few) == "vertices"
    data = geojson(polygon(square()))
    assert len(uploads.sites(data, "a", home, limits=replace(DEFAULT, site_bytes=len(data)))) == 1
    assert refused(data, limits=replace(DEFAULT, site_bytes=len(data) - 1), status=413) == "large"


def test_no_polygons_tells_what_there_was(words):
    told = words(geojson({"type": "Point", "coordinates": [108, 15]}, {"type": "Point", "coordinates": [108, 15]}))
    assert "Point 2" in told


@pytest.mark.parametrize(
    ("data", "reason", "status"),
    [
        (b"", "empty", 422),
        (b"hello", "site_kind", 415),
        (b"\x00" * 100, "site_kind", 415),
        (b"{", "broken", 422),
        (b"[1, 2]", "broken", 422),
        (b'{"type": "FeatureCollection", "features": 5}', "broken", 422),
        (b'{"a": "\xff"}', "broken", 422),
        (b"[" * 100_000, "deep", 422),
        (b'{"a":' * 100_000, "deep", 422),
        (b"SQLite format 3\x00" + b"\x00" * 100, "site_kind", 415),
        (b"SQLite format 3\x00" + b"\x00" * 52 + b"GPKG" + b"\x00" * 5000, "broken", 422),
        (b"PK\x03\x04" + b"\x00" * 100, "broken", 422),
        (b"<kml>", "broken", 422),
        (b"<kml />", "no_polygons", 422),
        (b"0\nSECTION\n2\nENTITIES\n0\nEOF\n", "no_crs", 422),
    ],
)
def test_files_that_are_none(refused, data, reason, status):
    assert refused(data, status=status) == reason
