"""What a reserve takes besides the model of its basis."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Given:
    """Figures of the contract that a kind of reserve may ask for.

    premium  [cell] the yearly premium that is charged;  cost: [cell] what Zillmer spreads
    cash     [cell, year] cash value at the end of each policy year, None without one
    most     the share of the first premium that the statutory reserve of a life annuity lets go at
             most; None for any other contract
    """

    premium: Floats
    cost: Floats
    cash: Floats | None = None
    most: float | None = None
