"""Plain records under /api/v1: the tables of the result, exactly; unknown is null; a wrong question is refused."""

import json
import math
from urllib.parse import quote, urlsplit

import pyarrow.parquet as pq
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from sanchoi.api.settings import Limits
from service import BAD, RESULT, ROWS, WORSE, client, hostile_result, result

HOME = f"/api/v1/results/{RESULT}"


@pytest.fixture(scope="module")
def asked():
    with client(limits=Limits(page=4, page_default=3)) as asked:
        yield asked


def table(name):
    """Rows of a table as another reader sees them; not a number is unknown too."""
    found = pq.read_table(result() / "tables" / f"{name}.parquet").to_pylist()
    for row in found:
        row.pop("geometry", None)
        for key, value in row.items():
            if isinstance(value, float) and not math.isfinite(value):
                row[key] = None
    return found


def items(asked, path, **parameters):
    """All records of a list, page by page along its next links."""
    found = []
    got = asked.get(path, params=parameters)
    while True:
        assert got.status_code == 200, got.text
        page = got.json()
        found += page["items"]
        assert page["numberReturned"] == len(page["items"]) <= 4
        after = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not after:
            assert page["numberMatched"] == len(found) or parameters.get("offset")
            return found
        got = asked.get(after[0])


def bare(records):
    return [{key: value for key, value in each.items() if key not in ("links", "bbox")} for each in records]


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("gaps", "gaps"),
        ("communes", "communes"),
        ("parcels", "parcels"),
        ("sites", "sites"),
        ("plan-gaps", "plan_gaps"),
        ("budget-curve", "budget_curve"),
    ],
)
def test_a_list_holds_its_table_exactly_over_all_its_pages(asked, part, name):
    found = bare(items(asked, f"{HOME}/{part}"))
    assert found == table(name)
    assert any(None in row.values() for row in found) == any(None in row.values() for row in table(name))


def test_children_are_those_of_the_study(asked):
    rows = {(row["commune_id"], row["band"]): row["children"] for row in items(asked, f"{HOME}/gaps")}
    assert rows["Hòa Phú", "0-5"] == 100
    assert rows["Hòa Phú", "6-14"] == 200
    assert rows["Đại Lãnh", "all"] == 110


def test_gaps_can_be_asked_for_by_band_status_and_commune(asked):
    assert {row["band"] for row in items(asked, f"{HOME}/gaps", band="0-5")} == {"0-5"}
    every = items(asked, f"{HOME}/gaps", band="all")
    assert len(every) == 2
    for status in {row["status"] for row in every}:
        found = items(asked, f"{HOME}/gaps", band="all", status=status)
        assert [row["commune_id"] for row in found] == [r["commune_id"] for r in every if r["status"] == status]
    assert len(items(asked, f"{HOME}/gaps", commune="Hòa Phú")) == 3
    assert items(asked, f"{HOME}/gaps", commune="nowhere") == []
    assert asked.get(f"{HOME}/gaps?band=7-9").status_code == 400
    assert asked.get(f"{HOME}/gaps?status=bad").status_code == 400


def test_a_commune_has_its_box_and_everything_said_of_it(asked):
    found = asked.get(f"{HOME}/communes/{quote('Đại Lãnh')}").json()
    for part, name in (("gaps", "gaps"), ("reasons", "reasons"), ("plan_gaps", "plan_gaps")):
        assert found[part] == [row for row in table(name) if row["commune_id"] == "Đại Lãnh"]
    west, south, east, north = found["bbox"]
    assert 107 < west < east < 109
    assert 15 < south < north < 17
    metres = (east - west) * 111_320 * math.cos(math.radians(south))
    assert metres == pytest.approx(1000, rel=0.01)


@pytest.mark.parametrize("parcel", [row[0] for row in ROWS])
def test_a_parcel_has_its_ledger_and_all_the_rest(asked, parcel):
    found = asked.get(f"{HOME}/parcels/{quote(parcel, safe='')}").json()
    own = next(row for row in table("parcels") if row["parcel_id"] == parcel)
    assert {key: found[key] for key in own} == own
    for name in ("screening", "contributions", "acceptability", "effects", "sites", "why_not"):
        assert found[name] == [row for row in table(name) if row["parcel_id"] == parcel], name
    assert found["screening"]
    assert len(found["why_not"]) == 1
    assert found["bbox"][0] < found["bbox"][2]


