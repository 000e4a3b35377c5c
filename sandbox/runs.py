"""The runs of one portfolio: each is simulated once, however many ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from product_factory.assembled import AssembledProduct
from sandbox.dependence.specification import DependenceFile
from sandbox.execution import ONE_THREAD, Execution
from sandbox.portfolio.portfolio import Portfolio
from sandbox.run import BEST_ESTIMATE, SEED, Run, simulate
from sandbox.scenarios import Scenario


@dataclass(frozen=True)
class Runs:
    """What `simulate` is asked again and again: only the basis, scenario and horizon are others.

    years       simulated years, or run-offs, of each run
    execution   who computes them all
    dependence  what ties lines together in all of them
    """

    product: AssembledProduct
    portfolio: Portfolio
    years: int | None = None
    seed: int = SEED
    execution: Execution = ONE_THREAD
    dependence: DependenceFile | None = None
    _made: dict[tuple[str, str, int | None], Run] = field(default_factory=dict)

    def run(
        self,
        basis: str = BEST_ESTIMATE,
        scenario: Scenario | None = None,
        *,
        by: Sequence[tuple[str, ...]] = (),
        horizon: int | None = None,
    ) -> Run:
        """Give the run, as `simulate` makes it; one that keeps more than `by` serves too."""
        said = "" if scenario is None else scenario.model_dump_json()
        key = basis, said, horizon
        made = self._made.get(key)
        if made is None or not set(by) <= set(made.by):
            made = self.fresh(basis, scenario, by=by, horizon=horizon)
            self._made[key] = made
        return made.keeping(by)

    def fresh(
        self,
        basis: str = BEST_ESTIMATE,
        scenario: Scenario | None = None,
        *,
        by: Sequence[tuple[str, ...]] = (),
        horizon: int | None = None,
        portfolio: Portfolio | None = None,
        years: int | None = None,
        seed: int | None = None,
    ) -> Run:
        """Simulate a run that is not kept: of many, each would be asked for but once.

        portfolio, years, seed   in the place of those of all runs
        """
        return simulate(
            self.product,
            self.portfolio if portfolio is None else portfolio,
            years=self.years if years is None else years,
            seed=self.seed if seed is None else seed,
            basis=basis,
            scenario=scenario,
            dependence=self.dependence,
            by=by,
            horizon=horizon,
            execution=self.execution,
        )
