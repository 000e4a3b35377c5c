"""A capital requirement with the parts that it is made of."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from product_factory.errors import BadValue
from sandbox.capital.factors import Matrix


@dataclass(frozen=True)
class Item:
    """An amount of capital, currency.

    how    how it comes about from its parts or its exposure, in numbers
    parts  what it is made of
    """

    name: str
    amount: float
    how: str = ""
    parts: tuple["Item", ...] = field(default=())

    def find(self, name: str) -> "Item":
        """Give the part of a name, wherever it stands. BadValue where there is none."""
        for part in (self, *self.parts):
            if part.name == name:
                return part
        for part in self.parts:
            try:
                return part.find(name)
            except BadValue:
                continue
        message = f"{self.name} has no part '{name}'"
        raise BadValue(message)


def aggregated(name: str, parts: Sequence[Item], matrix: Matrix, how: str) -> Item:
    """Aggregate parts by their correlations: sqrt(sum of rho_ij x_i x_j), in the order of parts.

    A negative sum, which negative correlations of large parts may give, counts as none.
    """
    total = 0.0
    for one in parts:
        for other in parts:
            total += matrix.between(one.name, other.name) * one.amount * other.amount
    return Item(name, math.sqrt(max(total, 0.0)), how, tuple(parts))


def pair(name: str, one: Item, other: Item, correlation: float) -> Item:
    """Aggregate two parts by one correlation."""
    total = one.amount**2 + 2.0 * correlation * one.amount * other.amount + other.amount**2
    how = f"correlation {correlation:g}"
    return Item(name, math.sqrt(max(total, 0.0)), how, (one, other))


def summed(name: str, parts: Sequence[Item], how: str = "sum") -> Item:
    """Add parts up, in their order."""
    total = 0.0
    for part in parts:
        total += part.amount
    return Item(name, total, how, tuple(parts))
