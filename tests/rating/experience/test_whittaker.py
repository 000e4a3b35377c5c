"""Graduation: solved by hand, its laws, its limits, and the choice of λ against an integral."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rating.experience.credibility import full, weight
from rating.experience.whittaker import _evidence, differences, graduate, smoothed

PLACES = st.integers(4, 14)


@st.composite
def experiences(draw):
    """Events and exposure by place; some places have no exposure, none has too little to see."""
    places = draw(PLACES)
    exposure = np.array([draw(st.sampled_from([0.0, 80.0, 900.0, 5e4])) for _ in range(places)])
    exposure[0] = exposure[-1] = 900.0
    events = np.array(
        [float(draw(st.integers(0, int(0.2 * e) + 1))) if e else 0.0 for e in exposure]
    )
    events[0] += 1.0
    events[-1] += 1.0
    return events, exposure


def test_three_values_are_smoothed_as_by_hand():
    """Y = 1, 2, 6, weights 1, λ = 1, first differences.

    2a - b = 1, -a + 3b - c = 2, -b + 2c = 6: b = 11/4, a = 15/8, c = 35/8.
    """
    by_hand = [float(Fraction(15, 8)), float(Fraction(11, 4)), float(Fraction(35, 8))]
    got = smoothed(np.array([1.0, 2.0, 6.0]), np.ones(3), 1, 1.0)
    np.testing.assert_allclose(got, by_hand, rtol=1e-15)


def test_second_differences_penalise_as_written_out():
    rough = differences(4, 2)
    assert (rough.T @ rough).tolist() == [
        [1, -2, 1, 0],
        [-2, 5, -4, 1],
        [1, -4, 5, -2],
        [0, 1, -2, 1],
    ]


@given(experiences(), st.sampled_from([0.1, 10.0, 1e3, 1e6]))
def test_graduated_rates_reproduce_the_events_and_their_mean_place(experience, smoothing):
    events, exposure = experience
    fitted = exposure * graduate(events, exposure, 2, smoothing).rate
    place = np.arange(events.size)
    assert fitted.sum() == pytest.approx(events.sum(), rel=1e-8)
    assert (place * fitted).sum() == pytest.approx((place * events).sum(), rel=1e-7, abs=1e-6)


@given(experiences())
def test_without_smoothing_the_rates_are_crude(experience):
    events, exposure = experience
    seen = (exposure > 0) & (events > 0)
    rate = graduate(np.where(seen, events, 1.0), np.where(seen, exposure, 50.0), 2, 1e-9).rate
    crude = np.where(seen, events, 1.0) / np.where(seen, exposure, 50.0)
    np.testing.assert_allclose(rate, crude, rtol=1e-6)


@given(experiences())
def test_smoothed_without_end_the_log_rates_are_a_line(experience):
    events, exposure = experience
    found = graduate(events, exposure, 2, 1e10)
    assert np.max(np.abs(np.diff(np.log(found.rate), n=2))) < 1e-5
    assert found.freedom == pytest.approx(2.0, abs=1e-2)


@given(experiences(), st.floats(0.5, 4.0))
def test_twice_the_data_at_twice_the_smoothing_gives_the_same_rates(experience, times):
    events, exposure = experience
    once = graduate(events, exposure, 2, 100.0)
    more = graduate(times * events, times * exposure, 2, 100.0 * times)
    np.testing.assert_allclose(more.rate, once.rate, rtol=1e-7)
    np.testing.assert_allclose(more.error * np.sqrt(times), once.error, rtol=1e-6)


def test_the_evidence_for_a_smoothing_is_the_integral_that_it_stands_for():
    """Three places, first differences: ∫ likelihood × prior by brute force over a cube of θ."""
    events, exposure = np.array([60.0, 95.0, 80.0]), np.array([1000.0, 1100.0, 900.0])
    rough = differences(3, 1)
    grid = [
        np.log(d / e) + np.linspace(-0.9, 0.9, 121) for d, e in zip(events, exposure, strict=True)
    ]
    theta = np.stack(np.meshgrid(*grid, indexing="ij"), axis=-1).reshape(-1, 3)
    seen = theta @ events - np.exp(theta) @ exposure
    steps = np.sum((theta @ rough.T) ** 2, axis=1)

    def integral(smoothing):
        log = seen - 0.5 * smoothing * steps
        return np.log(np.sum(np.exp(log - log.max()))) + log.max() + np.log(smoothing)

    base = _evidence(events, exposure, rough, 3.0) - integral(3.0)
    for smoothing in (10.0, 60.0, 300.0):
        gap = _evidence(events, exposure, rough, smoothing) - integral(smoothing)
        assert gap == pytest.approx(base, abs=0.01)


def test_the_choice_of_smoothing_is_where_the_evidence_is_highest():
    rng = np.random.default_rng(7)
    exposure = np.full(30, 4000.0)
    events = rng.poisson(exposure * 0.02 * np.exp(0.4 * np.sin(np.arange(30) / 4))).astype(float)
    found = graduate(events, exposure)
    best = _evidence(events, exposure, differences(30, 2), found.smoothing)
    for power in np.linspace(-2, 8, 41):
        assert _evidence(events, exposure, differences(30, 2), 10.0**power) <= best + 1e-6


@pytest.mark.prove
def test_the_interval_covers_the_truth_as_often_as_it_says():
    """A smooth truth, 400 draws: pointwise 95% intervals cover it 92-98% of the time on average."""
    rng = np.random.default_rng(11)
    exposure = np.full(25, 3000.0)
    truth = 0.03 * np.exp(0.5 * np.cos(np.arange(25) / 5))
    covered = []
    for _ in range(400):
        found = graduate(rng.poisson(exposure * truth).astype(float), exposure)
        covered.append(np.abs(np.log(found.rate / truth)) <= 1.96 * found.error)
    assert 0.92 <= np.mean(covered) <= 0.98


@pytest.mark.parametrize(
    ("events", "exposure", "says"),
    [
        ([1.0, 2.0], [10.0, 10.0], "expected more than 2 places for differences of order 2"),
        ([0.0, 0.0, 0.0], [9.0, 9.0, 9.0], "expected events in at least 2 places, got 0"),
    ],
)
def test_what_cannot_be_graduated_is_told(events, exposure, says):
    with pytest.raises(ValueError, match=says):
        graduate(np.array(events), np.array(exposure))


@pytest.mark.parametrize(
    ("confidence", "within", "events"), [(0.90, 0.05, 1082), (0.95, 0.05, 1537), (0.99, 0.05, 2654)]
)
def test_full_credibility_takes_the_published_numbers_of_events(confidence, within, events):
    """Longley-Cook (1962), An Introduction to Credibility Theory, PCAS 49: 1,082, 1,537, 2,654."""
    assert round(full(confidence, within)) == events
    assert weight(events / 4, events) == 0.5
    assert weight(2.0 * events, events) == 1.0
