"""Recoveries on a ragged table of occurrences: plain arrays, one loop each.

year[i] never decreases; amount[i] stands in the order in which occurrences happen in their
year. Amounts, attachments and limits of layers stand on the settlement grid (multiples of
2**-10 below 2**43, see sandbox/reinsurance/occurrences.py), so every sum and difference below
is exact and its order cannot show.
"""

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rating.kernels.jit import kernel

Amounts: TypeAlias = NDArray[np.float64]
Years: TypeAlias = NDArray[np.int64]

INVERSE_STEP = 1024.0


class Layer(NamedTuple):
    """A layer by risk or by event; amounts on the grid.

    deductible: what the layer itself bears of its losses each year, before it recovers.
    annual:     the most of a year, for the whole layer; inf if there is none.
    share:      the part of the layer that is placed.
    by_risk:    rows are settled one by one; else the rows of one event together.
    by_time:    whether a reinstatement is charged for the rest of the year only.
    """

    attachment: float
    limit: float
    deductible: float
    annual: float
    share: float
    by_risk: bool
    by_time: bool


@kernel
def steps(amount: float) -> float:
    """Round an amount of zero or more down to the grid."""
    return math.floor(amount * INVERSE_STEP) / INVERSE_STEP


@kernel
def proportional(amount: Amounts, share: Amounts, out: Amounts) -> None:
    """Give share[i] of amount[i], rounded down to the grid, into out[i]."""
    for i in range(amount.shape[0]):
        out[i] = steps(amount[i] * share[i])


@kernel
def each_of(amount: float, risks: float) -> float:
    """Give what each of so many risks lost, on the grid; together at most the amount."""
    one = steps(amount / risks)
    if one * risks > amount:
        one -= 1.0 / INVERSE_STEP
    return one


@kernel
def spread(amount: Amounts, first: int, last: int, loss: float, ceded: float, out: Amounts) -> None:
    """Share a recovery among the rows of one event in proportion to what each lost, on the grid.

    What rounding leaves goes to the first rows that have room for it, so that nothing is lost.
    """
    left = ceded
    for i in range(first, last):
        out[i] = min(steps(steps(amount[i]) * (ceded / loss)), left) if loss > 0.0 else 0.0
        left -= out[i]
    for i in range(first, last):
        more = min(left, steps(amount[i]) - out[i])
        out[i] += more
        left -= more


@kernel
def excess(
    year: Years,
    event: Years,
    risks: Amounts,
    time: Amounts,
    amount: Amounts,
    layer: Layer,
    charge: Amounts,
    out: Amounts,
    charges: Amounts,
) -> None:
    """Give min(max(x - attachment, 0), limit) of each risk or event while the year's terms last.

    event, risks, time  [row] which event, how many equal risks, the part of the year gone by
    charge              [reinstatement] its price, as part of the premium for the whole limit
    out                 [row] the share of the layer;  charges: [year] is raised by what is charged
    """
    left, waits, used = layer.annual, layer.deductible, 0.0
    rows = amount.shape[0]
    first = 0
    while first < rows:
        if first == 0 or year[first] != year[first - 1]:
            left, waits, used = layer.annual, layer.deductible, 0.0
        last = first + 1
        if layer.by_risk:
            one = each_of(amount[first], risks[first])
            loss = one * risks[first]
            found = min(max(one - layer.attachment, 0.0), layer.limit) * risks[first]
        else:
            while last < rows and year[last] == year[first] and event[last] == event[first]:
                last += 1
            loss = 0.0
            for i in range(first, last):
                loss += steps(amount[i])
            found = min(max(loss - layer.attachment, 0.0), layer.limit)
        kept = min(waits, found)
        waits -= kept
        found = min(found - kept, left)
        left -= found
        if found == 0.0:  # most losses of most layers
            out[first:last] = 0.0
            first = last
            continue
        rest = 1.0 - time[first] if layer.by_time else 1.0
        for r in range(charge.shape[0]):
            before = min(max(used - r * layer.limit, 0.0), layer.limit)
            after = min(max(used + found - r * layer.limit, 0.0), layer.limit)
            charges[year[first]] += charge[r] * (after - before) / layer.limit * rest
        used += found
        spread(amount, first, last, loss, steps(found * layer.share), out)
        first = last


@kernel
def excess_per_year(
    year: Years, amount: Amounts, attachment: float, limit: float, share: float, out: Amounts
) -> None:
    """Give the rise of the share of min(max(S - attachment, 0), limit), S the year's sum so far."""
    so_far, paid = 0.0, 0.0
    for i in range(amount.shape[0]):
        if i == 0 or year[i] != year[i - 1]:
            so_far, paid = 0.0, 0.0
        loss = steps(amount[i])
        so_far += loss
        due = steps(min(max(so_far - attachment, 0.0), limit) * share)
        out[i] = min(due - paid, loss)
        paid += out[i]


@kernel
def even_out(year: Years, event: Years, left: Amounts) -> None:
    """Let the rows of an event bear together what contracts side by side took too much from one.

    Several contracts round each for itself. What no row of the event can bear stays negative.
    """
    rows = left.shape[0]
    first = 0
    while first < rows:
        last, owed = first, 0.0
        while last < rows and year[last] == year[first] and event[last] == event[first]:
            owed -= min(left[last], 0.0)
            left[last] = max(left[last], 0.0)
            last += 1
        for i in range(first, last):
            taken = min(left[i], owed)
            left[i] -= taken
            owed -= taken
        if owed > 0.0:
            left[first] = -owed
        first = last


@kernel
def by_year(year: Years, event: Years, amount: Amounts, total: Amounts, largest: Amounts) -> None:
    """Add amount[i] to total[year[i]] in order; raise largest[year[i]] to the sum of an event."""
    so_far = 0.0
    for i in range(amount.shape[0]):
        if i == 0 or year[i] != year[i - 1] or event[i] != event[i - 1]:
            so_far = 0.0
        so_far += amount[i]
        total[year[i]] += amount[i]
        largest[year[i]] = max(largest[year[i]], so_far)
