"""Scales: the one that a rule asks for, with the rule cited, or one that was given or fits; never another without saying so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sanchoi.gis.sentences import number
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.paper import Box
from sanchoi.maps.sheets.refusals import grouped, refusal
from sanchoi.maps.sheets.window import fitting_scale
from sanchoi.maps.sheets.words import LAWS, say

Rows = Sequence[Mapping[str, object]]
COMMUNE, PROVINCE = "commune", "province"
KINDS = {COMMUNE: ("xã, phường", "commune"), PROVINCE: ("nhiều xã", "province")}


def legal(rows: Rows, area_ha: float, kind: str = COMMUNE) -> Mapping[str, object]:
    """The row that rules ground of an area: the first of its kind whose `max_area_ha` is above it; empty = any area.

    Raises
    ------
    ContractError : no row covers it.
    """
    for row in rows:
        most = row["max_area_ha"]
        if row.get("kind", COMMUNE) == kind and (most in (None, "") or area_ha < float(str(most))):
            return row
    raise refusal("no_rule", kind=KINDS.get(kind, kind), area=grouped(area_ha))


def chosen(
    options: Options, area_ha: float, kind: str, bounds: Sequence[float], box: Box, ruled: bool
) -> tuple[float, str]:
    """Scale, and the sentence that says where it comes from.

    Parameters
    ----------
    bounds, box : ground that is shown, and the frame that it should fit. ruled : whether the rules hold for this ground.
    """
    language = options.language
    if options.scale is not None:
        return float(options.scale), say("given", language)
    if options.fit or not ruled:
        return float(fitting_scale(bounds, box)), say("fits_all" if options.fit else "no_rule", language)
    row = legal(options.scales, area_ha, kind)
    mark = "" if str(row["verified"]).lower() == "true" else f" ({say('unverified', language)})"
    cited = ", ".join(law(str(row.get(part) or ""), language) for part in ("source", "article") if row.get(part))
    key = "legal" if kind == COMMUNE else "legal_province"
    return float(str(row["scale"])), say(key, language, area=number(area_ha, language), source=cited, mark=mark)


def law(text: str, language: str) -> str:
    """A source or article as the data have it; known ones in Vietnamese."""
    return LAWS.get(text, text) if language == "vi" else text
