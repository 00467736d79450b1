"""Owners: whether land is public, read from what a land register says of its owner or user.

Cautious: what no row of `data/owner_kinds.csv` knows, and what two rows read differently, is not known. Public means held or
managed by the State's own bodies, so that nobody's land has to be recovered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import names
from sanchoi.gis.errors import ContractError

PUBLIC: dict[str, bool | None] = {"true": True, "false": False, "": None}


def load(rows: pd.DataFrame) -> pd.DataFrame:
    """Check and type the rows of `data/owner_kinds.csv`.

    Columns: `pattern` (words as they stand in a text, or a code), `whole` (the text must be nothing else), `public` ("" = it
    cannot be told), source, verified, note.

    Raises
    ------
    ContractError : no pattern, no source, a flag that is neither true nor false, or a pattern that stands twice.
    """
    for row in rows.to_dict("records"):
        flags = row["whole"] in ("true", "false") and row["verified"] in ("true", "false")
        if not (row["pattern"].strip() and flags and row["public"] in PUBLIC and row["source"]):
            raise ContractError(
                f"owner kind {row['pattern']!r}: whole {row['whole']!r}, public {row['public']!r}, verified {row['verified']!r}",
                "a pattern, a source, true|false (public may be empty)",
                "mend the row",
            )
    twice = rows["pattern"].map(names.key).duplicated()
    if twice.any():
        raise ContractError(
            f"owner kind {rows['pattern'][twice].iloc[0]!r} stands twice", "one row a pattern", "remove one"
        )
    out = rows.copy()
    out["public"] = pd.Series([PUBLIC[text] for text in rows["public"]], index=rows.index, dtype=object)
    out["whole"], out["verified"] = rows["whole"] == "true", rows["verified"] == "true"
    return out


def public(owners: Sequence[str | None], rows: pd.DataFrame) -> npt.NDArray[np.object_]:
    """True, False or None (not known) for each text.

    Whole words are compared; capitals and the place of a tone mark do not matter, accents do, unless the text has none at all.
    Patterns that fit and disagree give None, also where one stands inside the other ("nhà nước" in "doanh nghiệp nhà nước").

    Parameters
    ----------
    owners : one text a parcel; None or "" = not given.
    rows : from `load`.
    """
    table = [
        (_words(row["pattern"], names.key), _words(row["pattern"], names.fold), bool(row["whole"]), row["public"])
        for row in rows.to_dict("records")
    ]
    cache = {text: _one(text, table) for text in set(owners)}
    out = np.empty(len(owners), dtype=object)
    out[:] = [cache[text] for text in owners]
    return out


Kind = tuple[list[str], list[str], bool, bool | None]


def _words(text: str, spell: Callable[[str], str]) -> list[str]:
    return spell(re.sub(r"[^\w\s]|_", " ", names.nfc(text))).split()


def _one(text: str | None, table: list[Kind]) -> bool | None:
    if not text or not text.strip():
        return None
    bare = text.isascii()
    words = _words(text, names.fold if bare else names.key)
    answers: set[bool | None] = set()
    for accented, plain, whole, answer in table:
        pattern = plain if bare else accented
        size = len(pattern)
        if words == pattern if whole else any(words[at : at + size] == pattern for at in range(len(words))):
            answers.add(answer)
    return answers.pop() if len(answers) == 1 else None
