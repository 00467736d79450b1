"""Where layers lie, and what is said of those that lie elsewhere. The place: near Tam Kỳ, in TM-3 107°45′."""

import numpy as np
import pyproj
import pytest
from sanchoi.gis.crs import check_communes, check_placement, check_zone, moved, require_metric
from sanchoi.gis.errors import CRSError

STUDY = "EPSG:5899"
BOX = (560_000.0, 1_740_000.0, 562_000.0, 1_741_000.0)
NEAR = (BOX[0] - 5000, BOX[1] - 5000, BOX[2] + 5000, BOX[3] + 5000)
NOWHERE = (float("inf"),) * 4
DEGREES = (108.31, 15.73, 108.33, 15.74)
"""The box, by hand: 60 km east of 107.75° at 15.73° N, where a degree is 107.1 km, is 108.31°."""


def swapped(box):
    return box[1], box[0], box[3], box[2]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("EPSG:5899", "VN-2000 / TM-3 107-45"),
        ("EPSG:32628", "WGS 84 / UTM zone 28N"),
        ("EPSG:32649", "WGS 84 / UTM zone 49N"),
        ("EPSG:3405", "VN-2000 / UTM zone 48N"),
        ("EPSG:27700", "OSGB36 / British National Grid"),
    ],
)
def test_projected_systems_in_metres_are_taken(text, name):
    assert require_metric(text).name == name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("EPSG:4326", "not in metres"),
        ("EPSG:4756", "not in metres"),  # VN-2000 in degrees
        ("EPSG:4978", "not in metres"),  # metres from the middle of the earth
        ("EPSG:2263", "not in metres"),  # New York in feet
        ("+proj=utm +zone=48 +units=km", "not in metres"),
        ("EPSG:3857", "stretches distances"),
        ("ESRI:102100", "stretches distances"),
        ("+proj=webmerc +datum=WGS84", "stretches distances"),
        ("EPSG:3395", "stretches distances"),
        ("EPSG:3994", "stretches distances"),
        ("VN-2000 zone 107", "not a CRS"),
        ("EPSG:1", "not a CRS"),
        ("", "not a CRS"),
    ],
)
def test_other_systems_are_refused(text, words):
    with pytest.raises(CRSError) as caught:
        require_metric(text)
    assert f'crs = "{text}"' in caught.value.came
    assert words in caught.value.came
    assert "EPSG:5899" in caught.value.expected


def test_the_box_of_these_tests_lies_where_they_say():
    assert moved(BOX, STUDY, "EPSG:4326") == pytest.approx(DEGREES, abs=0.005)


def test_a_box_moves_between_systems():
    """On the central meridian of UTM 48N x is 500 km; the equator is y = 0."""
    assert moved((105.0, 0.0, 105.0, 0.0), "EPSG:4326", "EPSG:32648") == pytest.approx((5e5, 0, 5e5, 0), abs=1e-3)
    assert moved(BOX, STUDY, pyproj.CRS(STUDY)) == BOX


@pytest.mark.parametrize(
    "box", [NOWHERE, (float("nan"),) * 4, BOX, (105.0, -91.0, 106.0, 0.0), (361.0, 0.0, 362.0, 1.0)]
)
def test_a_box_without_a_place_moves_nowhere(box):
    assert moved(box, "EPSG:4326", STUDY) is None


@pytest.mark.parametrize(
    "box",
    [
        BOX,
        (NEAR[2], NEAR[1], NEAR[2] + 9, NEAR[3]),  # touches the edge
        (0.0, 0.0, 1e6, 4e6),  # larger than all
        (561_000.0, 1_740_500.0, 561_000.0, 1_740_500.0),  # one point
    ],
)
def test_a_layer_that_meets_the_communes_is_placed(box):
    check_placement(box, STUDY, NEAR, STUDY, "barriers")


def refused(raw, own, name="barriers"):
    """The error for a layer whose file holds `raw` and names the CRS `own`."""
    with pytest.raises(CRSError) as caught:
        check_placement(moved(raw, own, STUDY) or NOWHERE, STUDY, NEAR, STUDY, name, raw=(raw, own))
    assert f"layer {name} lies outside the communes" in caught.value.came
    return caught.value


@pytest.mark.parametrize(("own", "km"), [("EPSG:9217", 54), ("EPSG:5898", 27), ("EPSG:9216", 27)])
def test_the_zone_that_the_numbers_fit_is_named(own, km):
    """Labelled 108°15′, 108° or 107°30′, the numbers of 107°45′ come to lie 0.5° (54 km) or 0.25° off."""
    error = refused(BOX, own)
    assert f"its numbers fit EPSG:5899 (VN-2000 / TM-3 107-45), not {own}" in error.todo
    assert "set the right CRS of barriers in a GIS (assign, not reproject)" in error.todo
    assert f", {km} km away" in error.came
    assert "axes" not in error.todo


def test_utm_numbers_labelled_as_the_other_zone():
    numbers = moved(BOX, STUDY, "EPSG:32649")
    assert "its numbers fit EPSG:32649" in refused(numbers, "EPSG:32648").todo
    assert "its numbers fit EPSG:32649" in refused(numbers, STUDY).todo


