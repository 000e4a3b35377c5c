"""Distortion risk measures: the mean under a distorted probability to exceed."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sandbox.measures.exact import exact_sum
from sandbox.measures.measured import Measured
from sandbox.measures.sample import Sample
from sandbox.measures.spread import distrust

Transform = Literal["wang", "proportional_hazard"]


class Wang(BaseModel):
    """Wang's transform: the mean when S(x) is replaced by Phi(Phi^-1(S(x)) + price_of_risk).

    Of a normal figure it is mean + price_of_risk x standard deviation; 0 is the mean itself
    (S. Wang 2000, "A Class of Distortion Operators for Pricing Financial and Insurance Risks",
    Journal of Risk and Insurance 67(1), 15-36).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["wang"] = "wang"
    price_of_risk: float = Field(ge=0.0, le=5.0)

    def measure(self, sample: Sample) -> Measured:
        """Give the distorted mean with its error and normal interval."""
        return distorted(sample, "wang", self.price_of_risk)

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:  # noqa: ARG002
        """Give what each row adds, [row]; see `row_influence`."""
        return row_influence(sample, "wang", self.price_of_risk)

    def weights(self, rows: int) -> NDArray[np.float64]:
        """Give the weight of each rank, ascending; together 1."""
        return _filled("wang", self.price_of_risk, rows)[0]


class ProportionalHazard(BaseModel):
    """Mean when S(x) is replaced by S(x) ** (1 / risk_aversion): every hazard divided by it.

    1 is the mean itself (S. Wang 1995, "Insurance pricing and increased limits ratemaking by
    proportional hazards transforms", Insurance: Mathematics and Economics 17(1), 43-54).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["proportional_hazard"] = "proportional_hazard"
    risk_aversion: float = Field(ge=1.0, le=100.0)

    def measure(self, sample: Sample) -> Measured:
        """Give the distorted mean with its error and normal interval."""
        return distorted(sample, "proportional_hazard", 1.0 / self.risk_aversion)

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:  # noqa: ARG002
        """Give what each row adds, [row]; see `row_influence`."""
        return row_influence(sample, "proportional_hazard", 1.0 / self.risk_aversion)

    def weights(self, rows: int) -> NDArray[np.float64]:
        """Give the weight of each rank, ascending; together 1."""
        return _filled("proportional_hazard", 1.0 / self.risk_aversion, rows)[0]


def distorted(sample: Sample, by: Transform, parameter: float) -> Measured:
    """Give sum of weight_i x_(i), an L-statistic; error sd(h) / sqrt(n), h its influence."""
    ascending = np.sort(sample.values)
    n = len(ascending)
    weight, slope = _filled(by, parameter, n)
    value = exact_sum(weight * ascending)
    influence = _influence(ascending, slope)
    error = math.sqrt(exact_sum(influence * influence) / (n - 1) / n)
    method = "ranked rows by distorted probability; influence error, normal interval"
    return Measured.normal(value, error, method, n, distrust(influence))


def row_influence(sample: Sample, by: Transform, parameter: float) -> NDArray[np.float64]:
    """Give, up to a constant, the sum over gaps below a row of gap x g'(S), [row].

    Source: Serfling 1980, Approximation Theorems of Mathematical Statistics, 8.1.
    """
    order = np.argsort(sample.values, kind="stable")
    _, slope = _filled(by, parameter, len(order))
    found = np.empty(len(order))
    found[order] = _influence(sample.values[order], slope)
    return found


def _filled(
    by: Transform, parameter: float, rows: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from sandbox.kernels import distortion  # noqa: PLC0415 - gates are read without numba

    weight, slope = np.empty(rows), np.empty(rows - 1)
    if by == "wang":
        distortion.wang(parameter, weight, slope)
    else:
        distortion.proportional_hazard(parameter, weight, slope)
    return weight, slope


def _influence(ascending: NDArray[np.float64], slope: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.concatenate([[0.0], np.cumsum(np.diff(ascending) * slope)])
    return found - exact_sum(found) / len(found)
