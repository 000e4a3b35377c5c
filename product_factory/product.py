"""A product: modules composed, what is sold, what happens (`product.yaml`)."""

from typing import Literal

from pydantic import Field

from product_factory.declared import Variable
from product_factory.filing import Filing, type_named
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
    """Named terms of several covers joined into one balance, each at its own place in its cover."""

    title: Bilingual | None = None
    joins: Texts = Field(min_length=1)
    set: Value | None = None


class ValueOf(Strict):
    """A value of the contract, such as the cash value: how it is computed and on which basis."""

    kind: Word
    basis: Word
    share: Value


class Product(Strict):
    """A product file."""

    product: Word
    version: Version
    title: Bilingual
    line: Word
    design: Word | None = None
    sold_to: Word
    channel: Word
    jurisdiction: Word
    currency: Word
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
    filing: Filing = Field(default_factory=Filing.model_construct)

    @property
    def type(self) -> str | None:
        """What is sold: stated by the filer, else what the Chinese name ends with."""
        return self.filing.type or type_named(self.title.zh)
