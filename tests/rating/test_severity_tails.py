"""Severities against mpmath, over a range of parameters and far into both tails.

The tolerance grows with the condition of the figure: a survival that falls like x**-c answers to
the last digit of x with c last digits of its own.
"""

import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadValue
from rating.severities import (
    COMPOSED,
    Burr,
    Empirical,
    Gamma,
    GeneralisedPareto,
    InverseGaussian,
    LogGamma,
    Lognormal,
    Lomax,
    Mixture,
    Pareto,
    Severity,
    Size,
    Spliced,
    Weibull,
)

mp = mpmath.mp.clone()
mp.dps = 30
LAST = 2e-15
ULP = 2.0**-52
"""What a figure of condition 1 may be off, relative."""
RULE = [
    (0.5 * (1.0 + x), 0.5 * w)
    for x, w in zip(*map(list, np.polynomial.legendre.leggauss(24)), strict=True)
]


def scaled(low: float, high: float):
    return st.floats(math.log(low), math.log(high)).map(math.exp)


MODELS: dict[str, st.SearchStrategy[Severity]] = {
    "weibull": st.builds(Weibull, scaled(0.3, 5.0), scaled(1.0, 1e5)),
    "pareto": st.builds(Pareto, scaled(1.1, 20.0), scaled(1.0, 1e5)),
    "lomax": st.builds(Lomax, scaled(1.1, 20.0), scaled(1.0, 1e5)),
    "generalised_pareto": st.builds(
        GeneralisedPareto,
        st.just(0.0) | scaled(0.01, 0.9) | scaled(0.01, 0.9).map(lambda shape: -shape),
        scaled(1.0, 1e5),
        st.just(0.0) | scaled(1.0, 1e4),
    ),
    "burr": st.builds(Burr, scaled(0.8, 5.0), scaled(1.4, 5.0), scaled(1.0, 1e5)),
    "inverse_gaussian": st.builds(InverseGaussian, scaled(1.0, 1e5), scaled(1.0, 1e5)),
    "log_gamma": st.builds(LogGamma, scaled(1.0, 1e3), scaled(1.2, 9.0), scaled(0.4, 6.0)),
    "lognormal": st.builds(Lognormal, st.floats(0.0, 12.0), scaled(0.1, 3.0)),
    "gamma": st.builds(Gamma, scaled(0.2, 50.0), scaled(1.0, 1e5)),
}


def generalised(m: GeneralisedPareto, x):
    if x <= m.threshold:
        return mp.mpf(1)
    excess = (x - m.threshold) / m.scale
    left = 1 + m.shape * excess
    if left <= 0:
        return mp.mpf(0)
    return mp.exp(-excess) if m.shape == 0.0 else left ** (-1 / mp.mpf(m.shape))


def wald(m: InverseGaussian, x):
    root = mp.sqrt(m.shape / x)
    far = mp.exp(2 * mp.mpf(m.shape) / m.mu) * mp.ncdf(-root * (x / m.mu + 1))
    return mp.ncdf(-root * (x / m.mu - 1)) - far


SURVIVALS = {
    "weibull": lambda m, x: mp.exp(-((x / m.scale) ** m.shape)),
    "pareto": lambda m, x: (m.minimum / x) ** m.alpha if x > m.minimum else mp.mpf(1),
    "lomax": lambda m, x: (1 + x / m.scale) ** -m.alpha,
    "generalised_pareto": generalised,
    "burr": lambda m, x: (1 + (x / m.scale) ** m.gamma) ** -m.alpha,
    "inverse_gaussian": wald,
    "log_gamma": lambda m, x: (
        mp.gammainc(m.shape, m.rate * mp.log(x / m.minimum)) / mp.gamma(m.shape)
        if x > m.minimum
        else mp.mpf(1)
    ),
    "lognormal": lambda m, x: mp.ncdf((m.mu - mp.log(x)) / m.sigma),
    "gamma": lambda m, x: mp.gammainc(m.shape, x / m.scale) / mp.gamma(m.shape),
}


