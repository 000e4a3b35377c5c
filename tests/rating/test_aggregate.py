"""The sum of a year's claims: published values, and two ways that must agree."""

import math

import numpy as np
import pytest

from product_factory.errors import BadValue
from rating.aggregate import ClaimTerms, by_fourier, by_panjer, lump
from rating.frequencies import Binomial, Frequency, Mixed, NegativeBinomial, Poisson, ZeroModified
from rating.severities import Beta, Gamma, InverseGaussian, Lognormal, Lomax, Size, Weibull

COUNTS = [
    Poisson(50.0),
    NegativeBinomial(50.0, 3.0),
    NegativeBinomial(2.0, 9.0),
    Binomial(60, 0.3),
    Binomial(3, 0.9),
    Mixed((0.7, 0.3), (Poisson(5.0), Poisson(60.0))),
    ZeroModified(0.4, NegativeBinomial(20.0, 3.0)),
    ZeroModified(1.02, Poisson(3.5)),
]


def test_the_compound_poisson_of_the_design_is_reached():
    """Poisson(50) × lognormal(8, 1.8), deductible 2,000, limit 500,000: reference values."""
    claim = lump(Lognormal(8.0, 1.8), ClaimTerms(2000.0, 500_000.0), 20.0, 1 << 18)
    year = by_fourier(Poisson(50.0), claim, 1 << 18)
    exact = 50.0 * Lognormal(8.0, 1.8).expected_layer(2000.0, 500_000.0)
    assert year.mean == pytest.approx(exact, rel=1e-9)
    assert year.mean == pytest.approx(622_368.734, rel=1e-9)
    assert year.sd == pytest.approx(300_939.88, abs=0.01)
    assert year.var(0.995) == pytest.approx(1_669_345.1, abs=0.2)
    assert year.tvar(0.99) == pytest.approx(1_723_319.0, abs=0.05)


@pytest.mark.parametrize("frequency", COUNTS, ids=str)
def test_fourier_and_panjer_agree_on_one_lattice(frequency: Frequency):
    claim = lump(Lognormal(8.0, 1.8), ClaimTerms(2000.0, 500_000.0), 2000.0, 1 << 12)
    size = 1 << 13
    fast, slow = by_fourier(frequency, claim, size), by_panjer(frequency, claim, size)
    assert np.abs(np.cumsum(fast.chances) - np.cumsum(slow.chances)).max() < 1e-9
    assert fast.mean == pytest.approx(slow.mean, rel=1e-9)
    assert fast.tvar(0.99) == pytest.approx(slow.tvar(0.99), rel=1e-9)


@pytest.mark.prove
def test_fourier_and_panjer_agree_on_the_lattice_of_the_design():
    claim = lump(Lognormal(8.0, 1.8), ClaimTerms(2000.0, 500_000.0), 20.0, 1 << 18)
    fast, slow = (by(Poisson(50.0), claim, 1 << 18) for by in (by_fourier, by_panjer))
    assert np.abs(np.cumsum(fast.chances) - np.cumsum(slow.chances)).max() < 1e-9
    assert fast.mean == pytest.approx(slow.mean, rel=1e-9)


def test_tilting_keeps_out_what_would_wrap_around():
    """On a lattice that ends at the mean of the year, a third of the chance lies beyond its end."""
    claim = lump(Lognormal(8.0, 1.8), ClaimTerms(2000.0, 500_000.0), 20.0, 1 << 15)
    slow = by_panjer(Poisson(50.0), claim, 1 << 15)
    plain = by_fourier(Poisson(50.0), claim, 1 << 15, tilt=0.0)
    tilted = by_fourier(Poisson(50.0), claim, 1 << 15)
    assert np.abs(plain.chances - slow.chances).max() > 1e-5
    assert np.abs(tilted.chances - slow.chances).max() < 1e-8


