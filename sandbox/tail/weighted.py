"""Measures of years that were drawn by several laws, with their errors, and what plain years give.

Every estimate is a mean of weight × something over all years; its variance is that of a stratified
sample, the laws being the strata (Owen 2013, Monte Carlo theory, methods and examples, 9.11: the
balance heuristic, by which a year's weight is the same whichever law drew it).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from product_factory.numbers.portable import exp, log
from sandbox.measures import Measured
from sandbox.measures.exact import exact_sum
from sandbox.measures.measured import Z95
from sandbox.measures.spread import ENOUGH, distrust
from sandbox.measures.value_at_risk import ENOUGH_BEYOND

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
GROUPS = 20
"""Into how many the years of a law are dealt for the error of a ratio of variances."""
STUDENT = 2.093024054408263
"""97.5% quantile of Student's t with GROUPS - 1 degrees of freedom."""
THRICE = 3.0
"""Of n plain years without any, the chance is at most this over n, with 95% (rule of three)."""
NEAR, SLIGHT = 2.0, 0.02
"""A ratio of variances within the first factor of 1 is near it, within the second part it is 1."""
ENOUGH_ROWS = 20.0
"""Effective rows that the error of a tail needs at least; of weighted rows ten are too few."""
LEAST_FREEDOM = 4.0
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

    @property
    def verdict(self) -> str:
        """Say whether it helps; an error that is not to be trusted leaves it unknown."""
        said = self.reduction.verdict
        return said if self.measured.trusted or said == "same" else "unknown"

    def doubted(self, why: str) -> "Estimate":
        """Give the estimate without trust, for a reason; "" changes nothing."""
        if not why or not self.measured.trusted:
            return self
        return replace(self, measured=replace(self.measured, trusted=False, why=why))

    def unbounded(self, why: str) -> "Estimate":
        """Give the estimate with no error that rows could tell, and nothing to bound it above."""
        reason = self.measured.why or why
        one = replace(self.measured, error=math.inf, high=math.inf, trusted=False, why=reason)
        return replace(self, measured=one)


