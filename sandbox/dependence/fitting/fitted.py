"""All copulas that were asked for, fitted and compared."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sandbox.dependence.copulas import Copula
from sandbox.dependence.fitting.estimate import estimate, log_likelihood, taus
from sandbox.dependence.fitting.goodness import distance, parameters, samples
from sandbox.dependence.fitting.specification import DependenceSpec, Results

Floats = npt.NDArray[np.float64]
EVERY = 50
"""After so many samples of a bootstrap it is said how many there are."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A copula that was fitted.

    errors    of its parameters, by bootstrap (a t's degrees of freedom have none); empty for none
    distance  Cramér and von Mises's;  chance: of a sample at least as far off; NaN for no bootstrap
    """

    copula: Copula
    log_likelihood: float
    parameters: tuple[float, ...]
    errors: tuple[float, ...]
    distance: float
    chance: float

    @property
    def aic(self) -> float:
        """Akaike's criterion: twice the number of parameters less twice the log-likelihood."""
        return 2.0 * len(self.parameters) - 2.0 * self.log_likelihood


@dataclass(frozen=True, eq=False)
class Fitted:
    """What came of a fit: candidates by Akaike's criterion, best first; taus of the data."""

    spec: DependenceSpec
    results: Results
    candidates: tuple[Candidate, ...]
    taus: Floats

    @property
    def best(self) -> Candidate:
        """The candidate of the least criterion."""
        return self.candidates[0]


def fit_copulas(spec: DependenceSpec, results: Results, say: Callable[[str], None]) -> Fitted:
    """Fit every copula that is asked for. Say which one is at work."""
    found = []
    for kind in spec.copulas:
        say(kind)
        found.append(_candidate(spec, results.u, kind, say))
    ordered = sorted(found, key=lambda one: one.aic)
    return Fitted(spec, results, tuple(ordered), taus(results.u))


def _counted(drawn: Iterator[Floats], number: int, say: Callable[[str], None]) -> Iterator[Floats]:
    """Pass on what is drawn; say now and then how many there are."""
    for count, one in enumerate(drawn, 1):
        if count % EVERY == 0:
            say(f"{count:,} of {number:,} samples")
        yield one


def _candidate(spec: DependenceSpec, u: Floats, kind: str, say: Callable[[str], None]) -> Candidate:
    copula = estimate(kind, u, spec.method)
    given, away = parameters(copula), distance(copula, u)
    chance, errors = math.nan, tuple[float, ...]()
    if spec.bootstrap:
        drawn = samples(copula, len(u), spec.bootstrap, spec.method, spec.seed)
        again = np.array([*_counted(drawn, spec.bootstrap, lambda text: say(f"{kind}: {text}"))])
        beyond = int((again[:, -1] >= away).sum())
        chance = (beyond + 0.5) / (spec.bootstrap + 1.0)
        if spec.bootstrap > 1:
            errors = tuple(float(one) for one in again[:, :-1].std(axis=0, ddof=1))
    return Candidate(copula, log_likelihood(copula, u), tuple(given), errors, away, chance)
