"""Scenarios on pages, by plain forms alone: saved, shown, changed, compared, deleted; a conflict loses nothing."""

import json
import re

import lxml.html
import pytest
import service
import what_if_town as town
from hostile import BAD, WORSE

HTML = {"accept": "text/html"}
ROOT = "/vi/r/town/scenarios"
NAME = "Thêm sân ở Đại Lãnh"


@pytest.fixture
def asked():
    with service.client(town.result(), service.result(), raises=False) as found:
        yield found


def get(asked, address, status=200):
    answer = asked.get(address, headers=HTML)
    assert answer.status_code == status, (address, answer.text[:500])
    return tree(answer)


def tree(answer):
    return lxml.html.fromstring(answer.text)


def post(asked, address, status=303, changes=None, headers=None, **values):
    data = values if changes is None else {"changes": json.dumps(changes), **values}
    answer = asked.post(address, data=data, headers={**HTML, **(headers or {})})
    assert answer.status_code == status, answer.text[:500]
    return answer


def saved(asked, changes=(town.NEW,), name=NAME, **values):
    place = post(asked, ROOT, changes=list(changes), name=name, **values).headers["location"]
    return re.fullmatch(ROOT + r"/([0-9a-f]{32})\?saved=1", place)[1]


def text(node, path):
    return [" ".join(each.text_content().split()) for each in node.xpath(path)]


def rows(node, table):
    return [text(row, "th | td") for row in node.xpath(f"//*[@id='{table}']//tbody/tr[not(@class='why')]")]


def value(node, name):
    return node.xpath(f"//form[@class='wi-save']//*[@name='{name}']")[0]


def test_a_list_is_saved_and_shown_with_its_answer(asked):
    scenario = saved(asked, [town.NEW, town.CLOSE_B], note="dòng 1\r\ndòng 2")
    node = get(asked, f"{ROOT}/{scenario}")
    assert text(node, "//h1") == [f"Phương án “{NAME}”"]
    assert text(node, "//ol[@class='wi-list']/li") == ["Sân chơi mới, 500 m²", "Đóng B"]
    assert node.xpath("//*[@class='wi-note']")[0].text == "dòng 1\ndòng 2"
    told = asked.get(f"/api/v1/scenarios/{scenario}/result").json()
    assert text(node, "//p[@class='headline']") == [told["sentence_vi"]]
    assert node.xpath("//svg[@class='wi-picture']")
    assert node.xpath(f"//a[@href='/api/v1/scenarios/{scenario}/export']")
    row = asked.get(f"/api/v1/scenarios/{scenario}").json()
    assert (row["changes"], row["version"]) == ([town.NEW, town.CLOSE_B], 1)
    listed = get(asked, ROOT)
    assert text(listed, "//tbody/tr/th") == [f"{NAME}dòng 1 dòng 2"]


def test_a_scenario_is_changed_with_its_changes_loaded(asked):
    scenario = saved(asked)
    node = get(asked, f"/vi/r/town/what-if?scenario={scenario}")
    assert text(node, "//*[@id='list']/li/span") == ["Sân chơi mới, 500 m²"]
    form = node.xpath("//form[@class='wi-save']")[0]
    assert form.get("action") == f"{ROOT}/{scenario}"
    assert (value(node, "name").get("value"), value(node, "version").get("value")) == (NAME, "1")
    post(asked, form.get("action"), changes=[town.CLOSE_B], name="B", version="1")
    row = asked.get(f"/api/v1/scenarios/{scenario}").json()
    assert (row["name"], row["changes"], row["version"]) == ("B", [town.CLOSE_B], 2)


