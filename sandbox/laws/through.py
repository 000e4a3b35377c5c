"""What the contracts of a programme take of single losses: the slow formulas, loss by loss.

They are written anew here, so that a mistake in the kernels that settle is no mistake of the mean.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sandbox.reinsurance import Contract, ExcessOfLoss, Facultative, QuotaShare, StopLoss, Surplus

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Chain:
    """Contracts in inuring order, and the sum insured of each risk, 0 where nobody asks.

    value  what of each loss of a contract of many years is its own value, no risk: as losses
    """

    stages: Sequence[Sequence[Contract]]
    size: float
    value: Floats | float = 0.0

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """All contracts, in inuring order."""
        return tuple(contract for stage in self.stages for contract in stage)

    def taken(self, losses: Floats, risks: int = 1) -> list[Floats]:
        """Give what each contract takes of events, [contract][event], without terms of the year.

        losses  [event] what so many equal risks lose together
        """
        return [
            _taken(contract, held, risks, size, value)
            for stage, held, size, value in self._seen(losses, risks)
            for contract in stage
        ]

    def reached(self, losses: Floats) -> list[Floats]:
        """Tell which losses of one risk reach the beginning and the end of each layer: 0 or 1."""
        return [
            (held > end).astype(np.float64)
            for stage, held, _, _ in self._seen(losses, 1)
            for contract in stage
            if isinstance(contract, ExcessOfLoss)
            for end in (contract.attachment, contract.attachment + contract.limit)
        ]

    def parts(self) -> list[float]:
        """Give the part of every loss that each contract takes, all being proportional."""
        return [float(taken[0]) for taken in self.taken(np.ones(1))]

    def costs(self) -> list[float]:
        """Give the part of the premium that each contract costs, where none has a price in money.

        A proportional one costs its part of what is left of it, another its rate.
        """
        found, left = [], 1.0
        for stage, _, size, _ in self._seen(np.zeros(1), 1):
            kept = 1.0
            for contract in stage:
                part, rate = _original(contract, size), 0.0
                if isinstance(contract, ExcessOfLoss | StopLoss):
                    rate = contract.share * contract.rate
                found.append(left * (part + rate))
                kept -= part
            left *= kept
        return found

    def _seen(
        self, losses: Floats, risks: int
    ) -> Iterator[tuple[Sequence[Contract], Floats, float, Floats | float]]:
        """Give each stage, what it sees of losses, how large it sees a risk, and of its value."""
        held, size, value = losses, self.size, self.value
        for stage in self.stages:
            yield stage, held, size, value
            left, kept, original = held, 1.0, 1.0
            for contract in stage:
                left = left - _taken(contract, held, risks, size, value)
                kept -= _part(contract, size)
                original -= _original(contract, size)
            held, size, value = left, size * kept, value * original


def _part(contract: Contract, size: float) -> float:
    """Give the part of a risk of a size that a contract takes over; of no risk a layer."""
    match contract:
        case QuotaShare():
            return contract.cession
        case Surplus():
            return min(max(size - contract.line, 0.0), contract.line * contract.lines) / size
        case Facultative():
            large = contract.above is None or size > contract.above
            return contract.cession if large else 0.0
    return 0.0


def _original(contract: Contract, size: float) -> float:
    """Give the part that goes over with its premium and its value: none on risk premium."""
    on_risk = getattr(contract, "risk_premium", None) is not None
    return 0.0 if on_risk else _part(contract, size)


def _taken(
    contract: Contract, held: Floats, risks: int, size: float, value: Floats | float
) -> Floats:
    if not isinstance(contract, ExcessOfLoss):
        part = _part(contract, size)
        if getattr(contract, "risk_premium", None) is not None:
            return np.asarray(part * np.maximum(held - value, 0.0))
        return part * held
    each = risks if contract.per == "risk" else 1
    layer = np.clip(held / each - contract.attachment, 0.0, contract.limit)
    return np.asarray(contract.share * each * layer)
