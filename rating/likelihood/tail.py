"""Where the tail begins: mean excess, Hill's estimate, the shape above each threshold."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from rating.likelihood.family import family_of
from rating.likelihood.losses import Losses
from rating.likelihood.maximum import Maximum, maximise

Floats = npt.NDArray[np.float64]
Z95 = 1.959963984540054
CANDIDATES = 25
LOWEST = 0.5
"""The share of the losses below the lowest threshold that is looked at."""


@dataclass(frozen=True)
class Above:
    """A generalised Pareto above a threshold; modified_scale does not move where it fits."""

    threshold: float
    count: int
    shape: float
    shape_error: float
    scale: float
    scale_error: float

    @property
    def modified_scale(self) -> float:
        """The scale less shape × threshold."""
        return self.scale - self.shape * self.threshold

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the shape."""
        return self.shape - Z95 * self.shape_error, self.shape + Z95 * self.shape_error


def tail_above(losses: Losses, threshold: float) -> Maximum:
    """Fit a generalised Pareto to what exceeds a threshold. BadValue where there is no maximum."""
    beyond = losses.beyond(threshold)
    if beyond.seen.size < 3:  # noqa: PLR2004 - two parameters and one to spare
        count = beyond.seen.size
        raise BadValue(f"tail: expected 3 losses or more above {threshold:g}, got {count}")
    return maximise(family_of("generalised_pareto", beyond, threshold), beyond)


def summary(best: Maximum, threshold: float, count: int) -> Above:
    """Tell a fitted tail."""
    (shape, scale), (shape_error, scale_error) = best.values, best.errors.tolist()
    return Above(threshold, count, shape, shape_error, scale, scale_error)


def thresholds(losses: Losses, least: int) -> tuple[Above, ...]:
    """Fit the tail above candidates, from the median of the losses to the last with `least` above.

    Candidates are losses, evenly spread by rank. Raises BadValue for too few losses.
    """
    amounts = np.sort(losses.seen)
    first, last = int(LOWEST * amounts.size), amounts.size - 1 - least
    if last < first:
        text = f"tail: expected {2 * least + 2} losses or more for thresholds, got {amounts.size}"
        raise BadValue(text)
    places = np.unique(np.linspace(first, last, CANDIDATES).astype(int))
    found: list[Above] = []
    for threshold in np.unique(amounts[places]).tolist():
        count = int((losses.amounts > threshold).sum())
        try:
            found.append(summary(tail_above(losses, threshold), threshold, count))
        except BadValue:
            continue  # nothing is told of a threshold whose tail has no maximum
    if not found:
        raise BadValue("tail: above no threshold has the likelihood a maximum")
    return tuple(found)


def stable(found: tuple[Above, ...]) -> float:
    """Return the lowest threshold in whose interval the shapes above all higher ones lie."""
    for place, one in enumerate(found):
        low, high = one.interval
        if all(low <= other.shape <= high for other in found[place + 1 :]):
            return one.threshold
    return found[-1].threshold


def mean_excess(amounts: Floats) -> tuple[Floats, Floats]:
    """Return thresholds, which are losses, and the mean of what exceeds them.

    Those that three losses or fewer exceed are left out: their mean is noise. A loss at its limit
    counts as that, so that means are low where many are.
    """
    ordered = np.sort(amounts)
    size = ordered.size
    sums = np.concatenate([np.cumsum(ordered[::-1])[::-1], [0.0]])
    places = np.arange(max(size - 3, 0))
    over = np.searchsorted(ordered, ordered[places], side="right")
    kept = size - over >= 3  # noqa: PLR2004 - as the docstring says
    counts = (size - over)[kept]
    means = sums[over[kept]] / counts - ordered[places][kept]
    return ordered[places][kept], means


def hill(amounts: Floats, censored: npt.NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
    """Return k = 2 … and Hill's estimate of the shape from the k largest losses.

    Hill, "A simple general approach to inference about the tail of a distribution", Annals of
    Statistics 3 (1975): the mean of ln X over the k largest, less the logarithm of the next. With
    censored losses it is divided by the share of the k that are not (Einmahl, Fils-Villetard and
    Guillou, "Statistics of extremes under random censoring", Bernoulli 14, 2008); k for which none
    is known are left out.
    """
    order = np.argsort(-amounts, kind="stable")
    logs = np.log(amounts[order])
    known = np.ones(amounts.size) if censored is None else np.where(censored[order], 0.0, 1.0)
    k = np.arange(1, logs.size)
    share = np.cumsum(known)[:-1] / k
    kept = (k > 1) & (share > 0.0)
    found = (np.cumsum(logs)[:-1] / k - logs[1:])[kept]
    return k[kept].astype(np.float64), found / share[kept]


def measures(
    shape: float, scale: float, threshold: float, share: float, level: float
) -> tuple[float, float]:
    """Return the value at risk and the tail mean of a tail that a share of all losses reach.

    McNeil, "Estimating the tails of loss severity distributions using extreme value theory",
    ASTIN Bulletin 27 (1997). The tail mean is infinite from a shape of 1 on.
    """
    ratio = (1.0 - level) / share
    grown = -math.log(ratio) if shape == 0.0 else math.expm1(-shape * math.log(ratio)) / shape
    var = threshold + scale * grown
    if shape >= 1.0:
        return var, math.inf
    return var, (var + scale - shape * threshold) / (1.0 - shape)
