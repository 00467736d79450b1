"""A town of two communes for trying things, so even that every answer is counted by hand.

  y
 700 ├───road───┤ to x = 800                  a river from y = 580 to 620 in the first commune
 500 ├──A──road───────────────────────B──┤    A at (250, 500), B at (1750, 500); one walks 310 m at most
     0              1000               2000  x

Hòa Phú (x < 1000): 1 child of 0-5 and 2 of 6-14 in each of its 100 cells; Đại Lãnh: 0.5 and 0.6. A child walks straight to its
road, then along it: from the cell whose middle is (x, y), |y − 500| + |x − 250| to A.
"""

import functools

import geopandas as gpd
import service
import shapely
import small
from sanchoi.api.cli import main
from sanchoi.gis.cells import to_crs

RESULT = "town"


def road(*points):
    return shapely.LineString([(small.X + x, small.Y + y) for x, y in points])


@functools.cache
def result():
    """Its result. Do not change it."""
    folder = small.write(service.shelf() / "town-study")
    roads = [road((0, 500), (1000, 500), (2000, 500)), road((0, 700), (800, 700))]
    small.layer(folder, "roads", gpd.GeoDataFrame({"bridge": [False, False]}, geometry=roads, crs=small.CRS))
    river = gpd.GeoDataFrame({"kind": ["river"]}, geometry=[small.square(0, 580, 1000, 40)], crs=small.CRS)
    small.layer(folder, "barriers", river)
    small.replace(folder, "walk_m = 300", "walk_m = 310\ntarget_share = 0.3")
    small.add(folder, '\n[barriers]\npath = "barriers.gpkg"\n')
    out = service.shelf() / "town" / RESULT
    assert main(["run", str(folder), "--out", str(out), "--quiet"]) == 0
    return out


def at(x, y):
    """Longitude and latitude of a place of the drawing."""
    lon, lat = to_crs([small.X + x], [small.Y + y], small.CRS, "EPSG:4326")
    return [round(float(lon[0]), 6), round(float(lat[0]), 6)]


def point(x, y, area=500):
    return {"action": "add", "geometry": {"type": "Point", "coordinates": at(x, y)}, "area_m2": area}


NEW = point(1250, 500)
"""18 cells of Đại Lãnh: 0 m along the road 3 + 3 (50, 150, 250 m from it), 100 m 2 × 4, 200 m 2 × 2: 9 children and 10.8."""
BETWEEN = point(1000, 500)
"""12 cells of Đại Lãnh and 9 of Hòa Phú, where the river keeps away 3: 6 + 9 children of 0-5, 7.2 + 18 of 6-14."""
CLOSE_B = {"action": "close", "play_area_id": "B"}
"""The same 18 cells around B: 9 children and 10.8 lose it."""
BRIDGE = {
    "action": "crossing",
    "geometry": {"type": "LineString", "coordinates": [at(250, 500), at(250, 700)]},
    "kind": "footbridge",
}
"""200 m over the river, so 110 m are left: the cells (250, 650) and (250, 750), 2 children and 4."""
