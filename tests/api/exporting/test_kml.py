"""KML: folders, styles, values with their types; what XML forbids is dropped and told."""

from xml.etree import ElementTree as ET

import exported
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from sanchoi.api.exporting import kml
from sanchoi.api.exporting.parts import NOT_XML, plain
from sanchoi.gis.errors import ContractError
from sanchoi.maps import style

KML = "{http://www.opengis.net/kml/2.2}"
NAME = "sanchoi.kml"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return exported.make("kml", tmp_path_factory.mktemp("kml"))[0][NAME]


def read(path, layer):
    found = pyogrio.read_dataframe(path, layer=layer)
    own = ("Name", "description", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility")
    return found.drop(columns=[*own, "drawOrder", "icon"], errors="ignore").rename(columns={"name_": "name"})


def test_what_went_in_comes_out(made):
    tables = exported.small().tables
    for name, key in (("communes", "commune_id"), ("parcels", "parcel_id"), ("play_areas", "play_area_id")):
        found = read(made, name)
        assert found.crs.to_epsg() == 4326
        exported.same(found, tables[name], key)
    types = dict(zip(*(pyogrio.read_info(made, layer="parcels")[key] for key in ("fields", "dtypes")), strict=True))
    assert (types["cost"], types["rank"], types["owner"]) == ("float64", "int32", "object")
    assert exported.feature_count(made, "parcels") == 5


def test_folders_styles_and_balloons(made):
    root = ET.parse(made).getroot()
    folders = [each.find(f"{KML}name").text for each in root.iter(f"{KML}Folder")]
    assert folders[:4] == ["communes", "gaps_0_5", "gaps_6_14", "gaps_all"]
    styles = {f"#{each.get('id')}": each for each in root.iter(f"{KML}Style")}
    marks = {
        each.find(f"{KML}name").text: each
        for folder in root.iter(f"{KML}Folder")
        if folder.get("id") == "parcels"
        for each in folder.iter(f"{KML}Placemark")
        if each.find(f"{KML}name") is not None
    }
    assert {each.text for each in root.iter(f"{KML}styleUrl")} <= set(styles)
    assert "P/3" in marks
    text = marks["P/3"].find(f"{KML}description").text
    assert "=cmd|&#x27; /C calc&#x27;!A0" in text
    assert ET.fromstring(text).tag == "table"
    status = exported.small().tables["gaps"].query("band == 'all'")["status"].iloc[0]
    gap = next(each for each in root.iter(f"{KML}Folder") if each.get("id") == "gaps_all").find(f"{KML}Placemark")
    colour = styles[gap.find(f"{KML}styleUrl").text].find(f"{KML}PolyStyle/{KML}color").text
    red, green, blue = style.STATUS[status][0][1:3], style.STATUS[status][0][3:5], style.STATUS[status][0][5:7]
    assert colour[2:] == blue + green + red


def test_gaps_of_all_ages_alone_are_shown_at_first(made):
    """Those of each age lie upon them, and whoever opens the file would see the last alone."""
    shown = {
        folder.get("id"): folder.find(f"{KML}visibility") is None and folder.find(f"*/{KML}visibility") is None
        for folder in ET.parse(made).getroot().iter(f"{KML}Folder")
    }
    wanted = {"gaps_all": True, "gaps_0_5": False, "gaps_6_14": False, "communes": True, "cells": False}
    assert {name: shown[name] for name in wanted} == wanted


def test_odd_rows_and_what_is_told(tmp_path):
    tables = exported.odd()
    files, at_work = exported.make("kml", tmp_path, tables, crs="EPSG:5899")
    notes = at_work.notes[NAME]
    assert any("không dùng" in each for each in notes)
    assert "Bỏ ký tự điều khiển trong 1 ô chữ: XML không nhận." in notes
    check(files[NAME], tables)


def check(path, tables):
    """Against the XML itself: GDAL's reader takes an integer for one of 32 bits, and trims texts."""
    root = ET.parse(path).getroot()
    folder = next(each for each in root.iter(f"{KML}Folder") if each.get("id") == "play_areas")
    more = [each for each in root.iter(f"{KML}Folder") if each.get("id") == "play_areas_points"]
    marks = [mark for each in [folder, *more] for mark in each.iter(f"{KML}Placemark")]
    found = {}
    for mark in marks:
        row = {each.get("name"): each.text or "" for each in mark.iter(f"{KML}SimpleData")}
        row["geometry"] = [
            [float(value) for value in pair.split(",")]
            for each in mark.iter(f"{KML}coordinates")
            for pair in each.text.split()
        ]
        found[row["play_area_id"]] = row
    table = tables["play_areas"]
    assert len(found) == len(table)
    for _, wanted in table.iterrows():
        row = found[wanted["play_area_id"]]
        for column in table.columns.drop(["geometry", "built"]):
            text = row.get("name_" if column == "name" else column)
            assert exported.unknown(wanted[column]) == (text is None), column
            if text is not None and isinstance(wanted[column], str):
                assert text == plain(wanted[column]).replace("\r\n", "\n").replace("\r", "\n")
            elif text is not None:
                assert exported.alike(wanted[column], text, None), (column, text)
        shape = wanted["geometry"]
        count = 0 if shape is None else len(shapely.get_coordinates(shape))
        assert len(row["geometry"]) == count
        if count:
            mine = {tuple(np.round(pair, 8)) for pair in shapely.get_coordinates(shape)}
            assert {tuple(pair) for pair in row["geometry"]} == mine


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exported.hostile_tables())
def test_whatever_the_rows(tmp_path_factory, tables):
    files, at_work = exported.make("kml", tmp_path_factory.mktemp("any"), tables)
    check(files[NAME], tables)
    bad = sum(bool(NOT_XML.search(text.replace("\0", ""))) for text in tables["play_areas"]["name"].dropna())
    assert any("ký tự điều khiển" in each for each in at_work.notes[NAME]) == bool(bad)


def test_same_bytes_and_nothing_at_all(tmp_path, made):
    assert exported.make("kml", tmp_path)[0][NAME].read_bytes() == made.read_bytes()
    empty = {name: table.iloc[:0] for name, table in exported.odd().items()}
    with pytest.raises(ContractError, match="no layer has a row"):
        exported.make("kml", tmp_path / "b", empty)
    assert not list((tmp_path / "b").iterdir())


def test_too_many_cells_are_left_out_and_that_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(kml, "MOST", 199)
    files, at_work = exported.make("kml", tmp_path)
    assert "cells" not in pyogrio.list_layers(files[NAME])[:, 0]
    assert any(each.startswith("Bỏ 200 ô dân cư, nhiều hơn 199: hãy chọn xã") for each in at_work.notes[NAME])
