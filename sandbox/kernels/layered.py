"""Years of one layer: only claims above its deductible are drawn, and paid from a table.

The counter of a draw is (index, year, process, 0): index 0 gives the year's count, index 1 + k the
words of claims 4 k ... 4 k + 3, index REDRAWN + k where claim k lies in a step that is computed.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from product_factory.numbers.gamma import poisson_weight
from product_factory.numbers.normal import normal_quantile
from product_factory.numbers.portable import exp
from rating.kernels.distributions import (
    LOGNORMAL,
    POISSON,
    first_count,
    negative_binomial_weight,
    severity_quantile,
)
from rating.kernels.jit import kernel
from rating.kernels.random import HALF, SPARE, STEP, WORD, many_words, uniform

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

TABLE_BITS = 14
STEPS = 1 << TABLE_BITS
"""Steps of the table of excesses, each of the same chance."""
EXACT = 64
"""The last steps, where a quantile function may rise without bound: computed, not looked up.

So is the first step, where it may rise as steeply.
"""
TABLED = STEPS - EXACT
GUIDE_BITS = 10
GUIDES = 1 << GUIDE_BITS
"""Where the search for a count begins, by the leading bits of its uniform number."""
INSIDE_BITS = 32 - TABLE_BITS
TO_STEP = np.uint64(INSIDE_BITS)
INSIDE = np.uint64((1 << INSIDE_BITS) - 1)
INSIDE_STEP = 2.0**-INSIDE_BITS
TO_GUIDE = np.uint64(64 - GUIDE_BITS)
REDRAWN = 1 << 31
ROWS = 64
"""The most years whose words are drawn at a time: drawn many together they are drawn fast."""
CALLS = 1 << 12
"""About how many words of four claims are held at a time: few enough to stay in the cache."""
LARGEST = 1.0 - 2.0**-53
"""The largest number below 1."""


class Layer(NamedTuple):
    """What the loop looks up and the terms that it applies.

    chances     [place] P(N <= first + place), N the number of claims above the deductible; ends in
                1.  guide: [leading bits] the first place whose chance is not below them
    excesses    [step] how far the claim at that step of the claims above goes beyond the deductible
    code, p0 .. p2   the severity;  above: the chance of a claim above the deductible
    """

    first: int
    chances: Floats
    guide: Integers
    excesses: Floats
    code: int
    p0: float
    p1: float
    p2: float
    above: float
    deductible: float
    share: float
    limit: float


@kernel
def count_chances(code: int, mean: float, dispersion: float, chances: Floats) -> tuple[int, int]:
    """Fill in P(N <= n); return the first n and how many there are, -1 for too many.

    The sums are those of ``frequency_quantile``, and so are the counts that are read off them.
    """
    n = first_count(mean, dispersion)
    first = int(n)
    if code == POISSON:
        weight = poisson_weight(n, mean)
    else:
        weight = negative_binomial_weight(mean, dispersion, n)
    r = mean / (dispersion - 1.0) if code != POISSON else 0.0
    q = (dispersion - 1.0) / dispersion
    total = weight
    for place in range(chances.size):
        chances[place] = total
        if code == POISSON:
            n += 1.0
            weight *= mean / n
        else:
            weight *= q * (n + r) / (n + 1.0)
            n += 1.0
        before = total
        total += weight
        if total == before and n > mean:
            chances[place] = 1.0
            return first, place + 1
    return first, -1


@kernel
def upper_quantile(code: int, p0: float, p1: float, p2: float, tail: float) -> float:
    """Return the claim that is exceeded with chance `tail`, 0 < tail < 1."""
    if code == LOGNORMAL:
        # from its own tail, where the chance keeps its digits
        return exp(p0 - p1 * normal_quantile(tail))
    return severity_quantile(code, p0, p1, p2, min(1.0 - tail, LARGEST))


@kernel
def excess_quantiles(
    code: int, p0: float, p1: float, p2: float, above: float, deductible: float
) -> Floats:
    """Give the excess at the edges of the steps 0 ... TABLED - 1, never falling."""
    excesses = np.zeros(TABLED + 1)
    for step in range(1, TABLED + 1):
        tail = above * (float(STEPS - step) / STEPS)
        excess = upper_quantile(code, p0, p1, p2, tail) - deductible
        excesses[step] = max(excess, excesses[step - 1])
    return excesses


@kernel
def tabled_mean(excesses: Floats, share: float, limit: float) -> float:
    """Give the mean payment of a claim above the deductible, 0 in place of the computed steps."""
    total = 0.0
    for step in range(1, TABLED):
        low, high = share * excesses[step], share * excesses[step + 1]
        if high <= limit:
            total += 0.5 * (low + high)
        elif low >= limit:
            total += limit
        else:
            part = (limit - low) / (high - low)
            total += 0.5 * part * (low + limit) + (1.0 - part) * limit
    return total / STEPS


@kernel
def draw_counts(
    layer: Layer,
    key: np.uint64,
    process: np.uint64,
    first: int,
    years: Words,
    indices: Words,
    words: Words,
    counts: Integers,
) -> None:
    """Put into `counts` how many claims above the deductible the years first ... have.

    years, indices  [year] room;  words: [word, draw] room for at least as many
    """
    for row in range(years.size):
        years[row] = np.uint64(first + row)
        indices[row] = np.uint64(0)
    many_words(key, process, years, indices, words)
    for row in range(years.size):
        count_word = (words[1, row] << WORD) | words[0, row]
        u = (np.float64(count_word >> SPARE) + HALF) * STEP
        place = layer.guide[count_word >> TO_GUIDE]
        while layer.chances[place] < u:
            place += 1
        counts[row] = layer.first + place


@kernel
def simulate_layer(
    layer: Layer, key: np.uint64, process: np.uint64, first: int, totals: Floats
) -> None:
    """Put into `totals` what the claims of the years first ... pay, in currency.

    A claim of X pays min(share (X - deductible), limit); a year adds them in order of drawing.
    """
    excesses = layer.excesses
    code, p0, p1, p2 = layer.code, layer.p0, layer.p1, layer.p2
    above, deductible, share, limit = layer.above, layer.deductible, layer.share, layer.limit
    at_end = share * excesses[TABLED] >= limit
    most = 1 + (layer.first + layer.chances.size) // 4
    together = max(1, min(ROWS, CALLS // most))
    counts = np.empty(together, np.int64)
    years, indices = np.empty(together * most, np.uint64), np.empty(together * most, np.uint64)
    words = np.empty((4, together * most), np.uint64)
    for begin in range(0, totals.size, together):
        rows = min(together, totals.size - begin)
        draw_counts(layer, key, process, first + begin, years[:rows], indices[:rows], words, counts)
        draws = 0
        for row in range(rows):
            for call in range((counts[row] + 3) >> 2):
                years[draws] = np.uint64(first + begin + row)
                indices[draws] = np.uint64(1 + call)
                draws += 1
        many_words(key, process, years[:draws], indices[:draws], words)
        draw = 0
        for row in range(rows):
            count = counts[row]
            total = 0.0
            for call in range((count + 3) >> 2):
                four = words[0, draw], words[1, draw], words[2, draw], words[3, draw]
                draw += 1
                for lane in range(4):
                    claim = 4 * call + lane
                    if claim < count:
                        word = four[lane]
                        step = word >> TO_STEP
                        # step 0 less 1 is the largest of numbers: one comparison tests both ends
                        if step - np.uint64(1) < np.uint64(TABLED - 1):
                            low = excesses[step]
                            inside = (np.float64(word & INSIDE) + HALF) * INSIDE_STEP
                            excess = low + inside * (excesses[step + np.uint64(1)] - low)
                        elif at_end and step >= np.uint64(TABLED):
                            excess = math.inf
                        else:
                            year = np.uint64(first + begin + row)
                            v = uniform(key, process, year, np.uint64(REDRAWN + claim))
                            tail = above * ((np.float64(STEPS - 1 - np.int64(step)) + v) / STEPS)
                            excess = max(upper_quantile(code, p0, p1, p2, tail) - deductible, 0.0)
                        total += min(share * excess, limit)
            totals[begin + row] = total
