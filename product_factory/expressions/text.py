"""Expressions written out again, as an author would."""

from product_factory.expressions.tree import (
    Binary,
    Call,
    Cases,
    DateLiteral,
    Expression,
    Name,
    Number,
    Unary,
    Word,
)


def text_of(expression: Expression) -> str:
    """Write an expression; cases are written by their last line only, as there may be many."""
    match expression:
        case Number() | Word():
            return expression.text
        case Name(name):
            return name
        case DateLiteral(value):
            return value.isoformat()
        case Unary(sign, operand):
            return f"{sign} {_inner(operand)}" if sign == "not" else f"{sign}{_inner(operand)}"
        case Binary(sign, left, right):
            return f"{_inner(left)} {sign} {_inner(right)}"
        case Call(function, arguments):
            return f"{function}({', '.join(map(text_of, arguments))})"
        case Cases(lines, otherwise):
            return f"{len(lines) + 1} cases, otherwise {text_of(otherwise)}"


def _inner(expression: Expression) -> str:
    written = text_of(expression)
    return f"({written})" if isinstance(expression, Binary) else written
