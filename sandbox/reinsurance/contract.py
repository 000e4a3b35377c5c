"""What every contract does; each kind says how."""

import math
from abc import abstractmethod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from product_factory.errors import BadValue
from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.occurrences import Occurrences

Amounts = NDArray[np.float64]


class Cost(NamedTuple):
    """What a contract costs each year before reinstatements, currency.

    premium: ceded.   commission: what the reinsurer gives back of it.
    """

    premium: float
    commission: float


class Terms(NamedTuple):
    """What a contract does, as numbers; see `sandbox.kernels.reinsurance.Contracts`.

    prices: of the reinstatements that have one, as part of the premium for the whole limit.
    """

    kind: int
    attachment: float = 0.0
    limit: float = math.inf
    share: float = 1.0
    deductible: float = 0.0
    annual: float = math.inf
    by_time: int = kernels.BY_AMOUNT
    prices: tuple[float, ...] = ()


class Base(BaseModel):
    """A contract. Amounts and premiums are of the whole contract before the part that is placed.

    name: what figures call the contract.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)

    @property
    def by_risk(self) -> bool:
        """Whether it needs losses risk by risk."""
        return False

    @property
    def by_time(self) -> bool:
        """Whether it needs to know when a loss happens."""
        return False

    @abstractmethod
    def terms(self, exposure: Exposure = NO_EXPOSURE) -> Terms:
        """Give what it does with the losses of these risks."""

    @abstractmethod
    def cost(self, exposure: Exposure = NO_EXPOSURE) -> Cost:
        """Give what it costs before reinstatements."""

    def check(self, events: Occurrences) -> None:
        """Refuse losses that lack what the contract goes by. Raises BadValue."""
        if self.by_time and events.time is None:
            msg = f"'{self.name}': expected losses with their time in the year, got none"
            raise BadValue(msg)

    def shares(self, sums: Amounts | None, size: int) -> Amounts:
        """Give the part of each risk, with its premium, that the contract takes over, [risk]."""
        del sums
        return np.zeros(size)
