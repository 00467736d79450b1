"""Colours and patterns of the maps, chosen to stay apart for colour-blind readers and in grey print.

Statuses run from dark brown (worst) over orange and sand to blue (met) and each has a pattern of its own, so that none is
told by colour alone. Ordered scales follow ColorBrewer (Harrower & Brewer 2003): brown to blue, and purples.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

STATUS: dict[str, tuple[str, str, str]] = {
    "no_supply": ("#7f2704", "cross", "#e9b99a"),
    "out_of_reach": ("#e07b27", "stripes", "#fbe3c8"),
    "crowded": ("#fbdc8a", "dots", "#7a5400"),
    "met": ("#3f87bd", "plain", "#3f87bd"),
    "no_children": ("#ffffff", "sparse", "#8b8b8b"),
    "unknown": ("#e8e8e8", "hatch", "#9a9a9a"),
}
"""Status → fill, pattern, colour of the pattern; in order of the legend."""

WORST_TO_BEST = ("#8c4a0b", "#d9a75a", "#f1e6cd", "#9cc7e0", "#2a6fa8")
FEW_TO_MANY = ("#efedf5", "#cbc9e2", "#9e9ac8", "#756bb1", "#4a1e80")

WALK = {"near": "#2a6fa8", "far": "#edb04c", "very_far": "#b8500b", "no_path": "#3a1a05"}
"""Cells by walking distance: within the limit, within twice the limit, beyond, no path at all."""

CIRCLE = {"reached": "#2a6fa8", "claimed": "#e0560f", "beyond": "#c9c9c9"}
"""Cells: reached on foot; claimed by the circle but not reached; beyond both."""

PALE = 0.32
"""Opacity of cells where no children live."""
SOLID = 0.92

SITE = "#0b5345"
SITE_NOT = "#6b6b6b"
BARRIER = "#5b8fb0"
OUTLINE = "#2b2b2b"

VERDICT: dict[str, tuple[str, ...]] = {
    "eligible": ("#dcebf5", "#a9cfe6", "#6aaad2", "#2f7fb8", "#0b4f86"),
    "conditional": ("#fdebcf", "#fbcf94", "#f2a552", "#d9781c", "#a34d05"),
    "excluded": ("#e6e4de",),
}
"""Verdict → shades from low to high score. Conditional parcels are striped too and have a dashed outline, excluded are crossed."""
PIN = "#111111"


def rgba(colour: str, opacity: float = SOLID) -> tuple[int, int, int, int]:
    """Turn "#rrggbb" into red, green, blue, alpha (0–255)."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16), round(opacity * 255)


def nice(value: float) -> float:
    """The nearest of 1, 2, 5 × 10ⁿ, not below 1e-6."""
    if not value > 0:
        return 0.0
    power = 10.0 ** np.floor(np.log10(max(value, 1e-6)))
    return float(min((1, 2, 5, 10), key=lambda step: abs(step - value / power)) * power)


def breaks(values: npt.NDArray[np.float64], classes: int = len(FEW_TO_MANY)) -> list[float]:
    """Round limits between classes of about equal membership; fewer where values repeat. NaN is left out."""
    known = values[np.isfinite(values) & (values > 0)]
    if not len(known):
        return []
    cuts = [float(cut) for cut in np.quantile(known, np.linspace(0, 1, classes + 1)[1:-1])]
    rough = sorted({nice(cut) for cut in cuts})
    if len(rough) == len(cuts):
        return rough
    return sorted({float(f"{cut:.2g}") for cut in cuts})  # values lie close together: two digits tell them apart


def spread(colours: Sequence[str], count: int) -> list[str]:
    """Pick `count` colours spread over a scale, both ends included."""
    if count == 1:
        return [colours[-1]]
    return [colours[round(i * (len(colours) - 1) / (count - 1))] for i in range(count)]


def patterns() -> str:
    """SVG patterns of the statuses: none is told by colour alone."""
    marks = {
        "plain": "",
        "stripes": '<path d="M-2 10 L10 -2 M4 16 L16 4" stroke="{c}" stroke-width="2.2"/>',
        "hatch": '<path d="M-2 2 L10 14 M-2 -6 L14 10" stroke="{c}" stroke-width="1"/>',
        "dots": '<circle cx="3" cy="3" r="1.5" fill="{c}"/><circle cx="9" cy="9" r="1.5" fill="{c}"/>',
        "sparse": '<circle cx="6" cy="6" r="1" fill="{c}"/>',
        "cross": '<path d="M3 3 L9 9 M9 3 L3 9" stroke="{c}" stroke-width="1.6"/>',
    }
    return "".join(
        f'<pattern id="p-{status}" width="12" height="12" patternUnits="userSpaceOnUse">'
        f'<rect width="12" height="12" fill="{fill}"/>{marks[mark].format(c=colour)}</pattern>'
        for status, (fill, mark, colour) in STATUS.items()
    )


def verdict_patterns() -> str:
    """SVG patterns of the verdicts of parcels, as the tiles draw them on canvas."""
    stripes = '<path d="M-2 6 L6 -2 M2 10 L10 2" stroke="#3c1900" stroke-opacity="0.55" stroke-width="1.4"/>'
    cross = '<path d="M-2 6 L6 -2 M2 10 L10 2 M-2 2 L6 10 M2 -2 L10 6" stroke="#8f8c84"/>'
    body = {
        "stripes": stripes,
        "conditional": f'<rect width="8" height="8" fill="{VERDICT["conditional"][2]}"/>{stripes}',
        "excluded": f'<rect width="8" height="8" fill="{VERDICT["excluded"][0]}"/>{cross}',
    }
    return "".join(
        f'<pattern id="v-{name}" width="8" height="8" patternUnits="userSpaceOnUse">{marks}</pattern>'
        for name, marks in body.items()
    )
