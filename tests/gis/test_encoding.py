"""TCVN3 and VNI: known words by hand, every letter there and back, the 10,614 commune names, and what GDAL's own table loses."""

import csv
import re
import unicodedata
from collections import Counter

import geopandas as gpd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis import encoding, recognise
from sanchoi.gis.names import fold
from shared import shared_data
from unmatched_names import UNMATCHED

PLAIN = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel in PLAIN for tone in TONES] + ["đ"]
LETTERS = "".join(SMALL + [letter.upper() for letter in SMALL]) + "bcdghklmnpqrstvxBCDGHKLMNPQRSTVX 0123456789./-"
TEXTS = st.text(st.sampled_from(LETTERS), max_size=40)


def test_there_are_67_letters_that_ascii_lacks_in_each_case():
    assert len([letter for letter in SMALL if not letter.isascii()]) == 67
    assert len(set(encoding.TCVN3.values())) == len(encoding.TCVN3) == 140  # 134 letters, 5 marks and a space


@pytest.mark.parametrize("name", encoding.LEGACY)
def test_every_letter_comes_back_in_both_cases(name):
    for letter in LETTERS:
        told = encoding.encode(letter, name)
        assert all(ord(each) < 256 for each in told)
        assert encoding.decode(told, name) == letter


@pytest.mark.parametrize("name", encoding.LEGACY)
@given(text=TEXTS)
def test_every_text_comes_back(name, text):
    assert encoding.decode(encoding.encode(text, name), name) == text
    loose = unicodedata.normalize("NFD", text)
    assert encoding.encode(loose, name) == encoding.encode(text, name)


@pytest.mark.parametrize("name", encoding.LEGACY)
@given(text=st.text(st.characters(max_codepoint=255), max_size=40))
def test_whatever_stands_in_a_file_is_decoded_to_composed_letters(name, text):
    got = encoding.decode(text, name)
    assert got == unicodedata.normalize("NFC", got)


def test_the_bytes_of_tcvn3_are_those_of_the_standard():
    """The runs of the ABC fonts, as the standard lists them; what lies between is not used by them."""
    runs = {
        0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
        0xB5: "àảãáạ",
        0xBB: "ằẳẵắ",
        0xC6: "ặầẩẫấậè",
        0xCE: "ẻẽéẹềểễếệìỉ",
        0xDC: "ĩíịò",
        0xE1: "ỏõóọồổỗốộờởỡớợù",
        0xF1: "ủũúụừửữứựỳỷỹýỵ",
    }
    for start, letters in runs.items():
        assert bytes(range(start, start + len(letters))).decode("latin-1") == encoding.encode(letters, "tcvn3")
    assert {at: encoding.TCVN3[at] for at in (0xC6, 0xC7, 0xCC)} == {0xC6: "ặ", 0xC7: "ầ", 0xCC: "è"}


WORDS = [
    ("Thành phố Hồ Chí Minh", "Thµnh phè Hå ChÝ Minh", "Thaønh phoá Hoà Chí Minh"),
    ("Quảng Ngãi", "Qu¶ng Ng·i", "Quaûng Ngaõi"),
    ("Thị xã Điện Bàn", "ThÞ x· §iÖn Bµn", "Thò xaõ Ñieän Baøn"),
    ("Vĩnh Phúc", "VÜnh Phóc", "Vónh Phuùc"),
    ("đường", "®\u00adêng", "ñöôøng"),
    ("Mỹ, kỵ, lỷ", "Mü, kþ, lû", "Myõ, kî, lyû"),
    ("ĐẤT Ở", None, "ÑAÁT ÔÛ"),
]


@pytest.mark.parametrize(("text", "tcvn3", "vni"), WORDS)
def test_words_as_old_files_hold_them(text, tcvn3, vni):
    assert encoding.decode_vni(vni) == text
    assert encoding.encode(text, "vni") == vni
    if tcvn3 is not None:
        assert encoding.decode_tcvn3(tcvn3) == text
        assert encoding.encode(text, "tcvn3") == tcvn3


def test_marks_in_the_other_case_than_their_letter_are_read():
    assert encoding.decode_vni("AÙ Aù aÙ") == "Á Á á"
    assert encoding.decode_vni("H\u00f8") == "Hø"  # a mark that has no vowel to stand on stays


