"""Report: what the result says of the whole province, as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sanchoi.api.exporting.context import Context


def make(context: Context, of: str, folder: Path) -> list[Path]:
    """The report in the language of the wish; it speaks of all communes, whichever are chosen."""
    from sanchoi.maps.report import making

    path = folder / f"report-{context.language}.pdf"
    path.write_bytes(making.report(context.ground, context.options))
    if context.wish.as_ == "png":
        context.note(
            path,
            "Báo cáo luôn là PDF, dù bản đồ ở dạng khác.",
            "The report is a PDF, whatever sheets are wanted as.",
        )
    if context.wish.communes or context.wish.sites:
        context.note(
            path,
            "Báo cáo nói về cả kết quả, không riêng xã hay khu đất đã chọn.",
            "The report is of the whole result, not of the communes or sites that were chosen.",
        )
    return [path]
