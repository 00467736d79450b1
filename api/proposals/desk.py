"""Desk: everything that is done to a proposal, each with its audit row in the same transaction.

Each function takes a session of the store that may write, and the actor. What an actor may not see does not exist for them: a
proposal of another commune is "unknown", and the attempt is logged. `revision` is the one that the caller has seen: if somebody was
faster, nothing is done and the answer tells the difference.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import shapely
from sanchoi.api.accounts.actor import PROPOSE, REVIEW, Actor, refused
from sanchoi.api.problems import Problem
from sanchoi.api.proposals.replay import worth_digest
from sanchoi.api.proposals.states import DRAFT, EDITABLE, IN_PLAN, MOVES, STATES, SUBMITTED
from sanchoi.api.store import Proposal, ProposalVersion, Remark, Replay, scenarios, trail
from sanchoi.api.store.models import now
from sanchoi.api.store.scenarios import words
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

NAME_CHARS, LINE_CHARS, TEXT_CHARS, KEY_CHARS = 200, 500, 5_000, 100
SOURCES = ("drawn", "corners", "parcel", "file", "offline")
MOST_COST = 1e15


@dataclass(frozen=True)
class Content:
    """What a proposal says. `geometry` is in EPSG:4326; `cost` of the land in VND, None = not known; `backer` = who stands
    behind it.
    """

    name: str
    geometry: shapely.Geometry
    land_use: str = ""
    owner: str = ""
    backer: str = ""
    note: str = ""
    cost: float | None = None
    source: str = "drawn"
    parcel_id: str | None = None
    epsg: int | None = None

    def document(self) -> dict[str, Any]:
        """All but the geometry, as JSON values."""
        return {key: value for key, value in asdict(self).items() if key != "geometry"}

    def checked(self) -> Content:
        """The same with every text trimmed and in NFC.

        Raises
        ------
        Problem : "bad_body".
        """
        lines = {key: words(key, getattr(self, key), LINE_CHARS, empty=True) for key in ("land_use", "owner", "backer")}
        cost = self.cost
        if cost is not None and not 0 <= cost <= MOST_COST:
            raise Problem(
                "bad_body", {"came": f"cost: {cost}"}, {"expected": ("số tiền, từ 0 trở lên", "an amount, 0 or more")}
            )
        if self.source not in SOURCES:
            raise Problem("bad_body", {"came": f"source: {self.source[:60]}"}, {"expected": (", ".join(SOURCES),) * 2})
        return Content(
            words("name", self.name, NAME_CHARS),
            self.geometry,
            note=words("note", self.note, TEXT_CHARS, empty=True),
            cost=cost,
            source=self.source,
            parcel_id=None if self.parcel_id is None else words("parcel_id", self.parcel_id, NAME_CHARS),
            epsg=self.epsg,
            **lines,
        )


@dataclass(frozen=True)
class Place:
    """To what a proposal belongs: a result as it was, and the commune that holds the land, by its code of a vintage."""

    result_id: str
    etag: str
    commune_id: str
    vintage: str


@dataclass(frozen=True)
class Asked:
    """Which proposals are listed; empty = all that the actor may see."""

    result_id: str = ""
    commune_id: str = ""
    states: tuple[str, ...] = ()
    public: bool | None = None
    mine: bool = False
    sort: str = "-updated"
    limit: int = 100
    offset: int = 0
    extra: tuple[Any, ...] = field(default_factory=tuple)


def create(
    session: Session,
    actor: Actor,
    place: Place,
    content: Content,
    worth: Mapping[str, Any] | None = None,
    *,
    key: str = "",
    origin: str | None = None,
) -> tuple[Proposal, bool]:
    """Put a draft down. Returns it, and whether it is new: with the same `key` or `origin` it is made only once.

    Parameters
    ----------
    worth : what `api.worth` told of the land. key : the Idempotency-Key. origin : id of the offline file it comes from.

    Raises
    ------
    Problem : "forbidden" for another commune; "bad_body"; "replayed" where the key was used for something else.
    """
    actor.must(PROPOSE)
    content = content.checked()
    holding(actor, place)
    trail.lock(session)
    mark = hashlib.sha256(_digest("", content, [asdict(place), origin]).encode()).hexdigest()
    if (had := _replayed(session, actor, key, mark)) is not None:
        return had, False
    if origin is not None and (twin := session.scalars(select(Proposal).where(Proposal.origin == origin)).first()):
        return twin, False
    made = Proposal(
        number=(session.scalar(select(func.max(Proposal.number))) or 0) + 1,
        author_id=actor.user_id,
        origin=origin,
        **asdict(place),
        **_facts(content, worth),
    )
    session.add(made)
    session.flush()
    version = _version(session, made, actor, content, worth)
    _note(session, actor, "proposal.create", made, **_seals(version), commune=place.commune_id)
    if key:
        session.add(Replay(actor=actor.id, key=key, fingerprint=mark, proposal_id=made.id))
    session.flush()
    return made, True


def edit(
    session: Session,
    actor: Actor,
    proposal_id: str,
    revision: int,
    place: Place,
    content: Content,
    worth: Mapping[str, Any] | None = None,
) -> Proposal:
    """Change the content of a draft, or of one that needs information; the earlier version stays.

    Raises
    ------
    Problem : "unknown_id", "forbidden", "conflict" in another state, "precondition" with the difference, "bad_body".
    """
    content = content.checked()
    found = get(session, actor, proposal_id)
    proposing(actor, found)
    holding(actor, place)
    if found.state not in EDITABLE:
        raise _conflict(found)
    trail.lock(session)
    _advance(session, found, revision, content, **asdict(place), **_facts(content, worth), version=found.version + 1)
    version = _version(session, found, actor, content, worth)
    _note(session, actor, "proposal.edit", found, **_seals(version), version=found.version)
    return found


def move(
    session: Session,
    actor: Actor,
    proposal_id: str,
    revision: int,
    to: str,
    reason: str,
    scenario_id: str | None = None,
) -> Proposal:
    """Bring a proposal to another state.

    Parameters
    ----------
    reason : in words, never empty. scenario_id : the scenario whose plan it is in, when it goes there; else it is in none.

    Raises
    ------
    Problem : "unknown_id", also of a scenario that is none of its result; "forbidden", "conflict" where there is no such move,
        "precondition", "bad_body" without a reason.
    """
    reason = words("reason", reason, TEXT_CHARS)
    found = get(session, actor, proposal_id)
    step = MOVES.get((found.state, to))
    if step is None:
        raise _conflict(found, to)
    actor.must(step.right)
    if step.mine:
        proposing(actor, found)
    if step.mine is False and found.author_id == actor.user_id:
        refused.warning("own proposal", extra={"actor": actor.id, "proposal": found.id})
        why = ("không ai tự quyết định đề xuất của mình", "nobody decides on their own proposal")
        raise Problem("forbidden", pairs={"why": why})
    trail.lock(session)
    before = found.state
    if to != IN_PLAN:
        scenario_id = None
    elif scenario_id is not None and scenarios.get(session, scenario_id).result_id != found.result_id:
        short = scenario_id[:40]
        raise Problem("unknown_id", pairs={"message": (f"phương án {short}", f"scenario {short}")})
    facts: dict[str, Any] = {"scenario_id": scenario_id}
    if to == SUBMITTED:
        facts["submitted"] = now()
    _advance(session, found, revision, None, state=to, **facts)
    _said(session, actor, found, "state", reason, from_state=before, to_state=to)
    return found


def comment(session: Session, actor: Actor, proposal_id: str, text: str, internal: bool = False) -> Remark:
    """Say something of a proposal; it cannot be taken back. `internal`: only reviewers see it.

    Raises
    ------
    Problem : "unknown_id", "forbidden", "bad_body".
    """
    text = words("text", text, TEXT_CHARS)
    found = get(session, actor, proposal_id)
    if internal:
        actor.must(REVIEW)
    elif not actor.may(REVIEW):
        proposing(actor, found)
    trail.lock(session)
    return _said(session, actor, found, "comment", text, internal=internal)


def publish(session: Session, actor: Actor, proposal_id: str, revision: int, public: bool, reason: str) -> Proposal:
    """Show a proposal to everybody, or no more.

    Raises
    ------
    Problem : "unknown_id", "forbidden", "conflict" for a draft and for hiding what a plan shows, "precondition", "bad_body" without
        a reason.
    """
    reason = words("reason", reason, TEXT_CHARS)
    actor.must(REVIEW)
    found = get(session, actor, proposal_id)
    if found.state == DRAFT:
        raise _conflict(found)
    if not public and found.scenario_id is not None:
        n = found.number
        message = (
            f"ĐX-{n} nằm trong phương án mà mọi người xem được. Hãy đưa ra khỏi phương án trước, rồi mới thôi công khai.",
            f"P-{n} is in the plan that everybody sees. Take it out of the plan first, then show it no more.",
        )
        raise Problem("conflict", pairs={"message": message}, members={"state": found.state})
    trail.lock(session)
    _advance(session, found, revision, None, public=public)
    _said(session, actor, found, "public", reason, to_state="public" if public else "hidden")
    return found


def get(session: Session, actor: Actor, proposal_id: str) -> Proposal:
    """A proposal that the actor may see whole: reviewers those that were submitted, officials those of their communes.

    Raises
    ------
    Problem : "unknown_id", also for one that exists and is not theirs to see: that is logged.
    """
    plain = len(proposal_id) <= 32 and proposal_id.isalnum() and proposal_id.isascii()
    found = session.get(Proposal, proposal_id) if plain else None
    if found is not None and sees(actor, found):
        return found
    if found is not None:
        refused.warning("proposal of others", extra={"actor": actor.id, "proposal": found.id})
    short = proposal_id[:40]
    raise Problem("unknown_id", pairs={"message": (f"đề xuất {short}", f"proposal {short}")})


def sees(actor: Actor, found: Proposal) -> bool:
    """Whether the actor may see a proposal whole."""
    if actor.known and found.author_id == actor.user_id:
        return True
    if found.state == DRAFT:
        return _own(actor, found)
    return actor.may(REVIEW) or _own(actor, found)


def listed(session: Session, actor: Actor, asked: Asked) -> tuple[list[Proposal], int]:
    """A page of the proposals that the actor may see whole, and how many there are in all.

    `sort`: number, updated, submitted, gained, cost, value (children newly covered per VND), with "-" for the largest first;
    what is not known comes last either way.
    """
    wanted = [*_visible(actor), *asked.extra]
    if asked.public is not None:
        wanted.append(Proposal.public.is_(asked.public))
    if asked.mine:
        wanted.append(Proposal.author_id == actor.user_id)
    return paged(session, wanted, asked)


def paged(session: Session, wanted: list[Any], asked: Asked) -> tuple[list[Proposal], int]:
    """A page of the proposals that keep some conditions and the result, commune and states asked for, in the order asked for.

    Raises
    ------
    Problem : "bad_parameter" for another order.
    """
    if asked.result_id:
        wanted.append(Proposal.result_id == asked.result_id)
    if asked.commune_id:
        wanted.append(Proposal.commune_id == asked.commune_id)
    if asked.states:
        wanted.append(Proposal.state.in_(asked.states))
    name = asked.sort.removeprefix("-")
    column = SORTS.get(name)
    if column is None:
        raise Problem("bad_parameter", {"name": "sort", "came": asked.sort[:60], "expected": ", ".join(SORTS)})
    order = column.desc() if asked.sort.startswith("-") else column.asc()
    found = select(Proposal).where(*wanted).order_by(column.is_(None), order, Proposal.number)
    count = session.scalar(select(func.count()).select_from(Proposal).where(*wanted)) or 0
    return list(session.scalars(found.limit(asked.limit).offset(asked.offset))), count


SORTS: dict[str, Any] = {
    "number": Proposal.number,
    "updated": Proposal.updated,
    "submitted": Proposal.submitted,
    "gained": Proposal.gained,
    "cost": Proposal.cost,
    "value": Proposal.gained / func.nullif(Proposal.cost, 0),
}


def remarks(session: Session, actor: Actor, found: Proposal) -> list[Remark]:
    """What was said of a proposal, oldest first, as far as the actor may read it."""
    asked = select(Remark).where(Remark.proposal_id == found.id).order_by(Remark.id)
    if not actor.may(REVIEW):
        asked = asked.where(Remark.internal.is_(False))
    return list(session.scalars(asked))


def versions(session: Session, found: Proposal) -> list[ProposalVersion]:
    """Every version, oldest first."""
    asked = select(ProposalVersion).where(ProposalVersion.proposal_id == found.id).order_by(ProposalVersion.version)
    return list(session.scalars(asked))


def current(session: Session, found: Proposal) -> ProposalVersion:
    """The version that is in force."""
    version = session.get(ProposalVersion, (found.id, found.version))
    assert version is not None  # noqa: S101 - made with the proposal
    return version


def holding(actor: Actor, place: Place) -> None:
    """Go on only if the actor may propose for the commune.

    Raises
    ------
    Problem : "forbidden".
    """
    if actor.holds(place.commune_id, place.vintage):
        return
    refused.warning("another commune", extra={"actor": actor.id, "commune": place.commune_id})
    mine = f"{', '.join(sorted(actor.communes)) or '–'} ({actor.vintage or '–'})"
    there = f"{place.commune_id} ({place.vintage})"
    why = (
        f"đất nằm ở xã {there}; tài khoản của bạn chỉ đề xuất được cho: {mine}",
        f"the land lies in commune {there}; your account may propose for: {mine}",
    )
    raise Problem("forbidden", pairs={"why": why})


def proposing(actor: Actor, found: Proposal) -> None:
    """Go on only if the actor is the author, or an official of the commune.

    Raises
    ------
    Problem : "forbidden".
    """
    actor.must(PROPOSE)
    if proposes(actor, found):
        return
    refused.warning("not the proposer", extra={"actor": actor.id, "proposal": found.id})
    why = ("chỉ người đề xuất làm được", "only its proposer may do this")
    raise Problem("forbidden", pairs={"why": why})


def proposes(actor: Actor, found: Proposal) -> bool:
    """Whether the actor may change a proposal: its author, or an official of its commune."""
    mine = actor.known and found.author_id == actor.user_id
    return actor.may(PROPOSE) and (mine or _own(actor, found))


def _own(actor: Actor, found: Proposal) -> bool:
    mine = actor.vintage == found.vintage and found.commune_id in actor.communes
    return actor.known and actor.may(PROPOSE) and mine


def _visible(actor: Actor) -> list[Any]:
    """The conditions of `sees`, for the database."""
    if not actor.known:
        return [Proposal.number < 0]
    mine = [Proposal.author_id == actor.user_id]
    if actor.may(PROPOSE) and actor.communes:
        mine.append(Proposal.commune_id.in_(sorted(actor.communes)) & (Proposal.vintage == actor.vintage))
    if actor.may(REVIEW):
        mine.append(Proposal.state != DRAFT)
    return [or_(*mine)]


def _facts(content: Content, worth: Mapping[str, Any] | None) -> dict[str, Any]:
    """Columns of a proposal that follow from its content."""
    told = worth or {}
    cost = told.get("cost") if told.get("cost") is not None else content.cost  # of land and building, as a run has it
    gained = (told.get("newly_covered") or {}).get("all")
    return {
        "name": content.name,
        "geometry": content.geometry,
        "parcel_id": content.parcel_id,
        "gained": gained,
        "cost": cost,
    }


def _version(
    session: Session, found: Proposal, actor: Actor, content: Content, worth: Mapping[str, Any] | None
) -> ProposalVersion:
    salt = secrets.token_hex(16)
    made = ProposalVersion(
        proposal_id=found.id,
        version=found.version,
        author_id=actor.user_id,
        content=content.document(),
        worth=None if worth is None else dict(worth),
        geometry=content.geometry,
        salt=salt,
        digest=_digest(salt, content, []),
    )
    session.add(made)
    session.flush()
    return made


def _seals(version: ProposalVersion) -> dict[str, str]:
    """What the log keeps of a version: digests of its content, and of what was told of its worth."""
    return {"digest": version.digest, "worth": worth_digest(version.worth)}


def _digest(salt: str, content: Content, others: list[Any]) -> str:
    told = [salt, content.document(), shapely.to_wkb(content.geometry, hex=True), *others]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _said(
    session: Session,
    actor: Actor,
    found: Proposal,
    kind: str,
    text: str,
    *,
    internal: bool = False,
    from_state: str = "",
    to_state: str = "",
) -> Remark:
    """Write a remark down, and its audit row."""
    salt = secrets.token_hex(16)
    digest = hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
    detail: dict[str, Any] = {"text": digest}
    if kind == "state":
        detail |= {"from": from_state, "to": to_state}
    elif kind == "public":
        detail["to"] = to_state
    elif internal:
        detail["internal"] = True
    row = _note(session, actor, f"proposal.{kind}", found, **detail)
    made = Remark(
        proposal_id=found.id,
        author_id=actor.user_id,
        kind=kind,
        from_state=from_state,
        to_state=to_state,
        text=text,
        internal=internal,
        salt=salt,
        audit_id=row.id,
    )
    session.add(made)
    session.flush()
    return made


def _note(session: Session, actor: Actor, action: str, found: Proposal, **detail: Any) -> trail.AuditRow:  # noqa: ANN401
    return trail.note(session, actor.id, action, f"proposal:{found.id}", {"revision": found.revision, **detail})


def _advance(session: Session, found: Proposal, revision: int, mine: Content | None, **facts: Any) -> None:  # noqa: ANN401
    """Set columns and count the revision on, if it is still the one that was seen."""
    same = update(Proposal).where(Proposal.id == found.id, Proposal.revision == revision).values(revision=revision + 1)
    if session.execute(same, execution_options={"synchronize_session": False}).rowcount != 1:  # type: ignore[attr-defined]
        session.refresh(found)
        raise _faster(session, found, mine)
    session.refresh(found)
    for name, value in {**facts, "updated": now()}.items():
        setattr(found, name, value)
    session.flush()


def _faster(session: Session, found: Proposal, mine: Content | None) -> Problem:
    """Somebody else has changed it: what now stands there, and how it differs from what was sent."""
    theirs = current(session, found)
    difference: dict[str, Any] = {}
    if mine is not None:
        sent = mine.document()
        for name, value in sent.items():
            if theirs.content.get(name) != value:
                difference[name] = {"yours": value, "theirs": theirs.content.get(name)}
        if not shapely.equals_exact(mine.geometry, theirs.geometry, 0):
            difference["geometry"] = {
                "yours": shapely.geometry.mapping(mine.geometry),
                "theirs": shapely.geometry.mapping(theirs.geometry),
            }
    return Problem(
        "precondition",
        pairs={
            "message": (
                f"Đã có người sửa đề xuất này (nay là lần sửa {found.revision}, {STATES[found.state][0]}). "
                "Nội dung bạn gửi chưa lưu; hãy so sánh rồi gửi lại.",
                f"Somebody has changed this proposal (it is at revision {found.revision} now, {STATES[found.state][1]}). "
                "What you sent is not saved; compare, then send it again.",
            )
        },
        members={"revision": found.revision, "state": found.state, "difference": difference},
    )


def _conflict(found: Proposal, to: str = "") -> Problem:
    vi, en = STATES[found.state]
    allowed = [STATES[b] for (a, b) in MOVES if a == found.state]
    if to:
        words_vi, words_en = STATES.get(to, (to[:40], to[:40]))
        vi = f"“{vi}”, không chuyển thành “{words_vi}” được; chuyển được thành: {', '.join(a for a, _ in allowed) or '–'}"
        en = f'"{en}" and cannot become "{words_en}"; it can become: {", ".join(b for _, b in allowed) or "–"}'
    else:
        vi, en = f"“{vi}”, lúc này không sửa được", f'"{en}" and cannot be changed now'
    message = (f"Đề xuất đang ở trạng thái {vi}.", f"The proposal is {en}.")
    return Problem("conflict", pairs={"message": message}, members={"state": found.state})


def _replayed(session: Session, actor: Actor, key: str, mark: str) -> Proposal | None:
    """What was made with this key before."""
    if not key:
        return None
    had = session.get(Replay, (actor.id, words("Idempotency-Key", key, KEY_CHARS)))
    if had is None:
        return None
    if had.fingerprint != mark:
        raise Problem("replayed", {"key": key[:40]})
    return session.get(Proposal, had.proposal_id)
