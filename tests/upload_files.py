"""Files of outlines, made by hand or by GDAL, and a service's folder to read them in."""

import io
import json
import struct
import warnings
import zipfile
from types import SimpleNamespace

import geopandas as gpd
import shapely

LAND = shapely.box(108.10, 15.50, 108.11, 15.51)
"""Somewhere in Quảng Nam."""


def home(folder):
    """As much of the settings as uploads look at."""
    return SimpleNamespace(data=folder)


def geojson(*geometries, **members):
    features = [{"type": "Feature", "properties": {"n": i}, "geometry": g} for i, g in enumerate(geometries)]
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [[list(pair) for pair in ring] for ring in rings]}


def square(x=108.10, y=15.50, side=0.01):
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]


def frame(crs=5899, name="Đất bãi"):
    return gpd.GeoDataFrame({"ten": [name], "so": [12.5]}, geometry=[LAND], crs=4326).to_crs(crs)


def written(table, path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table.to_file(path, **options)
    return path


def zipped(members, method=zipfile.ZIP_DEFLATED):
    """A zip file of {name or ZipInfo: bytes}."""
    sink = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(sink, "w", method) as archive:
        warnings.simplefilter("ignore")  # names twice
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return sink.getvalue()


def shapefile(folder, crs=5899, encoding="utf-8", leave=(), name="Đất bãi"):
    """Members of a Shapefile."""
    written(frame(crs, name), folder / "dat.shp", encoding=encoding)
    found = {path.name: path.read_bytes() for path in folder.glob("dat.*")}
    return {name: data for name, data in found.items() if not name.endswith(tuple(leave) or ("?",))}


def drawing(*outlines, closed=1, layer="RANH"):
    """A DXF text with a polyline for each outline."""
    lines = ["0", "SECTION", "2", "ENTITIES"]
    for pairs in outlines:
        lines += ["0", "LWPOLYLINE", "5", "A1", "8", layer, "90", str(len(pairs)), "70", str(closed)]
        lines += [each for x, y in pairs for each in ("10", str(x), "20", str(y))]
    return "\n".join([*lines, "0", "ENDSEC", "0", "EOF", ""]).encode()


def kml(body, head=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}'
        "</Document></kml>"
    ).encode()


def placemark(ring, name="Đất", more=""):
    text = " ".join(f"{x},{y},0" for x, y in ring)
    return (
        f"<Placemark><name>{name}</name>{more}<Polygon><outerBoundaryIs><LinearRing><coordinates>{text}</coordinates>"
        "</LinearRing></outerBoundaryIs></Polygon></Placemark>"
    )


def bow_tie(n):
    """A ring of n vertices that zigzags and then crosses itself all the way back."""
    there = [(108 + i / n / 10, 15 + (i % 2) / 100) for i in range(n // 2)]
    back = [(x + 0.1 / n, 15.01 - (y - 15)) for x, y in reversed(there)]
    return [*there, *back, there[0]][: n + 1]


def wkb_bytes(shape, srs=4326):
    """A GeoPackage's blob."""
    return b"GP\x00\x01" + struct.pack("<i", srs) + shapely.to_wkb(shape)
