"""The form as a file: its size, what it holds, what it must not hold, and how it is given out."""

import json
import re
import shutil

import geopandas as gpd
import lxml.html
import numpy as np
import pyproj
import pytest
import service
import shapely
import small
from hostile import BAD, WORSE
from offline_file import made
from sanchoi.api.cli import main
from sanchoi.api.offline import form, layers, packing, zones
from sanchoi.api.problems import Problem
from sanchoi.gis.errors import UnknownId


def data_of(body):
    tree = lxml.html.fromstring(body.decode())
    return json.loads(tree.xpath("string(//script[@id='study'])"))


def unpacked(text):
    """The places of a packed line, read by another way than the form's."""
    digits = [packing.LETTERS.index(letter) for letter in text]
    numbers, bits = [], []
    for digit in digits:
        bits.append(digit & 31)
        if not digit & 32:
            value = sum(five << (5 * k) for k, five in enumerate(bits))
            numbers.append(value // 2 if value % 2 == 0 else -(value + 1) // 2)
            bits = []
    return np.cumsum(np.array(numbers).reshape(-1, 2), axis=0) * packing.GRID_M


def test_it_is_small_and_asks_nothing_of_anybody():
    body = made(service.result(), "Hòa Phú", "Đại Lãnh")
    assert len(body) <= 1_000_000
    text = body.decode()
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    assert not re.search(r"serviceWorker|XMLHttpRequest|fetch\(|<link|@import|eval\(", text)
    assert "default-src 'none'" in text


def test_what_it_draws_is_what_the_study_says():
    found = data_of(made(service.result(), "Hòa Phú"))
    assert found["origin"] == [small.X, small.Y]
    (commune,) = found["communes"]
    ring = unpacked(commune["lines"][0])
    assert shapely.Polygon(ring).symmetric_difference(shapely.box(0, 0, 1000, 1000)).area < 1000
    assert [each["name"] for each in found["neighbours"]] == ["Đại Lãnh"]
    assert found["parcels"]["id"] == ["P1", "P2#1", "P4"]  # the other two lie in Đại Lãnh
    first = unpacked(found["parcels"]["lines"][0][0])
    assert shapely.Polygon(first).symmetric_difference(shapely.box(699.5, 499.5, 729.5, 529.5)).area < 120 * 0.1
    assert found["zones"][0]["epsg"] == 5899
    assert len(found["zones"]) == 20
    assert found["told"] == []
    assert {code for code, _, _ in found["land_uses"]} >= {"BCS", "DKV"}
    assert "DSH" not in {code for code, _, _ in found["land_uses"]}  # an older code, no longer in force in 2026


def test_nothing_personal_is_in_it():
    """Owners of parcels and their costs stay with the service."""
    text = made(service.result(), "Hòa Phú").decode()
    assert "Hộ gia đình" not in text
    assert "calc" not in text


def test_texts_cannot_break_out():
    text = made(service.hostile_result(), "Hòa Phú").decode()
    assert text.count("<script") == 2
    assert text.count("</script") == 2
    assert BAD not in text
    found = data_of(text.encode())
    assert found["communes"][0]["name"] == BAD
    assert WORSE in found["result"]["name"]
    assert form.embedded({"a": "</script>\u2028<!--&"}) == '{"a":"\\u003c/script\\u003e\\u2028\\u003c!--\\u0026"}'


def many(folder, count):
    """The small result with so many parcels of twelve corners that they cannot all be there."""
    shutil.copytree(service.result(), folder)
    path = folder / "tables" / "parcels.parquet"
    table = gpd.read_parquet(path).to_crs(small.CRS)
    rows = table.iloc[np.zeros(count, dtype=int)].copy()
    side = np.arange(count)
    middles = np.column_stack([small.X + 20 + side % 50 * 19, small.Y + 20 + side // 50 * 31])
    rows["geometry"] = [shapely.Point(*xy).buffer(5 + k / count, quad_segs=24) for k, xy in enumerate(middles)]
    rows["parcel_id"] = [f"{k:06d}" for k in range(count)]
    rows["commune_id"] = "Hòa Phú"
    rows["area_m2"] = rows.geometry.area
    rows.to_crs("EPSG:4326").to_parquet(path)
    return folder


def test_what_does_not_fit_is_simplified_then_left_out_and_told(tmp_path, monkeypatch):
    monkeypatch.setattr(form, "MOST_BYTES", 140_000)
    body = made(many(tmp_path / "small", 1_500), "Hòa Phú")
    assert 110_000 < len(body) <= 140_000
    found = data_of(body)
    told = [vi for vi, _ in found["told"]]
    assert any(re.fullmatch(r"thửa đất: vẽ giản lược, có chỗ lệch tới [\d,]+ m", each) for each in told)
    kept = found["parcels"]["id"]
    assert 100 < len(kept) < 1_500
    assert f"thửa đất: {1_500 - len(kept)} trong 1500 không vẽ" in told
    assert found["parcels"]["all"] is False
    assert kept[-1] == "001499"  # the largest stay


def test_packing_keeps_places_to_a_grid_step():
    xy = np.array([[0.04, -3.0], [812.36, 77.0], [812.36, 1e5], [-4.0, 12.0]])
    text = packing.text(xy, (0.0, 0.0))
    assert np.abs(unpacked(text) - xy).max() <= 0.05 + 1e-9
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)


def test_left_over_bytes_go_to_the_next():
    purse = layers.Purse(1000)
    first = purse.share(1000, "communes")
    purse.pay(first, 40)
    assert (first, purse.left, purse.share(1000, "play")) == (240, 960, 40 + 200)


def test_zones_are_those_of_proj():
    """Each zone's own numbers and the shift at the place, as PROJ would use them there."""
    for found in zones.zones("EPSG:5899", 108.3, 15.7):
        back = pyproj.Transformer.from_crs(found["epsg"], 4326, always_xy=True)
        assert back.transform(found["x0"], 0.0)[0] == pytest.approx(found["lon0"], abs=0.01)
        assert found["turn"]["x"] == pytest.approx(-191.90441429)
    far_south = zones.zone("EPSG:5899", 105.5, 10.0)
    assert far_south["turn"]["x"] == pytest.approx(-192.873)  # another transformation holds in the delta
    assert zones.zone("EPSG:32628", -15.4, 28.1)["turn"] is None
    with pytest.raises(Problem) as told:
        zones.zone("EPSG:3035", 10.0, 50.0)
    assert told.value.key == "crs"


def test_communes_that_are_not_there():
    with pytest.raises(UnknownId):
        made(service.result(), "nowhere")
    with pytest.raises(Problem):
        made(service.result())


def test_from_the_command_line(tmp_path, capsys):
    out = tmp_path / "new" / "form.html"
    assert main(["offline", str(service.result()), "--commune", "Hòa Phú", "--out", str(out)]) == 0
    assert data_of(out.read_bytes())["result"]["id"] == "small"
    assert "bytes" in capsys.readouterr().out
    assert main(["offline", str(service.result()), "--commune", "nowhere", "--out", str(out)]) not in (0, 1)
    assert "nowhere" in capsys.readouterr().err


def test_it_is_given_out_as_a_file_and_never_as_a_page(site):
    answer = site.client.get("/vi/r/small/propose/offline/H%C3%B2a%20Ph%C3%BA.html")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="to-khai-small-hoa-phu.html"'
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.content[:15] == b"<!DOCTYPE html>"
    both = site.client.get("/en/r/small/propose/offline/H%C3%B2a%20Ph%C3%BA.html?also=%C4%90%E1%BA%A1i%20L%C3%A3nh")
    assert len(data_of(both.content)["communes"]) == 2
    assert site.client.get("/vi/r/small/propose/offline/x.html").status_code == 404
    assert site.client.get("/vi/r/small/propose/offline/x.html?y=1").status_code == 400


def test_the_page_that_explains_has_the_steps_and_the_own_commune_first(site):
    page = site.client.get("/vi/r/small/propose/offline", headers={"accept": "text/html"})
    assert page.status_code == 200
    tree = lxml.html.fromstring(page.text)
    steps = [each.text_content() for each in tree.xpath("//ol[@class='pp-steps']/li/h3")]
    assert steps == ["Tải tờ khai", "Chép vào USB", "Mở bằng trình duyệt", "Lưu tệp đề xuất", "Đem nộp hoặc gửi"]
    links = tree.xpath("//a[@download]/@href")
    assert links == ["/vi/r/small/propose/offline/H%C3%B2a%20Ph%C3%BA.html"]
    moved = site.client.get("/vi/r/small/propose/offline?commune=%C4%90%E1%BA%A1i%20L%C3%A3nh")
    assert moved.headers["location"] == "/vi/r/small/propose/offline/%C4%90%E1%BA%A1i%20L%C3%A3nh.html"
