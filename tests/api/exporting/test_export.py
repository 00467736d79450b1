"""sanchoi export: sheets of a result in a folder, with a manifest; what it refuses."""

import hashlib
import io
import json

import pytest
import service
from PIL import Image
from pypdf import PdfReader
from sanchoi.api.cli import main
from sanchoi.gis import results

HOME = "Hòa Phú"


def run(out, *given):
    return main(["export", str(service.result()), "--out", str(out), "--quiet", *given])


def test_sheets_of_a_commune_and_a_site_with_their_manifest(tmp_path):
    asked = ("--commune", HOME, "--site", "P/3", "--format", "sheet-gap", "--format", "sheet-site", "--scale", "2000")
    assert run(tmp_path / "one", *asked, "--sign", "Chủ tịch") == 0
    told = json.loads((tmp_path / "one" / "manifest.json").read_text("utf-8"))
    assert [(each["format"], each["of"]) for each in told["files"].values()] == [
        ("sheet-gap", HOME),
        ("sheet-site", "P/3"),
    ]
    assert told["result"] == service.RESULT
    for name, each in told["files"].items():
        body = (tmp_path / "one" / name).read_bytes()
        assert (hashlib.sha256(body).hexdigest(), len(body)) == (each["sha256"], each["bytes"])
        text = PdfReader(io.BytesIO(body)).pages[0].extract_text()
        assert "Chủ tịch" in text
        assert told["run_id"] in text
    assert run(tmp_path / "two", *asked, "--sign", "Chủ tịch") == 0
    for name in told["files"]:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_scale_as_people_write_it(tmp_path):
    """10.000 is ten thousand and not ten."""
    for k, told in enumerate(("2.000", "2,000", "1:2.000", "2000")):
        assert run(tmp_path / str(k), "--commune", HOME, "--scale", told) == 0
        (path,) = (tmp_path / str(k)).glob("*.pdf")
        assert "1:2.000" in PdfReader(path).pages[0].extract_text()


@pytest.mark.parametrize(
    ("crs", "said"),
    [
        ("EPSG:5899", ""),
        ("EPSG:4326", ""),
        ("EPSG:9205", "Lengths in the file are 0.3"),  # meridian 103°, meant for Điện Biên and Lai Châu
        ("EPSG:3405", "not meant for this ground"),  # the zone west of 108°
        ("EPSG:2056", "not meant for this ground"),
        ("EPSG:3857", "% longer than on the ground"),
    ],
)
def test_a_crs_of_another_zone_is_told(tmp_path, crs, said):
    """Whoever mistypes a zone learns of it before the drawing lies beside the cadastral map."""
    given = ("--commune", HOME, "--format", "gpkg", "--format", "geojson", "--crs", crs, "--lang", "en")
    assert run(tmp_path / "out", *given) == 0
    told = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["files"]
    notes = " ".join(told["sanchoi.gpkg"].get("notes", []))
    assert said in notes
    assert bool(said) == ("--crs" in notes)
    assert "zone again" not in " ".join(told["communes.geojson"].get("notes", []))


def test_data_of_some_sites_say_whose_totals_they_hold(tmp_path):
    site = results.read(service.result()).tables["sites"]["parcel_id"].iloc[0]
    for k, (given, cut) in enumerate(((("--site", site), True), (("--all",), False), (("--site", "P4"), False))):
        assert run(tmp_path / str(k), *given, "--format", "geojson", "--format", "kml", "--lang", "en") == 0
        told = json.loads((tmp_path / str(k) / "manifest.json").read_text("utf-8"))["files"]
        for name in ("sites.geojson", "sanchoi.kml"):
            notes = " ".join(told.get(name, {}).get("notes", []))
            assert ("running totals of sites are those of the whole plan" in notes) is cut, (given, name)


def test_as_pictures(tmp_path):
    assert run(tmp_path / "out", "--commune", HOME, "--format", "fact-sheet", "--as", "png") == 0
    pages = sorted((tmp_path / "out").glob("*.png"))
    assert len(pages) == 2
    with Image.open(pages[0]) as page:
        assert page.size == pytest.approx((210 / 25.4 * 150, 297 / 25.4 * 150), abs=1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--commune", "x"], "commune x"),
        (["--site", "x", "--format", "sheet-site"], "site x"),
        (["--commune", HOME, "--format", "map"], "one of sheet-gap"),
        (["--commune", HOME, "--as", "svg"], "one of pdf"),
        (["--commune", HOME, "--paper", "A9"], "one of A4"),
        (["--commune", HOME, "--scale", "0"], "scale"),
        (["--commune", HOME, "--format", "csv", "--format", "sheet-site"], "sheet-site of no site"),
        (["--site", "P1", "--format", "csv", "--format", "fact-sheet"], "fact-sheet of no commune"),
        (["--commune", HOME, "--scale", "10.000.000.000"], "scale 1:1e+10"),
        (["--commune", HOME, "--scale", "10,5"], "10,5"),
        (["--commune", HOME, "--all"], "leave the other out"),
        ([], "nothing to draw"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_leaves_nothing(tmp_path, capsys, given, said):
    assert run(tmp_path / "out", *given) > 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("out/*"))


def test_a_folder_with_files_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    assert run(tmp_path, "--commune", HOME) > 2
    assert "holds files already" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]
