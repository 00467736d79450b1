"""Context: one export at work: the result, what was chosen of it, and what its files have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pyproj
from sanchoi.api.exporting import imprint
from sanchoi.api.exporting.imprint import Imprint
from sanchoi.api.exporting.refusals import KINDS, refusal
from sanchoi.api.exporting.wish import Wish
from sanchoi.api.features import layers as features
from sanchoi.gis.errors import CRSError, UnknownId
from sanchoi.gis.results import Result
from sanchoi.gis.sentences import number
from sanchoi.gis.sources import rows
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options

OFF = 1e-3
"""Share by which lengths in a CRS may differ from those on the ground without a word."""


@dataclass(frozen=True)
class Context:
    """One export. `folder` : of the result. `notes` : what a reader must know of the files, by file name (losses of a format)."""

    folder: Path
    result: Result
    wish: Wish
    notes: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known(self.wish.communes, "communes", "commune_id", "commune")
        self._known(self.wish.sites, "parcels", "parcel_id", "site")

    def _known(self, asked: object, layer: str, key: str, kind: str) -> None:
        known = set(self.result.tables[layer][key].astype(str)) if layer in self.result.tables else set()
        for each in asked:  # type: ignore[attr-defined]
            if each not in known:
                raise refusal("unknown", UnknownId, kind=KINDS[kind], came=each)

    @property
    def name(self) -> str:
        """Name of the result."""
        return self.folder.resolve().name

    @property
    def language(self) -> str:
        """Language of words: vi or en."""
        return self.wish.options.language

    @cached_property
    def ground(self) -> Ground:
        """The layers in the study's CRS, for sheets."""
        return Ground(self.result)

    @cached_property
    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Layers of the whole result by kind, made once for all formats; nobody changes them."""
        return dict(features.of(self.result.tables.get))

    @cached_property
    def options(self) -> Options:
        """How sheets are wanted, with the rows of scales."""
        scales = rows.packaged("sheet_scales.csv").to_dict("records")
        given = {**vars(self.wish.options), "scales": scales, "result_id": self.name, "geo": self.wish.as_ == "geopdf"}
        return Options(**given)

    @cached_property
    def communes(self) -> list[str]:
        """Communes that are wanted one by one: those named, or all; in the order given, or of the table."""
        if self.wish.everything:
            return [str(each) for each in self.result.tables["communes"]["commune_id"]]
        return list(dict.fromkeys(self.wish.communes))

    @cached_property
    def sites(self) -> list[str]:
        """Sites that are wanted one by one: those named, or those of the plan."""
        if self.wish.everything:
            plan = self.result.tables.get("sites")
            return [] if plan is None else [str(each) for each in plan["parcel_id"]]
        return list(dict.fromkeys(self.wish.sites))

    @cached_property
    def crs(self) -> pyproj.CRS:
        """CRS of data files: wished, or the study's.

        Raises
        ------
        CRSError : PROJ does not know it.
        """
        text = self.wish.crs or str(self.result.run["study"]["crs"])
        try:
            return pyproj.CRS.from_user_input(text)
        except pyproj.exceptions.CRSError as error:
            raise refusal("no_crs", CRSError, came=text) from error

    @cached_property
    def imprint(self) -> Imprint:
        """What files with the layers and tables that were chosen say of themselves."""
        return imprint.of(self)

    @cached_property
    def imprint_of_one(self) -> Imprint:
        """What files of one commune or site say of themselves, whatever else was chosen."""
        return imprint.of(self, chosen=False)

    def afar(self) -> tuple[str, str] | None:
        """What a reader must know of a CRS that was wished, where it is not meant for this ground; None where it is."""
        own = pyproj.CRS.from_user_input(str(self.result.run["study"]["crs"]))
        if self.wish.crs is None or self.crs == own:
            return None
        west, south, east, north = self.result.tables["communes"].total_bounds
        lon, lat = (west + east) / 2, (south + north) / 2
        used = self.crs.area_of_use
        outside = used is not None and not (used.west <= lon <= used.east and used.south <= lat <= used.north)
        off = 0.0
        if self.crs.is_projected:
            off = float(pyproj.Proj(self.crs).get_factors(lon, lat).meridional_scale) - 1
        if not outside and abs(off) <= OFF:
            return None
        vi, en = (number(100 * abs(off), language, 2) for language in ("vi", "en"))
        ways = (("dài hơn", "longer") if off > 0 else ("ngắn hơn", "shorter")) if abs(off) > OFF else None
        told_vi, told_en = [f"Hệ tọa độ {self.crs.name} là theo --crs."], [f"The CRS {self.crs.name} is that of --crs."]
        if outside:
            told_vi.append("Vùng này nằm ngoài vùng dùng của hệ đó: hãy xem lại mã, kinh tuyến trục và múi chiếu.")
            told_en.append("It is not meant for this ground: look at the code, the meridian and the zone again.")
        if ways is not None:
            told_vi.append(f"Chiều dài đo trong tệp {ways[0]} ngoài thực địa {vi} %; diện tích cũng lệch.")
            told_en.append(f"Lengths in the file are {en} % {ways[1]} than on the ground; areas are off too.")
        return " ".join(told_vi), " ".join(told_en)

    def note(self, path: Path | str, vi: str, en: str) -> None:
        """Say what a reader of a file must know, in the language of the export; it stands in the manifest."""
        self.notes.setdefault(Path(path).name, []).append(vi if self.language == "vi" else en)
