"""Return on capital: the mean result over the capital that it takes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from sandbox.measures.distortion import ProportionalHazard, Wang
from sandbox.measures.exact import exact_sum
from sandbox.measures.exceedance import Exceedance
from sandbox.measures.expectile import Expectile
from sandbox.measures.mean import Mean
from sandbox.measures.measured import Measured
from sandbox.measures.sample import Sample
from sandbox.measures.spread import distrust
from sandbox.measures.tail_value_at_risk import TailValueAtRisk
from sandbox.measures.value_at_risk import ValueAtRisk

Held: TypeAlias = Annotated[
    ValueAtRisk | TailValueAtRisk | Exceedance | Expectile | Wang | ProportionalHazard,
    Field(discriminator="kind"),
]
Stated: TypeAlias = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]

NOTHING = 1e-12
"""A capital of so small a part of the largest result is none but for rounding."""


def _form(given: object) -> str:
    """Tell whether capital is a measure or an amount, so that a slip is told of the one meant."""
    return "measure" if isinstance(given, Mapping | BaseModel) else "amount"


Capital: TypeAlias = Annotated[
    Annotated[Stated, Tag("amount")] | Annotated[Held, Tag("measure")], Discriminator(_form)
]


class ReturnOnCapital(BaseModel):
    """E(result) / capital, the figure a result (premium less claims and expenses) in currency.

    capital  an amount, or a measure of the loss, which is the result with the other sign: what
             claims and expenses exceed the premium by (return on risk-adjusted capital; D. Tasche
             2008, "Capital allocation to business units and sub-portfolios")

    A ratio of two estimates from the same rows: error sd(h) / sqrt(n), h = (h1 - R h2) / capital,
    h1 and h2 the influences of a row on the mean and on the capital (delta method).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    RESULT: ClassVar[bool] = True
    UNIT: ClassVar[Literal["ratio"]] = "ratio"
    kind: Literal["return_on_capital"] = "return_on_capital"
    capital: Capital

    def measure(self, sample: Sample) -> Measured:
        """Give the return; NaN, not to be trusted, where the measured capital is not above 0."""
        n = len(sample.values)
        method = "mean over capital; delta method, normal interval"
        held = self._held(sample)
        if not held.value > held.least:
            why = f"the capital by {held.said} is {held.value:,.2f}: there is none to earn on"
            return Measured(math.nan, math.inf, -math.inf, math.inf, method, n, False, why)  # noqa: FBT003 - as its fields stand
        value = exact_sum(sample.values) / n / held.value
        influence = self._influence(sample, value, held)
        error = math.sqrt(exact_sum(influence * influence) / (n - 1) / n)
        if math.isnan(error):  # rows that cannot bound the capital cannot bound the return
            return Measured(value, math.inf, -math.inf, math.inf, method, n, False, held.why)  # noqa: FBT003 - as its fields stand
        return Measured.normal(value, error, method, n, held.why or distrust(influence))

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give (h1 - R h2) / capital, [row]; NaN where there is no capital, or no bound of it."""
        return self._influence(sample, value, self._held(sample))

    def _held(self, sample: Sample) -> "_Needed":
        least = NOTHING * float(np.abs(sample.values).max())
        if isinstance(self.capital, float):
            return _Needed(self.capital, least, "")
        found = self.capital.measure(Sample(-sample.values))
        return _Needed(found.value, least, found.why, self.capital.kind)

    def _influence(self, sample: Sample, value: float, held: "_Needed") -> NDArray[np.float64]:
        if not held.value > held.least:
            return np.full(len(sample.values), np.nan)
        mean = exact_sum(sample.values) / len(sample.values)
        found = Mean().influence(Sample(sample.values), mean)
        if not isinstance(self.capital, float):
            moved = self.capital.influence(Sample(-sample.values), held.value)
            found -= value * (moved - exact_sum(moved) / len(moved))
        return np.asarray(found / held.value, dtype=np.float64)


@dataclass(frozen=True)
class _Needed:
    """Capital, currency, none where not above `least`.

    why: it is not to be trusted;  said: the kind of measure that it is
    """

    value: float
    least: float
    why: str
    said: str = "amount"
