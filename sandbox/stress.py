"""A product under scenarios: each figure as it stands, as it becomes, and by how much it moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from product_factory.assembled import AssembledProduct
from sandbox.figures import FIGURES, difference
from sandbox.figures.standard import has
from sandbox.loss_table import LossTable
from sandbox.measures import Mean, Measure, Measured, ValueAtRisk
from sandbox.run import Run
from sandbox.runs import Runs
from sandbox.scenarios import Scenario, fits, load_scenarios

STRESSED: Mapping[str, tuple[Measure, ...]] = MappingProxyType(
    {
        "claims_over_premium": (Mean(), ValueAtRisk(level=0.995)),
        "combined_ratio": (Mean(),),
        "new_business_value": (Mean(),),
        "profit_margin": (Mean(),),
        "largest_event": (ValueAtRisk(level=0.995),),
    }
)
"""What a stress test shows, where the product has the figure."""


@dataclass(frozen=True)
class Stressed:
    """One measure of one figure under one scenario; the difference has its own, paired error."""

    scenario: str
    figure: str
    measure: Measure
    base: Measured
    shocked: Measured
    difference: Measured


def stress(runs: Runs, scenarios: Sequence[Scenario]) -> tuple[Stressed, ...]:
    """Simulate a product as it stands and under every scenario, on the same random numbers."""
    base = runs.run()
    return tuple(
        row for scenario in scenarios for row in compare(base, runs.run(scenario=scenario))
    )


def compare(base: Run, shocked: Run) -> tuple[Stressed, ...]:
    """Compare two runs on the same random numbers."""
    return compare_rows(base.table, shocked.table, shocked.scenario)


def compare_rows(base: LossTable, shocked: LossTable, scenario: str) -> tuple[Stressed, ...]:
    """Compare rows as they stand and under a scenario, on the same random numbers."""
    found = []
    for name, measures in STRESSED.items():
        if not has(base, name):
            continue
        before, after = FIGURES[name].of(base), FIGURES[name].of(shocked)
        for measure in measures:
            moved = difference(measure, before, after)
            found.append(
                Stressed(
                    scenario,
                    name,
                    measure,
                    measure.measure(before),
                    measure.measure(after),
                    moved,
                )
            )
    return tuple(found)


def fitting(product: AssembledProduct) -> tuple[Scenario, ...]:
    """Give the usual scenarios of the shelf that change something of a product."""
    known = load_scenarios(product.shelf).values()
    return tuple(one for one in known if one.usual and fits(one, product))
