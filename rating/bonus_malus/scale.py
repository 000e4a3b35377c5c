"""A bonus-malus scale: its chain, the state that it comes to, and what would be fair."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import roots_genlaguerre

Floats = npt.NDArray[np.float64]
NODES = 60
"""Of the Gauss-Laguerre rule over the frequencies of a portfolio."""
NEAR = 1e-4
"""A relative step of the frequency, for the efficiency."""


@dataclass(frozen=True)
class Scale:
    """Levels from the lowest factor to the highest.

    factors  [level] what the premium is multiplied by
    start    the level of a new policy
    moves    by the number of claims in a year: levels up or, below 0, down; the last number of
             claims stands for all above it
    """

    factors: tuple[float, ...]
    start: int
    moves: tuple[int, ...]

    def after(self, level: int, claims: int) -> int:
        """Return the level of the year after so many claims."""
        moved = level + self.moves[min(claims, len(self.moves) - 1)]
        return min(max(moved, 0), len(self.factors) - 1)


@dataclass(frozen=True)
class Standing:
    """Where policies of a portfolio come to stand.

    share       [level] of the policies, in the long run
    frequency   [level] mean claims a year of those who stand there
    fair        [level] that by the mean of all: the factor that fits best (Norberg)
    by_year     [year, level] shares of policies that began together, from the first year on
    factor      the mean factor in the long run
    efficiency  how much per cent the mean factor rises by one per cent of frequency, at the mean
    """

    share: Floats
    frequency: Floats
    fair: Floats
    by_year: Floats
    factor: float
    efficiency: float


def transitions(scale: Scale, frequency: float) -> Floats:
    """Return the chances of going from level to level in a year of Poisson claims, [from, to]."""
    size, last = len(scale.factors), len(scale.moves) - 1
    chances = [math.exp(-frequency)]
    for count in range(1, last + 1):
        chances.append(chances[-1] * frequency / count)
    chances[-1] = max(0.0, 1.0 - math.fsum(chances[:-1]))
    found = np.zeros((size, size))
    for level in range(size):
        for count, chance in enumerate(chances):
            found[level, scale.after(level, count)] += chance
    return found


def stationary(scale: Scale, frequency: float) -> Floats:
    """Return the shares of levels that a year leaves as they are, [level]."""
    size = len(scale.factors)
    equations = transitions(scale, frequency).T - np.eye(size)
    equations[-1] = 1.0  # one equation follows from the others: the shares add up to 1
    wanted = np.zeros(size)
    wanted[-1] = 1.0
    found = np.linalg.solve(equations, wanted)
    return np.asarray(np.maximum(found, 0.0), dtype=np.float64)


def standing(scale: Scale, mean: float, shape: float, years: int) -> Standing:
    """Return where policies come to stand whose frequencies are gamma with this mean.

    shape: of the gamma, infinite where all have the mean. R. Norberg, "A credibility theory for
    automobile bonus systems", Scandinavian Actuarial Journal (1976): the factor of a level is the
    mean frequency of those who stand there. K. Loimaranta, "Some asymptotic properties of bonus
    systems", ASTIN Bulletin 6 (1972): the efficiency.
    """
    frequencies, weights = _portfolio(mean, shape)

    def mixed(of: Callable[[float], Floats]) -> tuple[Floats, Floats]:
        found = np.array([of(one) for one in frequencies.tolist()])
        return weights @ found, (weights * frequencies) @ found

    share, claims = mixed(lambda one: stationary(scale, one))
    at = np.where(share > 0.0, claims / np.where(share > 0.0, share, 1.0), mean)
    by_year = sum(
        weight * _by_year(scale, one, years)
        for one, weight in zip(frequencies.tolist(), weights.tolist(), strict=True)
    )
    factors = np.array(scale.factors)
    up, down = (
        math.log(float(stationary(scale, mean * (1.0 + side * NEAR)) @ factors))
        for side in (1.0, -1.0)
    )
    return Standing(
        share,
        at,
        at / mean,
        np.asarray(by_year, dtype=np.float64),
        float(share @ factors),
        (up - down) / (2.0 * NEAR),
    )


def _portfolio(mean: float, shape: float) -> tuple[Floats, Floats]:
    """Return frequencies and their weights, which add up to 1."""
    if math.isinf(shape):
        return np.array([mean]), np.array([1.0])
    nodes, weights = roots_genlaguerre(NODES, shape - 1.0)
    return nodes * (mean / shape), weights / weights.sum()


def _by_year(scale: Scale, frequency: float, years: int) -> Floats:
    moves = transitions(scale, frequency)
    here = np.zeros(len(scale.factors))
    here[scale.start] = 1.0
    found = [here]
    for _ in range(years - 1):
        here = here @ moves
        found.append(here)
    return np.array(found)
