"""The front page of a result folder: what was found, where to look, what is not known, where it comes from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, select_autoescape
from sanchoi.gis.results import Result
from sanchoi.gis.sentences import number
from sanchoi.gis.tables import STATUSES
from sanchoi.maps import sites_banners, sites_words, style, summary, words

TEMPLATES = Path(__file__).parent / "templates"


def render(result: Result) -> str:
    """One HTML page in both languages, readable without JavaScript."""
    language = result.run["study"]["language"]
    order = [language, *(code for code in words.LANGUAGES if code != language)]
    environment = Environment(autoescape=select_autoescape(default=True), undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(_text("index.html")).render(
        language=language,
        css=_text("index.css"),
        title=result.run["study"]["name"],
        parts=[{"code": code, **part(result, code)} for code in order],
        run_id=result.run["run_id"],
    )


@cache
def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def part(result: Result, language: str) -> dict[str, Any]:
    """All that the page says, in one language."""
    run = result.run
    norms = summary.norms(run)

    def w(key: str, **values: object) -> str:
        return words.word(key, language, **values)

    return {
        "w": w,
        "headline": summary.headline(run, language),
        "plan": _plan(result, language),
        "sites_open": sites_words.word("sites_open", language) if "parcels" in result.tables else "",
        "banners": [{"tone": b["tone"], "text": b[language]} for b in summary.banners(run)],
        "statuses": [
            (style.STATUS[status][0], w(f"s_{status}"), number(count, language))
            for status in sorted(STATUSES, key=list(style.STATUS).index)
            if (count := run["headline"]["communes_by_status"].get(status, 0))
        ],
        "files": _files(result, language),
        "norm_head": w("planner_head", norm=norms[language])
        if any(row["planner"] for row in norms["rows"])
        else f"{w('norms_used')}: {norms[language]}",
        "norms": [_norm(row, language) for row in norms["rows"]],
        "target": w("target", t=number(100 * norms["target_share"], language, 0)),
        "warnings": [
            {"text": each[language], "detail": each["detail"], "ids": ", ".join(each["ids"]), "more": each["more"]}
            for each in summary.warnings(run)
        ],
        "unknown": _unknown(result, language),
        "sources": [{**row, "layer": _layer(row["layer"], language)} for row in summary.sources(run)],
        "date": run["study"]["date"],
        "note": run["study"].get("estimate_note") or "",
    }


def _plan(result: Result, language: str) -> dict[str, Any]:
    """The plan in a sentence, and whether a second computation agreed; empty without a plan."""
    told, sites = result.run.get("siting"), result.tables.get("sites")
    if not told or sites is None or not len(sites):
        return {}

    def w(key: str, **values: object) -> str:
        return sites_words.word(key, language, **values)

    cost = float(sites["cost"].sum(skipna=False))
    head = w(
        sites_words.of("plan_need" if sites_banners.by_need(result) else "plan_head", len(sites)),
        n=number(len(sites), language),
        children=number(float(sites["children_gained"].sum()), language),
        cost=words.word("unknown_value", language) if cost != cost else w("million", m=number(cost / 1e6, language, 0)),
    )
    asks = int((sites["verdict"] != "eligible").sum())
    rest = [] if told.get("proven") else [w("b_not_proven") + "."]
    rest += [w(sites_words.of("index_ask", asks), c=number(asks, language))] if asks else []
    wrong = told.get("verified") is False
    return {"title": w("index_plan"), "text": " ".join([head, *rest]), "wrong": wrong, "warning": w("not_verified")}


def _layer(layer: str, language: str) -> str:
    """A layer's name in words; "constraints.water" is the layer water among those of the constraints."""
    group, dot, rest = layer.partition(".")
    plain = sites_words.word(f"cl_{rest}", language) if f"cl_{rest}" in sites_words.WORDS else rest
    for key, text in ((layer, ""), (group, f" ({plain})" if dot else "")):
        if f"layer_{key}" in words.WORDS:
            return words.word(f"layer_{key}", language) + text
    return layer


def _norm(row: dict[str, Any], language: str) -> dict[str, str]:
    def w(key: str, **values: object) -> str:
        return words.word(key, language, **values)

    none = w("no_norm")
    walk = none if row["walk_m"] is None else f"{number(row['walk_m'], language)} m"
    ground = (
        w("no_norm_m2")
        if row["m2_per_child"] is None
        else w("norm_row_m2", m2=f"{number(row['m2_per_child'], language, 2)} m²")
    )
    text = w("norm_row", band=w("band_ages", band=row["band"]), d=walk, m2=ground)
    if row["min_site_m2"] is not None:
        text += w("tier_size", a=number(row["min_site_m2"], language))
    origin = [w("planner")] if row["planner"] else [each for each in (row["source"], row["article"]) if each]
    if row["planner_m2"] and not row["planner"]:
        origin.append(w("planner_m2"))
    if not row["planner"] and any(row["valid"]):
        origin.append(w("in_force", a=row["valid"][0] or "…", b=row["valid"][1] or "…"))
    mark = "" if row["planner"] else w("is_verified" if row["verified"] else "is_unverified")
    return {"text": text, "origin": " · ".join(origin), "mark": mark}


def _files(result: Result, language: str) -> list[tuple[str, str]]:
    """Links to what lies in the folder: address, what it is."""
    known = {"gaps", "communes", "play_areas", "cells", "cell_bands", "coverage_by_tier", "reasons", "barriers"}
    named = [name for name in sorted(result.tables) if name in known]
    land = [
        name for name in sorted(result.tables) if "parcels" in result.tables and f"file_{name}" in sites_words.WORDS
    ]
    return [
        ("tables/gaps.xlsx", words.word("file_xlsx", language)),
        ("tables/gaps.csv", words.word("file_csv", language)),
        ("result.gpkg", words.word("file_gpkg", language)),
        ("run.json", words.word("file_run", language)),
        *((f"tables/{name}.parquet", words.word(f"file_{name}", language)) for name in named),
        *([("tables/sites.xlsx", sites_words.word("file_sites_xlsx", language))] if "sites" in land else []),
        *((f"tables/{name}.parquet", sites_words.word(f"file_{name}", language)) for name in land),
    ]


def _unknown(result: Result, language: str) -> list[str]:
    """What this result does not know, said outright."""
    run = result.run
    settings = run["settings"]
    communes = result.tables["communes"]
    whole = result.tables["gaps"]
    whole = whole[whole["band"] == "all"]
    blind = sorted(communes["name"][~communes["surveyed"].astype(bool)])
    out = []
    if len(blind) == len(communes):
        out.append(words.word("u_all_blind", language))
    elif blind:
        out.append(words.counted("u_blind", len(blind), language, names=_some(blind, language)))
    counts = sorted(whole["name"][whole["children"].isna()])
    if counts:
        out.append(words.counted("u_count", len(counts), language, names=_some(counts, language)))
    sizes = int((result.tables["play_areas"]["area_m2"].isna() & result.tables["play_areas"]["counts"]).sum())
    if sizes:
        out.append(words.counted("u_sizes", sizes, language))
    if settings["distance_only"]:
        out.append(words.word("u_distance", language))
    if settings["detour"]:
        out.append(words.word("u_network", language, detour=number(settings["detour"], language, 1)))
    if run["study"]["estimate"]:
        out.append(words.word("u_estimate", language))
    return [*out, words.word("u_always", language)]


def _some(names: list[str], language: str) -> str:
    shown = ", ".join(names[:8])
    rest = len(names) - 8
    return shown if rest <= 0 else f"{shown}, {words.word('more', language, n=number(rest, language))}"
