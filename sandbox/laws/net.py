"""Law 1 net of a programme: what each contract recovers, and what is left, has the mean it should.

The simulated side is the whole way of a run: years are drawn, losses are kept risk by risk, and the
programme settles them. The other side needs no random numbers; see `sandbox/laws/ceded.py`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import BadValue
from rating.engines.collective.annual import AnnualModel, annual_model
from sandbox.execution import Execution
from sandbox.laws.annual import CATASTROPHE_SHARE, MOST_ROUNDS, SAFETY, SHARE
from sandbox.laws.ceded import Ceded, ceded
from sandbox.laws.law import LawOne
from sandbox.laws.layer_of_storms import Known
from sandbox.laws.profiles import Profile
from sandbox.portfolio.portfolio import Portfolio, priced
from sandbox.portfolio.risks import Risks
from sandbox.protection import Protection, protection
from sandbox.simulate.annual import AnnualShock, simulate_annual

Floats = npt.NDArray[np.float64]
NET = "net of reinsurance"
POLICIES, PILOT_YEARS = 500, 1_000


def law_one_net(  # noqa: PLR0913 - the law, its sizes, and what a test plants
    product: AssembledProduct,
    bases: Sequence[AssembledBasis],
    profiles: Sequence[Profile],
    seed: int,
    *,
    policies: int = POLICIES,
    share: float = SHARE,
    catastrophe_share: float = CATASTROPHE_SHARE,
    shock: AnnualShock | None = None,
    threads: int = 1,
) -> tuple[LawOne, ...]:
    """Hold each contract of the product's programme, what it charges, and what is left.

    policies  of each profile, whose losses come together where a storm meets them
    shock     of the simulation alone: how a test plants an error that the law must catch

    Groups are named after contracts. Years are derived from a pilot's variance, as those of
    `law_one_annual`. Raises BadInput where the method would be simulated, and BadValue for a
    product without a programme.
    """
    found: list[LawOne] = []
    for profile in profiles:
        portfolio = portfolio_alike(product, profile, policies)
        cover = protection(portfolio)
        if cover is None:
            message = f"{product.name}: expected a programme of reinsurance, got none"
            raise BadValue(message)
        for basis in bases:
            model = annual_model(product, basis, portfolio.cells)
            stormy = any(
                set(entry.events) & {process.name for process in model.catalogue}
                for entry in model.payout.entries
                if entry.name in cover.file.covers
            )
            sharp = catastrophe_share if stormy else share
            found += _Trial(model, portfolio, cover, profile, seed, sharp, shock, threads).run()
    return tuple(found)


def portfolio_alike(product: AssembledProduct, profile: Profile, policies: int) -> Portfolio:
    """Give a portfolio of policies that are all the profile, at their premium."""
    risks = Risks(
        np.array([policies], dtype=np.int64),
        {name: np.array([value]) for name, value in profile.values.items()},
        {name: row.reshape(1, -1) for name, row in profile.items.items()},
        profile.present.reshape(1, -1),
        members=profile.members,
    )
    return priced(product, risks, profile.name, strict=True)


@dataclass(frozen=True)
class _Trial:
    """One basis and profile."""

    model: AnnualModel
    portfolio: Portfolio
    cover: Protection
    profile: Profile
    seed: int
    share: float
    shock: AnnualShock | None
    threads: int

    def run(self) -> list[LawOne]:
        known = ceded(self.model, self.cover)
        means = _means(known)
        pilot = self._rows(PILOT_YEARS, self.seed + 1)
        needed = [
            SAFETY * float(np.var(pilot[name], ddof=1)) / (self.share * mean.value) ** 2
            for name, mean in means.items()
            if mean.value > 0.0
        ]
        years = max(PILOT_YEARS, math.ceil(max(needed, default=0.0)))
        laws: list[LawOne] = []
        for _ in range(MOST_ROUNDS):
            laws = self._judged(means, years)
            if all(law.sharp for law in laws):
                break
            # large events came more often than in the pilot: now their variance is known
            grow = max(law.error / (law.share * law.expected) for law in laws if law.expected > 0.0)
            years = math.ceil(SAFETY * years * grow * grow)
        return laws

    def _judged(self, means: Mapping[str, Known], years: int) -> list[LawOne]:
        rows = self._rows(years, self.seed)
        policies = self.portfolio.policies
        return [
            LawOne.judged(
                group=(name,),
                basis=self.model.basis.name,
                profile=self.profile.name,
                method="numeric",
                expected=mean.value,
                bound=mean.bound,
                rows=rows[name],
                share=self.share,
                years=years * policies,
            )
            for name, mean in means.items()
        ]

    def _rows(self, years: int, seed: int) -> dict[str, Floats]:
        """Give what each contract recovers and charges in each year, and what is left of it."""
        run = simulate_annual(
            self.model,
            self.portfolio.premiums,
            years,
            seed,
            shock=self.shock,
            protects=self.cover.protects,
            execution=Execution.on(self.threads),
        )
        _, settled = self.cover.settled(run.table, run, self.threads)
        found: dict[str, Floats] = {NET: settled.net}
        for place, name in enumerate(settled.contracts):
            found[name] = settled.ceded[:, place]
            found[_charge(name)] = settled.reinstated[:, place]
        return found


def _means(known: Ceded) -> dict[str, Known]:
    """Name all means alike: of contracts, of what they charge, and of what is left."""
    charged = {_charge(name): mean for name, mean in known.reinstated.items()}
    return {NET: known.net, **known.recovered, **charged}


def _charge(contract: str) -> str:
    return f"{contract}: reinstatements"
