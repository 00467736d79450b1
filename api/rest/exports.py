"""Exports: map sheets and fact sheets of one commune or parcel as PDF; what is larger is a job."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from sanchoi.api import sheet_answers
from sanchoi.api.languages import language_of
from sanchoi.api.rest.query import Result, Strict
from starlette.responses import Response

router = APIRouter(prefix="/api/v1/results/{result}", tags=["exports"], dependencies=[Strict])
PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The sheet.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.7 …"}},
    }
}
Paper = Annotated[Literal["A4", "A3", "A2", "A1", "A0"], Query(description="Size of the paper; a fact sheet is A4.")]
Portrait = Annotated[bool, Query(description="Upright paper.")]
Scale = Annotated[
    str,
    Query(
        max_length=20,
        description='Denominator, such as 10000; "fit": one at which a commune fits on one sheet; else by the rule for the '
        "commune's area, on at most 12 sheets.",
        examples=["fit"],
    ),
]
Style = Annotated[Literal["plain", "print-grey"], Query(description="Colours.")]


@router.get("/communes/{commune:path}/sheet.pdf", summary="Sheet of a commune", responses=PDF, response_class=Response)
async def commune_sheet(
    request: Request,
    entry: Result,
    commune: Annotated[str, Path(description="Id of the commune.", examples=["90101"])],
    kind: Annotated[Literal["gap", "reach", "fact"], Query(description="Gap, reach, or fact sheet.")] = "gap",
    paper: Paper = "A3",
    portrait: Portrait = False,
    scale: Scale = "",
    style: Style = "plain",
) -> Response:
    """A map sheet to scale, or the fact sheet, as PDF."""
    language = language_of(request, request.app.state.settings.language)
    sheet = sheet_answers.of(entry, kind, commune, language, paper, portrait, scale, style)
    return _varied(await sheet_answers.answer(request, entry, sheet))


@router.get("/parcels/{parcel:path}/sheet.pdf", summary="Plan of a site", responses=PDF, response_class=Response)
async def parcel_sheet(
    request: Request,
    entry: Result,
    parcel: Annotated[str, Path(description="Id of the parcel.", examples=["90101-1-10"])],
    paper: Paper = "A3",
    portrait: Portrait = False,
    scale: Scale = "",
    style: Style = "plain",
) -> Response:
    """The plan of a parcel with its corners, edges and area, and what was checked, as PDF."""
    language = language_of(request, request.app.state.settings.language)
    sheet = sheet_answers.of(entry, sheet_answers.SITE, parcel, language, paper, portrait, scale, style)
    return _varied(await sheet_answers.answer(request, entry, sheet))


def _varied(answer: Response) -> Response:
    answer.headers["Vary"] = "Accept-Language"
    return answer
