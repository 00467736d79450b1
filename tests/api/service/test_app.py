"""What holds for every answer: errors, numbers, headers, limits, encodings, and who may write."""

import gzip
import json
import logging

import pytest
from sanchoi.api.middleware import POLICY, SECURITY, matches
from sanchoi.api.problems import KINDS, Problem, of_error
from sanchoi.api.settings import Limits, Settings
from sanchoi.gis import errors
from service import client, result, settings
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

LIMIT = 1000


@pytest.fixture(scope="module")
def asked():
    with client(limits=Limits(body_bytes=LIMIT)) as asked:
        app = asked.app

        async def echo(request: Request) -> Response:
            return Response(str(len(await request.body())), media_type="text/plain")

        def fails(request: Request) -> Response:
            raise {
                "fault": RuntimeError("secret of the house"),
                "gone": OperationalError("SELECT secret", {}, Exception("gone")),
                "source": errors.SourceError("x.parquet cannot be read", "a file", "run again"),
                "problem": Problem("conflict", pairs={"message": ("đang chạy", "it runs")}),
                "unknown": errors.UnknownId("parcel 7", "an id", ""),
            }[request.path_params["kind"]]

        def typed(number: int, share: float = 0.5) -> dict[str, float]:
            return {"number": number, "share": share}

        def large(request: Request) -> Response:
            size = int(request.path_params["size"])
            return Response("x" * size, media_type="text/plain", headers={"ETag": '"large"'})

        def events() -> Response:
            return StreamingResponse(iter(["data: " + "x" * 600 + "\n\n"] * 3), media_type="text/event-stream")

        def cut() -> Response:
            def parts():
                yield b"half"
                raise RuntimeError("cut off")

            return StreamingResponse(parts())

        for page in ("/echo", "/vi/echo"):
            app.add_api_route(page, echo, methods=["POST", "PUT", "DELETE"])
        app.add_api_route("/fails/{kind}", fails)
        app.add_api_route("/typed", typed)
        app.add_api_route("/large/{size}", large)
        app.add_api_route("/events", events)
        app.add_api_route("/cut", cut)
        app.add_api_route("/own-policy", lambda: Response("", headers={"Content-Security-Policy": "sandbox"}))
        yield asked


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/fails/fault", 500, "fault"),
        ("/fails/gone", 503, "unavailable"),
        ("/fails/source", 503, "source"),
        ("/fails/problem", 409, "conflict"),
        ("/fails/unknown", 404, "unknown_id"),
        ("/nowhere", 404, "not_found"),
        ("/typed", 400, "bad_parameter"),
        ("/typed?number=x", 400, "bad_parameter"),
        ("/typed?number=1&share=much", 400, "bad_parameter"),
        ("/echo", 405, "method"),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_error_is_a_problem_in_the_language_of_the_asker(asked, path, status, kind, language):
    got = asked.get(path, headers={"Accept-Language": f"fr, {language};q=0.9"})
    assert got.status_code == status
    assert got.headers["content-type"] == "application/problem+json"
    assert got.headers["content-language"] == language
    told = got.json()
    assert told["type"] == f"/problems/{kind}"
    assert told["title"] == KINDS[kind].title[language == "en"]
    assert told["status"] == status
    assert told["instance"] == path.partition("?")[0]
    assert told["detail"]
    assert "secret" not in got.text
    assert "Traceback" not in got.text
    assert ("retry-after" in got.headers) == (status == 503)


def test_a_parameter_that_is_refused_is_named_with_what_came_and_what_was_expected(asked):
    vi, en = (asked.get(f"/typed?number=1.5&lang={each}").json()["detail"] for each in ("vi", "en"))
    assert vi == "Tham số number có giá trị 1.5; cần số nguyên."
    assert en == "Parameter number is 1.5; expected a whole number."


def test_a_method_that_is_refused_says_which_may_be_used(asked):
    got = asked.post("/health")
    assert got.status_code == 405
    assert got.headers["allow"] == "GET"


def test_every_kind_of_problem_has_both_languages_and_words_that_can_be_filled_in():
    values = dict.fromkeys(
        [
            "name",
            "came",
            "expected",
            "known",
            "message",
            "limit",
            "request",
            "size",
            "why",
            "allowed",
            "seconds",
            "key",
        ],
        "x",
    )
    for key in KINDS:
        told = [Problem(key, values).told(language, "/") for language in ("vi", "en")]
        assert all(each["title"] for each in told)
        assert told[0]["title"] != told[1]["title"], key
        assert not any("{" in each["detail"] for each in told)


