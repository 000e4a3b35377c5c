"""The draws of policies that are generated."""

import numpy as np
import numpy.typing as npt

from rating.kernels.distributions import lognormal_quantile
from rating.kernels.jit import kernel
from rating.kernels.random import stream_key, uniform


@kernel
def policy_uniforms(
    seed: np.uint64,
    name: np.uint64,
    stream: int,
    attempt: int,
    policies: npt.NDArray[np.int64],
    u: npt.NDArray[np.float64],
) -> None:
    """Fill u[row] with the number of policy policies[row] for one variable and attempt."""
    key = stream_key(seed, name)
    process, year = np.uint64(stream), np.uint64(attempt)
    for row in range(policies.size):
        u[row] = uniform(key, process, year, np.uint64(policies[row]))


@kernel
def member_uniforms(
    seed: np.uint64,
    name: np.uint64,
    stream: int,
    attempt: int,
    policies: npt.NDArray[np.int64],
    numbers: npt.NDArray[np.int64],
    u: npt.NDArray[np.float64],
) -> None:
    """Fill u[row] with that of member numbers[row] of policy policies[row] for one variable."""
    key = stream_key(seed, name)
    process, year = np.uint64(stream), np.uint64(attempt)
    for row in range(policies.size):
        own = stream_key(key, np.uint64(policies[row]))
        u[row] = uniform(own, process, year, np.uint64(numbers[row]))


@kernel
def lognormal_quantiles(
    mu: float, sigma: float, u: npt.NDArray[np.float64], values: npt.NDArray[np.float64]
) -> None:
    """Fill values[row] with the u[row]-quantile of a lognormal."""
    for row in range(u.size):
        values[row] = lognormal_quantile(mu, sigma, u[row])
