"""Why not: for every parcel, why it is not in the plan and what the plan would lose with it, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
from sanchoi.gis.siting import Reason

Language = Literal["vi", "en"]
UNITS: dict[str, tuple[str, str]] = {
    "children": ("phương án giúp được ít hơn {x} trẻ em", "the plan reaches {x} fewer children"),
    "VND": ("phương án tốn thêm {x} triệu đồng", "the plan costs {x} million VND more"),
    "sites": ("phương án cần thêm {x} điểm", "the plan needs {x} more sites"),
    "m": (
        "mỗi trẻ phải đi bộ xa thêm {x} m, tính chung cả phương án",
        "a child walks {x} m further, over the whole plan",
    ),
    "share": (
        "tỷ lệ ở xã, phường thấp nhất giảm {x} điểm phần trăm",
        "the share of the worst-served commune falls by {x} percentage points",
    ),
}
"""What the plan loses, by the unit of its objective."""
SCALE = {"share": 100.0, "VND": 1e-6}
SENTENCES: dict[str, tuple[str, str]] = {
    "chosen": ("Có trong phương án, thứ tự xây {order}.", "In the plan, build order {order}."),
    "excluded": ("Thửa đất bị loại khi sàng lọc.", "The parcel is excluded by the screening."),
    "not_candidate": (
        "Chưa được đưa ra lựa chọn: cần được chấp thuận trước, hoặc chưa có chi phí.",
        "Not among the parcels to choose from: somebody must approve it first, or its cost is unknown.",
    ),
    "forbidden": (
        "Người lập quy hoạch không cho chọn thửa này ([siting] forbidden).",
        "The planner rules it out ([siting] forbidden).",
    ),
    "no_gain": (
        "Trong tầm đi bộ của thửa này không có trẻ em nào mà phương án nhằm giúp.",
        "None of the children whom the plan is for can walk to it.",
    ),
    "too_dear": ("Chi phí lớn hơn ngân sách.", "It costs more than the budget."),
    "conflict": (
        "Quá gần điểm {other} đã có trong phương án (các điểm phải cách nhau một khoảng tối thiểu).{loss}",
        "Too close to site {other} of the plan (least spacing).{loss}",
    ),
    "dominated": (
        "Thửa {other} giúp được mọi trẻ em mà thửa này giúp được, với chi phí không cao hơn.{loss}",
        "Parcel {other} covers every child that this one covers, at no higher cost.{loss}",
    ),
    "dominated_by_number": (
        "Thửa {other} giúp được mọi trẻ em mà thửa này giúp được.{loss}",
        "Parcel {other} covers every child that this one covers.{loss}",
    ),
    "no_room": ("Các điểm bắt buộc đã đủ số lượng.", "The fixed sites are as many as asked for."),
    "loses": ("Các điểm khác có lợi hơn cho phương án.{loss}", "Other sites do more.{loss}"),
}
BY_NUMBER = {"dominated": "dominated_by_number", "too_dear": "no_room"}
"""Where a number of sites is asked for, no cost was compared."""
NONE = (" Có phương án tốt ngang bằng có thửa này.", " There is a plan with it that is just as good.")
FORCED = (" Nếu buộc phải chọn thửa này, {loses}.", " Were it forced in, {loses}.")
AMOUNT: dict[str, tuple[str, str]] = {
    "exact": ("{most}", "{most}"),
    "between": ("từ {least} đến {most}", "between {least} and {most}"),
    "most": ("nhiều nhất {most}", "at most {most}"),
    "least": ("ít nhất {least}", "at least {least}"),
}


def table(
    parcels: pd.DataFrame, candidates: pd.DataFrame, found: list[Reason], unit: str, money: bool = True
) -> pd.DataFrame:
    """One row per parcel: reason in both languages, and the bounds of the loss; columns as declared in `tables`.

    Parameters
    ----------
    parcels : all parcels. candidates : those of the problem, in its order. found : a reason for each of them.
    money : whether costs were compared; otherwise a number of sites was asked for.
    """
    by_id = dict(zip(candidates["parcel_id"].tolist(), found, strict=True))
    names = candidates["parcel_id"].tolist()
    rows = []
    for parcel_id, verdict in zip(parcels["parcel_id"].tolist(), parcels["verdict"].tolist(), strict=True):
        reason = by_id.get(parcel_id)
        if reason is None:
            reason = Reason("excluded" if verdict == "excluded" else "not_candidate")
        rows.append(
            {
                "parcel_id": parcel_id,
                "reason_vi": sentence(reason, names, unit, "vi", money),
                "reason_en": sentence(reason, names, unit, "en", money),
                "loss_at_least": reason.loss_at_least,
                "loss_at_most": reason.loss_at_most,
            }
        )
    return pd.DataFrame(rows)


def sentence(reason: Reason, names: list[str], unit: str, language: Language, money: bool = True) -> str:
    """One sentence, or two with the loss."""
    side = 0 if language == "vi" else 1
    other = names[reason.other] if reason.other >= 0 else ""
    kind = reason.kind if money else BY_NUMBER.get(reason.kind, reason.kind)
    return SENTENCES[kind][side].format(order=reason.order, other=other, loss=_loss(reason, unit, language))


def _loss(reason: Reason, unit: str, language: Language) -> str:
    least, most = reason.loss_at_least, reason.loss_at_most
    side = 0 if language == "vi" else 1
    if np.isnan(least) and np.isnan(most):
        return ""
    scale = SCALE.get(unit, 1.0)
    said = {
        "least": number(_outward(least * scale, np.floor), language),
        "most": number(_outward(most * scale, np.ceil), language),
    }
    if not np.isnan(most) and most <= 1e-6:
        return NONE[side]
    if np.isnan(most):
        if said["least"] == "0":
            return ""
        kind = "least"
    elif number(least * scale, language) == number(most * scale, language) != "0":
        kind, said = "exact", {"most": number(most * scale, language)}
    else:
        kind = "most" if said["least"] == "0" else "between"
    return FORCED[side].format(loses=UNITS[unit][side].format(x=AMOUNT[kind][side].format(**said)))


def _outward(value: float, turn: Callable[[float], float]) -> float:
    """A bound rounded so that it stays true: the lower one down, the upper one up; as many digits as `number` writes."""
    step = 1.0 if abs(value) >= 100 else 10.0
    return float(turn(round(value * step, 6)) / step)


def number(value: float, language: Language) -> str:
    """A number as the language writes it: 1.234 or 1,234; one decimal below 100, where it is not 0."""
    if np.isnan(value):
        return "?"
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}".removesuffix(".0")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
