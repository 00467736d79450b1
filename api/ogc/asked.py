"""Asked: what a request wants: of which result, under which address, in which language and form."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlencode

from sanchoi.api import caching
from sanchoi.api.features import Features
from sanchoi.api.features.live import Live
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import layer
from sanchoi.api.settings import Settings
from starlette.requests import Request
from starlette.responses import Response

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
OPENAPI, SCHEMA = "application/vnd.oai.openapi+json;version=3.0", "application/schema+json"
ALWAYS = ("f", "lang")
"""Parameters that every address takes."""
Link = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """One request to the API of one result."""

    request: Request
    entry: Entry

    @property
    def settings(self) -> Settings:
        """Settings of the service."""
        found: Settings = self.request.app.state.settings
        return found

    @cached_property
    def features(self) -> Features:
        """The result's features, and the public proposals."""
        return Features(self.entry, self.settings, self._live)

    @cached_property
    def _live(self) -> Live | None:
        """Without the database there are no proposals, and everything else is as it was."""
        with contextlib.suppress(Problem):
            return layer.live(self.request.app.state.store, self.entry)
        return None

    @property
    def changes(self) -> bool:
        """Whether the answer is of a collection that changes while the result stays: nobody keeps it."""
        return self.request.path_params.get("collection") == layer.NAME

    @cached_property
    def host(self) -> str:
        """Address of the service, without a slash at the end."""
        return (self.settings.base_url or str(self.request.base_url)).rstrip("/")

    @cached_property
    def root(self) -> str:
        """Address of this API."""
        name = self.request.path_params.get("result")
        return f"{self.host}/ogc" if name is None else f"{self.host}/r/{quote(name, safe='')}/ogc"

    @cached_property
    def language(self) -> str:
        """Language of the answer."""
        return language_of(self.request, self.settings.language)

    def word(self, pair: tuple[str, str]) -> str:
        """The word of a pair in that language."""
        return pair[1 if self.language == "en" else 0]

    def parameters(self, known: Iterable[str] = ()) -> Mapping[str, str]:
        """The query's parameters.

        Raises
        ------
        Problem : one of them is unknown, or stands there twice.
        """
        names = (*known, *ALWAYS)
        found: dict[str, str] = {}
        for name, value in self.request.query_params.multi_items():
            if name not in names:
                raise Problem("unknown_parameter", {"name": name[:60], "known": ", ".join(names)})
            if name in found:
                raise bad(name, "…", "chỉ một lần", "it once only")
            found[name] = value
        if found.get("lang", "vi") not in ("vi", "en"):
            raise bad("lang", found["lang"], "vi hoặc en", "vi or en")
        return found

    def page_wanted(self, data: str) -> bool:
        """Whether the answer shall be a page: by `f`, else by Accept, where `data` stands for the answer as data.

        Raises
        ------
        Problem : neither is wanted, or `f` is unknown.
        """
        form = self.request.query_params.get("f")
        if form is not None:
            if form not in ("json", "html"):
                raise bad("f", form, "json hoặc html", "json or html")
            return form == "html"
        accepted = _accepted(self.request.headers.get("accept", "*/*"))
        ways = {False: (data.partition(";")[0], JSON), True: (HTML,)}
        best: tuple[float, int, bool] | None = None
        for page, media in ways.items():
            for quality, place, kind in accepted:
                if (
                    quality > 0
                    and any(_fits(kind, each) for each in media)
                    and (best is None or (-quality, place) < best[:2])
                ):
                    best = (-quality, place, page)
        if best is None:
            raise Problem("not_acceptable", {"known": f"{data}, {HTML}"})
        return best[2]

    def address(self, path: str, **parameters: object) -> str:
        """An address below this API; parts of the path are already safe."""
        query = urlencode(parameters)
        return f"{self.root}{path}" + (f"?{query}" if query else "")

    def again(self, **changed: object) -> str:
        """The same address with some parameters changed; None takes one away."""
        query = {**self.request.query_params, **changed}
        text = urlencode({name: value for name, value in query.items() if value is not None})
        path = quote(self.request.url.path, safe="/:") if "%" not in self._raw_path else self._raw_path
        return f"{self.host}{path}" + (f"?{text}" if text else "")

    @property
    def _raw_path(self) -> str:
        raw: bytes = self.request.scope.get("raw_path") or b""
        return raw.partition(b"?")[0].decode("latin-1")

    def twins(self, page: bool, data: str) -> list[Link]:
        """Links of an answer to itself and to its other form."""
        return [
            link("alternate" if page else "self", self.again(f="json"), data, "JSON"),
            link("self" if page else "alternate", self.again(f="html"), HTML, "HTML"),
        ]

    def headers(self, links: Iterable[Link] = ()) -> dict[str, str]:
        """Headers of an answer that depends on the result and the request alone."""
        shown = [f'<{each["href"]}>; rel="{each["rel"]}"; type="{each["type"]}"' for each in links]
        beside = {"Link": ", ".join(shown)} if shown else {}
        if self.changes:
            return {"Cache-Control": "no-store", "Content-Language": self.language, **beside}
        pulse = str(self.request.app.state.pulse())
        told = "|".join(
            (self.root, str(self.request.url), self.request.headers.get("accept", ""), self.language, pulse)
        )
        tag = caching.etag(self.entry, hashlib.sha256(told.encode()).hexdigest()[:16])
        found = {
            **caching.headers(f"W/{tag}"),
            "Content-Language": self.language,
            "Vary": "Accept, Accept-Language",
        }
        return found | beside

    def unchanged(self) -> Response | None:
        """304 if the asker has the answer already, before anything is made."""
        return None if self.changes else caching.known(self.request, self.headers()["ETag"])


def link(rel: str, href: str, media: str, title: str) -> Link:
    """One link."""
    return {"rel": rel, "href": href, "type": media, "title": title}


def bad(name: str, came: str, expected_vi: str, expected_en: str) -> Problem:
    """The problem of a parameter that cannot be understood."""
    return Problem("bad_parameter", {"name": name, "came": came[:60]}, {"expected": (expected_vi, expected_en)})


def _accepted(header: str) -> list[tuple[float, int, str]]:
    """Media types of an Accept header: quality, place, type."""
    found = []
    for place, part in enumerate(header.split(",")):
        kind, *rest = (each.strip().lower() for each in part.split(";"))
        quality = next((each[2:] for each in rest if each.startswith("q=")), "1")
        try:
            found.append((float(quality), place, kind or "*/*"))
        except ValueError:
            continue
    return found


def _fits(kind: str, media: str) -> bool:
    return kind in ("*/*", media, media.partition("/")[0] + "/*")
