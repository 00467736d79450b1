"""What land is worth, as the service says it: one JSON document, the numbers of the analysis, and plain words."""

import json
import math
import shutil
import threading

import numpy as np
import pandas as pd
import pytest
import service
import small
import what_if_town
from sanchoi.api.cli import main
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.worth import worth
from sanchoi.gis import model_files
from sanchoi.gis.errors import ContractError
from what_if_town import at

KEYS = {
    *(
        "result",
        "run_id",
        "etag",
        "parcel_id",
        "commune",
        "communes",
        "area_m2",
        "usable_m2",
        "usable",
        "verdict",
        "ledger",
    ),
    *("land_use", "score", "score_high", "rank", "of", "criteria", "newly_covered", "reached", "changed_class", "cost"),
    *("children_per_billion_vnd", "overlaps", "excluded_m2", "too_large", "sentence_vi", "sentence_en", "sentences_vi"),
    *("sentences_en", "seconds"),
}


def opened(folder):
    return Entry(folder.name, folder, (folder / "run.json").read_bytes()), model_files.load(folder)


@pytest.fixture(scope="module")
def shown():
    """The small result: five parcels, four of them ranked."""
    return opened(service.result())


def square(x, y, w, h):
    ring = [at(x, y), at(x + w, y), at(x + w, y + h), at(x, y + h), at(x, y)]
    return {"type": "Polygon", "coordinates": [ring]}


def drawn(x, y, w, h, **more):
    return {"geometry": square(x, y, w, h), "land_use": "BCS", **more}


def test_drawn_land_in_one_document(shown):
    """Children as in tests/gis/test_proposed.py; a corner of six decimals is some centimetres off."""
    told = worth(*shown, drawn(700, 480, 40, 40, owner="UBND xã", cost=5e8))
    assert set(told) == KEYS
    json.dumps(told, allow_nan=False)
    assert told["newly_covered"] == pytest.approx({"0-5": 22.0, "6-14": 44.0, "all": 66.0})
    assert told["reached"]["all"] == pytest.approx(72)
    assert told["usable_m2"] == told["area_m2"] == pytest.approx(1600, rel=2e-3)
    assert (told["cost"], told["children_per_billion_vnd"]) == (5e8, pytest.approx(132))
    assert (told["commune"]["name"], told["commune"]["share"]) == ("Hòa Phú", pytest.approx(1))
    assert (told["verdict"], told["excluded_m2"], told["too_large"], told["parcel_id"]) == (
        "conditional",
        0,
        None,
        None,
    )
    assert (told["rank"], told["of"]) == (1, 5)
    assert sum(row["contribution"] for row in told["criteria"]) == pytest.approx(told["score"], abs=1e-12)
    # P1 is 30 m square at (699.5, 499.5): 29.5 m × 20.5 m of it lie here
    assert [(row["parcel_id"], row["share"]) for row in told["overlaps"]] == [
        ("P1", pytest.approx(29.5 * 20.5 / 1600, rel=1e-2))
    ]
    m2 = f"{told['usable_m2']:,.0f}".replace(",", ".")
    assert told["sentence_vi"] == (
        f"Đất này dùng được {m2}\u00a0m². 66 trẻ em có thêm sân chơi trong tầm đi bộ. Xếp hạng 1 trên 5 thửa."
    )
    assert " ".join(told["sentences_vi"][:3]) == told["sentence_vi"]
    assert "It ranks 1 of 5 parcels." in told["sentence_en"]
    assert any("chưa kiểm tra" in each.lower() and "độ dốc" in each for each in told["sentences_vi"])


def test_the_ledger_has_a_name_and_a_verdict_for_every_rule(shown):
    told = worth(*shown, drawn(700, 480, 40, 40))
    entry, _ = shown
    assert {row["constraint_id"] for row in told["ledger"]} == {
        *entry.table("constraints")["constraint_id"],
        "land_use",
        "usable_area",
    }
    order = [{False: 0, None: 1, True: 2}[row["passed"]] for row in told["ledger"]]
    assert order == sorted(order)
    slope = next(row for row in told["ledger"] if row["constraint_id"] == "slope")
    assert (slope["name_vi"], slope["name_en"], slope["passed"], slope["limit"]) == ("độ dốc", "slope", None, 15)
    area = next(row for row in told["ledger"] if row["constraint_id"] == "usable_area")
    assert (area["name_vi"], area["passed"], area["limit"], area["unit"]) == ("đủ diện tích liền khối", True, 200, "m²")


