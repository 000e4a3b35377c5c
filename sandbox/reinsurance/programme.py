"""A programme: contracts in inuring order, and what they leave of each year."""

from dataclasses import dataclass
from typing import Annotated, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from product_factory.errors import BadValue
from sandbox.kernels import reinsurance as kernels
from sandbox.measures.exact import exact_sum
from sandbox.reinsurance.excess_of_loss import ExcessOfLoss
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.facultative import Facultative
from sandbox.reinsurance.occurrences import CEILING, Occurrences, all_on_grid, on_grid
from sandbox.reinsurance.quota_share import QuotaShare
from sandbox.reinsurance.stop_loss import StopLoss
from sandbox.reinsurance.surplus import Surplus

Contract: TypeAlias = Annotated[
    QuotaShare | Surplus | Facultative | ExcessOfLoss | StopLoss, Field(discriminator="kind")
]
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

    @property
    def by_risk(self) -> bool:
        """Whether a contract needs losses risk by risk."""
        return any(contract.by_risk for stage in self.stages for contract in stage)

    @property
    def by_time(self) -> bool:
        """Whether a contract needs to know when a loss happens."""
        return any(contract.by_time for stage in self.stages for contract in stage)

    def settle(self, gross: Occurrences, exposure: Exposure = NO_EXPOSURE) -> "Settlement":
        """Give gross, ceded and net of every year and the net occurrences.

        exposure: the risks with their premium; without it no premium is ceded in proportion.

        BadValue where a year's total is too large for exact sums, or where contracts side by
        side (layers that overlap, shares above 100% together) recover more than a loss.
        """
        gross_total, gross_largest = _by_year(gross)
        if (gross_total >= CEILING).any():
            row = int(np.argmax(gross_total >= CEILING))
            msg = f"year {row}: expected a total below {CEILING:.0f}, got {gross_total[row]}"
            raise BadValue(msg)
        net, held = gross, exposure
        ceded: dict[str, Ceded] = {}
        for stage in self.stages:
            left = net.amount.copy()
            kept, spared = np.ones(len(left)), np.ones(len(held.premium))
            for contract in stage:
                recovery = contract.recover(net, held)
                cost = contract.cost(net, held)
                ceded[contract.name] = Ceded(
                    _by_year(Occurrences(gross.year, recovery, gross.years))[0],
                    on_grid(cost.premium),
                    all_on_grid(cost.reinstated),
                    on_grid(cost.commission),
                )
                left -= recovery
                spared -= contract.shares(held.sum_insured, len(spared))
                if net.sum_insured is not None:
                    kept -= contract.shares(net.sum_insured, len(kept))
            kernels.even_out(net.year, _events(net), left)
            _within_the_loss(stage, left, net)
            net = net.left(left, np.maximum(kept, 0.0))
            held = held.left(np.maximum(spared, 0.0))
        net_total = gross_total.copy()
        for one in ceded.values():
            net_total -= one.recovered
        return Settlement(
            contracts=tuple(ceded),
            gross=gross_total,
            ceded=_columns([one.recovered for one in ceded.values()], gross.years),
            net=net_total,
            gross_largest=gross_largest,
            net_largest=_by_year(net)[1],
            net_occurrences=net,
            premium=np.array([one.premium for one in ceded.values()]),
            reinstated=_columns([one.reinstated for one in ceded.values()], gross.years),
            commission=np.array([one.commission for one in ceded.values()]),
        )


def _within_the_loss(
    stage: tuple[Contract, ...], left: NDArray[np.float64], net: Occurrences
) -> None:
    if (left < 0.0).any():
        names = " and ".join(f"'{contract.name}'" for contract in stage)
        row = int(np.argmin(left))
        msg = (
            f"contracts side by side {names}: expected to recover at most the loss, "
            f"got {-left[row]} more than {net.amount[row]} in year {net.year[row]}"
        )
        raise BadValue(msg)


@dataclass(frozen=True, eq=False)
class Ceded:
    """What one contract recovers and costs, currency on the grid; see Settlement."""

    recovered: NDArray[np.float64]
    premium: float
    reinstated: NDArray[np.float64]
    commission: float


def _columns(columns: list[NDArray[np.float64]], years: int) -> NDArray[np.float64]:
    return np.column_stack(columns) if columns else np.zeros((years, 0))


@dataclass(frozen=True, eq=False)
class Settlement:
    """Gross, ceded and net by simulated year, currency; net + ceded == gross to the last bit.

    contracts: names, in inuring order.      gross, net: [year].
    ceded:     [year, contract] recoveries.
    gross_largest, net_largest: [year] largest event before and after recoveries.
    net_occurrences: each occurrence after all recoveries.
    premium, commission: [contract] ceded and given back each year.
    reinstated: [year, contract] premium for reinstatements.
    """

    contracts: tuple[str, ...]
    gross: NDArray[np.float64]
    ceded: NDArray[np.float64]
    net: NDArray[np.float64]
    gross_largest: NDArray[np.float64]
    net_largest: NDArray[np.float64]
    net_occurrences: Occurrences
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

        All amounts are on the grid, so premium less this is exact.
        """
        total = np.zeros(len(self.gross))
        for contract in range(len(self.contracts)):
            total += self.premium[contract] + self.reinstated[:, contract]
        return total

    def means(self) -> dict[str, dict[str, float]]:
        """Give contract → mean yearly recovery, premium, reinstatement premium and commission."""
        years = len(self.gross)
        return {
            name: {
                "recovered": exact_sum(self.ceded[:, place]) / years,
                "premium": float(self.premium[place]),
                "reinstatements": exact_sum(self.reinstated[:, place]) / years,
                "commission": float(self.commission[place]),
            }
            for place, name in enumerate(self.contracts)
        }

    def commissions(self) -> float:
        """Give what reinsurers give back each year."""
        total = 0.0
        for commission in self.commission.tolist():
            total += commission
        return total


def _by_year(events: Occurrences) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the sum in order of time and the largest event of every year."""
    total, largest = np.zeros(events.years), np.zeros(events.years)
    kernels.by_year(events.year, _events(events), events.amount, total, largest)
    return total, largest


def _events(events: Occurrences) -> NDArray[np.int64]:
    return np.arange(len(events.year)) if events.event is None else events.event
