"""How well means order and place policies: Gini on the exposure axis, lift, double lift."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
PARTS = 10


@dataclass(frozen=True)
class Lift:
    """Policies in parts of equal exposure, by rising predicted mean (or ratio of two means).

    exposure, observed, predicted  [part] exposure, and observed and predicted mean
    present                        [part] the present tariff's mean at the same total, or None
    """

    exposure: Floats
    observed: Floats
    predicted: Floats
    present: Floats | None = None


def lorenz(observed: Floats, predicted: Floats, exposure: Floats) -> tuple[Floats, Floats]:
    """Give the concentration curve: shares of exposure and of what was observed, safest first.

    Policies of one predicted mean stand at one point of the curve, whatever their order.
    """
    order = np.argsort(predicted, kind="stable")
    last = np.append(np.flatnonzero(np.diff(predicted[order]) > 0.0), order.size - 1)
    shares = []
    for values in (exposure, observed):
        summed = np.cumsum(values[order])
        shares.append(np.concatenate([[0.0], summed[last] / summed[-1]]))
    return shares[0], shares[1]


def gini(observed: Floats, predicted: Floats, exposure: Floats) -> float:
    """Give twice the area between the diagonal and the concentration curve."""
    shares, losses = lorenz(observed, predicted, exposure)
    return float(1.0 - 2.0 * np.trapezoid(losses, shares))


def parts_of(key: Floats, exposure: Floats, parts: int = PARTS) -> npt.NDArray[np.int64]:
    """Cut policies into parts of equal exposure by rising key."""
    order = np.argsort(key, kind="stable")
    middle = np.cumsum(exposure[order]) - 0.5 * exposure[order]
    found = np.zeros(key.size, dtype=np.int64)
    place = np.floor(parts * middle / exposure.sum()).astype(np.int64)
    found[order] = np.clip(place, 0, parts - 1)
    return found


def lift(observed: Floats, predicted: Floats, exposure: Floats) -> Lift:
    """Compare observed and predicted means by parts of the predicted."""
    part = parts_of(predicted, exposure)
    return _means(part, observed, predicted * exposure, exposure, None)


def double_lift(observed: Floats, predicted: Floats, present: Floats, exposure: Floats) -> Lift:
    """Compare both tariffs with what was observed, by parts of their ratio.

    present  [policy] the premium of today for the exposure; it is brought to the predicted total
    """
    ours = predicted * exposure
    theirs = present * (ours.sum() / present.sum())
    return _means(parts_of(ours / theirs, exposure), observed, ours, exposure, theirs)


def _means(
    part: npt.NDArray[np.int64],
    observed: Floats,
    predicted: Floats,
    exposure: Floats,
    present: Floats | None,
) -> Lift:
    years = np.asarray(np.bincount(part, exposure, PARTS), dtype=np.float64)
    safe = np.where(years > 0.0, years, np.nan)
    return Lift(
        exposure=years,
        observed=np.bincount(part, observed, PARTS) / safe,
        predicted=np.bincount(part, predicted, PARTS) / safe,
        present=None if present is None else np.bincount(part, present, PARTS) / safe,
    )
