"""Refusals: why a problem of sites has no answer, in Vietnamese and English; each says what came, what was expected, what to do."""

from __future__ import annotations

from sanchoi.gis.errors import Infeasible, paired, worded
from sanchoi.gis.sentences import exact, number

Told = tuple[str, str, str]
WORDS: dict[str, tuple[Told, Told]] = {
    "no_candidate": (
        ("không có thửa nào để chọn", "ít nhất một thửa không bị loại", "xem bảng kiểm tra điều kiện của các thửa"),
        ("there is no candidate", "at least one parcel that is not excluded", "look into table screening"),
    ),
    "cost": (
        ("ứng viên {at} có chi phí {cost}", "chi phí từ 0 trở lên", "sửa lại hoặc bỏ thửa này"),
        ("candidate {at} costs {cost}", "a cost of 0 or more", "mend or drop it"),
    ),
    "budget_none": (
        ("ngân sách không phải là một số", "số tiền, hoặc số địa điểm", "ghi lại ngân sách"),
        ("the budget is not a number", "an amount of money, or a number of sites", "set [siting] budget"),
    ),
    "both": (
        (
            "{count} thửa vừa phải chọn vừa không được chọn, đầu tiên là ứng viên {first}",
            "mỗi thửa chỉ ở một danh sách, hoặc không ở danh sách nào",
            "bỏ thửa đó khỏi một trong hai danh sách",
        ),
        (
            "{count} sites are both fixed and forbidden, the first is candidate {first}",
            "each site fixed, forbidden or neither",
            "take it out of [siting] fixed or forbidden",
        ),
    ),
    "all_forbidden": (
        ("mọi ứng viên đều không được chọn", "ít nhất một thửa được chọn", "rút ngắn danh sách thửa không được chọn"),
        ("every candidate is forbidden", "at least one that may be chosen", "shorten [siting] forbidden"),
    ),
    "budget_small": (
        (
            "ngân sách {budget} thấp hơn địa điểm rẻ nhất ({cheapest})",
            "đủ tiền cho ít nhất một địa điểm",
            "tăng ngân sách, hoặc đưa thêm đất rẻ hơn",
        ),
        (
            "budget {budget} is below the cheapest site ({cheapest})",
            "a budget for one site at least",
            "raise [siting] budget, or offer cheaper land",
        ),
    ),
    "fixed_cost": (
        (
            "riêng {count} thửa phải chọn đã hết {spent}, ngân sách là {budget}",
            "đủ tiền cho mọi thửa phải chọn",
            "tăng ngân sách thêm {more}, hoặc bớt thửa phải chọn",
        ),
        (
            "the {count} fixed sites cost {spent}, the budget is {budget}",
            "a budget that pays for all that is fixed",
            "raise [siting] budget by {more}, or fix fewer",
        ),
    ),
    "fixed_close": (
        (
            "{count} cặp thửa phải chọn nằm quá gần nhau hoặc chồng lên nhau, đầu tiên là ứng viên {first} và {second}",
            "các thửa phải chọn không chồng nhau và giữ khoảng cách tối thiểu",
            "chỉ giữ một trong hai, hoặc giảm khoảng cách tối thiểu nếu chỉ vì quá gần",
        ),
        (
            "{count} pairs of fixed sites stand too close or share ground, the first are candidates {first} and {second}",
            "fixed sites that keep [siting] min_spacing_m and have ground of their own",
            "fix one of the two, or lower min_spacing_m where that parts them",
        ),
    ),
    "position": (
        ("{name} có vị trí {wrong}", "0 … {last}", "ghi vị trí của các hàng trong bài toán"),
        ("{name} holds position {wrong}", "0 … {last}", "give positions of the problem's own rows"),
    ),
    "commune_missing": (
        (
            "yêu cầu số địa điểm tối thiểu mỗi xã, mà chỉ {count} trong {of} ứng viên có xã",
            "xã của từng ứng viên",
            "ghi xã, −1 = không thuộc xã nào",
        ),
        (
            "min_per_commune is set and {count} of {of} candidates have a commune",
            "the commune of each candidate",
            "give commune, −1 = none",
        ),
    ),
    "forbidden": (
        ("ứng viên {at} không được chọn", "thửa có thể chọn", "bỏ nó khỏi danh sách không được chọn"),
        ("candidate {at} is forbidden", "a candidate that may be chosen", "take it out of forbidden"),
    ),
    "none_raised": (
        (
            "không thửa nào tới được trẻ em chưa có sân chơi ở xã đã biết số trẻ",
            "ít nhất một xã có thể tăng tỷ lệ trẻ tới được sân chơi",
            "chọn mục tiêu khác",
        ),
        (
            "no candidate reaches a child without a play area in a commune whose children are known",
            "a commune whose covered share can be raised",
            'take another objective, such as objective = "cover"',
        ),
    ),
    "together": (
        ("không có cách chọn nào giữ được mọi điều kiện: {names}", "các điều kiện có thể cùng giữ", "{todo}"),
        ("no set of sites keeps all rules: {names}", "rules that can be kept together", "{todo}"),
    ),
    "together_unsaid": (
        (
            "không có cách chọn nào giữ được mọi điều kiện, và không phải chỉ tại một điều kiện",
            "các điều kiện có thể cùng giữ",
            "nới hai trong số: ngân sách, khoảng cách tối thiểu, số tối thiểu mỗi xã, thửa phải chọn, thửa không được chọn",
        ),
        (
            "no set of sites keeps all rules, and no single rule is to blame",
            "rules that can be kept together",
            "loosen two of [siting] budget, min_spacing_m, min_per_commune, fixed, forbidden",
        ),
    ),
    "too_short": (
        (
            "chưa tìm được cách chọn nào giữ mọi điều kiện trong {seconds} giây",
            "đủ thời gian để tìm",
            "tăng thời gian tính (seconds), hoặc nới một điều kiện",
        ),
        (
            "no plan that keeps the rules was found in {seconds} s",
            "time enough to find one",
            "raise [siting] seconds, or loosen a rule",
        ),
    ),
    "no_limit": (
        (
            "quy định {profile} không nêu khoảng cách đi bộ",
            "khoảng cách mà trong đó sân chơi phục vụ trẻ em",
            "ghi [norms] walk_m hoặc dùng quy định khác; nếu không thì bỏ [siting]",
        ),
        (
            "norm profile {profile} says nothing of walking distance",
            "a limit within which a play area serves children",
            "set [norms] walk_m, or take another profile; without it leave [siting] out",
        ),
    ),
    "no_m2": (
        (
            "mục tiêu xét sức chứa, mà quy định không nêu số m² mỗi trẻ",
            "số m² mỗi trẻ cho từng nhóm tuổi",
            "ghi [norms] m2_per_child, hoặc chọn mục tiêu khác",
        ),
        (
            '[siting] objective = "capacitated" with a norm that asks for no m² a child',
            "m² a child for every band",
            "set [norms] m2_per_child, or take another objective",
        ),
    ),
    "parcel_no_candidate": (
        ("thửa {parcel} không phải là ứng viên: {why}", "thửa có thể chọn", "xem bảng kiểm tra điều kiện của thửa"),
        ("parcel {parcel} is no candidate: {why}", "a parcel that may be chosen", "see its ledger"),
    ),
    "no_parcels": (
        ("kết quả này không xét thửa đất", "kết quả có các thửa và điều kiện", "chạy lại nghiên cứu với [parcels]"),
        ("the result judges no parcels", "a result with parcels and their rules", "run the study with [parcels]"),
    ),
    "parcel_twice": (
        ("{name} đã là mã của một thửa", "mã riêng", "đặt mã khác"),
        ("{name} is a parcel already", "an id of its own", "give it another"),
    ),
    "parcel_both": (
        (
            "thửa {parcel} vừa phải chọn vừa không được chọn",
            "chỉ một trong hai, hoặc không",
            "bỏ nó khỏi một trong hai danh sách",
        ),
        (
            "parcel {parcel} is both fixed and forbidden",
            "fixed, forbidden or neither",
            "take it out of one of the two",
        ),
    ),
    "parcel_excluded": (
        (
            "thửa phải chọn {parcel} bị loại: {why}",
            "thửa được phép làm sân chơi",
            "xem bảng kiểm tra điều kiện của thửa, và bỏ {parcel} khỏi danh sách phải chọn",
        ),
        (
            "[siting] fixed parcel {parcel} is excluded: {why}",
            "a parcel on which a play area may stand",
            "see its ledger with sanchoi explain, and take {parcel} out of fixed",
        ),
    ),
    "parcel_no_cost": (
        ("thửa phải chọn {parcel} chưa có chi phí", "chi phí, vì có ngân sách", "ghi chi phí của thửa"),
        ("[siting] fixed parcel {parcel} has no cost", "a cost, for there is a budget", "add its cost"),
    ),
}
RULES: dict[str, tuple[str, str]] = {
    "budget": ("ngân sách {budget} còn thiếu {lack}", "the budget of {budget} is {lack} too small"),
    "budget_todo": ("tăng ngân sách lên {least}", "raise [siting] budget to {least}"),
    "spacing": (
        "{count} cặp địa điểm không được cùng chọn vì khoảng cách tối thiểu hoặc vì chồng nhau",
        "min_spacing_m or shared ground keeps {count} pairs of sites apart",
    ),
    "spacing_todo": ("giảm khoảng cách tối thiểu", "lower min_spacing_m"),
    "minimum": (
        "{count} xã phải có ít nhất {least} địa điểm mỗi xã",
        "min_per_commune asks for {least} sites in {count} communes",
    ),
    "minimum_todo": ("giảm số địa điểm tối thiểu mỗi xã", "lower min_per_commune"),
    "fixed": ("{count} thửa phải chọn", "{count} sites are fixed"),
    "fixed_todo": ("bớt thửa phải chọn", "fix fewer"),
    "forbidden": ("{count} thửa không được chọn", "{count} sites are forbidden"),
    "forbidden_todo": ("bớt thửa không được chọn", "forbid fewer"),
}
Pair = tuple[str, str]


def refusal(word: str, /, **values: object) -> Infeasible:
    """The error in both languages; a value may be a pair of words."""
    return worded(Infeasible, *WORDS[word], **values)


def rule(word: str, /, **values: object) -> Pair:
    """A rule that binds, or what would loosen it, in both languages."""
    return paired(*RULES[word], **values)


def amount(value: float) -> Pair:
    """Money or a number of sites, all figures shown, as each language writes it."""
    if float(value).is_integer() or abs(value) >= 1e6:
        return number(value, "vi"), number(value, "en")
    return exact(value, "vi"), exact(value, "en")
