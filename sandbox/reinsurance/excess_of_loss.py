"""Excess of loss: a layer above an attachment, by risk, by event or by year."""

import math
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.contract import Terms
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.non_proportional import NonProportional
from sandbox.reinsurance.occurrences import CEILING, STEP, on_grid

CHARGED = {
    "amount": kernels.BY_AMOUNT,
    "time": kernels.BY_TIME,
    "amount_and_time": kernels.BY_BOTH,
}
BY_YEAR = ("reinstatements", "aggregate_deductible", "aggregate_limit", "pro_rata")


class ExcessOfLoss(NonProportional):
    """Pays min(max(x - attachment, 0), limit): "limit xs attachment".

    attachment: where the layer begins, currency.   limit: its height, currency.
    per:        risk: x is what one risk loses in one event; event: what all lose together; year: x
                is the year's sum, and an occurrence recovers what it adds to the year so far.
    reinstatements: how often the limit is filled up again within a year, in order of time, so
                that a year pays at most limit x (1 + reinstatements): a number of free ones, or the
                price of each as part of the premium. Left out: as often as it takes, free.
    pro_rata:   a reinstatement is charged for the part of the limit that it fills up (amount), for
                the rest of the year from the first loss that draws on it, whole whatever that loss
                takes (time), or for both, loss by loss (amount_and_time).
    aggregate_deductible: what the layer itself bears of its losses in a year before it recovers.
    aggregate_limit: the most that the layer recovers in a year. Left out: what reinstatements say.

    Reinstatement premium after Sundt 1991, ASTIN Bulletin 21(1): the j-th reinstatement of a layer
    with aggregate loss X costs c_j x premium x min(max(X - (j - 1) limit, 0), limit) / limit.
    """

    kind: Literal["excess_of_loss"] = "excess_of_loss"
    attachment: float = Field(ge=0.0, lt=CEILING)
    limit: float = Field(ge=STEP, lt=CEILING)
    per: Literal["risk", "event", "year"] = "event"
    reinstatements: tuple[float, ...] | None = None
    pro_rata: Literal["amount", "time", "amount_and_time"] = "amount"
    aggregate_deductible: float = Field(default=0.0, ge=0.0, lt=CEILING)
    aggregate_limit: float | None = Field(default=None, ge=STEP, lt=CEILING)

    @field_validator("reinstatements", mode="before")
    @classmethod
    def _counted(cls, given: object) -> object:
        """Read a number of reinstatements as so many free ones."""
        if isinstance(given, int) and not isinstance(given, bool):
            if given < 0:
                msg = f"expected 0 or more, got {given}"
                raise ValueError(msg)
            return (0.0,) * given
        return given

    @model_validator(mode="after")
    def _years_have_no_reinstatement(self) -> Self:
        if any(price < 0.0 for price in self.reinstatements or ()):
            msg = "reinstatements: expected prices of 0 or more"
            raise ValueError(msg)
        wrong = [name for name in BY_YEAR if name in self.model_fields_set]
        if self.per == "year" and wrong and getattr(self, wrong[0]) is not None:
            msg = f"{wrong[0]}: expected only with 'per: risk' or 'per: event', got 'per: year'"
            raise ValueError(msg)
        return self

    @property
    def by_risk(self) -> bool:
        """Whether losses are settled risk by risk."""
        return self.per == "risk"

    @property
    def by_time(self) -> bool:
        """Whether the price of a reinstatement depends on when the loss happens."""
        return self.pro_rata != "amount" and any(self.reinstatements or ())

    def terms(self, exposure: Exposure = NO_EXPOSURE) -> Terms:
        """Give the layer, its amounts on the grid; a year has no terms of the year besides."""
        del exposure
        attachment, limit = on_grid(self.attachment), on_grid(self.limit)
        if self.per == "year":
            return Terms(kernels.YEAR, attachment, limit, self.share)
        filled = self.reinstatements
        annual = math.inf if filled is None else limit * (1.0 + len(filled))
        if self.aggregate_limit is not None:
            annual = min(annual, on_grid(self.aggregate_limit))
        return Terms(
            kernels.RISK if self.per == "risk" else kernels.EVENT,
            attachment,
            limit,
            self.share,
            on_grid(self.aggregate_deductible),
            annual,
            CHARGED[self.pro_rata] if self.by_time else kernels.BY_AMOUNT,
            filled if filled is not None and any(filled) else (),
        )
