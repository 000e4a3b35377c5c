"""Proportional contracts: a part of each risk goes over, with its premium and all its losses."""

import numpy as np
from pydantic import Field

from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.contract import Amounts, Base, Cost
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure, sums_of
from sandbox.reinsurance.occurrences import Occurrences


class Proportional(Base):
    """Cedes a part of each risk; kinds say which.

    commission: part of the ceded premium that the reinsurer gives back.
    risk_premium: of long-term contracts, ceded on risk premium instead of original terms: the part
        is of what an event pays above the cash value, or of all where the policy stays in force,
        and costs, at the start of each step, so many times what is expected of it on a basis. None:
        original terms.
    basis: of the risk premium.
    """

    commission: float = Field(default=0.0, ge=0.0, lt=1.0)
    risk_premium: float | None = Field(default=None, gt=0.0)
    basis: str = "pricing"

    def cost(self, exposure: Exposure = NO_EXPOSURE) -> Cost:
        """Give the ceded part of the premium of each risk, and the commission on it."""
        share = self.shares(exposure.sum_insured, len(exposure.premium))
        premium = exposure.weighed(share)
        return Cost(premium, self.commission * premium)

    def check(self, events: Occurrences) -> None:
        """Refuse losses without the size of each risk where the part goes by it."""
        super().check(events)
        if self.by_risk:
            sums_of(events.sum_insured, len(events.amount), self.name)

    def shares(self, sums: Amounts | None, size: int) -> Amounts:
        """Give the part of each risk, with its premium, that the contract takes over, [risk]."""
        known = sums_of(sums, size, self.name) if self.by_risk else np.zeros(size)
        terms, part = self.terms(), np.empty(size)
        kernels.cessions(terms.kind, terms.attachment, terms.limit, terms.share, known, part)
        return part
