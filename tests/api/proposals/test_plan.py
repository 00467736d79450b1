"""From accepted to plan: chosen among all parcels by a job, seen before and after, adopted at once or not at all."""

import json
import re
import threading
import time

import lxml.html
import people
import pytest
import service
from proposing import cast, land, move, publish, put
from sanchoi.api.accounts.actor import ANONYMOUS
from sanchoi.api.jobs.runner import Runner
from sanchoi.api.store import Scenario
from sanchoi.gis import results
from sqlalchemy import func, select

PAGE = {"accept": "text/html"}
PLAN = "/vi/desk/plan"


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    data = tmp_path_factory.mktemp("plan") / "data"
    with service.client(raises=False, headers=PAGE, data=data) as client:
        client.cast, client.data = cast(client), data
        yield client


@pytest.fixture(scope="module")
def accepted(asked):
    """Three accepted ones: two upon each other, one in the other commune; none is public."""
    told = (("official", 640, 470), ("official", 655, 470), ("neighbour", 1400, 500))
    out = []
    for name, x, y in told:
        who = asked.cast[name]
        found = move(asked, who, put(asked, who, land(x, y), owner="Ông Tám"), "submitted")
        out.append(move(asked, asked.cast["reviewer"], found, "under_review", "accepted"))
    return out


@pytest.fixture(scope="module")
def made(asked, accepted):
    """A plan by a real job: the third must be in it, the first two may be; its id."""
    people.acting(asked, asked.cast["reviewer"])
    form = {
        "result": service.RESULT,
        "use": [f"{accepted[0]['id']}:may", f"{accepted[1]['id']}:may", f"{accepted[2]['id']}:must"],
        "count": "3",
    }
    got = asked.post(PLAN, data=form)
    assert got.status_code == 400
    assert "chưa công khai" in got.text
    assert asked.post(PLAN, data={**form, "publish": "yes"}).status_code == 400  # without a reason
    assert asked.post(PLAN, data={**form, "use": []}).status_code == 400
    assert asked.post(PLAN, data={**form, "count": "x", "publish": "yes", "reason": "a"}).status_code == 400
    got = asked.post(PLAN, data={**form, "publish": "yes", "reason": "phương án ai cũng xem được"})
    assert got.status_code == 303, got.text[-1000:]
    job = "/jobs/" + got.headers["location"].rsplit("/", 1)[1]
    runner = Runner(asked.app.state.settings)
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        until = time.monotonic() + 120
        while (told := asked.get(job, headers={"accept": "application/json"}).json())["status"] in (
            "accepted",
            "running",
        ):
            assert time.monotonic() < until
            time.sleep(0.2)
    finally:
        runner.stopping.set()
        thread.join()
    assert told["status"] == "successful", told
    return asked.get(f"{job}/results", headers={"accept": "application/json"}).json()["result"]["title"]


def test_the_plan_takes_no_ground_twice_and_says_nothing_of_owners(asked, accepted, made):
    found = results.read(asked.data / "results" / made)
    chosen = set(found.tables["sites"]["parcel_id"])
    names = [f"ĐX-{each['number']}" for each in accepted]
    assert names[2] in chosen
    assert len({*names[:2]} & chosen) <= 1
    assert found.run["siting"]["verified"]
    assert set(names) <= set(found.tables["parcels"]["parcel_id"])
    assert "Ông Tám" not in (asked.data / "results" / made / "run.json").read_text(encoding="utf-8")
    assert not (found.tables["parcels"]["owner"] == "Ông Tám").any()


def test_what_is_not_accepted_or_not_public_enters_no_plan(asked, accepted, made):
    official = asked.cast["official"]
    sent = move(asked, official, put(asked, official, land(300, 700)), "submitted")
    for inputs, status in (
        ({"proposals": ["x"]}, 400),
        ({"proposals": [sent["id"]] * 2}, 400),
        ({"proposals": "x"}, 400),
    ):
        got = asked.post("/processes/proposals-plan/execution", json={"inputs": {"result": service.RESULT, **inputs}})
        assert got.status_code == status
    from sanchoi.api.problems import Problem
    from sanchoi.api.proposals import candidates

    entry = asked.app.state.library.get(service.RESULT)
    with asked.app.state.store.reading() as session:
        with pytest.raises(Problem) as told:
            candidates.read(session, entry, [sent["id"]], [])
        assert told.value.key == "unknown_id"
    publish(asked, asked.cast["reviewer"], sent)
    with asked.app.state.store.reading() as session:
        with pytest.raises(Problem) as told:
            candidates.read(session, entry, [sent["id"]], [])
        assert told.value.key == "conflict"
        with pytest.raises(Problem) as told:
            candidates.read(session, entry, [], [accepted[0]["id"], accepted[1]["id"]])
        assert "cùng một khu đất" in told.value.told("vi", "")["detail"]


