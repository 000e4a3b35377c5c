"""What every contract does; each kind says how."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.occurrences import Occurrences

Amounts = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cost:
    """What a contract costs, currency.

    premium:    ceded each year.   commission: what the reinsurer gives back each year.
    reinstated: [year] premium for reinstatements.
    """

    premium: float
    commission: float
    reinstated: Amounts


class Base(BaseModel):
    """A contract. Amounts and premiums are of the whole contract before the part that is placed.

    name: what figures call the contract.
    BY_RISK: whether it needs losses risk by risk.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    BY_RISK: ClassVar[bool] = False

    name: str = Field(min_length=1)

    @property
    def by_risk(self) -> bool:
        """Whether it needs losses risk by risk."""
        return self.BY_RISK

    @property
    def by_time(self) -> bool:
        """Whether it needs to know when a loss happens."""
        return False

    @abstractmethod
    def recover(self, events: Occurrences, exposure: Exposure = NO_EXPOSURE) -> Amounts:
        """Give the recovery from each occurrence, [occurrence], currency on the grid."""

    @abstractmethod
    def cost(self, events: Occurrences, exposure: Exposure = NO_EXPOSURE) -> Cost:
        """Give what the contract costs."""

    def shares(self, sums: Amounts | None, size: int) -> Amounts:
        """Give the part of each risk, with its premium, that the contract takes over, [risk]."""
        del sums
        return np.zeros(size)
