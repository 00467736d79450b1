"""Values of the planners' workbook in words of one language: codes, ages, yes and no, remarks, laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sanchoi.api.exporting.xlsx_words import say
from sanchoi.gis.workbook import VALUES
from sanchoi.maps.advice_words import LAWS
from sanchoi.maps.words import WORDS


def side(language: str) -> int:
    """Which of a pair of words is of a language."""
    return 1 if language == "en" else 0


def word(prefix: str, code: object, language: str) -> object:
    """A code in words; None stays unknown."""
    if none(code):
        return None
    pair = WORDS.get(f"{prefix}{code}") or VALUES.get(str(code))
    return pair[side(language)] if pair else str(code)


def words(values: pd.Series, prefix: str, language: str) -> pd.Series:
    """Codes in words."""
    return pd.Series([word(prefix, each, language) for each in values], index=values.index, dtype="str")


def bands(values: pd.Series, language: str) -> pd.Series:
    """Age groups in words."""
    told = {"all": say("all_ages", language)}
    return pd.Series(
        [told.get(each, say("ages", language, of=str(each).replace("-", "–"))) for each in values],
        index=values.index,
        dtype="str",
    )


def yes(values: pd.Series, language: str, key: str = "yes") -> pd.Series:
    """Whether, in words; None stays unknown. `key` : yes, or verified."""
    pair = {True: say(key, language), False: say("no" if key == "yes" else "un" + key, language)}
    return pd.Series([None if none(each) else pair[bool(each)] for each in values], index=values.index, dtype="str")


def flags(values: pd.Series, language: str) -> pd.Series:
    """Remarks in words, one after the other."""
    told = [
        [word("f_", each, language) for each in str(text).split(";") if each] if text else []
        for text in values.fillna("")
    ]
    return pd.Series(
        ["; ".join(str(each).rstrip(".") for each in some) or None for some in told], index=values.index, dtype="str"
    )


def law(values: pd.Series, language: str) -> pd.Series:
    """Sources and articles; those that the data have in English are told in Vietnamese."""
    if language == "en":
        return values
    return pd.Series([None if none(each) else LAWS.get(each, each) for each in values], index=values.index, dtype="str")


def none(value: object) -> bool:
    """Whether a value is unknown."""
    return value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))
