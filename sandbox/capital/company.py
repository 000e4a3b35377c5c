"""What every regime asks of a company."""

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from product_factory.errors import BadInput, either, nearest
from product_factory.strict import Day, Plain, Share, Strict, Texts, Word
from sandbox.capital.factors import Factors
from sandbox.capital.item import Item
from sandbox.capital.ratio import Ratio
from sandbox.reinsurance_file.base import bounded

if TYPE_CHECKING:
    from sandbox.portfolio.portfolio import Portfolio

Amount = Annotated[Plain, bounded("an amount of 0 or more", 0.0, math.inf)]
Any = Annotated[Share, bounded("a share", -100.0, 100.0)]


class Line(Strict):
    """Business of a line in a year: retained premium, and net outstanding claims."""

    line: Word
    premium: Amount
    reserve: Amount = 0.0


class Company(Strict):
    """A company on a day.

    PACK      the regime, and the name of its parameters;  LIFE: the life risks that it knows
    on        the day of the factors
    products  whose life risks are added up, each with its own portfolio
    """

    PACK: ClassVar[str]
    LIFE: ClassVar[tuple[str, ...]]

    on: Day
    products: Texts = ()
    life: dict[Word, Amount] | None = None

    @abstractmethod
    def required(self, factors: Factors, products: dict[str, float]) -> Item:
        """Give the capital that is required. Raises BadInput for a line that is not known.

        products  capital of life risks that products have, by risk
        """

    @abstractmethod
    def ratios(self, required: Item, factors: Factors) -> tuple[Ratio, ...]:
        """Give the solvency ratios."""

    @abstractmethod
    def of_product(self, portfolio: "Portfolio", factors: Factors) -> dict[str, float]:
        """Give what each adverse scenario costs the contracts of a product."""

    @model_validator(mode="after")
    def _life_risks(self) -> "Company":
        for risk in self.life or ():
            if risk not in self.LIFE:
                text = f"expected {either(self.LIFE)}, got {risk}{nearest(risk, self.LIFE)}"
                context = {"text": text, "at": self.place("life"), "path": "life"}
                raise PydanticCustomError("placed", "{text}", context)
        return self


def of_lines(lines: tuple[Line, ...], known: tuple[str, ...]) -> None:
    """Hold that every line of business is known and stands once."""
    seen: set[str] = set()
    for line in lines:
        if line.line not in known:
            text = f"expected {either(known)}, got {line.line}{nearest(line.line, known)}"
            raise BadInput.one(line.place("line"), "line", text)
        if line.line in seen:
            raise BadInput.one(line.place("line"), "line", f"'{line.line}' stands twice")
        seen.add(line.line)


def amounts(given: dict[str, float] | None, found: dict[str, float]) -> dict[str, float]:
    """Add what a file states to what products have, risk by risk; no risk is below 0."""
    stated = given or {}
    return {
        name: max(0.0, stated.get(name, 0.0) + found.get(name, 0.0))
        for name in dict.fromkeys((*stated, *found))
    }


LAPSES = ("lapse_up", "lapse_down", "mass_lapse")


def worst_lapse(risks: dict[str, float]) -> Item:
    """Give the largest of more, fewer and mass lapses, beside what is stated as `lapse`."""
    ways = items(LAPSES, risks)
    amount = risks.get("lapse", 0.0) + max(way.amount for way in ways)
    return Item("lapse", amount, "the largest", tuple(ways))


def items(names: tuple[str, ...], values: dict[str, float]) -> list[Item]:
    """Give an item for each name, 0 where nothing is stated."""
    return [Item(name, values.get(name, 0.0)) for name in names]
