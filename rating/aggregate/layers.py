"""The means of many adjoining layers of one severity, as `Size.expected_layer` gives each."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rating.kernels.layers import SMOOTH, panels
from rating.severities import Severity, Size
from rating.severities.quadrature import NODES

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
FEW = 64
"""So few layers are faster one by one than together."""
TOGETHER = 16
"""Layers of one panel, where they have one width and the survival is smooth over all of them."""
LAST_PLACES = 4.0
"""By how many units in the last place a bound may be apart from those of layers of one width."""


def layers(severity: Size, starts: Floats, widths: Floats) -> Floats:
    """Return E[min(max(X - start, 0), width)] of layers of which each begins where one ends.

    starts: [layer] >= 0, rising;  widths: [layer] finite, > 0, in the severity's unit. Layers of
    one width are integrated many at once by one Gauss-Legendre panel of the survival, others, and
    those for which that is not enough, by a panel for each. Where that is not enough either, a
    layer is the severity's own, and so are those of a severity that has a form of its own for them.
    """
    if starts.size < FEW or not isinstance(severity, Severity) or severity.CODE not in SMOOTH:
        return _alone(severity, starts, widths)
    found, sure = _together(severity, starts, widths)
    for way in (_by_panel, _always):
        left = ~sure
        if left.any():
            found[left], sure[left] = way(severity, starts[left], widths[left])
    return found


def _together(severity: Severity, starts: Floats, widths: Floats) -> tuple[Floats, Flags]:
    """Give the layers that are integrated TOGETHER at once, and which they are."""
    found, sure = np.zeros(starts.size), np.zeros(starts.size, dtype=np.bool_)
    whole = starts.size // TOGETHER * TOGETHER
    begins = starts[:whole].reshape(-1, TOGETHER)
    lows, highs = begins[:, 0], begins[:, -1] + widths[TOGETHER - 1 : whole : TOGETHER]
    each = (highs - lows) / TOGETHER
    apart = np.abs(begins - (lows[:, None] + each[:, None] * np.arange(TOGETHER)))
    even = apart.max(axis=1) <= LAST_PLACES * np.spacing(highs)
    means, enough = _integrals(severity, lows[even], highs[even], TOGETHER)
    # a layer is as wide as it is told to be, to the last digit
    means *= widths[:whole].reshape(-1, TOGETHER)[even] / each[even, None]
    found[:whole].reshape(-1, TOGETHER)[even] = means
    sure[:whole].reshape(-1, TOGETHER)[even] = enough[:, None]
    return found, sure


def _by_panel(severity: Severity, starts: Floats, widths: Floats) -> tuple[Floats, Flags]:
    found, sure = _integrals(severity, starts, starts + widths, 1)
    return found[:, 0], sure


def _always(severity: Severity, starts: Floats, widths: Floats) -> tuple[Floats, Flags]:
    return _alone(severity, starts, widths), np.ones(starts.size, dtype=np.bool_)


def _alone(severity: Size, starts: Floats, widths: Floats) -> Floats:
    pairs = zip(starts.tolist(), widths.tolist(), strict=True)
    return np.array([severity.expected_layer(start, width) for start, width in pairs])


def _integrals(severity: Severity, lows: Floats, highs: Floats, count: int) -> tuple[Floats, Flags]:
    """Give the integral of the survival over each of so many parts of panels, [panel, part]."""
    first, second, _ = severity.parameters()
    rule = _rule(count)
    return panels(severity.CODE, first, second, lows, highs, rule.nodes, rule.shares, rule.ends)


@dataclass(frozen=True)
class _Rule:
    """Nodes on 0 to 1 and the weights of the polynomial through them, as `panels` takes them."""

    nodes: Floats
    shares: Floats
    ends: Floats


@lru_cache(maxsize=2)
def _rule(count: int) -> _Rule:
    """Give the Gauss-Legendre rule for a panel of so many layers."""
    half = np.array(NODES)
    x = np.concatenate([-half[::-1, 0], half[:, 0]])
    weight = np.concatenate([half[::-1, 1], half[:, 1]])
    degree = x.size - 1
    at_nodes = np.polynomial.legendre.legvander(x, degree)

    def through(places: Floats) -> Floats:
        """Give what the value at each node weighs in the polynomial at each place."""
        at_places = np.polynomial.legendre.legvander(places, degree)
        total = np.zeros((places.size, x.size))
        for k in range(x.size):
            total += (k + 0.5) * at_places[:, k, None] * (weight * at_nodes[:, k])
        return total

    shares = np.zeros((count, x.size))
    for part in range(count):
        within = (2.0 * part + 1.0 + x) / count - 1.0
        for share, row in zip(weight.tolist(), through(within), strict=True):
            shares[part] += 0.5 * share / count * row
    return _Rule(0.5 + 0.5 * x, shares, through(np.array([-1.0, 1.0])))
