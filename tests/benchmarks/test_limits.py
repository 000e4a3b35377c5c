"""The limit kernels are honest: they solve the problem that they are the limit of."""

import math

import numpy as np
import pytest
from scipy.stats import lognorm, norm

from tests.benchmarks import book_workload, years_workload
from tests.benchmarks.limits import compound_years

WORDS = 0xFFFFFFFF

STANDARD_ERRORS = 4.0
TABLE_BIAS = 1.2e-6  # relative, of the mean: what linear steps add to the quantile function
QUANTILE_ROUNDING = 1e-12  # relative


@pytest.fixture(scope="module")
def problem():
    work = years_workload
    return compound_years.tables(work.FREQUENCY, work.MU, work.SIGMA, work.DEDUCTIBLE, work.LIMIT)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ([0] * 4, [0] * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([WORDS] * 4, [WORDS] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_philox_gives_the_known_answers(counter, key, expected):
    """The kat_vectors file of Random123 (Salmon, Moraes, Dror and Shaw 2011), philox4x32 10."""
    words = compound_years.philox(*(np.uint64(word) for word in (*counter, *key)))
    assert " ".join(f"{int(word):08x}" for word in words) == expected


def test_the_exact_mean_is_the_limited_mean_in_closed_form():
    work = years_workload

    def limited_mean(top):
        z = (math.log(top) - work.MU) / work.SIGMA
        body = math.exp(work.MU + work.SIGMA**2 / 2) * norm.cdf(z - work.SIGMA)
        return body + top * norm.sf(z)

    layer = limited_mean(work.DEDUCTIBLE + work.LIMIT) - limited_mean(work.DEDUCTIBLE)
    assert round(work.FREQUENCY * layer, 3) == work.MEAN


def test_the_table_of_payments_keeps_the_mean(problem):
    edges = problem.payments
    cells = (edges[1:] + edges[:-1]) / 2
    uniforms = problem.limit_cell + (np.arange(100_000) + 0.5) / 100_000
    exact = [compound_years.exact_payment(u / len(cells), *problem[4:]) for u in uniforms]
    cells[problem.limit_cell] = np.mean(exact)
    mean = years_workload.FREQUENCY * math.exp(problem.log_above) * cells.mean()
    assert mean == pytest.approx(years_workload.MEAN, rel=TABLE_BIAS)


@pytest.mark.parametrize("uniform", [0.99, 0.996, 0.9962])
def test_the_exact_payment_is_the_quantile_of_the_claims_above_the_deductible(problem, uniform):
    claims = lognorm(s=problem.sigma, scale=math.exp(problem.mu))
    quantile = claims.isf((1.0 - uniform) * claims.sf(problem.deductible))
    expected = min(quantile - problem.deductible, problem.limit)
    assert compound_years.exact_payment(uniform, *problem[4:]) == pytest.approx(
        expected, rel=QUANTILE_ROUNDING
    )


def test_the_years_have_the_exact_mean_and_do_not_depend_on_threads(problem):
    years = 100_000
    alone = compound_years.compound_years(problem, years, seed=1, threads=1)
    together = compound_years.compound_years(problem, years, seed=1, threads=3)
    assert alone.tobytes() == together.tobytes()
    error = years_workload.STANDARD_DEVIATION / math.sqrt(years)
    assert abs(alone.mean() - years_workload.MEAN) <= STANDARD_ERRORS * error
    assert abs(alone.std() / years_workload.STANDARD_DEVIATION - 1) <= STANDARD_ERRORS / math.sqrt(
        years
    )


@pytest.mark.parametrize("threads", [1, 2])
def test_the_fused_kernel_rates_as_numpy_does(threads):
    np.testing.assert_array_equal(book_workload.limit(threads), book_workload.numpy_take())
