"""A study: what `study.toml` says, checked key by key.

Paths stay as written, relative to the study's folder; `gis.sources` resolves them. Every key that is not in `SECTIONS`
is refused, with the nearest known key named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sanchoi.gis import study_checks, study_form
from sanchoi.gis.errors import StudyError
from sanchoi.gis.norms import Band
from sanchoi.gis.study_keys import DEFAULT_DETOUR, GROUPS, SECTIONS, Section, nearest

__all__ = ["SECTIONS", "Section", "Study", "nearest", "parse"]


@dataclass(frozen=True)
class Study:
    """A checked study.

    Attributes
    ----------
    name, crs, date, language, cell_m : the [study] table; `crs` is text such as "EPSG:5899".
    bands : age bands in order of age.
    columns : band name → column of the children table.
    vintage : vintage of the communes, text.
    estimate : the children are an estimate; every output says so.
    synthetic : the study is invented; every output says so.
    constraints, nearby : their sections [constraints.NAME] and [nearby.NAME], by name.
    sources : attribution, licence and date of each layer, as text.

    """

    name: str
    crs: str
    date: date
    language: str
    cell_m: float
    synthetic: bool
    estimate: bool
    bands: tuple[Band, ...]
    columns: Mapping[str, str]
    vintage: str
    sections: Mapping[str, Section]
    constraints: Mapping[str, Section] = field(default_factory=dict)
    nearby: Mapping[str, Section] = field(default_factory=dict)
    sources: tuple[Mapping[str, str], ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, section: str) -> Section:
        return self.sections[section]

    @property
    def detour(self) -> float:
        """Walking distance ÷ straight line, for a study without a network."""
        return float(self["network"]["detour"] or DEFAULT_DETOUR)


def parse(document: Mapping[str, Any]) -> Study:
    """Check a parsed study.toml.

    Raises
    ------
    StudyError : an unknown section or key (with a did-you-mean), a value of the wrong type, a missing key, or keys
        that contradict each other. All breaches that can be seen at once are named in one message.

    """
    faults = study_form.faults(document)
    if faults:
        more = f" (and {len(faults) - 1} more: {'; '.join(f[0] for f in faults[1:])})" if len(faults) > 1 else ""
        came, expected, todo = faults[0]
        raise StudyError(came + more, expected, todo)
    s = {name: Section(name, document.get(name, {})) for name in SECTIONS}
    head = s["study"]
    study_checks.figures(s)
    columns = s["children"]["bands"] or s["children"]["total"]
    bands = tuple(sorted(Band.parse(name) for name in columns))
    study_checks.bands(bands)
    groups = {name: _group(document, name) for name in GROUPS}
    for section in (each for group in groups.values() for each in group.values()):
        study_checks.arrival(section)
    return Study(
        name=head["name"],
        crs=head["crs"],
        date=_date(head["date"]),
        language=head["language"] or "vi",
        cell_m=float(head["cell_m"] or 100),
        synthetic=bool(head["synthetic"]),
        estimate=bool(
            head["estimate"] or s["children"]["estimate"] or s["children"]["zones"] or s["children"]["total"]
        ),
        bands=bands,
        columns={Band.parse(name).name: column for name, column in columns.items()},
        vintage=str(s["communes"]["vintage"]),
        sections=s,
        constraints=groups["constraints"],
        nearby=groups["nearby"],
        sources=tuple({key: str(value) for key, value in row.items()} for row in document.get("sources", ())),
        raw=document,
    )


def _group(document: Mapping[str, Any], group: str) -> dict[str, Section]:
    """Sections [group.NAME] by name."""
    return {name: Section(f"{group}.{name}", values) for name, values in document.get(group, {}).items()}


def _date(value: date | str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise StudyError(f'[study] date = "{value}"', "a date such as 2026-11-23", "mend the date") from error
