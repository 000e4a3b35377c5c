"""Distances between a severity and losses, held against scipy, quadrature and their own samples."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from product_factory.errors import BadValue
from rating.likelihood.family import family_of
from rating.likelihood.goodness import distances, even, goodness, kaplan_meier
from rating.likelihood.losses import Losses
from rating.likelihood.maximum import maximise
from rating.severities import Lognormal

RANDOM = np.random.default_rng(11)
U = RANDOM.uniform(size=40) ** 1.2
NONE = np.zeros(40, dtype=bool)


def test_without_limits_the_distances_are_the_textbook_ones():
    """Kolmogorov-Smirnov of scipy; Anderson and Darling (1954): -n - Σ (2i - 1) (…) / n."""
    distance, statistic = distances(U, NONE)
    assert distance == pytest.approx(stats.kstest(U, "uniform").statistic, rel=1e-12)
    u = np.sort(U)
    i = np.arange(1, 41)
    slow = -40 - np.sum((2 * i - 1) * (np.log(u) + np.log1p(-u[::-1]))) / 40
    assert statistic == pytest.approx(slow, rel=1e-12)


def test_with_limits_the_integral_ends_at_the_largest():
    censored = U > 0.7
    u = np.minimum(U, 0.7)
    places, beyond = kaplan_meier(u, censored)
    after = 1.0 - beyond

    def level(x):
        return 0.0 if x < places[0] else after[np.searchsorted(places, x, side="right") - 1]

    slow = sum(
        quad(lambda x: (level(x) - x) ** 2 / (x * (1.0 - x)), low, high)[0]
        for low, high in zip([0.0, *places], [*places, 0.7], strict=True)
    )
    assert distances(u, censored)[1] == pytest.approx(40 * slow, rel=1e-7)
    # all that were cut share one limit: below it the estimate is the plain one
    assert after == pytest.approx(np.arange(1, places.size + 1) / 40)


def test_kaplan_and_meier_as_in_the_textbook():
    """Remission in weeks of the patients given 6-MP, Freireich et al., Blood 21 (1963): the

    example of most textbooks, with survival to three digits.
    """
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    cut = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]
    weeks, cut = np.array(weeks, dtype=float), np.array(cut, dtype=bool)
    places, beyond = kaplan_meier(weeks, cut)
    assert places.tolist() == [6, 7, 10, 13, 16, 22, 23]
    printed = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert beyond == pytest.approx(printed, abs=5e-4)
    known = stats.CensoredData.right_censored(weeks, cut)
    assert beyond == pytest.approx(stats.ecdf(known).sf.evaluate(places), rel=1e-12)


def test_with_truncations_a_loss_is_at_risk_from_its_own_on():
    """By hand: above 1 three of three are at risk at 2; at 3 two and the one that enters at 2.5."""
    u, above = np.array([2.0, 3.0, 5.0, 4.0]), np.array([1.0, 1.0, 1.0, 2.5])
    places, beyond = kaplan_meier(u, np.array([False, False, True, False]), above)
    assert places.tolist() == [2.0, 3.0, 4.0]
    assert beyond == pytest.approx([2 / 3, 2 / 3 * 2 / 3, 2 / 3 * 2 / 3 * 1 / 2], rel=1e-12)


def test_truncation_is_taken_out():
    """The chances of losses above 20 are even under the severity, whatever lies below."""
    model = Lognormal(3.0, 1.0)
    alive = model.survival(20.0)
    amounts = [model.quantile_above(alive * (k + 0.5) / 50) for k in range(50)]
    u = even(model, Losses.of(amounts, above=20.0))
    assert np.sort(u) == pytest.approx((np.arange(50) + 0.5) / 50, rel=1e-9)
    assert distances(u, np.zeros(50, dtype=bool))[0] == pytest.approx(0.01, rel=1e-9)


@pytest.fixture(scope="module")
def losses():
    return Losses.of(np.random.default_rng(2).weibull(0.6, 80) * 50.0)


def test_samples_tell_a_good_severity_from_a_bad_one(losses):
    """The same seed gives the same chances; a lognormal never fits what a Weibull drew so well."""
    good = maximise(family_of("weibull", losses, None), losses)
    heard = []
    goodness(good, losses, 3, say=heard.append)
    assert heard == [f"weibull: sample {number} of 3" for number in (1, 2, 3)]
    bad = maximise(family_of("pareto", losses, None), losses)
    found = goodness(good, losses, 19, 3)
    assert found == goodness(good, losses, 19, 3)
    assert found.drawn == 19
    assert found.distance_chance > 0.05
    assert goodness(bad, losses, 19, 3).anderson_darling_chance == 0.05


def test_chi_square_counts_cells_of_equal_chance(losses):
    best = maximise(family_of("weibull", losses, None), losses)
    found = goodness(best, losses)
    counts = np.histogram(even(best.model, losses), bins=16, range=(0.0, 1.0))[0]
    assert found.chi_square == pytest.approx(((counts - 5.0) ** 2 / 5.0).sum())
    assert found.freedom == 13
    assert found.chance == pytest.approx(stats.chi2.sf(found.chi_square, 13))


def test_limits_leave_no_chi_square_and_no_samples(losses):
    cut = Losses(np.minimum(losses.amounts, 60.0), losses.above, losses.amounts >= 60.0)
    best = maximise(family_of("weibull", cut, None), cut)
    assert math.isnan(goodness(best, cut).chi_square)
    with pytest.raises(BadValue, match=r"^bootstrap: expected no loss that has reached its limit$"):
        goodness(best, cut, 19)
