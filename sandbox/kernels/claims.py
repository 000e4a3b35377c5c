"""The claims of a cell in a year: how many, of which policies, and when.

Two ways lead from a cell to its policies. Poisson and negative binomial counts add up to a count
of the same kind, which is drawn for all policies together and reaches them by Pólya's urn. Of any
other kind it is drawn how many policies have an event at all, which is binomial; they are picked
without replacement, and each has its own count given that it is not 0. Both are exact, and both
cost what the claims cost, not the policies.
"""

import math

import numpy as np
import numpy.typing as npt

from rating.kernels.distributions import frequency_quantile
from rating.kernels.jit import borrower, kernel
from rating.kernels.random import many_firsts, stream_key, uniform, uniform_of, uniform_pair
from sandbox.kernels.annual import DAYS, ONCE, Risks, choose
from sandbox.kernels.strata import moved

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
TOGETHER = 1024
"""Cells whose first numbers are drawn at a time: few enough to stay in the nearest cache."""
AGAIN = 1 << 31
"""Where the numbers begin by which a claimant is picked once more, the first being taken."""


@borrower
def claim_width(risks: Risks, process: int) -> int:
    """Give how many numbers a claim takes: its policy and time, then its process's own marks."""
    width = 1
    for c in range(risks.chance_process.size):
        if risks.chance_process[c] == process:
            width += 1
    for d in range(risks.draw_process.size):
        if risks.draw_process[d] == process:
            width += 1 if risks.draw_each[d] == ONCE else risks.present.shape[0]
    return width


@borrower
def silent(risks: Risks, cell: int, key: np.uint64, year: int, times: Floats) -> bool:
    """Tell whether `draw_cell` would draw nothing, as in most years of most cells."""
    for p in range(risks.event.size):
        stream = np.uint64(risks.stream[p])
        u = uniform(key, stream, np.uint64(year), np.uint64(0))
        if risks.drivers.size > 0:
            u = moved(risks.drivers, u, key, stream, year, 0, 0)
        if u > risks.none[p, cell] or times[p] > 1.0:
            return False
    return True


@kernel
def silent_cells(
    risks: Risks, keys: Words, year: int, times: Floats, silences: npt.NDArray[np.bool_]
) -> None:
    """Put into `silences`, [cell], what `silent` tells of each cell in a year, many at a time.

    keys  [cell] of the random numbers of each
    """
    if risks.drivers.size > 0:
        for cell in range(keys.size):
            silences[cell] = silent(risks, cell, keys[cell], year, times)
        return
    low, high = np.empty(TOGETHER, np.uint64), np.empty(TOGETHER, np.uint64)
    for first in range(0, keys.size, TOGETHER):
        some = keys[first : first + TOGETHER]
        here = silences[first : first + some.size]
        here[:] = True
        for p in range(risks.event.size):
            if times[p] > 1.0:
                here[:] = False
                break
            many_firsts(some, np.uint64(risks.stream[p]), np.uint64(year), low, high)
            none = risks.none[p, first : first + some.size]
            for cell in range(some.size):
                here[cell] &= uniform_of(low[cell], high[cell]) <= none[cell]


@kernel
def draw_cell(
    risks: Risks, cell: int, policies: int, key: np.uint64, year: int, times: Floats
) -> tuple[Floats, Integers, Integers, Words]:
    """Draw the claims of a cell in a year, in order of policy and time.

    policies  how many the cell has in that year, where `none` is of another number
    times     [process] what the mean counts of the year are multiplied by; 1 of one by claimants

    Gives for each policy + time, its process, and where its marks are drawn: first index and key.
    """
    processes = risks.event.size
    found = np.zeros(processes, dtype=np.int64)
    counts = np.zeros(processes, dtype=np.int64)
    total = 0
    n = float(policies)
    for p in range(processes):
        stream = np.uint64(risks.stream[p])
        u = uniform(key, stream, np.uint64(year), np.uint64(0))
        if risks.drivers.size > 0:
            u = moved(risks.drivers, u, key, stream, year, 0, 0)
        # where the mean is higher than usual, the usual chance of no event decides nothing
        usual = policies == risks.policies[cell] and times[p] <= 1.0
        if not usual or u > risks.none[p, cell]:
            first = n * risks.first[p, cell] * times[p]
            found[p] = int(frequency_quantile(risks.code[p, cell], first, risks.second[p, cell], u))
            counts[p] = found[p]
            if risks.table[p, cell] >= 0:
                counts[p] = 0
                for j in range(found[p]):
                    counts[p] += events_of(risks, cell, p, stream_key(key, np.uint64(j)), year)
            total += counts[p]
    at = np.empty(total)
    process = np.empty(total, dtype=np.int64)
    index = np.empty(total, dtype=np.int64)
    keys = np.empty(total, dtype=np.uint64)
    claim = 0
    for p in range(processes):
        if counts[p] == 0:
            continue
        last = claim + counts[p]
        process[claim:last] = p
        part = at[claim:last], index[claim:last], keys[claim:last]
        if risks.table[p, cell] >= 0:
            of_claimants(risks, cell, policies, p, key, year, found[p], *part)
        else:
            by_urn(risks, cell, policies, p, key, year, times[p], *part)
        claim = last
    order = np.argsort(at)
    return at[order], process[order], index[order], keys[order]


