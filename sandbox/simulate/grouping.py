"""Classifications of the cells of a portfolio: what figures are shown by."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Grouping:
    """A classification: the names of its segments, and the segment of each cell."""

    labels: tuple[str, ...]
    place: Integers


def segment_columns(
    groupings: Mapping[str, Grouping], cells: int
) -> tuple[Integers, dict[str, int]]:
    """Lay the segments of all classifications out side by side.

    Gives [classification, cell] the column of each cell, and the first column of each
    classification.
    """
    rows, first, first_of = [], 0, {}
    for name, grouping in groupings.items():
        rows.append(grouping.place + first)
        first_of[name] = first
        first += len(grouping.labels)
    stacked = np.array(rows, dtype=np.int64) if rows else np.zeros((0, cells), dtype=np.int64)
    return stacked, first_of
