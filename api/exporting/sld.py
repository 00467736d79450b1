"""SLD 1.1.0: a style as GeoServer, MapServer and others read it, with Symbology Encoding 1.1.0; patterns as graphic fills."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from sanchoi.api.exporting.parts import plain
from sanchoi.api.exporting.qml import FONTS
from sanchoi.api.exporting.styles import Class, Label, Style, Symbol, Test

SLD, SE, OGC = "http://www.opengis.net/sld", "http://www.opengis.net/se", "http://www.opengis.net/ogc"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
METRE = "http://www.opengeospatial.org/se/units/metre"
PIXEL = 1 / 0.28
"""Pixels in a millimetre: SLD takes a pixel for 0.28 mm."""
OPERATORS = {
    "=": "PropertyIsEqualTo",
    "<": "PropertyIsLessThan",
    "<=": "PropertyIsLessThanOrEqualTo",
    ">": "PropertyIsGreaterThan",
    ">=": "PropertyIsGreaterThanOrEqualTo",
}
SHAPES = {"circle": "circle", "square": "square", "triangle": "triangle", "diamond": "square", "cross2": "x"}
for _prefix, _space in (("", SLD), ("se", SE), ("ogc", OGC), ("xsi", XSI)):
    ET.register_namespace(_prefix, _space)


def text(style: Style, layer: str, shape: str) -> str:
    """The document. `layer` : its name. `shape` : point, line or polygon."""
    root = ET.Element(f"{{{SLD}}}StyledLayerDescriptor", version="1.1.0")
    root.set(f"{{{XSI}}}schemaLocation", f"{SLD} http://schemas.opengis.net/sld/1.1.0/StyledLayerDescriptor.xsd")
    named = ET.SubElement(root, f"{{{SLD}}}NamedLayer")
    _add(named, "Name", layer)
    user = ET.SubElement(named, f"{{{SLD}}}UserStyle")
    _add(user, "Name", style.name)
    _add(ET.SubElement(user, f"{{{SE}}}Description"), "Title", style.title)
    kind = ET.SubElement(user, f"{{{SE}}}FeatureTypeStyle")
    for each in style.classes:
        kind.append(_rule(each, shape))
    if style.label is not None:
        kind.append(_labels(style.label, shape))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + plain(ET.tostring(root, encoding="unicode")) + "\n"


def _add(parent: ET.Element, tag: str, words: str = "", /, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{SE}}}{tag}", attributes)
    made.text = words or None
    return made


def _rule(each: Class, shape: str) -> ET.Element:
    rule = ET.Element(f"{{{SE}}}Rule")
    _add(rule, "Name", each.label)
    _add(_add(rule, "Description"), "Title", each.label)
    if each.tests:
        filtered = ET.SubElement(rule, f"{{{OGC}}}Filter")
        where = filtered if len(each.tests) == 1 else ET.SubElement(filtered, f"{{{OGC}}}And")
        for test in each.tests:
            _test(where, test)
    if shape == "polygon":
        for made in _areas(each.symbol):
            rule.append(made)
        if each.symbol.pin:
            _point(rule, each.symbol)
    elif shape == "line":
        _stroke(_add(rule, "LineSymbolizer"), each.symbol)
    else:
        _point(rule, each.symbol)
    return rule


def _test(where: ET.Element, test: Test) -> None:
    column, how, value = test
    if how in ("null", "known"):
        into = where if how == "null" else ET.SubElement(where, f"{{{OGC}}}Not")
        found = ET.SubElement(into, f"{{{OGC}}}PropertyIsNull")
        ET.SubElement(found, f"{{{OGC}}}PropertyName").text = column
        return
    found = ET.SubElement(where, f"{{{OGC}}}{OPERATORS[how]}")
    ET.SubElement(found, f"{{{OGC}}}PropertyName").text = column
    said = str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else f"{value:.12g}"
    ET.SubElement(found, f"{{{OGC}}}Literal").text = said


def _areas(symbol: Symbol) -> list[ET.Element]:
    """Fill, pattern and edge, one over the other."""
    out = []
    if symbol.fill:
        made = ET.Element(f"{{{SE}}}PolygonSymbolizer")
        fill = _add(made, "Fill")
        _parameters(fill, {"fill": symbol.fill, "fill-opacity": f"{symbol.opacity:g}"})
        out.append(made)
    marks = {
        "stripes": ("slash",),
        "hatch": ("backslash",),
        "cross": ("slash", "backslash"),
        "dots": ("circle",),
        "sparse": ("circle",),
    }
    for mark in marks.get(symbol.mark, ()):
        made = ET.Element(f"{{{SE}}}PolygonSymbolizer")
        graphic = _add(_add(_add(made, "Fill"), "GraphicFill"), "Graphic")
        drawn = _add(graphic, "Mark")
        _add(drawn, "WellKnownName", mark)
        if mark == "circle":
            _parameters(_add(drawn, "Fill"), {"fill": symbol.ink})
        else:
            wide = "1.6" if symbol.mark == "stripes" else "0.7"
            _parameters(_add(drawn, "Stroke"), {"stroke": symbol.ink, "stroke-width": wide})
        _add(graphic, "Size", "2" if mark == "circle" else "6")
        out.append(made)
    made = ET.Element(f"{{{SE}}}PolygonSymbolizer")
    _stroke(made, symbol)
    return [*out, made]


def _point(rule: ET.Element, symbol: Symbol) -> None:
    made = _add(rule, "PointSymbolizer", **({"uom": METRE} if symbol.ground else {}))
    graphic = _add(made, "Graphic")
    mark = _add(graphic, "Mark")
    _add(mark, "WellKnownName", SHAPES[symbol.shape])
    _parameters(_add(mark, "Fill"), {"fill": symbol.fill or "#ffffff"})
    if symbol.width:
        _stroke(mark, symbol)
    _add(graphic, "Size", f"{symbol.ground or symbol.size * PIXEL:.4g}")
    if symbol.shape == "diamond":
        rotation = _add(graphic, "Rotation")
        ET.SubElement(rotation, f"{{{OGC}}}Literal").text = "45"


def _stroke(parent: ET.Element, symbol: Symbol) -> None:
    dash = {"stroke-dasharray": "4 2"} if symbol.dash else {}
    width = f"{symbol.width * PIXEL:.4g}"
    _parameters(_add(parent, "Stroke"), {"stroke": symbol.outline, "stroke-width": width, **dash})


def _parameters(parent: ET.Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        _add(parent, "SvgParameter", value, name=name)


def _labels(label: Label, shape: str) -> ET.Element:
    rule = ET.Element(f"{{{SE}}}Rule")
    if label.scale:
        _add(rule, "MaxScaleDenominator", str(label.scale))
    made = _add(rule, "TextSymbolizer")
    ET.SubElement(_add(made, "Label"), f"{{{OGC}}}PropertyName").text = label.column
    font = {"font-family": FONTS[0], "font-size": f"{label.size * 25.4 / 72 * PIXEL:.3g}"}
    _parameters(_add(made, "Font"), font | ({"font-weight": "bold"} if label.bold else {}))
    if shape != "line":
        anchor = _add(_add(_add(made, "LabelPlacement"), "PointPlacement"), "AnchorPoint")
        _add(anchor, "AnchorPointX", "0.5" if shape == "polygon" else "0")
        _add(anchor, "AnchorPointY", "0.5" if shape == "polygon" else "0")
    halo = _add(made, "Halo")
    _add(halo, "Radius", "2")
    _parameters(_add(halo, "Fill"), {"fill": "#ffffff"})
    _parameters(_add(made, "Fill"), {"fill": "#1e1e1e"})
    return rule
