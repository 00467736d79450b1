"""Surveyed study: a study with filled forms brought in, as a folder of its own; the study itself is left as it is."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
import tomli_w
from sanchoi.api import half, study_files, survey_files
from sanchoi.api.scenario_study import COLUMNS
from sanchoi.gis import results, survey
from sanchoi.gis.errors import SanchoiError, SourceError
from sanchoi.gis.names import fold
from sanchoi.gis.notes import Notes
from sanchoi.gis.results import fixed_clock
from sanchoi.gis.sources import arrival, columns, load, vector
from sanchoi.gis.sources.load import Reader
from sanchoi.gis.survey import SAME_M, Area, Survey
from sanchoi.gis.survey_cells import written
from sanchoi.gis.survey_form import Faults, Filled
from sanchoi.gis.survey_place import DEGREES, Within
from sanchoi.gis.survey_words import Pair, refusal, remark

COMMUNES, INVENTORY, SURVEYED, GATES = (
    "survey_communes.gpkg",
    "survey_inventory.gpkg",
    "survey_play_areas.gpkg",
    "survey_gates.gpkg",
)
RECORD = "surveys.json"
FLAG = "sanchoi_surveyed"
ARRIVED = ("layer", "where", "encoding", "assume_crs", "swap_xy")
"""What study.toml says of a layer as it arrived; it is in order once it is written again."""
TOLD = (
    "form_id",
    "commune_id",
    "surveyor",
    "surveyed_on",
    "check",
    "measured",
    "condition",
    "place",
    "note",
    "within_m",
)
"""What the layer of surveyed play areas says beside the columns of an inventory."""
SOURCE = {"vi": "Khảo sát sân chơi: {names}", "en": "Survey of play areas: {names}"}


@dataclass(frozen=True)
class Imported:
    """What was brought in. `surveys` : forms that are new. `remarks` : what was recognised, assumed or left out."""

    surveys: tuple[Survey, ...]
    remarks: tuple[Pair, ...]


@dataclass
class Now:
    """A study as it is: its communes, play areas and gates in its CRS, and the forms that were brought in before."""

    folder: Path
    reader: Reader
    communes: gpd.GeoDataFrame
    play_areas: gpd.GeoDataFrame | None
    gates: gpd.GeoDataFrame | None
    earlier: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path) -> Now:
        """Read what forms can change.

        Raises
        ------
        SanchoiError : the study, or one of these layers, cannot be used.
        """
        reader = Reader(load.study(folder), folder, Notes())
        communes = reader.communes()
        reader.frame(communes)
        found, gates = reader.play_areas(communes)
        record = folder / RECORD
        try:
            earlier = json.loads(record.read_text("utf-8")) if record.is_file() else []
        except (ValueError, OSError) as error:
            raise SourceError(
                f"{RECORD} cannot be read", "the forms that were brought in", "take the study anew"
            ) from error
        return cls(folder, reader, communes, found, gates, earlier)


def bring(paths: Sequence[Path], folder: Path, out: Path, today: date, counts: Callable[[str], bool]) -> Imported:
    """Bring filled forms into a copy of a study.

    Parameters
    ----------
    folder : the study. out : a new or empty folder for the copy. today : no survey is later. counts : whether a kind is supply.

    Raises
    ------
    Faults : everything that is wrong with the forms. SourceError : the place cannot be written. SanchoiError : the study.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise SourceError(f"{out} holds files already", "a new or empty folder", "choose another with --out")
    now = Now.read(folder)
    surveys, remarks = _checked(paths, now, today, counts)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with half.beside(out, "import") as place:
            work = place / "study"
            work.mkdir()
            _write(now, surveys, work, out)
            if out.exists():
                out.rmdir()
            work.replace(out)
    except OSError as error:
        if isinstance(error, SanchoiError):
            raise
        raise results.unwritable(out, error) from error
    for each in surveys:
        kept = sum(area.check != "new" for area in each.areas)
        told = {"new": len(each.areas) - kept, "kept": kept, "gone": len(each.gone)}
        remarks += [*each.remarks, remark("taken", name=each.form.commune, date=written(each.day), **told)]
    return Imported(tuple(surveys), tuple(remarks))


