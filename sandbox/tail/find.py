"""The far tail of a portfolio: a pilot that finds the laws, the years, and what they weigh."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput, BadValue
from rating.engines.collective.annual import annual_model
from sandbox.dependence.bind import BoundDependence
from sandbox.execution import Execution
from sandbox.portfolio.portfolio import Portfolio
from sandbox.protection import protection
from sandbox.run import basis_of
from sandbox.tail.asked import Tail
from sandbox.tail.choose import nearest_law
from sandbox.tail.expected import Held, held, wrong
from sandbox.tail.floors import floors
from sandbox.tail.ground import Ground, ground_of
from sandbox.tail.law import Law
from sandbox.tail.mixture import FLOORED, Aimed, Mixed, Sampler, dealt
from sandbox.tail.perils import Peril, perils, unseen
from sandbox.tail.weighted import Estimate, Weighted

Floats = npt.NDArray[np.float64]
LEAST_YEARS = 2_000
LEAST_EACH = 40
"""Years that each law draws at least."""
LEAST_ROUND = 100
"""Years that each round of a pilot draws at least."""
PILOT = 3
"""A pilot takes one year in so many."""
ROUND = 0.25
"""The part of the original law in a round of a pilot."""
FIRST, STEP = 0.1, 0.1
"""The chance of the bad years of the first round, and the least that a round multiplies it by."""
ROUNDING = 1e-9
MEAN_OF = 1_000.0
"""A mean is trusted as where so many years are asked about."""


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
    """The far tail: views, the laws, and how many years the pilot took.

    perils  what had to be seen;  held: means that are known exactly
    """

    asked: Tail
    ground: Ground
    laws: tuple[Aimed, ...]
    pilot: int
    views: tuple[View, ...]
    perils: tuple[Peril, ...]
    held: tuple[Held, ...]


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
    if tied is not None:
        _year_by_year(tied)
    model = annual_model(portfolio.product, basis, portfolio.cells)
    model.refuse_by_item(
        "the far tail, whose laws change the counts of policies,",
        "use 'simulate' with more '--years', or '--until' an error is reached",
    )
    ground = ground_of(model, portfolio.premiums, seed, execution)
    asked.tilts(ground)
    sampler = Sampler(ground, protection(portfolio), seed, execution, tied)
    rare = floors(ground, asked.periods[-1])
    _enough(asked, rare, years, views=1 if sampler.cover is None else 2)
    if asked.tilt:
        laws, pilot = {"stated": _stated(ground, asked)}, 0
    else:
        laws, pilot = _piloted(sampler, asked, rare, years // PILOT)
    aimed = dealt(ground, rare, laws, asked.original, years - pilot)
    mixed = sampler.mixed(aimed, "")
    known = held(ground, mixed, priced=tied is None)
    seen = perils(ground, mixed)
    off = wrong(known)
    views = tuple(
        _measured(name, Weighted(values, mixed.weights, mixed.law, years, off), asked, seen)
        for name, values in mixed.paid.items()
    )
    return Found(asked, ground, aimed, pilot, views, seen, known)


def _year_by_year(tied: BoundDependence) -> None:
    """Refuse what ties years to one another: each is weighed alone."""
    if tied.reordered:
        text = "expected shared factors alone: a reordering moves results from year to year"
        raise BadInput.one(tied.reordered[0].reordering.at, "", text)
    for one in tied.factors:
        if one.factor.lasts > 1:
            text = f"expected 1 where years are weighed one by one, got {one.factor.lasts}"
            raise BadInput.one(one.factor.place("lasts"), "lasts", text)


def _enough(asked: Tail, rare: Mapping[str, Law], years: int, views: int) -> None:
    """Refuse so few years, or so large a part of the original law, that a law draws hardly any."""
    aims = 1 if asked.tilt else len(asked.periods) * views
    least = LEAST_YEARS
    while not _dealt_enough(asked, len(rare), aims, least):
        least += max(100, least // 20 // 100 * 100)
    if years < least:
        laws = f"{aims} laws" if aims > 1 else "1 law"
        text = (
            f"--years: expected {least:,} or more, {LEAST_EACH} for each of {laws} and "
            f"{len(rare)} floors beside {asked.original * 100:g}% by the original law, "
            f"got {years:,}"
        )
        raise BadValue(text)


def _dealt_enough(asked: Tail, floors: int, aims: int, years: int) -> bool:
    pilot = 0 if asked.tilt else years // PILOT
    each = pilot // len(rounds(asked.periods))
    rest = (1.0 - asked.original) * (years - pilot)
    least = min(rest * (1.0 - FLOORED) / aims, rest * FLOORED / max(floors, 1))
    return least >= LEAST_EACH and (bool(asked.tilt) or each >= LEAST_ROUND)


def _stated(ground: Ground, asked: Tail) -> Law:
    """Give the law that is stated: its rates and mean counts are multiplied as they are."""
    law = ground.original
    for place, name in enumerate(ground.processes):
        law.times[place, ground.means[place] > 0.0] = asked.tilt.get(name, 1.0)
    law.storms[:] = asked.tilt.get(ground.storms, 1.0)
    return law


def _piloted(
    sampler: Sampler, asked: Tail, rare: Mapping[str, Law], years: int
) -> tuple[dict[str, Law], int]:
    """Find the laws round by round, each on years that the one before makes bad.

    The original law and floors draw a part of each round, so that what is rare is seen.
    """
    ground = sampler.ground
    chances = rounds(asked.periods)
    wanted = {1.0 / period: period for period in asked.periods}
    each = years // len(chances)
    law: Law | None = None
    found = dict[str, Law]()
    for number, chance in enumerate(chances):
        laws = {} if law is None else {"last": law}
        drawn = sampler.mixed(dealt(ground, rare, laws, ROUND, each), f"pilot {number} ")
        nearest = _nearest(ground, drawn, chance)
        law = nearest.get("gross", law)
        if chance in wanted and law is not None:
            # where too few years are that bad, the law of the round before still helps
            nearest.setdefault("gross", law)
            found |= {f"{view} {wanted[chance]:.12g}": one for view, one in nearest.items()}
    return found, each * len(chances)


def _nearest(ground: Ground, drawn: Mixed, chance: float) -> dict[str, Law]:
    found = dict[str, Law]()
    for view, losses in drawn.paid.items():
        one = nearest_law(ground, drawn, losses, chance)
        if one is not None:
            found[view] = one
    return found


def _measured(name: str, years: Weighted, asked: Tail, seen: Sequence[Peril]) -> View:
    """Measure a view; what no error can be trusted for is said so, by the period it is about."""
    longest = max(MEAN_OF, asked.periods[-1])

    def level(period: float) -> tuple[Estimate, Estimate]:
        why, chance = unseen(seen, period), 1.0 / period
        pair = years.value_at_risk(chance), years.tail_value_at_risk(chance)
        return pair[0].doubted(why), pair[1].doubted(why)

    def exceeded(amount: float) -> Estimate:
        found = years.exceeded(amount)
        chance = found.measured.value
        return found.doubted(unseen(seen, min(1.0 / chance, longest) if chance > 0.0 else longest))

    return View(
        name,
        years,
        years.mean().doubted(unseen(seen, longest)),
        {period: level(period) for period in asked.periods},
        {amount: exceeded(amount) for amount in dict.fromkeys(asked.amounts)},
    )
