"""Parts: why the number of children who lack something differs between two results, in parts that sum to the difference.

For one cell and band, P = children, B = those of them who lack it (are not covered, or find too little ground), b = B ÷ P. Of
cells that are known on both sides and lie in both areas, with ¯ the mean of the two sides:

    B₂ − B₁ = (P₂ − P₁) · b¯  +  (b₂ − b₁) · P¯
              children           coverage

Both are Shapley values of a product of two factors (Shapley 1953; Das Gupta 1993): neither side comes first, so turning the
two results round turns every sign. Where nobody lives on one side, b there is unknown and is taken as that of the other: all
of it is `children`.

Where the norms differ and every walk can be judged by both, b_s(L) is the share of side s under the limits L of either:

    (b₂ − b₁) = ½[(b₁(L₂) − b₁(L₁)) + (b₂(L₂) − b₂(L₁))]  +  ½[(b₂(L₁) − b₁(L₁)) + (b₂(L₂) − b₁(L₂))]
                norm                                          ground

and where it cannot be judged, the whole of it is `undivided`. Ground per child also changes where nothing was built, because
other children share the same play areas: what lies too far from any place or walk that changed is `sharing`. And a cell is
covered or not by where in it children are taken to stand, which the border of two communes can move: `places`. Cells of which
either side does not know who is covered, or how many children there are, take no part in this: B₂ − B₁ of them is
`newly_known`, `no_longer_known` or `unknown_both`, which is neither better nor worse. Cells that lie in one area alone are
`only_first` (−B₁) and `only_second` (B₂).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PARTS = (
    "children",
    "norm",
    "ground",
    "places",
    "sharing",
    "undivided",
    "newly_known",
    "no_longer_known",
    "unknown_both",
    "only_first",
    "only_second",
)
UNKNOWN = ("newly_known", "no_longer_known", "unknown_both")
SLACK = 1e-9
"""Share of a cell's children that rounding may leave of an unknown part."""


@dataclass(frozen=True)
class Lack:
    """Children of (cells, bands) on one side, 0 where the cell is not there.

    Attributes
    ----------
    people : whose number is known. bad : of them, those who are known to lack it. unsure : of them, those of whom it is not
    known.
    blank : whether the number of some is unknown. inside : (cells,) whether the cell lies in the area.
    other : `bad` under the other side's norm; None = it cannot be told, or the norms are the same.
    assumed : (cells,) whether `bad` rests on what this side took for granted and the other knows; None = nowhere.
    """

    people: Floats
    bad: Floats
    unsure: Floats
    blank: Bools
    inside: Bools
    other: Floats | None = None
    assumed: Bools | None = None

    @property
    def known(self) -> Bools:
        """Whether all is known of all children of a cell."""
        found = ~self.blank & (self.unsure <= SLACK * self.people)
        return found if self.assumed is None else found & ~self.assumed[:, None]


def parts(
    first: Lack, second: Lack, same_norm: bool, touched: Bools | None = None, rest: str = "sharing"
) -> dict[str, Floats]:
    """Part → (cells, bands) children; over the parts they sum to `second.bad − first.bad`.

    Parameters
    ----------
    first, second : the same cells of both results, in the same order.
    same_norm : both are judged by the same limits.
    touched : (cells,) whether a play area or walk that changed can matter there; None = it does everywhere. Elsewhere
        the part of the ground is called `rest`.
    """
    shape = first.people.shape
    out = {name: np.zeros(shape) for name in PARTS}
    change = second.bad - first.bad
    both = (first.inside & second.inside)[:, None]
    out["only_first"] = np.where((first.inside & ~second.inside)[:, None], change, 0.0)
    out["only_second"] = np.where((second.inside & ~first.inside)[:, None], change, 0.0)
    a, b = first.known, second.known
    for name, mask in (("newly_known", ~a & b), ("no_longer_known", a & ~b), ("unknown_both", ~a & ~b)):
        out[name] = np.where(both & mask, change, 0.0)
    ok = both & a & b
    one, two = _shares(first.bad, second.bad, first.people, second.people)
    people = (first.people + second.people) / 2
    out["children"] = np.where(ok, (second.people - first.people) * (one + two) / 2, 0.0)
    coverage = np.where(ok, (two - one) * people, 0.0)
    if same_norm:
        out["ground"] = coverage
    elif first.other is None or second.other is None:
        out["undivided"] = coverage
    else:
        one_two, two_one = _shares(first.other, second.other, first.people, second.people)
        out["norm"] = np.where(ok, people * ((one_two - one) + (two - two_one)) / 2, 0.0)
        out["ground"] = coverage - out["norm"]
    if touched is not None:
        out[rest] = np.where(touched[:, None], 0.0, out["ground"])
        out["ground"] = np.where(touched[:, None], out["ground"], 0.0)
    return out


def _shares(bad_1: Floats, bad_2: Floats, people_1: Floats, people_2: Floats) -> tuple[Floats, Floats]:
    """Share of the children who lack it on either side; where nobody lives, that of the other side."""
    one = np.divide(bad_1, people_1, out=np.zeros_like(bad_1), where=people_1 > 0)
    two = np.divide(bad_2, people_2, out=np.zeros_like(bad_2), where=people_2 > 0)
    return np.where(people_1 > 0, one, two), np.where(people_2 > 0, two, one)
