"""The documents say what the code does: keys, columns, commands, links, and the study of the README."""

import re

import pytest
import small
import typer
from sanchoi.api.cli import app, main
from sanchoi.gis.study import SECTIONS
from sanchoi.gis.tables import DECLARATIONS, FLAGS, STATUSES
from shared import ROOT

README = (ROOT / "README.md").read_text("utf-8")
DOCS = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md"))} | {"README.md": README}


def test_every_key_of_a_study_is_described_and_no_other():
    told = re.findall(r"^\| (\w+) \| (\w+) \| ", DOCS["study.md"], re.MULTILINE)
    assert len(told) == len(set(told))
    assert set(told) - {("section", "key")} == {(name, key) for name, keys in SECTIONS.items() for key in keys}


def test_every_column_of_the_gaps_is_described_in_order():
    section = DOCS["results.md"].split("## gaps")[1].split("## Other")[0]
    assert re.findall(r"^\| (\w+) \| ", section, re.MULTILINE)[1:] == DECLARATIONS["gaps"].columns


def test_every_other_column_is_described():
    section = re.split(r"^## (?!gaps|Other|Parcels)", DOCS["results.md"], flags=re.MULTILINE)[0]
    told = set(re.findall(r"^\| (\w+) \| (\w+) \| ", section, re.MULTILINE)) - {("table", "column")}
    known = {(name, column) for name, declared in DECLARATIONS.items() for column in declared.columns}
    assert told <= known
    gaps = set(DECLARATIONS["gaps"].columns) | {"geometry", "area_m2", "play_area_id", "commune_id"}
    assert {(name, column) for name, column in known if column not in gaps} - told == {
        ("play_areas", "kind"),
        ("cell_bands", "cell_id"),
    }


def test_statuses_and_flags_are_explained():
    for word in (*STATUSES, *FLAGS):
        assert f"`{word}`" in DOCS["method.md"]


@pytest.mark.parametrize("name", sorted(DOCS))
def test_links_lead_to_files(name):
    folder = ROOT if name == "README.md" else ROOT / "docs"
    for target in re.findall(r"\]\(([^)#]+?)\)", DOCS[name]):
        assert target.startswith("https://") or (folder / target).is_file(), target


def test_commands_of_the_readme_exist():
    targets = set(re.findall(r"^    make (\w+)", README, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert targets == {"demo", "serve", "test"}
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    known = set(typer.main.get_command(app).commands)
    told = set(re.findall(r"^    \.venv/bin/sanchoi ([\w-]+)", README, re.MULTILINE))
    assert {"check", "run", "export", "compare", "import"} <= told
    assert told | set(re.findall(r"`sanchoi ([\w-]+)", README)) <= known


def test_the_study_of_the_readme_runs(tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    text = re.search(r"```toml\n(.*?)```", README, re.DOTALL)[1]
    (folder / "study.toml").write_text(text, "utf-8")
    assert main(["check", str(folder)]) == 0
    assert "ready to run" in capsys.readouterr().out
    assert main(["run", str(folder), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert (tmp_path / "out" / "maps" / "gap.html").is_file()


def test_pictures_are_small_enough():
    for path in (ROOT / "docs").glob("*.png"):
        assert path.stat().st_size < 500_000


def test_docs_name_only_files_that_exist():
    for name, text in DOCS.items():
        for path in re.findall(r"`((?:gis|maps|api|data|tests)/[\w/.-]+\.(?:py|csv))`", text):
            assert (ROOT / path).is_file(), f"{name}: {path}"
