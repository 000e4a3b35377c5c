"""Law 3 of whole runs: how years are cut, and who computes them, moves no byte of any file."""

import numpy as np
import pytest

from rating.frequencies import Poisson
from rating.severities import Lognormal
from sandbox.execution import Execution
from sandbox.run import simulate
from sandbox.simulate.layered import simulate_layered
from tests.sandbox.shipped import product, small

YEARS, SEED = 60, 5
BY = {"home": [("zone",)], "million_medical": [("ssi", "sex")], "term_life": [("sex",)]}


def files(name, threads, block):
    how = Execution.on(threads, block)
    found = simulate(product(name), small(name), years=YEARS, seed=SEED, by=BY[name], execution=how)
    return found.data()


@pytest.mark.parametrize("name", BY)
def test_files_are_the_same_for_any_threads_and_blocks(name):
    whole = files(name, 1, None)
    assert set(whole) >= {"years.parquet", "figures.json"}
    for threads, block in ((1, 1), (1, 7), (2, 7), (2, 1000)):
        assert files(name, threads, block) == whole


def layered(rows, threads, block):
    terms = (Poisson(50.0), Lognormal(8.0, 1.8), 2_000.0, 1.0, 500_000.0)
    return simulate_layered(*terms, rows, SEED, execution=Execution.on(threads, block))


def test_a_hundred_thousand_years_are_the_same_in_one_block_and_in_many():
    whole = layered(100_000, 1, 100_000)
    for threads, block in ((1, 1_000), (2, 997), (2, None)):
        assert layered(100_000, threads, block).tobytes() == whole.tobytes()
    assert np.array_equal(layered(2_000, 2, 1), whole[:2_000])
