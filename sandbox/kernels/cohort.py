"""Run-offs of a cohort: every policy leaves once, in some year and in some way."""

import numpy as np
import numpy.typing as npt

from rating.kernels.jit import kernel
from rating.kernels.random import stream_key, uniform

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


@kernel
def leaves_at(cumulative: Floats, u: float) -> int:
    """Give the first place whose cumulated chance exceeds u, or the size: the policy matures."""
    low, high = 0, cumulative.size
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] <= u:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def run_off(
    seed: np.uint64,
    stream: int,
    first: int,
    keys: Words,
    policies: Integers,
    cumulative: Floats,
    value: Floats,
    flows: Floats,
    segment: Integers,
    paid: Floats,
    other: Floats,
    by_segment: Floats,
    left: Integers,
) -> None:
    """Simulate the run-offs first … first + len(paid) - 1.

    keys, policies  [cell];  cumulative: [cell, way × year] chances, cumulated
    value           [cell, way × year, column] present value of what is paid
    flows           [cell, year, 2] present value of premiums and expenses of a policy that leaves
                    in that year; the last year is that of one that matures
    segment         [classification, cell] column of by_segment
    paid            [run, column];  other: [run, 2] premiums and expenses
    by_segment      [run, segment, 2] paid and premiums;  left: [run, way + 1] how many left how
    """
    ways = left.shape[1] - 1
    years = flows.shape[1] - 1
    columns = value.shape[2]
    for cell in range(policies.size):
        key = stream_key(seed, keys[cell])
        row = cumulative[cell]
        for r in range(paid.shape[0]):
            for policy in range(policies[cell]):
                u = uniform(key, np.uint64(stream), np.uint64(first + r), np.uint64(policy))
                place = leaves_at(row, u)
                year = place % years if place < row.size else years
                premium, expense = flows[cell, year, 0], flows[cell, year, 1]
                other[r, 0] += premium
                other[r, 1] += expense
                total = 0.0
                if place < row.size:
                    left[r, place // years] += 1
                    for column in range(columns):
                        amount = value[cell, place, column]
                        paid[r, column] += amount
                        total += amount
                else:
                    left[r, ways] += 1
                for kind in range(segment.shape[0]):
                    by_segment[r, segment[kind, cell], 0] += total
                    by_segment[r, segment[kind, cell], 1] += premium
