"""QGIS on a live service, without a screen: every collection is opened, counted, filtered and drawn to its extent.

Run by the program's Python it starts a service, works out what is to be found from the tables, and calls itself with the system's
Python, which has QGIS (Debian: qgis python3-qgis). Started by: make test-qgis
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def start():
    """Start the service, say what is to be found, and let QGIS look for it."""
    import geopandas as gpd
    import numpy as np
    import service
    import shapely
    from odd_results import served, write_many
    from sanchoi.api.settings import Settings

    folder = Path(tempfile.mkdtemp(prefix="sanchoi-qgis-"))
    result, odd = service.result(), write_many(folder / "odd", 2_500)
    read = {}
    for name in ("communes", "gaps", "play_areas", "cells", "parcels", "sites"):
        path = result / "tables" / f"{name}.parquet"
        read[name] = len(gpd.read_parquet(path)) if name not in ("gaps", "sites") else len(_plain(path))
    land = gpd.read_parquet(odd / "tables" / "parcels.parquet")
    west, south, east, north = land.total_bounds
    box = [west, south, (west + east) / 2, (south + north) / 2]
    metric = land.to_crs(5899)
    expected = {
        "counts": read,
        "many": len(land),
        "box": box,
        "in_box": int(land.intersects(shapely.box(*box)).sum()),
        "eligible": int(((land["verdict"] == "eligible") & (land["score"] > 0.5)).sum()),
        "unknown": int(land["score"].isna().sum()),
        "odd_ids": land["parcel_id"].iloc[:10].tolist(),
        "extent": [float(each) for each in land.total_bounds],
        "metric": [float(each) for each in np.asarray(metric.total_bounds)],
    }
    with served(Settings((result, odd), folder / "data")) as address:
        command = ["/usr/bin/python3", "-u", __file__, address, json.dumps(expected)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        clean |= {"QT_QPA_PLATFORM": "offscreen", "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        return subprocess.run(command, env=clean, timeout=300, check=False).returncode


def _plain(path):
    import pandas as pd

    return pd.read_parquet(path, columns=[])


def look(address, expected):
    """What QGIS finds."""
    from qgis.core import (
        Qgis,
        QgsApplication,
        QgsCoordinateReferenceSystem,
        QgsCoordinateTransform,
        QgsFeatureRequest,
        QgsProject,
        QgsRectangle,
        QgsVectorLayer,
    )

    app = QgsApplication([], True)
    app.initQgis()
    print("QGIS", Qgis.QGIS_VERSION)

    def layer(result, name, more=""):
        found = QgsVectorLayer(f"url='{address}/r/{result}/ogc' typename='{name}' {more}", name, "OAPIF")
        assert found.isValid(), (
            name,
            found.dataProvider().error().message() if found.dataProvider() else "no provider",
        )
        return found

    def count(found, request=None):
        return sum(1 for _ in (found.getFeatures() if request is None else found.getFeatures(request)))

    for name, rows in expected["counts"].items():
        found = layer("small", name)
        assert (found.featureCount(), count(found)) == (rows, rows), name
        print(f"  {name}: {rows} features, {len(found.fields())} fields")
    land = layer("odd", "parcels")
    assert (land.featureCount(), count(land)) == (expected["many"],) * 2
    ids = {feature["id"] for feature in land.getFeatures()}
    assert ids >= set(expected["odd_ids"])
    box = QgsFeatureRequest().setFilterRect(QgsRectangle(*expected["box"]))
    assert count(land, box) == expected["in_box"]
    assert count(layer("odd", "parcels", "restrictToRequestBBOX='1'"), box) == expected["in_box"]
    print(f"  box: {expected['in_box']} of {expected['many']} parcels, asked from the service and from what QGIS keeps")
    chosen = QgsFeatureRequest().setFilterExpression('"verdict" = \'eligible\' AND "score" > 0.5')
    assert count(land, chosen) == expected["eligible"]
    unknown = QgsFeatureRequest().setFilterExpression('"score" IS NULL')
    assert count(land, unknown) == expected["unknown"]
    assert land.setSubsetString('"verdict" = \'eligible\' AND "score" > 0.5')
    assert count(land) == expected["eligible"]
    print(f"  filter: {expected['eligible']} parcels; unknown scores stay empty: {expected['unknown']}")
    whole = layer("odd", "parcels").extent()
    told = (whole.xMinimum(), whole.yMinimum(), whole.xMaximum(), whole.yMaximum())
    assert all(abs(one - other) < 1e-9 for one, other in zip(told, expected["extent"], strict=True))
    assert land.crs().authid() in ("OGC:CRS84", "EPSG:4326")
    crs = QgsCoordinateReferenceSystem("EPSG:5899")
    moved = QgsCoordinateTransform(land.crs(), crs, QgsProject.instance())
    there = [
        moved.transformBoundingBox(feature.geometry().boundingBox())
        for feature in layer("odd", "parcels").getFeatures()
    ]
    told = (min(e.xMinimum() for e in there), min(e.yMinimum() for e in there))
    assert all(abs(one - other) < 5 for one, other in zip(told, expected["metric"][:2], strict=True)), (
        told,
        expected["metric"],
    )
    print("  extent and place in VN-2000 (QGIS 3.22 asks for CRS84 alone and turns it itself)")
    print("QGIS read everything", flush=True)
    os._exit(0)  # layers that outlive the application end it with a crash


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(start())
    look(sys.argv[1], json.loads(sys.argv[2]))
