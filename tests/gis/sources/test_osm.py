"""Small extracts written in PBF and read back. Places are metres from (X, Y); OSM stores degrees to a centimetre."""

import math
import unicodedata

import numpy as np
import osmium
import pyproj
import pytest
import shapely
from osmium.osm.mutable import Node, Relation, Way
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import osm

CRS = "EPSG:5899"
X, Y = 560_000.0, 1_740_000.0
BOUNDS = (X - 5, Y - 5, X + 1000, Y + 1000)
DEGREES = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
CM = 0.03


class Drawing:
    """An extract in the making; ids count from 1 for each kind of thing."""

    def __init__(self):
        self.nodes, self.ways, self.relations = [], [], []
        self.lost = set()

    def node(self, x, y, **tags):
        self.nodes.append((DEGREES.transform(X + x, Y + y), named(tags)))
        return len(self.nodes)

    def way(self, *places, close=False, **tags):
        refs = [self.node(*place) for place in places]
        self.ways.append((refs + refs[:1] * close, named(tags)))
        return len(self.ways)

    def square(self, x, y, side, **tags):
        return self.way((x, y), (x + side, y), (x + side, y + side), (x, y + side), close=True, **tags)

    def relation(self, outer, inner=(), **tags):
        members = [("w", way, "outer") for way in outer] + [("w", way, "inner") for way in inner]
        self.relations.append((members, {"type": "multipolygon", **named(tags)}))
        return len(self.relations)

    def save(self, folder, name="town.osm.pbf"):
        path = folder / name
        with osmium.SimpleWriter(str(path), overwrite=True) as sink:
            for i, (place, tags) in enumerate(self.nodes, 1):
                if i not in self.lost:
                    sink.add_node(Node(id=i, version=1, location=place, tags=tags))
            for i, (refs, tags) in enumerate(self.ways, 1):
                sink.add_way(Way(id=i, version=1, nodes=refs, tags=tags))
            for i, (members, tags) in enumerate(self.relations, 1):
                sink.add_relation(Relation(id=i, version=1, members=members, tags=tags))
        return path


def named(tags):
    """`building__levels` → "building:levels"."""
    return {key.replace("__", ":"): value for key, value in tags.items()}


def play_areas(path, bounds=BOUNDS):
    notes = Notes()
    return osm.play_areas(path, CRS, bounds, notes), notes


WALKED = [
    *({"highway": kind} for kind in ("footway", "path", "steps", "residential", "service", "primary", "track")),
    {"highway": "trunk", "sidewalk": "both"},
    {"highway": "trunk", "sidewalk:left": "yes"},
    {"highway": "trunk", "foot": "yes"},
    {"highway": "trunk", "foot": "designated"},
    {"highway": "cycleway", "foot": "yes"},
    {"highway": "service", "access": "private", "foot": "yes"},
    {"highway": "residential", "access": "destination"},
    {"highway": "trunk", "sidewalk": "right", "access": "yes"},
]
NOT_WALKED = [
    *({"highway": kind} for kind in ("motorway", "motorway_link", "construction", "trunk", "trunk_link", "cycleway")),
    {"highway": "motorway", "foot": "yes", "sidewalk": "both"},
    {"highway": "trunk", "sidewalk": "no"},
    {"highway": "trunk", "sidewalk": "separate"},
    {"highway": "trunk", "sidewalk": "both", "foot": "no"},
    {"highway": "trunk", "sidewalk": "both", "access": "private"},
    {"highway": "service", "access": "private"},
    {"highway": "path", "access": "no"},
    {"highway": "residential", "foot": "no"},
    {"highway": "footway", "foot": "private"},
    {"highway": "no_such_class"},
    {"railway": "rail", "foot": "yes"},
    {},
]


def test_which_ways_a_child_may_walk(tmp_path):
    town = Drawing()
    for i, tags in enumerate(WALKED + NOT_WALKED):
        town.way((0, 10 * i), (50, 10 * i), **tags)
    got = osm.network(town.save(tmp_path), CRS, BOUNDS)
    assert got["osm_id"].tolist() == list(range(1, len(WALKED) + 1))
    assert got["highway"].tolist() == [tags["highway"] for tags in WALKED]
    assert got.crs == CRS
    assert np.allclose(got.length, 50, atol=CM)


def test_bridges_are_flagged(tmp_path):
    town = Drawing()
    for i, tags in enumerate([{"bridge": "yes"}, {"bridge": "viaduct"}, {"bridge": "no"}, {}]):
        town.way((0, i), (9, i), highway="footway", **tags)
    assert osm.network(town.save(tmp_path), CRS, BOUNDS)["bridge"].tolist() == [True, True, False, False]


def test_a_square_drawn_as_a_multipolygon_gives_its_outline(tmp_path):
    town = Drawing()
    town.relation([town.square(100, 100, 100)], [town.square(140, 140, 20)], highway="pedestrian")
    got = osm.network(town.save(tmp_path), CRS, BOUNDS)
    assert got["osm_id"].tolist() == [-1, -1]
    assert sorted(got.length) == pytest.approx([80, 400], abs=CM)


