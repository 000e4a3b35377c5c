"""Measures of years that were drawn by several laws, with their errors, and what plain years give.

Every estimate is a mean of weight × something over all years; its variance is that of a stratified
sample, the laws being the strata (Owen 2013, Monte Carlo theory, methods and examples, 9.11: the
balance heuristic, by which a year's weight is the same whichever law drew it).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from product_factory.numbers.portable import exp, log
from sandbox.measures import Measured
from sandbox.measures.exact import exact_sum
from sandbox.measures.measured import Z95
from sandbox.measures.spread import ENOUGH, ENOUGH_IN_TAIL, distrust
from sandbox.measures.value_at_risk import ENOUGH_BEYOND

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
GROUPS = 20
"""Into how many the years of a law are dealt for the error of a ratio of variances."""
NEAR, SLIGHT = 2.0, 0.02
"""A ratio of variances within the first factor of 1 is near it, within the second part it is 1."""
FAR = 4.0
"""How many errors the mean of the weights may be from 1."""


@dataclass(frozen=True)
class Reduction:
    """Variance of the plain estimate of as many years over that of this one.

    low, high  95% interval, by a jackknife of the logarithm over GROUPS; NaN where unknown
    """

    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """Give helps, hurts, or same, where the interval is near 1 and holds it; else unknown."""
        if abs(self.value - 1.0) < SLIGHT:
            return "same"
        if self.low > 1.0:
            return "helps"
        if self.high < 1.0:
            return "hurts"
        return "same" if self.low * NEAR > 1.0 and self.high < NEAR else "unknown"


@dataclass(frozen=True)
class Estimate:
    """A measure, the error that as many plain years would leave, and the ratio of variances."""

    measured: Measured
    plain_error: float
    reduction: Reduction


@dataclass(frozen=True, eq=False)
class Weighted:
    """Yearly amounts that were drawn by several laws.

    values, weights  [year];  law: [year] by which it was drawn, from 0
    years            of a plain simulation that costs as much: those of a pilot are counted
    """

    values: Floats
    weights: Floats
    law: Integers
    years: int

    @cached_property
    def _descending(self) -> tuple[Floats, Floats]:
        """The values from the largest on, and the weight of all that stand up to there."""
        order = np.argsort(-self.values, kind="stable")
        return self.values[order], np.cumsum(self.weights[order]) / len(self.values)

    @cached_property
    def doubt(self) -> str:
        """Why no error is to be trusted, or nothing: the mean of the weights is 1."""
        mean, error = self._mean(np.ones(len(self.values)))
        if abs(mean - 1.0) <= FAR * error + 1e-12:
            return ""
        return f"the weights have a mean of {mean:.4f} ± {error:.2g}; 1 is wanted"

    @property
    def weight(self) -> Measured:
        """The mean of the weights, which is 1 but for its error."""
        value, error = self._mean(np.ones(len(self.values)))
        return Measured.normal(value, error, "mean of weights", len(self.values), self.doubt)

    @property
    def effective(self) -> float:
        """How many plain years have a mean as exact, where the amounts do not matter."""
        return exact_sum(self.weights) ** 2 / exact_sum(self.weights * self.weights)

    def beyond(self, amount: float) -> int:
        """Give how many years lie beyond an amount."""
        return int((self.values > amount).sum())

    def quantile(self, chance: float) -> float:
        """Give the least amount that is exceeded with no more than a chance."""
        values, weight = self._descending
        place = int(np.searchsorted(weight, chance * (1.0 + 1e-12), side="right"))
        return float(values[min(place, len(values) - 1)])

    def mean(self) -> Estimate:
        """Give the mean of a year: weighted amounts over weights, its error by the delta method.

        Of years that are all alike nearly all of the error would be that of the weights.
        """
        middle = exact_sum(self.weights * self.values) / exact_sum(self.weights)
        return self._estimate(self.values - middle, 1.0, middle, ENOUGH)

    def exceeded(self, amount: float) -> Estimate:
        """Give the chance that a year exceeds an amount."""
        beyond = (self.values > amount).astype(np.float64)
        found = self._estimate(beyond, 1.0, 0.0, ENOUGH_IN_TAIL)
        return self._few(found, self.beyond(amount))

    def value_at_risk(self, chance: float) -> Estimate:
        """Give what is exceeded with a chance; the interval is of amounts whose chance is near.

        The chance that the quantile is exceeded is estimated with an error e: from the amount that
        is exceeded with chance + 1.96 e to that with chance - 1.96 e (Woodruff 1952).
        """
        value = self.quantile(chance)
        share = self.exceeded(value)
        low, high = self.between(chance, Z95 * share.measured.error)
        one = share.measured
        method = "weighted quantile; interval of Woodruff"
        error = (high - low) / (2.0 * Z95)
        found = Measured(value, error, low, high, method, one.n, one.trusted, one.why)
        plain = self.plain_between(chance)
        return Estimate(found, (plain[1] - plain[0]) / (2.0 * Z95), share.reduction)

    def between(self, chance: float, reach: float) -> tuple[float, float]:
        """Give the amounts that are exceeded with a chance ± reach; none bounds a chance of 0."""
        beyond = chance - reach
        _, weight = self._descending
        high = self.quantile(beyond) if beyond >= weight[0] else math.inf
        return self.quantile(min(chance + reach, 1.0)), high

    def point(self, chance: float) -> tuple[float, float, float]:
        """Give a value at risk with its interval alone, as many points of a curve need them."""
        value = self.quantile(chance)
        _, error = self._mean((self.values > value).astype(np.float64))
        return value, *self.between(chance, Z95 * error)

    def plain_between(self, chance: float) -> tuple[float, float]:
        """Give the same interval as plain years would leave it."""
        return self.between(chance, Z95 * math.sqrt(chance * (1.0 - chance) / self.years))

    def tail_value_at_risk(self, chance: float) -> Estimate:
        """Give the mean of the worst years, which together have a chance."""
        start = self.quantile(chance)
        excess = np.maximum(self.values - start, 0.0)
        found = self._estimate(excess, 1.0 / chance, start, ENOUGH_IN_TAIL)
        return self._few(found, self.beyond(start))

    def _few(self, found: Estimate, beyond: int) -> Estimate:
        """Withdraw the trust where few years lie beyond."""
        one = found.measured
        if not one.trusted or beyond >= ENOUGH_BEYOND:
            return found
        why = f"{beyond} rows lie beyond; {ENOUGH_BEYOND} are wanted"
        less = Measured(
            one.value, one.error, one.low, one.high, one.method, one.n, trusted=False, why=why
        )
        return Estimate(less, found.plain_error, found.reduction)

    def _mean(self, amounts: Floats) -> tuple[float, float]:
        moments = self._moments(self.weights * amounts)
        return _total(moments), math.sqrt(max(_variance(moments), 0.0))

    def _estimate(self, amounts: Floats, scale: float, shift: float, enough: float) -> Estimate:
        """Estimate shift + scale × the mean of amounts by the original law."""
        weighted = self.weights * amounts
        n = len(amounts)
        moments = self._moments(weighted)
        mean, variance = _total(moments), max(_variance(moments), 0.0)
        why = self.doubt or distrust(weighted - exact_sum(weighted) / n, enough)
        method = "weighted mean; strata of laws, normal interval"
        value, error = shift + scale * mean, scale * math.sqrt(variance)
        measured = Measured.normal(value, error, method, n, why)
        squares = self._moments(weighted * amounts)
        plain = scale * math.sqrt(max(_total(squares) - mean * mean, 0.0) / self.years)

        def ratio(kept: Callable[[Floats], Floats]) -> float:
            part, square = kept(moments), kept(squares)
            below = _variance(part) * (exact_sum(part[:, :, 0].ravel()) / n)
            above = (_total(square) - _total(part) ** 2) / self.years
            return float(above / below) if below > 0.0 else math.nan

        return Estimate(measured, plain, _jackknifed(ratio))

    def _moments(self, amounts: Floats) -> Floats:
        """Give number, sum and sum of squares of each law's groups, [law, group, 3]."""
        laws = int(self.law.max()) + 1
        found = np.zeros((laws, GROUPS, 3))
        for law in range(laws):
            own = amounts[self.law == law]
            for group in range(GROUPS):
                part = own[group::GROUPS]
                found[law, group] = len(part), exact_sum(part), exact_sum(part * part)
        return found


