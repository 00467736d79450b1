"""QGIS opens an exported GeoPackage without a screen: every layer comes with its style, and every row has a class of it.

Run by the program's Python it exports a result, works out from its tables what is to be found, and calls itself with the system's
Python, which has QGIS (Debian: qgis python3-qgis). Started by: make test-qgis. With a folder as argument the pictures stay there.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

KINDS = {
    "communes": "singleSymbol",
    "gaps_0_5": "categorizedSymbol",
    "gaps_6_14": "categorizedSymbol",
    "gaps_all": "categorizedSymbol",
    "play_areas": "RuleRenderer",
    "play_areas_points": "RuleRenderer",
    "cells": "RuleRenderer",
    "barriers": "singleSymbol",
    "parcels": "categorizedSymbol",
    "usable": "singleSymbol",
    "sites": "categorizedSymbol",
}
NAMED = ("communes", "gaps_0_5", "gaps_6_14", "gaps_all", "play_areas", "play_areas_points", "parcels", "sites")
"""Layers that have labels."""


def start(pictures):
    """Export, say what is to be found, and let QGIS look for it."""
    import service
    from sanchoi.api.exporting import Wish, write
    from sanchoi.gis import results
    from sanchoi.maps.sheets.options import Options
    from sanchoi.maps.words import WORDS

    folder = Path(tempfile.mkdtemp(prefix="sanchoi-qgis-"))
    for side, language in enumerate(("vi", "en")):
        wish = Wish(formats=("gpkg",), options=Options(language=language))
        write(service.result(), wish, folder / language)
        gaps = results.read(service.result()).tables["gaps"].query("band == 'all'")
        expected = {
            "kinds": KINDS,
            "named": NAMED,
            "language": language,
            "statuses": sorted(WORDS[f"s_{each}"][side] for each in gaps["status"].unique()),
            "crs": "EPSG:5899",
        }
        command = ["/usr/bin/python3", "-u", __file__, str(folder / language / "sanchoi.gpkg"), json.dumps(expected)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        clean |= {"QT_QPA_PLATFORM": "offscreen", "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        place = Path(pictures or folder) / language
        place.mkdir(parents=True, exist_ok=True)
        code = subprocess.run([*command, str(place)], env=clean, timeout=300, check=False).returncode
        if code:
            return code
    return 0


def look(path, expected, pictures):
    """What QGIS finds."""
    from qgis.core import Qgis, QgsApplication, QgsVectorLayer

    app = QgsApplication([], True)
    app.initQgis()
    print("QGIS", Qgis.QGIS_VERSION, expected["language"])
    base = sqlite3.connect(path)
    names = [row[0] for row in base.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")]
    kept = QgsVectorLayer(f"{path}|layername={names[0]}", names[0], "ogr").listStylesInDatabase()
    assert kept[0] >= 1, kept
    for name in names:
        layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        assert layer.isValid(), name
        assert layer.crs().authid() == expected["crs"], layer.crs().authid()
        assert layer.renderer().type() == expected["kinds"][name], (name, layer.renderer().type())
        assert layer.labelsEnabled() == (name in expected["named"]), name
        labels = [item.label() for item in layer.renderer().legendSymbolItems()]
        if name == "gaps_all":
            assert sorted(labels) == expected["statuses"], labels
            column = "Mã xã, phường" if expected["language"] == "vi" else "Commune code"
            assert layer.attributeDisplayName(layer.fields().indexOf("commune_id")) == column
            assert layer.displayExpression() == '"name"'
        classes = classed(layer)
        assert all(len(each) == 1 for each in classes.values()), (name, classes)
        colours = drawn(layer, Path(pictures) / f"{name}.png")
        assert colours > 2, (name, "nothing is drawn")
        of_sld(base, name, layer, classes, Path(pictures))
        print(f"  {name}: {len(classes)} rows in {len(labels)} classes, {colours} colours, QML and SLD agree")
    print("QGIS drew everything", flush=True)
    os._exit(0)  # layers that outlive the application end it with a crash


def classed(layer):
    """Row → labels of the classes by which it is drawn."""
    from qgis.core import QgsRenderContext

    context = QgsRenderContext()
    context.expressionContext().appendScopes(scopes(layer))
    context.setRendererScale(1000)
    renderer = layer.renderer().clone()
    renderer.startRender(context, layer.fields())
    words = {item.ruleKey(): item.label() for item in renderer.legendSymbolItems()}
    roots = {renderer.rootRule().ruleKey()} if renderer.type() == "RuleRenderer" else set()
    found = {}
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        keys = set(renderer.legendKeysForFeature(feature, context)) - roots
        found[feature.id()] = sorted(words.get(key, key) for key in keys)
    renderer.stopRender(context)
    return found


def scopes(layer):
    """What an expression may speak of."""
    from qgis.core import QgsExpressionContextUtils

    return QgsExpressionContextUtils.globalProjectLayerScopes(layer)


def drawn(layer, path):
    """Draw a layer to its extent; how many colours the picture has."""
    from qgis.core import QgsMapRendererParallelJob, QgsMapSettings
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    box = layer.extent()
    box.grow(max(box.width(), box.height(), 20) * 0.05)
    settings.setExtent(box)
    settings.setOutputSize(QSize(600, 450))
    settings.setBackgroundColor(QColor("white"))
    settings.setFlag(QgsMapSettings.DrawLabeling, True)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    picture.save(str(path))
    return len({picture.pixel(x, y) for x in range(0, 600, 2) for y in range(0, 450, 2)})


def of_sld(base, name, layer, classes, folder):
    """The SLD of every style is taken too, and puts every row into the class of the same name."""
    rows = base.execute("SELECT styleSLD, styleQML, useAsDefault FROM layer_styles WHERE f_table_name = ?", (name,))
    for k, (sld, qml, default) in enumerate(rows):
        for ending, text in (("sld", sld), ("qml", qml)):
            path = folder / f"{name}-{k}.{ending}"
            path.write_text(text, "utf-8")
            load = layer.loadSldStyle if ending == "sld" else layer.loadNamedStyle
            words, good = load(str(path))
            assert good, (name, ending, words)
            assert layer.labelsEnabled() == ("TextSymbolizer" in sld), (name, ending)
        if default and len(set(map(str, classes.values()))) > 1:
            layer.loadSldStyle(str(folder / f"{name}-{k}.sld"))
            found = {row: [each for each in labels if each] for row, labels in classed(layer).items()}
            wrong = [(row, found[row], classes[row]) for row in classes if found[row] != classes[row]]
            assert not wrong, (name, len(wrong), wrong[:3])


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(start(sys.argv[1] if len(sys.argv) == 2 else ""))
    look(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3])
