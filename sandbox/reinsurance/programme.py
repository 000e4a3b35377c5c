"""A programme: contracts in inuring order, and what they leave of each year."""

from dataclasses import dataclass
from typing import Annotated, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from product_factory.errors import BadValue
from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.excess_of_loss import ExcessOfLoss
from sandbox.reinsurance.occurrences import CEILING, Occurrences
from sandbox.reinsurance.quota_share import QuotaShare

Contract: TypeAlias = Annotated[QuotaShare | ExcessOfLoss, Field(discriminator="kind")]


class Programme(BaseModel):
    """Contracts in inuring order: each sees every occurrence net of the contracts before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contracts: tuple[Contract, ...]

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [contract.name for contract in self.contracts]
        for name in names:
            if names.count(name) > 1:
                msg = f"contracts: expected each name once, got '{name}' more than once"
                raise ValueError(msg)
        return self

    def settle(self, gross: Occurrences) -> "Settlement":
        """Give gross, ceded and net of every year and the net occurrences."""
        gross_total, gross_largest = _by_year(gross)
        if (gross_total >= CEILING).any():
            row = int(np.argmax(gross_total >= CEILING))
            msg = f"year {row}: expected a total below {CEILING:.0f}, got {gross_total[row]}"
            raise BadValue(msg)
        net = gross
        ceded = np.zeros((gross.years, len(self.contracts)))
        net_total = gross_total.copy()
        for column, contract in enumerate(self.contracts):
            recovery = contract.recover(net)
            ceded[:, column] = _by_year(Occurrences(gross.year, recovery, gross.years))[0]
            net_total -= ceded[:, column]
            net = Occurrences(gross.year, net.amount - recovery, gross.years)
        return Settlement(
            contracts=tuple(contract.name for contract in self.contracts),
            gross=gross_total,
            ceded=ceded,
            net=net_total,
            gross_largest=gross_largest,
            net_largest=_by_year(net)[1],
            net_occurrences=net,
        )


@dataclass(frozen=True, eq=False)
class Settlement:
    """Gross, ceded and net by simulated year, currency; net + ceded == gross to the last bit.

    contracts: names, in inuring order.      gross, net: [year].
    ceded:     [year, contract] recoveries.
    gross_largest, net_largest: [year] largest occurrence before and after recoveries.
    net_occurrences: each occurrence after all recoveries.
    """

    contracts: tuple[str, ...]
    gross: NDArray[np.float64]
    ceded: NDArray[np.float64]
    net: NDArray[np.float64]
    gross_largest: NDArray[np.float64]
    net_largest: NDArray[np.float64]
    net_occurrences: Occurrences

    def __post_init__(self) -> None:
        """Seal the arrays."""
        for array in (self.gross, self.ceded, self.net, self.gross_largest, self.net_largest):
            array.setflags(write=False)


def _by_year(events: Occurrences) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the sum in order of time and the largest occurrence of every year."""
    total, largest = np.zeros(events.years), np.zeros(events.years)
    kernels.by_year(events.year, events.amount, total, largest)
    return total, largest
