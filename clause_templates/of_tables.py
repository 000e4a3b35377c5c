"""The facts of tables that a promise reads, such as a scale of disability, row by row.

`alias.table.column`: each row of a table with one key of exact words. What a grade is paid moves
money as a term does, so the wording prints every row.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from clause_templates.cases import decimal
from clause_templates.facts import Fact, Words
from clause_templates.formats import money_cn, ratio
from clause_templates.scan import scan
from product_factory.assembled import AssembledProduct, Cover
from product_factory.tables import Table

SHOWN = {"ratio": ratio, "money": money_cn}
"""Types of a column whose rows are printed."""


def facts_of_tables(
    product: AssembledProduct, cover: Cover, names: Iterable[str]
) -> Iterator[Fact]:
    """Name the rows of each table among the names that a promise reads."""
    pays = cover.module.pays
    for name in dict.fromkeys(names):
        holder, _, column = name.partition(".")
        table = product.tables.get(holder)
        if table is not None and pays is not None and _printed(table, column):
            rows = tuple(_rows(table, column))
            yield Fact(f"{cover.alias}.{name}", "list", rows, pays.place("amount"))


def _printed(table: Table, column: str) -> bool:
    alone = len(table.axes) == 1 and table.axes[0].key == "exact"
    if not alone or column not in table.columns:
        return False
    return table.axes[0].type.kind == "choice" and table.types[column].kind in SHOWN


def _rows(table: Table, column: str) -> Iterator[Words]:
    show = SHOWN[table.types[column].kind]
    for place, label in enumerate(table.axes[0].labels):
        value = decimal(float(table.cells[column][place]))
        text = f"{label}：{show(value)}"
        yield Words({"zh": text, "en": text}, _figures(text), table.line((place,)))


def _figures(text: str) -> tuple[Decimal, ...]:
    return tuple(found.worth for found in scan(text) if found.worth is not None)
