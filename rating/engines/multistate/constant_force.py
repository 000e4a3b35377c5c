"""A constant force within the year: each rate falls alike on every moment of it.

Uniform decrements in the multiple decrement table lead to the same yearly conversion: in both, the
independent rate of a cause is q' = 1 - (1 - q)^(q_cause / q), q being the sum of all causes
(Bowers et al., Actuarial Mathematics, 2nd edition, chapter 10).
"""

from collections.abc import Callable

import numpy as np

from product_factory.errors import BadValue
from product_factory.numbers.portable import expm1, log1p
from rating.engines.multistate.chain import Floats


def dependent(independent: Floats) -> Floats:
    """Give the probability of each cause with all at work, from each alone: [..., cause].

    A certain event stays certain where it is the only one that can happen.
    """
    _within(independent)
    if independent.shape[-1] == 1:
        return independent.copy()
    certain = (independent == 1.0).any(axis=-1, keepdims=True)
    if (certain & (together(independent) > 1.0)).any():
        raise BadValue("a certain event has no constant force: 1 cannot be shared among causes")
    force: Floats = -each(log1p, -np.where(certain, 0.0, independent))
    total = together(force)
    share = np.divide(force, total, out=np.zeros_like(force), where=total > 0.0)
    return np.where(certain, independent, -each(expm1, -total) * share)


def independent(dependent: Floats) -> Floats:
    """Give the probability of each cause alone, from those with all at work: [..., cause]."""
    total = _within(dependent)
    if dependent.shape[-1] == 1:
        return dependent.copy()
    if (total >= 1.0).any():
        raise BadValue("causes that leave nobody have no constant force")
    share = np.divide(dependent, total, out=np.zeros_like(dependent), where=total > 0.0)
    return -each(expm1, each(log1p, -total) * share)


def split(dependent: Floats, parts: int) -> Floats:
    """Give a year's probabilities as those of its equal parts: [..., part, cause].

    One cause: 1 - (1 - q)^(1 / parts) in every part. A certain event happens in the first part.
    """
    total = _within(dependent)
    part = -each(expm1, each(log1p, -total) / parts)
    share = np.divide(dependent, total, out=np.zeros_like(dependent), where=total > 0.0)
    return np.repeat((part * share)[..., None, :], parts, axis=-2)


def step(forces: Floats, h: float) -> Floats:
    """Give the probabilities of a step from forces that stay the same in it: [..., cause]."""
    total = together(forces)
    share = np.divide(forces, total, out=np.zeros_like(forces), where=total > 0.0)
    return -each(expm1, -total * h) * share


def each(function: Callable[[float], float], x: Floats) -> Floats:
    """Apply a portable scalar function to every distinct number of an array."""
    distinct, place = np.unique(x, return_inverse=True)
    found = np.array([function(value) for value in distinct.tolist()], np.float64)
    return found[place].reshape(x.shape)


def together(rates: Floats) -> Floats:
    """Add causes up, one after the other: [..., 1]."""
    total = np.zeros(rates.shape[:-1])
    for cause in range(rates.shape[-1]):
        total = total + rates[..., cause]
    return total[..., None]


def _within(rates: Floats) -> Floats:
    total = together(rates)
    if not ((rates >= 0.0) & (rates <= 1.0)).all():
        raise BadValue("expected probabilities of 0 to 1")
    return np.asarray(np.minimum(total, 1.0), np.float64)
