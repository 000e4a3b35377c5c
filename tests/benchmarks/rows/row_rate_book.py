"""Speed of rating a book; every contender's premiums are compared before its time counts."""

import numpy as np
import pytest

from tests.benchmarks import book_workload as work

pytestmark = pytest.mark.filterwarnings("default")  # the peers' warnings are theirs

ROUNDS = {"peer": 5, "limit": 40, "ours": 40}
RELATIVE_ROUNDING = 8 * 2.0**-53  # eight products, in whatever order


@pytest.mark.parametrize("name", work.CONTENDERS)
@pytest.mark.benchmark(group=work.ROW)
def test_rate_a_book(name, benchmark):
    role, rate = work.CONTENDERS[name]
    benchmark.extra_info.update(row=work.ROW, contender=name, role=role)
    premiums = benchmark.pedantic(rate, rounds=ROUNDS[role], warmup_rounds=1)
    np.testing.assert_allclose(premiums, work.numpy_take(), rtol=2 * RELATIVE_ROUNDING)