def test_degrees_labelled_as_metres_and_metres_labelled_as_degrees():
    assert "its numbers fit EPSG:4326 (WGS 84), not EPSG:5899" in refused(DEGREES, STUDY).todo
    error = refused(BOX, "EPSG:4326")
    assert "its numbers fit EPSG:5899 (VN-2000 / TM-3 107-45), not EPSG:4326" in error.todo
    assert "km away" not in error.came


@pytest.mark.parametrize(("box", "own"), [(BOX, STUDY), (DEGREES, "EPSG:4326")])
def test_swapped_axes_are_told_and_nothing_else(box, own):
    error = refused(swapped(box), own)
    assert error.todo.startswith("its axes look swapped (north before east); set the right CRS")


def test_swapped_axes_of_another_zone():
    told = refused(swapped(BOX), "EPSG:9217").todo
    assert "its axes look swapped" in told
    assert "its numbers fit EPSG:5899" in told


def test_a_layer_of_another_place_has_no_guess():
    error = refused((0.0, 50.0, 0.1, 50.1), "EPSG:4326", "halo")
    assert error.todo == "check the CRS of the file, and that it is of this place"


def test_without_stored_bounds_the_given_ones_are_tried():
    with pytest.raises(CRSError, match="its numbers fit EPSG:5899"):
        check_placement(BOX, "EPSG:9217", NEAR, STUDY, "population")


def test_distance_is_told_from_middle_to_middle():
    """30 km east and 40 km north are 50 km."""
    box = (BOX[0] + 30_000, BOX[1] + 40_000, BOX[2] + 30_000, BOX[3] + 40_000)
    assert ", 50 km away" in refused(box, STUDY).came


@pytest.mark.parametrize(
    "box",
    [BOX, moved((108.2, 16.0, 108.3, 16.1), "EPSG:4326", STUDY), moved((109.6, 15, 109.7, 16), "EPSG:4326", STUDY)],
)
def test_communes_in_the_ground_of_the_crs_or_a_degree_beyond_are_believed(box):
    """EPSG:5899 is made for 106.43 to 108.76° E."""
    check_communes(box, STUDY, (box, STUDY))


def refused_communes(raw, own):
    with pytest.raises(CRSError, match="layer communes lies") as caught:
        check_communes(moved(raw, own, STUDY) or NOWHERE, STUDY, (raw, own))
    return caught.value


def test_communes_elsewhere_are_refused_with_both_places():
    error = refused_communes((-15.5, 28.0, -15.4, 28.2), "EPSG:4326")  # Las Palmas
    assert error.came.startswith("layer communes lies -15.")
    assert "106.43…108.76° E" in error.expected
    assert error.todo == "check the CRS of the file, and that it is of this place"


def test_communes_in_degrees_labelled_as_metres():
    assert "its numbers fit EPSG:4326 (WGS 84), not EPSG:5899" in refused_communes(DEGREES, STUDY).todo


def test_communes_in_metres_labelled_as_degrees_lie_nowhere():
    error = refused_communes(BOX, "EPSG:4326")
    assert "lies nowhere on earth" in error.came
    assert "not EPSG:4326" in error.todo


def test_communes_in_degrees_with_swapped_axes():
    assert refused_communes(swapped(DEGREES), "EPSG:4326").todo.startswith("its axes look swapped (north before east);")


def test_a_crs_of_no_declared_ground_believes_all_communes():
    check_communes((0.0, 0.0, 1.0, 1.0), "+proj=utm +zone=48 +datum=WGS84 +units=m +type=crs", None)


# --- a neighbouring zone ----------------------------------------------------------------------------------------------


def province(n, seed=1):
    """Places of a province 100 km wide about Tam Kỳ, and its box."""
    box = (500_000.0, 1_690_000.0, 600_000.0, 1_760_000.0)
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.uniform(box[0], box[2], n), rng.uniform(box[1], box[3], n)]), box


def mislabelled(xy, own):
    """Where places stored in EPSG:5899 come to lie when the file says `own`."""
    turn = pyproj.Transformer.from_crs(own, "EPSG:5899", always_xy=True)
    return np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))


@pytest.mark.parametrize("own", ["EPSG:9217", "EPSG:5898", "EPSG:9214"])
def test_a_layer_in_the_numbers_of_another_zone_is_refused_though_the_boxes_meet(own):
    """The eastern third of the province, labelled 30, 15 or 45 minutes too far east or west."""
    xy, box = province(2_000)
    xy = xy[xy[:, 0] > 580_000] if own != "EPSG:9214" else xy[xy[:, 0] < 520_000]
    with pytest.raises(CRSError, match=r"its numbers fit EPSG:5899 .*, not " + own):
        check_zone(mislabelled(xy, own), own, "EPSG:5899", box, "play_areas")


@pytest.mark.parametrize("own", ["EPSG:5899", "EPSG:4326", "EPSG:9217"])
def test_a_layer_in_its_place_is_believed_whatever_it_is_stored_in(own):
    xy, box = province(300)
    check_zone(xy, own, "EPSG:5899", box, "play_areas")


def test_a_layer_of_the_whole_country_is_believed():
    xy, box = province(300)
    away = xy + np.array([0.0, 200_000.0])
    check_zone(np.concatenate([xy, away, away + 50_000]), "EPSG:5899", "EPSG:5899", box, "play_areas")
    check_zone(np.empty((0, 2)), "EPSG:5899", "EPSG:5899", box, "play_areas")
