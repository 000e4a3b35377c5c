"""What was paid in a year against what the sandbox makes of the same policies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from product_factory.numbers.hashing import hash64
from rating.kernels.random import stream_key
from sandbox.backtest.history import TOTAL
from sandbox.backtest.outcome import POWER, Calibration, Finding, calibration
from sandbox.backtest.series import (
    DRAWS,
    TAIL,
    Series,
    over_years,
    two_sided,
)
from sandbox.execution import Execution
from sandbox.loss_table import LossTable
from sandbox.portfolio.portfolio import Portfolio
from sandbox.run import simulate

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MOST_POLICIES = 10_000_000
HALF = 0.5


def named_seed(seed: int, name: str) -> int:
    """Give a seed that no other name has."""
    return int(stream_key(np.uint64(seed), np.uint64(hash64(f"backtest {name}"))))


def exposed(policies: Integers, wanted: float) -> Integers:
    """Give [cell] so many whole policies, at least 1, in the mix of a portfolio.

    Places are taken evenly along the cells in their order, so that no kind of risk is favoured:
    each cell gets its share, rounded up or down.
    """
    if wanted > MOST_POLICIES:
        raise BadValue(f"policies: expected at most {MOST_POLICIES:,} in a year, got {wanted:,.0f}")
    ends = np.floor(np.cumsum(policies) * (round(wanted) / policies.sum()) + HALF)
    return np.asarray(np.diff(ends, prepend=0.0), dtype=np.int64)


@dataclass(frozen=True)
class YearRun:
    """How a year is simulated."""

    portfolio: Portfolio
    basis: str
    years: int
    seed: int
    execution: Execution

    def table(self, year: int, policies: Integers) -> LossTable:
        """Simulate a year's policies often, on random numbers of its own."""
        base = self.portfolio
        cells = replace(base.cells, policies=policies)
        portfolio = replace(base, cells=cells).only(policies > 0)
        return simulate(
            base.product,
            portfolio,
            years=self.years,
            seed=named_seed(self.seed, f"year {year}"),
            basis=self.basis,
            execution=self.execution,
        ).table


def paid_of(table: LossTable, line: str) -> Floats:
    """Give [row] what a cover pays, or all."""
    return table.total() if line == TOTAL else table.paid[:, table.columns.index(line)]


def total(
    line: str,
    seen: Mapping[int, float],
    rows: Mapping[int, Floats],
    random: np.random.Generator,
    level: float,
) -> tuple[list[Finding], Calibration]:
    """Test what a cover paid; rows: year → [row] simulated; level: at which power is told."""
    years = sorted(seen)
    made = np.stack([rows[year] for year in years], axis=1)
    amounts = np.array([seen[year] for year in years])
    alike = np.vstack([made, amounts])
    drawn = paired(alike, random)
    expected = made.mean(axis=0)
    found = [_level(line, float(amounts.sum()), float(expected.sum()), drawn.sum(axis=1), level)]
    mean, variance = alike.mean(axis=0), alike.var(axis=0, ddof=1)
    if (variance > 0.0).all():
        series = Series(years, amounts, mean, variance, drawn, powers=(1, 2))
        found += over_years(series, "total", line, level)
    pit = pit_of(amounts, made, random.random(len(years)))
    known = float(amounts.sum()), float(expected.sum())
    return found, calibration("total", line, years, *known, pit)


def paired(alike: Floats, random: np.random.Generator) -> Floats:
    """Draw histories, each year's value from what was simulated of it and what was seen.

    Under the assumptions the values of a year are exchangeable, and years are independent: what
    was seen is one of all these histories, and its rank among them is even (a permutation test by
    Monte Carlo: Dwass, Annals of Mathematical Statistics 28, 1957). There are far more of them than
    simulated years, so that few years do not bound how small a chance may be found.
    """
    rows, years = alike.shape
    return np.asarray(np.take_along_axis(alike, random.integers(0, rows, (DRAWS, years)), axis=0))


def pit_of(seen: Sequence[float] | Floats, drawn: Floats, u: Floats) -> Floats:
    """Give the place of each year among the simulated ones, ties being shared by u: exactly even.

    What was seen is one of n + 1 that are alike: (less + u (alike + 1)) / (n + 1).
    """
    less = (drawn < seen).sum(axis=0)
    alike = (drawn == seen).sum(axis=0)
    return np.asarray((less + u * (alike + 1)) / (len(drawn) + 1), dtype=np.float64)


def _level(line: str, seen: float, mean: float, drawn: Floats, level: float) -> Finding:
    """Test what all years paid together.

    The interval is of the factor on every payout: with a factor outside of it what was seen is
    beyond what chance allows.
    """
    low, high, top, weak = np.quantile(
        drawn, [TAIL, 1.0 - TAIL, 1.0 - level / 2.0, 1.0 - POWER]
    ).tolist()
    least, most = (seen / bound if bound > 0.0 else np.inf for bound in (high, low))
    estimate = seen / mean if mean > 0.0 else np.inf
    finds = top / weak - 1.0 if weak > 0.0 else np.nan
    return Finding("total", line, "level", estimate, least, most, two_sided(drawn, seen), finds)