def seen_on(asked, made):
    page = lxml.html.fromstring(asked.get(f"{PLAN}/{made}").text)
    return page, page.xpath("//input[@name='seen']/@value")[0]


def states(asked, accepted):
    people.acting(asked, asked.cast["reviewer"])
    return [asked.get(f"/api/v1/proposals/{each['id']}").json()["state"] for each in accepted]


def count(asked):
    with asked.app.state.store.reading() as session:
        return session.scalar(select(func.count()).select_from(Scenario))


def test_a_plan_is_adopted_at_once_or_not_at_all(asked, accepted, made):
    people.acting(asked, asked.cast["reviewer"])
    at = f"/vi/r/{service.RESULT}/gap"
    assert 'id="with-plan"' not in asked.get(at).text
    assert "Chưa có phương án" in asked.get(f"{at}/plan").text
    page, seen = seen_on(asked, made)
    assert len(page.xpath("//svg[@class='map']")) == 2
    before, scenarios = states(asked, accepted), count(asked)
    third = accepted[2]["id"]
    stale = json.dumps({**json.loads(seen), third: json.loads(seen)[third] - 1})
    for data, status in (
        ({"name": "x" * 201, "reason": "a", "seen": seen}, 400),
        ({"name": "PA", "reason": " ", "seen": seen}, 400),
        ({"name": "PA", "reason": "Hội đồng đã chốt", "seen": stale}, 412),
        ({"name": "PA", "reason": "Hội đồng đã chốt", "seen": "{}"}, 412),
        ({"name": "PA", "reason": "a", "seen": "[1"}, 400),
        ({"name": "PA", "reason": "a", "seen": json.dumps({third: 1e999})}, 400),
        ({"name": "PA", "reason": "a", "seen": json.dumps({third: 10**30})}, 400),
    ):
        got = asked.post(f"{PLAN}/{made}", data=data)
        assert got.status_code == status, data
        assert data["reason"].strip() in got.text
    assert (states(asked, accepted), count(asked)) == (before, scenarios)
    people.acting(asked, asked.cast["official"])
    assert asked.post(f"{PLAN}/{made}", data={"name": "PA", "reason": "a", "seen": seen}).status_code == 403
    people.acting(asked, asked.cast["reviewer"])
    got = asked.post(f"{PLAN}/{made}", data={"name": "PA 2026", "reason": "Hội đồng đã chốt", "seen": seen})
    assert got.status_code == 303, got.text[-800:]
    told = asked.get(f"/api/v1/proposals/{third}").json()
    assert told["state"] == "in_plan"
    assert told["scenario_id"] == re.search(r"done=(\w+)", got.headers["location"])[1]
    assert count(asked) == scenarios + 1


def test_everybody_sees_the_gap_with_the_plan(asked, accepted, made):
    people.acting(asked, ANONYMOUS)
    time.sleep(1.1)  # what was kept is looked at once a second
    for path in (f"/vi/r/{service.RESULT}/gap", f"/vi/r/{service.RESULT}/"):
        assert 'id="with-plan"' in asked.get(path).text
    page = lxml.html.fromstring(asked.get(f"/vi/r/{service.RESULT}/gap/plan").text)
    assert f"ĐX-{accepted[2]['number']}" in page.text_content()
    assert "Ông Tám" not in page.text_content()
    answer = asked.get(f"/api/v1/results/{service.RESULT}/scenarios", headers={"accept": "application/json"}).json()[
        "items"
    ][0]
    result = asked.get(f"/api/v1/scenarios/{answer['id']}/result", headers={"accept": "application/json"}).json()
    assert result["sentence_vi"] == page.find_class("headline")[0].text_content()
    planned = results.read(asked.data / "results" / made).tables["plan_gaps"].set_index(["commune_id", "band"])
    for row in result["communes"]:  # the scenario says what the plan said
        after = planned.loc[(row["commune_id"], row["band"])]
        assert row["after"]["children_uncovered"] == pytest.approx(after["children_uncovered_after"], abs=1e-6)


def test_a_proposal_that_leaves_the_plan_takes_the_offer_away(asked, accepted, made):
    found = next(each for each in accepted if states(asked, [each]) == ["in_plan"])
    for each in accepted:
        people.acting(asked, asked.cast["reviewer"])
        now = asked.get(f"/api/v1/proposals/{each['id']}").json()
        if now["state"] == "in_plan":
            move(asked, asked.cast["reviewer"], now, "accepted", reason="xét lại")
    assert asked.get(f"/api/v1/proposals/{found['id']}").json()["scenario_id"] is None
    people.acting(asked, ANONYMOUS)
    assert "Chưa có phương án" in asked.get(f"/vi/r/{service.RESULT}/gap/plan").text
