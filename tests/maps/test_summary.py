"""Summary: the headline in both languages, of one and of many; unverified norms and what nobody knows are said."""

import pytest
from sanchoi.maps import summary, words


def run(**told):
    counts = {
        "communes": 3,
        "communes_known": 3,
        "children": 100.0,
        "children_in_known": 100.0,
        "children_uncovered": 25.0,
    }
    return {
        "headline": {**counts, **told},
        "norms": [{"walk_m": 300.0}],
        "settings": {"set_by_planner": []},
    }


@pytest.mark.parametrize(
    ("told", "vi", "en"),
    [
        ({"communes_known": 2}, "Còn 1 xã, phường chưa khảo sát", " 1 more commune is not surveyed or could not be judged."),
        ({"communes_known": 1}, "Còn 2 xã, phường chưa khảo sát", " 2 more communes are not surveyed or could not be judged."),
        ({"communes_known": 1}, "100 trẻ em ở 1 xã, phường đã", "Of 100 children in 1 surveyed commune, 25 (25 %)"),
        ({}, "100 trẻ em ở 3 xã, phường đã", "Of 100 children in 3 surveyed communes, 25 (25 %)"),
        ({"children_in_known": 1.0, "children_uncovered": 1.0}, "Trong 1 trẻ em", "Of 1 child in 3 surveyed communes, 1 (100 %)"),
        ({"communes": 1, "children": None}, "Có 1 xã, phường; chưa có", "1 commune; the number of children"),
        ({"communes": 2, "children": None}, "Có 2 xã, phường; chưa có", "2 communes; the number of children"),
        ({"communes_known": 0, "communes_counted": 2}, "Còn 1 xã, phường chưa có số", " 1 more commune has no number of children."),
        ({"communes_known": 0, "communes_counted": 1}, "100 trẻ em ở 1 xã", "About 100 children live in 1 commune. None"),
        ({"communes_known": 0, "communes_counted": 1}, "Còn 2 xã, phường", " 2 more communes have no number of children."),
    ],
)  # fmt: skip
def test_one_is_one_and_many_are_many(told, vi, en):
    assert vi in summary.headline(run(**told), "vi")
    assert en in summary.headline(run(**told), "en")


def test_nothing_more_is_said_where_all_are_surveyed():
    assert "more commune" not in summary.headline(run(), "en")
    assert "Còn" not in summary.headline(run(), "vi")


@pytest.mark.parametrize(
    ("key", "one", "many"),
    [
        ("u_blind", "1 commune is not surveyed: A.", "2 communes are not surveyed: A."),
        ("u_count", "1 commune has no count of children: A.", "2 communes have no count of children: A."),
        ("u_sizes", "1 play area has no known size.", "2 play areas have no known size."),
    ],
)
def test_what_is_unknown_is_counted_in_grammar(key, one, many):
    assert words.counted(key, 1, "en", names="A") == one
    assert words.counted(key, 2, "en", names="A") == many
    assert words.counted(key, 1, "vi", names="A") == words.counted(key, 2, "vi", names="A").replace("2", "1")
