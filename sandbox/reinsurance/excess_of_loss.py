"""Excess of loss: a layer above an attachment, by event or by year."""

from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.occurrences import CEILING, STEP, Occurrences, on_grid


class ExcessOfLoss(BaseModel):
    """Pays min(max(x - attachment, 0), limit): "limit xs attachment".

    name:       what figures call the contract.
    attachment: where the layer begins, currency.   limit: its height, currency.
    per:        event: x is one occurrence; year: x is the year's sum (stop loss in amounts), and
                an occurrence recovers what it adds to the layer of the year so far.
    reinstatements: per event only; how often the limit is filled up again within a year, free of
                premium, so that a year pays at most limit x (1 + reinstatements), in order of
                time. Left out: as often as it takes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["excess_of_loss"] = "excess_of_loss"
    name: str = Field(min_length=1)
    attachment: float = Field(ge=0.0, lt=CEILING)
    limit: float = Field(ge=STEP, lt=CEILING)
    per: Literal["event", "year"] = "event"
    reinstatements: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _reinstates_events(self) -> Self:
        if self.per == "year" and self.reinstatements is not None:
            msg = "reinstatements: expected only with 'per: event', got 'per: year'"
            raise ValueError(msg)
        return self

    def recover(self, events: Occurrences) -> NDArray[np.float64]:
        """Give the recovery from each occurrence, [occurrence], currency on the grid."""
        settled = np.empty(len(events.amount))
        kernels.settle(events.amount, settled)
        ceded = np.empty(len(settled))
        attachment, limit = on_grid(self.attachment), on_grid(self.limit)
        if self.per == "year":
            kernels.excess_per_year(events.year, settled, attachment, limit, ceded)
        else:
            times = np.inf if self.reinstatements is None else 1.0 + self.reinstatements
            annual = limit * times
            kernels.excess_per_event(events.year, settled, attachment, limit, annual, ceded)
        return ceded
