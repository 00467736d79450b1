"""Survey form: which commune it asks about, its columns, and the words that may be chosen in them."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyproj
from sanchoi.gis.errors import ContractError, SanchoiError
from sanchoi.gis.survey_words import Pair, refusal

KIND, VERSION = "sanchoi-survey", 1
LINES = 40
"""Empty lines of a form."""
MOST = 500
"""Lines that a filled form may have."""

KINDS: dict[str, Pair] = {
    "playground": ("sân chơi trẻ em", "playground"),
    "park": ("công viên", "park"),
    "garden": ("vườn hoa", "garden"),
    "village_green": ("bãi đất trống chung của thôn", "common open ground of a village"),
    "common": ("đất công ai cũng vào được", "land where anybody may walk and play"),
    "recreation_ground": ("khu vui chơi ngoài trời", "recreation ground"),
    "pitch": ("sân thể thao", "sports pitch"),
    "schoolyard": ("sân trường học", "schoolyard"),
    "kindergarten": ("sân trường mầm non", "grounds of a nursery school"),
    "indoor_play": ("nhà vui chơi có mái", "indoor play hall"),
    "water_park": ("công viên nước", "water park"),
    "sports_centre": ("trung tâm thể thao", "sports centre"),
    "fitness_station": ("nơi tập thể dục cho người lớn", "exercise equipment for adults"),
}
"""Kinds of data/osm_kinds.csv, as people call them."""
ACCESS: dict[str, Pair] = {
    "public": ("mọi người, không thu tiền", "everybody, free of charge"),
    "restricted": ("chỉ một số người", "only some people"),
    "fee": ("phải trả tiền", "for a fee"),
    "closed": ("đang đóng cửa", "closed"),
    "unknown": ("chưa rõ", "not known"),
}
MEASURED: dict[str, Pair] = {
    "measured": ("đo bằng thước hoặc máy", "measured"),
    "paced": ("ước bằng bước chân", "paced"),
    "mapped": ("lấy từ bản đồ", "taken from the map"),
    "unknown": ("chưa biết", "not known"),
}
CONDITION: dict[str, Pair] = {
    "good": ("tốt", "good"),
    "worn": ("cũ, cần sửa", "worn"),
    "broken": ("hỏng nhiều", "broken"),
    "unknown": ("chưa rõ", "not known"),
}
CHECK: dict[str, Pair] = {
    "right": ("đúng", "right"),
    "corrected": ("đã sửa", "corrected"),
    "gone": ("không có", "there is none"),
    "new": ("mới ghi", "new"),
}
"""What was found of a play area that the form lists; one that it does not list is new."""
CHOICES: dict[str, Mapping[str, Pair]] = {
    "check": CHECK,
    "kind": KINDS,
    "access": ACCESS,
    "measured": MEASURED,
    "condition": CONDITION,
}

COLUMNS: dict[str, Pair] = {
    "no": ("Số trên bản đồ", "Number on the map"),
    "check": ("Kiểm tra", "Check"),
    "name": ("Tên gọi", "Name"),
    "place": ("Thôn, tổ dân phố", "Hamlet or place"),
    "kind": ("Loại", "Kind"),
    "access": ("Ai được vào chơi", "Who may use it"),
    "ages": ("Lứa tuổi", "Ages"),
    "area_m2": ("Diện tích chơi được (m²)", "Area for play (m²)"),
    "measured": ("Biết diện tích nhờ", "How the area is known"),
    "condition": ("Tình trạng", "Condition"),
    "x": ("Tọa độ X (bắc) hoặc vĩ độ", "X (north) or latitude"),
    "y": ("Tọa độ Y (đông) hoặc kinh độ", "Y (east) or longitude"),
    "square": ("Ô trên bản đồ", "Square on the map"),
    "note": ("Ghi chú", "Note"),
    "play_area_id": ("Mã đã có (không sửa)", "Id on record (leave as it is)"),
}
DRAWN = ("x", "y", "square")
"""Columns that a layer does not have: its place is drawn."""
FIXED = ("no", "play_area_id")
"""Columns that a form fills itself: a line with nothing else is empty."""
HEAD: dict[str, Pair] = {
    "surveyor": ("Cơ quan khảo sát (không ghi tên người)", "Who surveyed: the office, not a person's name"),
    "surveyed_on": ("Ngày khảo sát xong (ngày/tháng/năm)", "Date on which the survey ended (day/month/year)"),
    "none": (
        "Đã đi xem khắp xã và KHÔNG có sân chơi nào: ghi X vào ô này",
        "We looked everywhere and there are NONE: write X here",
    ),
}
"""What is filled in once."""


@dataclass(frozen=True)
class Known:
    """A play area that is on record. `lon`, `lat` : a point in it, as the form shows it; `area_m2` : None = unknown."""

    no: int
    play_area_id: str
    name: str
    kind: str
    access: str
    ages: str
    area_m2: float | None
    lon: float
    lat: float


@dataclass(frozen=True)
class Squares:
    """Squares of the printed map: letters from the west, numbers from the north. `west`, `north` : metres of `crs`."""

    crs: str
    west: float
    north: float
    side_m: float
    columns: int
    rows: int


@dataclass(frozen=True)
class Form:
    """A form of one commune.

    Attributes
    ----------
    study, commune_id, commune, vintage, run_id : what it was made from. squares : of its map, None = it has none.
    """

    study: str
    commune_id: str
    commune: str
    vintage: str
    run_id: str
    known: tuple[Known, ...] = ()
    squares: Squares | None = None
    version: int = VERSION

    @property
    def form_id(self) -> str:
        """Short name by which paper and file know each other."""
        told = "|".join((self.commune_id, self.vintage, self.run_id))
        return f"KS-{self.commune_id}-{hashlib.sha256(told.encode()).hexdigest()[:6].upper()}"

    @property
    def code(self) -> str:
        """What the printed code says."""
        return f"{KIND} {self.version} {self.form_id} {self.commune_id} {self.vintage} {self.run_id}"

    def record(self) -> dict[str, str]:
        """What the file keeps of the form, by key."""
        squares = "" if self.squares is None else json.dumps(asdict(self.squares))
        return {
            "form": KIND,
            "version": str(self.version),
            "form_id": self.form_id,
            "study": self.study,
            "commune_id": self.commune_id,
            "commune": self.commune,
            "vintage": self.vintage,
            "run_id": self.run_id,
            "squares": squares,
            **{f"known {each.no}": json.dumps(asdict(each), ensure_ascii=False) for each in self.known},
        }


def parse(record: Mapping[str, Any], file: str) -> Form:
    """The form that a file was made as.

    Raises
    ------
    ContractError : no form of ours, one of another version, or one whose own record was changed.
    """
    if record.get("form") != KIND:
        raise refusal("no_form", file=file)
    version = str(record.get("version", ""))
    if version != str(VERSION):
        raise refusal("version", file=file, came=version[:20], known=VERSION)
    try:
        known = [Known(**json.loads(str(v))) for k, v in record.items() if k.startswith("known ")]
        squares = Squares(**json.loads(str(record["squares"]))) if record.get("squares") else None
        study, commune_id, commune, vintage, run_id = (
            str(record[key]) for key in ("study", "commune_id", "commune", "vintage", "run_id")
        )
        listed = tuple(sorted(known, key=lambda each: each.no))
        form = Form(study, commune_id, commune, vintage, run_id, listed, squares)
        sound = form.form_id == record["form_id"] and all(map(_sound, known)) and (squares is None or _laid(squares))
    except (KeyError, TypeError, ValueError, pyproj.exceptions.CRSError) as error:
        raise refusal("record", file=file) from error
    if not sound:
        raise refusal("record", file=file)
    return form


def _sound(known: Known) -> bool:
    """Whether a play area of a record is what a form keeps: texts, and numbers that are a place and an area."""
    texts = (known.play_area_id, known.name, known.kind, known.access, known.ages)
    numbers = _numbers(known.no, known.lon, known.lat, 1 if known.area_m2 is None else known.area_m2)
    return all(isinstance(each, str) for each in texts) and numbers and abs(known.lon) <= 180 and abs(known.lat) <= 90


def _laid(squares: Squares) -> bool:
    """Whether squares of a record lie somewhere."""
    numbers = _numbers(squares.west, squares.north, squares.side_m, squares.columns, squares.rows)
    return numbers and squares.side_m > 0 and isinstance(squares.crs, str) and pyproj.CRS(squares.crs).is_projected


def _numbers(*values: object) -> bool:
    return all(isinstance(each, int | float) and not isinstance(each, bool) and math.isfinite(each) for each in values)


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula, as written."""

    text: str


@dataclass(frozen=True)
class Line:
    """A line of a form as filled in.

    Attributes
    ----------
    at : where it stands, such as ("hàng 14", "row 14"). cells : by column. geometry : EPSG:4326, of a line that was drawn.
    """

    at: Pair
    cells: Mapping[str, object]
    geometry: Any = None


@dataclass(frozen=True)
class Filled:
    """A form as it came back. `surveyor`, `surveyed_on`, `none` : cells as they are. `drawn` : places are geometries."""

    file: str
    form: Form
    surveyor: object
    surveyed_on: object
    none: object
    lines: Sequence[Line]
    drawn: bool = False


class Faults(ContractError):
    """Everything that is wrong with forms. `faults` : one error each; the error itself has the words of the first."""

    def __init__(self, faults: Sequence[SanchoiError]) -> None:
        first = faults[0]
        super().__init__(first.came, first.expected, first.todo)
        self.faults, self.vi = tuple(faults), first.vi
