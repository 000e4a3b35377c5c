"""Premiums of a tariff by cell: what is charged for every combination of what the premium reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from product_factory.expressions.operations import ITEM
from product_factory.expressions.program import Input
from product_factory.expressions.run import run
from product_factory.types import NUMERIC
from rating.cell_decisions import decide
from rating.domain import cells as accepted_cells
from rating.filing import PREMIUMS, FilingTable
from rating.plan import RatingPlan
from rating.steps import Round, Total

Floats = npt.NDArray[np.float64]
MOST_CELLS = 250_000
DIGITS = 12
"""Significant digits of a premium that no step rounds."""


@dataclass(frozen=True)
class PremiumCells:
    """What the premium of a tariff reads, and why there is no list of its cells.

    axes     the variables that the premium reads, in the order of the product
    endless  those of them that have no list of values; what belongs to items has none
    size     how many combinations there are, before `accepts`; 0 where any is endless
    """

    axes: tuple[str, ...]
    endless: tuple[str, ...]
    size: int

    @property
    def missing(self) -> str:
        """Why no premiums by cell are filed, in both languages; nothing where they are."""
        if self.endless:
            names = ", ".join(self.endless)
            return f"无逐格保费 no premiums by cell, as these have no finite list: {names}"
        if self.size > MOST_CELLS:
            return f"无逐格保费 no premiums by cell: {self.size:,} cells, more than {MOST_CELLS:,}"
        return ""


def premium_cells(plan: RatingPlan) -> PremiumCells:
    """Tell which cells the premium of a plan has."""
    read = _read(plan, plan.premium.register)
    order = list(plan.product.variables)
    policy = sorted((one.name for one in read if one.level != ITEM), key=order.index)
    endless, size = [f"{one.name} (items)" for one in read if one.level == ITEM], 1
    if not endless:
        endless = _counted(plan)
    for name in policy:
        try:
            size *= plan.readers.policy[name].values().size
        except BadInput:
            endless.append(name)
    return PremiumCells(tuple(policy), tuple(endless), 0 if endless else size)


def premium_table(plan: RatingPlan, note: str) -> FilingTable:
    """Run the plan over every cell that is accepted.

    A cell that is declined has no premium, and one for which a table has no row, or whose premium
    is below 0, has none and no row. What is decided stands beside the premium: see `CellDecisions`.
    Raises BadInput where `accepts` refuses every cell.
    """
    product, axes = plan.product, premium_cells(plan).axes
    found = accepted_cells(product, axes)
    size = len(next(iter(found.values()), (0,)))
    unread = {one.name: np.full(size, np.nan) for one in plan.program.inputs}
    offsets = np.arange(size + 1) if product.items else None
    registers = run(plan.program, unread | found, offsets)
    premiums = np.broadcast_to(registers[plan.premium.register], (size,))
    decided = decide(plan, found, size)
    declined = decided.declined
    kept = decided.sold & (declined | (np.isfinite(premiums) & (premiums >= 0.0)))
    shown = [[plan.readers.policy[name].shown(one) for one in found[name]] for name in axes]
    charged = _written(plan, premiums)
    rows = tuple(
        (*(c[cell] for c in shown), "" if declined[cell] else charged[cell], *decided.row(cell))
        for cell in np.flatnonzero(kept).tolist()
    )
    numbers = dict.fromkeys((a for a in axes if product.variables[a].type.kind in NUMERIC), "")
    return FilingTable(
        PREMIUMS,
        f"{product.product.title.zh} 费率表 Premiums charged by cell",
        product.product.currency,
        "; ".join((note, *decided.note())),
        (*axes, plan.premium.name, *decided.columns),
        rows,
        {**numbers, plan.premium.name: product.product.currency},
    )


def _counted(plan: RatingPlan) -> list[str]:
    """Name the steps by which the premium depends on how many items there are."""
    below, levels = plan.program.below(plan.premium.register), plan.program.levels
    if not any(levels[one] == ITEM for one in below):
        return []
    steps = [step.name for step in plan.values if step.register in below]
    totals = [one.name for one in plan.values if isinstance(one.step, Total) and one.name in steps]
    return [f"{name} (items)" for name in totals or steps[-1:]]


def _read(plan: RatingPlan, register: int) -> tuple[Input, ...]:
    """List the inputs that a register is computed from."""
    below = plan.program.below(register)
    return tuple(one for place, one in enumerate(plan.program.inputs) if place in below)


def _written(plan: RatingPlan, premiums: Floats) -> Sequence[str]:
    last = plan.premium.step
    if isinstance(last, Round):
        return [f"{premium + 0.0:.{last.decimals}f}" for premium in premiums]
    return [plain(premium) for premium in premiums.tolist()]


def plain(premium: float) -> str:
    """Write a premium with its digits and without an exponent: 1370000000000, never 1.37e+12."""
    return f"{Decimal(f'{premium + 0.0:.{DIGITS}g}'):f}"
