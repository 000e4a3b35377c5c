"""Profit of a year: what premium leaves after payouts and expenses."""

from sandbox.figures.expenses import expenses_of
from sandbox.loss_table import LossTable
from sandbox.measures import Sample


def profit(table: LossTable) -> Sample:
    """Give premium less payouts and expenses of a row, currency, without interest."""
    result = table.premium - table.total() - expenses_of(table, "profit")
    return Sample(result, replicate=table.replicate)
