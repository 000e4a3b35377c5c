"""Multipliers of frequency with mean one, from uniform numbers: plain arrays, one loop each."""

import math

import numpy as np
import numpy.typing as npt

from product_factory.numbers.gamma import gamma_quantile
from product_factory.numbers.normal import normal_quantile
from product_factory.numbers.portable import exp, log1p
from rating.kernels.jit import kernel

Floats = npt.NDArray[np.float64]


@kernel
def gamma_multipliers(cv: float, u: Floats, values: Floats) -> None:
    """Fill values[row] with the u[row]-quantile of a gamma of mean 1."""
    shape = 1.0 / (cv * cv)
    for row in range(u.size):
        values[row] = gamma_quantile(shape, u[row]) / shape


@kernel
def lognormal_multipliers(cv: float, u: Floats, values: Floats) -> None:
    """Fill values[row] with the u[row]-quantile of a lognormal of mean 1."""
    square = log1p(cv * cv)
    for row in range(u.size):
        values[row] = exp(math.sqrt(square) * normal_quantile(u[row]) - 0.5 * square)


@kernel
def shock_multipliers(chance: float, times: float, u: Floats, values: Floats) -> None:
    """Fill values[row] with `times` where u[row] is in the chance's top, else with the rest."""
    rest = (1.0 - chance * times) / (1.0 - chance)
    for row in range(u.size):
        values[row] = times if 1.0 - u[row] < chance else rest
