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
Stage: TypeAlias = Contract | Annotated[tuple[Contract, ...], Field(min_length=1)]


class Programme(BaseModel):
    """Contracts in inuring order: each stage sees every occurrence net of the stages before it.

    contracts: a stage is one contract, or several side by side that see the same loss, as the
        layers of a tower do: [quota_share, [10 xs 10, 10 xs 20]].
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    contracts: tuple[Stage, ...]

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [contract.name for stage in self.stages for contract in stage]
        for name in names:
            if names.count(name) > 1:
                msg = f"contracts: expected each name once, got '{name}' more than once"
                raise ValueError(msg)
        return self

    @property
    def stages(self) -> tuple[tuple[Contract, ...], ...]:
        """The stages in inuring order, each as its contracts."""
        return tuple(stage if isinstance(stage, tuple) else (stage,) for stage in self.contracts)

    def settle(self, gross: Occurrences) -> "Settlement":
        """Give gross, ceded and net of every year and the net occurrences.

        BadValue where a year's total is too large for exact sums, or where contracts side by
        side (layers that overlap, shares above 100% together) recover more than a loss.
        """
        gross_total, gross_largest = _by_year(gross)
        if (gross_total >= CEILING).any():
            row = int(np.argmax(gross_total >= CEILING))
            msg = f"year {row}: expected a total below {CEILING:.0f}, got {gross_total[row]}"
            raise BadValue(msg)
        net = gross
        ceded: dict[str, NDArray[np.float64]] = {}
        for stage in self.stages:
            left = net.amount.copy()
            for contract in stage:
                recovery = contract.recover(net)
                ceded[contract.name] = _by_year(Occurrences(gross.year, recovery, gross.years))[0]
                left -= recovery
            if (left < 0.0).any():
                names = " and ".join(f"'{contract.name}'" for contract in stage)
                row = int(np.argmin(left))
                msg = (
                    f"contracts side by side {names}: expected to recover at most the loss, "
                    f"got {-left[row]} more than {net.amount[row]} in year {gross.year[row]}"
                )
                raise BadValue(msg)
            net = Occurrences(gross.year, left, gross.years)
        net_total = gross_total.copy()
        for recovered in ceded.values():
            net_total -= recovered
        return Settlement(
            contracts=tuple(ceded),
            gross=gross_total,
            ceded=np.column_stack([*ceded.values()]) if ceded else np.zeros((gross.years, 0)),
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
