"""Norms: rows of `data/norms.csv`, chosen by profile and matched to the study's age bands.

A limit says how far a child may have to walk (`walk_m`), to ground of what size (`min_site_m2`), and how much ground
each child should find there (`m2_per_child`). Nothing is ever converted from one of these into another.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from sanchoi.gis.errors import NormError, StudyError

DEFAULT_FAMILY = "qcvn-01"
PLANNER = "planner"


@dataclass(frozen=True, order=True)
class Band:
    """Children of the ages `low` to `high`, both inclusive."""

    low: int
    high: int

    @classmethod
    def parse(cls, name: str) -> Band:
        """Read "0-5". Raises StudyError when the text is not two whole ages in order."""
        low, dash, high = name.partition("-")
        if not (dash and low.strip().isdigit() and high.strip().isdigit() and int(low) <= int(high)):
            raise StudyError(f'band "{name}"', 'two inclusive ages in order, such as "0-5"', "mend [children] bands")
        return cls(int(low), int(high))

    @property
    def name(self) -> str:
        """Name as in tables: "0-5"."""
        return f"{self.low}-{self.high}"

    def overlaps(self, other: Band) -> bool:
        """Whether the two age ranges share a year."""
        return self.low <= other.high and other.low <= self.high

    def within(self, other: Band) -> bool:
        """Whether every year of this band lies in `other`."""
        return other.low <= self.low and self.high <= other.high


@dataclass(frozen=True)
class Limit:
    """One norm row as it applies to one band. None = the norm does not say."""

    band: str
    tier: str
    walk_m: float | None
    min_site_m2: float | None
    m2_per_child: float | None
    profile: str
    source: str
    article: str
    verified: bool
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Limits:
    """All limits of a study: the tiers of each band, and what must be said about them.

    `m2_per_person` is compared with provision only; `remarks` are (code, text) pairs for the record.
    """

    profile: str
    name_vi: str
    name_en: str
    tiers: tuple[Limit, ...]
    m2_per_person: float | None
    target_share: float
    rows: pd.DataFrame
    remarks: tuple[tuple[str, str], ...]

    def of(self, band: str) -> list[Limit]:
        """Tiers of one band, nearest first."""
        return [t for t in self.tiers if t.band == band]

    def walk_m(self, band: str) -> float | None:
        """The walking limit that a band is named by: its shortest tier; None when the norm has none."""
        return min((t.walk_m for t in self.of(band) if t.walk_m is not None), default=None)

    def m2_per_child(self, band: str) -> float | None:
        """m² per child asked for a band, None for a profile that judges distance only."""
        return max((t.m2_per_child for t in self.of(band) if t.m2_per_child is not None), default=None)

    @property
    def max_walk_m(self) -> float:
        """The longest walking limit of all bands and tiers, metres; 0 when there is none."""
        return max((t.walk_m for t in self.tiers if t.walk_m is not None), default=0.0)

    @property
    def flags(self) -> list[str]:
        """Flags that every commune carries because of the norm."""
        return sorted({code for code, _ in self.remarks if code in ("unverified_norm", "norm_out_of_date")})


def load(rows: pd.DataFrame) -> pd.DataFrame:
    """Check and type the rows of a norms table.

    Parameters
    ----------
    rows : text columns as in `data/norms.csv`.

    Returns
    -------
    The same rows: numbers as float (NaN = not said), dates as `date` or None, `verified` as bool.

    Raises
    ------
    NormError : a row without source, with a negative figure, or with `verified` that is neither true nor false.

    """
    out = rows.copy()
    for column in ("walk_m", "min_site_m2", "m2_per_child", "m2_per_person"):
        out[column] = pd.to_numeric(out[column].replace("", None))
        bad = out.index[out[column] <= 0]
        if len(bad):
            raise NormError(
                f"{column} {out.at[bad[0], column]!s} in norm row {bad[0]}", "a positive figure", "mend the row"
            )
    for column in ("valid_from", "valid_to"):
        out[column] = [date.fromisoformat(text) if text else None for text in out[column].fillna("")]
    for index, row in out.iterrows():
        if row["verified"] not in ("true", "false") or not row["source"]:
            raise NormError(
                f"norm row {index} ({row['profile']})", "a source and verified = true|false", "mend the row"
            )
    out["verified"] = out["verified"] == "true"
    return out


def profiles(rows: pd.DataFrame) -> list[str]:
    """Profile ids in file order."""
    return list(dict.fromkeys(rows["profile"]))


def require(rows: pd.DataFrame, profile: str) -> None:
    """Raise NormError, with a did-you-mean, unless the profile exists."""
    known = profiles(rows)
    if profile not in known:
        near = difflib.get_close_matches(profile, known, 1)
        hint = f'did you mean "{near[0]}"?' if near else "name one of them in [norms] profile"
        raise NormError(f'norm profile "{profile}"', "one of " + ", ".join(known), hint)


def in_force(rows: pd.DataFrame, family: str, on: date) -> str:
    """Profile of a family ("qcvn-01") that is in force on a day.

    Raises
    ------
    NormError : none, or more than one, is in force.

    """
    mine = rows[rows["profile"].str.startswith(family + "-")]
    valid = [p for p, group in mine.groupby("profile") if _valid(group.iloc[0], on)]
    if len(valid) != 1:
        raise NormError(
            f"{len(valid)} profiles of {family} are in force on {on}",
            "one of " + ", ".join(profiles(rows)),
            "name one in [norms] profile",
        )
    return str(valid[0])


def _valid(row: pd.Series, on: date) -> bool:
    after = row["valid_from"] is None or row["valid_from"] <= on
    return bool(after and (row["valid_to"] is None or on <= row["valid_to"]))


def select(
    rows: pd.DataFrame,
    profile: str | None,
    bands: Sequence[Band],
    on: date,
    *,
    walk_m: float | Mapping[str, float] | None = None,
    m2_per_child: float | Mapping[str, float] | None = None,
    target_share: float = 0.8,
) -> Limits:
    """Limits of a profile for the study's bands, with the planner's own figures laid over them.

    Parameters
    ----------
    rows : norm rows from `load`.
    profile : an id, a family such as "qcvn-01", or None: the one of QCVN 01 in force on `on`.
    bands : the study's bands. One that straddles two age ranges of the norm takes the row with the shorter walk
        (then the larger ground), and a remark says so.
    on : the study's date. A profile not in force on it gives the remark `norm_out_of_date`, never a switch.
    walk_m, m2_per_child : figures set by the planner, for all bands or by band. `walk_m` replaces the tiers.
    target_share : share of children that must be served, 0 < τ ≤ 1.

    Raises
    ------
    NormError : no such profile, or a band the profile says nothing about.

    """
    chosen = profile or DEFAULT_FAMILY
    if chosen not in profiles(rows):
        if not any(p.startswith(chosen + "-") for p in profiles(rows)):
            require(rows, chosen)
        chosen = in_force(rows, chosen, on)
    mine = rows[rows["profile"] == chosen]
    used = mine[mine["use"] == "limit"]
    first = mine.iloc[0]
    remarks: list[tuple[str, str]] = []
    if not _valid(first, on):
        span = f"{first['valid_from'] or '…'} – {first['valid_to'] or '…'}"
        remarks.append(("norm_out_of_date", f"{chosen} is in force {span}, the study's date is {on}"))
    per_person = used["m2_per_person"].max()
    tiers = [t for band in bands for t in _tiers(used[used["m2_per_person"].isna()], band, remarks)]
    tiers = _planner(tiers, bands, walk_m, m2_per_child)
    people = used[used["m2_per_person"].notna()]
    if any(not t.verified for t in tiers if t.profile != PLANNER) or not people["verified"].all():
        remarks.append(("unverified_norm", f"{chosen} holds figures that were not read in the legal text"))
    if all(t.m2_per_child is None for t in tiers) and any(t.walk_m is not None for t in tiers):
        remarks.append(("distance_only", f"{chosen} sets no m² per child: distance only is judged"))
    if all(t.walk_m is None for t in tiers):
        remarks.append(("no_walking_limit", f"{chosen} sets no walking distance; set [norms] walk_m to judge coverage"))
    return Limits(
        chosen,
        str(first["name_vi"]),
        str(first["name_en"]),
        tuple(tiers),
        None if pd.isna(per_person) else float(per_person),
        target_share,
        mine.reset_index(drop=True),
        tuple(dict.fromkeys(remarks)),
    )


def _tiers(rows: pd.DataFrame, band: Band, remarks: list[tuple[str, str]]) -> list[Limit]:
    """The row of each tier that applies to a band."""
    found = []
    for tier, group in rows.groupby("tier", sort=False):
        ages = [Band.parse(text) for text in group["ages"]]
        touching = [i for i, other in enumerate(ages) if band.overlaps(other)]
        if not touching:
            continue
        strict = min(
            touching,
            key=lambda i: (_or(group["walk_m"].iloc[i], 1e9), -_or(group["min_site_m2"].iloc[i], 0.0)),
        )
        if len(touching) > 1 or not band.within(ages[strict]):
            spans = ", ".join(ages[i].name for i in touching)
            remarks.append(
                (
                    "band_straddles",
                    f"band {band.name} does not fit the norm's ages ({spans}): "
                    f"the stricter limit is used, that of {ages[strict].name}",
                )
            )
        row = group.iloc[strict]
        found.append(
            Limit(
                band.name,
                str(tier),
                _none(row["walk_m"]),
                _none(row["min_site_m2"]),
                _none(row["m2_per_child"]),
                str(row["profile"]),
                str(row["source"]),
                str(row["article"]),
                bool(row["verified"]),
                row["valid_from"],
                row["valid_to"],
            )
        )
    if not found:
        raise NormError(
            f'band "{band.name}"',
            f"ages that {rows['profile'].iloc[0]} speaks of: " + ", ".join(sorted(set(rows["ages"]))),
            "choose another profile, or other bands in [children]",
        )
    return sorted(found, key=lambda t: (_or(t.walk_m, 0.0), _or(t.min_site_m2, 0.0)))


def _planner(
    tiers: list[Limit],
    bands: Sequence[Band],
    walk_m: float | Mapping[str, float] | None,
    m2_per_child: float | Mapping[str, float] | None,
) -> list[Limit]:
    """Lay the planner's figures over the norm's tiers; a walking limit replaces the tiers of its band."""
    out = list(tiers)
    for band in bands:
        own = walk_m.get(band.name) if isinstance(walk_m, Mapping) else walk_m
        if own is not None:
            mine = [t for t in out if t.band == band.name]
            single = replace(
                mine[0],
                tier=PLANNER,
                walk_m=float(own),
                min_site_m2=None,
                profile=PLANNER,
                source="set by the planner",
                article="",
                verified=True,
                valid_from=None,
                valid_to=None,
            )
            out = [t for t in out if t.band != band.name] + [single]
        own = m2_per_child.get(band.name) if isinstance(m2_per_child, Mapping) else m2_per_child
        if own is not None:
            out = [replace(t, m2_per_child=float(own)) if t.band == band.name else t for t in out]
    return out


def _none(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _or(value: float | None, default: float) -> float:
    return default if value is None or pd.isna(value) else float(value)