@borrower
def on_risk_at(risks: Risks, cell: int, u: float) -> float:
    """Give the part of the year gone by at a time that is even over the cell's time on risk."""
    opens, closes = risks.days[cell, 0], risks.days[cell, 1]
    return float(opens / DAYS + (closes - opens) / DAYS * u)


@borrower
def by_urn(
    risks: Risks,
    cell: int,
    policies: int,
    p: int,
    key: np.uint64,
    year: int,
    times: float,
    at: Floats,
    index: Integers,
    keys: Words,
) -> None:
    """Give each claim a policy and a time.

    An overdispersed count reaches the policies by Pólya's urn, since spreading it evenly would
    understate how often one policy claims twice.
    """
    n = float(policies)
    width = claim_width(risks, p)
    r = (
        math.inf
        if risks.code[p, cell] == 0
        else risks.first[p, cell] * times / (risks.second[p, cell] - 1.0)
    )
    for j in range(at.size):
        start = 1 + j * width
        u, t = uniform_pair(key, np.uint64(risks.stream[p]), np.uint64(year), np.uint64(start))
        if math.isinf(r):
            policy = math.floor(u * n)
        else:
            ball = u * (n * r + j)
            policy = math.floor(ball / r if ball < n * r else at[int(ball - n * r)])
        at[j] = min(policy, n - 1.0) + on_risk_at(risks, cell, t)
        index[j] = start + 1
        keys[j] = key


@borrower
def events_of(risks: Risks, cell: int, p: int, key: np.uint64, year: int) -> int:
    """Draw how many events a claimant has, by the key that is the claimant's own."""
    u = uniform_pair(key, np.uint64(risks.stream[p]), np.uint64(year), np.uint64(0))[1]
    return 1 + choose(risks.tables[risks.table[p, cell]], u)


@kernel
def of_claimants(
    risks: Risks,
    cell: int,
    policies: int,
    p: int,
    key: np.uint64,
    year: int,
    claimants: int,
    at: Floats,
    index: Integers,
    keys: Words,
) -> None:
    """Pick the claimants and give each its claims; more claimants leave the earlier ones."""
    stream, when = np.uint64(risks.stream[p]), np.uint64(year)
    n = policies
    width = claim_width(risks, p)
    size = 2
    while size < 2 * claimants:
        size *= 2
    taken = np.full(size, -1, dtype=np.int64)
    claim = 0
    for j in range(claimants):
        own = stream_key(key, np.uint64(j))
        u = uniform(own, stream, when, np.uint64(0))
        policy = min(int(u * n), n - 1)
        again = AGAIN
        while not take(taken, policy):
            policy = min(int(uniform(own, stream, when, np.uint64(again)) * n), n - 1)
            again += 1
        for i in range(events_of(risks, cell, p, own, year)):
            start = 1 + i * width
            t = uniform_pair(own, stream, when, np.uint64(start))[1]
            at[claim] = policy + on_risk_at(risks, cell, t)
            index[claim] = start + 1
            keys[claim] = own
            claim += 1


@borrower
def take(taken: Integers, policy: int) -> bool:
    """Put a policy into a table that is at most half full; False where it stands there already."""
    place = (policy * 2654435761) % taken.size
    while taken[place] >= 0:
        if taken[place] == policy:
            return False
        place = (place + 1) % taken.size
    taken[place] = policy
    return True
