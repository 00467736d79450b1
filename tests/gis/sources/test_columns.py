import unicodedata

import numpy as np
import pandas as pd
import pytest
from sanchoi.gis.errors import ContractError
from sanchoi.gis.sources import columns


def frame(*values, column="v"):
    return pd.DataFrame({column: pd.Series(values, dtype=object)})


def test_a_missing_column_names_the_nearest_and_the_others():
    found = pd.DataFrame({"ma_xa": [1], "Dân số": [2], "geometry": [3], "_key": [4]})
    with pytest.raises(ContractError) as caught:
        columns.series(found, "maxa", "communes")
    assert "layer communes has no column maxa" in str(caught.value)
    assert "one of its columns: ma_xa, Dân số ·" in str(caught.value)
    assert 'did you mean "ma_xa"?' in str(caught.value)


def test_a_missing_column_like_no_other_has_no_hint():
    with pytest.raises(ContractError) as caught:
        columns.series(frame(1), "children_under_six", "children")
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (20335.0, "20335"),
        (20335, "20335"),
        (np.float64(20335.0), "20335"),
        (np.int64(7), "7"),
        ("00335", "00335"),
        (" 20335 ", "20335"),
        (1.5, "1.5"),
        (unicodedata.normalize("NFD", "Hòa  Phú"), "Hòa Phú"),
        (0, "0"),
    ],
)
def test_ids_are_text_and_whole_numbers_have_no_decimals(value, key):
    assert columns.keys(frame(value), "v", "communes") == [key]


def test_a_column_of_floats_gives_whole_ids():
    assert columns.keys(pd.DataFrame({"v": [20335.0, 20338.0]}), "v", "communes") == ["20335", "20338"]


def test_several_columns_make_one_id():
    found = pd.DataFrame({"huyen": ["Núi Thành", "Đông Giang"], "xa": [1.0, 1.0]})
    assert columns.keys(found, ["huyen", "xa"], "communes") == ["Núi Thành / 1", "Đông Giang / 1"]


@pytest.mark.parametrize("empty", [None, np.nan, "", " ", pd.NA, pd.NaT])
def test_a_feature_without_an_id_is_refused(empty):
    with pytest.raises(ContractError, match="layer communes: a feature without v"):
        columns.keys(frame("1", empty), "v", "communes")


def test_an_id_that_stands_twice_is_refused():
    columns.unique(["a", "b"], "communes", "code")
    with pytest.raises(ContractError, match=r"layer communes: 2 ids stand more than once in code: a, b ·"):
        columns.unique(["b", "a", "c", "a", "b", "b"], "communes", "code")


def test_texts_are_composed_and_empty_ones_unknown():
    found = frame(unicodedata.normalize("NFD", "Xã"), None, np.nan, 5)
    assert columns.texts(found, "v", "communes") == ["Xã", None, None, "5"]
    assert columns.texts(found, None, "communes") == [None] * 4


def test_numbers_are_read_from_text_and_empty_is_unknown():
    got = columns.numbers(frame("12", 3, 2.5, "0", "1e3", "", " ", None, np.nan), "v", "children")
    assert got[:5].tolist() == [12, 3, 2.5, 0, 1000]
    assert np.isnan(got[5:]).all()
    assert np.isnan(columns.numbers(frame(1, 2), None, "children")).tolist() == [True, True]


@pytest.mark.parametrize("text", ["nhiều", "1,5", "1 200", "12 trẻ", "-", "n/a"])
def test_text_in_a_column_of_numbers_is_refused_with_its_key(text):
    with pytest.raises(ContractError) as caught:
        columns.numbers(frame("1", None, text), "v", "children", keys=["a", "b", "Hòa Phú"])
    assert f'layer children, column v: "{text}" at Hòa Phú · a number' in str(caught.value)


@pytest.mark.parametrize(("value", "shown"), [(-3, "-3"), ("-0.5", "-0.5"), (np.inf, "inf"), ("-inf", "-inf")])
def test_negatives_and_infinities_are_refused_with_their_key(value, shown):
    with pytest.raises(ContractError) as caught:
        columns.numbers(frame(1, value, -1), "v", "children", keys=["a", "b", "c"])
    assert f"column v: {shown} at b (2 in all)" in str(caught.value)


def test_a_number_is_told_by_the_key_column_or_else_by_its_row():
    with pytest.raises(ContractError, match="-1 at Tam Kỳ"):
        columns.numbers(frame(1, -1).assign(_key=["x", "Tam Kỳ"]), "v", "children")
    with pytest.raises(ContractError, match="-1 at 1 "):
        columns.numbers(frame(1, -1), "v", "children")


@pytest.mark.parametrize("yes", [True, 1, 1.0, "true", "TRUE", "1", "yes", "Yes ", "có", "Có", np.True_])
@pytest.mark.parametrize("no", [False, 0, 0.0, "false", "No", "không", "", None, np.nan, "None", np.False_])
def test_words_of_yes_and_no(yes, no):
    assert columns.flags(frame(yes, no), "v", "communes").tolist() == [True, False]


def test_words_may_be_decomposed():
    words = [unicodedata.normalize("NFD", word) for word in ("Có", "không")]
    assert columns.flags(frame(*words), "v", "communes").tolist() == [True, False]


def test_one_flag_for_all_and_none_is_no():
    found = frame("x", "y")
    assert columns.flags(found, True, "communes").tolist() == [True, True]
    assert columns.flags(found, False, "communes").tolist() == [False, False]
    assert columns.flags(found, None, "communes").tolist() == [False, False]


def test_other_words_are_no_flags():
    with pytest.raises(ContractError, match=r'layer communes, column v: "maybe" · true or false'):
        columns.flags(frame("yes", "Maybe"), "v", "communes")
