"""BasicTerm_M of lifelib on the chain: its published sum, a twin of our own, memory, fast path."""

import resource
import subprocess
import sys

import numpy as np
import pytest

from rating.engines.multistate.layout import WIDEST, pulls_of, width
from tests.benchmarks import life_workload as work
from tests.benchmarks.lifelib import model, twin
from tests.benchmarks.lifelib.package import PV_NET_CF
from tests.source_tree import ROOT

RELATIVE_ROUNDING = 1e-10  # of sums of some thousand terms that partly cancel
POINTS_IN_BLOCK = 1 << 14
GROWTH = 8 << 20  # bytes of the peak that a hundred times as many points may add
PLATFORM_UNIT = 1024  # Linux gives the peak in KiB


def test_lifelib_s_own_points_and_tables_give_lifelib_s_own_sum_to_every_digit():
    pytest.importorskip("lifelib", reason="lifelib is a peer: it is installed for `make bench`")
    pytest.importorskip("openpyxl", reason="its tables are xlsx")
    data = work.lifelib_data()
    assert f"{model.pv_net_cf(data.bound, *data.points).sum():.4f}" == f"{PV_NET_CF:.4f}"


@pytest.mark.parametrize("threads", [1, 2])
def test_a_twin_of_the_model_is_what_numpy_and_the_limit_kernel_find(threads):
    data = work.twin_data(3_000)
    found = model.pv_net_cf(data.bound, *data.points, threads=threads)
    arrays = work.monthly(data)
    for other in (work.by_numpy(arrays), work.limit(threads, arrays)):
        np.testing.assert_allclose(found, other, rtol=RELATIVE_ROUNDING, atol=1e-6)
    assert found.tobytes() == model.pv_net_cf(data.bound, *data.points).tobytes()


@pytest.mark.parametrize("threads", [1, 2])
def test_disability_incomes_are_what_numpy_and_the_limit_kernel_find(threads):
    found = work.two_states_covercast(threads)
    assert found.tobytes() == work.two_states_own(threads).tobytes()
    for other in (work.two_states_numpy(), work.two_states_limit(threads)):
        np.testing.assert_allclose(found, other, rtol=RELATIVE_ROUNDING, atol=1e-9)


def test_what_is_measured_takes_the_path_that_it_is_measured_for():
    """One living state is one product a step, all cells side by side; two pull from each other."""
    data = work.twin_data(10)
    alone, both = model.chain(data.bound, *data.points), work.two_states_chain()
    assert pulls_of(alone).pulls.tolist() == [[0, alone.rates.columns]]
    assert len(pulls_of(both).pulls) == 4
    for chain in (alone, both):
        assert width(3 * len(chain.states) + chain.rates.columns + len(chain.streams)) == WIDEST


def peak_of(blocks):
    """Project so many blocks of points and give the peak of memory so far."""
    data = work.twin_data(POINTS_IN_BLOCK)
    bound, total = data.bound, 0.0
    for seed in range(blocks):
        total += model.pv_net_cf(bound, *twin.points(POINTS_IN_BLOCK, seed)).sum()
    assert np.isfinite(total)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PLATFORM_UNIT


def test_a_million_points_take_no_more_memory_than_a_block_of_them():
    """1,015,808 points in 62 blocks, in a process of their own."""
    script = (
        "from tests.benchmarks.test_lifelib import peak_of\n"
        "few = peak_of(2)\nprint(few, peak_of(62))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    few, many = map(int, run.stdout.split())
    assert many - few <= GROWTH
