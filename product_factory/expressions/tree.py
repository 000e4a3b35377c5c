"""The parts of an expression, each with its place in the file."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from product_factory.errors import At


@dataclass(frozen=True)
class Number:
    """A literal number: `value` is 0.3 for 30%; `unit` is '' (bare), %, a time, or a currency."""

    value: float
    unit: str
    text: str
    at: At


@dataclass(frozen=True)
class DateLiteral:
    """A literal day, written 2026-03-01."""

    value: date
    at: At


@dataclass(frozen=True)
class Name:
    """A word to be found: a term, a mark, a choice, a table, a basis, a parameter."""

    name: str
    at: At


@dataclass(frozen=True)
class Unary:
    """`-x` or `not x`."""

    op: str
    operand: "Expression"
    at: At


@dataclass(frozen=True)
class Binary:
    """`left op right`; op is one of + - * / ^ < <= > >= == != and or."""

    op: str
    left: "Expression"
    right: "Expression"
    at: At


@dataclass(frozen=True)
class Call:
    """`min(…)`, `max(…)`, or `if(condition, then, else)`."""

    function: str
    arguments: tuple["Expression", ...]
    at: At


@dataclass(frozen=True)
class Test:
    """One line of a `when`: the name's value is one of `any_of`, or lies within the bounds."""

    name: str
    any_of: tuple[str, ...]
    bounds: tuple[tuple[str, "Expression"], ...]
    at: At


@dataclass(frozen=True)
class Conditions:
    """All tests must hold; none at all always holds."""

    tests: tuple[Test, ...]
    at: At


@dataclass(frozen=True)
class Cases:
    """The first line whose conditions hold gives the value; the last line is `otherwise`."""

    lines: tuple[tuple[Conditions, "Expression"], ...]
    otherwise: "Expression"
    at: At


@dataclass(frozen=True)
class Word:
    """A text that is no expression by itself (`to 60`, a Chinese name); only a choice reads it."""

    text: str
    at: At


@dataclass(frozen=True)
class Listing:
    """Entries chosen from a list, in its order, and how that was written (`all`)."""

    entries: tuple[str, ...]
    text: str
    at: At


@dataclass(frozen=True)
class Steps:
    """A schedule: each row (from, value) holds from that point of `by` on."""

    rows: tuple[tuple[float, float], ...]
    by: str
    text: str
    at: At


Expression: TypeAlias = (
    Number | DateLiteral | Name | Unary | Binary | Call | Cases | Word | Listing | Steps
)
