"""A product: modules composed, what is sold, what happens (`product.yaml`)."""

from typing import Literal

from pydantic import Field, model_validator

from product_factory.declared import Variable
from product_factory.errors import BadValue
from product_factory.module import AdjustLines
from product_factory.strict import (
    Bilingual,
    Day,
    PlainText,
    RawNode,
    Reference,
    Strict,
    Texts,
    Value,
    Version,
    When,
    Word,
    YesNo,
)


class Contract(Strict):
    """The frame: how long, how premiums are paid, whether it renews; `offered` leaves a choice."""

    term: PlainText
    pay: PlainText
    renewal: PlainText


class Item(Strict):
    """What is covered piece by piece; each has facts and choices of its own."""

    title: Bilingual
    optional: YesNo = False
    insured: dict[Word, Variable] = Field(default_factory=dict)
    offers: dict[Word, Variable] = Field(default_factory=dict)


class Accepts(Strict):
    """One line of the domain: outside of it nothing is built, quoted, simulated or worded."""

    name: Word
    each: Literal["item"] | None = None
    when: When | None = None
    require: Value
    says: Bilingual


class Use(Strict):
    """A module put to use: by version, under a name of its own, with values for its terms."""

    use: Reference
    alias: Word = Field(alias="as")
    title: Bilingual | None = None
    items: Texts = ()
    set: dict[Word, RawNode] = Field(default_factory=dict)


class Pool(Strict):
    """What several covers share.

    joins  named terms of several covers as one balance, each at its own place in its cover
    set    the value of that balance, where the terms leave it open
    over   covers whose payments pass the lines of `adjust` together, after their own
    """

    title: Bilingual | None = None
    joins: Texts = ()
    set: Value | None = None
    over: Texts = ()
    adjust: AdjustLines = ()

    @model_validator(mode="after")
    def _one_of_two(self) -> "Pool":
        if bool(self.joins) == bool(self.over):
            message = "expected one of the keys 'joins' and 'over'"
            raise BadValue(message)
        if bool(self.over) != bool(self.adjust):
            message = "a pool 'over' covers has lines under 'adjust', one that 'joins' has none"
            raise BadValue(message)
        if self.over and self.set is not None:
            message = "'set' is for a pool that 'joins' terms; write the value under 'adjust'"
            raise BadValue(message)
        return self


class ValueOf(Strict):
    """A value of the contract, such as the cash value: how it is computed and on which basis."""

    kind: Word
    basis: Word
    share: Value


class Product(Strict):
    """A product file.

    drafted  the day of the first draft, from which the days to the first publication are counted
    """

    product: Word
    version: Version
    title: Bilingual
    line: Word
    design: Word | None = None
    sold_to: Word
    channel: Word
    jurisdiction: Word
    currency: Word
    drafted: Day | None = None
    effective: Day
    for_sale: YesNo
    contract: Contract
    insured: dict[Word, Variable]
    offers: dict[Word, Variable] = Field(default_factory=dict)
    items: dict[Word, Item] = Field(default_factory=dict)
    accepts: tuple[Accepts, ...] = ()
    processes: dict[Word, Reference]
    covers: tuple[Use, ...] = Field(min_length=1)
    exclusions: tuple[Use, ...] = ()
    provisions: tuple[Use, ...] = ()
    pools: dict[Word, Pool] = Field(default_factory=dict)
    values: dict[Word, ValueOf] = Field(default_factory=dict)
