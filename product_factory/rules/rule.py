"""A rule, as its file says it."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator
from pydantic_core import PydanticCustomError

from product_factory import shapes
from product_factory.contract import OPERATIONS
from product_factory.errors import BadValue, either, nearest
from product_factory.nodes import Map, Seq, Text
from product_factory.rules.facts import STAGES, Stage
from product_factory.rules.vocabulary import COLUMNS, TEXTS
from product_factory.strict import (
    Bilingual,
    Day,
    Dotted,
    Path,
    PlainText,
    RawNode,
    Strict,
    Texts,
    Value,
    When,
    YesNo,
)

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PHRASE_WORDS = ("found", "missing")


class Applies(Strict):
    """To which products: each key is one word or a list of which one fits; none fits all.

    type     what is sold: term, endowment, medical …; see `filing.TYPES`
    adjusts  operations: a product no cover of which has one of them under `adjust` is not meant
    has      terms: a product without any of them is not meant
    named    phrases: a product whose name holds none of them is not meant
    """

    line: Texts = ()
    type: Texts = ()
    design: Texts = ()
    form: Texts = ()
    sold_to: Texts = ()
    channel: Texts = ()
    jurisdiction: Texts = ()
    renewal: Texts = ()
    route: Texts = ()
    for_sale: Texts = ()
    tax_preferred: Texts = ()
    activation_card: Texts = ()
    adjusts: Texts = ()
    has: Texts = ()
    named: Texts = ()

    @field_validator("adjusts")
    @classmethod
    def _operations(cls, found: tuple[str, ...]) -> tuple[str, ...]:
        for one in found:
            if one not in OPERATIONS:
                message = f"expected {either(OPERATIONS)}, got {one}{nearest(one, OPERATIONS)}"
                raise BadValue(message)
        return found


def _phrases(node: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    """Read a list whose entries are a phrase or a list of phrases of which any will do."""
    if isinstance(node, Text | Map):
        return (_alternatives(node),)
    return tuple(map(_alternatives, node)) if isinstance(node, Seq) else node


def _alternatives(entry: object) -> tuple[str, ...]:
    if isinstance(entry, Text) and entry:
        return (str(entry),)
    if isinstance(entry, Seq) and entry and all(isinstance(part, Text) and part for part in entry):
        return tuple(str(part) for part in entry)
    text = "expected a list of phrases, an entry being one phrase or a list of which any will do"
    raise PydanticCustomError("value", "{text}", {"text": text})


Phrases = Annotated[
    tuple[tuple[str, ...], ...],
    BeforeValidator(_phrases),
    WithJsonSchema({"anyOf": [shapes.TEXT, {"type": "array", "items": shapes.TEXTS}]}),
]


class Examples(Strict):
    """Facts that pass a rule and facts that fail it, each `name: value`; see `examples.py`.

    on      the day for which they are judged; the rule's first day when not written
    en, zh  what the finding says of the facts that fail, whole
    """

    on: Day | None = None
    passes: RawNode
    fails: RawNode
    en: PlainText
    zh: PlainText


class Rule(Strict):
    """A rule file.

    law        the short names of what it follows (L08, INS 17), apart by commas
    reference  document and article
    since      the day from which it is in force; before it no product is judged by it
    facts      the last stage whose facts it reads
    for_each   what is judged one by one; none is the product as a whole
    where      which of them are meant; a product of which none is meant is not judged
    check      what must be true
    within     the text in which phrases are looked for
    if_stands  the rule is about texts in which one of these phrases stands, only
    requires   phrases that must stand there; forbids: phrases that must not
    only       every entry of the text must be one of these
    in_order   of these phrases, those that stand must stand in this order
    verify     the source is weak or remembered: the rule warns and is to be confirmed
    says       what a finding says; {name} is the value of a fact, {found} or {missing} phrases

    In a phrase `…` stands for any words of the same sentence, and {parameter} for its value as a
    wording prints it.
    """

    rule: Path
    law: PlainText
    reference: PlainText
    since: Day = Field(alias="from")
    title: Bilingual
    applies: Applies = Field(default_factory=Applies.model_construct)
    facts: Literal["definition", "rates", "wording", "figures"]
    for_each: Texts = ()
    where: When | None = None
    check: Value | None = None
    within: Dotted | None = None
    if_stands: Phrases = ()
    requires: Phrases = ()
    forbids: Phrases = ()
    only: Texts = ()
    in_order: Phrases = ()
    severity: Literal["error", "warning"]
    verify: YesNo = False
    says: Bilingual
    examples: Examples | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Rule":
        phrases = bool(
            self.if_stands or self.requires or self.forbids or self.only or self.in_order
        )
        if self.check is None and not phrases:
            message = "expected one of the keys check, requires, forbids, only or in_order"
            raise BadValue(message)
        if phrases != (self.within is not None):
            message = "'within' goes with 'if_stands', 'requires', 'forbids', 'only' or 'in_order'"
            raise BadValue(message)
        if phrases and self.for_each:
            message = "phrases are looked for once, not for each of something"
            raise BadValue(message)
        if self.within is not None and self.within not in TEXTS:
            message = f"unknown text '{self.within}'{nearest(self.within, TEXTS)}"
            raise BadValue(message)
        if self.for_each not in COLUMNS:
            known = either(f"[{', '.join(grain)}]" for grain in COLUMNS if grain)
            message = f"expected 'for_each' to be {known}"
            raise BadValue(message)
        if self.verify and self.severity != "warning":
            message = "a rule to verify is a warning, since its source is weak"
            raise BadValue(message)
        return self

    @property
    def laws(self) -> tuple[str, ...]:
        """The short names of what it follows, one by one."""
        return tuple(part.strip() for part in self.law.split(","))

    @property
    def phrase_parameters(self) -> tuple[str, ...]:
        """The parameters whose values stand in phrases, each once."""
        entries = (*self.if_stands, *self.requires, *self.forbids, *self.in_order)
        found = PLACEHOLDER.findall(" ".join(phrase for entry in entries for phrase in entry))
        return tuple(dict.fromkeys(found))

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names in braces of `says`, each once."""
        found = PLACEHOLDER.findall(f"{self.says.zh} {self.says.en}")
        return tuple(dict.fromkeys(found))

    @property
    def read_stages(self) -> frozenset[Stage]:
        """The stages whose facts may be read: the definition and the one that is named."""
        return frozenset({STAGES[0], self.facts})
