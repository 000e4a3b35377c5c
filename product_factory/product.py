"""A product: modules composed, what is sold, what happens (`product.yaml`)."""

from pydantic import Field, field_validator, model_validator

from product_factory.declared import Accepts, Variable
from product_factory.errors import BadValue
from product_factory.filing import Filing, type_named
from product_factory.module import LinesOverCovers
from product_factory.strict import (
    Bilingual,
    Currency,
    Day,
    Dotted,
    PlainText,
    RawNode,
    Reference,
    Strict,
    Texts,
    Value,
    Version,
    Whole,
    Word,
    YesNo,
)
from product_factory.values import ValueOf


class Contract(Strict):
    """The frame: how long, how premiums are paid, whether it renews; `offered` leaves a choice.

    mode       how often a premium falls due: year unless told
    pay_while  a state, `process.state`: no premium falls due outside of it
    """

    term: PlainText
    pay: PlainText
    mode: Word | None = None
    pay_while: Dotted | None = None
    renewal: PlainText


MOST_OF_AN_ITEM = 1_000_000
"""As many rows as a policy has at most in a book."""


class Item(Strict):
    """What is covered piece by piece; each has facts and choices of its own.

    many   whether several of it may stand in one policy, such as the members of a group
    least  of `many`: the fewest that a policy may begin with, 1 unless told
    """

    title: Bilingual
    optional: YesNo = False
    many: YesNo = False
    least: Whole | None = None
    insured: dict[Word, Variable] = Field(default_factory=dict)
    offers: dict[Word, Variable] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _least_of_many(self) -> "Item":
        if self.least is not None and not self.many:
            message = "'least' is for an item with 'many: yes'"
            raise BadValue(message)
        return self

    @field_validator("least")
    @classmethod
    def _within(cls, least: int | None) -> int | None:
        if least is not None and not 1 <= least <= MOST_OF_AN_ITEM:
            message = f"expected 1 to {MOST_OF_AN_ITEM:,}, got {least}"
            raise BadValue(message)
        return least

    @property
    def fewest(self) -> int:
        """How many of it a policy has that has any."""
        return self.least or 1


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
    """What several covers share.

    joins  named terms of several covers as one balance, each at its own place in its cover
    set    the value of that balance, where the terms leave it open
    over   covers whose payments pass the lines of `adjust` together, after their own
    """

    title: Bilingual | None = None
    joins: Texts = ()
    set: Value | None = None
    over: Texts = ()
    adjust: LinesOverCovers = ()

    @property
    def covers(self) -> frozenset[str]:
        """The covers that share it."""
        return frozenset(word.partition(".")[0] for word in (*self.joins, *self.over))

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


class Product(Strict):
    """A product file.

    extends, drop, overlays  how it came to be; read before it is laid over its parent
    one_a_date  events in order: of those of one date only the first that is answered counts, since
             they are one diagnosis, or one end. Rates draw one event at a time, and so does a price
    lives    of a contract on two lives, the facts by which rates see the one or the other: the fact
             of that life for each name that a rate reads, `second: {age: second_age}`
    drafted  the day of the first draft, from which the days to the first publication are counted
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
    currency: Currency
    drafted: Day | None = None
    effective: Day
    for_sale: YesNo
    contract: Contract
    insured: dict[Word, Variable]
    lives: dict[Word, dict[Word, Word]] = Field(default_factory=dict)
    offers: dict[Word, Variable] = Field(default_factory=dict)
    items: dict[Word, Item] = Field(default_factory=dict)
    plans: dict[Word, Plan] = Field(default_factory=dict)
    accepts: tuple[Accepts, ...] = ()
    processes: dict[Word, Reference]
    covers: tuple[Use, ...] = Field(min_length=1)
    exclusions: tuple[Use, ...] = ()
    provisions: tuple[Use, ...] = ()
    riders: tuple[Use, ...] = ()
    one_a_date: dict[Word, Texts] = Field(default_factory=dict)
    pools: dict[Word, Pool] = Field(default_factory=dict)
    values: dict[Word, ValueOf] = Field(default_factory=dict)
    filing: Filing = Field(default_factory=Filing.model_construct)

    @property
    def type(self) -> str | None:
        """What is sold: stated by the filer, else what the Chinese name ends with."""
        return self.filing.type or type_named(self.title.zh)
