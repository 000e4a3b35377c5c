"""A rule's `where` and `check` over facts: one program for all rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from product_factory.errors import At, BadInput
from product_factory.expressions.bind import Binder, Bound
from product_factory.expressions.operations import COMPARISONS
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.expressions.scope import ConstantLeaf, InputLeaf, Leaf, Scope
from product_factory.expressions.tree import Binary, Conditions, Expression, Name, Unary
from product_factory.expressions.units import LITERAL
from product_factory.rules.facts import Facts, Floats, Grain, Rows
from product_factory.rules.rule import PHRASE_WORDS, Rule
from product_factory.rules.vocabulary import TEXTS
from product_factory.scopes import parameter_leaf
from product_factory.types import Type

TRUTH = Type("yes_no")
SMALLEST = 1e-300
"""What a margin is divided by where the right side is 0."""


@dataclass(frozen=True)
class Stated:
    """The facts as a scope; a name that nobody states is noted and read as an unknown number."""

    facts: Facts
    grain: Grain
    missing: set[str] = field(default_factory=set)

    def find(self, name: str) -> Leaf | None:
        """Give the leaf of a fact or parameter."""
        rows = self.facts.rows.get(self.grain)
        if rows is not None and name in rows.columns:
            return InputLeaf(name, rows.columns[name].type)
        if name in self.facts.numbers:
            fact = self.facts.numbers[name]
            return ConstantLeaf(fact.value, fact.type)
        if name in self.facts.parameters:
            return parameter_leaf(self.facts.parameters[name])
        self.missing.add(name)
        return InputLeaf(name, LITERAL)

    def names(self) -> Iterable[str]:
        """List nothing: an unknown name is no error here."""
        return ()


@dataclass(frozen=True)
class Parts:
    """The registers of a rule in a builder."""

    meant: int
    holds: int
    sides: tuple[tuple[str, int, int], ...]
    values: Mapping[str, Bound]
    reads: frozenset[str]


@dataclass(frozen=True)
class Evaluated:
    """What a check says.

    excluded a line of `where` holds for nothing: the rule is not about this product
    missing  names that no stage states; then nothing else is known
    unknown  the row of which a fact or parameter has no value, as it is called
    meant    how many rows the rule is about;  failed: of how many the check is not true
    worst    how the row is called that fails by most
    values   name → value and type, at the worst row or else the first that is meant
    """

    excluded: bool = False
    missing: tuple[str, ...] = ()
    unknown: str | None = None
    meant: int = 1
    failed: int = 0
    worst: str = ""
    values: Mapping[str, tuple[float, Type]] = field(default_factory=dict)
    reads: frozenset[str] = frozenset()


def bind(rule: Rule, builder: Builder, scope: Scope) -> Parts:
    """Bind a rule. Raises BadInput for unknown names and units that do not fit."""
    binder = Binder(builder)
    meant = binder.conditions(rule.where, scope) if rule.where else builder.constant(1.0)
    holds, sides = builder.constant(1.0), []
    if rule.check is not None:
        holds = binder.value(rule.check, scope, TRUTH).register
        for part in _comparisons(rule.check):
            left, right = binder.value(part.left, scope), binder.value(part.right, scope)
            sides.append((part.op, left.register, right.register))
    reads = frozenset(entry.name for entry in binder.reads)
    names = sorted(reads | (set(rule.placeholders) - {*PHRASE_WORDS, *TEXTS}))
    at = rule.place("says")
    values = {name: binder.value(Name(name, at), scope) for name in names}
    return Parts(meant, holds, tuple(sides), values, reads)


def _comparisons(expression: Expression) -> Iterator[Binary]:
    """List the comparisons that a check is made of."""
    if isinstance(expression, Binary):
        if expression.op in COMPARISONS:
            yield expression
        elif expression.op in ("and", "or"):
            yield from _comparisons(expression.left)
            yield from _comparisons(expression.right)
    elif isinstance(expression, Unary):
        yield from _comparisons(expression.operand)


def evaluate(rule: Rule, facts: Facts) -> Evaluated:
    """Evaluate `where` and `check`. Raises BadInput where the facts' units do not fit the rule.

    A rule whose `where` is known to hold nowhere misses nothing that its check would read.
    """
    if _none_meant(rule, facts):
        return Evaluated(excluded=True)
    scope = Stated(facts, rule.for_each)
    builder = Builder()
    try:
        parts = bind(rule, builder, scope)
    except BadInput:
        if scope.missing:
            return Evaluated(missing=tuple(sorted(scope.missing)))
        raise
    if scope.missing:
        return Evaluated(missing=tuple(sorted(scope.missing)), reads=parts.reads)
    registers = {"meant": parts.meant, "holds": parts.holds}
    registers |= {f"value {name}": bound.register for name, bound in parts.values.items()}
    for place, (_, left, right) in enumerate(parts.sides):
        registers |= {f"left {place}": left, f"right {place}": right}
    builder.results.update(registers)
    rows = facts.rows.get(rule.for_each)
    return _judged(builder, parts, rows)


def _none_meant(rule: Rule, facts: Facts) -> bool:
    """Tell whether a line of `where` reads only what is stated, and holds for no row."""
    tests = rule.where.tests if rule.where is not None else ()
    return any(_holds_nowhere(Conditions((test,), test.at), rule, facts) for test in tests)


def _holds_nowhere(conditions: Conditions, rule: Rule, facts: Facts) -> bool:
    scope = Stated(facts, rule.for_each)
    builder = Builder()
    try:
        builder.results["meant"] = Binder(builder).conditions(conditions, scope)
    except BadInput:
        return False  # told by the evaluation of the whole rule
    if scope.missing:
        return False
    program = builder.finish()
    rows = facts.rows.get(rule.for_each)
    columns = {name: column.values for name, column in rows.columns.items()} if rows else {}
    held = run(program, columns)[program.results["meant"]]
    known = rows is None or rows.size > 0
    return bool(known and not np.any(held))


def _judged(builder: Builder, parts: Parts, rows: Rows | None) -> Evaluated:
    program = builder.finish()
    size = rows.size if rows is not None else 1
    columns = {name: column.values for name, column in rows.columns.items()} if rows else {}
    registers = run(program, columns)
    found = {
        name: np.broadcast_to(registers[register], (size,))
        for name, register in program.results.items()
    }
    meant = found["meant"] != 0.0
    failing = meant & (found["holds"] == 0.0)
    unknown, margin = np.zeros(size, dtype=np.bool_), np.full(size, np.inf)
    for place, (sign, _, _) in enumerate(parts.sides):
        left, right = found[f"left {place}"], found[f"right {place}"]
        unknown |= np.isnan(left) | np.isnan(right)
        margin = np.fmin(margin, _margin(sign, left, right))
    unknown &= meant
    if unknown.any():
        row = int(np.argmax(unknown))
        return Evaluated(unknown=_called(rows, row), meant=int(meant.sum()), reads=parts.reads)
    row = int(np.argmin(np.where(failing, margin, np.inf))) if failing.any() else _first(meant)
    values = {
        name: (float(found[f"value {name}"][row]), bound.type)
        for name, bound in parts.values.items()
        if size
    }
    return Evaluated(
        meant=int(meant.sum()),
        failed=int(failing.sum()),
        worst=_called(rows, row) if failing.any() else "",
        values=values,
        reads=parts.reads,
    )


def _first(meant: np.ndarray) -> int:
    return int(np.argmax(meant)) if meant.size else 0


def _called(rows: Rows | None, row: int) -> str:
    return rows.called(row) if rows is not None else ""


def _margin(sign: str, left: Floats, right: Floats) -> Floats:
    """How far a comparison holds, relative to its right side; below zero where it fails."""
    scale = np.maximum(np.abs(right), SMALLEST)
    with np.errstate(over="ignore"):  # against a limit of nothing every distance is infinite
        apart = (left - right) / scale
    if sign in ("<", "<="):
        return -apart
    return apart if sign in (">", ">=") else -np.abs(apart)


def at_of(rule: Rule) -> At:
    """Where a finding of the rule points."""
    key = "check" if rule.check is not None else "within"
    return rule.place(key)
