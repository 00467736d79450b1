"""Model files: the folder `model/` of a result, which "what if?" reads (an edge: files out, files in).

Arrays are NumPy files that are mapped, not read, so that all processes of a service share one copy; tables are GeoParquet in the
study's CRS; the rest is JSON. The same run gives the same bytes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import study as study_rules
from sanchoi.gis.access_points import Doors
from sanchoi.gis.attach import Attachment
from sanchoi.gis.catchments import Homes, Steps
from sanchoi.gis.crowding import Shared
from sanchoi.gis.errors import SourceError
from sanchoi.gis.gaps import Ground
from sanchoi.gis.model import Model, Walks
from sanchoi.gis.model import Path as Way
from sanchoi.gis.network import Graph, Network
from sanchoi.gis.norms import Limit, Limits
from sanchoi.gis.reasons import Ways
from sanchoi.gis.rulebook import Rulebook
from sanchoi.gis.supply import Sites
from sanchoi.gis.window import Around, Squares

FOLDER = "model"
FORMAT = 2
"""Changes when a model of an earlier program can no longer be read."""
PLAIN = ("counts", "cell_id", "x", "y", "commune", "children", "off", "straight_m", "nearest_m", "nearest_site")
NAMES = ("now", "opened", "dry", "straight")
Array = npt.NDArray[Any]


def save(model: Model, result: Path) -> None:
    """Write a model into a result folder; one that is there is replaced."""
    folder = result / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    def keep(name: str, values: Array | None) -> None:
        if values is not None:
            np.save(folder / f"{name}.npy", np.ascontiguousarray(values), allow_pickle=False)

    for name in PLAIN:
        keep(name, getattr(model, name))
    for each in fields(Ground):
        keep(f"ground.{each.name}", getattr(model.ground, each.name))
    keep("dry", model.dry)
    keep("sites.area_m2", model.sites.area_m2)
    keep("sites.size_m2", model.sites.size_m2)
    keep("sites.supply", model.sites.supply)
    same: list[int] = []
    walks = tuple(model.walks)
    for k, (name, way) in enumerate(zip(NAMES, walks, strict=True)):
        same.append(next(j for j in range(4) if walks[j] is way))
        if same[k] == k:
            _keep_walks(keep, f"walks.{name}", way)
    for name, path in (("now", model.now), ("free", model.free)):
        if path is not None:
            _keep_path(keep, f"network.{name}", path)
    model.communes.to_parquet(folder / "communes.parquet", index=False)
    model.sites.table.to_parquet(folder / "play_areas.parquet", index=False)
    for name, shapes in (("barriers", model.barriers), ("gates", model.gates)):
        if shapes is not None:
            gpd.GeoDataFrame(geometry=shapes, crs=model.study.crs).to_parquet(folder / f"{name}.parquet", index=False)
    told = {
        "format": FORMAT,
        "run_id": model.run_id,
        "study": model.study.raw,
        "limits": {**vars(model.limits), "tiers": [vars(t) for t in model.limits.tiers], "rows": None},
        "rank": model.rank,
        "common": model.common,
        "same": same,
        "book": None if model.book is None else model.book.keep(lambda name, values: keep(f"book.{name}", values)),
    }
    (folder / "model.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8"
    )


def load(result: Path) -> Model:
    """The model of a result folder, its arrays mapped into memory.

    Raises
    ------
    SourceError : the result has no model, or one that cannot be read.
    """
    folder = result / FOLDER
    if not (folder / "model.json").is_file():
        raise SourceError(f"{result.name} holds no model/", "a result of this version", "run the study again")
    try:
        told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            raise SourceError(
                f"model/ of {result.name} has format {told['format']}", f"format {FORMAT}", "run the study again"
            )
        return _load(result, folder, told)
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, SourceError):
            raise
        told = (
            getattr(error, "strerror", None) or type(error).__name__
        )  # its whole text may name folders of the machine
        raise SourceError(
            f"model/ of {result.name} cannot be read ({told})", "files as written", "run the study again"
        ) from error


def found(result: Path) -> Model | None:
    """The model of a result folder; None where it has none, or one of another program.

    Raises
    ------
    SourceError : it is damaged.
    """
    record = result / FOLDER / "model.json"
    if not record.is_file() or f'"format": {FORMAT},' not in record.read_text(encoding="utf-8")[:200]:
        return None
    return load(result)


def _load(result: Path, folder: Path, told: Mapping[str, Any]) -> Model:
    def get(name: str) -> Array:
        # copy on write: nobody can change the file, and compiled code takes it for any other array
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c", allow_pickle=False))

    def shapes(name: str) -> Array | None:
        path = folder / f"{name}.parquet"
        return np.asarray(gpd.read_parquet(path).geometry.to_numpy()) if path.is_file() else None

    study = study_rules.parse(told["study"])
    limits = _limits(told["limits"])
    barriers = shapes("barriers")
    if barriers is not None:
        shapely.prepare(barriers)
    walks: list[Walks] = []
    for k, name in enumerate(NAMES):
        walks.append(_walks(get, f"walks.{name}") if told["same"][k] == k else walks[told["same"][k]])
    ground = Ground(*(get(f"ground.{each.name}") for each in fields(Ground)))
    plain = {name: get(name) for name in PLAIN}
    paths = [
        _path(get, f"network.{name}", walls) if (folder / f"network.{name}.x.npy").is_file() else None
        for name, walls in (("now", barriers), ("free", None))
    ]
    return Model(
        study=study,
        limits=limits,
        communes=gpd.read_parquet(folder / "communes.parquet"),
        rank=[None if r is None else int(r) for r in told["rank"]],
        ground=ground,
        common=list(told["common"]),
        sites=Sites(
            gpd.read_parquet(folder / "play_areas.parquet"),
            get("sites.area_m2"),
            get("sites.size_m2"),
            get("sites.supply"),
        ),
        walks=Ways(*walks),
        now=paths[0],
        free=paths[1],
        barriers=barriers,
        gates=shapes("gates"),
        dry=get("dry") if (folder / "dry.npy").is_file() else None,
        gaps=pd.read_parquet(result / "tables" / "gaps.parquet"),
        run_id=str(told["run_id"]),
        book=Rulebook.read(told["book"], lambda name: get(f"book.{name}")) if told.get("book") else None,
        **plain,
    )


def _limits(told: Mapping[str, Any]) -> Limits:
    def day(text: str | None) -> date | None:
        return None if text is None else date.fromisoformat(text)

    tiers = tuple(
        Limit(**{**t, "valid_from": day(t["valid_from"]), "valid_to": day(t["valid_to"])}) for t in told["tiers"]
    )
    remarks = tuple((code, text) for code, text in told["remarks"])
    return Limits(**{**told, "tiers": tiers, "rows": pd.DataFrame(), "remarks": remarks})


def _keep_walks(keep: Callable[[str, Array], None], name: str, way: Walks) -> None:
    for each in ("cell", "site", "walk_m", "by_cell", "order", "by_site"):
        keep(f"{name}.{each}", getattr(way, each))
    keep(f"{name}.demand", way.shared.demand)
    keep(f"{name}.blank", way.shared.blank)


def _walks(get: Callable[[str], Array], name: str) -> Walks:
    columns = {each: get(f"{name}.{each}") for each in ("cell", "site", "walk_m", "by_cell", "order", "by_site")}
    return Walks(**columns, shared=Shared(get(f"{name}.demand"), get(f"{name}.blank")))


NETWORK = ("x", "y", "u", "v", "length_mm", "bridge")
GRAPH = ("indptr", "indices", "weights", "order", "rank")
HOMES = ("edge", "along_mm", "offset_mm")
DOORS = ("site", "edge", "along_mm", "offset_mm")


def _keep_path(keep: Callable[[str, Array], None], name: str, path: Way) -> None:
    steps = path.steps
    network = steps.homes.network
    for prefix, thing, columns in (
        ("", network, NETWORK),
        ("graph.", network.graph, GRAPH),
        ("homes.", steps.homes.cells, HOMES),
        ("doors.", steps.doors, DOORS),
    ):
        for column in columns:
            keep(f"{name}.{prefix}{column}", getattr(thing, column))
    keep(f"{name}.key", steps.key)
    keep(f"{name}.inner", np.array(steps.inner, dtype=np.int64).reshape(2, -1))
    keep(f"{name}.limit", np.array([steps.homes.limit]))
    for column in ("ptr", "item", "frame"):
        keep(f"{name}.squares.{column}", getattr(path.around.squares, column))


def _path(get: Callable[[str], Array], name: str, barriers: Array | None) -> Way:
    network = Network(*(get(f"{name}.{column}") for column in NETWORK))
    network.__dict__["graph"] = Graph(*(get(f"{name}.graph.{column}") for column in GRAPH))  # the cached property
    cells = Attachment(*(get(f"{name}.homes.{column}") for column in HOMES))
    doors = Doors(*(get(f"{name}.doors.{column}") for column in DOORS))
    inner = get(f"{name}.inner")
    squares = Squares(*(get(f"{name}.squares.{column}") for column in ("ptr", "item", "frame")))
    homes = Homes(network, cells, int(get(f"{name}.limit")[0]))
    return Way(Steps(homes, doors, get(f"{name}.key"), (inner[0], inner[1])), Around(network, squares, barriers))
