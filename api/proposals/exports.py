"""Exports: a filtered list of proposals as one file, for whoever may export; that it was made stands in the audit log."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sanchoi.api.accounts.actor import EXPORT, Actor
from sanchoi.api.library import Library
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk, readings, sheets
from sanchoi.api.proposals.desk import Asked
from sanchoi.api.store import trail
from sqlalchemy.orm import Session

MOST = 10_000
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
}


@dataclass(frozen=True)
class File:
    """A file to download."""

    data: bytes
    media: str
    name: str


def make(
    session: Session,
    actor: Actor,
    library: Library,
    asked: Asked,
    form: str,
    language: str,
    *,
    bom: bool = True,
    crs: str = sheets.STORED,
) -> File:
    """The list as a file.

    Parameters
    ----------
    form : one of `FORMS`. bom : of CSV. crs : of a GeoPackage: EPSG:4326, or "study" for that of the results' study.

    Raises
    ------
    Problem : "login", "forbidden"; "too_large" for too long a list; "bad_parameter" for a CRS that the list has not.
    """
    actor.must(EXPORT)
    found, count = desk.listed(session, actor, replace(asked, limit=MOST, offset=0))
    if count > MOST:
        raise Problem("too_large", {"came": count, "limit": MOST})
    told = readings.rows(session, found, library)
    if form == "csv":
        data = sheets.csv(told, language, bom)
    elif form == "xlsx":
        data = sheets.xlsx(told, language)
    else:
        results = {each.result_id for each in found} | ({asked.result_id} - {""})
        data = sheets.gpkg(told, language, _crs(library, results) if crs == "study" else sheets.STORED)
    trail.note(session, actor.id, "proposals.export", "proposals", {"form": form, "count": count})
    return File(data, FORMS[form], f"{'de-xuat' if language == 'vi' else 'proposals'}.{form}")


def _crs(library: Library, results: set[str]) -> str:
    """The CRS of the study of these results.

    Raises
    ------
    Problem : "bad_parameter": they are of several, or none is shown any more.
    """
    known = {entry.id: str(entry.run["study"]["crs"]) for entry in library}
    found = {known.get(each, "") for each in results}
    if len(found) != 1 or "" in found:
        words = (
            "EPSG:4326; hoặc chọn một kết quả để có hệ tọa độ của nghiên cứu",
            "EPSG:4326; or one result, for the CRS of its study",
        )
        raise Problem("bad_parameter", {"name": "crs", "came": "study"}, {"expected": words})
    return found.pop()
