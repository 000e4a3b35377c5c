"""What a balance of the year takes away when events of one year meet at it.

Under a limit each event has already been paid by itself under the whole limit; since
min(x1 + x2 + …, L) = min(min(x1, L) + min(x2, L) + …, L), the rest is a matter of the events'
payouts alone. Two ways are taken and compared: the distribution of the year's sum (Panjer's
recursion for each process, convolved), which gives what all are paid together; and the integral
over the year of rate × expected increase of the paid balance at an event of that date, which
gives what each process is paid.

Of a corridor no event has been paid by itself: it takes min(S, above + value) - min(S, above) of
the year's sum S, which is what two such limits leave.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput, BadValue
from rating.aggregate.recursion import compounded
from rating.engines.collective.layer import borne
from rating.engines.collective.outcomes import Outcomes, Paid
from rating.engines.collective.terms import Balance
from rating.frequencies import Frequency
from rating.kernels.aggregate import convolve, limited, spread

Floats = npt.NDArray[np.float64]
POINTS = 1024
"""Steps of the lattice up to the limit."""

# (date, weight) of the 5-point Gauss-Legendre rule on 0 to 1
DATES = (
    (0.04691007703066802, 0.11846344252809454),
    (0.23076534494715845, 0.23931433524968324),
    (0.5, 0.28444444444444444),
    (0.7692346550528415, 0.23931433524968324),
    (0.9530899229693319, 0.11846344252809454),
)


@dataclass(frozen=True)
class Taken:
    """What a balance takes from each process a year, and from all, with bounds, in currency."""

    each: tuple[float, ...]
    each_bound: tuple[float, ...]
    all: float
    all_bound: float


def taken(balance: Balance, sources: Sequence[Outcomes], at: At) -> Taken:
    """Compute what a balance takes: a limit beyond its effect on single events, a corridor all.

    The bounds are the change from the lattice of half as many points, and for each process the
    whole difference between the two ways. Raises BadInput where so many events are expected that
    the chance of none cannot be held.
    """
    if balance.above is None:
        return _beyond(balance.slots, balance.value, sources, at)
    low, high = borne(balance.value, balance.above)
    below, whole = (_beyond(balance.slots, limit, sources, at) for limit in (low, high))
    alone = [_alone(one, balance.slots, low, high) for one in sources]
    each = zip(alone, whole.each, below.each, strict=True)
    bounds = zip(alone, whole.each_bound, below.each_bound, strict=True)
    return Taken(
        each=tuple(value - far + near for (value, _), far, near in each),
        each_bound=tuple(apart + far + near for (_, apart), far, near in bounds),
        all=math.fsum(value for value, _ in alone) - whole.all + below.all,
        all_bound=math.fsum(apart for _, apart in alone) + whole.all_bound + below.all_bound,
    )


def _alone(source: Outcomes, slots: Sequence[int], low: float, high: float) -> tuple[float, float]:
    """Give what a layer takes of a year's events if each met it alone, and how far that is off."""

    def mean(paid: Paid) -> float:
        amounts = paid.amounts(slots)
        layer = np.minimum(amounts, high) - np.minimum(amounts, low)
        return source.frequency.mean * math.fsum((paid.weight * layer).tolist())

    value = mean(source.fine)
    return value, 0.0 if source.coarse is None else abs(value - mean(source.coarse))


def _beyond(slots: Sequence[int], limit: float, sources: Sequence[Outcomes], at: At) -> Taken:
    """Compute what a limit of the year takes beyond its effect on single events."""
    each, together = _on_lattice(slots, limit, sources, POINTS, at)
    each_coarse, together_coarse = _on_lattice(slots, limit, sources, POINTS // 2, at)
    apart = abs(math.fsum(each) - together)
    pairs = zip(each, each_coarse, strict=True)
    return Taken(
        each=tuple(each),
        each_bound=tuple(abs(fine - coarse) + apart for fine, coarse in pairs),
        all=together,
        all_bound=abs(together - together_coarse),
    )


def _on_lattice(
    slots: Sequence[int], limit: float, sources: Sequence[Outcomes], points: int, at: At
) -> tuple[list[float], float]:
    if limit <= 0.0:
        return [0.0 for _ in sources], 0.0
    step = limit / points
    chances = [spread(one.fine.amounts(slots), one.fine.weight, step, points) for one in sources]
    means = [
        one.frequency.mean * math.fsum(k * c for k, c in enumerate(row.tolist()))
        for one, row in zip(sources, chances, strict=True)
    ]
    year = _sum_of([one.frequency for one in sources], chances, at)
    paid = math.fsum(k * c for k, c in enumerate(year.tolist()))
    paid += points * (1.0 - math.fsum(year.tolist()))
    together = step * (math.fsum(means) - paid)
    each: list[float] = []
    for place, source in enumerate(sources):
        room = limited(chances[place])[::-1]
        increase = math.fsum(
            weight * _mean_room(_before(sources, chances, place, date, at), room)
            for date, weight in DATES
        )
        each.append(step * (means[place] - source.frequency.mean * increase))
    return each, together


def _before(
    sources: Sequence[Outcomes], chances: Sequence[Floats], place: int, date: float, at: At
) -> Floats:
    """Give the distribution of what was paid before a date at which a process has an event."""
    counts = [
        one.frequency.besides(date) if other == place else one.frequency.thinned(date)
        for other, one in enumerate(sources)
    ]
    return _sum_of(counts, chances, at)


def _sum_of(counts: Sequence[Frequency], chances: Sequence[Floats], at: At) -> Floats:
    sums: list[Floats] = []
    for count, row in zip(counts, chances, strict=True):
        try:
            sums.append(compounded(count, row))
        except BadValue as error:
            raise BadInput.one(at, "", str(error)) from None
    return reduce(convolve, sums)


def _mean_room(before: Floats, room: Floats) -> float:
    """Give the mean over what was paid before, k steps, of what a further event adds."""
    left = room[: before.size].tolist()
    return math.fsum(chance * most for chance, most in zip(before.tolist(), left, strict=True))
