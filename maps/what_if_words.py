"""What an answer to "what if?" says in one or two sentences, in Vietnamese and English."""

from __future__ import annotations

from collections import Counter

from sanchoi.gis.sentences import number
from sanchoi.gis.what_if import Answer
from sanchoi.maps import words

_ACTS = {
    "vi": {
        "add": "thêm {n} sân chơi",
        "close": "đóng {n} sân chơi",
        "enlarge": "đổi diện tích {n} sân chơi",
        "footbridge": "làm {n} cầu đi bộ",
        "crossing": "làm {n} lối sang đường",
    },
    "en": {
        "add": "{n} play area is added|{n} play areas are added",
        "close": "{n} play area is closed|{n} play areas are closed",
        "enlarge": "{n} play area gets another size|{n} play areas get another size",
        "footbridge": "{n} footbridge is built|{n} footbridges are built",
        "crossing": "{n} street crossing is built|{n} street crossings are built",
    },
}
_TEXT = {
    "vi": {
        "if": "Nếu {what}: ",
        "gain": "{n} trẻ em nữa sẽ đi bộ tới được sân chơi{bands}",
        "none": "không có thêm trẻ em nào đi bộ tới được sân chơi",
        "few": "chưa tới 1 trẻ em nữa đi bộ tới được sân chơi",
        "loss": "{n} trẻ em không còn đi bộ tới được sân chơi nào",
        "few_lost": "chưa tới 1 trẻ em không còn đi bộ tới được sân chơi nào",
        "none_lost": "ở những nơi đã khảo sát, không có trẻ em nào mất sân chơi trong tầm đi bộ",
        "blind": "với {n} trẻ em thì chưa biết, vì chưa rõ diện tích một số sân chơi",
        "unsurveyed": "{n} trẻ em ở nơi chưa khảo sát sẽ có sân trong tầm đi bộ, nhưng chưa biết bao nhiêu em hiện chưa có",
        "band": "{band} tuổi: {n}",
        "least": "ít nhất {n}",
        "unknown": "chưa rõ",
        "none_known": "chưa rõ có thêm trẻ em nào đi bộ tới được sân chơi hay không",
        "none_lost_known": "chưa rõ có trẻ em nào mất sân chơi trong tầm đi bộ hay không",
        "uncounted": " Chưa tính trẻ {bands} tuổi ở {names} vì chưa rõ số trẻ.",
        "less": " Diện tích sân còn thiếu giảm {n} m².",
        "more": " Diện tích sân còn thiếu tăng {n} m².",
        "class": " {name}: từ “{a}” thành “{b}”.",
        "others": " Và {n} xã, phường khác đổi tình trạng.",
        "and": " và ",
    },
    "en": {
        "if": "If {what}: ",
        "gain": "{n} more children can walk to a play area{bands}",
        "none": "no more children can walk to a play area",
        "few": "fewer than 1 more child can walk to a play area",
        "loss": "{n} children can no longer walk to any",
        "few_lost": "fewer than 1 child can no longer walk to any",
        "none_lost": "where surveys were made no child loses the play area within a walk",
        "blind": "of {n} children it is not known, for the size of some play areas is not",
        "unsurveyed": "{n} children in places that nobody has surveyed will have one within a walk, but how many of them have none "
        "today is not known",
        "band": "{band} years: {n}",
        "least": "at least {n}",
        "unknown": "not known",
        "none_known": "whether more children can walk to a play area is not known",
        "none_lost_known": "whether any child loses the play area within a walk is not known",
        "uncounted": " Children of {bands} years in {names} are left out: their number is not known.",
        "less": " The ground that is short falls by {n} m².",
        "more": " The ground that is short grows by {n} m².",
        "class": " {name}: from “{a}” to “{b}”.",
        "others": " And {n} more communes change their status.",
        "and": " and ",
    },
}
FEW = 0.5
"""Fewer children are told in words, not as 0."""
NAMED = 4
"""So many communes are named."""


def sentence(answer: Answer, language: str) -> str:
    """The answer in words.

    Parameters
    ----------
    language : "vi" or "en".
    """
    text = _TEXT[language]

    blank = {band for _, _, band in answer.uncounted}

    def count(value: float, band: str = "all") -> str:
        told = number(value, language)
        if not blank or band not in blank | {"all"}:
            return told
        return text["least"].format(n=told) if value >= FEW else text["unknown"]

    gain = answer.newly_covered["all"]
    bands = [
        text["band"].format(band=band.replace("-", "–"), n=count(n, band))
        for band, n in answer.newly_covered.items()
        if band != "all"
    ]
    told = f" ({'; '.join(bands)})" if len(bands) > 1 else ""
    unsurveyed = answer.unsurveyed["all"]
    only_closed = all(change.action == "close" for change in answer.changes)
    said = []
    if gain >= FEW:
        said.append(text["gain"].format(n=count(gain), bands=told))
    elif gain > 0:
        said.append(text["few"])
    elif unsurveyed < FEW and not only_closed:
        said.append(text["none_known" if blank else "none"])
    for key, value in (
        ("loss", answer.no_longer_covered["all"]),
        ("blind", answer.undecided["all"]),
        ("unsurveyed", unsurveyed),
    ):
        if value >= FEW:
            said.append(text[key].format(n=count(value)))
    lost = answer.no_longer_covered["all"]
    if not said or 0 < lost < FEW:
        said.append(text["few_lost" if lost > 0 else "none_lost_known" if blank else "none_lost"])
    body = text["if"].format(what=_what(answer, language)) + "; ".join(said) + "."
    return (
        body[0].upper()
        + body[1:]
        + _uncounted(answer, language)
        + _ground(answer, language)
        + _classes(answer, language)
    )


def _what(answer: Answer, language: str) -> str:
    """The changes, counted by what they do."""
    counts = Counter(change.kind if change.action == "crossing" else change.action for change in answer.changes)
    said = []
    for act, n in counts.items():
        one, _, many = _ACTS[language][act].partition("|")
        said.append((one if n == 1 or not many else many).format(n=number(n, language)))
    return ", ".join(said[:-1]) + (_TEXT[language]["and"] if said[:-1] else "") + said[-1]


def _uncounted(answer: Answer, language: str) -> str:
    """Whose children the sums leave out."""
    rows = answer.uncounted
    if not rows:
        return ""
    names = [*dict.fromkeys(name for _, name, _ in rows)]
    more = ["…"] if len(names) > NAMED else []
    bands = sorted({band.replace("-", "–") for _, _, band in rows})
    return _TEXT[language]["uncounted"].format(bands=", ".join(bands), names=", ".join([*names[:NAMED], *more]))


def _ground(answer: Answer, language: str) -> str:
    """How the shortfall of all communes changes, where it is known before and after."""
    before, after = (
        frame.loc[frame["band"] == "all", "shortfall_m2"].sum(skipna=False) for frame in (answer.before, answer.after)
    )
    change = float(after) - float(before)
    if not abs(change) >= FEW:
        return ""
    return _TEXT[language]["less" if change < 0 else "more"].format(n=number(abs(change), language))


def _classes(answer: Answer, language: str) -> str:
    changed = answer.changed_class
    out = "".join(
        _TEXT[language]["class"].format(name=name, a=words.word(f"t_{a}", language), b=words.word(f"t_{b}", language))
        for _, name, a, b in changed[:NAMED]
    )
    rest = len(changed) - NAMED
    return out + (_TEXT[language]["others"].format(n=number(rest, language)) if rest > 0 else "")
