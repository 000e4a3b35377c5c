"""Law 1 net of a programme for long-term contracts: recoveries, premiums and what is left.

The simulated side is the whole way of a run: lives walk, contracts take what is theirs, and it is
settled. The other side needs no random numbers; see `sandbox/laws/ceded_lives.py`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import BadValue
from rating.engines.multistate.model import Model
from rating.engines.multistate.unknowns import bound
from sandbox.execution import Execution
from sandbox.laws.ceded_lives import ceded_life
from sandbox.laws.law import LawOne
from sandbox.laws.long_term import (
    COUNTED_RUNS,
    COUNTED_SAFETY,
    LIVES,
    MOST_RUNS,
    PILOT_RUNS,
    SAFETY,
    SHARE,
)
from sandbox.laws.net import NET, portfolio_alike
from sandbox.laws.profiles import Profile
from sandbox.portfolio.portfolio import Portfolio
from sandbox.reinsurance.occurrences import STEP
from sandbox.run_off_protection import RunOffProtection, run_off_protection
from sandbox.simulate.cohort import CohortShock, shocked, simulate_cohort

Floats = npt.NDArray[np.float64]
NOTHING = CohortShock()


def law_one_net_long_term(  # noqa: PLR0913 - the law, its sizes, and what a test plants
    product: AssembledProduct,
    bases: Sequence[AssembledBasis],
    profiles: Sequence[Profile],
    seed: int,
    *,
    share: float = SHARE,
    lives: int = LIVES,
    shock: CohortShock = NOTHING,
    threads: int = 1,
) -> tuple[LawOne, ...]:
    """Hold each contract of the product's programme, what it costs, and what is left.

    share  the standard error as a share of E that must be reached; run-offs are derived from the
           variance of a pilot under another seed
    lives  in each run-off
    shock  of the simulation alone: how a test plants an error that the law must catch

    Groups are named after contracts. Raises BadInput where the method would be simulated, and
    BadValue for a product without a programme.
    """
    found: list[LawOne] = []
    for profile in profiles:
        portfolio = portfolio_alike(product, profile, lives)
        for basis in bases:
            model = bound(product, basis, portfolio.risks, portfolio.premiums)
            cover = run_off_protection(portfolio, model)
            if cover is None:
                message = f"{product.name}: expected a programme of reinsurance, got none"
                raise BadValue(message)
            found += _Trial(model, portfolio, cover, profile, seed, share, shock, threads).run()
    return tuple(found)


@dataclass(frozen=True)
class _Trial:
    """One basis and profile."""

    model: Model
    portfolio: Portfolio
    cover: RunOffProtection
    profile: Profile
    seed: int
    share: float
    shock: CohortShock
    threads: int

    def run(self) -> list[LawOne]:
        known = ceded_life(self.model, self.cover, float(self.portfolio.premiums[0]))
        costs = {_cost(name): mean for name, mean in known.premium.items()}
        means = {NET: known.net, **known.recovered, **costs}
        counted = any(one.column in self.cover.ceding.covers for one in self.model.running)
        first, safety = (COUNTED_RUNS, COUNTED_SAFETY) if counted else (PILOT_RUNS, SAFETY)
        pilot, needed = self._rows(first, self.seed + 1), [float(first)]
        for name, mean in means.items():
            if mean.value > 0.0:
                spread = float(np.std(pilot[name], ddof=1)) / (self.share * mean.value)
                needed.append(safety * spread * spread)
        runs = min(math.ceil(max(needed)), MOST_RUNS)
        rows = self._rows(runs, self.seed)
        # every recovery of a run is rounded down to the grid, and every premium to its nearest step
        steps = STEP * len(self.cover.ceding.contracts) / self.portfolio.policies
        return [
            LawOne.judged(
                group=(name,),
                basis=self.model.basis.name,
                profile=self.profile.name,
                method="recursion",
                expected=mean.value,
                bound=mean.bound + steps,
                rows=rows[name],
                share=self.share,
                years=runs * self.portfolio.policies,
            )
            for name, mean in means.items()
        ]

    def _rows(self, runs: int, seed: int) -> dict[str, Floats]:
        """Give what each contract recovers and costs of a life in each run, and what is left."""
        run = simulate_cohort(
            shocked(self.model, self.shock),
            self.portfolio.cells.policies,
            self.portfolio.premiums,
            runs,
            seed,
            keys=self.portfolio.cells.keys,
            ceding=self.cover.ceding,
            execution=Execution.on(self.threads),
        )
        _, settled = self.cover.settled(run)
        lives = self.portfolio.policies
        found: dict[str, Floats] = {NET: settled.net / lives}
        for place, name in enumerate(settled.contracts):
            found[name] = settled.ceded[:, place] / lives
            found[_cost(name)] = settled.premium[:, place] / lives
        return found


def _cost(contract: str) -> str:
    return f"{contract}: premium"