def test_a_way_with_lost_nodes_gives_its_known_pieces(tmp_path):
    """Nodes every 100 m, the third lost: 0–100 and 300–500 are left."""
    town = Drawing()
    town.way(*((100 * i, 0) for i in range(6)), highway="path")
    town.lost.add(3)
    got = osm.network(town.save(tmp_path), CRS, BOUNDS)
    assert got["osm_id"].tolist() == [1, 1]
    assert sorted(got.length) == pytest.approx([100, 200], abs=CM)


def test_what_is_far_is_not_kept_and_what_is_half_inside_is_kept_whole(tmp_path):
    """A way that leaves the bounds for 5 km, one 100 m outside, one 50 km away."""
    town = Drawing()
    town.way((500, 500), (500, 5500), highway="path")
    town.way((1100, 0), (1100, 900), highway="path")
    town.way((50_000, 0), (51_000, 0), highway="path")
    path = town.save(tmp_path)
    got = osm.network(path, CRS, BOUNDS)
    assert got["osm_id"].tolist() == [1]
    assert got.geometry.iloc[0].equals_exact(shapely.LineString([(X + 500, Y + 500), (X + 500, Y + 5500)]), CM)
    assert osm.network(path, CRS, (X, Y, X + 60_000, Y + 1000))["osm_id"].tolist() == [1, 2, 3]
    assert len(osm.network(path, CRS, (X - 30_000, Y, X - 20_000, Y + 1000))) == 0


def test_a_playground_may_be_a_node_a_way_or_a_relation_with_a_hole(tmp_path):
    town = Drawing()
    town.node(10, 20, leisure="playground")
    town.square(100, 100, 50, leisure="playground", name=unicodedata.normalize("NFD", "Sân chơi"))
    town.relation([town.square(200, 200, 100)], [town.square(240, 240, 20)], leisure="playground", name__vi="Vườn")
    town.square(600, 600, 50, leisure="swimming_pool")
    got, notes = play_areas(town.save(tmp_path))
    assert got["play_area_id"].tolist() == ["node/1", "relation/1", "way/1"]
    assert got.geometry.geom_type.tolist() == ["Point", "Polygon", "Polygon"]
    assert got.geometry[0].distance(shapely.Point(X + 10, Y + 20)) < CM
    assert got.area.tolist() == pytest.approx([0, 100 * 100 - 20 * 20, 50 * 50], abs=5)
    assert got["name"].isna().tolist() == [True, False, False]
    assert got["name"].tolist()[1:] == ["Vườn", "Sân chơi"]
    assert (got["counts"].all(), notes) == (True, [])


def test_the_outline_of_a_relation_may_be_of_several_ways_and_parts(tmp_path):
    town = Drawing()
    half = town.way((0, 0), (100, 0), (100, 100))
    refs = town.ways[half - 1][0]
    town.ways.append(([refs[-1], town.node(0, 100), refs[0]], {}))
    town.relation([half, half + 1, town.square(300, 0, 50)], leisure="park")
    got, _ = play_areas(town.save(tmp_path))
    assert got.geometry.geom_type.tolist() == ["MultiPolygon"]
    assert got.area[0] == pytest.approx(100 * 100 + 50 * 50, abs=5)


KINDS = [
    ({"leisure": "playground"}, "playground", True, "unknown"),
    ({"leisure": "park"}, "park", True, "public"),
    ({"leisure": "garden"}, "garden", True, "restricted"),
    ({"leisure": "pitch"}, "pitch", False, "unknown"),
    ({"amenity": "school"}, "schoolyard", False, "restricted"),
    ({"landuse": "recreation_ground"}, "recreation_ground", True, "public"),
    ({"leisure": "indoor_play"}, "indoor_play", False, "fee"),
    ({"amenity": "school", "leisure": "playground"}, "playground", True, "unknown"),
    ({"leisure": "garden", "access": "yes"}, "garden", True, "public"),
    ({"leisure": "park", "fee": "yes"}, "park", True, "fee"),
]


def test_kinds_follow_the_table_and_its_first_row_wins(tmp_path):
    town = Drawing()
    for i, (tags, *_) in enumerate(KINDS):
        town.node(10 * i, 0, **tags)
    got, _ = play_areas(town.save(tmp_path))
    got = got.set_index("play_area_id").loc[[f"node/{i + 1}" for i in range(len(KINDS))]]
    assert list(zip(got["kind"], got["counts"], got["access"], strict=True)) == [row[1:] for row in KINDS]


def test_words_of_access():
    told = {
        "public": [{"access": "permissive"}, {"access": "yes", "fee": "donation"}, {"access": "public", "fee": "no"}],
        "restricted": [{"access": "residents"}, {"access": "private"}, {"access": "customers"}],
        "closed": [{"access": "no", "fee": "yes"}, {"opening_hours": "closed"}, {"opening_hours": "off", "fee": "yes"}],
        "fee": [{"fee": "yes"}, {"fee": "20000 VND", "access": "yes"}],
        "unknown": [{}, {"access": "something"}, {"fee": "no"}, {"opening_hours": "Mo-Su 06:00-22:00"}],
    }
    for word, rows in told.items():
        assert [osm.access(tags, "unknown") for tags in rows] == [word] * len(rows)