def _checked(
    paths: Sequence[Path], now: Now, today: date, counts: Callable[[str], bool]
) -> tuple[list[Survey], list[Pair]]:
    """Forms that hold and are new, each with ids for its play areas."""
    faults: list[SanchoiError] = []
    found: dict[str, Survey] = {}
    remarks: list[Pair] = []
    taken = set() if now.play_areas is None else set(now.play_areas["play_area_id"])
    for path in paths:
        try:
            one = _one(survey_files.read(path), now, today, counts)
            commune = one.form.commune_id
            if commune in found:
                if found[commune].digest != one.digest:
                    names = {"one": found[commune].file, "two": one.file, "name": one.form.commune}
                    raise refusal("forms_differ", **names)
                remarks.append(remark("same", file=one.file, other=found[commune].file))
            elif _is_new(one, now):
                found[commune] = one
            else:
                remarks.append(remark("again", file=one.file))
        except Faults as error:
            faults += error.faults
        except SanchoiError as error:
            faults.append(error)
    faults += _doubles(list(found.values()), now)
    if not faults and not found:
        faults.append(refusal("nothing_new"))
    if faults:
        raise Faults(faults)
    out = []
    for one in found.values():
        numbered = survey.numbered(one, taken)
        taken |= {each.play_area_id for each in numbered.areas}
        out.append(numbered)
    return out, remarks


def _one(filled: Filled, now: Now, today: date, counts: Callable[[str], bool]) -> Survey:
    form = filled.form
    own = now.communes[now.communes["commune_id"] == form.commune_id]
    if not len(own):
        raise refusal("commune", file=filled.file, name=form.commune, came=form.commune_id)
    outline = own.geometry.to_crs(DEGREES).iloc[0]
    within = Within(str(own["name"].iloc[0]), shapely.make_valid(outline), now.reader.study.crs)
    found = survey.check(filled, within, now.reader.study.vintage, today, counts)
    known = set() if now.play_areas is None else set(now.play_areas["play_area_id"])
    before = any(row["commune_id"] == form.commune_id for row in now.earlier)
    lost = [each for each in form.known if each.play_area_id not in known and not before]
    if lost:
        told = [
            refusal("gone_unknown", file=filled.file, name=e.name or e.play_area_id, came=e.play_area_id) for e in lost
        ]
        raise Faults(told)
    if not before:
        found = _beside(found, now, within, counts)
    return found


def _beside(one: Survey, now: Now, within: Within, counts: Callable[[str], bool]) -> Survey:
    """The form with a remark on play areas of its commune that it does not list: they count though nobody looked at them.

    Raises
    ------
    Faults : the form says that there are none.
    """
    if now.play_areas is None:
        return one
    listed = {each.play_area_id for each in one.form.known}
    table = now.play_areas[~now.play_areas["play_area_id"].isin(listed)]
    table = table[np.array([counts(kind) for kind in table["kind"]], dtype=bool)]
    table = table[table["access"].isin(["public", "unknown"]).to_numpy(dtype=bool)]
    outline = within.metres(within.outline)
    table = table[shapely.intersects(table.geometry.representative_point().to_numpy(), outline)]
    if not len(table):
        return one
    names = [_named(name) or own for name, own in zip(table["name"], table["play_area_id"], strict=True)]
    told = {"file": one.file, "n": len(names), "names": ", ".join(names[:5]) + (" …" if len(names) > 5 else "")}
    if not one.areas:
        raise Faults([refusal("none_and_stock", **told)])
    return replace(one, remarks=(*one.remarks, remark("unlisted", name=one.form.commune, **told)))


def _is_new(one: Survey, now: Now) -> bool:
    """Whether a form is not in the study yet.

    Raises
    ------
    ContractError : the commune is surveyed, and not by this form.
    """
    earlier = [row for row in now.earlier if row["commune_id"] == one.form.commune_id]
    if earlier:
        if earlier[-1]["digest"] == one.digest:
            return False
        raise refusal(
            "done", file=one.file, name=one.form.commune, date=written(date.fromisoformat(earlier[-1]["surveyed_on"]))
        )
    if bool(now.communes.loc[now.communes["commune_id"] == one.form.commune_id, "surveyed"].iloc[0]):
        raise refusal("surveyed", file=one.file, name=one.form.commune)
    return True


