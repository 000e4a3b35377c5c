"""Chains of states on arrays: occupancy forward, value backward, sums of weights times amounts.

Rows are what cells share: a row of rates is projected once for all the cells that read it. Sums run
in the order written, whatever the threads, and whatever stands beside a cell.
"""

import numpy as np
import numpy.typing as npt

from rating.kernels.jit import borrower, kernel
from rating.kernels.memory import floats_at, places_at

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
ONE, TWO, THREE = np.uint64(1), np.uint64(2), np.uint64(3)


@kernel
def occupied_one(
    last: int,
    rates: Floats,
    period: Integers,
    target: Integers,
    column: Integers,
    stay: Floats,
    chance: Floats,
) -> None:
    """Fill the chance of being in force with one living state: the fast path.

    rates   [period, rate];  period: [step];  stay: [period] room for the chance of staying
    target  [transition] 0 or -1, with the column of its rate
    chance  [time, 1] the first time given, later ones 0
    """
    for of in range(rates.shape[0]):
        out = 0.0
        for j in range(target.size):
            if target[j] < 0:
                out += rates[of, column[j]]
        stay[of] = max(1.0 - out, 0.0)
    p = chance[0, 0]
    for k in range(last):
        p *= stay[period[k]]
        chance[k + 1, 0] = p


@kernel
def occupied_many(
    last: int,
    rates: Floats,
    period: Integers,
    first: Integers,
    target: Integers,
    column: Integers,
    chance: Floats,
) -> None:
    """Fill the chance of being in each state (Kolmogorov forward).

    first   [state + 1] transitions first[s] … first[s + 1] - 1 leave state s
    chance  [time, state] the first time given, later ones 0
    """
    for k in range(last):
        of = period[k]
        for state in range(first.size - 1):
            p = chance[k, state]
            if p == 0.0:
                continue
            out = 0.0
            for j in range(first[state], first[state + 1]):
                rate = rates[of, column[j]]
                out += rate
                if target[j] >= 0:
                    chance[k + 1, target[j]] += p * rate
            chance[k + 1, state] += p * max(1.0 - out, 0.0)


@kernel
def occupied(
    one: bool,  # noqa: FBT001 - kernels take their arguments by place
    lasts: Integers,
    rates: Floats,
    period: Integers,
    first: Integers,
    target: Integers,
    column: Integers,
    chance: Floats,
) -> None:
    """Fill the chance of being in each state of every row: [row, time, state]."""
    stay = np.empty(rates.shape[1])
    for row in range(lasts.size):
        if one:
            occupied_one(lasts[row], rates[row], period, target, column, stay, chance[row])
        else:
            occupied_many(lasts[row], rates[row], period, first, target, column, chance[row])


@borrower
def add_sums(
    weight: Floats,
    numbers: Floats,
    size: int,
    cells: Integers,
    low: int,
    high: int,
    row_of: Integers,
    counts: Integers,
    scale: Floats,
    stream: int,
    total: Floats,
) -> None:
    """Add scale × Σ weight × number to a stream's total, for cells[low] … cells[high - 1].

    numbers  rows of `size` numbers;  row_of, counts, scale: [cell]

    Four sums side by side, since one alone would wait for each addition to end. Place i goes to sum
    i mod 4, so that zeros at the end change nothing.
    """
    for place in range(low, high):
        cell = cells[place]
        count = counts[cell]
        fours = count - count % 4
        # unsigned places need no look whether they count from the end
        at = np.uint64(row_of[cell] * size)
        s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
        for i in range(0, fours, 4):
            k = np.uint64(i)
            s0 += weight[k] * numbers[at + k]
            s1 += weight[k + ONE] * numbers[at + k + ONE]
            s2 += weight[k + TWO] * numbers[at + k + TWO]
            s3 += weight[k + THREE] * numbers[at + k + THREE]
        k = np.uint64(fours)
        if fours < count:
            s0 += weight[k] * numbers[at + k]
        if fours + 1 < count:
            s1 += weight[k + ONE] * numbers[at + k + ONE]
        if fours + 2 < count:
            s2 += weight[k + TWO] * numbers[at + k + TWO]
        total[cell, stream] += scale[cell] * ((s0 + s1) + (s2 + s3))


