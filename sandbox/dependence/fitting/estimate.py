"""The parameters of a copula from pseudo-observations: by Kendall's tau, or by likelihood.

C. Genest and A.-C. Favre, "Everything you always wanted to know about copula modeling but were
afraid to ask", Journal of Hydrologic Engineering 12 (2007); McNeil, Frey and Embrechts, 7.5.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar
from scipy.stats import kendalltau

from product_factory.errors import At
from sandbox.dependence.copulas import COPULAS, Copula, Gaussian, Independence, T
from sandbox.dependence.copulas.archimedean import Archimedean
from sandbox.dependence.matrix import Correlation, correlation

Floats = npt.NDArray[np.float64]
LEAST_FREEDOM, MOST_FREEDOM = 1.0, 100.0
"""Of a fit; beyond it data cannot tell a t from a Gaussian."""
NEAR_ONE = 0.9999


def taus(u: Floats) -> Floats:
    """Give Kendall's tau (tau-b, where results are equal) of each pair of columns."""
    size = u.shape[1]
    found = np.eye(size)
    for i in range(size):
        for j in range(i):
            found[i, j] = found[j, i] = float(kendalltau(u[:, i], u[:, j]).statistic)
    return found


def mean_tau(u: Floats) -> float:
    """Give the mean tau over all pairs."""
    matrix = taus(u)
    return float(matrix[np.tril_indices(len(matrix), -1)].mean())


def log_likelihood(copula: Copula, u: Floats) -> float:
    """Give the logarithm of the likelihood."""
    return math.fsum(copula.log_density(u).tolist())


def estimate(kind: str, u: Floats, method: str, freedom: float | None = None) -> Copula:
    """Give the copula of a kind that fits best.

    method   tau or likelihood;  freedom: of a t, where it is known already
    """
    model = COPULAS[kind]
    if issubclass(model, Independence):
        return Independence(u.shape[1])
    if issubclass(model, Archimedean):
        return _archimedean(model, u, method)
    if method != "tau":
        return _by_likelihood(kind, u, freedom)
    matrix = _by_tau(u)
    if issubclass(model, Gaussian):
        return Gaussian(matrix)
    return T(matrix, freedom if freedom is not None else _freedom(matrix, u))


def _archimedean(model: type[Archimedean], u: Floats, method: str) -> Archimedean:
    size = u.shape[1]
    start = model.of_tau(mean_tau(u), size)
    if method == "tau":
        return start

    def loss(tau: float) -> float:
        return -log_likelihood(model.of_tau(tau, size), u)

    # in tau the likelihood is smooth and its range is bounded
    least = -0.9 if size == 2 and model.LEAST < 0.0 else 1e-4  # noqa: PLR2004 - a pair
    done = minimize_scalar(loss, bounds=(least, 0.93), method="bounded", options={"xatol": 1e-6})
    found = model.of_tau(float(done.x), size)
    better = log_likelihood(found, u) >= log_likelihood(start, u)
    return found if better else start


def _by_tau(u: Floats) -> Correlation:
    """Give the correlations sin(pi tau / 2), repaired where they are not positive definite."""
    rho = np.clip(np.sin(0.5 * math.pi * taus(u)), -NEAR_ONE, NEAR_ONE)
    np.fill_diagonal(rho, 1.0)
    return correlation(rho, repair=True, at=At(""))


def _by_likelihood(kind: str, u: Floats, freedom: float | None) -> Copula:
    """Maximise over partial correlations, each free in -1 … 1; a t's freedom along with them."""
    size = u.shape[1]
    start = _partial(_by_tau(u).root)
    free = kind == "t" and freedom is None
    first = np.array([*np.arctanh(start), *([math.log(8.0)] if free else [])])

    def made(x: Floats) -> Copula:
        matrix = _of_root(_root(np.tanh(x[: len(start)]), size))
        if kind == "gaussian":
            return Gaussian(matrix)
        return T(matrix, math.exp(float(x[-1])) if free else freedom or LEAST_FREEDOM)

    bounds = [(-4.0, 4.0)] * len(start)
    bounds += [(math.log(LEAST_FREEDOM), math.log(MOST_FREEDOM))] if free else []
    done = minimize(_loss(made, u), first, method="L-BFGS-B", bounds=bounds)
    return made(done.x)


def _loss(made: Callable[[Floats], Copula], u: Floats) -> Callable[[Floats], float]:
    return lambda x: -log_likelihood(made(x), u)


def _freedom(matrix: Correlation, u: Floats) -> float:
    """Give the degrees of freedom that are most likely, the matrix being known."""

    def loss(logarithm: float) -> float:
        return -log_likelihood(T(matrix, math.exp(logarithm)), u)

    bounds = (math.log(LEAST_FREEDOM), math.log(MOST_FREEDOM))
    done = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-5})
    return math.exp(float(done.x))


def _root(partial: Floats, size: int) -> Floats:
    """Give the lower Cholesky factor that partial correlations make, row by row."""
    root = np.zeros((size, size))
    place = 0
    for i in range(size):
        left = 1.0
        for j in range(i):
            root[i, j] = partial[place] * math.sqrt(left)
            left -= root[i, j] ** 2
            place += 1
        root[i, i] = math.sqrt(max(left, 1e-12))
    return root


def _partial(root: Floats) -> Floats:
    """Give the partial correlations that make a factor."""
    found = []
    for i in range(len(root)):
        left = 1.0
        for j in range(i):
            found.append(min(max(root[i, j] / math.sqrt(left), -0.999), 0.999))
            left = max(left - root[i, j] ** 2, 1e-12)
    return np.array(found)


def _of_root(root: Floats) -> Correlation:
    values = root @ root.T
    np.fill_diagonal(values, 1.0)
    return Correlation(np.asarray(0.5 * (values + values.T)), root)
