"""The what-if page without a script: the numbers of the interface, counted by hand; forms read; errors in words."""

import json
import re

import geopandas as gpd
import lxml.html
import numpy as np
import pyproj
import pytest
import service
import shapely
import what_if_town as town
from sanchoi.api.pages import what_if_form as form
from sanchoi.api.pages import what_if_picture as picture
from sanchoi.api.pages import what_if_told as telling
from sanchoi.api.pages.static_files import FOLDER
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem

HTML = {"accept": "text/html"}
PAGE = "/vi/r/town/what-if"
SENTENCE, PROBLEM, LIST = "//*[@id='sentence']", "//*[@id='problem']", "//*[@id='list']/li/span"


@pytest.fixture(scope="module")
def asked(results):
    with service.client(town.result(), *results.values(), raises=False) as found:
        yield found


def tree(answer, status=200):
    assert answer.status_code == status, answer.text[:500]
    return lxml.html.fromstring(answer.text)


def get(asked, address=PAGE, status=200, **values):
    return tree(asked.get(address, params=values, headers=HTML), status)


def text(node, path):
    return [" ".join(each.text_content().split()) for each in node.xpath(path)]


def started(node):
    return json.loads(node.get_element_by_id("start").text)


def rows(node, table):
    return [text(row, "th | td") for row in node.xpath(f"//*[@id='{table}']//tbody/tr[not(@class='why')]")]


def columns(node):
    return node.xpath("//*[@id='bands']//thead//*[not(@hidden)]/@data-column")


CASES = [
    ([town.NEW], "in_reach newly_covered", [["9", "9"], ["11", "11"], ["20", "20"]]),
    ([town.BETWEEN], "in_reach newly_covered", [["15", "15"], ["25", "25"], ["40", "40"]]),
    ([town.CLOSE_B], "newly_covered no_longer_covered", [["0", "9"], ["0", "11"], ["0", "20"]]),
    ([town.BRIDGE], "newly_covered", [["2"], ["4"], ["6"]]),
]


@pytest.mark.parametrize(("changes", "shown", "numbers"), CASES)
def test_the_page_shows_what_is_counted_by_hand_and_what_the_interface_says(asked, changes, shown, numbers):
    node = get(asked, changes=json.dumps(changes))
    assert columns(node) == shown.split()
    assert [row[1:] for row in rows(node, "bands")] == numbers
    told = asked.post("/api/v1/results/town/what-if", json={"changes": changes}).json()
    assert text(node, SENTENCE) == [told["sentence_vi"]]
    english = get(asked, "/en/r/town/what-if", changes=json.dumps(changes))
    assert text(english, SENTENCE) == [told["sentence_en"]]
    assert len(rows(node, "changed")) == len({row["commune_id"] for row in told["communes"]})
    assert node.xpath("//svg[@class='wi-picture']")


def test_the_class_of_a_commune_changes(asked):
    # 18 of 100 cells before, 36 after; 30 are enough, and 500 m² for 20 children are more than 2 m² each.
    # Without: 82 of 100 cells of 1.1 children = 90; with: 64 = 70. Short before: 2 m² for each of the 90.2.
    node = get(asked, changes=json.dumps([town.NEW]))
    assert rows(node, "changed")[0] == ["Đại Lãnh", "Quá xa → Đạt", "90 → 70", "180 → 141"]
    assert "từ “Quá xa” thành “Đạt”" in text(node, SENTENCE)[0]


def test_a_form_adds_to_the_list_and_a_button_takes_away(asked):
    lon, lat = town.at(1250, 500)
    kept = json.dumps([town.CLOSE_B])
    node = get(asked, do="point", lon=str(lon).replace(".", ","), lat=str(lat), area="1.500", changes=kept)
    assert text(node, LIST) == ["Đóng B", "Sân chơi mới, 1.500 m²"]
    changes = started(node)["changes"]
    assert changes == [town.CLOSE_B, town.point(1250, 500, 1500)]
    written = node.xpath("//*[@id='removal']/input[@name='changes']/@value")[0]
    assert json.loads(written) == changes
    kept = node.xpath("//form//input[@name='changes']/@value")
    assert len(kept) == 7  # the list, the form that saves, five forms that add
    assert set(kept) == {written}
    assert text(get(asked, remove="1", changes=written), LIST) == ["Sân chơi mới, 1.500 m²"]
    assert text(get(asked, remove="2", changes=json.dumps([town.CLOSE_B]), status=400), LIST) == ["Đóng B"]


