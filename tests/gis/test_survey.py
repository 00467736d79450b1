"""Survey: what somebody typed in a form, read cell by cell; places in any zone and order; squares of the printed map."""

import json
from dataclasses import asdict
from datetime import date, datetime

import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis import survey, survey_cells, survey_place
from sanchoi.gis.errors import ContractError
from sanchoi.gis.sources import rows
from sanchoi.gis.survey_form import ACCESS, COLUMNS, KINDS, Faults, Filled, Form, Formula, Known, Line, Squares, parse
from sanchoi.gis.survey_place import Within
from sanchoi.gis.tables import ACCESS as DECLARED

AT = ("hàng 9", "row 9")
X, Y = 560_000.0, 1_740_000.0
TODAY = date(2026, 11, 26)
TO_DEGREES = pyproj.Transformer.from_crs(5899, 4326, always_xy=True)
SQUARE = shapely.transform(shapely.box(X, Y, X + 1000, Y + 1000), TO_DEGREES.transform, interleaved=False)
WITHIN = Within("Hòa Phú", SQUARE, "EPSG:5899")
SQUARES = Squares("EPSG:5899", X, Y + 1000, 100, 10, 10)
LON, LAT = TO_DEGREES.transform(X + 255, Y + 495)
LISTED = Known(1, "A", "Sân A", "playground", "public", "", 500.0, LON, LAT)
NEW = {"name": "Sân mới", "kind": "playground", "access": "public", "x": Y + 600, "y": X + 700, "area_m2": 80}


def line(**cells):
    return Line(AT, {**dict.fromkeys(COLUMNS), **cells})


def metres(shape):
    there = pyproj.Transformer.from_crs(4326, 5899, always_xy=True)
    return shapely.transform(shape, there.transform, interleaved=False)


def form(*known, squares=SQUARES):
    return Form("Small", "1", "Hòa Phú", "2025-07-01", "run", known, squares)


def check(*lines, known=(), **head):
    said = {"surveyor": "UBND xã", "surveyed_on": "05/11/2026", "none": None, **head}
    filled = Filled("f.xlsx", form(*known), said["surveyor"], said["surveyed_on"], said["none"], lines)
    return survey.check(filled, WITHIN, "2025-07-01", TODAY, lambda kind: kind != "pitch")


def faults(*lines, **more):
    with pytest.raises(Faults) as caught:
        check(*lines, **more)
    return [str(each) for each in caught.value.faults]


def test_lists_are_those_of_the_tables():
    assert set(KINDS) == set(rows.packaged("osm_kinds.csv")["kind"])
    assert tuple(ACCESS) == DECLARED


@pytest.mark.parametrize(
    ("typed", "m2"),
    [(None, None), ("", None), ("chưa biết", None), ("?", None), (120, 120), (120.5, 120.5), ("120,5", 120.5), ("120.5 m²", 120.5)],
)  # fmt: skip
def test_area(typed, m2):
    assert survey_cells.area(line(area_m2=typed), "f") == m2


@pytest.mark.parametrize(
    "typed", [0, -5, "0", "1.200", "1 200", "1,200", "khoảng 200", 2e6, "nan", "inf", float("inf"), True]
)
def test_area_that_nobody_can_be_sure_of_is_refused(typed):
    with pytest.raises(ContractError, match="m² from 1"):
        survey_cells.area(line(area_m2=typed), "f")


@pytest.mark.parametrize(
    "typed",
    [
        date(2026, 11, 5),
        datetime(2026, 11, 5),
        "5/11/2026",
        "05-11-2026",
        "5.11.2026",
        "2026-11-05",
        "ngày 5 tháng 11 năm 2026",
    ],
)
def test_day(typed):
    assert survey_cells.day(typed, TODAY, "f") == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (None, "no date"),
        ("hôm qua", "hôm qua"),
        ("31/02/2026", "31/02/2026"),
        (46331, "46331"),
        ("27/11/2026", "still to come"),
        ("05/11/2015", "more than 10 years"),
        (Formula("=TODAY()"), "=TODAY"),
    ],
)
def test_day_that_cannot_be_is_refused(typed, said):
    with pytest.raises(ContractError, match=said):
        survey_cells.day(typed, TODAY, "f")


