"""Moments and damage ratios against mpmath: every kind is here or in test_severity_tails.py."""

import math

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rating.severities import SEVERITIES, Beta, Mbbefd
from tests.rating.test_severity_tails import MODELS, scaled

mp = mpmath.mp.clone()
mp.dps = 25
BOUNDED = {
    "beta": st.builds(Beta, scaled(0.3, 30.0), scaled(0.3, 30.0)),
    "mbbefd": st.builds(Mbbefd, scaled(1e-4, 1e3), scaled(1.01, 1e5)),
}


def ratios(kind, model, x):
    """P(X > x) of a damage ratio below 1: DLMF 8.17, and Bernegger (1997), section 3."""
    if kind == "beta":
        return mp.betainc(model.b, model.a, 0, 1 - x, regularized=True)
    b, g = mp.mpf(model.b), mp.mpf(model.g)
    if b == 1:
        return 1 / (1 + (g - 1) * x)
    if b * g == 1:
        return b**x
    return (1 - b) / ((g - 1) * b ** (1 - x) + 1 - g * b)


def test_every_kind_is_held_against_mpmath():
    assert {*MODELS, *BOUNDED} == set(SEVERITIES)


@pytest.mark.parametrize("kind", BOUNDED)
@settings(max_examples=8, deadline=None)
@given(data=st.data(), low=st.floats(-12.0, -0.01), near=st.floats(0.0, 12.0))
def test_a_damage_ratio_is_that_of_mpmath_near_both_ends(kind, data, low, near):
    model = data.draw(BOUNDED[kind])
    for x in (10.0**low, 1.0 - 0.5 * 10.0**-near):
        want = ratios(kind, model, mp.mpf(x))
        assert model.survival(x) == pytest.approx(float(want), rel=1e-11, abs=1e-300)
        below = float(1 - want)
        assert model.distribution(x) == pytest.approx(below, rel=1e-9, abs=1e-16)


@pytest.mark.parametrize("kind", BOUNDED)
@settings(max_examples=20, deadline=None)
@given(data=st.data(), chance=st.floats(-12.0, -0.01).map(lambda power: 10.0**power))
def test_a_quantile_of_a_damage_ratio_is_that_of_mpmath(kind, data, chance):
    """The survival at the quantile is the chance, but for what the last digits of x decide."""
    model = data.draw(BOUNDED[kind])
    for wanted, x in ((chance, model.quantile_above(chance)), (1 - chance, model.quantile(chance))):
        if kind == "mbbefd" and wanted <= 1.0 / model.g:
            assert x == 1.0  # a total loss has that chance or more
            continue
        above, below = (ratios(kind, model, mp.mpf(near)) for near in beside(x))
        assert below * (1 - mp.mpf(1e-9)) <= wanted <= above * (1 + mp.mpf(1e-9))


def beside(x):
    """A few last digits below and above a damage ratio."""
    return max(0.0, x * (1.0 - 1e-14)), min(1.0 - 2.0**-53, x * (1.0 + 1e-14))


@pytest.mark.parametrize("kind", BOUNDED)
@settings(max_examples=10, deadline=None)
@given(data=st.data(), low=st.floats(0.01, 0.95), part=st.floats(-6.0, 0.0).map(lambda p: 10.0**p))
def test_a_layer_of_a_damage_ratio_is_its_integral(kind, data, low, part):
    model = data.draw(BOUNDED[kind])
    width = part * (1.0 - low)
    ends = [low + width * mp.mpf(i) / 8 for i in range(9)]
    want = mp.quad(lambda x: ratios(kind, model, x), ends)
    rounded = 2.0**-52 / width * ratios(kind, model, low)
    tolerance = float(1e-9 * want + rounded * want) + 1e-300
    assert model.expected_layer(low, width) == pytest.approx(float(want), abs=tolerance)


def power_mean(kind, m, k):
    """E[X**k] in closed form: Klugman, Panjer and Willmot, Loss Models, appendix A."""
    k, g, e = mp.mpf(k), mp.gamma, mp.exp
    forms = {
        "lognormal": lambda: e(k * m.mu + k * k * mp.mpf(m.sigma) ** 2 / 2),
        "gamma": lambda: mp.mpf(m.scale) ** k * mp.rf(m.shape, k),
        "weibull": lambda: mp.mpf(m.scale) ** k * g(1 + k / m.shape),
        "pareto": lambda: m.alpha * mp.mpf(m.minimum) ** k / (m.alpha - k),
        "lomax": lambda: mp.mpf(m.scale) ** k * g(k + 1) * g(m.alpha - k) / g(m.alpha),
        "burr": lambda: (
            mp.mpf(m.scale) ** k * g(1 + k / m.gamma) * g(m.alpha - k / m.gamma) / g(m.alpha)
        ),
        "log_gamma": lambda: mp.mpf(m.minimum) ** k * (1 - k / m.rate) ** -mp.mpf(m.shape),
        "generalised_pareto": lambda: mp.fsum(
            mp.binomial(k, i) * mp.mpf(m.threshold) ** (k - i) * excess_mean(m, i)
            for i in range(int(k) + 1)
        ),
        "inverse_gaussian": lambda: mp.fsum(
            # (k - 1 + i)! / (i! (k - 1 - i)!) (mu / 2 shape)^i: Tweedie (1957), raw moments
            mp.mpf(m.mu) ** k
            * mp.factorial(k - 1 + i)
            * (mp.mpf(m.mu) / m.shape / 2) ** i
            / mp.factorial(i)
            / mp.factorial(k - 1 - i)
            for i in range(int(k))
        ),
        "beta": lambda: mp.rf(m.a, k) / mp.rf(mp.mpf(m.a) + m.b, k),
        "mbbefd": lambda: mp.quad(
            lambda x: k * x ** (k - 1) * ratios("mbbefd", m, x), mp.linspace(0, 1, 5)
        ),
    }
    return forms[kind]()


def excess_mean(m, k):
    """E[(X - threshold)**k] of a generalised Pareto: k! scale**k / Π (1 - i shape), i = 1 … k."""
    found = mp.mpf(m.scale) ** k * mp.factorial(k)
    for i in range(1, k + 1):
        found /= 1 - i * mp.mpf(m.shape)
    return found


EXISTS = {
    "pareto": lambda m: m.alpha,
    "lomax": lambda m: m.alpha,
    "burr": lambda m: m.alpha * m.gamma,
    "log_gamma": lambda m: m.rate,
    "generalised_pareto": lambda m: 1.0 / m.shape if m.shape > 0.0 else math.inf,
}


@pytest.mark.parametrize("kind", [*MODELS, *BOUNDED])
@settings(max_examples=25, deadline=None)
@given(data=st.data(), k=st.sampled_from([1, 2, 3]))
def test_moments_are_those_of_the_textbook(kind, data, k):
    model = data.draw((MODELS | BOUNDED)[kind])
    most = EXISTS.get(kind, lambda _: math.inf)(model)
    if most <= k * 1.01:
        return
    want = float(power_mean(kind, model, k))
    assert model.moment(k) == pytest.approx(want, rel=1e-9)
