"""Wilson's interval and the jackknife: published values and textbooks."""

import math

import numpy as np
import pytest

from sandbox.measures.jackknife import jackknife
from sandbox.measures.told import doubts
from sandbox.measures.wilson import wilson


@pytest.mark.parametrize(
    ("good", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_the_published_one(good, trials, low, high):
    """R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    found = wilson(good / trials, trials)
    assert found == pytest.approx((low, high), abs=5e-5)
    mirrored = wilson(1.0 - good / trials, trials)
    assert mirrored == pytest.approx((1.0 - found[1], 1.0 - found[0]), abs=1e-12)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    """Tukey (1958): of the mean it is s / sqrt(n), for each figure of its own."""
    rows = np.random.default_rng(1).gamma(2.0, size=(15, 2))
    left = np.array([np.delete(rows, one, axis=0).mean(axis=0) for one in range(15)])
    assert jackknife(left) == pytest.approx(rows.std(axis=0, ddof=1) / math.sqrt(15), rel=1e-12)


def test_of_each_kind_of_doubt_the_first_is_said():
    said = doubts(["", "about 1.9 rows", "3 rows lie beyond", "about 2.5 rows"])
    assert said == ["* not to be trusted: about 1.9 rows", "* not to be trusted: 3 rows lie beyond"]
