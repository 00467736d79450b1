"""What went into two results, in words of one language: no names of fields, days as people write them."""

import pytest
from sanchoi.gis import compare_headings as headings
from sanchoi.gis import compare_words as words


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (None, "", ""),
        (True, "có", "yes"),
        (False, "không", "no"),
        (0.8, "0.8", "0.8"),
        ("2025-07-01", "01/07/2025", "01/07/2025"),
        ("2025", "2025", "2025"),
        ("network", "theo mạng đường", "on the network"),
        (["0-5", "6-14"], "0-5, 6-14", "0-5, 6-14"),
        (
            {"name": "Sổ địa giới", "attribution": "Sở Nội vụ", "licence": None, "date": "2024-12-31"},
            "tên: Sổ địa giới; ghi công: Sở Nội vụ; ngày: 31/12/2024",
            "name: Sổ địa giới; attribution: Sở Nội vụ; date: 31/12/2024",
        ),
        ({"walk_m": 300.0, "min_site_m2": None}, "đi bộ tối đa (m): 300", "longest walk (m): 300"),
        ({"other": 1}, "other: 1", "other: 1"),
    ],
)
def test_facts_are_told_in_words(value, vi, en):
    assert headings.plain(value, 0) == vi
    assert headings.plain(value, 1) == en


def test_children_that_differ_with_the_same_sum_are_told_as_that():
    side = {"run_id": "a", "date": "2026-01-01", "communes": 1, "surveyed": 1, "children_unknown_communes": 0}
    side |= {"synthetic": False, "estimate": False}
    run = {"settings": {"target_share": 0.8, "cell_m": 100.0, "bands": ["0-5"]}}
    record = {
        "same_run": False,
        "same_norm": True,
        "same_children_data": False,
        "moved_children": 5.0,
        "outside": {"children_then": 0.0, "children_now": 0.0},
        "parts": {},
        "first": {**side, "children": 1000.2},
    }
    for second, code in ((1000.4, "spread"), (1010.0, "children")):
        notes = words.notes({**record, "second": {**side, "children": second}}, run, run)
        assert [note["code"] for note in notes] == [code]
    assert (
        "dù tổng vẫn là 1.000 trẻ" in words.notes({**record, "second": {**side, "children": 1000.4}}, run, run)[0]["vi"]
    )
