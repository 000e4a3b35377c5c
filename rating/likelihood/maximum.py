"""The parameters under which losses are most likely, with their standard errors."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from product_factory.errors import BadValue
from rating.likelihood.family import Family
from rating.likelihood.losses import Losses
from rating.severities import Mbbefd, Size

Floats = npt.NDArray[np.float64]
IMPOSSIBLE = 1e300
"""What stands for the logarithm of no likelihood at all, so that searches can compare."""
CONVERGED = 1e-8
"""The last step of Newton's method, relative to a parameter of a size above 1."""
STEP = 1e-3
"""Of differences of the fourth order: their error is 1e-12, and so is that of rounding."""
NEAR = 1e-2
"""A step from which on the curvature is no longer found anew."""
MOST_STEPS = 25
SIMPLEX = 40
"""Steps by parameter that are taken without a slope, from where the search begins."""
ROUNDED = 1e-13
"""How much worse, relative to the likelihood, may be rounding."""
FLAT = 1e-9
SMALL = 1e-3
"""A part of a standard error, over which a figure is taken for a straight line."""
LONGEST = 2.0
"""The longest step on the scales of the search: by a factor of seven."""


@dataclass(frozen=True)
class Grouped:
    """Losses with equal ones counted: (amount, how many), and the same of truncations."""

    seen: tuple[tuple[float, int], ...]
    censored: tuple[tuple[float, int], ...]
    above: tuple[tuple[float, int], ...]

    @classmethod
    def of(cls, losses: Losses) -> "Grouped":
        """Return losses, counted."""
        above = losses.above[losses.above > 0.0]
        return cls(
            _counted(losses.seen), _counted(losses.amounts[losses.censored]), _counted(above)
        )

    def log_likelihood(self, model: Size) -> float:
        """Return the sum of ln f(x), of ln P(X >= x) where censored, less ln P(X > truncation)."""
        parts = [count * _log_density(model, x) for x, count in self.seen]
        for sign, pairs in ((1.0, self.censored), (-1.0, self.above)):
            for x, count in pairs:
                alive = model.survival(x) if sign < 0.0 else at_least(model, x)
                if alive <= 0.0:
                    return -math.inf
                parts.append(sign * count * math.log(alive))
        return math.fsum(parts) if all(map(math.isfinite, parts)) else -math.inf


def _counted(values: Floats) -> tuple[tuple[float, int], ...]:
    found, counts = np.unique(values, return_counts=True)
    return tuple(zip(found.tolist(), counts.tolist(), strict=True))


def _log_density(model: Size, x: float) -> float:
    if x == 1.0 and isinstance(model, Mbbefd):
        return -math.log(model.g)  # a total loss has a chance, not a density
    return model.log_density(x)


def at_least(model: Size, x: float) -> float:
    """Return P(X >= x), of which a total loss is part."""
    return 1.0 / model.g if x == 1.0 and isinstance(model, Mbbefd) else model.survival(x)