def test_every_form_without_a_script(asked):
    a, b = town.at(250, 500), town.at(250, 700)
    corners = "\n".join(f"{x} {y}" for x, y in (town.at(1240, 490), town.at(1260, 490), town.at(1260, 510)))
    for values, said in (
        ({"do": "outline", "corners": corners}, "Sân chơi mới theo hình vẽ, 3 góc"),
        ({"do": "outline", "corners": corners, "area": "150"}, "Sân chơi mới theo hình vẽ, 3 góc, 150 m² chơi được"),
        ({"do": "close", "play_area": "B"}, "Đóng B"),
        ({"do": "enlarge", "play_area": "A", "area": "900"}, "Mở rộng A lên 900 m²"),
        ({"do": "crossing", "lon": a[0], "lat": a[1], "lon2": b[0], "lat2": b[1]}, "Cầu đi bộ mới"),
        (
            {"do": "crossing", "lon": a[0], "lat": a[1], "lon2": b[0], "lat2": b[1], "kind": "crossing"},
            "Lối sang đường mới",
        ),
    ):
        node = get(asked, **values)
        assert text(node, LIST) == [said]
        assert text(node, SENTENCE)[0].startswith("Nếu ")


def test_a_parcel_from_its_page_is_asked_about_at_once(asked):
    node = get(asked, "/vi/r/small/what-if", parcel="P1")
    assert text(node, LIST) == ["Sân chơi mới trên thửa P1"]
    told = asked.post("/api/v1/results/small/what-if", json={"changes": [{"action": "add", "parcel_id": "P1"}]}).json()
    assert text(node, SENTENCE) == [told["sentence_vi"]]
    node = get(asked, "/vi/r/small/what-if", parcel="nope", status=404)
    assert "thửa nope" in text(node, PROBLEM)[0]
    assert node.get_element_by_id("parcel-parcel").get("value") == "nope"
    assert text(node, "//*[@id='list']/li") == []


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"do": "close", "play_area": "nope"}, 404, "nope"),
        ({"do": "close"}, 400, "mã"),
        ({"do": "point", "lon": "x", "lat": "15"}, 400, "kinh độ"),
        ({"do": "point", "lon": "108.5", "lat": "15", "area": "-1"}, 400, "diện tích"),
        ({"do": "point", "lon": "10", "lat": "15"}, 422, "km"),
        ({"do": "outline", "corners": "108 15\n108 16"}, 400, "3 góc"),
        ({"do": "dance"}, 400, "dance"),
        ({"changes": "{"}, 400, "JSON"),
        ({"changes": "[NaN]"}, 400, "JSON"),
        ({"changes": "[1]"}, 400, "JSON"),
        ({"changes": "[" * 3000}, 400, "JSON"),
        (
            {"changes": '[{"action":"add","geometry":{"type":"Point","coordinates":[1e999,1]},"area_m2":1e999}]'},
            422,
            "hình",
        ),
        ({"changes": json.dumps([town.CLOSE_B] * 51)}, 413, "50"),
        ({"changes": json.dumps([town.CLOSE_B] * 50), "do": "close", "play_area": "A"}, 413, "50"),
        ({"remove": "1"}, 400, "remove"),
    ],
)
def test_what_cannot_be_answered_is_told_in_words_on_the_page(asked, values, status, words):
    node = get(asked, status=status, **values)
    assert words in text(node, PROBLEM)[0]
    assert node.get_element_by_id("problem").get("hidden") is None
    assert text(node, SENTENCE) == [""]


def test_what_was_typed_wrong_stays_in_its_form(asked):
    node = get(asked, do="point", lon="x", lat="15", area="700", status=400)
    assert node.get_element_by_id("point-lon").get("value") == "x"
    assert node.get_element_by_id("point-area").get("value") == "700"
    assert node.get_element_by_id("close-play_area").get("value") in (None, "")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/vi/r/nope/what-if", 404),
        (PAGE + "?foo=1", 400),
        (PAGE + "?scenario=nope", 404),
        (PAGE + "/change?do=dance", 400),
    ],
)
def test_unknown_things_have_pages_of_errors(asked, address, status):
    assert asked.get(address, headers=HTML).status_code == status