def test_a_power_is_no_tone():
    """B2 and B0 are marks in TCVN3 only behind a vowel that can bear them."""
    assert encoding.decode_tcvn3("120 m² - 25°") == "120 m² - 25°"
    assert encoding.decode_tcvn3("a\u00b3") == "á"


def test_windows_1252_is_as_good_as_latin_1():
    """A program may show byte 96 as a dash; in TCVN 5712 it is a capital."""
    assert encoding.decode_tcvn3("H\u2013C") == encoding.decode_tcvn3("H\x96C") == "HỌC"


def test_text_in_unicode_is_not_decoded():
    assert encoding.decode_tcvn3("Hội An") is encoding.decode_vni("Hội An") is None
    with pytest.raises(ValueError, match="cannot be written in vni"):
        encoding.encode("łódź", "vni")


def test_a_capitals_font_leaves_no_trace():
    """.VnTimeH shows these bytes as HÀ NỘI; nothing in them says so."""
    assert encoding.decode_tcvn3("hµ néi") == "hà nội"


BEFORE = re.compile(r"^(?:thij? tran|thi xa|phuong|xa|ph|p|tt|tx|t\.t)\b[ .]*(?:nt\b[ .]*)?|^ttnt\b[ .]*|^nt\b[ .]*")
AFTER = re.compile(r" (?:town|ward|precinct)$")


def plain(text):
    """A name without accents, kind of commune and marks: what both columns of the list should have in common."""
    text = AFTER.sub("", BEFORE.sub("", fold(text)))
    return re.sub(r"[^a-z0-9]", "", text)


def names():
    path = shared_data() / "encoding" / "communes_tcvn3.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_commune_name_decodes_to_the_unaccented_one_beside_it():
    """The list itself mixes TCVN3 with VNI, and spells some names otherwise: `unmatched_names` lists and explains every one."""
    rows = names()
    assert len(rows) == 10_614
    read = [recognise.read(row["C_NAMEVI"], "tcvn3") for row in rows]
    assert Counter(how for _, how in read) == {"tcvn3": 10_296, "vni": 315, "unicode": 3}
    beside = [recognise.read(row["C_NAMEEN"], "tcvn3")[0] for row in rows]
    differ = {
        (row["C_CODE"], plain(text), plain(other))
        for row, (text, _), other in zip(rows, read, beside, strict=True)
        if plain(text) != plain(other)
    }
    assert differ == {(code, one, two) for reason in UNMATCHED.values() for code, one, two in reason}
    wrong = [text for text, _ in read if not set(unicodedata.normalize("NFC", text)) <= set(LETTERS + "fjwzFJWZ'`(),&")]
    assert wrong == []


def test_the_columns_of_the_list_are_found_to_be_what_they_are():
    rows = names()
    told = recognise.judge(row["C_NAMEVI"] for row in rows)
    assert (told.reading, told.rival) == ("tcvn3", "vni")
    assert recognise.judge(row["C_NAMEEN"] for row in rows).reading == "tcvn3"


def test_gdal_drops_last_letters_and_ours_does_not(tmp_path):
    """The reason why GDAL's own table is not used."""
    texts = ["Hội An", "Tân Châu", "Điện Bàn", "Quảng Ngãi", "xã Mỹ"]
    told = [encoding.encode(text, "tcvn3") for text in texts]
    points = gpd.points_from_xy(range(5), range(5), crs="EPSG:4326")
    path = tmp_path / "a.shp"
    pyogrio.write_dataframe(gpd.GeoDataFrame({"ten": told}, geometry=points), path, encoding="ISO-8859-1")
    assert [encoding.decode_tcvn3(each) for each in pyogrio.read_dataframe(path, encoding="ISO-8859-1")["ten"]] == texts
    by_gdal = pyogrio.read_dataframe(path, encoding="TCVN5712-1")
    assert by_gdal.columns[0] == "te"
    assert by_gdal["te"].tolist() == ["Hội A", "Tân Châ", "Điện Bà", "Quảng Ngã", "xã Mỹ"]
