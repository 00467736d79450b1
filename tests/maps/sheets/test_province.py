"""The sheet of all communes, scales, sources with dates, and ground outside Viet Nam."""

import dataclasses
import itertools
import re
import unicodedata

import numpy as np
import pandas as pd
import pdf_pages
import pdf_texts
import pytest
import service
from sanchoi.gis import results
from sanchoi.gis.errors import ContractError
from sanchoi.gis.sources import rows
from sanchoi.maps.sheets import making, said
from sanchoi.maps.sheets.ground import Ground

SCALES = rows.packaged("sheet_scales.csv").to_dict("records")


@pytest.fixture(scope="module")
def ground():
    return Ground(results.read(service.result()))


@pytest.fixture(scope="module")
def spain(ground):
    """The same communes, moved to Las Palmas: the CRS is on WGS 84."""
    tables = dict(ground.result.tables)
    for name, table in tables.items():
        if hasattr(table, "geometry"):
            tables[name] = table.set_geometry(table.geometry.translate(-123.45, 12.4))
    run = {**ground.run, "study": {**ground.run["study"], "crs": "EPSG:32628"}}
    return Ground(dataclasses.replace(ground.result, tables=tables, run=run, model=None))


def changed(ground, sources):
    return Ground(dataclasses.replace(ground.result, run={**ground.run, "sources": sources}))


def test_all_communes_are_listed_with_their_state_and_numbered_on_the_map(ground):
    pdf = making.province(ground, making.Options("A4", scales=SCALES))
    text = pdf_pages.words(pdf)
    for word in ("BẢN ĐỒ TỔNG HỢP THIẾU SÂN CHƠI CHO TRẺ EM", "Tỷ lệ 1:100.000", "Các xã, phường", "Cơ quan phê duyệt"):
        assert word in text, word
    assert "quy định về bản đồ hiện trạng sử dụng đất cấp tỉnh; chưa ghi đủ số văn bản (chưa kiểm chứng)" in text
    gaps = ground.gaps(ground.run["settings"]["bands"][-1] if len(ground.run["settings"]["bands"]) == 1 else "all")
    assert len(gaps) > 1
    first = gaps.sort_values("children_uncovered", ascending=False).index[0]
    for commune_id in gaps.index:
        assert ground.commune(commune_id)["name"] in text
    fit = making.province(ground, making.Options("A4", scales=SCALES, fit=True))
    drawn = re.sub(r"\s+", " ", pdf_pages.pages(fit)[0].extract_text())
    assert f"1 {ground.commune(first)['name']}" in drawn  # the number of the list stands on the map
    assert "dãy tỷ lệ bản đồ để tất cả nằm gọn trong một mảnh" in pdf_pages.words(fit)


HEAD = "Chưa khảo sát hoặc chưa biết"
DENSITIES = f"{HEAD}: số trẻ em trên 1 km²"


def unknown(ground, per_km2):
    """The same communes, all unknown, with so many children per km²; None: nobody has counted them."""
    gaps = ground.result.tables["gaps"].copy()
    area = ground.layer("communes").set_index("commune_id")["area_m2"]
    gaps["status"] = "unknown"
    gaps["children"] = [
        np.nan if each is None else each * area[commune] / 1e6
        for commune, each in zip(gaps["commune_id"], gaps["commune_id"].map(per_km2), strict=True)
    ]
    return Ground(dataclasses.replace(ground.result, tables={**ground.result.tables, "gaps": gaps}))


@pytest.mark.parametrize(
    ("per_km2", "told"),
    [
        (0.0, "dưới 5"),
        (4.9999, "dưới 5"),
        (5.0001, "5 đến dưới 20"),
        (19.999, "5 đến dưới 20"),
        (99.9, "20 đến dưới 100"),
        (100.1, "100 đến dưới 500"),
        (500.1, "từ 500"),
    ],
)
def test_communes_that_nobody_knows_are_shaded_by_how_densely_children_live(ground, per_km2, told):
    every = [str(each) for each in ground.layer("communes")["commune_id"]]
    found = unknown(ground, dict.fromkeys(every, per_km2))
    text = pdf_pages.words(making.province(found, making.Options("A4", fit=True)))
    assert f"{DENSITIES} {told} " in re.sub(r"\s+", " ", text)


