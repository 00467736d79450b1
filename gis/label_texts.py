"""Texts inside a parcel, as cadastral maps write them: number, area and land-use code, in one text or in several.

"64 / 1240.5 / BHK", "ONT 64/120", or three texts "64", "1240,5", "BHK". A decimal figure is an area. Of two whole numbers the one
that the drawing bears out is the area; if neither is, a text that holds both names the number first. What else stands is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

CODE = re.compile(r"[A-ZĐ]{2,3}(?:\+[A-ZĐ]{2,3})*")
NUMBER = re.compile(r"\d{1,5}[A-Za-z]?")
FIGURE = re.compile(r"\d{1,9}(?:[.,]\d{1,3})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,3})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,3})?")
FORMAT = re.compile(r"\\[A-Za-z][^;\\{}]*;|%%[a-zA-Z]|[{}]")
AREA = re.compile(
    r"(?:(?<![\w+])(?P<word>S\s*[=:]|DT\s*[=:]|DT\b)\s*)?(?<![\w.,])(?P<figure>\d[\d.,]*)\s*(?P<unit>m2|m²|ha)?(?!\w)",
    re.IGNORECASE,
)
"""A figure with its unit, or with a word for area before it; that word is no land use."""
SPACED = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d{1,3})?(?![.,]?\d)")
ROAD = re.compile(r"(?<!\w)(?P<kind>ĐT|QL|TL|ĐH|ĐX|HL)[ .]*\d{1,4}[A-Za-z]?(?![\w.,/])")
"""A road by its class and number, "ĐT 605" or "QL14B": no land use, and no parcel's number."""
HECTARE_M2 = 10_000.0
AREA_SHARE, AREA_M2 = 0.005, 1.0
"""A stated area may differ from the drawn one by this share, or so many m²."""
CLOSE = 0.1


@dataclass(frozen=True)
class Label:
    """What the texts of one parcel say; None = they do not. `several` : they say more than one parcel could."""

    number: str | None
    area_m2: float | None
    land_use: str | None
    rest: str
    several: bool = False


def parse(texts: Sequence[str], drawn_m2: float, codes: Collection[str] = ()) -> Label:
    """Read the texts inside one parcel.

    Parameters
    ----------
    texts : from above to below. drawn_m2 : area of the drawing. codes : known land-use codes; empty = any capitals of that form.
    """
    numbers: list[str] = []
    areas: list[float] = []
    uses: list[str] = []
    rest: list[str] = []
    for text in texts:
        own: list[str] = []
        plain = SPACED.sub(lambda hit: _closed(hit[0], drawn_m2), _plain(text))
        for hit in AREA.finditer(plain):
            word, figure, unit = hit["word"], hit["figure"], hit["unit"]
            if not (word or unit) or not FIGURE.fullmatch(figure):
                continue
            size = HECTARE_M2 if unit and unit.lower() == "ha" else 1.0
            area = _figure(figure, drawn_m2 / size) * size
            if unit or word[-1] in "=:" or abs(area - drawn_m2) <= CLOSE * drawn_m2:
                areas.append(area)
            else:
                rest.append(hit[0])  # "DT 605" is a road too
            plain = plain.replace(hit[0], " ", 1)
        for hit in ROAD.finditer(plain):
            if hit["kind"] not in codes:
                rest.append(hit[0])
                plain = plain.replace(hit[0], " ", 1)
        for token in re.split(r"[\s/|;:]+", plain):
            if not token:
                continue
            if CODE.fullmatch(token) and (not codes or all(part in codes for part in token.split("+"))):
                uses.append(token)
            elif FIGURE.fullmatch(token) or NUMBER.fullmatch(token):
                own.append(token)
            else:
                rest.append(token)
        _share_out(own, numbers, areas, drawn_m2)
    if len(numbers) == 2 and not areas:
        numbers, areas = _by_area(numbers, drawn_m2)
    several = len(numbers) > 1 or len(areas) > 1 or len(set(uses)) > 1
    if several:
        return Label(None, None, uses[0] if len(set(uses)) == 1 else None, " ".join(texts), True)
    return Label(
        numbers[0] if numbers else None, areas[0] if areas else None, uses[0] if uses else None, " ".join(rest)
    )


def differs(stated: float | None, drawn: float) -> bool:
    """Whether a stated area is not that of the drawing."""
    return stated is not None and abs(stated - drawn) > max(AREA_M2, AREA_SHARE * drawn)


def _plain(text: str) -> str:
    """Text of a drawing without its signs of format and stacked fractions."""
    stacked = re.sub(r"\\S([^;]*)[/#^]([^;]*);", r"\1/\2 ", text)
    return FORMAT.sub("", stacked.replace("\\P", "\n"))


def _closed(token: str, drawn_m2: float) -> str:
    """A figure without the spaces between its thousands, if the drawing bears it out: "64 240" is also a number and an area."""
    joined = re.sub(r"\s", "", token)
    return token if differs(float(joined.replace(",", ".")), drawn_m2) else joined


def _share_out(own: list[str], numbers: list[str], areas: list[float], drawn_m2: float) -> None:
    """Figures of one text: one with decimals is an area; of two whole ones the first is the number."""
    decimal = [token for token in own if "." in token or "," in token]
    whole = [token for token in own if token not in decimal]
    areas += [_figure(token, drawn_m2) for token in decimal]
    if len(whole) == 2 and not decimal and whole[1].isdigit():
        numbers.append(whole[0])
        areas.append(float(whole[1]))
    else:
        numbers += whole


def _figure(token: str, drawn_m2: float) -> float:
    """A figure with marks: the last is that of decimals; "1.240" is 1,240 or 1.24, whichever the drawing is nearer to.

    "0.124" is less than one.
    """
    last = max(token.rfind("."), token.rfind(","))
    if last < 0:
        return float(token)
    plain = re.sub(r"[.,]", "", token)
    decimal = float(f"{re.sub(r'[.,]', '', token[:last])}.{token[last + 1 :]}")
    if len(token) - last != 4 or token[0] == "0":
        return decimal
    if len(re.findall(r"[.,]", token)) > 1 and len(set(re.findall(r"[.,]", token))) == 1:
        return float(plain)
    return min(decimal, float(plain), key=lambda each: abs(each - drawn_m2))


def _by_area(numbers: list[str], drawn_m2: float) -> tuple[list[str], list[float]]:
    """Two whole numbers in two texts: the one near the drawn area is the area, if just one is."""
    near = [each.isdigit() and abs(float(each) - drawn_m2) <= CLOSE * drawn_m2 for each in numbers]
    if near[0] == near[1]:
        return numbers, []
    area = near.index(True)
    return [numbers[1 - area]], [float(numbers[area])]
