"""Chains of states on arrays: occupancy forward, value backward, sums of weights times amounts.

Rows are what cells share: a row of rates is projected once for all the cells that read it. Sums run
in the order written, the same for any number of threads and any cut into blocks.
"""

import numpy as np
import numpy.typing as npt

from rating.kernels.jit import kernel

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@kernel
def occupied_one(
    lasts: Integers,
    rates: Floats,
    period: Integers,
    target: Integers,
    column: Integers,
    chance: Floats,
) -> None:
    """Fill the chance of being in force of rows with one living state: the fast path.

    lasts   [row] steps;  rates: [row, period, rate];  period: [step]
    target  [transition] 0 or -1, with the column of its rate
    chance  [row, time, 1] the first time given, later ones 0
    """
    for row in range(lasts.size):
        p = chance[row, 0, 0]
        for k in range(lasts[row]):
            out = 0.0
            for j in range(target.size):
                if target[j] < 0:
                    out += rates[row, period[k], column[j]]
            p *= max(1.0 - out, 0.0)
            chance[row, k + 1, 0] = p


@kernel
def occupied_many(
    lasts: Integers,
    rates: Floats,
    period: Integers,
    first: Integers,
    target: Integers,
    column: Integers,
    chance: Floats,
) -> None:
    """Fill the chance of being in each state (Kolmogorov forward).

    first   [state + 1] transitions first[s] … first[s + 1] - 1 leave state s
    chance  [row, time, state] the first time given, later ones 0
    """
    for row in range(lasts.size):
        for k in range(lasts[row]):
            for state in range(first.size - 1):
                p = chance[row, k, state]
                if p == 0.0:
                    continue
                out = 0.0
                for j in range(first[state], first[state + 1]):
                    rate = rates[row, period[k], column[j]]
                    out += rate
                    if target[j] >= 0:
                        chance[row, k + 1, target[j]] += p * rate
                chance[row, k + 1, state] += p * max(1.0 - out, 0.0)


@kernel
def taken(
    lasts: Integers,
    rates: Floats,
    period: Integers,
    source: Integers,
    column: Integers,
    pays: Integers,
    worth: Floats,
    discount: Floats,
    weight: Floats,
) -> None:
    """Add up the discounted chances of what pays: weight [row, step, column of amounts].

    source, column, pays  [paying transition] its state, column of rates, column of amounts
    worth                 [row, time, state] discounted chance;  discount: [step]
    """
    for row in range(lasts.size):
        for k in range(lasts[row]):
            for j in range(source.size):
                left = worth[row, k, source[j]] * rates[row, period[k], column[j]]
                weight[row, k, pays[j]] += left * discount[k]


@kernel
def weighted(
    weight: Floats,
    weight_row: Integers,
    amount: Floats,
    amount_row: Integers,
    until: Integers,
    counted: Integers,
    scale: Floats,
    total: Floats,
) -> None:
    """Add to total, for each cell, scale × Σ weight × amount over its first `counted` places.

    weight, amount  [row, place];  until: [amount row] from that place on all amounts are 0
    the others      [cell]

    Four sums side by side: one alone would wait for each addition to end.
    """
    for cell in range(total.size):
        w = weight[weight_row[cell]]
        a = amount[amount_row[cell]]
        last = min(counted[cell], until[amount_row[cell]])
        fours = last - last % 4
        s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
        for i in range(0, fours, 4):
            s0 += w[i] * a[i]
            s1 += w[i + 1] * a[i + 1]
            s2 += w[i + 2] * a[i + 2]
            s3 += w[i + 3] * a[i + 3]
        for i in range(fours, last):
            s0 += w[i] * a[i]
        total[cell] += scale[cell] * ((s0 + s1) + (s2 + s3))


@kernel
def valued(
    lasts: Integers,
    rates: Floats,
    period: Integers,
    rate_row: Integers,
    first: Integers,
    target: Integers,
    column: Integers,
    amounts: Floats,
    amount_row: Integers,
    amount_scale: Floats,
    pays: Integers,
    flow: Floats,
    flow_row: Integers,
    flow_scale: Floats,
    discount: Floats,
    value: Floats,
) -> None:
    """Fill the value of a stream in every state at every time (Thiele backward).

    pays   [transition] column of amounts, or -1
    value  [cell, time, state], all 0;  a flow of one column is that of all states
    """
    states = first.size - 1
    spread = flow.shape[2] > 1
    for cell in range(lasts.size):
        last = lasts[cell]
        r, a, f = rate_row[cell], amount_row[cell], flow_row[cell]
        for state in range(states):
            paid = flow[f, last, state if spread else 0]
            value[cell, last, state] = paid * flow_scale[cell]
        for back in range(last):
            k = last - 1 - back
            for state in range(states):
                later, out = 0.0, 0.0
                for j in range(first[state], first[state + 1]):
                    rate = rates[r, period[k], column[j]]
                    out += rate
                    then = 0.0
                    if target[j] >= 0:
                        then = value[cell, k + 1, target[j]]
                    if pays[j] >= 0:
                        then += amounts[a, k, pays[j]] * amount_scale[cell]
                    later += rate * then
                later += max(1.0 - out, 0.0) * value[cell, k + 1, state]
                paid = flow[f, k, state if spread else 0] * flow_scale[cell]
                value[cell, k, state] = paid + discount[k] * later
