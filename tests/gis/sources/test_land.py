"""Parcels, constraint layers, places nearby and terrain of the small study, by way of its files."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
import small
from sanchoi.gis.errors import CRSError, StudyError
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import load
from small import CRS


def land(folder, boxes, keys="", more="", **columns):
    """The small study with parcels; `keys` of [parcels], `more` sections."""
    small.write(folder)
    shapes = [small.square(*box) for box in boxes]
    frame = gpd.GeoDataFrame({"no": [f"P{i + 1}" for i in range(len(shapes))], **columns}, geometry=shapes, crs=CRS)
    small.layer(folder, "land", frame)
    small.add(folder, f'\n[parcels]\npath = "land.gpkg"\nid = "no"\n{keys}\n{more}\n')
    return folder


def read(folder):
    notes = Notes()
    return load.inputs(load.study(folder), folder, notes), {note.code: note for note in notes}


TWO = [(100, 100, 20, 20), (200, 100, 20, 20)]


def test_a_stated_mapping_turns_values_into_codes_and_leaves_the_rest(tmp_path):
    keys = 'land_use = "use"\ncodes = { farmland = "HNK", "Vườn" = "CLN+ONT" }'
    boxes = [(100 * i, 100, 20, 20) for i in range(1, 6)]
    uses = ["farmland", " FARMLAND ", "vườn", "heath", None]
    found, notes = read(land(tmp_path / "s", boxes, keys, use=uses))
    assert found.parcels["land_use"].tolist()[:4] == ["HNK", "HNK", "CLN+ONT", "heath"]
    assert found.parcels["land_use"].isna().tolist() == [False] * 4 + [True]
    assert notes == {}


def test_a_value_that_only_parcels_beyond_the_communes_have_is_used(tmp_path):
    keys = 'land_use = "use"\ncodes = { a = "HNK", b = "CLN" }'
    found, notes = read(land(tmp_path / "s", [*TWO[:1], (3000, 100, 20, 20)], keys, use=["a", "b"]))
    assert found.parcels["land_use"].tolist() == ["HNK"]
    assert set(notes) == {"parcels_outside"}


def test_an_alias_is_a_code_and_a_typo_is_not(tmp_path):
    found, _ = read(land(tmp_path / "a", TWO, 'land_use = "use"\ncodes = { park = "dsh" }', use="park"))
    assert found.parcels["land_use"].tolist() == ["dsh", "dsh"]
    with pytest.raises(StudyError, match='codes: park = "LUX"'):
        read(land(tmp_path / "b", TWO, 'land_use = "use"\ncodes = { park = "LUX" }', use="park"))


COSTS = [5.0, 0.0, -1.0, np.inf, np.nan]


@pytest.mark.parametrize(
    ("unit", "column", "other"), [("VND", "cost", "cost_per_m2"), ("VND/m2", "cost_per_m2", "cost")]
)
def test_costs_go_by_their_unit_and_what_is_no_amount_is_unknown(tmp_path, unit, column, other):
    boxes = [(100 * i, 100, 20, 20) for i in range(1, 6)]
    found, notes = read(land(tmp_path / "s", boxes, f'cost = "vnd"\ncost_unit = "{unit}"', vnd=COSTS))
    np.testing.assert_array_equal(found.parcels[column], [5.0, 0.0, np.nan, np.nan, np.nan])
    assert found.parcels[other].isna().all()
    assert notes["cost_not_read"].ids == ["P3", "P4"]


def test_text_costs_are_read_when_they_are_plain_numbers(tmp_path):
    texts = ["1200000", "1.200", " 7 ", "", "nhiều"]  # 1.200 may be 1,200 or 1.2
    boxes = [(100 * i, 100, 20, 20) for i in range(1, 6)]
    found, notes = read(land(tmp_path / "s", boxes, 'cost = "vnd"', vnd=texts))
    np.testing.assert_array_equal(found.parcels["cost"], [1_200_000, np.nan, 7, np.nan, np.nan])
    assert notes["cost_not_read"].ids == ["P2", "P5"]


def test_no_cost_column_means_unknown_costs(tmp_path):
    found, notes = read(land(tmp_path / "s", TWO))
    assert found.parcels[["cost", "cost_per_m2"]].isna().all(axis=None)
    assert notes == {}


def test_where_selects_parcels_and_features(tmp_path):
    layers = '[constraints.water]\npath = "land.gpkg"\nwhere = "use = \'pond\'"\n'
    folder = land(tmp_path / "s", TWO, "where = \"use <> 'pond'\"", layers, use=["field", "pond"])
    found, _ = read(folder)
    assert found.parcels["parcel_id"].tolist() == ["P1"]
    assert found.constraint_layers["water"]["no"].tolist() == ["P2"]


def test_what_where_selects_may_lie_far_off_if_its_file_does_not(tmp_path):
    """A pond 40 km away, in a file whose other features are here; alone in its file it is refused."""
    layers = '[constraints.water]\npath = "ponds.gpkg"\nwhere = "use = \'far\'"\n'
    folder = land(tmp_path / "s", TWO, more=layers)
    shapes = [small.square(0, 0, 50, 50), small.square(40_000, 0, 50, 50)]
    ponds = gpd.GeoDataFrame({"use": ["here", "far"]}, geometry=shapes, crs=CRS)
    small.layer(folder, "ponds", ponds)
    found, _ = read(folder)
    assert found.constraint_layers["water"]["use"].tolist() == ["far"]
    small.layer(folder, "ponds", ponds[1:])
    with pytest.raises(CRSError, match=r"constraints.water lies outside the communes"):
        read(folder)


def test_a_parcel_on_the_border_of_the_communes_stays_and_one_beyond_goes(tmp_path):
    """The communes end at x = 2000: one parcel across it, one that only touches it, one 1 m away."""
    boxes = [(1990, 100, 20, 20), (2000, 300, 20, 20), (2001, 500, 20, 20)]
    found, notes = read(land(tmp_path / "s", boxes))
    assert found.parcels["parcel_id"].tolist() == ["P1"]
    assert notes["parcels_outside"].count == 2
    assert found.parcels.area.tolist() == pytest.approx([400])


def test_layers_that_are_empty_are_given_and_those_not_named_are_absent(tmp_path):
    more = '[constraints.water]\npath = "none.gpkg"\n[nearby.schools]\npath = "play_areas.gpkg"\n'
    folder = land(tmp_path / "s", TWO, more=more)
    small.layer(folder, "none", small.roads()[:0])
    found, _ = read(folder)
    assert {name: len(layer) for name, layer in found.constraint_layers.items()} == {"water": 0}
    assert {name: len(layer) for name, layer in found.nearby.items()} == {"schools": 2}
    assert found.terrain is None
    assert len(found.owner_kinds)


def test_the_slope_is_no_layer(tmp_path):
    with pytest.raises(StudyError, match=r"\[constraints.slope\].*\[terrain\]"):
        read(land(tmp_path / "s", TWO, more='[constraints.slope]\npath = "roads.gpkg"\n'))


@pytest.mark.parametrize("key", ["layer", "where", "id", "land_use", "owner", "cost"])
def test_an_extract_has_no_columns(tmp_path, key):
    folder = land(tmp_path / "s", TWO)
    small.replace(folder, 'path = "land.gpkg"\nid = "no"\n', f'path = "town.osm.pbf"\n{key} = "x"\n')
    (folder / "town.osm.pbf").write_bytes(b"")
    with pytest.raises(StudyError, match=rf"\[parcels\] {key} with an OSM extract"):
        read(folder)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("[constraints.flood]", r"\[constraints.flood\] from an OSM extract"),
        ('[constraints.water]\nwhere = "a = 1"', r"\[constraints.water\] from an OSM extract with layer or where"),
    ],
)
def test_what_an_extract_cannot_give_is_refused(tmp_path, section, words):
    folder = land(tmp_path / "s", TWO, more=f'{section}\npath = "town.osm.pbf"\n')
    (folder / "town.osm.pbf").write_bytes(b"")
    with pytest.raises(StudyError, match=words):
        read(folder)


def terrain(folder, values, boxes=TWO, **place):
    land(folder, boxes, more='[terrain]\npath = "dem.tif"\n')
    small.raster(folder, values, name="dem.tif", **place)
    return read(folder)


def test_terrain_is_read_over_the_communes_where_land_may_be_proposed(tmp_path):
    """Cells of 50 m; communes at x 0–2000, y 0–1000, with 200 m around and 2 pixels: −300 … 2300, rows from the south likewise."""
    x, y = np.meshgrid(np.arange(-1000, 3000, 50), np.arange(2000, -1000, -50))
    found, notes = terrain(tmp_path / "s", x + y / 1000.0, x=-1000, top=2000, size=50)
    heights = found.terrain
    west, south, east, north = heights.bounds
    assert (west - small.X, east - small.X) == (-300, 2300)
    assert (south - small.Y, north - small.Y) == (-300, 1300)
    assert heights.values[0, 0] == pytest.approx(-300 + 1.3, abs=1e-4)
    assert notes == {}


def test_no_data_stays_unknown_and_parcels_beyond_are_counted(tmp_path):
    """The raster ends at x = 210, inside the second parcel."""
    values = np.full((50, 21), 7.0)
    values[25:, :] = -1.0  # no data of the file
    found, notes = terrain(tmp_path / "s", values, size=10, top=500)
    assert notes["terrain_partly"].count == 1
    assert np.isnan(found.terrain.values).any()
    assert np.nanmax(found.terrain.values) == np.nanmin(found.terrain.values) == 7.0


def test_a_terrain_beside_the_parcels_gives_nothing_and_says_so(tmp_path):
    found, notes = terrain(tmp_path / "s", [[5.0] * 4] * 4, x=1500, top=900, size=50)
    assert notes["terrain_partly"].count == 2
    assert min(found.terrain.values.shape) >= 1


def test_heights_below_the_sea_are_heights(tmp_path):
    found, _ = terrain(tmp_path / "s", [[-4.0] * 30] * 20, x=-500, top=1500)
    assert np.nanmin(found.terrain.values) == -4.0


def test_a_terrain_in_degrees_is_read_where_the_parcels_are(tmp_path):
    folder = land(tmp_path / "s", TWO, more='[terrain]\npath = "dem.tif"\n')
    lon, lat = gpd.GeoSeries(gpd.points_from_xy([small.X], [small.Y]), crs=CRS).to_crs(4326).iloc[0].coords[0]
    rows = np.arange(60)[:, None] * np.ones(60)
    small.raster(
        folder, rows, x=lon - 0.005 - small.X, top=lat + 0.01 - small.Y, size=0.0003, crs="EPSG:4326", name="dem.tif"
    )
    found, notes = read(folder)
    assert notes == {}
    west, south, east, north = found.terrain.bounds
    ground = gpd.GeoSeries([shapely.box(west, south, east, north)], crs=4326).to_crs(CRS).iloc[0]
    assert shapely.covered_by(found.parcels.geometry.to_numpy(), ground).all()
    assert found.terrain.values.size < 60 * 60
