"""Owners: every row of the table, texts as they stand in registers, and caution."""

import pandas as pd
import pytest
from sanchoi.gis import names, owners
from sanchoi.gis.errors import ContractError
from sanchoi.gis.sources import rows

RAW = rows.packaged("owner_kinds.csv")
ROWS = owners.load(RAW)


def public(text):
    return owners.public([text], ROWS)[0]


@pytest.mark.parametrize("row", ROWS.to_dict("records"), ids=lambda row: row["pattern"])
def test_every_row_reads_its_own_words(row):
    assert public(row["pattern"]) is row["public"]
    assert public(f"  {row['pattern'].upper()} ") is row["public"]
    assert public(names.fold(row["pattern"])) is row["public"]
    assert row["source"]
    assert not row["verified"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("UBND xã Trà Leng", True),
        ("Uỷ ban nhân dân phường Hòa Xuân", True),
        ("Ủy ban nhân dân xã (quản lý)", True),
        ("Đất do Nhà nước quản lý", True),
        ("UBND xa Tra Leng", True),
        ("Hộ gia đình, cá nhân", False),
        ("Hộ ông Nguyễn Văn An", False),
        ("Công ty TNHH Hoàng Gia", False),
        ("Trường mầm non tư thục Họa Mi", False),
        ("Doanh nghiệp Nhà nước", None),
        ("Doanh nghiệp tư nhân Bình Minh", False),
        ("Tổ chức kinh tế ngoài nhà nước", None),
        ("Công ty TNHH MTV Lâm nghiệp", None),
        ("Công ty TNHH Một thành viên", None),
        ("Cộng đồng dân cư thôn 3", None),
        ("UBND xã cho hộ gia đình thuê", None),
        ("Trường tiểu học Kim Đồng", None),
        ("Nguyễn Văn An", None),
        ("TCN", True),
        ("tkt", False),
        ("CDS", None),
        ("TCN 12", None),
        ("ubndx", None),
        ("Nhà của nước", None),
        ("nha-nuoc", True),
        ("", None),
        ("   ", None),
        (None, None),
        ("?", None),
    ],
)
def test_texts_of_registers(text, answer):
    assert public(text) is answer


def test_accents_tell_words_apart_where_there_are_any():
    assert public("Hồ Bà Triệu") is None  # a lake, not the household "hộ bà"
    assert public("Cà nhận") is None


def test_one_answer_a_text_in_their_order():
    assert owners.public(["Cá nhân", None, "UBND", "Cá nhân"], ROWS).tolist() == [False, None, True, False]
    assert owners.public([], ROWS).tolist() == []


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("public", "yes", "a pattern, a source"),
        ("whole", "", "a pattern, a source"),
        ("verified", "maybe", "a pattern, a source"),
        ("source", "", "a pattern, a source"),
        ("pattern", " ", "a pattern, a source"),
        ("pattern", "UBND", "stands twice"),
    ],
)
def test_bad_rows_are_refused(column, value, said):
    bad = RAW.copy()
    bad.loc[0, column] = value
    with pytest.raises(ContractError, match=said):
        owners.load(bad)


def test_no_rows_know_nothing():
    assert owners.public(["UBND"], owners.load(pd.DataFrame(columns=RAW.columns, dtype=str))).tolist() == [None]
