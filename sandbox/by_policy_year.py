"""Run-offs by policy year: what is paid in each year, measured with errors."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.measures import (
    Mean,
    Measure,
    Measured,
    Sample,
    StandardDeviation,
    TailValueAtRisk,
    ValueAtRisk,
)
from sandbox.simulate.policy_years import PolicyYears

POLICY_YEAR = ("policy_year",)
"""The classification by which run-offs are told year by year."""
OF_CLAIMS: Sequence[Measure] = (
    Mean(),
    StandardDeviation(),
    ValueAtRisk(level=0.995),
    TailValueAtRisk(level=0.99),
)


@dataclass(frozen=True)
class YearOfRunOffs:
    """A policy year, or of contracts in force a year from the day of the run; without interest.

    claims  as OF_CLAIMS has them;  premium, expenses: means
    protected  whether contracts of reinsurance, which nothing here is net of, protect the product
    in_force   whether some policy years of a contract are over on the day of the run
    """

    year: int
    claims: Sequence[Measured]
    premium: Measured
    expenses: Measured
    protected: bool = False
    in_force: bool = False


def by_policy_year(
    found: PolicyYears, *, protected: bool = False, in_force: bool = False
) -> tuple[YearOfRunOffs, ...]:
    """Measure each policy year, before reinsurance; protected, in_force: see `YearOfRunOffs`."""
    rows, mean = [], Mean()
    for year in range(found.years):
        claims, premium, expenses = (
            Sample(part[:, year]) for part in (found.claims, found.premium, found.expenses)
        )
        measured = tuple(one.measure(claims) for one in OF_CLAIMS)
        means = mean.measure(premium), mean.measure(expenses)
        rows.append(YearOfRunOffs(year + 1, measured, *means, protected, in_force))
    return tuple(rows)


__all__ = ["OF_CLAIMS", "POLICY_YEAR", "YearOfRunOffs", "by_policy_year"]
