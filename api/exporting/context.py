"""Context: one export at work: the result, what was chosen of it, and what its files have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyproj
from sanchoi.api.exporting.wish import Wish
from sanchoi.gis.errors import CRSError, UnknownId
from sanchoi.gis.results import Result
from sanchoi.gis.sources import rows
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options


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
                raise UnknownId(f"{kind} {each}", f"the id of a {kind} of this result", "see its tables")

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
            raise CRSError(f"{text} is not a CRS", 'such as "EPSG:5899"', "mend the code") from error

    def note(self, path: Path | str, vi: str, en: str) -> None:
        """Say what a reader of a file must know, in the language of the export; it stands in the manifest."""
        self.notes.setdefault(Path(path).name, []).append(vi if self.language == "vi" else en)
