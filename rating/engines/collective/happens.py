"""What happens in a year to the policies of the cells: events, chances, draws, storms."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from product_factory.numbers.hashing import hash64
from rating.frequencies import Frequency, Poisson
from rating.severities import Size

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Array = TypeVar("Array", npt.NDArray[np.float64], npt.NDArray[np.int64])


Given = tuple[tuple[int, int], ...]
"""The choices on which a mark depends, in the order drawn: (mark, how many choices it has).

Their places make up one number, the combination: the last choice counts fastest.
"""


@dataclass(frozen=True)
class Chances:
    """A mark that is a choice.

    mark        its place among the plan's marks
    given       the choices on which it depends
    cumulative  [combination, cell, choice] the chances, cumulated
    """

    mark: int
    given: Given
    cumulative: Floats


@dataclass(frozen=True)
class Draws:
    """A mark that is drawn from a distribution.

    mark        its place among the plan's item marks (each) or marks
    given       the choices on which it depends
    each        whether every item has one
    together    whether the items suffer in the same degree: one quantile for all
    code        [combination, cell, item] kind of the severity, -1 where the mark is not known
    parameters  [combination, cell, item, 3]
    most        the largest value: a ratio is at most 1, whatever its distribution says
    factor      [cell] what the size is multiplied by: money grows with inflation
    models      (code, *parameters) → the severity
    pieces      [row, 7] of composed severities, as the kernels' ``drawn`` takes them
    """

    name: str
    mark: int
    given: Given
    each: bool
    together: bool
    code: Integers
    parameters: Floats
    most: float
    factor: Floats
    models: Mapping[tuple[float, ...], Size]
    pieces: Floats


def combination(given: Given, chosen: Mapping[int, float]) -> int:
    """Give the number of the combination of choices; chosen: mark → place."""
    found = 0
    for mark, size in given:
        found = found * size + int(chosen[mark])
    return found


@dataclass(frozen=True)
class CollectiveProcess:
    """Events of a policy: how many a year, and their marks.

    event        its code in the payout plan
    stream       names its random numbers
    counts       [cell] how many a policy has a year, or an item that it hits alone
    """

    name: str
    event: int
    stream: int
    counts: tuple[Frequency, ...]
    chances: tuple[Chances, ...]
    draws: tuple[Draws, ...]

    def spread(self, rows: Integers, size: int) -> "CollectiveProcess":
        """Give the same as rows among more, to which such events do not happen.

        rows  where the cells stand now
        """
        if len(rows) == size:
            return self
        counts: list[Frequency] = [Poisson(0.0)] * size
        for row, count in zip(rows.tolist(), self.counts, strict=True):
            counts[row] = count
        return replace(
            self,
            counts=tuple(counts),
            chances=tuple(
                replace(one, cumulative=_among(one.cumulative, 1, rows, size, 1.0))
                for one in self.chances
            ),
            draws=tuple(
                replace(
                    one,
                    code=_among(one.code, 1, rows, size, -1),
                    parameters=_among(one.parameters, 1, rows, size, np.nan),
                    factor=_among(one.factor, 0, rows, size, 1.0),
                )
                for one in self.draws
            ),
        )


def _among(values: Array, axis: int, rows: Integers, size: int, empty: float) -> Array:
    shape = list(values.shape)
    shape[axis] = size
    found = np.full(shape, empty, dtype=values.dtype)
    found[(slice(None),) * axis + (rows,)] = values
    return found


@dataclass(frozen=True)
class CatalogueProcess:
    """Events of a catalogue, drawn for the whole portfolio.

    rates      [event] a year;  strength: [event] the largest wind, wherever it blows, m/s
    place      [cell] which place of `intensity`;  intensity: [event, place] in the mark's unit
    damage     [cell, item, 2] threshold and half-damage intensity; NaN where nothing is damaged
    mark       place of the damage among the plan's item marks
    intensity_mark  place of the intensity among the plan's marks, -1 for none
    """

    name: str
    event: int
    stream: int
    names: tuple[str, ...]
    rates: Floats
    strength: Floats
    place: Integers
    intensity: Floats
    damage: Floats
    mark: int
    intensity_mark: int
    chances: tuple[Chances, ...]


def stream_of(name: str) -> int:
    """Give the 32-bit number that names a process among random numbers."""
    return hash64(f"process {name}") & 0xFFFFFFFF
