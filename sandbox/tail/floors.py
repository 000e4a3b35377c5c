"""Floors: laws under which what is rare and large comes about once a year, whatever a pilot saw.

Each lets one thing happen about once more than usual: events of one process, half of them as they
are, half of them large, those that cost several times as much as often as the others; and in cells
where they cost far more as often as in all others. Or storms, those of every class alike. A mixture
in which each floor has its part draws every rare peril, whether or not a pilot saw it.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sandbox.measures.exact import exact_sum
from sandbox.tail.ground import Ground
from sandbox.tail.law import SHARES, Law

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MORE = 1.0
"""How many events more than usual a floor expects in a year."""
MOST = 1e5
"""A floor multiplies no rate by more than this."""
NEGLIGIBLE = 1e-3
"""What comes so many times or less in the longest period that is asked about needs no floor."""


def floors(ground: Ground, longest: float) -> Mapping[str, Law]:
    """Give the floors of a ground by the names of what they let happen.

    longest  period that is asked about, in years
    """
    found: dict[str, Law] = {}
    least = NEGLIGIBLE / longest
    drawing = {place for place, _ in ground.draws}
    for mark, (place, name) in enumerate(ground.draws):
        if exact_sum(ground.means[place]) > least:
            found[name] = _of_sizes(ground, place, mark)
    for place, name in enumerate(ground.processes):
        often = exact_sum(ground.means[place]) > least
        if place not in drawing and ground.varies[place] and often:
            found[name] = _of_counts(ground, place)
    rates = ground.storm_rates
    costly = np.arange(len(rates)) > 0
    costly &= rates > 0.0
    if costly.any() and exact_sum(rates[costly]) > least:
        law = ground.original
        more = MORE / int(costly.sum())
        law.storms[costly] = 1.0 + np.minimum(more / rates[costly], MOST)
        found[ground.storms] = law
    return found


def _even(means: Floats) -> Floats:
    """Give the part of each group: half by its events, half the same for all that have any."""
    some = means > 0.0
    return 0.5 * means / exact_sum(means) + 0.5 * some / int(some.sum())


def _of_counts(ground: Ground, place: int) -> Law:
    law, means = ground.original, ground.means[place]
    some = means > 0.0
    more = MORE * _even(means)
    law.times[place, some] = 1.0 + np.minimum(more[some] / means[some], MOST)
    return law


def _large(bins: Integers) -> Floats:
    """Give the part of each class among large ones: the same of each bin, within it by roots."""
    found = np.zeros(len(bins))
    number = int(bins.max()) + 1
    for one in range(number):
        roots = np.sqrt(SHARES) * (bins == one)
        found += roots / exact_sum(roots) / number
    return found


def _of_sizes(ground: Ground, place: int, mark: int) -> Law:
    """Let more events happen by the shares of their sizes: exactly so where one size is drawn."""
    law, means = ground.original, ground.means[place]
    sizes = 0.5 * SHARES + 0.5 * _large(ground.bins[mark])
    for group, part in enumerate(_even(means).tolist()):
        mean = float(means[group])
        if mean <= 0.0:
            continue
        usual = mean * SHARES
        rates = usual + np.minimum(MORE * part * sizes, MOST * usual)
        total = exact_sum(rates)
        if ground.varies[place]:
            law.times[place, group] = total / mean
        law.shares[mark, group] = rates / total
    return law
