"""Model points: risks with their premium and number of policies, in groups of one size.

Groups are cut from the rows in their order, whatever blocks a book is read in, so that sums over
them are the same to the bit for every form of the book.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.states import state_graph
from rating.engines.multistate.grid import Cells

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
GROUP, LEAST = 512, 64
"""Points that are projected together, of a contract of one state; and of one of many."""


@dataclass(frozen=True)
class Points:
    """Model points, [point].

    number    from 1: of the row of a book, or of the cell of a portfolio
    columns   variable → encoded values;  policies: how many each stands for
    premiums  what each of its policies is charged when a premium falls due
    elapsed   how many of its policy years are over at time 0; None: none of any, here or in others
    """

    number: Integers
    columns: Mapping[str, Floats]
    policies: Floats
    premiums: Floats
    elapsed: Integers | None = None

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.number)

    @property
    def cells(self) -> Cells:
        """The risks as the engine reads them."""
        return Cells(self.columns, self.elapsed)

    def part(self, first: int, last: int) -> "Points":
        """Give the points first … last - 1."""
        columns = {name: column[first:last] for name, column in self.columns.items()}
        cut = slice(first, last)
        elapsed = None if self.elapsed is None else self.elapsed[cut]
        return Points(self.number[cut], columns, self.policies[cut], self.premiums[cut], elapsed)

    def then(self, more: "Points") -> "Points":
        """Give these points and more of them."""
        columns = {n: np.concatenate([c, more.columns[n]]) for n, c in self.columns.items()}
        return Points(
            np.concatenate([self.number, more.number]),
            columns,
            np.concatenate([self.policies, more.policies]),
            np.concatenate([self.premiums, more.premiums]),
            None
            if self.elapsed is None or more.elapsed is None
            else np.concatenate([self.elapsed, more.elapsed]),
        )


def group_size(product: AssembledProduct) -> int:
    """Give how many points of a product are projected together."""
    return max(LEAST, GROUP // len(state_graph(product).living))


def grouped(parts: Iterable[Points], size: int) -> Iterator[Points]:
    """Cut points into groups of one size, the last one smaller."""
    held: Points | None = None
    for part in parts:
        held = part if held is None else held.then(part)
        first = 0
        while held.size - first >= size:
            yield held.part(first, first + size)
            first += size
        held = held.part(first, held.size)
    if held is not None and held.size:
        yield held
