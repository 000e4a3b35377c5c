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
    """A policy year, currency without interest.

    claims  as OF_CLAIMS has them;  premium, expenses: means
    """

    year: int
    claims: Sequence[Measured]
    premium: Measured
    expenses: Measured


def by_policy_year(found: PolicyYears) -> tuple[YearOfRunOffs, ...]:
    """Measure each policy year."""
    rows, mean = [], Mean()
    for year in range(found.years):
        claims, premium, expenses = (
            Sample(part[:, year]) for part in (found.claims, found.premium, found.expenses)
        )
        measured = tuple(one.measure(claims) for one in OF_CLAIMS)
        rows.append(
            YearOfRunOffs(year + 1, measured, mean.measure(premium), mean.measure(expenses))
        )
    return tuple(rows)


__all__ = ["OF_CLAIMS", "POLICY_YEAR", "YearOfRunOffs", "by_policy_year"]
