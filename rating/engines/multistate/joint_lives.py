"""Two lives as one chain: independent of one another, or with a shock of which both die."""

from dataclasses import dataclass

import numpy as np

from rating.engines.multistate.chain import ENDED, Floats, Integers, Sheet


@dataclass(frozen=True)
class Lives:
    """The part of a chain that two lives decide; see `Chain` for the fields."""

    states: tuple[str, ...]
    source: Integers
    target: Integers
    rates: Sheet
    rate_of: Integers


def deaths(first: Floats, second: Floats, shock: Floats) -> tuple[Floats, Floats, Floats]:
    """Give the chances of a step that only the first dies, only the second, and both.

    first, second  probability that the life dies in the step, of whatever cause
    shock          probability of what both die of, a part of each of the two; at most the smaller

    Given no shock, the lives are independent: what is left of each rate is (q - c) / (1 - c).
    """
    calm = np.where(shock < 1.0, 1.0 - shock, 1.0)
    one, other = (first - shock) / calm, (second - shock) / calm
    return one * (1.0 - second), other * (1.0 - first), shock + one * (second - shock)


def joint_lives(first: Floats, second: Floats) -> Lives:
    """Both alive, the first alone, the second alone; the contract ends with the last life.

    first, second  [cell, step] probability that the life dies in the step. A joint-life annuity
    flows in the first state only, a last-survivor annuity in all three; a joint-life insurance
    pays on transitions 0 to 2, a last-survivor insurance on transitions 2 to 4.
    """
    chances = np.stack([*deaths(first, second, np.zeros_like(first)), first, second], axis=2)
    return Lives(
        states=("both", "first", "second"),
        source=np.array([0, 0, 0, 1, 2], np.int64),
        target=np.array([2, 1, ENDED, ENDED, ENDED], np.int64),
        rates=Sheet(chances),
        rate_of=np.arange(5, dtype=np.int64),
    )
