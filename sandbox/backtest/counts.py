"""The number of events of many policies in a year, exactly: counts of independent policies add up.

Poisson counts add up to a Poisson count, negative binomial ones of one variance over mean and
binomial ones of one chance to their own kind. Others are added by a Fourier transform of their
generating functions, to about 1e-12.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from product_factory.errors import BadValue
from rating.frequencies import Binomial, Frequency, NegativeBinomial, Poisson

Floats = npt.NDArray[np.float64]
REACH, BESIDE = 10.0, 64
"""Standard deviations beyond the mean, and places beyond those, of the first table of chances."""
LONGEST, ENOUGH = 1 << 24, 1e-13
RARE = 1e-10
"""Counts that are rarer are not drawn."""
FURTHEST = 2.0**20
"""No factor further than this is looked for."""
PRECISE = 1e-10
HALF = 0.5


@dataclass(frozen=True)
class Total:
    """Counts that are added: (count of a policy, how many such policies), each count once."""

    parts: tuple[tuple[Frequency, int], ...]

    @classmethod
    def of(cls, parts: Iterable[tuple[Frequency, int]]) -> "Total":
        """Join counts that are alike."""
        found: dict[Frequency, int] = {}
        for count, policies in parts:
            if policies and count.mean > 0.0:
                found[count] = found.get(count, 0) + policies
        return cls(tuple(found.items()))

    @property
    def mean(self) -> float:
        """Events expected."""
        return math.fsum(policies * count.mean for count, policies in self.parts)

    @property
    def variance(self) -> float:
        """Their variance."""
        return math.fsum(policies * count.variance for count, policies in self.parts)

    def scaled(self, factor: float) -> "Total":
        """Give as many times as many. Raises BadValue where a kind cannot have so many."""
        return Total.of((count.scaled(factor), policies) for count, policies in self.parts)

    @cached_property
    def law(self) -> Frequency | None:
        """The kind that the sum is of; None where it is of none that has a name."""
        counts = [count for count, _ in self.parts]
        kinds = {type(count) for count in counts}
        if kinds <= {Poisson}:
            return Poisson(self.mean)
        if kinds == {NegativeBinomial}:
            spreads = {c.variance_over_mean for c in counts if isinstance(c, NegativeBinomial)}
            return NegativeBinomial(self.mean, spreads.pop()) if len(spreads) == 1 else None
        if kinds == {Binomial}:
            chances = {c.chance for c in counts if isinstance(c, Binomial)}
            tries = sum(n * c.trials for c, n in self.parts if isinstance(c, Binomial))
            return Binomial(tries, chances.pop()) if len(chances) == 1 else None
        return None

    @cached_property
    def _chances(self) -> Floats:
        """[n] chances by a Fourier transform, from none on.

        The table is doubled until nothing is left that would have come round to its start.
        """
        most = self.mean + REACH * math.sqrt(self.variance) + BESIDE
        size = 1 << math.ceil(math.log2(most))
        found = self._transformed(size)
        while size < LONGEST:
            longer = self._transformed(2 * size)
            if float(np.abs(longer[:size] - found).max()) < ENOUGH:
                break
            size, found = 2 * size, longer
        return found

    def _transformed(self, size: int) -> Floats:
        z = np.exp(-2j * math.pi * np.arange(size // 2 + 1) / size)
        logs = np.zeros(z.size, dtype=np.complex128)
        with np.errstate(divide="ignore"):
            for count, policies in self.parts:
                logs += policies * np.log1p(count.generating(z))
        return np.asarray(np.maximum(np.fft.irfft(np.exp(logs), size), 0.0), dtype=np.float64)

    def probability(self, n: int) -> float:
        """Return P(N = n)."""
        if self.law is not None:
            return self.law.probability(n)
        return float(self._chances[n]) if 0 <= n < self._chances.size else 0.0

    def distribution(self, n: int) -> float:
        """Return P(N <= n)."""
        if self.law is not None:
            return self.law.distribution(n)
        return min(1.0, float(self._chances[: max(0, n + 1)].sum()))

    def survival(self, n: int) -> float:
        """Return P(N > n)."""
        if self.law is not None:
            return self.law.survival(n)
        return min(1.0, float(self._chances[max(0, n + 1) :].sum()))

    def two_sided(self, n: int) -> float:
        """Return twice the chance of as few, or as many, whichever is less: at most 1."""
        return min(1.0, 2.0 * min(self.distribution(n), self.survival(n - 1)))

    def quantile(self, u: float) -> int:
        """Return the least n with P(N <= n) >= u."""
        if self.law is not None:
            return self.law.quantile(u)
        return int(np.searchsorted(np.cumsum(self._chances), u))

    def drawn(self, random: np.random.Generator, size: int) -> Floats:
        """Draw counts by inversion of a table that is cut where nothing is left: [size]."""
        if not self.parts:
            return np.zeros(size)
        if self.law is None:
            first, table = 0, np.cumsum(self._chances)
        else:
            first, last = self.law.quantile(RARE), self.law.quantile(1.0 - RARE)
            table = np.array([self.law.distribution(n) for n in range(first, last + 1)])
        found = first + np.searchsorted(table, random.random(size))
        return np.asarray(found, dtype=np.float64)

    def interval(self, n: int, confidence: float) -> tuple[float, float]:
        """Return the factors between which this number is not too large nor too small.

        Of a Poisson count it is the exact interval of Garwood, "Fiducial limits for the Poisson
        distribution", Biometrika 28 (1936), over the mean; of others the same inversion.
        """
        tail = (1.0 - confidence) / 2.0
        low = self.factor_with(n - 1, 1.0 - tail) if n else 0.0
        return low, self.factor_with(n, tail)

    def factor_with(self, n: int, chance: float) -> float:
        """Return the factor of the mean with which P(N <= n) is this; NaN where there is none."""

        def beyond(logarithm: float) -> float:
            return self.scaled(math.exp(logarithm)).distribution(n) - chance

        def known(logarithm: float) -> bool:
            """Whether the kinds can have so many."""
            try:
                self.scaled(math.exp(logarithm))
            except BadValue:
                return False
            return True

        start, step = math.log(max(n, HALF) / self.mean), HALF
        while not known(start):
            start -= HALF
        low = high = start
        while beyond(low) < 0.0:
            low -= HALF
            if low < -math.log(FURTHEST):
                return 0.0
        while beyond(high) > 0.0:
            while not known(high + step):
                step /= 2.0
            if step < PRECISE:
                return math.nan
            high += step
        if low == high:
            return math.exp(low)
        return math.exp(float(brentq(beyond, low, high, xtol=PRECISE)))
