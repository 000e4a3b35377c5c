"""Sobol' indices: which part of a variance each input makes, alone and with the others.

First order, S_i = Var(E[f | x_i]) / Var f: what would vanish if x_i were known. Total,
T_i = E[Var(f | all but x_i)] / Var f: what would remain if all others were known.

Estimators: first order of A. Saltelli et al., "Variance based sensitivity analysis of model
output", Computer Physics Communications 181 (2010), table 2 (b); total of M. J. W. Jansen,
"Analysis of variance designs for model output", Computer Physics Communications 117 (1999). Points
are Sobol's sequence in 2d dimensions (scipy), rotated by keyed numbers, so that none lies on the
edge.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from product_factory.numbers.hashing import hash64
from sandbox.kernels.portfolio import policy_uniforms

Floats = npt.NDArray[np.float64]
RESAMPLES = 400


@dataclass(frozen=True)
class Indices:
    """Indices by input, [input], with bootstrap standard errors.

    mean, variance  of f;  runs: how often f was asked
    """

    first: Floats
    first_error: Floats
    total: Floats
    total_error: Floats
    mean: float
    variance: float
    runs: int


def sobol(function: Callable[[Floats], float], inputs: int, power: int, seed: int) -> Indices:
    """Estimate from 2**power base points, which takes 2**power × (inputs + 2) values.

    function  of a point within the unit cube, [input], strictly inside
    """
    points = _points(2 * inputs, power, seed)
    a, b = points[:, :inputs], points[:, inputs:]
    size = len(points)
    f_a = np.array([function(row) for row in a])
    f_b = np.array([function(row) for row in b])
    f_mixed = np.empty((inputs, size))
    for place in range(inputs):
        mixed = a.copy()
        mixed[:, place] = b[:, place]
        f_mixed[place] = [function(row) for row in mixed]
    first, total = estimates(f_a, f_b, f_mixed)
    rows = _resampled(size, seed)
    again = [estimates(f_a[row], f_b[row], f_mixed[:, row]) for row in rows]
    errors = [np.array([one[which] for one in again]).std(axis=0, ddof=1) for which in (0, 1)]
    both = np.concatenate([f_a, f_b])
    spread = (float(both.mean()), float(both.var()))
    return Indices(first, errors[0], total, errors[1], *spread, size * (inputs + 2))


def estimates(f_a: Floats, f_b: Floats, f_mixed: Floats) -> tuple[Floats, Floats]:
    """Give first-order and total indices; f_mixed: [input, point], A with one column of B."""
    both = np.concatenate([f_a, f_b])
    middle, variance = both.mean(), both.var()
    if variance == 0.0:  # nothing moves, and nothing makes it
        return np.zeros(len(f_mixed)), np.zeros(len(f_mixed))
    # centred first: the product of a large mean and a small difference is mostly noise
    first = ((f_b - middle) * (f_mixed - f_a)).mean(axis=1) / variance
    total = ((f_a - f_mixed) ** 2).mean(axis=1) / 2.0 / variance
    return np.asarray(first, np.float64), np.asarray(total, np.float64)


def _points(dimensions: int, power: int, seed: int) -> Floats:
    plain = qmc.Sobol(dimensions, scramble=False).random_base2(power)
    shift = _uniforms(seed, "rotation of sobol points", 0, dimensions)
    rotated = np.asarray((plain + shift) % 1.0, np.float64)
    edge = 2.0**-53
    return np.clip(rotated, edge, 1.0 - edge)


def _resampled(size: int, seed: int) -> npt.NDArray[np.int64]:
    """Draw base points with replacement, [resample, point], by keyed numbers."""
    rows = np.empty((RESAMPLES, size), dtype=np.int64)
    for resample in range(RESAMPLES):
        u = _uniforms(seed, "bootstrap of sobol points", resample, size)
        rows[resample] = (u * size).astype(np.int64)
    return rows


def _uniforms(seed: int, name: str, number: int, size: int) -> Floats:
    u = np.empty(size)
    places = np.arange(size, dtype=np.int64)
    policy_uniforms(np.uint64(seed), np.uint64(hash64(name)), 0, number, places, u)
    return u
