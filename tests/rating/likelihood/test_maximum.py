"""Maximum likelihood, held against scipy's densities, closed forms and mpmath."""

import math
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy import stats

from product_factory.errors import BadValue
from rating.likelihood.family import KINDS, family_of, spliced
from rating.likelihood.losses import Losses
from rating.likelihood.maximum import CONVERGED, Grouped, maximise
from rating.likelihood.tail import hill, mean_excess, measures, tail_above
from rating.severities import (
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
    Weibull,
)

DANISH = Path(__file__).parents[3].parent / "shared/data/largeloss_danish/danishuni.csv"
TRUE = {
    "beta": Beta(2.0, 3.0),
    "burr": Burr(1.5, 2.5, 40.0),
    "gamma": Gamma(2.5, 30.0),
    "generalised_pareto": GeneralisedPareto(0.3, 20.0, 5.0),
    "inverse_gaussian": InverseGaussian(60.0, 90.0),
    "log_gamma": LogGamma(2.0, 3.0, 2.5),
    "lognormal": Lognormal(3.5, 0.8),
    "lomax": Lomax(2.5, 60.0),
    "mbbefd": Mbbefd(3.0, 8.0),
    "pareto": Pareto(1.8, 5.0),
    "weibull": Weibull(1.4, 50.0),
}
OTHER = {
    "beta": lambda p: stats.beta(*p),
    "burr": lambda p: stats.burr12(p[1], p[0], scale=p[2]),
    "gamma": lambda p: stats.gamma(p[0], scale=p[1]),
    "generalised_pareto": lambda p: stats.genpareto(p[0], loc=5.0, scale=p[1]),
    "inverse_gaussian": lambda p: stats.invgauss(p[0] / p[1], scale=p[1]),
    "lognormal": lambda p: stats.lognorm(p[1], scale=math.exp(p[0])),
    "lomax": lambda p: stats.lomax(p[0], scale=p[1]),
    "pareto": lambda p: stats.pareto(p[0], scale=5.0),
    "weibull": lambda p: stats.weibull_min(p[0], scale=p[1]),
}


def drawn(model, size=300, *, cut=0.1, most=0.85):
    """Losses by even chances: two truncations, and one limit that the largest have reached."""
    low, high = model.quantile(cut), model.quantile(most)
    above = np.where(np.arange(size) % 3 == 0, low, 0.0)
    alive = [1.0 if one == 0.0 else model.survival(one) for one in above.tolist()]
    chances = (np.random.default_rng(5).permutation(size) + 0.5) / size
    amounts = np.array(
        [model.quantile_above(c * a) for c, a in zip(chances.tolist(), alive, strict=True)]
    )
    return Losses(np.minimum(amounts, high), above, amounts >= high, (), size)


def log_likelihood(kind, values, losses):
    """The same by scipy alone."""
    if kind == "log_gamma":
        inner = stats.gamma(values[1], scale=1.0 / values[0])
        seen = inner.logpdf(np.log(losses.seen / 2.0)) - np.log(losses.seen)
        cut = inner.logsf(np.log(losses.amounts[losses.censored] / 2.0))
        hidden = inner.logsf(np.log(losses.above[losses.above > 0.0] / 2.0))
        return seen.sum() + cut.sum() - hidden.sum()
    other = OTHER[kind](values)
    hidden = other.logsf(losses.above[losses.above > 0.0])
    return (
        other.logpdf(losses.seen).sum()
        + other.logsf(losses.amounts[losses.censored]).sum()
        - hidden.sum()
    )


def test_every_severity_is_fitted():
    assert set(KINDS) == set(TRUE)


@pytest.mark.parametrize("kind", sorted(set(TRUE) - {"mbbefd"}))
def test_the_slope_of_another_likelihood_vanishes_at_the_maximum(kind):
    """Truncated and censored losses; scipy's own densities, differentiated, are flat there."""
    losses = drawn(TRUE[kind])
    minimum = {"generalised_pareto": 5.0, "pareto": 5.0, "log_gamma": 2.0}.get(kind)
    best = maximise(family_of(kind, losses, minimum), losses)
    assert best.last_step < CONVERGED
    values = np.array(best.values)
    assert best.log_likelihood == pytest.approx(log_likelihood(kind, values, losses), rel=1e-9)
    for place, (value, error) in enumerate(zip(values, best.errors, strict=True)):
        step = np.zeros(values.size)
        step[place] = 1e-4 * error
        near = log_likelihood(kind, values + step, losses)
        slope = (near - log_likelihood(kind, values - step, losses)) / (2.0 * step[place])
        # in standard errors: a maximum missed by a thousandth of one would show
        assert abs(slope * error) < 1e-3, (kind, value)