@dataclass(frozen=True, eq=False)
class Weighted:
    """Yearly amounts that were drawn by several laws.

    values, weights  [year];  law: [year] by which it was drawn, from 0
    years            of a plain simulation that costs as much: those of a pilot are counted
    wrong            why no error is to be trusted, where what is known exactly says so
    """

    values: Floats
    weights: Floats
    law: Integers
    years: int
    wrong: str = ""

    @cached_property
    def _descending(self) -> tuple[Floats, Floats]:
        """The values from the largest on, and the weight of all that stand up to there."""
        order = np.argsort(-self.values, kind="stable")
        return self.values[order], np.cumsum(self.weights[order]) / len(self.values)

    @cached_property
    def doubt(self) -> str:
        """Why no error is to be trusted, or nothing: the mean of the weights is 1."""
        if self.wrong:
            return self.wrong
        mean, _, error = self._mean(np.ones(len(self.values)))
        if abs(mean - 1.0) <= FAR * error + 1e-12:
            return ""
        return f"the weights have a mean of {mean:.4f} ± {error:.2g}; 1 is wanted"

    @property
    def weight(self) -> Measured:
        """The mean of the weights, which is 1 but for its error."""
        value, _, error = self._mean(np.ones(len(self.values)))
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
        """Give the chance that a year exceeds an amount.

        Where none does, plain years without any bound it: 3 over those of the original law.
        """
        found = self._few(self._exceeded(amount), self.beyond(amount))
        one = found.measured
        if one.value > 0.0:
            return replace(found, measured=replace(one, low=max(one.low, 0.0)))
        high = THRICE / max(int((self.law == 0).sum()), 1)
        why = "no year exceeds the amount: its chance is bounded by the rule of three"
        none = replace(one, error=math.inf, low=0.0, high=min(high, 1.0), trusted=False, why=why)
        return replace(found, measured=none, plain_error=math.inf)

    def _exceeded(self, amount: float) -> Estimate:
        return self._estimate((self.values > amount).astype(np.float64), 1.0, 0.0, ENOUGH_ROWS)

    def value_at_risk(self, chance: float) -> Estimate:
        """Give what is exceeded with a chance; the interval is of amounts whose chance is near.

        The chance that the quantile is exceeded is estimated with an interval of half length e:
        from the amount that is exceeded with chance + e to that with chance - e (Woodruff 1952).
        Where few years lie beyond nothing bounds it.
        """
        value = self.quantile(chance)
        share = self._exceeded(value)
        one = share.measured
        low, high = self.between(chance, one.high - one.value)
        method = "weighted quantile; interval of Woodruff"
        error = (high - low) / (2.0 * Z95)
        measured = Measured(value, error, low, high, method, one.n, one.trusted, one.why)
        plain = self.plain_between(chance)
        found = Estimate(measured, (plain[1] - plain[0]) / (2.0 * Z95), share.reduction)
        why = self._fewer(self.beyond(value))
        return found.unbounded(why) if why else found

    def between(self, chance: float, reach: float) -> tuple[float, float]:
        """Give the amounts that are exceeded with a chance ± reach; none bounds a chance of 0."""
        beyond = chance - reach
        _, weight = self._descending
        high = self.quantile(beyond) if beyond >= weight[0] else math.inf
        return self.quantile(min(chance + reach, 1.0)), high

    def point(self, chance: float) -> tuple[float, float, float]:
        """Give a value at risk with its interval alone, as many points of a curve need them."""
        value = self.quantile(chance)
        _, reach, _ = self._mean((self.values > value).astype(np.float64))
        low, high = self.between(chance, reach)
        return value, low, high if self.beyond(value) >= ENOUGH_BEYOND else math.inf

    def plain_between(self, chance: float) -> tuple[float, float]:
        """Give the same interval as plain years would leave it."""
        return self.between(chance, Z95 * math.sqrt(chance * (1.0 - chance) / self.years))

    def tail_value_at_risk(self, chance: float) -> Estimate:
        """Give the mean of the worst years, which together have a chance."""
        start = self.quantile(chance)
        excess = np.maximum(self.values - start, 0.0)
        found = self._estimate(excess, 1.0 / chance, start, ENOUGH_ROWS)
        return self._few(found, self.beyond(start))

    def _few(self, found: Estimate, beyond: int) -> Estimate:
        """Withdraw the trust where few years lie beyond."""
        return found.doubted(self._fewer(beyond))

    def _fewer(self, beyond: int) -> str:
        if beyond >= ENOUGH_BEYOND:
            return ""
        return f"{beyond} rows lie beyond; {ENOUGH_BEYOND} are wanted"

    def _mean(self, amounts: Floats) -> tuple[float, float, float]:
        """Give the weighted mean, what reaches from it to the ends of its interval, its error."""
        weighted = self.weights * amounts
        moments = self._moments(weighted)
        error = math.sqrt(max(_variance(moments), 0.0))
        return _total(moments), error * student(self._freedom(weighted)), error

    def _freedom(self, weighted: Floats) -> float:
        """Give the degrees of freedom of the variance: 2 over its relative variance.

        Satterthwaite 1946, from the fourth moment within each law.
        """
        second = fourth = 0.0
        for law in range(int(self.law.max()) + 1):
            own = weighted[self.law == law]
            if len(own):
                squares = (own - exact_sum(own) / len(own)) ** 2
                second += exact_sum(squares)
                fourth += exact_sum(squares * squares)
        if second == 0.0 or fourth == 0.0:
            return math.inf
        spread = fourth / second / second - 1.0 / len(weighted)
        return 2.0 / spread if spread > 0.0 else math.inf

    def _estimate(self, amounts: Floats, scale: float, shift: float, enough: float) -> Estimate:
        """Estimate shift + scale × the mean of amounts by the original law."""
        weighted = self.weights * amounts
        n = len(amounts)
        moments = self._moments(weighted)
        mean, reach, error = self._mean(amounts)
        why = self.doubt or distrust(weighted - exact_sum(weighted) / n, enough)
        method = "weighted mean; strata of laws, Student's interval"
        value, reach, error = shift + scale * mean, scale * reach, scale * error
        measured = Measured(value, error, value - reach, value + reach, method, n, not why, why)
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


def student(freedom: float) -> float:
    """Give the 97.5% quantile of Student's t, to 0.3% from 4 degrees of freedom on.

    By the expansion of Cornish and Fisher (Abramowitz and Stegun 1964, 26.7.5).
    """
    z, n = Z95, max(freedom, LEAST_FREEDOM)
    first = (z**3 + z) / 4.0
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0
    return z + first / n + second / n**2 + third / n**3


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
    reach = STUDENT * math.sqrt(spread)
    return Reduction(value, value * exp(-reach), value * exp(reach))
