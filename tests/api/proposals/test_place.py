"""Place: which commune holds a land, and who may propose there. Two square communes side by side."""

import numpy as np
import pytest
import service
import shapely
from sanchoi.api.accounts.actor import Actor
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import place
from sanchoi.gis import model_files
from sanchoi.gis.cells import to_crs


@pytest.fixture(scope="module")
def entry():
    with service.client() as asked:
        yield asked.app.state.library.get(service.RESULT)


@pytest.fixture(scope="module")
def model(entry):
    return model_files.load(entry.folder)


@pytest.fixture
def border(model):
    """x of the border between the first two communes, and a y in both, in the study's CRS."""
    west, east = sorted(model.outlines[:2], key=lambda outline: outline.bounds[0])
    assert west.bounds[2] == pytest.approx(east.bounds[0])
    return west.bounds[2], (west.bounds[1] + west.bounds[3]) / 2


def land(model, x0, x1, y):
    box = shapely.box(x0, y, x1, y + 10)
    return shapely.transform(box, lambda xy: np.column_stack(to_crs(*xy.T, model.study.crs, "EPSG:4326")))


def codes(model):
    order = sorted(range(2), key=lambda k: model.outlines[k].bounds[0])
    return [model.communes["commune_id"][k] for k in order]


def official(model, *communes):
    return Actor("user:1", "1", "A", "commune", frozenset(communes), model.study.vintage)


@pytest.mark.parametrize(("over", "allowed"), [(0.0, True), (4.9, True), (5.1, False), (60.0, False)])
def test_five_hundredths_may_lie_over_the_border(entry, model, border, over, allowed):
    x, y = border
    shape = land(model, x - 100 + over, x + over, y)
    west, east = codes(model)
    found = place.shares(model, shape).share
    assert found.get(west, 0) == pytest.approx(1 - over / 100, abs=1e-4)
    assert found.get(east, 0) == pytest.approx(over / 100, abs=1e-4)
    if allowed:
        assert place.place(entry, model, official(model, west), shape).commune_id == west
    else:
        with pytest.raises(Problem) as told:
            place.place(entry, model, official(model, west), shape)
        assert told.value.key == "forbidden"
    assert place.place(entry, model, official(model, west, east), shape).vintage == model.study.vintage


def test_land_outside_the_study_is_refused_in_words(entry, model):
    with pytest.raises(Problem) as told:
        place.place(entry, model, official(model, *codes(model)), shapely.box(0, 0, 0.001, 0.001))
    assert "ngoài các xã" in told.value.told("vi", "")["detail"]


def test_codes_of_another_vintage_do_not_count(entry, model, border):
    x, y = border
    actor = Actor("user:1", "1", "A", "commune", frozenset(codes(model)), "1999-01-01")
    with pytest.raises(Problem):
        place.place(entry, model, actor, land(model, x - 50, x - 10, y))
