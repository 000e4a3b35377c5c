"""Bonus-malus scales: closed forms, the chain run slowly, laws, the verb."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from product_factory.tables import read_table
from rating.bonus_malus import Scale, standing, stationary, transitions
from tests.the_command import inside

NCD = Scale((0.5, 0.6, 0.7, 0.85, 1.0, 1.25, 1.5, 1.75, 2.0), 4, (-1, 1, 2, 3, 4))
SPEC = """\
fit: ncd
kind: bonus_malus
title: {zh: 无赔款优待, en: No claims discount}
source: made for the tests
claims: claims
exposure: years
factors: [0.5, 0.6, 0.7, 0.85, 1, 1.25, 1.5, 1.75, 2]
start: 1
moves: [-1, 1, 2, 3, 4]
"""


@given(frequency=st.floats(0.01, 2.0), size=st.integers(2, 9))
def test_down_by_one_and_up_to_the_top_has_a_closed_form(frequency, size):
    """-1/top: to stand k below the top takes k years without a claim (and, lowest, any more)."""
    scale = Scale(tuple(1.0 + k for k in range(size)), 0, (-1, size))
    free = math.exp(-frequency)
    exact = [free ** (size - 1 - level) * (1.0 - free) for level in range(size)]
    exact[0] = free ** (size - 1)
    assert stationary(scale, frequency) == pytest.approx(exact, rel=1e-9, abs=1e-15)


@given(frequency=st.floats(0.01, 3.0))
def test_a_year_leaves_the_state_as_it_is(frequency):
    moves, share = transitions(NCD, frequency), stationary(NCD, frequency)
    assert moves.sum(axis=1) == pytest.approx(np.ones(9), rel=1e-14)
    assert share @ moves == pytest.approx(share, abs=1e-14)
    assert share.sum() == pytest.approx(1.0, rel=1e-13)
    # far on, those who began together stand the same
    assert np.linalg.matrix_power(moves, 4096)[NCD.start] == pytest.approx(share, abs=1e-9)


def test_the_chances_of_claims_are_those_of_poisson():
    moves = transitions(NCD, 0.4)
    law = stats.poisson(0.4)
    assert moves[4, 3] == pytest.approx(law.pmf(0))
    assert moves[4, 6] == pytest.approx(law.pmf(2))
    assert moves[4, 8] == pytest.approx(law.sf(3))
    assert moves[8, 8] == pytest.approx(law.sf(0))


def test_a_mixed_portfolio_is_the_integral_over_its_frequencies():
    """By scipy's quadrature over the gamma, level by level; fair factors balance."""
    found = standing(NCD, 0.12, 0.9, 5)
    law = stats.gamma(0.9, scale=0.12 / 0.9)
    for level in (0, 4, 8):
        share = integrate.quad(
            lambda x, at=level: stationary(NCD, x)[at] * law.pdf(x), 0, 4, limit=400
        )[0]
        claims = integrate.quad(
            lambda x, at=level: x * stationary(NCD, x)[at] * law.pdf(x), 0, 4, limit=400
        )[0]
        assert found.share[level] == pytest.approx(share, rel=1e-5)
        assert found.frequency[level] == pytest.approx(claims / share, rel=1e-5)
    assert found.share.sum() == pytest.approx(1.0, rel=1e-12)
    assert float(found.share @ found.fair) == pytest.approx(1.0, rel=1e-10)
    # those who claim more stand higher
    assert (np.diff(found.fair) > 0.0).all()


def test_where_all_are_alike_every_level_is_as_fair():
    found = standing(NCD, 0.1, math.inf, 3)
    assert found.fair == pytest.approx(np.ones(9), rel=1e-12)
    assert found.by_year[0].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert found.by_year[1, 3] == pytest.approx(math.exp(-0.1))


def test_the_efficiency_of_two_levels_is_loimarantas():
    """Factors a, b: mean b + (a - b) exp(-x), whose elasticity is known."""
    a, b, x = 0.6, 1.5, 0.2
    found = standing(Scale((a, b), 0, (-1, 1)), x, math.inf, 1)
    mean = b + (a - b) * math.exp(-x)
    assert found.factor == pytest.approx(mean, rel=1e-12)
    assert found.efficiency == pytest.approx(x * (b - a) * math.exp(-x) / mean, rel=1e-6)


def write(folder, rows, spec=SPEC):
    (folder / "ncd.yaml").write_text(spec, encoding="utf-8")
    with (folder / "ncd.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["claims", "years"], *rows])


def fit(folder):
    return inside("fit", "ncd.yaml", "--data", "ncd.csv", "-o", "out", cwd=folder)


def test_the_verb_takes_the_spread_from_the_claims(tmp_path):
    """Rows by hand: 8 without, 1 with one, 1 with two claims: mean 0.3, spread by moments."""
    write(tmp_path, [*[[0, 1]] * 8, [1, 1], [2, 1], [-1, 1], [1.5, 1]])
    run = fit(tmp_path)
    assert run.returncode == 1, run.stderr
    apart = (8 * 0.09 + 0.49 + 2.89 - 3.0) / 10
    assert f"0.3 claims a year, gamma of shape {0.09 / apart:.4g}" in run.stdout
    assert run.stdout.count("expected a whole number of claims") == 2
    assert max(map(len, run.stdout.splitlines())) <= 80
    table = read_table((tmp_path / "out/ncd.csv").read_text("utf-8"), "ncd", "ncd.csv")
    found = standing(NCD, 0.3, 0.09 / apart, 1)
    assert table.cells["fair"].ravel() == pytest.approx(found.fair, abs=1e-6)
    rebased = np.array(NCD.factors) / found.factor
    assert table.cells["rebased"].ravel() == pytest.approx(rebased, abs=1e-6)
    with (tmp_path / "out/years.csv").open(encoding="utf-8") as file:
        years = list(csv.DictReader(file))
    assert (len(years), float(years[0]["factor"])) == (20, 1.0)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("0.6, 0.7", "0.7, 0.6", "expected rising factors above 0, got 0.6 after 0.7"),
        ("start: 1\n", "start: 0.9\n", "expected 'start' to be one of the factors, got 0.9"),
        ("[-1, 1, 2", "[1, 1, 2", "down without a claim"),
        ("[-1, 1, 2", "[-1, 2, 1", "do not fall as claims rise"),
        ("[-1, 1, 2, 3, 4]", "-1", "expected a list of numbers"),
        ("claims: claims", "claims: claim", "has no column 'claim'; did you mean 'claims'?"),
    ],
)
def test_a_bad_file_is_told_with_its_place(tmp_path, old, new, says):
    assert old in SPEC
    write(tmp_path, [[0, 1], [1, 1]], SPEC.replace(old, new, 1))
    run = fit(tmp_path)
    assert run.returncode == 2
    assert run.stderr.startswith("ncd.yaml:")
    assert says in run.stderr


def test_without_a_claim_there_is_nothing_to_fit(tmp_path):
    write(tmp_path, [[0, 1], [0, 1]])
    run = fit(tmp_path)
    assert (run.returncode, run.stderr.strip()) == (
        2,
        "ncd.csv: no policy has a claim, so there is nothing to fit",
    )
