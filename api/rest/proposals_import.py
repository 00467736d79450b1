"""Import of proposal files over HTTP: a file of the offline form as the body, brought in exactly once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header, Query, Request
from sanchoi.api.accounts import actor as acting
from sanchoi.api.accounts.actor import PROPOSE
from sanchoi.api.languages import language_of
from sanchoi.api.offline import bring, submission
from sanchoi.api.offline.submission import Envelope
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk
from sanchoi.api.rest import conditions
from sanchoi.api.rest import proposal_record as telling
from sanchoi.api.rest.proposal_record import EXAMPLE, RECORD
from sanchoi.api.rest.proposals import private
from sanchoi.api.rest.query import Strict
from sanchoi.api.rest.shape import told
from starlette.responses import Response

router = APIRouter(prefix="/api/v1/proposals", tags=["proposals"], dependencies=[Strict])
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="Revision of the proposal that a changed file is to be put into."),
]


def over(if_match: IfMatch = None) -> int | None:
    """The revision that a changed file is to be put into, if any."""
    return None if if_match is None else conditions.revision(if_match)


@router.post(
    "/import",
    summary="Import a file of the offline form",
    status_code=201,
    responses={
        201: told(RECORD, EXAMPLE, "A draft is there, or submitted.")[200],
        200: told(RECORD, EXAMPLE, "The file had come before, or was put into its proposal.")[200],
    },
)
def take(
    request: Request,
    sent: Annotated[Envelope, Body()],
    revision: Annotated[int | None, Depends(over)],
    submit: Annotated[bool, Query(description="Submit the new proposal at once.")] = False,
) -> Response:
    """The file as it was saved. Sent again it makes nothing: 200 for who may see the proposal, 409 for others.

    A file whose content was changed after it came is refused with 409, unless If-Match names the revision of its proposal.
    """
    who, state = acting.of(request), request.app.state
    who.must(PROPOSE)
    read = submission.of(sent.model_dump(), state.settings.limits.vertices)
    to = bring.Desk(state.store, state.settings, state.library, state.models)
    language = language_of(request, state.settings.language)
    found = bring.bring(
        to, who, read, submit=submit, over=None if revision is None else (None, revision), language=language
    )
    if found.proposal_id is None:
        message = (
            f"Tệp này đã được nhập ngày {found.at[:10]}.",
            f"This file was imported on {found.at[:10]}.",
        )
        raise Problem("conflict", pairs={"message": message}, members={"imported_at": found.at})
    if found.kind == bring.CHANGED:
        message = (
            f"Một bản trước của tệp này đã thành đề xuất ĐX-{found.number}; bản này có nội dung khác và chưa được nhập. "
            f'Muốn đưa vào, hãy gửi lại với If-Match: "{found.revision}".',
            f"An earlier copy of this file became proposal P-{found.number}; this copy says something else and was not taken. "
            f'To put it in, send it again with If-Match: "{found.revision}".',
        )
        members = {
            "proposal": found.proposal_id,
            "revision": found.revision,
            "difference": [each[1] for each in found.difference],
        }
        raise Problem("conflict", pairs={"message": message}, members=members)
    with state.store.reading() as session:
        proposal = desk.get(session, who, found.proposal_id)
        record = telling.whole(request, session, proposal)
        answer = private(
            {
                **record,
                "imported": found.kind,
                "imported_at": found.at,
                "remarks_vi": [r[0] for r in found.remarks],
                "remarks_en": [r[1] for r in found.remarks],
            },
            proposal,
        )
    answer.status_code = 201 if found.kind == bring.NEW else 200
    answer.headers["location"] = f"/api/v1/proposals/{found.proposal_id}"
    return answer
