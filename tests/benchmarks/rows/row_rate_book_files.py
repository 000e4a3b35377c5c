"""Speed of rating a book from file to file; what each contender wrote is read and compared."""

import numpy as np
import pytest

from tests.benchmarks import book_files_workload as work
from tests.benchmarks.book_workload import numpy_take

pytestmark = pytest.mark.filterwarnings("default")  # the peers' warnings are theirs

ROUNDS = {"peer": 5, "limit": 20, "ours": 20}
RELATIVE_ROUNDING = 8 * 2.0**-53  # eight products, in whatever order


@pytest.mark.parametrize("name", work.CONTENDERS)
@pytest.mark.benchmark(group=work.ROW)
def test_rate_a_book_of_files(name, benchmark):
    role, rate = work.CONTENDERS[name]
    benchmark.extra_info.update(row=work.ROW, contender=name, role=role)
    written = benchmark.pedantic(rate, rounds=ROUNDS[role], warmup_rounds=1)
    np.testing.assert_allclose(work.premiums_of(written), numpy_take(), rtol=2 * RELATIVE_ROUNDING)
