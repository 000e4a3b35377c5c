"""The capped mean of losses, and the load that makes it the mean of all.

With u the threshold and M the most that can happen: E[min(X, M)] = E[min(X, u)] + P(X > u) e, e the
mean of min(X, M) - u of those above u. The first and the chance are those of the data, steady since
no loss counts by more than u; e is of a generalised Pareto fitted to what exceeds u, since one
large loss more or less would move the mean of the data.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.brought import MOST
from product_factory.errors import BadInput, BadValue
from rating.large_losses.specification import LargeLossSpec
from rating.likelihood.losses import Losses
from rating.likelihood.maximum import Maximum
from rating.likelihood.tail import Above, summary, tail_above
from rating.severities import GeneralisedPareto

Floats = npt.NDArray[np.float64]
STEP = 1e-5
"""Of parameters, as a share of their standard errors, for the slope of the mean excess."""


@dataclass(frozen=True)
class Load:
    """The load, and what it is made of.

    capped        mean of the losses capped at the threshold;  above: how many exceed it
    tail          the generalised Pareto; None by a factor
    excess        mean of what exceeds the threshold, of those that do, up to `most`
    excess_seen   the same of the data;  load: share of the capped mean;  error: its standard error
    """

    spec: LargeLossSpec
    losses: Losses
    capped: float
    above: int
    tail: Above | None
    excess: float
    excess_seen: float
    load: float
    error: float

    @property
    def mean(self) -> float:
        """The mean of a loss with the load."""
        return self.capped * (1.0 + self.load)

    @property
    def mean_seen(self) -> float:
        """The mean of the data, up to `most`."""
        return float(np.minimum(self.losses.amounts, self.most).mean())

    @property
    def most(self) -> float:
        """The largest loss that can happen; may be infinite."""
        return math.inf if self.spec.most is None else self.spec.most


def mean_excess(shape: float, scale: float, width: float) -> float:
    """Return the mean of a generalised Pareto excess up to a width, which may be infinite.

    Raises BadValue for a shape of 1 or more without a bound: there is no mean.
    """
    model = GeneralisedPareto(shape, scale, 0.0)
    return float(model.moment(1) if math.isinf(width) else model.limited_mean(width))


def load_of(spec: LargeLossSpec, losses: Losses) -> Load:
    """Find the load.

    Raises BadInput where the likelihood has no maximum, where the tail has no mean or may have none
    within a standard error of its shape, and for a load that no basis accepts.
    """
    u, amounts = spec.threshold, losses.amounts
    most = math.inf if spec.most is None else spec.most
    capped = float(np.minimum(amounts, u).mean())
    beyond = amounts > u
    above = int(beyond.sum())
    seen = float((np.minimum(amounts[beyond], most) - u).mean()) if above else 0.0
    if spec.factor is not None:
        load = spec.factor - 1.0
        excess = capped * load * amounts.size / above if above else math.nan
        return _sound(Load(spec, losses, capped, above, None, excess, seen, load, math.nan))
    try:
        best = tail_above(losses, u)
        shape, scale = best.values
        excess = mean_excess(shape, scale, most - u)
        slope = _slope(best, most - u)
    except BadValue as unfit:
        text = f"{unfit}; state 'most', or the load by 'factor'"
        raise BadInput.one(spec.place("threshold"), "threshold", text) from None
    chance = above / amounts.size
    load = chance * excess / capped
    of_excess = float(slope @ best.covariance @ slope)
    # the load is a ratio of means: chance and capped mean vary together
    apart = np.where(beyond, excess, 0.0) - load * np.minimum(amounts, u)
    of_means = float((apart * apart).mean()) / amounts.size
    error = math.sqrt(of_means + chance * chance * of_excess) / capped
    tail = summary(best, u, above)
    return _sound(Load(spec, losses, capped, above, tail, excess, seen, load, error))


def _slope(best: Maximum, width: float) -> Floats:
    """Give the slope of the mean excess by shape and scale.

    Raises BadValue where it has no mean within a standard error of the shape.
    """
    shape, own = best.values[0], float(best.errors[0])
    if math.isinf(width) and shape + own >= 1.0:
        text = f"a tail of shape {shape:.3g} ± {own:.3g} may have no mean"
        raise BadValue(text)
    slope = np.zeros(2)
    for place, error in enumerate(best.errors.tolist()):
        step = STEP * error
        ends = []
        for side in (-1.0, 1.0):
            values = [*best.values]
            values[place] += side * step
            ends.append(mean_excess(values[0], values[1], width))
        slope[place] = (ends[1] - ends[0]) / (2.0 * step)
    return slope


def _sound(found: Load) -> Load:
    """Refuse a load that no basis accepts."""
    if not 0.0 <= found.load <= MOST:
        text = f"expected a load of 0% or more, at most {MOST * 100.0:g}%, got {found.load:.6g}"
        raise BadInput.one(found.spec.place("threshold"), "threshold", text)
    return found
