"""Export inputs: what the process "export" takes, the wish that it makes of them, and what of a wish a service refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sanchoi.api.jobs import registry
from sanchoi.api.jobs.registry import PARCELS, Input
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Settings
from sanchoi.gis.errors import ContractError

if TYPE_CHECKING:  # long to load
    from sanchoi.api.exporting import Wish
    from sanchoi.api.exporting.context import Context
    from sanchoi.api.library import Entry, Library

Given = Mapping[str, Any]
SCALES = (100, 10_000_000)
EPSG = re.compile(r"EPSG:\d{4,6}", re.ASCII)
PLACES = ("communes", "sites", "all")
SIGNATURE = 80
"""Characters of a label of a signature."""


def inputs(result: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Input]:
    """The inputs of the process, by name. `result`, `parts` : their schemas."""
    from sanchoi.api.exporting import AS, FORMATS
    from sanchoi.maps.sheets.options import SIGNATURES
    from sanchoi.maps.sheets.paper import SIZES
    from sanchoi.maps.sheets.theme import THEMES
    from sanchoi.maps.words import LANGUAGES

    told = {side: "; ".join(f"{name}: {each.words[side]}" for name, each in FORMATS.items()) for side in (0, 1)}
    label = {"type": "string", "minLength": 1, "maxLength": SIGNATURE, "pattern": r"\S"}
    return {
        "result": Input(("Kết quả", "The result"), result, required=True),
        "formats": Input(
            (f"Các loại hồ sơ. {told[0]}", f"What to make. {told[1]}"), _some(list(FORMATS), len(FORMATS))
        ),
        "communes": Input(("Cho các xã, phường có mã này", "Of the communes with these ids"), PARCELS),
        "sites": Input(("Cho các thửa đất có mã này", "Of the parcels with these ids"), PARCELS),
        "all": Input(
            (
                "Cho mọi xã, phường và mọi khu đất trong phương án",
                "Of every commune, and of every site of the plan",
            ),
            {"type": "boolean"},
        ),
        "as": Input(("Dạng tệp của bản đồ", "Sheets as"), {"type": "string", "enum": list(AS)}),
        "paper": Input(("Khổ giấy", "Paper"), {"type": "string", "enum": list(SIZES)}),
        "portrait": Input(("Giấy dọc", "Upright paper"), {"type": "boolean"}),
        "scale": Input(
            (
                "Mẫu số tỷ lệ: 10000 là 1:10.000; không ghi thì theo quy định",
                "10000 for 1:10,000; else by the rule",
            ),
            {"type": "number", "minimum": SCALES[0], "maximum": SCALES[1]},
        ),
        "fit": Input(
            (
                "Tỷ lệ trong dãy tỷ lệ bản đồ (1:500 … 1:1.000.000) để tất cả nằm vừa một tờ, thay cho tỷ lệ theo quy định",
                "A scale of the usual series (1:500 … 1:1,000,000) at which all is on one sheet, in place of the rule's",
            ),
            {"type": "boolean"},
        ),
        "lang": Input(("Ngôn ngữ của các tệp", "Language of the files"), {"type": "string", "enum": list(LANGUAGES)}),
        "style": Input(("Kiểu màu của bản đồ", "Colours of the sheets"), {"type": "string", "enum": list(THEMES)}),
        "signatures": Input(
            (
                "Các ô ký tên; không ghi thì ba ô thường dùng, danh sách rỗng thì không có",
                "Labels of signatures; the usual three unless given, none for an empty list",
            ),
            {"type": "array", "items": label, "maxItems": SIGNATURES},
        ),
        "crs": Input(
            ("Hệ tọa độ của dữ liệu; không ghi thì như nghiên cứu", "CRS of data files; else the study's"),
            {"type": "string", "minLength": 9, "maxLength": 11, "pattern": f"^{EPSG.pattern}$"},
        ),
        "bom": Input(
            ("Tệp chữ bắt đầu bằng dấu BOM, để Excel đọc đúng", "Text begins with a byte-order mark, for Excel"),
            {"type": "boolean"},
        ),
        "parts": Input(
            (
                "Các phần của kết quả; tất cả nếu không ghi gì khác",
                "Parts of the result as it lies there; all of them if nothing else is named",
            ),
            parts,
        ),
    }


def _some(names: list[str], most: int) -> dict[str, Any]:
    items = {"type": "string", "enum": names}
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most, "uniqueItems": True}


def parts_of(given: Given) -> tuple[str, ...]:
    """Parts of the result that are wanted: those named; all, if nothing is."""
    named = [name for name in ("formats", *PLACES) if given.get(name)]
    return tuple(given.get("parts") or (() if named else registry.PARTS))


def formats_of(given: Given) -> tuple[str, ...]:
    """Formats that are wanted: those named; else, where places are, the usual sheets of them."""
    if given.get("formats"):
        return tuple(given["formats"])
    usual = (("sheet-gap", "communes"), ("sheet-site", "sites"))
    return tuple(name for name, place in usual if given.get(place) or given.get("all"))


def wish_of(given: Given) -> Wish:
    """What is wanted, as `exporting.write` takes it.

    Raises
    ------
    ContractError : everything, and some of it.
    """
    from sanchoi.api.exporting import Wish
    from sanchoi.maps.sheets.options import Options

    options = Options(
        given.get("paper", "A3"),
        not given.get("portrait", False),
        given.get("scale"),
        given.get("lang", "vi"),
        given.get("signatures"),
        given.get("style", "plain"),
        fit=bool(given.get("fit")),
    )
    return Wish(
        given.get("communes", ()),
        given.get("sites", ()),
        bool(given.get("all")),
        formats_of(given),
        given.get("as", "pdf"),
        options,
        given.get("crs"),
        bool(given.get("bom", True)),
    )


def check(given: Given, library: Library, settings: Settings) -> None:
    """Refuse what could not be made, before it waits in the queue.

    Raises
    ------
    Problem : "bad_parameter" with the name of the input.
    """
    files(given, library.get(given["result"]), settings.limits.export_files)


def files(given: Given, entry: Entry, most: int) -> int:
    """How many files the formats come to; a sheet that is an atlas counts once.

    Raises
    ------
    Problem : "bad_parameter" with the name of the input.
    """
    from sanchoi.api.exporting import writing

    if given.get("all"):
        other = next((name for name in ("communes", "sites") if given.get(name)), None)
        if other is not None:
            raise _bad("all", "all + " + other, ("một trong hai: tất cả, hoặc một số nơi", "all, or some, not both"))
    if given.get("fit") and given.get("scale"):
        raise _bad(
            "scale", "fit + scale", ("một trong hai: vừa một tờ, hoặc tỷ lệ đã ghi", "fit, or a scale, not both")
        )
    context = _context(given, entry)
    if not context.wish.formats:
        return 0
    _crs(context)
    try:
        todo = writing.todo(context)
    except ContractError:  # not one file
        todo = []
    made = {name for name, _ in todo}
    lacking = next((name for name in context.wish.formats if name not in made), None)
    if lacking is not None and not (given.get("all") and made):
        raise _nowhere(lacking, context)
    if len(todo) > most:
        words = (f"nhiều nhất {most} tệp một lần; chọn ít xã hoặc ít loại hơn", f"at most {most} files at once")
        raise _bad("formats", f"{len(todo)}", words)
    return len(todo)


def _context(given: Given, entry: Entry) -> Context:
    """The export, its tables read as they are needed.

    Raises
    ------
    Problem : a commune or a parcel that the result has not.
    """
    from sanchoi.api.exporting.context import Context
    from sanchoi.api.lazy import Lazy
    from sanchoi.gis.results import Result

    for name, table, key in (("communes", "communes", "commune_id"), ("sites", "parcels", "parcel_id")):
        asked = given.get(name) or ()
        known = set(entry.table(table)[key].astype(str)) if asked and entry.has(table) else set()
        absent = [each for each in asked if each not in known]
        if absent:
            came = ", ".join(absent[:5])[:80] + (" …" if len(absent) > 5 else "")
            nouns = {"communes": ("mã xã, phường", "communes"), "sites": ("mã thửa đất", "parcels")}[name]
            raise _bad(name, came, (f"{nouns[0]} có trong kết quả", f"ids of {nouns[1]} of the result"))
    return Context(entry.folder, Result(Lazy(entry), entry.run), wish_of(given))


def _crs(context: Context) -> None:
    from sanchoi.gis.errors import CRSError

    try:
        context.crs  # noqa: B018 - PROJ looks it up
    except CRSError as error:
        words = ("mã EPSG mà PROJ biết, như EPSG:9210", "an EPSG code that PROJ knows, such as EPSG:9210")
        raise _bad("crs", context.wish.crs or "", words) from error


def _nowhere(name: str, context: Context) -> Problem:
    """A format of which not one file would be made."""
    from sanchoi.api.exporting import FORMATS

    form = FORMATS[name]
    if form.per == "site":
        words = ("ít nhất một khu đất", "at least one site")
        if context.wish.everything:
            words = ("một kết quả có phương án chọn nơi xây", "a result with a plan")
        return _bad("sites", f"{name}: 0", words)
    if context.wish.everything or form.per == "whole":
        words = ("một nơi mà loại hồ sơ này nói tới", "a place that it is made for")
        return _bad("formats", f"{name}: 0", words)
    return _bad("communes", f"{name}: 0", ("ít nhất một xã, phường, hoặc tất cả", "at least one commune, or all"))


def _bad(name: str, came: str, expected: tuple[str, str]) -> Problem:
    return Problem("bad_parameter", {"name": name, "came": came}, {"expected": expected})
