"""Codes: what the values of coded columns mean, in Vietnamese and English; they stand beside the names of the columns."""

from __future__ import annotations

from sanchoi.maps import sites_words, style, words

VERDICTS = ("eligible", "conditional", "excluded")
ACCESS = ("public", "restricted", "fee", "closed", "unknown")
STATUSES = {code: words.WORDS[f"s_{code}"] for code in style.STATUS}
VALUES: dict[str, dict[str, tuple[str, str]]] = {
    "status": STATUSES,
    "status_before": STATUSES,
    "status_after": STATUSES,
    "verdict": {code: sites_words.WORDS[f"v_{code}"] for code in VERDICTS},
    "access": {code: words.WORDS[f"a_{code}"] for code in ACCESS},
}
"""Column → code → words."""


def told(column: str) -> tuple[str, str]:
    """The codes of a column with their words, in both languages; blank = it has none."""
    values = VALUES.get(column, {})
    vi, en = ("; ".join(f"{code} = {pair[k]}" for code, pair in values.items()) for k in (0, 1))
    return vi, en