@pytest.mark.parametrize(
    "typed", ["sân chơi trẻ em", "San choi tre em", "SÂN CHƠI TRẺ EM.", "playground", "sân  chơi trẻ em"]
)
def test_choice_with_and_without_accents_in_either_language(typed):
    assert survey_cells.choice(line(kind=typed), "kind", "f") == "playground"


def test_choice_names_the_nearest():
    with pytest.raises(ContractError) as caught:
        survey_cells.choice(line(kind="sân chơi trẻ con"), "kind", "f")
    assert "“sân chơi trẻ em”?" in caught.value.vi
    assert "row 9" in str(caught.value)


def place(**cells):
    return survey_place.place(line(**cells), WITHIN, SQUARES, "f", "Sân", False)


ZONE_111 = pyproj.Transformer.from_crs(5899, 9217, always_xy=True).transform(X + 700, Y + 600)  # another zone of 3°


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (Y + 600, X + 700, []),
        (X + 700, Y + 600, ["swapped"]),
        ("1.740.600,00", "560.700,00", []),
        ("1740600", "560700 m", []),
        (*TO_DEGREES.transform(X + 700, Y + 600)[::-1], ["latitude"]),
        (*TO_DEGREES.transform(X + 700, Y + 600), ["latitude"]),
        (ZONE_111[1], ZONE_111[0], ["not the study's"]),
    ],
)
def test_coordinates_in_any_order_and_zone(x, y, said):
    found = place(x=x, y=y)
    assert metres(found.geometry).distance(shapely.Point(X + 700, Y + 600)) < 0.01
    told = " ".join(en for _, en in found.remarks)
    assert all(each in told for each in said)
    assert bool(said) == bool(told)


def test_a_place_just_outside_is_taken_and_told_and_one_farther_off_is_not():
    (told,) = place(x=Y + 500, y=X - 40).remarks
    assert "40 m outside the border" in told[1]
    with pytest.raises(ContractError, match=r"outside Hòa Phú, 0\.06 km"):
        place(x=Y + 500, y=X - 60)


def test_coordinates_of_no_zone_and_half_ones_are_refused():
    with pytest.raises(ContractError, match="in no zone"):
        place(x=2_500_000, y=X + 10)
    with pytest.raises(ContractError, match="without the other"):
        place(x=Y)
    with pytest.raises(ContractError, match="cannot be read"):
        place(x="gần chợ", y="bên sông")
    with pytest.raises(ContractError, match="nothing says where"):
        place()


def test_squares_run_east_by_letter_and_south_by_number_and_so_do_their_tenths():
    whole, tenth = place(square="C4"), place(square="c4 - 37")
    assert metres(whole.geometry).distance(shapely.Point(X + 250, Y + 650)) < 0.01
    assert whole.within_m == pytest.approx(70.7, abs=0.1)
    assert metres(tenth.geometry).distance(shapely.Point(X + 235, Y + 625)) < 0.01
    assert survey_place.square_of(SQUARES, tenth.geometry.x, tenth.geometry.y) == "C4-37"


@pytest.mark.parametrize("typed", ["K1", "A11", "A0", "4C", "C4-3", "C4-375", "chợ"])
def test_squares_that_the_map_does_not_have(typed):
    with pytest.raises(ContractError, match="from A1 to J10"):
        place(square=typed)


def test_a_square_too_large_to_tell_a_place_asks_for_tenths():
    coarse = Squares("EPSG:5899", X, Y + 1000, 1000, 1, 1)
    told = {"within": WITHIN, "squares": coarse, "file": "f", "name": "Sân", "drawn": False}
    with pytest.raises(ContractError, match="tenths"):
        survey_place.place(line(square="A1"), **told)
    found = survey_place.place(line(square="A1-00"), **told)
    assert metres(found.geometry).distance(shapely.Point(X + 50, Y + 950)) < 0.01


