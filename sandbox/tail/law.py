"""A law of years: the original one, or one under which bad years are more frequent."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SIZES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999, 0.99999, 1.0)
"""Up to which chance each class of size reaches: the last holds the largest of 100,000."""
SHARES: Floats = np.diff(np.array([0.0, *SIZES]))
"""The chance of each class of size by the original law."""
LARGE = 3
"""From this class on a size is large: one in ten is."""


@dataclass(frozen=True, eq=False)
class Law:
    """What is multiplied, and in which shares sizes are drawn; all else is as it is.

    times   [process, group of cells] mean counts;  storms: [class] rates of the catalogue
    shares  [draw, group, class] chance of each class of size, SHARES by the original law
    """

    times: Floats
    storms: Floats
    shares: Floats

    @property
    def upto(self) -> Floats:
        """The shares cumulated, [draw, group, class]; the last is 1."""
        upto = np.cumsum(self.shares, axis=2)
        upto[:, :, -1] = 1.0
        same = (self.shares == SHARES).all(axis=2)
        upto[same] = SIZES
        return upto


def original(processes: int, groups: int, classes: int, draws: int) -> Law:
    """Give the law that changes nothing."""
    shares = np.tile(SHARES, (draws, groups, 1))
    return Law(np.ones((processes, groups)), np.ones(classes), shares)


def stacked_times(laws: Sequence[Law]) -> Floats:
    """Give what each law multiplies mean counts by, [law, process, group]."""
    return np.stack([law.times for law in laws])
