"""The expenses of a row, which some figures cannot do without."""

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from sandbox.loss_table import LossTable


def expenses_of(table: LossTable, figure: str) -> npt.NDArray[np.float64]:
    """Give the expenses of each row, currency. BadValue where none were simulated."""
    if table.expenses is None:
        message = f"{figure}: expected a simulation with expenses, got one without"
        raise BadValue(message)
    return table.expenses
