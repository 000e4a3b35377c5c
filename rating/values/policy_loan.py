"""Policy loan (保单贷款): the share of the cash value that may be lent."""

import numpy as np

from product_factory.valued import Valued
from rating.values.valuing import Columns, Valuing


def columns(valuing: Valuing, one: Valued) -> Columns:
    """Give the most that may be lent, by policy year."""
    most = valuing.number(one, "share") * valuing.cash
    return {one.name: np.where(valuing.within, most, np.nan)}
