"""Everything that lasts more than a year: states, transitions, payments, by year or month."""

from rating.engines.multistate.forward import expected
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.model import Model, model
from rating.engines.multistate.unknowns import bound, cash_values
from rating.engines.multistate.value import (
    annuity,
    gross_premium,
    net_premium,
    pols_if,
    pv_claims,
    reserves,
)

__all__ = [
    "Cells",
    "Model",
    "annuity",
    "bound",
    "cash_values",
    "expected",
    "gross_premium",
    "model",
    "net_premium",
    "pols_if",
    "pv_claims",
    "reserves",
]
