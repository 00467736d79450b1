"""Sentences: one per commune and band, in Vietnamese and English, with the numbers that made the status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sanchoi.gis.tables import PARTS


@dataclass(frozen=True)
class Facts:
    """Numbers of one commune and band. None = unknown or not asked.

    `parts`: part → children not served; `why` tells an unknown status apart: "survey", "children", "limit" or "area".
    `unsure_cover`, `unsure_ground`: play areas of unknown size make these numbers bounds, on the side that the status speaks of.
    """

    name: str
    band: str
    status: str
    children: float | None
    uncovered: float | None
    covered_share: float | None
    enough_share: float | None
    target_share: float
    walk_m: float | None
    asked_m2: float | None
    access_m2: float | None
    shortfall_m2: float | None
    parts: dict[str, float]
    why: str = ""
    unsure_cover: bool = False
    unsure_ground: bool = False
    planner: bool = False
    judged_m2: bool = False
    floor_m2: float | None = None


def number(value: float, language: str, digits: int = 0) -> str:
    """Write a number the way the language does: 1.234,5 in Vietnamese, 1,234.5 in English."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def exact(value: float, language: str) -> str:
    """A figure of a norm as it stands, up to six decimals."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def whole(values: dict[str, float]) -> dict[str, int]:
    """Round parts to whole children so that they still sum to the rounded total (largest remainder)."""
    names = list(values)
    exact = np.array([values[name] for name in names])
    floor = np.floor(exact).astype(int)
    missing = round(float(exact.sum())) - int(floor.sum())
    for i in np.argsort(-(exact - floor), kind="stable")[: max(missing, 0)]:
        floor[i] += 1
    return dict(zip(names, floor.tolist(), strict=True))


_PART = {
    "vi": {
        "barrier": "{n} trẻ vì sông hoặc đường lớn chắn lối",
        "detour": "{n} trẻ vì đường đi bộ vòng xa",
        "area": "{n} trẻ vì sân chơi quá chật",
        "supply": "{n} trẻ vì không có sân chơi nào ở gần",
        "supply_floor": "{n} trẻ vì không có sân chơi đủ rộng nào ở gần",
    },
    "en": {
        "barrier": "{n} because a river or main road is in the way",
        "detour": "{n} because the way on foot is roundabout",
        "area": "{n} because the play areas are too small for all",
        "supply": "{n} because no play area is near at all",
        "supply_floor": "{n} because no play area that is large enough is near",
    },
}

_TEXT = {
    "vi": {
        "ages": "trẻ {band} tuổi",
        "all": "trẻ em",
        "survey": "Chưa khảo sát: chưa biết ở đây có sân chơi hay không. Có khoảng {children} {who}.",
        "survey_blank": "Chưa khảo sát, và chưa có số trẻ em.",
        "count": "Chưa có số {who} của nơi này nên chưa thể đánh giá.",
        "limit": "Quy định được chọn không nêu khoảng cách đi bộ nên chưa thể đánh giá; "
        "hãy đặt walk_m trong [norms]. Có khoảng {children} {who}.",
        "area": "Chưa thể kết luận: chưa rõ diện tích của một số sân chơi, hoặc số trẻ cùng dùng chung. Hãy đo và đếm trước. "
        "Có khoảng {children} {who}.",
        "no_children": "Không có {who} nào được ghi nhận ở đây.",
        "no_supply": "Ở đây không có sân chơi mở cửa nào, và không trẻ nào trong {children} {who} đi bộ được tới một "
        "sân chơi {reach}.",
        "out_of_reach": "{least}{uncovered} trong {children} {who} ({left} %) không đi bộ được tới sân chơi {reach}.",
        "crowded": "{least}{share} % {who} đi bộ được tới sân chơi {reach}, nhưng {only} {enough} % có đủ {asked} m² mỗi trẻ"
        "{short}.",
        "short": "; còn thiếu {shortfall} m²",
        "met": "{least}{share} % trong {children} {who} đi bộ được tới sân chơi {reach}{rest}.",
        "met_m2": ", và {least_m2}{enough} % có đủ {asked} m² mỗi trẻ",
        "met_own": ", và {least_m2}{enough} % có đủ số m² theo lứa tuổi",
        "crowded_own": "{least}{share} % {who} đi bộ được tới sân chơi {reach}, nhưng {only} {enough} % có đủ số m² theo "
        "lứa tuổi{short}.",
        "met_distance": " (chỉ xét khoảng cách)",
        "least": "ít nhất ",
        "only": "chỉ",
        "at_most": "nhiều nhất",
        "within": "trong {walk} m",
        "tiers": "trong khoảng cách quy định",
        "floor": " và rộng từ {floor} m²",
        "planner": "trong khoảng cách do người lập quy hoạch đặt",
        "beyond": " Trong {total} trẻ không đi bộ tới được: {list}.",
        "less": "; trừ đi {n} trẻ",
        "less_why": " vì đường ngắn hơn cũng đưa thêm trẻ đến cùng một sân",
        "parts": " Chưa được phục vụ: {total} trẻ, gồm {list}.",
        "one": " Chưa được phục vụ: {total} trẻ, tất cả {list}.",
        "and": ", ",
    },
    "en": {
        "ages": "children aged {band}",
        "all": "children",
        "survey": "Not surveyed: whether there is a play area here is not known. About {children} {who} live here.",
        "survey_blank": "Not surveyed, and the number of children is missing.",
        "count": "The number of {who} is missing here, so nothing can be said.",
        "limit": "The chosen norm sets no walking distance, so nothing can be said; set walk_m in [norms]. "
        "About {children} {who} live here.",
        "area": "Not decided: the size of some play areas, or the number of children who share them, is unknown. Measure and "
        "count first. About {children} {who} live here.",
        "no_children": "No {who} are counted here.",
        "no_supply": "There is no open play area in the commune, and none of its {children} {who} can walk to one {reach}.",
        "out_of_reach": "{least}{uncovered} of {children} {who} ({left} %) cannot walk to a play area {reach}.",
        "crowded": "{least}{share} % of {who} can walk to a play area {reach}, but {only} {enough} % find {asked} m² each{short}.",
        "short": "; {shortfall} m² are short",
        "met": "{least}{share} % of {children} {who} can walk to a play area {reach}{rest}.",
        "met_m2": ", and {least_m2}{enough} % find {asked} m² each",
        "met_own": ", and {least_m2}{enough} % find the m² that their age asks for",
        "crowded_own": "{least}{share} % of {who} can walk to a play area {reach}, but {only} {enough} % find the m² that their "
        "age asks for{short}.",
        "met_distance": " (distance only)",
        "least": "at least ",
        "only": "only",
        "at_most": "at most",
        "within": "within {walk} m",
        "tiers": "within the norm's distance",
        "floor": " with at least {floor} m²",
        "planner": "within the distance set by the planner",
        "beyond": " Of the {total} who cannot walk to one: {list}.",
        "less": "; less {n}",
        "less_why": ", for shorter ways would also bring more children to the same ground",
        "parts": " Not served: {total} children: {list}.",
        "one": " Not served: {total} children, all {list}.",
        "and": ", ",
    },
}


def sentence(facts: Facts, language: str) -> str:
    """The reason for a status in one or two sentences.

    Parameters
    ----------
    facts : the numbers.
    language : "vi" or "en".
    """
    text = _TEXT[language]

    def count(value: float | None, digits: int = 0) -> str:
        return "?" if value is None else number(value, language, digits)

    def percent(value: float | None) -> str:
        return "?" if value is None else number(_percent(value, facts.target_share), language)

    who = text["all"] if facts.band == "all" else text["ages"].format(band=facts.band.replace("-", "–"))
    reach = (
        text["planner" if facts.planner else "tiers"]
        if facts.walk_m is None
        else text["within"].format(walk=exact(facts.walk_m, language))
    )
    if facts.floor_m2 is not None:
        reach += text["floor"].format(floor=exact(facts.floor_m2, language))
    short = text["short"].format(shortfall=count(facts.shortfall_m2)) if facts.shortfall_m2 else ""
    own = facts.asked_m2 is None and facts.judged_m2  # bands ask for different amounts
    rest = text["met_own"] if own else text["met_distance"] if facts.asked_m2 is None else text["met_m2"]
    key = facts.status
    if key == "unknown":
        key = {"survey": "survey" if facts.children is not None else "survey_blank", "children": "count"}.get(
            facts.why, facts.why
        )
    values = {
        "who": who,
        "least": text["least"] if facts.unsure_cover else "",
        "least_m2": text["least"] if facts.unsure_ground else "",
        "only": text["at_most" if facts.unsure_ground else "only"],
        "reach": reach,
        "children": count(facts.children),
        "uncovered": count(facts.uncovered),
        "share": percent(facts.covered_share),
        "left": "?"
        if facts.covered_share is None
        else number(100 - _percent(facts.covered_share, facts.target_share), language),
        "enough": percent(facts.enough_share),
        "asked": "?" if facts.asked_m2 is None else exact(facts.asked_m2, language),
    }
    key = "crowded_own" if key == "crowded" and own else key
    body = text[key].format(**values, short=short, rest=rest.format(**values))
    body = body[0].upper() + body[1:]
    return body + (_parts(facts, language) if facts.status in ("no_supply", "out_of_reach", "crowded") else "")


def percent(share: float, target: float | None = None, digits: int = 0) -> float:
    """Per cent of a share, rounded, but never to all and never across the target: 79.96 under a target of 80 reads 79.9."""
    return below(share, (1.0,) if target is None else (1.0, target), digits)


def below(share: float, ends: Sequence[float], digits: int = 0) -> float:
    """Per cent of a share, rounded, but not up to an end that it lies below."""
    unit = 10.0**digits
    said = round(100 * share * unit) / unit
    for end in ends:
        if share < end - 1e-9 and said >= 100 * end - 1e-9:
            said = (float(np.ceil(100 * end * unit - 1e-6)) - 1) / unit
    return said


def _percent(share: float, target: float) -> int:
    """Whole percent, never rounded across the target: 79.6 % under a target of 80 % reads 79, not 80."""
    return int(below(share, (target,)))


def _part(part: str, facts: Facts) -> str:
    return "supply_floor" if part == "supply" and facts.floor_m2 is not None else part


def _parts(facts: Facts, language: str) -> str:
    counts = whole({part: facts.parts.get(part, 0.0) for part in PARTS})
    said = [
        _PART[language][_part(part, facts)].format(n=number(n, language))
        for part, n in sorted(counts.items(), key=lambda item: (-abs(item[1]), PARTS.index(item[0])))
        if n > 0
    ]
    less = -sum(n for n in counts.values() if n < 0)
    if not said:
        return ""
    text = _TEXT[language]
    if "area" not in facts.parts:  # whether those who are covered find enough is not known: nothing is said of them
        return text["beyond"].format(total=number(sum(counts.values()), language), list=text["and"].join(said))
    if len(said) == 1 and not less:
        why = (
            next(_PART[language][_part(part, facts)] for part, n in counts.items() if n)
            .format(n="")
            .strip()
            .removeprefix("trẻ ")
        )
        return text["one"].format(total=number(sum(counts.values()), language), list=why)
    rest = text["less"].format(n=number(less, language)) + text["less_why"] if less else ""
    return text["parts"].format(total=number(sum(counts.values()), language), list=text["and"].join(said) + rest)
