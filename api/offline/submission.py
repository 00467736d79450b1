"""Submission: a proposal file of the offline form, read and checked. Nothing in it is believed because the file says so.

The file is a JSON object: `format`, `version`, `kind`, `sha256` and `content`, a JSON text of its own. The checksum tells a copy
that was cut short or damaged; whoever wants to forge a file can make it anew, so everything is checked again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NoReturn

import numpy as np
import pyproj
import shapely
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sanchoi.api.accounts.actor import refused
from sanchoi.api.problems import Problem
from sanchoi.api.proposals.desk import Content
from sanchoi.api.store.geometry import shape
from sanchoi.gis.tables import STORAGE_CRS

FORMAT, VERSION = "sanchoi-proposal", 1
MOST_BYTES = 12_000_000
MOST_DEPTH = 12
MOST_PHOTOS, PHOTO_BYTES = 10, 8_000_000
SAME_M = 0.01
"""Outline and corners of a file may differ by no more."""
Pair = tuple[str, str]
Line = Annotated[str, Field(max_length=500)]
Id = Annotated[str, Field(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Result(_Strict):
    id: Id
    etag: Annotated[str, Field(max_length=64)]
    run_id: Annotated[str, Field(max_length=64)]
    name: Line = ""


class _Commune(_Strict):
    id: Id
    name: Line = ""


class _Said(_Strict):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    land_use: Line = ""
    owner: Line = ""
    backer: Line = ""
    note: Annotated[str, Field(max_length=5_000)] = ""
    cost: Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)] | None = None


class _Corners(_Strict):
    epsg: Annotated[int, Field(ge=1024, le=998_999)] | None
    typed: bool
    points: Annotated[list[tuple[str, str]], Field(min_length=3, max_length=2_000)]


class _Photo(_Strict):
    name: Annotated[str, Field(max_length=200)] = ""
    data: Annotated[str, Field(max_length=PHOTO_BYTES * 4 // 3 + 4)]


class _Inner(_Strict):
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    saved: Annotated[str, Field(max_length=40)]
    result: _Result
    vintage: Annotated[str, Field(max_length=10)]
    commune: _Commune | None
    content: _Said
    geometry: dict[str, Any]
    corners: _Corners
    photos: Annotated[list[_Photo], Field(max_length=MOST_PHOTOS)] = []


@dataclass(frozen=True)
class Photo:
    """A photo as it was sent."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Submission:
    """What a file says. `origin` : its random id. `digest` : of all that it says but the time when it was saved."""

    origin: str
    digest: str
    result_id: str
    etag: str
    run_id: str
    commune_id: str | None
    content: Content
    photos: tuple[Photo, ...]


class Envelope(BaseModel):
    """The file, as its outermost object."""

    model_config = ConfigDict(extra="ignore")
    format: str
    version: Annotated[int, Field(strict=True)]
    kind: Literal["proposal", "draft"] = "proposal"
    sha256: Annotated[str, Field(max_length=64)]
    content: Annotated[str, Field(max_length=MOST_BYTES)]


def read(data: bytes, vertices: int) -> Submission:
    """What the bytes of a file say.

    Raises
    ------
    Problem : "too_large", "bad_file", and as `of`.
    """
    if len(data) > MOST_BYTES:
        raise Problem("too_large", {"came": f"{len(data) / 1e6:.1f} MB", "limit": f"{MOST_BYTES / 1e6:g} MB"})
    if not data.strip():
        _refuse("empty")
    return of(_json(data), vertices)


def of(found: object, vertices: int) -> Submission:
    """What the outermost object of a file says.

    Parameters
    ----------
    vertices : that its outline may have at most.

    Raises
    ------
    Problem : "bad_file" where it is none of ours, newer than we know, a draft, damaged, or holds what no form writes; "bad_body"
        and "too_large" as `geometry.shape`.
    """
    if not isinstance(found, Mapping) or found.get("format") != FORMAT:
        _refuse("other")
    version = found.get("version")
    if isinstance(version, int) and version > VERSION:
        _refuse("newer")
    if version is True or version != VERSION or not isinstance(found.get("content"), str):
        _refuse("other")
    if found.get("kind") == "draft":
        _refuse("draft")
    text: str = found["content"]
    try:
        told = hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError:
        _refuse("broken")
    if told != found.get("sha256"):
        _refuse("broken")
    document = _json(text.encode())
    try:
        inner = _Inner.model_validate_json(text)
    except ValidationError as error:
        _refuse("content", ", ".join(sorted({".".join(map(str, each["loc"]))[:60] for each in error.errors()}))[:200])
    land = shape(inner.geometry, vertices)
    if land.geom_type not in ("Polygon", "MultiPolygon") or not land.area:
        _refuse("content", "geometry")
    corners = inner.corners
    _same(land, corners)
    said = inner.content
    content = Content(
        said.name,
        land,
        said.land_use,
        said.owner,
        said.backer,
        said.note,
        said.cost,
        "offline",
        None,
        corners.epsg if corners.typed else None,
    ).checked()
    return Submission(
        inner.id,
        _digest(document),
        inner.result.id,
        inner.result.etag,
        inner.result.run_id,
        inner.commune.id if inner.commune else None,
        content,
        _photos(inner.photos),
    )


