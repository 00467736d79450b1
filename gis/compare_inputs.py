"""What went into two results: files by their hash, sources and their dates, norms, settings, and where somebody had looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd

CHILDREN = ("children", "children zones", "population", "buildings", "landuse")
"""Layers that say how many children there are and where they live, besides the outlines of communes."""
SETTINGS = ("cell_m", "bands", "target_share", "max_walk_m", "network", "detour", "decay", "distance_only")
METHOD = ("network", "detour")
LOOKED_AT = {"barriers": ("barriers", "path"), "gates": ("play_areas", "gates"), "bridge": ("network", "bridge")}
"""Settings that change how a walk is measured, though nobody built a way; of the second, whether there is any such data."""

Run = Mapping[str, Any]
Row = dict[str, Any]


class Taken(Protocol):
    """What is needed of a result."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Named tables."""

    @property
    def run(self) -> Mapping[str, Any]:
        """How it was made."""


def differences(first: Run, second: Run) -> list[Row]:
    """One row for everything that went into either: `what` (input, source, norm, setting, study, version), `key`, `first`,
    `second`, `change`.

    `change` is same, changed, only_first or only_second.
    """
    found: list[Row] = []
    sides = [_facts(run) for run in (first, second)]
    for what in ("study", "input", "source", "norm", "setting", "version"):
        one, two = sides[0][what], sides[1][what]
        for key in [*one, *(k for k in two if k not in one)]:
            told = one.get(key), two.get(key)
            change = "only_second" if key not in one else "only_first" if key not in two else "changed"
            found.append(
                {
                    "what": what,
                    "key": key,
                    "first": told[0],
                    "second": told[1],
                    "change": "same" if key in one and key in two and told[0] == told[1] else change,
                }
            )
    return found


def _facts(run: Run) -> dict[str, dict[str, Any]]:
    study, settings = run.get("study", {}), run.get("settings", {})
    inputs: dict[str, Any] = {}
    for each in run.get("inputs", []):
        name = str(each.get("layer", ""))
        inputs[_new(name, inputs)] = {key: each.get(key) for key in ("sha256", "path", "rows")}
    sources: dict[str, Any] = {}
    for each in run.get("sources", []):
        name = str(each.get("layer", ""))
        sources[_new(name, sources)] = {k: v for k, v in each.items() if k != "layer" and v}
    norms: dict[str, Any] = {"profile": run.get("norm", {}).get("profile")}
    for each in run.get("norms", []):
        name = f"{each.get('band')} · {each.get('tier')}"
        norms[name] = {key: each.get(key) for key in ("walk_m", "min_site_m2", "m2_per_child")}
    return {
        "study": {key: study.get(key) for key in ("name", "date", "vintage", "crs", "estimate")},
        "input": inputs,
        "source": sources,
        "norm": norms,
        "setting": {key: settings.get(key) for key in SETTINGS} | _asides(settings),
        "version": {"sanchoi": run.get("versions", {}).get("sanchoi")},
    }


