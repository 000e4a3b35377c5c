"""The limit of rating a book: one fused loop, written for exactly eight factors."""

import numpy as np
from numba import njit

from tests.benchmarks.limits.stretches import stretches


@njit(nogil=True, error_model="numpy")
def rate_rows(base, c0, c1, c2, c3, c4, c5, c6, c7, f0, f1, f2, f3, f4, f5, f6, f7, out, lo, hi):
    """out[i] = base f0[c0[i]] ... f7[c7[i]], multiplied from left to right, for lo <= i < hi."""
    for i in range(lo, hi):
        premium = base * f0[c0[i]] * f1[c1[i]] * f2[c2[i]] * f3[c3[i]]
        out[i] = premium * f4[c4[i]] * f5[c5[i]] * f6[c6[i]] * f7[c7[i]]


def fused(base, codes, tables, threads):
    """Premiums of all rows; each thread rates one stretch of them."""
    rows = len(codes[0])
    out = np.empty(rows)
    stretches(lambda lo, hi: rate_rows(base, *codes, *tables, out, lo, hi), rows, threads)
    return out
