"""Registry: the processes that the service runs, what each takes and what it gives. Their work itself is in `work`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanchoi.api.jobs import checks
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Settings

if TYPE_CHECKING:  # long to load
    from sanchoi.api.library import Library

VERSION = "1.0.0"
STUDIES = "studies"
NAME = {"type": "string", "minLength": 1, "maxLength": 60, "pattern": r"^\S(.*\S)?$"}
PARCELS = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "maxLength": 200},
    "maxItems": 1000,
    "uniqueItems": True,
}
OBJECTIVES = ("cover", "cover_all", "p_median", "max_min", "capacitated", "kolm_pollak")
"""Those of `gis.siting`, which is long to load."""
NO_PROCESS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process"


@dataclass(frozen=True)
class Input:
    """One input: its title (Vietnamese, English) and its JSON Schema."""

    title: tuple[str, str]
    schema: Mapping[str, Any]
    required: bool = False


@dataclass(frozen=True)
class Process:
    """One process. `inputs` may depend on what the service shows; `output` names what it gives: result or file.

    `check` refuses inputs that keep their schemas and still cannot be met.
    """

    id: str
    title: tuple[str, str]
    description: tuple[str, str]
    inputs: Callable[[Library, Settings], dict[str, Input]]
    output: str
    stages: tuple[str, ...]
    example: Mapping[str, Any]
    either: tuple[str, ...] = ()
    check: Callable[[Mapping[str, Any], Library, Settings], None] | None = None


def studies(library: Library, settings: Settings) -> dict[str, Path]:
    """The studies that may be run, by name: those that lie in a result shown, and those in the service's own folder."""
    own = settings.data / STUDIES
    places = [(each.name, each) for each in (sorted(own.iterdir()) if own.is_dir() else ())]
    places += [(entry.id, entry.folder / "study") for entry in library]
    return {name: path for name, path in places if re.fullmatch(r"[\w-]+", name) and (path / "study.toml").is_file()}


def progress(process: Process, stage: str, share: float) -> int:
    """Per cent of the whole: every stage counts alike."""
    if stage not in process.stages:
        return 0
    return min(99, int(100 * (process.stages.index(stage) + share) / len(process.stages)))


def process(process_id: str) -> Process:
    """One process.

    Raises
    ------
    Problem : there is none.
    """
    if process_id not in PROCESSES:
        words = (f"quy trình {process_id[:40]}", f"process {process_id[:40]}")
        raise Problem("unknown_id", pairs={"message": words}, members={"type": NO_PROCESS})
    return PROCESSES[process_id]


def checked(process: Process, given: object, library: Library, settings: Settings) -> dict[str, Any]:
    """The inputs of a request, each as its schema asks.

    Raises
    ------
    Problem : "bad_body" for no object; "unknown_parameter"; "bad_parameter".
    """
    inputs = process.inputs(library, settings)
    if not isinstance(given, dict):
        raise Problem("bad_body", {"came": "inputs"}, {"expected": ("một đối tượng JSON", "a JSON object")})
    for name in given:
        if name not in inputs:
            raise Problem("unknown_parameter", {"name": str(name)[:60], "known": ", ".join(inputs)})
    out = {}
    for name, each in inputs.items():
        value = given.get(name)
        if isinstance(value, dict) and set(value) == {"value"}:
            value = value["value"]
        if value is None:
            if each.required:
                raise _bad(name, "null", checks.KINDS[each.schema["type"]][1])
            continue
        words = checks.fault(value, each.schema)
        if words is not None:
            raise _bad(name, repr(value)[:80], words)
        out[name] = int(value) if each.schema["type"] == "integer" else value
    if process.either and sum(name in out for name in process.either) > 1:
        both = " + ".join(process.either)
        raise _bad(both, both, ("một trong hai", "one of the two"))
    if process.check is not None:
        process.check(out, library, settings)
    return out


def _bad(name: str, came: str, expected: tuple[str, str]) -> Problem:
    return Problem("bad_parameter", {"name": name, "came": came}, {"expected": expected})


def _named(names: list[str]) -> dict[str, Any]:
    return {"type": "string", "maxLength": 200, "enum": names} if names else {"type": "string", "maxLength": 0}


def _run(library: Library, settings: Settings) -> dict[str, Input]:
    return {
        "study": Input(
            ("Nghiên cứu: tên trên máy chủ", "Study: its name on the server"),
            _named(list(studies(library, settings))),
            required=True,
        ),
        "name": Input(("Tên của kết quả mới", "Name of the new result"), NAME),
    }


