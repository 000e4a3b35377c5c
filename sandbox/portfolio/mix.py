"""What stands under `mix` for one name, before it is known what the name is.

A mapping without `kind` is read the same way whether it holds the shares of a variable's choices
or the variables of an item: which of them it is, the product says (`draws.py`).
"""

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from product_factory import shapes
from product_factory.errors import At, BadInput, nearest
from product_factory.expressions.tree import Expression
from product_factory.expressions.values import read_value
from product_factory.nodes import Map, Node, Seq, Text, said
from product_factory.strict import read
from sandbox.portfolio.lognormal import Lognormal
from sandbox.portfolio.triangular import Triangular

Distribution: TypeAlias = Triangular | Lognormal
DISTRIBUTIONS: dict[str, type[Triangular] | type[Lognormal]] = {
    "lognormal": Lognormal,
    "triangular": Triangular,
}
"""Every kind of distribution by the word that stands after `kind:`."""


@dataclass(frozen=True)
class Entries:
    """Names with what stands beside each: shares of choices, or the variables of an item."""

    entries: tuple[tuple[str, At, "Drawn"], ...]
    at: At


@dataclass(frozen=True)
class Formula:
    """A value computed from those drawn before it: `value * 80%`; a literal is one too."""

    expression: Expression

    @property
    def at(self) -> At:
        """Where it stands."""
        return self.expression.at


Drawn: TypeAlias = Distribution | Entries | Formula


def read_mix(node: Node) -> Drawn:
    """Read what stands beside one name. Raises BadInput with the place."""
    if isinstance(node, Text | Seq):
        return Formula(read_value(node))
    if "kind" not in node:
        entries = tuple((name, node.keys_at[name], read_mix(part)) for name, part in node.items())
        return Entries(entries, node.at)
    kind = node["kind"]
    if not isinstance(kind, Text):
        raise BadInput.one(kind.at, "kind", f"expected a word, got {said(kind)}")
    if kind not in DISTRIBUTIONS:
        text = f"unknown kind '{kind}'{nearest(kind, DISTRIBUTIONS)}"
        raise BadInput.one(kind.at, "kind", text)
    return read(DISTRIBUTIONS[str(kind)], node)


def _mix(node: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    if not isinstance(node, Text | Seq | Map):
        return node
    try:
        return read_mix(node)
    except BadInput as error:
        # a slip in a key also leaves a key out: the slip is what is to be told
        slips = (problem for problem in error.problems if problem.text.startswith("unknown"))
        first = next(slips, error.problems[0])
        context = {"text": first.text, "at": first.at, "path": first.path}
        raise PydanticCustomError("placed", "{text}", context) from None


Mix = Annotated[Any, BeforeValidator(_mix), WithJsonSchema(shapes.RISK)]