def test_a_listed_parcel_is_told_by_the_rows_of_the_run(shown):
    entry, model = shown
    for _, row in entry.table("parcels").iterrows():
        told = worth(entry, model, {"parcel_id": row["parcel_id"]})
        assert set(told) == KEYS
        json.dumps(told, allow_nan=False)
        for key in ("score", "score_high", "rank", "usable_m2", "cost"):
            assert told[key] == (None if pd.isna(row[key]) else row[key]), key
        assert (told["verdict"], told["of"], told["parcel_id"]) == (row["verdict"], 4, row["parcel_id"])
        mine = entry.rows("screening", "parcel_id", row["parcel_id"]).set_index("constraint_id")
        for rule in told["ledger"]:
            for key in ("passed", "value", "limit", "margin"):
                value = mine.loc[rule["constraint_id"], key]
                assert rule[key] == (None if pd.isna(value) else value)
        if row["verdict"] != "excluded":
            assert told["newly_covered"]["all"] == pytest.approx(row["children_gained"], abs=1e-9)
            parts = entry.rows("contributions", "parcel_id", row["parcel_id"])
            assert len(told["criteria"]) == len(parts)
        assert row["parcel_id"] not in [each["parcel_id"] for each in told["overlaps"]]


@pytest.mark.parametrize("parcel_id", ["nowhere", "", 7, ["P1"]])
def test_a_parcel_that_is_not_listed_is_said_so(shown, parcel_id):
    with pytest.raises(Problem) as refused:
        worth(*shown, {"parcel_id": parcel_id})
    assert refused.value.key == "unknown_id"


def test_a_parcel_that_was_cut_into_plots_names_them(shown):
    with pytest.raises(Problem) as refused:
        worth(*shown, {"parcel_id": "P2"})
    assert refused.value.key == "conflict"
    assert "P2#1" in refused.value.told("vi", "")["detail"]


def test_excluded_land_says_why_and_counts_nobody(shown):
    told = worth(*shown, drawn(700, 480, 10, 10, land_use="NTD"))
    assert (told["verdict"], told["score"], told["rank"], told["criteria"]) == ("excluded", None, None, None)
    assert set(told["newly_covered"].values()) == {None}
    assert told["sentence_vi"].startswith("Không làm sân chơi ở đây được.")
    said = " ".join(told["sentences_vi"])
    assert "Loại đất NTD (nhóm X) không được dùng làm sân chơi." in said
    assert "cần ít nhất 200" in said
    assert "Không tính số trẻ em vì đất bị loại." in told["sentences_vi"]


def test_land_that_needs_a_decision_names_who_decides(shown):
    told = worth(*shown, drawn(700, 480, 40, 40, land_use="LUC"))
    assert told["land_use"]["class"] == "C"
    assert any(told["land_use"]["who_vi"] in each for each in told["sentences_vi"])
    assert any("the provincial People's Council" in each for each in told["sentences_en"])


def test_too_large_land_is_told_to_draw_the_part(shown):
    told = worth(*shown, drawn(600, 600, 200, 150))
    assert told["too_large"] == {"limit_m2": 20_000}
    assert (told["score"], told["newly_covered"]["all"], told["changed_class"]) == (None, None, [])
    assert told["ledger"]
    assert "Hãy chỉ vẽ phần đất sẽ làm sân chơi." in told["sentence_vi"]


def test_land_across_a_border_names_both_communes(shown):
    told = worth(*shown, drawn(990, 480, 40, 40))
    assert [row["name"] for row in told["communes"]] == ["Đại Lãnh", "Hòa Phú"]
    assert sum(row["share"] for row in told["communes"]) == pytest.approx(1)
    assert any("nhiều xã, phường: Đại Lãnh (75" in each for each in told["sentences_vi"])


