"""The limit of an aggregate distribution by FFT: one lattice, one transform there and back."""

import math

import numpy as np
from scipy.special import ndtr


def limited_mean(mu, sigma, bounds):
    """E[min(X, bound)] of a lognormal, in closed form."""
    z = (np.log(bounds) - mu) / sigma
    return math.exp(mu + sigma**2 / 2) * ndtr(z - sigma) + bounds * ndtr(-z)


def aggregate(frequency, mu, sigma, deductible, limit, step, size):
    """Chances of 0, step, …: a Poisson sum of min(max(X - deductible, 0), limit)."""
    bounds = deductible + step * np.arange(int(limit / step) + 1)
    means = np.concatenate(([step], np.diff(limited_mean(mu, sigma, bounds)), [0.0])) / step
    claim = np.zeros(size)
    claim[: means.size - 1] = means[:-1] - means[1:]
    return np.fft.irfft(np.exp(frequency * (np.fft.rfft(claim) - 1.0)), size)
