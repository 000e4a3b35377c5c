"""Simulate until a measure is known well enough, with a forecast of how long that takes.

In use:
    asked = until_of(product, "{figure: claims, error: 50000}")
    run, rounds = simulate_until(once, asked, 20_000)
    rounds[-1].reached

Each round simulates more years than the one before. Its years are the first of the next one's, so
that blocks that are kept are taken again, and the last run is the very run of so many years: no
figure tells how its number of years was found.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Protocol, TypeVar

from pydantic import PrivateAttr, model_validator

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, BadValue
from product_factory.nodes import read_nodes
from product_factory.numbers.domains import require
from product_factory.strict import PlainText, Share, Whole, read
from product_factory.types import read_number
from sandbox.execution import TooManyRows
from sandbox.execution.execution import silent
from sandbox.execution.pace import duration
from sandbox.figures import FIGURES, unit
from sandbox.figures.standard import name_of
from sandbox.gates.watched import Watched, enough, fits, yearly
from sandbox.given import given_text
from sandbox.loss_table import LossTable
from sandbox.measures import Measured

MOST_YEARS = 10_000_000
AIMED = 0.95
"""A round aims at this part of the wanted error: what is estimated may come out larger."""
GROWTH = 4.0
"""A round has at most so many times the years of the last: its forecast may be off."""
LEAST_GROWTH = 1.1
GREAT = 1_000
"""From here on parts of one are not said."""
FAR = 1e15
"""More years than anyone will simulate; a forecast goes no further."""


class Until(Watched):
    """How well a measure of a figure must be known, by default the mean of claims over premium.

    error           the standard error in the unit of the figure, or
    relative_error  as a part of the measure's value
    most            so many years, or run-offs, are simulated at most
    """

    error: PlainText | None = None
    relative_error: Share | None = None
    most: Whole = MOST_YEARS
    _together: int = PrivateAttr(default=1)
    """Years that are one row."""

    @model_validator(mode="after")
    def _one_error(self) -> "Until":
        if (self.error is None) == (self.relative_error is None):
            message = "expected one of the keys 'error' and 'relative_error'"
            raise BadValue(message)
        if not self._stated > 0.0:
            message = f"expected an error above 0, got {self._stated:g}"
            raise BadValue(message)
        require("most", self.most, f"2 to {MOST_YEARS:,}", holds=2 <= self.most <= MOST_YEARS)  # noqa: PLR2004
        return self

    @property
    def _stated(self) -> float:
        if self.error is None:
            return self.relative_error or 0.0
        return read_number(self.error, self.unit)

    @property
    def unit(self) -> str:
        """Give what the measure is in: ratio, money or years."""
        return unit(self.figure, self.measure)

    @property
    def name(self) -> str:
        """Give the name of the measure, as results have it."""
        return name_of("", self.figure, self.measure)

    def wanted(self, value: float) -> float:
        """Give the standard error that is enough for a value."""
        return self._stated if self.error is not None else self._stated * abs(value)

    def fit(self, years: int) -> None:
        """Raise BadInput where the first round, of so many years, cannot be measured."""
        enough(self, years // self._together)

    def of(self, run: "Rows") -> Measured:
        """Measure a run. Raises BadValue where its rows are several years and years are counted."""
        yearly(self.measure, run.horizon)
        figure = FIGURES[self.figure]
        table = run.net if figure.net else run.table
        assert table is not None  # noqa: S101 - `until_of` looked for the programme
        return self.measure.measure(figure.of(table))


@dataclass(frozen=True)
class Round:
    """A run and what it says of the measure.

    name    of the measure, as results have it
    years   simulated, or run-offs;  wanted: the standard error that is enough
    needed  how many years will do, as far as this run tells: 0 where it has enough, None where it
            does not tell
    """

    name: str
    years: int
    measured: Measured
    wanted: float
    needed: int | None

    @property
    def reached(self) -> bool:
        """Whether the error is small enough, and to be trusted."""
        return self.measured.trusted and self.measured.error <= self.wanted

    @property
    def hopeless(self) -> bool:
        """Whether no error can be wanted or found: a value of 0, or rows that are all the same."""
        return not self.reached and (self.wanted == 0.0 or self.measured.error == 0.0)


class Rows(Protocol):
    """What was simulated, of a product or of a business."""

    @property
    def table(self) -> LossTable:
        """The rows."""

    @property
    def net(self) -> LossTable | None:
        """The rows after reinsurance; None without any."""

    @property
    def horizon(self) -> int | None:
        """Years that are one row."""


def until_of(product: AssembledProduct, given: str, horizon: int | None = None) -> Until:
    """Read what is asked for of a product; see `until_that`."""
    return until_that(partial(fits, product), given, horizon, long_term=product.long_term)


def until_that(
    fit: Callable[[Watched], None], given: str, horizon: int | None, *, long_term: bool
) -> Until:
    """Read what is asked for, YAML or the path of a file of it.

    fit      raises BadInput for a figure that what is simulated does not have
    horizon  years that are one row, of annual contracts

    Raises BadInput for what cannot be read, for what does not fit, and for a measure that counts
    years where a row is several of them.
    """
    asked = read(Until, read_nodes(given_text(given), "--until"))
    fit(asked)
    try:
        yearly(asked.measure, horizon)
    except BadValue as error:
        raise BadInput.one(asked.place("measure"), "", str(error)) from None
    asked._together = 1 if long_term else horizon or 1  # noqa: SLF001 - of this very class
    return asked


Simulated = TypeVar("Simulated", bound=Rows)


def simulate_until(
    once: Callable[[int], Simulated],
    asked: Until | None,
    first: int,
    tell: Callable[[str], None] = silent,
    *,
    taken: Callable[[], float] | None = None,
) -> tuple[Simulated, tuple[Round, ...]]:
    """Simulate more and more years until the measure is known well enough, or `most` are done.

    once   simulates so many years;  first: years of the first round, of the only one without asked
    tell   is given a line a round: what is known, how many years will do, and how long they take
    taken  tells how many years have come from kept blocks so far, as those of the round before
           are; None: a round simulates all of its years

    The last round may not have reached the error: where there is none to reach, or where another
    round's years do not fit in memory, or cannot be computed or kept, which is told. Raises
    BadValue for a first round of more years than `most`, and BadInput for one of so few that they
    have no such measure: before it is simulated.
    """
    if asked is None:
        return once(first), ()
    asked.fit(first)
    require("years", first, f"at most {asked.most:,}, as 'most' says", holds=first <= asked.most)
    years, rounds, kept = first, list[Round](), taken is not None
    since, before = monotonic(), taken() if taken is not None else 0.0
    run = once(years)
    while True:
        measured = asked.of(run)
        wanted = asked.wanted(measured.value)
        rounds.append(Round(asked.name, years, measured, wanted, _needed(years, measured, wanted)))
        if rounds[-1].reached or years >= asked.most or _hopeless(rounds):
            return run, tuple(rounds)
        made = years - (taken() - before if taken is not None else 0.0)
        seconds = (monotonic() - since) / made if made > 0.0 else None
        tell(_forecast(rounds[-1], seconds, kept=kept))
        more = min(_next(rounds[-1]), asked.most)
        since, before = monotonic(), taken() if taken is not None else 0.0
        try:
            run, years = once(more), more
        except (TooManyRows, BadInput) as error:
            tell(f"{more:,} years: {error}")
            return run, tuple(rounds)


def _hopeless(rounds: Sequence[Round]) -> bool:
    """Tell whether two rounds, one after the other, had no error to reach."""
    return len(rounds) > 1 and rounds[-1].hopeless and rounds[-2].hopeless


def _needed(years: int, measured: Measured, wanted: float) -> int | None:
    """Give how many years will do: the error falls with their root."""
    if measured.error <= wanted and measured.trusted:
        return 0
    if not (math.isfinite(measured.error) and wanted > 0.0 and measured.error > wanted):
        return None
    return _rounded(min(years * (measured.error / (AIMED * wanted)) ** 2, FAR))


def _next(last: Round) -> int:
    """Give the years of the next round: what is needed, within bounds."""
    most = _rounded(last.years * GROWTH)
    if last.needed is None:
        return most
    return min(max(last.needed, _rounded(last.years * LEAST_GROWTH)), most)


def _rounded(years: float) -> int:
    """Round up to two digits."""
    step = int(10 ** max(0, math.floor(math.log10(years)) - 1))
    return math.ceil(years / step) * step


def _forecast(last: Round, seconds: float | None, *, kept: bool) -> str:
    """Say what a round found, and what is needed still; seconds: a year, None where unknown."""
    one = last.measured
    found = f"{last.years:,} years: {last.name} {_number(one.value)} ± {_number(one.error)}"
    if last.needed is None:
        why = f", not to be trusted: {one.why}" if one.why else ""
        return f"{found}{why}; how many years will do cannot be told yet"
    years = last.needed - last.years if kept else _computed(last)
    takes = f"takes about {last.needed:,} years"
    if seconds is not None:
        takes += f", {duration(years * seconds)} more"
    return f"{found}; ± {_number(last.wanted)} {takes}"


def _computed(last: Round) -> int:
    """Give how many years all rounds to come simulate, each from its beginning."""
    total = years = 0
    while years < (last.needed or 0):
        years = min(_rounded((years or last.years) * GROWTH), last.needed or 0)
        total += years
    return total


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= GREAT else f"{value:.3g}"


__all__ = ["MOST_YEARS", "Round", "Until", "simulate_until", "until_of", "until_that"]
