"""Speed of projecting life policies by month; every contender's answer is compared first."""

import numpy as np
import pytest

from tests.benchmarks import life_workload as work
from tests.benchmarks.lifelib.package import PV_NET_CF

pytestmark = pytest.mark.filterwarnings("default")  # the peers' warnings are theirs

RELATIVE_ROUNDING = 1e-10  # of sums of some thousand terms that partly cancel
ROUNDS = {"peer": 5, "limit": 100, "ours": 100}  # what takes milliseconds is easily disturbed
PRINTED = 5e-5  # half a unit of the last digit that lifelib's sum is given to


RUNS = [(row, name) for row, contenders in work.CONTENDERS.items() for name in contenders]


@pytest.mark.parametrize(("row", "name"), RUNS)
def test_project(row, name, benchmark):
    role, project = work.CONTENDERS[row][name]
    benchmark.group = row
    benchmark.extra_info.update(row=row, contender=name, role=role)
    found = benchmark.pedantic(project, rounds=ROUNDS[role], warmup_rounds=2)
    if row.startswith(work.ROW):
        assert abs(found.sum() - PV_NET_CF) <= PRINTED
    else:
        wanted = work.two_states_numpy()
        np.testing.assert_allclose(found, wanted, rtol=RELATIVE_ROUNDING, atol=1e-9)
