"""Verifier: works a site plan out again from the tables of its result, and says in words what does not hold.

It shares no code with the siting: plain loops over dictionaries, from the definitions of the objectives alone. So a fault of the
models, of the solver or of the tables has to be made twice to go unseen. It proves that the plan is what it says, keeps its rules
and is on the right side of its bound; that no plan is better than the bound is the solver's proof.

The objectives, with w the wanted children of a cell and band (nothing covers them today; all, where sites are chosen by need):

    cover        Σ w of those who can walk to a chosen site within its limit for their band
    cover_all    money (or sites) spent; nobody is left whom a candidate could reach
    p_median     Σ w d ÷ Σ w, d = min(walk of today, beyond_m, walks to chosen sites within the limit)
    kolm_pollak  ln(Σ w e^(a d) ÷ Σ w) ÷ a, a = Σ w d ÷ Σ w d² over the walks of today
    max_min      smallest (covered today + newly covered) ÷ children over the communes that some candidate can raise
    capacitated  children served when each takes m2_per_child of the ground of a site in reach (maximum flow)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

Demand = tuple[str, str, str]
"""cell_id, commune_id, band."""
RELATIVE = 1e-6
NEAR_M = 0.01
"""Metres by which a distance may be off after two changes of CRS."""
SHARED_M2 = 1.0
"""Ground that two sites may have in common: borders of a drawing are no finer."""


@dataclass(frozen=True)
class Verification:
    """What the tables say of a plan.

    Attributes
    ----------
    objective : its value, worked out again. steps : the same after 1, 2, … sites. children : newly covered after each.
    cost : VND of all sites; NaN = a site without a cost. breaches : what does not hold, one sentence each; empty = all holds.
    """

    objective: float
    steps: tuple[float, ...]
    children: tuple[float, ...]
    cost: float
    breaches: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found against the plan."""
        return not self.breaches


@dataclass(frozen=True)
class _Town:
    """The tables as dictionaries."""

    wanted: dict[Demand, float]
    today: dict[Demand, float]
    reach: dict[str, dict[Demand, float]]
    children: dict[str, float]
    covered: dict[str, float]
    parcels: dict[str, Any]
    may: set[str]


