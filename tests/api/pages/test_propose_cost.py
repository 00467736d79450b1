"""Cost of a proposal: the form asks for that of the land, and what building costs is added once, however the land was given."""

import lxml.html
import people
import pytest
import service
import small
from sanchoi.api.proposals import record
from sanchoi.api.store import Proposal
from sqlalchemy import select

LAND, BUILD = 500.0, 120.0
HOME, VINTAGE = "Hòa Phú", "2025-07-01"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cost")
    study = service._with_parcels(small.write(folder / "study"))
    small.replace(study, 'cost = "price"\n', f'cost = "price"\nbuild_cost = {BUILD}\n')
    result = service._run(study, folder / "results" / "small")
    with service.client(result, headers={"accept": "text/html"}) as asked:
        people.acting(asked, people.add(asked.app.state.store, "commune", [HOME], VINTAGE, login="a"))
        yield asked


def fields(answer):
    form = lxml.html.fromstring(answer.text).get_element_by_id("name").getparent()
    while form.tag != "form":
        form = form.getparent()
    return dict(form.form_values())


@pytest.mark.parametrize(
    ("owner", "cost", "total"),
    [(None, None, LAND + BUILD), ("UBND phường", None, LAND + BUILD), (None, "700", 700 + BUILD)],
)
def test_the_cost_of_building_is_added_once(client, owner, cost, total):
    sent = fields(client.get("/vi/r/small/propose?parcel=P1"))
    assert sent["cost"] == "500"
    sent |= {"owner": owner} if owner else {}
    sent |= {"cost": cost} if cost else {}
    answer = client.post("/vi/r/small/propose", data=sent)
    assert answer.status_code == 303, answer.text
    with client.app.state.store.reading() as session:
        found = session.scalars(select(Proposal).order_by(Proposal.number.desc())).first()
    assert found.cost == total


def test_what_the_desk_divides_by_is_what_the_answer_says(client):
    told = client.post("/api/v1/results/small/worth", json={"parcel_id": "P1"}, headers={"accept": "application/json"})
    assert told.json()["cost"] == LAND + BUILD


def test_the_record_agrees_with_the_log(client):
    with client.app.state.store.reading() as session:
        found = record.check(session)
    assert found.proposals > 0
    assert found.whole, found.faults
