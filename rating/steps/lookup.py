"""`lookup`: a value from a table, its keys found by name."""

from typing import Literal

from product_factory.errors import BadInput, nearest
from product_factory.expressions.bind import Bound
from product_factory.expressions.scope import Read, TableLeaf
from product_factory.scopes import TablesLayer
from product_factory.strict import Dotted
from rating.steps.step import Context, Level, RatingStep


class Lookup(RatingStep):
    """`table` is a table with one value column, or `table.column`."""

    kind: Literal["lookup"]
    table: Dotted
    level: Level = "policy"


def bind(step: Lookup, context: Context) -> Bound:
    """Bind the step. Raises BadInput for an unknown table, column or key."""
    layer, at = TablesLayer(context.product.tables), step.place("table")
    leaf = layer.find(step.table)
    if not isinstance(leaf, TableLeaf):
        known = context.product.tables.get(step.table)
        if known is not None:
            columns = ", ".join(f"{step.table}.{column}" for column in known.columns)
            raise BadInput.one(at, "table", f"expected one column of the table: {columns}")
        text = f"unknown table '{step.table}'{nearest(step.table, layer.names())}"
        raise BadInput.one(at, "table", text)
    context.binder.reads.add(Read(step.table, at, table=True))
    return context.at_level(context.binder.table(leaf, at, context.scope), step.level, at)
