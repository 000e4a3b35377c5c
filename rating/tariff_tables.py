"""Filing tables of a tariff by factors: its steps in order, and every table that they look up."""

from collections.abc import Iterator, Mapping

from product_factory.assembled import AssembledProduct
from product_factory.errors import At
from product_factory.shelf import MAX_TABLE_BYTES
from product_factory.table_head import ColumnSpec, read_header
from product_factory.table_text import table_lines, table_rows
from product_factory.tables import Table
from product_factory.types import NUMERIC
from rating.filing import (
    FACTOR,
    PREMIUMS,
    FilingTable,
    apart,
    filed_step,
    filing_tables,
    units_told,
)
from rating.formula import conditions_written, written
from rating.plan import bind
from rating.premium_cells import premium_cells, premium_table
from rating.steps import Compute, Lookup, Round, Technical, Total
from rating.steps.decision import Decision
from rating.steps.step import RatingStep

TARIFF = "tariff"
WORDS = "类别 class"
UNITS = {
    "ratio": "比例 ratio",
    "days": "天 days",
    "months": "月 months",
    "years": "年 years",
    "age": "岁 years",
}
"""Units of the types that are counted in one."""


def tables_of(product: AssembledProduct) -> tuple[FilingTable, ...]:
    """Make the tables that are filed: of life by cell and policy year, else those of the tariff.

    Raises BadInput as the binding of the tariff does.
    """
    if filed_step(product) is not None:
        return filing_tables(product)
    return tariff_tables(product)


def tariff_tables(product: AssembledProduct) -> tuple[FilingTable, ...]:
    """Make `tariff`, the steps in order, the premiums by cell, and each table that a step reads.

    Where the premium has no finite cells, the note of `tariff` says which inputs are not finite.
    """
    found: dict[str, Table] = {}
    known = {**product.tables, **product.built}
    plan = bind(product)
    for step in plan.steps:
        names = [one.name.partition(".")[0] for one in step.reads if one.table]
        found |= {name: known[name] for name in names if name in known}
    apart(_named(found))
    note = f"version: {product.product.version}, on: {product.on}, digest: {product.digest}"
    steps = tuple((s.name, s.kind, told(s)) for s in product.files["rating"])
    title = f"{product.product.title.zh}费率计算 {product.product.title.en}: steps of the tariff"
    unit = product.product.currency
    missing = premium_cells(plan).missing
    said = f"{note}; {missing}" if missing else note
    tariff = FilingTable(TARIFF, title, unit, said, ("step", "kind", "how"), steps)
    premiums = () if missing else (premium_table(plan, note),)
    return (tariff, *premiums, *(_filed(product, table, note) for table in found.values()))


def _named(found: Mapping[str, Table]) -> Iterator[tuple[str, str, At]]:
    """Name every table of a tariff: those of every tariff come first."""
    for name in (TARIFF, PREMIUMS):
        yield name, f"the table '{name}' that is filed of every tariff", At("")
    for name, table in found.items():
        yield name, f"the table '{name}'", At(table.file, 1)


def no_premiums(product: AssembledProduct) -> str:
    """Say why the tables that are filed hold no premiums by cell; nothing where they do."""
    return "" if filed_step(product) is not None else premium_cells(bind(product)).missing


def told(step: RatingStep) -> str:
    """Say how a step comes about, in one line."""
    match step:
        case Lookup():
            return step.table
        case Technical():
            return f"{step.engine}: {step.gives}"
        case Compute():
            return written(step.formula)
        case Round():
            return f"{step.of} to {step.to} {step.mode}"
        case Total():
            return f"{step.by} of {step.of}"
        case Decision():
            return f"when {conditions_written(step.when)}"
        case _:
            message = f"expected a kind of step that is filed, got {type(step).__name__}"
            raise AssertionError(message)


def _filed(product: AssembledProduct, table: Table, note: str) -> FilingTable:
    """Give a table as its file writes it, so that what is filed is what is priced."""
    shelf = product.shelf
    lines = table_lines(shelf.text(shelf.root.parent / table.file, MAX_TABLE_BYTES), table.file)
    _, specs, first = read_header(lines, table.file)
    columns, *rows = map(tuple, table_rows(lines, first, table.file))
    told_of = f"{note}, table: {table.digest[:16]}, {table.status}, source: {table.source}"
    units = {name: _unit(product, spec) for name, spec in specs.items() if not spec.key}
    numbers = {name: unit for name, unit in units.items() if unit != WORDS}
    for name, spec in specs.items():
        known = product.variables.get(name)
        if spec.key and (spec.type in NUMERIC or (known and known.type.kind in NUMERIC)):
            ends = (f"{name}_from", f"{name}_below") if spec.key == "band" else (name,)
            numbers |= dict.fromkeys(ends, "")
    title, unit = table.title, units_told(units)
    return FilingTable(table.name, title, unit, told_of, columns, tuple(rows), numbers)


def _unit(product: AssembledProduct, spec: ColumnSpec) -> str:
    """Give the unit of a value column: its own, or what its type is counted in."""
    if spec.type not in NUMERIC:
        return WORDS
    own = product.product.currency if spec.type == "money" else UNITS.get(spec.type, FACTOR)
    return spec.unit or own
