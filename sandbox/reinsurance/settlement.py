"""What a programme makes of losses, by simulated year."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sandbox.measures.exact import exact_sum
from sandbox.reinsurance.occurrences import STEP


@dataclass(frozen=True, eq=False)
class Settlement:
    """Gross, ceded and net by simulated year, currency; net + ceded == gross to the last bit.

    contracts: names, in inuring order.      gross, net: [year].
    ceded:     [year, contract] recoveries.
    gross_largest, net_largest: [year] largest event before and after recoveries; None of run-offs.
    premium, commission: [contract] ceded and given back each year; [year, contract] of run-offs,
        whose premium depends on who is still there.
    reinstated: [year, contract] premium for reinstatements.

    Of run-offs a year is a run-off, and amounts are present values on the day on which it begins.
    """

    contracts: tuple[str, ...]
    gross: NDArray[np.float64]
    ceded: NDArray[np.float64]
    net: NDArray[np.float64]
    gross_largest: NDArray[np.float64] | None
    net_largest: NDArray[np.float64] | None
    premium: NDArray[np.float64]
    reinstated: NDArray[np.float64]
    commission: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Seal the arrays."""
        for array in vars(self).values():
            if isinstance(array, np.ndarray):
                array.setflags(write=False)

    def ceded_premium(self) -> NDArray[np.float64]:
        """Give what reinsurance costs in each year, reinstatements included, [year].

        Amounts are on the grid, or all that is left if all goes over: premium less this is exact.
        """
        total = np.zeros(len(self.gross))
        for contract in range(len(self.contracts)):
            total += self.premium[..., contract] + self.reinstated[:, contract]
        return total

    def swept(self, place: int, premium: NDArray[np.float64], parts: int) -> "Settlement":
        """Let a contract to which all goes over that it sees have what rounding left, to the bit.

        place    of the contract;  premium: [year] of all covers, of which it has a remainder that
                 is no more than rounding leaves;  parts: of how many settlements this is the sum

        What is left of losses is nothing then, and of premium too where all of that was ceded.
        """
        ceded, costs = self.ceded.copy(), self.premium.copy()
        ceded[:, place] += self.net
        rest = premium - np.add.reduce(costs, axis=-1)
        if costs.ndim == 1 and len(rest) and (rest == rest[0]).all():
            rest = rest[0]
        most = STEP * len(self.contracts) * parts
        if rest.shape == costs.shape[:-1] and (np.abs(rest) < most).all():
            costs[..., place] += rest
        none = np.zeros_like(self.net)
        largest = None if self.net_largest is None else none
        return replace(self, ceded=ceded, net=none, net_largest=largest, premium=costs)

    def means(self) -> dict[str, dict[str, float]]:
        """Give contract → mean yearly recovery, premium, reinstatement premium and commission."""
        years = len(self.gross)
        return {
            name: {
                "recovered": exact_sum(self.ceded[:, place]) / years,
                "premium": _mean(self.premium[..., place]),
                "reinstatements": exact_sum(self.reinstated[:, place]) / years,
                "commission": _mean(self.commission[..., place]),
            }
            for place, name in enumerate(self.contracts)
        }

    def commissions(self) -> NDArray[np.float64]:
        """Give what reinsurers give back each year, [year], or one number for all of them."""
        total = np.zeros(self.commission.shape[:-1])
        for contract in range(len(self.contracts)):
            total = total + self.commission[..., contract]
        return np.asarray(total)


def _mean(amounts: NDArray[np.float64]) -> float:
    """Give the mean of years, or the one number of all of them."""
    return exact_sum(amounts) / len(amounts) if amounts.ndim else float(amounts)
