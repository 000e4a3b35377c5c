"""Which law makes bad years frequent: the one that comes nearest to the law of the bad years.

Of all laws that multiply Poisson rates the nearest in relative entropy multiplies each by how much
more often its events come in bad years than in all (cross-entropy: Rubinstein and Kroese 2004, The
Cross-Entropy Method, 3.3); of chances of classes, it gives each the share that it has in bad years.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from product_factory.numbers.portable import exp, log
from sandbox.measures.exact import exact_sum
from sandbox.tail.ground import Ground
from sandbox.tail.law import SHARES, Law
from sandbox.tail.mixture import Mixed

Floats = npt.NDArray[np.float64]
ENOUGH_BAD = 20.0
"""Bad years, all of one weight, that a law is taken from at least."""
LEAST = 0.2
"""The least that the chance of a class of size is multiplied by."""


def nearest_law(ground: Ground, years: Mixed, losses: Floats, chance: float) -> Law | None:
    """Give the law nearest to that of the years whose loss is exceeded with a chance or less.

    losses  [year] what each of the years cost
    Gives None where too few of them lose anything.
    """
    bad = years.weights * _bad(losses, years.weights, chance)
    total, squares = exact_sum(bad), exact_sum(bad * bad)
    if squares == 0.0 or total * total / squares < 0.5 * ENOUGH_BAD:
        return None
    worth = bad * (total / squares)  # all together the number of bad years of one weight
    law, known = ground.original, years.seen
    for place, varies in enumerate(ground.varies.tolist()):
        factor = exact_sum(worth * years.factor[:, place])
        for group, mean in enumerate(ground.means[place].tolist()):
            if varies and mean * factor > 0.0:
                seen = exact_sum(worth * known.events[:, place, group])
                law.times[place, group] = max(1.0, _sure(seen / (mean * factor), seen))
    for mark, group in np.ndindex(law.shares.shape[:2]):
        counts = np.array([exact_sum(worth * one) for one in known.sizes[:, mark, group].T])
        found = rising(counts, SHARES * exact_sum(counts))
        if (found != 1.0).any():
            shares = SHARES * np.maximum(found, LEAST)
            law.shares[mark, group] = shares / exact_sum(shares)
    storms = np.array([exact_sum(worth * column) for column in known.storms.T])
    rates = ground.storm_rates * exact_sum(worth * years.storm_factor)
    law.storms[1:] = np.maximum(rising(storms[1:], rates[1:]), 1.0)
    return law


def _bad(losses: Floats, weights: Floats, chance: float) -> npt.NDArray[np.bool_]:
    """Tell the years whose loss is exceeded with a chance or less, and is none of nothing.

    Where so few of them are worth less than ENOUGH_BAD years of one weight, less bad ones too.
    """
    order = np.argsort(-losses, kind="stable")
    weight, squares = np.cumsum(weights[order]), np.cumsum(weights[order] ** 2)
    rare = np.searchsorted(weight, chance * len(losses), side="left")
    enough = np.flatnonzero(weight * weight >= ENOUGH_BAD * squares)
    enough = enough[enough >= rare]
    least = float(losses[order][enough[0]]) if enough.size else 0.0
    return (losses >= least) & (losses > 0.0)


def rising(seen: Floats, expected: Floats) -> Floats:
    """Give how much more often each class comes, never less in a higher one.

    By pooling neighbours that are out of order (Ayer and others 1955); where the excess may be
    chance it is drawn towards none.
    """
    pools: list[tuple[float, float, int]] = []
    for one, usual in zip(seen.tolist(), expected.tolist(), strict=True):
        pools.append((one, usual, 1))
        while len(pools) > 1 and _ratio(pools[-1]) <= _ratio(pools[-2]):
            (a, b, c), (d, e, f) = pools.pop(), pools.pop()
            pools.append((a + d, b + e, c + f))
    found: list[float] = []
    for pool in pools:
        found += [_sure(_ratio(pool), pool[0])] * pool[2]
    return np.array(found)


def _ratio(pool: Sequence[float]) -> float:
    return pool[0] / pool[1] if pool[1] > 0.0 else 1.0


def _sure(ratio: float, seen: float) -> float:
    """Draw a ratio of so many events towards 1, wholly where it is within its error of it.

    As James and Stein 1961 do: ln ratio × (1 - 1 / z**2), z being ln ratio over its error.
    """
    if ratio <= 0.0 or seen <= 0.0 or ratio == 1.0:
        return 1.0
    size = log(ratio)
    sure = 1.0 - 1.0 / (size * size * seen)
    return exp(size * sure) if sure > 0.0 else 1.0
