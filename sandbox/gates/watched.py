"""A measure of a figure, as a gate names one, without a limit."""

from pydantic import model_validator

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.strict import Strict
from sandbox.figures import asks_result, unfit
from sandbox.gates.gate import FigureName, MeasureOf
from sandbox.measures import Mean


class Watched(Strict):
    """A measure of a figure, by default the mean of claims over premium."""

    figure: FigureName = "claims_over_premium"
    measure: MeasureOf = Mean()

    @model_validator(mode="after")
    def _of_a_result(self) -> "Watched":
        asks_result(self.figure, self.measure)
        return self


def fits(product: AssembledProduct, watched: Watched) -> None:
    """Raise BadInput where the product does not have the figure."""
    text = unfit(watched.figure, product)
    if text:
        raise BadInput.one(watched.place("figure"), "figure", text)
