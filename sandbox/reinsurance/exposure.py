"""What reinsurance is paid for: premium of the protected risks, and their size."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from product_factory.errors import BadValue


@dataclass(frozen=True, eq=False)
class Exposure:
    """Protected risks of a year, a row for each group of equal ones.

    premium:     [group] premium for the covers, all risks of the group together, currency.
    sum_insured: [group] of each risk, currency; None where no contract asks for it.
    """

    premium: NDArray[np.float64]
    sum_insured: NDArray[np.float64] | None = None

    def total(self) -> float:
        """Give the premium, group by group in their order."""
        total = 0.0
        for premium in self.premium.tolist():
            total += premium
        return total

    def left(self, kept: NDArray[np.float64]) -> "Exposure":
        """Give what is left where the part `kept` of each group stays, [group]."""
        whole = self.sum_insured
        return Exposure(self.premium * kept, None if whole is None else whole * kept)

    def weighed(self, part: NDArray[np.float64]) -> float:
        """Give the premium for the part of each group that is ceded, [group]."""
        return Exposure(self.premium * part).total()


NO_EXPOSURE = Exposure(np.zeros(0))
"""Where no premium is known, none is ceded."""


def sums_of(sums: NDArray[np.float64] | None, size: int, contract: str) -> NDArray[np.float64]:
    """Give the sums insured of so many risks. BadValue where they are not known."""
    if sums is None and size == 0:
        return np.zeros(0)
    if sums is None:
        msg = f"'{contract}': expected losses with the sum insured of each risk, got none"
        raise BadValue(msg)
    return sums
