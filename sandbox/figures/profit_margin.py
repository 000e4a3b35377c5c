"""Profit margin: new business value over premium."""

from sandbox.figures.new_business_value import new_business_value
from sandbox.loss_table import LossTable
from sandbox.measures import Sample


def profit_margin(table: LossTable) -> Sample:
    """Give (premium − payouts − expenses) over premium of a row."""
    return Sample.ratio(new_business_value(table).values, table.premium, table.replicate)
