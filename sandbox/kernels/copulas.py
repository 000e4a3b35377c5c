"""Dependent uniform numbers, a row for each year: plain arrays, one loop for each copula.

The number of a year's i-th coordinate is named by (key, year, 1 + i), what all coordinates share
by index 0: another year, block or coordinate moves none. Arithmetic is portable, so that the bits
are the same on every machine.

Sources: A. W. Marshall and I. Olkin, "Families of multivariate distributions", JASA 83 (1988);
A. J. McNeil, R. Frey and P. Embrechts, Quantitative Risk Management (2015), 7.2 and 7.4;
M. Kanter, "Stable densities under change of scale and total variation inequalities", Annals of
Probability 3 (1975); A. W. Kemp, "Efficient generation of logarithmically distributed pseudo-random
variables", Applied Statistics 30 (1981), algorithm LK.
"""

import math

import numpy as np
import numpy.typing as npt

from product_factory.numbers.beta import beta_lower, beta_upper
from product_factory.numbers.gamma import gamma_quantile
from product_factory.numbers.normal import normal_cdf, normal_quantile
from product_factory.numbers.portable import exp, expm1, log, log1p
from product_factory.numbers.trigonometry import sine_degrees
from rating.kernels.jit import kernel, register
from rating.kernels.random import uniform_pair
from sandbox.kernels.strata import Drivers, spread

Floats = npt.NDArray[np.float64]
LEAST = 2.0**-53
"""Uniform numbers stay between this and 1 - this, so that every quantile is finite."""
STREAM = np.uint64(0)
SHARED = np.uint64(0)
HALF_TURN = 180.0


def inside(u: float) -> float:
    """Return u, at least LEAST and at most 1 - LEAST."""
    return min(max(u, LEAST), 1.0 - LEAST)


def student_cdf(freedom: float, x: float) -> float:
    """Return P(T <= x) of Student's t, the tail from the side that keeps its digits."""
    square = x * x
    if square > freedom:
        tail = 0.5 * beta_lower(0.5 * freedom, 0.5, freedom / (freedom + square))
    else:
        tail = 0.5 * beta_upper(0.5, 0.5 * freedom, square / (freedom + square))
    return tail if x < 0.0 else 1.0 - tail


register(inside, student_cdf)


@kernel
def independent(drivers: Drivers, key: np.uint64, first: int, u: Floats) -> None:
    """Fill u[year, line] with independent numbers of the years from first on."""
    for row in range(u.shape[0]):
        for i in range(u.shape[1]):
            u[row, i] = spread(drivers, key, STREAM, first + row, 1 + i, 1 + i)


@kernel
def comonotonic(drivers: Drivers, key: np.uint64, first: int, u: Floats) -> None:
    """Fill u[year, line] with one number for all lines."""
    for row in range(u.shape[0]):
        u[row, :] = spread(drivers, key, STREAM, first + row, 0, 0)


@kernel
def normal_scores(
    drivers: Drivers, key: np.uint64, year: int, root: Floats, z: Floats, x: Floats
) -> None:
    """Fill x with a normal vector of the correlation root root'; z is room."""
    for i in range(x.size):
        z[i] = normal_quantile(spread(drivers, key, STREAM, year, 1 + i, 1 + i))
        x[i] = 0.0
        for j in range(i + 1):
            x[i] += root[i, j] * z[j]


@kernel
def gaussian(drivers: Drivers, key: np.uint64, first: int, root: Floats, u: Floats) -> None:
    """Fill u[year, line] from the Gaussian copula; root: the lower Cholesky factor."""
    z, x = np.empty(u.shape[1]), np.empty(u.shape[1])
    for row in range(u.shape[0]):
        normal_scores(drivers, key, first + row, root, z, x)
        for i in range(x.size):
            u[row, i] = inside(normal_cdf(x[i]))


@kernel
def student(
    drivers: Drivers, key: np.uint64, first: int, root: Floats, freedom: float, u: Floats
) -> None:
    """Fill u[year, line] from the t copula: a normal vector over one chi-squared root."""
    z, x = np.empty(u.shape[1]), np.empty(u.shape[1])
    for row in range(u.shape[0]):
        normal_scores(drivers, key, first + row, root, z, x)
        chi2 = 2.0 * gamma_quantile(0.5 * freedom, spread(drivers, key, STREAM, first + row, 0, 0))
        stretch = math.sqrt(freedom / chi2)
        for i in range(x.size):
            u[row, i] = inside(student_cdf(freedom, stretch * x[i]))


@kernel
def clayton(drivers: Drivers, key: np.uint64, first: int, theta: float, u: Floats) -> None:
    """Fill u[year, line]: (1 + E / V)**(-1 / theta), V of a gamma of shape 1 / theta."""
    for row in range(u.shape[0]):
        v = gamma_quantile(1.0 / theta, spread(drivers, key, STREAM, first + row, 0, 0))
        for i in range(u.shape[1]):
            e = -log(spread(drivers, key, STREAM, first + row, 1 + i, 1 + i))
            u[row, i] = inside(exp(-log1p(e / v) / theta))


@kernel
def log_stable(alpha: float, angle: float, w: float) -> float:
    """Return ln S, S positive stable with E exp(-s S) = exp(-s**alpha), 0 < alpha < 1 (Kanter).

    angle  uniform on 0 … 1, in half turns;  w: exponential of mean 1
    """
    degrees = HALF_TURN * angle
    whole = log(sine_degrees(degrees))
    low, high = log(sine_degrees(alpha * degrees)), log(sine_degrees((1.0 - alpha) * degrees))
    return low - whole / alpha + (1.0 - alpha) / alpha * (high - log(w))


@kernel
def gumbel(drivers: Drivers, key: np.uint64, first: int, theta: float, u: Floats) -> None:
    """Fill u[year, line]: exp(-(E / S)**(1 / theta)), S positive stable; theta above 1."""
    alpha = 1.0 / theta
    for row in range(u.shape[0]):
        year = np.uint64(first + row)
        angle, chance = uniform_pair(key, STREAM, year, SHARED)
        s = log_stable(alpha, angle, -log(chance))
        for i in range(u.shape[1]):
            e = log(-log(spread(drivers, key, STREAM, first + row, 1 + i, 1 + i)))
            u[row, i] = inside(exp(-exp(alpha * (e - s))))


@kernel
def frank(drivers: Drivers, key: np.uint64, first: int, theta: float, u: Floats) -> None:
    """Fill u[year, line], V of a logarithmic series; theta above 0, below 0 for two lines only."""
    size = abs(theta)
    for row in range(u.shape[0]):
        year = np.uint64(first + row)
        one, two = uniform_pair(key, STREAM, year, SHARED)
        v = 1.0 + math.floor(log(two) / log1p(-exp(-size * one)))
        for i in range(u.shape[1]):
            e = -log(spread(drivers, key, STREAM, first + row, 1 + i, 1 + i))
            u[row, i] = inside(-log1p(expm1(-size) * exp(-e / v)) / size)
            if theta < 0.0 and i == 1:
                u[row, i] = 1.0 - u[row, i]
