"""Values as canonical text: two texts are equal when they mean the same, however written.

Numbers are plain decimals (30% is 0.3), arithmetic of numbers alone is done, blanks and brackets
that change nothing are gone, and the tests of a condition stand in order of name.
"""

import math
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from product_factory.expressions.bind import Binder
from product_factory.expressions.operations import ARITHMETIC
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.expressions.scope import Names, Scope
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
from product_factory.risk import ModelSpec, Risk, RiskCases, Shares
from product_factory.types import Type, number, typed

BINDING = {"or": 1, "and": 2, "not": 3, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4}
BINDING |= {"+": 5, "-": 5, "*": 6, "/": 6, "negative": 7, "^": 8}
NOTHING = Names({})


def resolved(expression: Expression, scope: Scope, wanted: Type | None = None) -> str:
    """Write what an expression amounts to, or its text where that depends on risk or time."""
    if isinstance(expression, Listing | Steps) or (wanted is not None and wanted.kind == "event"):
        return text(expression)
    builder = Builder()
    bound = Binder(builder).value(expression, scope, wanted)
    builder.results["value"] = bound.register
    program = builder.finish()
    if program.inputs:
        return text(expression)
    # to 12 digits, since 1.75% + 2% is 3.75% and no tail of a float
    value = float(f"{float(run(program, {})[program.results['value']][0]):.12g}")
    kind = wanted if wanted is not None else bound.type
    return typed(value, kind if wanted is not None or kind.kind != "ratio" else Type("number"))


def as_written(part: Expression) -> str:
    """Write an expression for a reader: a literal as the author wrote it."""
    return part.text if isinstance(part, Number | Word) else text(part)


def text(part: Expression | Conditions) -> str:
    """Write an expression or conditions."""
    if isinstance(part, Conditions):
        return ", ".join(sorted(map(_test, part.tests))) or "always"
    return _expression(part, 0)


def _expression(part: Expression, outer: int) -> str:
    folded = _folded(part)
    if folded is not None:
        return folded if outer < BINDING["negative"] or folded[0] != "-" else f"({folded})"
    match part:
        case Number():
            return number(part.value) + (f" {part.unit}" if part.unit not in ("", "%") else "")
        case DateLiteral():
            return part.value.isoformat()
        case Name():
            return part.name
        case Word():
            return part.text
        case Listing():
            return f"[{', '.join(part.entries)}]"
        case Steps():
            rows = ", ".join(f"{number(start)}: {number(value)}" for start, value in part.rows)
            return f"{{{rows}}} by {part.by}"
        case Call():
            inside = ", ".join(_expression(argument, 0) for argument in part.arguments)
            return f"{part.function}({inside})"
        case Cases():
            lines = [f"when {text(when)}: {text(value)}" for when, value in part.lines]
            return "; ".join([*lines, f"otherwise: {text(part.otherwise)}"])
        case Unary():
            binding = BINDING["not" if part.op == "not" else "negative"]
            sign = "not " if part.op == "not" else "-"
            made = sign + _expression(part.operand, binding)
        case Binary():
            binding = BINDING[part.op]
            left, right = (binding + 1, binding) if part.op == "^" else (binding, binding + 1)
            made = f"{_expression(part.left, left)} {part.op} {_expression(part.right, right)}"
    return f"({made})" if binding < outer else made


def _folded(part: Expression) -> str | None:
    """Give the value of arithmetic on bare numbers, None for anything else."""
    if not isinstance(part, Unary | Binary) or not _plain(part):
        return None
    builder = Builder()
    builder.results["value"] = Binder(builder).value(part, NOTHING).register
    program = builder.finish()
    value = float(run(program, {})[program.results["value"]][0])
    return number(value) if math.isfinite(value) else None


def _plain(part: Expression) -> bool:
    if isinstance(part, Number):
        return part.unit in ("", "%")
    if isinstance(part, Unary):
        return part.op == "-" and _plain(part.operand)
    if not isinstance(part, Binary) or part.op not in ARITHMETIC:
        return False
    return _plain(part.left) and _plain(part.right)


def _test(test: Test) -> str:
    if test.bounds:
        bounds = sorted(f"{sign} {text(limit)}" for sign, limit in test.bounds)
        return f"{test.name} {' and '.join(bounds)}"
    words = sorted(set(map(word, test.any_of)))
    return f"{test.name} = {' or '.join(words)}"


def word(written: str) -> str:
    """Write a word of a condition or list: a number as a number, anything else as it stands."""
    try:
        value = Decimal(written)
    except InvalidOperation:
        return written
    return format(value.normalize(), "f") if value.is_finite() else written


def risk_text(risk: Risk) -> str:
    """Write what a basis says of an event or mark."""
    if isinstance(risk, RiskCases):
        lines = [f"when {text(when)}: {risk_text(inner)}" for when, inner in risk.lines]
        last = [f"otherwise: {risk_text(risk.otherwise)}"] if risk.otherwise is not None else []
        return "; ".join(lines + last)
    if isinstance(risk, Shares):
        return _pairs((name, text(share)) for name, share in risk.shares)
    if isinstance(risk, ModelSpec):
        plain = [(name, _values(value)) for name, value in risk.parameters]
        made = [(name, f"[{', '.join(map(risk_text, of))}]") for name, of in risk.parts]
        return f"{risk.kind} {_pairs([*plain, *made])}"
    return text(risk)


def _values(value: Expression | tuple[Expression, ...]) -> str:
    return f"[{', '.join(map(text, value))}]" if isinstance(value, tuple) else text(value)


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in sorted(pairs)) + "}"


def scalar(value: object) -> str:
    """Write a plain value of a file."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(float(value)) if isinstance(value, float) else str(value)
    return value.isoformat() if isinstance(value, date) else str(value)
