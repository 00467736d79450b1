"""Land use: codes of the land register, the class of each, and who must approve a play area on it.

Class A is easiest, B an ordinary change of use, C needs a resolution of the provincial People's Council, X is excluded. A code that
no row knows is no reason to exclude: it is conditional until somebody says what it means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sanchoi.gis.errors import ContractError

CLASSES = ("A", "B", "C", "X")
HARDEST = ("A", "B", "C", None, "X")
"""From the easiest class to the one that rules a parcel out; an unknown code may be as hard as any but X."""


@dataclass(frozen=True)
class Use:
    """What a code means. `land_class` None = the code is not known; `who_*` "" = nobody has to approve.

    `source`, `article`, `verified` tell where the code was read; "" for a code that is not known.
    """

    code: str
    land_class: str | None
    name_vi: str
    name_en: str
    who_vi: str
    who_en: str
    source: str = ""
    article: str = ""
    verified: bool = False


UNKNOWN = Use(
    "",
    None,
    "mã đất chưa rõ",
    "unknown land-use code",
    "cơ quan quản lý đất đai xác định loại đất",
    "the land agency says what land it is",
)


def load(rows: pd.DataFrame) -> pd.DataFrame:
    """Check and type the rows of `data/landuse_codes.csv`.

    Raises
    ------
    ContractError : an unknown class, a missing source, or a code that stands twice for the same time.
    """
    out = rows.copy()
    for column in ("valid_from", "valid_to"):
        out[column] = [date.fromisoformat(text) if text else None for text in out[column]]
    for row in out.to_dict("records"):
        if row["class"] not in CLASSES or not row["source"] or row["verified"] not in ("true", "false"):
            raise ContractError(
                f"land-use code {row['code']}: class {row['class']!r}, verified {row['verified']!r}",
                "class A, B, C or X, a source, and verified = true|false",
                "mend the row",
            )
    if out["code"].duplicated().any():
        twice = out["code"][out["code"].duplicated()].iloc[0]
        raise ContractError(f"land-use code {twice} stands twice", "one row a code", "remove one")
    out["verified"] = out["verified"] == "true"
    return out


def table(rows: pd.DataFrame) -> dict[str, Use]:
    """Meaning of each code and alias."""
    found: dict[str, Use] = {}
    for row in rows.to_dict("records"):
        texts = (row[key] for key in ("code", "class", "name_vi", "name_en", "who_vi", "who_en", "source", "article"))
        code, land_class, name_vi, name_en, who_vi, who_en, source, article = texts
        proven = bool(row["verified"])
        found[code] = Use(code, land_class, name_vi, name_en, who_vi, who_en, source, article, proven)
    for row in rows.to_dict("records"):
        for alias in filter(None, row["aliases"].split(";")):
            found.setdefault(alias.strip(), found[row["code"]])
    return found


def classify(codes: Sequence[str | None], known: pd.DataFrame | Mapping[str, Use]) -> list[Use]:
    """Meaning of each code; capitals and spaces do not matter, and an alias of an older circular is taken as today's code.

    A plot with several codes ("ONT+CLN") takes the most difficult of them. `known` : rows of the codes, or their `table`.
    """
    meanings = table(known) if isinstance(known, pd.DataFrame) else known

    def one(code: str | None) -> Use:
        parts = [part.strip().upper() for part in (code or "").replace(",", "+").split("+") if part.strip()]
        found = [meanings.get(part, UNKNOWN) for part in parts] or [UNKNOWN]
        return max(found, key=lambda use: HARDEST.index(use.land_class))

    cache = {code: one(code) for code in set(codes)}
    return [cache[code] for code in codes]
