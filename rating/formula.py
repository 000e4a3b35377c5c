"""An expression written out again, with names or with what they amount to."""

from collections.abc import Callable

from product_factory.expressions.parse import MINUS_LEVEL, NOT_LEVEL, PRECEDENCE
from product_factory.expressions.tree import (
    Binary,
    Call,
    Cases,
    Conditions,
    DateLiteral,
    Expression,
    Listing,
    Name,
    Number,
    Steps,
    Test,
    Unary,
    Word,
)

Spell = Callable[[str], str]
TIGHTEST = 9


def written(expression: Expression, spell: Spell = str) -> str:
    """Write an expression as a person would; `spell` says how each name is written."""
    return _write(expression, spell)[0]


def _write(expression: Expression, spell: Spell) -> tuple[str, int]:
    """Write a part, with how tightly it binds."""
    match expression:
        case Number() | Word() | Listing() | Steps():
            return expression.text, TIGHTEST
        case DateLiteral():
            return expression.value.isoformat(), TIGHTEST
        case Name():
            return spell(expression.name), TIGHTEST
        case Unary():
            word, level = ("-", MINUS_LEVEL) if expression.op == "-" else ("not ", NOT_LEVEL)
            return word + _within(expression.operand, level, spell), level
        case Binary():
            level = PRECEDENCE[expression.op]
            raises = expression.op == "^"
            left = _within(expression.left, level + 1 if raises else level, spell)
            right = _within(expression.right, level if raises else level + 1, spell)
            return f"{left} {expression.op} {right}", level
        case Call():
            inner = ", ".join(_write(part, spell)[0] for part in expression.arguments)
            return f"{expression.function}({inner})", TIGHTEST
        case Cases():
            return _cases(expression, spell), 0


def _within(expression: Expression, level: int, spell: Spell) -> str:
    text, own = _write(expression, spell)
    # a value that is spelt as a negative number needs brackets as much as a formula does
    return f"({text})" if own < level or (own == TIGHTEST and text.startswith("-")) else text


def _cases(cases: Cases, spell: Spell) -> str:
    lines = [
        f"{_write(value, spell)[0]} if {conditions_written(conditions, spell)}"
        for conditions, value in cases.lines
    ]
    return ", ".join([*lines, f"otherwise {_write(cases.otherwise, spell)[0]}"])


def conditions_written(conditions: Conditions, spell: Spell = str) -> str:
    """Write conditions: `sex is M and age >= 50`."""
    return " and ".join(_test(test, spell) for test in conditions.tests) or "always"


def _test(test: Test, spell: Spell) -> str:
    if test.bounds:
        parts = [f"{test.name} {sign} {_write(limit, spell)[0]}" for sign, limit in test.bounds]
        return " and ".join(parts)
    return f"{test.name} is {' or '.join(test.any_of)}"
