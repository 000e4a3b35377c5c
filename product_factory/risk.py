"""What a basis says of an event or mark: a value, a distribution, shares of choices, or cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from product_factory.errors import At, BadInput, both, either, nearest
from product_factory.expressions.tree import Conditions, Expression
from product_factory.expressions.values import read_conditions, read_value
from product_factory.nodes import Map, Node, Seq, Text, said


@dataclass(frozen=True)
class ModelSpec:
    """`{kind: lognormal, mean: 18000, cv: 2}`: a family member with values for its parameters.

    parts   those that it is made of, such as the body and the tail of `kind: spliced`
    """

    kind: str
    parameters: tuple[tuple[str, Expression | tuple[Expression, ...]], ...]
    at: At
    parts: tuple[tuple[str, tuple["ModelSpec", ...]], ...] = ()

    @property
    def given(self) -> tuple[str, ...]:
        """The names of all that is given: of parameters and of parts."""
        return (*(name for name, _ in self.parameters), *(name for name, _ in self.parts))

    def misfit(self, forms: Sequence[Sequence[str]]) -> str:
        """Say what it takes and what it got; nothing where its names are those of a form."""
        if any(set(form) == set(self.given) for form in forms):
            return ""
        known = {name for form in forms for name in form}
        odd = next((name for name in self.given if name not in known), "")
        hint = nearest(odd, known) if odd else ""
        got = " and ".join(self.given) or "nothing"
        return f"{self.kind} takes {either(' and '.join(form) for form in forms)}, got {got}{hint}"

    def values(self) -> Iterator[Expression]:
        """List every value of its parameters and of those of its parts."""
        for _, given in self.parameters:
            yield from given if isinstance(given, tuple) else (given,)
        for _, specs in self.parts:
            for spec in specs:
                yield from spec.values()


@dataclass(frozen=True)
class Shares:
    """`{illness: 86%, accident: 14%}`: the chance of each choice; one not named has chance zero."""

    shares: tuple[tuple[str, Expression], ...]
    at: At


@dataclass(frozen=True)
class RiskCases:
    """Cases whose values may be distributions."""

    lines: tuple[tuple[Conditions, "Risk"], ...]
    otherwise: "Risk | None"
    at: At


Risk: TypeAlias = Expression | ModelSpec | Shares | RiskCases


def read_risk(node: Node) -> Risk:
    """Read what stands under `risk:` for one event or mark."""
    if isinstance(node, Text):
        return read_value(node)
    if isinstance(node, Map):
        return _model(node) if "kind" in node else _shares(node)
    if any(isinstance(line, Map) and isinstance(line.get("is"), Map) for line in node):
        return _cases(node)
    return read_value(node)


def _model(node: Map) -> ModelSpec:
    kind = node["kind"]
    if not isinstance(kind, Text):
        raise BadInput.one(kind.at, "kind", f"expected a word, got {said(kind)}")
    parameters: list[tuple[str, Expression | tuple[Expression, ...]]] = []
    parts: list[tuple[str, tuple[ModelSpec, ...]]] = []
    for name, value in node.items():
        if name == "kind":
            continue
        listed = value if isinstance(value, Seq) else (value,)
        if any(isinstance(part, Map) and "kind" in part for part in listed):
            parts.append((name, tuple(_part(part) for part in listed)))
        elif isinstance(value, Seq):
            parameters.append((name, tuple(read_value(part) for part in value)))
        else:
            parameters.append((name, read_value(value)))
    return ModelSpec(str(kind), tuple(parameters), node.at, tuple(parts))


def _part(node: Node) -> ModelSpec:
    if not isinstance(node, Map) or "kind" not in node:
        text = f"expected a distribution such as {{kind: gamma, …}}, got {said(node)}"
        raise BadInput.one(node.at, "", text)
    return _model(node)


def _shares(node: Map) -> Shares:
    return Shares(tuple((name, read_value(value)) for name, value in node.items()), node.at)


def _cases(node: Seq) -> RiskCases:
    lines: list[tuple[Conditions, Risk]] = []
    for line in node:
        if isinstance(line, Map) and set(line) == {"otherwise"}:
            return RiskCases(tuple(lines), read_risk(line["otherwise"]), node.at)
        if not isinstance(line, Map) or set(line) != {"when", "is"}:
            got = both(line) if isinstance(line, Map) else said(line)
            raise BadInput.one(line.at, "", f"expected the keys 'when' and 'is', got {got}")
        lines.append((read_conditions(line["when"]), read_risk(line["is"])))
    return RiskCases(tuple(lines), None, node.at)
