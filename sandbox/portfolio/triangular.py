"""`{kind: triangular, low: 18, mode: 32, high: 60}`: a density that rises to the mode and falls."""

from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from product_factory.errors import BadValue
from product_factory.strict import Plain, Strict

Floats = npt.NDArray[np.float64]


class Triangular(Strict):
    """Density linear from 0 at `low` to its top at `mode` and back to 0 at `high`.

    With m = (mode - low) / (high - low), the quantile is low + sqrt(u (high - low)(mode - low)) up
    to u = m and high - sqrt((1 - u)(high - low)(high - mode)) beyond: roots and basic operations,
    the same to the bit everywhere.
    """

    kind: Literal["triangular"]
    low: Plain
    mode: Plain
    high: Plain
    step: Plain | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "Triangular":
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            got = f"{self.low:g}, {self.mode:g} and {self.high:g}"
            message = f"expected low, mode and high in this order, got {got}"
            raise BadValue(message)
        return self

    def quantile(self, u: Floats) -> Floats:
        """Give the value at each chance of not being exceeded, in the variable's unit."""
        whole, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = self.low + np.sqrt(u * whole * left)
        falling = self.high - np.sqrt((1.0 - u) * whole * right)
        return np.where(u * whole <= left, rising, falling)
