"""Chain ladder and Mack's errors: published triangles, the textbook written slowly, laws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadValue
from rating.development.chain_ladder import extrapolated, link_factors, project
from rating.development.project import bornhuetter_ferguson, cape_cod
from rating.development.triangle import Triangle
from tests.rating.development.triangles import PRIORS, RAA, TAYLOR_ASHE, WUTHRICH_MERZ


def ladder(rows, average="volume", diagonals=None):
    triangle = Triangle.of(2001, [[float(x) for x in row] for row in rows])
    factors = link_factors(triangle.cumulative, average, diagonals)
    return triangle, factors, project(triangle.latest, triangle.known, factors)


def test_the_triangle_of_mack_comes_out_as_he_published_it():
    """Mack (1993), tables 2 and 3: factors, reserve 18,681 thousand, errors, 2,447 in all."""
    triangle, factors, found = ladder(TAYLOR_ASHE)
    assert factors.factor.round(4).tolist() == [
        3.4906, 1.7473, 1.4574, 1.1739, 1.1038, 1.0863, 1.0539, 1.0766, 1.0177, 1.0,
    ]  # fmt: skip
    assert round(found.ultimate.sum() - triangle.latest.sum()) == 18680856
    assert round(found.total_error) == 2447095
    assert found.errors.round().tolist() == [
        0, 75535, 121699, 133549, 261406, 411010, 558317, 875328, 971258, 1363155,
    ]  # fmt: skip


def test_the_triangle_of_the_reinsurance_association_comes_out_as_published():
    """R's ChainLadder, MackChainLadder(RAA, est.sigma = "Mack"): to come 52,135, error 26,909."""
    triangle, _, found = ladder(RAA)
    assert round(found.ultimate.sum() - triangle.latest.sum()) == 52135
    assert round(found.total_error) == 26909
    assert found.errors.round().tolist() == [
        0, 206, 623, 747, 1469, 2002, 2209, 5358, 6333, 24566,
    ]  # fmt: skip


def test_bornhuetter_and_fergusons_reserve_is_as_published():
    """Wüthrich and Merz (2008): 6,047,061 by chain ladder, error 462,960; 7,356,580 by BF.

    Their claims are printed rounded, which leaves a millionth.
    """
    triangle, factors, found = ladder(WUTHRICH_MERZ)
    assert found.ultimate.sum() - triangle.latest.sum() == pytest.approx(6047061, rel=1e-6)
    assert found.total_error == pytest.approx(462960, rel=1e-6)
    developed = 1.0 / factors.to_ultimate[triangle.known - 1]
    ultimate = bornhuetter_ferguson(triangle.latest, np.array(PRIORS, dtype=float), developed)
    assert ultimate.sum() - triangle.latest.sum() == pytest.approx(7356580, rel=1e-6)


def slow_errors(rows, tail=(1.0, 0.0, 0.0)):
    """Mack (1993), theorem 3 and its corollary, sum by sum; a tail as in Mack (1999)."""
    n = len(rows)
    f, s2, volume = [], [], []
    for k in range(n - 1):
        before = [row[k] for row in rows if len(row) > k + 1]
        after = [row[k + 1] for row in rows if len(row) > k + 1]
        f.append(sum(after) / sum(before))
        volume.append(sum(before))
        if len(before) > 1:
            apart = [b * (a / b - f[k]) ** 2 for a, b in zip(after, before, strict=True)]
            s2.append(sum(apart) / (len(before) - 1))
        else:
            s2.append(min(s2[-1] ** 2 / s2[-2], s2[-2], s2[-1]))
    f.append(tail[0])
    own = [s2[k] / f[k] ** 2 for k in range(n - 1)] + [tail[2] ** 2 / tail[0] ** 2]
    of = [own[k] / volume[k] for k in range(n - 1)] + [tail[1] ** 2 / tail[0] ** 2]
    errors, whole = [], 0.0
    ends = [row[-1] * math.prod(f[len(row) - 1 :]) for row in rows]
    for i, row in enumerate(rows):
        claims, total = row[-1], 0.0
        for k in range(len(row) - 1, n):
            total += own[k] / claims + of[k]
            claims *= f[k]
        errors.append(ends[i] ** 2 * total)
        for j in range(i):
            # both need the factors from the older year's age on
            whole += 2 * ends[i] * ends[j] * sum(of[len(rows[j]) - 1 :])
    return [math.sqrt(x) for x in errors], math.sqrt(sum(errors) + whole)


