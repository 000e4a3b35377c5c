"""How well a copula fits: the distance of its distribution from that of the data, by bootstrap.

The statistic is Cramér and von Mises's, sum (C_n - C)**2 over the rows, added over all pairs of
lines; its chance is that of samples of the fitted copula, each fitted again: C. Genest,
B. Rémillard and D. Beaudoin, "Goodness-of-fit tests for copulas: a review and a power study",
Insurance: Mathematics and Economics 44 (2009), S_n and appendix A.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from product_factory.numbers.hashing import hash64
from rating.kernels.random import stream_key
from sandbox.dependence.copulas import Copula, T
from sandbox.dependence.fitting.estimate import estimate
from sandbox.dependence.fitting.specification import pseudo

Floats = npt.NDArray[np.float64]
CHUNK = 512
"""Rows that are compared with all others at a time."""


def distance(copula: Copula, u: Floats) -> float:
    """Give the statistic of Cramér and von Mises, over all pairs of lines."""
    total = 0.0
    for i in range(u.shape[1]):
        for j in range(i):
            pair = copula.pair(j, i)
            fitted = pair.distribution(u[:, j], u[:, i])
            total += float(((_empirical(u[:, j], u[:, i]) - fitted) ** 2).sum())
    return total


def _empirical(a: Floats, b: Floats) -> Floats:
    """Give the share of rows that are at most each row in both."""
    found = np.empty(len(a))
    for first in range(0, len(a), CHUNK):
        x, y = a[first : first + CHUNK, None], b[first : first + CHUNK, None]
        found[first : first + CHUNK] = ((a <= x) & (b <= y)).mean(axis=1)
    return found


def samples(copula: Copula, rows: int, number: int, method: str, seed: int) -> Iterator[Floats]:
    """Give the parameters and the statistic of samples of a copula, each fitted again.

    A t keeps its degrees of freedom. Each sample is drawn by its own key.
    """
    freedom = copula.freedom if isinstance(copula, T) else None
    for one in range(number):
        word = hash64(f"fit dependence/{copula.KIND}/{one}")
        key = np.uint64(stream_key(np.uint64(seed), np.uint64(word)))
        u = pseudo(copula.sample(key, 0, rows))
        again = estimate(copula.KIND, u, method, freedom)
        yield np.array([*parameters(again), distance(again, u)])


def parameters(copula: Copula) -> list[float]:
    """Give theta, or the correlations below the diagonal row by row with the freedom of a t."""
    theta = getattr(copula, "theta", None)
    if theta is not None:
        return [float(theta)]
    matrix = getattr(copula, "correlation", None)
    if matrix is None:
        return []
    found = [float(matrix.values[i, j]) for i in range(copula.size) for j in range(i)]
    return [*found, copula.freedom] if isinstance(copula, T) else found