@pytest.mark.parametrize("kind", sorted(TRUE))
def test_losses_drawn_evenly_give_their_severity_back(kind):
    """Even chances instead of random ones: the fit lies well within two standard errors."""
    model = TRUE[kind]
    whole = drawn(model, 600, cut=0.1, most=1.0 - 1e-9) if kind == "mbbefd" else drawn(model, 600)
    if kind == "mbbefd":
        whole = Losses(whole.amounts, whole.above, np.zeros(600, dtype=bool), (), 600)
    minimum = {"generalised_pareto": 5.0, "pareto": 5.0, "log_gamma": 2.0}.get(kind)
    best = maximise(family_of(kind, whole, minimum), whole)
    true = {
        "generalised_pareto": (0.3, 20.0),
        "inverse_gaussian": (60.0, 90.0),
        "log_gamma": (3.0, 2.5),
        "mbbefd": (3.0, 8.0),
        "pareto": (1.8,),
    }.get(kind, model.parameters())
    for value, error, truth in zip(best.values, best.errors, true, strict=False):
        assert abs(value - truth) < 2.0 * error


def test_closed_forms_are_met():
    """Lognormal: moments of the logarithm, errors s/√n and s/√2n. Pareto: Hill over all."""
    x = drawn(TRUE["lognormal"], 200).amounts
    losses = Losses.of(x)
    logs = np.log(x)
    best = maximise(family_of("lognormal", losses, None), losses)
    assert best.values == pytest.approx((logs.mean(), logs.std()), rel=1e-9)
    spread = logs.std()
    assert best.errors == pytest.approx([spread / 200**0.5, spread / 400**0.5], rel=1e-5)
    beyond = Losses.of(x[x > 20.0], above=20.0)
    best = maximise(family_of("pareto", beyond, None), beyond)
    alpha = beyond.size / np.log(beyond.amounts / 20.0).sum()
    assert best.values[0] == pytest.approx(alpha, rel=1e-9)
    assert best.errors[0] == pytest.approx(alpha / beyond.size**0.5, rel=1e-5)


def test_a_censored_exponential_is_deaths_by_exposure():
    """A Weibull of shape 1: with its shape held, the scale is the total over those not cut."""
    losses = drawn(Weibull(1.0, 50.0), 200, cut=0.2, most=0.7)
    grouped = Grouped.of(losses)
    scale = float((losses.amounts - losses.above).sum()) / losses.seen.size
    there = grouped.log_likelihood(Weibull(1.0, scale))
    for apart in (0.999, 1.001):
        assert grouped.log_likelihood(Weibull(1.0, scale * apart)) < there
    assert there == pytest.approx(-losses.seen.size * (math.log(scale) + 1.0), rel=1e-12)


def test_a_splice_is_body_tail_and_share_each_by_itself():
    """The likelihood of a splice with its own weight falls apart into three."""
    x = drawn(Lognormal(1.0, 1.0), 400, cut=1e-9, most=1.0 - 1e-9).amounts
    losses = Losses.of(x)
    u = 8.0
    tail = tail_above(losses, u)
    best = maximise(spliced(family_of("lognormal", losses, None), losses, u, tail.values), losses)
    named = dict(zip([p.name for p in best.family.parameters], best.values, strict=True))
    share = float((x > u).mean())
    assert named["weight"] == pytest.approx(share, rel=1e-8)
    error = dict(zip(named, best.errors, strict=True))["weight"]
    assert error == pytest.approx((share * (1.0 - share) / 400) ** 0.5, rel=1e-4)
    assert named["tail_shape"] == pytest.approx(tail.values[0], abs=1e-7)
    assert named["tail_scale"] == pytest.approx(tail.values[1], rel=1e-7)


def test_without_a_maximum_it_is_said():
    two = Losses.of([5.0, 5.0, 5.0])
    with pytest.raises(BadValue, match=r"^lognormal: (the likelihood has no|no) maximum"):
        maximise(family_of("lognormal", two, None), two)
    with pytest.raises(BadValue, match=r"^beta: expected losses as shares of the sum insured"):
        family_of("beta", two, None)
    with pytest.raises(BadValue, match=r"^log_gamma: expected its least loss under 'minimum'$"):
        family_of("log_gamma", two, None)
    with pytest.raises(BadValue, match=r"^pareto: .* at most the least loss 5, got 6$"):
        family_of("pareto", two, 6.0)