def _total(moments: Floats) -> float:
    """Give the mean of all years."""
    return exact_sum(moments[:, :, 1].ravel()) / exact_sum(moments[:, :, 0].ravel())


def _variance(moments: Floats) -> float:
    """Give the variance of that mean, the laws being strata of a stated number of years."""
    total = 0.0
    for count, one, square in (
        (exact_sum(law[:, 0]), exact_sum(law[:, 1]), exact_sum(law[:, 2])) for law in moments
    ):
        if count > 1.0:
            total += max(square - one * one / count, 0.0) * count / (count - 1.0)
    return total / exact_sum(moments[:, :, 0].ravel()) ** 2


def _whole(moments: Floats) -> Floats:
    return moments


def _without(moments: Floats, group: int) -> Floats:
    return np.delete(moments, group, axis=1)


def _jackknifed(ratio: Callable[[Callable[[Floats], Floats]], float]) -> Reduction:
    """Give a ratio with its interval, leaving out a group of each law at a time."""
    value = ratio(_whole)
    left = [ratio(partial(_without, group=group)) for group in range(GROUPS)]
    if not all(math.isfinite(one) and one > 0.0 for one in (value, *left)):
        return Reduction(value, math.nan, math.nan)
    logs = [log(one) for one in left]
    middle = math.fsum(logs) / GROUPS
    spread = math.fsum((one - middle) ** 2 for one in logs) * (GROUPS - 1) / GROUPS
    reach = Z95 * math.sqrt(spread)
    return Reduction(value, value * exp(-reach), value * exp(reach))
