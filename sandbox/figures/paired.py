"""How much a measure moves between two runs on common random numbers, with the error of the move.

A measure is, to first order, a mean of influences: what each row adds to it beyond its value
(Hampel 1974, Journal of the American Statistical Association 69, 383-393). Two
runs on the same random numbers pair their rows, so that the error of the difference is that of the
mean of paired differences of influences, which is far below what two separate errors would say.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from sandbox.measures import Measure, Measured, Sample
from sandbox.measures.exact import exact_sum
from sandbox.measures.replicates import by_replicates
from sandbox.measures.spread import distrust

Floats = npt.NDArray[np.float64]
ROUNDING = 1e-12
"""So small a part of a row's influences and of the values is what rounding leaves of two equals."""
METHOD = "on common random numbers; paired influences"


@dataclass(frozen=True)
class _Move:
    """How far a measure is from one sample to another.

    size         of the values that it is the difference of, added up
    influences   [row] of that distance;  sizes: [row] of what they are the differences of
    """

    value: float
    size: float
    influences: Floats
    sizes: Floats
    why: str


def difference(measure: Measure, base: Sample, shocked: Sample) -> Measured:
    """Give the measure of `shocked` less that of `base`, row by row on the same random numbers.

    Two runs that are equal but for rounding differ by exactly 0 with an error of 0; where the rows
    cannot bound the measure, the error is infinite. Of rows drawn together, by replicates.
    """
    return _measured("difference", _move(measure, base, shocked), base.replicate)


def difference_of_differences(
    measure: Measure, base: tuple[Sample, Sample], shocked: tuple[Sample, Sample]
) -> Measured:
    """Give how much more a measure moves within the pair `shocked` than within the pair `base`.

    All four are paired row by row; errors as in `difference`.
    """
    before, after = _move(measure, *base), _move(measure, *shocked)
    moved, sizes = after.influences - before.influences, after.sizes + before.sizes
    value, size = after.value - before.value, after.size + before.size
    move = _Move(value, size, moved, sizes, before.why or after.why)
    return _measured("difference of differences", move, base[0].replicate)


def _move(measure: Measure, base: Sample, shocked: Sample) -> _Move:
    n = len(base.values)
    if len(shocked.values) != n:
        message = f"a difference: expected {n} rows in both runs, got {len(shocked.values)}"
        raise BadValue(message)
    before, after = measure.measure(base), measure.measure(shocked)
    there, here = measure.influence(shocked, after.value), measure.influence(base, before.value)
    value, size = after.value - before.value, abs(after.value) + abs(before.value)
    sizes = np.abs(there) + np.abs(here)
    return _Move(value, size, there - here, sizes, before.why or after.why)


def _measured(what: str, move: _Move, replicate: int) -> Measured:
    """Give a move with its error; what: the name of the method."""
    value, n = move.value, len(move.influences)
    method = f"{what} {METHOD}"
    size = move.size if math.isfinite(move.size) else 0.0
    within = ROUNDING * (move.sizes + size)
    value = 0.0 if abs(value) <= ROUNDING * size else value
    moved = _unrounded(move.influences, within)
    spread = _unrounded(moved - exact_sum(moved) / n, within)
    error = math.sqrt(exact_sum(spread * spread) / (n - 1) / n)
    if math.isnan(error):  # rows that cannot bound a measure cannot bound its move
        error = math.inf
    if not moved.any():
        return Measured(value, 0.0, value, value, f"{method}, normal interval", n)
    # rows that all move by the same amount leave no error at all
    why = distrust(spread) if spread.any() else ""
    why = move.why or why
    if replicate > 1:
        return by_replicates(value, moved, replicate, f"{method} of replicates, Student", why)
    return Measured.normal(value, error, f"{method}, normal interval", n, why)


def _unrounded(values: Floats, within: Floats) -> Floats:
    """Give values without what rounding alone leaves."""
    return np.where(np.abs(values) <= within, 0.0, values)
