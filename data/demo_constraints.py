"""What constrains the parcels of the demo district: roads by class, a power line, dikes, cemeteries, works, ground that floods.

Some layers are made from the parcels and the river, some are invented outright, and one is empty: the study says that there is
no landfill, no military ground and no long bridge outside towns. Metres in EPSG:5899.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from sanchoi.data.demo_land import Floats, Land, Shapes
from sanchoi.data.demo_plan import CRS, ORIGIN
from sanchoi.data.demo_settlements import Settlement

ROAD_CLASS = {"primary": "III", "secondary": "IV", "tertiary": "V"}
"""Class of the roads of the demo; smaller ones have none."""
DIKE_M = 60.0
"""The dike runs so far behind the river's bank."""
FLOOD_M = 140.0
HILLS_KM, HILL_M = 6.0, 150.0
"""Hills rise in the west, on so many kilometres, so many metres high."""


def build(
    land: Land,
    settlements: list[Settlement],
    parcels: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    rng: np.random.Generator,
) -> dict[str, gpd.GeoDataFrame]:
    """Layers by file name, and the schools and village halls that the criteria look for."""
    code = parcels["land_use"].to_numpy()
    shapes = parcels.geometry.to_numpy()
    classed = roads[roads["highway"].isin(list(ROAD_CLASS))]
    bank = shapely.boundary(shapely.buffer(land.river, DIKE_M, quad_segs=4))
    ground = shapely.union_all(land.communes)
    dry = shapely.buffer(ground, -5.0)
    hearts = np.array([each.node for each in settlements if each.commune >= 0])
    stations = hearts[rng.choice(len(hearts), 4, replace=False)] + rng.uniform(-180, 180, (4, 2))
    return {
        "road_classes": gpd.GeoDataFrame(
            {"class": classed["highway"].map(ROAD_CLASS).to_numpy()}, geometry=classed.geometry.to_numpy(), crs=CRS
        ),
        "power": gpd.GeoDataFrame({"kv": ["110"]}, geometry=[_power_line(ground)], crs=CRS),
        "dikes": _layer([shapely.intersection(bank, dry)]),
        "cemeteries": _layer(shapes[code == "NTD"]),
        "industry": _layer(shapes[code == "SKK"]),
        "petrol": _layer(shapely.points(stations)),
        "flood": _layer([shapely.intersection(shapely.buffer(land.river, FLOOD_M, quad_segs=4), ground)]),
        "schools": _layer(shapes[code == "DGD"]),
        "halls": _layer(shapes[np.isin(code, ["DSH", "DVH"])]),
        "nothing": _layer([]),
    }


def _layer(shapes: Shapes | list[shapely.Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"number": np.arange(1, len(shapes) + 1)}, geometry=list(shapes), crs=CRS)


def _power_line(ground: shapely.Geometry) -> shapely.LineString:
    """From the south-west to the north-east of the district."""
    low_x, low_y, high_x, high_y = ground.bounds
    share = np.linspace(0.0, 1.0, 24)
    wave = 260.0 * np.sin(share * 9.0)
    return shapely.linestrings(low_x + share * (high_x - low_x), low_y + share * (high_y - low_y) + wave)


def heights(x: Floats, y: Floats) -> Floats:
    """Metres above the sea: flat at the coast, hills in the west."""
    k = (x - ORIGIN[0]) / 1000.0
    rise = np.clip(1.0 - k / HILLS_KM, 0.0, 1.0) ** 1.5
    waves = 0.5 + 0.25 * np.sin(x / 420.0) + 0.25 * np.sin(y / 510.0 + 1.0)
    return np.asarray(2.0 + np.clip(14.0 - k, 0.0, 14.0) * 0.8 + HILL_M * rise * waves)
