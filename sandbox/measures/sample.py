"""The simulated values of one figure, ready to be measured."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from product_factory.errors import BadValue


@dataclass(frozen=True, eq=False)
class Sample:
    """One value for each simulated row: values[n].

    A ratio also keeps its parts, values = top / bottom, since the mean of a ratio is measured
    as the sum of tops over the sum of bottoms: claims over premium of a portfolio is its claims
    over its premium, not the average of yearly percentages.

    replicate: rows, one after the other, that were drawn together; 1 of independent rows.
    """

    values: NDArray[np.float64]
    top: NDArray[np.float64] | None = None
    bottom: NDArray[np.float64] | None = None
    replicate: int = 1

    def __post_init__(self) -> None:
        """Refuse fewer than two rows, which have no spread to take an error from."""
        if len(self.values) < 2:  # noqa: PLR2004 - a variance needs two
            msg = f"a measure: expected at least 2 simulated rows, got {len(self.values)}"
            raise BadValue(msg)

    @classmethod
    def ratio(
        cls, top: NDArray[np.float64], bottom: NDArray[np.float64], replicate: int = 1
    ) -> Self:
        """Make the sample of top / bottom; every bottom must be above zero."""
        if not (bottom > 0.0).all():
            row = int(np.argmin(bottom > 0.0))
            msg = (
                f"a ratio: expected a premium above 0 in every row, got {bottom[row]} in row {row}"
            )
            raise BadValue(msg)
        return cls(top / bottom, top, bottom, replicate)