@pytest.mark.parametrize("rows", [TAYLOR_ASHE, RAA], ids=["Taylor-Ashe", "RAA"])
def test_errors_are_those_of_the_textbook_with_a_tail_too(rows):
    triangle, factors, _ = ladder(rows)
    factors.factor[-1], factors.error[-1], factors.deviation[-1] = 1.05, 0.02, 71.0
    found = project(triangle.latest, triangle.known, factors)
    errors, whole = slow_errors(rows, (1.05, 0.02, 71.0))
    assert found.errors == pytest.approx(errors, rel=1e-10)
    assert found.total_error == pytest.approx(whole, rel=1e-10)


@given(
    st.lists(st.floats(1.01, 3.0), min_size=2, max_size=7),
    st.lists(st.floats(10.0, 1e6), min_size=8, max_size=8),
    st.sampled_from(["volume", "simple"]),
)
def test_years_that_grow_alike_are_brought_to_their_end_without_error(factors, starts, average):
    """Claims that follow the factors exactly give them back, and no error."""
    ages = len(factors) + 1
    whole = [[start * math.prod(factors[:k]) for k in range(ages)] for start in starts[:ages]]
    triangle, found, projected = ladder(
        [row[: ages - place] for place, row in enumerate(whole)], average
    )
    assert found.factor[:-1] == pytest.approx(factors, rel=1e-9)
    assert projected.ultimate == pytest.approx([row[-1] for row in whole], rel=1e-9)
    assert projected.total_error <= 1e-6 * projected.ultimate.sum()
    # what is known over the share that is developed is what all come to
    developed = 1.0 / found.to_ultimate[triangle.known - 1]
    exposure = np.array([row[-1] for row in whole])
    assert cape_cod(triangle.latest, exposure, developed) == pytest.approx(1.0, rel=1e-9)


def test_bornhuetter_ferguson_meets_chain_ladder_where_its_expectation_is_that_of_it():
    triangle, factors, found = ladder(TAYLOR_ASHE)
    developed = 1.0 / factors.to_ultimate[triangle.known - 1]
    ultimate = bornhuetter_ferguson(triangle.latest, found.ultimate, developed)
    assert ultimate == pytest.approx(found.ultimate, rel=1e-12)


def test_the_error_is_the_one_that_is_seen():
    """Mack's model drawn 2,000 times: the claims to come lie as far as the error says.

    Of ten years and five ages, so that several years tell of every factor.
    """
    random = np.random.default_rng(4)
    true, sigma = [2.0, 1.4, 1.1, 1.05], [6.0, 4.0, 2.0, 1.0]
    squares, stated = 0.0, 0.0
    for _ in range(2000):
        whole = [[float(random.uniform(800, 1200))] for _ in range(10)]
        for row in whole:
            for f, s in zip(true, sigma, strict=True):
                row.append(random.gamma(f * f * row[-1] / (s * s), s * s / f))
        _, _, found = ladder([row[: 10 - place] for place, row in enumerate(whole)])
        squares += (found.ultimate.sum() - sum(row[-1] for row in whole)) ** 2 / 2000
        stated += found.total_error**2 / 2000
    assert stated == pytest.approx(squares, rel=0.12)


def test_only_the_latest_diagonals_count_where_that_is_asked():
    rows = [[100.0, 300.0, 330.0], [100.0, 200.0, 240.0], [100.0, 200.0], [100.0]]
    _, every, _ = ladder(rows)
    _, latest, _ = ladder(rows, diagonals=1)
    assert every.factor[0] == pytest.approx(700 / 300)
    assert latest.factor[0] == pytest.approx(2.0)
    assert latest.factor[1] == pytest.approx(1.2)


