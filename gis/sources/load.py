"""Load a study: study.toml and its layers, every one in the study's CRS, checked, with what was found on record."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from sanchoi.gis import crs as crs_rules
from sanchoi.gis import study as study_rules
from sanchoi.gis.arrival_words import Remark
from sanchoi.gis.demand import Layers
from sanchoi.gis.errors import ContractError, SourceError, StudyError
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.notes import Notes
from sanchoi.gis.raster import Raster
from sanchoi.gis.sources import (
    arrival,
    children,
    columns,
    files,
    halo,
    inventory,
    land,
    osm,
    raster,
    rows,
    terrain,
    vector,
)
from sanchoi.gis.sources.arrival import AS_IS, Arrival
from sanchoi.gis.study import Section, Study

REACH_M = 5_000.0
"""Layers are read this far beyond the communes: the halo of the longest limit any norm sets, with room for detours."""

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]


def study(folder: Path) -> Study:
    """Read and check `study.toml`.

    Raises
    ------
    SourceError : no such file. StudyError : it is not TOML, or breaks a rule of `study.parse`.
    """
    if folder.name == "study.toml" and folder.is_file():
        raise SourceError(f"{folder} is a file", "the folder that holds it", f"name {folder.parent}")
    path = folder / "study.toml"
    if not path.is_file():
        raise SourceError(f"{folder} holds no study.toml", "a study folder", "name the folder that holds study.toml")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(f"{path.name} cannot be read: {error}", "a TOML file in UTF-8", "mend that line") from error
    found = study_rules.parse(document)
    crs_rules.require_metric(found.crs)
    return found


def inputs(study: Study, folder: Path, notes: Notes) -> Inputs:
    """Read every layer that the study names.

    Parameters
    ----------
    study : the checked study.
    folder : its folder; paths are relative to it.
    notes : record of what the user must know.

    Raises
    ------
    SanchoiError : a layer cannot be used; the message names the layer, what came, what was expected and what to do.
    """
    reader = Reader(study, folder, notes)
    communes = reader.communes()
    reader.frame(communes)
    return reader.gather(communes, {name: step() for name, step in reader.steps(communes).items()})


class Reader:
    """Reads the layers of one study and keeps the record of the files."""

    def __init__(self, study: Study, folder: Path, notes: Notes) -> None:
        self.study, self.folder, self.notes = study, folder, notes
        self.crs = pyproj.CRS.from_user_input(study.crs)
        self.files: list[Mapping[str, object]] = []
        self.columns = pd.DataFrame()  # of the communes' layer, by id: counts of children may stand there
        self.bounds: tuple[float, float, float, float] = (0, 0, 0, 0)
        self.near: tuple[float, float, float, float] = (0, 0, 0, 0)
        self.outlines: Geometries = np.empty(0, dtype=object)  # of the communes
        self.land: Geometries = np.empty(0, dtype=object)  # the parcels, once they are read

    def frame(self, communes: gpd.GeoDataFrame) -> None:
        """Remember where the communes lie: later layers must touch them, and are read no farther than `REACH_M` away."""
        low_x, low_y, high_x, high_y = (float(v) for v in communes.total_bounds)
        self.bounds = (low_x, low_y, high_x, high_y)
        self.outlines = communes.geometry.to_numpy()
        self.near = (low_x - REACH_M, low_y - REACH_M, high_x + REACH_M, high_y + REACH_M)

    @property
    def populated(self) -> tuple[float, float, float, float]:
        """Where weights of children are needed: the communes, and their surroundings when the study has a halo."""
        return self.near if self.study["halo"]["path"] else self.bounds

    def steps(self, communes: gpd.GeoDataFrame) -> dict[str, Callable[[], Any]]:
        """What is read after the communes, one reader a name, in the order of the corridor."""
        return {
            "children": lambda: self.children(communes),
            "network": self.lines,
            "crossings": self.crossings,
            "play_areas": lambda: self.play_areas(communes),
            "barriers": lambda: self.plain("barriers"),
            "population": self.population,
            "buildings": self.buildings,
            "landuse": self.residential,
            "parcels": lambda: land.parcels(self),
            "constraints": lambda: land.constraints(self),
            "nearby": lambda: land.nearby(self),
            "terrain": lambda: terrain.read(self),
        }

    def gather(self, communes: gpd.GeoDataFrame, parts: Mapping[str, Any]) -> Inputs:
        """Put together what the steps gave, and add the halo."""
        counts, zones = parts["children"]
        play_areas, gates = parts["play_areas"]
        layers = Layers(parts["population"], parts["buildings"], parts["landuse"])
        norms = rows.packaged("norms.csv")
        barriers, lines = parts["barriers"], parts["network"]
        found = Inputs(
            communes,
            counts,
            zones,
            layers,
            play_areas,
            lines,
            gates,
            barriers,
            norms,
            self.files,
            parcels=parts["parcels"],
            constraint_layers=parts["constraints"],
            constraints=rows.packaged("constraints.csv"),
            landuse_codes=rows.packaged("landuse_codes.csv"),
            terrain=parts["terrain"],
            nearby=parts["nearby"],
            owner_kinds=rows.packaged("owner_kinds.csv"),
            crossings=parts["crossings"],
        )
        return halo.add(self, found)

    def path(self, text: str) -> Path:
        """Resolve a path of study.toml."""
        return files.find(self.folder, text)

    def record(self, layer: str, path: Path, rows: int, crs: object = None) -> None:
        """Keep one line of the record of inputs."""
        self.files.append(
            {
                "layer": layer,
                "path": path.name,
                "sha256": files.sha256(path),
                "bytes": path.stat().st_size,
                "rows": rows,
                "crs": None if crs is None else str(crs),
            }
        )

    def vector(
        self, name: str, text: str, section: Section | None = None, where: str | None = None
    ) -> gpd.GeoDataFrame:
        """One vector layer in the study's CRS; `where` selects features by their columns."""
        path = self.path(text)
        layer = None if section is None else section["layer"]
        found = vector.read(
            path, layer=layer, crs=self.study.crs, where=where, name=name, arrival=self.arrival(section)
        )
        self.remember(name, found.attrs["told"])
        self.place(name, found)
        self.record(name, path, len(found), found.attrs.get("crs"))
        return found

    def arrival(self, section: Section | None) -> Arrival:
        """What the study says of how a layer arrives; a layer without a CRS must lie among the communes."""
        inside = (lambda: (self.ground, self.crs)) if len(self.outlines) else None
        return AS_IS if section is None else arrival.of(section, self.study.crs, inside)

    def remember(self, name: str, told: list[Remark]) -> None:
        """Keep what was recognised of a layer as notes."""
        for each in told:
            self.notes.add(each.code, f"layer {name}: {each.en}", layer=name, count=each.count)

    @cached_property
    def ground(self) -> Any:  # noqa: ANN401 - a shapely geometry
        """Ground of all communes."""
        return shapely.union_all(self.outlines)

    def place(self, name: str, found: gpd.GeoDataFrame) -> None:
        """Refuse a layer that cannot lie where its numbers put it; one without any geometry is left to others."""
        bounds, raw = tuple(found.total_bounds), found.attrs.get("raw")
        if np.isnan(bounds).any():
            return
        if name == "communes":
            crs_rules.check_communes(bounds, self.crs, raw)
        else:
            if raw is not None and "whole" in found.attrs:  # what is selected may lie far off, if its file does not
                crs_rules.check_placement(found.attrs["whole"], raw[1], self.near, self.crs, name, raw=raw)
            else:
                crs_rules.check_placement(bounds, self.crs, self.near, self.crs, name, raw=raw)
            if raw is not None and name != "halo":
                xy, owner = shapely.get_coordinates(found.geometry.to_numpy(), return_index=True)
                _, first = np.unique(owner, return_index=True)
                crs_rules.check_zone(xy[first], raw[1], self.crs, self.bounds, name)

    def communes(self) -> gpd.GeoDataFrame:
        """Read the communes: keyed by text, names in NFC, valid outlines."""
        section = self.study["communes"]
        found = self.vector("communes", section["path"], section, section["where"])
        if not len(found):
            raise ContractError(
                "layer communes holds no features", "at least one commune", "check path, layer and where"
            )
        keys = columns.keys(found, section["id"], "communes")
        columns.unique(keys, "communes", str(section["id"]))
        found = vector.repair(found.assign(_key=keys), "_key", self.notes, name="communes")
        self.columns = pd.DataFrame(found.drop(columns="geometry")).set_index("_key")
        surveyed = section["surveyed"]
        if surveyed is None:
            self.notes.add(
                "surveyed_unset",
                "[communes] surveyed is not set · true, false or a yes/no column · every commune is taken as not surveyed",
                layer="communes",
            )
        return gpd.GeoDataFrame(
            {
                "commune_id": found["_key"].to_numpy(),
                "vintage": self.study.vintage,
                "name": [
                    name or key
                    for name, key in zip(columns.texts(found, section["name"], "communes"), found["_key"], strict=True)
                ],
                "kind": columns.texts(found, section["kind"], "communes"),
                "surveyed": columns.flags(found, surveyed, "communes"),
                "population": columns.numbers(found, section["population"], "communes"),
                "halo": False,
            },
            geometry=found.geometry.array,
            crs=found.crs,
        )

    def children(self, communes: gpd.GeoDataFrame) -> tuple[Floats, gpd.GeoDataFrame | None]:
        """Counts of children per zone and band, and the zones when they are not the communes."""
        return children.read(self, communes)

    def lines(self) -> gpd.GeoDataFrame | None:
        """Ways on foot."""
        section = self.study["network"]
        if section["path"] is None:
            return None
        path = self.path(section["path"])
        if files.is_pbf(path):
            found = osm.network(path, self.study.crs, self.near)
            self.record("network", path, len(found), "EPSG:4326")
        else:
            found = vector.read_lines(
                path,
                layer=section["layer"],
                crs=self.study.crs,
                bridge=section["bridge"],
                name="network",
                arrival=self.arrival(section),
            )
            self.remember("network", found.attrs["told"])
            self.record("network", path, len(found), found.attrs.get("crs"))
            self.place("network", found)
        if not len(found):
            raise ContractError(
                "layer network holds no ways on foot near the communes", "walking ways", "check the file"
            )
        return found

    def crossings(self) -> gpd.GeoDataFrame | None:
        """Footbridges and street crossings that are to be built."""
        text = self.study["network"]["crossings"]
        if text is None:
            return None
        path = self.path(text)
        found = vector.read_lines(path, crs=self.study.crs, name="crossings")
        self.place("crossings", found)
        self.record("crossings", path, len(found), found.attrs.get("crs"))
        return found[["geometry"]] if len(found) else None

    def play_areas(self, communes: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame | None]:
        """The inventory of play areas, and gates where they are mapped."""
        section = self.study["play_areas"]
        if section["path"] is None:
            if communes["surveyed"].any():
                raise StudyError(
                    "[communes] surveyed says that communes are surveyed, and there is no [play_areas]",
                    "a layer of play areas, or surveyed = false",
                    "add [play_areas] path, or set surveyed = false",
                )
            return None, None
        found, gates = inventory.read(self, section)
        if not len(found):
            self.notes.add(
                "play_areas_empty",
                "layer play_areas holds no features near the communes · the play areas found by the survey · every surveyed "
                "commune reads as having none; set surveyed = false where nobody has looked",
                layer="play_areas",
                count=0,
            )
        return found, gates

    def plain(self, name: str) -> gpd.GeoDataFrame | None:
        """A layer of which only the geometry is used."""
        section = self.study[name]
        if section["path"] is None:
            return None
        return self.vector(name, section["path"], section)[["geometry"]]

    def population(self) -> Raster | None:
        """Raster of people."""
        text = self.study["population"]["path"]
        if text is None:
            return None
        path = self.path(text)
        found = raster.read(path, self.study.crs, self.populated)
        self.record("population", path, found.values.size, pyproj.CRS.from_user_input(found.crs).name)
        return found

    def buildings(self) -> gpd.GeoDataFrame | None:
        """Homes: geometry and storeys."""
        section = self.study["buildings"]
        if section["path"] is None:
            return None
        path = self.path(section["path"])
        if files.is_pbf(path):
            found = osm.buildings(path, self.study.crs, self.populated)
            self.record("buildings", path, len(found), "EPSG:4326")
            found = found[found["residential"]]
            return gpd.GeoDataFrame({"storeys": found["levels"]}, geometry=found.geometry, crs=found.crs)
        found = self.vector("buildings", section["path"], section)
        if section["residential"] is not None:
            found = found[columns.flags(found, section["residential"], "buildings")]
        storeys = columns.numbers(found, section["storeys"], "buildings")
        return gpd.GeoDataFrame({"storeys": storeys}, geometry=found.geometry.array, crs=found.crs)

    def residential(self) -> gpd.GeoDataFrame | None:
        """Residential land."""
        section = self.study["landuse"]
        if section["path"] is None:
            return None
        path, wanted = self.path(section["path"]), section["residential"] or ["residential", "ONT", "ODT"]
        if files.is_pbf(path):
            found = osm.landuse(path, self.study.crs, self.populated)
            self.record("landuse", path, len(found), "EPSG:4326")
        else:
            found = self.vector("landuse", section["path"], section)
        column = section["column"] or "landuse"
        kept = found[columns.series(found, column, "landuse").isin(wanted)]
        return gpd.GeoDataFrame(geometry=shapely.make_valid(kept.geometry.to_numpy()), crs=kept.crs)
