"""Registry: the formats there are, what there is one file of for each, and who makes it. Makers load what they need when called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sanchoi.api.exporting import (
    csv_tables,
    dgn,
    dxf,
    flatgeobuf,
    geojson,
    gpkg,
    kml,
    report,
    sheets,
    shp,
    survey,
    tab,
    xlsx,
)
from sanchoi.api.exporting.context import Context

Make = Callable[[Context, str, Path], list[Path]]
"""Writes the files of one commune, of one site or of the whole (id "") into a folder, and names them."""


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes
    ----------
    words : what it is, Vietnamese and English. per : what there is one of for each. make : who makes it.
    choose : of which ids it is when everything is wanted; None = of every commune, or of every site of the plan.
    """

    words: tuple[str, str]
    per: Literal["commune", "site", "whole"]
    make: Make
    choose: Callable[[Context], list[str]] | None = None


FORMATS: dict[str, Format] = {
    "sheet-gap": Format(("Bản đồ thiếu sân chơi", "Gap sheet"), "commune", sheets.gap),
    "sheet-reach": Format(("Bản đồ tầm đi bộ", "Reach sheet"), "commune", sheets.reach),
    "sheet-province": Format(("Bản đồ tổng hợp các xã", "Sheet of all communes"), "whole", sheets.province),
    "sheet-site": Format(("Bản vẽ khu đất", "Site plan"), "site", sheets.site),
    "fact-sheet": Format(("Phiếu số liệu của xã", "Fact sheet of a commune"), "commune", sheets.fact),
    "report": Format(("Báo cáo toàn tỉnh (PDF)", "Report of the province (PDF)"), "whole", report.make),
    "xlsx": Format(("Bảng tính Excel cho hồ sơ", "Workbook for planners (XLSX)"), "whole", xlsx.make),
    "gpkg": Format(("GeoPackage có sẵn kiểu vẽ cho QGIS", "GeoPackage, styled for QGIS"), "whole", gpkg.make),
    "geojson": Format(("GeoJSON", "GeoJSON"), "whole", geojson.make),
    "fgb": Format(("FlatGeobuf", "FlatGeobuf"), "whole", flatgeobuf.make),
    "kml": Format(("KML cho Google Earth", "KML for Google Earth"), "whole", kml.make),
    "csv": Format(("Bảng CSV", "Tables as CSV"), "whole", csv_tables.make),
    "survey": Format(
        ("Phiếu và bản đồ khảo sát sân chơi", "Survey form and map"), "commune", survey.make, survey.unknown
    ),
    "shp": Format(("Shapefile (zip)", "Shapefile (zip)"), "whole", shp.make),
    "tab": Format(("Bảng MapInfo TAB (zip)", "MapInfo tables (zip)"), "whole", tab.make),
    "dxf": Format(("Bản vẽ AutoCAD DXF", "AutoCAD drawing (DXF)"), "whole", dxf.make),
    "dgn": Format(("Bản vẽ MicroStation DGN V7", "MicroStation drawing (DGN V7)"), "whole", dgn.make),
}
"""Name → format, in the order in which they are offered."""
