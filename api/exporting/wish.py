"""Wish: what of a result is wanted, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sanchoi.api.exporting.refusals import refusal
from sanchoi.maps.sheets.options import Options

AS = ("pdf", "geopdf", "png")


@dataclass(frozen=True)
class Wish:
    """What is wanted.

    Attributes
    ----------
    communes, sites : ids; neither = the whole result, for the formats that take it whole.
    everything : one of each for every commune and every site of the plan.
    formats : names of `registry.FORMATS`. as_ : one of `AS`, for sheets. options : of sheets; the language holds for all.
    crs : of data files, None = the study's; formats that know one CRS alone ignore it.
    bom : whether text begins with a byte-order mark.
    """

    communes: Sequence[str] = ()
    sites: Sequence[str] = ()
    everything: bool = False
    formats: Sequence[str] = ("sheet-gap",)
    as_: str = "pdf"
    options: Options = field(default_factory=Options)
    crs: str | None = None
    bom: bool = True

    def __post_init__(self) -> None:
        if self.as_ not in AS:
            raise refusal("as", came=self.as_, known=", ".join(AS))
        if self.everything and (self.communes or self.sites):
            raise refusal("all_and_some")
