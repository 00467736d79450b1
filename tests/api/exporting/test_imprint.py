"""What a file says when it is sent on alone: each is opened by a reader of its own kind, with nothing beside it."""

import importlib.metadata
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from xml.etree import ElementTree as ET

import exported
import ezdxf
import openpyxl
import pyogrio
import pytest
import survey_kit
from PIL import Image
from pypdf import PdfReader
from sanchoi.api.exporting import FORMATS, Wish, dxf_themes, imprint, shp_pack
from sanchoi.api.exporting.context import Context
from sanchoi.gis import encoding, results
from sanchoi.gis.results import Result
from sanchoi.maps.sheets.options import Options

HOME = "Hòa Phú"
SOURCE = {
    "layer": "communes",
    "name": "Ranh giới <b>&",
    "attribution": "Cục Bản đồ",
    "licence": "CC BY 4.0",
    "date": "2024-05-01",
}
RULE = "cách nghĩa trang"
SAID = (
    "SỐ LIỆU HƯ CẤU",
    "Quy định chưa kiểm chứng",
    "Điều kiện đất chưa kiểm chứng",
    RULE,
    "Trống (null) là chưa biết, không phải 0",
    "Thử <i>&",
    "Kết quả small, lần chạy ",
    "01/06/2026",
    "Cục Bản đồ",
    "CC BY 4.0",
)
"""What every file must say of a result of invented data whose norms nobody has read."""


def context(language="vi", read=None, folder=None, as_="pdf", **study):
    """The small result with a name and a source that try to become markup, of invented data unless it is said otherwise."""
    read = exported.small() if read is None else read
    told = {**read.run["study"], "name": "Thử <i>&", "synthetic": True, **study}
    run = {**read.run, "study": told, "sources": [SOURCE]}
    where = exported.service.result() if folder is None else folder
    return Context(where, Result(read.tables, run), Wish(options=Options(language=language, dpi=50), as_=as_))


def files(name, into, of="", **wish):
    """Files of a format by name, and the run that they are of."""
    at_work = context(**wish)
    return {path.name: path for path in FORMATS[name].make(at_work, of, into)}, at_work


def says(text, *but):
    """Everything that must be told is, and the run."""
    run = exported.small().run["run_id"]
    for words in (*SAID, run):
        if words not in but:
            assert words in text, words


def ask(path, sql):
    with closing(sqlite3.connect(path)) as base:
        return base.execute(sql).fetchall()


def test_a_geopackage_alone(tmp_path):
    path = files("gpkg", tmp_path)[0]["sanchoi.gpkg"]
    found = dict(ask(path, "SELECT table_name, description FROM gpkg_contents WHERE data_type = 'features'"))
    assert found["parcels"].startswith("[HƯ CẤU] Thửa đất\n")
    for text in found.values():
        says(text)
    told = exported.ogrinfo(path, "-so", "parcels")
    for line in ("SYNTHETIC=yes", "UNKNOWN=null", "DATE=2026-06-01", "RESULT=small"):
        assert told.count(line) == 2, line  # of the file and of the layer
    assert f"RUN_ID={exported.small().run['run_id']}" in told
    says(told)
    scopes = ask(path, "SELECT reference_scope, count(*) FROM gpkg_metadata_reference GROUP BY 1 ORDER BY 1")
    assert scopes == [("geopackage", 1), ("table", len(found))]
    assert set(ask(path, "SELECT DISTINCT timestamp FROM gpkg_metadata_reference")) == {("2025-07-01T00:00:00.000Z",)}


def test_a_kml_alone(tmp_path):
    path = files("kml", tmp_path)[0]["sanchoi.kml"]
    space = "{http://www.opengis.net/kml/2.2}"
    document = ET.parse(path).getroot().find(f"{space}Document")
    assert [each.tag.removeprefix(space) for each in document][:2] == ["name", "description"]
    assert document.find(f"{space}name").text == "[HƯ CẤU] Thử <i>&"
    shown = ET.fromstring(f"<p>{document.find(f'{space}description').text}</p>")  # as a globe shows it: HTML
    assert {each.tag for each in shown} == {"br"}
    says("".join(shown.itertext()))
    folders = document.findall(f"{space}Folder")
    assert all(each.find(f"{space}description").text.startswith("[HƯ CẤU] ") for each in folders)


