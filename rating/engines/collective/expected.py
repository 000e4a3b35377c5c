"""Expected yearly cost of every cover and pool, by the most exact method that each one has."""

from product_factory.assembled import AssembledBasis, AssembledProduct
from rating.engines.collective.annual import AnnualModel, annual_model
from rating.engines.collective.by_item import closed_of_rows
from rating.engines.collective.cells import RiskCells
from rating.engines.collective.closed import closed_costs
from rating.engines.collective.expected_cost import Expected
from rating.engines.collective.numeric import numeric_costs
from rating.engines.collective.queue import in_sequence
from rating.engines.collective.sequence import sequence_costs


def expected_costs(
    product: AssembledProduct, basis: AssembledBasis, cells: RiskCells, cell: int = 0
) -> tuple[Expected, ...]:
    """Give what a policy of a cell costs a year on average: covers one by one, then pools.

    Computed without random numbers. Raises BadInput at a name that is not known, and at terms for
    which no such method exists, so that the method would be simulated.
    """
    return costs_of(annual_model(product, basis, cells), cell)


def costs_of(model: AnnualModel, cell: int = 0) -> tuple[Expected, ...]:
    """Give what a policy of a cell costs, from what was bound."""
    if in_sequence(model):
        return sequence_costs(model, cell)
    closed = closed_of_rows(model, cell) if model.by_item else closed_costs(model, cell)
    covers = [entry.name for entry in model.payout.entries if not entry.exclusion]
    if set(closed) == set(covers) and not model.product.product.pools and not _paid_apart(model):
        return tuple(closed[name] for name in covers)
    return tuple(
        closed.get(one.group[0], one) if len(one.group) == 1 else one
        for one in numeric_costs(model, cell)
    )


def _paid_apart(model: AnnualModel) -> bool:
    """Tell whether exclusions may pay: theirs is a cost of its own, left to the numeric method."""
    return any(
        getattr(line.amount, "value", None) != 0.0
        for cover in model.product.exclusions.values()
        for line in cover.module.excludes
    )


__all__ = ["Expected", "costs_of", "expected_costs"]
