"""The sum of a year's claims by Panjer's recursion: slow, and without rounding to fear."""

import numpy as np

from product_factory.errors import BadValue
from rating.aggregate.lattice import Lattice
from rating.frequencies import Frequency
from rating.kernels.aggregate import compound


def by_panjer(frequency: Frequency, claim: Lattice, size: int) -> Lattice:
    """Return the distribution of the sum on `size` points (Panjer 1981).

    Raises BadValue where so many events are expected that the chance of none is no number.
    """
    a, b, p0 = frequency.panjer()
    if p0 <= 0.0:
        raise BadValue(f"frequency: expected fewer events a year, got {frequency.mean:g}")
    given = np.zeros(size + 1)
    count = min(size, claim.chances.size)
    given[:count] = claim.chances[:count]
    return Lattice(claim.step, compound(a, b, p0, given))
