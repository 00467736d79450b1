"""Proposals as a layer: what is public of them is there at once, nothing else ever; filtered, paged and turned as other layers."""

import json
import shutil
import time

import people
import proposing
import pytest
import service
from proposing import land, move, publish, put
from sanchoi.api.accounts.actor import ANONYMOUS
from sanchoi.api.library import LOOK_S

AT = "/ogc/collections/proposals"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@pytest.fixture(scope="module")
def asked():
    with service.client(raises=False) as client:
        yield client


@pytest.fixture(scope="module")
def cast(asked):
    return proposing.cast(asked)


def get(asked, query="", status=200):
    people.acting(asked, ANONYMOUS)
    got = asked.get(f"{AT}/items{query}")
    assert got.status_code == status, got.text
    return got.json()


@pytest.fixture(scope="module")
def shown(asked, cast):
    """Three public proposals, one that is not, one that was withdrawn, and a draft."""
    made = []
    for k in range(5):
        each = put(
            asked,
            cast["official"],
            land(600 + 50 * k, 300),
            name=f"Sân {k} <b>",
            owner="Ông Tám",
            backer="Hội phụ nữ",
            note="bí mật",
            cost=None if k == 1 else (k + 1) * 1e8,
        )
        each = move(asked, cast["official"], each, "submitted")
        made.append(each if k == 3 else publish(asked, cast["reviewer"], each))
    made[4] = move(asked, cast["official"], made[4], "withdrawn")
    put(asked, cast["official"], land(900, 300), name="nháp")
    return made


def test_only_what_is_public_is_there(asked, shown):
    found = get(asked)
    assert [each["id"] for each in found["features"]] == [str(each["number"]) for each in shown[:3]]
    names = set(found["features"][0]["properties"])
    assert names == {
        "number",
        "name",
        "commune_id",
        "vintage",
        "state",
        "gained",
        "cost",
        "score",
        "rank",
        "figures_run",
        "figures_current",
        "submitted",
    }
    for secret in ("Ông Tám", "Hội phụ nữ", "bí mật", "Cán bộ", "nháp"):
        assert secret not in json.dumps(found, ensure_ascii=False)
    assert found["features"][1]["properties"]["cost"] is None
    assert found["features"][0]["geometry"] == json.loads(json.dumps(shown[0]["geometry"]))
    listed = {each["id"]: each for each in asked.get("/ogc/collections").json()["collections"]}
    assert listed["proposals"]["title"] == "Đề xuất của địa phương"


def test_it_is_filtered_paged_and_turned_like_other_layers(asked, shown):
    number = shown[0]["number"]
    assert get(asked, f"?filter=number={number}")["numberMatched"] == 1
    assert get(asked, "?filter=cost IS NULL")["numberMatched"] == 1
    assert get(asked, "?state=submitted")["numberMatched"] == 3
    assert get(asked, "?state=accepted")["numberMatched"] == 0
    page = get(asked, "?limit=2&offset=2")
    assert (page["numberMatched"], page["numberReturned"]) == (3, 1)
    x, y = shown[1]["geometry"]["coordinates"][0][0]
    box = f"?bbox={x - 1e-5},{y - 1e-5},{x + 1e-5},{y + 1e-5}"
    assert [each["id"] for each in get(asked, box)["features"]] == [str(shown[1]["number"])]
    turned = get(asked, f"?crs={EPSG}5899&limit=1")["features"][0]["geometry"]["coordinates"][0]
    assert len(turned) == 5
    assert min(at[0] for at in turned) > 500_000
    one = asked.get(f"{AT}/items/{number}")
    assert one.json()["properties"]["number"] == number
    assert asked.get(f"{AT}/items/{shown[3]['number']}").status_code == 404
    get(asked, "?owner=x", 400)
    get(asked, "?filter=note='x'", 400)
    get(asked, "?filter=1=1) OR (SELECT 1", 400)


def test_what_changes_is_seen_at_once_and_kept_by_nobody(asked, cast, shown):
    first = asked.get(f"{AT}/items")
    assert first.headers["cache-control"].endswith("no-store")
    assert "etag" not in first.headers
    hidden = publish(asked, cast["reviewer"], shown[2], public=False)
    assert get(asked)["numberMatched"] == 2
    shown[2] = publish(asked, cast["reviewer"], hidden)
    assert get(asked)["numberMatched"] == 3
    taken = move(asked, cast["reviewer"], shown[2], "under_review")
    states = {each["id"]: each["properties"]["state"] for each in get(asked)["features"]}
    assert states[str(taken["number"])] == "under_review"


def test_pages_of_it_show_markup_as_text(asked, shown):
    for path in (AT, f"{AT}/items", f"{AT}/items/{shown[0]['number']}", f"{AT}/queryables"):
        page = asked.get(f"{path}?f=html")
        assert page.status_code == 200
        assert "<b>" not in page.text.replace("<b>1", "")
    assert "Sân 0 &lt;b&gt;" in asked.get(f"{AT}/items?f=html").text


def test_figures_of_an_earlier_run_are_marked_as_soon_as_the_result_is_another(tmp_path):
    """The result is made anew under a service that runs: what stood there before is marked, what is sent now is not."""
    folder = tmp_path / service.RESULT
    shutil.copytree(service.result(), folder)
    record = json.loads((folder / "run.json").read_text("utf-8"))
    before, model = record["run_id"], folder / "model" / "model.json"
    with service.client(folder, raises=False) as fresh:
        cast = proposing.cast(fresh)

        def sent(x, name):
            made = put(fresh, cast["official"], land(x, 300), name=name)
            return publish(fresh, cast["reviewer"], move(fresh, cast["official"], made, "submitted"))

        def told():
            found = get(fresh)["features"]
            return {each["properties"]["name"]: each["properties"] for each in found}

        sent(600, "cũ")
        assert (told()["cũ"]["figures_run"], told()["cũ"]["figures_current"]) == (before, True)
        model.write_text(model.read_text("utf-8").replace(before, "anew"), encoding="utf-8")
        (folder / "run.json").write_text(json.dumps({**record, "run_id": "anew"}), encoding="utf-8")
        time.sleep(LOOK_S + 0.2)
        assert (told()["cũ"]["figures_run"], told()["cũ"]["figures_current"]) == (before, False)
        sent(700, "mới")
        assert (told()["mới"]["figures_run"], told()["mới"]["figures_current"]) == ("anew", True)
        assert get(fresh, "?filter=figures_current=false")["numberMatched"] == 1
        assert "của lần tính trước" in fresh.get(f"{AT}/queryables?f=html&lang=vi").text


def test_a_service_without_public_proposals_has_no_such_layer():
    with service.client(raises=False) as fresh:
        assert "proposals" not in {each["id"] for each in fresh.get("/ogc/collections").json()["collections"]}
        assert fresh.get(f"{AT}/items").status_code == 404
