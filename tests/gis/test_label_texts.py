"""Texts of cadastral maps, as people write them."""

import pytest
from sanchoi.gis.label_texts import Label, differs, parse


@pytest.mark.parametrize(
    ("texts", "drawn", "number", "area", "use"),
    [
        (["64 / 1240.5 / BHK"], 1240, "64", 1240.5, "BHK"),
        (["ONT 64/120"], 121, "64", 120, "ONT"),
        (["64", "1240,5", "BHK"], 1240, "64", 1240.5, "BHK"),
        (["BHK\n64\n1240.5"], 1240, "64", 1240.5, "BHK"),
        (["64\\P1240.5"], 1240, "64", 1240.5, None),
        (["\\S64/1240.5;BHK"], 1240, "64", 1240.5, "BHK"),
        (["{\\fArial|b0;64}/120"], 120, "64", 120, None),
        (["ONT+CLN"], 5, None, None, "ONT+CLN"),
        (["64a"], 5, "64a", None, None),
        (["64"], 64, "64", None, None),
        (["118.5"], 5, None, 118.5, None),
        (["1.240,5"], 5, None, 1240.5, None),
        (["1,240.5"], 5, None, 1240.5, None),
        (["7", "1.240"], 1238, "7", 1240, None),
        (["7", "1.240"], 1.2, "7", 1.24, None),
        (["12.345.678"], 5, None, 12_345_678, None),
        (["120", "64"], 119, "64", 120, None),
        (["64", "120"], 119, "64", 120, None),
    ],
)
def test_a_label_is_taken_apart(texts, drawn, number, area, use):
    assert parse(texts, drawn) == Label(number, area, use, "")


@pytest.mark.parametrize(
    ("texts", "number", "area", "use", "rest"),
    [
        (["ONT", "DT 1240"], None, 1240, "ONT", ""),
        (["64", "DT: 1240,5 m2"], "64", 1240.5, None, ""),
        (["64 ONT", "DT: 900"], "64", 900, "ONT", ""),
        (["64", "S=900,5"], "64", 900.5, None, ""),
        (["64", "DT 1.240,5m2"], "64", 1240.5, None, ""),
        (["DGT", "DT 605"], None, None, "DGT", "DT 605"),
    ],
)
def test_a_word_for_area_is_no_land_use(texts, number, area, use, rest):
    """Nor is a figure behind it a parcel's number; "DT 605" is a road too, where the drawing does not bear it out."""
    assert parse(texts, 1240) == Label(number, area, use, rest)


@pytest.mark.parametrize(
    ("texts", "drawn", "number", "area"),
    [
        (["64", "1 240,5 m2"], 1240, "64", 1240.5),
        (["64", "1\u00a0240.5"], 1240, "64", 1240.5),
        (["64 240,5"], 240, "64", 240.5),
        (["64 240"], 241, "64", 240),
        (["7", "1 234 567,8 m²"], 1_234_500, "7", 1_234_567.8),
    ],
)
def test_a_space_between_thousands(texts, drawn, number, area):
    assert parse(texts, drawn) == Label(number, area, None, "")


def test_what_else_stands_there_is_kept():
    assert parse(["64/120", "Nguyễn Văn An"], 120) == Label("64", 120, None, "Nguyễn Văn An")


@pytest.mark.parametrize("texts", [["64/120", "65/130"], ["64", "65"], ["64/120", "118.5"], ["BHK", "ONT"]])
def test_texts_of_several_parcels_say_nothing(texts):
    found = parse(texts, 10)
    assert (found.number, found.area_m2, found.land_use) == (None, None, None)
    assert found.several
    assert found.rest == " ".join(texts)


@pytest.mark.parametrize("road", ["ĐT 605", "ĐT605", "QL.14B", "ĐH 3", "TL 607", "HL 1"])
def test_a_road_is_no_land_use_and_no_parcel(road):
    assert parse(["DGT", road], 605) == Label(None, None, "DGT", road)
    assert parse([f"12 {road} DGT"], 605) == Label("12", None, "DGT", road)


def test_what_is_a_code_is_no_road():
    assert parse(["ĐT 605"], 10, {"ĐT"}) == Label("605", None, "ĐT", "")
    assert parse(["ĐM 64/120"], 120) == Label("64", 120, "ĐM", "")
    assert parse(["ĐT 64/120"], 120) == Label("64", 120, "ĐT", "")


def test_no_text_is_unknown():
    assert parse([], 10) == Label(None, None, None, "")


def test_codes_that_are_known():
    assert parse(["64/120 BTN"], 120, {"BHK"}) == Label("64", 120, None, "BTN")


@pytest.mark.parametrize(
    ("stated", "drawn", "wrong"),
    [(100, 101, False), (100, 101.1, True), (10_050, 10_000, False), (10_051, 10_000, True), (None, 5, False)],
)
def test_a_stated_area_may_differ_by_half_a_per_cent_or_a_square_metre(stated, drawn, wrong):
    assert differs(stated, drawn) is wrong


@pytest.mark.parametrize(
    ("texts", "drawn", "area"),
    [
        (["64", "0.124 ha"], 1240, 1240.0),  # 0.124 · 10,000 m²
        (["64", "0,124ha"], 1240, 1240.0),
        (["64 / 1,24 ha"], 12_400, 12_400.0),
        (["64", "1240 m2"], 300, 1240.0),
        (["64", "0.124"], 124, 0.124),  # no thousands begin with 0
        (["64", "1240.5m2"], 1240.5, 1240.5),
        (["64", "S=1.240,5 m²"], 1240.5, 1240.5),
    ],
)
def test_an_area_may_name_its_unit(texts, drawn, area):
    found = parse(texts, drawn)
    assert (found.number, found.area_m2, found.rest) == ("64", pytest.approx(area), "")
