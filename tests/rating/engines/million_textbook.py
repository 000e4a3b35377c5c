"""The yearly cost of million_medical, slowly: an integral over the dates of claims.

E = integral over the year of rate(t) × sum over kinds of claim p × share × E[(X - (D - S(t))+)+],

S(t) being the own costs that were claimed before t. Given a claim at t, the others of a gamma mixed
Poisson process are of the same kind with a shape greater by one (its Palm distribution). S(t) by
Panjer's recursion on a lattice that keeps means; X by the lognormal's closed stop-loss. The yearly
limit is left out, but where every share is 100%: there the year pays min((S - D)+, limit).
"""

import math
from dataclasses import dataclass

import numpy as np

DAYS_WAITING, YEAR = 30, 365
ACCIDENTS = 0.15
NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)


@dataclass(frozen=True)
class Kind:
    """A kind of claim: its chance, the mean and cv of its own cost, and the share that is paid."""

    chance: float
    mean: float
    cv: float
    share: float

    def stop_loss(self, d: float) -> float:
        """E[(X - d)+] of a lognormal."""
        if d <= 0.0:
            return self.mean - d
        s = math.sqrt(math.log(1.0 + self.cv**2))
        z = (math.log(d / self.mean) + 0.5 * s * s) / s
        return self.mean * _above(z - s) - d * _above(z)


def _above(z: float) -> float:
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def kinds(*, member: bool) -> list[Kind]:
    """Own costs by setting and settlement, as `bases.yaml` states them."""
    found = []
    for setting, mean, cv in ((0.75, 18000.0, 2.0), (0.25, 24000.0, 1.5)):
        if member:
            found.append(Kind(setting * 0.92, mean * 0.45, cv, 1.0))
            found.append(Kind(setting * 0.08, mean, cv, 0.6))
        else:
            found.append(Kind(setting, mean, cv, 1.0))
    return found


def lattice(claims: list[Kind], step: float, points: int) -> list[float]:
    """Chances of 0, h, 2h, … that keep stop-losses at the points: their second differences."""
    stop = [sum(c.chance * c.stop_loss(k * step) for c in claims) for k in range(points + 2)]
    first = 1.0 - (stop[0] - stop[1]) / step
    return [first] + [
        (stop[k - 1] - 2.0 * stop[k] + stop[k + 1]) / step for k in range(1, points + 1)
    ]


def compound(mean: float, over: float, chances: list[float]) -> list[float]:
    """Panjer's recursion for a Poisson (over = 0) or negative binomial count of a given mean."""
    if over == 0.0:
        a, b, start = 0.0, mean, math.exp(-mean * (1.0 - chances[0]))
    else:
        a = over / (1.0 + over)
        r = mean / over
        b = (r - 1.0) * a
        start = ((1.0 - a) / (1.0 - a * chances[0])) ** r
    total = [start]
    for k in range(1, len(chances)):
        value = sum((a + b * j / k) * chances[j] * total[k - j] for j in range(1, k + 1))
        total.append(value / (1.0 - a * chances[0]))
    return total


def unlimited(
    mean: float,
    over: float,
    deductible: float,
    *,
    member: bool,
    waiting: bool,
    step: float = 50.0,
) -> float:
    """The cost of a year without a yearly limit; over: its variance over mean, less one."""
    claims = kinds(member=member)
    points = round(deductible / step)
    chances = lattice(claims, step, points)
    stop = [
        sum(c.chance * c.share * c.stop_loss(deductible - k * step) for c in claims)
        for k in range(points)
    ]
    paid = sum(c.chance * c.share * c.mean for c in claims)
    wait = DAYS_WAITING / YEAR if waiting else 0.0
    total = 0.0
    for first, last, counted in ((0.0, wait, ACCIDENTS), (wait, 1.0, 1.0)):
        for node, weight in zip(NODES, WEIGHTS, strict=True):
            t = 0.5 * (first + last) + 0.5 * (last - first) * node
            seen = ACCIDENTS * min(t, wait) + max(t - wait, 0.0)
            # the shape of the gamma mean is greater by one: so is mean / over
            before = compound((mean + over) * seen, over * seen, chances)
            below = before[:points]
            value = sum(p * s for p, s in zip(below, stop, strict=True))
            value += (1.0 - sum(below)) * paid
            total += 0.5 * (last - first) * weight * mean * counted * value
    return total


def limited(
    mean: float, over: float, deductible: float, limit: float, *, waiting: bool, step: float
) -> float:
    """The yearly cost of who is no member: E[min((S - D)+, limit)], by the sum of a year's claims.

    The sum beyond deductible + limit is that of one claim, others being small beside it, up to
    second order; its mean is taken as rate × stop-loss there, after the mean of the other claims.
    """
    claims = kinds(member=False)
    wait = DAYS_WAITING / YEAR if waiting else 0.0
    seen = ACCIDENTS * wait + 1.0 - wait
    points = round(deductible / step)
    year = compound(mean * seen, over * seen, lattice(claims, step, points))
    mean_sum = mean * seen * sum(c.chance * c.mean for c in claims)
    below = sum(p * (deductible - k * step) for k, p in enumerate(year[:points]))
    stop = mean_sum - deductible + below
    others = (mean + over) * seen * sum(c.chance * c.mean for c in claims)
    top = deductible + limit - others
    return stop - mean * seen * sum(c.chance * c.stop_loss(top) for c in claims)
