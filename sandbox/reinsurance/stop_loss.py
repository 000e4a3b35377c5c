"""Stop loss: a year's losses above a part of its premium."""

from typing import Literal

from pydantic import Field

from product_factory.errors import BadValue
from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.contract import Terms
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.non_proportional import NonProportional
from sandbox.reinsurance.occurrences import STEP, on_grid


class StopLoss(NonProportional):
    """Pays min(max(S - attachment x P, 0), limit x P) of a year with losses S.

    P is the premium that the contracts before it leave. For a stop loss in amounts of money see
    the excess of loss by year.

    attachment: the loss ratio above which it pays.   limit: how many points of it it pays at most.
    """

    kind: Literal["stop_loss"] = "stop_loss"
    attachment: float = Field(ge=0.0)
    limit: float = Field(gt=0.0)

    def terms(self, exposure: Exposure = NO_EXPOSURE) -> Terms:
        """Give the layer in money, on the grid. Raises BadValue without a premium."""
        premium = exposure.total()
        limit = on_grid(self.limit * premium)
        if limit < STEP:
            msg = f"'{self.name}': expected a premium that its loss ratio is of, got {premium:g}"
            raise BadValue(msg)
        return Terms(kernels.YEAR, on_grid(self.attachment * premium), limit, self.share)
