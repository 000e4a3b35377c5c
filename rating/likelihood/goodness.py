"""How far a fitted severity lies from the losses: Kolmogorov-Smirnov, Anderson-Darling, chi-square.

Under the right severity the chances U = 1 - P(X > x) / P(X > truncation) are even between 0 and 1,
whatever the truncations are; of a censored loss it is known that its U lies above. Their
distribution is estimated by Kaplan and Meier, and held against the even one as far as it reaches.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from product_factory.errors import BadValue
from rating.likelihood.losses import Losses
from rating.likelihood.maximum import Maximum, at_least, maximise
from rating.severities import Mbbefd, Size

Floats = npt.NDArray[np.float64]
LEAST_EXPECTED = 5
MOST_CELLS = 20
EDGE = 1e-15
TOLD = 10
"""How often one hears of samples."""


@dataclass(frozen=True)
class Goodness:
    """Distances, and what they say.

    distance       Kolmogorov-Smirnov;  anderson_darling: its statistic
    chi_square     over cells of equal chance; NaN where losses are censored or too few
    freedom        cells - 1 - parameters;  chance: of a chi-square at least as large
    drawn          samples of the fitted severity, each fitted again
    *_chance       the share of them that lie as far from their own fit; NaN where none are drawn
    """

    distance: float
    anderson_darling: float
    chi_square: float
    freedom: int
    chance: float
    drawn: int = 0
    distance_chance: float = math.nan
    anderson_darling_chance: float = math.nan


def even(model: Size, losses: Losses) -> Floats:
    """Return U of each loss, [loss]."""
    reached = {x: at_least(model, x) for x in set(losses.amounts.tolist())}
    alive = {x: model.survival(x) for x in set(losses.above.tolist())}
    pairs = zip(losses.amounts.tolist(), losses.above.tolist(), strict=True)
    return np.array([1.0 - reached[x] / alive[above] for x, above in pairs])


def _cut(model: Size, losses: Losses) -> npt.NDArray[np.bool_]:
    """Tell of which losses U is known only to lie above: of total losses it may be any such."""
    whole = isinstance(model, Mbbefd)
    return losses.censored | (losses.amounts >= 1.0) if whole else losses.censored


def kaplan_meier(
    u: Floats, censored: npt.NDArray[np.bool_], above: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return the places where the estimated distribution steps, and the chance of more after each.

    above: what each is truncated at; the chances are then given more than the least of them.
    Kaplan and Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958); a
    censored loss at a place counts as beyond it, one that is truncated there as not yet at risk.
    """
    places, steps = np.unique(u[~censored], return_counts=True)
    entered = u.size if above is None else np.searchsorted(np.sort(above), places, side="left")
    at_risk = entered - np.searchsorted(np.sort(u), places, side="left")
    return places, np.asarray(np.cumprod(1.0 - steps / at_risk), dtype=np.float64)


def distances(u: Floats, censored: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return the Kolmogorov-Smirnov distance and the Anderson-Darling statistic.

    Klugman, Panjer and Willmot, Loss Models (4th ed. 2012), 16.4: with censored losses the
    integral n (F - u)**2 / (u (1 - u)) ends at the largest U.
    """
    places, beyond = kaplan_meier(u, censored)
    after = 1.0 - beyond
    before = np.concatenate([[0.0], after[:-1]])
    end = min(float(u.max()), 1.0) if censored.any() else 1.0
    apart = max(float(np.abs(after - places).max()), float(np.abs(before - places).max()))
    edges = np.concatenate([[0.0], np.minimum(places, end), [end]])
    total = 0.0
    for low, high, level in zip(
        edges[:-1].tolist(), edges[1:].tolist(), [0.0, *after.tolist()], strict=True
    ):
        total += _area(level, high) - _area(level, low)
    return apart, u.size * total


def _area(level: float, u: float) -> float:
    """Return an antiderivative of (level - u)**2 / (u (1 - u))."""
    value = -u
    if level > 0.0:
        value += level * level * math.log(max(u, EDGE))
    rest = 1.0 - level
    if rest > EDGE:
        value -= rest * rest * math.log(max(1.0 - u, EDGE))
    return value


def _chi_square(u: Floats, parameters: int) -> tuple[float, int, float]:
    cells = min(MOST_CELLS, u.size // LEAST_EXPECTED)
    if cells - 1 - parameters < 1:
        return math.nan, 0, math.nan
    counts = np.bincount(np.minimum((u * cells).astype(int), cells - 1), minlength=cells)
    expected = u.size / cells
    value = float(((counts - expected) ** 2).sum()) / expected
    freedom = cells - 1 - parameters
    return value, freedom, float(chi2.sf(value, freedom))


def goodness(
    best: Maximum,
    losses: Losses,
    samples: int = 0,
    seed: int = 1,
    say: Callable[[str], None] = lambda _: None,
) -> Goodness:
    """Return how far a severity lies from the losses; samples: how many are drawn to judge it.

    say  is told how many have been drawn, ten times in all

    Since parameters are fitted, a published table of the distances would flatter them: samples of
    the fitted severity are drawn and fitted again instead (the parametric bootstrap of Stute,
    Gonzáles Manteiga and Presedo Quindimil, Metrika 40, 1993). Raises BadValue where samples are
    asked of censored losses, whose limits it does not know.
    """
    u = even(best.model, losses)
    cut = _cut(best.model, losses)
    found = distances(u, cut)
    whole = not cut.any()
    cells = _chi_square(u, len(best.values)) if whole else (math.nan, 0, math.nan)
    if not samples:
        return Goodness(found[0], found[1], cells[0], cells[1], cells[2])
    if losses.censored.any():
        raise BadValue("bootstrap: expected no loss that has reached its limit")
    random = np.random.Generator(np.random.PCG64(seed))
    drawn, beyond = 0, [0, 0]
    for number in range(samples):
        if number % -(-samples // TOLD) == 0:
            say(f"{best.family.name}: sample {number + 1} of {samples}")
        sample = _sample(best.model, losses, random)
        try:
            again = maximise(best.family, sample, best.free)
        except BadValue:
            continue  # a sample without a maximum tells nothing
        drawn += 1
        own = distances(even(again.model, sample), _cut(again.model, sample))
        for place in range(2):
            beyond[place] += own[place] >= found[place]
    if not drawn:
        raise BadValue("bootstrap: no sample of the fitted severity could be fitted again")
    chances = [(1 + count) / (1 + drawn) for count in beyond]
    return Goodness(found[0], found[1], cells[0], cells[1], cells[2], drawn, chances[0], chances[1])


def _sample(model: Size, losses: Losses, random: np.random.Generator) -> Losses:
    chances = random.uniform(EDGE, 1.0 - EDGE, losses.size).tolist()
    amounts = [
        model.quantile_above(chance * model.survival(above))
        for chance, above in zip(chances, losses.above.tolist(), strict=True)
    ]
    return Losses(np.array(amounts), losses.above, losses.censored)