@dataclass(frozen=True)
class Maximum:
    """The most likely severity of a family.

    free        [parameter] on the scales of the search;  curvature: [parameter, parameter] of
                minus the log-likelihood there
    last_step   of Newton's method, relative to parameters of a size above 1
    """

    family: Family
    free: Floats
    curvature: Floats
    log_likelihood: float
    last_step: float

    @cached_property
    def values(self) -> tuple[float, ...]:
        """The parameters."""
        pairs = zip(self.family.parameters, self.free.tolist(), strict=True)
        return tuple(parameter.value(free) for parameter, free in pairs)

    @cached_property
    def model(self) -> Size:
        """The severity."""
        return self.family.make(self.values)

    @cached_property
    def covariance(self) -> Floats:
        """The inverse of the observed information, [parameter, parameter]."""
        pairs = zip(self.family.parameters, self.free.tolist(), strict=True)
        slopes = np.array([parameter.slope(free) for parameter, free in pairs])
        inverse = np.linalg.inv(self.curvature)
        return np.asarray(slopes[:, None] * inverse * slopes, dtype=np.float64)

    @property
    def estimates(self) -> tuple[tuple[str, float, float], ...]:
        """The parameters: name, value, standard error."""
        names = (parameter.name for parameter in self.family.parameters)
        return tuple(zip(names, self.values, self.errors.tolist(), strict=True))

    @property
    def errors(self) -> Floats:
        """The standard errors, [parameter]."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), dtype=np.float64)

    def error_of(self, figure: Callable[[Size], float]) -> float:
        """Give the standard error of what a severity says, such as its mean, by the delta method.

        The slope is by central differences on the scales of the search, over SMALL of an error each
        way. Raises BadValue where the figure does not exist so near.
        """
        inverse = np.linalg.inv(self.curvature)
        steps = SMALL * np.sqrt(np.diag(inverse))
        slope = [
            (figure(self._near(one)) - figure(self._near(-one))) / (2.0 * step)
            for one, step in zip(np.diag(steps), steps, strict=True)
        ]
        return math.sqrt(float(np.asarray(slope) @ inverse @ np.asarray(slope)))

    def _near(self, step: Floats) -> Size:
        pairs = zip(self.family.parameters, (self.free + step).tolist(), strict=True)
        return self.family.make([parameter.value(free) for parameter, free in pairs])


def maximise(family: Family, losses: Losses, start: Floats | None = None) -> Maximum:
    """Return the most likely member of a family.

    start: on the scales of the search, near the maximum; else it is sought from the family's own.
    Raises BadValue where the likelihood has no maximum inside the family.
    """
    grouped = Grouped.of(losses)

    def minus(free: Floats) -> float:
        try:
            pairs = zip(family.parameters, free.tolist(), strict=True)
            found = grouped.log_likelihood(family.make([p.value(one) for p, one in pairs]))
        except (BadValue, OverflowError, ZeroDivisionError, ValueError):
            return IMPOSSIBLE
        return -found if math.isfinite(found) else IMPOSSIBLE

    if start is None:
        pairs = zip(family.parameters, family.start, strict=True)
        start = _sought(minus, np.array([p.free(value) for p, value in pairs]))
    free, last = _newton(minus, start, family)
    curvature = _curvature(minus, free)
    _require_maximum(curvature, family)
    return Maximum(family, free, curvature, -minus(free), last)


def _sought(minus: Callable[[Floats], float], start: Floats) -> Floats:
    """Return where steps by the slope no longer lead on, from the best that a simplex has found."""
    search: Any = minimize  # its types know no bound on the shape of an array
    found = search(
        minus,
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-2, "fatol": 1e-2, "maxiter": SIMPLEX * start.size},
    )
    # a likelihood without bound has slopes that are infinite
    with np.errstate(over="ignore", invalid="ignore"):
        again = search(
            minus,
            found.x,
            jac=lambda free: _slope(minus, free),
            method="BFGS",
            options={"gtol": 1e-3, "maxiter": MOST_STEPS},
        )
    best: Floats = again.x if again.fun <= found.fun else found.x
    return best


def _newton(minus: Callable[[Floats], float], free: Floats, family: Family) -> tuple[Floats, float]:
    """Return where the slope vanishes, and the last step."""
    curvature, last = _curvature(minus, free), math.inf
    for _ in range(MOST_STEPS):
        step = _downhill(curvature, _slope(minus, free), family)
        here, shrink = minus(free), 1.0
        while minus(free + shrink * step) > here + ROUNDED * abs(here) and shrink > CONVERGED:
            shrink /= 2.0
        free = free + shrink * step
        last = float(np.max(np.abs(step) / np.maximum(1.0, np.abs(free))))
        if last < CONVERGED:
            return free, last
        if last > NEAR:
            curvature = _curvature(minus, free)
    raise BadValue(f"{family.name}: no maximum of the likelihood was found")


def _downhill(curvature: Floats, slope: Floats, family: Family) -> Floats:
    """Return Newton's step, with every curvature taken as one towards a minimum."""
    if not (np.isfinite(curvature).all() and np.isfinite(slope).all()):
        raise BadValue(f"{family.name}: no maximum of the likelihood was found")
    bends, ways = np.linalg.eigh(curvature)
    bends = np.maximum(np.abs(bends), FLAT * max(1.0, float(np.abs(bends).max())))
    step: Floats = -ways @ ((ways.T @ slope) / bends)
    return step * min(1.0, LONGEST / max(float(np.abs(step).max()), LONGEST))


def _require_maximum(curvature: Floats, family: Family) -> None:
    sound = bool(np.isfinite(curvature).all() and np.abs(curvature).max() < IMPOSSIBLE / 1e9)
    if not sound or np.linalg.eigvalsh(curvature)[0] <= 0.0:
        raise BadValue(f"{family.name}: the likelihood has no maximum inside the family")


def _slope(minus: Callable[[Floats], float], free: Floats, *, fine: bool = True) -> Floats:
    """Return the slope by differences of the fourth order, or of the second."""
    found = np.empty(free.size)
    for place in range(free.size):
        step = np.zeros(free.size)
        step[place] = STEP
        near = minus(free + step) - minus(free - step)
        if fine:
            far = minus(free + 2.0 * step) - minus(free - 2.0 * step)
            found[place] = (8.0 * near - far) / (12.0 * STEP)
        else:
            found[place] = near / (2.0 * STEP)
    return found


def _curvature(minus: Callable[[Floats], float], free: Floats) -> Floats:
    found = np.empty((free.size, free.size))
    for place in range(free.size):
        step = np.zeros(free.size)
        step[place] = STEP
        apart = _slope(minus, free + step, fine=False) - _slope(minus, free - step, fine=False)
        found[place] = apart / (2.0 * STEP)
    return 0.5 * (found + found.T)
