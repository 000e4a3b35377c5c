"""Every severity: its published values, its laws, and its figures against integration."""

import math
from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from product_factory.errors import BadValue
from rating.kernels.distributions import severity_quantile
from rating.kernels.jit import kernel
from rating.severities import (
    SEVERITIES,
    Beta,
    Burr,
    Gamma,
    GeneralisedPareto,
    InverseGaussian,
    LogGamma,
    Lognormal,
    Lomax,
    Mbbefd,
    Pareto,
    Severity,
    Weibull,
)

ROUND_TRIP = 1e-12
INTEGRATED = 1e-10
PEER = 1e-10

# one row a kind: typical, skewed and narrow parameters
EXAMPLES: dict[str, list[Severity]] = {
    "lognormal": [Lognormal(8.0, 1.8), Lognormal(0.0, 0.25), Lognormal.from_form(mean=1e5, cv=3.0)],
    "gamma": [Gamma(4.0, 25.0), Gamma(0.1, 900.0), Gamma.from_form(mean=1e4, cv=0.1)],
    "beta": [Beta(2.0, 5.0), Beta(0.3, 2.7), Beta.from_form(mean=0.6, cv=0.1)],
    "mbbefd": [
        Mbbefd.from_form(c=1.5),
        Mbbefd.from_form(c=4.0),
        Mbbefd(1.0, 20.0),
        Mbbefd(0.05, 20.0),
    ],
    "weibull": [Weibull(0.5, 100.0), Weibull(3.0, 2e4)],
    "pareto": [Pareto(2.5, 10.0), Pareto(20.0, 1e5)],
    "lomax": [Lomax(2.5, 100.0), Lomax(30.0, 1e5)],
    "generalised_pareto": [
        GeneralisedPareto(0.45, 7.0, 10.0),
        GeneralisedPareto(0.0, 50.0),
        GeneralisedPareto(-0.3, 5.0),
    ],
    "burr": [Burr(2.0, 1.5, 100.0), Burr(5.0, 0.7, 1e4)],
    "inverse_gaussian": [
        InverseGaussian(10.0, 5.0),
        InverseGaussian.from_form(mean=1e4, cv=0.1),
    ],
    "log_gamma": [LogGamma(1.0, 3.0, 2.0), LogGamma(100.0, 8.0, 0.6)],
}
PEERS = {
    "Lognormal": lambda m: stats.lognorm(m.sigma, scale=math.exp(m.mu)),
    "Gamma": lambda m: stats.gamma(m.shape, scale=m.scale),
    "Beta": lambda m: stats.beta(m.a, m.b),
    "Weibull": lambda m: stats.weibull_min(m.shape, scale=m.scale),
    "Pareto": lambda m: stats.pareto(m.alpha, scale=m.minimum),
    "Lomax": lambda m: stats.lomax(m.alpha, scale=m.scale),
    "GeneralisedPareto": lambda m: stats.genpareto(m.shape, m.threshold, m.scale),
    "Burr": lambda m: stats.burr12(m.gamma, m.alpha, scale=m.scale),
    "InverseGaussian": lambda m: stats.invgauss(m.mu / m.shape, scale=m.shape),
}
MODELS = [model for models in EXAMPLES.values() for model in models]
chances = st.floats(1e-9, 1.0 - 1e-9)
every_model = pytest.mark.parametrize("model", MODELS, ids=str)


def test_every_kind_has_its_row_of_examples():
    assert set(EXAMPLES) == set(SEVERITIES)
    assert all(isinstance(m, SEVERITIES[kind]) for kind, row in EXAMPLES.items() for m in row)


def test_the_swiss_re_curves_are_reproduced():
    """Bernegger (1997): G(0.1) and mean for c = 1.5 (Y1) and c = 4 (Y4)."""
    for c, at_a_tenth, mean in ((1.5, 0.209297, 0.348548), (4.0, 0.553689, 0.031852)):
        curve = Mbbefd.from_form(c=c)
        assert round(curve.limited_mean(0.1) / curve.mean, 6) == at_a_tenth
        assert round(curve.mean, 6) == mean


def test_the_published_layer_is_reproduced():
    """Poisson(50) × lognormal(8, 1.8), 500,000 above 2,000: the yearly mean is 622,368.734."""
    assert round(50.0 * Lognormal(8.0, 1.8).expected_layer(2000.0, 500_000.0), 3) == 622_368.734


