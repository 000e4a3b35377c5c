"""Distorted probabilities of ranked rows: plain arrays, one loop each.

A row of rank i among n ascending ones (1-based) weighs g((n - i + 1)/n) - g((n - i)/n), g the
distortion of the probability to exceed. The slope g'((n - i)/n) beside it carries the error.
"""

import numpy as np
from numpy.typing import NDArray

from product_factory.numbers.normal import normal_cdf, normal_quantile
from product_factory.numbers.portable import exp, power
from rating.kernels.jit import kernel

Amounts = NDArray[np.float64]


@kernel
def wang(shift: float, weight: Amounts, slope: Amounts) -> None:
    """g(s) = Phi(Phi^-1(s) + shift), g'(s) = exp(-shift z - shift**2 / 2), z = Phi^-1(s)."""
    n = weight.size
    above = 0.0
    for k in range(n - 1, -1, -1):
        here = 1.0
        if k > 0:
            z = normal_quantile((n - k) / n)
            here = normal_cdf(z + shift)
            slope[k - 1] = exp(-shift * z - shift * shift / 2.0)
        weight[k] = here - above
        above = here


@kernel
def proportional_hazard(exponent: float, weight: Amounts, slope: Amounts) -> None:
    """g(s) = s**exponent, g'(s) = exponent s**(exponent - 1)."""
    n = weight.size
    above = 0.0
    for k in range(n - 1, -1, -1):
        s = (n - k) / n
        here = power(s, exponent)
        if k > 0:
            slope[k - 1] = exponent * here / s
        weight[k] = here - above
        above = here
