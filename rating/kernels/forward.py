"""Chains of states run forward, cells side by side: one pass over the steps, each state pulling.

A block of cells runs together: each number of it is a run of `width` floats in one flat room, and
a loop over those is what the processor does several of at a time. No cell's arithmetic depends on
its neighbours, so the width, the blocks and the threads change no bit.

A pull is (source, rate): the chance of being in `source`, times the rate of that column; of SURELY,
which is below 0, the whole chance. What is pulled by one state, or told as one figure, is added in
the order written.
"""

import numpy as np
import numpy.typing as npt

from rating.kernels.jit import borrower, kernel
from rating.kernels.memory import floats_at, number_at, places_at

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
NUMBER = 8
"""Bytes of a float64."""


@borrower
def load(
    room: Floats,
    at: int,
    width: int,
    cells: Integers,
    begin: int,
    row: Integers,
    rates: Floats,
    periods: int,
    columns: int,
    of: int,
    first: Integers,
    leaving: Integers,
) -> None:
    """Fill the rates of a period, then of each state the chance of staying: room[at …].

    rates    [row × period × column] flat;  of: the period;  row: [cell]
    first    [state + 1] leaving[first[s]] … leaving[first[s + 1] - 1] are the columns that leave s
    """
    for i in range(width):
        begins = (row[cells[begin + i]] * periods + of) * columns
        for column in range(columns):
            room[np.uint64(at + column * width + i)] = rates[np.uint64(begins + column)]
    for state in range(first.size - 1):
        stay = at + (columns + state) * width
        for i in range(width):
            room[np.uint64(stay + i)] = 0.0
        for j in range(first[state], first[state + 1]):
            rate = at + leaving[j] * width
            for i in range(width):
                room[np.uint64(stay + i)] += room[np.uint64(rate + i)]
        for i in range(width):
            room[np.uint64(stay + i)] = max(1.0 - room[np.uint64(stay + i)], 0.0)


@borrower
def pull(
    room: Floats, to: int, here: int, rates: int, width: int, low: int, high: int, pulls: Integers
) -> None:
    """Fill room[to …] with the sum of the pulls low … high - 1 out of the chances at `here`."""
    if low == high:
        for i in range(width):
            room[np.uint64(to + i)] = 0.0
    for j in range(low, high):
        source, rate = here + pulls[j, 0] * width, rates + pulls[j, 1] * width
        if pulls[j, 1] < 0:
            for i in range(width):
                before = 0.0 if j == low else room[np.uint64(to + i)]
                room[np.uint64(to + i)] = before + room[np.uint64(source + i)]
        elif j == low:
            for i in range(width):
                room[np.uint64(to + i)] = room[np.uint64(source + i)] * room[np.uint64(rate + i)]
        else:
            for i in range(width):
                room[np.uint64(to + i)] += room[np.uint64(source + i)] * room[np.uint64(rate + i)]


@borrower
def step(
    room: Floats, there: int, here: int, rates: int, width: int, arrives: Integers, pulls: Integers
) -> None:
    """Fill the chances of every state a step later, at `there`, out of those at `here`."""
    for state in range(arrives.size - 1):
        to = there + state * width
        pull(room, to, here, rates, width, arrives[state], arrives[state + 1], pulls)


@kernel
def told(
    low: int,
    high: int,
    width: int,
    cells: Integers,
    start: Floats,
    row: Integers,
    rates: Floats,
    period: Integers,
    first: Integers,
    leaving: Integers,
    arrives: Integers,
    pulls: Integers,
    tells: Integers,
    figures: Integers,
    owed: Floats,
    free: Integers,
    out: Floats,
) -> None:
    """Fill figures of the chances of being in each state: out[figure, cell, time].

    low, high     which of `cells` are told;  width: how many of them run side by side
    start         [cell, state] chances at time 0
    rates         [row, period, column];  row: [cell];  period: [step]
    first, leaving   see `load`: whose staying is what does not leave, in columns after the last
    arrives       [state + 1] pulls[arrives[s]] … are what state s pulls in a step
    tells         [figure + 1] figures[tells[f]] … are the pulls of a figure; one of SURELY is of
                  times 0 … n, one of a rate of the steps 0 … n - 1
    owed, free    [cell, step], [state]: the second half of the states counts what falls due: at a
                  step's start each gains owed × the chance of the state of the first half, where
                  that is free; without a count, free is empty
    """
    states, steps, columns, periods = start.shape[1], period.size, rates.shape[2], rates.shape[1]
    flat = rates.reshape(rates.size)
    room = np.empty((3 * states + columns + 1) * width)
    for begin in range(low, high, width):
        some = min(width, high - begin)
        here, there = states * some, 0
        at, said = 2 * states * some, (3 * states + columns) * some
        for state in range(states):
            for i in range(some):
                room[here + state * some + i] = start[cells[begin + i], state]
        before = -1
        for k in range(steps + 1):
            if k < steps:
                for state in range(free.size):
                    if free[state]:
                        now, many = here + state * some, here + (free.size + state) * some
                        for i in range(some):
                            room[many + i] += room[now + i] * owed[cells[begin + i], k]
                if period[k] != before:
                    before = period[k]
                    load(
                        room, at, some, cells, begin, row, flat, periods, columns, before, first,
                        leaving,
                    )  # fmt: skip
            for figure in range(tells.size - 1):
                begins, ends = tells[figure], tells[figure + 1]
                if k < steps or (begins < ends and figures[begins, 1] < 0):
                    pull(room, said, here, at, some, begins, ends, figures)
                    for i in range(some):
                        out[figure, cells[begin + i], k] = room[said + i]
            if k < steps:
                step(room, there, here, at, some, arrives, pulls)
                here, there = there, here


