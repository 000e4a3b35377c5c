"""The sum of a year's claims by the fast Fourier transform, tilted against wrapping around."""

import math
from collections.abc import Sequence

import numpy as np

from rating.aggregate.lattice import Lattice
from rating.frequencies import Frequency

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
    theta = tilt / size
    less_one = np.zeros(size // 2 + 1, dtype=np.complex128)
    for frequency, claim in claims:
        given = np.zeros(size)
        count = min(size, claim.chances.size)
        given[:count] = claim.chances[:count] * np.exp(-theta * np.arange(count))
        further = frequency.generating(np.fft.rfft(given))
        less_one = less_one + further + less_one * further
    found = np.fft.irfft(less_one, size)
    # what the transform rounds off is as often above 0 as below: kept above alone it would add up
    noise = NOISE * float(np.abs(less_one).max()) / math.sqrt(size)
    found[1:] = np.where(found[1:] < noise, 0.0, found[1:])
    found[0] += 1.0
    return Lattice(claims[0][1].step, found * np.exp(theta * np.arange(size)))
