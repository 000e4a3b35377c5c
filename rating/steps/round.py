"""`round`: to a unit, by a mode; both are always written.

What is rounded is the decimal that a person reads, for amounts below 1e14 units: for any below 1e11
where the unit is 0.001 or more, and from 1e10 on no longer where it is 0.0001. A check tells of
money that is rounded so finely (`soundness/fine_rounding.py`).
"""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from product_factory.errors import BadInput, BadValue
from product_factory.expressions.bind import Bound
from product_factory.expressions.operations import ROUNDING
from product_factory.strict import PlainText, Word
from product_factory.types import NUMERIC
from rating.steps.step import Context, RatingStep

MOST_DECIMALS = 12


class Round(RatingStep):
    """`of` is an earlier step; `to` a unit such as 0.01 or 10; the result stays at its level."""

    kind: Literal["round"]
    of: Word
    to: PlainText
    mode: Literal["half_up", "half_even", "up", "down"]

    @model_validator(mode="after")
    def _positive(self) -> "Round":
        try:
            unit = Decimal(self.to)
        except InvalidOperation:
            unit = Decimal(0)
        if not (unit.is_finite() and unit > 0 and self.decimals <= MOST_DECIMALS):
            message = f"expected a unit to round to such as 0.01, got {self.to}"
            raise BadValue(message)
        return self

    @property
    def unit(self) -> Fraction:
        """The unit as a fraction of two whole numbers."""
        return Fraction(self.to)

    @property
    def decimals(self) -> int:
        """How many decimals a rounded value is written with."""
        exponent = Decimal(self.to).as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else MOST_DECIMALS + 1


def bind(step: Round, context: Context) -> Bound:
    """Bind the step. Raises BadInput when there is nothing to round."""
    at, builder = step.place("of"), context.binder.builder
    value = context.step_value(step.of, at)
    if value.type.kind not in (*NUMERIC, "literal") or value.type.of:
        raise BadInput.one(at, "of", f"expected a number to round, got a {value.type.kind}")
    numerator = builder.constant(float(step.unit.numerator))
    denominator = builder.constant(float(step.unit.denominator))
    register = builder.emit(ROUNDING[step.mode], value.register, numerator, denominator)
    return Bound(register, value.type)
