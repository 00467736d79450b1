"""What a page must say besides the map: headline, banners, norms used, warnings and sources, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sanchoi.gis.sentences import number
from sanchoi.maps.remarks import REMARKS
from sanchoi.maps.words import LANGUAGES, word

Run = Mapping[str, Any]
PLANNER = "planner"
_HEADLINE = {
    "vi": {
        "zero": "Không có trẻ em nào được ghi nhận.",
        "uncounted": " Còn {n} xã, phường chưa có số trẻ em.",
        "none": "Có {communes} xã, phường; chưa có số trẻ em.",
        "known": "Trong {children} trẻ em ở {communes} xã, phường đã khảo sát, {left} trẻ ({share} %) không đi bộ tới được "
        "sân chơi {reach}.",
        "norm": "trong khoảng cách quy định",
        "planner": "trong khoảng cách do người lập quy hoạch đặt",
        "rest": " Còn {n} xã, phường chưa khảo sát hoặc chưa thể đánh giá.",
        "unknown": "Có khoảng {children} trẻ em ở {communes} xã, phường. Chưa nơi nào được đánh giá, nên chưa biết nơi nào "
        "thiếu sân chơi; bản đồ cho biết nơi nào đông trẻ nhất để khảo sát trước.",
    },
    "en": {
        "zero": "No children are counted.",
        "uncounted": " {n} more communes have no number of children.",
        "uncounted_one": " {n} more commune has no number of children.",
        "none": "{communes} {places}; the number of children is not known.",
        "known": "Of {children} {young} in {communes} surveyed {known_places}, {left} ({share} %) cannot walk to a play area "
        "{reach}.",
        "norm": "within the norm's distance",
        "planner": "within the distance set by the planner",
        "rest": " {n} more communes are not surveyed or could not be judged.",
        "rest_one": " {n} more commune is not surveyed or could not be judged.",
        "unknown": "About {children} {young} live in {communes} {places}. None could be judged yet, so where play areas "
        "are missing is not known; the map shows where most children live, to survey there first.",
    },
}


def headline(run: Run, language: str) -> str:
    """One or two sentences: how many children cannot walk to a play area, or that this is not known."""
    told, text = run["headline"], _HEADLINE[language]
    communes = number(told["communes"], language)
    if told["children"] is None:
        return text["none"].format(communes=communes, places=_plural(told["communes"], "commune"))
    if told["children"] == 0:
        return text["zero"]
    uncounted = told["communes"] - told.get("communes_counted", told["communes"])
    blank = _more(text, "uncounted", uncounted, language)
    counted = told["communes"] - uncounted
    communes, places = number(counted, language), _plural(counted, "commune")
    no_limit = bool(run["norms"]) and all(row["walk_m"] is None for row in run["norms"])
    if no_limit or not told["communes_known"] or not told["children_in_known"]:
        children, young = number(told["children"], language), _young(told["children"], language)
        return text["unknown"].format(children=children, young=young, communes=communes, places=places) + blank
    left, among = told["children_uncovered"], told["children_in_known"]
    said = text["known"].format(
        children=number(among, language),
        young=_young(among, language),
        communes=number(told["communes_known"], language),
        known_places=_plural(told["communes_known"], "commune"),
        left=number(left, language),
        share=number(100 * left / among, language),
        reach=text["planner" if "walk_m" in run["settings"]["set_by_planner"] else "norm"],
    )
    return said + _more(text, "rest", told["communes"] - told["communes_known"], language)


def _more(text: Mapping[str, str], key: str, count: int, language: str) -> str:
    """That there are so many more, nothing where there are none."""
    if not count:
        return ""
    return text.get(f"{key}_one", text[key]).format(n=1) if count == 1 else text[key].format(n=number(count, language))


def _plural(count: float, noun: str) -> str:
    """An English noun for a number."""
    return noun if count == 1 else f"{noun}s"


def _young(count: float, language: str) -> str:
    """English: child or children, by the number as it is shown."""
    return "child" if number(count, language) == "1" else "children"


def banners(run: Run) -> list[dict[str, str]]:
    """What must stand above everything: {tone, code, vi, en}; the tone is "strong" or "plain"."""
    study, settings, told = run["study"], run["settings"], run["headline"]
    codes = {note["code"] for note in run["warnings"]}
    tiers = run["norms"]
    detour = settings.get("detour")
    blank = told["communes_by_status"].get("unknown") == told["communes"] and not told["communes_known"]
    found: list[tuple[str, str, dict[str, dict[str, str]]]] = []

    def say(holds: object, key: str, tone: str = "plain", **values: float) -> None:
        if holds:
            filled = {code: {k: number(v, code, 1) for k, v in values.items()} for code in LANGUAGES}
            found.append((tone, key, filled))

    say(study["synthetic"], "synthetic", "strong")
    say(blank, "all_unknown", "strong")
    say(study["estimate"], "estimate", "strong")
    say("norm_out_of_date" in codes, "out_of_date", "strong")
    say(any(not row["verified"] for row in tiers) or "unverified_norm" in codes, "unverified", "strong")
    say({"walk_m", "m2_per_child"} & set(settings["set_by_planner"]), "planner")
    say(settings["distance_only"], "distance_only")
    say(tiers and all(row["walk_m"] is None for row in tiers), "no_limit", "strong")
    if detour:
        say(not blank, "straight_line", detour=float(detour))
    return [
        {"tone": tone, "code": key, **{code: word(key, code, **filled[code]) for code in LANGUAGES}}
        for tone, key, filled in found
    ]


def norms(run: Run) -> dict[str, Any]:
    """The norm profile, and one entry per band and tier with where it comes from."""
    norm, settings = run["norm"], run["settings"]
    return {
        "profile": norm["profile"],
        "vi": norm["name_vi"],
        "en": norm["name_en"],
        "m2_per_person": norm["m2_per_person"],
        "m2_per_person_verified": norm.get("m2_per_person_verified", False),
        "target_share": settings["target_share"],
        "set_by_planner": settings["set_by_planner"],
        "rows": [
            {
                "band": row["band"],
                "tier": row["tier"],
                "walk_m": row["walk_m"],
                "min_site_m2": row["min_site_m2"],
                "m2_per_child": row["m2_per_child"],
                "planner": row["profile"] == PLANNER,
                "planner_m2": "m2_per_child" in settings["set_by_planner"] and row["m2_per_child"] is not None,
                "source": row["source"],
                "article": row["article"],
                "verified": bool(row["verified"]),
                "valid": [row["valid_from"] or "", row["valid_to"] or ""],
            }
            for row in run["norms"]
        ],
    }


def warnings(run: Run) -> list[dict[str, Any]]:
    """Warnings of the run: plain words by code where there are some, and the run's own message."""
    out = []
    for note in run["warnings"]:
        plain = REMARKS.get(note["code"])
        pair = plain or (note["message"], note["message"])
        ids = [str(i) for i in note.get("ids") or []]
        out.append(
            {
                "code": note["code"],
                "layer": note.get("layer") or "",
                "detail": note["message"] if plain else "",
                "ids": ids[:20],
                "more": max(len(ids) - 20, 0),
                **dict(zip(LANGUAGES, pair, strict=True)),
            }
        )
    return out


def sources(run: Run) -> list[dict[str, str]]:
    """Attribution, licence and date of every source; files that no source row speaks of are named as the user's own.

    A row of a group ("constraints") speaks of all layers of the group ("constraints.roads").
    """
    keys = ("layer", "name", "attribution", "licence", "date")
    out = [{key: str(row.get(key) or "") for key in keys} for row in run["sources"]]
    for entry, row in zip(out, run["sources"], strict=True):
        entry["url"] = safe_url(str(row.get("url") or ""))
    told = {entry["layer"] for entry in out}
    for record in run["inputs"]:
        layer = str(record.get("layer") or "")
        if layer and layer not in told and layer.partition(".")[0] not in told:
            told.add(layer)
            name = str(record.get("path") or "").replace("\\", "/").rsplit("/", 1)[-1]
            out.append({**dict.fromkeys(keys, ""), "layer": layer, "name": name, "url": ""})
    return out


def safe_url(url: str) -> str:
    """The address when it is plain http(s), else nothing: a link may not run a script."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""
