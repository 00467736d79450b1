import unicodedata

import pytest
from sanchoi.gis.names import explain_mismatch, fold, key, nfc


def decomposed(text):
    return unicodedata.normalize("NFD", text)


def test_nfc_composes_letters_and_single_spaces():
    assert nfc(decomposed("  Quảng \t Nam\n")) == "Quảng Nam"
    assert nfc("Quảng\u00a0Nam") == "Quảng Nam"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đà Nẵng", "da nang"),
        (decomposed("Đà Nẵng"), "da nang"),
        ("HÒA PHÚ", "hoa phu"),
        ("Thừa Thiên Huế", "thua thien hue"),
        ("Xã  Đại Lãnh", "xa dai lanh"),
        ("Las Palmas", "las palmas"),
    ],
)
def test_fold_takes_accents_and_capitals_away(text, plain):
    assert fold(text) == plain


@pytest.mark.parametrize(
    ("one", "two"),
    [("Hoà", "Hòa"), ("Hoà", decomposed("Hòa")), ("Thuỷ Thạch", "Thủy Thạch"), ("HOÀ PHÚ", "Hòa Phú")],
)
def test_one_key_wherever_the_tone_mark_stands(one, two):
    assert key(one) == key(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Hòa", "Hóa"),
        ("Hòa", "Hoa"),
        ("Hòa", "Hỏa"),
        ("Tân", "Tan"),
        ("Đại", "Dại"),
        ("Sơn", "Son"),
        ("Hà Nam", "Hạ Nam"),
    ],
)
def test_another_tone_or_another_letter_is_another_key(one, two):
    assert key(one) != key(two)


def test_a_tone_does_not_wander_to_the_next_word():
    assert key("Hòa Phu") != key("Hoa Phù")


def test_a_mismatch_is_explained_by_the_tone_mark():
    told = explain_mismatch(["Hòa Phú", "Đại Lãnh"], ["Hoà Phú", "Tam Kỳ"])
    assert told == '"Hòa Phú" is written "Hoà Phú" in the table (tone mark on another vowel)'


@pytest.mark.parametrize("spelling", ["hòa phú", "Hoa Phu", "HÓA PHỦ"])
def test_a_mismatch_is_explained_by_accents_or_capitals(spelling):
    told = explain_mismatch(["Hòa Phú"], [spelling])
    assert told.startswith(f'"Hòa Phú" is written "{spelling}" in the table (')


def test_each_missing_id_is_explained_once_and_the_nearer_spelling_wins():
    """ "Hoà" differs in the tone mark alone, "Hoa" in its accents."""
    told = explain_mismatch(["Hòa"], ["Hoa", "Hoà"])
    assert told.count('"Hòa"') == 1
    assert '"Hoà"' in told


def test_two_possible_twins_are_no_explanation():
    assert explain_mismatch(["Hòa"], ["Hoa", "hoa"]) == ""
    assert explain_mismatch(["Hòa"], ["Tam Kỳ"]) == ""
    assert explain_mismatch([], ["Hòa"]) == ""


def test_at_most_ten_ids_are_explained():
    missing = [f"Hòa {letter}" for letter in "abcdefghijkl"]
    assert explain_mismatch(missing, [text.replace("òa", "oà") for text in missing]).count(";") == 9
