"""Files of a result: maps in a sandbox, downloads in whole and in part, and nothing beside them."""

import hashlib

import pytest
from sanchoi.api.files import SANDBOX, names
from service import RESULT, client, result


@pytest.fixture(scope="module")
def asked():
    with client() as asked:
        yield asked


@pytest.mark.parametrize("name", ["gap.html", "sites.html"])
def test_a_map_is_the_file_under_its_own_policy_and_in_a_sandbox(asked, name):
    got = asked.get(f"/r/{RESULT}/maps/{name}")
    text = (result() / "maps" / name).read_text("utf-8")
    assert got.text == text
    policy = got.headers["content-security-policy"]
    assert policy.startswith(SANDBOX + "; default-src 'none'; img-src data:")
    own = text.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    assert policy == f"{SANDBOX}; {own}"
    assert "allow-same-origin" not in policy
    assert got.headers["cross-origin-opener-policy"] == "unsafe-none"
    again = asked.get(f"/r/{RESULT}/maps/{name}", headers={"If-None-Match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_map_without_a_policy_runs_no_script(tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(result(), copy)
    (copy / "maps" / "gap.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    with client(copy) as asked:
        policy = asked.get("/r/copy/maps/gap.html").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize(
    "path", ["run.json", "result.gpkg", "tables/gaps.csv", "tables/sites.xlsx", "tables/parcels.parquet"]
)
def test_a_download_is_the_file(asked, path):
    got = asked.get(f"/r/{RESULT}/files/{path}")
    assert hashlib.sha256(got.content).digest() == hashlib.sha256((result() / path).read_bytes()).digest()
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["accept-ranges"] == "bytes"
    again = asked.get(f"/r/{RESULT}/files/{path}", headers={"If-None-Match": got.headers["etag"]})
    assert again.status_code == 304


def test_all_that_can_be_downloaded_can_be(asked):
    entry = asked.app.state.library.first()
    found = names(entry)
    assert len(found) > 20
    assert all(asked.head(f"/r/{RESULT}/files/{path}").status_code == 200 for path in found)


@pytest.mark.parametrize(
    ("asks", "status", "start", "end"),
    [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=10-19", 206, 10, 20),
        ("bytes=-5", 206, -5, None),
        ("bytes=100-", 206, 100, None),
        ("bytes=LAST-", 206, -1, None),
        ("bytes=0-99999999999", 206, 0, None),
        ("bytes=5-4", 416, 0, 0),
        ("bytes=SIZE-", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("lines=0-5", 200, 0, None),
        ("bytes=x", 200, 0, None),
        ("bytes=", 200, 0, None),
    ],
)
def test_a_part_of_a_file(asked, asks, status, start, end):
    whole = (result() / "run.json").read_bytes()
    asks = asks.replace("LAST", str(len(whole) - 1)).replace("SIZE", str(len(whole)))
    got = asked.get(f"/r/{RESULT}/files/run.json", headers={"Range": asks, "Accept-Encoding": "identity"})
    assert got.status_code == status
    if status == 416:
        assert got.headers["content-range"] == f"bytes */{len(whole)}"
        assert got.headers["content-type"] == "application/problem+json"
        assert str(len(whole)) in got.json()["detail"]
    else:
        assert got.content == whole[start:end]


def test_two_parts_of_a_file(asked):
    whole = (result() / "run.json").read_bytes()
    got = asked.get(f"/r/{RESULT}/files/run.json", headers={"Range": "bytes=0-4, 10-14"})
    assert got.status_code == 206
    assert got.headers["content-type"].startswith("multipart/byteranges")
    assert whole[:5] in got.content
    assert whole[10:15] in got.content


@pytest.mark.parametrize(
    "path",
    [
        "files/index.html",
        "files/maps/gap.html",
        "files/../run.json",
        "files/..%2f..%2frun.json",
        "files/%2e%2e/%2e%2e/etc/passwd",
        "files/tables/%2e%2e/run.json",
        "files//etc/passwd",
        "files/%2Fetc%2Fpasswd",
        "files/tables/none.parquet",
        "files/tables",
        "files/",
        "files/run.json%00",
        "files/RUN.JSON",
        "maps/index.html",
        "maps/..%2findex.html",
        "maps/gap.html%00",
    ],
)
def test_nothing_else_can_be_had(asked, path):
    got = asked.get(f"/r/{RESULT}/{path}")
    assert got.status_code == 404
    assert got.headers["content-type"] == "application/problem+json"


def test_a_file_that_is_gone_is_not_found(tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(result(), copy)
    with client(copy) as asked:
        (copy / "result.gpkg").unlink()
        (copy / "maps" / "sites.html").unlink()
        assert asked.get("/r/copy/files/result.gpkg").status_code == 404
        assert asked.get("/r/copy/maps/sites.html").status_code == 404
        assert asked.get("/r/copy/files/run.json").status_code == 200
