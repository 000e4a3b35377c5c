"""Law 1 for long-term covers: the present value that is priced is the mean of the run-offs."""

from collections.abc import Sequence

import numpy as np

from product_factory.assembled import AssembledBasis, AssembledProduct
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.model import Model
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import pv_claims
from sandbox.execution import Execution
from sandbox.laws.law import LawOne
from sandbox.laws.profiles import Profile
from sandbox.simulate.cohort import simulate_cohort

PILOT_RUNS, LIVES = 400, 2_000
SHARE = 0.005
MOST_RUNS = 10_000
SAFETY = 1.25


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

    E is the recursion of the multistate engine, exact on its grid: bound 0. A cover that nothing
    can trigger on a basis has E = 0 and must pay nothing.
    """
    found: list[LawOne] = []
    for basis in bases:
        for profile in profiles:
            cells = Cells({name: np.array([value]) for name, value in profile.values.items()})
            found += _one(bound(product, basis, cells), profile, seed, share, threads)
    return tuple(found)


def _one(model: Model, profile: Profile, seed: int, share: float, threads: int) -> list[LawOne]:
    expected = {name: float(value[0]) for name, value in pv_claims(model).items()}
    pilot = _paid(model, profile, PILOT_RUNS, seed + 1, threads)
    runs = PILOT_RUNS
    for name, value in expected.items():
        if value > 0.0:
            spread = float(np.std(pilot[name], ddof=1)) / (share * value)
            runs = max(runs, int(np.ceil(SAFETY * spread * spread)))
    runs = min(runs, MOST_RUNS)
    paid = _paid(model, profile, runs, seed, threads)
    return [
        LawOne.judged(
            group=(name,),
            basis=model.basis.name,
            profile=profile.name,
            method="recursion",
            expected=value,
            bound=0.0,
            rows=paid.get(name, np.zeros(runs)),
            share=share,
            years=runs * LIVES,
        )
        for name, value in expected.items()
    ]


def _paid(
    model: Model, profile: Profile, runs: int, seed: int, threads: int
) -> dict[str, np.ndarray]:
    """Give the mean payment of a life in each run, by cover."""
    run = simulate_cohort(
        model,
        np.array([LIVES]),
        np.zeros(1),
        runs,
        seed,
        keys=np.array([profile.key], dtype=np.uint64),
        execution=Execution.on(threads),
    )
    return {name: run.table.paid[:, place] / LIVES for place, name in enumerate(run.table.columns)}