@kernel
def taken(
    last: int,
    rates: Floats,
    period: Integers,
    source: Integers,
    column: Integers,
    pays: Integers,
    worth: Floats,
    discount: Floats,
    weight: Floats,
) -> None:
    """Add up the discounted chances of what pays: weight [step, column of amounts].

    pays   [transition] the column of amounts, or -1
    worth  [time, state] discounted chance;  discount: [step]
    """
    for j in range(source.size):
        to, state, of = pays[j], source[j], column[j]
        if to >= 0:
            for k in range(last):
                weight[k, to] += worth[k, state] * rates[period[k], of] * discount[k]


@kernel
def there(last: int, flow_of: Integers, worth: Floats, weight: Floats) -> None:
    """Add up the discounted chances of being paid: weight [time, column of flows].

    flow_of  [state] the column of flows, or -1;  worth: [time, state]
    """
    for k in range(last + 1):
        for state in range(flow_of.size):
            if flow_of[state] >= 0:
                weight[k, flow_of[state]] += worth[k, state]


@kernel
def projected(
    one: bool,  # noqa: FBT001 - kernels take their arguments by place
    low: int,
    high: int,
    lasts: Integers,
    start: Floats,
    rates: Floats,
    period: Integers,
    source: Integers,
    first: Integers,
    target: Integers,
    column: Integers,
    discount: Floats,
    discounted: Floats,
    cells: Integers,
    begins: Integers,
    sheets: Integers,
    pays: Integers,
    flow_of: Integers,
    total: Floats,
) -> None:
    """Fill total [cell, stream], the present values of the cells of the rows low … high - 1.

    one     whether the fast path is taken
    lasts, start, rates     [row] as for `occupied`
    discounted              [time] present value of 1
    cells, begins           cells[begins[row]] … are the cells of a row
    sheets  [sheet, (stream, 1 for a flow, columns, numbers in a row, then the addresses of numbers,
            of each cell's row, count of numbers and scale, and how many numbers there are)]
    pays, flow_of   [stream, transition], [stream, state] column of amounts, of flows, or -1
    """
    n, states = period.size, start.shape[1]
    stay = np.empty(rates.shape[1])
    chance = np.empty((n + 1, states))
    weight = np.empty((n + 1) * sheets[:, 2].max())
    for row in range(low, high):
        last = lasts[row]
        chance[: last + 1] = 0.0
        chance[0] = start[row]
        if one:
            occupied_one(last, rates[row], period, target, column, stay, chance)
        else:
            occupied_many(last, rates[row], period, first, target, column, chance)
        for k in range(last + 1):
            for state in range(states):
                chance[k, state] *= discounted[k]
        everywhere = chance.reshape((n + 1) * states)
        for sheet in sheets:
            stream, flows, columns, size = sheet[0], sheet[1], sheet[2], sheet[3]
            part = weight
            if flows and one and columns == 1 and flow_of[stream, 0] == 0:
                part = everywhere
            else:
                weight[: (last + flows) * columns] = 0.0
                by_step = weight[: (n + flows) * columns].reshape((n + flows, columns))
                if flows:
                    there(last, flow_of[stream], chance, by_step)
                else:
                    paying = pays[stream]
                    taken(
                        last, rates[row], period, source, column, paying, chance, discount, by_step
                    )  # fmt: skip
            add_sums(
                part,
                floats_at(sheet[4], sheet[8]),
                size,
                cells,
                begins[row],
                begins[row + 1],
                places_at(sheet[5], cells.size),
                places_at(sheet[6], cells.size),
                floats_at(sheet[7], cells.size),
                stream,
                total,
            )


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
