"""What every run measures."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import BaseModel

from sandbox.figures.figure import FIGURES
from sandbox.loss_table import LossTable
from sandbox.measures import (
    Mean,
    Measure,
    Measured,
    StandardDeviation,
    TailValueAtRisk,
    ValueAtRisk,
    estimated,
)

MEASURED: Mapping[str, tuple[Measure, ...]] = MappingProxyType(
    {
        "claims": (
            Mean(),
            StandardDeviation(),
            ValueAtRisk(level=0.99),
            ValueAtRisk(level=0.995),
            TailValueAtRisk(level=0.99),
        ),
        "claims_over_premium": (Mean(), ValueAtRisk(level=0.995)),
        "combined_ratio": (Mean(), ValueAtRisk(level=0.995)),
        "new_business_value": (Mean(), StandardDeviation()),
        "profit_margin": (Mean(),),
        "largest_event": (Mean(), ValueAtRisk(level=0.995)),
    }
)
"""What every run measures, where the run has the figure."""


def measured(table: LossTable, net: LossTable | None = None) -> Mapping[str, Measured]:
    """Measure what every run measures: `claims.mean`, `net claims.value_at_risk 99.5%`."""
    found: dict[str, Measured] = {}
    for prefix, one in (("", table), ("net ", net)):
        if one is None:
            continue
        for name, measures in MEASURED.items():
            if not has(one, name) or (prefix and name not in ("claims", "largest_event")):
                continue
            sample = FIGURES[name].of(one)
            for measure in measures:
                found[name_of(prefix, name, measure)] = estimated(measure, sample)
    return MappingProxyType(found)


def name_of(prefix: str, figure: str, measure: Measure) -> str:
    """Name a measure of a figure; prefix: "net " after reinsurance, else ""."""
    return f"{prefix}{figure}.{measure.kind}{level_of(measure)}"


def level_of(measure: Measure) -> str:
    """Say the level of a measure, and whatever else it states: " 99.5%", " price_of_risk 0.5"."""
    said = ""
    for key, value in measure:
        if key == "level":
            said += f" {value * 100:g}%"
        elif isinstance(value, BaseModel):
            said += f" {key} {value.kind}{level_of(value)}"  # type: ignore[attr-defined, arg-type]  # a measure
        elif key != "kind":
            said += f" {key} {value:.12g}"
    return said


def has(table: LossTable, name: str) -> bool:
    """Tell whether a table, gross of reinsurance, has a figure."""
    figure = FIGURES[name]
    if figure.net or table.kind not in figure.kinds or (figure.expenses and table.expenses is None):
        return False
    held = {"largest_event": table.largest_event, "largest_claim": table.largest_claim}
    return name not in held or held[name] is not None
