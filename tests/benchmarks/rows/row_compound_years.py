"""Speed of simulating compound years; every contender must come to the exact mean."""

import math

import numpy as np
import pytest

from tests.benchmarks import years_workload as work

pytestmark = pytest.mark.filterwarnings("default")  # the peers' warnings are theirs

ROUNDS = {"peer": 2, "limit": 8, "ours": 8}
FEWER = 3  # rounds of the longest runs
STANDARD_ERRORS = 4.0
TABLE = 1.2e-6  # relative: what the limit's table adds to the mean, see test_limits


@pytest.mark.parametrize(
    ("years", "name"), [(years, name) for years, found in work.CONTENDERS.items() for name in found]
)
def test_simulate_compound_years(years, name, benchmark):
    role, simulate = work.CONTENDERS[years][name]
    row = f"{work.TITLE}, {years:,} years"
    benchmark.group = row
    benchmark.extra_info.update(row=row, contender=name, role=role)
    rounds = FEWER if years == work.MOST_YEARS else ROUNDS[role]
    totals = np.asarray(benchmark.pedantic(simulate, rounds=rounds, warmup_rounds=1))
    standard_error = work.STANDARD_DEVIATION / math.sqrt(years)
    assert len(totals) == years
    assert abs(totals.mean() - work.MEAN) <= STANDARD_ERRORS * standard_error + TABLE * work.MEAN
