"""What a file declares by name: terms of a module, variables of a risk, marks of an event."""

from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from product_factory import currency
from product_factory.errors import BadValue
from product_factory.strict import (
    Bilingual,
    KindOfType,
    PlainText,
    Setting,
    Strict,
    Texts,
    Value,
    When,
    Word,
    YesNo,
)
from product_factory.table_text import formula
from product_factory.types import NUMERIC, Type


class Typed(Strict):
    """`{type, of, unit}`: what a name holds. `of` lists choices or names a table column."""

    MAY_CHOOSE: ClassVar[frozenset[str]] = NUMERIC | {"choice", "event", "list"}

    type: KindOfType
    of: Texts = ()
    unit: PlainText = ""

    @cached_property
    def declared(self) -> Type:
        """The type, `of` taken as literal choices (assembly resolves one that names a table)."""
        if self.type != "money":
            return Type(self.type, self.of, self.unit)
        amounts = tuple(currency.split(one)[0] for one in self.of)
        return Type(self.type, amounts, currency.shared(self.of) or self.unit)

    @model_validator(mode="after")
    def _choices(self) -> "Typed":
        if self.of and self.type not in self.MAY_CHOOSE:
            message = f"type {self.type} has no list 'of'; leave it out"
            raise BadValue(message)
        if self.type == "money":
            stated = currency.shared(self.of)
            if stated and self.unit and self.unit != stated:
                message = f"expected amounts in {self.unit}, got amounts in {stated}"
                raise BadValue(message)
        risky = next((one for one in self.of if formula(one)), None)
        if risky is not None and self.type not in NUMERIC:
            message = f"expected a word to choose, got {risky}, which a spreadsheet would run"
            raise BadValue(message)
        twice = next((one for place, one in enumerate(self.of) if one in self.of[:place]), None)
        if twice is not None:
            message = f"expected each choice once, got {twice} twice"
            raise BadValue(message)
        if self.type == "choice" and not self.of:
            message = "a choice needs a list 'of' to choose from"
            raise BadValue(message)
        return self


class Term(Typed):
    """A term of a module: the only thing that a product may set.

    `is` computes it; `default` may be overridden by `set`; neither means that it is open and that
    a product must set it. `by`: what a schedule goes by. `printed: no` needs `because`.
    """

    title: Bilingual | None = None
    default: Setting | None = None
    computed: Value | None = Field(default=None, alias="is")
    min: Value | None = None
    max: Value | None = None
    by: PlainText = ""
    printed: YesNo = True
    because: PlainText = ""


class Variable(Typed):
    """What the insured is, or what may be chosen. `sets` names the terms that the choice fills."""

    title: Bilingual | None = None
    min: Value | None = None
    max: Value | None = None
    step: Value | None = None
    sets: Texts = ()


class Accepts(Strict):
    """One line of the domain: outside of it nothing is built, quoted, simulated or worded.

    A module's lines are read among its own terms; what they can tell at assembly is told there.
    """

    name: Word
    each: Literal["item"] | None = None
    when: When | None = None
    require: Value
    says: Bilingual


class Mark(Typed):
    """What is known of an event. `each: item` has one value for each item; `is` computes it."""

    each: Literal["item"] | None = None
    computed: Value | None = Field(default=None, alias="is")

    @property
    def choices(self) -> tuple[str, ...]:
        """What the mark may be, where that can be listed; a choice stands as its place here."""
        return ("no", "yes") if self.type == "yes_no" else self.of
