"""Quantiles of the frequency and severity models, as plain functions that kernels call.

A model is a code and its parameters, as the classes of rating/frequencies and rating/severities
give them (``CODE`` and ``parameters()``); the quantile of such a class is the same function.
"""

import math

import numpy as np
import numpy.typing as npt

from product_factory.numbers.beta import beta_quantile, binomial_weight
from product_factory.numbers.gamma import gamma_quantile, poisson_weight
from product_factory.numbers.normal import normal_quantile
from product_factory.numbers.portable import exp, log1p, power
from rating.kernels.tails import (
    burr_quantile,
    generalised_pareto_quantile,
    inverse_gaussian_quantile,
    log_gamma_quantile,
    lomax_quantile,
    pareto_quantile,
    weibull_quantile,
)

POISSON = 0
NEGATIVE_BINOMIAL = 1
BINOMIAL = 2

LOGNORMAL = 0
GAMMA = 1
BETA = 2
MBBEFD = 3
WEIBULL = 4
PARETO = 5
LOMAX = 6
GENERALISED_PARETO = 7
BURR = 8
INVERSE_GAUSSIAN = 9
LOG_GAMMA = 10
POINT = 11
"""One size for sure, the first parameter."""
PIECES = 12
"""Several severities, each between two chances; the parameters are its first row and its rows."""

TAIL = 10.0
"""Standard deviations below the mean where a count begins to be possible: chances sum to 1e-22."""
FEW = 40.0
"""Counts besides: of a mean of 1, more have a chance of 1e-49."""
LEAST_CHANCE, MOST_CHANCE = 2.0**-1000, 1.0 - 2.0**-53
"""Between them quantiles are finite."""
LEAST_WEIGHT = 1e-250
"""A chance below which the recursion of chances would start from lost digits."""


def log1p_ratio(y: float) -> float:
    """Return ln(1 + y) / y, which is 1 at 0."""
    return 1.0 if y == 0.0 else log1p(y) / y


def lognormal_quantile(mu: float, sigma: float, u: float) -> float:
    """Return exp(mu + sigma z), z being the standard normal quantile."""
    return exp(mu + sigma * normal_quantile(u))


def mbbefd_quantile(rate: float, bend: float, whole: float, u: float) -> float:
    """Return the damage ratio whose chance of not being exceeded is u.

    The odds of an x below 1 are u / (1 - u) = rate (b**-x - 1) / -ln b; bend is
    (1 - b) / (b (g - 1)), and from whole = 1 - 1/g on the loss is total.
    """
    if u >= whole:
        return 1.0
    odds = u / (1.0 - u)
    return min(odds / rate * log1p_ratio(bend * odds), 1.0)


def severity_quantile(code: int, p0: float, p1: float, p2: float, u: float) -> float:
    """Return the u-quantile of a severity given by its code and parameters, 0 < u < 1."""
    if code == LOGNORMAL:
        return lognormal_quantile(p0, p1, u)
    if code == GAMMA:
        return p1 * gamma_quantile(p0, u)
    if code == BETA:
        return beta_quantile(p0, p1, u)
    if code == MBBEFD:
        return mbbefd_quantile(p0, p1, p2, u)
    if code == WEIBULL:
        return weibull_quantile(p0, p1, u)
    if code == PARETO:
        return pareto_quantile(p0, p1, u)
    if code == LOMAX:
        return lomax_quantile(p0, p1, u)
    if code == GENERALISED_PARETO:
        return generalised_pareto_quantile(p0, p1, p2, u)
    if code == BURR:
        return burr_quantile(p0, p1, p2, u)
    if code == INVERSE_GAUSSIAN:
        return inverse_gaussian_quantile(p0, p1, u)
    if code == LOG_GAMMA:
        return log_gamma_quantile(p0, p1, p2, u)
    if code == POINT:
        return p0
    return math.nan


def drawn(
    pieces: npt.NDArray[np.float64], code: int, p0: float, p1: float, p2: float, u: float
) -> float:
    """Return what a severity gives at an even chance; of code PIECES, the piece there.

    pieces  [row, 7]: the chance up to which it reaches, code, three parameters, and the chances
            of that severity at both ends
    """
    if code != PIECES:
        return severity_quantile(code, p0, p1, p2, u)
    first = int(p0)
    low, high = first, first + int(p1) - 1
    while low < high:
        middle = (low + high) // 2
        if pieces[middle, 0] < u:
            low = middle + 1
        else:
            high = middle
    row = pieces[low]
    begins = pieces[low - 1, 0] if low > first else 0.0
    share = (u - begins) / (row[0] - begins)
    # from the end that is nearer: in a far tail the chance that is left keeps its digits
    chance = row[5] + share * (row[6] - row[5])
    if share > 0.5:
        chance = row[6] - (row[0] - u) / (row[0] - begins) * (row[6] - row[5])
    chance = min(max(chance, LEAST_CHANCE), MOST_CHANCE)
    return severity_quantile(int(row[1]), row[2], row[3], row[4], chance)


