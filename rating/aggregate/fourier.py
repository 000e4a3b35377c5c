"""The sum of a year's claims by the fast Fourier transform, tilted against wrapping around."""

import math
from collections.abc import Sequence
from functools import reduce

import numpy as np

from rating.aggregate.lattice import Lattice
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

    def transformed(frequency: Frequency, claim: Lattice) -> Complex:
        count = min(size, claim.chances.size)
        given = np.zeros(size)
        given[:count] = claim.chances[:count] / weights[:count]
        return frequency.generating(np.fft.rfft(given))

    less_one = reduce(_less_one, (transformed(*one) for one in claims))
    found = np.fft.irfft(less_one, size)
    # what the transform rounds off is as often above 0 as below: kept above alone it would add up
    noise = NOISE * float(np.abs(less_one).max()) / math.sqrt(size)
    none = 1.0 + found[0]
    found[found < noise] = 0.0
    found[0] = none
    found *= weights
    return Lattice(claims[0][1].step, found)


def _less_one(x: Complex, y: Complex) -> Complex:
    """Give (1 + x) (1 + y) - 1."""
    return np.asarray(x + y + x * y)
