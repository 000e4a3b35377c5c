"""Hold a history against the assumptions of a product, and say which of them fails."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput, BadValue
from rating.engines.collective.annual import AnnualModel, annual_model
from sandbox.backtest.frequency import frequency
from sandbox.backtest.history import TOTAL, History, Known
from sandbox.backtest.outcome import Calibration, Finding, Subject, holm
from sandbox.backtest.series import DRAWS
from sandbox.backtest.severity import severity
from sandbox.backtest.sizes import drawn_marks, ratio_marks, sizes_of
from sandbox.backtest.total import YearRun, exposed, named_seed, paid_of, total
from sandbox.run import basis_of

Integers = npt.NDArray[np.int64]
OF_COUNTS, OF_SIZES, OF_TOTALS = 4, 5, 4
"""How many tests a line may have."""
LONG_TERM = (
    "expected a product of a year: a history by year says neither age nor duration of those who "
    "died; use 'covercast fit experience', which holds lives against a table"
)


@dataclass(frozen=True)
class Wanted:
    """What is held: the level of all tests together, such as 0.05, and how years are simulated."""

    level: float
    run: YearRun


@dataclass(frozen=True)
class Backtest:
    """What came of it.

    policies  year → how many whole policies stand for its exposure
    tests   in the order of the lines, corrected for one another
    calibrations  one for each line;  skipped: lines of which too little is known to test anything
    unlisted  size → (listed, counted) where not every counted claim is listed
    """

    wanted: Wanted
    policies: Mapping[int, int]
    tests: tuple[Finding, ...]
    calibrations: tuple[Calibration, ...]
    skipped: tuple[str, ...]
    unlisted: Mapping[str, tuple[int, int]]

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The assumptions that fail: frequencies and sizes before totals, the surest first."""
        order: dict[Subject, int] = {"frequency": 0, "severity": 0, "total": 1}
        failing = [test for test in self.tests if test.fails]
        return tuple(sorted(failing, key=lambda test: (order[test.subject], test.adjusted)))


def bound_year(run: YearRun) -> AnnualModel:
    """Bind the year that is simulated.

    Raises BadInput for a contract of many years, and for a book with parts of a year.
    """
    product = run.portfolio.product
    if product.long_term:
        raise BadInput.one(product.product.at, "", LONG_TERM)
    model = annual_model(product, basis_of(product, run.basis), run.portfolio.cells)
    if run.portfolio.cells.periods is not None:
        text = "expected a book without start and end: a history counts whole policy years"
        raise BadInput.one(At(run.portfolio.source), "", text)
    return model


def by_row(model: AnnualModel, policies: Integers) -> Integers:
    """Give [row] the policies of each cell, and of each item that events hit alone its policies."""
    return policies if model.rows.policy is None else policies[model.rows.policy]


def known_of(model: AnnualModel) -> Known:
    """Give the names that a history of the product may have."""
    processes = [one.name for one in model.collective]
    processes += [one.name for one in model.catalogue]
    covers = [entry.name for entry in model.payout.entries]
    return Known(processes, [*covers, TOTAL], drawn_marks(model), ratio_marks(model))


def _resolved(history: History, wanted: Wanted, most: int) -> None:
    """Raise BadValue where draws are so few that no chance could be small enough to fail."""
    level = wanted.level / most
    if level < 2.0 / (DRAWS + 1):
        least = f"{200.0 * most / (DRAWS + 1):.2g}%"
        got = f"{wanted.level * 100:g}%"
        raise BadValue(f"--level: expected at least {least} for up to {most} tests, got {got}")
    years = min((len(seen) for seen in history.paid.values()), default=None)
    if years is not None and 2.0 * (wanted.run.years + 1.0) ** -years > level:
        needed = math.ceil((2.0 / level) ** (1.0 / years))
        raise BadValue(
            f"--years: expected at least {needed:,}, so that a total of {years} "
            f"year{'s' if years > 1 else ''} can fail, got {wanted.run.years:,}"
        )


def backtest(model: AnnualModel, history: History, wanted: Wanted) -> Backtest:
    """Test every line of the history.

    The power that is told is that of the least favourable of all tests: the level over as many as
    there may be.
    """
    most = OF_COUNTS * len(history.counts) + OF_SIZES * len(history.claims)
    most += OF_TOTALS * len(history.paid)
    level = wanted.level / most
    _resolved(history, wanted, most)
    policies = {
        year: exposed(model.cells.policies, much) for year, much in history.policies.items()
    }
    rows = {year: by_row(model, cells) for year, cells in policies.items()}
    parts: list[tuple[str, list[Finding], Calibration | None]] = []

    def random(name: str) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(named_seed(wanted.run.seed, name)))

    for name, counts in history.counts.items():
        found = frequency(model.of_rows, name, counts, rows, random(f"count {name}"), level)
        parts.append((name, *found))
    every = np.asarray(sum(rows.values()), dtype=np.float64)
    for name, claims in history.claims.items():
        sizes = sizes_of(model.of_rows, name, every)
        parts.append((name, *severity(name, claims, sizes, random(f"size {name}"), level)))
    years = sorted({year for seen in history.paid.values() for year in seen})
    tables = {year: wanted.run.table(year, policies[year]) for year in years}
    for name, seen in history.paid.items():
        made = {year: paid_of(tables[year], name) for year in seen}
        parts.append((name, *total(name, seen, made, random(f"paid {name}"), level)))
    return Backtest(
        wanted,
        {year: int(cells.sum()) for year, cells in policies.items()},
        holm([test for _, tests, _ in parts for test in tests], wanted.level),
        tuple(one for _, _, one in parts if one is not None),
        tuple(name for name, tests, _ in parts if not tests),
        history.unlisted,
    )
