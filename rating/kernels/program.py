"""The evaluator with numba: a prepared program over blocks of rows, to the bit what `run` gives.

A program is a table of operations over slots, each slot a row of numbers that stays in the
processor's cache while a block passes through. Nothing is compiled for a product.

Codes below 64 are those of `product_factory.expressions.operations`; those from 64 on are made by
`rating/book/machine.py`:

LOAD_CODES    out = column a (int32) of the book
LOAD_FLOATS   out = column a (float64) of the book
LOOK_UP       out = data[b + column a], NaN where the code is none of 0 … c - 1
PLACE         the same, -1 where the code is none of 0 … c - 1
KEY_SORTED    KEY_EXACT over rising keys
WRITE         output c = a
MUST_BE       the policy is marked bad where a is not finite
"""

import math

import numpy as np
from numpy.typing import NDArray

from product_factory.numbers.portable import power
from product_factory.numbers.rounding import round_down, round_half_even, round_half_up, round_up
from rating.kernels.jit import kernel
from rating.kernels.memory import codes_at, floats_at

LOAD_CODES = 64
LOAD_FLOATS = 65
LOOK_UP = 66
PLACE = 67
KEY_SORTED = 68
WRITE = 69
MUST_BE = 70

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@kernel
def last_not_above(keys: Floats, x: float) -> int:
    """Give the place of the last of the rising keys that is not above x, or -1; -1 for NaN."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] <= x:
            low = middle + 1
        else:
            high = middle
    return low - 1


@kernel
def first_equal(keys: Floats, x: float) -> int:
    """Give the first place of x among keys in any order, or -1."""
    for place in range(len(keys)):
        if keys[place] == x:
            return place
    return -1


@kernel
def run_rows(
    code: Integers,
    data: Floats,
    constants: Floats,
    columns: Integers,
    policy_out: Floats,
    item_out: Floats,
    bad: NDArray[np.uint8],
    offsets: Integers,
    first: int,
    last: int,
    block: int,
    width: int,
    slots: int,
) -> None:
    """Run a prepared program over the policies first … last - 1.

    code        rows (operation, out, a, b, c, level); slots 0 … len(constants) - 1 hold constants
    columns     addresses of the book's columns
    policy_out  outputs of policies, one row an output; item_out the same of items
    bad         1 is written for a policy that has a value which is not finite
    offsets     first item of each policy, then the number of items; empty where there are none
    block       most policies at a time, and as many as have at most `width` items; none has more
    """
    scratch = np.empty((slots, max(block, width)))
    for number in range(len(constants)):
        scratch[number, :] = constants[number]
    rows = len(bad)
    all_items = offsets[rows] if len(offsets) else 0
    stop = first
    while stop < last:
        start = stop
        stop = min(start + block, last)
        if len(offsets):
            while offsets[stop] - offsets[start] > width:
                stop -= 1
        policies = stop - start
        start_item = offsets[start] if len(offsets) else 0
        items = (offsets[stop] if len(offsets) else 0) - start_item
        for number in range(len(code)):
            op = code[number, 0]
            a, b, c = code[number, 2], code[number, 3], code[number, 4]
            of_items = code[number, 5] == 1
            n = items if of_items else policies
            base = start_item if of_items else start
            o = scratch[code[number, 1]]
            if op == 3:  # MUL
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = x[i] * y[i]
            elif op == LOOK_UP:
                codes = codes_at(columns[a], all_items if of_items else rows)[base : base + n]
                cells = data[b : b + c]
                for i in range(n):
                    # a negative code becomes a large one: one comparison tests both ends
                    found = np.uint32(codes[i])
                    o[i] = cells[found] if found < c else math.nan
            elif op == PLACE:
                codes = codes_at(columns[a], all_items if of_items else rows)[base : base + n]
                cells = data[b : b + c]
                for i in range(n):
                    found = np.uint32(codes[i])
                    o[i] = cells[found] if found < c else -1.0
            elif op == LOAD_CODES:
                codes = codes_at(columns[a], all_items if of_items else rows)[base : base + n]
                for i in range(n):
                    o[i] = codes[i]
            elif op == LOAD_FLOATS:
                floats = floats_at(columns[a], all_items if of_items else rows)[base : base + n]
                for i in range(n):
                    o[i] = floats[i]
            elif op == 1:  # ADD
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = x[i] + y[i]
            elif op == 2:  # SUB
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = x[i] - y[i]
            elif op == 4:  # DIV
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = x[i] / y[i]
            elif op == 5:  # POW
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = power(x[i], y[i])
            elif op == 6:  # NEG
                x = scratch[a]
                for i in range(n):
                    o[i] = -x[i]
            elif op == 7:  # MIN
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = y[i] if y[i] < x[i] else x[i]  # noqa: FURB136 - min treats NaN otherwise
            elif op == 8:  # MAX
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = y[i] if y[i] > x[i] else x[i]  # noqa: FURB136 - max treats NaN otherwise
            elif op == 9:  # LT
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = 1.0 if x[i] < y[i] else 0.0
            elif op == 10:  # LE
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = 1.0 if x[i] <= y[i] else 0.0
            elif op == 11:  # GT
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = 1.0 if x[i] > y[i] else 0.0
            elif op == 12:  # GE
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = 1.0 if x[i] >= y[i] else 0.0
            elif op == 13:  # EQ
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = 1.0 if x[i] == y[i] else 0.0
            elif op == 14:  # NE
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = 1.0 if x[i] != y[i] else 0.0
            elif op == 15:  # AND
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = 1.0 if (x[i] != 0.0) & (y[i] != 0.0) else 0.0
            elif op == 16:  # OR
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = 1.0 if (x[i] != 0.0) | (y[i] != 0.0) else 0.0
            elif op == 17:  # NOT
                x = scratch[a]
                for i in range(n):
                    o[i] = 1.0 if x[i] == 0.0 else 0.0
            elif op == 18:  # WHERE
                x, y, z = scratch[a], scratch[b], scratch[c]
                for i in range(n):
                    o[i] = y[i] if x[i] != 0.0 else z[i]
            elif op == 19:  # KEY_EXACT
                x, keys = scratch[a], data[b : b + c]
                for i in range(n):
                    o[i] = first_equal(keys, x[i])
            elif op == KEY_SORTED:
                x, keys = scratch[a], data[b : b + c]
                lowest, highest = keys[0], keys[c - 1]
                for i in range(n):
                    # most keys are whole numbers without gaps: the place is the distance
                    place = -1
                    if lowest <= x[i] <= highest:
                        guess = int(x[i] - lowest) if x[i] - lowest < c else 0
                        if keys[guess] == x[i]:
                            place = guess
                        else:
                            guess = last_not_above(keys, x[i])
                            if keys[guess] == x[i]:
                                place = guess
                    o[i] = place
            elif op == 20:  # KEY_STEP
                x, keys = scratch[a], data[b : b + c]
                for i in range(n):
                    o[i] = last_not_above(keys, x[i])
            elif op == 21:  # KEY_BAND
                x, keys, below = scratch[a], data[b : b + c], data[b + c : b + 2 * c]
                for i in range(n):
                    place = last_not_above(keys, x[i])
                    o[i] = place if place >= 0 and x[i] < below[place] else -1
            elif op == 22:  # COMBINE
                x, y = scratch[a], scratch[b]
                for i in range(n):
                    o[i] = -1.0 if (x[i] < 0.0) | (y[i] < 0.0) else x[i] * c + y[i]
            elif op == 23:  # CELL
                x, cells = scratch[a], data[b : b + c]
                for i in range(n):
                    o[i] = cells[int(x[i])] if 0.0 <= x[i] < c else math.nan
            elif op == 24:  # ROUND_HALF_UP
                x, y, z = scratch[a], scratch[b], scratch[c]
                for i in range(n):
                    o[i] = round_half_up(x[i], y[i], z[i])
            elif op == 25:  # ROUND_HALF_EVEN
                x, y, z = scratch[a], scratch[b], scratch[c]
                for i in range(n):
                    o[i] = round_half_even(x[i], y[i], z[i])
            elif op == 26:  # ROUND_UP
                x, y, z = scratch[a], scratch[b], scratch[c]
                for i in range(n):
                    o[i] = round_up(x[i], y[i], z[i])
            elif op == 27:  # ROUND_DOWN
                x, y, z = scratch[a], scratch[b], scratch[c]
                for i in range(n):
                    o[i] = round_down(x[i], y[i], z[i])
            elif op == 28:  # GATHER
                x = scratch[a]
                for row in range(policies):
                    for item in range(offsets[start + row], offsets[start + row + 1]):
                        o[item - start_item] = x[row]
            elif op == 29:  # TOTAL_SUM
                x = scratch[a]
                for row in range(policies):
                    total = 0.0
                    for item in range(offsets[start + row], offsets[start + row + 1]):
                        total += x[item - start_item]
                    o[row] = total
            elif op == 30:  # TOTAL_MAX
                x = scratch[a]
                for row in range(policies):
                    most = -math.inf
                    for item in range(offsets[start + row], offsets[start + row + 1]):
                        value = x[item - start_item]
                        if value > most or value != value:
                            most = value
                    o[row] = most
            elif op == 31:  # TOTAL_COUNT
                for row in range(policies):
                    o[row] = offsets[start + row + 1] - offsets[start + row]
            elif op == WRITE:
                x = scratch[a]
                target = item_out[c] if of_items else policy_out[c]
                for i in range(n):
                    target[base + i] = x[i]
            elif op == MUST_BE:
                x = scratch[a]
                if of_items:
                    for row in range(policies):
                        for item in range(offsets[start + row], offsets[start + row + 1]):
                            if not math.isfinite(x[item - start_item]):
                                bad[start + row] = 1
                else:
                    for i in range(n):
                        # x - x is 0 for finite x, else NaN
                        bad[start + i] |= np.uint8(x[i] - x[i] != 0.0)
