"""The sum of a year's claims by Panjer's recursion: slow, and without rounding to fear."""

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from rating.aggregate.lattice import Lattice
from rating.frequencies import Frequency
from rating.kernels.aggregate import compound

Floats = npt.NDArray[np.float64]
BELOW_ZERO = 1e-12
"""A chance so far below 0 shows that the recursion has lost its digits (Panjer and Wang 1993)."""


def by_panjer(frequency: Frequency, claim: Lattice, size: int) -> Lattice:
    """Return the distribution of the sum on `size` points (Panjer 1981).

    Raises BadValue where so many events are expected that the chance of none is no number, and
    where the recursion is not stable, as that of a binomial count may be.
    """
    given = np.zeros(size + 1)
    count = min(size, claim.chances.size)
    given[:count] = claim.chances[:count]
    return Lattice(claim.step, compounded(frequency, given))


def compounded(frequency: Frequency, chances: Floats) -> Floats:
    """Return the chances of 0 … size - 1 steps, from those of one claim of 0 … size steps."""
    total = np.zeros(chances.size - 1)
    for weight, count in frequency.weighted():
        if count.mean == 0.0:
            total[0] += weight
            continue
        a, b, p0 = count.panjer()
        if p0 <= 0.0:
            got = f"{count.mean:g}, whose chance of no event is below every number"
            raise BadValue(f"frequency: expected fewer events a year for the recursion, got {got}")
        total = total + weight * compound(a, b, p0, chances)
    if not (total.min() > -BELOW_ZERO and total.sum() < 1.0 + BELOW_ZERO * total.size):
        text = f"expected a count by which the recursion keeps its digits, got {frequency}"
        raise BadValue(f"frequency: {text}")
    return total
