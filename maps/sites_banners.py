"""What must stand above the sites map: the warnings of the gap map, and those of land and money."""

from __future__ import annotations

from sanchoi.gis.results import Result
from sanchoi.gis.sentences import number
from sanchoi.maps import summary
from sanchoi.maps.sites_words import word
from sanchoi.maps.words import LANGUAGES


def banners(result: Result) -> list[dict[str, str]]:
    """Entries {tone, code, vi, en}; the tone is "strong" or "plain"."""
    tables, siting = result.tables, result.run.get("siting")
    out = summary.banners(result.run)
    constraints, parcels = tables.get("constraints"), tables["parcels"]
    found: list[tuple[str, str, int]] = [("strong", "b_need", 0)] if by_need(result) else []
    if constraints is not None and len(constraints):
        checked = constraints["checked"].astype(bool)
        missing = int((~checked).sum())
        unsure = int((checked & ~constraints["verified"].astype(bool)).sum())
        if missing:
            found.append(("strong", "b_not_checked", missing))
        if unsure:
            found.append(("strong", "b_unverified_rules", unsure))
    if siting and siting.get("verified") is False:
        found.append(("strong", "b_not_verified", 0))
    if siting and not siting.get("proven"):
        found.append(("plain", "b_not_proven", 0))
    unknown = int(parcels.loc[parcels["verdict"] != "excluded", "cost"].isna().sum())
    if siting and unknown:
        found.append(("plain", "b_no_cost", unknown))
    return out + [
        {"tone": tone, "code": key, **{code: word(key, code, n=_count(n, code)) for code in LANGUAGES}}
        for tone, key, n in found
    ]


def by_need(result: Result) -> bool:
    """Whether nothing is surveyed, so that parcels are ranked by the children near them and no gap is claimed."""
    siting = result.run.get("siting") or {}
    if "by_need" in siting:
        return bool(siting["by_need"])
    return not bool(result.tables["communes"]["surveyed"].astype(bool).any())


def _count(value: int, language: str) -> str:
    return number(value, language)
