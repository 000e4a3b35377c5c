"""`{kind: shock, chance: 2%, times: 3}`: now and then a year of far more claims."""

import math
from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from product_factory.strict import Share
from sandbox.dependence.multipliers.multiplier import Multiplier, Numbers
from sandbox.kernels.multipliers import shock_multipliers

Floats = npt.NDArray[np.float64]


class ShockYears(Multiplier):
    """`times` in a share of the years, (1 - chance times) / (1 - chance) in the others: mean 1.

    chance  of a year of shock;  times: what it multiplies by, one for all lines or one each
    """

    VARIES: ClassVar[str] = "times"

    kind: Literal["shock"]
    chance: Share
    times: Numbers

    def bound(self, lines: Sequence[str]) -> None:
        """Raise BadInput for a chance that is none, and for what does not fit the lines."""
        if not 0.0 < self.chance < 1.0:
            text = f"expected a chance between 0% and 100%, got {self.chance * 100:g}%"
            raise BadInput.one(self.place("chance"), "chance", text)
        super().bound(lines)

    def wrong(self) -> str:
        """Say what is expected where the mean cannot be one, or nothing."""
        most = 1.0 / self.chance
        for value in self.times:
            if not 1.0 < value <= most:
                limit = f"at most {most:g} for the mean to stay 1"
                return f"expected above 1, {limit}, got {value:g}"
        return ""

    def values(self, line: int, u: Floats) -> Floats:
        """Give the u-quantiles for a line, [row]."""
        values = np.empty(u.size)
        shock_multipliers(self.chance, self.of_line(line), u, values)
        return values

    def deviation(self, line: int) -> float:
        """Give the standard deviation for a line; the mean is 1."""
        return (self.of_line(line) - 1.0) * math.sqrt(self.chance / (1.0 - self.chance))
