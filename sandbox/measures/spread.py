"""When the rows themselves say that a normal interval is not to be trusted."""

import numpy as np
from numpy.typing import NDArray

from sandbox.measures.exact import exact_sum

ENOUGH = 30.0
ENOUGH_IN_TAIL = 10.0
RESTS = "the spread rests on about"


def distrust(deviations: NDArray[np.float64], enough: float = ENOUGH) -> str:
    """Give the reason to distrust an interval built on the mean square of `deviations`, or "".

    The reason is an effective number of rows, (sum d**2)**2 / sum d**4 = n / kurtosis, below
    `enough`: the variance then rests on a handful of rows, and an interval from it is too short.
    It is n / 3 for normal figures and about the number of losses seen for a rare loss of one
    size. It warns of a heavy tail that shows; one that happened not to show cannot be seen here.
    """
    found = effective(deviations)
    if found == 0.0:
        return "every row is the same: the rows show no spread to take an error from"
    if found < enough:
        return f"{RESTS} {found:.1f} rows; {enough:.0f} are wanted"
    return ""


def effective(deviations: NDArray[np.float64]) -> float:
    """Give (sum d**2)**2 / sum d**4, on how many of them the spread rests; 0 where there is none.

    deviations  from the mean of them
    """
    squares = deviations * deviations
    second = exact_sum(squares)
    if second == 0.0:
        return 0.0
    # Scaled by the mean square first, so that large currency amounts cannot overflow.
    scaled = squares / (second / len(squares))
    return len(squares) * (len(squares) / exact_sum(scaled * scaled))
