"""The API over HTTP: links, pages, forms, parameters, errors, ids, ETags, and the document that describes it."""

import html.parser
import json
from urllib.parse import quote, urlsplit

import pytest
import service
from openapi_spec_validator import validate
from sanchoi.api.features.crs import CRS84, EPSG
from sanchoi.api.settings import Limits

JSON = {"Accept": "application/json"}
ODD = "/r/odd/ogc"


def get(client, path, status=200, **headers):
    answer = client.get(path, headers={**JSON, **{name.replace("_", "-"): value for name, value in headers.items()}})
    assert answer.status_code == status, answer.text[:500]
    return answer


def link(answer, rel):
    found = [each for each in answer.json()["links"] if each["rel"] == rel]
    return found[0]["href"] if found else None


def problem(client, path, status=400):
    answer = get(client, path, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    return answer.json()


def test_from_the_landing_page_every_link_answers(client):
    seen, left = set(), ["http://testserver/ogc"]
    while left:
        address = left.pop()
        if address in seen or ".pmtiles" in address:
            continue
        seen.add(address)
        assert address.startswith("http://testserver/ogc")
        for accept in ("application/json", "text/html"):
            answer = client.get(address, headers={"Accept": accept})
            assert answer.status_code == 200, (address, answer.text[:300])
            if "json" in answer.headers["content-type"]:
                found = answer.json().get("links", [])
                for each in answer.json().get("collections", []):
                    found += each["links"]
                left += [each["href"] for each in found]
                for each in found:
                    assert set(each) == {"rel", "href", "type", "title"}
    assert len(seen) > 40


def test_each_result_has_its_own_api_and_the_first_has_two(client):
    assert link(get(client, f"{ODD}"), "data") == f"http://testserver{ODD}/collections"
    first = get(client, f"/r/{service.RESULT}/ogc/collections").json()["collections"]
    assert [each["id"] for each in first] == [
        each["id"] for each in get(client, "/ogc/collections").json()["collections"]
    ]
    problem(client, "/r/nothing/ogc", 404)


def test_links_are_made_with_the_address_that_the_settings_name(settings):
    with service.client(*settings.results, data=settings.data, base_url="https://maps.example.vn/play/") as asked:
        found = get(asked, "/ogc/collections/parcels/items?limit=1")
        assert link(found, "next").startswith("https://maps.example.vn/play/ogc/collections/parcels/items?")
        assert get(asked, "/ogc/api").json()["servers"] == [{"url": "https://maps.example.vn/play/ogc"}]


def test_collections_say_what_they_are_in_both_languages(client):
    vi = {each["id"]: each for each in get(client, "/ogc/collections").json()["collections"]}
    en = {each["id"]: each for each in get(client, "/ogc/collections", Accept_Language="en").json()["collections"]}
    assert vi["play_areas"]["title"] == "Sân chơi"
    assert en["play_areas"]["title"] == "Play areas"
    assert vi["cells"]["storageCrs"] == CRS84
    assert vi["cells"]["crs"] == [CRS84, EPSG + "4326", EPSG + "5899"]
    (west, south, east, north), *_ = vi["cells"]["extent"]["spatial"]["bbox"]
    assert 108 < west < east < 109
    assert 15 < south < north < 16


def test_paging_by_links_gives_every_feature_once_and_back_again(client):
    address, seen, pages = f"http://testserver{ODD}/collections/parcels/items?limit=33", [], []
    while address:
        found = get(client, address)
        seen += [each["id"] for each in found.json()["features"]]
        assert found.json()["numberMatched"] == 400
        assert found.json()["numberReturned"] == len(found.json()["features"]) <= 33
        pages.append(found)
        address = link(found, "next")
    assert len(seen) == len(set(seen)) == 400
    assert len(pages) == 13
    assert link(pages[0], "prev") is None
    back = get(client, link(pages[5], "prev"))
    assert back.json()["features"] == pages[4].json()["features"]
    assert pages[5].json()["timeStamp"].endswith("Z")


def test_the_links_of_a_filtered_page_keep_the_filter(client):
    found = get(client, f"{ODD}/collections/parcels/items?filter=verdict%3D'eligible'&limit=5&verdict=eligible")
    assert found.json()["numberMatched"] > 5
    after = get(client, link(found, "next"))
    assert {each["properties"]["verdict"] for each in after.json()["features"]} == {"eligible"}
    assert 'rel="next"' in found.headers["link"]


def test_a_limit_above_the_most_is_the_most(settings):
    with service.client(*settings.results, data=settings.data, limits=Limits(page=50, page_default=20)) as asked:
        for query, count in (
            ("", 20),
            ("limit=49", 49),
            ("limit=50", 50),
            ("limit=51", 50),
            ("limit=999999999999999", 50),
        ):
            assert get(asked, f"{ODD}/collections/parcels/items?{query}").json()["numberReturned"] == count


def test_a_page_beyond_the_end_is_empty(client):
    found = get(client, f"{ODD}/collections/parcels/items?offset=400")
    assert found.json()["features"] == []
    assert link(found, "next") is None
    assert get(client, f"{ODD}/collections/parcels/items?offset=399").json()["numberReturned"] == 1


def test_a_large_page_is_streamed_and_the_same_as_small_ones(client):
    whole = get(client, f"{ODD}/collections/parcels/items?limit=10000").json()["features"]
    parts = [
        get(client, f"{ODD}/collections/parcels/items?limit=100&offset={k}").json()["features"]
        for k in range(0, 400, 100)
    ]
    assert whole == [each for part in parts for each in part]


BAD = [
    "limit=0",
    "limit=-1",
    "limit=1.5",
    "limit=x",
    "limit=",
    "limit=9999999999999999",
    "limit=1&limit=2",
    "limit=٣",
    "offset=-1",
    "offset=x",
    "nothing=1",
    "BBOX=1,2,3,4",
    "bbox=",
    "bbox=1,2,3",
    "bbox=1,2,3,4,5",
    "bbox=1,2,3,4,5,6,7",
    "bbox=a,b,c,d",
    "bbox=nan,0,1,1",
    "bbox=inf,0,1,1",
    "bbox=1e999,0,1,1",
    "bbox=1,4,3,2",
    "bbox=1_0,2,3,4",
    f"bbox=5,0,1,1&bbox-crs={EPSG}5899",
    f"bbox=-1e308,-1e308,1e308,1e308&bbox-crs={EPSG}5899",
    "bbox-crs=EPSG:4326",
    f"crs={EPSG}3857",
    "crs=",
    "filter-crs=x",
    "filter=",
    "filter=1",
    "filter=verdict",
    "filter=nothing=1",
    "filter-lang=sql",
    "filter=verdict='x'&filter-lang=cql2-json",
    "datetime=yesterday",
    "datetime=2026-13-01T00:00:00Z",
    "datetime=2026-01-02T00:00:00Z/2026-01-01T00:00:00Z",
    "datetime=../..",
    "datetime=/",
    "datetime=2026-01-01T00:00:00Z/../..",
    "datetime=",
    "score=x",
    "score=nan",
    "rank=1e999",
    "f=xml",
    "f=",
    "lang=fr",
    "verdict='--&nope=1",
]


@pytest.mark.parametrize("query", BAD)
def test_a_bad_or_unknown_parameter_is_refused(client, query):
    told = problem(client, f"{ODD}/collections/parcels/items?{query}")
    assert told["type"] in ("/problems/bad_parameter", "/problems/unknown_parameter")


GOOD = [
    ("datetime=2026-01-01T00:00:00Z", 400),
    ("datetime=2026-01-01T00:00:00Z/..", 400),
    ("datetime=/2026-01-01T00:00:00%2B07:00", 400),
    ("datetime=2026-01-01/2026-02-01", 400),
    ("bbox=-1e308,-1e308,1e308,1e308", 400),
    ("bbox=0,0,0,1,1,1", 0),
    ("bbox=170,-90,-170,90", 0),
    ("bbox=100,-90,-170,90", 400),
    ("verdict=", 0),
    ("verdict=' OR 1=1 --", 0),
    ("rank=1", 1),
    ("rank=1.0", 1),
    ("rank=99999999999999999999", 0),
    ("filter-lang=cql2-text", 400),
    ('filter-lang=cql2-json&filter={"op":"=","args":[{"property":"rank"},1]}', 1),
    ("filter=rank%3D1", 1),
    ("filter=rank=1 AND verdict IS NOT NULL", 1),
]


@pytest.mark.parametrize(("query", "count"), GOOD)
def test_parameters_that_are_taken(client, query, count):
    assert get(client, f"{ODD}/collections/parcels/items?{query}").json()["numberMatched"] == count


@pytest.mark.parametrize(
    "path", ["", "/conformance", "/api", "/collections", "/collections/parcels", "/collections/parcels/queryables"]
)
def test_no_address_takes_what_it_does_not_know(client, path):
    problem(client, f"{ODD}{path}?limit=1")


def test_a_property_narrows_the_gaps(client):
    found = get(client, "/ogc/collections/gaps/items?band=all&status=crowded").json()
    assert all(each["properties"]["band"] == "all" for each in found["features"])
    assert get(client, "/ogc/collections/gaps/items?band=all").json()["numberMatched"] == 2
    everything = get(client, "/ogc/collections/cells/items").json()["numberMatched"]
    for name in ("covered", "off_network"):
        yes = get(client, f"/ogc/collections/cells/items?{name}=true").json()["numberMatched"]
        no = get(client, f"/ogc/collections/cells/items?{name}=false").json()["numberMatched"]
        unknown = get(client, f"/ogc/collections/cells/items?filter={name} IS NULL").json()["numberMatched"]
        assert yes + no + unknown == everything
        assert get(client, f"/ogc/collections/cells/items?filter={name}=TRUE").json()["numberMatched"] == yes
        assert (
            get(client, f"/ogc/collections/cells/items?filter={name}=1").json()["numberMatched"] == yes
        )  # as GDAL writes it
        assert get(client, f"/ogc/collections/cells/items?filter=NOT {name}").json()["numberMatched"] == no


def test_crs_turns_coordinates_and_is_named_in_the_header(client):
    plain = get(client, "/ogc/collections/cells/items?limit=1")
    x, y = plain.json()["features"][0]["geometry"]["coordinates"]
    turned = get(client, f"/ogc/collections/cells/items?limit=1&crs={EPSG}4326")
    assert turned.json()["features"][0]["geometry"]["coordinates"] == [y, x]
    metric = get(client, f"/ogc/collections/cells/items?limit=1&crs={EPSG}5899")
    east, north = metric.json()["features"][0]["geometry"]["coordinates"]
    assert (east % 100, north % 100) == pytest.approx((50, 50), abs=1e-3)  # the middle of a cell of 100 m
    assert [each.headers["content-crs"] for each in (plain, turned, metric)] == [
        f"<{CRS84}>",
        f"<{EPSG}4326>",
        f"<{EPSG}5899>",
    ]
    around = f"{y - 1e-4},{x - 1e-4},{y + 1e-4},{x + 1e-4}"
    assert get(client, f"/ogc/collections/cells/items?bbox={around}&bbox-crs={EPSG}4326").json()["numberMatched"] == 1
    inside = f"S_INTERSECTS(geom,BBOX({east - 9},{north - 9},{east + 9},{north + 9}))"
    assert (
        get(client, f"/ogc/collections/cells/items?filter={inside}&filter-crs={EPSG}5899").json()["numberMatched"] == 1
    )
    feature = plain.json()["features"][0]["id"]
    alone = get(client, f"/ogc/collections/cells/items/{feature}?crs={EPSG}5899")
    assert alone.json()["geometry"]["coordinates"] == [east, north]
    assert alone.headers["content-crs"] == f"<{EPSG}5899>"


def test_every_feature_is_found_by_its_id_whatever_it_is_made_of(client, odd):
    for feature in [*odd.land["parcel_id"][:12]]:
        found = get(client, f"{ODD}/collections/parcels/items/{quote(feature, safe='')}")
        assert found.json()["id"] == found.json()["properties"]["parcel_id"] == feature
        assert get(client, link(found, "self")).json() == found.json()
        page = client.get(f"{ODD}/collections/parcels/items/{quote(feature, safe='')}?f=html")
        assert page.status_code == 200
    for missing in ("nothing", "x", "a%2Fc", "%00", "1", "%F0%9F%9B%9D", "'--"):
        problem(client, f"{ODD}/collections/parcels/items/{missing}", 404)
    problem(client, f"{ODD}/collections/cells/items", 404)
    problem(client, f"{ODD}/collections/sqlite_master/items", 404)
    problem(client, f"{ODD}/collections/parcels/nothing", 404)


ACCEPTED = [
    ("*/*", "application/geo+json"),
    ("application/geo+json", "application/geo+json"),
    ("application/json", "application/geo+json"),
    ("application/*;q=0.5, text/html;q=0.4", "application/geo+json"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
    ("text/*", "text/html; charset=utf-8"),
    ("image/png, text/html;q=0.1", "text/html; charset=utf-8"),
    ("application/json;q=0.2, text/html;q=0.9", "text/html; charset=utf-8"),
    ("", "application/geo+json"),
]


@pytest.mark.parametrize(("accept", "media"), ACCEPTED)
def test_the_form_is_the_one_that_is_wanted(client, accept, media):
    answer = client.get("/ogc/collections/gaps/items", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert "Accept" in answer.headers["vary"]


def test_f_goes_before_accept_and_other_forms_are_refused(client):
    assert client.get("/ogc?f=html", headers=JSON).headers["content-type"].startswith("text/html")
    for accept in ("image/png", "text/html;q=0", "application/xml"):
        problem_ = client.get("/ogc/collections", headers={"Accept": accept})
        assert problem_.status_code == 406
        assert problem_.json()["type"] == "/problems/not_acceptable"


def test_what_the_asker_has_is_not_sent_again(client):
    for path in ("/ogc", "/ogc/api", "/ogc/collections/gaps/items", "/ogc/collections/gaps/items?f=html"):
        first = get(client, path)
        again = get(client, path, 304, If_None_Match=first.headers["etag"])
        assert again.content == b""
        assert get(client, path, Accept_Language="en").headers["etag"] != first.headers["etag"]
        assert get(client, path, If_None_Match='"another"').content == first.content or "timeStamp" in first.text


class Outside(html.parser.HTMLParser):
    """Scripts and styles of a page, and addresses that it would load."""

    def __init__(self):
        super().__init__()
        self.loaded = []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag in ("script", "img", "iframe", "style") or (tag == "link" and told.get("rel") == "stylesheet"):
            self.loaded.append((tag, told.get("src") or told.get("href")))
        assert not [name for name in told if name.startswith("on") or name == "style"]


def test_pages_load_nothing_and_are_in_the_asker_s_language(client):
    for lang, word in (("vi", "Sân chơi"), ("en", "Play areas")):
        page = client.get(f"/ogc?f=html&lang={lang}")
        assert f'<html lang="{lang}">' in page.text
        assert word in page.text
        outside = Outside()
        outside.feed(page.text)
        assert outside.loaded == [("style", None)]
        assert "'unsafe" not in page.headers["content-security-policy"]
        assert "default-src 'none'" in page.headers["content-security-policy"]


def test_texts_of_the_data_stay_text():
    with service.client(service.hostile_result()) as asked:
        for path in ("", "/collections", "/collections/communes/items", "/collections/play_areas/items", "/api"):
            page = asked.get(f"/ogc{path}?f=html")
            assert page.status_code == 200
            assert "<script" not in page.text
            assert "<img" not in page.text
            assert "{{ 7*7 }}" in page.text or not path.endswith("items")
        found = get(asked, "/ogc/collections/parcels/items").json()["features"][0]
        page = asked.get(f"/ogc/collections/parcels/items/{quote(found['id'], safe='')}?f=html")
        assert "<script" not in page.text
        page = asked.get("/ogc/collections/communes/items?f=html&name=%3Cscript%3E")
        assert "<script" not in page.text


def test_the_document_is_valid_and_says_what_qgis_reads(client):
    for base in ("/ogc", ODD):
        answer = get(client, f"{base}/api")
        assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
        document = answer.json()
        validate(document)
        assert document["openapi"] == "3.0.3"
        assert document["components"]["parameters"]["limit"]["schema"]["maximum"] == 10_000
        items = document["paths"]["/collections/parcels/items"]["get"]["parameters"]
        own = {each["name"]: each for each in items if "name" in each}
        assert own["verdict"]["style"] == "form"
        assert own["verdict"]["explode"] is False
        assert "/collections/{collectionId}/items" not in document["paths"]
    assert "/collections/cells/items" not in document["paths"]


def test_the_document_names_every_parameter_that_is_taken(client):
    document = get(client, "/ogc/api").json()
    for path, item in document["paths"].items():
        if not path.endswith("/items"):
            continue
        for each in item["get"]["parameters"]:
            name = each["$ref"].rsplit("/", 1)[1] if "$ref" in each else each["name"]
            answer = client.get(f"/ogc{path}?{name}=~", headers=JSON)
            assert answer.status_code in (200, 400)
            assert answer.status_code == 200 or answer.json()["type"] == "/problems/bad_parameter"


def test_queryables_are_a_schema_of_what_the_items_hold(client):
    for each in get(client, "/ogc/collections").json()["collections"]:
        answer = get(client, f"/ogc/collections/{each['id']}/queryables")
        schema = answer.json()
        assert answer.headers["content-type"] == "application/schema+json"
        assert schema["$id"] == f"http://testserver/ogc/collections/{each['id']}/queryables"
        geometry = [name for name, told in schema["properties"].items() if "format" in told]
        assert geometry == ["geom"]
        kinds = {"string": str, "number": int | float, "integer": int, "boolean": bool}
        for feature in get(client, f"/ogc/collections/{each['id']}/items").json()["features"]:
            assert set(feature["properties"]) == set(schema["properties"]) - {"geom"}
            for name, value in feature["properties"].items():
                told = schema["properties"][name]
                assert told["title"] != name, "a column without words"
                assert value is None or isinstance(value, kinds[told["type"]])


def test_numbers_are_exact_and_unknown_is_null(client, odd):
    found = get(client, f"{ODD}/collections/parcels/items?limit=400").json()["features"]
    for feature, row in zip(found, odd.records, strict=True):
        for name in ("area_m2", "circle_m", "score"):
            value = feature["properties"][name]
            assert value == row[name] if row[name] == row[name] else value is None
    assert "NaN" not in json.dumps(found)


def test_conformance_names_what_is_there(client):
    found = get(client, "/ogc/conformance").json()["conformsTo"]
    for each in (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    ):
        assert each in found


def test_problems_are_told_in_the_asker_s_language(client):
    path = "/ogc/collections/gaps/items?limit=0"
    assert "số nguyên" in get(client, path, 400).json()["detail"]
    assert "whole number" in get(client, path, 400, Accept_Language="en").json()["detail"]


def test_head_and_other_methods(client):
    head = client.head("/ogc/collections/gaps/items", headers=JSON)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-crs"]
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.request(method, "/ogc/collections/gaps/items").status_code == 405
    assert urlsplit(link(get(client, "/ogc/"), "data")).path == "/ogc/collections"