def test_a_geojson_alone(tmp_path):
    for name, path in files("geojson", tmp_path)[0].items():
        told = json.loads(path.read_text("utf-8"))
        assert list(told) == ["type", "name", "description", "metadata", "features"], name
        assert "crs" not in told
        says(told["description"])
        about = told["metadata"]
        assert (about["synthetic"], about["unknown"], about["result"]) == (True, "null", "small")
        assert about["sources"][0]["licence"] == "CC BY 4.0"
        assert about["unverified_constraints"]
        assert about["written_by"] == f"sanchoi {importlib.metadata.version('sanchoi')}"
    says(exported.ogrinfo(tmp_path / "parcels.geojson", "-so", "-al"))


def test_a_flatgeobuf_alone(tmp_path):
    path = files("fgb", tmp_path)[0]["parcels.fgb"]
    told = pyogrio.read_info(path)["layer_metadata"]
    assert (told["TITLE"], told["SYNTHETIC"], told["RUN_ID"]) == (
        "[HƯ CẤU] Thửa đất",
        "yes",
        exported.small().run["run_id"],
    )
    says(told["DESCRIPTION"])
    assert "CC BY 4.0" in told["SOURCES"]
    (length,) = memoryview(path.read_bytes()[8:12]).cast("I")  # of the header, which every reader takes first
    says(path.read_bytes()[12 : 12 + length].decode("utf-8", "replace"))


@pytest.mark.parametrize(("name", "packed", "ending"), [("shp", "shapefile.zip", "shp"), ("tab", "mapinfo.zip", "tab")])
def test_a_zip_alone(tmp_path, name, packed, ending):
    path = files(name, tmp_path)[0][packed]
    with zipfile.ZipFile(path) as found:
        text = found.read(shp_pack.README)
        assert text.startswith(b"\xef\xbb\xbf[H")  # Notepad knows UTF-8 by it
        says(text.decode("utf-8-sig"))
        layers = [each.removesuffix(f".{ending}") for each in found.namelist() if each.endswith(f".{ending}")]
        assert layers
        for each in layers:
            root = ET.fromstring(found.read(f"{each}.qmd"))
            says(root.find("abstract").text)
            assert root.find("title").text.startswith("[HƯ CẤU] ")


def test_a_dxf_alone(tmp_path):
    path = files("dxf", tmp_path)[0]["drawing.dxf"]
    drawing = ezdxf.readfile(path)
    assert not drawing.audit().errors

    texts = pyogrio.read_dataframe(path)
    first, more = (
        texts.loc[texts["Layer"] == layer, "Text"].tolist() for layer in (dxf_themes.WARNING, dxf_themes.NOTE)
    )
    assert first[0].startswith("SỐ LIỆU HƯ CẤU")
    assert not any(each.endswith("...") for each in (*first, *more))
    says(" ".join([*first, *more]))
    assert drawing.layers.get(dxf_themes.WARNING).is_on()
    told = dict(drawing.header.custom_vars.properties)
    assert (told["SYNTHETIC"], told["RUN_ID"]) == ("yes", exported.small().run["run_id"])
    assert all(len(each) <= 255 for each in told.values())
    whole = "".join(value for tag, value in drawing.header.custom_vars.properties if tag.startswith("SOURCES"))
    assert "CC BY 4.0" in whole


def test_a_dgn_alone(tmp_path):
    made, at_work = files("dgn", tmp_path)
    back = pyogrio.read_dataframe(made["drawing.dgn"], encoding="ISO-8859-1")
    said, first = dxf_themes.NOTE_LEVELS
    back = back[back["Level"].isin((said, first)) & (back["Type"] == 17)]
    assert set(back["MSLink"].fillna(0)) == {0}  # no row of a table
    text = [encoding.decode_tcvn3(each) for each in back["Text"]]
    assert text[0].startswith("số liệu hư cấu")  # TCVN3 has no capitals with a tone
    says(" ".join(text).replace("số liệu hư cấu", "SỐ LIỆU HƯ CẤU"))
    bounds = at_work.result.tables["communes"].to_crs(5899).total_bounds
    assert back.geometry.y.max() < bounds[1]
    assert back.geometry.x.min() == pytest.approx(bounds[0], abs=0.01)
    assert imprint.WORDS["lost"][0] in at_work.notes["drawing-dgn-parcels.csv"]


def test_a_picture_and_a_sheet_alone(tmp_path):
    made, _ = files("sheet-gap", tmp_path, HOME, as_="png")
    for path in made.values():
        with Image.open(path) as picture:
            picture.load()
            told = picture.text
        assert told["Title"] == "[HƯ CẤU] Thử <i>&"
        says(told["Description"])
    made, at_work = files("sheet-gap", tmp_path, HOME)
    for page in PdfReader(next(iter(made.values()))).pages:
        text = " ".join(page.extract_text().split())
        for words in ("hư cấu", "chưa kiểm chứng", "kết quả small", at_work.result.run["run_id"], "CC BY 4.0"):
            assert words in text, words


