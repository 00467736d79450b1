"""QML: a style as QGIS 3.22 and later reads it, made of elements, never of pasted text."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree as ET

from sanchoi.api.exporting.parts import plain
from sanchoi.api.exporting.styles import Class, Label, Style, Symbol, Test

VERSION = "3.22.0-Białowieża"
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
FONTS = ("Be Vietnam Pro", "Noto Sans", "Open Sans", "Arial", "DejaVu Sans")
"""Fonts with every Vietnamese letter; the first that a machine has is used."""
KINDS = {"polygon": ("fill", "2"), "line": ("line", "1"), "point": ("marker", "0")}
SPACE = uuid.UUID("6f0c3f56-6f0b-5d9e-9f0b-2a6f9a1f3c11")
STEP = 1.6
"""Millimetres between the marks of a pattern."""


def text(style: Style, shape: str, aliases: Mapping[str, str], display: str) -> str:
    """The document. `shape` : of the layer. `aliases` : column → heading. `display` : column that names a row."""
    root = ET.Element("qgis", version=VERSION, styleCategories="AllStyleCategories", labelsEnabled=_yes(style.label))
    root.set("symbologyReferenceScale", "-1")
    root.append(_renderer(style, shape))
    if style.label is not None:
        root.append(_labels(style.label, shape))
    ET.SubElement(root, "layerOpacity").text = "1"
    ET.SubElement(root, "blendMode").text = "0"
    names = ET.SubElement(root, "aliases")
    for k, (column, heading) in enumerate(aliases.items(), 1):
        ET.SubElement(names, "alias", field=column, index=str(k), name=heading)
    ET.SubElement(root, "previewExpression").text = quoted(display) if display else ""
    ET.SubElement(root, "layerGeometryType").text = KINDS[shape][1]
    ET.indent(root, " ")
    return DOCTYPE + plain(ET.tostring(root, encoding="unicode")) + "\n"


def quoted(column: str) -> str:
    """A column in an expression."""
    return '"' + column.replace('"', '""') + '"'


def expression(tests: tuple[Test, ...]) -> str:
    """Tests as an expression of QGIS."""
    return " AND ".join(_test(*each) for each in tests)


def _test(column: str, how: str, value: object) -> str:
    if how in ("null", "known"):
        return f"{quoted(column)} IS {'' if how == 'null' else 'NOT '}NULL"
    if isinstance(value, str):
        return f"{quoted(column)} {how} '" + value.replace("'", "''") + "'"
    return f"{quoted(column)} {how} {str(value).lower() if isinstance(value, bool) else _figure(value)}"


def _figure(value: object) -> str:
    return f"{float(str(value)):.12g}"


def _yes(value: object) -> str:
    return "1" if value else "0"


def _renderer(style: Style, shape: str) -> ET.Element:
    out = ET.Element("renderer-v2", symbollevels="0", forceraster="0", enableorderby="0", referencescale="-1")
    if len(style.classes) == 1 and not style.classes[0].tests:
        out.set("type", "singleSymbol")
    elif style.column:
        out.set("type", "categorizedSymbol")
        out.set("attr", style.column)
        kinds = ET.SubElement(out, "categories")
        for k, each in enumerate(style.classes):
            value = str(each.tests[0][2])
            ET.SubElement(kinds, "category", render="true", symbol=str(k), value=value, label=each.label)
    elif style.ranged:
        out.set("type", "graduatedSymbol")
        out.set("attr", style.ranged)
        out.set("graduatedMethod", "GraduatedColor")
        ranges = ET.SubElement(out, "ranges")
        for k, each in enumerate(style.classes):
            low, high = (_figure(value) for _, _, value in each.tests)
            ET.SubElement(ranges, "range", render="true", symbol=str(k), lower=low, upper=high, label=each.label)
    else:
        out.set("type", "RuleRenderer")
        rules = ET.SubElement(out, "rules", key=_key(style.name))
        for k, each in enumerate(style.classes):
            _rule(rules, style, each, k)
    symbols = ET.SubElement(out, "symbols")
    for k, each in enumerate(style.classes):
        symbols.append(_symbol(str(k), each.symbol, shape))
    ET.SubElement(out, "rotation")
    ET.SubElement(out, "sizescale")
    return out


def _rule(rules: ET.Element, style: Style, each: Class, k: int) -> None:
    rule = ET.SubElement(rules, "rule", key=_key(f"{style.name}/{k}"), symbol=str(k), label=each.label)
    if each.tests:
        rule.set("filter", expression(each.tests))


def _key(name: str) -> str:
    return "{" + str(uuid.uuid5(SPACE, name)) + "}"


def _symbol(name: str, symbol: Symbol, shape: str) -> ET.Element:
    kind = KINDS[shape][0]
    out = ET.Element("symbol", name=name, type=kind, alpha=f"{symbol.opacity:g}", clip_to_extent="1", force_rhr="0")
    if kind == "line":
        out.append(_line(symbol.outline, symbol.width))
    elif kind == "marker":
        out.append(_marker(symbol))
    else:
        style = "dash" if symbol.dash else "solid" if symbol.width else "no"
        options = {
            "color": _colour(symbol.fill),
            "style": "solid" if symbol.fill else "no",
            "outline_color": _colour(symbol.outline),
            "outline_style": "no",
            "outline_width": f"{symbol.width:g}",
            "outline_width_unit": "MM",
            "joinstyle": "round",
        }
        if symbol.mark == "plain":
            out.append(_layer("SimpleFill", options | {"outline_style": style}))
        else:
            if symbol.fill:
                out.append(_layer("SimpleFill", options))
            for pattern in _patterns(name, symbol, len(out)):
                out.append(pattern)
            out.append(_layer("SimpleFill", options | {"style": "no", "outline_style": style}))
        if symbol.pin:
            out.append(_pin(name, symbol, len(out)))
    return out


def _patterns(name: str, symbol: Symbol, first: int) -> list[ET.Element]:
    """Lines or dots over an area."""
    slants = {"stripes": ("45",), "hatch": ("135",), "cross": ("45", "135")}.get(symbol.mark, ())
    out = []
    for k, angle in enumerate(slants, first):
        width = 0.45 if symbol.mark == "stripes" else 0.2
        made = _layer("LinePatternFill", {"angle": angle, "distance": f"{STEP:g}", "distance_unit": "MM"})
        inner = ET.SubElement(made, "symbol", name=f"@{name}@{k}", type="line", alpha="1", clip_to_extent="1")
        inner.append(_line(symbol.ink, width))
        out.append(made)
    if symbol.mark in ("dots", "sparse"):
        apart = f"{STEP if symbol.mark == 'dots' else 2 * STEP:g}"
        options = {"distance_x": apart, "distance_y": apart, "distance_x_unit": "MM", "distance_y_unit": "MM"}
        made = _layer("PointPatternFill", options)
        inner = ET.SubElement(made, "symbol", name=f"@{name}@{first}", type="marker", alpha="1", clip_to_extent="1")
        inner.append(_marker(Symbol(symbol.ink, outline="", width=0, size=0.6)))
        out.append(made)
    return out


def _pin(name: str, symbol: Symbol, first: int) -> ET.Element:
    """A point in the area."""
    made = _layer("CentroidFill", {"point_on_surface": "1", "point_on_all_parts": "0", "clip_points": "0"})
    inner = ET.SubElement(made, "symbol", name=f"@{name}@{first}", type="marker", alpha="1", clip_to_extent="1")
    inner.append(_marker(replace(symbol, fill=symbol.fill or "#ffffff", width=0.3)))
    return made


def _line(colour: str, width: float) -> ET.Element:
    options = {
        "line_color": _colour(colour),
        "line_style": "solid",
        "line_width": f"{width:g}",
        "line_width_unit": "MM",
        "capstyle": "flat",
        "joinstyle": "round",
    }
    return _layer("SimpleLine", options)


def _marker(symbol: Symbol) -> ET.Element:
    return _layer(
        "SimpleMarker",
        {
            "name": symbol.shape,
            "color": _colour(symbol.fill),
            "outline_color": _colour(symbol.outline),
            "outline_style": "solid" if symbol.width else "no",
            "outline_width": f"{symbol.width:g}",
            "outline_width_unit": "MM",
            "size": f"{symbol.ground or symbol.size:g}",
            "size_unit": "RenderMetersInMapUnits" if symbol.ground else "MM",
            "scale_method": "diameter",
        },
    )


def _layer(kind: str, options: Mapping[str, str]) -> ET.Element:
    out = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    table = ET.SubElement(out, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(table, "Option", name=name, type="QString", value=value)
    return out


def _colour(colour: str) -> str:
    if not colour:
        return "255,255,255,0"
    return ",".join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5)) + ",255"


def label_expression(label: Label) -> str:
    """What is written, as an expression of QGIS."""
    name = quoted(label.column)
    shown = name if label.decimals is None else f"format_number({name}, {label.decimals}, '{label.language}')"
    return f"coalesce({shown}, '{label.unknown}')"


def _labels(label: Label, shape: str) -> ET.Element:
    out = ET.Element("labeling", type="simple")
    settings = ET.SubElement(out, "settings", calloutType="simple")
    style = ET.SubElement(
        settings,
        "text-style",
        fieldName=label_expression(label),
        isExpression="1",
        fontFamily=FONTS[0],
        fontSize=f"{label.size:g}",
        fontSizeUnit="Point",
        fontWeight="75" if label.bold else "50",
        namedStyle="Bold" if label.bold else "Regular",
        textColor="30,30,30,255",
        textOpacity="1",
        multilineHeight="1",
    )
    families = ET.SubElement(style, "families")
    for family in FONTS:
        ET.SubElement(families, "family", name=family)
    ET.SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity="1",
        bufferNoFill="1",
        bufferJoinStyle="128",
    )
    ET.SubElement(
        settings, "text-format", multilineAlign="1", wrapChar="", autoWrapLength="24", useMaxLineLengthForAutoWrap="1"
    )
    placement = {"polygon": "0", "line": "2", "point": "6"}[shape]  # around a point inside, along, around by preference
    ET.SubElement(
        settings,
        "placement",
        placement=placement,
        centroidWhole="0",
        centroidInside="1",
        predefinedPositionOrder="TR,TL,BR,BL,R,L,TSR,BSR",
        dist="1",
        distUnits="MM",
        quadOffset="4",
        offsetType="1" if shape == "point" else "0",
        priority="8" if label.bold else "5",
    )
    ET.SubElement(
        settings,
        "rendering",
        drawLabels="1",
        obstacle="1",
        displayAll="0",
        scaleVisibility=_yes(label.scale),
        scaleMin="0",
        scaleMax=str(label.scale),
        fontLimitPixelSize="0",
        labelPerPart="0",
    )
    return out
