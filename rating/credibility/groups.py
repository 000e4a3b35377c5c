"""Bühlmann and Straub's credibility, with unbiased estimates of its structure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.credibility.specification import Periods

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Groups:
    """What the experience of each group counts for.

    periods      what it was found from
    weight, own  [group] total weight, and mean by weight
    credibility  [group] weight / (weight + within / between); 0 where groups do not differ
    premium      [group] credibility × own + (1 - credibility) × collective
    error        [group] the root of the mean squared error of the premium, the collective estimated
    collective   mean of the groups by credibility; by weight where groups do not differ
    within       variance of a ratio of weight 1 in a group;  between: variance of groups' means
    """

    periods: Periods
    weight: Floats
    own: Floats
    credibility: Floats
    premium: Floats
    error: Floats
    collective: float
    within: float
    between: float

    @property
    def k(self) -> float:
        """The weight at which a group's own experience counts for one half; may be infinite."""
        return self.within / self.between if self.between > 0.0 else float("inf")


def credibility(periods: Periods) -> Groups:
    """Return the credibility of each group.

    Bühlmann and Gisler, A Course in Credibility Theory (2005), chapter 4: the estimates of
    theorem 4.14 and of (4.23), (4.26), the homogeneous premium, its error as in theorem 4.6. A
    variance between groups that comes out below 0 is 0: then all pay the collective premium.
    """
    size = len(periods.names)
    weight = np.bincount(periods.group, periods.weight, size).astype(np.float64)
    own = np.bincount(periods.group, periods.weight * periods.ratio, size) / weight
    apart = periods.ratio - own[periods.group]
    freedom = periods.group.size - size
    within = float((periods.weight * apart * apart).sum()) / freedom
    total = float(weight.sum())
    overall = float((weight * own).sum()) / total
    spread = float((weight * (own - overall) ** 2).sum()) - (size - 1) * within
    between = max(0.0, spread / (total - float((weight * weight).sum()) / total))
    if between == 0.0:
        share, collective = np.zeros(size), overall
        error = np.full(size, (within / total) ** 0.5)
    else:
        share = weight / (weight + within / between)
        collective = float((share * own).sum() / share.sum())
        rest = 1.0 - share
        error = np.sqrt(between * rest * (1.0 + rest / share.sum()))
    premium = share * own + (1.0 - share) * collective
    return Groups(periods, weight, own, share, premium, error, collective, within, between)
