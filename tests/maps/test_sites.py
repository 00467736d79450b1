"""The sites map as text: whole in one file, the same each time, and its numbers are those of the tables."""

import json
import re

import fake_sites
import many_parcels
import numpy as np
import pandas as pd
import pytest
from many_parcels import unpack
from sanchoi.gis.errors import ContractError
from sanchoi.gis.results import Result
from sanchoi.maps import blocks, index, parcel_columns, parcel_pack, sites


def record(page):
    return json.loads(re.search(r'<script type="application/json" id="record">(.*?)</script>', page, re.DOTALL)[1])


def packed(page):
    return re.findall(r'<script type="text/plain" id="block-\d+">(.*?)</script>', page)


@pytest.fixture(scope="module")
def result():
    return fake_sites.small()


@pytest.fixture(scope="module")
def page(result):
    return sites.render(result)


def test_no_address_is_loaded(page):
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert re.findall(r"""(?:src|href)\s*=\s*["'](?!data:|#)([a-z/.][^"']*)""", markup) == ["gap.html"]  # the other map
    assert not re.search(r"<script[^>]+src", page)
    assert "default-src 'none'" in page


def test_the_same_result_gives_the_same_bytes(result, page):
    assert sites.render(result) == page


def test_the_order_of_rows_changes_nothing(result, page):
    rng = np.random.default_rng(3)
    mixed = {
        name: table if name in ("communes", "criteria", "constraints") else table.iloc[rng.permutation(len(table))]
        for name, table in result.tables.items()
    }
    mixed = {name: t.reset_index(drop=True) for name, t in mixed.items()}
    one, other = record(page), record(sites.render(Result(mixed, result.run)))
    assert [p["id"] for p in (one["best"], other["best"])] == [["T-1", "T-2", "T-4", "T-6"]] * 2
    assert one["plan"]["sites"]["id"] == other["plan"]["sites"]["id"] == ["T-1", "T-2"]
    assert one["plan"]["change"] == other["plan"]["change"]


def parcel(page, wanted):
    """One parcel out of its block, by the names that the record gives to the columns."""
    parts = record(page)["parcels"]
    columns, texts = unpack(packed(page)[1])
    i = texts["id"].index(wanted)
    out = {name: texts[name][columns[k][i]] for k, name in enumerate(parts["texts"])}
    at = len(parts["texts"])
    for name, decimals, ragged in parts["columns"]:
        if ragged:
            low = sum(columns[at][:i])
            values = columns[at + 1][low : low + columns[at][i]]
            out[name] = [None if v is None else v / 10**decimals for v in values]
        else:
            value = columns[at][i]
            if value is not None and decimals is None:  # 3 k + tier
                value, decimals = value // 3, 2 - value % 3
            out[name] = None if value is None else value / 10**decimals
        at += 1 + ragged
    return out


def test_a_parcel_is_packed_with_all_that_the_tables_say_of_it(page):
    found = parcel(page, "T-1")
    assert found["land_use"] == "DKV"
    assert found["cost"] == 1_200e6
    assert found["score"] == 0.8125
    assert found["children_gained"] == 280  # 280.4, written as whole children
    assert found["shortfall_relieved_m2"] is None
    assert found["effect_children_gained"] == [60.0, 50.0, 170.4]
    assert found["accept_rank"] == [1, 2]
    assert found["accept_share"] == [0.72, 0.28]
    assert found["reason_en"] == "In the plan."


def test_the_ledger_is_packed_with_unknown_apart_from_failed(page):
    parts = record(page)["parcels"]["dictionaries"]
    petrol, flood, land = (parts["rules"].index(name) for name in ("petrol-station", "flood", "land_use"))
    failed = parcel(page, "T-3")
    assert (failed[f"passed:{petrol}"], failed[f"near:{petrol}"], failed[f"value:{petrol}"]) == (0, 1, 40)
    assert failed[f"passed:{flood}"] is None
    assert parts["signs"][petrol] == 1  # margin = value - limit: 40 - 50 is read as fails by 10
    assert parts["signs"][parts["rules"].index("slope")] == -1
    assert parcel(page, "T-2")[f"value:{petrol}"] is None  # passed, with nothing near to measure to
    assert parcel(page, "T-6")[f"passed:{land}"] is None
    assert [parcel(page, name)[f"passed:{land}"] for name in ("T-1", "T-5")] == [1, 0]


