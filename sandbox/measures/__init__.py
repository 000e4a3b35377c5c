"""Measures of a figure, each with its Monte Carlo error: one kind, one file.

In use:
    FIGURES["claims_over_premium"](table)                     a Sample: one value a row
    ValueAtRisk(level=0.995).measure(sample)                  a Measured: value, error, interval
    MEASURE.validate_python({"kind": "value_at_risk", ...})   the measure that a gate names
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import Field, TypeAdapter

from sandbox.measures.distortion import ProportionalHazard, Wang
from sandbox.measures.exceedance import RETURN_PERIODS, Curve, Exceedance
from sandbox.measures.expectile import Expectile
from sandbox.measures.figures import FIGURES, claims_over_premium_by
from sandbox.measures.mean import Mean
from sandbox.measures.measured import Measured
from sandbox.measures.replicates import Replicated, curve, estimated
from sandbox.measures.return_on_capital import ReturnOnCapital
from sandbox.measures.ruin import Ruin
from sandbox.measures.sample import Sample
from sandbox.measures.skewness import Skewness
from sandbox.measures.standard_deviation import StandardDeviation
from sandbox.measures.tail_value_at_risk import TailValueAtRisk
from sandbox.measures.time_to_ruin import TimeToRuin
from sandbox.measures.value_at_risk import ValueAtRisk

Kinds: TypeAlias = (
    Mean
    | StandardDeviation
    | Skewness
    | ValueAtRisk
    | TailValueAtRisk
    | Exceedance
    | Expectile
    | Wang
    | ProportionalHazard
    | ReturnOnCapital
    | Ruin
    | TimeToRuin
)

Measure: TypeAlias = Annotated[Kinds, Field(discriminator="kind")]

MEASURE: TypeAdapter[Measure] = TypeAdapter(Measure)
"""Reads a measure from the mapping that stands in a gate."""

MeasureKind: TypeAlias = type[Kinds]

MEASURES: Mapping[str, MeasureKind] = MappingProxyType(
    {
        "exceedance": Exceedance,
        "expectile": Expectile,
        "mean": Mean,
        "proportional_hazard": ProportionalHazard,
        "return_on_capital": ReturnOnCapital,
        "ruin": Ruin,
        "skewness": Skewness,
        "standard_deviation": StandardDeviation,
        "tail_value_at_risk": TailValueAtRisk,
        "time_to_ruin": TimeToRuin,
        "value_at_risk": ValueAtRisk,
        "wang": Wang,
    }
)
"""Every kind of measure by the word that stands after `kind:`."""

__all__ = [
    "FIGURES",
    "MEASURE",
    "MEASURES",
    "RETURN_PERIODS",
    "Curve",
    "Exceedance",
    "Expectile",
    "Mean",
    "Measure",
    "MeasureKind",
    "Measured",
    "ProportionalHazard",
    "Replicated",
    "ReturnOnCapital",
    "Ruin",
    "Sample",
    "Skewness",
    "StandardDeviation",
    "TailValueAtRisk",
    "TimeToRuin",
    "ValueAtRisk",
    "Wang",
    "claims_over_premium_by",
    "curve",
    "estimated",
]
