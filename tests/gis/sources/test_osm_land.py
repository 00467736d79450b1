"""Layers and parcels of small extracts, written in PBF and read back. Places are metres from (X, Y)."""

import math

import numpy as np
import osmium
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from osmium.osm.mutable import Node, Relation, Way
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import osm_extract, osm_land, rows
from sanchoi.gis.sources.osm_land import LEVELS_KV, kilovolts

CRS = "EPSG:5899"
X, Y = 560_000.0, 1_740_000.0
BOUNDS = (X - 5, Y - 5, X + 1000, Y + 1000)
DEGREES = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
SQUARE = ((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))


class Town:
    """An extract in the making; ids count from 1."""

    def __init__(self):
        self.nodes, self.ways, self.relations, self.at = [], [], [], {}

    def node(self, x, y, **tags):
        if (x, y) in self.at and not tags:
            return self.at[x, y]
        self.nodes.append((DEGREES.transform(X + x, Y + y), tags))
        return self.at.setdefault((x, y), len(self.nodes)) if not tags else len(self.nodes)

    def way(self, *places, at=(0, 0), **tags):
        self.ways.append(([self.node(at[0] + x, at[1] + y) for x, y in places], tags))
        return f"way/{len(self.ways)}"

    def relation(self, *ways, **tags):
        members = [("w", int(way.removeprefix("way/")), "outer") for way in ways]
        self.relations.append((members, {"type": "multipolygon", **tags}))
        return f"relation/{len(self.relations)}"

    def save(self, folder, header=None):
        path = folder / "town.osm.pbf"
        with osmium.SimpleWriter(str(path), overwrite=True, header=header or osmium.io.Header()) as sink:
            for i, (place, tags) in enumerate(self.nodes, 1):
                sink.add_node(Node(id=i, version=1, location=place, tags=tags))
            for i, (refs, tags) in enumerate(self.ways, 1):
                sink.add_way(Way(id=i, version=1, nodes=refs, tags=tags))
            for i, (members, tags) in enumerate(self.relations, 1):
                sink.add_relation(Relation(id=i, version=1, members=members, tags=tags))
        return path


def layer(path, name):
    notes = Notes()
    return osm_land.layer(path, CRS, BOUNDS, name, notes), notes


def table(name):
    return rows.packaged(name).to_dict("records")


@pytest.mark.parametrize(
    "row", table("osm_constraints.csv"), ids=lambda row: f"{row['key']}={row['value']} {row['layer']}"
)
def test_every_row_gives_its_layer_and_no_other_value_does(row, tmp_path):
    """One feature with the tag, one with another value, one with the value that is left out."""
    town = Town()
    value = "yes" if row["value"] == "*" else row["value"]
    tags = {row["key"]: value, **({"bridge": "yes"} if row["layer"] == "bridges" else {})}
    places = SQUARE if "area" in row["shapes"] else SQUARE[:2]
    kept = town.way(*places, at=(100, 100), **tags)
    town.way(*places, at=(100, 300), **{row["key"]: "no"})
    if row["except"]:
        key, _, words = row["except"].partition("=")
        word = words.split("|")[-1].strip()
        town.way(*places, at=(100, 500), **tags | {key.strip(): word})
    found, notes = layer(town.save(tmp_path), row["layer"])
    assert found["osm_id"].tolist() == [kept]
    assert found.geometry.geom_type.tolist() == ["Polygon" if "area" in row["shapes"] else "LineString"]
    assert found.crs == CRS
    assert notes == []
    if row["column"]:
        told = {"=voltage": None, "=length": pytest.approx(100, abs=0.05)}.get(row["column_value"], row["column_value"])
        assert found[row["column"]].iloc[0] == told


def test_layers_are_those_that_constraints_and_criteria_speak_of():
    named = set(rows.packaged("constraints.csv")["layer"]) | {"schools", "halls"}
    assert set(osm_land.known()) == named - {"slope", "flood", "play_areas"}
    columns = {row["layer"]: row["column"] for row in table("osm_constraints.csv") if row["column"]}
    asked = {r["layer"]: r["where"].partition("=")[0].strip() for r in table("constraints.csv") if r["where"]}
    assert columns | {"water": "function"} == asked  # no tag tells the function of a watercourse


def test_codes_of_parcels_are_codes():
    codes = set(rows.packaged("landuse_codes.csv")["code"])
    assert {row["land_use"] for row in table("osm_parcels.csv")} - {""} <= codes
    assert all(float(row["min_m2"]) >= 0 and row["note"] for row in table("osm_parcels.csv"))


@pytest.mark.parametrize(
    ("text", "kv"),
    [
        ("110000", 110),
        ("220000;110000", 220),
        ("110000; 220000", 220),
        ("66000", 110),
        ("20000", 22),
        ("22000", 22),
        ("22001", 35),
        ("400", 22),
        ("500000", 500),
        ("500001", None),
        ("0", None),
        ("high", None),
        ("110 kV", None),
        ("", None),
        (None, None),
    ],
)
def test_voltages_go_to_the_next_level(text, kv):
    assert kilovolts(text) == kv


@given(st.lists(st.integers(1, 600_000), min_size=1, max_size=4))
def test_a_level_is_never_below_the_voltage(volts):
    level = kilovolts(";".join(map(str, volts)))
    top = max(volts) / 1000
    assert (level is None) == (top > 500)
    assert level is None or (level >= top and not any(top <= each < level for each in LEVELS_KV))


