"""Law 1 for long-term covers: the present value that is priced is the mean of the run-offs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from product_factory.assembled import AssembledBasis, AssembledProduct
from rating.engines.multistate.forward import expected as expected_of
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.model import Model
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import discount, pv_claims
from sandbox.execution import Execution
from sandbox.laws.law import LawOne
from sandbox.laws.profiles import Profile
from sandbox.simulate.cohort import simulate_cohort

Group = tuple[str, ...]
PILOT_RUNS, LIVES = 400, 2_000
COUNTED_RUNS = 100
"""Of the pilot where events are drawn one by one: a run has thousands of them."""
SHARE = 0.005
MOST_RUNS = 40_000
SAFETY, COUNTED_SAFETY = 1.25, 1.75
"""How many more runs than the pilot's variance asks for; a short pilot knows it less well."""


def law_one_long_term(
    product: AssembledProduct,
    bases: Sequence[AssembledBasis],
    profiles: Sequence[Profile],
    seed: int,
    *,
    share: float = SHARE,
    threads: int = 1,
) -> tuple[LawOne, ...]:
    """Hold every cover on every basis and profile: |E − mean| ≤ 4 standard errors + bound.

    share  the standard error as a share of E that the number of run-offs must reach; the number is
           derived from the variance of a pilot under another seed, so that the law cannot pass by
           vagueness

    E is the recursion of the multistate engine, exact on its grid: bound 0. A cover of events that
    are counted by the year has the bounds of its years besides, and every event is drawn; covers
    that share a pool are held together. A cover that nothing can trigger on a basis has E = 0 and
    must pay nothing.
    """
    found: list[LawOne] = []
    for basis in bases:
        for profile in profiles:
            cells = Cells({name: np.array([value]) for name, value in profile.values.items()})
            found += _one(bound(product, basis, cells), profile, seed, share, threads)
    return tuple(found)


def _one(model: Model, profile: Profile, seed: int, share: float, threads: int) -> list[LawOne]:
    """Hold the covers of the life, and those of events counted by the year, each by its own size.

    The second vary less from life to life, and cost more to draw.
    """
    expected = {name: float(value[0]) for name, value in pv_claims(model).items()}
    counted = {one.column: one for one in model.running}
    of_life: dict[tuple[str, ...], float] = {
        (name,): value for name, value in expected.items() if name not in counted
    }
    trial = _Trial(profile, seed, share, threads)
    found = trial.run(replace(model, running=()), of_life, dict.fromkeys(of_life, 0.0), "recursion")
    if not counted:
        return found
    alive = expected_of(model).alive[0, :-1]
    worth = discount(model)[1:]
    off = {n: math.fsum((alive * worth * one.bound[0]).tolist()) for n, one in counted.items()}
    groups = _sharing(model.product, [*counted])
    beside = {group: math.fsum(expected[name] for name in group) for group in groups}
    bounds = {group: math.fsum(off[name] for name in group) for group in groups}
    drawn = replace(trial, pilot=COUNTED_RUNS, safety=COUNTED_SAFETY)
    return [*found, *drawn.run(model, beside, bounds, "numeric")]


def _sharing(product: AssembledProduct, columns: Sequence[str]) -> list[Group]:
    """Join the covers that share a pool; what stands alone is a group of its own."""
    groups: list[Group] = [(name,) for name in columns]
    for pool in product.product.pools.values():
        met = [group for group in groups if pool.covers & {*group}]
        if met:
            joined = tuple(name for name in columns if any(name in group for group in met))
            groups = [*(group for group in groups if group not in met), joined]
    return groups


def _together(paid: Mapping[str, np.ndarray], group: Group, runs: int = 1) -> np.ndarray:
    """Add up what the covers of a group paid in each run."""
    total = np.zeros(runs)
    for name in group:
        total = total + paid.get(name, 0.0)
    return total


@dataclass(frozen=True)
class _Trial:
    """How a profile is simulated."""

    profile: Profile
    seed: int
    share: float
    threads: int
    pilot: int = PILOT_RUNS
    safety: float = SAFETY

    def run(
        self,
        model: Model,
        expected: Mapping[Group, float],
        bounds: Mapping[Group, float],
        method: str,
    ) -> list[LawOne]:
        pilot = self._paid(model, self.pilot, self.seed + 1) if expected else {}
        runs = self.pilot
        for group, value in expected.items():
            if value > 0.0:
                spread = float(np.std(_together(pilot, group), ddof=1)) / (self.share * value)
                runs = max(runs, int(np.ceil(self.safety * spread * spread)))
        runs = min(runs, MOST_RUNS)
        paid = self._paid(model, runs, self.seed) if expected else {}
        return [
            LawOne.judged(
                group=group,
                basis=model.basis.name,
                profile=self.profile.name,
                method=method,
                expected=value,
                bound=bounds[group],
                rows=_together(paid, group, runs),
                share=self.share,
                years=runs * LIVES,
            )
            for group, value in expected.items()
        ]

    def _paid(self, model: Model, runs: int, seed: int) -> dict[str, np.ndarray]:
        """Give the mean payment of a life in each run, by cover."""
        run = simulate_cohort(
            model,
            np.array([LIVES]),
            np.zeros(1),
            runs,
            seed,
            keys=np.array([self.profile.key], dtype=np.uint64),
            execution=Execution.on(self.threads),
        )
        columns = enumerate(run.table.columns)
        return {name: run.table.paid[:, place] / LIVES for place, name in columns}
