"""The means of many adjoining layers of one severity, as `Size.expected_layer` gives each."""

import numpy as np
import numpy.typing as npt

from rating.kernels.layers import SMOOTH, survivals
from rating.severities import Severity, Size
from rating.severities.quadrature import NODES
from rating.severities.size import MEDIAN, THIN
from rating.severities.size import SMOOTH as STEADY

Floats = npt.NDArray[np.float64]
FEW = 64
"""So few layers are faster one by one than together."""


def layers(severity: Size, starts: Floats, widths: Floats) -> Floats:
    """Return E[min(max(X - start, 0), width)] of layers of which each begins where one ends.

    starts: [layer] >= 0, rising;  widths: [layer] finite, > 0, in the severity's unit. A layer that
    is thin beside what lies on its side of the median is one Gauss-Legendre panel of the survival,
    all such layers at once; any other is the severity's own, and so are those of a severity that
    has a form of its own for layers.
    """
    if starts.size < FEW or not isinstance(severity, Severity) or severity.CODE not in SMOOTH:
        return _alone(severity, starts, widths)
    tops = starts + widths
    middle, half = 0.5 * (starts + tops), 0.5 * (tops - starts)
    total = np.zeros(starts.size)
    for node, weight in NODES:
        apart = half * node
        total += weight * (_beyond(severity, middle - apart) + _beyond(severity, middle + apart))
    found = half * total
    # what lies on the side from which a layer would be a difference
    below = severity.limited_mean(float(starts[0])) + np.cumsum(found)
    above = severity.excess_mean(float(tops[-1])) + np.cumsum(found[::-1])[::-1]
    alive = _beyond(severity, starts)
    beside = np.where(alive > MEDIAN, below, above)
    bends = ~(_beyond(severity, tops) >= STEADY * alive)
    thick = bends | ~(found <= THIN * beside)
    found[thick] = _alone(severity, starts[thick], widths[thick])
    return found


def _alone(severity: Size, starts: Floats, widths: Floats) -> Floats:
    pairs = zip(starts.tolist(), widths.tolist(), strict=True)
    return np.array([severity.expected_layer(start, width) for start, width in pairs])


def _beyond(severity: Severity, x: Floats) -> Floats:
    first, second, _ = severity.parameters()
    found = np.ones(x.size)
    found[x > 0.0] = survivals(severity.CODE, first, second, x[x > 0.0])
    return found
