import copy
from datetime import date

import pytest
from sanchoi.gis.errors import StudyError
from sanchoi.gis.siting import problem
from sanchoi.gis.study import parse
from sanchoi.gis.study_keys import OBJECTIVES

GOOD = {
    "study": {"name": "Thử", "crs": "EPSG:5899", "date": date(2026, 11, 23), "language": "vi"},
    "communes": {"path": "c.gpkg", "id": "code", "name": "name", "vintage": "2025"},
    "children": {"path": "k.csv", "id": "code", "bands": {"6-14": "b", "0-5": "a"}},
    "norms": {"profile": "who-europe"},
}


def changed(section, **values):
    document = copy.deepcopy(GOOD)
    document.setdefault(section, {}).update(values)
    return document


def test_a_good_study_is_read_with_its_bands_in_order_of_age():
    study = parse(GOOD)
    assert [b.name for b in study.bands] == ["0-5", "6-14"]
    assert study.columns == {"0-5": "a", "6-14": "b"}
    assert (study.cell_m, study.vintage, study.estimate) == (100.0, "2025", False)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (changed("study", langage="vi"), ["langage", 'did you mean "language"']),
        (changed("comunes", path="x"), ["comunes", 'did you mean "communes"']),
        (changed("study", cell_m="100"), ["cell_m", "a number"]),
        (changed("study", cell_m=True), ["cell_m", "a number"]),
        (changed("study", cell_m=5), ["cell_m", "from 10 to 1000"]),
        (changed("study", language="fr"), ["fr", '"vi" or "en"']),
        (changed("study", date="23/11/2026"), ["23/11/2026", "2026-11-23"]),
        (changed("norms", target_share=0), ["target_share", "to 1"]),
        (changed("norms", target_share=1.01), ["target_share"]),
        (changed("norms", walk_m=-300), ["walk_m", "positive"]),
        (changed("norms", walk_m={"0-6": 300}), ["0-6", "0-5"]),
        (changed("norms", decay="linear"), ["linear", "gaussian"]),
        (changed("network", path="n.pbf", detour=1.3), ["both path and detour"]),
        (changed("network", detour=0.9), ["detour", "from 1"]),
        (changed("children", total={"0-5": 3}), ["both bands and total"]),
        (changed("children", bands={}), ["neither bands nor total"]),
        (changed("children", bands={"0-5": "a", "5-14": "b"}), ["0-5 and 5-14", "overlap"]),
        (changed("children", zones="z.gpkg"), ["zones_id"]),
        ({**GOOD, "sources": [{"layer": "a", "license": "MIT"}]}, ["license", 'did you mean "licence"']),
        ({**GOOD, "sources": [{"layer": 3}]}, ["layer = 3", "text"]),
        ({**GOOD, "sources": [{"date": True}]}, ["date = True", "a date"]),
        ({**GOOD, "sources": [{"date": "23/11/2026"}]}, ["23/11/2026", "year-month-day"]),
        ({**GOOD, "sources": [{"date": "2026-13"}]}, ["2026-13", "2026-11"]),
        ({**GOOD, "sources": [{"date": " "}]}, ["date = ' '", "or words"]),
        ({**GOOD, "sources": [{"date": "in a year " * 11}]}, ["or words"]),
        ({k: v for k, v in GOOD.items() if k != "communes"}, ["no section [communes]"]),
        ({**GOOD, "communes": {"path": "c", "id": "i", "name": "n"}}, ["[communes] has no vintage"]),
        ({**GOOD, "communes": 3}, ["communes = 3", "a section"]),
    ],
)
def test_a_bad_study_says_what_came_what_was_expected_and_what_to_do(document, words):
    with pytest.raises(StudyError) as caught:
        parse(document)
    for word in words:
        assert word in str(caught.value)
    assert str(caught.value).count(" · ") == 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (date(2026, 11, 23), "2026-11-23"),
        ("2026-11-23", "2026-11-23"),
        ("2026-11", "2026-11"),
        (2023, "2023"),
        ("trích tháng 2 năm 2023", "trích tháng 2 năm 2023"),
    ],
)
def test_a_source_says_when_its_data_are_of(given, kept):
    (row,) = parse({**GOOD, "sources": [{"layer": "communes", "date": given}]}).sources
    assert row == {"layer": "communes", "date": kept}


LAND = {"path": "p.gpkg"}


def sited(land=(), other=(), **siting):
    """A study with [parcels] and [siting]."""
    return {**GOOD, "parcels": {**LAND, **dict(land)}, "siting": siting, **dict(other)}


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_objective_has_the_limit_it_needs(objective):
    limits = [{"count": 3}, {"budget": 1.5e9}, {}, {"count": 3, "budget": 1e9}]
    for i, limit in enumerate(limits):
        document = sited(objective=objective, **limit)
        if i == 2 if objective == "cover_all" else i < 2:
            assert parse(document)["siting"]["objective"] == objective
        else:
            with pytest.raises(StudyError, match=r"\[siting\]"):
                parse(document)


def test_objectives_are_those_of_siting():
    assert problem.OBJECTIVES == OBJECTIVES


