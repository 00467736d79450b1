"""Survey: lines of a filled form → play areas that can be counted on, or everything that is wrong with them, line by line."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any, TypeVar

import shapely
from sanchoi.gis import survey_cells as cells
from sanchoi.gis.corner_words import number
from sanchoi.gis.errors import SanchoiError
from sanchoi.gis.names import fold
from sanchoi.gis.survey_form import ACCESS, CHECK, COLUMNS, KINDS, Faults, Filled, Form, Known, Line
from sanchoi.gis.survey_place import Place, Within, place, square_of
from sanchoi.gis.survey_words import Pair, refusal, remark

SAME_M = 3.0
"""Points nearer to each other than this are one play area."""
STAYED_M = 2.0
"""A point of a known play area that is not farther from the one the form showed was not moved."""
Found = TypeVar("Found")


@dataclass(frozen=True)
class Area:
    """A play area as surveyed.

    Attributes
    ----------
    play_area_id : of the inventory, or made for a new one. check : right, corrected or new. area_m2 : None = unknown.
    geometry : EPSG:4326; None = where the inventory has it. within_m : how well a place is known that was told by a square.
    at : its line.
    """

    play_area_id: str
    check: str
    name: str
    place: str
    kind: str
    access: str
    ages: str
    area_m2: float | None
    measured: str
    condition: str
    note: str
    geometry: Any
    within_m: float | None
    at: Pair


@dataclass(frozen=True)
class Survey:
    """A form that holds: the commune is surveyed, and these are its play areas. `gone` : of the inventory, to be struck."""

    file: str
    form: Form
    surveyor: str
    day: date
    areas: tuple[Area, ...]
    gone: tuple[str, ...]
    remarks: tuple[Pair, ...]

    @property
    def digest(self) -> str:
        """Short hash of what the form says; two forms with one digest say the same."""
        rows = []
        for each in self.areas:
            own = "" if each.check == "new" else each.play_area_id  # ids of new ones are made by the study
            said = [v for k, v in vars(each).items() if k not in ("geometry", "at", "play_area_id")]
            rows.append([own, *said, "" if each.geometry is None else each.geometry.wkt])
        told = [
            self.form.commune_id,
            self.form.vintage,
            self.surveyor,
            self.day.isoformat(),
            sorted(map(str, rows)),
            sorted(self.gone),
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def check(filled: Filled, within: Within, vintage: str, today: date, counts: Callable[[str], bool]) -> Survey:
    """Hold a filled form against its commune.

    Parameters
    ----------
    within : the commune of the study that has the form's id. vintage : of the study's communes. today : no survey is later.
    counts : whether a kind of play area is supply.

    Raises
    ------
    Faults : everything that is wrong, form first, then line by line.
    """
    form, file = filled.form, filled.file
    faults: list[SanchoiError] = []

    def held(step: Callable[[], Found]) -> Found | None:
        try:
            return step()
        except SanchoiError as error:
            faults.append(error)
            return None

    if form.vintage != vintage:
        faults.append(refusal("vintage", file=file, came=form.vintage, known=vintage))
    if fold(form.commune) != fold(within.name):
        faults.append(refusal("commune_name", file=file, name=form.commune, came=form.commune_id, known=within.name))
    if faults:  # places would be looked for in another commune
        raise Faults(faults)
    surveyor = held(lambda: cells.surveyor(filled.surveyor, file))
    day = held(lambda: cells.day(filled.surveyed_on, today, file))
    none = held(lambda: cells.ticked(filled.none, file))
    known = {each.play_area_id: each for each in form.known}
    said = [line for line in filled.lines if cells.plain(line.cells.get("play_area_id")) or not cells.is_blank(line)]
    remarks: list[Pair] = []
    areas: list[Area] = []
    gone: list[str] = []
    seen: dict[str, Line] = {}
    for line in said:
        found = held(lambda line=line: _line(line, filled, within, known, seen, remarks, counts))  # type: ignore[misc]
        if isinstance(found, Area):
            areas.append(found)
        elif isinstance(found, str):
            gone.append(found)
    faults += [
        refusal("lost", file=file, name=k.name or k.play_area_id, no=k.no) for i, k in known.items() if i not in seen
    ]
    faults += _twice(areas, within, file)
    filled_in = [line for line in said if cells.plain(line.cells.get("play_area_id")) not in gone]
    if none and filled_in:
        at = filled_in[0].at
        faults.append(refusal("none_and_rows", file=file, n=len(filled_in), at=at))
    if none is False and not filled_in:
        faults.insert(0, refusal("nothing", file=file))
    if faults or surveyor is None or day is None:
        raise Faults(faults)
    return Survey(file, form, surveyor, day, tuple(areas), tuple(gone), tuple(remarks))


def _line(
    line: Line,
    filled: Filled,
    within: Within,
    known: dict[str, Known],
    seen: dict[str, Line],
    remarks: list[Pair],
    counts: Callable[[str], bool],
) -> Area | str:
    """The play area of a line, or the id of a known one that is gone."""
    file, own = filled.file, cells.plain(line.cells.get("play_area_id"))
    cells.formulas(line, file)
    listed = known.get(own)
    if own and listed is None:
        raise refusal("unlisted", file=file, at=line.at, came=own)
    if own in seen and own:
        raise refusal("twice", file=file, at=line.at, other=seen[own].at, why=("cùng một mã", "the same id"))
    if own:
        seen[own] = line
    stands = cells.choice(line, "check", file)
    if listed is not None and stands in ("", "new"):
        raise refusal("check_empty", file=file, at=line.at, name=listed.name or own)
    if listed is None and stands not in ("", "new"):
        raise refusal("check_new", file=file, at=line.at, came=CHECK[stands])
    if stands == "gone":
        return own
    name, hamlet = (cells.text(line, each, file) for each in ("name", "place"))
    if not name and not hamlet and listed is None:
        raise refusal("nameless", file=file, at=line.at)
    kind = cells.choice(line, "kind", file)
    if not kind and (listed is None or listed.kind in KINDS):
        raise refusal("choice_empty", file=file, at=line.at, column=COLUMNS["kind"], known=cells.all_of(KINDS))
    kind = kind or (listed.kind if listed is not None else "")
    access = cells.choice(line, "access", file) or "unknown"
    area, measured = cells.area(line, file), cells.choice(line, "measured", file)
    if area is not None and measured == "unknown":
        raise refusal("area_unknown", file=file, at=line.at, came=number(area, 0))
    told: list[Pair] = []
    where = _where(line, filled, within, listed, stands, name or hamlet, told)
    if area is None and where.geometry is not None and where.geometry.geom_type == "Point":
        told.append(remark("no_area", at=line.at))
    if access == "unknown":
        told.append(remark("no_access", at=line.at))
    if not counts(kind):
        told.append(remark("not_kind", at=line.at, kind=KINDS.get(kind, kind)))
    elif access not in ("public", "unknown"):
        told.append(remark("not_open", at=line.at, access=ACCESS[access]))
    remarks += told
    return Area(
        own,
        stands or "new",
        name or hamlet,
        hamlet,
        kind,
        access,
        cells.text(line, "ages", file),
        area,
        measured or "unknown",
        cells.choice(line, "condition", file) or "unknown",
        cells.text(line, "note", file),
        where.geometry,
        where.within_m,
        line.at,
    )


def _where(
    line: Line, filled: Filled, within: Within, listed: Known | None, stands: str, name: str, told: list[Pair]
) -> Place:
    """Where a play area of a line is; no geometry: where the inventory has it."""
    blank = not any(cells.plain(line.cells.get(each)) for each in ("x", "y", "square"))
    if listed is not None and ((filled.drawn and stands == "right") or (blank and not filled.drawn)):
        return Place(None)
    if listed is not None and not filled.drawn:
        line = _corrected(line, filled, within, listed)
    found = place(line, within, filled.form.squares, filled.file, name, filled.drawn)
    if listed is not None:
        before = within.metres(shapely.Point(listed.lon, listed.lat))
        gap = float(shapely.distance(within.metres(found.geometry), before))
        if gap <= STAYED_M and found.geometry.geom_type == "Point":
            return Place(None)
        if gap > STAYED_M:
            told.append(remark("moved", at=line.at, m=number(gap, 0)))
    told += found.remarks
    return found


def _corrected(line: Line, filled: Filled, within: Within, listed: Known) -> Line:
    """A line whose square alone was corrected, without the coordinates that the form showed."""
    squares, said = filled.form.squares, cells.plain(line.cells.get("square"))
    if squares is None or not said or said.upper() == square_of(squares, listed.lon, listed.lat):
        return line
    bare = replace(line, cells={**line.cells, "square": None})
    try:
        found = place(bare, within, squares, filled.file, listed.name, False)
    except SanchoiError:
        return line
    gap = shapely.distance(within.metres(found.geometry), within.metres(shapely.Point(listed.lon, listed.lat)))
    return replace(line, cells={**line.cells, "x": None, "y": None}) if gap <= STAYED_M else line


def _twice(areas: Sequence[Area], within: Within, file: str) -> list[SanchoiError]:
    """Lines that speak of one play area: at one place, or of one name, hamlet and kind."""
    out: list[SanchoiError] = []
    shapes = [None if each.geometry is None else within.metres(each.geometry) for each in areas]
    for (i, one), (k, two) in combinations(enumerate(areas), 2):
        near = shapes[i] is not None and shapes[k] is not None and shapely.distance(shapes[i], shapes[k]) <= SAME_M
        told_by_square = one.within_m is not None or two.within_m is not None
        same = fold(one.name) == fold(two.name) and fold(one.place) == fold(two.place) and one.kind == two.kind
        if near and (same or not told_by_square):
            out.append(refusal("twice", file=file, at=two.at, other=one.at, why=("cùng một chỗ", "at one place")))
        elif same:
            why = ("cùng tên, cùng thôn, cùng loại", "of one name, place and kind")
            out.append(refusal("twice", file=file, at=two.at, other=one.at, why=why))
    return out


def numbered(survey: Survey, taken: set[str]) -> Survey:
    """The same with an id for each new play area: its commune and a number that no other has."""
    out, n = [], 0
    for each in survey.areas:
        if not each.play_area_id:
            n += 1
            while (made := f"KS/{survey.form.commune_id}/{n}") in taken:
                n += 1
            each = replace(each, play_area_id=made)
        out.append(each)
    return replace(survey, areas=tuple(out))


def listed(rows: Sequence[dict[str, Any]], counts: Callable[[str], bool], most: int) -> tuple[Known, ...]:
    """Play areas on record as a form lists them: those that count first, then by name; numbered from 1.

    Parameters
    ----------
    rows : play_area_id, name, kind, access, ages, area_m2 (NaN = unknown), lon, lat of a point in it.
    """
    order = sorted(
        rows,
        key=lambda row: (
            not counts(str(row["kind"])),
            cells.plain(row["name"]) == "",
            cells.plain(row["name"]),
            row["play_area_id"],
        ),
    )
    return tuple(
        Known(
            no,
            str(row["play_area_id"]),
            cells.plain(row["name"]),
            cells.plain(row["kind"]),
            row["access"] if row["access"] in ACCESS else "unknown",
            cells.plain(row["ages"]),
            None if row["area_m2"] is None or math.isnan(row["area_m2"]) else round(float(row["area_m2"]), 1),
            round(float(row["lon"]), 7),
            round(float(row["lat"]), 7),
        )
        for no, row in enumerate(order[:most], 1)
    )
