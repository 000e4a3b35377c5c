"""Policies walk through a chain of states: cost grows with their transitions, not with steps."""

import numpy as np
import numpy.typing as npt

from rating.kernels.jit import kernel
from rating.kernels.random import stream_key, uniform, uniform_pair

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
SMALLEST = 1e-200
"""Below this a chance of having stayed is counted from 1 again, so that none is lost to 0."""


@kernel
def staying(rates: Floats, first: Integers, column: Integers, left: Floats, ends: Integers) -> None:
    """Fill the chance of having stayed, by class of states with the same rates out.

    rates   [row, step, rate];  class c leaves by the rates column[first[c]] … column[first[c+1]-1]
    left    [class, row, step] chance after the step, counted from 1 at the start of its stretch
    ends    [class, row, step] the step at which the stretch ends: it is the next one's first
    """
    for kind in range(left.shape[0]):
        for row in range(left.shape[1]):
            stayed, begins = 1.0, 0
            for k in range(left.shape[2]):
                out = 0.0
                for j in range(first[kind], first[kind + 1]):
                    out += rates[row, k, column[j]]
                stayed *= max(1.0 - out, 0.0)
                left[kind, row, k] = stayed
                if stayed < SMALLEST or k == left.shape[2] - 1:
                    for step in range(begins, k + 1):
                        ends[kind, row, step] = k + 1
                    stayed, begins = 1.0, k + 1


@kernel
def leaves_in(left: Floats, ends: Integers, k: int, last: int, u: float) -> int:
    """Give the step in which one leaves who is there at time k, or last where there is none.

    The first step after which the chance of having stayed since k is at most u.
    """
    while k < last:
        end = min(ends[k], last)
        before = 1.0 if k == 0 or ends[k - 1] == k else left[k - 1]
        wanted = u * before
        low, high = k, end
        while low < high:
            middle = (low + high) // 2
            if left[middle] <= wanted:
                high = middle
            else:
                low = middle + 1
        if low < end:
            return low
        # not in this stretch; u is uniform below the chance of that, and is stretched to 0 … 1
        u = wanted / left[end - 1]
        k = end
    return last


@kernel
def way_out(rates: Floats, column: Integers, first: int, last: int, w: float) -> int:
    """Give the transition taken, of those first … last - 1, in proportion to their rates."""
    out = 0.0
    for j in range(first, last):
        out += rates[column[j]]
    wanted, reached, found = w * out, 0.0, first
    for j in range(first, last):
        if rates[column[j]] > 0.0:
            found = j
            reached += rates[column[j]]
            if wanted < reached:
                break
    return found


@kernel
def by_years(
    flows: Floats,
    at: int,
    first: int,
    leaving: int,
    last: int,
    per_year: int,
    weight: Floats,
    years: Floats,
) -> None:
    """Add what flows of the times first … leaving come to, to the policy years that they fall in.

    What falls due on the contract's last day belongs to the year that ends on it.

    weight  [weighing] what each counts of it;  years: [year, weighing]
    """
    while first <= leaving:
        year = max(min(first, last - 1), 0) // per_year
        end = min(leaving, first - first % per_year + per_year - 1)
        amount = flows[at + end]
        if first > 0:
            amount -= flows[at + first - 1]
        for weighing in range(weight.size):
            years[year, weighing] += weight[weighing] * amount
        first = end + 1


