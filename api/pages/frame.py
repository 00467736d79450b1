"""Frame: one page around whatever a view has to say. Every page is made by `page`.

A view is an endpoint under `/{lang:lang}/…`; it gathers values and calls `page(request, "template.html", entry, **values)`. The
template extends `base.html` and fills its blocks `title` and `main`. In templates stand, besides the values:

- `_("English text %(n)s", n=…)` and `{% trans %}`: messages, translated by the catalogue;
- `w("key")`, `land("key")`: words that the maps have; `t`: the `Tongue` (`t.area(x)`, `t.money(x)`, `t.date(x)` …);
- `link("parcels", id, sort="-score")`: address of a page of this result; `top("jobs")`: of a page of no result;
- `file("tables/gaps.csv")`, `static("pages.css")`, `has_page("/vi/jobs")`;
- `me`, who asks (`me.may("review")`), and `csrf`, which every form that is posted carries: `{{ m.csrf() }}`;
- `lang`, `entry`, `study`, `run_id`, `banners`, `nav`, `other` (the same page in each language).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanchoi.api import caching
from sanchoi.api.accounts import actor, guard
from sanchoi.api.accounts.actor import ADMINISTER, REVIEW, Actor
from sanchoi.api.languages import LANGUAGES, language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import static_files, tables
from sanchoi.api.pages.tongue import NAMES, tongue
from sanchoi.api.problems import Problem
from sanchoi.maps import sites_banners, style, summary
from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import Match

HERE = Path(__file__).parent
PASSING = ("fbclid", "gclid", "zarsrc", "utm_")
"""Parameters that messengers add to links that people send on; they are passed over."""


class _Language(Convertor[str]):
    """A language in an address: `/{lang:lang}/…`."""

    regex = "|".join(LANGUAGES)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("lang", _Language())


def page(
    request: Request,
    template: str,
    entry: Entry | None = None,
    *,
    http_status: int = 200,
    fixed: bool = True,
    seal: str = "",
    **values: Any,  # noqa: ANN401 - what the template needs
) -> Response:
    """A page in the language of its address.

    Parameters
    ----------
    template : its name in `templates/`. entry : the result that it shows, if any. http_status : of the answer.
    fixed : whether it depends on the result, the address and the program alone, so that a reader's copy may be used again.
    seal : what else it depends on. values : what the template needs.
    """
    lang = language_of(request, request.app.state.settings.language)
    headers = {"Content-Language": lang, "Cache-Control": "no-store"}
    known = actor.of(request)
    if fixed and entry is not None and http_status == 200 and not known.known:
        tag = _etag(request, entry, lang, seal)
        if (had := caching.known(request, tag)) is not None:
            return had
        headers |= caching.headers(tag)
    body = environment(lang).get_template(template).render(**_around(request, lang, entry, known), **values)
    return HTMLResponse(body, status_code=http_status, headers=headers)


def entry_of(request: Request, result: str) -> Entry:
    """The result that an address names.

    Raises
    ------
    UnknownId : there is none.
    """
    found: Entry = request.app.state.library.get(result)
    return found


def query(request: Request, known: Collection[str]) -> dict[str, str]:
    """The parameters of an address, the last of each name; empty ones are left out, as a form sends them.

    Raises
    ------
    Problem : one that is not known.
    """
    asked = {name: value.strip() for name, value in request.query_params.multi_items()}
    for name in asked:
        if name not in known and not name.startswith(PASSING):
            raise Problem("unknown_parameter", {"name": name, "known": ", ".join(sorted(known)) or "–"})
    return {name: value for name, value in asked.items() if name in known and value}


def choice(asked: Mapping[str, str], name: str, allowed: Collection[str], default: str) -> str:
    """A parameter that must be one of some values.

    Raises
    ------
    Problem : it is another.
    """
    value = asked.get(name, default)
    if value != default and value not in allowed:
        raise Problem("bad_parameter", {"name": name, "came": value, "expected": ", ".join(allowed)})
    return value


@cache
def environment(lang: str) -> Environment:
    """The templates of one language: everything escaped, nothing undefined passed over."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    speaker = tongue(lang)
    made.install_gettext_callables(speaker.gettext, speaker.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        t=speaker,
        w=speaker.word,
        land=speaker.land,
        status_of=style.STATUS,
        verdict_of=style.VERDICT,
        patterns=style.patterns() + style.verdict_patterns(),
        turn=_turn,
    )
    made.filters["basename"] = lambda path: str(path).rsplit("/", 1)[-1]
    made.filters["column_word"] = lambda name, prefix: speaker.coded(prefix, name)
    return made


def _turn(column: str, now: str, falls: bool = True) -> str:
    """The order that a heading asks for: largest or first letter first, the other way if that is in force."""
    first, second = (f"-{column}", column) if falls else (column, f"-{column}")
    return second if now == first else first


