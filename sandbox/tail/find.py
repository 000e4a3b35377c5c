"""The far tail of a portfolio: a pilot that finds the laws, the years, and what they weigh."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput, BadValue
from product_factory.numbers.hashing import hash64
from rating.engines.collective.annual import annual_model
from sandbox.dependence.bind import BoundDependence
from sandbox.execution import Execution
from sandbox.kernels.tail import weigh
from sandbox.portfolio.portfolio import Portfolio
from sandbox.protection import Protection, protection
from sandbox.run import basis_of
from sandbox.tail.asked import Tail
from sandbox.tail.choose import nearest_law
from sandbox.tail.draw import Drawn, draw
from sandbox.tail.ground import Ground, ground_of
from sandbox.tail.law import Law
from sandbox.tail.weighted import Estimate, Weighted

Floats = npt.NDArray[np.float64]
LEAST_YEARS = 2_000
PILOT = 3
"""A pilot takes one year in so many."""
FIRST, STEP = 0.1, 0.1
"""The chance of the bad years of the first round, and the least that a round multiplies it by."""
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Aimed:
    """A law that years are drawn by, named after its aim: `original`, `stated`, `gross 200`."""

    name: str
    law: Law
    years: int


@dataclass(frozen=True, eq=False)
class View:
    """What is known of the years before reinsurance, `gross`, or after it, `net`.

    levels   once in so many years → value at risk and tail value at risk
    amounts  amount → the chance that it is exceeded
    """

    name: str
    years: Weighted
    mean: Estimate
    levels: Mapping[float, tuple[Estimate, Estimate]]
    amounts: Mapping[float, Estimate]


@dataclass(frozen=True, eq=False)
class Found:
    """The far tail: views, the laws, and how many years the pilot took."""

    asked: Tail
    ground: Ground
    laws: tuple[Aimed, ...]
    pilot: int
    views: tuple[View, ...]


@dataclass(frozen=True)
class Sampler:
    """Who draws years of a portfolio by any law."""

    ground: Ground
    cover: Protection | None
    seed: int
    execution: Execution
    tied: BoundDependence | None

    def drawn(self, law: Law, laws: Sequence[Law], years: int, name: str) -> Drawn:
        """Draw years, their random numbers named after the name."""
        own = hash64(f"tail/{name}/{self.seed}/shared")
        shared = {} if self.tied is None else self.tied.frequency(own, years)
        protects = () if self.cover is None else self.cover.protects
        return draw(
            self.ground, law, laws, years, self.seed, name, self.execution, shared, protects
        )

    def paid(self, drawn: Drawn) -> dict[str, Floats]:
        """Give what a year costs by view, [year]."""
        found = {"gross": drawn.run.table.total()}
        if self.cover is not None:
            net, _ = self.cover.settled(drawn.run.table, drawn.run, self.execution.threads)
            found["net"] = net.total()
        return found


def rounds(periods: Sequence[float]) -> list[float]:
    """Give the chances of the bad years of each round of a pilot, each in reach of the one before.

    The last ones are those asked about.
    """
    found = [max(FIRST, 1.0 / periods[0])]
    for period in periods:
        chance = 1.0 / period
        while chance < STEP * found[-1] * (1.0 - ROUNDING):
            found.append(STEP * found[-1])
        if chance < found[-1]:
            found.append(chance)
    return found


def find_tail(
    portfolio: Portfolio,
    asked: Tail,
    years: int,
    seed: int,
    execution: Execution,
    tied: BoundDependence | None = None,
) -> Found:
    """Draw years by laws that make bad years frequent, and measure the original law by them.

    years  of all that is drawn, those of a pilot counted: they cost as much
    tied   shared factors, which are drawn by their own law
    Raises BadInput for what is unknown, BadValue for too few years.
    """
    if years < LEAST_YEARS:
        raise BadValue(f"--years: expected {LEAST_YEARS:,} or more for a tail, got {years:,}")
    asked.fits(portfolio.product)
    basis = basis_of(portfolio.product, asked.basis, asked.place("basis"))
    if tied is not None and tied.reordered:
        text = "expected shared factors alone: a reordering moves results from year to year"
        raise BadInput.one(tied.reordered[0].reordering.at, "", text)
    model = annual_model(portfolio.product, basis, portfolio.cells)
    ground = ground_of(model, portfolio.premiums, seed, execution)
    asked.tilts(ground)
    sampler = Sampler(ground, protection(portfolio), seed, execution, tied)
    if asked.tilt:
        laws, pilot = {"stated": _stated(ground, asked)}, 0
    else:
        laws, pilot = _piloted(sampler, asked, years // PILOT)
    aimed = _dealt(ground, laws, asked.original, years - pilot)
    views = _views(sampler, asked, aimed, years)
    return Found(asked, ground, aimed, pilot, views)


def _stated(ground: Ground, asked: Tail) -> Law:
    """Give the law that is stated: its rates and mean counts are multiplied as they are."""
    times = np.array([asked.tilt.get(name, 1.0) for name in ground.processes])
    storms = np.full(len(ground.storm_rates), asked.tilt.get(ground.storms, 1.0))
    return Law(times, storms, ground.original.shares)


def _piloted(sampler: Sampler, asked: Tail, years: int) -> tuple[dict[str, Law], int]:
    """Find the laws round by round, each on years that the one before makes bad."""
    chances = rounds(asked.periods)
    wanted = {1.0 / period: period for period in asked.periods}
    each = years // len(chances)
    law, found = sampler.ground.original, dict[str, Law]()
    for number, chance in enumerate(chances):
        drawn = sampler.drawn(law, [law], each, f"pilot {number}")
        weights = np.empty(each)
        weigh(drawn.ratios, np.ones(1), weights)
        nearest: dict[str, Law] = {}
        for view, losses in sampler.paid(drawn).items():
            one = nearest_law(sampler.ground, drawn, weights, losses, chance)
            if one is not None:
                nearest[view] = one
        law = nearest.get("gross", law)
        if chance in wanted and law is not sampler.ground.original:
            # where too few years are that bad, the law of the round before still helps
            nearest.setdefault("gross", law)
            found |= {f"{view} {wanted[chance]:.12g}": one for view, one in nearest.items()}
    return found, each * len(chances)


def _dealt(
    ground: Ground, laws: Mapping[str, Law], original: float, years: int
) -> tuple[Aimed, ...]:
    """Deal the years to the laws, the same number to each but the original one."""
    each = int((1.0 - original) * years / max(len(laws), 1))
    first = Aimed("original", ground.original, years - each * len(laws))
    return (first, *(Aimed(name, law, each) for name, law in laws.items()))


def _views(sampler: Sampler, asked: Tail, aimed: tuple[Aimed, ...], years: int) -> tuple[View, ...]:
    """Draw the years of every law, weigh them together, and measure them."""
    laws = [one.law for one in aimed[1:]] or [sampler.ground.original]
    ratios, parts = list[Floats](), list[dict[str, Floats]]()
    for one in aimed:
        drawn = sampler.drawn(one.law, laws, one.years, one.name)
        ratios.append(drawn.ratios)
        parts.append(sampler.paid(drawn))
    number = sum(one.years for one in aimed)
    shares = np.array([one.years / number for one in aimed[1:]] or [0.0])
    weights = np.empty(number)
    weigh(np.concatenate(ratios), shares, weights)
    law = np.repeat(np.arange(len(aimed)), [one.years for one in aimed])
    amounts = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return tuple(
        _measured(name, Weighted(values, weights, law, years), asked)
        for name, values in amounts.items()
    )


def _measured(name: str, years: Weighted, asked: Tail) -> View:
    return View(
        name,
        years,
        years.mean(),
        {
            period: (years.value_at_risk(1.0 / period), years.tail_value_at_risk(1.0 / period))
            for period in asked.periods
        },
        {amount: years.exceeded(amount) for amount in dict.fromkeys(asked.amounts)},
    )