def _json(data: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """A JSON value: UTF-8, not deep, with finite numbers only."""
    if _depth(data) > MOST_DEPTH:
        _refuse("broken")
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        _refuse("broken")


def _depth(data: bytes) -> int:
    """How many brackets stand in each other at most, texts passed over."""
    signs = re.sub(rb'"(?:[^"\\]|\\.)*"', b"", data, flags=re.DOTALL)
    most = level = 0
    for sign in re.findall(rb"[\[\]{}]", signs):
        level += 1 if sign in b"[{" else -1
        most = max(most, level)
    return most


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _same(land: shapely.Geometry, corners: _Corners) -> None:
    """Refuse a file whose corners are not those of its outline."""
    if corners.epsg is None:
        return
    try:
        xy = np.array([(float(east), float(north)) for north, east in corners.points])
        turn = pyproj.Transformer.from_crs(STORAGE_CRS, corners.epsg, always_xy=True)
    except (ValueError, pyproj.exceptions.CRSError):
        _refuse("content", "corners")
    there = np.column_stack(turn.transform(*shapely.get_coordinates(land).T))
    if not (np.isfinite(xy).all() and np.isfinite(there).all()):
        _refuse("content", "corners")
    outline, given = shapely.MultiPoint(there), shapely.MultiPoint(xy)
    if shapely.hausdorff_distance(outline, given) > SAME_M:
        _refuse("corners")


def _photos(found: list[_Photo]) -> tuple[Photo, ...]:
    out, whole = [], 0
    for each in found:
        try:
            data = base64.b64decode(each.data, validate=True)
        except (binascii.Error, ValueError):
            _refuse("content", "photos")
        whole += len(data)
        if whole > PHOTO_BYTES:
            raise Problem("too_large", {"came": f"{whole / 1e6:.1f} MB", "limit": f"{PHOTO_BYTES / 1e6:g} MB"})
        out.append(Photo(each.name, data))
    return tuple(out)


def _digest(document: Mapping[str, Any]) -> str:
    """The same for files that say the same, whenever and in whatever language they were saved."""
    kept = {key: value for key, value in document.items() if key not in ("saved", "language", "form", "cost_text")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _refuse(reason: str, came: str = "") -> NoReturn:
    refused.warning("offline file refused", extra={"facts": {"reason": reason}})
    vi, en = REFUSALS[reason]
    message = (vi.format(came=came), en.format(came=came))
    raise Problem("bad_file", pairs={"message": message}, members={"reason": reason})


REFUSALS: dict[str, Pair] = {
    "empty": (
        "Tệp trống. Hãy chọn tệp đề xuất (.sanchoi.json).",
        "The file is empty. Choose a proposal file (.sanchoi.json).",
    ),
    "broken": (
        "Tệp bị hỏng hoặc bị cắt bớt khi chép. Hãy chép lại từ máy đã lưu, hoặc lưu lại tệp từ tờ khai.",
        "The file is damaged or was cut short when copied. Copy it again from where it was saved, or save it again in the form.",
    ),
    "other": (
        "Đây không phải là tệp đề xuất. Cần tệp có tên kết thúc bằng .sanchoi.json do tờ khai ngoại tuyến lưu ra.",
        "This is no proposal file. Expected: a file ending in .sanchoi.json that the offline form saved.",
    ),
    "newer": (
        "Tệp do tờ khai bản mới hơn hệ thống này lưu ra. Hãy nhờ người quản trị cập nhật hệ thống, hoặc làm lại "
        "bằng tờ khai tải từ đây.",
        "The file was saved by a form newer than this service. Have the service brought up to date, or use the "
        "form that it gives out.",
    ),
    "draft": (
        "Đây mới là bản nháp của tờ khai. Hãy mở tờ khai, bấm “Mở bản nháp”, làm xong rồi bấm “Lưu tệp đề xuất”.",
        'This is only a draft of the form. Open the form, press "Open a draft", finish it and press "Save the proposal file".',
    ),
    "content": (
        "Nội dung tệp không đúng với những gì tờ khai lưu ra: {came}. Hãy lưu lại tệp từ tờ khai.",
        "The file holds what no form writes: {came}. Save it again in the form.",
    ),
    "corners": (
        "Các điểm góc ghi trong tệp không khớp với đường ranh trong tệp. Hãy lưu lại tệp từ tờ khai.",
        "The corners in the file are not those of its outline. Save it again in the form.",
    ),
}
