"""What claims of a year add up to, on a lattice: spreading, Panjer's recursion, convolution.

A distribution on a lattice of step h is the chances of 0, h, 2h, …; sums run in the order written.
"""

import math

import numpy as np
import numpy.typing as npt

from product_factory.numbers.portable import exp, power
from rating.kernels.jit import kernel

Floats = npt.NDArray[np.float64]


@kernel
def spread(amounts: Floats, weights: Floats, step: float, size: int) -> Floats:
    """Put weighted amounts on the lattice 0 … size steps; what is beyond goes to the last.

    An amount between two points is shared by them so that its mean is kept (Gerber 1982,
    "On the numerical evaluation of the distribution of aggregate claims"): the lattice is riskier
    than the amounts, and a limited mean on it is never above theirs.
    """
    chances = np.zeros(size + 1)
    for number in range(amounts.size):
        place = amounts[number] / step
        low = math.floor(place)
        if low >= size:
            chances[size] += weights[number]
            continue
        above = place - low
        chances[low] += weights[number] * (1.0 - above)
        chances[low + 1] += weights[number] * above
    return chances


@kernel
def compound(a: float, b: float, p0: float, chances: Floats) -> Floats:
    """Give the chances that the claims of a count add up to 0 … size - 1 steps (Panjer 1981).

    a, b, p0  the count: p(0) = p0, p(n) = (a + b / n) p(n - 1)
    chances   of one claim to be 0 … size steps
    """
    size = chances.size - 1
    total = np.zeros(size)
    none = chances[0]
    places = np.flatnonzero(chances[1:]) + 1  # single amounts leave most of them empty
    # the count's generating function at the chance that a claim is 0
    if a == 0.0:
        total[0] = p0 * exp(b * none)
    else:
        total[0] = p0 * power(1.0 - a * none, -(a + b) / a)
    for k in range(1, size):
        value = 0.0
        for place in range(places.size):
            j = places[place]
            if j > k:
                break
            value += (a + b * j / k) * chances[j] * total[k - j]
        total[k] = value / (1.0 - a * none)
    return total


@kernel
def convolve(x: Floats, y: Floats) -> Floats:
    """Give the chances of the sum of two independent lattice amounts, as far as x reaches."""
    found = np.zeros(x.size)
    for i in range(x.size):
        if x[i] != 0.0:
            for j in range(x.size - i):
                found[i + j] += x[i] * y[j]
    return found


@kernel
def limited(chances: Floats) -> Floats:
    """Give E[min(X, m)] in steps for m = 0 … size, from the chances of 0 … size steps."""
    found = np.zeros(chances.size)
    above = 0.0
    for m in range(chances.size - 1, 0, -1):
        above += chances[m]
        found[m] = above
    for m in range(1, chances.size):
        found[m] += found[m - 1]
    return found
