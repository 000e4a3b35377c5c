"""A product: modules composed, what is sold, what happens (`product.yaml`)."""

from pydantic import Field

from product_factory.declared import Accepts, Variable
from product_factory.strict import (
    Bilingual,
    Day,
    Dotted,
    PlainText,
    RawNode,
    Reference,
    Strict,
    Texts,
    Value,
    Version,
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


class Use(Strict):
    """A module put to use: by version, under a name of its own, with values for its terms.

    optional  the customer chooses it, by a choice that has its name
    drop      clauses and definitions of the module that this product does without
    amends    the covers that a rider amends: all that are of the module, unless told
    after     the rider that must have amended before this one
    """

    use: Reference
    alias: Word = Field(alias="as")
    title: Bilingual | None = None
    items: Texts = ()
    optional: YesNo = False
    set: dict[Word, RawNode] = Field(default_factory=dict)
    drop: Texts = ()
    amends: Texts = ()
    after: Word | None = None


class Plan(Strict):
    """A plan: the terms that it sets, as cover.term or pool, and what may be chosen with it."""

    title: Bilingual
    set: dict[Dotted, RawNode] = Field(default_factory=dict)
    offers: dict[Word, RawNode] = Field(default_factory=dict)


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
    """A product file.

    extends, drop, overlays  how it came to be; read before it is laid over its parent
    """

    extends: Reference | None = None
    drop: Texts = ()
    overlays: Texts = ()
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
    plans: dict[Word, Plan] = Field(default_factory=dict)
    accepts: tuple[Accepts, ...] = ()
    processes: dict[Word, Reference]
    covers: tuple[Use, ...] = Field(min_length=1)
    exclusions: tuple[Use, ...] = ()
    provisions: tuple[Use, ...] = ()
    riders: tuple[Use, ...] = ()
    pools: dict[Word, Pool] = Field(default_factory=dict)
    values: dict[Word, ValueOf] = Field(default_factory=dict)
