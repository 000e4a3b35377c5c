"""Chains of states run backward: the value of what a stream pays (Thiele)."""

import numpy as np
import numpy.typing as npt

from rating.kernels.jit import kernel

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


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