@every_model
@given(u=chances)
def test_the_distribution_undoes_the_quantile(model: Severity, u: float):
    x = model.quantile(u)
    if model.survival(math.nextafter(x, 0.0)) - model.survival(x) < 1e-6 and x > 1e-290:
        slack = 4.0 * model.density(x) * math.ulp(x)
        assert model.distribution(x) == pytest.approx(u, rel=ROUND_TRIP, abs=slack)
        assert model.survival(x) == pytest.approx(1.0 - u, rel=ROUND_TRIP, abs=slack)
    else:
        assert model.distribution(x) >= u or x <= 1e-290


@every_model
@given(u=chances, v=chances)
def test_a_quantile_never_falls(model: Severity, u: float, v: float):
    low, high = min(u, v), max(u, v)
    assert model.quantile(low) <= model.quantile(high) * (1.0 + ROUND_TRIP)


@every_model
@given(u=chances)
def test_what_survives_and_what_does_not_are_all(model: Severity, u: float):
    x = model.quantile(u)
    assert model.distribution(x) + model.survival(x) == pytest.approx(1.0, abs=1e-13)


@every_model
@given(u=chances, v=chances, w=chances)
def test_stacked_layers_are_the_tall_layer(model: Severity, u: float, v: float, w: float):
    low, middle, high = sorted(model.quantile(chance) for chance in (u, v, w))
    parts = model.expected_layer(low, middle - low) + model.expected_layer(middle, high - middle)
    assert parts == pytest.approx(
        model.expected_layer(low, high - low), rel=1e-9, abs=1e-11 * model.mean
    )


def test_a_layer_across_which_the_survival_is_steep_is_exact():
    """Near 0 the survival of this gamma goes like x ** 0.1; the value is mpmath's, 30 digits."""
    model = Gamma(shape=0.1, scale=900.0)
    low, high = 0.5340519940142038, 13.064398532019956
    assert model.expected_layer(low, high - low) == pytest.approx(4.602743180327945, rel=1e-14)


@every_model
@given(u=chances)
def test_what_a_limit_keeps_and_what_lies_above_it_are_the_mean(model: Severity, u: float):
    x = model.quantile(u)
    assert model.limited_mean(x) + model.excess_mean(x) == pytest.approx(model.mean, rel=1e-12)
    assert model.expected_layer(x) == model.excess_mean(x)
    assert model.expected_layer(0.0, x) == pytest.approx(model.limited_mean(x), rel=1e-12)


@every_model
@given(u=st.floats(1e-6, 0.9), further=st.floats(0.5, 6.0).map(lambda power: 10.0**power))
def test_a_layer_that_reaches_far_beyond_all_losses_is_a_difference(
    model: Severity, u: float, further: float
):
    """One panel over a layer in which the survival falls to nothing would miss where it falls."""
    low = model.quantile(u)
    high = low + further * model.quantile(0.99)
    apart = model.limited_mean(high) - model.limited_mean(low)
    layer = model.expected_layer(low, high - low)
    assert layer == pytest.approx(apart, rel=1e-9, abs=1e-12 * model.mean)


def test_what_a_narrow_severity_pays_above_a_deductible_just_below_it():
    """Black and Scholes: E[max(X - d, 0)] = E[X] Φ(d1) - d Φ(d2), which no limit lessens."""
    model = Lognormal(7.0, 0.2)
    d1 = (7.0 + 0.04 - math.log(900.0)) / 0.2
    call = model.mean * stats.norm.cdf(d1) - 900.0 * stats.norm.cdf(d1 - 0.2)
    assert model.expected_layer(900.0, 20_000.0) == pytest.approx(call, rel=1e-12)
    assert model.expected_layer(900.0, 100_000.0) == pytest.approx(call, rel=1e-12)


@every_model
def test_ends_are_what_they_must_be(model: Severity):
    assert model.limited_mean(0.0) == 0.0
    assert model.limited_mean(math.inf) == pytest.approx(model.mean, rel=1e-15)
    assert model.excess_mean(0.0) == pytest.approx(model.mean, rel=1e-15)
    assert model.excess_mean(math.inf) == 0.0
    assert (model.survival(-1.0), model.distribution(-1.0)) == (1.0, 0.0)
    assert (model.survival(math.inf), model.distribution(math.inf)) == (0.0, 1.0)
    assert (model.density(-1.0), model.density(math.inf)) == (0.0, 0.0)
    assert model.moment(0) == 1.0
    assert model.expected_layer(1.0, 0.0) == 0.0


@pytest.mark.parametrize("far", [1e150, 1e200, 1e300])
@every_model
def test_a_limit_beyond_all_losses_takes_nothing(model: Severity, far: float):
    if isinstance(model, Mbbefd):
        return
    assert 0.0 <= model.survival(far) <= 1e-6
    assert model.limited_mean(far) == pytest.approx(model.mean, rel=1e-6)
    assert model.expected_layer(0.0, far) == pytest.approx(model.mean, rel=1e-6)


