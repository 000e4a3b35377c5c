"""Everything that lasts more than a year: states, transitions, payments, at an annual step."""

from rating.engines.multistate.grid import Cells
from rating.engines.multistate.model import Model, model
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
    "gross_premium",
    "model",
    "net_premium",
    "pols_if",
    "pv_claims",
    "reserves",
]
