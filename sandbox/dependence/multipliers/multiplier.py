"""What every multiplier gives, and how its numbers are read: one for all lines, or one each."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, WithJsonSchema

from product_factory import shapes
from product_factory.errors import BadInput, BadValue
from product_factory.nodes import Node, Seq, Text, said
from product_factory.strict import Strict, located
from product_factory.types import read_number

Floats = npt.NDArray[np.float64]


def _numbers(node: Node) -> tuple[float, ...]:
    given = node if isinstance(node, Seq) else [node]
    found = []
    for one in given:
        if not isinstance(one, Text):
            raise BadValue(f"expected a number, or one for each line, got {said(one)}")
        try:
            found.append(float(read_number(str(one), "number")))
        except BadValue as error:
            raise BadInput.one(one.at, "", str(error)) from None
    return tuple(found)


Numbers = Annotated[
    tuple[float, ...],
    BeforeValidator(located(_numbers)),
    WithJsonSchema({"anyOf": [shapes.NUMBER, {"type": "array", "items": shapes.NUMBER}]}),
]


class Multiplier(Strict, ABC):
    """What the frequencies of a year are multiplied by: a distribution of mean one for each line.

    VARIES  the key whose numbers differ from line to line
    """

    VARIES: ClassVar[str]

    @abstractmethod
    def wrong(self) -> str:
        """Say what is expected of the numbers where they are out of bounds, or nothing."""

    def bound(self, lines: Sequence[str]) -> None:
        """Raise BadInput where there are not one number, or one for each line, within bounds."""
        given: tuple[float, ...] = getattr(self, self.VARIES)
        at = self.place(self.VARIES)
        if len(given) not in (1, len(lines)):
            text = f"expected one number or {len(lines)}, one for each line, got {len(given)}"
            raise BadInput.one(at, self.VARIES, text)
        text = self.wrong()
        if text:
            raise BadInput.one(at, self.VARIES, text)

    def of_line(self, line: int) -> float:
        """Give the number of a line."""
        given: tuple[float, ...] = getattr(self, self.VARIES)
        return given[line if len(given) > 1 else 0]

    @abstractmethod
    def values(self, line: int, u: Floats) -> Floats:
        """Give the u-quantiles for a line, [row]."""

    @abstractmethod
    def deviation(self, line: int) -> float:
        """Give the standard deviation for a line; the mean is 1."""


class Spreading(Multiplier):
    """A multiplier that is said by its coefficient of variation.

    cv  standard deviation, the mean being 1: one for all lines or one each
    """

    VARIES: ClassVar[str] = "cv"
    MOST: ClassVar[float] = 10.0

    cv: Numbers

    def wrong(self) -> str:
        """Say what is expected of the coefficients where they are out of bounds, or nothing."""
        for value in self.cv:
            if not 0.0 < value <= self.MOST:
                return f"expected above 0%, at most {self.MOST * 100:g}%, got {value * 100:g}%"
        return ""

    def deviation(self, line: int) -> float:
        """Give the standard deviation for a line; the mean is 1."""
        return self.of_line(line)
