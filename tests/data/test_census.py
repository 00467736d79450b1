"""The census rows hold together, and the children of Quảng Nam are made from them."""

import csv
import math
import unicodedata

import pandas as pd
import pyogrio
import pytest
from sanchoi.data import census
from sanchoi.gis.errors import ContractError
from shared import ROOT, shared_data

PROVINCE, CHILDREN = 1_495_812, 363_994  # census of 2019: people, and people of 0-14 years
CHILDREN_CSV = ROOT / "tests" / "studies" / "quang-nam" / "children.csv"


def bare(name):
    """The name without accents."""
    parts = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c)).casefold()


def test_population_sums_to_the_province():
    people = census.population()
    assert len(people) == 244
    assert people["population_2019"].sum() == PROVINCE
    assert people["population_2019"].min() > 0


def test_ages_sum_to_the_province():
    ages = census.ages()
    assert len(ages) == 18
    assert ages["population_2019"].sum() == PROVINCE
    assert ages[list(census.GROUPS)].to_numpy().sum() == CHILDREN


def test_communes_sum_to_their_district():
    summed = census.population().groupby("district")["population_2019"].sum()
    assert summed.to_dict() == census.ages().set_index("district")["population_2019"].to_dict()


def test_names_are_unique_with_accents_only():
    people = census.population()
    assert people["zone"].is_unique
    twice = people["zone"].map(bare).duplicated(keep=False)
    assert set(people["commune"][twice]) == {"Xã Trà Dơn", "Xã Trà Don", "Xã Tam Đàn", "Xã Tam Dân"}
    assert all(unicodedata.is_normalized("NFC", zone) for zone in people["zone"])


@pytest.mark.parametrize("table", [census.population, census.ages], ids=["population", "ages"])
def test_each_row_has_its_source(table):
    rows = table()
    assert rows.notna().all(axis=None)
    assert rows["source"].str.contains("General Statistics Office").all()


def test_children_take_the_share_of_their_district():
    people = pd.DataFrame(
        {"district": ["A", "A", "B"], "population_2019": [300, 100, 50], "zone": ["A / one", "A / two", "B / one"]}
    )
    groups = pd.DataFrame(
        {"district": ["A", "B"], "age_0_4": [50, 2], "age_5_9": [30, 2], "age_10_14": [20, 1]}
    ).assign(population_2019=[400, 50])
    found = census.estimate(people, groups)  # A: 100 of 400 are children, B: 5 of 50
    assert found["zone"].tolist() == ["A / one", "A / two", "B / one"]
    assert found["children_0_14"].tolist() == [75.0, 25.0, 5.0]


@pytest.mark.parametrize(
    ("communes", "named"),
    [
        ([300, 99, 50], "communes of A: 399 people"),  # a commune short of one
        ([300, 100, 50, 7], "communes of C"),  # a district without ages
        ([300, 100], "communes of B"),  # a district without communes
    ],
)
def test_tables_that_disagree_are_refused(communes, named):
    districts = ["A", "A", "B", "C"][: len(communes)]
    people = pd.DataFrame({"district": districts, "population_2019": communes, "zone": list("pqrs")[: len(communes)]})
    groups = pd.DataFrame({"district": ["A", "B"], "age_0_4": [1, 1], "age_5_9": [1, 1], "age_10_14": [1, 1]})
    with pytest.raises(ContractError, match=named):
        census.estimate(people, groups.assign(population_2019=[400, 50]))


def test_children_keep_the_sums():
    found = census.children()
    assert math.fsum(found["children_0_14"]) == pytest.approx(CHILDREN, rel=1e-12)
    by_hand = 11_726 * (9_814 + 10_313 + 8_763) / 122_374  # phường Tân Thạnh in Tam Kỳ
    assert found.set_index("zone").loc["Thành phố Tam Kỳ / Phường Tân Thạnh", "children_0_14"] == pytest.approx(by_hand)


def test_the_committed_table_is_what_the_rows_give(tmp_path):
    assert census.main([str(tmp_path / "children.csv")]) == 0
    assert CHILDREN_CSV.read_bytes() == (tmp_path / "children.csv").read_bytes()
    with CHILDREN_CSV.open(encoding="utf-8", newline="") as file:
        read = {row["zone"]: float(row["children_0_14"]) for row in csv.DictReader(file)}
    made = census.children()
    assert read == dict(zip(made["zone"], made["children_0_14"], strict=True))


def test_usage(capsys):
    assert census.main([]) == 2
    assert "usage" in capsys.readouterr().err


def test_every_zone_joins_the_outlines():
    layer = pyogrio.read_dataframe(shared_data() / "quangnam" / "communes_2019.gpkg", read_geometry=False)
    outlines = {f"{d} / {c}": p for d, c, p in layer.itertuples(index=False)}
    people = census.population()
    assert outlines == dict(zip(people["zone"], people["population_2019"], strict=True))


def test_rows_are_those_of_the_shared_copy():
    folder = shared_data() / "quangnam"
    copy = pd.read_csv(folder / "census2019_communes.csv")
    copy = copy[copy["prov"] == "Tỉnh Quảng Nam"]
    people = census.population()
    assert people["population_2019"].tolist() == copy["total"].tolist()
    assert people["commune"].tolist() == [" ".join(name.split()) for name in copy["commune"]]
    ages = pd.read_csv(folder / "census2019_age_by_district.csv").dropna(subset="district").set_index("district")
    ours = census.ages().set_index("district")
    for ours_name, theirs in zip(census.GROUPS, ("0 - 04", "05 - 09", "10 - 14"), strict=True):
        assert ours[ours_name].to_dict() == ages.loc[ours.index, theirs].to_dict()
