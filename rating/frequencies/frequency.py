"""What every frequency model promises."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol, Self, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from product_factory.numbers.domains import Forms, require_form

Complex: TypeAlias = npt.NDArray[np.complex128]
Given: TypeAlias = "float | Sequence[float] | Frequency | Sequence[Frequency]"
"""What a product file gives for a name: a number, a list of them, or frequencies."""
Weighted: TypeAlias = "tuple[tuple[float, Panjer], ...]"
"""Counts with weights that add up to 1; a weight may be below 0."""
NEAR_NONE = -0.5
"""A real part above which exp(w) may be so near 1 that its difference from 1 loses digits."""


@runtime_checkable
class Frequency(Protocol):
    """The number N of events in a year.

    Every figure rests on product_factory.numbers and is the same to the bit everywhere; only
    ``generating`` is numpy's.
    """

    FORMS: ClassVar[Forms]
    """The sets of parameters that a product file may give."""
    PARTS: ClassVar[tuple[str, ...]]
    """Those of them that are frequencies."""

    @classmethod
    def from_form(cls, **given: Given) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""

    @property
    def mean(self) -> float:
        """E[N]."""

    @property
    def variance(self) -> float:
        """E[N**2] - E[N]**2."""

    def probability(self, n: int) -> float:
        """Return P(N = n)."""

    def distribution(self, n: int) -> float:
        """Return P(N <= n)."""

    def survival(self, n: int) -> float:
        """Return P(N > n), with its digits kept in the tail."""

    def quantile(self, u: float) -> int:
        """Return the least n with P(N <= n) >= u, for 0 < u < 1."""

    def generating(self, z: Complex) -> Complex:
        """Return E[z**N] - 1, for |z| <= 1: 1 would take the digits of rare events."""

    def weighted(self) -> Weighted:
        """Return the counts of Panjer's class of which the distribution is the weighted sum.

        A sum of claims is linear in the distribution of their number: so is its recursion.
        """

    def thinned(self, share: float) -> "Frequency":
        """Return how many of the events a coin keeps that falls so with this chance.

        So it is the number in a share of the year, the events' times being even, and the number
        above a deductible that a share of the claims exceeds.
        """

    def besides(self, share: float) -> "Frequency":
        """Return the number of others in a share of the year, given that one event happens.

        At share 1: n P(N = n) / E[N] is the chance of n - 1 others (the reduced Palm distribution;
        Daley and Vere-Jones, An Introduction to the Theory of Point Processes, II, 2008, 13.1).
        """

    def after(self, count: int, share: float) -> "Frequency":
        """Return the number of events in a whole year, as known after so many in a share of one.

        Only shares of it that are left of the year may be asked for (`thinned`).
        """

    def scaled(self, factor: float) -> "Frequency":
        """Return the number of events of a year that has `factor` times as many on average.

        BadValue where the kind cannot have so many.
        """


@runtime_checkable
class Panjer(Frequency, Protocol):
    """A count whose chances follow p(n) = (a + b / n) p(n - 1) (Panjer 1981)."""

    CODE: ClassVar[int]
    """What kernels call the kind."""

    def parameters(self) -> tuple[float, float]:
        """Return what the kernels' ``frequency_quantile`` takes after the code."""

    def panjer(self) -> tuple[float, float, float]:
        """Return (a, b, p0): p(0) = p0, p(n) = (a + b / n) p(n - 1)."""


def plain(kind: str, forms: Forms, given: Mapping[str, Given]) -> tuple[float, ...]:
    """Return the numbers in the order of the one form whose names they are; BadValue otherwise."""
    numbers = {name: value for name, value in given.items() if isinstance(value, int | float)}
    if odd := [name for name in given if name not in numbers]:
        raise BadValue(f"{kind}.{odd[0]}: expected a number")
    return require_form(kind, forms, numbers)


def named(kind: str, forms: Forms, given: Mapping[str, Given]) -> None:
    """Raise BadValue unless the names are those of one form."""
    require_form(kind, forms, dict.fromkeys(given, 0.0))


def exp_less_one(w: Complex) -> Complex:
    """Return exp(w) - 1 for Re w <= 0, with its digits kept near 0; w is written over.

    numpy's expm1 of complex numbers takes twice as long as its exp, and is needed only near 0.
    """
    near = w.real > NEAR_NONE
    kept = np.expm1(w[near])
    found = np.exp(w, out=w)
    found -= 1.0
    found[near] = kept
    return found