def verify(found: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Verification:
    """Work the plan of a result out again.

    Parameters
    ----------
    found : the tables walks, parcel_limits, cell_bands, cells, parcels, sites and usable.
    run : run.json: `siting` with its `rules`, and `study.crs`.
    """
    siting = run["siting"]
    rules = siting["rules"]
    town = _town(found, bool(siting.get("by_need")), rules)
    rows = found["sites"].sort_values("build_order")
    chosen = [str(each) for each in rows["parcel_id"]]
    breaches = _against_rules(town, chosen, rules, found, run)
    there = [each for each in chosen if each in town.parcels]
    measure = _MEASURES[siting["objective"]]
    steps = tuple(measure(town, there[: at + 1], siting) for at in range(len(there)))
    objective = steps[-1] if steps else measure(town, [], siting)
    children = tuple(sum(town.wanted[k] for k in _reached(town, there[: at + 1])) for at in range(len(there)))
    costs = [_number(town.parcels[each]["cost"]) for each in there]
    breaches += _against_record(objective, siting)
    breaches += _against_steps(rows, steps, children, costs)
    if siting["objective"] == "cover_all":
        missed = sum(town.wanted[k] for k in _reached(town, town.may) - _reached(town, there))
        if missed > 0:
            breaches.append(f"{missed:g} children are left whom a candidate could reach")
    return Verification(objective, steps, children, math.fsum(costs), tuple(breaches))


def _number(value: Any) -> float:  # noqa: ANN401 (a cell of any table)
    return math.nan if pd.isna(value) else float(value)


def _town(found: Mapping[str, pd.DataFrame], by_need: bool, rules: Mapping[str, Any]) -> _Town:
    wanted: dict[Demand, float] = {}
    today: dict[Demand, float] = {}
    children: dict[str, float] = {}
    covered: dict[str, float] = {}
    walk_today: dict[tuple[str, str], float] = {}
    cells = found["cells"]
    for cell, commune, walk in zip(cells["cell_id"], cells["commune_id"], cells["walk_m"], strict=True):
        walk_today[cell, commune] = math.inf if by_need or pd.isna(walk) else float(walk)
    bands: dict[tuple[str, str], list[str]] = {}
    table = found["cell_bands"]
    for cell, commune, band, count, seen in zip(
        *(table[name] for name in ("cell_id", "commune_id", "band", "children", "covered")), strict=True
    ):
        number = _number(count)
        unknown = math.isnan(number) or (not by_need and number > 0 and pd.isna(seen))
        has = False if by_need or pd.isna(seen) else bool(seen)
        children[commune] = children.get(commune, 0.0) + (math.nan if unknown else number)
        covered[commune] = covered.get(commune, 0.0) + (number if has and not unknown else 0.0)
        if number > 0 and not unknown and not has:
            wanted[cell, commune, band] = number
            today[cell, commune, band] = walk_today[cell, commune]
            bands.setdefault((cell, commune), []).append(band)
    kept = ["parcel_id", "verdict", "cost", "usable_m2", "commune_id"]
    parcels = {str(row["parcel_id"]): row for row in pd.DataFrame(found["parcels"])[kept].to_dict("records")}
    verdicts = {"eligible", "conditional"} if rules.get("conditional", True) else {"eligible"}
    fixed, forbidden = set(rules.get("fixed") or ()), set(rules.get("forbidden") or ())
    money = bool(rules.get("money", rules.get("budget") is not None))
    may = {
        parcel
        for parcel, row in parcels.items()
        if (row["verdict"] in verdicts or parcel in fixed)
        and parcel not in forbidden
        and not (money and pd.isna(row["cost"]))
    }
    limits: dict[tuple[str, str], float] = {}
    table = found["parcel_limits"]
    for parcel, band, limit in zip(table["parcel_id"], table["band"], table["limit_m"], strict=True):
        if not pd.isna(limit):
            limits[parcel, band] = float(limit)
    reach: dict[str, dict[Demand, float]] = {}
    table = found["walks"]
    for cell, commune, parcel, walk in zip(
        *(table[name].tolist() for name in ("cell_id", "commune_id", "parcel_id", "walk_m")), strict=True
    ):
        for band in bands.get((cell, commune), ()):
            if walk <= limits.get((parcel, band), -1.0) * (1 + 1e-9):
                mine = reach.setdefault(parcel, {})
                mine[cell, commune, band] = min(walk, mine.get((cell, commune, band), math.inf))
    return _Town(wanted, today, reach, children, covered, parcels, may)


def _reached(town: _Town, chosen: list[str] | set[str]) -> set[Demand]:
    """Wanted demands that one of the parcels reaches."""
    out: set[Demand] = set()
    for parcel in chosen:
        out.update(town.reach.get(parcel, ()))
    return out


def _cover(town: _Town, chosen: list[str], siting: Mapping[str, Any]) -> float:
    return math.fsum(town.wanted[k] for k in _reached(town, chosen))


def _cover_all(town: _Town, chosen: list[str], siting: Mapping[str, Any]) -> float:
    if siting.get("unit") == "sites":
        return float(len(chosen))
    return math.fsum(_number(town.parcels[each]["cost"]) for each in chosen)


def _walked(town: _Town, chosen: list[str], siting: Mapping[str, Any]) -> dict[Demand, float]:
    beyond = float(siting["rules"]["beyond_m"])
    out = {k: min(walk, beyond) for k, walk in town.today.items()}
    for parcel in chosen:
        for k, walk in town.reach.get(parcel, {}).items():
            if walk < out[k]:
                out[k] = walk
    return out


def _p_median(town: _Town, chosen: list[str], siting: Mapping[str, Any]) -> float:
    total = math.fsum(town.wanted.values())
    walked = _walked(town, chosen, siting)
    return math.fsum(town.wanted[k] * walk for k, walk in walked.items()) / total if total else 0.0


def _kolm_pollak(town: _Town, chosen: list[str], siting: Mapping[str, Any]) -> float:
    total = math.fsum(town.wanted.values())
    before = _walked(town, [], siting)
    square = math.fsum(town.wanted[k] * walk * walk for k, walk in before.items())
    if not square:
        return 0.0
    steep = math.fsum(town.wanted[k] * walk for k, walk in before.items()) / square
    after = _walked(town, chosen, siting)
    top = max(after.values())
    return (
        top
        + math.log(math.fsum(town.wanted[k] * math.exp(steep * (walk - top)) for k, walk in after.items()) / total)
        / steep
    )


def _max_min(town: _Town, chosen: list[str], siting: Mapping[str, Any]) -> float:
    new: dict[str, float] = {}
    for k in _reached(town, chosen):
        new[k[1]] = new.get(k[1], 0.0) + town.wanted[k]
    raised = {k[1] for k in _reached(town, town.may)}
    shares = [
        (town.covered[commune] + new.get(commune, 0.0)) / town.children[commune]
        for commune in sorted(raised)
        if town.children[commune] > 0
    ]
    return min(shares, default=math.nan)


def _capacitated(town: _Town, chosen: list[str], siting: Mapping[str, Any]) -> float:
    """Maximum flow of ground to children; those who need the least ground a child are served first, which is best."""
    asked = {band: float(each) for band, each in siting["rules"].get("m2_per_child", {}).items()}
    near: dict[Demand, list[str]] = {}
    for parcel in chosen:
        for k in town.reach.get(parcel, ()):
            near.setdefault(k, []).append(parcel)
    room = {parcel: float(town.parcels[parcel]["usable_m2"]) for parcel in chosen}
    users: dict[str, dict[Demand, float]] = {parcel: {} for parcel in chosen}
    full: set[str] = set()
    served = 0.0
    for k in sorted(near, key=lambda k: (asked.get(k[2], math.nan), k)):
        need = asked.get(k[2], math.nan)
        if need == 0:
            served += town.wanted[k]
            continue
        want = left = town.wanted[k] * need
        while left > want * 1e-12:
            path = _path(k, near, room, users, full)
            if not path:
                break
            give = min([left, room[path[-1][1]], *(users[path[at][1]][path[at + 1][0]] for at in range(len(path) - 1))])
            for at, (who, where) in enumerate(path):
                users[where][who] = users[where].get(who, 0.0) + give
                if at + 1 < len(path):
                    users[where][path[at + 1][0]] -= give
            room[path[-1][1]] -= give
            left -= give
        served += (want - left) / need
    return served


def _path(
    start: Demand,
    near: Mapping[Demand, list[str]],
    room: Mapping[str, float],
    users: Mapping[str, Mapping[Demand, float]],
    full: set[str],
) -> list[tuple[Demand, str]]:
    """Chain (demand, site it turns to) from `start` to a site with room; sites seen in vain are full for good."""
    came: dict[str, tuple[Demand, str | None]] = {}
    queue: list[str] = []

    def visit(who: Demand, before: str | None) -> None:
        for where in near[who]:
            if where not in came and where not in full:
                came[where] = (who, before)
                queue.append(where)

    visit(start, None)
    for where in queue:
        if room[where] > 1e-9:
            path: list[tuple[Demand, str]] = []
            step: str | None = where
            while step is not None:
                who, before = came[step]
                path.append((who, step))
                step = before
            return path[::-1]
        for who, used in users[where].items():
            if used > 1e-9:
                visit(who, where)
    full.update(came)
    return []


_MEASURES: dict[str, Callable[[_Town, list[str], Mapping[str, Any]], float]] = {
    "cover": _cover,
    "cover_all": _cover_all,
    "p_median": _p_median,
    "kolm_pollak": _kolm_pollak,
    "max_min": _max_min,
    "capacitated": _capacitated,
}


def _differs(one: float, two: float) -> bool:
    return not abs(one - two) <= RELATIVE * max(abs(one), abs(two), 1e-9)


def _against_rules(
    town: _Town, chosen: list[str], rules: Mapping[str, Any], found: Mapping[str, pd.DataFrame], run: Mapping[str, Any]
) -> list[str]:
    out = [f"site {each} is no parcel of the study" for each in chosen if each not in town.parcels]
    out += [f"site {each} stands twice in the plan" for each in sorted(set(chosen)) if chosen.count(each) > 1]
    forbidden, fixed = set(rules.get("forbidden") or ()), list(rules.get("fixed") or ())
    there = [each for each in chosen if each in town.parcels]
    for each in there:
        verdict = town.parcels[each]["verdict"]
        if verdict == "excluded":
            out.append(f"site {each} is excluded")
        elif verdict == "conditional" and not rules.get("conditional", True) and each not in fixed:
            out.append(f"site {each} is conditional, and conditional parcels may not be chosen")
        if each in forbidden:
            out.append(f"site {each} is forbidden")
    out += [f"fixed parcel {each} is not in the plan" for each in fixed if each not in chosen]
    if run["siting"]["objective"] != "cover_all":
        out += _against_budget(town, there, rules)
    least = int(rules.get("min_per_commune") or 0)
    if least:
        could: dict[str, int] = {}
        have: dict[str, int] = {}
        for counted, parcels in ((could, town.may), (have, set(there))):
            for each in parcels:
                home = town.parcels[each]["commune_id"]
                if not pd.isna(home):
                    counted[home] = counted.get(home, 0) + 1
        out += [
            f"commune {home} has {have.get(home, 0)} sites, at least {least} are asked for"
            for home, count in sorted(could.items())
            if count >= least > have.get(home, 0)
        ]
    places = gpd.GeoDataFrame(found["usable"]).to_crs(str(run["study"]["crs"]))
    shape = dict(zip(places["parcel_id"], shapely.make_valid(places.geometry.to_numpy()), strict=True))
    out += [f"site {each} has no usable piece" for each in there if each not in shape]
    ground = {each: shape[each] for each in sorted(set(there)) if each in shape}
    out += _against_ground(ground)
    if rules.get("min_spacing_m"):
        out += _against_spacing(ground, float(rules["min_spacing_m"]))
    return out


def _against_budget(town: _Town, chosen: list[str], rules: Mapping[str, Any]) -> list[str]:
    if rules.get("budget") is not None:
        costs = [_number(town.parcels[each]["cost"]) for each in chosen]
        blank = [each for each, cost in zip(chosen, costs, strict=True) if math.isnan(cost)]
        if blank:
            return [f"site {each} has no cost, and there is a budget" for each in blank]
        spent, budget = math.fsum(costs), float(rules["budget"])
        if spent > budget + RELATIVE * 1e-3 * max(abs(budget), 1.0):
            return [f"the sites cost {spent:,.10g} VND, the budget is {budget:,.10g} VND"]
    if rules.get("count") is not None and len(chosen) > int(rules["count"]):
        return [f"{len(chosen)} sites are chosen, at most {int(rules['count'])} may be"]
    return []


def _against_ground(ground: Mapping[str, Any]) -> list[str]:
    """No ground is used twice."""
    out = []
    there = list(ground)
    for at, one in enumerate(there):
        low_x, low_y, high_x, high_y = ground[one].bounds
        for two in there[at + 1 :]:
            left, bottom, right, top = ground[two].bounds
            if low_x < right and left < high_x and low_y < top and bottom < high_y:
                twice = ground[one].intersection(ground[two]).area
                if twice > SHARED_M2 * 1.001:
                    out.append(f"sites {one} and {two} stand on the same {twice:,.1f} m² of ground")
    return out


def _against_spacing(ground: Mapping[str, Any], spacing: float) -> list[str]:
    out = []
    there = list(ground)
    for at, one in enumerate(there):
        for two in there[at + 1 :]:
            apart = ground[one].distance(ground[two])
            if apart < spacing - NEAR_M:
                out.append(f"sites {one} and {two} are {apart:.1f} m apart, at least {spacing:g} m are asked for")
    return out


def _against_record(objective: float, siting: Mapping[str, Any]) -> list[str]:
    out = []
    incumbent, bound, gap = (float(siting[name]) for name in ("incumbent", "bound", "mip_gap"))
    if _differs(objective, incumbent):
        out.append(f"the plan is worth {objective:.10g}, {incumbent:.10g} is claimed")
    sign, side = (-1, "above") if siting["objective"] in ("cover_all", "p_median", "kolm_pollak") else (1, "below")
    if not sign * (objective - bound) <= RELATIVE * max(abs(objective), abs(bound), 1e-9):
        out.append(f"the bound {bound:.10g} is {side} what the plan reaches, {objective:.10g}")
    true_gap = abs(bound - objective) / (abs(objective) or abs(bound) or 1.0)
    if abs(true_gap - gap) > RELATIVE * max(1.0, true_gap):
        out.append(f"the gap between plan and bound is {true_gap:.6g}, {gap:.6g} is claimed")
    if siting.get("proven") and true_gap > 2 * RELATIVE:
        out.append(f"the plan is called proven with a gap of {true_gap:.6g}")
    return out


def _against_steps(
    rows: pd.DataFrame, steps: tuple[float, ...], children: tuple[float, ...], costs: list[float]
) -> list[str]:
    out = []
    orders = [int(each) for each in rows["build_order"]]
    if orders != list(range(1, len(orders) + 1)):
        out.append(f"the build order is {orders}, not 1 to {len(orders)}")
    if len(steps) != len(orders):
        return out
    totals = [math.fsum(costs[: at + 1]) for at in range(len(costs))]
    gains = [each - before for each, before in zip(children, (0.0, *children), strict=False)]
    columns = ("cost", "cost_total", "children_gained", "children_total", "objective_total")
    for name, mine in zip(columns, (costs, totals, gains, children, steps), strict=True):
        scale = max((abs(each) for each in mine), default=0.0)
        for parcel, told, here in zip(rows["parcel_id"], rows[name], mine, strict=True):
            same = (pd.isna(told) and math.isnan(here)) or abs(_number(told) - here) <= RELATIVE * max(scale, 1e-9)
            if not same:
                out.append(f"site {parcel}: {name} is {_number(told):.10g}, the tables give {here:.10g}")
    return out
