"""The closed list of operations that a program is made of.

Both evaluators (`product_factory.expressions.run`, with numpy, and `rating/kernels/program.py`,
with numba) run exactly these, so that they agree to the bit. Registers hold floats. An index is a
whole number, -1 for "no such row"; a missing cell is NaN.

code          out = …
ADD … POW     a + b, a - b, a * b, a / b, a ^ b (portable power)
NEG           -a
MIN, MAX      b if b < a else a; b if b > a else a
LT … NE       1 or 0
AND, OR, NOT  1 or 0, of truths
WHERE         b if a is true else c
KEY_EXACT     first place of a among the keys data[b : b + c], else -1
KEY_STEP      place of the largest key not above a, else -1
KEY_BAND      place i with from[i] <= a < below[i], from = data[b : b + c], below = the next c
COMBINE       a * c + b for indices a, b and the size c of the second; -1 if either is -1
CELL          data[b + a] of a table of c cells, NaN where a is none of 0 … c - 1
ROUND_…       a rounded to a unit of b / c (both registers)
GATHER        the policy's value, for each of its items
TOTAL_…       over the items of a policy, in their order; without items 0, -inf, 0
"""

from enum import IntEnum


class Op(IntEnum):
    """Operation codes; the numbers are part of the export format and never change."""

    ADD = 1
    SUB = 2
    MUL = 3
    DIV = 4
    POW = 5
    NEG = 6
    MIN = 7
    MAX = 8
    LT = 9
    LE = 10
    GT = 11
    GE = 12
    EQ = 13
    NE = 14
    AND = 15
    OR = 16
    NOT = 17
    WHERE = 18
    KEY_EXACT = 19
    KEY_STEP = 20
    KEY_BAND = 21
    COMBINE = 22
    CELL = 23
    ROUND_HALF_UP = 24
    ROUND_HALF_EVEN = 25
    ROUND_UP = 26
    ROUND_DOWN = 27
    GATHER = 28
    TOTAL_SUM = 29
    TOTAL_MAX = 30
    TOTAL_COUNT = 31


COMPARISONS = {"<": Op.LT, "<=": Op.LE, ">": Op.GT, ">=": Op.GE, "==": Op.EQ, "!=": Op.NE}
ARITHMETIC = {"+": Op.ADD, "-": Op.SUB, "*": Op.MUL, "/": Op.DIV, "^": Op.POW}
ROUNDING = {
    "half_up": Op.ROUND_HALF_UP,
    "half_even": Op.ROUND_HALF_EVEN,
    "up": Op.ROUND_UP,
    "down": Op.ROUND_DOWN,
}
TOTALS = {"sum": Op.TOTAL_SUM, "max": Op.TOTAL_MAX, "count": Op.TOTAL_COUNT}
# Which of a, b, c are registers; the others are offsets and sizes.
REGISTERS = {
    Op.NEG: "a", Op.NOT: "a", Op.GATHER: "a", Op.TOTAL_SUM: "a", Op.TOTAL_MAX: "a",
    Op.TOTAL_COUNT: "a", Op.KEY_EXACT: "a", Op.KEY_STEP: "a", Op.KEY_BAND: "a", Op.CELL: "a",
    Op.WHERE: "abc", Op.ROUND_HALF_UP: "abc", Op.ROUND_HALF_EVEN: "abc", Op.ROUND_UP: "abc",
    Op.ROUND_DOWN: "abc", Op.COMBINE: "ab",
}  # fmt: skip
POLICY, ITEM = 0, 1