def test_a_margin_that_does_not_follow_is_packed(result):
    odd = result.tables["screening"].assign(margin=lambda t: t["margin"] * 2)
    page = sites.render(Result({**result.tables, "screening": odd}, result.run))
    parts = record(page)["parcels"]["dictionaries"]
    petrol = parts["rules"].index("petrol-station")
    assert parts["signs"][petrol] == 0
    assert parcel(page, "T-3")[f"margin:{petrol}"] == -20


def test_contributions_add_up_to_the_score(page):
    names = record(page)["parcels"]["dictionaries"]["criteria"]
    for wanted in ("T-1", "T-2"):
        found = parcel(page, wanted)
        weights = record(page)["parcels"]["dictionaries"]["weights"]
        total = sum(found[f"utility:{k}"] * weights[k] for k in range(len(names)))
        assert total == pytest.approx(found["score"], abs=2e-4)
    assert parcel(page, "T-6")[f"utility:{names.index('flood')}"] is None


def test_a_utility_that_follows_from_the_scale_is_not_packed(result):
    parts = result.tables["contributions"].assign(value=lambda t: 200 - 150 * t["utility"])
    scales = result.tables["criteria"].assign(worst=200.0, best=50.0)
    page = sites.render(Result({**result.tables, "contributions": parts, "criteria": scales}, result.run))
    told = record(page)["parcels"]
    assert told["dictionaries"]["scales"] == [[200, 50]] * 3
    assert not any(name.startswith("utility:") for name, _, _ in told["columns"])
    merits = told["dictionaries"]["criteria"]
    for wanted, score in (("T-1", 0.8125), ("T-2", 0.6)):
        value = {name: parcel(page, wanted)[f"measured:{k}"] for k, name in enumerate(merits)}
        weight = dict(zip(merits, told["dictionaries"]["weights"], strict=True))
        total = sum(weight[name] * (200 - value[name]) / 150 for name in merits)
        assert total == pytest.approx(score, abs=5e-4)
    assert parcel(page, "T-6")[f"measured:{merits.index('flood')}"] is None
    odd = parts.assign(utility=parts["utility"].where(parts["parcel_id"] != "T-4", 0.123))
    page = sites.render(Result({**result.tables, "contributions": odd, "criteria": scales}, result.run))
    assert record(page)["parcels"]["dictionaries"]["scales"].count(None) == 3


@pytest.mark.parametrize(
    ("value", "margin", "read"),
    [
        (8.256, -41.744, 8.26),  # small
        (56.34, 6.34, 56.34),  # close to its limit
        (56.34, 46.34, 56.3),
        (5238.4, 5188.4, 5238.0),  # passed and far
        (1004.126, 4.126, 1004.13),  # close to a large limit
        (5238.4, np.nan, 5238.0),
        (np.nan, np.nan, None),
    ],
)
def test_a_value_is_packed_as_exactly_as_it_is_written(value, margin, read):
    coded, decimals = parcel_columns.tiered(np.array([value, 1.0]), np.array([margin, 1.0]))
    assert decimals is None
    if read is None:
        assert coded[0] == blocks.NULL
    else:
        assert coded[0] // 3 / [100, 10, 1][coded[0] % 3] == read


def test_values_that_have_no_tier_are_scaled():
    for odd in (-3.0, 9e8):
        coded, decimals = parcel_columns.tiered(np.array([odd, 4.5]), np.array([500.0, 4.5]))
        assert decimals is not None
        assert coded[0] / 10**decimals == pytest.approx(odd)


def test_only_a_usable_piece_that_is_less_than_the_parcel_is_drawn(result):
    columns, texts = unpack(parcel_pack.pack(result).blocks[1])
    pieces = dict(zip(texts["id"], columns[-4], strict=True))  # rings of each parcel's usable piece
    assert pieces == {"T-1": 0, "T-2": 0, "T-3": 0, "T-4": 0, "T-5": 0, "T-6": 1}


def test_counts_and_positions(page):
    data = record(page)
    assert data["parcels"]["verdict_counts"] == [2, 2, 2]
    ids = unpack(packed(page)[-2])[1]
    assert [ids[k] for k in data["best"]["position"]] == data["best"]["id"] == ["T-1", "T-2", "T-4", "T-6"]
    assert [ids[k] for k in data["plan"]["sites"]["position"]] == ["T-1", "T-2"]


