"""Which dated parameters and tables a product reads, where, and by way of what.

Every value and condition of the definition is bound in the scope in which it is read; what the
binder found is kept. What stands in the files of others (`rating.yaml`) is read by their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from product_factory import promise
from product_factory.assembled import AssembledBasis, AssembledProduct, AssembledVariable, Cover
from product_factory.declared import Typed
from product_factory.errors import BadInput
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.scope import InputLeaf, Layers, Names, Read
from product_factory.expressions.tree import Conditions, Expression, Name
from product_factory.reading import Reading
from product_factory.risk import ModelSpec, Risk, RiskCases, Shares
from product_factory.scopes import STATED, LazyTerms, general_scope, marks_of
from product_factory.types import Type

USED = ("covers", "exclusions", "provisions", "riders")


@dataclass(frozen=True)
class Held:
    """A value or condition to be bound: its path in the product, its scope, the type it has."""

    path: str
    value: Expression | Conditions
    scope: Layers
    wanted: Type | None = None


def readings(product: AssembledProduct) -> tuple[Reading, ...]:
    """List what the definition and the bases read, in order of path.

    A value that cannot be bound, which `checks` tells, is listed with what it read until then.
    """
    found: set[Reading] = set()
    for held in _values(product):
        found |= set(bound_readings(product, held))
    found |= set(_lists(product))
    found |= set(_whole_tables(product))
    return tuple(sorted(found))


def bound_readings(product: AssembledProduct, held: Held) -> Iterator[Reading]:
    """Bind one value and give what it reads."""
    binder = Binder(Builder())
    try:
        if isinstance(held.value, Conditions):
            binder.conditions(held.value, held.scope)
        else:
            binder.value(held.value, held.scope, held.wanted)
    except BadInput:
        pass  # told where the value is checked
    yield from of_reads(product, held.path, binder.reads)


def of_reads(product: AssembledProduct, path: str, reads: Iterable[Read]) -> Iterator[Reading]:
    """Turn the names that a binder read into readings: of parameters and of tables."""
    for read in reads:
        if read.table:
            yield Reading(path, "table", read.name, read.at, read.through)
        elif read.name in product.parameters or read.name in product.absent:
            yield Reading(path, "parameter", read.name, read.at, read.through)


def _values(product: AssembledProduct) -> Iterator[Held]:
    general = general_scope(product)
    yield from _domain(product, general)
    for alias, process in product.processes.items():
        leaves = {name: InputLeaf(name, kind) for name, kind in marks_of(product, alias).items()}
        for name, mark in process.marks.items():
            if mark.computed is not None:
                scope = general_scope(product, Names(leaves))
                yield Held(f"processes.{alias}.marks.{name}.is", mark.computed, scope)
    for kind in USED:
        for cover in getattr(product, kind).values():
            yield from _cover(product, cover, f"{kind}.{cover.alias}", general)
    yield from _pools(product, general)
    for name, entry in product.product.values.items():
        for key, value, wanted in entry.stated:
            yield Held(f"values.{name}.{key}", value, general, wanted)
    for basis in product.bases.values():
        yield from _basis(basis, f"bases.{basis.name}", general)


def _pools(product: AssembledProduct, general: Layers) -> Iterator[Held]:
    for name, pool in product.product.pools.items():
        for line in pool.adjust:
            for value in (line.value, line.above, line.when):
                if value is not None:
                    yield Held(f"pools.{name}.adjust.{line.operation}", value, general)


def _domain(product: AssembledProduct, general: Layers) -> Iterator[Held]:
    for variable in _variables(product):
        for key in ("min", "max", "step"):
            bound = getattr(variable.declared, key)
            if bound is not None:
                path = f"{variable.path}.{key}"
                yield Held(path, bound, general, variable.type.plain)
    for line in product.product.accepts:
        yield Held(f"accepts.{line.name}.require", line.require, general)
        if line.when is not None:
            yield Held(f"accepts.{line.name}.when", line.when, general)


def _basis(basis: AssembledBasis, path: str, general: Layers) -> Iterator[Held]:
    for key in STATED:
        if getattr(basis, key) is not None:
            yield Held(f"{path}.{key}", getattr(basis, key), general)
    for expense in basis.expenses:
        for key in ("amount", "grows", "when"):
            if getattr(expense, key) is not None:
                yield Held(f"{path}.expenses.{expense.name}", getattr(expense, key), general)
    for process, entries in basis.risk.items():
        for key, risk in entries.items():
            for value in risk_values(risk):
                yield Held(f"{path}.risk.{process}.{key}", value, general)
    yield from _experience(basis, f"{path}.experience", general)


def _experience(basis: AssembledBasis, path: str, general: Layers) -> Iterator[Held]:
    for process, entries in basis.experience.items():
        for key, entry in entries.items():
            for name in ("development", "large_losses", "trend"):
                if getattr(entry, name) is not None:
                    where = f"{path}.{process}.{key}.{name}"
                    yield Held(where, getattr(entry, name), general)


def _cover(product: AssembledProduct, cover: Cover, path: str, general: Layers) -> Iterator[Held]:
    terms = Layers((LazyTerms(product, cover), general))
    for term in cover.terms.values():
        kind = term.type.plain
        if term.type.kind in ("event", "list"):
            continue  # words, which read nothing
        yield Held(f"{path}.terms.{term.name}", term.expression, terms, term.type)
        for key in ("min", "max"):
            bound = getattr(term.declared, key)
            if bound is not None:
                yield Held(f"{path}.terms.{term.name}.{key}", bound, terms, kind)
    try:
        scope = promise.scope(product, cover)
    except BadInput:
        return  # told where the promise is checked
    for part in (*promise.parts(cover), *promise.value_parts(cover)):
        yield Held(f"{path}.{part.path}", part.value, scope, part.wanted)


def risk_values(risk: Risk) -> Iterator[Expression | Conditions]:
    """List every value and condition of what a basis says of an event or mark."""
    if isinstance(risk, RiskCases):
        for conditions, inner in risk.lines:
            yield conditions
            yield from risk_values(inner)
        if risk.otherwise is not None:
            yield from risk_values(risk.otherwise)
    elif isinstance(risk, Shares):
        yield from (share for _, share in risk.shares)
    elif isinstance(risk, ModelSpec):
        yield from risk.values()
    else:
        yield risk


def _whole_tables(product: AssembledProduct) -> Iterator[Reading]:
    """A model may read the rows of a table of several columns, which is no value to be bound."""
    for basis in product.bases.values():
        for process, entries in basis.risk.items():
            for key, risk in entries.items():
                path = f"bases.{basis.name}.risk.{process}.{key}"
                for value in risk_values(risk):
                    if isinstance(value, Name) and value.name in product.tables:
                        yield Reading(path, "table", value.name, value.at)


@dataclass(frozen=True)
class _Placed:
    path: str
    declared: Typed
    type: Type


def _variables(product: AssembledProduct) -> Iterator[_Placed]:
    groups: list[tuple[str, Mapping[str, AssembledVariable]]] = [("", product.variables)]
    groups += [(f"items.{item}.", group) for item, group in product.items.items()]
    for before, group in groups:
        for name, entry in group.items():
            path = f"{before}{'offers' if entry.chosen else 'insured'}.{name}"
            yield _Placed(path, entry.declared, entry.type)


def _lists(product: AssembledProduct) -> Iterator[Reading]:
    """`of: cities.city` reads the choices that stand in a table."""
    typed = [(entry.path, entry.declared) for entry in _variables(product)]
    for kind in USED:
        for cover in getattr(product, kind).values():
            typed += [
                (f"{kind}.{cover.alias}.terms.{t.name}", t.declared) for t in cover.terms.values()
            ]
    for path, declared in typed:
        named = declared.of[0] if len(declared.of) == 1 else ""
        table, dot, _ = named.partition(".")
        if dot and table in product.tables:
            yield Reading(f"{path}.of", "table", named, declared.place("of"))