def test_hostile_texts_stay_texts(asked):
    changes = json.dumps([{"action": "close", "play_area_id": "A"}, {"action": "close", "play_area_id": "<img src=x>"}])
    for node in (get(asked, "/vi/r/hostile/what-if"), get(asked, "/vi/r/hostile/what-if", changes=changes, status=404)):
        assert not node.xpath("//img | //script[not(@src)][not(@id='start')]")
        assert {each.rsplit("/", 1)[-1] for each in node.xpath("//script/@src")} >= {"what_if.js"}
        started(node)  # still JSON: nothing in it ends the block
        assert len(node.xpath("//*[@id='start']")) == 1
        assert "alert(1)" in " ".join(text(node, "//*[@id='close-play_area']/option"))
    ground = asked.get("/r/hostile/what-if/ground.json")
    assert ground.headers["content-type"].startswith("application/json")
    assert len(ground.json()["communes"]["features"]) == 2


def test_nothing_stands_inline_that_the_policy_forbids(asked):
    page = asked.get(PAGE, params={"changes": json.dumps([town.NEW])}, headers=HTML)
    node = lxml.html.fromstring(page.text)
    assert not node.xpath("//style | //*[@style]")
    assert not [each for each in node.iter() if any(str(key).startswith("on") for key in each.attrib)]
    assert "script-src 'self'" in page.headers["content-security-policy"]
    scripts = list(FOLDER.glob("what_if*.js"))
    assert len(scripts) == 5
    assert sum(each.stat().st_size for each in scripts) < 26_000


def test_where_nobody_surveyed_what_is_gained_is_unknown_and_not_none(asked):
    node = get(asked, "/vi/r/unknown/what-if", changes=json.dumps([town.BETWEEN]))
    told = columns(node)
    assert told == ["in_reach", "newly_covered", "unsurveyed"]
    for row in rows(node, "bands"):
        assert row[2] == "chưa biết"
        assert row[1] == row[3] != "0"
    assert "chưa biết bao nhiêu em hiện chưa có" in text(node, SENTENCE)[0]