@kernel
def walk(
    seed: np.uint64,
    stream: int,
    first_run: int,
    keys: Words,
    policies: Integers,
    lasts: Integers,
    starts: Floats,
    rate_row: Integers,
    rates: Floats,
    first: Integers,
    target: Integers,
    column: Integers,
    kind: Integers,
    left: Floats,
    ends: Integers,
    amounts: Floats,
    amount_at: Integers,
    amount_scale: Floats,
    width: Integers,
    pays: Integers,
    flows: Floats,
    flow_at: Integers,
    flow_scale: Floats,
    pattern: Integers,
    counts: Floats,
    count_at: Integers,
    count_pattern: Integers,
    counted: Integers,
    segment: Integers,
    weights: Floats,
    per_year: int,
    paid: Floats,
    by_segment: Floats,
    moved: Integers,
    begun: Integers,
    weighed: Floats,
    yearly: Floats,
) -> None:
    """Walk the runs first_run … first_run + len(paid) - 1.

    keys, policies, lasts, rate_row  [cell];  starts: [cell, state] cumulated, or no state: all in 0
    first, target, column            transitions in the order of the states that they leave
    kind, left, ends                 [state] its class, and `staying` of classes
    amounts     discounted; stream i pays amounts[amount_at[i, cell] + k × width[i] + pays[i, j]] ×
                amount_scale[i, cell] for transition j in step k; nothing where pays is -1
    flows       discounted and added up over time; those of state s begin at flow_at[i, cell] +
                pattern[i, s] × times; nothing where pattern is -1
    counts      added up over time, laid out as flows are, of one stream: count_at [cell],
                count_pattern [state]; what stream i pays in a transition is multiplied by the count
                so far where counted[i] is not 0
    segment     [classification, cell] place in by_segment
    weights     [weighing, cell, stream] what a weighing counts of what a policy of a cell is paid
    paid        [run, stream];  by_segment: [run, segment, stream];  moved: [run, transition]
    begun       [run, cell, steps + 1] how many policies began so many steps; no cell: nobody asks
    weighed     [run, weighing] what all policies are paid, as weighed; no weighing: nobody asks
    yearly      [run, policy year, weighing] the same by policy year; no year: nobody asks
    """
    times = rates.shape[1] + 1
    streams = paid.shape[1]
    gain = np.empty(streams)
    for cell in range(policies.size):
        key = stream_key(seed, keys[cell])
        row, last = rate_row[cell], lasts[cell]
        for r in range(paid.shape[0]):
            run = np.uint64(first_run + r)
            for policy in range(policies[cell]):
                own = stream_key(key, np.uint64(policy))
                gain[:] = 0.0
                count = 0.0
                state, k, draw = 0, 0, 1
                if starts.shape[1] > 0:
                    u = uniform(own, np.uint64(stream), run, np.uint64(0))
                    while state < starts.shape[1] and starts[cell, state] <= u:
                        state += 1
                    if state == starts.shape[1]:
                        state = -1  # what the chances leave has ended before it began
                while state >= 0:
                    leaving, w = last, 0.0
                    if k < last:
                        u, w = uniform_pair(own, np.uint64(stream), run, np.uint64(draw))
                        draw += 1
                        c = kind[state]
                        leaving = leaves_in(left[c, row], ends[c, row], k, last, u)
                    for i in range(streams):
                        if pattern[i, state] >= 0:
                            at = flow_at[i, cell] + pattern[i, state] * times
                            amount = flows[at + leaving]
                            if k > 0:
                                amount -= flows[at + k - 1]
                            gain[i] += amount * flow_scale[i, cell]
                            if yearly.shape[1] > 0:
                                weight = weights[:, cell, i] * flow_scale[i, cell]
                                by_years(flows, at, k, leaving, last, per_year, weight, yearly[r])
                    if leaving >= last:
                        break
                    if count_pattern[state] >= 0:
                        at = count_at[cell] + count_pattern[state] * times
                        count += counts[at + leaving]
                        if k > 0:
                            count -= counts[at + k - 1]
                    j = way_out(rates[row, leaving], column, first[state], first[state + 1], w)
                    moved[r, j] += 1
                    for i in range(streams):
                        if pays[i, j] >= 0:
                            at = amount_at[i, cell] + leaving * width[i] + pays[i, j]
                            amount = amounts[at] * amount_scale[i, cell]
                            amount = amount * count if counted[i] != 0 else amount
                            gain[i] += amount
                            if yearly.shape[1] > 0:
                                for weighing in range(weights.shape[0]):
                                    value = weights[weighing, cell, i] * amount
                                    yearly[r, leaving // per_year, weighing] += value
                    state, k = target[j], leaving + 1
                if begun.shape[1] > 0:
                    begun[r, cell, last if state >= 0 else k] += 1
                for i in range(streams):
                    paid[r, i] += gain[i]
                    for grouping in range(segment.shape[0]):
                        by_segment[r, segment[grouping, cell], i] += gain[i]
                for weighing in range(weighed.shape[1]):
                    for i in range(streams):
                        weighed[r, weighing] += weights[weighing, cell, i] * gain[i]