def test_unknown_communes_without_a_count_stay_without_a_shade(ground):
    every = [str(each) for each in ground.layer("communes")["commune_id"]]
    none = pdf_pages.words(making.province(unknown(ground, dict.fromkeys(every)), making.Options("A4", fit=True)))
    assert HEAD in none
    assert DENSITIES not in none
    some = unknown(ground, {**dict.fromkeys(every), every[0]: 50.0})
    text = re.sub(r"\s+", " ", pdf_pages.words(making.province(some, making.Options("A4", fit=True))))
    assert re.search(f"{HEAD} {DENSITIES} 20 đến dưới 100 ", text)


def test_communes_that_are_known_are_not_shaded(ground):
    assert "unknown" not in set(ground.result.tables["gaps"]["status"])
    assert DENSITIES not in pdf_pages.words(making.province(ground, making.Options("A4", fit=True)))


def test_a_scale_that_fits_is_of_the_series_and_the_largest_that_does(ground):
    west, south, east, north = ground.layer("communes").total_bounds
    box = making.Options("A4").sheet.map
    need = max((east - west) / (box.width - 12), (north - south) / (box.height - 12)) * 1000
    text = pdf_pages.words(making.province(ground, making.Options("A4", fit=True)))
    told = int(re.search(r"Tỷ lệ 1:([\d.]+)", text).group(1).replace(".", ""))
    series = (500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000)
    assert told == min(each for each in series if each >= need)
    with pytest.raises(ContractError, match="fits"):
        making.Options(fit=True, scale=1000)