def test_a_result_without_parcels_still_says_whom_it_helps():
    entry, model = opened(what_if_town.result())
    told = worth(entry, model, drawn(1230, 480, 40, 40))
    assert set(told) == KEYS
    assert (told["ledger"], told["score"], told["verdict"], told["usable_m2"], told["excluded_m2"]) == (None,) * 5
    # doors at x = 1230 and 1270: rows 50 m off the road have columns 1050 … 1450, 150 m off 1150 … 1350, 250 m off 1250
    assert told["newly_covered"]["all"] == told["reached"]["all"] == pytest.approx(2 * (5 + 3 + 1) * 1.1)
    assert told["overlaps"] == []
    assert any("không có thửa đất và quy định" in each for each in told["sentences_vi"])


def test_a_model_of_an_earlier_version_says_to_run_again(shown, tmp_path):
    folder = shutil.copytree(service.result(), tmp_path / "old")
    record = folder / "model" / "model.json"
    told = json.loads(record.read_text(encoding="utf-8"))
    told.pop("book")
    record.write_text(json.dumps(told, indent=1), encoding="utf-8")
    for path in (folder / "model").glob("book.*"):
        path.unlink()
    found = worth(*opened(folder), drawn(700, 480, 40, 40))
    assert found["ledger"] is None
    assert found["newly_covered"]["all"] == pytest.approx(66)
    assert any("Hãy tính lại nghiên cứu." in each for each in found["sentences_vi"])
    assert worth(*opened(folder), {"parcel_id": "P1"})["ledger"]


def test_what_is_not_surveyed_is_null_with_the_reason(tmp_path):
    study = shutil.copytree(service.study(), tmp_path / "study")
    small.replace(study, "surveyed = true", "surveyed = false")
    out = tmp_path / "blind"
    assert main(["run", str(study), "--out", str(out), "--quiet"]) == 0
    told = worth(*opened(out), drawn(700, 480, 40, 40))
    assert told["newly_covered"] == {"0-5": None, "6-14": None, "all": None}
    assert told["reached"]["all"] == pytest.approx(72)
    assert "72 trẻ em ở trong tầm đi bộ, nhưng chưa biết bao nhiêu em đang thiếu sân chơi." in told["sentence_vi"]
    assert any("Hòa Phú chưa được khảo sát" in each for each in told["sentences_vi"])
    assert told["children_per_billion_vnd"] is None
    assert told["rank"] is not None


def nested(depth):
    found = []
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        7,
        "POLYGON",
        {},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": nested(2000)},
        {"type": "Polygon", "coordinates": [[["a", 1], [2, 3], [4, 5], ["a", 1]]]},
        {"type": "Polygon", "coordinates": [[[108.3, math.nan], [108.4, 15.7], [108.4, 15.8], [108.3, math.nan]]]},
        {"type": "Polygon", "coordinates": [[[1e308, 1e308], [108.4, 15.7], [108.4, 15.8], [1e308, 1e308]]]},
        {"type": "Polygon", "coordinates": [[[10**400, 1], [108.4, 15.7], [108.4, 15.8], [10**400, 1]]]},
        {"type": "Polygon", "coordinates": [[at(0, 0), at(9, 9), at(9, 0), at(0, 9), at(0, 0)]]},
        {"type": "LineString", "coordinates": [at(0, 0), at(9, 9)]},
        {"type": "Polygon", "coordinates": [[at(0, k % 2) for k in range(9_999)] + [at(0, 0)]]},
        {"type": "GeometryCollection", "geometries": [square(700, 480, 40, 40)]},
    ],
)
def test_hostile_geometry_is_refused_in_both_languages(shown, geometry):
    with pytest.raises(ContractError) as refused:
        worth(*shown, {"geometry": geometry})
    assert refused.value.vi
    assert str(refused.value)


def test_threads_get_the_same_answers(shown):
    asked = [drawn(100 + 90 * k, 470, 40, 40) for k in range(8)] + [{"parcel_id": "P1"}]
    alone = [worth(*shown, land) for land in asked]
    fresh = opened(service.result())
    found = [None] * len(asked)

    def answer(k):
        found[k] = worth(*fresh, asked[k])

    threads = [threading.Thread(target=answer, args=(k,)) for k in range(len(asked))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for one, two in zip(alone, found, strict=True):
        one.pop("seconds"), two.pop("seconds")
        assert one == two


def test_an_answer_changes_nothing_that_others_read(shown):
    entry, model = shown
    before = entry.table("parcels").copy()
    worth(entry, model, drawn(700, 480, 40, 40))
    pd.testing.assert_frame_equal(entry.table("parcels"), before)
    assert np.isfinite(model.x).all()
