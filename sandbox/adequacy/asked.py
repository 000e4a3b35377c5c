"""`selection.yaml`: how the mix of customers answers to the price."""

from pydantic import TypeAdapter, model_validator

from product_factory.errors import BadValue
from product_factory.strict import Plain, Strict, Whole, Word

MOST_YEARS = 50
MOST_ELASTICITY = 20.0
"""Beyond any market: a slip."""


class Selection(Strict):
    """How the mix answers to the price.

    by          the variable whose segments grow and shrink
    elasticity  by how many per cent a segment grows where it is 1% cheaper;  years: how long
    """

    by: Word
    elasticity: Plain
    years: Whole = 5

    @model_validator(mode="after")
    def _bounded(self) -> "Selection":
        if not 0.0 <= self.elasticity <= MOST_ELASTICITY:
            message = f"elasticity: expected 0 to {MOST_ELASTICITY:g}, got {self.elasticity:g}"
            raise BadValue(message)
        if not 1 <= self.years <= MOST_YEARS:
            message = f"years: expected 1 to {MOST_YEARS}, got {self.years}"
            raise BadValue(message)
        return self


SELECTION: TypeAdapter[Selection] = TypeAdapter(Selection)
"""Reads `selection.yaml`."""
