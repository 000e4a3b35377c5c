"""A change of a scenario whose number is left open: a search or a draw puts one in after another.

Imports no engine, since the files of a product are read with it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema

from product_factory import shapes
from product_factory.errors import BadInput, BadValue, either
from product_factory.nodes import Node, Seq, Text, said
from product_factory.shapes import Schema
from product_factory.strict import Strict, Texts, Whole, located, word_of
from product_factory.types import read_number

if TYPE_CHECKING:
    from sandbox.scenarios.scenario import AnyChange

Trust = Literal["read", "weak", "derived", "memory", "illustrative"]
FOR_EVER = 1_000
"""A policy year beyond any contract."""
NUMBERS = ("times", "add", "at_least")
"""The keys of a change that hold how far it goes."""
OPEN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "frequency": ("times",),
        "inflation": ("add",),
        "interest": ("add",),
        "rate": ("times", "add", "at_least"),
        "severity": ("times",),
    }
)
"""The kinds of changes that have a size, each with the keys that say it."""
SAID = "what a search or a draw puts there"
RANGE: Schema = {"type": "array", "minItems": 2, "maxItems": 2, "items": shapes.NUMBER}


def _range(node: Node) -> tuple[float, float]:
    if not isinstance(node, Seq) or len(node) != 2:  # noqa: PLR2004 - from, to
        got = f"a list of {len(node)}" if isinstance(node, Seq) else said(node)
        message = f"expected two numbers such as [100%, 500%], got {got}"
        raise BadValue(message)
    ends = []
    for one in node:
        if not isinstance(one, Text):
            raise BadInput.one(one.at, "", f"expected a number, got {said(one)}")
        try:
            ends.append(read_number(str(one), "number"))
        except BadValue as error:
            raise BadInput.one(one.at, "", str(error)) from None
    if ends[0] == ends[1]:
        message = f"expected two different numbers, got {node[0]} twice"
        raise BadValue(message)
    return ends[0], ends[1]


Range = Annotated[tuple[float, float], BeforeValidator(located(_range)), WithJsonSchema(RANGE)]
"""Two numbers, from and to; the second may be the smaller one."""


class Years(Strict):
    """Policy years, both included."""

    at_least: Whole = 1
    at_most: Whole = FOR_EVER


class OpenChange(Strict):
    """A change of a scenario without its number: what is changed, and where.

    kind, event, policy_year   as in the changes of a scenario
    """

    kind: Annotated[str, word_of(OPEN)]
    event: Texts = ()
    policy_year: Years | None = None

    def closed(self, numbers: Mapping[str, float]) -> "AnyChange":
        """Give the change with its numbers: `{times: 1.2}`.

        Raises BadInput for a key that the kind does not have.
        """
        from sandbox.scenarios.scenario import CHANGES  # noqa: PLC0415 - it imports the engines

        kind = CHANGES[self.kind]
        self._refuse(kind.model_fields, numbers)
        stated = {"event": self.event, "policy_year": self.policy_year, **numbers}
        known: dict[str, Any] = {
            key: value for key, value in stated.items() if key in kind.model_fields
        }
        known |= {"kind": self.kind, "reference": SAID, "trust": "illustrative"}
        made: AnyChange = kind.model_construct(**known)
        made._at, made._places = self._at, self._places  # noqa: SLF001 - it stands where this does
        return made

    def _refuse(self, fields: Mapping[str, object], numbers: Mapping[str, float]) -> None:
        """Refuse what stands here and means nothing to the kind."""
        for key in ("event", "policy_year", *numbers):
            written = key in self._places or key in numbers
            if written and key not in fields:
                text = f"a change of kind {self.kind} has no '{key}'"
                expected = either(f"'{name}'" for name in OPEN[self.kind])
                raise BadInput.one(self.place(key), key, f"{text}, expected {expected}")
