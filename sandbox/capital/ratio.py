"""A solvency ratio against its least value."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """Own funds over what is required; infinite where nothing is."""

    name: str
    funds: float
    value: float
    least: float

    @property
    def met(self) -> bool:
        """Whether the ratio is enough."""
        return self.value >= self.least

    @classmethod
    def of(cls, name: str, funds: float, required: float, least: float) -> "Ratio":
        """Divide funds by what is required."""
        return cls(name, funds, funds / required if required > 0.0 else math.inf, least)
