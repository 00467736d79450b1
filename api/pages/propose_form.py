"""Form of a proposal: what somebody typed and drew, read field by field, and what is wrong with each field."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import shapely
from pydantic import BaseModel, ConfigDict
from sanchoi.api.library import Entry
from sanchoi.api.pages import jobs_read, tables
from sanchoi.api.pages.tongue import Tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals.desk import LINE_CHARS, MOST_COST, NAME_CHARS, SOURCES, TEXT_CHARS, Content
from sanchoi.api.store import geometry
from sanchoi.gis.sources.rows import packaged

TYPED = ("name", "land_use", "owner", "backer", "cost", "note")
CARRIED = ("geometry", "source", "parcel_id", "epsg", "key")
FIELDS = (*TYPED, *CARRIED)
MOST = {"name": NAME_CHARS, "land_use": LINE_CHARS, "owner": LINE_CHARS, "backer": LINE_CHARS, "note": TEXT_CHARS}
TIMES: dict[str, float] = {"tỷ": 1e9, "tỉ": 1e9, "ty": 1e9, "billion": 1e9, "triệu": 1e6, "tr": 1e6, "million": 1e6}
TIMES |= {"nghìn": 1e3, "ngàn": 1e3, "thousand": 1e3, "": 1.0}
_MONEY = re.compile(r"([\d.,\s]+?)\s*(" + "|".join(filter(None, TIMES)) + r")?\s*(đ|đồng|vnđ|vnd|₫)?", re.IGNORECASE)


class Sent(BaseModel):
    """Fields of the form as they come; what else is sent is passed over. `do`: "save", or "look" to see the worth only."""

    model_config = ConfigDict(extra="ignore")
    do: str = "save"
    name: str = ""
    land_use: str = ""
    owner: str = ""
    backer: str = ""
    cost: str = ""
    note: str = ""
    geometry: str = ""
    source: str = "drawn"
    parcel_id: str = ""
    epsg: str = ""
    key: str = ""


@dataclass
class Draft:
    """What a form holds: texts by field, and faults by field."""

    texts: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    shape: Any = None
    cost: float | None = None


def blank(**texts: str | None) -> dict[str, str]:
    """Texts of an empty form, with a key of its own: sending it twice makes one proposal."""
    told = dict.fromkeys(FIELDS, "") | {"source": "drawn", "key": secrets.token_hex(16)}
    return told | {name: value for name, value in texts.items() if value is not None}


def read(sent: Mapping[str, str], entry: Entry, t: Tongue, vertices: int, *, named: bool = True) -> Draft:
    """A form as it came. Nothing that was typed is lost, whatever is wrong with it.

    Parameters
    ----------
    vertices : of an outline at most. named : whether it is to be saved, so that it needs a name.
    """
    texts = blank() | {name: sent.get(name, "").replace("\r\n", "\n").replace("\x00", "") for name in FIELDS}
    texts["key"] = texts["key"][:64] if re.fullmatch(r"[\x21-\x7e]+", texts["key"]) else secrets.token_hex(16)
    made = Draft(texts)
    try:
        made.shape = shape(texts["geometry"], t, vertices)
    except Problem as problem:
        made.faults["geometry"] = problem.told(t.language, "")["detail"]
    for name, most in MOST.items():
        if len(texts[name]) > most:
            made.faults[name] = t.say("Too long: at most %(n)s letters.", n=t.number(most))
    if named and not texts["name"].strip():
        made.faults["name"] = t.say("Give the land a name, such as the place or the hamlet.")
    made.cost = money(texts["cost"], t)
    if texts["cost"].strip() and made.cost is None:
        made.faults["cost"] = t.say("An amount in dong, such as %(a)s or %(b)s.", **_amounts(t))
    if texts["source"] not in SOURCES:
        texts["source"] = "drawn"
    texts["epsg"] = texts["epsg"] if re.fullmatch(r"\d{4,6}", texts["epsg"], re.ASCII) else ""
    if texts["parcel_id"] and made.shape is not None:
        listed = parcel(entry, texts["parcel_id"])
        if listed is None or not shapely.equals_exact(listed["geometry"], made.shape, 1e-7):
            texts["parcel_id"], texts["source"] = "", "drawn"  # its corners were moved
    if texts["source"] == "parcel" and not texts["parcel_id"]:
        texts["source"] = "drawn"
    return made


def content(made: Draft) -> Content:
    """The content of a form without faults."""
    texts = made.texts
    return Content(
        texts["name"],
        made.shape,
        texts["land_use"].strip(),
        texts["owner"].strip(),
        texts["backer"].strip(),
        texts["note"],
        made.cost,
        texts["source"],
        texts["parcel_id"] or None,
        int(texts["epsg"]) if texts["epsg"] else None,
    )


def land(made: Draft, entry: Entry) -> dict[str, Any]:
    """The land as `api.worth` takes it; a listed parcel of which nothing was changed is that parcel."""
    texts = made.texts
    listed = parcel(entry, texts["parcel_id"]) if texts["parcel_id"] else None
    if listed is not None:
        same = all((texts[name].strip() or None) == (listed[name] or None) for name in ("land_use", "owner"))
        if same and (made.cost is None or listed["cost"] is None or abs(made.cost - listed["cost"]) < 1):
            return {"parcel_id": texts["parcel_id"]}
    return {
        "geometry": shapely.geometry.mapping(made.shape),
        "land_use": texts["land_use"].strip() or None,
        "owner": texts["owner"].strip() or None,
        "cost": made.cost,
    }


def shape(text: str, t: Tongue, vertices: int) -> Any:  # noqa: ANN401 - shapely is untyped
    """The outline of a hidden field.

    Raises
    ------
    Problem : there is none, or it is no land.
    """
    if not text.strip():
        words = (
            "Chưa có khu đất: hãy vẽ, nhập tọa độ hoặc chọn thửa.",
            "No land yet: draw it, type it or pick a parcel.",
        )
        raise Problem("contract", pairs={"message": words})
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem("bad_body", {"came": text[:60], "expected": "GeoJSON"}) from error
    kind = document.get("type") if isinstance(document, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Problem("bad_body", {"came": str(kind)[:60], "expected": "Polygon, MultiPolygon"})
    try:
        found = geometry.shape(document, vertices)
    except Problem as problem:
        if "ntersection" not in str(problem.values.get("came", "")):
            raise
        words = (
            "Đường ranh tự cắt chính nó (như số 8). Hãy kéo các điểm góc để đường ranh đi một vòng quanh khu đất.",
            "The outline crosses itself, like an 8. Drag the corners so that it goes once around the land.",
        )
        raise Problem("contract", pairs={"message": words}) from problem
    return found


def written(found: Any) -> str:  # noqa: ANN401 - shapely is untyped
    """An outline as the hidden field has it, every digit of it."""
    return json.dumps(shapely.geometry.mapping(found), separators=(",", ":"))


def money(text: str, t: Tongue) -> float | None:
    """Dong as people write them: "1.200.000.000", "1,2 tỷ", "500 triệu đồng"; None = nothing, or no amount."""
    found = _MONEY.fullmatch(text.strip())
    number = jobs_read.number(found[1], t.language) if found else None
    if found is None or number is None:
        return None
    amount = number * TIMES[(found[2] or "").lower()]
    return round(amount) if amount <= MOST_COST else None


def amount(value: float | None, t: Tongue) -> str:
    """Dong in full, as the form shows them."""
    return "" if value is None else t.number(value)


def parcel(entry: Entry, parcel_id: str) -> dict[str, Any] | None:
    """A listed parcel with its outline; None where there is none. `cost` is that of the land, as the form asks for it."""
    if not entry.has("parcels"):
        return None
    found = entry.rows("parcels", "parcel_id", parcel_id)
    if not len(found):
        return None
    row = tables.rows(found)[0]
    land = None if row["cost"] is None else max(row["cost"] - (build_cost(entry) or 0.0), 0.0)
    return row | {"geometry": shapely.force_2d(found["geometry"].iloc[0]), "cost": land}


def build_cost(entry: Entry) -> float | None:
    """What a run adds to the cost of land for what is built on it, VND; None = nothing."""
    study = entry.run["settings"].get("study")
    found = study.get("parcels", {}).get("build_cost") if isinstance(study, dict) else None
    return float(found) if isinstance(found, int | float) and found > 0 else None


def codes(entry: Entry, t: Tongue) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Codes of land with their names: those that the parcels of the run have, and the others."""
    names = {
        code: f"{code} – {pair[t.language == 'en']}" for code, pair in _codes(str(entry.run["study"]["date"])).items()
    }
    used = _used(entry)
    return [(c, names.get(c, c)) for c in used], [(c, name) for c, name in names.items() if c not in used]


@lru_cache(maxsize=32)
def _used(entry: Entry) -> tuple[str, ...]:
    if not entry.has("parcels"):
        return ()
    return tuple(str(code) for code in entry.table("parcels")["land_use"].dropna().value_counts().index[:60])


@lru_cache(maxsize=8)
def _codes(day: str) -> dict[str, tuple[str, str]]:
    """Codes in force on a day."""
    table = packaged("landuse_codes.csv")
    at = date.fromisoformat(day[:10])

    def valid(row: Mapping[Any, str]) -> bool:
        first, last = (date.fromisoformat(row[key]) if row[key] else None for key in ("valid_from", "valid_to"))
        return (first is None or first <= at) and (last is None or at <= last)

    return {row["code"]: (row["name_vi"], row["name_en"]) for row in table.astype(str).to_dict("records") if valid(row)}


def _amounts(t: Tongue) -> dict[str, str]:
    return {"a": t.number(1_200_000_000), "b": "1,2 tỷ" if t.language == "vi" else "1.2 billion"}
