"""The sum of a year's claims by the fast Fourier transform, tilted against wrapping around."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from rating.aggregate.lattice import Lattice
from rating.frequencies import Frequency, NegativeBinomial, Poisson

Complex = npt.NDArray[np.complex128]
TILT = 8.0
"""A sum of one whole lattice too much is wrapped with the weight exp(-TILT) = 3e-4."""
NOISE = 1e-15
"""Over the root of the number of points: a weighted chance below has no digits left."""


def by_fourier(frequency: Frequency, claim: Lattice, size: int, tilt: float = TILT) -> Lattice:
    """Return the distribution of the sum on `size` points, a power of 2 for speed.

    Chances are weighted with exp(-tilt k / size) before the transform and unweighted after it
    (Grübel and Hermesmeier, "Computation of compound distributions I", ASTIN Bulletin 29, 1999):
    what wraps around is lessened by exp(-tilt), what rounds off is raised by at most exp(tilt).
    """
    theta = tilt / size
    given = np.zeros(size)
    count = min(size, claim.chances.size)
    given[:count] = claim.chances[:count] * np.exp(-theta * np.arange(count))
    found = np.fft.irfft(_generating(frequency)(np.fft.rfft(given)), size)
    # what the transform rounds off is as often above 0 as below: kept above alone it would add up
    found = np.where(found < NOISE / math.sqrt(size), 0.0, found)
    return Lattice(claim.step, found * np.exp(theta * np.arange(size)))


def _generating(frequency: Frequency) -> Callable[[Complex], Complex]:
    """Give E[z**N] of a Panjer count."""
    if isinstance(frequency, Poisson):
        mean = frequency.mean
        return lambda z: np.exp(mean * (z - 1.0))
    if isinstance(frequency, NegativeBinomial):
        over, shape = frequency.variance_over_mean - 1.0, frequency.r
        # the logarithm of 1 - over (z - 1), whose real part is at least 1: no branch is crossed
        return lambda z: np.exp(-shape * np.log(1.0 - over * (z - 1.0)))
    raise BadValue(f"frequency: expected poisson or negative_binomial, got {type(frequency)}")
