"""An assembled product → every value that counts, by path."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from product_factory.assembled import (
    AssembledBasis,
    AssembledProduct,
    AssembledVariable,
    Cover,
    TermValue,
)
from product_factory.effective.entry import BUILT, ORDER, Effective, Entry, Kind
from product_factory.effective.kinds import foremost, kind_of
from product_factory.effective.text import resolved, text
from product_factory.effective.walk import Value, fields, listed, walk
from product_factory.errors import At
from product_factory.expressions.scope import Layers, Scope
from product_factory.reading import Reading
from product_factory.scopes import STATED, LazyTerms, general_scope
from product_factory.tables import Table
from product_factory.types import Type

HERE = ("covers", "exclusions", "provisions", "riders", "processes", "insured", "offers", "items")
PARTS = (*HERE, "values", "plans", "extends", "drop", "overlays")
"""What is told value by value, or counts by what it leads to: how a product came to be does not."""


def effective(product: AssembledProduct) -> Effective:
    """Resolve every value of a product."""
    values = [*_definition(product), *_bases(product)]
    for stem, content in product.files.items():
        values += walk(content, stem, _start(product, stem, content))
    entries = {one.path: Entry(one.path, kind_of(one.path), one.value, one.at) for one in values}
    entries |= {entry.path: entry for entry in _parameters(product)}
    tables: dict[str, Table] = {}
    for table, entry in _tables(product):
        entries[entry.path] = entry
        tables[entry.path] = table
        if not entry.path.startswith(BUILT):  # what a built table says of itself is an output
            entries |= _described(table, entry)
    ordered = {path: entries[path] for path in sorted(entries)}
    return Effective(product.name, product.product.version, product.on, ordered, tables)


def _start(product: AssembledProduct, stem: str, content: object) -> At:
    """Give where a file begins: with its first entry, as far as that knows its place."""
    first = content[0] if isinstance(content, tuple) and content else content
    found = getattr(first, "at", None)
    label = product.shelf.label(product.folder / f"{stem}.yaml")
    return found if isinstance(found, At) else At(label, 1, 1)


def _definition(product: AssembledProduct) -> Iterator[Value]:
    made = product.product
    general = general_scope(product)
    yield from fields(made, "", made.at, *PARTS)
    for order in ("covers", "exclusions", "provisions", "riders"):
        group: dict[str, Cover] = getattr(product, order)
        for cover in group.values():
            yield from _cover(product, cover, f"{order}.{cover.alias}")
        if len(group) > 1:
            yield Value(f"{order}{ORDER}", listed(group), made.place(order))
    for alias, process in product.processes.items():
        yield from fields(process, f"processes.{alias}", process.at)
    yield from _variables(product.variables.values(), "", general)
    for name, item in made.items.items():
        yield from fields(item, f"items.{name}", item.at, "insured", "offers")
        yield from _variables(product.items[name].values(), f"items.{name}.", general)
    for name, plan in made.plans.items():
        yield from walk(plan.title, f"plans.{name}.title", plan.at)
    for name, value in made.values.items():
        stated = tuple(value.stated)
        yield from fields(value, f"values.{name}", value.at, *(key for key, _, _ in stated))
        for key, said, wanted in stated:
            yield Value(f"values.{name}.{key}", resolved(said, general, wanted), said.at)


def _variables(group: Iterable[AssembledVariable], before: str, general: Scope) -> Iterator[Value]:
    for entry in group:
        path = f"{before}{'offers' if entry.chosen else 'insured'}.{entry.name}"
        declared = entry.declared
        yield from fields(declared, path, declared.at, "of", "min", "max", "step")
        yield from walk(entry.type.of, f"{path}.of", declared.place("of"))
        for key in ("min", "max", "step"):
            bound = getattr(declared, key)
            if bound is not None:
                amount = resolved(bound, general, entry.type.plain)
                yield Value(f"{path}.{key}", amount, bound.at)


def _cover(product: AssembledProduct, cover: Cover, path: str) -> Iterator[Value]:
    module = cover.module
    yield Value(f"{path}.use", module.module, cover.at)
    yield from walk(cover.title, f"{path}.title", cover.at)
    yield from walk(cover.items, f"{path}.items", cover.at)
    yield from fields(module, path, module.at, "module", "title", "line", "terms")
    for term in cover.terms.values():
        yield from _term(product, cover, term, f"{path}.terms.{term.name}")


def _term(product: AssembledProduct, cover: Cover, term: TermValue, path: str) -> Iterator[Value]:
    scope = Layers((LazyTerms(product, cover), general_scope(product)))
    if term.how == "offered":
        yield Value(path, f"as chosen: {term.text}", term.at)
    elif term.type.kind in ("event", "list", "schedule"):
        yield Value(path, text(term.expression), term.at)
    else:
        yield Value(path, resolved(term.expression, scope, term.type), term.at)
    declared = term.declared
    leave = ("default", "computed", "min", "max", "of")
    yield from fields(declared, path, declared.at, *leave)
    yield from walk(term.type.of, f"{path}.of", declared.place("of"))


def _bases(product: AssembledProduct) -> Iterator[Value]:
    general = general_scope(product)
    for basis in product.bases.values():
        path = f"bases.{basis.name}"
        yield from walk(basis.grid, f"{path}.grid", basis.at)
        for key in STATED:
            value = getattr(basis, key)
            if value is not None:
                yield Value(f"{path}.{key}", resolved(value, general, Type("ratio")), value.at)
        for rest in ("expenses", "risk", "experience", "leaves_out"):
            yield from walk(getattr(basis, rest), f"{path}.{rest}", basis.at)
        yield from _further(basis, path)


def _further(basis: AssembledBasis, path: str) -> Iterator[Value]:
    known = ("name", "grid", *STATED, "expenses", "risk", "experience", "leaves_out")
    for name in vars(basis):
        if name not in (*known, "at", "inherits"):
            yield from walk(getattr(basis, name), f"{path}.{name}", basis.at)


def _parameters(product: AssembledProduct) -> Iterator[Entry]:
    readers: dict[str, list[Reading]] = {}
    for reading in product.reads:
        if reading.what == "parameter":
            readers.setdefault(reading.name, []).append(reading)
    for name, found in readers.items():
        kind = foremost((_reader(one) for one in found), "rule")
        path = f"parameters.{name}"
        if name not in product.parameters:
            yield Entry(path, kind, "none", found[0].at)
            continue
        value = product.parameters[name]
        yield Entry(path, kind, value.said(), value.at)
        yield Entry(f"{path}.reference", "metadata", value.reference, value.at)


def _reader(reading: Reading) -> Kind:
    """Give the kind of what reads; a limit of a term is a rule that the product keeps."""
    parts = reading.path.split(".")
    limit = len(parts) > 3 and parts[2] == "terms" and parts[-1] in ("min", "max")  # noqa: PLR2004 - covers.ALIAS.terms.TERM.min
    return "rule" if limit else kind_of(reading.path)


def _tables(product: AssembledProduct) -> Iterator[tuple[Table, Entry]]:
    readers: dict[tuple[str, str], list[Kind]] = {}
    for reading in product.reads:
        if reading.what == "table":
            name, _, column = reading.name.partition(".")
            table = product.tables.get(name)
            for one in (column,) if column else table.columns if table else ():
                if table is not None and one in table.columns:
                    readers.setdefault((name, one), []).append(kind_of(reading.path))
    for (name, column), kinds in readers.items():
        table = product.tables[name]
        path = f"tables.{name}.{column}"
        at = At(table.file, 1, 1)
        yield table, Entry(path, foremost(kinds), table.meanings[column], at)
    for name, table in product.built.items():
        for column in table.columns:
            path = f"{BUILT}{name}.{column}"
            at = At(table.file, 1, 1)
            yield table, Entry(path, "price", table.meanings[column], at)


def _described(table: Table, entry: Entry) -> dict[str, Entry]:
    path = entry.path.rpartition(".")[0]
    said = {"title": table.title, "source": table.source, "status": table.status}
    return {
        f"{path}.{key}": replace(entry, path=f"{path}.{key}", kind="metadata", value=value)
        for key, value in said.items()
    }
