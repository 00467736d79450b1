"""Constraint rows: which load, what their `where` means, and what the rows that ship must hold."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sanchoi.gis import constraints, tables
from sanchoi.gis.errors import ContractError
from sanchoi.gis.sources import rows

TODAY = date(2026, 11, 24)
RULES = constraints.load(rows.packaged("constraints.csv"), TODAY)


def two(**change):
    table = rows.packaged("constraints.csv").iloc[:2].copy()
    table.loc[0, list(change)] = list(change.values())
    return table


@pytest.mark.parametrize(
    "change",
    [
        {"limit": "-1"},
        {"limit": "0"},
        {"limit": "far"},
        {"limit": "inf"},
        {"limit": "nan"},
        {"rule": "near"},
        {"rule": "outside"},  # its limit is 0
        {"kind": "firm"},
        {"source": ""},
        {"verified": "maybe"},
        {"where": "kv"},
        {"where": "kv ="},
        {"where": "= 22"},
        {"where": "kv = 22 |"},
        {"where": "kv = 60..20"},
        {"where": "kv = low..high"},
        {"valid_from": "01/07/2025"},
    ],
)
def test_a_bad_row_is_refused_by_its_name(change):
    with pytest.raises(ContractError, match="constraint petrol-station"):
        constraints.load(two(**change), TODAY)


@pytest.mark.parametrize("name", ["power-line-22", "land_use", "usable_area"])
def test_an_id_stands_once_and_is_not_one_of_the_ledgers_own(name):
    with pytest.raises(ContractError, match=f"constraint {name}"):
        constraints.load(two(constraint_id=name), TODAY)


def test_rows_hold_in_their_time_only():
    table = two(valid_from="2020-01-01", valid_to="2024-12-31")
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    assert [len(constraints.load(table, day)) for day in days] == [1, 2, 2, 1]


def chosen(where, column, others=()):
    """Features that a row with this `where` speaks of, and may speak of."""
    table = two(where=where, layer="things")
    table.loc[1, ["where", "layer"]] = [others[0] if others else "", "things"]
    first, second = constraints.load(table, TODAY)
    of, maybe = constraints.told_apart(first, [first, second], pd.DataFrame({"k": column}))
    return of.tolist(), maybe.tolist()


def test_a_value_is_compared_without_capitals_spaces_and_the_point_of_a_whole_number():
    assert chosen("k = I", ["I", " i ", "II", None])[0] == [True, True, False, False]
    assert chosen("k = 22", [22, 22.0, 220, np.nan])[0] == [True, True, False, False]
    assert chosen("k = 22", ["22", "22.0", "22.5", ""])[0] == [True, True, False, False]
    assert chosen("k = I | motorway", ["Motorway", "I", "IV", "I | motorway"])[0] == [True, True, False, False]


def test_a_range_has_its_lower_end_and_not_its_upper():
    of, maybe = chosen("k = 20..60", [19.99, 20, 59.99, 60, None, "long", "30"])
    assert of == [False, True, True, False, False, False, True]
    assert maybe == [True, False, False, True, True, True, False]
    assert chosen("k = 300..", [299.9, 300, 1e6])[0] == [False, True, True]


def test_what_no_row_names_may_be_of_any_kind():
    assert chosen("k = a", ["a", "b", "c", None, ""], ["k = b"]) == (
        [True, False, False, False, False],
        [False, False, True, True, True],
    )


def test_a_column_that_is_missing_leaves_every_feature_open():
    rule = next(each for each in RULES if each.constraint_id == "power-line-22")
    of, maybe = constraints.told_apart(rule, RULES, pd.DataFrame({"x": [1, 2]}))
    assert (of.tolist(), maybe.tolist()) == ([False, False], [True, True])
    everything = next(each for each in RULES if each.constraint_id == "petrol-station")
    assert constraints.told_apart(everything, RULES, pd.DataFrame({"x": [1]}))[1].tolist() == [False]


# --- the rows that ship


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.constraint_id)
def test_every_row_has_its_names_unit_and_source(rule):
    assert rule.name_vi
    assert rule.name_en
    assert rule.source
    assert rule.unit == {"min_distance": "m", "outside": "m²", "max_value": "%"}[rule.rule]
    assert not (rule.verified and ("memory" in rule.source or "disagree" in rule.source or "completed" in rule.source))


@pytest.mark.parametrize(
    ("layer", "limits"),
    [
        ("petrol", {"": 50}),
        ("power", {"22": 2, "35": 3, "110": 4, "220": 6, "500": 7}),
        ("roads", {"I | motorway": 17, "II": 17, "III": 13, "IV": 9, "V": 9, "VI": 4}),
        ("bridges", {"0..20": 20, "20..60": 50, "60..300": 100, "300..": 150}),
        ("cemeteries", {"": 100, "hung_tang": 1000, "chon_mot_lan": 500, "cat_tang": 100, "crematorium": 500}),
        ("water", {"": 10, "pollution": 20, "ecology": 30}),
        ("dikes", {"": 25}),
        ("landfill", {"": 500}),
        ("slope", {"": 15}),
        ("industry", {"": 0}),
        ("military", {"": 0}),
        ("buildings", {"": 0}),
        ("flood", {"": 0}),
    ],
)
def test_the_limits_are_those_of_the_sources(layer, limits):
    """The figures as they were read; see the note of each row."""
    found = {
        rule.value: rule.limit for rule in RULES if rule.layer == layer and rule.constraint_id != "landfill-ground"
    }
    assert found == limits


def test_what_is_soft():
    soft = {rule.constraint_id for rule in RULES if rule.kind == "soft"}
    assert soft == {
        "cemetery-hung-tang",
        "cemetery-chon-mot-lan",
        "cemetery-cat-tang",
        "crematorium",
        "landfill",
        "flood",
    }


def test_no_figure_is_verified_but_those_of_decrees_and_laws():
    told = {rule.source for rule in RULES if rule.verified}
    assert told == {
        "Decree 14/2014/NĐ-CP",
        "Decree 53/2024/NĐ-CP",
        "Law on Children 102/2016",
    }


def test_the_table_of_a_result():
    table = tables.finish(constraints.frame(RULES, {"flood", "dike"}), "constraints")
    assert table.loc[table["checked"], "constraint_id"].tolist() == ["dike", "flood"]
    assert len(tables.finish(constraints.frame([], set()), "constraints")) == 0
    assert "industry" in set(table["layer"])