def condition(model: Size, x: float) -> float:
    """By how many last digits the survival answers to one of x, and a few for its own formula."""
    alive = model.survival(x)
    return 20.0 + 20.0 * x * model.density(x) / alive if alive > 0.0 else math.inf


every_kind = pytest.mark.parametrize("kind", MODELS)
tails = st.floats(-60.0, -0.01).map(lambda power: 10.0**power)


@every_kind
@given(data=st.data(), chance=tails)
def test_the_far_tail_is_that_of_mpmath(kind: str, data, chance: float):
    model = data.draw(MODELS[kind])
    x = model.quantile_above(chance)
    want = SURVIVALS[kind](model, mp.mpf(x))
    tolerance = LAST * condition(model, x)
    assert model.survival(x) == pytest.approx(float(want), rel=tolerance)
    # the quantile is as exact as x can be: to the condition of the survival in x
    assert model.survival(x) == pytest.approx(chance, rel=max(1e-9, tolerance))


def integral(survival, model: Size, low: float, width: float):
    """Integrate by panels: the first as wide as the survival falls in, each next one twice so.

    A generalised Pareto that ends, ends in a power with which panels are slow: its antiderivative.
    """
    if isinstance(model, GeneralisedPareto) and model.shape < 0.0:
        shape = mp.mpf(model.shape)

        def left(x):
            return max(0, 1 + shape * (x - model.threshold) / model.scale) ** (1 - 1 / shape)

        return model.scale / (1 - shape) * (left(mp.mpf(low)) - left(low + mp.mpf(width)))
    falls = model.survival(low) / model.density(low) if model.density(low) > 0.0 else width
    ends, step = [mp.mpf(low)], mp.mpf(min(width / 4, falls))
    while ends[-1] < low + mp.mpf(width):
        ends.append(min(ends[-1] + step, low + mp.mpf(width)))
        step = min(2 * step, mp.mpf(width) / 4)
    return mp.fsum(
        (b - a) * w * survival(a + (b - a) * x) for a, b in pairwise(ends) for x, w in RULE
    )


@every_kind
@given(data=st.data(), chance=st.floats(-12.0, -0.1).map(lambda power: 10.0**power))
def test_layers_are_integrals_however_thin_and_far_out(kind: str, data, chance: float):
    model = data.draw(MODELS[kind])
    low = model.quantile_above(chance)
    width = low * 10.0 ** data.draw(st.floats(-6.0, 0.5))
    want = integral(lambda x: SURVIVALS[kind](model, x), model, low, width)
    got = model.expected_layer(low, width)
    rounded = ULP * low / width  # the top of the layer, when the width is added to its start
    tolerance = 1e-12 + rounded + LAST * condition(model, low)
    assert got == pytest.approx(float(want), rel=tolerance)


@every_kind
@given(data=st.data())
def test_the_log_density_goes_on_where_the_density_has_vanished(kind: str, data):
    model = data.draw(MODELS[kind])
    x = model.quantile_above(data.draw(tails))
    if model.density(x) > 1e-290:
        got = math.exp(model.log_density(x))
        assert got == pytest.approx(model.density(x), rel=1e-12 + LAST * condition(model, x))
    assert math.isfinite(Gamma(4.0, 25.0).log_density(1e6))


