"""A measure of a figure, as a gate names one, without a limit."""

import numpy as np
from pydantic import model_validator

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, BadValue
from product_factory.strict import Strict
from sandbox.figures import asks_result, unfit
from sandbox.gates.gate import FigureName, MeasureOf
from sandbox.measures import Mean, Ruin, Sample, TimeToRuin

MOST_TRIED = 1_000_000
"""Rows: of more, every measure has enough."""


class Watched(Strict):
    """A measure of a figure, by default the mean of claims over premium."""

    figure: FigureName = "claims_over_premium"
    measure: MeasureOf = Mean()

    @model_validator(mode="after")
    def _of_a_result(self) -> "Watched":
        asks_result(self.figure, self.measure)
        return self


def of_ruin(measure: MeasureOf) -> bool:
    """Tell whether a measure takes rows for years that follow one another."""
    return isinstance(measure, Ruin | TimeToRuin)


def yearly(measure: MeasureOf, horizon: int | None) -> None:
    """Raise BadValue where a measure counts years and a row is several of them."""
    if of_ruin(measure) and horizon is not None and horizon > 1:
        raise BadValue(f"measure: expected a horizon of 1 year for {measure.kind}, got {horizon}")


def enough(watched: Watched, rows: int) -> None:
    """Raise BadInput where so few rows have no such measure, before any of them is simulated.

    The measure is tried on as many numbers.
    """
    if rows > MOST_TRIED:
        return
    try:
        watched.measure.measure(Sample(np.arange(float(rows))))
    except BadValue as error:
        raise BadInput.one(watched.place("measure"), "measure", str(error)) from None


def fits(product: AssembledProduct, watched: Watched) -> None:
    """Raise BadInput where the product does not have the figure, or rows that are no years."""
    if product.long_term and of_ruin(watched.measure):
        text = f"expected a measure of run-offs, got {watched.measure.kind}, which counts years"
        raise BadInput.one(watched.place("measure"), "measure", text)
    text = unfit(watched.figure, product)
    if text:
        raise BadInput.one(watched.place("figure"), "figure", text)
