"""The gap map as text: whole in one file, light, the same each time, and nothing from data becomes markup."""

import json
import re

import geopandas as gpd
import pytest
import shapely
import small
from hostile import hostile
from sanchoi.data import demo
from sanchoi.gis import job
from sanchoi.gis.results import Result
from sanchoi.maps import assets, gap, index, outline


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return job.run(demo.write(tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="module")
def page(result):
    return gap.render(result)


def record(page):
    return json.loads(re.search(r'<script type="application/json" id="record">(.*?)</script>', page, re.DOTALL)[1])


def test_no_address_is_loaded(page):
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)  # Leaflet's own text names its home
    assert re.findall(r"""(?:src|href)\s*=\s*["'](?!data:|#)([a-z/.][^"']*)""", markup) == [
        "sites.html"
    ]  # the other map
    assert not re.search(r"<script[^>]+src", page)
    assert "@import" not in page
    assert "default-src 'none'" in page
    assert "http-equiv" in page.split("<script", 1)[0]


def test_without_parcels_there_is_no_other_map(result):
    land = {"parcels", "sites"}
    page = gap.render(Result({k: t for k, t in result.tables.items() if k not in land}, result.run))
    assert "sites.html" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_the_same_result_gives_the_same_bytes(result, page):
    assert gap.render(result) == page
    assert index.render(result) == index.render(result)


def test_a_demo_page_is_light(page):
    assert len(page.encode()) - len(assets.asset("leaflet.js")) < 400_000


def test_the_numbers_are_those_of_the_table(result, page):
    data = record(page)
    for band in ("0-5", "6-14", "all"):
        gaps = result.tables["gaps"].query("band == @band").set_index("commune_id").loc[data["communes"]["id"]]
        columns = data["gaps"][band]
        shown = json.dumps(columns)
        for children in gaps["children"]:
            assert f"{round(children)}" in shown
    assert data["language"] == "vi"


def test_texts_from_data_stay_texts(tmp_path):
    result = job.run(hostile(tmp_path / "study"))
    for text in (gap.render(result), index.render(result)):
        assert "<img" not in text
        assert "<script>alert" not in text
        assert 'onerror="alert' not in text.replace("&#34;", "'").replace("&quot;", "'")
        assert "49" not in re.findall(r"\{\{.*?\}\}|7\*7", text)
        assert 'href="javascript:' not in text


def test_outlines_are_simplified_as_a_coverage():
    """A grid of wavy squares: no gap and no overlap may open between neighbours."""
    xs = [i * 10.0 for i in range(101)]
    wavy = [(x, 500 + 8 * ((i * 7919) % 13) / 13) for i, x in enumerate(xs)]
    south = shapely.Polygon([(0, 0), (1000, 0), *reversed(wavy)])
    north = shapely.Polygon([*wavy, (1000, 1000), (0, 1000)])
    frame = gpd.GeoDataFrame(geometry=[south, north], crs="EPSG:5899").translate(small.X, small.Y)
    frame = gpd.GeoDataFrame(geometry=frame, crs="EPSG:5899").to_crs("EPSG:4326")
    shapes, _ = outline.simplify(frame, "EPSG:5899")
    metric = shapes.to_crs("EPSG:5899")
    assert shapely.coverage_is_valid(metric.to_numpy(), gap_width=0)
    assert metric.union_all().area == pytest.approx(metric.area.sum(), rel=1e-9)
    assert metric.union_all().area == pytest.approx(1e6, rel=2e-3)
    assert not shapely.get_num_interior_rings(metric.union_all())
