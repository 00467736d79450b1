"""Export: choose what of a result goes into a dossier, of which places and how, and have it made as a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict
from sanchoi.api.accounts import gate
from sanchoi.api.exporting import FORMATS, Wish
from sanchoi.api.exporting.context import Context
from sanchoi.api.jobs import export_inputs, registry
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import exports_words, jobs_forms, jobs_read, jobs_words, tables
from sanchoi.api.pages.frame import entry_of, query
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.gis.names import fold
from sanchoi.maps.sheets.options import SIGNATURES

router = APIRouter()
Values = dict[str, Any]
AT = "/{lang:lang}/r/{result}/export"
USUAL = ("sheet-gap", "fact-sheet")
MANY = 100
"""More files than this are made only when they are asked for once more."""
COVER = "EPSG:"


class Typed(BaseModel):
    """Fields of the form; what else is sent is passed over."""

    model_config = ConfigDict(extra="ignore")
    formats: list[str] = []
    parts: list[str] = []
    scope: str = ""
    communes: list[str] = []
    sites: list[str] = []
    as_: str = "pdf"
    paper: str = "A3"
    portrait: str = ""
    fit: str = ""
    scale: str = ""
    language: str = ""
    style: str = "plain"
    sign: list[str] = []
    unsigned: str = ""
    crs: str = ""
    bom: str = ""
    confirm: str = ""


@router.get(AT, dependencies=[gate.TO_RUN])
def ask(request: Request, result: str) -> Response:
    """The form: empty, for one commune or one site, or as an earlier job had it."""
    entry = entry_of(request, result)
    asked = query(request, ("job", "commune", "site"))
    t = tongue(language_of(request))
    had = jobs_forms.inputs_of(request, asked, "export", entry)
    return _page(request, entry, _of_job(had, t) if had else _fresh(asked, t))


@router.post(AT, dependencies=[gate.TO_RUN])
def start(request: Request, result: str, typed: Annotated[Typed, Form()]) -> Response:
    """Start the job, or give the form back with what is wrong, or with how many files it would be."""
    entry = entry_of(request, result)
    query(request, ("job", "commune", "site"))
    t = tongue(language_of(request))
    values = typed.model_dump()
    inputs, faults = _read(values, entry, t)
    count = 0
    if not faults:
        count, faults = _count(request, inputs, entry, t)
    if not faults and count > MANY and not typed.confirm:
        return _page(request, entry, values, many=count)
    return jobs_forms.start(request, "export", inputs, faults, lambda **told: _page(request, entry, values, **told))


def _fresh(asked: Mapping[str, str], t: Tongue) -> Values:
    chosen = [name for name in USUAL if name in FORMATS]
    if asked.get("site"):
        chosen = ["sheet-site"]
    return Typed(
        formats=chosen,
        scope="some",
        communes=[asked["commune"]] if asked.get("commune") else [],
        sites=[asked["site"]] if asked.get("site") else [],
        language=t.language,
        bom="1",
    ).model_dump()


def _of_job(had: Values, t: Tongue) -> Values:
    """What an earlier job was asked, as somebody would type it."""
    return Typed(
        formats=list(export_inputs.formats_of(had)),
        parts=list(export_inputs.parts_of(had)),
        scope="all" if had.get("all") else "some",
        communes=had.get("communes", []),
        sites=had.get("sites", []),
        as_=had.get("as", "pdf"),
        paper=had.get("paper", "A3"),
        portrait="1" if had.get("portrait") else "",
        fit="1" if had.get("fit") else "",
        scale=t.exact(had["scale"]) if had.get("scale") else "",
        language=had.get("lang", t.language),
        style=had.get("style", "plain"),
        sign=had.get("signatures", []),
        unsigned="1" if had.get("signatures") == [] else "",
        crs=had.get("crs", ""),
        bom="1" if had.get("bom", True) else "",
    ).model_dump()


def _read(typed: Values, entry: Entry, t: Tongue) -> tuple[Values, dict[str, str]]:
    """Inputs of the process, and the faults of the fields that its schema does not see."""
    inputs: Values = {"result": entry.id}
    faults: dict[str, str] = {}
    if not typed["formats"] and not typed["parts"]:
        return inputs, {"formats": t.say("Choose at least one thing to make.")}
    if typed["parts"]:
        inputs["parts"] = typed["parts"]
    if not typed["formats"]:
        return inputs, faults
    inputs["formats"] = typed["formats"]
    if typed["scope"] == "all":
        inputs["all"] = True
        if typed["communes"] or typed["sites"]:
            faults["places"] = t.say("Some places are ticked, and “all” too. Leave one of them out.")
    else:
        inputs |= {name: typed[name] for name in ("communes", "sites") if typed[name]}
    inputs |= {"as": typed["as_"], "paper": typed["paper"], "portrait": typed["portrait"] == "1"}
    inputs |= {"lang": typed["language"] or t.language, "style": typed["style"]}
    signed = [" ".join(each.split()) for each in typed["sign"] if each.strip()]
    if signed and typed["unsigned"]:
        faults["signatures"] = t.say("There are signatures, and “none” is ticked too. Leave one of them out.")
    elif signed or typed["unsigned"]:
        inputs["signatures"] = signed
    if typed["scale"].strip():
        scale = jobs_read.number(typed["scale"].strip().removeprefix("1:"), t.language)
        if scale is None:
            faults["scale"] = t.say("A number is needed, such as %(n)s.", n=t.number(10000))
        else:
            inputs["scale"] = scale
    elif typed["fit"]:
        inputs["fit"] = True
    code = typed["crs"].strip().upper()
    if code:
        inputs["crs"] = code if code.startswith(COVER) else COVER + code
    if not typed["bom"]:
        inputs["bom"] = False
    return inputs, faults


def _count(request: Request, inputs: Values, entry: Entry, t: Tongue) -> tuple[int, dict[str, str]]:
    """How many files it would be, or what is wrong with a field."""
    state = request.app.state
    try:
        checked = registry.checked(registry.process("export"), inputs, state.library, state.settings)
        return export_inputs.files(checked, entry, state.settings.limits.export_files), {}
    except Problem as problem:
        if problem.key != "bad_parameter" or "expected" not in problem.pairs:
            raise
        name = str(problem.values.get("name", ""))
        words = problem.pairs["expected"][1 if t.language == "en" else 0]
        field = {"communes": "places", "sites": "places", "all": "places", "as": "as_", "lang": "language"}.get(
            name, name
        )
        came = str(problem.values.get("came", ""))
        if field == "formats" and came.isdecimal():
            return 0, {
                field: t.say("That would be %(n)s files. Needed: %(expected)s.", n=t.number(int(came)), expected=words)
            }
        return 0, {field: t.say("Needed: %(expected)s.", expected=words)}


def _page(request: Request, entry: Entry, values: Values, many: int = 0, **told: Any) -> Response:  # noqa: ANN401
    t = tongue(language_of(request))
    whole = Context(entry.folder, tables.result(entry), Wish(everything=True, formats=()))
    offered = [
        (words, [_format(name, whole, t) for name in names if FORMATS[name].per != "site" or entry.has("parcels")])
        for words, names in exports_words.groups(t)
    ]
    names, ticked = tables.names(entry), set(values["communes"])
    plan = [(row["parcel_id"], row) for row in tables.rows(entry.table("sites"))] if entry.has("sites") else []
    extra = [each for each in values["sites"] if each not in dict(plan)] if entry.has("parcels") else []
    signs = [*values["sign"], *[""] * SIGNATURES][: max(SIGNATURES, len(values["sign"]))]
    return jobs_forms.form(
        request,
        "jobs_export.html",
        entry,
        typed=values,
        groups=[each for each in offered if each[1]],
        parts=jobs_words.parts(t),
        communes=sorted(names.items(), key=lambda each: (each[0] not in ticked, fold(str(each[1])), each[0])),
        sites=[(key, row["build_order"]) for key, row in plan] + [(key, None) for key in extra[:50]],
        all_communes=len(whole.communes),
        all_sites=len(whole.sites),
        kinds=exports_words.kinds(t),
        papers=exports_words.papers(t),
        styles=exports_words.styles(t),
        signs=signs[:SIGNATURES],
        sign_length=export_inputs.SIGNATURE,
        own_crs=str(entry.run["study"]["crs"]),
        most=request.app.state.settings.limits.export_files,
        warn=MANY,
        many=many,
        **told,
    )


def _format(name: str, whole: Context, t: Tongue) -> Values:
    form = FORMATS[name]
    places = {"commune": whole.communes, "site": whole.sites, "whole": [""]}[form.per]
    if form.choose is not None:
        places = form.choose(whole)
    return {
        "name": name,
        "words": exports_words.name_of(name, t),
        "hint": exports_words.per(name, t),
        "per": form.per,
        "all": len(places),
    }
