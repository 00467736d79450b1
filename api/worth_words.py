"""Words of what land is worth: the headline, what stands against it, who must be asked; plain Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sanchoi.api.library import Entry
from sanchoi.api.pages import advice
from sanchoi.api.pages.advice import Ledger
from sanchoi.api.pages.tables import Row
from sanchoi.api.pages.tongue import Tongue
from sanchoi.gis.model import Model
from sanchoi.gis.proposed import Proposed

FEW = 0.5
"""Fewer children are told in words, not as 0."""
NAMED = 4
"""So many communes or parcels are named."""
WORDS: dict[str, tuple[str, str]] = {
    "usable": ("Đất này dùng được {m2}.", "{m2} of this land can be used."),
    "nothing": ("Không phần nào của đất này dùng được.", "Nothing of this land can be used."),
    "excluded": ("Không làm sân chơi ở đây được.", "No play area can stand here."),
    "gain": (
        "{n} trẻ em có thêm sân chơi trong tầm đi bộ.",
        "{n} more children will have a play area within a walk.",
    ),
    "gain_one": ("1 trẻ em có thêm sân chơi trong tầm đi bộ.", "1 more child will have a play area within a walk."),
    "gain_few": (
        "Chưa tới 1 trẻ em có thêm sân chơi trong tầm đi bộ.",
        "Fewer than 1 more child will have a play area within a walk.",
    ),
    "gain_none": (
        "{n} trẻ em trong tầm đi bộ đều đã có sân chơi khác ở gần.",
        "All {n} children within a walk have another play area near already.",
    ),
    "nobody": ("Không trẻ em nào ở trong tầm đi bộ.", "No child lives within a walk."),
    "gain_unknown": (
        "{n} trẻ em ở trong tầm đi bộ, nhưng chưa biết bao nhiêu em đang thiếu sân chơi.",
        "{n} children live within a walk, but how many of them lack a play area is not known.",
    ),
    "reach_unknown": (
        "Chưa biết bao nhiêu trẻ em ở trong tầm đi bộ.",
        "How many children live within a walk is not known.",
    ),
    "rank": ("Xếp hạng {k} trên {n} thửa.", "It ranks {k} of {n} parcels."),
    "too_large": (
        "Đất này rộng {m2}, lớn hơn một sân chơi (nhiều nhất {most}), nên chưa chấm điểm.",
        "This land has {m2}, more than one play area takes (at most {most}), so it has no score yet.",
    ),
    "draw_part": (
        "Hãy chỉ vẽ phần đất sẽ làm sân chơi.",
        "Draw only the part where the play area will stand.",
    ),
    # why something is not known
    "survey": (
        "Chưa biết vì sân chơi hiện có ở {names} chưa được khảo sát. Hãy khảo sát trước.",
        "Not known, for the play areas of today in {names} are not surveyed. Survey them first.",
    ),
    "count": (
        "Chưa biết vì chưa có số trẻ em của {names}. Hãy bổ sung số trẻ.",
        "Not known, for the number of children in {names} is missing. Add it.",
    ),
    "size": (
        "Chưa biết vì chưa rõ diện tích của một số sân chơi ở gần. Hãy đo các sân đó.",
        "Not known, for the size of some play areas near by is not. Measure them.",
    ),
    "limit": (
        "Chưa biết vì quy định được chọn không nêu khoảng cách đi bộ.",
        "Not known, for the chosen norm sets no walking distance.",
    ),
    "not_counted": (
        "Không tính số trẻ em vì đất bị loại.",
        "Children are not counted, for the land is excluded.",
    ),
    "no_rules": (
        "Nghiên cứu này không có thửa đất và quy định sàng lọc, nên không có bảng kiểm tra, điểm và thứ hạng.",
        "This study names no parcels and no rules for them, so there is no ledger, score or rank.",
    ),
    "old_model": (
        "Kết quả này được tính bằng bản chương trình cũ nên chưa kiểm tra và chấm điểm được đất mới. Hãy tính lại nghiên cứu.",
        "This result was made by an earlier version and cannot judge new land. Run the study again.",
    ),
    "unknown_part": (
        "Còn điều chưa biết, được tính là 0 điểm: nếu đều tốt nhất, điểm là {high} thay vì {low}.",
        "Something is not known and counts 0: were it all at its best, the score would be {high} instead of {low}.",
    ),
    # rules that are not met
    "distance": (
        "Không đạt: {name}. Chỗ gần nhất {v}, giới hạn {l}; phần vướng đã được trừ.",
        "Not met: {name}. The nearest is at {v}, the limit is {l}; what is too near is left out.",
    ),
    "within": (
        "Không đạt: {name}. {v} nằm trong đó; phần này đã được trừ.",
        "Not met: {name}. {v} lie in it; that part is left out.",
    ),
    "steep": (
        "Không đạt: {name}. Đo được {v}, giới hạn {l}. Hãy chọn chỗ khác.",
        "Not met: {name}. Measured {v}, the limit is {l}. Choose another place.",
    ),
    "small": (
        "Phần đất liền khối dùng được là {v}, cần ít nhất {l}. Hãy vẽ rộng hơn hoặc chọn chỗ khác.",
        "The largest usable piece has {v}; at least {l} is needed. Draw it larger, or choose another place.",
    ),
    "near": ("Suýt đạt: {what}.", "A near miss: {what}."),
    "taken": (
        "{m2} của đất này không dùng được vì vướng các điều kiện bắt buộc.",
        "{m2} of this land cannot be used, for binding rules take it.",
    ),
    "pieces": (
        "Phần còn lại bị chia cắt; chỉ phần liền khối lớn nhất được tính.",
        "What is left is in several pieces; only the largest is counted.",
    ),
    "class": ("{name}: từ “{a}” thành “{b}”.", "{name}: from “{a}” to “{b}”."),
    "others": ("Và {n} xã, phường khác đổi tình trạng.", "And {n} more communes change their status."),
    "overlap": (
        "Đất này nằm trên thửa đã có trong danh sách: {list}.",
        "This land lies on parcels that are listed: {list}.",
    ),
    "border": (
        "Đất này nằm trên nhiều xã, phường: {list}.",
        "This land lies in several communes: {list}.",
    ),
    "no_cost": ("Chưa biết chi phí.", "The cost is not known."),
    "and_more": ("và {n} nơi khác", "and {n} more"),
}


def sentences(
    entry: Entry, model: Model, told: Proposed, rules: Ledger, found: Mapping[str, Any], t: Tongue
) -> tuple[list[str], list[str]]:
    """The headline, and the sentences that follow it.

    Parameters
    ----------
    rules : the ledger, in the language of `t`. found : the document so far.
    """
    head = _head(told, found, t)
    rest = [*_unknown(model, told, found, t), *_against(told, rules, t), *_classes(found, t)]
    if told.row is None:
        rest.append(_say("old_model" if entry.has("parcels") else "no_rules", t))
    listed = [f"{each['parcel_id']} ({t.percent(each['share'])})" for each in found["overlaps"]]
    if listed:
        rest.append(_say("overlap", t, list=_list(listed, t)))
    if len(told.communes) > 1:
        places = [f"{share.name} ({t.percent(share.share)})" for share in told.communes]
        rest.append(_say("border", t, list=_list(places, t)))
    if told.score is not None and told.score_high is not None and told.score_high > told.score + 5e-4:
        rest.append(_say("unknown_part", t, high=t.number(told.score_high, 3), low=t.number(told.score, 3)))
    if told.score is not None and found["cost"] is None:
        rest.append(_say("no_cost", t))
    return head, list(dict.fromkeys(rest))


def _head(told: Proposed, found: Mapping[str, Any], t: Tongue) -> list[str]:
    """One to three short sentences."""
    if told.limit_m2 is not None:
        large = _say("too_large", t, m2=t.area(told.area_m2), most=t.area(told.limit_m2))
        return [large, _say("draw_part", t)]
    usable = told.area_m2 if told.row is None else found["usable_m2"]
    said = [_say("usable", t, m2=t.area(usable)) if usable and usable >= FEW else _say("nothing", t)]
    if found["verdict"] == "excluded":
        return [_say("excluded", t), *said]
    said.append(_children(found, t))
    if told.rank is not None:
        said.append(_say("rank", t, k=t.number(told.rank), n=t.number(told.ranked)))
    return said


def _children(found: Mapping[str, Any], t: Tongue) -> str:
    gain, reached = found["newly_covered"]["all"], found["reached"]["all"]
    if gain is None:
        return _say("reach_unknown", t) if reached is None else _say("gain_unknown", t, n=t.number(reached))
    if gain >= FEW:
        return _say("gain_one" if round(gain) == 1 else "gain", t, n=t.number(gain))
    if gain > 0:
        return _say("gain_few", t)
    return _say("gain_none", t, n=t.number(reached)) if reached and reached >= FEW else _say("nobody", t)


def _unknown(model: Model, told: Proposed, found: Mapping[str, Any], t: Tongue) -> list[str]:
    """Why the number of children is not known."""
    if told.limit_m2 is not None or found["newly_covered"]["all"] is not None:
        return []
    if told.effects is None:
        return [_say("not_counted", t)]
    if any(model.limits.walk_m(band.name) is None for band in model.study.bands):
        return [_say("limit", t)]
    communes = model.communes.set_index("commune_id")
    blind = told.effects[told.effects["children_gained"].isna()]
    said: dict[str, list[str]] = {}
    for name, reached in zip(blind["commune_id"], blind["children_reached"], strict=True):
        why = "count" if pd.isna(reached) else "size" if communes["surveyed"][name] else "survey"
        said.setdefault(why, []).append(str(communes["name"][name]))
    return [_say(why, t, names=_list([*dict.fromkeys(names)], t)) for why, names in said.items()]


def _against(told: Proposed, rules: Ledger, t: Tongue) -> list[str]:
    """What stands against the land, each with what was measured and what is asked, and what to do."""
    if told.row is None:
        return []
    row: Row = {str(key): value for key, value in told.row.items()} | {"parcel_id": ""}
    if told.row["usable_m2"] and told.excluded_m2:
        said = [_say("taken", t, m2=t.area(told.excluded_m2))]
        if told.row["usable_m2"] + told.excluded_m2 < told.area_m2 - FEW:
            said.append(_say("pieces", t))
    else:
        said = []
    said += [_rule(each, t) for each in rules.rows if each["passed"] is False and each["constraint_id"] != "land_use"]
    said += [_say("near", t, what=each) for each in advice.near_misses(rules, t)]
    ids = {each["constraint_id"] for each in rules.rows if each["passed"] is False} - {"land_use"}
    rest = ";".join(each for each in (row["against"] or "").split(";") if each not in ids)
    told_, unchecked = advice.why(row | {"against": rest}, rules, t)
    return [*said, *told_, *advice.todo(row, unchecked, "", t)[:-1]]


def _rule(row: Row, t: Tongue) -> str:
    """One rule that is not met."""
    v, limit = row["words"]["measured"] or t.number(row["value"]), row["words"]["limit"]
    if row["constraint_id"] == "usable_area":
        return _say("small", t, v=v, l=advice.figure(row["limit"], row["unit"], t))
    if row["kind"] == "soft":
        return t.word("a_soft", name=row["name"], by=t.word("a_by", v=v, l=limit))
    key = {"min_distance": "distance", "outside": "within"}.get(row["rule"], "steep")
    return _say(key, t, name=row["name"], v=v, l=limit)


def _classes(found: Mapping[str, Any], t: Tongue) -> list[str]:
    """Communes that change class."""
    changed = found["changed_class"]
    said = [
        _say("class", t, name=each["name"], a=t.word(f"t_{each['from']}"), b=t.word(f"t_{each['to']}"))
        for each in changed[:NAMED]
    ]
    rest = len(changed) - NAMED
    return [*said, _say("others", t, n=t.number(rest))] if rest > 0 else said


def _list(names: Sequence[str], t: Tongue) -> str:
    rest = len(names) - NAMED
    return ", ".join([*names[:NAMED], *([_say("and_more", t, n=t.number(rest))] if rest > 0 else [])])


def _say(key: str, t: Tongue, **values: object) -> str:
    return WORDS[key][1 if t.language == "en" else 0].format(**values)
