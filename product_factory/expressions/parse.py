"""Text → expression tree, by precedence climbing; every part keeps its place."""

import re
from datetime import date
from decimal import Decimal

from product_factory import currency, slips
from product_factory.errors import At, BadInput
from product_factory.expressions.tree import (
    Binary,
    Call,
    DateLiteral,
    Expression,
    Name,
    Number,
    Unary,
)
from product_factory.nodes import Text
from product_factory.types import MAX_EXPONENT, PARTS

MAX_TOKENS = 200
UNITS = {"day": "days", "days": "days", "month": "months", "months": "months"}
UNITS |= {"year": "years", "years": "years"}
FUNCTIONS = {"min": (2, 20), "max": (2, 20), "if": (3, 3)}

# What binds tighter stands higher; ^ binds to the right.
PRECEDENCE = {"or": 1, "and": 2, "<": 4, "<=": 4, ">": 4, ">=": 4, "==": 4, "!=": 4}
PRECEDENCE |= {"+": 5, "-": 5, "*": 6, "/": 6, "^": 8}
NOT_LEVEL, MINUS_LEVEL = 3, 7

TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2})"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?P<percent>\s*[%‰])?"
    r"|(?P<word>[^\W\d]\w*(?:\.[^\W\d]\w*|\.\d+)*)"
    r"|(?P<sign><=|>=|==|!=|[-+*/^<>(),]))"
)


class _Tokens:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.list: list[tuple[str, str, At]] = []
        self.next = 0
        position, shift = 0, 1 if text.quoted else 0
        stripped = text.rstrip()
        while position < len(stripped):
            found = TOKEN.match(stripped, position)
            if not found:
                skipped = len(stripped[position:]) - len(stripped[position:].lstrip())
                where = self.place(position + skipped, shift)
                got = stripped[position:].lstrip()[:1]
                raise BadInput.one(
                    where, "", f"expected a number, a name or an operator, got '{got}'{_sign(got)}"
                )
            kind = str(found.lastgroup)
            start = found.start("number" if kind == "percent" else kind)
            kind = "number" if kind == "percent" else kind
            body = found.group(kind) + (found.group("percent") or "").strip()
            self.list.append((kind, body, self.place(start, shift)))
            position = found.end()
            if len(self.list) > MAX_TOKENS:
                raise BadInput.one(text.at, "", f"expected at most {MAX_TOKENS} parts, got more")

    def place(self, offset: int, shift: int) -> At:
        at = self.text.at
        return At(at.file, at.line, at.column + offset + shift) if at.line else at

    def peek(self) -> tuple[str, str, At]:
        if self.next < len(self.list):
            return self.list[self.next]
        return ("end", "", self.place(len(self.text), 1 if self.text.quoted else 0))

    def take(self) -> tuple[str, str, At]:
        token = self.peek()
        self.next += 1
        return token

    def expect(self, sign: str) -> None:
        _, got, at = self.take()
        if got != sign:
            hint = "" if got or self.text.quoted else "; in { } a text with a comma must be quoted"
            raise BadInput.one(at, "", f"expected '{sign}', got {_shown(got)}{hint}")


def _sign(got: str) -> str:
    return "; did you mean '=='?" if got == "=" else slips.instead(got)


def _shown(got: str) -> str:
    return f"'{got}'" if got else "the end of the text"


def parse(text: Text) -> Expression:
    """Parse one expression. Raises BadInput at the column where it stops making sense."""
    tokens = _Tokens(text)
    tree = _expression(tokens, 0)
    kind, got, at = tokens.peek()
    if kind != "end":
        hint = _after_number(tokens, got)
        told = f"expected an operator or the end of the text, got '{got}'{hint}"
        raise BadInput.one(at, "", told)
    return tree


def _after_number(tokens: _Tokens, got: str) -> str:
    """Say what was meant by a number and a word that is no unit: 10000 RMB."""
    kind, before, _ = tokens.list[tokens.next - 1]
    return slips.instead(f"{before} {got}") if kind == "number" else ""


def _expression(tokens: _Tokens, level: int) -> Expression:
    left = _operand(tokens)
    while True:
        _, op, at = tokens.peek()
        precedence = PRECEDENCE.get(op, 0)
        if precedence == 0 or precedence <= level:
            return left
        tokens.take()
        right = _expression(tokens, precedence - 1 if op == "^" else precedence)
        left = Binary(op, left, right, at)


def _operand(tokens: _Tokens) -> Expression:
    kind, body, at = tokens.take()
    if kind == "number":
        return _number(tokens, body, at)
    if kind == "date":
        return _date(body, at)
    if body == "-":
        return Unary("-", _expression(tokens, MINUS_LEVEL), at)
    if body == "not":
        return Unary("not", _expression(tokens, NOT_LEVEL), at)
    if body == "(":
        inner = _expression(tokens, 0)
        tokens.expect(")")
        return inner
    if kind == "word" and body not in ("and", "or"):
        if tokens.peek()[1] == "(":
            return _call(tokens, body, at)
        return Name(body, at)
    raise BadInput.one(at, "", f"expected a number or a name, got {_shown(body)}")


def _number(tokens: _Tokens, body: str, at: At) -> Number:
    number = Decimal(body.rstrip("".join(PARTS)))
    if abs(number.adjusted()) > MAX_EXPONENT:
        raise BadInput.one(
            at, "", f"expected a number of at most {MAX_EXPONENT} digits, got {body}"
        )
    if body[-1] in PARTS:
        return Number(float(number / PARTS[body[-1]]), "%", body, at)
    kind, unit, _ = tokens.peek()
    if kind == "word" and unit in UNITS:
        tokens.take()
        return Number(float(number), UNITS[unit], f"{body} {unit}", at)
    if kind == "word" and unit in currency.CODES:
        tokens.take()
        return Number(float(number), unit, f"{body} {unit}", at)
    return Number(float(number), "", body, at)


def _date(body: str, at: At) -> DateLiteral:
    try:
        return DateLiteral(date.fromisoformat(body), at)
    except ValueError:
        raise BadInput.one(at, "", f"expected a day of the calendar, got '{body}'") from None


def _call(tokens: _Tokens, function: str, at: At) -> Call:
    if function not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise BadInput.one(at, "", f"unknown function '{function}'; the functions are {known}")
    tokens.expect("(")
    arguments = [_expression(tokens, 0)]
    while tokens.peek()[1] == ",":
        tokens.take()
        arguments.append(_expression(tokens, 0))
    tokens.expect(")")
    least, most = FUNCTIONS[function]
    if not least <= len(arguments) <= most:
        expected = str(least) if least == most else f"{least} to {most}"
        text = f"expected {expected} arguments of {function}, got {len(arguments)}"
        raise BadInput.one(at, "", text)
    return Call(function, tuple(arguments), at)
