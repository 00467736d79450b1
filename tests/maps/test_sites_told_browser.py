"""What the sites map says in words, in a real browser: why a parcel, which aim, how sure, on what grounds."""

import fake_sites
import pytest
from browser import chromium, take, visit
from sanchoi.maps import sites

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


def test_a_parcel_that_was_only_not_checked_waits_for_no_decision(browser, tmp_path):
    parcels = fake_sites.parcels().assign(
        against=["", "flood", "petrol-station", "", "land_use", "land_use;flood"], who_vi=None
    )
    sites.write(fake_sites.small(parcels=parcels), tmp_path)
    with visit(browser, tmp_path / "maps" / "sites.html") as found:
        panel = take(found.page, "T-2")
        assert "Có điều kiện: chỉ vì chưa kiểm tra đủ" in panel
        assert "Ai quyết định" not in panel


def test_a_plan_says_whether_a_second_computation_agreed(browser, tmp_path):
    for verified, said in ((True, "tính lại bằng một chương trình riêng"), (False, "CẢNH BÁO")):
        found = fake_sites.small()
        found.run["siting"] = {**fake_sites.SITING, "verified": verified}
        sites.write(found, tmp_path / str(verified))
        with visit(browser, tmp_path / str(verified) / "maps" / "sites.html") as page:
            assert said in page.page.inner_text("#plan-area .proof >> nth=0")
            assert page.page.locator("#plan-area .proof.wrong").count() == (not verified)


AIMS = {
    "p_median": ("m", 512.4, "mỗi trẻ đi bộ 512 m", "quãng đường đi bộ trung bình ngắn hơn"),
    "kolm_pollak": ("m", 601.7, "602 m mỗi trẻ", "quãng đường đi bộ đại diện ngắn hơn"),
    "max_min": ("share", 0.2646, "26,5 % trẻ em", "cho xã, phường thấp nhất tỷ lệ cao hơn"),
    "cover_all": ("sites", 49.0, "cần 49 điểm", "mà cần ít điểm hơn"),
    "capacitated": ("children", 1234.5, "đủ chỗ cho 1.235 trẻ em", "đủ chỗ cho nhiều trẻ em hơn"),
}


@pytest.mark.parametrize("objective", AIMS)
def test_every_objective_is_told_in_its_own_measure(browser, tmp_path, objective):
    unit, value, aim, proof = AIMS[objective]
    found = fake_sites.small(budget_curve=None)
    told = {"objective": objective, "unit": unit, "incumbent": value, "bound": value}
    found.run["siting"] = {**fake_sites.SITING, **told, "rules": {"budget": None, "count": 2, "beyond_m": 800.0}}
    sites.write(found, tmp_path)
    with visit(browser, tmp_path / "maps" / "sites.html") as page:
        panel = page.page.inner_text("#panel")
        assert aim in panel
        assert proof in panel


def test_by_need_nothing_is_newly_covered(browser, tmp_path):
    blank = fake_sites.parcels().assign(children_gained=float("nan"))
    found = fake_sites.small(
        communes=fake_sites.communes(surveyed=False), gaps=fake_sites.gaps(known=False), parcels=blank, plan_gaps=None
    )
    found.run["siting"] = {**fake_sites.SITING, "by_need": True}
    sites.write(found, tmp_path)
    with visit(browser, tmp_path / "maps" / "sites.html") as page:
        for language, words in (("vi", ("phục vụ", "Thêm trẻ em")), ("en", ("newly", "gained", "more children"))):
            page.page.click(f'button[data-language="{language}"]')
            shown = "".join(page.page.inner_text(part) for part in ("#panel", "#plan-area", "#table-area"))
            assert ("430 children within reach" if language == "en" else "430 trẻ em trong tầm đi bộ") in shown
            proof = "has more children within reach" if language == "en" else "có nhiều trẻ em trong tầm đi bộ hơn"
            assert proof in shown
            assert not [word for word in words if word in shown.replace(proof, "")]


def test_parts_add_up_to_the_total(browser, tmp_path):
    """Half a child in each of two lines is one in the facts: the lines may say neither 1 and 1 nor 0 and 0."""
    found = fake_sites.small()
    effects = found.tables["effects"].assign(children_gained=[0.0, 0.5, 0.5, 200.0])
    parcels = found.tables["parcels"].assign(children_gained=[1.0, 200.0, None, 0.0, None, 45.0])
    sites.write(fake_sites.small(parcels=parcels, effects=effects), tmp_path)
    with visit(browser, tmp_path / "maps" / "sites.html") as page:
        take(page.page, "T-1")
        rows = [row.split()[-1] for row in page.page.locator("#changes tbody tr").all_inner_texts()]
        assert int(rows[0]) + int(rows[1]) == int(rows[2]) + int(rows[3]) == 1


def test_the_methods_tell_scales_in_one_language(browser, tmp_path):
    told = fake_sites.criteria().assign(reason="lựa chọn thiết kế · a design choice")
    sites.write(fake_sites.small(criteria=told), tmp_path)
    with visit(browser, tmp_path / "maps" / "sites.html") as found:
        for language, own, other in (("vi", "lựa chọn thiết kế", "design"), ("en", "a design choice", "lựa chọn")):
            found.page.click(f'button[data-language="{language}"]')
            found.page.evaluate("document.querySelectorAll('#about details').forEach(d => { d.open = true; })")
            said = found.page.inner_text("#how-scored")
            assert own in said
            assert other not in said
        assert "Nghị định thử, Điều 1" in found.page.inner_text("#how-screened")
        assert "not checked" in found.page.inner_text("#how-screened")
