"""Speed of an aggregate distribution; every contender must come to the exact mean."""

import pytest

from tests.benchmarks import aggregate_workload as work
from tests.benchmarks.years_workload import MEAN

pytestmark = pytest.mark.filterwarnings("default")  # the peers' warnings are theirs

# The limit and Covercast keep the mean of the claim; the peers put chances on a lattice of 20.
OFF = {"peer": 1e-3, "limit": 1e-8, "ours": 1e-8}
ROUNDS = {"peer": 5, "limit": 30, "ours": 30}


@pytest.mark.parametrize("name", work.CONTENDERS)
@pytest.mark.benchmark(group=work.ROW)
def test_an_aggregate_by_fft(name, benchmark):
    role, mean = work.CONTENDERS[name]
    benchmark.extra_info.update(row=work.ROW, contender=name, role=role)
    found = benchmark.pedantic(mean, rounds=ROUNDS[role], warmup_rounds=1)
    assert found == pytest.approx(MEAN, rel=OFF[role])
