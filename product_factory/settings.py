"""What a term may be set to besides a value: an event, entries of a list, a schedule."""

from itertools import pairwise

from product_factory.errors import At, BadInput, BadValue, Problem, either, nearest
from product_factory.expressions.tree import Expression, Listing, Name, Number, Steps, Word
from product_factory.expressions.values import read_value
from product_factory.nodes import Map, Node, Seq, Text
from product_factory.types import Type, read_literal

Schedule = tuple[tuple[float, float], ...]
ALL = "all"
FEW = 6
"""As many choices as a message lists."""


def read_setting(node: Node) -> Expression:
    """Read a value, `{18: 160%, 41: 140%}` or `[one, two]`. Raises BadInput."""
    if isinstance(node, Map):
        rows = read_schedule(node, "")
        text = ", ".join(f"{start}: {value}" for start, value in node.items())
        return Steps(rows, "", text, node.at)
    if isinstance(node, Seq) and node and all(isinstance(entry, Text) for entry in node):
        entries = tuple(str(entry) for entry in node)
        return Listing(entries, ", ".join(entries), node.at)
    return read_value(node)


def read_by_year(node: Node) -> Expression:
    """Read a value, or `{1: 40%, 2: 20%, 3: 5%}` from policy year 1. Raises BadInput."""
    if not isinstance(node, Map):
        return read_value(node)
    found = read_setting(node)
    assert isinstance(found, Steps)  # noqa: S101 - what a mapping is read as
    if not found.rows or found.rows[0][0] != 1.0:
        text = "expected a schedule from policy year 1 on, such as {1: 40%, 2: 20%, 3: 5%}"
        raise BadInput.one(found.at, "", text)
    return Steps(found.rows, "policy_year", found.text, found.at)


def read_schedule(node: object, name: str) -> Schedule:
    """Read `{18: 160%, 41: 140%}`: each row holds from its point on. Raises BadInput."""
    if not isinstance(node, Map):
        at = node.at if isinstance(node, Text) else At("")
        raise BadInput.one(at, name, "expected a schedule such as {18: 160%, 41: 140%}")
    rows: list[tuple[float, float]] = []
    for start, value in node.items():
        try:
            rows.append(
                (read_literal(start, Type("number")), read_literal(str(value), Type("number")))
            )
        except BadValue as error:
            path = f"{name}.{start}" if name else start
            raise BadInput.one(value.at, path, str(error)) from None
    for one, two in pairwise(rows):
        if two[0] <= one[0]:
            text = f"expected rows in rising order, got {two[0]:g} after {one[0]:g}"
            raise BadInput.one(node.at, name, text)
    return tuple(rows)


def fitted(expression: Expression, kind: Type, by: str) -> Expression:
    """Fit what was written to an event, a list or a schedule; other types read it as it is.

    kind  with its choices resolved;  by: what a schedule goes by

    Raises BadInput for an event or entry that may not be chosen.
    """
    if kind.kind == "event":
        return _event(expression, kind)
    if kind.kind == "list":
        return _listing(expression, kind)
    if kind.kind == "schedule" and isinstance(expression, Steps):
        return Steps(expression.rows, by, expression.text, expression.at)
    if isinstance(expression, Steps | Listing) or (
        kind.kind == "schedule" and not isinstance(expression, Name)
    ):
        wanted = {"schedule": "a schedule such as {18: 160%, 41: 140%}"}
        text = f"expected {wanted.get(kind.kind, f'one value of type {kind.kind}')}"
        if isinstance(expression, Steps | Listing | Word | Number):
            text += f", got {expression.text}"
        raise BadInput.one(expression.at, "", text)
    return expression


def _event(expression: Expression, kind: Type) -> Expression:
    got = written_word(expression)
    if got not in kind.of:
        text = f"expected {either(kind.of)}, got {got or 'another value'}{nearest(got, kind.of)}"
        raise BadInput.one(expression.at, "", text)
    return expression


def _listing(expression: Expression, kind: Type) -> Listing:
    got = written_word(expression)
    if got == ALL:
        return Listing(kind.of, ALL, expression.at)
    entries = expression.entries if isinstance(expression, Listing) else (got,)
    problems = [
        Problem(expression.at, "", f"unknown entry '{entry}'{nearest(entry, kind.of)}")
        for entry in entries
        if entry not in kind.of
    ]
    if problems:
        raise BadInput(problems)
    chosen = tuple(entry for entry in kind.of if entry in entries)
    return Listing(chosen, ", ".join(chosen), expression.at)


def written_word(expression: Expression) -> str:
    """Give a word as it was written; '' for anything else."""
    if isinstance(expression, Name):
        return expression.name
    return expression.text if isinstance(expression, Word) else ""
