"""Which encoding a column was in, told by its words; and what a syllable is."""

import pytest
from sanchoi.gis import encoding, recognise
from sanchoi.gis.syllables import is_syllable

NAMES = ["Tân Châu", "Hòa Phú", "Đại Lãnh", "Thị trấn Núi Thành", "Phước Hiệp", "Trà Đốc", "Quế Thọ"]


@pytest.mark.parametrize(
    "word",
    [
        "nguyễn",
        "Huỳnh",
        "QUẢNG",
        "gì",
        "giếng",
        "quốc",
        "khuya",
        "ý",
        "yêu",
        "Trà",
        "kỷ",
        "nghiêng",
        "ỔI",
        "THàNH",
        "lắk",
    ],
)
def test_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word",
    [
        "ngiêng",
        "ghan",
        "kà",
        "cê",
        "câch",
        "màt",
        "Ña",
        "hỔ",
        "nguyễ\u0301n",
        "zà",
        "bc",
        "Peña",
        "Zoë",
        "café",
        "coá",
        "ổố",
        "H'Leo",
        "",
    ],
)
def test_no_syllables(word):
    assert not is_syllable(word)


def test_a_stop_bears_two_tones_alone():
    assert [is_syllable("cac".replace("a", a)) for a in "aáạàảã"] == [True, True, True, False, False, False]


@pytest.mark.parametrize("name", ["tcvn3", "vni"])
def test_legacy_text_is_known_by_its_words(name):
    told = recognise.judge(encoding.encode(each, name) for each in NAMES)
    assert (told.reading, told.rival) == (name, "")
    assert [recognise.read(encoding.encode(each, name), name) for each in NAMES] == [(each, name) for each in NAMES]


def test_text_in_order_is_left_in_order():
    assert recognise.judge(NAMES).reading == "unicode"
    assert recognise.judge(["Calle de la Peña", "Jardín", "Año Nuevo", "São João"]).reading == "unicode"
    assert recognise.judge(["Krông Nô", "Straße", "Ø 300", "25 m²", "“x” – y"]).reading == "unicode"
    assert recognise.judge(["a", "1", ""]).words == 0


def test_utf8_taken_for_latin_1():
    told = recognise.judge(each.encode().decode("latin-1") for each in NAMES)
    assert told.reading == "utf-8"
    assert recognise.read("Hòa Phú".encode().decode("latin-1"), "utf-8")[0] == "Hòa Phú"


def test_windows_1258():
    """Letters with their tones apart, as Windows wrote them."""
    told = ["Thi\u0323 tr\u00e2\u0301n Nu\u0301i Tha\u0300nh", "Ph\u01b0\u01a1\u0301c Hi\u00ea\u0323p"]
    raw = [each.encode("cp1258").decode("latin-1") for each in told]
    assert recognise.judge(raw).reading == "cp1258"
    assert recognise.read(raw[0], "cp1258")[0] == "Thị trấn Núi Thành"


def test_a_column_of_two_encodings_is_mixed():
    half = [encoding.encode(each, "tcvn3") for each in NAMES[:4]] + [encoding.encode(each, "vni") for each in NAMES[4:]]
    told = recognise.judge(half)
    assert {told.reading, told.rival} == {"tcvn3", "vni"}
    read = [recognise.read(each, "tcvn3")[0] for each in half]
    assert read == NAMES  # what can be read in one way alone is read so


def test_a_word_that_fits_several_proves_nothing():
    """Xã in Unicode is Xó in TCVN3, and a mark without a vowel stays what it is in VNI."""
    assert recognise.readings("Xã") == ("unicode", "tcvn3", "vni")
    told = recognise.judge(["Xã"])
    assert (told.reading, told.witnesses) == ("", {})


def test_one_witness_needs_a_sign_that_no_letter_is():
    assert recognise.judge(["Hoµ"]).reading == "tcvn3"
    assert recognise.judge(["Hßa Phó"]).reading == "tcvn3"
    assert recognise.judge(["Bø"]).reading == ""  # a village in Norway, or "Bứ"


def test_a_value_in_order_stays_in_a_legacy_column():
    assert recognise.read("Hội An", "tcvn3") == ("Hội An", "unicode")
    assert recognise.read("Hà", "tcvn3") == ("Hà", "unicode")
