"""The pages say what the tables say, in both languages, whatever the result holds."""

import re
import urllib.parse
from html.parser import HTMLParser

import lxml.html
import pandas as pd
import pytest
from hostile import BAD, WORSE
from sanchoi.maps import words

LANGUAGES = ("vi", "en")
PAGES = ("", "gap", "communes", "sites", "parcels", "budget", "methods")
ODD = ["Thửa 7/Đ", "a b#2", "50%&x=1", '"q"<i>', "?page=2", "…/..x"]


def table(folder, name):
    return pd.read_parquet(folder / "tables" / f"{name}.parquet")


def said(value, digits, language):
    """A number as the language writes it, made here and not by the program."""
    if pd.isna(value):
        return {"vi": "chưa biết", "en": "unknown"}[language]
    text = f"{round(float(value), digits) + 0.0:.{digits}f}"
    whole, _, rest = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    groups = []
    while len(whole) > 3:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    marks = (".", ",") if language == "vi" else (",", ".")
    return sign + marks[0].join([whole, *groups]) + (marks[1] + rest if rest else "")


def text(node):
    return " ".join(node.text_content().split())


def rows(tree, number=0):
    """Cells of a table's body."""
    found = tree.xpath("//table")[number]
    return [[text(cell) for cell in line.xpath("./th|./td")] for line in found.xpath(".//tbody/tr[not(@class)]")]


def quoted(name):
    return urllib.parse.quote(name, safe="")


def every_page(results):
    """Every page of every result that a reader can reach without a filter."""
    out = []
    for lang in LANGUAGES:
        out.append(f"/{lang}/")
        for name, folder in results.items():
            base = f"/{lang}/r/{name}"
            out += [f"{base}/{page}" for page in PAGES]
            out += [f"{base}/communes/{quoted(each)}" for each in table(folder, "communes")["commune_id"]]
            if (folder / "tables" / "parcels.parquet").is_file():
                out += [f"{base}/parcels/{quoted(each)}" for each in table(folder, "parcels")["parcel_id"]]
    return out


@pytest.fixture(scope="module")
def all_pages(site, results):
    """Address → tree of every page."""
    return {address: site.get(address) for address in every_page(results)}


def test_every_link_of_every_page_answers(site, all_pages):
    asked, anchors = set(), {}
    for address, tree in all_pages.items():
        for link in tree.xpath("//@href|//@src|//form/@action"):
            whole = urllib.parse.urljoin(address, link)
            if urllib.parse.urlsplit(whole).scheme:
                continue
            path, _, anchor = whole.partition("#")
            if (
                "/r/small/" in path or "sort=" not in path
            ):  # headings sort alike everywhere: those of one result will do
                asked.add(path)
            if anchor and path in all_pages:
                anchors.setdefault(path, set()).add(anchor)
    drawn = {}  # a drawing takes a second: one of each kind and language will do
    for path in sorted(each for each in asked if "sheet.pdf" in each):
        drawn.setdefault((path[:4], "/parcels/" in path, path.partition("?")[2]), path)
    asked = {path for path in asked if "sheet.pdf" not in path} | set(drawn.values())
    assert len(asked) > 200
    assert len(drawn) >= 4
    bad = {path: code for path in sorted(asked) if (code := site.ask(path).status_code) != 200}
    assert not bad
    for path, wanted in anchors.items():
        assert wanted <= set(all_pages[path].xpath("//@id")), path


def test_every_page_has_language_title_heading_and_landmarks(all_pages):
    titles = set()
    for address, tree in all_pages.items():
        assert tree.xpath("/html/@lang") == [address[1:3]]
        assert len(tree.xpath("//h1")) == 1, address
        assert text(tree.xpath("//h1")[0]), address
        assert len(tree.xpath("//main")) == len(tree.xpath("//header")) == len(tree.xpath("//body/footer")) == 1
        assert tree.xpath("//body/a[1]/@href") == ["#main"]
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), address
        if "/r/small/" in address:
            titles.add((address[:3], text(tree.xpath("//title")[0])))
    assert len(titles) == sum("/r/small/" in address for address in all_pages)  # no two pages bear one title


