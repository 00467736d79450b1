"""Problems: every error that the service answers with, as RFC 9457 problem details in the asker's language.

One table maps a problem's key to its HTTP status and its words; one maps the errors of `gis.errors` to keys. Routes need no try.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sanchoi.gis.errors import (
    ContractError,
    CRSError,
    Infeasible,
    NormError,
    SanchoiError,
    SourceError,
    StudyError,
    UnknownId,
)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """Status and words of one kind of problem: title and detail, Vietnamese and English, with {values} to be filled in."""

    status: int
    title: tuple[str, str]
    detail: tuple[str, str] = ("", "")


KINDS: dict[str, Kind] = {
    "bad_parameter": Kind(
        400,
        ("Tham số không đúng", "Bad parameter"),
        (
            "Tham số {name} có giá trị {came}; cần {expected}.",
            "Parameter {name} is {came}; expected {expected}.",
        ),
    ),
    "unknown_parameter": Kind(
        400,
        ("Tham số lạ", "Unknown parameter"),
        ("Không có tham số {name}; có thể dùng: {known}.", "There is no parameter {name}; known: {known}."),
    ),
    "bad_body": Kind(
        400,
        ("Nội dung gửi lên không đọc được", "The body cannot be read"),
        ("{came}. Cần: {expected}.", "{came}. Expected: {expected}."),
    ),
    "study": Kind(400, ("Nghiên cứu có lỗi", "The study has a fault"), ("{message}", "{message}")),
    "contract": Kind(422, ("Số liệu không đúng quy cách", "The data break a rule"), ("{message}", "{message}")),
    "sheets": Kind(422, ("Cần quá nhiều tờ bản đồ", "Too many sheets"), ("{message}", "{message}")),
    "crs": Kind(422, ("Sai hệ tọa độ", "Wrong coordinate reference system"), ("{message}", "{message}")),
    "forbidden": Kind(403, ("Không được phép", "Forbidden"), ("Không làm được: {why}.", "Refused: {why}.")),
    "media": Kind(
        415, ("Không đọc được dạng này", "Unsupported media type"), ("Cần: {expected}.", "Expected: {expected}.")
    ),
    "range": Kind(
        416,
        ("Không có đoạn này của tệp", "Range not satisfiable"),
        ("Tệp có {size} byte.", "The file has {size} bytes."),
    ),
    "infeasible": Kind(
        422, ("Không có phương án nào thỏa các điều kiện", "No plan keeps the rules"), ("{message}", "{message}")
    ),
    "norm": Kind(404, ("Không có quy định này", "No such norm"), ("{message}", "{message}")),
    "unknown_id": Kind(404, ("Không tìm thấy", "Not found"), ("Không có {message}.", "There is no {message}.")),
    "not_found": Kind(
        404, ("Không có trang này", "Not found"), ("Địa chỉ này không có gì.", "Nothing is at this address.")
    ),
    "method": Kind(
        405, ("Không dùng được cách gọi này", "Method not allowed"), ("Dùng: {allowed}.", "Use: {allowed}.")
    ),
    "not_acceptable": Kind(
        406, ("Không có dạng này", "Not acceptable"), ("Có các dạng: {known}.", "Available: {known}.")
    ),
    "conflict": Kind(409, ("Không làm được lúc này", "Conflict"), ("{message}", "{message}")),
    "login": Kind(401, ("Cần đăng nhập", "Log in first"), ("Chưa làm được: {why}.", "Not yet: {why}.")),
    "precondition": Kind(412, ("Đã có người sửa trước", "Somebody else was faster"), ("{message}", "{message}")),
    "precondition_required": Kind(
        428,
        ("Thiếu số lần sửa", "Precondition required"),
        ("Cần gửi kèm {expected}.", "Send {expected} with the request."),
    ),
    "replayed": Kind(
        422,
        ("Mã gửi đã dùng cho nội dung khác", "The key was used for something else"),
        (
            "Idempotency-Key {key} đã dùng cho một nội dung khác; cần một mã mới.",
            "Idempotency-Key {key} was used for something else; take a new one.",
        ),
    ),
    "too_large": Kind(
        413,
        ("Gửi lên quá lớn", "Too large"),
        ("{came}; nhiều nhất {limit}.", "{came}; at most {limit}."),
    ),
    "bad_file": Kind(422, ("Không nhận được tệp này", "The file cannot be taken"), ("{message}", "{message}")),
    "timeout": Kind(
        408,
        ("Gửi lên quá chậm", "Sent too slowly"),
        (
            "Sau {seconds} giây mới nhận được {came}. Xin thử lại khi đường truyền tốt hơn, hoặc gửi tệp nhỏ hơn.",
            "After {seconds} seconds {came} had come. Try again on a better line, or send a smaller file.",
        ),
    ),
    "too_many": Kind(
        429,
        ("Quá nhiều việc đang chờ", "Too many jobs are waiting"),
        (
            "Đã có {came} việc; nhiều nhất {limit}. Xin thử lại sau.",
            "{came} jobs are there; at most {limit}. Try again later.",
        ),
    ),
    "guesses": Kind(
        429,
        ("Đăng nhập sai quá nhiều lần", "Too many attempts to log in"),
        ("Xin chờ {seconds} giây rồi thử lại.", "Wait {seconds} seconds and try again."),
    ),
    "invitation": Kind(
        404,
        ("Đường dẫn này không còn dùng được", "This link does not work any more"),
        (
            "Đường dẫn đã được dùng, đã quá hạn hoặc bị sao chép thiếu. Hãy xin người quản trị một đường dẫn mới.",
            "It was used, is too old, or was copied in part. Ask the administrator for a new one.",
        ),
    ),
    "outside": Kind(
        503,
        ("Dịch vụ đăng nhập không trả lời", "The log-in service does not answer"),
        ("Dịch vụ đăng nhập bên ngoài không trả lời. Xin thử lại sau.", "It does not answer. Try again later."),
    ),
    "stranger": Kind(
        403,
        ("Không đăng nhập được", "The log-in failed"),
        (
            "Dịch vụ đăng nhập bên ngoài không xác nhận được lần đăng nhập này. Xin bấm nút và đăng nhập lại.",
            "The log-in service did not confirm it. Press the button and log in again.",
        ),
    ),
    "no_account": Kind(
        403,
        ("Chưa có tài khoản", "No account"),
        (
            "Bạn đã đăng nhập được ở dịch vụ bên ngoài nhưng chưa có tài khoản ở đây. Hãy xin người quản trị một đường dẫn mời.",
            "You have no account here yet. Ask the administrator for a link.",
        ),
    ),
    "job_failed": Kind(500, ("Việc không làm xong được", "The job could not be done"), ("{message}", "{message}")),
    "fault": Kind(
        500,
        ("Lỗi của chương trình", "A fault of ours"),
        ("Lỗi đã được ghi lại với số {request}.", "It was logged with the number {request}."),
    ),
    "source": Kind(
        503,
        ("Không đọc được tệp kết quả", "A file of the result cannot be read"),
        ("{message}", "{message}"),
    ),
    "unavailable": Kind(
        503,
        ("Chưa dùng được, xin thử lại sau", "Not available now, try again later"),
        ("{message}", "{message}"),
    ),
}

OF_ERROR: tuple[tuple[type[SanchoiError], str], ...] = (
    (StudyError, "study"),
    (SourceError, "source"),
    (CRSError, "crs"),
    (ContractError, "contract"),
    (NormError, "norm"),
    (Infeasible, "infeasible"),
    (UnknownId, "unknown_id"),
)


@dataclass
class Problem(Exception):
    """A problem to answer with: the key of its kind, and values for its words.

    `pairs` are values that are words themselves: (Vietnamese, English). `members` are further members of the answer.
    """

    key: str
    values: dict[str, object] = field(default_factory=dict)
    pairs: dict[str, tuple[str, str]] = field(default_factory=dict)
    members: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """HTTP status."""
        return KINDS[self.key].status

    def told(self, language: str, instance: str) -> dict[str, Any]:
        """The problem details object."""
        side = 1 if language == "en" else 0
        kind = KINDS[self.key]
        values = {**self.values, **{name: pair[side] for name, pair in self.pairs.items()}}
        return {
            "type": f"/problems/{self.key}",
            "title": kind.title[side],
            "status": kind.status,
            "detail": kind.detail[side].format_map(values),
            "instance": instance,
            **self.members,
        }


NOUNS = {
    "result": "kết quả",
    "commune": "xã, phường",
    "parcel": "thửa đất",
    "play area": "sân chơi",
    "site": "khu đất",
    "scenario": "phương án",
    "job": "việc",
    "process": "quy trình",
    "proposal": "đề xuất",
    "collection": "lớp dữ liệu",
    "table": "bảng",
}
"""What an unknown id may be the id of, in Vietnamese."""


def of_error(error: SanchoiError) -> Problem:
    """The problem that an error of the analysis is."""
    key = next((key for kind, key in OF_ERROR if isinstance(error, kind)), "fault")
    pairs: dict[str, tuple[str, str]] = {}
    if isinstance(error, UnknownId):
        noun = next((noun for noun in NOUNS if error.came.startswith(noun + " ")), "")
        pairs["message"] = (NOUNS.get(noun, noun) + error.came.removeprefix(noun), error.came)
    if error.vi:
        pairs["message"] = (error.vi, str(error))
    return Problem(
        key,
        {"message": str(error), "request": ""},
        pairs,
        members={"came": error.came, "expected": error.expected, "todo": error.todo},
    )
