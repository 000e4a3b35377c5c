"""Exceedance: what is exceeded once in so many years."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from product_factory.errors import BadValue
from sandbox.measures.measured import Measured
from sandbox.measures.sample import Sample
from sandbox.measures.value_at_risk import of_quantile, quantile

RETURN_PERIODS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 250.0, 500.0, 1000.0)
"""The usual points of a published curve, in years."""


class Exceedance(BaseModel):
    """The amount that a year exceeds with probability 1 / return_period.

    Of a year's total it is a point of the aggregate exceedance curve; of a year's largest event,
    of the occurrence exceedance curve (as Open Results Data names them: AEP and OEP).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["exceedance"] = "exceedance"
    return_period: float = Field(gt=1.0, allow_inf_nan=False)

    def measure(self, sample: Sample) -> Measured:
        """Give the point with its order-statistic interval."""
        return quantile(np.sort(sample.values), _level(self.return_period))

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give what each row adds to the point, [row]; see `of_quantile`."""
        return of_quantile(sample, value, _level(self.return_period))


@dataclass(frozen=True)
class Curve:
    """An exceedance curve: points[i] is what is exceeded once in return_periods[i] years."""

    return_periods: tuple[float, ...]
    points: tuple[Measured, ...]


def curve(sample: Sample, return_periods: Sequence[float] = RETURN_PERIODS) -> Curve:
    """Give the exceedance curve of a sample at these return periods, in years, ascending."""
    for period in return_periods:
        if not period > 1.0:
            msg = f"return period: expected more than 1 year, got {period}"
            raise BadValue(msg)
    periods = tuple(sorted(set(map(float, return_periods))))
    ascending = np.sort(sample.values)
    return Curve(periods, tuple(quantile(ascending, _level(period)) for period in periods))


def _level(period: float) -> Fraction:
    """Give the probability not to exceed, exactly: 1 - 1/T."""
    return 1 - 1 / Fraction(repr(float(period)))
