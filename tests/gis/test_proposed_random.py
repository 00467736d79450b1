"""Drawn land is judged as a full run of the study with that land among its parcels judges it: to the bit, on random studies."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import random_land
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_study import CRS
from sanchoi.gis import job, model_files, outlines, places, proposed, scoring
from sanchoi.gis.errors import ContractError
from sanchoi.gis.proposed import Land

DRAWN = 5


def draw(rng, name):
    """Land as somebody draws it, and the row of a parcel that a run would read of it."""
    shape = outlines.out_of(random_land.outline(rng), CRS)
    row = random_land.land([name], [outlines.into(shape, CRS)], rng)
    texts = {key: None if pd.isna(row[key][0]) else row[key][0] for key in ("land_use", "owner")}
    numbers = {key: None if np.isnan(row[key][0]) else float(row[key][0]) for key in ("cost", "cost_per_m2")}
    return Land(shape, **texts, **numbers), row


def same(mine, table):
    """Rows of one table are equal to the bit, but for the name of the land."""
    assert len(mine) == len(table)
    for column in table.columns:
        if column in ("geometry", "parcel_id"):
            continue
        one, two = mine[column], table[column]
        if pd.api.types.is_float_dtype(two):
            np.testing.assert_array_equal(one.to_numpy(dtype=float), two.to_numpy(dtype=float), column)
        else:
            told = [each.astype(object).where(each.notna(), None).tolist() for each in (one, two)]
            assert told[0] == told[1], column


def of(tables, name, parcel):
    found = tables[name]
    return found[found["parcel_id"] == parcel].reset_index(drop=True)


def must_equal(told, tables, name, before):
    """All that is said of the land is what the tables of a run with it say; `before`: scores of the parcels without it."""
    row = of(tables, "parcels", name)
    same(pd.DataFrame([told.row]).astype({"cost": float}), row[list(told.row)])
    same(told.ledger.reset_index(drop=True), of(tables, "screening", name))
    same(told.rules, tables["constraints"].set_index("constraint_id").loc[told.rules["constraint_id"]].reset_index())
    pieces = of(tables, "usable", name)
    assert (told.usable is None) == (not len(pieces))
    if told.usable is not None:
        assert shapely.equals_exact(outlines.out_of(told.usable, CRS), pieces.geometry[0], 1e-12)
    if row["verdict"][0] == "excluded":
        assert (told.score, told.rank, told.effects, told.answer, told.reached) == (None,) * 5
        assert told.ranked == len(before)
        return
    keys = ["commune_id", "band"]
    effects = of(tables, "effects", name)
    same(told.effects.sort_values(keys, ignore_index=True), effects.sort_values(keys, ignore_index=True))
    same(told.contributions, of(tables, "contributions", name))
    assert (told.score, told.score_high) == (row["score"][0], row["score_high"][0])
    assert told.ranked == len(before) + 1
    assert told.rank == scoring.ranks(np.append(before, told.score))[-1]
    for mine, column in ((told.reached, "children_reached"), (told.gained, "children_gained")):
        whole = row[column][0]
        assert mine["all"] == (None if np.isnan(whole) else whole)
    for band, n in told.gained.items():
        if n is not None:
            assert told.answer.newly_covered[band] == pytest.approx(n, rel=1e-9, abs=1e-9)


def check(seed, folder):
    rng = np.random.default_rng(seed)
    study = random_land.study(rng)
    layers = random_land.inputs(rng, study)
    result = job.measure(study, layers)
    scores = result.tables["parcels"]["score"].dropna().to_numpy()
    communes = layers.communes[~layers.communes["halo"]].union_all()
    drawn = [draw(rng, f"new-{k}") for k in range(DRAWN)]
    for place in [each for each in drawn if not each[1].geometry.intersects(communes).any()]:
        with pytest.raises(ContractError, match="no commune"):
            proposed.judge(result.model, place[0])
        drawn.remove(place)
    alone = rng.random() < 0.3  # at times one at a time, else all in one run: none of them changes the rows of another
    for some in [[each] for each in drawn] if alone else [drawn]:
        more = gpd.GeoDataFrame(pd.concat([layers.parcels, *(row for _, row in some)], ignore_index=True), crs=CRS)
        tables = job.measure(study, replace(layers, parcels=more)).tables
        for land, row in some:
            told = proposed.judge(result.model, land)
            name = row["parcel_id"][0]
            if told.limit_m2 is not None:
                assert told.area_m2 > told.limit_m2
                assert tables["parcels"]["parcel_id"].str.startswith(f"{name}#").any()
                assert (told.score, told.effects, told.answer) == (None, None, None)
                continue
            must_equal(told, tables, name, scores)
            if alone and told.rank is not None:
                assert told.rank == of(tables, "parcels", name)["rank"][0]
    written(result, drawn, folder)
    built(study, layers, result.model, drawn)


def written(result, drawn, folder):
    """A model that was written and read judges alike."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    result.tables["gaps"].to_parquet(folder / "tables" / "gaps.parquet", index=False)
    model_files.save(result.model, folder)
    read = model_files.load(folder)
    for land, _ in drawn[:2]:
        one, two = (proposed.judge(model, land) for model in (result.model, read))
        same(pd.DataFrame([two.row]), pd.DataFrame([one.row]))
        same(two.ledger, one.ledger)
        assert (two.score, two.rank, two.ranked, two.gained) == (one.score, one.rank, one.ranked, one.gained)
        if one.contributions is not None:
            same(two.contributions, one.contributions)


def built(study, layers, model, drawn):
    """Classes and children are those of a run with a play area on the land."""
    answers = [proposed.judge(model, land) for land, _ in drawn]
    told = next((each for each in answers if each.answer is not None), None)
    if told is None:
        return
    after = job.measure(study, places.apply(replace(layers, parcels=None), told.answer.changes)).tables["gaps"]
    after, before = (table[table["band"] == "all"].set_index("commune_id") for table in (after, model.gaps))
    changed = {c for c in after.index if after["status"][c] != before["status"][c]}
    assert {name for name, *_ in told.answer.changed_class} == changed
    fewer = (before["children_uncovered"] - after["children_uncovered"]).sum(skipna=False)
    if told.gained["all"] is not None and np.isfinite(fewer):
        assert fewer == pytest.approx(told.gained["all"], rel=1e-9, abs=1e-9)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_drawn_land_equals_one_more_parcel_of_a_full_run(seed, tmp_path_factory):
    check(seed, tmp_path_factory.mktemp("model"))