def _doubles(surveys: Sequence[Survey], now: Now) -> list[SanchoiError]:
    """New play areas that stand where the study, or a form of a neighbour, has one."""
    struck = {each for one in surveys for each in one.gone}
    crs = now.reader.study.crs
    stands: list[tuple[str, str, Any]] = []
    if now.play_areas is not None:
        table = now.play_areas[~now.play_areas["play_area_id"].isin(struck)]
        stands = list(zip(table["play_area_id"], map(_named, table["name"]), table.geometry, strict=True))
    out: list[SanchoiError] = []
    for one in surveys:
        fresh = [each for each in one.areas if each.check == "new" and each.geometry is not None]
        shapes = gpd.GeoSeries([each.geometry for each in fresh], crs=DEGREES).to_crs(crs) if fresh else []
        added = []
        for each, shape in zip(fresh, shapes, strict=True):
            for own, name, other in stands:
                same = fold(name) == fold(each.name)
                like = shape.geom_type == other.geom_type and each.within_m is None and _like(shape, other)
                if (like or same) and shapely.distance(shape, other) <= SAME_M:
                    told = f"“{name}”" if name else own
                    out.append(refusal("on_record", file=one.file, at=each.at, name=each.name, other=told))
            added.append((f"{one.file}", each.name, shape))
        stands += added
    return out


def _named(name: object) -> str:
    return name if isinstance(name, str) else ""


def _like(one: Any, two: Any) -> bool:  # noqa: ANN401 - shapely geometry
    """Two points, or two areas that share most of their ground: a playground in a park is not the park."""
    if one.geom_type == "Point":
        return True
    return bool(one.intersection(two).area > 0.5 * max(one.area, two.area))


def _write(now: Now, surveys: Sequence[Survey], work: Path, out: Path) -> None:
    document = copy.deepcopy(dict(now.reader.study.raw))
    _communes(now, {one.form.commune_id for one in surveys}, document, work)
    _play_areas(now, surveys, document, work)
    study_files.copied(now.folder, document, work, out)
    record = [*now.earlier, *(_told(one) for one in surveys)]
    language = now.reader.study.language
    document["sources"] = [*_others(document.get("sources", ())), *_sources(record, language)]
    head = f"# Made by sanchoi import survey from the study {now.folder.resolve().name}; {RECORD} says which forms.\n"
    (work / "study.toml").write_text(head + tomli_w.dumps(document), "utf-8")
    (work / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _communes(now: Now, surveyed: set[str], document: dict[str, Any], work: Path) -> None:
    """The layer of communes as it is, with who is surveyed."""
    section, study = now.reader.study["communes"], now.reader.study
    found = vector.read(
        now.reader.path(section["path"]),
        layer=section["layer"],
        where=section["where"],
        name="communes",
        arrival=arrival.of(section, study.crs),
    )
    found.attrs = {}
    keys = columns.keys(found, section["id"], "communes")
    flags = dict(zip(now.communes["commune_id"], now.communes["surveyed"], strict=True))
    found[FLAG] = [bool(flags[key]) or key in surveyed for key in keys]
    _gpkg(found, work / COMMUNES)
    document["communes"] = {k: v for k, v in document["communes"].items() if k not in ARRIVED}
    document["communes"] |= {"path": COMMUNES, "surveyed": FLAG}


def _play_areas(now: Now, surveys: Sequence[Survey], document: dict[str, Any], work: Path) -> None:
    """The inventory without what was surveyed or struck, and what was surveyed, by whom and when."""
    crs, before = now.reader.study.crs, now.folder / SURVEYED
    names = [*COLUMNS.values()]
    empty = gpd.GeoDataFrame({name: [] for name in names}, geometry=[], crs=crs)
    stock = empty if now.play_areas is None else now.play_areas[[*names, "geometry"]]
    done = pyogrio.read_dataframe(before) if before.is_file() and now.earlier else None
    if done is not None:
        stock = stock[~stock["play_area_id"].isin(set(done["play_area_id"]))]
    rows = [_row(area, one, stock, crs) for one in surveys for area in one.areas]
    fresh = gpd.GeoDataFrame(rows, columns=[*names, *TOLD, "geometry"], geometry="geometry", crs=crs)
    parts = [part for part in (done, fresh) if part is not None and len(part)]
    fresh = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=crs) if parts else fresh
    leave = set(fresh["play_area_id"]) | {each for one in surveys for each in one.gone}
    stock = stock[~stock["play_area_id"].isin(leave)]
    paths = []
    if len(stock):
        _gpkg(stock, work / INVENTORY)
        paths.append(INVENTORY)
    if len(fresh) or not paths:
        _gpkg(fresh, work / SURVEYED)
        paths.append(SURVEYED)
    document["play_areas"] = {"path": paths if len(paths) > 1 else paths[0], **COLUMNS, "within": "within_m"}
    if now.gates is not None and len(now.gates):
        _gpkg(now.gates[["geometry"]], work / GATES)
        document["play_areas"]["gates"] = GATES


