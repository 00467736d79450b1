"""Scenarios: named chains of changes to a result, made, read, changed and deleted in a session of the store."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from sanchoi.api.problems import Problem
from sanchoi.api.store.geometry import VERTICES, shape
from sanchoi.api.store.models import Scenario, ScenarioChange, now
from sanchoi.api.store.proposed import Proposal
from sqlalchemy import delete as deleting
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

NAME_CHARS = 200
NOTE_CHARS = 5_000
CHANGES = 50


def create(
    session: Session,
    result_id: str,
    etag: str,
    name: str,
    changes: Sequence[Mapping[str, Any]],
    note: str = "",
    *,
    most: int = CHANGES,
    vertices: int = VERTICES,
) -> Scenario:
    """Save a new scenario.

    Parameters
    ----------
    etag : that of the result which the changes are made to. changes : documents; "geometry" is GeoJSON in EPSG:4326.
    most : changes at most. vertices : of all geometries at most.

    Raises
    ------
    Problem : "bad_body", "too_large".
    """
    made = Scenario(
        result_id=result_id,
        etag=etag,
        name=words("name", name, NAME_CHARS),
        note=words("note", note, NOTE_CHARS, empty=True),
        changes=_changes(changes, most, vertices),
    )
    session.add(made)
    session.flush()
    return made


def get(session: Session, scenario_id: str) -> Scenario:
    """One scenario with its changes.

    Raises
    ------
    Problem : "unknown_id".
    """
    found = session.get(Scenario, scenario_id) if len(scenario_id) <= 32 and scenario_id.isalnum() else None
    if found is None:
        raise _unknown(scenario_id)
    return found


def listed(
    session: Session, result_id: str | None = None, limit: int = 100, offset: int = 0
) -> tuple[list[Scenario], int]:
    """A page of scenarios, the one changed last first, and how many there are in all."""
    mine = [] if result_id is None else [Scenario.result_id == result_id]
    found = select(Scenario).where(*mine).order_by(Scenario.updated_at.desc(), Scenario.id)
    count = session.scalar(select(func.count()).select_from(Scenario).where(*mine)) or 0
    return list(session.scalars(found.limit(limit).offset(offset))), count


def update_(
    session: Session,
    scenario_id: str,
    version: int,
    *,
    name: str | None = None,
    note: str | None = None,
    changes: Sequence[Mapping[str, Any]] | None = None,
    etag: str | None = None,
    most: int = CHANGES,
    vertices: int = VERTICES,
) -> Scenario:
    """Change a scenario; None = as it was.

    Parameters
    ----------
    version : the one that the change is made to; if somebody has changed it since, it is refused.

    Raises
    ------
    Problem : "unknown_id", "conflict" also for one that proposals are planned in, "bad_body", "too_large".
    """
    values: dict[str, Any] = {"version": version + 1, "updated_at": now()}
    if name is not None:
        values["name"] = words("name", name, NAME_CHARS)
    if note is not None:
        values["note"] = words("note", note, NOTE_CHARS, empty=True)
    if etag is not None:
        values["etag"] = etag
    rows = None if changes is None else _changes(changes, most, vertices)
    get(session, scenario_id)
    _free(session, scenario_id)
    mine = update(Scenario).where(Scenario.id == scenario_id, Scenario.version == version).values(values)
    if session.execute(mine, execution_options={"synchronize_session": False}).rowcount != 1:  # type: ignore[attr-defined]
        raise _changed(session, scenario_id)
    session.expire_all()
    found = get(session, scenario_id)
    if rows is not None:
        found.changes.clear()
        session.flush()  # the old ones go before new ones take their places
        found.changes.extend(rows)
        session.flush()
    return found


def delete(session: Session, scenario_id: str, version: int | None = None) -> None:
    """Delete a scenario and its changes.

    Parameters
    ----------
    version : if given, only this one is deleted.

    Raises
    ------
    Problem : "unknown_id", "conflict" also for one that proposals are planned in.
    """
    get(session, scenario_id)
    _free(session, scenario_id)
    mine = deleting(Scenario).where(Scenario.id == scenario_id)
    if version is not None:
        mine = mine.where(Scenario.version == version)
    if session.execute(mine).rowcount != 1:  # type: ignore[attr-defined]
        raise _changed(session, scenario_id)


def words(name: str, text: object, most: int, *, empty: bool = False) -> str:
    """Text of a request, trimmed and in NFC.

    Raises
    ------
    Problem : "bad_body" where it is not text, is empty or too long, or holds what no database keeps.
    """
    found = unicodedata.normalize("NFC", text).strip() if isinstance(text, str) else ""
    whole = isinstance(text, str) and (empty or bool(found)) and len(found) <= most
    if not whole or any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in found):
        came = repr(text)
        raise Problem(
            "bad_body",
            {"came": f"{name}: {came[:60]}{'…' if len(came) > 60 else ''}"},
            {
                "expected": (
                    f"chữ, {0 if empty else 1} đến {most} ký tự",
                    f"text of {0 if empty else 1} to {most} characters",
                )
            },
        )
    return found


def _changes(documents: Sequence[Mapping[str, Any]], most: int, vertices: int) -> list[ScenarioChange]:
    if len(documents) > most:
        raise Problem("too_large", {"came": f"{len(documents)} changes", "limit": most})
    rows, left = [], vertices
    for position, document in enumerate(documents):
        geometry = None
        if document.get("geometry") is not None:
            geometry = shape(document["geometry"], left)
            left -= int(shapely.get_num_coordinates(geometry))
        rows.append(ScenarioChange(position=position, document=dict(document), geometry=geometry))
    return rows


def _unknown(scenario_id: str) -> Problem:
    short = scenario_id[:40]
    return Problem("unknown_id", pairs={"message": (f"phương án {short}", f"scenario {short}")})


def _free(session: Session, scenario_id: str) -> None:
    """Go on only if no proposal is in the plan that a scenario is: it stays as it was decided on.

    Raises
    ------
    Problem : "conflict".
    """
    held = select(Proposal.number).where(Proposal.scenario_id == scenario_id).order_by(Proposal.number).limit(1)
    number = session.scalar(held)
    if number is not None:
        message = (
            f"Phương án này đã được quyết định dùng và có ĐX-{number}, nên không sửa, không xoá được. Hãy lưu thành phương án mới.",
            f"This is the plan that was decided on, with P-{number}; it is neither changed nor deleted. Save a new scenario.",
        )
        raise Problem("conflict", pairs={"message": message})


def _changed(session: Session, scenario_id: str) -> Problem:
    session.expire_all()
    version = get(session, scenario_id).version
    return Problem(
        "conflict",
        pairs={
            "message": (
                f"Đã có người sửa phương án này; bản hiện nay là số {version}. Hãy mở lại rồi sửa.",
                f"Somebody has changed this scenario; it is at version {version} now. Open it again, then change it.",
            )
        },
        members={"version": version},
    )
