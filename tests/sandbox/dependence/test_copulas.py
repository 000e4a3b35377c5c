"""Copulas: their closed forms, and draws that follow them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import stdtr
from scipy.stats import kendalltau, kstest, multivariate_normal, multivariate_t, norm
from scipy.stats import t as student

from product_factory.numbers.hashing import hash64
from rating.kernels.random import stream_key
from sandbox.dependence.copulas import (
    COPULAS,
    Clayton,
    Comonotonic,
    Frank,
    Gaussian,
    Gumbel,
    Independence,
    T,
)
from sandbox.dependence.copulas.elliptical import of_pair
from sandbox.dependence.matrix import correlation
from sandbox.kernels.copulas import log_stable

EXAMPLES = [
    Clayton(2.0),
    Clayton(0.3),
    Gumbel(1.0),
    Gumbel(1.5),
    Gumbel(3.0),
    Frank(5.736),
    Frank(-3.0),
    Gaussian(of_pair(0.6)),
    Gaussian(of_pair(-0.4)),
    T(of_pair(0.5), 4.0),
    T(of_pair(-0.3), 2.5),
    Independence(2),
    Comonotonic(2),
]
SMOOTH = [one for one in EXAMPLES if not isinstance(one, Comonotonic)]
CLOSED = [one for one in EXAMPLES if not isinstance(one, Gaussian | T)]
KEY = np.uint64(stream_key(np.uint64(7), np.uint64(hash64("copulas"))))
YEARS = 40_000
THREE = correlation(
    np.array([[1.0, 0.5, 0.2], [0.5, 1.0, 0.4], [0.2, 0.4, 1.0]]), repair=False, at=None
)
OF_THREE = [Clayton(1.2, 3), Gumbel(1.8, 3), Frank(4.0, 3), Gaussian(THREE), T(THREE, 5.0)]


def name(copula):
    return f"{copula.KIND}-{getattr(copula, 'theta', getattr(copula, 'rho', ''))}"


def drawn(copula, years=YEARS, key=KEY):
    return copula.sample(key, 0, years)


def test_every_kind_has_an_example():
    assert {one.KIND for one in EXAMPLES} == set(COPULAS)


@pytest.mark.parametrize("copula", [*EXAMPLES, *OF_THREE], ids=name)
def test_every_margin_is_uniform(copula):
    u = drawn(copula)
    assert ((u > 0.0) & (u < 1.0)).all()
    for line in range(copula.size):
        assert kstest(u[:, line], "uniform").pvalue > 1e-4


@pytest.mark.parametrize("copula", [*EXAMPLES, *OF_THREE], ids=name)
def test_draws_have_the_tau_of_the_closed_form(copula):
    u, tau = drawn(copula), copula.tau()
    for i in range(copula.size):
        for j in range(i):
            # the standard error of a sample tau is below 2 / sqrt(n) x 1/2
            found = kendalltau(u[:, i], u[:, j]).statistic
            assert found == pytest.approx(tau[i, j], abs=4.5 / math.sqrt(YEARS))


@pytest.mark.parametrize("copula", EXAMPLES, ids=name)
def test_draws_fall_below_two_points_as_often_as_the_distribution_says(copula):
    """Corners of both tails and the middle: what a too heavy or too light tail would miss."""
    u = drawn(copula)
    for a, b in [(0.02, 0.02), (0.1, 0.05), (0.5, 0.5), (0.3, 0.9), (0.98, 0.98), (0.99, 0.95)]:
        chance = copula.distribution(np.array([a]), np.array([b]))[0]
        below = float(((u[:, 0] <= a) & (u[:, 1] <= b)).mean())
        above = float(((u[:, 0] > a) & (u[:, 1] > b)).mean())
        for seen, due in ((below, chance), (above, 1.0 - a - b + chance)):
            error = math.sqrt(max(due * (1.0 - due), 1e-6) / YEARS)
            assert abs(seen - due) < 4.5 * error


@pytest.mark.parametrize("copula", CLOSED, ids=name)
def test_the_tail_dependence_is_the_limit_of_the_distribution(copula):
    """Of those whose distribution has a closed form: the others are held by the next tests."""
    q = 1e-100
    low = copula.distribution(np.array([q]), np.array([q]))[0] / q
    assert low == pytest.approx(copula.lower()[0, 1], abs=2e-3)
    q = 1e-5
    joint = copula.distribution(np.array([1.0 - q]), np.array([1.0 - q]))[0]
    assert (joint - 1.0 + 2.0 * q) / q == pytest.approx(copula.upper()[0, 1], abs=2e-3)


@pytest.mark.parametrize("rho", [-0.5, 0.0, 0.5, 0.9])
@pytest.mark.parametrize("freedom", [2.0, 4.0, 10.0])
def test_the_tail_dependence_of_t_is_the_published_one(freedom, rho):
    """McNeil, Frey and Embrechts, Quantitative Risk Management, table 7.1 (5.1 in 2005)."""
    printed = {
        2.0: {-0.5: 0.06, 0.0: 0.18, 0.5: 0.39, 0.9: 0.72},
        4.0: {-0.5: 0.01, 0.0: 0.08, 0.5: 0.25, 0.9: 0.63},
        10.0: {-0.5: 0.00, 0.0: 0.01, 0.5: 0.08, 0.9: 0.46},
    }
    found = T(of_pair(rho), freedom).lower()[0, 1]
    assert round(found, 2) == printed[freedom][rho]


def test_the_tail_dependence_of_t_is_twice_the_conditional_at_the_corner():
    """P(V <= q | U <= q) tends to twice P(V <= q | U = q), for exchangeable lines."""
    copula = T(of_pair(0.5), 4.0)
    q = np.array([1e-12])
    assert 2.0 * copula.conditional(q, q)[0] == pytest.approx(copula.lower()[0, 1], abs=1e-3)


@pytest.mark.parametrize("theta", [1.25, 2.0, 4.0])
def test_gumbel_draws_have_its_upper_tail_and_none_below(theta):
    """Of many draws: P(V > q | U > q) at q = 99.5% and its mirror, against C itself.

    A positive stable variable drawn wrong shows here: its tail makes the upper one.
    """
    copula, years = Gumbel(theta), 400_000
    u = copula.sample(KEY, 0, years)
    for q in (0.99, 0.995, 0.999):
        at = np.array([q])
        due = (1.0 - 2.0 * q + copula.distribution(at, at)[0]) / (1.0 - q)
        seen = float(((u[:, 0] > q) & (u[:, 1] > q)).mean()) / (1.0 - q)
        assert seen == pytest.approx(due, abs=4.5 / math.sqrt(years * (1.0 - q)))
        assert due == pytest.approx(2.0 - 2.0 ** (1.0 / theta), abs=0.01)
        low = float(((u[:, 0] < 1.0 - q) & (u[:, 1] < 1.0 - q)).mean()) / (1.0 - q)
        due = copula.distribution(1.0 - at, 1.0 - at)[0] / (1.0 - q)
        assert low == pytest.approx(due, abs=4.5 / math.sqrt(years * (1.0 - q)))


@pytest.mark.parametrize("alpha", [0.25, 0.5, 0.8])
def test_the_positive_stable_variable_has_its_laplace_transform(alpha):
    """E exp(-s S) = exp(-s**alpha), by the midpoint rule over angle and exponential."""
    grid = (np.arange(300) + 0.5) / 300
    logs = np.array([[log_stable(alpha, a, -math.log(c)) for c in grid] for a in grid])
    for s in (0.3, 1.0, 4.0):
        found = np.exp(-s * np.exp(np.minimum(logs, 50.0))).mean()
        assert found == pytest.approx(math.exp(-(s**alpha)), abs=1e-3)


def test_a_stable_variable_of_one_half_is_levys():
    """S of alpha 1/2 is 1 / (2 Z**2): its median is 1 / (2 x 0.6745**2)."""
    rng = np.random.default_rng(3)
    draws = np.array([log_stable(0.5, a, w) for a, w in zip(*_pairs(rng), strict=True)])
    found = np.median(np.exp(draws))
    assert found == pytest.approx(0.5 / norm.ppf(0.75) ** 2, rel=0.02)


def _pairs(rng):
    return rng.uniform(size=40_000), rng.exponential(size=40_000)


@pytest.mark.parametrize(("theta", "tau"), [(2.372, 0.25), (5.736, 0.5), (14.14, 0.75)])
def test_franks_tau_is_the_published_one(theta, tau):
    """C. Genest, "Frank's family of bivariate distributions", Biometrika 74 (1987), and the
    inversions at tau 1/4, 1/2, 3/4 that the literature quotes.
    """
    assert Frank(theta).tau_of_pair() == pytest.approx(tau, abs=1e-3)


@given(tau=st.floats(0.02, 0.85))
@settings(max_examples=30, deadline=None)
def test_tau_is_inverted(tau):
    for kind in (Clayton, Gumbel, Frank):
        assert kind.of_tau(tau).tau_of_pair() == pytest.approx(tau, abs=1e-8)
    assert Frank.of_tau(-tau).tau_of_pair() == pytest.approx(-tau, abs=1e-8)


@pytest.mark.parametrize("copula", SMOOTH, ids=name)
@given(u=st.floats(0.02, 0.98), v=st.floats(0.02, 0.98))
@settings(max_examples=20, deadline=None)
def test_density_conditional_and_distribution_are_derivatives_of_one_another(copula, u, v):
    h = 1e-4
    at = np.array([u]), np.array([v])
    slope = copula.distribution(at[0] + h, at[1]) - copula.distribution(at[0] - h, at[1])
    assert slope[0] / (2.0 * h) == pytest.approx(copula.conditional(*at)[0], abs=3e-3)
    rise = copula.conditional(at[0], at[1] + h) - copula.conditional(at[0], at[1] - h)
    density = math.exp(copula.log_density(np.array([[u, v]]))[0])
    assert rise[0] / (2.0 * h) == pytest.approx(density, rel=2e-3, abs=1e-3)


@pytest.mark.parametrize("copula", [Clayton(1.2, 3), Gumbel(1.8, 3), Frank(4.0, 3)], ids=name)
def test_the_density_of_three_lines_integrates_to_that_of_two(copula):
    def density(w):
        return math.exp(copula.log_density(np.array([[0.3, 0.6, w]]))[0])

    area = quad(density, 0.0, 1.0, limit=200)[0]
    pair = math.exp(copula.pair(0, 1).log_density(np.array([[0.3, 0.6]]))[0])
    assert area == pytest.approx(pair, rel=1e-6)


def test_the_densities_of_normal_and_t_are_those_of_scipy():
    u = np.array([[0.1, 0.7, 0.4], [0.9, 0.95, 0.2]])
    z = norm.ppf(u)
    due = multivariate_normal(cov=THREE.values).logpdf(z) - norm.logpdf(z).sum(axis=1)
    assert Gaussian(THREE).log_density(u) == pytest.approx(due, abs=1e-12)
    x = student(5.0).ppf(u)
    due = multivariate_t(shape=THREE.values, df=5.0).logpdf(x) - student(5.0).logpdf(x).sum(axis=1)
    assert T(THREE, 5.0).log_density(u) == pytest.approx(due, abs=1e-12)


def test_the_distribution_of_a_gaussian_pair_is_that_of_scipy():
    for rho in (-0.8, 0.3, 0.95):
        for a, b in ((0.01, 0.02), (0.5, 0.5), (0.999, 0.2)):
            due = multivariate_normal(cov=[[1, rho], [rho, 1]]).cdf(norm.ppf([a, b]))
            found = Gaussian(of_pair(rho)).distribution(np.array([a]), np.array([b]))[0]
            assert found == pytest.approx(due, abs=2e-6)


def test_the_distribution_of_a_t_pair_at_the_middle_is_a_quarter_and_a_share_of_arcsine():
    for rho in (-0.5, 0.2, 0.9):
        found = T(of_pair(rho), 3.0).distribution(np.array([0.5]), np.array([0.5]))[0]
        assert found == pytest.approx(0.25 + math.asin(rho) / (2.0 * math.pi), abs=2e-6)


@pytest.mark.parametrize("copula", [*EXAMPLES, *OF_THREE], ids=name)
def test_a_year_is_the_same_whoever_draws_it(copula):
    whole = copula.sample(KEY, 0, 50)
    assert (copula.sample(KEY, 20, 10) == whole[20:30]).all()
    assert (copula.sample(KEY, 0, 80)[:50] == whole).all()


@pytest.mark.parametrize("seed", [0, 1, 2**63, 2**64 - 1, hash64("any")])
def test_every_seed_draws(seed):
    key = np.uint64(stream_key(np.uint64(seed), np.uint64(hash64("copula"))))
    for copula in EXAMPLES:
        assert np.isfinite(copula.sample(key, 0, 5)).all()


def test_a_line_more_moves_no_other_line():
    more = correlation(np.eye(4) * 0.5 + 0.5, repair=False, at=None)
    less = correlation(np.eye(3) * 0.5 + 0.5, repair=False, at=None)
    pairs = [(Clayton(1.0, 4), Clayton(1.0, 3)), (Gumbel(2.0, 4), Gumbel(2.0, 3))]
    pairs += [(Frank(2.0, 4), Frank(2.0, 3)), (Gaussian(more), Gaussian(less))]
    for four, three in [*pairs, (T(more, 3.0), T(less, 3.0))]:
        assert (four.sample(KEY, 0, 20)[:, :3] == three.sample(KEY, 0, 20)).all()


@pytest.mark.parametrize("copula", [Clayton(30.0), Gumbel(30.0), Frank(35.0), Frank(-35.0)])
def test_the_strongest_dependence_still_draws(copula):
    u = drawn(copula, 4_000)
    assert kendalltau(u[:, 0], u[:, 1]).statistic == pytest.approx(copula.tau()[0, 1], abs=0.02)


def test_the_kernel_of_students_t_is_scipys():
    from sandbox.kernels.copulas import student_cdf

    for freedom in (1.0, 2.5, 4.0, 60.0, 900.0):
        for x in (-30.0, -2.0, -1e-6, 0.0, 0.3, 5.0):
            assert student_cdf(freedom, x) == pytest.approx(stdtr(freedom, x), rel=1e-10)
