"""Text of a layer: columns and their names out of TCVN3, VNI, Windows-1258 or mistaken UTF-8, as their own words tell."""

from __future__ import annotations

from collections import Counter

import pandas as pd
from sanchoi.gis import recognise
from sanchoi.gis.arrival_words import NAMES, Remark, refusal, remark
from sanchoi.gis.encoding import decode
from sanchoi.gis.recognise import Verdict
from sanchoi.gis.sources.arrival import Arrival

SHOWN = 60


def texts(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Different values of each column that holds text with anything but plain ASCII, in the order of the rows."""
    found = {}
    for at, column in enumerate(frame.columns):
        series = frame.iloc[:, at]
        if not (pd.api.types.is_object_dtype(series.dtype) or pd.api.types.is_string_dtype(series.dtype)):
            continue
        values = list(dict.fromkeys(value for value in series if isinstance(value, str) and _is_odd(value)))
        if values:
            found[str(column)] = values
    return found


def _is_odd(value: str) -> bool:
    return not value.isascii() or not value.isprintable()


def is_legacy(frame: pd.DataFrame) -> bool:
    """Whether some column is surely not in order."""
    return any(recognise.judge(values).reading not in ("unicode", "") for values in texts(frame).values())


def settle(
    frame: pd.DataFrame, arrival: Arrival, name: str, told: list[Remark], otherwise: str = "unicode"
) -> pd.DataFrame:
    """A layer whose text is Unicode, with composed letters where anything was changed; what was done is told.

    Parameters
    ----------
    otherwise : reading of a column whose words do not tell: what the file declares; "" = it is left as it is, and told.

    Raises
    ------
    ContractError : a column in which two encodings are mixed, and nothing was said of it.
    """
    if arrival.encoding == "utf-8":
        return frame
    columns = texts(frame)
    named = [str(each) for each in frame.columns if _is_odd(str(each))]
    if not columns and not named:
        return frame
    taken = (
        _judged(columns, named, arrival, name, told, otherwise)
        if arrival.encoding == "auto"
        else dict.fromkeys([*columns, ""], arrival.encoding)
    )
    changes: dict[str, dict[str, tuple[str, str]]] = {}
    for column, values in columns.items():
        if taken.get(column, "unicode") != "unicode":
            changes[column] = {value: recognise.read(value, taken[column]) for value in values}
    _tell(changes, taken, told)
    whole = taken.get("", "unicode")
    if not changes and (whole == "unicode" or not named):
        return frame
    frame = frame.copy()
    for at, column in enumerate(frame.columns):
        if changes.get(str(column)):
            turn = {old: new for old, (new, _) in changes[str(column)].items()}
            frame.isetitem(
                at, [turn.get(value, value) if isinstance(value, str) else value for value in frame.iloc[:, at]]
            )
    if named and whole != "unicode":
        new = {column: recognise.read(column, whole)[0] for column in named}
        frame = frame.rename(columns=new)
    return frame


def _judged(
    columns: dict[str, list[str]], named: list[str], arrival: Arrival, name: str, told: list[Remark], otherwise: str
) -> dict[str, str]:
    """Reading of each column, and under "" that of the names of columns."""
    verdicts = {column: recognise.judge(values) for column, values in columns.items()}
    for column, verdict in verdicts.items():
        if verdict.rival:
            raise _mixed(column, verdict, arrival, name)
    sure = {verdict.reading for verdict in verdicts.values() if verdict.witnesses and verdict.reading}
    whole = next(iter(sure)) if len(sure) == 1 else ""
    taken = {}
    for column, verdict in verdicts.items():
        taken[column] = verdict.reading or whole or otherwise or "unicode"
        if not verdict.reading and not whole and not otherwise:
            was = verdict.example
            other = next((read for read in ("tcvn3", "vni") if (decode(was, read) or was) != was), "tcvn3")
            told.append(
                remark(
                    "text_ambiguous",
                    columns=column,
                    was=_short(was),
                    now=_short(decode(was, other) or was),
                    flag=arrival.flag(encoding=other),
                )
            )
    taken[""] = whole or recognise.judge(named).reading or "unicode"
    return taken


def _mixed(column: str, verdict: Verdict, arrival: Arrival, name: str) -> Exception:
    first = verdict.reading if verdict.reading in ("tcvn3", "vni") else verdict.rival
    return refusal(
        "mixed",
        name=name,
        column=column,
        first=NAMES[verdict.reading],
        n_first=verdict.witnesses[verdict.reading],
        second=NAMES[verdict.rival],
        n_second=verdict.witnesses[verdict.rival],
        example=_short(verdict.example),
        flag=arrival.flag(encoding=first if first in ("tcvn3", "vni") else "utf-8"),
    )


def _tell(changes: dict[str, dict[str, tuple[str, str]]], taken: dict[str, str], told: list[Remark]) -> None:
    """One remark for each reading of each column: what was turned, and what was read otherwise."""
    for column, turned in changes.items():
        for reading, number in Counter(read for _, read in turned.values()).most_common():
            hits = [(old, new) for old, (new, read) in turned.items() if read == reading and old != new]
            if reading == taken[column] and hits:
                word, some = "text_decoded", hits[0]
            elif reading != taken[column]:
                word = "text_exceptions"
                some = hits[0] if hits else next((old, new) for old, (new, read) in turned.items() if read == reading)
            else:
                continue
            told.append(
                remark(
                    word,
                    count=number,
                    columns=column,
                    n=len(hits) if word == "text_decoded" else number,
                    encoding=NAMES[reading],
                    was=_short(some[0]),
                    now=_short(some[1]),
                )
            )


def _short(text: str) -> str:
    text = "".join(letter if letter.isprintable() else "�" for letter in text)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
