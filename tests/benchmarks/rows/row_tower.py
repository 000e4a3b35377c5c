"""Speed of settling a tower; every contender must cede the same, year by year.

What a contender computes besides differs; `work.NOTE`, printed under the table, says how.
"""

import numpy as np
import pytest

from tests.benchmarks import tower_workload as work

pytestmark = pytest.mark.filterwarnings("default")  # the peers' warnings are theirs

ROUNDS = {"peer": 5, "limit": 60, "ours": 60}
GRID = 0.01  # currency a year: Covercast settles in steps of 2**-10, rounded down


@pytest.mark.parametrize("name", work.CONTENDERS)
@pytest.mark.benchmark(group=work.ROW)
def test_settle_a_tower(name, benchmark):
    role, settle = work.CONTENDERS[name]
    work.losses(), work.occurrences(), work.starts(), work.programme()
    benchmark.extra_info.update(row=work.ROW, contender=name, role=role, note=work.NOTE)
    ceded = np.asarray(benchmark.pedantic(settle, rounds=ROUNDS[role], warmup_rounds=1))
    np.testing.assert_allclose(ceded, work.numpy_by_layer(), atol=GRID)