def integrate(f: Callable[[float], float], points: list[float]) -> float:
    return float(mpmath.quad(lambda x: f(float(x)), points))


@every_model
@pytest.mark.parametrize("u", [0.2, 0.9, 0.999])
def test_layers_are_integrals_of_the_survival(model: Severity, u: float):
    low, high = model.quantile(0.5 * u), model.quantile(u)
    points = (
        np.linspace(low, high, 9).tolist()
        if high < 100 * low
        else np.geomspace(low, high, 40).tolist()
    )
    want = integrate(model.survival, points)
    assert model.expected_layer(low, high - low) == pytest.approx(want, rel=INTEGRATED)


@every_model
def test_the_density_is_the_slope_of_the_distribution(model: Severity):
    low, high = (
        model.quantile(0.3),
        min(model.quantile(0.6), 0.999 if isinstance(model, Mbbefd) else math.inf),
    )
    want = model.distribution(high) - model.distribution(low)
    got = integrate(model.density, np.geomspace(low, high, 30).tolist())
    assert got == pytest.approx(want, rel=INTEGRATED)


@pytest.mark.parametrize("model", [m for m in MODELS if type(m).__name__ in PEERS], ids=str)
def test_scipy_agrees(model: Severity):
    other = PEERS[type(model).__name__](model)
    assert model.mean == pytest.approx(other.mean(), rel=PEER)
    assert model.variance == pytest.approx(other.var(), rel=PEER)
    assert model.moment(2) == pytest.approx(other.var() + other.mean() ** 2, rel=PEER)
    for u in (1e-6, 0.01, 0.3, 0.7, 0.99, 1.0 - 1e-6):
        x = model.quantile(u)
        assert x == pytest.approx(other.ppf(u), rel=1e-8)
        assert model.density(x) == pytest.approx(other.pdf(x), rel=PEER)
        assert model.log_density(x) == pytest.approx(other.logpdf(x), rel=PEER, abs=PEER)
        assert model.survival(x) == pytest.approx(other.sf(x), rel=PEER)


@pytest.mark.parametrize("model", EXAMPLES["mbbefd"], ids=str)
def test_moments_of_the_exposure_curve_are_integrals_over_its_density_and_its_atom(model: Mbbefd):
    points = [0.0, *np.geomspace(1e-6, 1.0 - 1e-15, 60).tolist()]
    for k in (1, 2, 3):
        below = integrate(lambda x, k=k: x**k * model.density(x), points)
        assert model.moment(k) == pytest.approx(below + 1.0 / model.g, rel=INTEGRATED)
    assert model.variance == pytest.approx(model.moment(2) - model.mean**2, rel=INTEGRATED)


def test_a_total_loss_has_its_own_chance():
    curve = Mbbefd.from_form(c=3.0)
    assert curve.survival(math.nextafter(1.0, 0.0)) == pytest.approx(1.0 / curve.g, rel=1e-12)
    assert curve.survival(1.0) == 0.0
    assert curve.quantile(1.0 - 0.99 / curve.g) == 1.0
    assert curve.quantile(1.0 - 1.01 / curve.g) < 1.0


def test_exposure_curves_pass_smoothly_through_their_special_cases():
    """At b = 1 and b g = 1 Bernegger (1997) has formulas of their own."""
    for x in (0.01, 0.3, 0.9):
        assert Mbbefd(1.0, 9.0).survival(x) == pytest.approx(1.0 / (1.0 + 8.0 * x), rel=1e-14)
        assert Mbbefd(1.0, 9.0).limited_mean(x) == pytest.approx(
            math.log1p(8.0 * x) / 8.0, rel=1e-14
        )
        assert Mbbefd(0.125, 8.0).survival(x) == pytest.approx(0.125**x, rel=1e-14)
        near = Mbbefd(1.0 + 1e-9, 9.0)
        assert near.survival(x) == pytest.approx(Mbbefd(1.0, 9.0).survival(x), rel=1e-8)
        assert near.quantile(0.4) == pytest.approx(Mbbefd(1.0, 9.0).quantile(0.4), rel=1e-8)
    certain = Mbbefd(2.0, 1.0)
    assert (certain.survival(0.99), certain.quantile(1e-9)) == (1.0, 1.0)
    assert certain.mean == pytest.approx(1.0, rel=1e-15)


