"""Said: what stands around the map of any sheet: place, scale, coordinates, norms, sources, version."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sanchoi.gis.sentences import exact, number
from sanchoi.maps import summary
from sanchoi.maps.sheets.frame import GRID_MM
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.scales import law
from sanchoi.maps.sheets.sheet import Texts
from sanchoi.maps.sheets.window import Window, sheet_name
from sanchoi.maps.sheets.words import say

Notes = list[tuple[str, str]]
BACK = "Inverse of "
SEVEN = (
    *(f"{axis}-axis translation" for axis in "XYZ"),
    *(f"{axis}-axis rotation" for axis in "XYZ"),
    "Scale difference",
)
"""Parameters of a shift of seven, in their order."""
KINDS = ("xã", "phường", "đặc khu", "thị trấn")
SEVERAL = 6
"""So many names of communes stand in a subtitle."""


def around(
    ground: Ground,
    window: Window,
    options: Options,
    title: str,
    place: str,
    scaled: str,
    among: Sequence[Window] = (),
    number_: int = 1,
    last: str | None = None,
) -> Texts:
    """What stands around a map of a result; `last`: who signs last."""
    language = options.language
    count = len(among)
    cm = window.metres(10)
    bar = (
        say("bar_km", language, km=exact(cm / 1000, language))
        if cm >= 1000
        else say("bar", language, m=exact(cm, language))
    )
    study = ground.run["study"]
    name = say("sheet", language, k=number_, n=count, name=sheet_name(window)) if count > 1 else ""
    return Texts(
        title=title,
        subtitle=say("subtitle", language, place=place, study=study["name"], vintage=when(study["vintage"], language)),
        scale=say("scale", language, n=number(window.scale, language)),
        north=say("north", language),
        legend=say("legend", language),
        locator=say("locator" if count < 2 else "index", language),
        bar=bar,
        more=say("more_page", language),
        more_last=say("more_last", language) if count > 1 else "",
        language=language,
        sheet=name,
        notes=notes(ground, window, language, scaled, count > 1),
        signatures=options.signed(last or say("sign_other", language)),
        signed=say("sign_under", language),
        sealed=say("sign_seal", language) if options.signatures is None else "",
        foot=foot(ground, options),
        banners=banners(ground.run, language),
        strong=options.theme.strong,
    )


def banners(run: Mapping[str, Any], language: str) -> list[str]:
    """What must stand above everything."""
    found = summary.banners(run)
    return [str(each[language]) for tone in ("strong", "plain") for each in found if each["tone"] == tone]


def notes(ground: Ground, window: Window, language: str, scaled: str, several: bool = False) -> Notes:
    """Scale, coordinates, norms, sources."""
    told = f"{scaled} {say('overlap', language)}" if several else scaled
    return [
        _crs(ground, window, language),
        (say("scale_head", language), told),
        norms(ground.run, language),
        *sources(ground.run, language),
    ]


def foot(ground: Ground, options: Options) -> str:
    """Version, result, run and date."""
    run = ground.run
    version = next((str(v) for k, v in run["versions"].items() if k == "sanchoi"), "")
    key = "foot" if not options.result_id else "foot_result"
    return say(
        key,
        options.language,
        version=version,
        run_id=run["run_id"],
        date=when(run["study"]["date"], options.language),
        result=options.result_id,
    )


def names(ground: Ground, communes: Sequence[str], language: str) -> str:
    """Communes by kind and name; many are counted."""
    layer = ground.layer("communes")
    mine = layer[layer["commune_id"].isin(communes)]
    if len(mine) == len(layer) and len(layer) > 1:
        return say("all_communes", language, n=number(len(mine), language))
    if len(mine) > SEVERAL:
        return say("n_communes", language, n=number(len(mine), language))
    kinds = mine["kind"] if "kind" in mine else [None] * len(mine)
    return ", ".join(called(name, kind, language) for name, kind in zip(mine["name"], kinds, strict=True))


def called(name: object, kind: object, language: str) -> str:
    """A commune as people call it: "Xã Khe Lim"."""
    told = str(name) if isinstance(name, str) else "?"
    if language != "vi" or not isinstance(kind, str) or not kind.strip():
        return told
    if told.casefold().startswith(kind.strip().casefold() + " "):  # the name says it itself
        return told
    return f"{kind[:1].upper()}{kind[1:]} {told}"


def _crs(ground: Ground, window: Window, language: str) -> tuple[str, str]:
    key = "crs_vn" if ground.is_vn2000 else "crs_other"
    step = exact(window.metres(GRID_MM), language)
    return say("crs_head", language), say(key, language, crs=ground.crs_name, m=step, how=shift(ground, language))


def shift(ground: Ground, language: str) -> str:
    """How the datum was changed: operations with their codes and figures, and how accurate that is."""
    steps, accuracy = ground.shift
    if not steps:
        return say("shift_none", language)
    told = [_step(each, language) for each in steps]
    sure = say("unknown_", language) if accuracy is None else say("accurate", language, m=exact(accuracy, language))
    return say("shifted", language, steps=" + ".join(told), accuracy=sure)


def _step(step: Any, language: str) -> str:  # noqa: ANN401 - an operation of pyproj
    back = step.name.startswith(BACK)
    known = step.to_json_dict().get("id") or {}
    authority = str(known.get("authority", "")).removeprefix("INVERSE(").removesuffix(")")
    code = f" ({authority}:{known['code']})" if authority and "code" in known else ""
    values = [(each.name, float(each.value)) for each in step.params if isinstance(each.value, float)]
    seven = ""
    if [name for name, _ in values] == list(SEVEN):
        told = (_digits(value, language) for _, value in values)
        seven = say("shift_seven", language, **dict(zip(("x", "y", "z", "rx", "ry", "rz", "s"), told, strict=True)))
    name = step.name.removeprefix(BACK)
    return say("shift_back" if back else "shift_step", language, name=name, code=code, figures=seven)


def _digits(value: float, language: str) -> str:
    """A parameter with all its digits."""
    return number(value, language, len(f"{abs(value):.9f}".rstrip("0").partition(".")[2]))


def when(told: object, language: str) -> str:
    """A date as people write it: ISO days, months and years; anything else stays as it is."""
    text = str(told)
    parts = text.split("-") if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) else []
    key = {3: "on_day", 2: "in_month", 1: "in_year"}.get(len(parts))
    return say(key, language, **dict(zip("ymd", parts, strict=False))) if key else text


def signs(ground: Ground, communes: Sequence[str], language: str) -> str:
    """Who signs last: the committee of the one commune in Viet Nam, else whoever approves."""
    if len(communes) != 1 or not ground.in_vietnam:
        return say("sign_other", language)
    row = ground.commune(communes[0])
    told = called(row["name"], row.get("kind"), "vi").casefold()
    kind = next((each for each in KINDS if told.startswith(each + " ")), KINDS[0])
    return say("sign_commune", language, kind=kind)


def norms(run: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Norms compared with, unverified ones marked."""
    told = []
    for row in run["norms"]:
        parts = []
        if row["walk_m"] is not None:
            parts.append(f"≤ {exact(row['walk_m'], language)} m")
        if row["min_site_m2"] is not None:
            parts.append(say("from_m2", language, m2=exact(row["min_site_m2"], language)))
        if row["m2_per_child"] is not None:
            parts.append(say("per_child", language, m2=exact(row["m2_per_child"], language)))
        mark = "" if row["verified"] else f" ({say('unverified', language)})"
        cited = ", ".join(law(str(row[part]), language) for part in ("source", "article") if row[part])
        told.append(f"{say('band_ages', language, band=row['band'])}: {', '.join(parts)} – {cited}{mark}")
    key = "target_planner" if "target_share" in run["settings"]["set_by_planner"] else "target"
    share = say(key, language, share=number(100 * run["settings"]["target_share"], language))
    return say("norms_head", language), "; ".join(dict.fromkeys(told)) + f". {share}"


def sources(run: Mapping[str, Any], language: str) -> Notes:
    """Sources by who gave them and under which licence, and files without a word about where they come from."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    files: list[str] = []
    for row in summary.sources(run):
        if not row["attribution"] and not row["licence"]:
            files.append(row["name"])
            continue
        given = (row["attribution"], row["licence"], row["date"])
        grouped.setdefault(given, []).append(row["name"] or row["layer"])
    told = []
    for (attribution, licence, date), found in grouped.items():
        dated = when(date, language) if date else say("no_date", language)
        by = ", ".join(part for part in (attribution, licence or say("no_licence", language), dated) if part)
        told.append(f"{', '.join(dict.fromkeys(found))}: {by}")
    out: Notes = []
    if told:
        study = run["study"]
        dated = say("dates", language, vintage=when(study["vintage"], language), date=when(study["date"], language))
        out.append((say("sources_head", language), "; ".join(told) + f". {dated}"))
    if files:
        out.append((say("files_head", language), ", ".join(dict.fromkeys(files))))
    return out
