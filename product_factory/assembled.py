"""The assembled product: frozen, hashed, and every value knows where it came from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, cast

from product_factory.basis import Expense, Grid, LeavesOut
from product_factory.compose.lineage import Composed
from product_factory.declared import Term, Variable
from product_factory.effective.entry import Effective
from product_factory.errors import At
from product_factory.experience import Experience
from product_factory.expressions.tree import Expression
from product_factory.module import Module
from product_factory.parameters import DatedValue
from product_factory.process import Process
from product_factory.product import Product
from product_factory.reading import Reading
from product_factory.risk import Risk
from product_factory.shelf import Shelf
from product_factory.strict import Bilingual
from product_factory.tables import Table
from product_factory.types import Type

T = TypeVar("T")
RATED = ("decrement", "incidence", "transitions", "lives")
"""Kinds of process whose events a basis values by a yearly rate."""
How = Literal["set", "default", "computed", "offered", "pooled", "planned"]


@dataclass(frozen=True)
class PlanValue:
    """The value that a term has under one plan."""

    plan: str
    expression: Expression
    text: str
    at: At


@dataclass(frozen=True)
class Amended:
    """What a rider did to a term: `adds 30 days`, and why."""

    rider: str
    text: str
    because: str
    at: At


@dataclass(frozen=True)
class TermValue:
    """A term of a cover with its value.

    type        with the choices of a table column resolved
    expression  the value, to be read in the scope of its cover
    text        the value as it is written
    how         set by the product, default of the module, computed, offered to the customer,
                pooled, or by plan
    at          where the value stands
    plans       what it is under each plan, where plans set it
    amended     what riders did to it, in order
    """

    cover: str
    name: str
    declared: Term
    type: Type
    expression: Expression
    text: str
    how: How
    at: At
    plans: tuple[PlanValue, ...] = ()
    amended: tuple[Amended, ...] = ()

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

    curve  what the interest of a policy year is: forward (also None), spot or from_issue
    inflation  of what events of a year cost, by policy year from the second on
    risk   process alias → event or mark → what is assumed
    experience  process alias → event or mark → what brings it to the period priced
    """

    name: str
    interest: Expression | None
    curve: str | None
    grid: Grid
    loading: Expression | None
    expenses: tuple[Expense, ...]
    risk: Mapping[str, Mapping[str, Risk]]
    leaves_out: tuple[LeavesOut, ...]
    at: At
    inherits: str | None = None
    inflation: Expression | None = None
    experience: Mapping[str, Mapping[str, Experience]] = field(default_factory=dict)

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

    name        its folder's name, with the overlays that were asked for: `term_life+internet`
    on          the day for which dated parameters were taken
    variables   of the policy by name; items: of each item by item and name
    processes   alias → process
    parameters  full name → value on that day
    tables      name → table (the product's own before the shelf's); built → built tables
    files       file stem → content of the files whose kinds others declare (rating, gates, …)
    absent      full name → why a parameter has no value on that day
    readers     list what a product reads;  resolver: resolves its values; each when first asked
    composed    its parents, the overlays in force, and what they changed
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
    bases: Mapping[str, AssembledBasis]
    files: Mapping[str, Any]
    sources: tuple[SourceFile, ...]
    absent: Mapping[str, str]
    readers: tuple["Reader", ...] = field(repr=False, compare=False)
    resolver: "Callable[[AssembledProduct], Effective]" = field(repr=False, compare=False)
    composed: Composed
    riders: Mapping[str, Cover] = field(default_factory=dict)
    _derived: dict[str, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def folder(self) -> Path:
        """The product's own folder."""
        return self.composed.folder

    def derive(self, name: str, make: Callable[[], T]) -> T:
        """Give what follows from the product under a name, made on the first asking.

        A product that is made from this one by `replace` derives its own.
        """
        if name not in self._derived:
            self._derived[name] = make()
        return cast("T", self._derived[name])

    @property
    def uses(self) -> Mapping[str, Cover]:
        """Everything in use: covers, exclusions, provisions and riders by alias."""
        return {**self.covers, **self.exclusions, **self.provisions, **self.riders}

    @cached_property
    def reads(self) -> tuple[Reading, ...]:
        """Every read of a dated parameter or a table, with its place."""
        return tuple(sorted({reading for read in self.readers for reading in read(self)}))

    @cached_property
    def effective(self) -> Effective:
        """What the product amounts to, value by value."""
        return self.resolver(self)

    @property
    def digest(self) -> str:
        """The product's hash: the digest of every value."""
        return self.effective.digest

    @property
    def inputs(self) -> str:
        """The digest of everything that a price depends on, value by value."""
        return self.effective.inputs

    @property
    def tables_read(self) -> frozenset[str]:
        """The names of the tables that anything in the product reads."""
        return frozenset(r.name.partition(".")[0] for r in self.reads if r.what == "table")

    @property
    def title(self) -> Bilingual:
        """The printed name."""
        return self.product.title

    @property
    def long_term(self) -> bool:
        """Whether the contract lasts longer than a year: its events happen to a life, at rates."""
        return any(process.kind in RATED for process in self.processes.values())


Reader: TypeAlias = Callable[[AssembledProduct], Iterable[Reading]]
