"""Filing tables of a tariff by factors: its steps in order, and every table that they look up."""

from product_factory.assembled import AssembledProduct
from product_factory.shelf import MAX_TABLE_BYTES
from product_factory.table_head import read_header
from product_factory.table_text import table_lines, table_rows
from product_factory.tables import Table
from rating.filing import FilingTable, filed_step, filing_tables
from rating.formula import conditions_written, written
from rating.steps import Compute, Lookup, Round, Technical, Total
from rating.steps.decision import Decision
from rating.steps.step import RatingStep


def tables_of(product: AssembledProduct) -> tuple[FilingTable, ...]:
    """Make the tables that are filed: of life by cell and policy year, else those of the tariff.

    Raises BadInput as the binding of the tariff does.
    """
    if filed_step(product) is not None:
        return filing_tables(product)
    return tariff_tables(product)


def tariff_tables(product: AssembledProduct) -> tuple[FilingTable, ...]:
    """Make `tariff`, the steps in order, and each table that a step looks up or builds."""
    found: dict[str, Table] = {}
    for step in product.files["rating"]:
        if isinstance(step, Lookup):
            name = step.table.partition(".")[0]
            found[name] = product.tables[name]
        elif isinstance(step, Technical) and step.name in product.built:
            found[step.name] = product.built[step.name]
    note = f"version: {product.product.version}, on: {product.on}, digest: {product.digest}"
    steps = tuple((s.name, s.kind, told(s)) for s in product.files["rating"])
    title = f"{product.product.title.zh}费率计算 {product.product.title.en}: steps of the tariff"
    unit = product.product.currency
    tariff = FilingTable("tariff", title, unit, note, ("step", "kind", "how"), steps)
    return (tariff, *(_filed(product, table, unit, note) for table in found.values()))


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


def _filed(product: AssembledProduct, table: Table, unit: str, note: str) -> FilingTable:
    """Give a table as its file writes it, so that what is filed is what is priced."""
    shelf = product.shelf
    lines = table_lines(shelf.text(shelf.root.parent / table.file, MAX_TABLE_BYTES), table.file)
    _, _, first = read_header(lines, table.file)
    columns, *rows = map(tuple, table_rows(lines, first, table.file))
    told_of = f"{note}, table: {table.digest[:16]}, {table.status}, source: {table.source}"
    return FilingTable(table.name, table.title, unit, told_of, columns, tuple(rows))