def test_unknown_is_null_and_never_zero(asked):
    unknown = asked.get(f"{HOME}/parcels/P5").json()
    assert unknown["cost"] is None
    assert unknown["land_class"] is None
    assert unknown["owner"] is None
    assert any(row["passed"] is None for row in unknown["screening"])


def test_parcels_can_be_asked_for_and_sorted(asked):
    rows = table("parcels")
    for verdict in ("eligible", "conditional", "excluded"):
        found = items(asked, f"{HOME}/parcels", verdict=verdict)
        assert [row["parcel_id"] for row in found] == [r["parcel_id"] for r in rows if r["verdict"] == verdict]
    scored = sorted(row["score"] for row in rows if row["score"] is not None)
    least = scored[1]
    found = items(asked, f"{HOME}/parcels", min_score=repr(least))
    assert sorted(row["score"] for row in found) == scored[1:]
    above = items(asked, f"{HOME}/parcels", min_score=repr(math.nextafter(least, 2)))
    assert len(above) == len([score for score in scored if score > least])
    assert items(asked, f"{HOME}/parcels", commune="nowhere") == []


@pytest.mark.parametrize(
    "sort", ["rank", "-score", "score", "cost", "-cost", "-children_gained", "-usable_m2", "parcel_id"]
)
def test_a_sorted_list_has_every_parcel_once_and_the_unknown_last(asked, sort):
    found = items(asked, f"{HOME}/parcels", sort=sort)
    assert sorted(row["parcel_id"] for row in found) == sorted(row[0] for row in ROWS)
    values = [row[sort.removeprefix("-")] for row in found]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=sort.startswith("-"))


def test_sites_come_in_build_order_with_their_proof(asked):
    got = asked.get(f"{HOME}/sites").json()
    assert [row["build_order"] for row in got["items"]] == [1, 2]
    assert got["siting"]["proven"] is True


def test_terms_say_what_nobody_verified(asked):
    run = json.loads((result() / "run.json").read_text("utf-8"))
    norms = asked.get(f"{HOME}/norms").json()
    assert norms["norm"] == run["norm"]
    assert norms["norms"] == run["norms"]
    assert norms["unverified"] == sorted(
        {f"{r['profile']} {r['tier']}" for r in run["norm"]["rows"] if not r["verified"]}
    )
    assert norms["unverified"]
    assert asked.get(f"{HOME}/sources").json()["inputs"] == run["inputs"]
    methods = asked.get(f"{HOME}/methods").json()
    assert methods["criteria"] == table("criteria")
    assert methods["unverified"] == [row["constraint_id"] for row in table("constraints") if not row["verified"]]
    assert methods["run_id"] == run["run_id"]


@pytest.mark.parametrize("query", ["limit=4", "limit=1", "offset=0", "offset=1000000000", "min_score=0", "min_score=1"])
def test_exactly_at_a_limit_is_allowed(asked, query):
    assert asked.get(f"{HOME}/parcels?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "limit=5",
        "limit=0",
        "limit=-1",
        "limit=x",
        "limit=",
        "limit=1&limit=2",
        "offset=-1",
        "offset=1000000001",
        "min_score=1.0000001",
        "min_score=-0.1",
        "min_score=nan",
        "min_score=inf",
        "sort=owner",
        "verdict=Eligible",
        "colour=red",
        "Limit=1",
        "lang=fr",
        "commune=" + "x" * 201,
    ],
)
def test_just_over_a_limit_or_not_understood_is_refused(asked, query):
    got = asked.get(f"{HOME}/parcels?{query}")
    assert got.status_code == 400
    assert got.json()["type"] in ("/problems/bad_parameter", "/problems/unknown_parameter")
    assert query.partition("=")[0] in got.json()["detail"]


def test_a_page_beyond_the_end_is_empty(asked):
    got = asked.get(f"{HOME}/parcels?offset=5").json()
    assert (got["numberMatched"], got["items"]) == (5, [])
    rels = [link["rel"] for link in got["links"]]
    assert "next" not in rels
    assert "prev" in rels


@pytest.mark.parametrize(
    "path", ["/results/nix", "/results/nix/gaps", f"/results/{RESULT}/parcels/nix", f"/results/{RESULT}/communes/nix"]
)
def test_what_is_not_there_is_404_in_plain_words(asked, path):
    got = asked.get(f"/api/v1{path}", headers={"Accept-Language": "vi"})
    assert got.status_code == 404
    assert got.json()["detail"].startswith("Không có")


