"""The sum of a year's claims by the fast Fourier transform, tilted against wrapping around."""

import math
from collections.abc import Sequence
from functools import reduce

import numpy as np

from rating.aggregate.lattice import Floats, Lattice
from rating.frequencies import Frequency
from rating.frequencies.frequency import Complex

TILT = 8.0
"""A sum of one whole lattice too much is wrapped with the weight exp(-TILT) = 3e-4."""
NOISE = 1e-15
"""Over the root of the number of points, of the largest term of the transform: a weighted chance
below has no digits left."""


def by_fourier(frequency: Frequency, claim: Lattice, size: int, tilt: float = TILT) -> Lattice:
    """Return the distribution of the sum on `size` points, a power of 2 for speed.

    Chances are weighted with exp(-tilt k / size) before the transform and unweighted after it
    (Grübel and Hermesmeier, "Computation of compound distributions I", ASTIN Bulletin 29, 1999):
    what wraps around is lessened by exp(-tilt), what rounds off is raised by at most exp(tilt).
    """
    return all_by_fourier([(frequency, claim)], size, tilt)


def all_by_fourier(
    claims: Sequence[tuple[Frequency, Lattice]], size: int, tilt: float = TILT
) -> Lattice:
    """Return the distribution of the sum of claims of several kinds, as `by_fourier`.

    claims  of each kind, independent of the others: how many, and one of them; of one step
    """
    weights = np.exp(tilt / size * np.arange(size))
    parts = (frequency.generating(_transformed(claim, weights)) for frequency, claim in claims)
    return _found(reduce(_less_one, parts), weights, claims[0][1].step)


def sum_by_fourier(
    amounts: Sequence[tuple[int, Lattice]], size: int, tilt: float = TILT
) -> Lattice:
    """Return the distribution of a sum of independent amounts, as `by_fourier`.

    amounts  how many are alike, and one of them; of one step
    """
    weights = np.exp(tilt / size * np.arange(size))
    parts = (_so_often(_transformed(one, weights) - 1.0, number) for number, one in amounts)
    return _found(reduce(_less_one, parts), weights, amounts[0][1].step)


def _transformed(amount: Lattice, weights: Floats) -> Complex:
    count = min(weights.size, amount.chances.size)
    given = np.zeros(weights.size)
    given[:count] = amount.chances[:count] / weights[:count]
    return np.fft.rfft(given)


def _so_often(less_one: Complex, number: int) -> Complex:
    """Give (1 + x)**number - 1 by squaring."""
    if number == 1:
        return less_one
    half = _so_often(_less_one(less_one, less_one), number // 2)
    return _less_one(half, less_one) if number % 2 else half


def _found(less_one: Complex, weights: Floats, step: float) -> Lattice:
    """Transform back; less_one: E[z**S] - 1 of the weighted sum."""
    size = weights.size
    found = np.fft.irfft(less_one, size)
    # what the transform rounds off is as often above 0 as below: kept above alone it would add up
    noise = NOISE * float(np.abs(less_one).max()) / math.sqrt(size)
    none = 1.0 + found[0]
    found[found < noise] = 0.0
    found[0] = none
    found *= weights
    return Lattice(step, found)


def _less_one(x: Complex, y: Complex) -> Complex:
    """Give (1 + x) (1 + y) - 1."""
    return np.asarray(x + y + x * y)
