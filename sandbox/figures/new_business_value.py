"""New business value: what a portfolio of new contracts is worth at its start."""

from sandbox.figures.expenses import expenses_of
from sandbox.loss_table import LossTable
from sandbox.measures import Sample


def new_business_value(table: LossTable) -> Sample:
    """Give premium less payouts and expenses, currency; of run-offs, present values at issue."""
    value = table.premium - table.total() - expenses_of(table, "new_business_value")
    return Sample(value, replicate=table.replicate)