def _plan(library: Library, settings: Settings) -> dict[str, Input]:
    results = [entry.id for entry in library if entry.has("parcels")]
    return {
        "result": Input(
            ("Kết quả đã có, trong đó có các thửa đất", "A result that holds parcels"), _named(results), required=True
        ),
        "budget": Input(
            ("Tổng chi phí nhiều nhất, đồng", "What all sites may cost together, VND"),
            {"type": "number", "minimum": 0, "maximum": 1e15},
        ),
        "count": Input(("Số nơi xây", "How many sites"), {"type": "integer", "minimum": 1, "maximum": 10_000}),
        "objective": Input(("Mục tiêu", "Objective"), {"type": "string", "enum": list(OBJECTIVES)}),
        "fixed": Input(("Các thửa phải có trong phương án", "Parcels that must be in the plan"), PARCELS),
        "forbidden": Input(("Các thửa không được chọn", "Parcels that must not be in it"), PARCELS),
        "min_spacing_m": Input(
            ("Các nơi cách nhau ít nhất, m", "Least distance between sites, metres"),
            {"type": "number", "minimum": 0, "maximum": 100_000},
        ),
        "min_per_commune": Input(
            ("Mỗi xã, phường ít nhất mấy nơi", "Sites that each commune gets at least"),
            {"type": "integer", "minimum": 0, "maximum": 100},
        ),
        "name": Input(("Tên của kết quả mới", "Name of the new result"), NAME),
    }


def _proposals(library: Library, settings: Settings) -> dict[str, Input]:
    ids = {**PARCELS, "items": {"type": "string", "minLength": 32, "maxLength": 32, "pattern": "^[0-9a-f]{32}$"}}
    plan = _plan(library, settings)
    return {
        "result": plan.pop("result"),
        "proposals": Input(("Các đề xuất có thể chọn", "Proposals that may be chosen"), ids),
        "fixed_proposals": Input(("Các đề xuất phải có trong phương án", "Proposals that must be in the plan"), ids),
        **plan,
    }


PARTS = ("tables", "geopackage", "maps")


def _export(library: Library, settings: Settings) -> dict[str, Input]:
    from sanchoi.api.jobs import export_inputs

    parts = {
        "type": "array",
        "items": {"type": "string", "enum": list(PARTS)},
        "minItems": 1,
        "maxItems": len(PARTS),
        "uniqueItems": True,
    }
    return export_inputs.inputs(_named([entry.id for entry in library]), parts)


def _exportable(given: Mapping[str, Any], library: Library, settings: Settings) -> None:
    from sanchoi.api.jobs import export_inputs

    export_inputs.check(given, library, settings)


PROCESSES = {
    each.id: each
    for each in (
        Process(
            "run",
            ("Tính lại một nghiên cứu", "Measure a study"),
            (
                "Đọc các lớp số liệu của nghiên cứu, tính chỗ thiếu sân chơi, xét các thửa đất, chọn nơi xây; "
                "ghi thành một kết quả mới.",
                "Reads the layers of a study, measures where play areas lack, judges the parcels and chooses sites; "
                "gives a new result.",
            ),
            _run,
            "result",
            ("read", "demand", "reach", "service", "reasons", "gaps", "parcels", "siting", "write", "map"),
            {"inputs": {"study": "demo", "name": "Demo 2"}},
        ),
        Process(
            "plan",
            ("Chọn lại nơi xây", "Choose sites anew"),
            (
                "Chọn lại nơi xây theo số tiền, số nơi và các điều kiện khác, không tính lại đường đi; "
                "điều gì không nêu thì giữ như cũ.",
                "Chooses sites by another budget, count or other rules, without walking the network again; "
                "what is not given stays as it was.",
            ),
            _plan,
            "result",
            ("read", "siting", "write", "map"),
            {"inputs": {"result": "demo", "count": 5, "objective": "cover"}},
            ("budget", "count"),
        ),
        Process(
            "proposals-plan",
            ("Lập phương án có các đề xuất", "Plan with proposals"),
            (
                "Xét các đề xuất đã được chấp nhận và công khai như những thửa đất khác, rồi chọn lại nơi xây trong tất cả.",
                "Judges accepted public proposals as it judges parcels, and chooses sites among all of them.",
            ),
            _proposals,
            "result",
            ("read", "parcels", "siting", "write", "map"),
            {"inputs": {"result": "demo", "fixed_proposals": ["0" * 32], "count": 5}},
            ("budget", "count"),
        ),
        Process(
            "export",
            ("Xuất hồ sơ", "Export for a dossier"),
            (
                "Một tệp zip: bản đồ đúng tỷ lệ, bảng, dữ liệu, báo cáo của các xã và khu đất đã chọn, hoặc các phần của "
                "kết quả; trong đó có manifest.json ghi mã kiểm tra, nguồn và giấy phép.",
                "One zip file: sheets to scale, tables, data and reports of the communes and sites that are named, or parts of "
                "the result as it lies there; manifest.json has hashes, sources and licences.",
            ),
            _export,
            "file",
            ("read", "export", "pack"),
            {"inputs": {"result": "demo", "formats": ["sheet-gap", "fact-sheet"], "all": True, "paper": "A3"}},
            check=_exportable,
        ),
    )
}
