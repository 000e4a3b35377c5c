"""The limit of simulating compound years: one loop, written for exactly this problem.

Poisson(frequency) claims a year, ln X ~ Normal(mu, sigma), a claim pays min((X - deductible)+,
limit). Three devices make it fast, none of which changes the distribution:

- Thinning: only claims above the deductible are drawn, Poisson(frequency S(deductible)) of them.
- The count comes from its distribution function through a guide (Chen and Asau 1974): a table
  says where in the function to start looking for a uniform.
- The payment comes from a table of its quantiles at 2**14 steps, linear in between, which adds
  1.1e-6 of itself to the mean; the step in which the limit is reached is computed exactly.

Uniforms are Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011) with the seed as key and (call,
year) as counter, so that a year is the same whatever thread draws it.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.special import log_ndtr, ndtr, ndtri_exp
from scipy.stats import poisson

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)

TABLE_BITS = 14
CELL = np.uint64(32 - TABLE_BITS)
INSIDE = np.uint64((1 << (32 - TABLE_BITS)) - 1)
GUIDE_BITS = 10
GUIDE = np.uint64(64 - GUIDE_BITS)


class Tables(NamedTuple):
    """What the loop looks up. payments[i] is the payment at uniform i / 2**TABLE_BITS."""

    count_cdf: np.ndarray
    guide: np.ndarray
    payments: np.ndarray
    limit_cell: int
    mu: float
    sigma: float
    log_above: float
    deductible: float
    limit: float


def tables(frequency, mu, sigma, deductible, limit):
    log_above = log_ndtr((mu - math.log(deductible)) / sigma)
    mean = frequency * math.exp(log_above)
    count_cdf = poisson.cdf(np.arange(int(mean + 12.0 * math.sqrt(mean)) + 30), mean)
    count_cdf[-1] = 1.0
    steps = np.arange(1 << TABLE_BITS) / (1 << TABLE_BITS)
    claims = np.exp(mu - sigma * ndtri_exp(log_above + np.log1p(-steps)))
    capped = ndtr((mu - math.log(deductible + limit)) / sigma) / math.exp(log_above)
    return Tables(
        count_cdf=count_cdf,
        guide=np.searchsorted(count_cdf, np.arange(1 << GUIDE_BITS) / (1 << GUIDE_BITS), "right"),
        payments=np.append(np.minimum(claims - deductible, limit), limit),
        limit_cell=int((1.0 - capped) * (1 << TABLE_BITS)),
        mu=mu,
        sigma=sigma,
        log_above=log_above,
        deductible=deductible,
        limit=limit,
    )


@njit(inline="always")
def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four words of 32 bits, each held in 64."""
    for _ in range(10):
        p0 = MULTIPLIER_0 * c0
        p1 = MULTIPLIER_1 * c2
        c0 = (p1 >> HALF) ^ c1 ^ k0
        c1 = p1 & LOW
        c2 = (p0 >> HALF) ^ c3 ^ k1
        c3 = p0 & LOW
        k0 = (k0 + WEYL_0) & LOW
        k1 = (k1 + WEYL_1) & LOW
    return c0, c1, c2, c3


@njit
def normal_quantile_exp(log_p):
    """The z with log Phi(z) = log_p < log 0.5, by Newton steps on log Phi from its tail."""
    z = -math.sqrt(-2.0 * log_p)
    for _ in range(12):
        cdf = 0.5 * math.erfc(-z / math.sqrt(2.0))
        density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
        z += (log_p - math.log(cdf)) * cdf / density
    return z


@njit
def exact_payment(uniform, mu, sigma, log_above, deductible, limit):
    """min(Q(uniform) - deductible, limit), Q the quantile of the claims above the deductible."""
    claim = math.exp(mu - sigma * normal_quantile_exp(log_above + math.log1p(-uniform)))
    return min(claim - deductible, limit)


@njit(nogil=True, error_model="numpy")
def simulate_years(
    seed,
    count_cdf,
    guide,
    payments,
    limit_cell,
    mu,
    sigma,
    log_above,
    deductible,
    limit,
    out,
    lo,
    hi,
):
    """out[year] = what the claims of that year pay, added in order of drawing."""
    zero = np.uint64(0)
    k0 = seed & LOW
    k1 = seed >> HALF
    words = np.empty(4, np.uint64)
    for year in range(lo, hi):
        year_low = np.uint64(year) & LOW
        year_high = np.uint64(year) >> HALF
        w0, w1, _, _ = philox(zero, zero, year_low, year_high, k0, k1)
        count_word = (w0 << HALF) | w1
        uniform = np.float64(count_word >> np.uint64(11)) * 2.0**-53
        count = guide[count_word >> GUIDE]
        while uniform >= count_cdf[count]:
            count += 1
        total = 0.0
        for claim in range(count):
            place = claim & 3
            if place == 0:
                call = np.uint64(1 + (claim >> 2))
                words[0], words[1], words[2], words[3] = philox(
                    call, zero, year_low, year_high, k0, k1
                )
            word = words[place]
            cell = word >> CELL
            inside = (np.float64(word & INSIDE) + 0.5) * 2.0 ** -(32 - TABLE_BITS)
            if cell == limit_cell:
                uniform = (np.float64(word) + 0.5) * 2.0**-32
                total += exact_payment(uniform, mu, sigma, log_above, deductible, limit)
            else:
                below = payments[cell]
                total += below + inside * (payments[cell + np.uint64(1)] - below)
        out[year] = total


def compound_years(problem, years, seed, threads):
    """Yearly totals of years 0 .. years - 1; each thread draws one stretch of them."""
    out = np.empty(years)
    cuts = [years * part // threads for part in range(threads + 1)]

    def part(index):
        simulate_years(np.uint64(seed), *problem, out, cuts[index], cuts[index + 1])

    if threads == 1:
        part(0)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, range(threads)))
    return out
