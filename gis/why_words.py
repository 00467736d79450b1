"""Why not: for every parcel, why it is not in the plan and what the plan would lose with it, in Vietnamese and English."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from sanchoi.gis.siting import Reason

Language = Literal["vi", "en"]
UNITS: dict[str, tuple[str, str]] = {
    "children": ("trẻ em", "children"),
    "VND": ("đồng", "VND"),
    "sites": ("điểm", "sites"),
    "m": ("m đi bộ mỗi trẻ", "m of walk a child"),
    "share": ("điểm phần trăm", "percentage points"),
}
SENTENCES: dict[str, tuple[str, str]] = {
    "chosen": ("Có trong phương án, thứ tự xây {order}.", "In the plan, build order {order}."),
    "excluded": ("Thửa đất bị loại khi sàng lọc.", "The parcel is excluded by the screening."),
    "not_candidate": (
        "Không thuộc các thửa được chọn (cần được chấp thuận, hoặc chưa có chi phí).",
        "Not among the parcels to choose from (somebody must approve it first, or its cost is unknown).",
    ),
    "forbidden": ("Bị cấm chọn trong [siting] forbidden.", "Forbidden in [siting] forbidden."),
    "no_gain": (
        "Không có trẻ em nào chưa được phục vụ đi bộ tới được thửa này.",
        "No child who lacks a play area can walk to it.",
    ),
    "too_dear": ("Chi phí lớn hơn ngân sách.", "It costs more than the budget."),
    "conflict": (
        "Quá gần điểm {other} trong phương án (khoảng cách tối thiểu).{loss}",
        "Too close to site {other} of the plan (least spacing).{loss}",
    ),
    "dominated": (
        "Thửa {other} phục vụ được mọi trẻ em mà thửa này phục vụ, với chi phí không cao hơn.{loss}",
        "Parcel {other} covers every child that this one covers, at no higher cost.{loss}",
    ),
    "loses": ("Các điểm khác giúp được nhiều trẻ em hơn.{loss}", "Other sites do more.{loss}"),
}
LOSS: dict[str, tuple[str, str]] = {
    "exact": (
        " Nếu buộc phải chọn thửa này, phương án mất {most} {unit}.",
        " Forced in, the plan loses {most} {unit}.",
    ),
    "none": (
        " Có phương án tốt ngang bằng có thửa này.",
        " There is a plan with it that is just as good.",
    ),
    "between": (
        " Nếu buộc phải chọn thửa này, phương án mất từ {least} đến {most} {unit}.",
        " Forced in, the plan loses between {least} and {most} {unit}.",
    ),
    "most": (
        " Nếu buộc phải chọn thửa này, phương án mất nhiều nhất {most} {unit}.",
        " Forced in, the plan loses {most} {unit} at most.",
    ),
    "least": (
        " Nếu buộc phải chọn thửa này, phương án mất ít nhất {least} {unit}.",
        " Forced in, the plan loses at least {least} {unit}.",
    ),
}


def table(parcels: pd.DataFrame, candidates: pd.DataFrame, found: list[Reason], unit: str) -> pd.DataFrame:
    """One row per parcel: reason in both languages, and the bounds of the loss; columns as declared in `tables`.

    Parameters
    ----------
    parcels : all parcels. candidates : those of the problem, in its order. found : a reason for each of them.
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
                "reason_vi": sentence(reason, names, unit, "vi"),
                "reason_en": sentence(reason, names, unit, "en"),
                "loss_at_least": reason.loss_at_least,
                "loss_at_most": reason.loss_at_most,
            }
        )
    return pd.DataFrame(rows)


def sentence(reason: Reason, names: list[str], unit: str, language: Language) -> str:
    """One sentence, or two with the loss."""
    side = 0 if language == "vi" else 1
    other = names[reason.other] if reason.other >= 0 else ""
    return SENTENCES[reason.kind][side].format(order=reason.order, other=other, loss=_loss(reason, unit, language))


def _loss(reason: Reason, unit: str, language: Language) -> str:
    least, most = reason.loss_at_least, reason.loss_at_most
    side = 0 if language == "vi" else 1
    if np.isnan(least) and np.isnan(most):
        return ""
    scale = 100.0 if unit == "share" else 1.0
    said = {"least": number(least * scale, language), "most": number(most * scale, language), "unit": UNITS[unit][side]}
    if not np.isnan(most) and most <= 1e-6:
        return LOSS["none"][side]
    if np.isnan(most):
        return LOSS["least"][side].format(**said) if least > 1e-6 else ""
    kind = "exact" if said["least"] == said["most"] else "between" if least > 1e-6 else "most"
    return LOSS[kind][side].format(**said)


def number(value: float, language: Language) -> str:
    """A number as the language writes it: 1.234,5 or 1,234.5."""
    if np.isnan(value):
        return "?"
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