def test_the_sections_of_land_are_read():
    study = parse(
        {
            **sited(count=2, fixed=["a", 7], forbidden=["b"], min_per_commune=1, conditional=False, curve=0),
            "terrain": {"path": "dem.tif"},
            "nearby": {"schools": {"path": "s.gpkg", "layer": "x"}, "halls": {"path": "h.gpkg"}},
            "constraints": {"water": {"path": "w.gpkg", "where": "kind = 'river'"}},
            "weights": {"slope": 2, "shade": 0.5},
        }
    )
    assert study["siting"]["fixed"] == ["a", 7]
    assert study["siting"]["conditional"] is False
    assert study["terrain"]["path"] == "dem.tif"
    assert (study.nearby["schools"]["layer"], study.nearby["halls"]["layer"]) == ("x", None)
    assert study.constraints["water"]["where"] == "kind = 'river'"
    assert dict(study["weights"].values) == {"slope": 2, "shade": 0.5}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (sited(count=0), ["count = 0", "from 1"]),
        (sited(count=2.0), ["count = 2.0", "a number"]),
        (sited(budget=float("nan")), ["budget = nan"]),
        (sited(count=2, curve=101), ["curve = 101", "from 0 to 100"]),
        (sited(count=2, min_per_commune=-1), ["min_per_commune = -1"]),
        (sited(count=2, conditional="yes"), ["conditional", "true or false"]),
        (sited(count=2, fixed="a"), ["fixed", "a list"]),
        (sited(count=2, fixed=[1.5]), ["fixed: 1.5", "ids of parcels"]),
        (sited(count=2, fixed=[True]), ["fixed: True"]),
        (sited(count=2, fixed=["7", 7]), ["fixed", '"7" twice']),
        (sited(count=2, fixed=["7"], forbidden=[7]), ['"7" is both fixed and forbidden']),
        (sited(count=1, fixed=["a", "b"]), ["fixes 2 parcels", "count = 1"]),
        (sited(count=2, objectiv="cover"), ["objectiv", 'did you mean "objective"']),
        (sited(count=2, objective="p-median"), ["p-median", 'did you mean "p_median"']),
        (sited(land={"cost_unit": "VND"}, count=1), ["cost_unit without cost"]),
        (sited(land={"cost": "c", "cost_unit": "USD"}, count=1), ["USD", "VND, VND/m2"]),
        (sited(land={"cost_per_m2": {"X": 1}}, count=1), ["land class X", "A, B, C"]),
        (sited(land={"cost_per_m2": {"A": -1}}, count=1), ["A = -1", "0 or more"]),
        (sited(land={"cost_per_m2": {"A": True}}, count=1), ["A = True"]),
        (sited(land={"build_cost": -1}, count=1), ["build_cost = -1"]),
        (sited(land={"codes": {"a": 3}}, count=1), ['"a" = 3', "a land-use code"]),
        (sited(land={"codes": {"a": "HNK"}}, count=1), ["codes without land_use"]),
        ({**GOOD, "parcels": {"id": "no"}}, ["[parcels] without path"]),
        ({**GOOD, "terrain": {"file": "x"}}, ["unknown key file in [terrain]"]),
        ({**GOOD, "weights": {"slope": "much"}}, ["slope = 'much'", "a number of 0 or more"]),
        ({**GOOD, "weights": {"slope": float("inf")}}, ["slope = inf"]),
        ({**GOOD, "weights": {"slope": True}}, ["slope = True"]),
        ({**GOOD, "weights": {"slope": 0, "shade": 0.0}}, ["[weights] are all 0"]),
        ({**GOOD, "weights": 3}, ["weights = 3", "a section"]),
        ({**GOOD, "nearby": {"schols": {"path": "x"}}}, ["[nearby.schols]", 'did you mean "schools"']),
        ({**GOOD, "nearby": {"schools": {"layer": "x"}}}, ["[nearby.schools] has no path"]),
        ({**GOOD, "nearby": {"path": "x"}}, ["nearby", "[nearby.NAME] tables"]),
        ({**GOOD, "constraints": {"water": {"path": "x", "were": "a"}}}, ["were", 'did you mean "where"']),
        ({**GOOD, "constraints": {"water": {"path": 3}}}, ["path = 3", "text"]),
    ],
)
def test_bad_land_says_what_came_what_was_expected_and_what_to_do(document, words):
    with pytest.raises(StudyError) as caught:
        parse(document)
    for word in words:
        assert word in str(caught.value)
    assert str(caught.value).count(" · ") == 2


@pytest.mark.parametrize(("key", "value"), [("count", 1), ("count", 10_000), ("budget", 1e15), ("budget", 1)])
def test_limits_of_siting_may_be_met(key, value):
    assert parse(sited(**{key: value}))["siting"][key] == value


def test_all_faults_are_named_at_once():
    with pytest.raises(StudyError, match=r"1 more.*vintag"):
        parse({**GOOD, "study": {**GOOD["study"], "nmae": "x"}, "communes": {**GOOD["communes"], "vintag": "y"}})
