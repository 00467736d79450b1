"""Facts of a receipt: what stands on it, gathered from the proposal, its version in force and the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyproj
import shapely
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.states import SUBMITTED
from sanchoi.api.store import AuditRow, Proposal, Remark, User
from sanchoi.gis import corners
from sanchoi.gis.corners import Point
from sanchoi.gis.crs import VN2000
from sqlalchemy import select
from sqlalchemy.orm import Session

ACTIONS = ("proposal.create", "proposal.edit", "proposal.state")
"""What changes the content or the state: the last of these is the row that the receipt names."""


@dataclass(frozen=True)
class Facts:
    """What stands on a receipt. None = not known; `since`: when it came to its state; `submitted_by` "" = erased."""

    id: str
    number: int
    name: str
    state: str
    since: datetime
    version: int
    version_at: datetime
    submitted: datetime
    submitted_by: str
    commune: str
    commune_id: str
    vintage: str
    parcel_id: str | None
    area_m2: float
    epsg: int
    points: tuple[Point, ...]
    sentences: tuple[str, str] | None
    result_id: str
    run_id: str | None
    digest: str
    row: int
    hash: str
    study: str = ""
    synthetic: bool = False

    @property
    def mark(self) -> str:
        """Row and hash, as `sanchoi audit verify --receipt` takes them."""
        return f"{self.row}:{self.hash}"


def gather(session: Session, found: Proposal, entry: Entry | None) -> Facts:
    """The facts.

    Parameters
    ----------
    entry : the result that the proposal belongs to, None = it is shown no more.

    Raises
    ------
    Problem : "conflict" for a proposal that was never submitted.
    """
    if found.submitted is None:
        words = (
            "Đề xuất chưa gửi nên chưa có giấy biên nhận. Hãy gửi đề xuất trước.",
            "The proposal was not submitted, so there is no receipt. Submit it first.",
        )
        raise Problem("conflict", pairs={"message": words}, members={"state": found.state})
    version = desk.current(session, found)
    worth: Mapping[str, Any] = version.worth or {}
    mine = AuditRow.object == f"proposal:{found.id}"
    row = session.scalars(
        select(AuditRow).where(mine, AuditRow.action.in_(ACTIONS)).order_by(AuditRow.id.desc()).limit(1)
    ).one()
    moves = select(Remark).where(Remark.proposal_id == found.id, Remark.kind == "state").order_by(Remark.id.desc())
    said = list(session.scalars(moves))
    sent = next(each for each in said if each.to_state == SUBMITTED)
    sender = session.get(User, sent.author_id)
    epsg = _zone(entry, version.content.get("epsg"), found.geometry)
    points = corners.table(found.geometry, epsg)
    area = worth.get("area_m2")
    same = entry is not None and entry.etag == found.etag
    return Facts(
        id=found.id,
        number=found.number,
        name=found.name,
        state=found.state,
        since=said[0].at,
        version=found.version,
        version_at=version.at,
        submitted=found.submitted,
        submitted_by="" if sender is None or sender.erased else sender.name,
        commune=_commune(worth, entry, found.commune_id),
        commune_id=found.commune_id,
        vintage=found.vintage,
        parcel_id=found.parcel_id,
        area_m2=float(area) if area is not None else float(land(points).area),
        epsg=epsg,
        points=points,
        sentences=_sentences(worth),
        result_id=found.result_id,
        run_id=worth.get("run_id") or (entry.run["run_id"] if same and entry else None),
        digest=version.digest,
        row=row.id,
        hash=row.hash,
        study=entry.name if entry else "",
        synthetic=bool(entry and entry.run["study"].get("synthetic")),
    )


def rings(points: tuple[Point, ...]) -> dict[int, list[tuple[float, float]]]:
    """Rings of a table of corners: east, north."""
    made: dict[int, list[tuple[float, float]]] = {}
    for point in points:
        made.setdefault(point.part, []).append((point.y_east, point.x_north))
    return made


def land(points: tuple[Point, ...]) -> Any:  # noqa: ANN401 - shapely geometry
    """The land that a table of corners bounds, rings within others being holes."""
    return shapely.build_area(shapely.MultiLineString([[*ring, ring[0]] for ring in rings(points).values()]))


def zone_words(epsg: int) -> tuple[str, str] | None:
    """A VN-2000 zone in words; None for another CRS."""
    return corners.zone_words(epsg) if epsg in corners.ZONES else None


def _zone(entry: Entry | None, own: object, geometry: Any) -> int:  # noqa: ANN401 - shapely geometry
    """The study's CRS, else the zone that the outline came in, else the nearest zone of VN-2000."""
    if entry is not None:
        code = pyproj.CRS.from_user_input(entry.run["study"]["crs"]).to_epsg()
        if code is not None:
            return int(code)
    if isinstance(own, int) and own in corners.ZONES:
        return own
    east = float(geometry.centroid.x)
    nearest: int = min(VN2000, key=lambda code: abs(_meridian(code) - east))
    return nearest


def _meridian(epsg: int) -> float:
    operation = pyproj.CRS.from_epsg(epsg).coordinate_operation
    values = {each.name: each.value for each in operation.params} if operation is not None else {}
    return float(values["Longitude of natural origin"])


def _sentences(worth: Mapping[str, Any]) -> tuple[str, str] | None:
    told = worth.get("sentence_vi"), worth.get("sentence_en")
    return (str(told[0]), str(told[1])) if all(told) else None


def _commune(worth: Mapping[str, Any], entry: Entry | None, commune_id: str) -> str:
    """Its name, as it was told then, else as the result has it, else its code."""
    told = worth.get("commune") or {}
    if told.get("commune_id") == commune_id and told.get("name"):
        return str(told["name"])
    rows = None if entry is None else entry.rows("communes", "commune_id", commune_id)
    return commune_id if rows is None or rows.empty else str(rows["name"].iloc[0])
