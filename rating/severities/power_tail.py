"""What the Pareto severities share: beyond any point each is a generalised Pareto again."""

import math

from product_factory.numbers.portable import expm1, log1p
from rating.kernels.distributions import log1p_ratio
from rating.severities.severity import Severity


class PowerTail(Severity):
    """A severity whose layers have a closed form, `_layer`, from which its means are taken."""

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        return self._layer(0.0, limit) if limit > 0.0 else 0.0

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        return self._layer(max(deductible, 0.0), math.inf) - min(deductible, 0.0)


def power_layer(alive: float, scale: float, shape: float, width: float) -> float:
    """Return alive × the integral from 0 to width of (1 + shape t / scale)**(-1 / shape).

    The mean of a layer that begins where a share `alive` survives and the excess is generalised
    Pareto of that scale and shape; width may be infinite where shape < 1, else the mean is none.
    """
    if alive == 0.0:
        return 0.0
    rate = 1.0 - shape
    if width == math.inf:
        return alive * scale / rate
    ratio = shape * width / scale
    if ratio <= -1.0:
        return alive * scale / rate
    # y = ln(1 + shape width / scale) / shape, which is the width in scales where shape is 0
    y = width / scale * log1p_ratio(ratio) if ratio < math.inf else log1p(width) / shape
    return alive * scale * (y if rate == 0.0 else -expm1(-rate * y) / rate)
