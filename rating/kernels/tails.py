"""Quantiles of severities with heavy or light tails, as plain functions that kernels call.

Chances near 1 are read from the side that survives: ln(1 - u) is taken without loss, so that a
quantile is as exact as u itself.
"""

import math

from product_factory.numbers.gamma import LAST_STEP, MOST_STEPS, gamma_quantile
from product_factory.numbers.normal import mills, normal_cdf, normal_density, normal_quantile
from product_factory.numbers.portable import exp, expm1, log, log1p, power

MIDDLE = 0.5


def stretched(y: float, slope: float) -> float:
    """Return (exp(slope y) - 1) / slope, which is y where the slope is 0."""
    return y if slope == 0.0 else expm1(slope * y) / slope


def weibull_quantile(shape: float, scale: float, u: float) -> float:
    """Return the x with exp(-(x / scale)**shape) = 1 - u."""
    return scale * power(-log1p(-u), 1.0 / shape)


def pareto_quantile(alpha: float, minimum: float, u: float) -> float:
    """Return the x with (minimum / x)**alpha = 1 - u."""
    return minimum * exp(-log1p(-u) / alpha)


def lomax_quantile(alpha: float, scale: float, u: float) -> float:
    """Return the x with (1 + x / scale)**-alpha = 1 - u."""
    return scale * expm1(-log1p(-u) / alpha)


def generalised_pareto_quantile(shape: float, scale: float, threshold: float, u: float) -> float:
    """Return the x with (1 + shape (x - threshold) / scale)**(-1 / shape) = 1 - u."""
    return threshold + scale * stretched(-log1p(-u), shape)


def burr_quantile(alpha: float, gamma: float, scale: float, u: float) -> float:
    """Return the x with (1 + (x / scale)**gamma)**-alpha = 1 - u."""
    return scale * power(expm1(-log1p(-u) / alpha), 1.0 / gamma)


def log_gamma_quantile(minimum: float, rate: float, shape: float, u: float) -> float:
    """Return minimum exp(g / rate), g being the quantile of a gamma of that shape and scale 1."""
    return minimum * exp(gamma_quantile(shape, u) / rate)


def inverse_gaussian_sides(mean: float, shape: float, x: float) -> tuple[float, float]:
    """Return P(X <= x) and P(X > x) for x > 0, each with its digits kept where it is small.

    With a = sqrt(shape / x) (x / mean - 1) and b likewise with + 1, b**2 - a**2 = 4 shape / mean,
    so that exp(2 shape / mean) Phi(-b) is phi(a) times the Mills ratio at b: nothing overflows.
    """
    root = math.sqrt(shape / x)
    low = root * (x / mean - 1.0)
    high = root * (x / mean + 1.0)
    density = normal_density(low)
    far = density * mills(high)
    above = density * (mills(low) - mills(high)) if low > 0.0 else normal_cdf(-low) - far
    return min(normal_cdf(low) + far, 1.0), max(above, 0.0)


def inverse_gaussian_density(mean: float, shape: float, x: float) -> float:
    """Return sqrt(shape / (2 pi x**3)) exp(-shape (x - mean)**2 / (2 mean**2 x)) for x > 0."""
    root = math.sqrt(shape / x)
    return root / x * normal_density(root * (x / mean - 1.0))


def inverse_gaussian_quantile(mean: float, shape: float, u: float) -> float:
    """Return the x with P(X <= x) = u, by Newton's method on the logarithm of the smaller side."""
    lower = u <= MIDDLE
    target = u if lower else 1.0 - u
    spread = log1p(mean / shape)
    x = mean * exp(math.sqrt(spread) * normal_quantile(u) - 0.5 * spread)
    bottom = 0.0
    top = math.inf
    for _ in range(MOST_STEPS):
        below, above = inverse_gaussian_sides(mean, shape, x)
        side = below if lower else above
        ahead = -1.0
        slope = x * inverse_gaussian_density(mean, shape, x)
        if slope > 0.0 and side > 0.0:
            step = side / slope * log(side / target)
            ahead = x * exp(-step if lower else step)
        if abs(ahead - x) <= LAST_STEP * x:
            return ahead
        if (side > target) == lower:
            top = min(top, x)
        else:
            bottom = max(bottom, x)
        if not bottom < ahead < top:
            ahead = 0.1 * top if bottom == 0.0 else math.sqrt(bottom) * math.sqrt(top)
            if top == math.inf:
                ahead = 10.0 * bottom
        x = ahead
    return x
