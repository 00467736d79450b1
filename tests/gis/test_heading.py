"""Headings of tables as offices make them. None = an empty cell; merged cells hold their value in the first."""

import pytest
from sanchoi.gis.heading import find

TITLES = [
    ["UBND TỈNH", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", None, None],
    [None] * 5,
    ["BẢNG SỐ LIỆU TRẺ EM NĂM 2026", None, None, None, None],
]
MERGED_TITLES = [(0, 0, 0, 1), (0, 2, 0, 4), (2, 0, 2, 4)]


def test_a_plain_heading_is_the_first_row():
    found = find([["mã", "tên"], ["1", "A"]])
    assert (found.names, found.plain) == (("mã", "tên"), True)


def test_titles_above_and_groups_merged():
    cells = [*TITLES, ["STT", "Xã", "Trẻ em", None, None], [None, None, "0-5", "6-10", "11-15"], [1, "A", 5, 6, 7]]
    merged = [*MERGED_TITLES, (3, 0, 4, 0), (3, 1, 4, 1), (3, 2, 3, 4)]
    found = find(cells, merged)
    assert found.names == ("STT", "Xã", "Trẻ em / 0-5", "Trẻ em / 6-10", "Trẻ em / 11-15")
    assert (found.top, found.bottom, found.joined, found.numbers) == (3, 4, 3, None)


def test_a_group_over_some_columns_of_a_plain_row():
    cells = [*TITLES, [None, None, "Trẻ em", None, None], ["STT", "Xã", "0-5", "6-10", "11-15"], [1, "A", 5, 6, 7]]
    found = find(cells, [*MERGED_TITLES, (3, 2, 3, 4)])
    assert found.names == ("STT", "Xã", "Trẻ em / 0-5", "Trẻ em / 6-10", "Trẻ em / 11-15")


def test_titles_right_above_are_no_part_of_it():
    cells = [TITLES[0], TITLES[2], ["STT", "Xã", "a", "b", "c"], [1, "A", 5, 6, 7]]
    found = find(cells, [(0, 0, 0, 1), (0, 2, 0, 4), (1, 0, 1, 4)])
    assert (found.top, found.names) == (2, ("STT", "Xã", "a", "b", "c"))


def test_three_rows_of_heading():
    cells = [
        ["Xã", "Dân số", None, None],
        [None, "Trẻ em", None, "Người lớn"],
        [None, "Nam", "Nữ", None],
        ["A", 1, 2, 3],
    ]
    found = find(cells, [(0, 0, 2, 0), (0, 1, 0, 3), (1, 1, 1, 2), (1, 3, 2, 3)])
    assert found.names == ("Xã", "Dân số / Trẻ em / Nam", "Dân số / Trẻ em / Nữ", "Dân số / Người lớn")


def test_a_row_of_numbers_below():
    for numbers in (["(1)", "(2)", "(3)"], ["A", "(1)", "(2)"], ["A", "B", "1"]):
        found = find([["STT", "Xã", "Trẻ"], numbers, ["1", "A", "5"]])
        assert found.numbers == (1 if "(" in "".join(numbers) else None)


def test_data_are_not_taken_for_numbers_of_columns():
    assert find([["id", "a", "b"], [1, 2, 3], [2, 5, 6]]).numbers is None


def test_numbers_alone_have_no_heading():
    assert find([[1, 2], [3, 4]]) is None
    assert find([]) is None


def test_a_group_without_merged_cells_is_a_group():
    """The word "Trẻ em" stands over the first of its two columns alone: it is not the name of that column."""
    cells = [
        ["Mã", "Tên", "Trẻ em", None, "Ghi chú"],
        [None, None, "0-5", "6-14", None],
        ["1", "A", 1, 2, None],
        ["2", "B", 3, 4, "x"],
    ]
    found = find(cells)
    assert found.names == ("Mã", "Tên", "Trẻ em / 0-5", "Trẻ em / 6-14", "Ghi chú")
    assert (found.top, found.bottom) == (0, 1)


@pytest.mark.parametrize(
    "second",
    [
        ["x", None, "0-5", "6-14", None],  # a row of data: it has an id
        [None, None, 1, 2, None],  # numbers are no names
        [None, None, "0-5", None, None],  # no column would get a name that has none
        [None, "A", "0-5", "6-14", None],  # it stands under a heading of its own
    ],
)
def test_a_row_of_data_is_no_second_row_of_the_heading(second):
    cells = [["Mã", "Tên", "Trẻ em", None, "Ghi chú"], second, ["1", "A", 1, 2, None], ["2", "B", 3, 4, "x"]]
    assert find(cells).bottom == 0