def test_the_tail_of_the_danish_fires_is_its_formula():
    """109 of 2,167 fires exceed u = 10; the parameters are those of maximum likelihood.

    VaR99 = u + scale / shape ((n (1 - p) / 109)**-shape - 1) = 27.290, and
    ES99 = (VaR99 + scale - shape u) / (1 - shape) = 58.240.
    """
    tail = GeneralisedPareto(0.4970, 6.9755, 10.0)
    chance = 2167 / 109 * 0.01
    value = tail.quantile_above(chance)
    assert value == pytest.approx(27.290, abs=0.005)
    assert value + tail.excess_mean(value) / chance == pytest.approx(58.240, abs=0.02)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Pareto(0.9, 1.0), "pareto.alpha: expected above 1 (for a mean), got 0.9"),
        (Lomax(1.0, 1.0), "lomax.alpha: expected above 1 (for a mean), got 1"),
        (
            GeneralisedPareto(1.2, 1.0),
            "generalised_pareto.shape: expected below 1 (for a mean), got 1.2",
        ),
        (Burr(1.0, 0.8, 1.0), "burr.alpha × burr.gamma: expected above 1 (for a mean), got 0.8"),
        (LogGamma(1.0, 0.5, 2.0), "log_gamma.rate: expected above 1 (for a mean), got 0.5"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_severity_without_a_mean_is_refused_where_one_is_needed(model: Severity, message: str):
    for asked in (lambda: model.mean, lambda: model.expected_layer(5.0)):
        with pytest.raises(BadValue) as error:
            asked()
        assert str(error.value) == message
    # a layer has a mean all the same
    kind = next(k for k, s in MODELS.items() if type(model).__name__.lower() == k.replace("_", ""))
    want = mp.quad(lambda x: SURVIVALS[kind](model, x), [7, 70, 700, 7000, 70007])
    assert model.expected_layer(7.0, 70_000.0) == pytest.approx(float(want), rel=1e-9)


COMPOSITES: dict[str, Size] = {
    "empirical": Empirical.of([3.0, 1.0, 2.0, 2.0, 900.0], [1.0, 2.0, 1.0, 1.0, 0.5]),
    "mixture": Mixture.of([0.3, 0.7], [Gamma(1.0, 10.0), Pareto(2.5, 100.0)]),
    "spliced": Spliced.of(Lognormal(1.0, 1.0), GeneralisedPareto(0.4, 7.0, 10.0), 10.0),
}


def test_every_composed_kind_has_its_example():
    assert {kind: type(model) for kind, model in COMPOSITES.items()} == COMPOSED


@pytest.mark.parametrize("kind", COMPOSITES)
@given(u=st.floats(1e-6, 1.0 - 1e-6), v=st.floats(1e-6, 1.0 - 1e-6))
def test_a_composed_severity_keeps_the_laws_of_the_others(kind: str, u: float, v: float):
    model = COMPOSITES[kind]
    x, y = sorted((model.quantile(u), model.quantile(v)))
    assert model.distribution(x) >= min(u, v) * (1.0 - 1e-12)
    assert model.survival(model.quantile_above(u)) <= u * (1.0 + 1e-12)
    assert model.distribution(x) + model.survival(x) == pytest.approx(1.0, abs=1e-13)
    assert model.limited_mean(x) + model.excess_mean(x) == pytest.approx(model.mean, rel=1e-12)
    parts = model.limited_mean(x) + model.expected_layer(x, y - x) + model.excess_mean(y)
    assert parts == pytest.approx(model.mean, rel=1e-10)


@pytest.mark.parametrize("kind", COMPOSITES)
def test_moments_of_a_composed_severity_are_those_of_its_quantiles(kind: str):
    model = COMPOSITES[kind]
    nodes = [model.quantile((i + 0.5) / 1000) for i in range(1000)]
    assert math.fsum(nodes) / 1000 == pytest.approx(model.mean, rel=0.04)
    top = mp.inf if kind != "empirical" else 1000
    edges = [0, 1, 2, 3, 10, 100, 900, 1000] + ([] if top == 1000 else [1e5, top])
    square = mp.quad(lambda x: 2 * x * model.survival(float(x)), edges)
    assert model.moment(2) == pytest.approx(float(square), rel=1e-7)
    assert model.variance == pytest.approx(model.moment(2) - model.mean**2, rel=1e-10)


def test_composed_severities_say_what_does_not_fit():
    body, tail = Lognormal(1.0, 1.0), Pareto(2.0, 10.0)
    for make, message in (
        (lambda: Empirical.of([]), "empirical.values: expected at least one value, got none"),
        (lambda: Empirical.of([-1.0]), "empirical.values[0]: expected 0 or more, got -1"),
        (lambda: Mixture.of([0.5], [body]), "mixture.weights: expected a sum of 1, got 0.5"),
        (
            lambda: Spliced.of(body, tail, 5.0, 1.5),
            "spliced.weight: expected a number between 0 and 1, got 1.5",
        ),
    ):
        with pytest.raises(BadValue) as error:
            make()
        assert str(error.value) == message
