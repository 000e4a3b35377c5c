"""`portfolio.yaml`: how many policies, and how what they are is spread."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter

from product_factory.errors import BadValue
from product_factory.strict import Strict, Whole, Word
from sandbox.portfolio.mix import Mix

MOST_POLICIES = 10_000_000
LARGEST_SEED = 2**53  # a seed is written as a number, and a larger one would lose digits


def within(least: int, most: int) -> AfterValidator:
    """Hold a whole number between bounds."""

    def check(number: int) -> int:
        if not least <= number <= most:
            message = f"expected {least} to {most}, got {number}"
            raise BadValue(message)
        return number

    return AfterValidator(check)


class Specification(Strict):
    """A portfolio file.

    policies  how many are drawn;  seed: of every draw
    mix       variable → shares, distribution or formula; item → the same for its variables, and
              `present`, the share of policies with that item where it is optional
    refused   redraw: a combination that `accepts` or a variable's bounds keep out is drawn again
    """

    policies: Annotated[Whole, within(1, MOST_POLICIES)]
    seed: Annotated[Whole, within(0, LARGEST_SEED)]
    mix: dict[Word, Mix] = Field(min_length=1)
    refused: Literal["redraw"] = "redraw"


PORTFOLIO: TypeAdapter[Specification] = TypeAdapter(Specification)
"""Reads `portfolio.yaml`."""
