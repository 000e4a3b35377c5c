"""What is measured as Covercast is Covercast's fast path, and its answers are right."""

import math

import numpy as np
import pytest

from product_factory.expressions.operations import Op
from product_factory.shelf import open_shelf
from rating.kernels import program
from sandbox.execution import Execution
from sandbox.kernels.reinsurance import EVENT
from sandbox.reinsurance import years
from sandbox.simulate.layered import layered_cover, simulate_layered
from tests.benchmarks import book_workload, shelf_workload, tower_workload, years_workload

pytestmark = pytest.mark.long

YEARS = 100_000
STANDARD_ERRORS = 4.0
MEAN_ROUNDING = 0.0005  # currency, of a mean printed to three decimals


@pytest.mark.parametrize("threads", [1, 2])
def test_a_book_is_rated_as_numpy_does_to_the_last_bit(threads):
    premiums = book_workload.covercast(threads)
    np.testing.assert_array_equal(premiums, book_workload.numpy_take())


def test_the_fast_path_through_the_tariff_is_taken():
    """One look-up by code and one product a factor: no search, nothing compiled for the tariff."""
    operations = book_workload.machine().code[:, 0].tolist()
    assert operations == [program.LOOK_UP, Op.MUL] * len(book_workload.LEVELS) + [program.WRITE]


def test_the_fast_path_through_the_years_is_taken(monkeypatch):
    """The row takes the way that draws claims above the deductible only, and it is exact."""
    taken = []

    def spied(*arguments, execution):
        taken.append(execution.executor.workers)
        frequency, severity, deductible, share, limit, _, seed = arguments
        cover = layered_cover(frequency, severity, deductible, share, limit)
        assert abs(cover.mean - years_workload.MEAN) <= MEAN_ROUNDING
        assert cover.layer.above == severity.survival(deductible) < 1.0
        counts = np.arange(cover.layer.first, cover.layer.first + cover.layer.chances.size)
        mean = counts @ np.diff(cover.layer.chances, prepend=0.0)
        assert mean == pytest.approx(frequency.mean * cover.layer.above, rel=1e-12)
        return simulate_layered(
            frequency, severity, deductible, share, limit, YEARS, seed, execution=execution
        )

    monkeypatch.setattr(years_workload, "simulate_layered", spied)
    alone, together = (years_workload.covercast(Execution.on(threads)) for threads in (1, 2))
    assert taken == [1, 2]
    assert alone.tobytes() == together.tobytes()
    error = years_workload.STANDARD_DEVIATION / math.sqrt(YEARS)
    assert abs(alone.mean() - years_workload.MEAN) <= STANDARD_ERRORS * error


def test_the_one_way_through_a_tower_is_taken(monkeypatch):
    """The row takes the kernel of every programme, as a simulation does; see test_protection."""
    settle, taken = years.kernels.settle, []

    def spied(contracts, losses, first, last, *others):
        taken.append((first, last, contracts.kind.tolist()))
        return settle(contracts, losses, first, last, *others)

    monkeypatch.setattr(years.kernels, "settle", spied)
    alone = tower_workload.covercast()
    assert taken == [(0, tower_workload.YEARS, [EVENT] * len(tower_workload.LIMITS))]
    assert alone.tobytes() == tower_workload.covercast(2).tobytes()
    assert alone.tobytes() == tower_workload.checked().tobytes()
    assert alone.tobytes() == tower_workload.numpy_by_layer().tobytes()  # whole amounts are exact


def test_the_large_shelf_is_made_of_different_products_that_pass(tmp_path):
    root = shelf_workload.generate(tmp_path / "products", products=4, modules=20)
    names = open_shelf(root).products()
    assert len(names) == 4
    assert len(list((root / "modules").rglob("*.yaml"))) == 20
    texts = {(root / name / "product.yaml").read_text("utf-8") for name in names}
    assert len(texts) == 4
    assert shelf_workload.check(root, "--no-cache") > 0
    (root / names[0] / "bases.yaml").write_text("pricing: {}\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        shelf_workload.check(root, "--no-cache")