def test_a_tail_goes_on_as_its_curve_says():
    """What halves with every age goes on halving."""
    factor = 1.0 + 0.4 * 0.5 ** np.arange(5)
    beyond = math.prod(1.0 + 0.4 * 0.5**k for k in range(5, 105))
    assert extrapolated(factor, "exponential", 100) == pytest.approx(beyond, rel=1e-12)
    factor = 1.0 + 0.4 * np.arange(1.0, 6.0) ** -3
    beyond = math.prod(1.0 + 0.4 * k**-3.0 for k in range(6, 26))
    assert extrapolated(factor, "inverse_power", 20) == pytest.approx(beyond, rel=1e-12)


def test_what_no_year_needs_is_no_hindrance_to_the_latest_diagonals():
    """Five years of nine ages, the youngest of five: no link of ages 1 to 3 is that late."""
    true = [2.0, 1.5, 1.3, 1.2, 1.15, 1.1, 1.05, 1.02]
    whole = [100.0 * math.prod(true[:k]) for k in range(9)]
    _, factors, found = ladder([whole[: 9 - k] for k in range(5)], diagonals=1)
    assert factors.factor.tolist() == pytest.approx([1.0] * 3 + [*true[3:], 1.0], rel=1e-12)
    assert factors.years.tolist() == [0] * 3 + [1] * 5 + [0]
    assert (factors.error[:3] == 0.0).all()
    assert np.isnan(factors.error[3:8]).all()  # of one year each, which tells nothing
    assert found.ultimate == pytest.approx([whole[-1]] * 5, rel=1e-12)
    assert factors.notes[0] == (
        "age 1: no year has a link in the latest 1 diagonals, and none needs one; its factor "
        "stands as 1"
    )
    lacking = np.array([[1.0, 2.0, 3.0], [1.0, np.nan, np.nan], [1.0, 2.0, 3.0]])
    with pytest.raises(BadValue, match=r"age 1: no year has a link in the latest 1 diagonals$"):
        link_factors(lacking, "volume", 1)


def test_an_error_that_is_not_known_is_not_that_of_years_known_whole():
    _, factors, found = ladder([[10, 15], [12]])
    assert math.isnan(factors.error[0])
    assert found.errors[0] == 0.0
    assert math.isnan(found.errors[1])


@pytest.mark.parametrize(
    ("factor", "curve", "said"),
    [
        ([1.4, 1.25, 1.18], "inverse_power", "does not end; state its factor"),
        ([30.0, 29.0, 28.0], "exponential", "gives a tail above 10; state its factor"),
    ],
)
def test_a_tail_without_end_is_refused(factor, curve, said):
    with pytest.raises(BadValue, match=said):
        extrapolated(np.array(factor), curve, 100)


@pytest.mark.parametrize(
    ("factor", "said"),
    [([1.1, 1.0, 0.9], "takes two factors above 1, got 1"), ([1.1, 1.2], "that fall with age")],
)
def test_a_curve_that_says_nothing_is_refused(factor, said):
    with pytest.raises(BadValue, match=said):
        extrapolated(np.array(factor), "exponential", 100)


@pytest.mark.parametrize(
    ("rows", "average", "said"),
    [
        ([[0, 5, 6], [0, 5], [1]], "volume", "age 1: all claims are 0"),
        ([[4, 0, 6], [4, 0], [1]], "volume", "age 2: all claims are 0 after claims at age 1"),
        ([[0, 5, 6], [4, 5], [1]], "simple", "age 1: a year without claims"),
    ],
)
def test_what_cannot_grow_is_told_by_its_age(rows, average, said):
    with pytest.raises(BadValue, match=said):
        ladder(rows, average)


def test_a_year_without_claims_at_first_is_told_and_counted():
    _, factors, _ = ladder([[0, 5, 6], [4, 6, 7], [4, 6], [1]])
    assert factors.factor[0] == pytest.approx(17 / 8)
    assert factors.years[0] == 2
    assert factors.notes == ("age 1: 1 years without claims have some at age 2",)