def _asides(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What walks are measured with beside ways, as far as a study says so."""
    study = settings.get("study") or {}
    out = {name: True for name, (section, key) in LOOKED_AT.items() if (study.get(section) or {}).get(key)}
    offset = (study.get("network") or {}).get("max_offset_m")
    return {**out, **({} if offset is None else {"max_offset_m": offset})}


def _new(name: str, known: Mapping[str, Any]) -> str:
    """The name, numbered where a layer has several files."""
    k = 2
    out = name
    while out in known:
        out, k = f"{name} {k}", k + 1
    return out


def sha(run: Run, layers: Sequence[str]) -> dict[str, list[str]]:
    """Hashes of the files of some layers; a layer that no file feeds is not there."""
    out: dict[str, list[str]] = {}
    for each in run.get("inputs", []):
        if each.get("layer") in layers:
            out.setdefault(str(each["layer"]), []).append(str(each.get("sha256")))
    return out


def same_outlines(first: Taken, second: Taken) -> bool:
    """Whether the communes of both are the same ground under the same ids, whatever file they came from."""
    one, two = (each.tables["communes"].set_index("commune_id").geometry for each in (first, second))
    return set(one.index) == set(two.index) and bool(one.geom_equals_exact(two.loc[one.index], 0).all())


def same_children(first: Run, second: Run, outlines: bool = False) -> bool:
    """Whether both results were told the same of children, so that only outlines can have moved any between cells.

    Counts that are given for the communes themselves are other counts when the communes are others; `outlines`: these are known
    to be the same, though their files differ (a survey adds a column).
    """
    one, two = (sha(run, CHILDREN) for run in (first, second))
    zones = outlines or "children zones" in one or sha(first, ("communes",)) == sha(second, ("communes",))
    return one == two and "children" in one and zones and _asked(first) == _asked(second)


def _asked(run: Run) -> Any:  # noqa: ANN401 - a section of study.toml
    section = dict(run.get("settings", {}).get("study", {}).get("children", {}))
    return {key: value for key, value in section.items() if key in ("bands", "split")}


def limits(run: Run) -> dict[str, list[tuple[Any, ...]]]:
    """What each band is judged by when it comes to walking: tiers of limit and least size."""
    out: dict[str, list[tuple[Any, ...]]] = {}
    for each in run.get("norms", []):
        out.setdefault(str(each["band"]), []).append((each.get("walk_m"), each.get("min_site_m2")))
    return {band: sorted(rows, key=str) for band, rows in out.items()}


def single(run: Run, bands: Sequence[str]) -> list[float] | None:
    """The one walking limit of each band, where every band has one that takes places of any size; else None."""
    found = limits(run)
    out = []
    for band in bands:
        rows = found.get(band, [])
        if len(rows) != 1 or rows[0][0] is None or rows[0][1] is not None:
            return None
        out.append(float(rows[0][0]))
    return out


def asked_m2(run: Run) -> dict[str, float | None]:
    """Ground that the norm asks for each child of a band; None = none."""
    out: dict[str, float | None] = {}
    for each in run.get("norms", []):
        if each.get("m2_per_child") is not None:
            out[str(each["band"])] = float(each["m2_per_child"])
        else:
            out.setdefault(str(each["band"]), None)
    return out


def same_method(first: Run, second: Run) -> bool:
    """Whether walks are measured the same way, with barriers, gates and bridges known to both or to neither."""
    looked = [
        {key: value for key, value in _asides(run["settings"]).items() if key in LOOKED_AT} for run in (first, second)
    ]
    return looked[0] == looked[1] and all(first["settings"].get(key) == second["settings"].get(key) for key in METHOD)


def ages(bands: Sequence[str]) -> set[int]:
    """Years of age that bands such as "0-5" hold.

    Raises
    ------
    ValueError : a band is no span of ages.
    """
    out: set[int] = set()
    for band in bands:
        low, _, high = band.partition("-")
        out |= set(range(int(low), int(high or low) + 1))
    return out


def same_limits(first: Run, second: Run) -> bool:
    """Whether both are judged by the same walking limits, measured the same way."""
    return limits(first) == limits(second) and same_method(first, second)


def same_rules(first: Run, second: Run) -> bool:
    """Whether the norm, and how ground is shared, are the same for both, however walks are measured."""
    settings = [run["settings"] for run in (first, second)]
    weights = [each.get("study", {}).get("norms", {}).get("band_weights") for each in settings]
    return (
        limits(first) == limits(second)
        and asked_m2(first) == asked_m2(second)
        and settings[0].get("decay") == settings[1].get("decay")
        and weights[0] == weights[1]
    )


def same_ground(first: Run, second: Run) -> bool:
    """Whether both find enough ground by the same rule."""
    return same_rules(first, second) and same_method(first, second)
