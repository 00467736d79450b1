"""KML, read by an XML parser that knows no entities and opens nothing: polygons of placemarks, with their names."""

from __future__ import annotations

import math
import re
from typing import Any
from xml.parsers import expat

import pyproj
import shapely
from sanchoi.api.uploads import archive, shapes
from sanchoi.api.uploads.limits import Limits
from sanchoi.api.uploads.words import Refused, remark

GEOMETRIES = ("Point", "LineString", "LinearRing", "Polygon", "Model", "Track", "MultiTrack")
TEXTS = ("name", "description", "value", "SimpleData", "coordinates")
TAG = re.compile(r"<[^<>]*>")


def read_zipped(data: bytes, limits: Limits) -> shapes.Found:
    """Polygons of a KMZ file: of the first KML text in it.

    Raises
    ------
    Refused : as `archive.members`, `archive.unpack` and `read`.
    """
    members = archive.members(data, limits, folders=True)
    texts = [each for each in members if each.filename.lower().endswith(".kml") and "/" not in each.filename]
    if not texts:
        raise Refused("broken", kind="KMZ", why="")
    first = min(texts, key=lambda each: each.filename.lower() != "doc.kml")
    return read(archive.unpack(data, [first], limits)[first.filename], limits)


def read(data: bytes, limits: Limits) -> shapes.Found:
    """Polygons of a KML text.

    Raises
    ------
    Refused : it is none, declares entities, or as `shapes.finish`.
    """
    reader = _Reader(limits)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _declares
    parser.EntityDeclHandler = _declares
    parser.ExternalEntityRefHandler = _declares
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, LookupError, ValueError) as error:
        line = getattr(error, "lineno", 0)
        raise Refused("broken", kind="KML", why=(f": dòng {line}", f": line {line}") if line else "") from None
    words = [remark("links")] if reader.links else []
    return shapes.finish(reader.raws, pyproj.CRS.from_epsg(4326), limits, words)


def _declares(*arguments: object) -> int:
    raise Refused("entity")


class _Reader:
    """Follows the elements of a KML text."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.path: list[str] = []
        self.parts: list[str] = []
        self.folders: list[str] = []
        self.raws: list[shapes.Raw] = []
        self.links = 0
        self._begin()

    def _begin(self) -> None:
        self.properties: dict[str, Any] = {}
        self.polygons: list[Any] = []
        self.rings: list[Any] = []
        self.outer: Any = None
        self.others: list[str] = []
        self.key = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(":")[2]
        self.path.append(name)
        if len(self.path) > self.limits.depth:
            raise Refused("deep", kind="KML", most=self.limits.depth)
        self.parts = []
        if name == "Placemark":
            self._begin()
        elif name in ("Folder", "Document"):
            self.folders.append("")
        elif name in ("Data", "SimpleData"):
            self.key = attributes.get("name", "")
        elif name == "Polygon":
            self.outer, self.rings = None, []
        elif name in GEOMETRIES and "Polygon" not in self.path:
            self.others.append(name)
        self.links += name == "NetworkLink"

    def text(self, text: str) -> None:
        """Text comes."""
        if self.path and self.path[-1] in TEXTS:
            self.parts.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        name = self.path.pop()
        text = "".join(self.parts)
        self.parts = []
        above = self.path[-1] if self.path else ""
        if "Placemark" in self.path:
            self._inside(name, above, text)
        elif name == "name" and above in ("Folder", "Document") and self.folders:
            self.folders[-1] = text
        elif name in ("Folder", "Document") and self.folders:
            self.folders.pop()
        elif name == "Placemark":
            self._placemark()

    def _inside(self, name: str, above: str, text: str) -> None:
        if name in ("name", "description") and above == "Placemark":
            self.properties[name] = TAG.sub(" ", text)
        elif (name == "value" and above == "Data") or name == "SimpleData":
            if self.key and len(self.properties) <= self.limits.fields:
                self.properties[self.key] = text
        elif name == "coordinates" and "Polygon" in self.path:
            ring = self._ring(text)
            if "innerBoundaryIs" in self.path:
                self.rings.append(ring)
            else:
                self.outer = ring
        elif name == "Polygon":
            if self.outer is None:
                raise Refused("shape", n=len(self.raws) + 1)
            self.polygons.append(shapely.Polygon(self.outer, self.rings))

    def _ring(self, text: str) -> list[tuple[float, float]]:
        n = len(self.raws) + 1
        words = text.split()
        if len(words) > self.limits.vertices:
            raise Refused("vertices", most=self.limits.vertices)
        try:
            ring = [(float(x), float(y)) for x, y, *_ in (word.split(",") for word in words)]
        except ValueError:
            raise Refused("shape", n=n) from None
        if len(ring) < 3:
            raise Refused("shape", n=n)
        if not all(math.isfinite(each) for pair in ring for each in pair):
            raise Refused("finite", n=n)
        return ring if ring[0] == ring[-1] else [*ring, ring[0]]

    def _placemark(self) -> None:
        if len(self.raws) >= self.limits.features:
            raise Refused("features", most=self.limits.features)
        shape = None
        if self.polygons and not self.others:
            shape = self.polygons[0] if len(self.polygons) == 1 else shapely.MultiPolygon(self.polygons)
        layer = next((each for each in reversed(self.folders) if each), "")
        self.raws.append(shapes.Raw(shape, self.properties, layer, ", ".join(self.others[:3])))
