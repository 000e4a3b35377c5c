"""A product under scenarios: each figure as it stands, as it becomes, and by how much it moves.

With a programme each is told before reinsurance, after it, and as what reinsurance buys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

from product_factory.assembled import AssembledProduct
from sandbox.figures import FIGURES, difference, difference_of_differences
from sandbox.figures.standard import has
from sandbox.loss_table import LossTable
from sandbox.measures import Mean, Measure, Measured, Sample, ValueAtRisk
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


Side = Literal["gross", "net", "bought"]
"""Before reinsurance, after it, and what it buys: net less gross."""


@dataclass(frozen=True)
class Stressed:
    """One measure of one figure under one scenario; the difference has its own, paired error.

    side  of `bought`, base and shocked are themselves differences with paired errors
    """

    scenario: str
    figure: str
    measure: Measure
    side: Side
    base: Measured
    shocked: Measured
    difference: Measured


class Rows(NamedTuple):
    """Simulated rows before and after reinsurance; net: None without a programme."""

    table: LossTable
    net: LossTable | None


def stress(runs: Runs, scenarios: Sequence[Scenario]) -> tuple[Stressed, ...]:
    """Simulate a product as it stands and under every scenario, on the same random numbers."""
    base = rows_of(runs.run())
    return tuple(
        row
        for scenario in scenarios
        for row in compare(base, rows_of(runs.run(scenario=scenario)), scenario.scenario)
    )


class _Simulated(Protocol):
    @property
    def table(self) -> LossTable: ...
    @property
    def net(self) -> LossTable | None: ...


def rows_of(run: _Simulated) -> Rows:
    """Give the rows of a run, of a product or of a business."""
    return Rows(run.table, run.net)


def compare(base: Rows, shocked: Rows, scenario: str) -> tuple[Stressed, ...]:
    """Compare rows as they stand and under a scenario, on the same random numbers.

    With a programme, each figure is told gross, net and as what reinsurance buys; but for ratios
    of rows whose premium all goes to reinsurers, and for the largest event where net has none.
    """
    found: list[Stressed] = []
    for name, measures in STRESSED.items():
        if not has(base.table, name):
            continue
        of = FIGURES[name].of
        gross = of(base.table), of(shocked.table)
        net = None
        if base.net is not None and shocked.net is not None and has(base.net, name):
            nets = base.net, shocked.net
            if FIGURES[name].unit == "money" or all((one.premium > 0.0).all() for one in nets):
                net = of(base.net), of(shocked.net)
        for measure in measures:
            found.append(_side(scenario, name, measure, "gross", gross))
            if net is not None:
                found.append(_side(scenario, name, measure, "net", net))
                found.append(_bought(scenario, name, measure, gross, net))
    return tuple(found)


Pair = tuple[Sample, Sample]
"""A figure as it stands and under a scenario."""


def _side(scenario: str, name: str, measure: Measure, side: Side, pair: Pair) -> Stressed:
    before, after = (measure.measure(one) for one in pair)
    return Stressed(scenario, name, measure, side, before, after, difference(measure, *pair))


def _bought(scenario: str, name: str, measure: Measure, gross: Pair, net: Pair) -> Stressed:
    before, after = ((gross[n], net[n]) for n in range(2))
    return Stressed(
        scenario,
        name,
        measure,
        "bought",
        difference(measure, *before),
        difference(measure, *after),
        difference_of_differences(measure, before, after),
    )


def fitting(product: AssembledProduct) -> tuple[Scenario, ...]:
    """Give the usual scenarios of the shelf that change something of a product."""
    known = load_scenarios(product.shelf).values()
    return tuple(one for one in known if one.usual and fits(one, product))
