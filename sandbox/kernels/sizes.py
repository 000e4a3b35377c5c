"""Claims by size: what an event pays one policy under one cover, sorted into bands."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rating.kernels import compiled  # noqa: F401 - lets kernels call what settles
from rating.kernels.jit import inlined
from rating.kernels.settle import AMOUNT, Plan, evaluate

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Sizes(NamedTuple):
    """Room for claims by size; a claim is what an event pays one policy by one entry.

    edges    [band] where each band begins, the first at 0; no band: nobody asks
    before   1 where the size of a claim is its amount before the terms, 0 where it is what is paid
    largest  [year] the largest claim paid, currency
    top      [year, entry] the same by entry
    counts   [year, entry, band] claims;  paid: [year, entry, band] what they were paid, currency
    """

    edges: Floats
    before: int
    largest: Floats
    top: Floats
    counts: Integers
    paid: Floats


@inlined
def sort_in(
    sizes: Sizes, plan: Plan, y: int, weight: float, registers: Floats, amount: Floats
) -> None:
    """Sort what an event pays so many equal policies; of what pays nothing and has no size none.

    weight     how many policies;  registers, amount: as `settle` left them for one event
    """
    slot, slots = 0, plan.slot_entry.size
    while slot < slots:
        entry = plan.slot_entry[slot]
        paid, size = 0.0, 0.0
        # the slots of an entry, its items, follow one another
        while slot < slots and plan.slot_entry[slot] == entry:
            if not math.isnan(amount[0, slot]):
                paid += amount[0, slot]
                if sizes.before == 1 and sizes.edges.size > 0:
                    value = evaluate(plan, entry, AMOUNT, registers[0, slot])
                    if value > 0.0:  # nor of no number
                        size += value
            slot += 1
        if sizes.before == 0:
            size = paid
        sizes.largest[y] = max(sizes.largest[y], paid)
        if sizes.edges.size > 0 and (paid > 0.0 or size > 0.0):
            band = sizes.edges.size - 1
            while band > 0 and size < sizes.edges[band]:
                band -= 1
            sizes.top[y, entry] = max(sizes.top[y, entry], paid)
            sizes.counts[y, entry, band] += int(weight)
            sizes.paid[y, entry, band] += paid * weight
