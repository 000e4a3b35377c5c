"""Values by step, where each cell has a first step of its own."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def from_step(values: Floats, first: Integers, steps: int) -> Floats:
    """Give so many values of each cell from a step of its own on, 0 where there are no more.

    values  [cell, step];  first: [cell]
    """
    place = first[:, None] + np.arange(steps)[None, :]
    inside = place < values.shape[1]
    found = np.take_along_axis(values, np.where(inside, place, 0), axis=1)
    return np.where(inside, found, 0.0)


def at_step(values: Floats, first: Integers, steps: int) -> Floats:
    """Put values of each cell at a step of its own among so many, 0 before and after: the inverse.

    values  [cell, step];  first: [cell]
    """
    found = np.zeros((len(values), steps))
    place = first[:, None] + np.arange(values.shape[1])[None, :]
    cell, step = np.nonzero(place < steps)
    found[cell, place[cell, step]] = values[cell, step]
    return found
