"""The incomplete beta ratio and its quantile, portable to the bit.

Notation follows the NIST Digital Library of Mathematical Functions, section 8.17; the binomial
weight is taken in the saddle-point form of C. Loader (2000), see gamma.py.
"""

import math

from product_factory.numbers.gamma import (
    LAST_STEP,
    MOST_STEPS,
    MOST_TERMS,
    NEARLY_ALL,
    SMALLEST,
    STEP,
    TWO_PI,
    deviance,
    log_gamma,
    stirling_error,
)
from product_factory.numbers.normal import normal_quantile
from product_factory.numbers.portable import exp, log


def binomial_weight(a: float, b: float, p: float, q: float) -> float:
    """Return Gamma(a+b+1) / (Gamma(a+1) Gamma(b+1)) p**a q**b, for a, b > 0 and p + q = 1."""
    if p <= 0.0 or q <= 0.0:
        return 0.0
    return weight_given(shape_error(a, b), a, b, p, q)


def shape_error(a: float, b: float) -> float:
    """Return what Stirling's errors add to the logarithm of a weight, whatever p and q."""
    return stirling_error(a + b) - stirling_error(a) - stirling_error(b)


def weight_given(error: float, a: float, b: float, p: float, q: float) -> float:
    """Return the binomial weight for p, q > 0, its `shape_error` being known."""
    n = a + b
    exponent = error - (deviance(a, n * p) + deviance(b, n * q))
    return math.sqrt(n / (TWO_PI * a * b)) * exp(exponent)


def beta_weight(a: float, b: float, p: float, q: float) -> float:
    """Return p**a q**b / B(a, b), the beta density times p q, for p + q = 1."""
    return a * b / (a + b) * binomial_weight(a, b, p, q)


def beta_fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of DLMF 8.17.22 (Lentz's method)."""
    c = 1.0
    d = 1.0 / (1.0 - (a + b) * x / (a + 1.0))
    value = d
    for m in range(1, MOST_TERMS):
        even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        d = 1.0 / (1.0 + even * d)
        c = 1.0 + even / c
        value *= c * d
        odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        d = 1.0 / (1.0 + odd * d)
        c = 1.0 + odd / c
        step = c * d
        value *= step
        if abs(step - 1.0) < STEP:
            break
    return value


def beta_side(a: float, b: float, p: float, q: float) -> float:
    """Return the chance that a beta(a, b) variable is below p, for p + q = 1."""
    if p <= 0.0:
        return 0.0
    if q <= 0.0:
        return 1.0
    return side_given(beta_weight(a, b, p, q), a, b, p, q)


def side_given(weight: float, a: float, b: float, p: float, q: float) -> float:
    """Return `beta_side` for p, q > 0, the `beta_weight` there being known."""
    if p * (a + b + 2.0) <= a + 1.0:
        return weight / a * beta_fraction(a, b, p)
    return 1.0 - weight / b * beta_fraction(b, a, q)


def beta_lower(a: float, b: float, x: float) -> float:
    """Return I_x(a, b), the chance that a beta variable is below x; a, b > 0."""
    return beta_side(a, b, x, 1.0 - x)


def beta_upper(a: float, b: float, x: float) -> float:
    """Return 1 - I_x(a, b), with its digits kept in the tail."""
    return beta_side(b, a, 1.0 - x, x)


def beta_guess(a: float, b: float, u: float) -> float:
    """Return a first guess of the quantile.

    Abramowitz and Stegun 26.5.22 for a, b > 1, else the power law at 0.
    """
    if a > 1.0 and b > 1.0:
        y = -normal_quantile(u)
        s = 1.0 / (2.0 * a - 1.0)
        t = 1.0 / (2.0 * b - 1.0)
        h = 2.0 / (s + t)
        k = (y * y - 3.0) / 6.0
        w = y * math.sqrt(max(h + k, 0.0)) / h - (t - s) * (k + 5.0 / 6.0 - 2.0 / (3.0 * h))
        return min(a / (a + b * exp(2.0 * w)), 0.5)
    log_beta = log_gamma(a) + log_gamma(b) - log_gamma(a + b)
    return min(exp((log(u) + log(a) + log_beta) / a), 0.5)


def beta_small_quantile(error: float, a: float, b: float, u: float, v: float) -> float:
    """Return the x <= 1/2 with I_x(a, b) = u, for u + v = 1, both above 0; error: `shape_error`."""
    x = beta_guess(a, b, u)
    low = 0.0
    high = 0.5
    for _ in range(MOST_STEPS):
        if x < SMALLEST:
            return x
        # Newton on ln I as a function of ln x, straight at 0; on ln(1 - I) in the far upper tail
        weight = a * b / (a + b) * weight_given(error, a, b, x, 1.0 - x)
        slope = weight / (1.0 - x)
        lower = u <= NEARLY_ALL
        p = side_given(weight, a, b, x, 1.0 - x) if lower else beta_upper(a, b, x)
        target = u if lower else v
        ahead = -1.0
        if slope > 0.0 and p > 0.0:
            step = p / slope * log(p / target)
            ahead = x * exp(-step) if lower else x + step * x
        if abs(ahead - x) <= LAST_STEP * x:
            return ahead
        if (p > target) == lower:
            high = min(high, x)
        else:
            low = max(low, x)
        if not low < ahead < high:
            ahead = math.sqrt(low * high) if low > 0.0 else 0.1 * high
        x = ahead
    return x


def beta_quantile(a: float, b: float, u: float) -> float:
    """Return the x with I_x(a, b) = u: 0 at u = 0, 1 at u = 1, nan outside."""
    if not 0.0 < u < 1.0:
        if u == 0.0:
            return 0.0
        return 1.0 if u == 1.0 else math.nan
    # the smaller of x and 1 - x is solved for, since it alone has digits to converge on
    error = shape_error(a, b)
    half = side_given(a * b / (a + b) * weight_given(error, a, b, 0.5, 0.5), a, b, 0.5, 0.5)
    if u <= half:
        return beta_small_quantile(error, a, b, u, 1.0 - u)
    return 1.0 - beta_small_quantile(shape_error(b, a), b, a, 1.0 - u, u)
