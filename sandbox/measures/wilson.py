"""Wilson's interval of a share, which has a width where no trial or every trial is good."""

import math

from sandbox.measures.measured import Z95


def wilson(share: float, trials: float) -> tuple[float, float]:
    """Give the 95% interval of a chance from the share of good ones of independent trials.

    trials  may be a broken number, of trials that are worth so many independent ones
    E. B. Wilson 1927, Journal of the American Statistical Association 22, 209-212.
    """
    square = Z95 * Z95
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    spread = math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    reach = Z95 * spread / (1 + square / trials)
    return 0.0 if share <= 0.0 else centre - reach, 1.0 if share >= 1.0 else centre + reach