def test_ages(tmp_path):
    town = Drawing()
    for tags in ({"min_age": "3", "max_age": "14"}, {"min_age": "6"}, {"max_age": "5"}, {}):
        town.node(5, 5, leisure="playground", **tags)
    ages = play_areas(town.save(tmp_path))[0]["ages"]
    assert ages.tolist()[:3] == ["3-14", "6-", "-5"]
    assert ages.isna().tolist() == [False, False, False, True]


def test_outlines_that_do_not_close_are_left_out_and_noted(tmp_path):
    town = Drawing()
    town.square(0, 0, 50, leisure="playground")
    town.way((100, 0), (150, 0), (150, 50), leisure="playground")
    torn = town.square(200, 0, 50, leisure="park")
    town.lost.add(town.ways[torn - 1][0][1])
    town.relation([town.way((300, 0), (350, 0), (350, 50))], leisure="playground")
    got, notes = play_areas(town.save(tmp_path))
    assert got["play_area_id"].tolist() == ["way/1"]
    assert notes.codes == ["osm_broken_areas"]
    assert (notes[0].count, notes[0].ids) == (3, ["way/2", "way/3", "relation/1"])
    assert "3 play areas of town.osm.pbf" in notes[0].message


def test_an_outline_that_crosses_itself_is_made_valid(tmp_path):
    town = Drawing()
    town.way((0, 0), (100, 100), (100, 0), (0, 100), close=True, leisure="playground")
    got, _ = play_areas(town.save(tmp_path))
    assert got.geometry.is_valid.all()
    assert got.area[0] == pytest.approx(100 * 100 / 2, abs=5)


def test_storeys_and_homes(tmp_path):
    rows = [
        ({"building": "yes", "building:levels": "2"}, 2, True),
        ({"building": "house", "building:levels": "1;3"}, 3, True),
        ({"building": "apartments", "building:levels": "2,5"}, 2.5, True),
        ({"building": "yes", "building:levels": "two"}, math.nan, True),
        ({"building": "yes", "building:levels": "0"}, math.nan, True),
        ({"building": "yes", "amenity": "cafe"}, math.nan, False),
        ({"building": "house", "amenity": "cafe"}, math.nan, True),
        ({"building": "school", "building:levels": "-1"}, math.nan, False),
        ({"building": "castle"}, math.nan, False),
    ]
    town = Drawing()
    for i, (tags, *_) in enumerate(rows):
        town.square(20 * i, 0, 10, **tags)
    town.square(500, 0, 10, building="no")
    town.way((600, 0), (610, 0), (610, 10), building="yes")
    town.relation([town.square(700, 0, 20)], [town.square(705, 5, 10)], building="house")
    got = osm.buildings(town.save(tmp_path), CRS, BOUNDS)
    assert got["osm_id"].tolist() == ["relation/1", *(f"way/{i + 1}" for i in range(len(rows)))]
    assert got["residential"].tolist() == [True, *(row[2] for row in rows)]
    assert got["levels"].tolist()[1:] == pytest.approx([row[1] for row in rows], nan_ok=True)
    assert got["building"].tolist()[:3] == ["house", "yes", "house"]
    assert got.area.tolist()[:2] == pytest.approx([400 - 100, 100], abs=1.5)


def test_land_use_of_closed_ways_and_relations(tmp_path):
    town = Drawing()
    town.square(0, 0, 100, landuse="residential")
    town.way((200, 0), (300, 0), (300, 100), landuse="residential")
    town.relation([town.square(400, 0, 100)], landuse="forest")
    got = osm.landuse(town.save(tmp_path), CRS, BOUNDS)
    assert list(zip(got["osm_id"], got["landuse"], strict=True)) == [("relation/1", "forest"), ("way/1", "residential")]


def test_gates_that_open(tmp_path):
    rows = [
        ({"barrier": "gate"}, "gate"),
        ({"barrier": "kissing_gate", "access": "yes"}, "kissing_gate"),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, "gate"),
        ({"entrance": "main"}, "entrance"),
        ({"barrier": "bollard", "entrance": "yes"}, "entrance"),
        ({"entrance": "no"}, None),
        ({"barrier": "bollard"}, None),
        ({"barrier": "gate", "locked": "yes"}, None),
        ({"barrier": "gate", "access": "private"}, None),
        ({"entrance": "yes", "foot": "no"}, None),
    ]
    town = Drawing()
    for i, (tags, _) in enumerate(rows):
        town.node(10 * i, 7, **tags)
    town.node(50_000, 7, barrier="gate")
    got = osm.gates(town.save(tmp_path), CRS, BOUNDS)
    assert got["osm_id"].tolist() == [f"node/{i}" for i in range(1, 6)]
    assert got["kind"].tolist() == [kind for _, kind in rows if kind]
    assert got.geometry.x.to_numpy() - X == pytest.approx([0, 10, 20, 30, 40], abs=CM)
