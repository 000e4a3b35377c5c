"""Means of many layers of one severity, each the integral of the survival over it."""

import numpy as np
import numpy.typing as npt

from product_factory.numbers.beta import beta_upper
from product_factory.numbers.gamma import gamma_upper
from product_factory.numbers.normal import normal_cdf
from product_factory.numbers.portable import exp, log, power
from rating.kernels.distributions import BETA, GAMMA, INVERSE_GAUSSIAN, LOGNORMAL, WEIBULL
from rating.kernels.jit import kernel
from rating.kernels.tails import inverse_gaussian_sides

Floats = npt.NDArray[np.float64]
SMOOTH = (LOGNORMAL, GAMMA, BETA, WEIBULL, INVERSE_GAUSSIAN)
"""Severities that `survivals` knows: those whose thin layers are integrated by one panel."""


@kernel
def survivals(code: int, p0: float, p1: float, x: Floats) -> Floats:
    """Give P(X > x) of a severity of SMOOTH at each x > 0; parameters as in severity_quantile."""
    found = np.empty(x.size)
    for place in range(x.size):
        at = x[place]
        if code == LOGNORMAL:
            found[place] = normal_cdf(-((log(at) - p0) / p1))
        elif code == GAMMA:
            found[place] = gamma_upper(p0, at / p1)
        elif code == BETA:
            found[place] = beta_upper(p0, p1, at)
        elif code == WEIBULL:
            found[place] = exp(-power(at / p1, p0))
        else:
            found[place] = inverse_gaussian_sides(p0, p1, at)[1]
    return found
