"""Decrements spread evenly over the year (UDD).

Between independent and dependent rates each cause is uniform in its own single decrement table:
q_cause = q'_cause × ∫ Π over the other causes of (1 - t q') dt from 0 to 1, exact for any number
of causes (two: q'₁ (1 - q'₂ / 2)). Within a year all are uniform in the multiple decrement table.
Source: Bowers et al., Actuarial Mathematics, 2nd edition, chapters 3 and 10.
"""

import numpy as np

from product_factory.errors import BadValue
from rating.engines.multistate.chain import Floats
from rating.engines.multistate.constant_force import together

ROUNDS = 500
CLOSE = 1e-15


def dependent(independent: Floats) -> Floats:
    """Give the probability of each cause with all at work, from each alone: [..., cause]."""
    if not ((independent >= 0.0) & (independent <= 1.0)).all():
        raise BadValue("expected probabilities of 0 to 1")
    return independent * _exposed(independent)


def independent(dependent: Floats) -> Floats:
    """Give the probability of each cause alone, from those with all at work: [..., cause].

    Found by iteration to the last digits. Raises BadValue where no rates of 0 to 1 lead there.
    """
    found = dependent.copy()
    for _ in range(ROUNDS):
        better = dependent / _exposed(np.clip(found, 0.0, 1.0))
        if (np.abs(better - found) <= CLOSE * np.maximum(1.0, better)).all():
            if (better > 1.0 + CLOSE).any():
                break
            return np.minimum(better, 1.0)
        found = better
    raise BadValue("no independent rates of 0 to 1 give these dependent ones")


def _exposed(rates: Floats) -> Floats:
    """For each cause, ∫ Π over the others of (1 - t q') dt: [..., cause]."""
    count = rates.shape[-1]
    found = np.ones_like(rates)
    for cause in range(count):
        # coefficients of the product as a polynomial in t
        none = np.zeros(rates.shape[:-1])
        terms: list[Floats] = [none + 1.0]
        for other in range(count):
            if other == cause:
                continue
            q = rates[..., other]
            terms = [
                (terms[n] if n < len(terms) else none) - (q * terms[n - 1] if n else none)
                for n in range(len(terms) + 1)
            ]
        total = none
        for power, term in enumerate(terms):
            total = total + term / (power + 1.0)
        found[..., cause] = total
    return found


def split(dependent: Floats, parts: int) -> Floats:
    """Give a year's probabilities as those of its equal parts: [..., part, cause].

    In part m (from 0), for one there at its start: (q / parts) / (1 - m q / parts), q the sum of
    causes where it divides and the cause where it is divided.
    """
    total = together(dependent)
    if not ((dependent >= 0.0).all() and (total <= 1.0 + CLOSE).all()):
        raise BadValue("expected probabilities that add up to 0 to 1")
    left = [1.0 - np.minimum(total, 1.0) * (part / parts) for part in range(parts)]
    return np.stack([dependent / parts / there for there in left], axis=-2)