def test_no_page_needs_a_laxer_policy(all_pages):
    """No style attribute, no script or style of its own, no handler: the policy allows nothing but the service's own files."""
    for address, tree in all_pages.items():
        assert not tree.xpath("//*/@style"), address
        assert not tree.xpath("//style"), address
        assert not tree.xpath("//script[not(@src)]"), address
        assert not [name for name in tree.xpath("//@*") if getattr(name, "attrname", "").startswith("on")], address
        assert all(link.startswith("/static/") for link in tree.xpath("//script/@src|//link[@rel='stylesheet']/@href"))
        config = tree.xpath("//meta[@name='htmx-config']/@content")[0]
        assert '"allowEval":false' in config
        assert '"includeIndicatorStyles":false' in config


def test_every_table_has_a_caption_and_scopes(all_pages):
    for address, tree in all_pages.items():
        for each in tree.xpath("//table"):
            assert each.xpath("./caption"), address
            assert not each.xpath(".//th[not(@scope)]"), address


def test_english_pages_say_nothing_in_the_words_of_the_program_in_vietnamese(all_pages):
    """Words of the tables and of the catalogue; texts of data stay as they are."""
    shown = {pair[0] for pair in words.WORDS.values() if len(pair[0]) > 25 and "{" not in pair[0]}
    for address, tree in all_pages.items():
        if address.startswith("/en/"):
            told = tree.text_content()
            assert not [each for each in shown if each in told], address


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_home_says_headline_map_unknown_and_ways_on(site, results, lang):
    tree = site.get(f"/{lang}/r/small/")
    gaps = table(results["small"], "gaps").query("band == 'all'")
    left = said(gaps["children_uncovered"].sum(), 0, lang)
    assert left in text(tree.xpath("//p[@class='headline']")[0])
    links = tree.xpath("//main//svg[@class='map']//a")
    assert len(links) == len(gaps)
    for link, (_, row) in zip(links, gaps.iterrows(), strict=True):
        status = words.word(f"t_{row['status']}", lang)
        assert text(link.xpath("./title")[0]) == link.get("aria-label") == f"{row['name']}: {status}"
        assert f"url(#p-{row['status']})" == link.xpath("./path/@fill")[0]
        assert urllib.parse.unquote(link.get("href")).endswith(row["commune_id"])
    assert tree.xpath("//section[@aria-labelledby='unknown-title']//li")


def test_communes_share_their_border_on_the_map(site):
    """Two squares side by side: the right edge of one is the left edge of the other, point for point."""
    paths = site.get("/vi/r/small/").xpath("//svg[@class='map']//a/path/@d")
    corners = []
    for path in paths:
        start, _, steps = path.removeprefix("M").rstrip("z").partition("l")
        x, y = map(int, start.split())
        points = [(x, y)]
        numbers = list(map(int, steps.split()))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        corners.append(set(points))
    assert len(corners) == 2
    assert len(corners[0] & corners[1]) >= 2
    assert max(x for x, _ in corners[0] | corners[1]) == 720


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("band", ["all", "0-5", "6-14"])
def test_the_gap_table_is_the_table(site, results, lang, band):
    gaps = table(results["small"], "gaps")
    mine = gaps[gaps["band"] == band].sort_values("children_uncovered", ascending=False)
    shown = rows(site.get(f"/{lang}/r/small/gap?band={band}"))
    expected = [
        [
            row["name"],
            words.word(f"t_{row['status']}", lang),
            said(row["children"], 0, lang),
            said(row["children_uncovered"], 0, lang),
            said(100 * row["covered_share"], 0, lang) + " %",
            said(row["access_m2_per_child"], 2, lang),
            said(row["play_area_m2"], 0, lang),
            said(row["shortfall_m2"], 0, lang),
        ]
        for _, row in mine.iterrows()
    ]
    assert shown == expected
    reasons = [text(each) for each in site.get(f"/{lang}/r/small/gap?band={band}").xpath("//tr[@class='why']")]
    assert reasons == mine[f"reason_{lang}"].tolist()


