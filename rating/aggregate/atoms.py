"""The single amounts of a claim: those that what is kept of it is with a chance of its own."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from rating.aggregate.terms import ClaimTerms
from rating.kernels.distributions import POINT
from rating.severities import Size
from rating.severities.composed import Composed

Floats = npt.NDArray[np.float64]
LEAST = 1e-13
"""A chance below is what a difference of two survivals rounds off."""
TOTAL = 1.0
"""A share that is lost in whole: the one single point that a severity of one form may have."""


def atoms_of(severity: Size, terms: ClaimTerms) -> tuple[Floats, Floats]:
    """Return the single amounts and their chances, [atom]; nothing being paid is one of them.

    They are the points of the severity, and what is kept of all losses that are kept alike: of
    those beyond the limit, and of those within the corridor.
    """
    found = [(0.0, 1.0 - severity.survival(terms.begins))]
    flats = list(_flats(terms))
    found += [(amount, _between(severity, low, high)) for low, high, amount in flats]
    points = [
        point
        for point in _points(severity)
        if point > terms.begins and not any(low <= point <= high for low, high, _ in flats)
    ]
    kept = terms.of_amounts(np.array(points, dtype=np.float64)).tolist()
    chances = [_between(severity, point, point) for point in points]
    found += zip(kept, chances, strict=True)
    pairs = np.array([pair for pair in found if pair[1] > LEAST]).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _points(severity: Size) -> list[float]:
    """List where a severity may have a chance on a single point, each once."""
    if not isinstance(severity, Composed):
        return [TOTAL]
    pieces = severity.pieces()
    return sorted({TOTAL, *(one.parameters[0] for one in pieces if one.code == POINT)})


def _flats(terms: ClaimTerms) -> Iterator[tuple[float, float, float]]:
    """Give the losses from one to another of which the same is kept, and what it is."""
    over = terms.corridor > 0.0 and terms.limit > terms.above
    if over and terms.above > 0.0:
        low, high = terms.deductible + terms.above, terms.deductible + terms.above + terms.corridor
        if high >= terms.franchise:
            yield max(low, terms.franchise), high, terms.share * terms.above
    if terms.limit < math.inf:
        full = terms.deductible + terms.limit + (terms.corridor if over else 0.0)
        yield max(full, terms.franchise), math.inf, terms.most


def _between(severity: Size, low: float, high: float) -> float:
    """Return P(low <= X <= high), for 0 < low."""
    beyond = 0.0 if high == math.inf else severity.survival(high)
    return severity.survival(math.nextafter(low, 0.0)) - beyond