def test_far_tails_keep_their_digits():
    """References by mpmath with 40 digits."""
    with mpmath.workdps(40):
        deductible = 1e9
        z = (mpmath.log(deductible) - 8) / mpmath.mpf(1.8)
        want = mpmath.exp(8 + mpmath.mpf(1.8) ** 2 / 2) * mpmath.ncdf(mpmath.mpf(1.8) - z)
        want -= deductible * mpmath.ncdf(-z)
        assert Lognormal(8.0, 1.8).excess_mean(deductible) == pytest.approx(float(want), rel=1e-11)
        want = 25 * (4 * mpmath.gammainc(5, 40, regularized=True))
        want -= 1000 * mpmath.gammainc(4, 40, regularized=True)
        assert Gamma(4.0, 25.0).excess_mean(1000.0) == pytest.approx(float(want), rel=1e-11)
    assert Lognormal(8.0, 1.8).survival(1e12) == pytest.approx(2.88e-29, rel=0.5)


@kernel
def quantiles(code: int, p0: float, p1: float, p2: float, us: np.ndarray, out: np.ndarray) -> None:
    for i in range(us.size):
        out[i] = severity_quantile(code, p0, p1, p2, us[i])


@every_model
def test_kernels_give_the_bits_of_the_object(model: Severity):
    us = np.random.default_rng(1).uniform(0.0, 1.0, 200)
    out = np.empty(us.size)
    quantiles(model.CODE, *model.parameters(), us, out)
    assert out.tolist() == [model.quantile(u) for u in us.tolist()]


@pytest.mark.parametrize(
    ("kind", "given_", "message"),
    [
        (
            "lognormal",
            {"mean": -1.0, "cv": 1.0},
            "lognormal.mean: expected a number above 0, got -1",
        ),
        (
            "lognormal",
            {"mu": 1.0, "sigma": 0.0},
            "lognormal.sigma: expected a number above 0, got 0",
        ),
        ("gamma", {"mean": 1.0, "cv": 0.0}, "gamma.cv: expected a number above 0, got 0"),
        ("gamma", {"shape": 1.0}, "gamma: expected mean and cv or shape and scale, got shape"),
        ("beta", {"mean": 1.0, "cv": 0.1}, "beta.mean: expected a number between 0 and 1, got 1"),
        (
            "beta",
            {"mean": 0.5, "cv": 2.0},
            "beta.cv: expected a number above 0 and below 1 (a mean of 0.5 allows no more), got 2",
        ),
        ("mbbefd", {"c": -1.0}, "mbbefd.c: expected 0 or more, got -1"),
        ("mbbefd", {"b": 1.0, "g": 0.5}, "mbbefd.g: expected 1 or more, got 0.5"),
        ("mbbefd", {"a": 1.0}, "mbbefd: expected c or b and g, got a"),
    ],
)
def test_bad_parameters_are_named_with_what_was_expected(kind, given_, message):
    with pytest.raises(BadValue) as error:
        SEVERITIES[kind].from_form(**given_)
    assert str(error.value) == message


def test_forms_of_one_model_agree():
    for model, other in (
        (
            Lognormal.from_form(mean=100.0, cv=2.0),
            Lognormal.from_form(
                mu=math.log(100.0) - 0.5 * math.log(5.0), sigma=math.sqrt(math.log(5.0))
            ),
        ),
        (Gamma.from_form(mean=100.0, cv=2.0), Gamma.from_form(shape=0.25, scale=400.0)),
        (Beta.from_form(mean=0.25, cv=math.sqrt(0.6)), Beta.from_form(a=1.0, b=3.0)),
    ):
        assert model.parameters() == pytest.approx(other.parameters(), rel=1e-13)
        assert math.sqrt(model.variance) / model.mean == pytest.approx(
            math.sqrt(other.variance) / other.mean
        )


def test_bad_arguments_are_refused():
    model = Gamma(1.0, 1.0)
    with pytest.raises(BadValue, match=r"^u: expected a number between 0 and 1, got 1$"):
        model.quantile(1.0)
    with pytest.raises(BadValue, match=r"^deductible: expected 0 or more, got -1$"):
        model.expected_layer(-1.0, 1.0)
    with pytest.raises(BadValue, match=r"^limit: expected 0 or more, got nan$"):
        model.expected_layer(1.0, math.nan)


def test_the_curve_of_lloyds_and_the_middle_ones_of_swiss_re_lose_all_with_the_chance_of_one_in_g():
    """Bernegger (1997), c = 2, 3, 4, 5: g = exp(c (0.78 + 0.12 c))."""
    for c in (2.0, 3.0, 4.0, 5.0):
        curve = Mbbefd.from_form(c=c)
        total = curve.survival(math.nextafter(1.0, 0.0))
        assert total == pytest.approx(math.exp(-c * (0.78 + 0.12 * c)), rel=1e-12)
