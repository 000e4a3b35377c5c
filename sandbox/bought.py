"""What reinsurance buys: each figure before and after it, and the difference with its own error."""

from dataclasses import dataclass

import numpy as np

from sandbox.figures import FIGURES, difference
from sandbox.loss_table import LossTable
from sandbox.measures import (
    Mean,
    Measure,
    Measured,
    ReturnOnCapital,
    StandardDeviation,
    TailValueAtRisk,
    ValueAtRisk,
    estimated,
)
from sandbox.reinsurance import Settlement

COMPARED: tuple[tuple[str, Measure], ...] = (
    ("claims", Mean()),
    ("claims", StandardDeviation()),
    ("claims", ValueAtRisk(level=0.995)),
    ("combined_ratio", Mean()),
    ("combined_ratio", ValueAtRisk(level=0.995)),
    ("profit", Mean()),
    ("profit", StandardDeviation()),
    ("profit", ReturnOnCapital(capital=TailValueAtRisk(level=0.995))),
)
"""What is told gross and net of years, where they have the figure."""
OF_RUN_OFFS: tuple[tuple[str, Measure], ...] = tuple(
    ("new_business_value" if name == "profit" else name, measure)
    for name, measure in COMPARED
    if not isinstance(measure, ReturnOnCapital)
)
"""The same of run-offs, whose profit is the value of new business; no year of it needs capital."""


@dataclass(frozen=True)
class Bought:
    """One measure of one figure; change: net less gross, with the error of paired rows."""

    figure: str
    measure: Measure
    gross: Measured
    net: Measured
    change: Measured


def bought(table: LossTable, net: LossTable | None) -> tuple[Bought, ...]:
    """Compare the rows before and after reinsurance; nothing without a programme."""
    if net is None:
        return ()
    found = []
    for name, measure in COMPARED if table.kind == "annual" else OF_RUN_OFFS:
        figure = FIGURES[name]
        if figure.expenses and table.expenses is None:
            continue
        if figure.unit == "ratio" and not ((table.premium > 0.0) & (net.premium > 0.0)).all():
            continue  # a year whose premium all goes to reinsurers has no ratio
        before, after = figure.of(table), figure.of(net)
        one = Bought(
            name,
            measure,
            estimated(measure, before),
            estimated(measure, after),
            difference(measure, before, after),
        )
        found.append(one)
    return tuple(found)


def costless(settlement: Settlement | None) -> tuple[str, ...]:
    """Name the contracts that cost nothing in any year, since they state no premium."""
    if settlement is None:
        return ()
    stated = np.atleast_2d(settlement.premium).max(axis=0)
    costs = stated + settlement.reinstated.max(axis=0, initial=0.0)
    return tuple(
        name for name, cost in zip(settlement.contracts, costs.tolist(), strict=True) if not cost
    )
