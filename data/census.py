"""Children 0–14 of the communes of 2019, estimated from the census rows in `data/census/`.

`python -m sanchoi.data.census FILE` writes the table that the study of Quảng Nam reads.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from sanchoi.gis.errors import ContractError

FOLDER = Path(__file__).parent / "census"
GROUPS = ("age_0_4", "age_5_9", "age_10_14")
USAGE = "usage: python -m sanchoi.data.census FILE\n"


def population() -> pd.DataFrame:
    """People by commune: `district, commune, population_2019, zone, source, subject`.

    `zone` is "district / commune" as the outlines of 2019 spell them; it is unique only with its accents.
    """
    return pd.read_csv(FOLDER / "quang_nam_2019_population.csv")


def ages() -> pd.DataFrame:
    """People by district, with the groups below 15: `district, age_0_4 …, population_2019, source, subject`."""
    return pd.read_csv(FOLDER / "quang_nam_2019_ages.csv")


def children() -> pd.DataFrame:
    """Estimate the children of each commune by the share of its district.

    The census gives ages by district only, so with p the population of 2019,

        children_0_14(commune) = p(commune) · children_0_14(district) / p(district)

    Shares differ from 21 % to 37 % between districts; within a district they are taken as even. Not rounded, so that
    the sums of the districts are kept.

    Returns
    -------
    One row per commune of 2019, in the order of the census: `zone` and `children_0_14`.

    Raises
    ------
    ContractError : a district whose communes do not sum to its own population.

    Source: General Statistics Office, Population and Housing Census 2019.
    """
    return estimate(population(), ages())


def estimate(people: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """`children` on given tables."""
    by_district = groups.set_index("district")
    summed = people.groupby("district")["population_2019"].sum()
    whole = by_district["population_2019"]
    for district in [*whole.index, *summed.index.difference(whole.index)]:
        came, expected = summed.get(district), whole.get(district)
        if came != expected:
            raise ContractError(
                f"communes of {district}: {came} people in all",
                f"{expected}, the population of the district",
                "compare the two tables of data/census with the census",
            )
    share = by_district[list(GROUPS)].sum(axis=1) / whole
    found = people["population_2019"] * people["district"].map(share)
    return pd.DataFrame({"zone": people["zone"], "children_0_14": found})


def write(path: Path) -> Path:
    """Write `children()` as CSV; each number reads back as the same float."""
    children().to_csv(path, index=False, lineterminator="\n")
    return path


def main(arguments: list[str]) -> int:
    """Exit code of the command: 0, or 2 on wrong usage."""
    if len(arguments) != 1:
        sys.stderr.write(USAGE)
        return 2
    write(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
