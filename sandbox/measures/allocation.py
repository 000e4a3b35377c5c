"""What each cover or segment adds to a measure of the whole: Euler's allocation, which adds up.

A measure that weighs ranked rows (tail value at risk, Wang, proportional hazard) is the mean of
the total under those weights; the mean of a cover under the same weights is its part. Parts of
all covers together are the measure (Tasche 2008, "Capital allocation to business units and
sub-portfolios: the Euler principle"; of a distortion it is called the natural allocation).
"""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from product_factory.errors import BadValue
from sandbox.loss_table import LossTable
from sandbox.measures.distortion import ProportionalHazard, Wang
from sandbox.measures.exact import exact_sum
from sandbox.measures.measured import Measured
from sandbox.measures.tail_value_at_risk import TailValueAtRisk

Allocating = TailValueAtRisk | Wang | ProportionalHazard
BATCHES: Final = 20
"""Parts are measured again in so many batches of rows, whose spread gives the error."""
ENOUGH_ROWS: Final = 100
"""Rows of a batch from which the tail of ALLOCATED holds one at least."""
ALLOCATED: Final = TailValueAtRisk(level=0.99)
"""What every run allocates to its covers."""
T95: Final = 2.093024054408263
"""97.5% quantile of Student's t with BATCHES - 1 degrees of freedom."""


def parts_of(table: LossTable) -> Mapping[str, Measured]:
    """Give the parts of what every run allocates; none of one cover, or of too few rows to say."""
    if len(table.columns) == 1 or table.years < BATCHES * ENOUGH_ROWS:
        return MappingProxyType({})
    return allocate(ALLOCATED, table.columns, table.paid, table.total())


def allocate(
    measure: Allocating,
    names: Sequence[str],
    paid: NDArray[np.float64],
    total: NDArray[np.float64],
) -> Mapping[str, Measured]:
    """Give the part of each column of the measure of all payouts, currency, in column order.

    names  [column] covers or segments;  paid: [row, column];  total: [row] of all columns

    Rows of equal totals share their weight, so that the order of rows does not show. The error
    is that of batch means: the spread of the parts of BATCHES runs of rows, over sqrt(BATCHES).
    BadValue where a batch would hold fewer than two rows.
    """
    years = len(total)
    if years < 2 * BATCHES:
        msg = f"an allocation: expected at least {2 * BATCHES} rows, got {years}"
        raise BadValue(msg)
    parts = _parts(measure, total, paid)
    size = years // BATCHES
    again = np.array(
        [
            _parts(measure, total[first : first + size], paid[first : first + size])
            for first in range(0, size * BATCHES, size)
        ]
    )
    why = "" if size >= ENOUGH_ROWS else f"a batch has {size} rows; {ENOUGH_ROWS} are wanted"
    found = {}
    for column, name in enumerate(names):
        spread = again[:, column] - exact_sum(again[:, column]) / BATCHES
        error = math.sqrt(exact_sum(spread * spread) / (BATCHES - 1) / BATCHES)
        value = parts[column]
        found[name] = Measured(
            value,
            error,
            value - T95 * error,
            value + T95 * error,
            "mean of the part under the weights of the whole; batch means, Student interval",
            years,
            not why,
            why,
        )
    return MappingProxyType(found)


def _parts(
    measure: Allocating, total: NDArray[np.float64], paid: NDArray[np.float64]
) -> list[float]:
    order = np.argsort(total, kind="stable")
    ranked = total[order]
    weights = measure.weights(len(total))
    first = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    last = np.concatenate([first[1:], [len(ranked)]])
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    shared = np.repeat((sums[last] - sums[first]) / (last - first), last - first)
    # a row without a tie keeps its own weight to the bit
    weights = np.where(np.repeat(last - first, last - first) == 1, weights, shared)
    return [exact_sum(weights * paid[order, column]) for column in range(paid.shape[1])]
