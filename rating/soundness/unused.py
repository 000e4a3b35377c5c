"""Rates without a choice: rows of a product's own tables that nothing offered falls into."""

from collections.abc import Iterator

import numpy as np

from product_factory.assembled import AssembledProduct, AssembledVariable
from product_factory.errors import At
from product_factory.table_axis import Axis
from product_factory.tables import Table
from product_factory.types import NUMERIC
from rating.plan import RatingPlan
from rating.soundness.flaw import Flaw


def unused(plan: RatingPlan) -> Iterator[Flaw]:
    """Tell of the rows of each table that no choice meets."""
    product = plan.product
    names = dict.fromkeys(one.table for one in plan.program.looked.values())
    for name in names:
        table = product.tables.get(name)
        if table is None or f"/{product.name}/tables/" not in table.file:
            continue  # one that is built has what is sold; a shared one may have more
        for number, axis in enumerate(table.axes):
            chosen = [one for one in _variables(product, axis.name) if one.chosen]
            odd = [p for p in range(axis.size) if not any(_met(v, axis, p) for v in chosen)]
            if chosen and odd:
                yield _idle(table, number, odd, chosen[0])


def _variables(product: AssembledProduct, name: str) -> list[AssembledVariable]:
    groups = (product.variables, *product.items.values())
    return [group[name] for group in groups if name in group]


def _met(variable: AssembledVariable, axis: Axis, place: int) -> bool:
    """Tell whether a choice may fall into a row; of a number between bounds that is not asked."""
    if axis.type.kind == "choice":
        return not variable.type.of or axis.labels[place] in variable.type.of
    if variable.type.kind not in NUMERIC or not variable.type.of or axis.interpolated:
        return True
    amounts = variable.type.amounts()
    if any(isinstance(amount, tuple) for amount in amounts):
        return True
    held = np.array(amounts, dtype=np.float64)
    start = axis.values[place]
    if axis.key == "exact":
        return bool((held == start).any())
    ends = [*axis.values[1:], np.inf] if axis.key == "step" else axis.below
    return bool(((held >= start) & (held < ends[place])).any())


def _idle(table: Table, number: int, odd: list[int], variable: AssembledVariable) -> Flaw:
    axis = table.axes[number]
    lines = np.take(table.lines, odd[0], axis=number)
    line = int(lines[lines > 0].min()) if (lines > 0).any() else 1
    values = ", ".join(axis.labels[place] for place in odd)
    return Flaw(
        variable.name,
        sure=False,
        zh=f"{table.file} 中有 {axis.name} {values} 的费率，但不供选择",
        en=f"{table.file} has rates for {axis.name} {values}, which is not offered",
        at=At(table.file, line, 1),
        sources=(variable.declared.at,),
    )
