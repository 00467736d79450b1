"""Options: how sheets are wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sanchoi.maps.sheets.paper import Paper
from sanchoi.maps.sheets.picture import DPI, check
from sanchoi.maps.sheets.refusals import refusal
from sanchoi.maps.sheets.theme import Theme, theme
from sanchoi.maps.sheets.words import say
from sanchoi.maps.words import LANGUAGES

SIGNATURES = 4
TITLE = 200


@dataclass(frozen=True)
class Options:
    """How sheets are wanted.

    Attributes
    ----------
    paper, landscape : A4 to A0. scale : 10,000 for 1:10,000; None = the rule's for a commune, or one at which the site fits.
    fit : the scale of the series of Viet Nam's maps at which everything is on one sheet, whatever the rule says.
    signatures : labels of the signature block; None = the usual three, () = no block. style : a name of `theme.THEMES`.
    scales : rows of the table of scales (`kind, max_area_ha, scale, source, article, verified`). title : instead of the usual.
    dpi : of pictures. result_id : name of the result where it is kept. geo : with the georeference (GeoPDF).
    """

    paper: str = "A3"
    landscape: bool = True
    scale: float | None = None
    language: str = "vi"
    signatures: Sequence[str] | None = None
    style: str = "plain"
    scales: Sequence[Mapping[str, object]] = ()
    title: str | None = None
    result_id: str = ""
    geo: bool = False
    fit: bool = False
    dpi: float = DPI

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise refusal("language", came=self.language, known=", ".join(LANGUAGES))
        if self.signatures is not None and len(self.signatures) > SIGNATURES:
            raise refusal("signatures", came=len(self.signatures), most=SIGNATURES)
        check(self.dpi, Paper(self.paper.upper()).size)
        if self.fit and self.scale is not None:
            raise refusal("fit_and_scale", came=f"{self.scale:,g}")

    @property
    def sheet(self) -> Paper:
        """The paper."""
        return Paper(self.paper.upper(), self.landscape)

    @property
    def theme(self) -> Theme:
        """The colours."""
        return theme(self.style)

    def signed(self, last: str) -> list[str]:
        """Labels of the signature block; `last`: who signs last where nobody said who signs."""
        if self.signatures is not None:
            return [each for each in self.signatures if each.strip()]
        return [*(say(key, self.language) for key in ("sign_made", "sign_checked")), last]

    def titled(self, key: str) -> str:
        """The title: given, or the usual one."""
        return self.title[:TITLE] if self.title and self.title.strip() else say(key, self.language)
