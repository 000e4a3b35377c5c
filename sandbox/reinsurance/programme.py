"""A programme: contracts in inuring order, and what they leave of each year."""

from typing import Annotated, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from product_factory.errors import BadValue
from sandbox.kernels.settlement import Settled
from sandbox.reinsurance.bound import Bound, bind
from sandbox.reinsurance.excess_of_loss import ExcessOfLoss
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.facultative import Facultative
from sandbox.reinsurance.occurrences import CEILING, Occurrences, on_grid
from sandbox.reinsurance.quota_share import QuotaShare
from sandbox.reinsurance.settlement import Settlement
from sandbox.reinsurance.stop_loss import StopLoss
from sandbox.reinsurance.surplus import Surplus
from sandbox.reinsurance.years import settle_years

Contract: TypeAlias = Annotated[
    QuotaShare | Surplus | Facultative | ExcessOfLoss | StopLoss, Field(discriminator="kind")
]
Stage: TypeAlias = Contract | Annotated[tuple[Contract, ...], Field(min_length=1)]
ROUNDING = 1e-9
"""Shares that are written as decimals add up to 100% within this."""


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

    def swept(
        self, settlement: Settlement, premium: NDArray[np.float64], parts: int = 1
    ) -> Settlement:
        """Give a settlement of this programme in which nothing is left where quota shares take all.

        premium  [year] of all covers;  parts: of how many settlements this is the sum, each of
                 which was rounded; see `Settlement.swept`
        """
        place = -1
        for stage in self.stages:
            place += len(stage)
            shares = [c.cession for c in stage if isinstance(c, QuotaShare) and not c.risk_premium]
            if len(shares) == len(stage) and sum(shares) > 1.0 - ROUNDING:
                return settlement.swept(place, premium, parts)
        return settlement

    def settle(
        self, gross: Occurrences, exposure: Exposure = NO_EXPOSURE, threads: int = 1
    ) -> Settlement:
        """Give gross, ceded and net of every year; the threads change no bit of it.

        exposure: the risks with their premium; without it no premium is ceded in proportion.

        BadValue where a year's total is too large for exact sums, or where contracts side by
        side (layers that overlap, shares above 100% together) recover more than a loss.
        """
        bound = bind(self.stages, exposure)
        settled = self._settled(bound, gross, threads, rows=False)
        return Settlement(
            contracts=tuple(contract.name for stage in self.stages for contract in stage),
            gross=settled.gross,
            ceded=settled.ceded.T,
            net=settled.net,
            gross_largest=settled.gross_largest,
            net_largest=settled.net_largest,
            premium=np.array([on_grid(cost.premium) for cost in bound.costs]),
            reinstated=settled.reinstated.T,
            commission=np.array([on_grid(cost.commission) for cost in bound.costs]),
        )

    def leaves(
        self, gross: Occurrences, exposure: Exposure = NO_EXPOSURE, threads: int = 1
    ) -> NDArray[np.float64]:
        """Give what is left of each occurrence after all recoveries, [occurrence]; as `settle`."""
        return self._settled(bind(self.stages, exposure), gross, threads, rows=True).rows

    def _settled(self, bound: Bound, gross: Occurrences, threads: int, *, rows: bool) -> Settled:
        for stage in self.stages:
            for contract in stage:
                contract.check(gross)
        settled, excess = settle_years(bound.contracts, gross, threads, rows=rows)
        if settled.gross.max(initial=0.0) >= CEILING:
            year = int(np.argmax(settled.gross >= CEILING))
            total = settled.gross[year]
            msg = f"year {year}: expected a total below {CEILING:.0f}, got {total}"
            raise BadValue(msg)
        for stage, (left, seen, row) in zip(self.stages, excess.tolist(), strict=True):
            if left < 0.0:
                names = " and ".join(f"'{contract.name}'" for contract in stage)
                msg = (
                    f"contracts side by side {names}: expected to recover at most the loss, "
                    f"got {-left} more than {seen} in year {gross.year[int(row)]}"
                )
                raise BadValue(msg)
        return settled