def _row(area: Area, one: Survey, stock: gpd.GeoDataFrame, crs: str) -> dict[str, Any]:
    """One surveyed play area as a row; the ground of an outline that is larger than what can be played on keeps both figures."""
    own = stock[stock["play_area_id"] == area.play_area_id]
    shape = (
        own.geometry.iloc[0]
        if area.geometry is None
        else gpd.GeoSeries([area.geometry], crs=DEGREES).to_crs(crs).iloc[0]
    )
    size = np.nan if area.area_m2 is None else area.area_m2
    usable = float(own["usable_m2"].iloc[0]) if len(own) else np.nan
    if shape.geom_type != "Point" and area.area_m2 is not None and area.measured in ("measured", "paced"):
        usable = min(size, float(shape.area))
    return {
        "play_area_id": area.play_area_id,
        "name": area.name or None,
        "kind": area.kind,
        "area_m2": size,
        "usable_m2": usable,
        "access": area.access,
        "ages": area.ages or None,
        "form_id": one.form.form_id,
        "commune_id": one.form.commune_id,
        "surveyor": one.surveyor,
        "surveyed_on": one.day.isoformat(),
        **{name: getattr(area, name) or None for name in ("check", "measured", "condition", "place", "note")},
        "within_m": np.nan if area.within_m is None else round(area.within_m, 1),
        "geometry": shape,
    }


def _gpkg(frame: gpd.GeoDataFrame, path: Path) -> None:
    taken = {str(each).lower() for each in frame.columns}
    if "fid" in taken:  # the name of the key that a GeoPackage keeps itself
        frame = frame.drop(columns=[each for each in frame.columns if str(each).lower() == "fid"])
    numbers = {name: "float64" for name in ("area_m2", "usable_m2", "within_m") if name in frame}
    kinds = set(frame.geom_type)
    options = {} if len(kinds) == 1 else {"geometry_type": "Unknown" if kinds else "Point"}
    with fixed_clock():
        pyogrio.write_dataframe(frame.astype(numbers), path, layer=path.stem, driver="GPKG", **options)


def _told(one: Survey) -> dict[str, Any]:
    """A form as the record of the study keeps it."""
    form = one.form
    return {
        "form_id": form.form_id,
        "commune_id": form.commune_id,
        "commune": form.commune,
        "vintage": form.vintage,
        "run_id": form.run_id,
        "version": form.version,
        "surveyor": one.surveyor,
        "surveyed_on": one.day.isoformat(),
        "play_areas": len(one.areas),
        "gone": list(one.gone),
        "file": one.file,
        "digest": one.digest,
    }


def _others(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    heads = tuple(text.partition("{")[0] for text in SOURCE.values())
    return [row for row in rows if not str(row.get("name", "")).startswith(heads)]


def _sources(record: Sequence[Mapping[str, Any]], language: str) -> list[dict[str, str]]:
    """Who surveyed what, and when: one source for each office and day."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for row in record:
        grouped.setdefault((row["surveyor"], row["surveyed_on"]), []).append(f"{row['commune']} ({row['form_id']})")
    return [
        {
            "layer": "play_areas",
            "name": SOURCE[language].format(names=", ".join(names)),
            "attribution": office,
            "date": day,
        }
        for (office, day), names in sorted(grouped.items())
    ]