def test_letters_go_on_after_z():
    assert [survey_place.letters(k) for k in (0, 25, 26, 27, 51, 52)] == ["A", "Z", "AA", "AB", "AZ", "BA"]


def test_a_form_that_holds():
    found = check(
        line(play_area_id="A", check="đúng", name="Sân A", kind="playground", access="public"),
        line(**NEW),
        known=[LISTED],
    )
    assert (found.surveyor, found.day, found.gone) == ("UBND xã", date(2026, 11, 5), ())
    known, new = found.areas
    assert (known.play_area_id, known.check, known.geometry) == ("A", "right", None)
    assert (new.check, new.kind, new.area_m2) == ("new", "playground", 80)
    ids = [each.play_area_id for each in survey.numbered(found, {"KS/1/1"}).areas]
    assert ids == ["A", "KS/1/2"]


def test_none_and_rows_and_nothing():
    assert check(none="X").areas == ()
    assert check(line(play_area_id="A", check="không có"), known=[LISTED], none="x").gone == ("A",)
    assert "stays unknown" in faults()[0]
    assert "stays unknown" in faults(line(play_area_id="A", check="không có"), known=[LISTED])[0]
    assert "lists 1 (row 9)" in faults(line(**NEW), none="X")[0]
    assert "“maybe”" in faults(line(**NEW), none="maybe")[0]


def test_everything_wrong_is_told_at_once():
    told = faults(
        line(play_area_id="A"),
        line(**{**NEW, "kind": "sân golf"}),
        line(**{**NEW, "area_m2": "1.200"}),
        line(**{**NEW, "note": Formula("=1+1")}),
        line(**{**NEW, "name": None}),
        known=[LISTED],
        surveyed_on=None,
        surveyor="",
    )
    wanted = (
        "nobody is named",
        "no date",
        "nothing is said of “Sân A”",
        "sân golf",
        "1.200",
        "formula =1+1",
        "neither a name",
    )
    assert len(told) == len(wanted)
    assert all(part in each for part, each in zip(wanted, told, strict=True))


def test_doubles():
    assert "at one place" in faults(line(**NEW), line(**{**NEW, "name": "Khác"}))[0]
    assert "of one name" in faults(line(**NEW), line(**{**NEW, "x": Y + 100}))[0]
    answered = line(play_area_id="A", check="đúng", kind="playground")
    assert "the same id" in faults(answered, answered, known=[LISTED])[0]
    far = check(line(**NEW), line(**{**NEW, "name": "Khác", "x": Y + 603.5}))
    assert len(far.areas) == 2


def test_known_ones_must_stay_be_answered_and_be_of_this_form():
    assert "is missing" in faults(line(**NEW), known=[LISTED])[0]
    assert "not in this form" in faults(line(play_area_id="B", check="đúng"))[0]
    assert "not on record" in faults(line(**NEW, check="đúng"))[0]


def test_a_known_one_moves_where_its_square_or_its_coordinates_were_corrected():
    shown = {"play_area_id": "A", "check": "đã sửa", "name": "Sân A", "kind": "playground", "x": Y + 495, "y": X + 255}
    stays = check(line(**shown, square="C6-50"), known=[LISTED])
    assert stays.areas[0].geometry is None
    by_square = check(line(**shown, square="A1-00"), known=[LISTED])
    assert metres(by_square.areas[0].geometry).distance(shapely.Point(X + 5, Y + 995)) < 0.01
    by_numbers = check(line(**{**shown, "x": Y + 900}, square="C6-50"), known=[LISTED])
    assert metres(by_numbers.areas[0].geometry).distance(shapely.Point(X + 255, Y + 900)) < 0.01
    assert any("moved 405 m" in en for _, en in by_numbers.remarks)