def test_a_result_without_parcels_has_no_plan(tmp_path):
    import small
    from sanchoi.api.cli import main

    study = small.write(tmp_path / "study")
    assert main(["run", str(study), "--out", str(tmp_path / "plain"), "--quiet"]) == 0
    with client(tmp_path / "plain") as asked:
        home = "/api/v1/results/plain"
        for part in ("parcels", "sites", "plan-gaps", "budget-curve", "parcels/P1"):
            assert asked.get(f"{home}/{part}").status_code == 404
        links = [link.get("title") for link in asked.get(home).json()["links"]]
        assert "gaps" in links
        assert "parcels" not in links
        assert asked.get(f"{home}/communes/{quote('Hòa Phú')}").json()["plan_gaps"] == []
        assert asked.get(f"{home}/methods").json()["criteria"] == []


def test_every_link_of_the_api_leads_somewhere(asked):
    todo, seen = ["/api/v1"], set()
    while todo:
        path = todo.pop()
        got = asked.get(path)
        assert got.status_code == 200, path
        if got.headers["content-type"] != "application/json":
            continue
        found = got.json()
        links = [*found.get("links", []), *(link for each in found.get("items", []) for link in each["links"])]
        for link in links:
            parts = urlsplit(link["href"])
            after = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.path.startswith("/api/v1") and after not in seen:
                seen.add(after)
                todo.append(after)
    assert any("/parcels/P%2F3" in path for path in seen)
    assert len(seen) > 30


def test_an_answer_made_of_a_result_is_asked_for_again_and_not_sent_twice(asked):
    for path in (HOME, f"{HOME}/gaps", f"{HOME}/parcels/P1", f"{HOME}/sites", "/api/v1/openapi.json"):
        first = asked.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = asked.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_an_answer_in_another_language_is_another_answer(asked):
    vi, en = (asked.get(HOME, headers={"Accept-Language": each}) for each in ("vi", "en"))
    assert vi.headers["etag"] != en.headers["etag"]
    assert "Accept-Language" in vi.headers["vary"]
    pages = [next(k["href"] for k in each.json()["links"] if k["type"] == "text/html") for each in (vi, en)]
    assert [urlsplit(page).path for page in pages] == [f"/vi/r/{RESULT}/", f"/en/r/{RESULT}/"]


def test_the_document_is_valid_and_says_what_the_answers_are(asked):
    document = asked.get("/api/v1/openapi.json").json()
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")
    paths = document["paths"]
    assert all(path.startswith(("/api/v1", "/what-if", "/processes", "/jobs")) for path in paths)
    names = [operation["operationId"] for item in paths.values() for operation in item.values()]
    assert len(set(names)) == len(names)
    for path, item in paths.items():
        for operation in item.values():
            assert operation["summary"], path
            assert operation["description"], path
            assert "422" not in operation["responses"], path
            if path.startswith("/api/v1/results"):
                for answer in operation["responses"].values():
                    for kind in answer.get("content", {}).values():
                        assert "example" in kind or "examples" in kind or kind["schema"]["$ref"].endswith("/Problem"), (
                            path
                        )
    limit = next(each for each in paths["/api/v1/results"]["get"]["parameters"] if each["name"] == "limit")
    assert limit["schema"]["maximum"] == 4


def test_the_page_of_the_document_loads_nothing_and_names_every_route(asked):
    page = asked.get("/api/v1/docs").text
    assert "<script" not in page
    assert "<link" not in page
    for path in asked.get("/api/v1/openapi.json").json()["paths"]:
        assert path in page


def test_hostile_text_stays_text():
    with client(hostile_result()) as asked:
        home = "/api/v1/results/hostile"
        for path in (home, f"{home}/communes", f"{home}/gaps", f"{home}/parcels", f"{home}/sources", "/api/v1/results"):
            got = asked.get(path)
            assert got.status_code == 200
            assert got.headers["content-type"] == "application/json"
            assert got.headers["x-content-type-options"] == "nosniff"
        names = {row["name"] for row in asked.get(f"{home}/communes").json()["items"]}
        assert names == {BAD, WORSE}
        for path in (
            f"{home}/parcels/{quote(WORSE, safe='')}",
            f"/api/v1/{quote(BAD, safe='')}",
            f"{home}/gaps?{quote(BAD)}=1",
        ):
            got = asked.get(path, headers={"Accept": "text/html"})
            assert got.status_code in (400, 404)
            assert got.headers["content-type"] == "application/problem+json"
        assert BAD not in asked.get("/api/v1/docs").text