@pytest.mark.parametrize("kind", errors.SanchoiError.__subclasses__(), ids=lambda each: each.__name__)
def test_every_error_of_the_analysis_has_a_problem_that_is_no_fault_of_ours(kind):
    problem = of_error(kind("came", "expected", "todo"))
    assert 400 <= problem.status < 600
    assert problem.status != 500
    assert problem.members == {"came": "came", "expected": "expected", "todo": "todo"}
    assert problem.told("vi", "/")["detail"]


def test_a_fault_is_logged_with_its_number_and_traceback(asked, caplog):
    with caplog.at_level(logging.ERROR, "sanchoi.service"):
        got = asked.get("/fails/fault", headers={"X-Request-ID": "number-1"})
    assert got.headers["x-request-id"] == got.json()["request"] == "number-1"
    assert "secret of the house" in caplog.text


def test_half_an_answer_is_cut_off(asked):
    with pytest.raises(RuntimeError, match="cut off"):
        asked.get("/cut")


def test_a_number_that_the_asker_gives_is_kept_only_if_it_is_harmless(asked):
    given = ["a.b-c_1", "x" * 64, "x" * 65, "a b", "é", ""]
    kept = [asked.get("/health", headers={"X-Request-ID": each.encode()}).headers["x-request-id"] for each in given]
    assert kept[:2] == given[:2]
    assert all(len(each) == 32 and each.isalnum() for each in kept[2:])
    assert len(set(kept)) == len(kept)


def test_one_line_is_logged_a_request_without_its_query(asked, caplog):
    from sanchoi.api.logs import Json

    with caplog.at_level(logging.INFO, "sanchoi.service"):
        asked.get("/api/v1/results/small/gaps?band=all")
    lines = [json.loads(Json().format(each)) for each in caplog.records if each.message == "request"]
    assert len(lines) == 1
    (line,) = lines
    assert {key: line[key] for key in ("level", "method", "path", "status", "result")} == {
        "level": "info",
        "method": "GET",
        "path": "/api/v1/results/small/gaps",
        "status": 200,
        "result": "small",
    }
    assert line["ms"] >= 0
    assert line["bytes"] > 0
    assert line["time"].endswith("Z")
    assert "band" not in json.dumps(line)


def test_every_answer_has_the_security_headers(asked):
    for path in ("/health", "/nowhere", "/fails/fault", "/api/v1"):
        got = asked.get(path)
        for name, value in SECURITY.items():
            if name != "Cross-Origin-Resource-Policy":
                assert got.headers[name] == value, (path, name)
    assert "unsafe" not in POLICY
    assert asked.get("/own-policy").headers["content-security-policy"] == "sandbox"


def test_the_size_of_a_body_is_bounded_whether_it_says_so_or_not(asked):
    def streamed(size):
        yield from (b"x" for _ in range(size))

    for body in (b"x" * LIMIT, streamed(LIMIT)):
        got = asked.post("/echo", content=body)
        assert (got.status_code, got.text) == (200, str(LIMIT))
    for body in (b"x" * (LIMIT + 1), streamed(LIMIT + 1)):
        got = asked.post("/echo", content=body)
        assert got.status_code == 413
        assert got.json()["type"] == "/problems/too_large"
        assert "1,000" in got.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "http://testserver.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_from_another_site_is_refused(asked, headers, status, method):
    got = asked.request(method, "/echo", headers=headers)
    assert got.status_code == status
    if status == 403:
        assert got.json()["type"] == "/problems/forbidden"
        assert "access-control-allow-origin" not in got.headers


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "Text/Plain"])
def test_forms_are_for_pages(asked, kind):
    assert asked.post("/echo", content=b"a=1", headers={"Content-Type": kind}).status_code == 403
    assert asked.post("/vi/echo", content=b"a=1", headers={"Content-Type": kind}).status_code == 200
    foreign = {"Content-Type": kind, "Origin": "http://elsewhere.example"}
    assert asked.post("/vi/echo", content=b"a=1", headers=foreign).status_code == 403
    assert asked.post("/echo", content=b"{}", headers={"Content-Type": "application/json"}).status_code == 200


def test_only_names_of_this_machine_may_write_where_only_it_is_served():
    with client(hosts=("localhost", "127.0.0.1", "::1")) as asked:
        for host, status in (
            ("localhost:8000", 405),
            ("127.0.0.1:8000", 405),
            ("[::1]:8000", 405),
            ("evil.example:8000", 403),
        ):
            assert asked.post("/health", headers={"Host": host, "Origin": f"http://{host}"}).status_code == status
        assert asked.get("/health", headers={"Host": "evil.example"}).status_code == 200