def negative_binomial_weight(mean: float, dispersion: float, n: float) -> float:
    """Return the chance of n events; dispersion is variance over mean, above 1."""
    r = mean / (dispersion - 1.0)
    if n == 0.0:
        return power(dispersion, -r)
    p = 1.0 / dispersion
    q = (dispersion - 1.0) / dispersion
    return r / (r + n) * binomial_weight(r, n, p, q)


def first_count(mean: float, dispersion: float) -> float:
    """Return a count below which chances are negligible, at which they are not yet lost."""
    first = float(math.floor(mean - TAIL * math.sqrt(mean * dispersion)))
    if first > 0.0:
        return first
    if dispersion == 1.0 or negative_binomial_weight(mean, dispersion, 0.0) > LEAST_WEIGHT:
        return 0.0
    # very dispersed and yet never 0: the least count by halving, as chances rise up to the mode
    low = 0.0
    high = float(math.floor(mean - dispersion))
    while high - low > 1.0:
        middle = float(math.floor(0.5 * (low + high)))
        if negative_binomial_weight(mean, dispersion, middle) > LEAST_WEIGHT:
            high = middle
        else:
            low = middle
    return high


def poisson_quantile(mean: float, u: float) -> int:
    """Return the least n with F(n) >= u, by inversion: it never falls as u or the mean rises.

    F is summed from its negligible end, to 1e-16 relative for each count that is walked.
    """
    # the chance of any event is at most the mean (Markov): for small means this decides nearly all
    if u <= 1.0 - mean:
        return 0
    n = first_count(mean, 1.0)
    weight = poisson_weight(n, mean)
    total = weight
    while total < u:
        n += 1.0
        weight *= mean / n
        before = total
        total += weight
        if total == before and n > mean:
            break
    return int(n)


def negative_binomial_quantile(mean: float, dispersion: float, u: float) -> int:
    """Return the least n with F(n) >= u, as ``poisson_quantile``; dispersion as above."""
    if u <= 1.0 - mean:
        return 0
    r = mean / (dispersion - 1.0)
    q = (dispersion - 1.0) / dispersion
    n = first_count(mean, dispersion)
    weight = negative_binomial_weight(mean, dispersion, n)
    total = weight
    while total < u:
        # (n + r) before n rises: written so, a small r keeps its digits at the first step
        weight *= q * (n + r) / (n + 1.0)
        n += 1.0
        before = total
        total += weight
        if total == before and n > mean:
            break
    return int(n)


def binomial_count_weight(trials: float, chance: float, n: float) -> float:
    """Return the chance of n events, 0 <= n <= trials, 0 < chance < 1."""
    if n == 0.0:
        return exp(trials * log1p(-chance))
    if n == trials:
        return power(chance, trials)
    return binomial_weight(n, trials - n, chance, 1.0 - chance)


def binomial_quantile(trials: float, chance: float, u: float) -> int:
    """Return the least n with F(n) >= u, as ``poisson_quantile``, for 0 < chance < 1."""
    mean = trials * chance
    if u <= 1.0 - mean:
        return 0
    # trials without an event may be few: then their count bends as a Poisson count does
    far = TAIL * math.sqrt(mean * (1.0 - chance)) + FEW
    n = max(0.0, float(math.floor(mean - far)))
    weight = binomial_count_weight(trials, chance, n)
    total = weight
    odds = chance / (1.0 - chance)
    while total < u and n < trials:
        weight *= odds * (trials - n) / (n + 1.0)
        n += 1.0
        before = total
        total += weight
        if total == before and n > mean:
            break
    return int(n)


def frequency_quantile(code: int, p0: float, p1: float, u: float) -> int:
    """Return the u-quantile of a count given by its code and parameters, 0 < u < 1.

    p0 is the mean; p1 the variance over the mean, which the Poisson code does not read. Of the
    binomial, p0 is the number of trials and p1 their chance.
    """
    if code == POISSON:
        return poisson_quantile(p0, u)
    if code == NEGATIVE_BINOMIAL:
        return negative_binomial_quantile(p0, p1, u)
    if code == BINOMIAL:
        return binomial_quantile(p0, p1, u)
    return -1
