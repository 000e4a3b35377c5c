"""Closed forms: layers of one mark, held against scipy and against the quadrature of the payout."""

import math
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from rating.engines.collective.expected import costs_of
from rating.engines.collective.layer import Layer
from rating.engines.collective.numeric import numeric_costs
from rating.severities import Beta, Gamma, Lognormal, Mbbefd, Severity
from tests.rating.engines.tiny_year import LAYER, LOGNORMAL, tiny, tiny_model

GAMMA = "{kind: gamma, mean: 1800, cv: 1.4}"
NEGATIVE = "{kind: negative_binomial, mean: 0.5, variance_over_mean: 1.7}"
LINES = {
    "deductible, share, limit": LAYER,
    "share, deductible": "    - {share: 60%}\n    - {deductible: 200, per: event}",
    "limit, deductible": "    - {limit: 3000, per: claim}\n    - {deductible: 500, per: claim}",
    "franchise": "    - {franchise: 700, per: claim}\n    - {limit: 2500, per: claim}",
    "franchise after a deductible": (
        "    - {deductible: 100, per: claim}\n    - {franchise: 400, per: claim}\n"
        "    - {share: 50%}"
    ),
    "corridor": (
        "    - {deductible: 100, per: claim}\n    - {corridor: 900, above: 600, per: claim}\n"
        "    - {share: 80%}\n    - {limit: 4000, per: event}"
    ),
    "two corridors": (
        "    - {corridor: 400, above: 300, per: event}\n"
        "    - {corridor: 500, above: 900, per: claim}"
    ),
    "nothing but a share": "    - {share: 90%}",
}
operations = st.lists(
    st.tuples(
        st.sampled_from(["share", "average", "deductible", "limit", "franchise", "corridor"]),
        st.floats(0.0, 1.0),
    ),
    max_size=5,
)
STEP = {
    "share": lambda x, v: x * v,
    "average": lambda x, v: x * v if v < 1.0 else x,
    "deductible": lambda x, v: max(x - v, 0.0),
    "limit": min,
    "franchise": lambda x, v: x if x >= v else 0.0,
    "corridor": lambda x, v: min(x, ABOVE) + max(x - ABOVE - v, 0.0),
}
ABOVE = 700.0


def chained(lines):
    """Compose lines; amounts in thousands so that they bite."""
    layer, steps = Layer(1.2), []
    for name, u in lines:
        value = u if name in ("share", "average") else 3000.0 * u
        layer = getattr(layer, name)(value, *([ABOVE] if name == "corridor" else []))
        steps.append((STEP[name], value))
    return layer, steps


@given(lines=operations, x=st.floats(0.0, 10_000.0))
def test_a_chain_of_lines_is_one_layer_of_the_mark(lines, x):
    layer, steps = chained(lines)
    kept = 1.2 * x
    for step, value in steps:
        kept = step(kept, value)
    # on the very edge of a franchise a last bit decides
    if abs(x - layer.least) > 1e-6:
        assert layer.kept(x) == pytest.approx(kept, rel=1e-9, abs=1e-9)


@cache
def spread(severity: Severity):
    """Quantiles with weights, dense in the upper tail: at survivals t^4, t midway in steps."""
    steps = 2_000
    mid = [(k + 0.5) / steps for k in range(steps)]
    return [(severity.quantile_above(t**4), 4.0 * t**3 / steps) for t in mid]


@given(lines=operations)
@pytest.mark.parametrize(
    "severity",
    [Lognormal(7.0, 1.2), Gamma(0.7, 2500.0), Beta(0.4, 3.0), Mbbefd.from_form(c=3.0)],
    ids=["lognormal", "gamma", "beta", "mbbefd"],
)
def test_the_mean_of_a_layer_is_the_mean_over_quantiles(severity: Severity, lines):
    layer, _ = chained(lines)
    if isinstance(severity, Beta | Mbbefd):
        layer = layer.of_larger(5000.0)
    total = math.fsum(weight * layer.kept(x) for x, weight in spread(severity))
    assert layer.expected(severity) == pytest.approx(total, rel=2e-3, abs=6.0)


def test_poisson_lognormal_under_a_deductible_a_share_and_a_limit_is_the_textbooks_integral(
    tmp_path,
):
    """E = 0.7 x 80% x the integral of the payout over the density, by scipy's quadrature."""
    model = tiny_model(tiny(tmp_path))
    sigma = math.sqrt(math.log(1.0 + 1.5**2))
    law = stats.lognorm(sigma, scale=2000.0 / math.sqrt(1.0 + 1.5**2))
    slope, _ = integrate.quad(lambda x: 0.8 * (x - 300.0) * law.pdf(x), 300.0, 5300.0, epsabs=1e-9)
    by_hand = 0.7 * 0.8 * (slope + 4000.0 * law.sf(5300.0))
    bike = costs_of(model)[0]
    assert (bike.group, bike.method) == (("bike",), "closed")
    assert bike.value == pytest.approx(by_hand, rel=1e-9)


def test_a_franchise_after_a_corridor_is_the_textbooks_integral(tmp_path):
    """It is reached at 300 + 900 + 700 = 1,900, from where on all but the corridor is paid."""
    lines = "    - {corridor: 900, above: 300, per: event}\n    - {franchise: 1000, per: claim}"
    sigma = math.sqrt(math.log(1.0 + 1.5**2))
    law = stats.lognorm(sigma, scale=2000.0 / math.sqrt(1.0 + 1.5**2))
    parts = [
        integrate.quad(lambda x: (x - 900.0) * law.pdf(x), low, high, epsabs=1e-9, limit=500)[0]
        for low, high in ((1900.0, 1e5), (1e5, math.inf))
    ]
    bike = costs_of(tiny_model(tiny(tmp_path, lines=lines)))[0]
    assert (bike.group, bike.method) == (("bike",), "closed")
    assert bike.value == pytest.approx(0.7 * 0.8 * math.fsum(parts), rel=1e-9)


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
@pytest.mark.parametrize(
    ("frequency", "severity"),
    [("{kind: poisson, mean: 0.7}", LOGNORMAL), (NEGATIVE, GAMMA)],
    ids=["poisson lognormal", "negative binomial gamma"],
)
def test_the_closed_form_is_the_quadrature_of_the_payout_kernel(
    tmp_path, lines, frequency, severity
):
    product = tiny(tmp_path, lines=lines, frequency=frequency, severity=severity)
    model = tiny_model(product)
    closed, numeric = costs_of(model), numeric_costs(model, 0)
    assert [one.method for one in closed] == ["closed", "closed"]
    assert [one.method for one in numeric] == ["numeric", "numeric"]
    for one, other in zip(closed, numeric, strict=True):
        assert abs(one.value - other.value) <= one.bound + other.bound
        assert other.bound < 5e-5 * other.value


@pytest.mark.parametrize("amount", ["bill * 75%", "0.75 * bill", "bill / 4 * 3"])
def test_an_amount_that_is_a_multiple_of_a_mark_has_a_closed_form(tmp_path, amount):
    bike = costs_of(tiny_model(tiny(tmp_path, amount=amount)))[0]
    same = costs_of(tiny_model(tiny(tmp_path / "other", amount="bill * 3 / 4")))[0]
    assert bike.method == "closed"
    assert bike.value == pytest.approx(same.value, rel=1e-12)


@pytest.mark.parametrize("amount", ["bill + more", "max(bill, 1000)", "bill - 100"])
def test_an_amount_that_is_anything_else_is_left_to_quadrature(tmp_path, amount):
    assert costs_of(tiny_model(tiny(tmp_path, amount=amount)))[0].method == "numeric"
