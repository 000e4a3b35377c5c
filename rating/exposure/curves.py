"""The exposure curve of a damage ratio, and the published ones."""

import math
from collections.abc import Mapping

from scipy.optimize import brentq

from product_factory.errors import BadValue
from product_factory.numbers.domains import require
from rating.severities import Mbbefd, Size

LOWEST, HIGHEST = -30.0, 200.0
"""Between which ln b is looked for: below, b and 1 - b have no digits in common."""
CURVES: Mapping[str, float] = {
    "swiss_re_1": 1.5,
    "swiss_re_2": 2.0,
    "swiss_re_3": 3.0,
    "swiss_re_4": 4.0,
    "lloyds": 5.0,
}
"""Swiss Re's Y1 (homes) to Y4 (large industry), and Lloyd's industrial curve, by their c.

S. Bernegger, "The Swiss Re exposure curves and the MBBEFD distribution class", ASTIN Bulletin 27
(1997), section 4.
"""


def swiss_re(c: float) -> Mbbefd:
    """Return the damage ratio of the curve with parameter c, 0 or more."""
    return Mbbefd.from_form(c=c)


def of_moments(mean: float, total: float) -> Mbbefd:
    """Return the damage ratio with this mean and this chance of a total loss.

    Bernegger (1997), section 5: g is 1 / total, and the mean falls from 1 to 1 / g as b rises.
    Raises BadValue where no b has the mean.
    """
    require("total", total, "a number between 0 and 1", holds=0.0 < total < 1.0)
    require("mean", mean, "a mean between the chance of a total loss and 1", holds=mean < 1.0)
    g = 1.0 / total

    def apart(log_b: float) -> float:
        return Mbbefd(math.exp(log_b), g).mean - mean

    low, high = LOWEST, HIGHEST
    if apart(low) < 0.0 or apart(high) > 0.0:
        raise BadValue(f"mean: expected one that a curve of g {g:g} can have, got {mean:g}")
    return Mbbefd(math.exp(brentq(apart, low, high, xtol=1e-14, rtol=1e-14)), g)


def exposure_curve(ratio: Size, share: float) -> float:
    """Return G(share) = E[min(X, share)] / E[X] for a damage ratio X and a share of 0 or more."""
    require("share", share, "0 or more", holds=share >= 0.0)
    return ratio.limited_mean(min(share, 1.0)) / ratio.limited_mean(1.0)
