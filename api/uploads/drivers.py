"""Drivers: what GDAL may know in a worker. Every driver but one is named as to be skipped before the library is loaded."""

from __future__ import annotations

from collections.abc import Iterable

KNOWN = (
    "PCIDSK|PDS4|VICAR|PDF|MBTiles|EEDA|OGCAPI|GDALG|ESRI Shapefile|MapInfo File|LVBAG|S57|DGN|OGR_VRT|VRT|CSV|GML|GPX|LIBKML|KML|"
    "GeoJSON|GeoJSONSeq|ESRIJSON|TopoJSON|OGR_GMT|GPKG|SQLite|WAsP|OpenFileGDB|DXF|FlatGeobuf|GeoRSS|VFK|PGDUMP|OSM|GPSBabel|"
    "OGR_PDS|WFS|OAPIF|EDIGEO|Idrisi|ODS|XLSX|Elasticsearch|Carto|AmigoCloud|SXF|Selafin|JML|PLSCENES|CSW|VDV|MVT|NGW|MapML|GTFS|"
    "PMTiles|JSONFG|MiraMonVector|ADBC|AVCBin|AVCE00|AIVector|HTTP|MEM|Memory|NAS|XLS|Parquet|Arrow|PostgreSQL|MySQL|ODBC|MSSQLSpatial|"
    "OCI|FileGDB|DWG|DGNv8|CAD|TIGER|UK .NTF|netCDF|HDF5|GPKG|Interlis 1|Interlis 2|GMLAS|SOSI|LIBKML|Walk|PGeo|HANA|MongoDBv3|"
    "EEDAI|WMS|WMTS|WCS|PLMosaic|STACIT|STACTA|ZARR|JP2OpenJPEG|DB2ODBC|IDB|REC|AeronavFAA|ARCGEN|BNA|OGR_DODS|SUA|XPLANE|Geomedia"
)
CLOSED = {
    "CPL_DEBUG": "OFF",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "CPL_VSIL_CURL_USE_HEAD": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTPS_PROXY": "127.0.0.1:9",
    "GDAL_MAX_DATASET_POOL_SIZE": "2",
    "GDAL_NUM_THREADS": "1",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "DXF_INLINE_BLOCKS": "FALSE",
    "PROJ_NETWORK": "OFF",
    "SHAPE_RESTORE_SHX": "NO",
    "VSI_CACHE": "FALSE",
}
"""Settings of GDAL and PROJ under which nothing is fetched, cached beside a file, or run."""


def environment(driver: str, more: Iterable[str] = ()) -> dict[str, str]:
    """Environment in which GDAL has one driver; "" = none. `more` : drivers found beside it, to be skipped too."""
    names = sorted((set(KNOWN.split("|")) | set(more)) - {driver})
    return {**CLOSED, "OGR_SKIP": ",".join(names)}  # not in GDAL_SKIP too: GDAL 3.12 crashes on the second list
