"""The offline form of a result, and a proposal file as it would save it, written by hand."""

import base64
import hashlib
import io
import json

import pyproj
import small
from PIL import Image
from sanchoi.api.library import Library
from sanchoi.api.models import Models
from sanchoi.api.offline import form
from sanchoi.api.settings import Settings

VINTAGE = "2025-07-01"
HOME, AWAY = "Hòa Phú", "Đại Lãnh"
CORNERS = [(600.0, 700.0), (650.0, 700.0), (650.0, 740.0), (600.0, 740.0)]
"""Of a site of 50 m × 40 m in Hòa Phú, east and north of the small study's corner, counter-clockwise."""


def entry_of(folder):
    return Library(Settings((folder,), folder)).first()


def made(folder, *communes, **others):
    """The form."""
    entry = entry_of(folder)
    return form.make(entry, form.model_of(entry, Models()), communes, **others)


def degrees(corners):
    turn = pyproj.Transformer.from_crs(small.CRS, "EPSG:4326", always_xy=True)
    found = [list(turn.transform(small.X + x, small.Y + y)) for x, y in corners]
    return [*found, found[0]]


def photo():
    picture = Image.new("RGB", (40, 30), (90, 140, 60))
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (15.0, 44.0, 0.0), 3: "E", 4: (108.0, 20.0, 0.0)}
    sink = io.BytesIO()
    picture.save(sink, "JPEG", exif=exif)
    return base64.b64encode(sink.getvalue()).decode()


def inner(etag="", corners=CORNERS, typed=True, said=None, **others):
    """What a file says."""
    return {
        "id": "0123456789abcdef0123456789abcdef",
        "saved": "2026-11-26T08:00:00.000Z",
        "language": "vi",
        "result": {"id": "small", "etag": etag, "run_id": "r", "name": "Small"},
        "vintage": VINTAGE,
        "commune": {"id": HOME, "name": HOME},
        "content": {
            "name": "Sân chơi thôn 2",
            "land_use": "BCS",
            "owner": "UBND xã",
            "backer": "Bà Nguyễn Thị A",
            "note": "",
            "cost": 400_000_000,
            **(said or {}),
        },
        "geometry": {"type": "Polygon", "coordinates": [degrees(corners)]},
        "corners": {
            "epsg": 5899,
            "typed": typed,
            "points": [[f"{small.Y + y:.4f}", f"{small.X + x:.4f}"] for x, y in corners],
        },
        "photos": [],
        **others,
    }


def packed(document, **others):
    """The bytes of a file that says something; `document` may be its JSON text."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    told = {
        "format": "sanchoi-proposal",
        "version": 1,
        "kind": "proposal",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "content": text,
        **others,
    }
    return json.dumps(told).encode()
