"""What a wording is written from: named facts of one assembled product, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from product_factory.errors import At

Text: TypeAlias = Mapping[str, str]
"""A printed text by language: ``{"zh": ..., "en": ...}``."""


@dataclass(frozen=True, slots=True)
class ToAge:
    """A term that ends at an age instead of after a number of years (``to 60``)."""

    age: int


@dataclass(frozen=True, slots=True)
class Words:
    """A printed text of the product itself (a title, a reason), by language.

    numbers: the only numbers that the text may contain, since they stand in the definition that
    the text explains (``age + term <= 70`` lets its reason say 70 and nothing else).
    at: where that definition stands, if not where the fact does.
    """

    text: Text
    numbers: tuple[Decimal, ...] = ()
    at: At | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A value that is the name of another quantity, such as ``sum_insured``; printed in words."""

    name: str


@dataclass(frozen=True, slots=True)
class InCase:
    """A value that holds in one case, such as under one plan; printed behind what the case is."""

    case: Text
    value: "Decimal | ToAge | Words | Named | str"
    at: At


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a schedule: from a point of ``by`` on, below the next one (None: without end)."""

    by: str
    start: Decimal
    below: Decimal | None
    value: Decimal


Scalar: TypeAlias = Decimal | ToAge | Words | Named | InCase | Row | str
FactValue: TypeAlias = Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One value that a template may print.

    name: dotted, ``death.waiting``, ``insured.age.min``, ``cn_law.claim_decision_max``.
    type: money, ratio, days, months, years, age, integer, number, text, list, schedule; it
        decides which formats fit.
    value: a Decimal in the type's unit (money in currency units, a ratio as 0.05, times in their
        own unit); a tuple where the customer chooses or several things are listed, or where the
        plan that is chosen decides.
    at: where the value stands. reference: the law of a dated parameter, else empty.
    currency: the code of money that is not in the product's currency, else empty.
    printed: False exempts a fact that price or payout reads from being printed; because says why.
    """

    name: str
    type: str
    value: FactValue
    at: At
    reference: str = ""
    printed: bool = True
    because: str = ""
    currency: str = ""

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The value as a tuple, of length one where it is single."""
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(frozen=True, slots=True)
class UsedModule:
    """A module as the product uses it: its alias, its sections and its definitions.

    optional  the customer may leave it out
    """

    alias: str
    module: str
    title: Text
    clauses: tuple[str, ...]
    defines: tuple[str, ...]
    at: At
    optional: bool = False


@dataclass(frozen=True, slots=True)
class WordingFacts:
    """Everything that decides the wording of one product.

    line: names the frame (``life``, ``property``). modules: covers, then exclusions, then
    provisions, each in the product's order. reads: names of the facts that price or payout reads.
    """

    product: str
    version: str
    title: Text
    line: str
    at: At
    modules: tuple[UsedModule, ...]
    facts: Mapping[str, Fact]
    reads: frozenset[str] = field(default_factory=frozenset)
