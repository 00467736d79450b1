"""Conditions: headers that a write must carry: which revision it changes, and by which key it is known when it comes again."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Header
from sanchoi.api.problems import Problem

REVISION = re.compile(r'\s*(?:W/)?"([1-9]\d{0,8})"\s*', re.ASCII)
"""An ETag of ours; a weak one too, for that is what an answer that came compressed had."""
KEY = re.compile(r"[\x21-\x7e]{1,100}")


def revision(
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description='ETag of the proposal as it was read, such as "3".', examples=['"3"']),
    ] = None,
) -> int:
    """The revision that is to be changed.

    Raises
    ------
    Problem : "precondition_required" where none is named; "bad_parameter" where it is no ETag of ours.
    """
    if if_match is None:
        words = (
            'đầu mục If-Match với số lần sửa đã đọc, như "3" (lấy từ ETag)',
            'a header If-Match with the revision that was read, such as "3" (from its ETag)',
        )
        raise Problem("precondition_required", pairs={"expected": words})
    found = REVISION.fullmatch(if_match)
    if found is None:
        words = ('một số lần sửa trong ngoặc kép, như "3"', 'one revision in quotes, such as "3"')
        raise Problem("bad_parameter", {"name": "If-Match", "came": ascii(if_match)[:60]}, {"expected": words})
    return int(found[1])


def key(
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="A text of your own, new for each proposal; sent again with the same, nothing is made twice.",
            examples=["5f3c9a1e"],
        ),
    ] = None,
) -> str:
    """The key of a submission.

    Raises
    ------
    Problem : "bad_parameter" where there is none, or it is no plain text.
    """
    if idempotency_key is None or not KEY.fullmatch(idempotency_key):
        words = (
            "đầu mục Idempotency-Key: một mã riêng cho mỗi đề xuất, 1 đến 100 ký tự không dấu, không cách; "
            "gửi lại cùng mã thì không tạo thêm đề xuất",
            "a header Idempotency-Key: a text of your own for each proposal, 1 to 100 plain characters without blanks; sent "
            "again with the same one, nothing is made twice",
        )
        came = "–" if idempotency_key is None else ascii(idempotency_key)[:60]
        raise Problem("bad_parameter", {"name": "Idempotency-Key", "came": came}, {"expected": words})
    return idempotency_key


Revision = Annotated[int, Depends(revision)]
Key = Annotated[str, Depends(key)]