def test_a_line_without_a_voltage_has_no_kv(tmp_path):
    town = Town()
    town.way((0, 0), (500, 0), power="line", voltage="110000")
    town.way((0, 100), (500, 100), power="minor_line")
    found, _ = layer(town.save(tmp_path), "power")
    assert found["kv"].tolist() == [110, None]


def test_a_bridge_of_several_ways_is_as_long_as_all_of_them(tmp_path):
    """40 + 60 m end to end; 30 m apart; a bridge that crosses above the first one does not lengthen it."""
    town = Town()
    town.way((100, 100), (140, 100), highway="primary", bridge="yes")
    town.way((140, 100), (200, 100), highway="primary", bridge="viaduct")
    town.way((300, 300), (330, 300), highway="tertiary", bridge="yes")
    town.way((120, 90), (120, 110), highway="secondary", bridge="yes")
    town.way((200, 100), (400, 100), highway="primary")
    town.way((0, 0), (50, 0), highway="footway", bridge="yes")
    found, _ = layer(town.save(tmp_path), "bridges")
    assert found["osm_id"].tolist() == ["way/1", "way/2", "way/3", "way/4"]
    assert found["length"].tolist() == pytest.approx([100, 100, 30, 20], abs=0.1)
    assert osm_land.bridge_lengths(np.empty(0, dtype=object)).tolist() == []


def test_an_area_that_does_not_close_stays_as_lines_and_is_noted(tmp_path):
    town = Town()
    open_ = town.way(*SQUARE[:3], at=(100, 100), landuse="military")
    whole = town.way(*SQUARE, at=(300, 300), landuse="military")
    part = town.way(*SQUARE[:3], at=(500, 500), created_by="hand")
    lost = town.relation(part, landuse="military")
    found, notes = layer(town.save(tmp_path), "military")
    assert found["osm_id"].tolist() == [open_, whole]
    assert found.geometry.geom_type.tolist() == ["LineString", "Polygon"]
    assert [(note.code, note.ids) for note in notes] == [("osm_broken_areas", [open_, lost])]


def test_a_river_may_be_a_line_and_its_ground_an_area(tmp_path):
    town = Town()
    town.way((0, 500), (900, 500), waterway="river")
    ring = town.way(*SQUARE, at=(300, 450))
    town.relation(ring, natural="water")
    found, notes = layer(town.save(tmp_path), "water")
    assert found["osm_id"].tolist() == ["relation/1", "way/1"]
    assert found.area.tolist() == pytest.approx([10_000, 0], abs=5)
    assert notes == []


def test_what_is_far_is_not_in_a_layer(tmp_path):
    town = Town()
    town.node(500, 500, amenity="fuel")
    town.node(3000, 3000, amenity="fuel")
    found, _ = layer(town.save(tmp_path), "petrol")
    assert found["osm_id"].tolist() == ["node/1"]
    assert found.geometry.iloc[0].distance(shapely.Point(X + 500, Y + 500)) < 0.03


def test_parcels_have_stated_codes_and_sizes(tmp_path):
    """Car parks of 45² = 2,025 m² and 44² = 1,936 m²: the limit is 2,000 m²."""
    town = Town()

    def square(side, x, y, **tags):
        return town.way((0, 0), (side, 0), (side, side), (0, side), (0, 0), at=(x, y), **tags)

    square(50, 0, 0, landuse="brownfield")
    square(10, 100, 0, landuse="grass")
    square(45, 200, 0, amenity="parking")
    square(44, 300, 0, amenity="parking")
    square(90, 400, 0, amenity="parking", parking="underground")
    square(90, 500, 0, amenity="school", landuse="education")
    square(90, 600, 0, natural="scrub")
    square(90, 700, 0, landuse="residential")
    town.node(800, 800, amenity="school")
    broken = town.way((0, 900), (50, 900), (50, 950), landuse="grass")
    notes = Notes()
    found = osm_land.parcels(town.save(tmp_path), CRS, BOUNDS, notes).set_index("osm_id")
    assert found["land_use"].to_dict() == {
        "way/1": "BCS",
        "way/2": "BCS",
        "way/3": "amenity=parking",
        "way/6": "DGD",
        "way/7": "DCS",
    }
    assert [(note.code, note.ids) for note in notes] == [("osm_broken_areas", [broken])]


def test_an_extract_that_ends_before_the_study_does_is_told(tmp_path):
    """Boxes around the bounds, and one whose eastern side cuts them."""

    def header(east):
        box = osmium.osm.Box(*DEGREES.transform(X - 100, Y - 100), *DEGREES.transform(X + east, Y + 1100))
        made = osmium.io.Header()
        made.add_box(box)
        return made

    town = Town()
    town.node(0, 0, amenity="fuel")
    assert not osm_land.uncovered(town.save(tmp_path, header(1100)), CRS, BOUNDS)
    assert osm_land.uncovered(town.save(tmp_path, header(500)), CRS, BOUNDS)
    path = town.save(tmp_path)
    assert osm_extract.header_box(path) is None
    assert not osm_land.uncovered(path, CRS, BOUNDS)
    assert math.isclose(
        osm_extract.header_box(town.save(tmp_path, header(1100)))[2], DEGREES.transform(X + 1100, Y)[0], abs_tol=1e-4
    )
