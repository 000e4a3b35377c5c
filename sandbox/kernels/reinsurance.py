"""Recoveries on a ragged table of occurrences: plain arrays, one loop each.

year[i] never decreases; amount[i] stands in the order in which occurrences happen in their
year. Amounts, attachments and limits of layers stand on the settlement grid (multiples of
2**-10 below 2**43, see sandbox/reinsurance/occurrences.py), so every sum and difference below
is exact and its order cannot show.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from rating.kernels.jit import kernel

Amounts: TypeAlias = NDArray[np.float64]
Years: TypeAlias = NDArray[np.int64]

INVERSE_STEP = 1024.0


@kernel
def settle(amount: Amounts, out: Amounts) -> None:
    """Round amount[i] >= 0 down to the grid, into out[i]."""
    for i in range(amount.shape[0]):
        out[i] = math.floor(amount[i] * INVERSE_STEP) / INVERSE_STEP


@kernel
def quota_share(amount: Amounts, cession: float, out: Amounts) -> None:
    """Give the share `cession` of amount[i], rounded down to the grid, into out[i]."""
    for i in range(amount.shape[0]):
        out[i] = math.floor(amount[i] * cession * INVERSE_STEP) / INVERSE_STEP


@kernel
def excess_per_event(
    year: Years, amount: Amounts, attachment: float, limit: float, annual: float, out: Amounts
) -> None:
    """Give min(max(x - attachment, 0), limit) of each occurrence while `annual` lasts.

    annual: aggregate limit, full again each year; inf if there is none.
    """
    left = annual
    for i in range(amount.shape[0]):
        if i == 0 or year[i] != year[i - 1]:
            left = annual
        layer = min(max(amount[i] - attachment, 0.0), limit, left)
        left -= layer
        out[i] = layer


@kernel
def excess_per_year(
    year: Years, amount: Amounts, attachment: float, limit: float, out: Amounts
) -> None:
    """Give the rise of min(max(S - attachment, 0), limit) at each occurrence, S the year's sum."""
    so_far = 0.0
    paid = 0.0
    for i in range(amount.shape[0]):
        if i == 0 or year[i] != year[i - 1]:
            so_far = 0.0
            paid = 0.0
        so_far += amount[i]
        layer = min(max(so_far - attachment, 0.0), limit)
        out[i] = layer - paid
        paid = layer


@kernel
def by_year(year: Years, amount: Amounts, total: Amounts, largest: Amounts) -> None:
    """Add amount[i] to total[year[i]] in order; raise largest[year[i]] to amount[i]."""
    for i in range(amount.shape[0]):
        total[year[i]] += amount[i]
        largest[year[i]] = max(largest[year[i]], amount[i])
