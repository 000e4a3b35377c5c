"""Which registers must be tested so that no value that is not a number goes unseen.

A missing cell is NaN, and `max(100, NaN)` is 100: a premium may look well although a step below
it has no value. Where NaN and infinity are handed on by every operation above a step to a value
that is tested, the step needs no test of its own.
"""

from collections.abc import Iterable

from product_factory.expressions.operations import Op
from product_factory.expressions.program import Program

# Operations that give no finite number when this operand is not finite.
HANDS_ON = {
    Op.ADD: "ab", Op.SUB: "ab", Op.MUL: "ab", Op.DIV: "a", Op.NEG: "a", Op.TOTAL_SUM: "a",
    Op.ROUND_HALF_UP: "a", Op.ROUND_HALF_EVEN: "a", Op.ROUND_UP: "a", Op.ROUND_DOWN: "a",
}  # fmt: skip


def must_be_finite(program: Program, values: Iterable[int]) -> tuple[int, ...]:
    """Choose among the registers of all values those that must be tested to have tested all."""
    first = len(program.inputs) + len(program.constants)
    above: dict[int, list[int]] = {}
    for number, line in enumerate(program.operations):
        operands = {"a": line.a, "b": line.b, "c": line.c}
        for name in HANDS_ON.get(line.op, ""):
            above.setdefault(operands[name], []).append(first + number)
    wanted = sorted({value for value in values if value >= first}, reverse=True)
    tested: list[int] = []
    # a register stands behind its operands, so a falling pass meets what is above first
    seen: set[int] = set()
    for register in reversed(range(first, first + len(program.operations))):
        if any(higher in seen for higher in above.get(register, ())):
            seen.add(register)
        elif register in wanted:
            tested.append(register)
            seen.add(register)
    return tuple(reversed(tested))
