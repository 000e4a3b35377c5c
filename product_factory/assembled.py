"""The assembled product: frozen, hashed, and every value knows where it came from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeVar, cast

from product_factory.basis import Expense, Grid, LeavesOut
from product_factory.declared import Term, Variable
from product_factory.errors import At
from product_factory.expressions.tree import Expression
from product_factory.module import Module
from product_factory.parameters import DatedValue
from product_factory.process import Process
from product_factory.product import Product
from product_factory.risk import Risk
from product_factory.shelf import Shelf
from product_factory.strict import Bilingual
from product_factory.tables import Table
from product_factory.types import Type

T = TypeVar("T")
How = Literal["set", "default", "computed", "offered", "pooled"]


@dataclass(frozen=True)
class TermValue:
    """A term of a cover with its value.

    type        with the choices of a table column resolved
    expression  the value, to be read in the scope of its cover
    text        the value as it is written
    how         set by the product, default of the module, computed, offered to the customer, pooled
    at          where the value stands
    """

    cover: str
    name: str
    declared: Term
    type: Type
    expression: Expression
    text: str
    how: How
    at: At

    @property
    def full_name(self) -> str:
        """`cover.term`."""
        return f"{self.cover}.{self.name}"


@dataclass(frozen=True)
class Cover:
    """A module in use: a cover, an exclusion or a provision, with its terms."""

    alias: str
    module: Module
    title: Bilingual
    items: tuple[str, ...]
    terms: Mapping[str, TermValue]
    at: At


@dataclass(frozen=True)
class AssembledVariable:
    """A fact or a choice of the policy (item '') or of an item, its type resolved."""

    name: str
    item: str
    chosen: bool
    declared: Variable
    type: Type


@dataclass(frozen=True)
class AssembledBasis:
    """A basis with everything that it inherits.

    risk  process alias → event or mark → what is assumed
    """

    name: str
    interest: Expression | None
    grid: Grid
    loading: Expression | None
    expenses: tuple[Expense, ...]
    risk: Mapping[str, Mapping[str, Risk]]
    leaves_out: tuple[LeavesOut, ...]
    at: At
    inherits: str | None = None

    def without(self, line: str) -> bool:
        """Tell whether this basis leaves out a term, named `cover.key`."""
        return any(entry.line == line for entry in self.leaves_out)


@dataclass(frozen=True)
class SourceFile:
    """A file that the product was made from, with the digest of what it says, not of its layout."""

    file: str
    digest: str


@dataclass(frozen=True)
class AssembledProduct:
    """One product, whole.

    on          the day for which dated parameters were taken
    variables   of the policy by name; items: of each item by item and name
    processes   alias → process
    parameters  full name → value on that day
    tables      name → table (the product's own before the shelf's); built → built tables
    tables_read the names of the tables that the product's files name
    files       file stem → content of the files whose kinds others declare (rating, gates, …)
    inputs      digest of everything that a price depends on
    digest      digest of the whole
    later       full name → first date of the parameters that have no value on that day
    """

    name: str
    product: Product
    on: date
    shelf: Shelf
    variables: Mapping[str, AssembledVariable]
    items: Mapping[str, Mapping[str, AssembledVariable]]
    covers: Mapping[str, Cover]
    exclusions: Mapping[str, Cover]
    provisions: Mapping[str, Cover]
    processes: Mapping[str, Process]
    parameters: Mapping[str, DatedValue]
    tables: Mapping[str, Table]
    built: Mapping[str, Table]
    tables_read: frozenset[str]
    bases: Mapping[str, AssembledBasis]
    files: Mapping[str, Any]
    sources: tuple[SourceFile, ...]
    inputs: str
    digest: str
    later: Mapping[str, date] = field(default_factory=dict)
    _derived: dict[str, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    def derive(self, name: str, make: Callable[[], T]) -> T:
        """Give what follows from the product under a name, made on the first asking.

        A product that is made from this one by `replace` derives its own.
        """
        if name not in self._derived:
            self._derived[name] = make()
        return cast("T", self._derived[name])

    @property
    def uses(self) -> Mapping[str, Cover]:
        """Everything in use: covers, exclusions and provisions by alias."""
        return {**self.covers, **self.exclusions, **self.provisions}

    @property
    def title(self) -> Bilingual:
        """The printed name."""
        return self.product.title

    @property
    def long_term(self) -> bool:
        """Whether the contract lasts longer than a year: its events are decrements of a life."""
        return any(process.kind == "decrement" for process in self.processes.values())
