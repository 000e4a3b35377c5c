"""Limited-fluctuation credibility of an experience against a standard table.

Full credibility needs n = (z/r)² expected events, z the normal quantile of (1 + confidence) / 2:
1,082 for 90% and 5% (Mowbray 1914, PCAS 1). Below it, Z = √(events / n) counts.
"""

import math

from product_factory.numbers.normal import normal_quantile


def full(confidence: float, within: float) -> float:
    """Give the number of events at which the own experience counts alone."""
    z = normal_quantile(0.5 * (1.0 + confidence))
    return (z / within) ** 2


def weight(events: float, needed: float) -> float:
    """Give Z, the weight of the own experience."""
    return min(1.0, math.sqrt(events / needed))
