"""Tests of assumptions, Holm's correction, and how often intervals held what they promise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, kstest

Floats = npt.NDArray[np.float64]
Subject = Literal["frequency", "severity", "total"]
Aspect = Literal["level", "trend", "spread", "memory", "years", "shape"]
PROMISED = (0.5, 0.8, 0.95)
CONFIDENCE = 0.95
POWER = 0.8
"""With which chance an error of the size that is told would be found."""
DIGITS = 6
"""Of what scipy computes and transforms yield, whose last bits depend on the machine."""
LEAST_SPREAD, LEAST_TREND, LEAST_MEMORY = 3, 3, 5
"""Fewer years than these cannot show it."""


@dataclass(frozen=True)
class Finding:
    """An assumption that was tested.

    level     actual over expected;  trend: what a year adds, such as 0.03
    spread    variance over the assumed one;  memory: correlation of a year with the next
    years     of sizes, variance between years over the assumed one;  shape: of no size

    low, high 95% interval, NaN where there is none;  p: chance of as much under the assumption
    finds     the error that would be found with a chance of 80%, measured as the estimate is
    adjusted  p after Holm's correction for all that is tested;  fails: whether that is too small
    """

    subject: Subject
    line: str
    aspect: Aspect
    estimate: float
    low: float
    high: float
    p: float
    finds: float = math.nan
    adjusted: float = math.nan
    fails: bool = False


@dataclass(frozen=True)
class Held:
    """An interval of the predictive distribution: how often it held what happened.

    low, high  Wilson's interval of the share;  p: exact, of the binomial distribution
    """

    promised: float
    inside: int
    of: int
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Calibration:
    """Where what happened lies in its predictive distribution, between 0 and 1.

    years   that are behind it;  seen, expected: sums over them, of claims the number and NaN
    pit     [year, or claim] probability integral transform, randomised where chances sit on points
    even    chance of a Kolmogorov-Smirnov distance as large, were they even
    """

    subject: Subject
    line: str
    years: tuple[int, ...]
    seen: float
    expected: float
    pit: Floats
    held: tuple[Held, ...]
    even: float


def rounded(value: float, digits: int = DIGITS) -> float:
    """Round to so many significant digits."""
    return float(f"{value:.{digits}g}")


def held(pit: Floats, promised: float) -> Held:
    """Count how often the central interval held what happened."""
    tail = (1.0 - promised) / 2.0
    inside, of = int(((pit > tail) & (pit <= 1.0 - tail)).sum()), pit.size
    found = binomtest(inside, of, promised)
    wilson = found.proportion_ci(CONFIDENCE, method="wilson")
    return Held(promised, inside, of, float(wilson.low), float(wilson.high), float(found.pvalue))


def calibration(
    subject: Subject, line: str, years: Sequence[int], seen: float, expected: float, pit: Floats
) -> Calibration:
    """Hold the places, rounded, against the even distribution."""
    pit = np.array([rounded(place) for place in pit.tolist()])
    intervals = tuple(held(pit, promised) for promised in PROMISED)
    even = float(kstest(pit, "uniform").pvalue)
    return Calibration(subject, line, tuple(years), seen, expected, pit, intervals, even)


def holm(tests: Sequence[Finding], level: float) -> tuple[Finding, ...]:
    """Round, correct for how many were tested, and say which fail.

    Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6 (1979): the chance that any that is right fails is at most the level, however the
    tests depend on one another.
    """
    found = [
        replace(
            test,
            estimate=rounded(test.estimate),
            low=rounded(test.low),
            high=rounded(test.high),
            p=rounded(test.p),
            finds=rounded(test.finds),
        )
        for test in tests
    ]
    order, worst = sorted(range(len(found)), key=lambda place: found[place].p), 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, rounded((len(found) - rank) * found[place].p)))
        found[place] = replace(found[place], adjusted=worst, fails=worst <= level)
    return tuple(found)
