"""Nodes → values: a literal, a name, an expression, or a list of cases."""

from product_factory.errors import At, BadInput, Problem, both, either, nearest
from product_factory.expressions.parse import parse
from product_factory.expressions.tree import Cases, Conditions, Expression, Test, Word
from product_factory.nodes import Map, Node, Seq, Text, said

BOUNDS = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}


def read_value(node: Node) -> Expression:
    """Read a value where any is allowed. A text that is no expression becomes a Word."""
    if isinstance(node, Text):
        try:
            return parse(node)
        except BadInput:
            if _looks_like_a_word(node):
                return Word(str(node), node.at)
            raise
    if isinstance(node, Seq):
        return _cases(node)
    expected = "expected a number, a name, an expression or a list of cases"
    raise BadInput.one(node.at, "", f"{expected}, got {said(node)}")


def _looks_like_a_word(text: Text) -> bool:
    """Tell `to 60` or `恶性肿瘤——重度` from an expression with a slip by its signs."""
    return bool(text.strip()) and not any(sign in text for sign in "+*/^()<>=,%")


def _cases(node: Seq) -> Cases:
    lines: list[tuple[Conditions, Expression]] = []
    for index, line in enumerate(node):
        if not isinstance(line, Map):
            text = f"expected a line with 'when' and 'is', or 'otherwise', got {said(line)}"
            raise BadInput.one(line.at, "", text)
        last = index == len(node) - 1
        if set(line) == {"otherwise"}:
            if not last:
                raise BadInput.one(
                    line.at, "", "expected 'otherwise' as the last line of the cases"
                )
            return Cases(tuple(lines), read_value(line["otherwise"]), node.at)
        if set(line) != {"when", "is"}:
            got = both(line) or "nothing"
            raise BadInput.one(line.at, "", f"expected the keys 'when' and 'is', got {got}")
        lines.append((read_conditions(line["when"]), read_value(line["is"])))
    raise BadInput.one(node.at, "", "expected a last line such as - {otherwise: 0}")


def read_conditions(node: Node) -> Conditions:
    """Read `{name: value}`, `{name: [values]}`, `{name: {at_least: value}}`; all must hold."""
    if not isinstance(node, Map):
        raise BadInput.one(node.at, "", f"expected conditions such as {{sex: M}}, got {said(node)}")
    tests = tuple(_test(name, value, node.keys_at[name]) for name, value in node.items())
    return Conditions(tests, node.at)


def _test(name: str, node: Node, at: At) -> Test:
    if isinstance(node, Text):
        return Test(name, (str(node),), (), at)
    if isinstance(node, Seq):
        words = [item for item in node if isinstance(item, Text)]
        if len(words) != len(node) or not words:
            raise BadInput.one(node.at, name, "expected a list of plain values")
        return Test(name, tuple(map(str, words)), (), at)
    problems = [
        Problem(node.keys_at[key], name, f"unknown key '{key}'{nearest(key, BOUNDS)}")
        for key in node
        if key not in BOUNDS
    ]
    if problems or not node:
        raise BadInput(problems or [Problem(node.at, name, f"expected {either(BOUNDS)}")])
    bounds = tuple((BOUNDS[key], read_value(value)) for key, value in node.items())
    return Test(name, (), bounds, at)


def always(at: At) -> Conditions:
    """Give the conditions that always hold."""
    return Conditions((), at)