def test_a_workbook_alone(tmp_path):
    made, _ = files("xlsx", tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(made["so-lieu-vi.xlsx"].read_bytes()))
    assert book.properties.title == "[HƯ CẤU] Thử <i>&"
    says(book.properties.description)
    guide, *pages = book.worksheets
    text = "\n".join(str(cell.value) for row in guide.iter_rows() for cell in row if cell.value is not None)
    says(text, "Thử <i>&", "Kết quả small, lần chạy ", "01/06/2026", "Cục Bản đồ", "CC BY 4.0")
    assert "2026-06-01" not in text
    assert "CC BY 4.0" in {cell.value for row in book["Nguồn số liệu"].iter_rows() for cell in row}
    for page in pages:
        assert str(page["A2"].value).startswith("SỐ LIỆU HƯ CẤU"), page.title
        assert "small" in page.oddFooter.left.text


def test_a_csv_says_in_the_manifest_that_it_can_say_nothing(tmp_path):
    made, at_work = files("csv", tmp_path)
    for name in set(made) - {"columns.csv"}:
        assert at_work.notes[name][0] == imprint.WORDS["lost"][0], name


def test_a_survey_form_alone(tmp_path):
    place = survey_kit.place() / "result"
    read = results.read(place)
    made, _ = files("survey", tmp_path, HOME, read=read, folder=place, as_="png")
    by = {path.suffix: path for path in made.values()}
    book = openpyxl.load_workbook(by[".xlsx"])
    guide = "\n".join(str(row[0].value) for row in book.worksheets[0].iter_rows())
    with Image.open(by[".png"]) as picture:
        told = picture.text["Description"]
    texts = [guide, told, *(text for (text,) in ask(by[".gpkg"], "SELECT description FROM gpkg_contents LIMIT 4"))]
    for text in texts:
        for words in ("SỐ LIỆU HƯ CẤU", f"Kết quả result, lần chạy {read.run['run_id']}", "CC BY 4.0"):
            assert words in text, words


def test_real_data_are_not_marked_and_what_was_chosen_is_told():
    real = context(synthetic=False).imprint
    assert (real.mark, real.title) == ("", "Thử <i>&")
    assert "HƯ CẤU" not in real.text
    assert (real.record["synthetic"], real.items()["SYNTHETIC"]) == (False, "no")
    some = exported.context(communes=(HOME,)).imprint
    assert f"Chỉ có phần đã chọn của kết quả: {HOME}" in some.lines
    assert some.record["chosen"] == {"communes": [HOME], "sites": []}
    one = exported.context(communes=(HOME,)).imprint_of_one
    assert "đã chọn" not in one.text


def test_english_and_an_estimate_and_an_earlier_program():
    at_work = context("en", synthetic=True, estimate=True, estimate_note="ước theo xã\ncũ")
    at_work.result.run["versions"] = {"sanchoi": "0.0.9"}
    text = at_work.imprint.text
    written = importlib.metadata.version("sanchoi")
    for words in (
        "INVENTED DATA",
        "Unverified norm",
        "Unverified constraints",
        "Empty (null) is unknown, not 0.",
        f"Worked out by sanchoi 0.0.9, written by sanchoi {written}",
        "Numbers of children are an estimate",
        "ước theo xã cũ",
    ):
        assert words in text, words
    assert at_work.imprint.title.startswith("[INVENTED] ")


def test_what_was_read_in_the_text_is_not_called_unverified():
    """Norms and constraints that are verified are not told; a result without parcels has no constraints to tell."""
    read = exported.small()
    norms = [{**row, "verified": True} for row in read.run["norms"]]
    tables = {name: table for name, table in read.tables.items() if name != "constraints"}
    told = Result(tables, {**read.run, "norms": norms, "warnings": []})
    at_work = Context(exported.service.result(), told, Wish())
    assert "chưa kiểm chứng" not in " ".join(at_work.imprint.warnings)
    assert at_work.imprint.record["unverified_constraints"] == []
    some = read.tables["constraints"].assign(verified=True)
    some.loc[0, "verified"] = False
    told = Result({**tables, "constraints": some}, told.run)
    at_work = Context(exported.service.result(), told, Wish())
    assert f"({1} trên {len(some)})" in " ".join(at_work.imprint.warnings)
    assert at_work.imprint.record["unverified_constraints"] == [some["constraint_id"][0]]