def test_the_gap_table_is_filtered_and_sorted_by_links(site, results):
    gaps = table(results["small"], "gaps").query("band == 'all'")
    for sort, rising in (("children", True), ("-children", False), ("name", True), ("-name", False)):
        column = sort.removeprefix("-")
        order = gaps.sort_values(column, ascending=rising)["name"].tolist()
        if column == "name":  # Đ is filed under D
            order = ["Đại Lãnh", "Hòa Phú"] if rising else ["Hòa Phú", "Đại Lãnh"]
        tree = site.get(f"/vi/r/small/gap?sort={sort}")
        assert [row[0] for row in rows(tree)] == order
        marked = tree.xpath("//thead//th[@aria-sort]")
        assert [each.get("aria-sort") for each in marked] == ["ascending" if rising else "descending"]
    status = gaps["status"].iloc[0]
    assert len(rows(site.get(f"/vi/r/small/gap?status={status}"))) == (gaps["status"] == status).sum()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_commune_says_its_numbers_its_reason_and_what_the_plan_changes(site, results, lang):
    gaps, plan = table(results["small"], "gaps"), table(results["small"], "plan_gaps")
    for name in gaps["commune_id"].unique():
        tree = site.get(f"/{lang}/r/small/communes/{quoted(name)}")
        mine = gaps[gaps["commune_id"] == name].set_index("band")
        assert text(tree.xpath("//h1")[0]) == name
        assert text(tree.xpath("//p[contains(@class, 'reason')]")[0]) == mine.loc["all", f"reason_{lang}"]
        by_band = rows(tree, 0)
        for line, band in zip(by_band, ["all", "0-5", "6-14"], strict=True):
            row = mine.loc[band]
            assert line[2:7] == [
                said(row["children"], 0, lang),
                said(row["children_uncovered"], 0, lang),
                said(100 * row["covered_share"], 1, lang),
                said(row["access_m2_per_child"], 2, lang),
                said(row["shortfall_m2"], 0, lang),
            ]
        changed = rows(tree, 1)
        after = plan[plan["commune_id"] == name].set_index("band")
        for line, band in zip(changed, ["all", "0-5", "6-14"], strict=True):
            row = after.loc[band]
            assert line[1:3] == [
                said(row["children_uncovered_before"], 0, lang),
                said(row["children_uncovered_after"], 0, lang),
            ]
        best = [line[0] for line in rows(tree, 2)] if len(tree.xpath("//table")) > 3 else []
        parcels = table(results["small"], "parcels")
        ranked = parcels[(parcels["commune_id"] == name) & parcels["rank"].notna()].sort_values(["rank", "parcel_id"])
        assert best == ranked["parcel_id"].tolist()[:10]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_parcel_says_its_ledger_its_score_and_why_not(site, results, lang):
    folder = results["small"]
    parcels, screening = table(folder, "parcels"), table(folder, "screening")
    contributions, why = table(folder, "contributions"), table(folder, "why_not").set_index("parcel_id")
    chosen = set(table(folder, "sites")["parcel_id"])
    marks = {"vi": ("✓ đạt", "✗ không đạt", "? chưa kiểm tra"), "en": ("✓ passed", "✗ failed", "? not checked")}[lang]
    for _, parcel in parcels.iterrows():
        name = parcel["parcel_id"]
        tree = site.get(f"/{lang}/r/small/parcels/{quoted(name)}")
        ledger = tree.xpath("//section[@aria-labelledby='ledger-title']//tbody/tr/td[1]")
        mine = screening[screening["parcel_id"] == name]
        told = [text(each) for each in ledger]
        assert len(told) == len(mine)
        for mark, value in zip(marks, (True, False, None), strict=True):
            count = (
                mine["passed"].isna().sum() if value is None else (mine["passed"] == value).fillna(value=False).sum()
            )
            assert sum(each.startswith(mark) for each in told) == count
        parts = tree.xpath("//section[@aria-labelledby='score-title']//tbody/tr")
        weighted = contributions[(contributions["parcel_id"] == name) & (contributions["weight"] > 0)]
        weighted = weighted.sort_values("contribution", ascending=False)
        if parcel["verdict"] == "excluded":
            assert not parts
            continue
        shown = [text(line.xpath("./td")[2]) for line in parts]
        assert shown == [*(said(v, 3, lang) for v in weighted["contribution"]), said(parcel["score"], 3, lang)]
        facts = {text(each.xpath("./dt")[0]): text(each.xpath("./dd")[0]) for each in tree.xpath("//dl/div")}
        assert facts[{"vi": "Trẻ em đi bộ tới được", "en": "Children who could walk to it"}[lang]] == said(
            parcel["children_reached"], 0, lang
        )
        reason = [text(each) for each in tree.xpath("//p[@class='reason']")]
        if name not in chosen:
            assert reason[0].startswith(why.loc[name, f"reason_{lang}"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whom_a_parcel_would_serve_adds_up(site, results, lang):
    effects = table(results["small"], "effects")
    for name, mine in effects.groupby("parcel_id"):
        tree = site.get(f"/{lang}/r/small/parcels/{quoted(name)}")
        told = tree.xpath("//section[@aria-labelledby='effect-title']//table")
        for each in told:
            shown = sum(int(text(cell).replace(".", "").replace(",", "")) for cell in each.xpath(".//tbody/tr/td[1]"))
            assert shown == round(mine["children_reached"].sum())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sites_and_budget_are_the_tables(site, results, lang):
    sites, curve = table(results["small"], "sites"), table(results["small"], "budget_curve")
    shown = rows(site.get(f"/{lang}/r/small/sites"))
    assert [line[:2] for line in shown] == [[str(row.build_order), row.parcel_id] for row in sites.itertuples()]
    assert [line[4] for line in shown] == [said(value, 0, lang) for value in sites["children_gained"]]
    assert [line[5] for line in shown] == [said(value, 0, lang) for value in sites["children_total"]]
    told = rows(site.get(f"/{lang}/r/small/budget"))
    assert [line[0] for line in told] == [said(value, 0, lang) for value in curve["budget"]]
    assert [line[2] for line in told] == [said(value, 0, lang) for value in curve["value"]]
    assert [line[3] for line in told] == [said(value, 0, lang) for value in curve["bound"]]
    proof = {"vi": "Đã chứng minh là tốt nhất", "en": "Proven best"}[lang]
    assert proof in text(site.get(f"/{lang}/r/small/sites").xpath("//p[contains(@class, 'proof')]")[0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_methods_name_every_norm_and_constraint_with_what_is_unverified(site, results, lang):
    tree = site.get(f"/{lang}/r/small/methods")
    constraints = table(results["small"], "constraints")
    lines = tree.xpath("//section[@id='constraints']//tbody/tr")
    assert len(lines) == len(constraints)
    mark = {"vi": "chưa kiểm chứng", "en": "unverified"}[lang]
    assert sum(text(line).endswith(mark) for line in lines) == (~constraints["verified"]).sum()
    missing = {"vi": "chưa kiểm tra", "en": "not checked"}[lang]
    assert sum(missing in text(line.xpath("./td")[1]) for line in lines) == (~constraints["checked"]).sum()
    criteria = table(results["small"], "criteria")
    assert len(tree.xpath("//section[@id='criteria']//tbody/tr")) == len(criteria)
    assert "small" not in text(tree.xpath("//h1")[0])


def test_parcels_are_filtered_sorted_and_paged(site, results):
    parcels = table(results["odd"], "parcels")
    base = "/vi/r/odd/parcels"
    assert {row[0] for row in rows(site.get(base))} == set(ODD)
    for verdict in ("eligible", "conditional", "excluded"):
        mine = parcels[parcels["verdict"] == verdict]["parcel_id"]
        tree = site.get(f"{base}?verdict={verdict}")
        assert sorted(row[0] for row in rows(tree) if len(row) > 1) == sorted(mine)
        assert f"{len(mine)} trong {len(parcels)}" in text(tree.xpath("//*[@id='found']")[0])
    assert [row[0] for row in rows(site.get(f"{base}?q=thua"))] == ["Thửa 7/Đ"]
    assert [row[0] for row in rows(site.get(f"{base}?q=%23"))] == ["a b#2"]
    scores = parcels["score"].dropna().sort_values()
    least = round(float(scores.iloc[len(scores) // 2]), 2)
    found = {row[0] for row in rows(site.get(f"{base}?min_score={str(least).replace('.', ',')}"))}
    assert found == set(parcels[parcels["score"] >= least]["parcel_id"])
    for sort, rising in (("score", True), ("-score", False), ("usable_m2", True), ("-usable_m2", False)):
        column = sort.removeprefix("-")
        known = parcels[parcels[column].notna()].sort_values([column, "parcel_id"], ascending=[rising, True])
        blank = sorted(parcels[parcels[column].isna()]["parcel_id"])
        assert [row[0] for row in rows(site.get(f"{base}?sort={sort}"))] == known["parcel_id"].tolist() + blank


def test_pages_of_the_table_hold_every_parcel_once(site, monkeypatch, results):
    monkeypatch.setattr("sanchoi.api.pages.parcels.SIZE", 4)
    base = "/en/r/odd/parcels?sort=-parcel_id"
    one, two, beyond = (rows(site.get(f"{base}&page={n}")) for n in (1, 2, 9))
    assert [row[0] for row in one + two] == sorted(ODD, reverse=True)
    assert beyond == two
    tree = site.get(f"{base}&page=2")
    assert tree.xpath("//a[@rel='prev']/@href") == ["/en/r/odd/parcels?sort=-parcel_id&page=1"]
    assert not tree.xpath("//a[@rel='next']")


def test_odd_ids_lead_to_their_own_page(site):
    for name in ODD:
        tree = site.get(f"/vi/r/odd/parcels/{quoted(name)}")
        assert text(tree.xpath("//h1")[0]) == f"Thửa đất {name}"
        assert tree.xpath("//svg[@class='parcel']/path/@d")[0].startswith("M")
    for link in site.get("/vi/r/odd/parcels").xpath("//tbody/tr/th/a"):  # followed as a browser follows them
        assert text(site.get(link.get("href")).xpath("//h1")[0]) == f"Thửa đất {text(link)}"


class Elements(HTMLParser):
    """What a browser would make of a page: its elements and their attributes."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_hostile_texts_stay_texts(all_pages):
    shown = 0
    for address, tree in all_pages.items():
        if "/hostile" not in address:
            continue
        page = tree.answer
        assert BAD not in page, address
        assert WORSE not in page, address
        assert "49" not in re.findall(r"\{\{.*?\}\}", page), address
        shown += BAD in tree.text_content()
        reader = Elements()
        reader.feed(page)
        for tag, attributes in reader.seen:
            assert tag != "img", address
            assert tag != "script" or "src" in attributes, address
            assert not any(name.startswith("on") for name in attributes), address
            assert not str(attributes.get("href", "")).lower().startswith("javascript"), address
    assert shown > 10


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", ["communes/nowhere", "parcels/none%2Fsuch", "nothing", "parcels/%3Cscript%3E"])
def test_what_is_not_there_has_a_page_that_says_so(site, lang, page):
    answer = site.ask(f"/{lang}/r/small/{page}")
    assert answer.status_code == 404
    tree = lxml.html.fromstring(answer.text)
    assert tree.xpath("/html/@lang") == [lang]
    assert "<script>" not in answer.text
    assert tree.xpath(f"//main//a[@href='/{lang}/r/small/']")
    assert tree.xpath("//nav")
    assert (
        "application/problem+json"
        in site.ask(f"/{lang}/r/small/{page}", accept="application/json").headers["content-type"]
    )


def test_an_unknown_result_is_a_page_too(site):
    answer = site.ask("/vi/r/nowhere/")
    assert answer.status_code == 404
    assert "Không tìm thấy" in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "gap?band=7-9",
        "gap?status=fine",
        "gap?sort=colour",
        "communes?sort=-nothing",
        "parcels?verdict=maybe",
        "parcels?commune=nowhere",
        "parcels?min_score=high",
        "parcels?min_score=1.5",
        "parcels?min_score=nan",
        "parcels?page=0",
        "parcels?page=²",
        "parcels?colour=red",
        "sites?band=x",
        "methods?all=1",
        "?q=1",
    ],
)
def test_a_bad_parameter_is_named(site, address):
    answer = site.ask(f"/vi/r/small/{address}")
    assert answer.status_code == 400
    name = address.split("?")[1].split("=")[0]
    assert name in text(lxml.html.fromstring(answer.text).xpath("//main")[0])


def test_what_messengers_add_to_a_link_is_passed_over(site):
    assert site.ask("/vi/r/small/?fbclid=IwAR0&utm_source=zalo").status_code == 200


def test_empty_fields_of_a_form_ask_for_nothing(site):
    plain = rows(site.get("/vi/r/small/parcels"))
    assert rows(site.get("/vi/r/small/parcels?q=&commune=&verdict=&min_score=&sort=rank")) == plain


def test_a_page_that_has_not_changed_is_not_sent_again(site):
    first = site.ask("/vi/r/small/gap")
    tag = first.headers["etag"]
    again = site.ask("/vi/r/small/gap", **{"if-none-match": tag})
    assert again.status_code == 304
    assert not again.content
    others = ["/en/r/small/gap", "/vi/r/small/gap?band=0-5", "/vi/r/bare/gap", "/vi/r/small/communes"]
    tags = [site.ask(each).headers["etag"] for each in others]
    assert len({tag, *tags}) == 5
    assert all(site.ask(each, **{"if-none-match": tag}).status_code == 200 for each in others)


def test_static_files_are_kept_for_ever_under_their_hash(site):
    sheet = site.get("/vi/r/small/").xpath("//link[@rel='stylesheet']/@href")[0]
    answer = site.ask(sheet)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    name = sheet.rsplit("/", 1)[1]
    old = site.ask(f"/static/000000000000/{name}")
    assert old.status_code == 200
    assert "immutable" not in old.headers["cache-control"]
    for bad in ("nothing.css", "..%2F__init__.py", "pages.css.py", "%2e%2e"):
        assert site.ask(f"/static/000000000000/{bad}").status_code in (404, 405), bad


def test_the_root_leads_to_the_asker_s_language(site):
    for wanted, lang in (("en-GB,en;q=0.9", "en"), ("vi", "vi"), ("fr", "vi"), ("", "vi")):
        answer = site.ask("/", **{"accept-language": wanted})
        assert (answer.status_code, answer.headers["location"]) == (307, f"/{lang}/")


def test_the_list_names_every_result(site, results):
    links = site.get("/vi/").xpath("//main//h2/a/@href")
    assert links == [f"/vi/r/{name}/" for name in results]


def test_the_language_switch_keeps_the_page(site):
    tree = site.get("/vi/r/odd/parcels?q=a+b%23&sort=-score")
    other = tree.xpath("//p[@id='languages']/a[@lang='en']/@href")[0]
    assert other == "/en/r/odd/parcels?q=a+b%23&sort=-score"
    odd = quoted("Thửa 7/Đ")
    tree = site.get(f"/vi/r/odd/parcels/{odd}")
    there = site.get(tree.xpath("//p[@id='languages']/a[@lang='en']/@href")[0])
    assert text(there.xpath("//h1")[0]) == "Parcel Thửa 7/Đ"


def test_a_result_without_parcels_says_so_and_offers_none(site):
    for page in ("sites", "parcels", "budget"):
        tree = site.get(f"/vi/r/bare/{page}")
        assert not tree.xpath("//table")
        assert "study.toml" in text(tree.xpath("//main")[0])
    assert not [
        each for each in site.get("/vi/r/bare/").xpath("//nav//@href") if each.endswith(("sites", "parcels", "budget"))
    ]


def test_a_result_without_a_plan_ranks_the_parcels(site):
    tree = site.get("/vi/r/odd/sites")
    assert "Chưa chọn địa điểm" in text(tree.xpath("//main")[0])
    assert site.get("/vi/r/odd/communes/Hòa Phú").xpath("//section[@aria-labelledby='best-title']//tbody/tr")


def test_where_nothing_is_known_nothing_reads_as_zero(site, results):
    """Not surveyed, no norm of m², no network: counts of children stand, everything that hangs on play areas is unknown."""
    gaps = table(results["unknown"], "gaps")
    assert gaps["children_uncovered"].isna().all()
    home = site.get("/vi/r/unknown/")
    assert "Chưa khảo sát" in text(home.xpath("//section[@aria-labelledby='unknown-title']")[0])
    fills = home.xpath("//svg[@class='map']//path/@fill")
    assert len(set(fills)) == 2  # 300 and 110 children: two classes
    assert all(fill.startswith("#") for fill in fills)
    gap = site.get("/vi/r/unknown/gap")
    assert [text(each) for each in gap.xpath("//table//thead/tr/th")][:3] == ["Xã, phường", "Tình trạng", "Trẻ em"]
    assert [row[1] for row in rows(gap)] == ["Chưa biết", "Chưa biết"]
    facts = {
        text(each.xpath("./dt")[0]): text(each.xpath("./dd")[0])
        for each in site.get("/vi/r/unknown/communes/Hòa Phú").xpath("//dl/div")
    }
    assert facts["Số trẻ em"] == "300"
    for name in (
        "Trẻ không đi bộ tới được",
        "Tỷ lệ trẻ đi bộ tới được",
        "Diện tích còn thiếu",
        "Diện tích sân chơi ở đây",
    ):
        assert facts[name] == "chưa biết", name
    sites = text(site.get("/vi/r/unknown/sites").xpath("//main")[0])
    assert "trong tầm đi bộ" in sites
    assert "Không nơi nào có thể so sánh" in sites


def test_distance_only_is_said_and_no_shortfall_is_shown(site):
    tree = site.get("/vi/r/bare/communes/Hòa Phú")
    facts = {text(each.xpath("./dt")[0]): text(each.xpath("./dd")[0]) for each in tree.xpath("//dl/div")}
    assert facts["Diện tích còn thiếu"] == "không quy định số m² mỗi trẻ"


def test_frames_are_sandboxed_and_named(site):
    for page, name in (("gap", "gap"), ("sites", "sites")):
        frame = site.get(f"/vi/r/small/{page}").xpath("//iframe")[0]
        assert frame.get("sandbox") == "allow-scripts"
        assert frame.get("src") == f"/r/small/maps/{name}.html#vi"
        assert frame.get("title")


def test_the_service_may_lie_below_another_address(results):
    import service

    with service.client(results["small"], base_url="https://host.vn/san-choi") as asked:
        tree = lxml.html.fromstring(asked.get("/vi/").text)
        links = [each for each in tree.xpath("//@href|//@src") if each.startswith("/")]
        assert links
        assert all(each.startswith("/san-choi/") for each in links)
        assert asked.get("/", headers={"accept-language": "en"}).headers["location"] == "/san-choi/en/"
