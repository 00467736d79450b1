"""Parcels of the demo district, with land-use codes of Circular 08/2024 (and the older DSH). Metres in EPSG:5899."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from sanchoi.data.demo_land import Floats, Land, Shapes, coast_x
from sanchoi.data.demo_plan import COMMUNES, CRS, ORIGIN
from sanchoi.data.demo_settlements import Settlement

FIELD_M = 520.0
LEAST_M2 = 150.0
STATE, COMMUNE, HOUSEHOLD, COMPANY = "Nhà nước", "UBND cấp xã", "Hộ gia đình", "Tổ chức"

NEAR_VILLAGE = (
    ("BCS", COMMUNE, 400, 3200, 0.16),
    ("DSH", COMMUNE, 400, 1800, 0.12),
    ("DKV", COMMUNE, 500, 2600, 0.07),
    ("DTT", COMMUNE, 900, 4500, 0.06),
    ("TSC", COMMUNE, 700, 2200, 0.05),
    ("DVH", COMMUNE, 500, 1500, 0.05),
    ("HNK", HOUSEHOLD, 500, 3500, 0.17),
    ("CLN", HOUSEHOLD, 400, 2500, 0.12),
    ("NTS", HOUSEHOLD, 600, 3000, 0.05),
    ("LUC", HOUSEHOLD, 600, 4000, 0.08),
    ("NTD", COMMUNE, 900, 4200, 0.05),
    ("TMD", COMPANY, 300, 1600, 0.02),
)
"""Free ground at the edge of a village: code, owner, least and largest m², how often."""

OF_PLOT = {"playground": "DKV", "park": "DKV", "garden": "DKV", "pitch": "DTT", "schoolyard": "DGD"}


@dataclass
class _Sheet:
    """Parcels that are placed so far; a later one gives way to an earlier one."""

    shapes: list[shapely.Polygon]
    codes: list[str]
    owners: list[str]

    def add(self, shape: shapely.Geometry, code: str, owner: str) -> None:
        for part in shapely.get_parts(shapely.set_precision(shape, 0.01)):
            if part.geom_type == "Polygon" and part.area >= LEAST_M2:
                self.shapes.append(part)
                self.codes.append(code)
                self.owners.append(owner)

    def free(self, shape: shapely.Geometry, taken: Shapes) -> shapely.Geometry:
        """What is left of `shape` beside the parcels that touch it."""
        tree = shapely.STRtree(taken)
        near = taken[tree.query(shape, predicate="intersects")]
        return shapely.difference(shape, shapely.union_all(near)) if len(near) else shape


def build(
    land: Land, settlements: list[Settlement], houses: Shapes, roads: gpd.GeoDataFrame, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """The parcels layer: `parcel_id, land_use, owner, cost` (null: unknown). No two parcels overlap."""
    sheet = _Sheet([], [], [])
    homes = shapely.STRtree(houses)
    ways = shapely.STRtree(roads.geometry.to_numpy())
    for each in settlements:
        if each.commune < 0:
            continue
        for plot in sorted(
            each.plots, key=lambda plot: -plot.shape.area
        ):  # a playground in a park is no parcel of its own
            free = sheet.free(plot.shape, np.array(sheet.shapes, dtype=object)) if sheet.shapes else plot.shape
            sheet.add(free, OF_PLOT[plot.kind], STATE if plot.kind == "schoolyard" else COMMUNE)
        for shape, code, owner in _around(each, rng):
            blocked = len(homes.query(shape, predicate="intersects")) or len(
                ways.query(shape, predicate="dwithin", distance=3.0)
            )
            if not blocked and not shapely.intersects(shape, land.river):
                sheet.add(sheet.free(shape, np.array(sheet.shapes, dtype=object)), code, owner)
    for each in settlements:
        if each.commune >= 0:
            built = shapely.union_all([each.houses[i] for i in range(len(each.houses))])
            yard = shapely.concave_hull(built, 0.35).buffer(9.0, quad_segs=2).simplify(4.0)
            code, owner = _lived_on(each)
            part = sheet.free(yard.difference(land.river), np.array(sheet.shapes, dtype=object))
            sheet.add(part, code, owner)
    _open_country(sheet, land, ways, rng)
    frame = gpd.GeoDataFrame({"land_use": sheet.codes, "owner": sheet.owners}, geometry=sheet.shapes, crs=CRS)
    inner = shapely.point_on_surface(frame.geometry.to_numpy())
    home = shapely.STRtree(land.communes).nearest(inner)
    frame["home"] = home
    frame["number"] = frame.groupby("home").cumcount() + 1
    frame.insert(
        0,
        "parcel_id",
        [f"{COMMUNES[h].code}-{1 + n // 40}-{n}" for h, n in zip(frame["home"], frame["number"], strict=True)],
    )
    frame["cost"] = np.nan
    frame = frame[["parcel_id", "land_use", "owner", "cost", "geometry"]]
    return gpd.GeoDataFrame(frame.sort_values("parcel_id", ignore_index=True), crs=CRS)


def _around(each: Settlement, rng: np.random.Generator) -> list[tuple[shapely.Polygon, str, str]]:
    """Rectangles 60–420 m from a settlement's middle."""
    odds = np.array([row[4] for row in NEAR_VILLAGE])
    picks = rng.choice(len(NEAR_VILLAGE), 10, p=odds / odds.sum())
    heart = each.node if len(each.houses) == 0 else shapely.get_coordinates(shapely.centroid(each.houses)).mean(axis=0)
    out = []
    for pick in picks:
        code, owner, least, most, _ = NEAR_VILLAGE[pick]
        area = float(np.exp(rng.uniform(np.log(least), np.log(most))))
        wide = float(np.sqrt(area * rng.uniform(0.6, 1.8)))
        turn, far = rng.uniform(0, 2 * np.pi), rng.uniform(60, 420)
        middle = heart + far * np.array([np.cos(turn), np.sin(turn)])
        out.append((_rectangle(middle, wide, area / wide, float(rng.uniform(0, np.pi))), code, owner))
    return out