def test_the_ground_of_the_map_is_asked_for_once(asked):
    first = asked.get("/r/town/what-if/ground.json")
    found = first.json()
    assert [each["properties"]["name"] for each in found["communes"]["features"]] == ["Hòa Phú", "Đại Lãnh"]
    assert {each["properties"]["status"] for each in found["communes"]["features"]} == {"out_of_reach"}
    assert [(each["play_area_id"], each["counts"]) for each in found["play_areas"]] == [("A", True), ("B", True)]
    assert [found["play_areas"][0]["lon"], found["play_areas"][0]["lat"]] == pytest.approx(town.at(250, 500), abs=2e-6)
    assert len(found["barriers"]["features"]) == 1
    again = asked.get("/r/town/what-if/ground.json", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert asked.get("/r/town/what-if/ground.json?x=1").status_code == 400


@pytest.mark.parametrize("crs", ["EPSG:5899", "EPSG:32648"])
def test_squares_stand_where_the_grid_of_the_study_is(crs):
    low, high = (np.array(each) for each in ([107.2, 14.9], [108.8, 17.3]))  # a province and more
    found = picture.grid(gpd.GeoSeries([shapely.box(*low, *high)], crs="EPSG:4326"), crs)
    lon, lat = (each.ravel() for each in np.meshgrid(*(np.linspace(a, b, 25) for a, b in zip(low, high, strict=True))))
    x, y = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    u, v = (x - found["x"]) / found["unit"], (y - found["y"]) / found["unit"]
    powers = [(i, j) for i in range(4) for j in range(4 - i)]
    for name, true, metres in (("lon", lon, 107_000), ("lat", lat, 111_000)):
        told = sum(c * u**i * v**j for c, (i, j) in zip(found[name], powers, strict=True))
        assert np.abs(told - true).max() * metres < 1


def test_the_script_reads_forms_by_the_same_rules(asked):
    lon, lat = town.at(1250, 500)
    found = asked.get(
        PAGE + "/change", params={"do": "point", "lon": lon, "lat": lat}, headers={"accept": "application/json"}
    )
    assert found.json() == town.point(1250, 500)
    wrong = asked.get(
        PAGE + "/change", params={"do": "point", "lon": "x", "lat": lat}, headers={"accept": "application/json"}
    )
    assert (wrong.status_code, wrong.headers["content-type"]) == (400, "application/problem+json")
    assert "kinh độ" in wrong.json()["detail"]


@pytest.mark.parametrize(
    ("written", "lang", "area"),
    [
        ("500", "vi", 500),
        ("1.500", "vi", 1500),
        ("1.500,5", "vi", 1500.5),
        ("1,500", "en", 1500),
        ("1.5", "en", 1.5),
        ("1500,5", "en", 1500.5),
        ("2 000 m²", "vi", 2000),
        ("", "vi", 500),
    ],
)
def test_areas_as_people_write_them(written, lang, area):
    assert form.change({"do": "point", "lon": "108", "lat": "15", "area": written}, tongue(lang))["area_m2"] == area


@pytest.mark.parametrize(
    "written", ["108.5 15.25", "108,5 15,25", "108,5; 15,25", "108.5, 15.25", "108.5,15.25", " 108.5\t15.25 "]
)
def test_points_as_people_write_them(written):
    found = form.change({"do": "parcel", "parcel": "P", "entrance": written}, tongue("vi"))
    assert found["access_points"] == [[108.5, 15.25]]


@pytest.mark.parametrize("written", ["108,5,15,25", "1e3 5", "inf 1", "108", "", "a b", "1 2 3"])
def test_what_is_no_point_is_refused(written):
    with pytest.raises(Problem):
        form.change({"do": "outline", "corners": written}, tongue("vi"))


def test_a_ring_is_closed_once():
    ring = "108 15\n108.1 15\n108.1 15.1"
    closed = [[108, 15], [108.1, 15], [108.1, 15.1], [108, 15]]
    for written in (ring, ring + "\n108 15"):
        assert form.change({"do": "outline", "corners": written}, tongue("en"))["geometry"]["coordinates"] == [closed]


def test_cells_are_told_apart():
    #        before after new straight
    table = [
        (False, True, 100.0, 90.0, "new"),
        (False, True, None, None, "new"),  # by a footbridge
        (True, False, None, None, "lost"),
        (True, True, 100.0, 90.0, "reached"),
        (None, True, 100.0, 90.0, "reached"),  # whether it had one nobody knows
        (True, True, None, 90.0, "claimed"),
        (False, False, None, 90.0, "claimed"),
        (None, None, None, 90.0, "claimed"),
    ]
    names = ("covered_before", "covered_after", "new_m", "straight_m")
    cells = {name: [row[k] for row in table] for k, name in enumerate(names)}
    assert picture.classes(cells) == [row[4] for row in table]


def test_the_picture_draws_every_cell_once(asked):
    node = get(asked, changes=json.dumps([town.NEW]))
    told = asked.post("/api/v1/results/town/what-if", json={"changes": [town.NEW]}).json()["cells"]
    kinds = picture.classes(told)
    drawn = {each.get("fill"): each.get("d").count("M") for each in node.xpath("//svg[@class='wi-picture']/path")}
    assert kinds.count("new") == 18
    for name in set(kinds):
        assert drawn[picture.COLOURS[name]] == kinds.count(name)


def test_a_commune_of_which_one_age_group_alone_changes_is_shown_with_it_and_changes_of_status_come_first():
    def row(name, band, after="met"):
        return {"commune_id": name, "name": name, "band": band, "before": {"status": "met"}, "after": {"status": after}}

    answer = {"communes": [row("A", "0-5"), row("Đ", "0-5"), row("Đ", "all"), row("H", "all", "crowded")]}
    assert [(each["name"], each["band"]) for each in telling.communes(answer)] == [
        ("H", "all"),
        ("A", "0-5"),
        ("Đ", "all"),
    ]


def test_a_result_of_an_earlier_version_says_so(asked, tmp_path):
    import shutil

    old = shutil.copytree(town.result(), tmp_path / "old", ignore=shutil.ignore_patterns("model"))
    with service.client(old) as found:
        node = tree(found.get("/vi/r/old/what-if", headers=HTML))
        assert "tính lại" in text(node, "//*[@class='reason']")[0]
        assert not node.xpath("//form | //*[@id='map']")
        assert found.get("/vi/r/old/scenarios", headers=HTML).status_code == 200


def test_the_page_is_small_and_linked(asked):
    page = asked.get(PAGE, headers=HTML)
    assert len(page.content) < 60_000
    node = lxml.html.fromstring(page.text)
    assert "Thử đặt sân chơi" in text(node, "//nav[@class='wide']//a[@aria-current]")
    assert re.search(r"/vi/r/town/scenarios$", node.xpath("//form[@class='wi-save']/@action")[0])
    assert get(asked, "/vi/r/small/parcels/P1").xpath("//a[contains(@href, 'what-if?parcel=P1')]")
    link = get(asked, "/vi/r/town/communes/Hòa Phú").xpath("//a[contains(@href, 'what-if?commune=')]/@href")[0]
    assert started(tree(asked.get(link, headers=HTML)))["commune"] == "Hòa Phú"