def test_drawn_shapes():
    def drawn(shape, **cells):
        there = None if shape is None else shapely.transform(shape, TO_DEGREES.transform, interleaved=False)
        one = Line(AT, {**dict.fromkeys(COLUMNS), "name": "Sân", "kind": "playground", **cells}, there)
        filled = Filled("f.gpkg", form(), "UBND xã", "05/11/2026", None, [one], drawn=True)
        return survey.check(filled, WITHIN, "2025-07-01", TODAY, lambda kind: True)

    assert drawn(shapely.box(X + 10, Y + 10, X + 30, Y + 30)).areas[0].geometry.geom_type == "Polygon"
    for shape, said in (
        (None, "has no geometry"),
        (shapely.LineString([(X, Y), (X + 9, Y + 9)]), "LineString"),
        (shapely.Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)]), "cannot be used"),
        (shapely.box(X + 2000, Y, X + 2010, Y + 10), r"outside Hòa Phú, 1\.0"),
    ):
        with pytest.raises(Faults, match=said):
            drawn(shape)


ODD_SQUARES = (
    {"crs": "EPSG:9999999"},
    {"crs": None},
    {"crs": "EPSG:4326"},
    {"west": "9"},
    {"north": float("nan")},
    {"side_m": "100"},
    {"side_m": 0},
    {"columns": "9"},
    {"rows": None},
)
ODD_KNOWN = (
    {"lon": "108.5"},
    {"lat": float("nan")},
    {"lat": 91},
    {"play_area_id": ["a"]},
    {"kind": ["park"]},
    {"name": 5},
    {"area_m2": "x"},
    {"no": "1"},
)
"""What somebody may write into the sheet in which a form keeps what it is."""


def test_a_form_comes_back_from_its_record_and_is_refused_once_that_was_changed():
    made = form(LISTED)
    assert parse(made.record(), "f") == made
    for change, said in (
        ({"form": "other"}, "no survey form"),
        ({"version": "0"}, "of version 0"),
        ({"commune_id": "2"}, "was changed"),
        ({"known 1": "{}"}, "was changed"),
        ({"squares": "[]"}, "was changed"),
        ({"squares": '{"crs": 1}'}, "was changed"),
        *(({"squares": json.dumps({**asdict(made.squares), **odd})}, "was changed") for odd in ODD_SQUARES),
        *(({"known 1": json.dumps({**asdict(made.known[0]), **odd})}, "was changed") for odd in ODD_KNOWN),
    ):
        with pytest.raises(ContractError, match=said):
            parse({**made.record(), **change}, "f")


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 2_000_000), st.floats(), st.text(max_size=30), st.dates(), st.datetimes()
)


@given(st.fixed_dictionaries(dict.fromkeys(COLUMNS, ANYTHING)), ANYTHING, ANYTHING, ANYTHING)
def test_whatever_is_typed_is_taken_or_refused_in_words(cells, surveyor, day, none):
    told = []
    try:
        check(Line(AT, cells), surveyor=surveyor, surveyed_on=day, none=none, known=[LISTED])
    except Faults as error:
        told = list(error.faults)
    assert all(each.came and each.expected and each.todo and each.vi for each in told)


def test_a_study_elsewhere_takes_its_own_metres_in_either_order_and_degrees():
    corner = (458_000.0, 3_110_000.0)  # Las Palmas, whose northings no zone of Vietnam has
    back = pyproj.Transformer.from_crs(32628, 4326, always_xy=True)
    outline = shapely.transform(shapely.Point(corner).buffer(500), back.transform, interleaved=False)
    there = Within("Las Palmas", outline, "EPSG:32628")
    lon, lat = back.transform(*corner)
    for x, y, said in (
        (*corner[::-1], ""),
        (*corner, "swapped"),
        (lat, lon, "latitude"),
        (str(lon), str(lat), "latitude"),
    ):
        found = survey_place.place(line(x=x, y=y), there, None, "f", "Sân", False)
        assert there.metres(found.geometry).distance(shapely.Point(corner)) < 0.01
        assert said in " ".join(en for _, en in found.remarks)
