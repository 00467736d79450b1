"""Ground: the layers of a result in the CRS of its study, brought there once and cut out for each sheet."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup
from sanchoi.gis import landuse
from sanchoi.gis.errors import UnknownId
from sanchoi.gis.results import Result
from sanchoi.gis.tables import STORAGE_CRS
from sanchoi.maps.sheets.refusals import refusal
from sanchoi.maps.sheets.squares import Cells, Squares

VN2000 = 4756
COARSE = 4
"""Simplified layers that are kept at once."""
SHIFTS = ("Transformation", "Other Coordinate Operation")
"""Operations of PROJ that change the datum; conversions do not."""
Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]


class Ground:
    """Layers of one result. Nothing is read twice, and nothing that no sheet asks for is projected."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.run: Mapping[str, Any] = result.run
        self.crs = str(result.run["study"]["crs"])
        self._layers: dict[str, gpd.GeoDataFrame] = {}
        self._coarse: dict[tuple[str, float], gpd.GeoDataFrame] = {}

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """A table with geometry, in the study's CRS; without rows where the result has none."""
        if name not in self._layers:
            table = self.result.tables.get(name)
            empty = gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs=self.crs)
            self._layers[name] = empty if table is None else gpd.GeoDataFrame(table, crs=table.crs).to_crs(self.crs)
        return self._layers[name]

    def near(self, name: str, where: shapely.Geometry, coarse: float = 0.0) -> gpd.GeoDataFrame:
        """Rows of a layer that touch some ground, in their order; with `coarse`, their outlines simplified by so many metres."""
        layer = self.layer(name)
        if not len(layer):
            return layer
        at = np.sort(layer.sindex.query(where, predicate="intersects"))
        if not coarse:
            return layer.iloc[at]
        if (name, coarse) not in self._coarse:
            if len(self._coarse) >= COARSE:
                del self._coarse[next(iter(self._coarse))]
            outlines = shapely.make_valid(layer.simplify(coarse).to_numpy())
            self._coarse[name, coarse] = layer.set_geometry(outlines)
        return self._coarse[name, coarse].iloc[at]

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
        found = layer[layer["commune_id"] == commune_id]
        if not len(found):
            raise refusal("commune", UnknownId, came=commune_id)
        return found.iloc[0]

    def parcel(self, parcel_id: str) -> Any:  # noqa: ANN401 - a row
        """One parcel with its outline in the study's CRS."""
        layer = self.layer("parcels")
        found = layer[layer["parcel_id"] == parcel_id] if len(layer) else layer
        if not len(found):
            raise refusal("parcel", UnknownId, came=parcel_id)
        return found.iloc[0]

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
    def epsg(self) -> int | None:
        """Code of the CRS, None = it has none."""
        code = pyproj.CRS.from_user_input(self.crs).to_epsg()
        return None if code is None else int(code)

    @cached_property
    def axes(self) -> tuple[str, str]:
        """What coordinates to the east and to the north are called: Y and X in Viet Nam."""
        return ("Y", "X") if self.is_vn2000 else ("E", "N")

    @cached_property
    def in_vietnam(self) -> bool:
        """Whether rules of Viet Nam may hold: a CRS on VN-2000, or the middle of the communes where that is used."""
        if self.is_vn2000:
            return True
        west, south, east, north = self.result.tables["communes"].total_bounds
        used = pyproj.CRS.from_epsg(VN2000).area_of_use
        if used is None:
            return False
        return bool(used.west <= (west + east) / 2 <= used.east and used.south <= (south + north) / 2 <= used.north)

    @cached_property
    def shift(self) -> tuple[list[Any], float | None]:
        """Changes of the datum between the stored layers (EPSG:4326) and the sheet, and metres of accuracy as PROJ tells them."""
        bounds = self.result.tables["communes"].total_bounds
        area = AreaOfInterest(*(float(each) for each in bounds))
        with warnings.catch_warnings():  # that a finer one would need a grid is no fault of the reader's
            warnings.simplefilter("ignore")
            group = TransformerGroup(STORAGE_CRS, self.crs, always_xy=True, area_of_interest=area)  # type: ignore[arg-type]
        if not group.transformers:
            return [], None
        best = group.transformers[0]
        known = best.accuracy is not None and best.accuracy >= 0
        steps = [each for each in best.operations or () if each.type_name in SHIFTS]
        return steps, float(best.accuracy) if known else None

    @cached_property
    def cells(self) -> Cells | None:
        """Cells of the study grid that lie in communes, None = the result has none."""
        return Cells.of(self.result)

    def near_squares(self, where: shapely.Geometry) -> Squares:
        """Cells of the communes that touch some ground, of a result that has cells."""
        if self.cells is None:
            raise refusal("cells", UnknownId)
        near = self.near("communes", where)
        return self.cells.squares(near["commune_id"] if len(near) else ())

    @cached_property
    def limits(self) -> list[tuple[float, list[str]]]:
        """Walking limits, shortest first, with the age bands that each is the longest of."""
        longest: dict[str, float] = {}
        for row in self.run["norms"]:
            if row["walk_m"] is not None:
                longest[str(row["band"])] = max(float(row["walk_m"]), longest.get(str(row["band"]), 0.0))
        return [(limit, [b for b, m in longest.items() if m == limit]) for limit in sorted(set(longest.values()))]

    def use(self, code: object, language: str) -> str:
        """What a land-use code means, "" = not known; the result must have its model."""
        book = self.result.model.book if self.result.model is not None else None
        found = landuse.classify([code if isinstance(code, str) else None], book.codes)[0] if book is not None else None
        return "" if found is None or not found.code else found.name_en if language == "en" else found.name_vi

    def constraining(self, where: shapely.Geometry) -> dict[str, Geometries]:
        """Layers that constrain land near some ground, as the run left them; none where it left none."""
        book = self.result.model.book if self.result.model is not None else None
        if book is None:
            return {}
        west, south, east, north = where.bounds
        return {name: piece.near((west, south, east, north), 0.0).shapes for name, piece in book.pieces.items()}