@pytest.mark.parametrize("scale", [1000, 2000, 5000, 10_000, 100_000])
def test_a_kilometre_is_true_at_every_scale_of_the_rules(ground, scale):
    """Two crosses are 100.00 mm apart, and 0.1 · scale metres by the figures at the frame."""
    pdf = making.gap(ground, ["Hòa Phú"], making.Options("A3", scale=scale, signatures=()))
    page = pdf_pages.pages(pdf)[0]
    xs = sorted({x for x, _ in pdf_pages.crosses(page)})
    assert len(xs) >= 2
    assert all(b - a == pytest.approx(100.00, abs=0.002) for a, b in itertools.pairwise(xs))
    east = sorted({int(each.replace(".", "")) for each in re.findall(r"Y ([\d.]+)", page.extract_text())})
    assert set(np.diff(east)) == {scale // 10}
    assert 100.00 / (scale / 10) * 1000 == pytest.approx(1e6 / scale)  # so a kilometre is so many mm


def test_sources_say_of_when_they_are_and_under_which_licence(ground):
    given = [
        {"layer": "communes", "name": "Ranh giới", "attribution": "Sở", "licence": "CC0", "date": "2025-07-01"},
        {"layer": "children", "name": "Dân số", "attribution": "Sở", "licence": "CC0", "date": "2019"},
        {"layer": "network", "name": "Đường", "attribution": "OSM", "licence": "ODbL 1.0", "date": "trích tháng 2"},
        {"layer": "play_areas", "name": "Sân", "attribution": "Sở", "licence": ""},
    ]
    ((_, told), *_) = said.sources(changed(ground, given).run, "vi")
    assert told.startswith(
        "Ranh giới: Sở, CC0, ngày 01/07/2025; Dân số: Sở, CC0, năm 2019; Đường: OSM, ODbL 1.0, trích tháng 2; "
        "Sân: Sở, không ghi giấy phép, không rõ ngày."
    )
    ((_, told), *_) = said.sources(changed(ground, given).run, "en")
    assert "Sân: Sở, licence not stated, date unknown." in told


def test_a_row_of_a_group_speaks_of_its_layers(ground):
    inputs = [{"layer": "constraints.roads", "path": "a.gpkg"}, {"layer": "nearby.schools", "path": "b.gpkg"}]
    run = {**ground.run, "inputs": inputs, "sources": [{"layer": "constraints", "name": "Ràng buộc", "licence": "MIT"}]}
    (_, own) = said.sources(run, "vi")
    assert own[1] == "b.gpkg"


@pytest.mark.parametrize(
    ("given", "vi", "en"),
    [
        ("2025-07-01", "ngày 01/07/2025", "01/07/2025"),
        ("2025-07", "tháng 07/2025", "07/2025"),
        ("2023", "năm 2023", "2023"),
        ("sau sáp nhập", "sau sáp nhập", "sau sáp nhập"),
    ],
)
def test_dates_are_written_as_people_write_them(given, vi, en):
    assert (said.when(given, "vi"), said.when(given, "en")) == (vi, en)


def test_outside_viet_nam_no_rule_of_viet_nam_is_claimed(spain):
    assert not spain.in_vietnam
    for made in (
        making.gap(spain, ["Hòa Phú"], making.Options(scales=SCALES, language="en")),
        making.province(spain, making.Options(scales=SCALES, language="en")),
    ):
        text = pdf_pages.words(made)
        assert "Outside Viet Nam: no rule of scale applies" in text
        assert "WGS 84 / UTM zone 28N (EPSG:32628)" in text
        assert "Same datum as the stored data (WGS 84, EPSG:4326): projected only, no shift." in text
        assert re.search(r"\bE \d{3},\d{3}", text)
        assert re.search(r"\bN \d,\d{3},\d{3}", text)
        for never in ("rule on current", "VN-2000", "People's Committee", " X 3", " Y 4"):
            assert never not in text, never


def test_ground_of_viet_nam_in_another_crs_keeps_the_rule(ground):
    run = {**ground.run, "study": {**ground.run["study"], "crs": "EPSG:32648"}}
    other = Ground(dataclasses.replace(ground.result, run=run, model=None))
    assert other.in_vietnam
    assert other.axes == ("E", "N")


@pytest.mark.parametrize(
    ("name", "kind", "signs"),
    [
        ("Phường Hội An", None, "phường"),
        ("Trà Leng", "xã", "xã"),
        ("Hoàng Sa", "đặc khu", "đặc khu"),
        ("Xã X", None, "xã"),
    ],
)
def test_the_committee_of_the_commune_signs(ground, name, kind, signs):
    tables = dict(ground.result.tables)
    communes = tables["communes"].copy()
    communes.loc[communes["commune_id"] == "Hòa Phú", "name"] = name
    communes["kind"] = pd.Series([kind] * len(communes), index=communes.index, dtype=object)
    named = Ground(dataclasses.replace(ground.result, tables={**tables, "communes": communes}))
    assert said.signs(named, ["Hòa Phú"], "vi") == f"Ủy ban nhân dân {signs}"


def test_nothing_is_written_over_something_else(ground):
    for pdf in (
        making.gap(ground, ["Hòa Phú"], making.Options("A3", scale=5000)),
        making.gap(ground, ["Hòa Phú"], making.Options("A4", landscape=False, scale=2000, language="en")),
        making.province(ground, making.Options("A1", fit=True, style="print-grey")),
        making.site(ground, "P1", making.Options("A4")),
        making.fact(ground, "Hòa Phú", making.Options()),
    ):
        assert pdf_texts.collisions(pdf) == []


def test_a_title_in_parts_is_composed_and_the_file_says_its_language_and_title(ground):
    whole = "Bản đồ của xã"
    pdf = making.gap(ground, ["Hòa Phú"], making.Options(scale=5000, title=unicodedata.normalize("NFD", whole)))
    reader = pdf_texts.reader(pdf)
    assert reader.metadata.title == whole
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    assert whole in pdf_pages.words(pdf)
