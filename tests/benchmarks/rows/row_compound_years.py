"""Speed of simulating compound years; every contender must come to the exact mean."""

import math

import numpy as np
import pytest

from tests.benchmarks import years_workload as work

pytestmark = pytest.mark.filterwarnings("default")  # the peers' warnings are theirs

STANDARD_ERRORS = 4.0


@pytest.mark.parametrize("name", work.CONTENDERS)
@pytest.mark.benchmark(group=work.ROW)
def test_simulate_compound_years(name, benchmark):
    role, simulate = work.CONTENDERS[name]
    benchmark.extra_info.update(row=work.ROW, contender=name, role=role)
    totals = np.asarray(benchmark.pedantic(simulate, rounds=3, warmup_rounds=1))
    standard_error = work.STANDARD_DEVIATION / math.sqrt(work.YEARS)
    assert len(totals) == work.YEARS
    assert abs(totals.mean() - work.MEAN) <= STANDARD_ERRORS * standard_error