class Links:
    """Addresses of pages as one request sees them."""

    def __init__(self, request: Request, lang: str, entry: Entry | None) -> None:
        told = urlsplit(request.app.state.settings.base_url).path.rstrip("/")
        self.root: str = told or str(request.scope.get("root_path", "")).rstrip("/")
        self.lang, self.entry = lang, entry

    def top(self, *parts: object, **asked: object) -> str:
        """A page of no result."""
        return self._made([self.lang, *parts], asked)

    def link(self, *parts: object, **asked: object) -> str:
        """A page of this result; without parts its home."""
        inside = [self.lang, "r", self.entry.id] if self.entry else [self.lang]
        return self._made([*inside, *parts], asked, home=not parts)

    def file(self, path: str) -> str:
        """A file of this result to download."""
        return f"{self.root}/r/{self.entry.id if self.entry else ''}/files/{quote(path)}"

    def framed(self, name: str) -> str:
        """A map of this result, for a frame."""
        return f"{self.root}/r/{self.entry.id if self.entry else ''}/maps/{name}.html#{self.lang}"

    def static(self, name: str) -> str:
        """A static file."""
        return self.root + static_files.address(name)

    def _made(self, parts: list[object], asked: Mapping[str, object], *, home: bool = False) -> str:
        path = "/".join(quote(str(part), safe="") for part in parts)
        told = {name.rstrip("_"): value for name, value in asked.items() if value not in (None, "")}
        slash = "/" if home or parts == [self.lang] else ""
        return f"{self.root}/{path}{slash}{'?' + urlencode(told) if told else ''}"


def _around(request: Request, lang: str, entry: Entry | None, known: Actor) -> dict[str, Any]:
    """What base.html needs."""
    links = Links(request, lang, entry)
    run = entry.run if entry else None
    return {
        "lang": lang,
        "entry": entry,
        "link": links.link,
        "top": links.top,
        "file": links.file,
        "framed": links.framed,
        "static": links.static,
        "has_page": lambda path: _has_page(request, path),
        "other": [(code, NAMES[code], _turned(request, links.root, code)) for code in LANGUAGES],
        "study": run["study"] if run else None,
        "distance_only": bool(run and run["settings"]["distance_only"]),
        "run_id": run["run_id"] if run else "",
        "banners": _banners(entry)[lang] if entry else [],
        "nav": _nav(request, links, entry, known),
        "path": request.url.path,
        "several": len(request.app.state.library.entries()) > 1,
        "me": known,
        "csrf": (sealed := guard.csrf_of(request)),
        "sealed": sealed,
        "login": links.top("account", "login", next=_here(request, links)),
    }


def _here(request: Request, links: Links) -> str:
    """The same page, to come back to after the log-in; empty on the pages of the log-in itself."""
    path = request.url.path.removeprefix(links.root)
    if "/account/" in path or request.method != "GET":
        return ""
    return links.root + path + (f"?{request.url.query}" if request.url.query else "")


@lru_cache(maxsize=64)
def _banners(entry: Entry) -> dict[str, list[tuple[str, str]]]:
    """What must stand above every page of a result, by language: tone and text."""
    told = sites_banners.banners(tables.result(entry)) if entry.has("parcels") else summary.banners(entry.run)
    return {code: [(each["tone"], each[code]) for each in told] for code in LANGUAGES}


def _nav(request: Request, links: Links, entry: Entry | None, known: Actor) -> list[tuple[str, str]]:
    """Pages to go to: key of its name in base.html, address."""
    found: list[tuple[str, str]] = []
    if entry is not None:
        found = [("home", links.link()), ("gap", links.link("gap")), ("communes", links.link("communes"))]
        if entry.has("parcels"):
            found += [("sites", links.link("sites")), ("parcels", links.link("parcels"))]
        if entry.has("budget_curve"):
            found.append(("budget", links.link("budget")))
        found += [(name, links.link(name)) for name in ("what-if", "scenarios", "propose")]
        found.append(("methods", links.link("methods")))
    found += [("proposals", links.top("proposals")), ("jobs", links.top("jobs"))]
    if known.may(REVIEW):
        found.append(("desk", links.top("desk")))
    if known.may(ADMINISTER):
        found.append(("users", links.top("users")))
    return [each for each in found if _has_page(request, each[1])]


def _has_page(request: Request, path: str) -> bool:
    """Whether a route answers an address: pages of other parts of the service are linked where they are there."""
    bare = path.split("?", 1)[0].removeprefix(Links(request, "", None).root)
    known: dict[str, bool] = request.app.state.pages_there
    kind = re.sub(r"^/[a-z]+(/r/[^/]+)?", r"/*", bare)  # of any language and any result
    if kind not in known:
        asked = {**request.scope, "path": bare, "raw_path": bare.encode(), "method": "GET", "root_path": ""}
        known[kind] = any(route.matches(asked)[0] == Match.FULL for route in request.app.routes)
    return known[kind]


def _turned(request: Request, root: str, code: str) -> str:
    """The address of this page in a language."""
    path = request.url.path.removeprefix(root)
    rest = path.split("/", 2)[2] if path.count("/") > 1 and path.split("/", 2)[1] in LANGUAGES else ""
    return f"{root}/{code}/{quote(rest, safe='/')}" + (f"?{request.url.query}" if request.url.query else "")


def _etag(request: Request, entry: Entry, lang: str, seal: str) -> str:
    """Changes with the result, the program, the language, and what is asked."""
    several = "several" if len(request.app.state.library.entries()) > 1 else ""
    told = "\n".join([_program(), Links(request, lang, entry).root, several, request.url.path, request.url.query, seal])
    return caching.etag(entry, lang, hashlib.sha256(told.encode()).hexdigest()[:12])


@cache
def _program() -> str:
    """Hash of what the pages are made of: it changes while they are worked on, when the version does not."""
    seal = hashlib.sha256()
    for path in sorted(HERE.rglob("*")):
        if path.suffix in (".py", ".html", ".po", ".css", ".js"):
            seal.update(path.read_bytes())
    return seal.hexdigest()[:12]
