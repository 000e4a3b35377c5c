"""The arrays of all rows, put together from blocks that come in any order."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sandbox.execution.task import Arrays, Block


class Whole:
    """Arrays of all rows. Those by row are written in place, the others joined at the end."""

    def __init__(self, by_row: Sequence[str], rows: int) -> None:
        """Make no room yet: the first block tells shapes and types."""
        self._by_row = frozenset(by_row)
        self._rows = rows
        self._placed: Arrays = {}
        self._ragged: dict[str, dict[int, npt.NDArray[Any]]] = {}

    def place(self, block: Block, arrays: Arrays) -> None:
        """Put a block in its place."""
        for name, array in arrays.items():
            if name in self._by_row:
                if name not in self._placed:
                    self._placed[name] = np.empty((self._rows, *array.shape[1:]), array.dtype)
                self._placed[name][block.first : block.last] = array
            else:
                self._ragged.setdefault(name, {})[block.first] = array

    def arrays(self) -> Arrays:
        """Give the whole arrays, and let go of the blocks."""
        for name in list(self._ragged):
            found = self._ragged.pop(name)
            self._placed[name] = np.concatenate([found[first] for first in sorted(found)])
        return self._placed
