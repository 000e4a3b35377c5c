"""What events counted by the year pay on average, step by step, while a contract runs.

Treatments beside a life are priced by the collective engine: a policy's year, at the age attained
in it, with the losses of that year and with terms that are renewed with it. Every contract that is
in force at the start of a step has the events of that step, and is paid for them when the grid's
benefits fall: at the step's end, or at its start. Where a year has several steps, a step is paid
what a policy expects up to its end less what it expects up to its start: a yearly deductible takes
more from the first months than from the last.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct, Cover
from product_factory.errors import BadInput
from product_factory.yearly import counted, of_a_year
from rating.engines.collective.change import UNCHANGED, Change
from rating.engines.multistate.assumed import Assumed

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Running:
    """What a cover is expected to pay for a step to a contract in force at its start, in any state.

    column   the cover, or `exclusion.line`
    amount   [cell, step] as worth at the step's end;  bound: by how much it may be off at most
    """

    column: str
    amount: Floats
    bound: Floats

    def times(self, factor: Floats) -> "Running":
        """Give so many times the payment: [cell, step]."""
        return Running(self.column, self.amount * factor, self.bound * factor)

    def until(self, steps: int) -> "Running":
        """Give the payment of the first steps."""
        return Running(self.column, self.amount[:, :steps], self.bound[:, :steps])


def running(
    product: AssembledProduct,
    basis: AssembledBasis,
    assumed: Assumed,
    change: Change = UNCHANGED,
) -> tuple[Running, ...]:
    """Price what is counted by the year, where a product has such events beside a life.

    Raises BadInput for a term that lasts longer than a policy year, for what a payment does to the
    contract, and where the collective engine has no price; the message names the cell.
    """
    if not counted(product):
        return ()
    if assumed.spent["claim"].any():
        text = (
            "expected expenses per claim_payment: how many treatments are paid for is not counted "
            "where they are priced, so that an expense per claim has no price"
        )
        raise BadInput.one(basis.at, f"{basis.name}.expenses", text)
    for cover in of_a_year(product).covers.values():
        _lasts_a_year(basis, cover)
    grid = assumed.grid
    # the engine of a year is compiled, and contracts without such events do not wait for that
    from rating.engines.multistate.counted_costs import counted_costs  # noqa: PLC0415

    found = counted_costs(product, basis, grid.cells, grid.term, grid.per_year, change)
    worth = assumed.within if assumed.brought is None else assumed.within * assumed.brought[None, :]
    own = (Running(name, *map(assumed.of_grid, costs)) for name, *costs in found)
    return tuple(one.times(worth) for one in own)


def _lasts_a_year(basis: AssembledBasis, cover: Cover) -> None:
    """Refuse what reaches beyond a policy year; what ends anything the engine of a year refuses."""
    pays = cover.module.pays
    if pays is None:
        return
    if pays.then is not None and pays.then.waives is not None:
        text = "expected no 'waives': premiums are not waived for events counted by the year"
        raise BadInput.one(pays.place("then"), f"covers.{cover.alias}.then", text)
    for line in pays.adjust:
        if line.per == "contract" and not basis.without(f"{cover.alias}.{line.operation}"):
            text = (
                f"a {line.operation} per contract lasts longer than the policy year that is "
                f"priced; leave out '{cover.alias}.{line.operation}' with a reason"
            )
            raise BadInput.one(line.at, f"covers.{cover.alias}.adjust", text)
