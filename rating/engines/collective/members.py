"""The items of policies one by one: members of groups, and rows that an event hits alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Members:
    """Items of which several may stand in one policy: a row each, policy after policy.

    offsets  [policy + 1] the first row of each policy, then the number of rows
    item     [row] its place among the items of the product
    columns  item variable → [row], NaN where its item has no such variable
    """

    offsets: Integers
    item: Integers
    columns: Mapping[str, Floats]

    @cached_property
    def policy(self) -> Integers:
        """The policy of each row."""
        return np.repeat(np.arange(self.offsets.size - 1), np.diff(self.offsets))

    @cached_property
    def sorted_columns(self) -> tuple[tuple[str, Floats], ...]:
        """The columns by name."""
        return tuple(sorted(self.columns.items()))

    def where(self, policies: npt.NDArray[np.bool_] | Integers) -> "Members":
        """Give the rows of some policies, in the order in which these are named."""
        chosen = np.arange(self.offsets.size - 1)[policies]
        sizes = np.diff(self.offsets)[chosen]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
        rows = np.repeat(self.offsets[:-1][chosen], sizes) + within
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Members(offsets, self.item[rows], columns)

    def in_order(self) -> "Members":
        """Give the same with the items of each policy in the order of their values."""
        keys = [column for _, column in reversed(self.sorted_columns)]
        rows = np.lexsort((*keys, self.item, self.policy))
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Members(self.offsets, self.item[rows], columns)


def joined(parts: Sequence[Members]) -> Members:
    """Put the policies of all parts behind one another."""
    sizes = np.concatenate([np.diff(part.offsets) for part in parts])
    return Members(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.concatenate([part.item for part in parts]),
        {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns},
    )
