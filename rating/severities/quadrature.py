"""One fixed quadrature on 0 to 1, for integrands that change quickly near 0."""

from collections.abc import Callable

PANELS = 60
"""Halves of halves of the unit interval; what is left below 2**-60 is one more panel."""
DOUBLINGS = 200
NEGLIGIBLE = 1e-18

# (node, weight) of the 16-point Gauss-Legendre rule on -1 to 1, the positive half
NODES = (
    (0.09501250983763744, 0.1894506104550685),
    (0.2816035507792589, 0.18260341504492358),
    (0.45801677765722737, 0.16915651939500254),
    (0.6178762444026438, 0.14959598881657674),
    (0.755404408355003, 0.12462897125553388),
    (0.8656312023878318, 0.09515851168249279),
    (0.9445750230732326, 0.062253523938647894),
    (0.9894009349916499, 0.027152459411754096),
)


def panel(f: Callable[[float], float], low: float, high: float) -> float:
    """Return the 16-point Gauss-Legendre integral of f from low to high."""
    middle = 0.5 * (low + high)
    half = 0.5 * (high - low)
    total = 0.0
    for node, weight in NODES:
        total += weight * (f(middle - half * node) + f(middle + half * node))
    return half * total


def integral(f: Callable[[float], float]) -> float:
    """Return the integral of f from 0 to 1, panel by panel from the smallest."""
    high = 2.0**-PANELS
    total = panel(f, 0.0, high)
    for _ in range(PANELS):
        total += panel(f, high, 2.0 * high)
        high *= 2.0
    return total


def panels(f: Callable[[float], float], low: float, high: float) -> float:
    """Return the integral of f from low, 0 or more, to high, cut where the amount doubles.

    A survival may be steep at 0, such as x ** 0.1: a panel is no wider than it is far from there.
    """
    total = 0.0
    while 0.0 < 2.0 * low < high:
        total += panel(f, low, 2.0 * low)
        low *= 2.0
    return total + panel(f, low, high)


def tail_integral(f: Callable[[float], float], low: float, width: float) -> float:
    """Return the integral of a falling f from low to infinity; width: over which it falls by e.

    Panels double in width until one adds nothing: f must fall faster than any such doubling.
    """
    total = 0.0
    for _ in range(DOUBLINGS):
        part = panel(f, low, low + width)
        total += part
        if part <= NEGLIGIBLE * total:
            break
        low += width
        width *= 2.0
    return total