def test_mean_excess_and_hill_are_those_written_slowly():
    x = np.array([1.0, 2.0, 2.0, 4.0, 7.0, 9.0, 20.0])
    places, means = mean_excess(x)
    assert places.tolist() == [1.0, 2.0, 2.0, 4.0]
    assert means == pytest.approx([np.mean(x[x > u] - u) for u in places])
    k, shape = hill(x)
    logs = np.log(np.sort(x)[::-1])
    assert shape == pytest.approx([np.mean(logs[:j] - logs[j]) for j in range(2, 7)])
    assert k.tolist() == [2.0, 3.0, 4.0, 5.0, 6.0]
    k, cut = hill(x, np.isin(x, [9.0, 20.0]))  # of the three largest one is known, of four two …
    assert k.tolist() == [3.0, 4.0, 5.0, 6.0]
    assert cut == pytest.approx(shape[1:] * np.array([3 / 1, 4 / 2, 5 / 3, 6 / 4]))
    assert measures(0.0, 2.0, 5.0, 0.1, 0.99)[0] == pytest.approx(5.0 + 2.0 * math.log(10.0))


@pytest.fixture(scope="module")
def danish():
    if not DANISH.exists():
        pytest.skip("the Danish fire losses are not here: shared/data/largeloss_danish")
    amounts = np.loadtxt(DANISH, delimiter=",", skiprows=1, usecols=1)
    assert (amounts.size, round(float(amounts.sum()), 6)) == (2167, 7335.486354)
    return Losses.of(amounts)


def test_danish_fire_above_ten_is_what_is_published(danish):
    """McNeil, ASTIN Bulletin 27 (1997), table 1: 109 losses above 10, shape 0.50 (error 0.14),

    scale 6.98 (1.11); to more digits by Grimshaw's equation of one unknown, solved by mpmath.
    """
    best = tail_above(danish, 10.0)
    shape, scale = best.values
    assert danish.beyond(10.0).size == 109
    assert best.last_step < 1e-8
    assert (round(shape, 4), round(scale, 4)) == (0.4970, 6.9755)
    assert [round(error, 2) for error in best.errors] == [0.14, 1.11]
    mpmath.mp.dps = 30
    excess = [mpmath.mpf(float(x)) - 10 for x in danish.amounts if x > 10.0]

    def grimshaw(theta):
        """Grimshaw, Technometrics 35 (1993): with theta = shape / scale, the score is one."""
        mean = mpmath.fsum(mpmath.log(1 + theta * y) for y in excess) / 109
        return (1 + mean) * mpmath.fsum(1 / (1 + theta * y) for y in excess) / 109 - 1

    theta = mpmath.findroot(grimshaw, 0.07)
    exact = mpmath.fsum(mpmath.log(1 + theta * y) for y in excess) / 109
    assert shape == pytest.approx(float(exact), rel=1e-8)
    assert scale == pytest.approx(float(exact / theta), rel=1e-8)
    var, beyond = measures(shape, scale, 10.0, 109 / 2167, 0.99)
    assert (round(var, 3), round(beyond, 3)) == (27.290, 58.240)


def test_the_error_of_a_mean_is_the_delta_methods_in_closed_form():
    """Of a lognormal: Var ln(mean) = Var(mu) + sigma^2 Var(sigma) = s^2/n + s^4/(2n)."""
    size = 400
    x = np.array([Lognormal(7.0, 1.1).quantile((k + 0.5) / size) for k in range(size)])
    best = maximise(family_of("lognormal", Losses.of(x), None), Losses.of(x))
    sigma = best.values[1]
    expected = math.sqrt(sigma**2 / size + sigma**4 / (2 * size))
    assert best.error_of(lambda one: one.mean) / best.model.mean == pytest.approx(expected, 1e-4)


def test_the_error_of_a_parameter_is_its_own():
    losses = drawn(TRUE["weibull"])
    best = maximise(family_of("weibull", losses, None), losses)
    assert best.error_of(lambda one: one.parameters()[0]) == pytest.approx(best.errors[0], 1e-4)
