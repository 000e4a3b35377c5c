"""The names that a value may read in an assembled product, in the order of looking them up.

Terms of the module; marks; choices and facts of the policy or item; the closed list; tables;
bases; dated parameters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from product_factory.assembled import AssembledProduct, AssembledVariable, Cover
from product_factory.contract import CLOSED_LIST
from product_factory.expressions.operations import ITEM, POLICY
from product_factory.expressions.scope import (
    AbsentLeaf,
    ConstantLeaf,
    Home,
    InlineLeaf,
    InputLeaf,
    Layers,
    Leaf,
    Names,
    ScheduleLeaf,
    Scope,
    TableLeaf,
)
from product_factory.parameters import DatedValue
from product_factory.tables import Table
from product_factory.types import Type, read_number

TIME_IN_STATE, EXACT_AGE = "time_in_state", "exact_age"
STATED = ("interest", "loading", "inflation")
"""What a value may read of a basis."""


def variables_layer(product: AssembledProduct) -> dict[str, Leaf]:
    """Give the facts and choices of the policy and of its items, and `item` itself."""
    leaves: dict[str, Leaf] = {
        name: InputLeaf(name, variable.type) for name, variable in product.variables.items()
    }
    if product.items:
        leaves["item"] = InputLeaf("item", Type("choice", tuple(product.items)), ITEM)
    for name, variable in item_variables(product).items():
        leaves[name] = InputLeaf(name, variable.type, ITEM)
    for name in ("term", "pay"):
        fixed = getattr(product.product.contract, name)
        if fixed not in ("offered", "life") and name not in leaves:
            leaves[name] = ConstantLeaf(read_number(fixed, "years"), Type("years"))
    return leaves


def item_variables(product: AssembledProduct) -> dict[str, AssembledVariable]:
    """Give the variables of items by name; items that share a name share its type."""
    found: dict[str, AssembledVariable] = {}
    for variables in product.items.values():
        found |= {name: variable for name, variable in variables.items() if name not in found}
    return found


def closed_layer() -> dict[str, Leaf]:
    """Give the closed list: what a contract knows at the time of an event."""
    return {name: InputLeaf(name, Type(kind), POLICY) for name, kind in CLOSED_LIST.items()}


@dataclass(frozen=True)
class TablesLayer:
    """`name` of a table with one value column, or `name.column`."""

    tables: Mapping[str, Table]

    def find(self, name: str) -> Leaf | None:
        """Give the table or column, or None."""
        table_name, _, column = name.partition(".")
        table = self.tables.get(table_name)
        if table is None:
            return None
        if column:
            return TableLeaf(table, column) if column in table.columns else None
        return TableLeaf(table, table.columns[0]) if len(table.columns) == 1 else None

    def names(self) -> Iterable[str]:
        """List tables and columns."""
        plain = list(self.tables)
        return plain + [f"{n}.{c}" for n, t in self.tables.items() for c in t.columns]


@dataclass(frozen=True)
class BasesLayer:
    """`basis.interest`, `basis.loading` and `basis.inflation`."""

    product: AssembledProduct

    def find(self, name: str) -> Leaf | None:
        """Give the value that a basis states, or None."""
        basis_name, _, key = name.partition(".")
        basis = self.product.bases.get(basis_name)
        if basis is None or key not in STATED:
            return None
        expression = getattr(basis, key)
        if expression is None:
            return None
        return InlineLeaf(expression, general_scope(self.product), Type("ratio"))

    def names(self) -> Iterable[str]:
        """List what the bases state."""
        return [f"{name}.{key}" for name in self.product.bases for key in STATED]


def parameter_leaf(entry: DatedValue) -> Leaf:
    """Give the leaf of a dated parameter."""
    if isinstance(entry.value, tuple):
        starts, values = zip(*entry.value, strict=True)
        return ScheduleLeaf(tuple(starts), tuple(values), entry.by, Type("ratio"))
    return ConstantLeaf(entry.value, entry.type)


def parameters_layer(product: AssembledProduct) -> dict[str, Leaf]:
    """Give the dated parameters by full name."""
    leaves = {name: parameter_leaf(entry) for name, entry in product.parameters.items()}
    return leaves | {name: AbsentLeaf(says) for name, says in product.absent.items()}


@dataclass(frozen=True)
class LazyTerms:
    """The terms of a cover, made when asked for, so that terms may read one another."""

    product: AssembledProduct
    cover: Cover

    def find(self, name: str) -> Leaf | None:
        """Give a term, or None."""
        term = self.cover.terms.get(name)
        if term is None or _same_name(term.expression, name):
            return None
        scope = Layers((self, general_scope(self.product)))
        return InlineLeaf(term.expression, scope, term.type)

    def names(self) -> Iterable[str]:
        """List the terms."""
        return self.cover.terms.keys()


@dataclass(frozen=True)
class CoverTerms:
    """`cover.term`: the terms of every module in use, for what stands outside of them."""

    product: AssembledProduct

    def find(self, name: str) -> Leaf | None:
        """Give the term, or None."""
        alias, _, term = name.partition(".")
        cover = self.product.uses.get(alias)
        return LazyTerms(self.product, cover).find(term) if cover and term else None

    def names(self) -> Iterable[str]:
        """List the terms."""
        return [f"{a}.{term}" for a, cover in self.product.uses.items() for term in cover.terms]


def _same_name(expression: object, name: str) -> bool:
    """Tell a term that is filled by a choice of its own name (`deductible: deductible`)."""
    return getattr(expression, "name", None) == name


def general_scope(product: AssembledProduct, *above: Scope) -> Layers:
    """Give the scope of a value outside of a cover: all of the above but terms and marks."""
    general = product.derive("general_scope", lambda: _general(product))
    return Layers((*above, *general.layers)) if above else general


def _general(product: AssembledProduct) -> Layers:
    return Layers(
        (
            Names(variables_layer(product)),
            Names(closed_layer()),
            TablesLayer(product.tables),
            BasesLayer(product),
            Names(parameters_layer(product)),
            Home(product.product.currency),
        )
    )


def rate_scope(product: AssembledProduct, process: str) -> Layers:
    """Give the scope of a rate of a life: the states that it is in, and how long in that of this.

    The name of a process of transitions is the state; `time_in_state` counts to the step's start,
    and so does `exact_age`, a number.
    """
    moving = {n: p.states for n, p in product.processes.items() if p.states}
    leaves: dict[str, Leaf] = {
        name: InputLeaf(name, Type("choice", tuple(states))) for name, states in moving.items()
    }
    if process in moving:
        leaves[TIME_IN_STATE] = InputLeaf(TIME_IN_STATE, Type("years"))
    leaves[EXACT_AGE] = InputLeaf(EXACT_AGE, Type("number"))
    return general_scope(product, Names(leaves))


def life_scope(product: AssembledProduct, process: str, life: str) -> Layers:
    """Give the scope of a rate of one of two lives: that of a rate, with the facts of that life.

    A fact that the product does not state of a life other than the first is none that its rate may
    read, since it is another's.
    """
    facts = product.product.lives.get(life, {})
    first, *_ = product.processes[process].lives
    leaves: dict[str, Leaf] = {
        name: InputLeaf(name, product.variables[fact].type) for name, fact in facts.items()
    }
    if life != first:
        own = frozenset(facts.values())
        for name in product.product.insured:
            if name not in facts and name not in own:
                says = f"'{name}' is no fact of '{life}'; write lives: {{{life}: {{{name}: …}}}}"
                leaves[name] = AbsentLeaf(says)
    return Layers((Names(leaves), *rate_scope(product, process).layers))


def cover_scope(product: AssembledProduct, cover: Cover, marks: Mapping[str, Type]) -> Layers:
    """Give the scope of a promise: its terms, then the marks of the event, then the rest."""
    mark_leaves: dict[str, Leaf] = {name: InputLeaf(name, kind) for name, kind in marks.items()}
    return general_scope(product, LazyTerms(product, cover), Names(mark_leaves))


def marks_of(product: AssembledProduct, process: str) -> dict[str, Type]:
    """Give the marks of a process with their types."""
    return {name: mark.declared for name, mark in product.processes[process].marks.items()}
