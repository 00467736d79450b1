"""Exports in tests: a context over a result whose layers are given, and files read back."""

import exported
import geopandas as gpd
import numpy as np
import pandas as pd
import service
import shapely
import small
from hypothesis import strategies as st
from sanchoi.api.exporting import layers as layering
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.layers import Layer
from sanchoi.api.exporting.wish import Wish
from sanchoi.gis import results
from scipy.spatial import KDTree

HOSTILE = [
    "Xã Điện Bàn Đông",
    "  0\nSECTION\n  2\nENTITIES\n  0\nLINE",
    "quote \" and ' and , and ;",
    "=cmd|' /C calc'!A0",
    "%%u %%c \\U+00E9 \\M+1abcd {\\H2;x} \\P ^J ^M^ ^^",
    "\x01\x02\t\r\n\x1f\x7f\x85\u2028",
    "🙂 sân chơi 🛝",
    "đ" * 400,
    "e\u0302\u0301" * 120,
    "",
]
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=300) | st.sampled_from(HOSTILE)


def context(folder=None, **wish):
    """Context over the small result, or another."""
    folder = service.result() if folder is None else folder
    return Context(folder, results.read(folder), Wish(**wish))


def frame(shapes, crs=small.CRS, **columns):
    """Rows in EPSG:4326 of shapes drawn in another CRS."""
    found = gpd.GeoDataFrame({"feature_id": [f"F{i}" for i in range(len(shapes))], **columns}, geometry=shapes, crs=crs)
    return found.to_crs("EPSG:4326")


def parcels(texts, shapes=None):
    """Rows as of the layer parcels, one a text."""
    shapes = [small.square(20 * i, 0, 15, 15) for i in range(len(texts))] if shapes is None else shapes
    return frame(
        shapes,
        parcel_id=pd.array([f"P{i}" for i in range(len(texts))], dtype="str"),
        owner=pd.array(texts, dtype=object),
        land_use=pd.array(["CLN"] * len(texts), dtype="str"),
        verdict=pd.array((["eligible", "conditional", "excluded"] * len(texts))[: len(texts)], dtype="str"),
        cost=np.where(np.arange(len(texts)) % 2, np.nan, 1.5e9 / 7),
        rank=pd.array([None if i % 3 == 1 else i + 1 for i in range(len(texts))], dtype="Int64"),
        covered=pd.array([(True, False, None)[i % 3] for i in range(len(texts))], dtype="boolean"),
    )


def given(monkeypatch, *made):
    """Let an export hold these layers: (kind, frame) or (name, kind, frame)."""
    found = [
        Layer(each[0], each[-2], layering.TITLES[each[-2]], each[-1], each[0].removeprefix("gaps_")) for each in made
    ]
    monkeypatch.setattr(layering, "layers", lambda _context: iter(found))
    return found


def holed(x=0, y=0, size=100):
    """A square with a square hole a fifth as wide."""
    return small.square(x, y, size, size) - small.square(x + size * 0.4, y + size * 0.4, size * 0.2, size * 0.2)


def star(count):
    """A polygon of so many corners, radius 200 m at most."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    far = np.where(np.arange(count) % 2, 200.0, 120.0)
    return shapely.Polygon(np.column_stack([small.X + 500 + far * np.cos(turn), small.Y + 500 + far * np.sin(turn)]))


def ogrinfo(path):
    """What Debian's ogrinfo says of every layer of a file."""
    return exported.ogrinfo(path, "-al")


def same(one, two, most):
    """Whether shapes agree one by one, whatever the order of their rings and corners; `most` in their unit."""
    return all(_same(left, right, most) for left, right in zip(one, two, strict=True))


def _same(left, right, most):
    if left is None or right is None:
        return left is right
    kinds = {each.geom_type.removeprefix("Multi") for each in (left, right)}
    return (
        len(kinds) == 1
        and shapely.get_num_coordinates(left) == shapely.get_num_coordinates(right)
        and _apart(left, right) <= most
        and abs(left.area - right.area) <= most * max(right.length, most)
    )


def _apart(left, right):
    """Farthest that a corner of either lies from the nearest corner of the other: every corner has its partner."""
    sides = [shapely.get_coordinates(each) for each in (left, right)]
    trees = [KDTree(each) for each in sides]
    return max(trees[1].query(sides[0])[0].max(), trees[0].query(sides[1])[0].max())
