"""How a layer arrives: what its user says of its text, its CRS and its axes, and how that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyproj
from sanchoi.gis.study import Section

Pair = tuple[str, str]


@dataclass(frozen=True)
class Arrival:
    """What is said of a layer beside its path.

    Attributes
    ----------
    encoding : one of `study_keys.ENCODINGS`. assume_crs : CRS of a file that names none, or a wrong one; "" = believe the file.
    swap_xy : its numbers stand north before east. accept_guess : use what is guessed. from_lines : lines enclose its polygons.
    close_gaps_m : close gaps between lines up to so many metres; None = tell them only.
    inside : gives the ground in which it must lie, and its CRS; None = nothing is guessed.
    inside_words : that ground in words. usual : EPSG code of the study. section : of study.toml; "" = the command line.
    """

    encoding: str = "auto"
    assume_crs: str = ""
    swap_xy: bool = False
    accept_guess: bool = False
    from_lines: bool = False
    close_gaps_m: float | None = None
    inside: Callable[[], tuple[Any, Any]] | None = None
    inside_words: Pair = ("các xã của nghiên cứu", "the communes")
    usual: int | None = None
    section: str = ""

    def flag(
        self, crs: int | str | None = None, swapped: bool = False, encoding: str = "", guess: bool = False
    ) -> Pair:
        """What to write to say so, in both languages."""
        if self.section:
            keys = [f"assume_crs = {crs}"] if crs else []
            keys += ["swap_xy = true"] if swapped else []
            keys += [f'encoding = "{encoding}"'] if encoding else []
            return f"{', '.join(keys)} ở mục [{self.section}]", f"{', '.join(keys)} in [{self.section}]"
        keys = [f"--assume-crs {crs}"] if crs else []
        keys += ["--swap-xy"] if swapped else []
        keys += [f"--encoding {encoding}"] if encoding else []
        text = " ".join(keys)
        return (f"{text} (hoặc --accept-guess)", f"{text} (or --accept-guess)") if guess else (text, text)


AS_IS = Arrival()


def of(section: Section, crs: str, inside: Callable[[], tuple[Any, Any]] | None = None) -> Arrival:
    """What a section of study.toml says of its layer; `crs` is that of the study."""
    said = section.values
    return Arrival(
        encoding=said.get("encoding", "auto"),
        assume_crs=str(said.get("assume_crs", "")),
        swap_xy=said.get("swap_xy", False),
        from_lines=said.get("from_lines", False),
        close_gaps_m=said.get("close_gaps_m"),
        inside=inside,
        usual=pyproj.CRS.from_user_input(crs).to_epsg(),
        section=section.name,
    )
