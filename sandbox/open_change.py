"""A change of a scenario whose number is left open: a search or a draw puts one in after another.

Imports no engine, since the files of a product are read with it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema, model_validator

from product_factory import shapes
from product_factory.canonical import canonical
from product_factory.errors import BadInput, BadValue, either
from product_factory.expressions.values import read_conditions
from product_factory.nodes import Map, Node, Seq, Text, said
from product_factory.shapes import Schema
from product_factory.strict import Share, Strict, Texts, Whole, located, word_of
from product_factory.types import read_number
from rating.scoped import FOR_EVER, Segment

if TYPE_CHECKING:
    from sandbox.scenarios.scenario import AnyChange

Trust = Literal["read", "weak", "derived", "memory", "illustrative"]
NUMBERS = ("times", "add", "at_least")
"""The keys of a change that hold how far it goes."""
OPEN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "expense": ("times",),
        "frequency": ("times",),
        "inflation": ("add",),
        "interest": ("add",),
        "premium": ("times",),
        "rate": ("times", "add", "at_least"),
        "severity": ("times",),
        "volume": ("times",),
    }
)
"""The kinds of changes that have a size, each with the keys that say it."""
MOST_PART = 10.0
"""A change is never more than so many times as large as it is written."""
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


class Ramp(Strict):
    """The part of a change in force: from `starts` linearly to `reaches`, and so it stays.

    over  so many policy years, the first with `starts` and the last with `reaches`
    """

    starts: Share = 0.0
    reaches: Share = 1.0
    over: Whole

    @model_validator(mode="after")
    def _rises(self) -> "Ramp":
        for key in ("starts", "reaches"):
            if not 0.0 <= getattr(self, key) <= MOST_PART:
                got = f"{getattr(self, key) * 100:g}%"
                message = f"{key}: expected 0% to {MOST_PART * 100:,.0f}% of the change, got {got}"
                raise BadValue(message)
        if not 2 <= self.over <= FOR_EVER:  # noqa: PLR2004 - a first and a last year
            message = f"over: expected 2 to {FOR_EVER:,} policy years, got {self.over}"
            raise BadValue(message)
        return self


def _segment(node: Node) -> Segment:
    if isinstance(node, Map | Seq) and not len(node):
        raise BadValue("expected at least one condition; everybody is meant without the key")
    return Segment(canonical(node), read_conditions(node))


SegmentOf = Annotated[
    Segment,
    BeforeValidator(located(_segment)),
    PlainSerializer(lambda segment: segment.text, return_type=str),
    WithJsonSchema(shapes.WHEN),
]
"""Conditions on facts and choices of a policy; a change is told by what they say."""
PLACES = ("event", "cover", "where", "policy_year", "ramp")
"""The keys of a change that say where and when it acts."""


class OpenChange(Strict):
    """A change of a scenario without its number: what is changed, where and when.

    kind, event, cover, where, policy_year, ramp   as in the changes of a scenario
    """

    kind: Annotated[str, word_of(OPEN)]
    event: Texts = ()
    cover: Texts = ()
    where: SegmentOf | None = None
    policy_year: Years | None = None
    ramp: Ramp | None = None

    def closed(self, numbers: Mapping[str, float]) -> "AnyChange":
        """Give the change with its numbers: `{times: 1.2}`.

        Raises BadInput for a key that the kind does not have.
        """
        from sandbox.scenarios.scenario import CHANGES  # noqa: PLC0415 - it imports the engines

        kind = CHANGES[self.kind]
        self._refuse(kind.model_fields, numbers)
        stated = {key: getattr(self, key) for key in PLACES} | dict(numbers)
        known: dict[str, Any] = {
            key: value for key, value in stated.items() if key in kind.model_fields
        }
        known |= {"kind": self.kind, "reference": SAID, "trust": "illustrative"}
        made: AnyChange = kind.model_construct(**known)
        made._at, made._places = self._at, self._places  # noqa: SLF001 - it stands where this does
        return made

    def _refuse(self, fields: Mapping[str, object], numbers: Mapping[str, float]) -> None:
        """Refuse what stands here and means nothing to the kind."""
        for key in (*PLACES, *numbers):
            written = key in self._places or key in numbers
            if written and key not in fields:
                text = f"a change of kind {self.kind} has no '{key}'"
                expected = either(f"'{name}'" for name in OPEN[self.kind])
                raise BadInput.one(self.place(key), key, f"{text}, expected {expected}")
