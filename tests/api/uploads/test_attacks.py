"""Attacks on what reads files of outlines. Those that GDAL falls for with its defaults are shown to work first."""

import contextlib
import http.server
import os
import sqlite3
import stat
import struct
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import processor
import pyogrio
import pytest
from sanchoi.api import uploads
from sanchoi.api.problems import Problem
from sanchoi.api.uploads import archive, drivers, sandbox
from sanchoi.api.uploads.limits import DEFAULT
from sanchoi.api.uploads.words import Refused
from upload_files import LAND, frame, geojson, kml, placemark, polygon, shapefile, square, written, zipped


@pytest.fixture
def listener():
    """A server on the loopback that records who asks it for something."""
    hits = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_POST = do_GET  # noqa: N815

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()


def vrt(source, layer="secret"):
    text = f'<OGRVRTDataSource><OGRVRTLayer name="{layer}"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>'
    return f"{text}</OGRVRTDataSource>".encode()


def wfs(address):
    return f"<OGRWFSDataSource><URL>{address}/wfs?SERVICE=WFS&amp;VERSION=1.1.0</URL></OGRWFSDataSource>".encode()


def by_default(path):
    """What GDAL makes of a file when nothing is restricted."""
    try:
        return len(pyogrio.raw.read(path)[2])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
        return 0


def test_vrt_disguised_as_geojson_reads_a_local_file_by_default_and_not_here(tmp_path, refused):
    secret = written(frame(4326), tmp_path / "secret.gpkg", layer="secret")
    path = tmp_path / "innocent.geojson"
    path.write_bytes(vrt(secret))
    assert by_default(path) == 1
    assert refused(path.read_bytes(), "innocent.geojson", status=415) == "site_kind"


def test_vrt_disguised_as_geojson_asks_a_server_by_default_and_not_here(tmp_path, refused, listener):
    address, hits = listener
    path = tmp_path / "innocent.geojson"
    path.write_bytes(vrt(f"/vsicurl/{address}/inside.geojson", "inside"))
    by_default(path)
    assert hits
    hits.clear()
    assert refused(path.read_bytes(), "innocent.geojson", status=415) == "site_kind"
    assert hits == []


def test_wfs_stub_disguised_as_geopackage_asks_a_server_by_default_and_not_here(tmp_path, refused, listener):
    address, hits = listener
    path = tmp_path / "innocent.gpkg"
    path.write_bytes(wfs(address))
    by_default(path)
    assert hits
    hits.clear()
    assert refused(path.read_bytes(), "innocent.gpkg", status=415) == "site_kind"
    assert hits == []


@pytest.mark.parametrize("make", [vrt, wfs])
def test_disguises_inside_a_shapefile(tmp_path, home, refused, listener, make):
    address, hits = listener
    members = shapefile(tmp_path)
    source = f"/vsicurl/{address}/a.shp" if make is vrt else address
    assert refused(zipped({**members, "dat.shp": make(source)})) == "broken"
    (found,) = uploads.sites(zipped({**members, "dat.dbf": make(source)}), "a.zip", home)  # the outline alone is left
    assert found.properties == {}
    assert hits == []


def test_a_drawing_of_another_kind(refused, listener):
    address, hits = listener
    data = b"999\n" + vrt(f"/vsicurl/{address}/a") + b"\n0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n"
    assert refused(data, assume_epsg=5899) == "no_polygons"
    assert hits == []