def test_a_conflict_is_told_kindly_and_loses_nothing(asked):
    scenario = saved(asked)
    post(asked, f"{ROOT}/{scenario}", changes=[town.CLOSE_B], name="của người kia", version="1")
    mine = {"changes": [town.BETWEEN], "name": "của tôi", "note": "ghi chú của tôi"}
    node = tree(post(asked, f"{ROOT}/{scenario}", 409, version="1", **mine))
    assert "không mất" in text(node, "//*[@role='alert']")[0]
    assert value(node, "name").get("value") == "của tôi"
    assert value(node, "note").text.strip() == "ghi chú của tôi"
    assert json.loads(value(node, "changes").get("value")) == [town.BETWEEN]
    assert value(node, "version").get("value") == "2"
    assert text(node, "//form[@class='wi-save']//button") == ["Lưu đè lên bản kia", "Lưu thành phương án mới"]
    assert asked.get(f"/api/v1/scenarios/{scenario}").json()["name"] == "của người kia"
    place = node.xpath("//form[@class='wi-save']//button/@formaction")
    assert place == [ROOT]
    post(asked, ROOT, version="2", **mine)  # as a new one
    post(asked, f"{ROOT}/{scenario}", version="2", **mine)  # over theirs
    assert asked.get(f"/api/v1/scenarios/{scenario}").json()["name"] == "của tôi"
    assert len(text(get(asked, ROOT), "//tbody/tr")) == 2


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"changes": [town.NEW], "name": "  "}, 400, "name"),
        ({"changes": [town.NEW], "name": "a" * 201}, 400, "200"),
        ({"changes": [town.NEW], "name": "a", "note": "n" * 5001}, 400, "5000"),
        ({"changes": [town.NEW], "name": "a\x00b"}, 400, "name"),
        ({"changes": [], "name": "a"}, 400, "chưa có thay đổi"),
        ({"changes": [{"action": "close", "play_area_id": "nope"}], "name": "a"}, 404, "nope"),
        ({"changes": [town.CLOSE_B] * 51, "name": "a"}, 413, "50"),
        ({"changes": "x", "name": "a"}, 400, "JSON"),
        ({}, 400, "chưa có thay đổi"),
    ],
)
def test_what_cannot_be_saved_comes_back_with_all_that_was_written(asked, values, status, words):
    node = tree(post(asked, ROOT, status, **values))
    assert words in text(node, "//*[@id='problem']")[0]
    if values.get("changes"):
        assert value(node, "name").get("value") == values["name"].replace("\x00", "\ufffd") or "\x00" in values["name"]
        assert value(node, "note").text.removeprefix("\n") == values.get("note", "")
    assert not text(get(asked, ROOT), "//tbody/tr")


def test_two_are_compared(asked):
    one, two = saved(asked, [town.NEW, town.BRIDGE], "Một"), saved(asked, [town.NEW, town.CLOSE_B], "Hai")
    node = get(asked, f"{ROOT}/compare?one={one}&two={two}")
    effects = {row[0]: row[1:] for row in rows(node, "effects")}
    # by hand: what_if_town. NEW gains 9 + 10.8, BRIDGE 2 + 4, CLOSE_B loses 9 + 10.8 of others than NEW gains
    assert effects["Trẻ em có thêm sân chơi, 0–5 tuổi"] == ["11", "9"]
    assert effects["Trẻ em có thêm sân chơi, 6–14 tuổi"] == ["15", "11"]
    assert effects["Trẻ em có thêm sân chơi, Mọi lứa tuổi"] == ["26", "20"]
    assert effects["Trẻ em mất sân chơi"] == ["0", "20"]
    assert effects["Xã, phường đổi tình trạng"] == ["1", "0"]
    lon, lat = (f"{each:.4f}".replace(".", ",") for each in town.at(250, 500))
    assert text(node, "//section//ol/li") == [f"Cầu đi bộ mới (ở {lon}; {lat})", "Đóng B"]
    lon, lat = (f"{each:.4f}".replace(".", ",") for each in town.at(1250, 500))
    assert text(node, "//main/ol/li") == [f"Sân chơi mới, 500 m² (ở {lon}; {lat})"]
    told = asked.get(f"/api/v1/scenarios/{one}/compare?with={two}").json()
    assert text(node, "//section/p[1]") == [told["one"]["sentence_vi"], told["two"]["sentence_vi"]]
    status = {row[0]: row[1:4] for row in rows(node, "changed")}
    assert status["Đại Lãnh"] == ["Quá xa", "Đạt", "Quá xa"]
    assert get(asked, ROOT).xpath("//form[contains(@action, 'compare')]//select[@name='two']")