@pytest.mark.parametrize(
    "missing",
    [
        "usable",
        "screening",
        "constraints",
        "criteria",
        "contributions",
        "acceptability",
        "effects",
        "budget_curve",
        "plan_gaps",
        "why_not",
        "sites",
    ],
)
def test_a_table_may_be_missing(missing):
    data = record(sites.render(fake_sites.small(**{missing: None})))
    assert data["parcels"]["count"] == 6
    assert (data["plan"] is None) == (missing == "sites")


def test_no_parcels_is_refused_and_an_empty_table_is_drawn(result):
    with pytest.raises(ContractError, match="parcels"):
        sites.render(Result({k: t for k, t in result.tables.items() if k != "parcels"}, result.run))
    keyed = ("usable", "screening", "contributions", "acceptability", "effects", "why_not")
    tables = {name: t.iloc[:0] if name in (*keyed, "parcels", "sites") else t for name, t in result.tables.items()}
    data = record(sites.render(Result(tables, result.run)))
    assert data["parcels"]["count"] == 0
    assert data["best"]["id"] == []


def test_where_nothing_is_surveyed_no_gap_is_claimed():
    blank = fake_sites.parcels().assign(children_gained=np.nan)
    found = fake_sites.small(
        communes=fake_sites.communes(surveyed=False), gaps=fake_sites.gaps(known=False), parcels=blank, sites=None
    )
    data = record(sites.render(found))
    assert data["by_need"]
    assert "b_need" in [banner["code"] for banner in data["banners"]]
    assert data["best"]["children_gained"] == [None] * 4


def test_banners_name_what_is_not_checked_and_not_known(page):
    told = {banner["code"]: banner["vi"] for banner in record(page)["banners"]}
    assert told["b_not_checked"].startswith("1 điều kiện chưa kiểm tra")  # flood
    assert told["b_unverified_rules"].startswith("1 điều kiện chưa kiểm chứng")  # slope
    assert told["b_no_cost"].startswith("1 thửa")  # T-4
    assert "b_not_proven" not in told
    assert "unverified" in told
    assert "synthetic" in told


def test_what_only_waits_for_a_check_is_told_apart(result):
    parcels = result.tables["parcels"].assign(against=["", "flood", "petrol-station", "", "land_use", "land_use;flood"])
    data = record(sites.render(Result({**result.tables, "parcels": parcels}, result.run)))
    assert data["only_open"] == 1  # T-2; T-6 also needs a word on its land
    assert data["plan"]["sites"]["only_open"] == [False, True]
    assert data["open_layers"] == ["flood"]


def test_what_is_unknown_and_counts_nothing_is_marked(page):
    assert record(page)["best"]["low"] == [False, False, False, True]  # T-6: 0.3, or 0.55 were all known


@pytest.mark.parametrize(("verified", "banner"), [(True, False), (False, True), (None, False)])
def test_a_plan_that_fails_its_second_computation_is_warned_of(verified, banner):
    found = fake_sites.small()
    found.run["siting"] = {**fake_sites.SITING, "verified": verified}
    data = record(sites.render(found))
    assert data["plan"]["verified"] is verified
    assert ("b_not_verified" in [each["code"] for each in data["banners"]]) == banner


def test_texts_from_data_stay_texts(tmp_path):
    found = many_parcels.hostile_result()
    sites.write(found, tmp_path)
    text = (tmp_path / "maps" / "sites.html").read_text("utf-8")
    assert "<img" not in text
    assert "<script>alert" not in text
    assert 'href="javascript:' not in text
    assert len(packed(text)) == 4


def test_the_front_page_leads_to_both_maps_and_names_the_tables_of_land(result):
    blank = pd.DataFrame({"area_m2": [1.0], "counts": [True]})
    gaps = result.tables["gaps"].assign(name="x")
    with_land = Result({**result.tables, "gaps": gaps, "play_areas": blank}, result.run)
    found = index.render(with_land)
    for address in (
        "maps/gap.html#vi",
        "maps/sites.html#vi",
        "maps/sites.html#en",
        "tables/sites.xlsx",
        "tables/why_not.parquet",
    ):
        assert f'href="{address}"' in found
    without = Result({k: with_land.tables[k] for k in ("communes", "gaps", "play_areas")}, result.run)
    assert "sites." not in index.render(without)


def test_shades_have_round_limits_and_none_where_scores_are_all_alike():
    assert parcel_pack.breaks(np.arange(101) / 100) == [0.2, 0.4, 0.6, 0.8]
    assert parcel_pack.breaks(np.full(9, 0.5)) == []
    assert parcel_pack.breaks(np.array([np.nan])) == []