def _rectangle(middle: Floats, wide: float, deep: float, turn: float) -> shapely.Polygon:
    along = np.array([np.cos(turn), np.sin(turn)]) * wide / 2
    across = np.array([-np.sin(turn), np.cos(turn)]) * deep / 2
    return shapely.Polygon([middle + a * along + b * across for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))])


def _lived_on(each: Settlement) -> tuple[str, str]:
    if not each.homes:
        return "SKK", COMPANY
    return ("ODT" if COMMUNES[each.commune].ground == "town" else "ONT"), HOUSEHOLD


def _open_country(sheet: _Sheet, land: Land, ways: shapely.STRtree, rng: np.random.Generator) -> None:
    """Water, then fields, dunes and forest in blocks that fill the rest of each commune."""
    for c, plan in enumerate(COMMUNES):
        ground = max(shapely.get_parts(land.communes[c]), key=lambda part: part.area)
        water = shapely.intersection(ground, land.river)
        taken = np.array(sheet.shapes, dtype=object)
        if not water.is_empty:
            sheet.add(sheet.free(water, taken), "SON", STATE)
        low_x, low_y, high_x, high_y = (int(v // FIELD_M) for v in ground.bounds)
        taken = np.array(sheet.shapes, dtype=object)
        for col in range(low_x, high_x + 1):
            for row in range(low_y, high_y + 1):
                block = shapely.intersection(_field(col, row), ground)
                if block.area > 4_000:
                    left = sheet.free(block, taken)
                    code, owner = _cover(left, plan.ground, rng)
                    if code in ("MNC", "NTS") and len(ways.query(left, predicate="intersects")):
                        code, owner = "LUC", HOUSEHOLD  # no road runs through a pond
                    for part in shapely.get_parts(left):
                        if part.area > 2_000:
                            sheet.add(part, code, owner)


def _field(col: int, row: int) -> shapely.Polygon:
    """A block of fields: a square of the field grid whose corners are shifted, alike for all four that share one."""
    corners = [(col, row), (col + 1, row), (col + 1, row + 1), (col, row + 1)]
    shifted = [
        (
            FIELD_M * (i + 0.30 * np.sin(2.3 * i + 5.1 * j + 0.7 * i * j % 5)),
            FIELD_M * (j + 0.30 * np.sin(4.7 * i + 1.9 * j + 0.9 * i * j % 7)),
        )
        for i, j in corners
    ]
    return shapely.Polygon(shifted)


def _cover(block: shapely.Geometry, ground: str, rng: np.random.Generator) -> tuple[str, str]:
    """Land use of a block in open country."""
    draw = float(rng.random())
    if block.is_empty:
        return "BCS", STATE
    middle = shapely.get_coordinates(block.centroid)[0]
    inland = float(coast_x(middle[1:])[0] - middle[0])
    if inland < 350:
        return ("RPH", STATE) if draw < 0.5 else ("BCS", STATE) if draw < 0.8 else ("HNK", HOUSEHOLD)
    far = (middle[0] - ORIGIN[0]) / 1000.0
    if rng.random() < 1.0 / (1.0 + np.exp((far - 4.6) * 2.2)):  # the hills begin some 5 km east of the western border
        return ("RPH", STATE) if draw < 0.48 - 0.11 * far else ("RSX", HOUSEHOLD) if draw < 0.82 else ("CLN", HOUSEHOLD)
    if ground == "coast":
        return ("HNK", HOUSEHOLD) if draw < 0.5 else ("NTS", HOUSEHOLD) if draw < 0.75 else ("LUC", HOUSEHOLD)
    if draw < 0.72:
        return "LUC", HOUSEHOLD
    return ("HNK", HOUSEHOLD) if draw < 0.88 else ("CLN", HOUSEHOLD) if draw < 0.975 else ("MNC", STATE)
