"""Ground: the layers of a result in the CRS of its study, brought there once and cut out for each sheet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from sanchoi.gis.results import Result
from sanchoi.gis.tables import STORAGE_CRS

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]


class Ground:
    """Layers of one result. Nothing is read twice, and nothing that no sheet asks for is projected."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.run: Mapping[str, Any] = result.run
        self.crs = str(result.run["study"]["crs"])
        self._layers: dict[str, gpd.GeoDataFrame] = {}

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """A table with geometry, in the study's CRS; without rows where the result has none."""
        if name not in self._layers:
            table = self.result.tables.get(name)
            empty = gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs=self.crs)
            self._layers[name] = empty if table is None else gpd.GeoDataFrame(table, crs=table.crs).to_crs(self.crs)
        return self._layers[name]

    def near(self, name: str, where: shapely.Geometry) -> gpd.GeoDataFrame:
        """Rows of a layer that touch some ground, in their order."""
        layer = self.layer(name)
        if not len(layer):
            return layer
        return layer.iloc[np.sort(layer.sindex.query(where, predicate="intersects"))]

    def ways(self, where: shapely.Geometry) -> Geometries:
        """Ways on foot near some ground, of the network that the run walked; none where it had none."""
        if self._ways is None:
            return np.empty(0, dtype=object)
        low, high = self._ways
        west, south, east, north = where.bounds
        a, b = np.minimum(low, high), np.maximum(low, high)
        at = np.flatnonzero((a[:, 0] <= east) & (b[:, 0] >= west) & (a[:, 1] <= north) & (b[:, 1] >= south))
        return np.asarray(shapely.linestrings(np.stack([low[at], high[at]], axis=1)))

    @cached_property
    def _ways(self) -> tuple[Floats, Floats] | None:
        model = self.result.model
        if model is None or model.now is None:
            return None
        network = model.now.steps.homes.network
        ends = [np.column_stack([network.x[at], network.y[at]]) for at in (network.u, network.v)]
        return ends[0], ends[1]

    def gaps(self, band: str = "all") -> pd.DataFrame:
        """Rows of the table gaps of one band, by commune."""
        table = self.result.tables["gaps"]
        return table[table["band"] == band].set_index("commune_id")

    def commune(self, commune_id: str) -> Any:  # noqa: ANN401 - a row
        """One commune with its outline in the study's CRS."""
        layer = self.layer("communes")
        return layer[layer["commune_id"] == commune_id].iloc[0]

    @cached_property
    def crs_name(self) -> str:
        """Name of the CRS with its code."""
        crs = pyproj.CRS.from_user_input(self.crs)
        code = crs.to_epsg()
        return f"{crs.name} (EPSG:{code})" if code else str(crs.name)

    @cached_property
    def is_vn2000(self) -> bool:
        """Whether it is on the datum VN-2000."""
        datum = pyproj.CRS.from_user_input(self.crs).datum
        return datum is not None and "vietnam 2000" in str(datum.name).lower().replace("_", " ")

    @cached_property
    def transformation(self) -> str:
        """What brought the stored layers (EPSG:4326) into the CRS of the sheet, with its accuracy as PROJ tells it."""
        told = pyproj.Transformer.from_crs(STORAGE_CRS, self.crs, always_xy=True)
        accuracy = f" (± {told.accuracy:g} m)" if told.accuracy is not None and told.accuracy >= 0 else ""
        return f"{told.description}{accuracy}"
