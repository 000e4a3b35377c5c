"""Composed severities over a range, from the definitions of their parts in mpmath."""

import math
from itertools import pairwise

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rating.severities import Empirical, Mixture, Spliced
from tests.rating.test_severity_tails import MODELS, SURVIVALS

mp = mpmath.mp.clone()
mp.dps = 30
KINDS = ("weibull", "lomax", "burr", "lognormal", "gamma", "pareto")
chances = st.floats(-12.0, -0.05).map(lambda power: 10.0**power)


@st.composite
def parts(draw):
    """A severity with its survival in mpmath."""
    kind = draw(st.sampled_from(KINDS))
    model = draw(MODELS[kind])
    return model, lambda x: SURVIVALS[kind](model, mp.mpf(x)) if x > 0 else mp.mpf(1)


@st.composite
def mixtures(draw):
    first, second = draw(parts()), draw(parts())
    share = draw(st.floats(0.01, 0.99))
    model = Mixture.of([share, 1.0 - share], [first[0], second[0]])
    one, other = model.weights
    return model, lambda x: one * first[1](x) + other * second[1](x)


@st.composite
def splices(draw):
    """A body of losses up to one of its quantiles; the tail has a chance beyond it."""
    (body, below), (tail, above) = draw(parts()), draw(parts())
    at = max(body.quantile(draw(st.floats(0.2, 0.99))), tail.quantile(1e-3))
    weight = draw(st.floats(0.01, 0.6))
    if tail.survival(at) < 1e-200 or body.distribution(at) < 1e-6:
        at, tail, above = body.quantile(0.5), body, below
    model = Spliced.of(body, tail, at, weight)

    def survival(x):
        if x <= at:
            return 1 - (1 - mp.mpf(weight)) * (1 - below(x)) / (1 - below(at))
        return weight * above(x) / above(at)

    return model, survival


@pytest.mark.parametrize("composed", [mixtures(), splices()], ids=["mixture", "spliced"])
@settings(max_examples=12, deadline=None)
@given(data=st.data(), chance=chances)
def test_survival_quantile_and_layer_are_those_of_the_parts(composed, data, chance):
    model, survival = data.draw(composed)
    x = model.quantile_above(chance)
    nearby = [survival(x * (1.0 + near)) for near in (-1e-12, 0.0, 1e-12)]
    assert model.survival(x) == pytest.approx(float(nearby[1]), rel=1e-9)
    assert nearby[2] * (1 - mp.mpf(1e-9)) <= chance <= nearby[0] * (1 + mp.mpf(1e-9))
    width = x * data.draw(st.floats(-3.0, 0.5).map(lambda power: 10.0**power))
    ends = sorted({x, x + width, *(e for e in bends(model) if x < e < x + width)})
    want = mp.quad(survival, subdivided(ends))
    assert model.expected_layer(x, width) == pytest.approx(float(want), rel=1e-8)


def bends(model):
    """Where the survival of a composed severity bends."""
    if isinstance(model, Spliced):
        return (model.threshold, *bends_of(model.body), *bends_of(model.tail))
    return [bend for part in model.parts for bend in bends_of(part)]


def bends_of(part):
    return [part.minimum] if hasattr(part, "minimum") else []


def subdivided(ends):
    inner = [low + (high - low) * mp.mpf(i) / 8 for low, high in pairwise(ends) for i in range(8)]
    return [*inner, ends[-1]]


amounts = st.lists(st.tuples(st.floats(0.0, 1e6), st.floats(0.1, 5.0)), min_size=1, max_size=8)


@given(rows=amounts, deductible=st.floats(0.0, 1e6), limit=st.floats(1.0, 1e6))
def test_an_empirical_severity_is_the_sum_over_its_losses(rows, deductible, limit):
    values, weights = zip(*rows, strict=True)
    model = Empirical.of(values, weights)
    total = math.fsum(weights)

    def mean(of):
        return math.fsum(weight * of(value) for value, weight in rows) / total

    close = {"rel": 1e-12, "abs": 1e-9}
    layer = mean(lambda x: min(max(x - deductible, 0.0), limit))
    assert model.expected_layer(deductible, limit) == pytest.approx(layer, **close)
    assert model.survival(deductible) == pytest.approx(
        mean(lambda x: float(x > deductible)), **close
    )
    for k in (1, 2, 3):
        assert model.moment(k) == pytest.approx(mean(lambda x, k=k: x**k), rel=1e-12)
    assert model.quantile(1.0 - 1e-12) == max(values)
