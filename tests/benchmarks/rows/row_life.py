"""Speed of projecting life policies by month; every contender's answer is compared first."""

import numpy as np
import pytest

from tests.benchmarks import life_workload as work
from tests.benchmarks.lifelib.package import PV_NET_CF

pytestmark = pytest.mark.filterwarnings("default")  # the peers' warnings are theirs

RELATIVE_ROUNDING = 1e-10  # of sums of some thousand terms that partly cancel
ROUNDS = {"peer": 5, "limit": 100, "ours": 100}  # what takes milliseconds is easily disturbed
PRINTED = 5e-5  # half a unit of the last digit that lifelib's sum is given to


@pytest.mark.parametrize("name", work.CONTENDERS)
@pytest.mark.benchmark(group=work.ROW)
def test_project_term_assurances(name, benchmark):
    role, project = work.CONTENDERS[name]
    benchmark.extra_info.update(row=work.ROW, contender=name, role=role)
    net = benchmark.pedantic(project, rounds=ROUNDS[role], warmup_rounds=2)
    assert abs(net.sum() - PV_NET_CF) <= PRINTED


@pytest.mark.parametrize("name", work.TWO_STATE_CONTENDERS)
@pytest.mark.benchmark(group=work.TWO_STATES)
def test_project_disability_incomes(name, benchmark):
    role, project = work.TWO_STATE_CONTENDERS[name]
    benchmark.extra_info.update(row=work.TWO_STATES, contender=name, role=role)
    value = benchmark.pedantic(project, rounds=ROUNDS[role], warmup_rounds=2)
    np.testing.assert_allclose(value, work.two_states_numpy(), rtol=RELATIVE_ROUNDING, atol=1e-9)
