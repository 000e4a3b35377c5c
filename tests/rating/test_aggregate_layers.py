"""Layers of one severity, many at once: held against mpmath, and the fast way is taken."""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rating.aggregate import layers as module
from rating.aggregate.layers import TOGETHER, layers
from rating.severities import Beta, Gamma, InverseGaussian, Lognormal, Severity, Weibull

mp = mpmath.mp.clone()
mp.dps = 60
COUNT = 128
FAR = 1e-40
"""A survival down to which the difference of two limited means has digits enough."""


def lognormal(model: Lognormal, x: mpmath.mpf) -> mpmath.mpf:
    mu, sigma = mp.mpf(model.mu), mp.mpf(model.sigma)
    z = (mp.log(x) - mu) / sigma
    return mp.exp(mu + sigma**2 / 2) * mp.ncdf(z - sigma) + x * mp.ncdf(-z)


def gamma(model: Gamma, x: mpmath.mpf) -> mpmath.mpf:
    shape, y = mp.mpf(model.shape), x / mp.mpf(model.scale)
    below = shape * mp.gammainc(shape + 1, 0, y, regularized=True)
    return mp.mpf(model.scale) * (below + y * mp.gammainc(shape, y, mp.inf, regularized=True))


def weibull(model: Weibull, x: mpmath.mpf) -> mpmath.mpf:
    shape, scale = mp.mpf(model.shape), mp.mpf(model.scale)
    return scale / shape * mp.gammainc(1 / shape, 0, (x / scale) ** shape)


def inverse_gaussian(model: InverseGaussian, x: mpmath.mpf) -> mpmath.mpf:
    mean, shape = mp.mpf(model.mu), mp.mpf(model.shape)
    root = mp.sqrt(shape / x)
    low, high = root * (x / mean - 1), root * (x / mean + 1)
    far = mp.exp(2 * shape / mean) * mp.ncdf(-high)
    return mean * (mp.ncdf(low) - far) + x * (mp.ncdf(-low) - far)


def beta(model: Beta, x: mpmath.mpf) -> mpmath.mpf:
    a, b = mp.mpf(model.a), mp.mpf(model.b)
    below = a / (a + b) * mp.betainc(a + 1, b, 0, x, regularized=True)
    return below + x * mp.betainc(a, b, x, 1, regularized=True)


def scaled(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(np.log(low), np.log(high)).map(np.exp).map(float)


MODELS: dict[str, tuple[st.SearchStrategy[Severity], Callable[..., mpmath.mpf]]] = {
    "lognormal": (st.builds(Lognormal, st.floats(0.0, 12.0), scaled(0.01, 3.0)), lognormal),
    "gamma": (st.builds(Gamma, scaled(0.1, 200.0), scaled(1.0, 1e5)), gamma),
    "weibull": (st.builds(Weibull, scaled(0.3, 20.0), scaled(1.0, 1e5)), weibull),
    "inverse gaussian": (
        st.builds(InverseGaussian, scaled(1.0, 1e5), scaled(1.0, 1e5)),
        inverse_gaussian,
    ),
    "beta": (st.builds(Beta, scaled(0.2, 30.0), scaled(0.2, 30.0)), beta),
}


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=8)
@given(data=st.data())
def test_layers_are_those_of_mpmath(name, data):
    """From 0 or not, up to 5 means, so that they bend, are smooth, or are as good as nothing."""
    models, limited = MODELS[name]
    model = data.draw(models)
    top = 1.0 if isinstance(model, Beta) else data.draw(scaled(0.01, 5.0)) * model.mean
    start = data.draw(st.sampled_from([0.0, 0.3 * top]))
    step = float(np.float32((top - start) / COUNT))  # so that multiples of it are exact
    found = layers(model, start + step * np.arange(COUNT), np.full(COUNT, step))
    for k in data.draw(st.lists(st.integers(1, COUNT - 1), min_size=2, max_size=2)):
        low = start + step * k
        alive = model.survival(low + step)
        if alive < FAR:
            assert 0.0 <= found[k] <= step * model.survival(low) * (1.0 + 1e-12)
            continue
        exact = float(limited(model, mp.mpf(low) + step) - limited(model, mp.mpf(low)))
        # a survival S has -ln S times the rounding of its amount, and the amount its own
        off = 2e-14 * (10.0 - np.log(alive)) + 4e-16 * low / step
        assert found[k] == pytest.approx(exact, rel=off)


def taken(model, starts, widths, monkeypatch):
    """How many panels are integrated together, how many alone, and how many layers neither way."""
    sizes = {TOGETHER: 0, 1: 0, 0: 0}
    integrals, alone = module._integrals, module._alone

    def counted(severity, lows, highs, count):
        sizes[count] += lows.size
        return integrals(severity, lows, highs, count)

    def counted_alone(severity, lows, wide):
        sizes[0] += lows.size
        return alone(severity, lows, wide)

    monkeypatch.setattr(module, "_integrals", counted)
    monkeypatch.setattr(module, "_alone", counted_alone)
    layers(model, starts, widths)
    return sizes[TOGETHER], sizes[1], sizes[0]


def test_the_layers_of_the_design_are_integrated_together(monkeypatch):
    starts = 2000.0 + 20.0 * np.arange(25_000)
    found = taken(Lognormal(8.0, 1.8), starts, np.full(25_000, 20.0), monkeypatch)
    assert found == (25_000 // TOGETHER, 25_000 % TOGETHER, 0)


def test_layers_where_the_survival_bends_are_taken_one_by_one(monkeypatch):
    starts = 100.0 * np.arange(1.0, 65.0)
    found = taken(Lognormal(8.0, 1e-3), starts, np.full(64, 100.0), monkeypatch)
    # exp(8) is 2,981, in the second panel of sixteen; 3,000 is six deviations above
    assert found == (4, TOGETHER, 2)


def test_layers_of_other_widths_have_panels_of_their_own(monkeypatch):
    bounds = np.geomspace(1000.0, 2000.0, 129)
    found = taken(Lognormal(8.0, 1.8), bounds[:-1], np.diff(bounds), monkeypatch)
    assert found == (0, 128, 0)


@pytest.mark.parametrize("share", [0.003, 0.997])
def test_a_fall_beside_the_outermost_nodes_is_noticed(share):
    """The nodes of a panel lie within 0.5% and 99.5% of it, and all see 1, or all see 0."""
    fall = 1600.0 * (1.0 + share)
    found = layers(Lognormal(np.log(fall), 1e-7), 100.0 * np.arange(64.0), np.full(64, 100.0))
    exact = np.clip(fall - 100.0 * np.arange(64.0), 0.0, 100.0)
    assert found == pytest.approx(exact, abs=1e-3)
    assert found.sum() == pytest.approx(fall, rel=1e-7)
