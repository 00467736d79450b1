"""Query: what a request may ask for. A parameter that is unknown, or given twice, is refused and not ignored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Query
from fastapi.dependencies.models import Dependant
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from starlette.requests import Request

Lang = Annotated[
    Literal["vi", "en"] | None,
    Query(description="Language of names and errors; else Accept-Language, else Vietnamese."),
]
Band = Annotated[str | None, Query(max_length=20, description='Ages: "0-5", …, or all.', examples=["all"])]
Commune = Annotated[str | None, Query(max_length=200, description="Id of a commune.", examples=["90101"])]


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for."""

    limit: int
    offset: int


def strict(request: Request, lang: Lang = None) -> None:
    """Refuse parameters that the route does not know.

    Raises
    ------
    Problem : an unknown parameter, or one given twice.
    """
    known = list(dict.fromkeys(_names(request.scope["route"].dependant)))
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in known:
            raise Problem("unknown_parameter", {"name": name, "known": ", ".join(known)})
        if given.count(name) > 1:
            words = ("một giá trị", "one value")
            raise Problem("bad_parameter", {"name": name, "came": "×" + str(given.count(name))}, {"expected": words})


def _names(dependant: Dependant) -> Iterator[str]:
    """Query parameters that a route and what it depends on ask for."""
    yield from (field.alias for field in dependant.query_params)
    for each in dependant.dependencies:
        yield from _names(each)


def paging(
    request: Request,
    limit: Annotated[int | None, Query(ge=1, description="Records a page holds at most.", examples=[10])] = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000, description="Records to pass over.", examples=[0])] = 0,
) -> Page:
    """The page that is asked for.

    Raises
    ------
    Problem : more than a page may hold.
    """
    limits = request.app.state.settings.limits
    if limit is not None and limit > limits.page:
        words = (f"nhiều nhất {limits.page}", f"at most {limits.page}")
        raise Problem("bad_parameter", {"name": "limit", "came": limit}, {"expected": words})
    return Page(min(limits.page_default, limits.page) if limit is None else limit, offset)


def entry_of(request: Request, result: str) -> Entry:
    """The result that an address names.

    Raises
    ------
    UnknownId : there is none.
    """
    found: Entry = request.app.state.library.get(result)
    return found


Strict = Depends(strict)
Paging = Annotated[Page, Depends(paging)]
Result = Annotated[Entry, Depends(entry_of)]


def among(name: str, came: str | None, known: list[str]) -> None:
    """Refuse a value that is not among those known.

    Raises
    ------
    Problem : it is not.
    """
    if came is not None and came not in known:
        text = ", ".join(known[:20])
        raise Problem(
            "bad_parameter", {"name": name, "came": came}, {"expected": (f"một trong: {text}", f"one of: {text}")}
        )