@pytest.mark.parametrize(
    ("limit", "attachment", "exact", "printed", "unlimited"),
    [
        (10.0, 10.0, "6.61506", 6.6128, 6.9444),
        (10.0, 20.0, "2.4121", 2.4103, 2.4306),
        (20.0, 10.0, "9.2214", 9.2173, 9.3750),
    ],
)
def test_a_layer_with_one_reinstatement_is_that_of_mata(
    limit, attachment, exact, printed, unlimited
):
    """Mata (2000), ASTIN Bulletin 30(2): Poisson(10), survival (10 / (10 + x))**3, 2 limits.

    What the paper prints is its lattice's value; `exact` is the limit of finer ones, to the digits
    that are written. Two lattices say that the finer one has come near enough to it.
    """
    found = []
    for points in (16, 32):
        claim = lump(Lomax(3.0, 10.0), ClaimTerms(attachment, limit), 1.0 / points, points << 7)
        year = by_fourier(Poisson(10.0), claim, points << 8)
        found.append(year.limited_mean(2.0 * limit))
    coarse, recovery = found
    assert abs(coarse - recovery) < 1e-4
    # the error of lumping falls with the square of the step
    limit_value = recovery + (recovery - coarse) / 3.0
    last = len(exact.partition(".")[2])
    assert limit_value == pytest.approx(float(exact), abs=0.6 * 10.0**-last)
    assert recovery == pytest.approx(printed, rel=1e-3)
    assert year.mean == pytest.approx(unlimited, abs=5e-5)


def test_lumping_keeps_the_mean_and_the_limited_means_at_the_points():
    severity, terms = Lognormal(3.0, 1.0), ClaimTerms(5.0, 100.0, 0.8)
    claim = lump(severity, terms, 0.7, 200)
    assert math.fsum(claim.chances.tolist()) == pytest.approx(1.0, rel=1e-14)
    assert claim.mean == pytest.approx(0.8 * severity.expected_layer(5.0, 100.0), rel=1e-12)
    for k in (1, 7, 50):
        exact = terms.layer(severity, 0.0, 0.7 * k)
        assert claim.limited_mean(0.7 * k) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize(
    ("severity", "terms", "step"),
    [
        (Lognormal(8.0, 1.8), ClaimTerms(2000.0, 5e5), 200.0),
        (Gamma(0.6, 5000.0), ClaimTerms(0.0, 1e5, 0.7), 700.0),
        (Weibull(0.7, 3000.0), ClaimTerms(100.0, 1e5), 900.0),
        (InverseGaussian(5000.0, 3000.0), ClaimTerms(0.0, 1e5), 900.0),
        (Beta(0.4, 3.0), ClaimTerms(0.0, 0.9), 0.01),
    ],
    ids=lambda given: type(given).__name__,
)
def test_layers_taken_together_are_those_taken_one_by_one(
    severity: Size, terms: ClaimTerms, step: float
):
    bounds = step * np.arange(90.0)
    alone = [terms.layer(severity, low, low + step) for low in bounds[:-1]]
    assert terms.layers(severity, bounds) == pytest.approx(alone, rel=1e-12)


def test_lattice_measures_are_those_of_a_sum_written_slowly():
    claim = lump(Lognormal(0.0, 0.5), ClaimTerms(limit=3.0), 0.5, 10)
    year = by_panjer(Poisson(1.0), claim, 64)
    slow = np.zeros(64)
    power = np.zeros(64)
    power[0] = 1.0
    for n in range(40):
        slow += power * Poisson(1.0).probability(n)
        power = np.convolve(power, claim.chances)[:64]
    assert year.chances == pytest.approx(slow, abs=1e-14)
    assert year.var(0.3) == 0.0


def test_what_cannot_be_summed_is_refused():
    with pytest.raises(BadValue, match=r"^limit: expected above 0, got 0$"):
        ClaimTerms(0.0, 0.0)
    with pytest.raises(BadValue, match=r"^step: expected a number above 0, got 0$"):
        lump(Lomax(3.0, 1.0), ClaimTerms(), 0.0, 8)
    with pytest.raises(BadValue, match=r"^frequency: expected fewer events a year .* got 1e\+06,"):
        by_panjer(Poisson(1e6), lump(Lomax(3.0, 1.0), ClaimTerms(), 1.0, 8), 8)
