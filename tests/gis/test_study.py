import copy
from datetime import date

import pytest
from sanchoi.gis.errors import StudyError
from sanchoi.gis.study import parse

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


def test_all_faults_are_named_at_once():
    with pytest.raises(StudyError, match=r"1 more.*vintag"):
        parse({**GOOD, "study": {**GOOD["study"], "nmae": "x"}, "communes": {**GOOD["communes"], "vintag": "y"}})
