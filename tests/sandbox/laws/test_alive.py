"""Law 1 for payments while alive on a grid of months, with a guarantee that a death cuts short."""

import numpy as np
import pytest

from rating.engines.multistate import Cells, bound, pv_claims
from sandbox.simulate.cohort import simulate_cohort
from tests.product_factory.shelves import made
from tests.rating.engines.test_instalments import shelf

RUNS, LIVES, SEED = 400, 500, 20260301
DUES = (
    "{every: month, from: 1 years, guaranteed: 10 years}",
    "{every: quarter, at: end, from: 3 years, guaranteed: 5 years}",
)


@pytest.mark.parametrize("due", DUES)
def test_the_price_is_the_mean_of_the_simulation(tmp_path, due):
    files = shelf(due, "sum_insured / 12", event="mortality.death", step="month")
    product = made(tmp_path, "short_life", files)
    columns = {"age": 60.0, "sex": 0.0, "pay": 1.0, "sum_insured": 1200.0, "term": 0.0}
    cells = Cells({name: np.array([value]) for name, value in columns.items()})
    at = bound(product, product.bases["pricing"], cells)
    run = simulate_cohort(
        at, np.array([LIVES]), np.zeros(1), RUNS, SEED, keys=np.array([7], np.uint64)
    )
    paid = run.table.paid[:, run.table.columns.index("alive")] / LIVES
    error = paid.std(ddof=1) / np.sqrt(RUNS)
    expected = pv_claims(at)["alive"][0]
    assert error <= 0.001 * expected
    assert abs(paid.mean() - expected) <= 4.0 * error
    assert abs(paid.mean() - 0.97 * expected) > 4.0 * error