def test_behind_a_proxy_its_address_is_ours():
    with client(base_url="https://plans.example") as asked:
        assert asked.post("/health", headers={"Origin": "https://plans.example"}).status_code == 405
        link = asked.get("/api/v1").json()["links"][0]["href"]
        assert link == "https://plans.example/api/v1"


def test_pages_elsewhere_may_read_the_open_interfaces_and_nothing_else(asked):
    for path in ("/api/v1", "/ogc", "/r/small/ogc", "/r/small/tiles/parcels/0/0/0.mvt"):
        assert asked.get(path).headers["access-control-allow-origin"] == "*"
    for path in ("/health", "/vi/", "/r/small/files/run.json", "/r/small/maps/gap.html", "/jobs", "/processes"):
        assert "access-control-allow-origin" not in asked.get(path).headers
    assert "access-control-allow-origin" not in asked.post("/api/v1").headers
    assert "access-control-allow-credentials" not in asked.get("/api/v1").headers


def test_head_has_the_headers_of_get_and_no_body(asked):
    for path in ("/health", "/api/v1/results", "/nowhere", "/large/5000", "/events"):
        get, head = asked.get(path), asked.head(path)
        assert head.status_code == get.status_code
        assert head.content == b""
        assert head.headers.get("content-type") == get.headers.get("content-type")
    plain = {"Accept-Encoding": "identity"}
    assert asked.head("/large/5000", headers=plain).headers["content-length"] == "5000"


def test_texts_are_compressed_from_500_bytes(asked):
    small, large = (asked.get(f"/large/{size}", headers={"Accept-Encoding": "gzip"}) for size in (499, 500))
    assert "content-encoding" not in small.headers
    assert large.headers["content-encoding"] == "gzip"
    assert large.text == "x" * 500
    assert "accept-encoding" in large.headers["vary"].lower()
    assert large.headers["etag"] == 'W/"large"'
    plain = asked.get("/large/500", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] == '"large"'


def test_events_and_ranges_are_not_compressed(asked):
    assert "content-encoding" not in asked.get("/events").headers
    part = {"Accept-Encoding": "gzip", "Range": "bytes=0-99"}
    got = asked.get("/r/small/files/tables/gaps.csv", headers=part)
    assert got.status_code == 206
    assert "content-encoding" not in got.headers
    whole = asked.get("/r/small/files/result.gpkg", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in whole.headers


@pytest.mark.parametrize(
    ("known", "same"),
    [
        ('"large"', True),
        ('W/"large"', True),
        ('"other", W/"large"', True),
        ("*", True),
        ('"other"', False),
        ("large", False),
        ("", False),
    ],
)
def test_who_has_the_answer_gets_304(asked, known, same):
    assert matches(known, '"large"') == same
    got = asked.get("/large/600", headers={"If-None-Match": known})
    assert got.status_code == (304 if same else 200)
    if same:
        assert got.content == b""
        assert got.headers["etag"]
        assert "content-type" not in got.headers


def test_a_problem_is_never_304(asked):
    assert asked.get("/nowhere", headers={"If-None-Match": "*"}).status_code == 404


def test_a_browser_on_a_page_gets_a_page(asked):
    html = asked.get("/vi/nowhere", headers={"Accept": "text/html,*/*;q=0.8"})
    assert html.status_code == 404
    assert html.headers["content-type"].startswith("text/html")
    assert html.headers["content-language"] == "vi"
    assert asked.get("/vi/nowhere").headers["content-type"] == "application/problem+json"
    assert asked.get("/api/v1/x", headers={"Accept": "text/html"}).headers["content-type"] == "application/problem+json"


def test_settings_pass_through_the_environment_unchanged(tmp_path):
    given = Settings(
        (result(),), tmp_path, "sqlite:///x", "https://x", "en", ("localhost",), Limits(page=7, job_seconds=1.5)
    )
    assert Settings.of_environment({"SANCHOI_SETTINGS": given.text()}) == given
    assert settings().limits == Limits()


def test_gzip_of_an_answer_is_that_answer(asked):
    with asked.stream("GET", "/api/v1/results/small/methods", headers={"Accept-Encoding": "gzip"}) as got:
        raw = b"".join(got.iter_raw())
    assert json.loads(gzip.decompress(raw))["run_id"]
