"""Faults that these tests found in the readers, each mended."""

import geopandas as gpd
import osmium
import pytest
import shapely
import small
from osmium.osm.mutable import Node, Relation, Way
from sanchoi.api.cli import main
from sanchoi.gis import crs as rules
from sanchoi.gis.errors import ContractError, CRSError, SourceError
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import load, osm, table


def inputs(folder):
    return load.inputs(load.study(folder), folder, Notes())


@pytest.mark.parametrize("text", ["EPSG:3832", "+proj=merc +a=6378137 +b=6378137 +units=m"])
def test_every_mercator_stretches(text):
    with pytest.raises(CRSError):
        rules.require_metric(text)


@pytest.mark.parametrize("own", ["EPSG:9207", "EPSG:5896", "EPSG:4326"])
def test_communes_under_another_crs_are_first_tried_in_that_of_the_study(own):
    box = (560_000.0, 1_740_000.0, 562_000.0, 1_741_000.0)
    with pytest.raises(CRSError) as caught:
        rules.check_communes(rules.moved(box, own, "EPSG:5899") or (float("inf"),) * 4, "EPSG:5899", (box, own))
    assert "its numbers fit EPSG:5899" in caught.value.todo


def test_communes_with_swapped_axes_in_metres_are_told_that_alone():
    box = (1_740_000.0, 560_000.0, 1_741_000.0, 562_000.0)
    with pytest.raises(CRSError) as caught:
        rules.check_communes(box, "EPSG:5899", (box, "EPSG:5899"))
    assert caught.value.todo.startswith("its axes look swapped (north before east); set")


def test_the_mark_is_sought_outside_of_quotes(tmp_path):
    (tmp_path / "t.csv").write_text('code;"trẻ 0-5, người";"trẻ 6-14, người"\nA;1;2\n', "utf-8")
    assert table.read(tmp_path / "t.csv").columns.tolist() == ["code", "trẻ 0-5, người", "trẻ 6-14, người"]


def test_rows_longer_than_the_heading_do_not_shift_the_columns(tmp_path):
    """A mark at the end of every row: pandas takes the first column as its index."""
    (tmp_path / "t.csv").write_text("code,young,old\nA,100,200,\nB,1,2,\n", "utf-8")
    try:
        got = table.read(tmp_path / "t.csv")
    except SourceError:
        return
    assert got["code"].tolist() == ["A", "B"]


def test_empty_rows_of_a_spreadsheet_are_passed_over(tmp_path):
    folder = small.write(tmp_path)
    small.replace(folder, "50,60\n", "50,60\n,,\n,,\n", "children.csv")
    assert inputs(folder).counts.tolist() == [[100, 200], [50, 60]]


def test_the_byte_of_a_wrong_letter_is_counted_from_the_start_of_the_file(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"a,b\n" + b"1,2\n" * 200_000 + b"\xe9,2\n")
    with pytest.raises(SourceError, match="byte 800004"):
        table.read(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("shape", "crs"),
    [
        (small.square(0, 0, 2000, 1000), "EPSG:9217"),  # 54 km away
        (shapely.box(108.3, 15.7, 108.4, 15.8), small.CRS),  # degrees labelled as metres
        (small.square(0, 0, 2000, 1000), "EPSG:4326"),  # metres labelled as degrees
    ],
)
def test_zones_of_children_that_lie_elsewhere_are_refused(tmp_path, shape, crs):
    folder = small.write(tmp_path)
    small.layer(folder, "zones", gpd.GeoDataFrame({"ma": ["Z1"]}, geometry=[shape], crs=crs))
    (folder / "children.csv").write_text("code,young,old\nZ1,10,20\n", "utf-8")
    small.replace(folder, "[children]", '[children]\nzones = "zones.gpkg"\nzones_id = "ma"')
    with pytest.raises(CRSError, match="lies outside the communes"):
        inputs(folder)


def test_ground_of_the_halo_inside_the_communes_is_left_out(tmp_path):
    """A layer of the whole province holds the communes too: they are no halo, and their children not counted twice."""
    folder = small.write(tmp_path)
    ground = small.communes().assign(young=[100, 50], old=[200, 60])
    ground.loc[2] = ["Tam Kỳ", "Tam Kỳ", small.square(2000, 0, 1000, 1000), 7, 8]
    small.layer(folder, "halo", ground)
    small.add(folder, '\n[halo]\npath = "halo.gpkg"\nid = "code"\n')
    found = inputs(folder)
    assert found.communes["commune_id"].tolist() == ["Hòa Phú", "Đại Lãnh", "halo Tam Kỳ"]
    assert found.counts.tolist() == [[100, 200], [50, 60], [7, 8]]


def test_a_commune_without_a_name_is_not_called_nan(tmp_path):
    folder = small.write(tmp_path)
    small.layer(folder, "communes", small.communes().assign(name=["Hòa Phú", None]))
    try:
        found = inputs(folder)
    except ContractError:
        return
    assert found.communes["name"].tolist() == ["Hòa Phú", "Đại Lãnh"]


def test_a_study_in_which_all_counts_are_zero_runs(tmp_path):
    folder = small.write(tmp_path)
    (folder / "children.csv").write_text("code,young,old\nHòa Phú,0,0\nĐại Lãnh,0,0\n", "utf-8")
    assert main(["run", str(folder), "--out", str(tmp_path / "out"), "--quiet"]) == 0


def test_negative_ids_of_an_editor_are_read_or_refused(tmp_path):
    """JOSM numbers what is not uploaded −1, −2, …; with a multipolygon the table of locations raises TypeError."""
    path = tmp_path / "drawn.osm.pbf"
    with osmium.SimpleWriter(str(path)) as sink:
        for i, (x, y) in enumerate([(0, 0), (1, 0), (1, 1), (0, 1)], 1):
            sink.add_node(Node(id=-i, version=1, location=(105.001 + x / 1000, 0.001 + y / 1000)))
        sink.add_way(Way(id=-1, version=1, nodes=[-1, -2, -3, -4, -1]))
        tags = {"type": "multipolygon", "leisure": "playground"}
        sink.add_relation(Relation(id=-3, version=1, members=[("w", -1, "outer")], tags=tags))
    try:
        got = osm.play_areas(path, "EPSG:32648", (500_000.0, 0.0, 501_000.0, 1_000.0), Notes())
    except SourceError:
        return
    assert len(got) == 1
