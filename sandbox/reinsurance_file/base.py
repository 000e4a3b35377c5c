"""What the lines of a programme have in common."""

import math
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, model_validator
from pydantic_core import PydanticCustomError

from product_factory.currency import CODES
from product_factory.errors import BadValue, nearest
from product_factory.strict import Plain, PlainText, Share, Strict, Word


def bounded(expected: str, least: float, most: float, *, above: bool = False) -> AfterValidator:
    """Hold a number between bounds, or above the lower one."""

    def check(number: float) -> float:
        if not least <= number <= most or (above and number == least):
            message = f"expected {expected}, got {number:g}"
            raise BadValue(message)
        return number

    return AfterValidator(check)


def _known(code: str) -> str:
    if code not in CODES:
        message = f"expected the code of a currency such as USD, got {code}{nearest(code, CODES)}"
        raise BadValue(message)
    return code


Currency = Annotated[PlainText, AfterValidator(_known)]
Amount = Annotated[Plain, bounded("an amount of 0 or more", 0.0, math.inf)]
Positive = Annotated[Plain, bounded("an amount above 0", 0.0, math.inf, above=True)]
Part = Annotated[Share, bounded("a share from 0% to 100%", 0.0, 1.0)]
Ceded = Annotated[Share, bounded("a share above 0% and up to 100%", 0.0, 1.0, above=True)]
Multiple = Annotated[Share, bounded("a share above 0% and up to 10,000%", 0.0, 100.0, above=True)]
Price = Annotated[Share, bounded("a share of 0% or more", 0.0, math.inf)]


class ContractLine(Strict):
    """A contract. Amounts are in its currency, the product's where none is stated.

    MONEY        which keys are amounts of money
    """

    MONEY: ClassVar[frozenset[str]] = frozenset()

    name: Word
    currency: Currency | None = None

    def of_premium(self) -> str:
        """Name the key that is a part of the premium of the covers, or nothing."""
        return ""

    def of_size(self) -> bool:
        """Tell whether the sum insured of each risk is asked for."""
        return False

    def values(self, rate: float) -> dict[str, Any]:
        """Give what the contract is made of, amounts in the product's currency.

        rate  what one unit of the contract's currency is worth in it
        """
        found = self.model_dump(exclude_none=True, exclude_unset=True, exclude={"currency"})
        return {k: v * rate if k in self.MONEY else v for k, v in found.items()}


class ProportionalLine(ContractLine):
    """What proportional contracts have in common."""

    commission: Part = 0.0
    risk_premium: Multiple | None = None
    basis: Word = "pricing"

    @model_validator(mode="after")
    def _basis_of_risk(self) -> "ProportionalLine":
        if "basis" in self.model_fields_set and self.risk_premium is None:
            text = "'basis' is that of a risk premium; expected the key 'risk_premium' beside it"
            raise refused(self, "basis", text)
        return self

    def of_premium(self) -> str:
        """Name the commission, which is a part of the premium that is ceded on original terms."""
        return "commission" if self.commission and self.risk_premium is None else ""


class NonProportionalLine(ContractLine):
    """What non-proportional contracts have in common."""

    share: Ceded = 1.0
    premium: Amount = 0.0
    rate: Part = 0.0

    def of_premium(self) -> str:
        """Name the rate, which is a part of the premium."""
        return "rate" if self.rate else ""


def refused(line: ContractLine, key: str, text: str) -> PydanticCustomError:
    """Make the complaint about a key of a line, with its place."""
    context = {"text": text, "at": line.place(key), "path": key}
    return PydanticCustomError("placed", "{text}", context)
