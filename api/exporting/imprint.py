"""Imprint: what a file of an export says of itself when nothing lies beside it: whose figures, of which run, and what is not sure.

Worded here once, Vietnamese and English; formats only put it where they have a place for it.
"""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from sanchoi.maps import summary
from sanchoi.maps.sheets import said

if TYPE_CHECKING:
    from sanchoi.api.exporting.context import Context

WORDS: dict[str, tuple[str, str]] = {
    "invented": ("HƯ CẤU", "INVENTED"),
    "synthetic": (
        "SỐ LIỆU HƯ CẤU: chỉ để chạy thử, không đưa vào hồ sơ.",
        "INVENTED DATA: a trial, not for a dossier.",
    ),
    "norms": (
        "Quy định chưa kiểm chứng, con số chưa đối chiếu với văn bản gốc: {what}.",
        "Unverified norm, its figures were not read in the legal text: {what}.",
    ),
    "rules": (
        "Điều kiện đất chưa kiểm chứng ({n} trên {of}), chưa đối chiếu với văn bản gốc: {what}.",
        "Unverified constraints ({n} of {of}), not read in the legal text: {what}.",
    ),
    "unknown": (
        "Trống (null) là chưa biết, không phải 0.",
        "Empty (null) is unknown, not 0.",
    ),
    "study": ("Nghiên cứu: {name}", "Study: {name}"),
    "run": ("Kết quả {result}, lần chạy {run}", "Result {result}, run {run}"),
    "date": ("Quy định xét {date}; địa giới {vintage}", "Norms in force on {date}; boundaries of {vintage}"),
    "program": (
        "Tính bằng sanchoi {made}, ghi bằng sanchoi {written}",
        "Worked out by sanchoi {made}, written by sanchoi {written}",
    ),
    "chosen": (
        "Chỉ có phần đã chọn của kết quả: {what}",
        "Only what was chosen of the result: {what}",
    ),
    "lost": (
        "Tệp này không có chỗ ghi mã lần chạy, nguồn và các lưu ý (số liệu hư cấu, điều chưa kiểm chứng, trống là chưa biết): "
        "khi gửi đi phải kèm manifest.json.",
        "This file has no place for the run, the sources and the remarks (invented data, what is unverified, empty is unknown): "
        "send manifest.json with it.",
    ),
}
NAMED = 40
"""Communes and parcels that are named one by one; of more the number is told."""


@dataclass(frozen=True)
class Imprint:
    """What a file says of itself.

    Attributes
    ----------
    title : name of the study, with the mark of invented data before it. mark : that alone, "" for data that are not.
    warnings : what must be read before any figure. facts : study, result, run, dates, program, norms, and sources with licences.
    record : the same for programs, by names that no language changes.
    """

    title: str
    mark: str
    warnings: tuple[str, ...]
    facts: tuple[str, ...]
    record: dict[str, Any]

    @property
    def lines(self) -> list[str]:
        """All of it, warnings first."""
        return [*self.warnings, *self.facts]

    @property
    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join(self.lines)

    def items(self) -> dict[str, str]:
        """The record as plain texts by upper-case names, for formats that know no other."""
        return {name.upper(): _plain(value) for name, value in self.record.items() if value not in (None, [], {}, "")}


def say(key: str, language: str, **values: object) -> str:
    """A text in a language."""
    text = WORDS[key][language == "en"]
    return text.format(**values) if values else text


def of(context: Context, chosen: bool = True) -> Imprint:
    """The imprint of an export, in its language. `chosen` : say what was chosen of the result."""
    run, wish, language = context.result.run, context.wish, context.language
    cut = chosen and bool(wish.communes or wish.sites)
    study, synthetic = run["study"], bool(run["study"].get("synthetic"))
    norms, rules = _norms(context), _rules(context)
    told = [say("synthetic", language)] if synthetic else []
    if norms:
        told.append(say("norms", language, what="; ".join(norms)))
    if len(rules):
        every = len(context.result.tables["constraints"])
        names = "; ".join(str(each) for each in rules[f"name_{language}"])
        told.append(say("rules", language, n=len(rules), of=every, what=names))
    banners = [each for each in summary.banners(run) if each["code"] not in ("synthetic", "unverified")]
    told += [f"{each[language]}." for tone in ("strong", "plain") for each in banners if each["tone"] == tone]
    if study.get("estimate_note"):
        told.append(str(study["estimate_note"]))
    told.append(say("unknown", language))
    made, written = str(run["versions"].get("sanchoi", "?")), importlib.metadata.version("sanchoi")
    vintages = sorted({str(each)[:10] for each in context.result.tables["communes"]["vintage"]})
    dates = [said.when(each, language) for each in (study["date"], *vintages)]
    facts = [
        say("study", language, name=study["name"]),
        say("run", language, result=context.name, run=run["run_id"]),
        say("date", language, date=dates[0], vintage=", ".join(dates[1:])),
        say("program", language, made=made, written=written),
        *([say("chosen", language, what=_chosen(context))] if cut else []),
        *(f"{head}: {text}" for head, text in (said.norms(run, language), *said.sources(run, language))),
    ]
    record = {
        "language": language,
        "study": str(study["name"]),
        "result": context.name,
        "run_id": str(run["run_id"]),
        "date": str(study["date"])[:10],
        "vintage": vintages,
        "made_by": f"sanchoi {made}",
        "written_by": f"sanchoi {written}",
        "synthetic": synthetic,
        "estimate": bool(study.get("estimate")),
        "unknown": "null",
        "norm": str(run["norm"]["profile"]),
        "unverified_norms": norms,
        "unverified_constraints": [str(each) for each in rules["constraint_id"]],
        "chosen": {"communes": list(wish.communes), "sites": list(wish.sites)} if cut else None,
        "warnings": list(told),
        "sources": summary.sources(dict(run)),
    }
    mark = f"[{say('invented', language)}] " if synthetic else ""
    return Imprint(mark + _flat(str(study["name"])), mark, tuple(map(_flat, told)), tuple(map(_flat, facts)), record)


def _norms(context: Context) -> list[str]:
    """The figures of norms that nobody has read in the text; where the run tells only that there are some, their profile."""
    run = context.result.run
    norm, language = run["norm"], context.language
    found = []
    for row in run["norms"]:
        if not row["verified"]:
            cited = ", ".join(str(row[part]) for part in ("source", "article") if row.get(part))
            found.append(f"{row['band']}: {cited or norm[f'name_{language}']}")
    if not found and any(each["code"] == "unverified_norm" for each in run["warnings"]):
        found.append(str(norm[f"name_{language}"]))
    return list(dict.fromkeys(found))


def _rules(context: Context) -> pd.DataFrame:
    """The constraints that land was judged by and that nobody has read in the text."""
    table = context.result.tables.get("constraints")
    if table is None:
        return pd.DataFrame({"constraint_id": [], "name_vi": [], "name_en": []})
    return table[~table["verified"].astype(bool)]


def _chosen(context: Context) -> str:
    wish = context.wish
    names = context.result.tables["communes"].set_index("commune_id")["name"]
    told = [str(names.get(each) or each) for each in wish.communes] + [str(each) for each in wish.sites]
    return ", ".join(told[:NAMED]) + (f" … ({len(told)})" if len(told) > NAMED else "")


def _flat(text: str) -> str:
    """On one line, without control characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(each)}" for name, each in value.items() if each)
    if isinstance(value, list):
        return "; ".join(_plain(each) for each in value)
    return _flat(str(value))
