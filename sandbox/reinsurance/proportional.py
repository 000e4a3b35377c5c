"""Proportional contracts: a part of each risk goes over, with its premium and all its losses."""

from abc import abstractmethod

import numpy as np
from pydantic import Field

from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.contract import Amounts, Base, Cost
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.occurrences import Occurrences


class Proportional(Base):
    """Cedes a part of each risk; kinds say which.

    commission: part of the ceded premium that the reinsurer gives back.
    """

    commission: float = Field(default=0.0, ge=0.0, lt=1.0)

    def recover(self, events: Occurrences, exposure: Exposure = NO_EXPOSURE) -> Amounts:
        """Give the ceded part of each occurrence, [occurrence], currency on the grid."""
        del exposure
        ceded = np.empty(len(events.amount))
        share = self.shares(events.sum_insured, len(events.amount))
        kernels.proportional(events.amount, share, ceded)
        return ceded

    def cost(self, events: Occurrences, exposure: Exposure = NO_EXPOSURE) -> Cost:
        """Give the ceded part of the premium of each risk, and the commission on it."""
        share = self.shares(exposure.sum_insured, len(exposure.premium))
        premium = exposure.weighed(share)
        return Cost(premium, self.commission * premium, np.zeros(events.years))

    @abstractmethod
    def shares(self, sums: Amounts | None, size: int) -> Amounts:
        """Give the part of each risk, with its premium, that the contract takes over, [risk]."""