@borrower
def pay(
    room: Floats,
    to: int,
    source: int,
    rate: int,
    width: int,
    factor: float,
    begins: Integers,
    block: int,
    place: int,
    alike: bool,  # noqa: FBT001 - kernels take their arguments by place
) -> None:
    """Add chance × rate × factor × number to sums: room[to …].

    rate    where the rates stand, or SURELY;  alike: whether all cells read the same number
    begins  begins[block + i]: the address of cell i's row of numbers;  place: in the row
    """
    if alike:
        x = factor * number_at(begins[block] + NUMBER * place)
        if rate < 0:
            for i in range(width):
                room[np.uint64(to + i)] += room[np.uint64(source + i)] * x
        else:
            for i in range(width):
                room[np.uint64(to + i)] += (
                    room[np.uint64(source + i)] * room[np.uint64(rate + i)]
                ) * x
    elif rate < 0:
        for i in range(width):
            x = factor * number_at(begins[block + i] + NUMBER * place)
            room[np.uint64(to + i)] += room[np.uint64(source + i)] * x
    else:
        for i in range(width):
            x = factor * number_at(begins[block + i] + NUMBER * place)
            room[np.uint64(to + i)] += (room[np.uint64(source + i)] * room[np.uint64(rate + i)]) * x


@borrower
def run(
    room: Floats,
    width: int,
    last: int,
    states: int,
    cells: Integers,
    begin: int,
    row: Integers,
    rates: Floats,
    periods: int,
    columns: int,
    period: Integers,
    first: Integers,
    leaving: Integers,
    arrives: Integers,
    pulls: Integers,
    discounted: Floats,
    sheets: Integers,
    parts: Integers,
    begins: Integers,
    counts: Integers,
) -> None:
    """Run one block of cells that end together; see `projected`.

    room    chances of each state a step later, of each now, rates, sums of each sheet
    begins  [sheet × cell of the block] see `pay`
    counts  [2 × sheet] how many numbers are read, then 1 where all cells read the same
    """
    here, there = states * width, 0
    at, sums = 2 * states * width, (3 * states + columns) * width
    before = -1
    for k in range(last + 1):
        if k < last and period[k] != before:
            before = period[k]
            load(
                room, at, width, cells, begin, row, rates, periods, columns, before, first, leaving
            )  # fmt: skip
        for s in range(counts.size // 2):
            flows = sheets[s, 1]
            if k * sheets[s, 2] >= counts[2 * s] or k >= last + flows:
                continue
            for j in range(sheets[s, 8], sheets[s, 9]):
                rate = parts[j, 1]
                pay(
                    room,
                    sums + s * width,
                    here + parts[j, 0] * width,
                    rate if rate < 0 else at + rate * width,
                    width,
                    discounted[k + 1 - flows],
                    begins,
                    s * width,
                    k * sheets[s, 2] + parts[j, 2],
                    counts[2 * s + 1] == 1,
                )
        if k < last:
            step(room, there, here, at, width, arrives, pulls)
            here, there = there, here


@kernel
def projected(
    low: int,
    high: int,
    width: int,
    cells: Integers,
    lasts: Integers,
    start: Floats,
    row: Integers,
    rates: Floats,
    period: Integers,
    first: Integers,
    leaving: Integers,
    arrives: Integers,
    pulls: Integers,
    discounted: Floats,
    sheets: Integers,
    parts: Integers,
    total: Floats,
) -> None:
    """Fill total [cell, stream], present values of cells[low] … cells[high - 1].

    cells       in the order of their lasts: those that run side by side end together
    lasts       [cell] its number of steps;  discounted: [time] present value of 1
    sheets      [sheet, (stream, 1 for a flow, columns, numbers in a row, then the addresses of
                numbers, of each cell's row, count of numbers and scale, and where its parts
                begin and end)]
    parts       [part, (state, column of rates or SURELY, column of numbers)]
    the rest    as for `told`
    """
    states, columns, periods = start.shape[1], rates.shape[2], rates.shape[1]
    flat = rates.reshape(rates.size)
    room = np.empty((3 * states + columns + len(sheets)) * width)
    begins, counts = np.empty(len(sheets) * width, np.int64), np.empty(2 * len(sheets), np.int64)
    begin = low
    while begin < high:
        last, some = lasts[cells[begin]], 1
        while some < width and begin + some < high and lasts[cells[begin + some]] == last:
            some += 1
        sums = (3 * states + columns) * some
        for state in range(states):
            for i in range(some):
                room[(states + state) * some + i] = start[cells[begin + i], state]
        for s in range(len(sheets)):
            rows, reads = places_at(sheets[s, 5], lasts.size), places_at(sheets[s, 6], lasts.size)
            counts[2 * s], alike = 0, True
            for i in range(some):
                cell, place = cells[begin + i], s * some + i
                begins[place] = sheets[s, 4] + NUMBER * rows[cell] * sheets[s, 3]
                counts[2 * s] = max(counts[2 * s], reads[cell])
                alike &= begins[place] == begins[s * some]
                room[sums + place] = 0.0
            counts[2 * s + 1] = 1 if alike else 0
        run(
            room, some, last, states, cells, begin, row, flat, periods, columns, period, first,
            leaving, arrives, pulls, discounted, sheets, parts, begins, counts,
        )  # fmt: skip
        for s in range(len(sheets)):
            scale = floats_at(sheets[s, 7], lasts.size)
            for i in range(some):
                cell = cells[begin + i]
                total[cell, sheets[s, 0]] += scale[cell] * room[sums + s * some + i]
        begin += some
