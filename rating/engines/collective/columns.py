"""What a basis says of a distribution, number by number, for all cells at once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from product_factory.expressions.tree import Expression
from product_factory.risk import ModelSpec

Floats = npt.NDArray[np.float64]
Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True)
class Columns:
    """What a basis says of a distribution, each number by cell.

    numbers  name → [value][cell], several where it is a list;  parts: name → distributions
    lists    the names that are lists
    """

    spec: ModelSpec
    numbers: dict[str, tuple[Floats, ...]]
    parts: dict[str, tuple["Columns", ...]]
    lists: frozenset[str]

    def key(self, cell: int) -> Key:
        """Tell the distributions of cells apart."""
        own = tuple(float(one[cell]) for values in self.numbers.values() for one in values)
        return (*own, *(part.key(cell) for parts in self.parts.values() for part in parts))

    def plain(self, cell: int) -> dict[str, float]:
        """Give the numbers of a cell, none of them being a list."""
        return {name: float(values[0][cell]) for name, values in self.numbers.items()}

    def values(self, cell: int) -> dict[str, float | list[float]]:
        """Give the numbers and lists of numbers of a cell."""
        return {
            name: [float(one[cell]) for one in values]
            if name in self.lists
            else float(values[0][cell])
            for name, values in self.numbers.items()
        }


def columns(
    spec: ModelSpec,
    known: Collection[str],
    expected: str,
    value: Callable[[Expression], Floats],
    path: str,
) -> Columns:
    """Evaluate a distribution for all cells; value: gives an expression by cell.

    Raises BadInput for a distribution, or a part of one, of none of the known kinds.
    """
    if spec.kind not in known:
        raise BadInput.one(spec.at, path, f"expected {expected}, got {spec.kind}")
    return Columns(
        spec,
        {
            name: tuple(map(value, given)) if isinstance(given, tuple) else (value(given),)
            for name, given in spec.parameters
        },
        {
            name: tuple(columns(one, known, expected, value, path) for one in specs)
            for name, specs in spec.parts
        },
        frozenset(name for name, given in spec.parameters if isinstance(given, tuple)),
    )
