"""The level premium of long_term_medical, slowly: a year at a time, by the textbook of one year.

A year's cost is that of `million_medical` with the bills of the year: with all money divided by the
price level g of the year the bills are those of the first year, so that a deductible of D counts as
D / g, and what is paid is multiplied by g. The waiting period is of the first year alone.
"""

import csv
from pathlib import Path

from product_factory.shelf import installed
from tests.rating.engines.million_textbook import limited, unlimited

TERM, INFLATION, INTEREST, ACCIDENT, DEATH_BENEFIT = 10, 0.04, 0.02, 0.10, 50_000.0
LIMIT = 2_000_000.0
STEPS = 200


def rows(path: Path) -> list[list[str]]:
    """The rows of a table below its header."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.reader(line for line in lines if not line.startswith("#")))[1:]


def treatments(age: int, sex: str, ssi: str) -> float:
    """How many a year at an attained age, as the product's table has it."""
    for low, below, of, by, often in rows(
        installed() / "long_term_medical/tables/treatments_by_age.csv"
    ):
        if int(low) <= age < int(below) and (of, by) == (sex, ssi):
            return float(often)
    raise AssertionError(age)


def dying(age: int, sex: str) -> float:
    """The chance of death within a year, China Life 2010-2013, non-annuity 1."""
    table = rows(installed() / "tables/cl_2010_2013.csv")
    return next(float(q) for at, of, q in table if (int(at), of) == (age, sex))


def year_of_claims(year: int, age: int, sex: str, ssi: str, deductible: float) -> float:
    """What treatments of a policy year cost; the yearly limit is left out for members."""
    level = (1.0 + INFLATION) ** (year - 1)
    d, mean = deductible / level, treatments(age + year - 1, sex, ssi)
    first, step = year == 1, d / STEPS
    if ssi == "member":
        return level * unlimited(mean, 0.0, d, member=True, waiting=first, step=step)
    top = LIMIT / level
    return level * limited(mean, 0.0, d, top, waiting=first, step=step)


def net_premium(age: int, sex: str, ssi: str, deductible: float) -> tuple[float, float, float]:
    """Present values of treatments and of accidental deaths, and the annuity due."""
    alive, worth, treated, died, due = 1.0, 1.0, 0.0, 0.0, 0.0
    for year in range(1, TERM + 1):
        death = dying(age + year - 1, sex)
        due += alive * worth
        worth /= 1.0 + INTEREST
        treated += alive * worth * year_of_claims(year, age, sex, ssi, deductible)
        died += alive * worth * death * ACCIDENT * DEATH_BENEFIT
        alive *= 1.0 - death
    return treated, died, due


def cash_value(age: int, sex: str, ssi: str, deductible: float, passed: int) -> float:
    """The cash value at the end of a policy year: the reserve with loadings at 4%, times its share.

    The premium is computed again at 4%, with loadings of 80%, 75%, 60%, then 10%.
    """
    claims = [year_of_claims(t, age, sex, ssi, deductible) for t in range(1, TERM + 1)]

    def later(first: int) -> tuple[float, float]:
        alive, worth, costs, due = 1.0, 1.0, 0.0, 0.0
        for year in range(first, TERM + 1):
            death = dying(age + year - 1, sex)
            due += alive * worth * (1.0 - {1: 0.80, 2: 0.75, 3: 0.60}.get(year, 0.10))
            worth /= 1.04
            costs += alive * worth * (claims[year - 1] + death * ACCIDENT * DEATH_BENEFIT)
            alive *= 1.0 - death
        return costs, due

    costs, due = later(1)
    rest, annuity = later(passed + 1)
    return max(rest - costs / due * annuity, 0.0) * min(1.0, 0.8 + 0.2 * passed / 10)