def test_deleting_asks_first_and_sees_what_others_did(asked):
    scenario = saved(asked)
    node = get(asked, f"{ROOT}/{scenario}/delete")
    assert NAME in text(node, "//h1")[0]
    assert asked.get(f"/api/v1/scenarios/{scenario}").status_code == 200
    post(asked, f"{ROOT}/{scenario}", changes=[town.CLOSE_B], name="khác", version="1")
    again = tree(post(asked, f"{ROOT}/{scenario}/delete", 409, version="1"))
    assert "khác" in text(again, "//h1")[0]
    version = again.xpath("//input[@name='version']/@value")[0]
    assert post(asked, f"{ROOT}/{scenario}/delete", version=version).headers["location"] == ROOT + "?deleted=1"
    assert asked.get(f"/api/v1/scenarios/{scenario}").status_code == 404
    assert "Đã xóa" in text(get(asked, ROOT + "?deleted=1"), "//*[@role='status']")[0]


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "1.0", "9" * 30, "²"])
def test_versions_that_are_none_are_refused(asked, version):
    scenario = saved(asked)
    post(asked, f"{ROOT}/{scenario}", 400, changes=[town.CLOSE_B], name="B", version=version)
    post(asked, f"{ROOT}/{scenario}/delete", 400, version=version)
    assert asked.get(f"/api/v1/scenarios/{scenario}").json()["version"] == 1


def test_unknown_ones_and_those_of_another_result_are_not_found(asked):
    scenario = saved(asked)
    for address in (
        f"{ROOT}/nope",
        f"/vi/r/small/scenarios/{scenario}",
        f"{ROOT}/{scenario}/nope",
        "/vi/r/nope/scenarios",
    ):
        get(asked, address, 404)
    get(asked, f"/vi/r/small/what-if?scenario={scenario}", 404)
    post(asked, f"/vi/r/small/scenarios/{scenario}/delete", 404, version="1")
    get(asked, f"{ROOT}/compare?one={scenario}&two=nope", 404)
    get(asked, f"{ROOT}/compare?one={scenario}", 400)
    get(asked, ROOT + "?page=0", 400)
    get(asked, ROOT + "?x=1", 400)


def test_hostile_names_stay_texts(asked):
    one, two = (saved(asked, name=each, note=each) for each in (BAD, WORSE))
    for address in (
        ROOT,
        f"{ROOT}/{one}",
        f"{ROOT}/{two}",
        f"{ROOT}/{two}/delete",
        f"{ROOT}/compare?one={one}&two={two}",
        f"/vi/r/town/what-if?scenario={two}",
    ):
        node = get(asked, address)
        assert not node.xpath("//img | //script[not(@src)][not(@id='start')]"), address
        assert "49" not in text(node, "//h1")[0]


def test_forms_of_our_own_pages_pass_and_those_of_others_do_not(asked):
    own = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    post(asked, ROOT, changes=[town.NEW], name="a", headers=own)
    for foreign in ({"origin": "https://other.example"}, {"sec-fetch-site": "cross-site"}):
        post(asked, ROOT, 403, changes=[town.NEW], name="b", headers=foreign)
    assert len(text(get(asked, ROOT), "//tbody/tr")) == 1


def test_a_result_made_anew_is_told(asked, tmp_path):
    import shutil

    own = shutil.copytree(town.result(), tmp_path / "town")
    with service.client(own, data=tmp_path / "data") as first:
        scenario = saved(first)
        assert "tính lại" not in first.get(f"{ROOT}/{scenario}", headers=HTML).text
    record = own / "run.json"
    run = json.loads(record.read_text(encoding="utf-8"))
    run["timings"] = {}
    record.write_text(json.dumps(run), encoding="utf-8")
    with service.client(own, data=tmp_path / "data") as later:
        assert "Kết quả đã được tính lại" in later.get(f"{ROOT}/{scenario}", headers=HTML).text
