"""Words about jobs: what one does, of which result, what was asked for, and what to do when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sanchoi.api.jobs import registry
from sanchoi.api.library import Entry
from sanchoi.api.pages import exports_words
from sanchoi.api.pages.tongue import Tongue
from sanchoi.api.store import Job

Row = dict[str, Any]
FEW = 12
"""So many ids of a list are told; of a longer one how many there are more."""


def title(job: Job, t: Tongue) -> str:
    """What a job does."""
    found = registry.PROCESSES.get(job.process_id)
    return found.title[1 if t.language == "en" else 0] if found else job.process_id


def subject(job: Job, shown: Mapping[str, Entry]) -> str:
    """Name of the result or the study that a job works on; its id where the result is there no more."""
    key = str(job.inputs.get("study") or job.result_id or "")
    return str(shown[key].name) if key in shown else key


def objectives(t: Tongue) -> dict[str, str]:
    """What a plan may aim at."""
    return {
        "cover": t.say("Serve as many children as possible"),
        "cover_all": t.say("Serve every child who can be served, with the fewest sites or the least money"),
        "p_median": t.say("Shortest walk on average"),
        "kolm_pollak": t.say("Short walks, above all for those who walk far"),
        "max_min": t.say("Lift the commune with the lowest share first"),
        "capacitated": t.say("Room for as many children as possible"),
    }


def parts(t: Tongue) -> dict[str, str]:
    """What a download may hold."""
    return {
        "tables": t.say("Tables (Excel, CSV, Parquet)"),
        "geopackage": t.say("Layers for QGIS (GeoPackage)"),
        "maps": t.say("Maps that open in a browser"),
    }


def asked(job: Job, t: Tongue) -> list[tuple[str, str]]:
    """What was asked of a job besides its result: name and value, both in words."""
    given = job.inputs
    aims, pieces = objectives(t), parts(t)
    told: dict[str, tuple[str, Callable[[Any], str]]] = {
        "budget": (t.say("Money for all sites"), lambda v: t.word("million", m=t.exact(v / 1e6))),
        "count": (t.say("Number of sites"), lambda v: t.number(v)),
        "objective": (t.say("Objective"), lambda v: aims.get(v, v)),
        "min_spacing_m": (t.say("Least distance between sites"), lambda v: t.exact(v, "m")),
        "min_per_commune": (t.say("Sites that each commune gets at least"), lambda v: t.number(v)),
        "fixed": (t.say("Parcels that must be chosen"), lambda v: _some(v, t)),
        "forbidden": (t.say("Parcels that must not be chosen"), lambda v: _some(v, t)),
        "communes": (t.say("Communes"), lambda v: _some(v, t)),
        "sites": (t.say("Plots of land"), lambda v: _some(v, t)),
        "parts": (t.say("Parts"), lambda v: "; ".join(pieces.get(each, each) for each in v)),
        "name": (t.say("Name of the new result"), lambda v: str(v)),
    }
    more = exports_words.asked(given, t) if job.process_id == "export" else []
    return more + [(name, say(given[key])) for key, (name, say) in told.items() if given.get(key)]


def _some(ids: list[str], t: Tongue) -> str:
    first = ", ".join(ids[:FEW])
    return first if len(ids) <= FEW else t.say("%(ids)s and %(n)s more", ids=first, n=t.number(len(ids) - FEW))


def todo(key: str, process_id: str, t: Tongue) -> str:
    """What to do about a failure, by the kind of problem."""
    if key == "infeasible":
        return t.say(
            "Loosen the conditions and send it again: more money or more sites, a smaller distance, fewer sites a commune, "
            "fewer parcels that must or must not be chosen."
        )
    if key in ("study", "contract", "crs", "norm", "unknown_id") and process_id == "run":
        return t.say("Mend in the study what is named here, then send it again.")
    if key in ("study", "unknown_id"):
        return t.say("Change what is named here and send it again.")
    if key in ("source", "unavailable"):
        return t.say("A file could not be read or written. Tell whoever runs this service, then send it again.")
    return t.say("Send it once more. If it fails again, tell whoever runs this service and give the number of the job.")
