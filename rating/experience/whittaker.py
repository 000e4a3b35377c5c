"""Whittaker-Henderson graduation of central rates, as a penalised Poisson likelihood.

θ, the log rates, maximise Σ (D θ - E exp θ) - λ/2 Σ (Δ^z θ)². Setting the derivative to zero along
the polynomials of degree below z, which cost nothing, shows that the graduated rates reproduce the
number of events, and for z = 2 or more their mean place: Σ E m = Σ D, Σ x E m = Σ x D.

Whittaker (1923), Proc. Edinburgh Math. Soc. 41; Henderson (1924), TASA 25; the likelihood form,
its posterior and the choice of λ: Biessy (2023), arXiv:2306.06932.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

Floats = npt.NDArray[np.float64]
TOLERANCE = 1e-12
MOST_STEPS = 200
HALVINGS = 60
ROUNDING = 1e-13
"""How far a sum of logs may fall by rounding alone, relative to itself."""
LAMBDAS = (-4.0, 12.0)
"""The exponents of ten between which λ is sought."""


@dataclass(frozen=True)
class Graduated:
    """Graduated central rates.

    rate       [place];  error: [place] standard error of the log rate, given λ
    smoothing  λ;  freedom: effective number of parameters, from z (a polynomial) to all places
    """

    rate: Floats
    error: Floats
    smoothing: float
    freedom: float


def differences(places: int, order: int) -> Floats:
    """Give the matrix of differences of an order: [place - order, place]."""
    return np.diff(np.eye(places), n=order, axis=0)


def smoothed(values: Floats, weights: Floats, order: int, smoothing: float) -> Floats:
    """Minimise Σ w (g - y)² + λ Σ (Δ^z g)²: the classic form, for values of any sign."""
    rough = differences(values.size, order)
    system = np.diag(weights) + smoothing * (rough.T @ rough)
    return np.asarray(np.linalg.solve(system, weights * values), dtype=np.float64)


def graduate(
    events: Floats, exposure: Floats, order: int = 2, smoothing: float | None = None
) -> Graduated:
    """Graduate the central rates events / exposure.

    smoothing  λ > 0; None seeks the one that makes the data most likely (marginal likelihood by
               Laplace's approximation, "REML")

    A place without exposure takes what its neighbours suggest. Raises ValueError where the data
    cannot carry it: no more places than the order, or events in fewer places than the order (a
    line through one place has no slope).
    """
    if exposure.size <= order:
        message = f"expected more than {order} places for differences of order {order}"
        raise ValueError(message)
    seen = int(np.count_nonzero((events > 0.0) & (exposure > 0.0)))
    if seen < order:
        message = f"expected events in at least {order} places, got {seen}"
        raise ValueError(message)
    rough = differences(exposure.size, order)
    if smoothing is None:
        found = minimize_scalar(
            lambda power: -_evidence(events, exposure, rough, 10.0**power),
            bounds=LAMBDAS,
            method="bounded",
            options={"xatol": 1e-6},
        )
        smoothing = float(10.0**found.x)
    theta = _mode(events, exposure, rough, smoothing)
    fitted = exposure * np.exp(theta)
    covariance = np.linalg.inv(np.diag(fitted) + smoothing * (rough.T @ rough))
    return Graduated(
        rate=np.exp(theta),
        error=np.sqrt(np.diag(covariance)),
        smoothing=smoothing,
        freedom=float(np.sum(np.diag(covariance) * fitted)),
    )


def _objective(
    theta: Floats, events: Floats, exposure: Floats, rough: Floats, smoothing: float
) -> float:
    # the differences first: θᵀ(DᵀD)θ would lose them to cancellation under a large λ
    steps = rough @ theta
    likely = float(np.sum(events * theta - exposure * np.exp(theta)))
    return likely - 0.5 * smoothing * float(steps @ steps)


def _mode(events: Floats, exposure: Floats, rough: Floats, smoothing: float) -> Floats:
    """Maximise by Newton's method, halving a step that would lead down; concave, so one mode."""
    theta = np.full(events.size, np.log(events.sum() / exposure.sum()))
    value = _objective(theta, events, exposure, rough, smoothing)
    for _ in range(MOST_STEPS):
        fitted = exposure * np.exp(theta)
        slope = events - fitted - smoothing * (rough.T @ (rough @ theta))
        step = np.linalg.solve(np.diag(fitted) + smoothing * (rough.T @ rough), slope)
        for _ in range(HALVINGS):
            following = theta + step
            moved = _objective(following, events, exposure, rough, smoothing)
            if moved >= value - ROUNDING * abs(value) or np.max(np.abs(step)) < TOLERANCE:
                break
            step = 0.5 * step
        theta, value = following, moved
        if np.max(np.abs(step)) < TOLERANCE:
            break
    return np.asarray(theta)


def _evidence(events: Floats, exposure: Floats, rough: Floats, smoothing: float) -> float:
    """Log marginal likelihood of λ up to a constant, by Laplace's approximation at the mode."""
    theta = _mode(events, exposure, rough, smoothing)
    fitted = exposure * np.exp(theta)
    _, spread = np.linalg.slogdet(np.diag(fitted) + smoothing * (rough.T @ rough))
    prior = rough.shape[0] * np.log(smoothing)
    height = _objective(theta, events, exposure, rough, smoothing)
    return height + 0.5 * (float(prior) - float(spread))
