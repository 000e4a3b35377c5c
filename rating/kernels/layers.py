"""Means of many layers of one severity, each the integral of the survival over it.

A panel is a stretch of amounts on which the survival is taken at the nodes of a rule, and cut into
layers of one width. What goes through the nodes is a polynomial; its integral over each layer is a
weighted sum of the survivals. At the ends of the panel, where it strays furthest, the polynomial is
held against the survival: that tells whether it is enough.
"""

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
Flags = npt.NDArray[np.bool_]
SMOOTH = (LOGNORMAL, GAMMA, BETA, WEIBULL, INVERSE_GAUSSIAN)
"""Severities whose survival `panels` knows."""
NEAR = 1e-14
"""How far the polynomial may be from a survival S, relative to S (TENTH - ln S): rounding of the
amount moves S by as much as -ln S times the rounding."""
TENTH = 10.0
NOTHING = 1e-300
"""A chance that is as good as none: below, numbers have fewer digits."""


@kernel
def survival(code: int, p0: float, p1: float, x: float) -> float:
    """Give P(X > x) of a severity of SMOOTH; parameters as in severity_quantile."""
    if x <= 0.0:
        return 1.0
    if code == LOGNORMAL:
        return normal_cdf(-((log(x) - p0) / p1))
    if code == GAMMA:
        return gamma_upper(p0, x / p1)
    if code == BETA:
        return beta_upper(p0, p1, x)
    if code == WEIBULL:
        return exp(-power(x / p1, p0))
    return inverse_gaussian_sides(p0, p1, x)[1]


@kernel
def panels(
    code: int,
    p0: float,
    p1: float,
    lows: Floats,
    highs: Floats,
    nodes: Floats,
    shares: Floats,
    ends: Floats,
) -> tuple[Floats, Flags]:
    """Give the integral of the survival over each layer of each panel, and whether it is sure.

    lows, highs  [panel] from where to where;  nodes: [node] from 0 to 1 of the panel
    shares       [layer, node] what a survival weighs in the integral over a layer, for width 1
    ends         [2, node] what it weighs in the polynomial at 0 and at 1
    """
    found = np.zeros((lows.size, shares.shape[0]))
    sure = np.zeros(lows.size, dtype=np.bool_)
    alive = np.empty(nodes.size)
    for panel in range(lows.size):
        low, high = lows[panel], highs[panel]
        width = high - low
        first, last = survival(code, p0, p1, low), survival(code, p0, p1, high)
        at_first, at_last = 0.0, 0.0
        for node in range(nodes.size):
            alive[node] = survival(code, p0, p1, low + width * nodes[node])
            at_first += ends[0, node] * alive[node]
            at_last += ends[1, node] * alive[node]
        for layer in range(shares.shape[0]):
            total = 0.0
            for node in range(nodes.size):
                total += shares[layer, node] * alive[node]
            found[panel, layer] = width * total
        allowed = NOTHING
        if last > NOTHING:
            allowed = NEAR * last * (TENTH - log(last))
        sure[panel] = max(abs(at_first - first), abs(at_last - last)) <= allowed
    return found, sure