@pytest.mark.parametrize("driver", ["ESRI Shapefile", "DXF"])
def test_one_driver_alone_is_there(driver):
    """Nothing reads a VRT or WFS any more, whatever the magic bytes said."""
    code = "import pyogrio; print(sorted(pyogrio.list_drivers()))"
    environment = drivers.environment(driver)
    found = subprocess.run(
        [sys.executable, "-I", "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == str([driver])


def test_a_driver_that_nobody_foresaw_is_taken_away_too(tmp_path, home, monkeypatch):
    known = "|".join(each for each in drivers.KNOWN.split("|") if each not in ("GML", "OGR_VRT"))
    less = drivers.environment
    monkeypatch.setattr(drivers, "KNOWN", known)
    assert "GML" not in less("DXF")["OGR_SKIP"].split(",")
    (found,) = uploads.sites(zipped(shapefile(tmp_path)), "a.zip", home)
    assert found.geometry.hausdorff_distance(LAND) < 1e-7


# ── The walls of a worker ───────────────────────────────────────────────────────────────────────────────────────

PROBE = """
import ctypes, os, socket, sys
from pathlib import Path
from sanchoi.api.uploads import confine
from sanchoi.api.uploads.limits import Limits
confine.limit(Limits())
confine.apart()
held = confine.seal(Path.cwd())
libc = ctypes.CDLL(None, use_errno=True)
def ask(act):
    try:
        return act()
    except Exception as error:
        return type(error).__name__
print(dict(
    held=held,
    read=ask(lambda: open(sys.argv[1]).read()),
    listed=ask(lambda: os.listdir(os.path.dirname(sys.argv[1]))),
    write=ask(lambda: open(sys.argv[1] + ".new", "w").write("x")),
    own=ask(lambda: open("mine", "w").write("x")),
    socket=ask(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])))),
    native=libc.socket(2, 1, 0),
    program=libc.execv(b"/bin/true", None),
    leave=libc.setsid(),
    memory=ask(lambda: len(bytearray(4_000_000_000))),
    big=ask(lambda: open("big", "wb").truncate(10**9)),
))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="walls of Linux")
def test_walls(tmp_path, listener):
    address, hits = listener
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (tmp_path / "own").mkdir()
    found = subprocess.run(
        [sys.executable, "-I", "-c", PROBE, str(secret), address.rpartition(":")[2]],
        cwd=tmp_path / "own",
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    told = eval(found.stdout, {"__builtins__": {"dict": dict}})
    assert told["memory"] == "MemoryError"
    assert told["socket"] == "PermissionError"
    assert told["own"] == 1
    assert "audit" in told["held"]
    if "seccomp" in told["held"]:
        assert told["native"] == told["program"] == told["leave"] == -1
    if "landlock" in told["held"]:
        assert told["read"] == told["listed"] == told["write"] == "PermissionError"
    assert hits == []
    assert not secret.with_name("secret.new").exists()


def test_a_worker_sees_no_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("SANCHOI_SETTINGS", '{"database": "postgresql://user:password@host"}')
    monkeypatch.setenv("PGPASSWORD", "hidden")
    environment = sandbox._environment("dxf", "sites", tmp_path)
    assert not any("hidden" in value or "password" in value for value in environment.values())
    assert set(environment) <= {*sandbox.KEPT, *drivers.CLOSED, "OGR_SKIP", "LC_ALL", "HOME", "TMPDIR"} | {
        f"{name}_NUM_THREADS" for name in ("OPENBLAS", "OMP", "MKL")
    }


def alive(group):
    """Processes of a group that are not merely waiting to be counted off."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, number, *_ = path.read_text().rpartition(")")[2].split()
            found += [path] if int(number) == group and state != "Z" else []
    return found


SLOW = "import time, os, subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"


def test_a_worker_that_takes_too_long_is_killed_with_its_children(home, refused, monkeypatch):
    monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-c", SLOW))
    started = []
    popen = subprocess.Popen

    def noting(*arguments, **options):
        started.append(popen(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noting)
    start = time.monotonic()
    assert refused(geojson(polygon(square())), limits=replace(DEFAULT, seconds=1.5)) == "time"
    assert 1.5 <= time.monotonic() - start < 60  # nobody waited until it had slept enough
    until = time.monotonic() + 10  # the kill is sent; on a busy machine dying takes a moment
    while alive(started[0].pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(started[0].pid)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os.abort()", "crash"),
        ("print('[1]')", "crash"),
        ('print(\'{"fault": "ValueError at a.py:1"}\')', "crash"),
        ("import sys; sys.stdout.write('x' * 50_000_000)", "crash"),
        ("import resource as r; r.setrlimit(r.RLIMIT_CPU, (1, 2))\nwhile True: pass", "time"),
    ],
)
def test_a_worker_that_breaks(refused, monkeypatch, code, reason):
    monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-c", code))
    assert refused(geojson(polygon(square()))) == reason


def test_too_little_memory_is_told(refused):
    many = geojson(*[polygon(square())] * 900)
    assert refused(many, limits=replace(DEFAULT, memory_bytes=120_000_000)) in ("memory", "crash")


def test_more_uploads_than_workers_wait_and_are_then_told(home, monkeypatch):
    monkeypatch.setattr(sandbox, "_free", threading.BoundedSemaphore(1))
    assert sandbox._free.acquire()
    with pytest.raises(Problem, match="unavailable"):
        uploads.sites(geojson(polygon(square())), "a", home, limits=replace(DEFAULT, wait_seconds=0.05))


def test_folders_that_a_killed_service_left_are_taken_away(home):
    left = home.data / sandbox.FOLDER / "upload-old"
    left.mkdir(parents=True)
    (left / "upload").write_bytes(b"x")
    os.utime(left, (0, 0))
    uploads.sites(geojson(polygon(square())), "a", home)
    assert not left.exists()


# ── Archives ────────────────────────────────────────────────────────────────────────────────────────────────────


def entry(name, mode=0o100644, data=b"x"):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info, data


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(
    "name",
    [
        "../a.shp",
        "/a.shp",
        "a/../../b.shp",
        "..\\a.shp",
        "C:\\a.shp",
        "\\\\server\\a.shp",
        "dat/a.shp",
        "C:a.shp",
        "dat/",
    ],
)
def test_names_that_lead_elsewhere(refused, name):
    assert refused(zipped([entry(name)])) == "path"


@pytest.mark.usefixtures("near")
def test_archives(tmp_path, refused):
    members = shapefile(tmp_path)
    assert refused(zipped([entry("a.shp", stat.S_IFLNK | 0o777, b"/etc/passwd")])) == "link"
    assert refused(zipped({**members, "b.zip": b"x"})) == "nested"
    assert refused(zipped({**members, "dat.shp": zipped({"a": b"x"})})) == "nested"
    assert refused(zipped([*members.items(), ("DAT.SHP", b"x")])) == "twice"
    assert refused(zipped({**members, "run.exe": b"x"})) == "members"
    assert refused(zipped({**members, "b.shp": b"x"})) == "members"
    assert refused(zipped({k: v for k, v in members.items() if not k.endswith(".shx")})) == "members"
    assert refused(zipped({"a.txt": b"x"})) == "members"
    assert refused(zipped(members, zipfile.ZIP_BZIP2)) == "method"
    assert refused(zipped({f"{i}.txt": b"" for i in range(101)})) == "entries"
    assert refused(zipped({f"{i}.txt": b"" for i in range(5_000)})) == "entries"
    assert refused(zipped({f"{i}.txt": b"" for i in range(100)})) == "members"
    locked = bytearray(zipped(members))
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert refused(bytes(locked)) == "locked"
    assert refused(zipped(members)[:-30]) == "broken"


def test_zip_bomb(tmp_path, refused):
    members = shapefile(tmp_path)
    bomb = zipped({**members, "dat.dbf": b"\x00" * 60_000_000})
    assert len(bomb) < 100_000
    with processor.counted() as spent:
        assert refused(bomb) == "inflates"
    assert spent.seconds < 5


def test_what_a_zip_file_says_of_its_sizes_is_not_believed():
    """The sizes in the list say 10 bytes; nothing beyond the limit comes out."""
    data = bytearray(zipped({"a.dbf": b"\x00" * 5_000_000}))
    for sign, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.find(sign)
        data[place + at : place + at + 4] = struct.pack("<I", 10)
    (member,) = archive.members(bytes(data), DEFAULT)
    with pytest.raises(Refused) as caught:
        archive.unpack(bytes(data), [member], DEFAULT)
    assert caught.value.code == "broken"


def test_limits_of_unpacking_just_at_and_beyond():
    body = os.urandom(1000)
    data = zipped({"a.dbf": body, "b.dbf": body})
    members = archive.members(data, DEFAULT)
    assert archive.unpack(data, members, replace(DEFAULT, inflated_bytes=2000))["b.dbf"] == body
    with pytest.raises(Refused, match="inflates"):
        archive.unpack(data, members, replace(DEFAULT, inflated_bytes=1999))
    plain = zipped({"a.dbf": b"ab" * 500_000})
    ratio = 1_000_000 / archive.members(plain, DEFAULT)[0].compress_size
    members = archive.members(plain, DEFAULT)
    assert archive.unpack(plain, members, replace(DEFAULT, ratio=ratio + 1))
    with pytest.raises(Refused, match="inflates"):
        archive.unpack(plain, members, replace(DEFAULT, ratio=ratio - 1))


def test_members_that_share_their_bytes_are_counted_each(home):
    """Names that all point at one packed stream: the whole that comes out counts, not what is stored."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b"\x00" * 900_000) + packed.flush()
    check = zlib.crc32(b"\x00" * 900_000)
    sizes = struct.pack("<III", check, len(body), 900_000)
    local = struct.pack("<4s5H", b"PK\x03\x04", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", 5, 0) + b"a.dbf" + body
    central = b""
    for i in range(50):
        name = b"%d.dbf" % i if i else b"a.dbf"
        central += struct.pack("<4s6H", b"PK\x01\x02", 20, 20, 0, 8, 0, 33) + sizes
        central += struct.pack("<5HII", len(name), 0, 0, 0, 0, 0, 0) + name
    data = local + central + struct.pack("<4s4HIIH", b"PK\x05\x06", 0, 0, 50, 50, len(central), len(local), 0)
    members = archive.members(data, DEFAULT)
    with pytest.raises(Refused):
        archive.unpack(data, members, replace(DEFAULT, inflated_bytes=1_000_000, ratio=1e9))


# ── XML ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def laughs():
    steps = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE kml [<!ENTITY l0 "ha">{steps}]>'


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE kml SYSTEM "ADDRESS/a.dtd">',
        '<!DOCTYPE kml [<!ENTITY % x SYSTEM "ADDRESS/a.dtd"> %x;]>',
        "<!DOCTYPE kml>",
        laughs(),
    ],
)
def test_entities(refused, listener, head):
    address, hits = listener
    body = placemark(square(), "&x;&l9;")
    for data in (
        kml(body, head.replace("ADDRESS", address)),
        kml(body, head.replace("ADDRESS", address)).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    ):
        status = 422 if data.startswith(b"<") else 415
        assert refused(data, status=status) in ("entity", "site_kind")
    assert hits == []


@pytest.mark.usefixtures("near")
def test_entities_and_depth_in_a_kmz(refused):
    assert refused(zipped({"doc.kml": kml(placemark(square()), laughs())}), "a.kmz") == "entity"
    assert refused(kml("<Folder>" * 100 + "</Folder>" * 100)) == "deep"
    assert refused(zipped({"doc.kml": b"x" * 10, "../b": b"x"}), "a.kmz") == "path"


def test_links_are_not_followed(home, listener):
    address, hits = listener
    link = f"<NetworkLink><Link><href>{address}/more.kml</href></Link></NetworkLink>"
    link += f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{address}/x"/>'
    found = uploads.sites(kml(link + placemark(square())), "a.kml", home)
    assert len(found) == 1
    assert any("not followed" in en for _, en in found.remarks)
    assert hits == []


# ── GeoPackages ─────────────────────────────────────────────────────────────────────────────────────────────────


def changed(path, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return path.read_bytes()


NAMED = "UPDATE gpkg_contents SET table_name = '{0}';UPDATE gpkg_geometry_columns SET table_name = '{0}'"
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fid, x AS geom FROM n"


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE VIEW v AS SELECT * FROM a", *NAMED.format("v").split(";")],
        ["ALTER TABLE gpkg_contents RENAME TO c", "CREATE VIEW gpkg_contents AS SELECT * FROM c"],
        ["ALTER TABLE a RENAME TO b", f"CREATE VIEW a AS {ENDLESS}"],
        NAMED.format("sqlite_master").split(";"),
        ["CREATE VIRTUAL TABLE f USING fts4(geom)", *NAMED.format("f").split(";")],
    ],
)
def test_views_and_virtual_tables_are_not_read(tmp_path, refused, statements):
    path = written(frame(4326), tmp_path / "a.gpkg")
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    drops = [f'DROP TRIGGER "{name}"' for (name,) in names]
    off = ["PRAGMA foreign_keys = OFF", "PRAGMA legacy_alter_table = ON"]
    assert refused(changed(path, *off, *drops, *statements)) == "broken"


@pytest.mark.usefixtures("near")
def test_a_column_that_computes_is_not_asked(tmp_path, refused):
    path = written(frame(4326), tmp_path / "a.gpkg")
    data = changed(path, "ALTER TABLE a ADD COLUMN evil TEXT GENERATED ALWAYS AS (hex(zeroblob(300000000))) VIRTUAL")
    assert refused(data) == "broken"


@pytest.mark.usefixtures("near")
def test_views_and_triggers_beside_do_not_matter(tmp_path, home):
    path = written(frame(4326), tmp_path / "a.gpkg")
    data = changed(
        path,
        "CREATE VIEW v AS SELECT load_extension('evil.so')",
        "CREATE TRIGGER t AFTER UPDATE ON a BEGIN SELECT load_extension('evil.so'); END",
    )
    assert len(uploads.sites(data, "a.gpkg", home)) == 1


@pytest.mark.usefixtures("near")
def test_a_name_of_a_table_is_no_command(tmp_path, home):
    path = written(frame(4326), tmp_path / "a.gpkg", layer='x"; DROP TABLE gpkg_contents; --')
    (found,) = uploads.sites(path.read_bytes(), "a.gpkg", home)
    assert found.layer.startswith('x"; DROP')


def test_a_drawing_of_blocks_in_blocks(refused):
    """Blocks that hold each other ten times over are not drawn out."""
    lines = [
        "0",
        "SECTION",
        "2",
        "HEADER",
        "9",
        "$ACADVER",
        "1",
        "AC1015",
        "0",
        "ENDSEC",
        "0",
        "SECTION",
        "2",
        "BLOCKS",
    ]
    for i in range(12):
        lines += ["0", "BLOCK", "8", "0", "2", f"B{i}", "70", "0", "10", "0", "20", "0"]
        for _ in range(10):
            lines += ["0", "INSERT", "8", "0", "2", f"B{i + 1}", "10", "0", "20", "0"] if i < 11 else [
                "0", "POINT", "8", "0", "10", "0", "20", "0",
            ]  # fmt: skip
        lines += ["0", "ENDBLK"]
    lines += ["0", "ENDSEC", "0", "SECTION", "2", "ENTITIES", "0", "INSERT", "8", "0", "2", "B0", "10", "0", "20", "0"]
    data = "\n".join([*lines, "0", "ENDSEC", "0", "EOF", ""]).encode()
    with processor.counted() as spent:
        assert refused(data, assume_epsg=5899) == "no_polygons"
    assert spent.seconds < 6


def test_a_small_file_is_read_at_once(home):
    """Seconds of the processor, the start of the worker included: by the clock it is as long on a machine that is not busy."""
    data = geojson(polygon(square()))
    with processor.counted() as spent:
        uploads.sites(data, "a", home)
    assert spent.seconds < 1.5
