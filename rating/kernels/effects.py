"""What a payment does to balances and to the sum insured, once all covers have seen the event.

Plain functions on rows of `Plan.effects`: the entry, REDUCES or RESTORES, the target (a stage, or
SUM_INSURED), and for a restoration the days after which it comes (0: at once).
"""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

REDUCES, RESTORES = 0, 1
SUM_INSURED = -1


def restore_due(
    effects: Integers, stages: Integers, day: float, used: Floats, reduced: Floats, due: Floats
) -> None:
    """Restore what is due by a day.

    stages   [stage, 3], each: item in the last column
    used     [stage, place];  reduced: [place], what the sum insured is less by;  place: item + 1
    due      [effect, place] day on which a restoration falls, NaN for none; changed
    """
    for n in range(effects.shape[0]):
        for place in range(due.shape[1]):
            if due[n, place] <= day:
                _restore(effects[n, 2], stages, place, used, reduced)
                due[n, place] = math.nan


def follow(
    effects: Integers,
    stages: Integers,
    entry: int,
    place: int,
    paid: float,
    day: float,
    used: Floats,
    reduced: Floats,
    due: Floats,
) -> None:
    """Let a payment of an entry reduce and restore, in this order; see `restore_due`."""
    for kind in (REDUCES, RESTORES):
        for n in range(effects.shape[0]):
            if effects[n, 0] != entry or effects[n, 1] != kind:
                continue
            target = effects[n, 2]
            if kind == RESTORES and effects[n, 3] > 0:
                due[n, place] = day + effects[n, 3]  # counted from the last payment
            elif kind == RESTORES:
                _restore(target, stages, place, used, reduced)
            elif target == SUM_INSURED:
                reduced[place] += paid
            else:
                used[target, place if stages[target, 2] == 1 else 0] += paid


def _restore(target: int, stages: Integers, place: int, used: Floats, reduced: Floats) -> None:
    if target == SUM_INSURED:
        reduced[place] = 0.0
    else:
        used[target, place if stages[target, 2] == 1 else 0] = 0.0
